"""The leder's home: who is at the workplace, who is fadder, what comes, and where to tell the koordinator of something."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from fagbrev.access.table import Right
from fagbrev.audit.log import looks_today, note_looks
from fagbrev.dates import date_words
from fagbrev.people.models import User
from fagbrev.people.roles import LEDER
from fagbrev.periods import holds_on
from followup.models import WorkplaceVisit
from followup.models.visits import AGREED
from participants.access import enrolments_for, leder_placements, placements_for
from participants.models import NorwegianTest, Placement, PlacementFadder, TradeTest, WrittenExam
from participants.workflow import OPEN

PAGE = "arbeidsstedet"  # its name in the look log
OPENED: tuple[tuple[str, Right], ...] = (
    ("identity", "read"),
    ("placement", "write"),
    ("concerns", "write"),
    ("exam_dates", "read"),
)
SHOWN = ("placement", "visit_plan", "exam_dates")
AHEAD = timedelta(days=120)
MOST = 6


@dataclass
class AtWork:
    """One participant at the leder's workplace."""

    name: str
    url: str
    place: str
    period: str
    note: str
    faddere: list[str] = field(default_factory=list)
    lacks_fadder: bool = False
    fadder_url: str = ""
    propose_url: str = ""
    tell_url: str = ""


@dataclass(frozen=True)
class Coming:
    """A day ahead: what it is, when and with whom."""

    day: date
    title: str
    note: str
    url: str

    @property
    def month(self) -> str:
        """The month, as the box has it."""
        return date_words(self.day).split()[1][:3] + "."


def leder_home(user: User, today: date) -> dict[str, Any]:
    """Gives the participants at the workplaces the user leads, and what comes; eleven queries however many they are."""
    open_in = {
        section: set(enrolments_for(user, section, right, today=today).values_list("pk", flat=True)) for section, right in OPENED
    }
    rows = list(
        leder_placements(user, today)
        .filter(enrolment__in=open_in["identity"], enrolment__status__in=OPEN)
        .select_related("enrolment__participant", "workplace")
        .order_by(F("starts_on").asc(nulls_last=True), "enrolment__participant__sort_name", "pk")
    )
    faddere = _faddere(rows, today)
    people = [_at_work(row, open_in, faddere, today) for row in rows]
    _note_looks(user, rows, today)
    coming = sorted(
        [*_visits(user, rows, today), *_exams(rows, open_in["exam_dates"], today)], key=lambda one: (one.day, one.title)
    )
    return {"people": people, "coming": coming[:MOST], "places": sorted({row.workplace.name for row in rows})}


def _faddere(rows: list[Placement], today: date) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    held = PlacementFadder.objects.filter(holds_on(today), placement__in=[row.pk for row in rows]).order_by("is_substitute", "pk")
    for placement, name, is_substitute in held.values_list("placement_id", "person__name", "is_substitute"):
        found[placement].append(f"{name} ({_('vikar')})" if is_substitute else name)
    return found


def _at_work(row: Placement, open_in: dict[str, set[int]], faddere: dict[int, list[str]], today: date) -> AtWork:
    person, enrolment = row.enrolment.participant, row.enrolment
    lop = f"?lop={enrolment.public_id}"
    is_open, on_leave = enrolment.pk in open_in["placement"], enrolment.status == "on_leave"
    begun = row.starts_on is not None and row.starts_on <= today
    seen = AtWork(
        name=person.full_name,
        url=reverse("participant_detail", args=[person.public_id]) + lop,
        place="" if person.address_protection else row.workplace.name,
        period=_period(row, today) if is_open or not begun else "",
        note=_("I permisjon") if on_leave else "",
    )
    if not is_open or on_leave:
        return seen
    seen.faddere = faddere.get(row.pk, [])
    seen.lacks_fadder = begun and not seen.faddere
    seen.fadder_url = reverse("fadder_new_on", args=[person.public_id, row.public_id]) + lop
    seen.propose_url = reverse("forslag_new_on", args=[person.public_id, row.public_id]) + lop
    if enrolment.pk in open_in["concerns"]:
        seen.tell_url = f"{reverse('melding_new', args=[person.public_id])}{lop}&neste=/"
    return seen


def _period(row: Placement, today: date) -> str:
    if row.starts_on is None:
        return _("første dag er ikke avtalt")
    word = _("fra") if row.starts_on <= today else _("begynner")
    return f"{word} {date_words(row.starts_on)}" + (f" {_('til')} {date_words(row.ends_on)}" if row.ends_on else "")


def _visits(user: User, rows: list[Placement], today: date) -> Iterable[Coming]:
    mine = placements_for(user, "visit_plan", today=today).filter(pk__in=[row.pk for row in rows])
    planned = WorkplaceVisit.objects.filter(placement__in=mine, state=AGREED, planned_at__gte=timezone.now() - timedelta(hours=2))
    names = {row.pk: row for row in rows}
    for placement, moment in planned.order_by("planned_at").values_list("placement_id", "planned_at")[:MOST]:
        person, local = names[placement].enrolment.participant, timezone.localtime(moment)
        url = reverse("participant_besok", args=[person.public_id]) + f"?lop={names[placement].enrolment.public_id}"
        yield Coming(local.date(), _("Besøk av faglærer"), f"kl. {local:%H.%M}, {person.full_name}", url)


def _exams(rows: list[Placement], open_in: set[int], today: date) -> Iterable[Coming]:
    """Days of exams and tests, so that time off is given."""
    mine = [row.enrolment for row in rows if row.enrolment_id in open_in]
    people = {row.participant_id: row for row in mine}
    by_enrolment = {row.pk: row for row in mine}
    last = today + AHEAD
    exams = WrittenExam.objects.filter(participant__in=list(people), exam_on__range=(today, last))
    levels = NorwegianTest.objects.filter(participant__in=list(people), taken_on__range=(today, last))
    tests = TradeTest.objects.filter(enrolment__in=list(by_enrolment), starts_on__range=(today, last))
    found = [
        *((people[who], day, _("Skriftlig eksamen")) for who, day in exams.values_list("participant_id", "exam_on").distinct()),
        *((people[who], day, _("Norskprøve")) for who, day in levels.values_list("participant_id", "taken_on").distinct()),
        *((by_enrolment[which], day, _("Fagprøve")) for which, day in tests.values_list("enrolment_id", "starts_on").distinct()),
    ]
    for enrolment, day, title in found:
        url = reverse("participant_eksamen", args=[enrolment.participant.public_id]) + f"?lop={enrolment.public_id}"
        yield Coming(day, title, enrolment.participant.full_name, url)


def _note_looks(user: User, rows: list[Placement], today: date) -> None:
    """Logs once a day that the leder was shown whose fadder and dates these are."""
    pairs = {(row.enrolment.participant_id, row.enrolment_id) for row in rows}
    told = {
        (participant, enrolment)
        for participant, enrolment, _sections in looks_today(
            user=user, page=PAGE, participants=[participant for participant, _enrolment in pairs], today=today
        )
    }
    if new := sorted(pairs - told):
        note_looks(user=user, roles={LEDER}, pairs=new, page=PAGE, sections=SHOWN, act="list")
