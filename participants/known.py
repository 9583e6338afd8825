"""Whom we may know already, and what lies in the referral inbox: choices within a koordinator's scope."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import BooleanField, Case, DateTimeField, F, Q, QuerySet, Value, When
from django.db.models.functions import Replace

from fagbrev.people.models import User
from participants.access import enrolments_for
from participants.models import Enrolment, Participant, ReferralInboxItem
from participants.workflow import STATUS_NAMES
from programmes.models import Trade

MOST_SHOWN = 10
_PHONE_DIGITS = 8


@dataclass(frozen=True)
class KnownPerson:
    """A participant who may be the one referred: why we think so, and the ways through trades so far."""

    participant: Participant
    reasons: tuple[str, ...]
    enrolments: tuple[Enrolment, ...]

    @property
    def words(self) -> str:
        """The choice as people read it: name, why, and each way through a trade."""
        ways = ", ".join(f"{row.trade or 'fag ikke avklart'} ({STATUS_NAMES[row.status].lower()})" for row in self.enrolments)
        return f"{self.participant.full_name} – {' og '.join(self.reasons)}. {ways}"

    def has_open(self, trade: Trade | None) -> bool:
        """True when the person has an enrolment in the trade that is not ended."""
        return any(row.is_open and row.trade_id == (trade.pk if trade else None) for row in self.enrolments)


def phone_digits(phone: str) -> str:
    """Gives the last eight digits of a telephone number, or "" when there are fewer."""
    digits = "".join(letter for letter in phone if letter.isdigit())
    return digits[-_PHONE_DIGITS:] if len(digits) >= _PHONE_DIGITS else ""


def known_people(
    user: User, *, first_name: str, last_name: str, phone: str = "", email: str = "", today: date
) -> list[KnownPerson]:
    """Gives participants in the koordinator's scope with the same name (however spelt), phone or e-mail.

    Those with a strictly protected address are never among them.
    """
    wanted = Participant(first_name=first_name, last_name=last_name)
    wanted.set_name_keys()
    words = wanted.name_skeleton.split()
    same_name = Q(pk__in=[])
    if len(words) > 1:
        same_name |= Q(name_skeleton__startswith=f" {words[0]} ", name_skeleton__endswith=f" {words[-1]} ")
        same_name |= Q(name_skeleton__startswith=f" {words[-1]} ", name_skeleton__endswith=f" {words[0]} ")
    elif words:
        same_name |= Q(name_skeleton=wanted.name_skeleton)
    conditions = same_name
    digits = phone_digits(phone)
    if digits:
        conditions |= Q(phone_plain__endswith=digits)
    if email:
        conditions |= Q(email__iexact=email)
    mine = enrolments_for(user, "identity", "write", today=today)
    rows = Participant.objects.annotate(phone_plain=_plain(F("phone"))).filter(conditions, pk__in=mine.values("participant"))
    named = Case(When(same_name, then=Value(True)), default=Value(False), output_field=BooleanField())
    people = list(rows.order_by(named.desc(), "sort_name", "pk")[:MOST_SHOWN])
    ways: dict[int, list[Enrolment]] = {}
    for row in mine.filter(participant__in=people).select_related("trade").order_by("-started_on", "-pk"):
        ways.setdefault(row.participant_id, []).append(row)
    return [KnownPerson(person, _reasons(person, words, digits, email), tuple(ways.get(person.pk, ()))) for person in people]


def _plain(phone: F) -> Replace:
    spaceless = Replace(phone, Value(" "), Value(""))
    return Replace(Replace(spaceless, Value("\u00a0"), Value("")), Value("-"), Value(""))


def _reasons(person: Participant, words: list[str], digits: str, email: str) -> tuple[str, ...]:
    held = person.name_skeleton.split()
    found = []
    if held and words and {held[0], held[-1]} == {words[0], words[-1]}:
        found.append("samme navn")
    if digits and phone_digits(person.phone) == digits:
        found.append("samme telefon")
    if email and person.email.lower() == email.lower():
        found.append("samme e-post")
    return tuple(found)


# --- The inbox -------------------------------------------------------------------------------------


def inbox_for(user: User, *, today: date) -> QuerySet[ReferralInboxItem]:
    """Gives the referrals from the open form: new ones first, the one that has waited longest on top.

    One that became a participant whom the user may not see (restricted, strictly protected) is not there.
    """
    mine = enrolments_for(user, "referral", today=today)
    rows = ReferralInboxItem.objects.filter(Q(state__in=["new", "declined"]) | Q(enrolment_id_made__in=mine.values("pk")))
    waiting = Case(When(state="new", then=F("received_at")), default=None, output_field=DateTimeField())
    return rows.select_related("trade", "answered_by").annotate(waiting_since=waiting).order_by(
        F("waiting_since").asc(nulls_last=True), F("answered_at").desc(nulls_last=True), "-pk"
    )  # fmt: skip


def enrolment_made(user: User, item: ReferralInboxItem, *, today: date) -> Enrolment | None:
    """Gives the enrolment a referral became, when it is in the user's scope."""
    if not item.enrolment_id_made:
        return None
    mine = enrolments_for(user, "referral", today=today)
    return mine.filter(pk=item.enrolment_id_made).select_related("participant").first()


def chosen_among(people: Iterable[KnownPerson], public_id: str) -> KnownPerson | None:
    """Gives the person with the public id among those shown, or None."""
    return next((person for person in people if person.participant.public_id == public_id), None)


def running_trades(today: date) -> QuerySet[Trade]:
    """Gives the trades one can be referred to on the day."""
    return Trade.objects.filter(Q(runs_to__isnull=True) | Q(runs_to__gte=today)).order_by("order", "name")
