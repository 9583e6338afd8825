"""The rule about minutes: shared within a week after the meeting (V8 rows 11 and 17: agenda and minutes)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Q
from django.urls import reverse

from fagbrev.access.restrictions import blocked_participants
from fagbrev.duties.reading import Described
from fagbrev.duties.rules import Due, Rule, Terms
from fagbrev.people.models import RoleGrant, User
from fagbrev.people.roles import COORDINATOR, roles_of
from meetings.models import Meeting
from meetings.models.meetings import HELD, WITH_MINUTES
from meetings.models.minutes import DRAFT

WITHIN = timedelta(days=7)


# About a strictly protected participant nothing is counted or listed, and nothing is said in minutes.
STRICT = Q(enrolment__participant__address_protection="strengt_fortrolig")


class HeldMeeting(NamedTuple):
    """A meeting that was held, and whose minutes are not shared."""

    public_id: str
    held_on: date
    trade: int | None


def share(facts: HeldMeeting, terms: Terms, today: date) -> Iterator[Due]:
    """The minutes are to be shared within seven days after the meeting."""
    yield Due(
        rule="minutes_share", subject_type="meeting", subject_id=facts.public_id, occurrence="", owner_role=COORDINATOR,
        due_on=facts.held_on + WITHIN, begins_on=facts.held_on, since_on=facts.held_on, trade_id=facts.trade,
    )  # fmt: skip


def _url(duty: Any, participant: str, enrolment: str) -> str:
    return reverse("minutes_page", args=[duty.subject_id])


SHARE = Rule(
    "minutes_share", "meeting", (COORDINATOR,), "meeting_items", "Del referatet", "Les og del", share, _url,
    ("referat som skal deles", "referater som skal deles"), ("-2", "0"), weekly=True, since="møtet var", source="V8, rutine 11 og 17",
)  # fmt: skip
RESTS_ON = ("meetings.meeting", "meetings.minutes")
RULES: tuple[Rule, ...] = (SHARE,)


def derive(terms: Terms, people: Collection[int] | None = None) -> Iterable[Due]:
    """Gives every duty of this rule; none is about a participant. One query."""
    if people is not None:
        return
    rows = Meeting.objects.filter(Q(minutes__isnull=True) | Q(minutes__state=DRAFT), state=HELD, kind__in=WITH_MINUTES).exclude(
        STRICT
    )
    for public_id, held_on, trade in rows.order_by("pk").values_list("public_id", "held_on", "trade_id"):
        if held_on is not None:
            yield from SHARE.find(HeldMeeting(public_id, held_on, trade), terms, terms.today)


def owned_by(user: User, today: date) -> Q:
    """Gives the condition on Duty for the koordinator: every meeting's, less those about somebody they may not see."""
    if COORDINATOR not in roles_of(user, today):
        return Q(pk__in=[])
    blocked = blocked_participants(user, today)
    hidden = Meeting.objects.filter(Q(enrolment__participant__in=blocked) | STRICT).values("public_id")
    return Q(rule=SHARE.key, owner_role=COORDINATOR) & ~Q(subject_id__in=hidden)


def recipients(duties: Collection[Any], today: date) -> dict[int, set[int]]:
    """Gives the koordinators to be told, by the duty's id; as many queries for few as for many."""
    if not duties:
        return {}
    holders = set(RoleGrant.objects.active(today).filter(role=COORDINATOR).values_list("user_id", flat=True))
    about = dict(
        Meeting.objects.filter(public_id__in={duty.subject_id for duty in duties}, enrolment__isnull=False).values_list(
            "public_id", "enrolment__participant"
        )
    )
    closed = {pk: set(blocked_participants(user, today)) for pk, user in User.objects.in_bulk(holders).items()} if about else {}
    return {
        duty.pk: {pk for pk in holders if about.get(duty.subject_id) not in closed.get(pk, set())} for duty in duties
    }  # fmt: skip


def described(duties: Collection[Any]) -> dict[int, Described]:
    """Gives what a row says of the meeting; one query, none when there are no such duties."""
    from meetings.agenda_shown import meeting_day_words, meeting_name

    if not duties:
        return {}
    rows = Meeting.objects.filter(public_id__in={duty.subject_id for duty in duties}).select_related("trade")
    meetings = {row.public_id: row for row in rows}
    return {
        duty.pk: Described(
            name=f"{meeting_name(meetings[duty.subject_id])} {meeting_day_words(meetings[duty.subject_id])}",
            url=reverse("meeting_detail", args=[duty.subject_id]),
        )
        for duty in duties
        if duty.subject_id in meetings
    }
