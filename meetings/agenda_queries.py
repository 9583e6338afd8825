"""What the cases say to a project group: facts of many participants at once, each cut to the sections the reader may read.

Numbers come with the participants in one query, and what has many rows with one each, for five participants as for fifty.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db.models import Count, DateField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from fagbrev.audit.log import was_shown
from fagbrev.people.models import User
from fagbrev.periods import holds_on
from followup.competence_queries import measured_period, number_facts, numbers_in, period_facts
from followup.goal_rules import TALKED_OF, GoalNumbers, Period, is_behind
from followup.hours import Participation
from followup.models import Action, AssignmentGoal, Concern, EvidenceGoal, GoalView, LanguageLevel, VisitGoal, WorkplaceVisit
from followup.models.competence import APPROVED as GOAL_APPROVED
from followup.models.practice import DONE
from followup.models.visits import HELD as VISIT_HELD
from followup.participation import participation_of
from followup.summaries.competence import LIMIT
from meetings.access import WRITES_MINUTES
from meetings.models import Meeting
from meetings.models.meetings import CANCELLED, HELD, PROJECT_GROUP
from participants.access import OPENINGS, condition_of, openings_of, with_openings
from participants.exam_windows import LEVEL_KNOWN
from participants.models import Enrolment, FundingPeriod, NorwegianTest, Placement, PlacementFadder, StatusChange
from participants.workflow import ADMITTED_ON

LOOK_PAGE = "saksliste"
FIRST_LOOK_BACK = timedelta(days=28)  # before the group's first meeting: one interval (V8 row 11)
TALKED_OF_IN_GROUP = [status for status in ADMITTED_ON if status != "completed"]


@dataclass
class Case:
    """One participant of the trade, and what is new since the group last met."""

    enrolment: Any
    reads: frozenset[str]
    numbers: GoalNumbers | None = None
    period: Period | None = None
    is_behind: bool = False
    workplace: str = ""
    new_phase: str = ""
    new_phase_on: date | None = None
    visits: int = 0
    last_visit: date | None = None
    documented: int = 0
    approved: int = 0
    levels: list[tuple[str, str]] = field(default_factory=list)  # part and level, as norsklærer has set them, the oldest first
    tests: list[tuple[str, str]] = field(default_factory=list)  # part and level, "" where there is no result
    lacks_fadder: bool = False
    funding_ends_on: date | None = None  # when that is soon
    participation: Participation | None = None
    is_whole: bool = False  # participation counts practice too
    is_absent: bool = False  # below what the scheme asks (V3: 80 %)
    concerns: list[str] = field(default_factory=list)  # the koordinator's own words for the meeting, never the concern
    open_actions: int = 0
    late_actions: int = 0
    is_logged: bool = False  # that the reader was shown it today

    @property
    def is_new(self) -> bool:
        """True when something happened since last time, or something waits to be talked of."""
        happened = self.new_phase or self.visits or self.documented or self.approved or self.levels or self.tests
        return bool(happened or self.concerns or self.late_actions or self.is_absent)


def group_of(meeting: Meeting) -> QuerySet[Meeting]:
    """Gives the meetings of the same group: the kind and trade, or those about the same participant."""
    return Meeting.objects.filter(kind=meeting.kind, trade=meeting.trade_id, enrolment=meeting.enrolment_id)


def meetings_before(meeting: Meeting) -> QuerySet[Meeting]:
    """Gives the group's earlier meetings that were held, the newest first."""
    rows = group_of(meeting).filter(state=HELD, starts_at__lt=meeting.starts_at).exclude(pk=meeting.pk)
    return rows.order_by("-starts_at", "-pk")


def has_begun(meeting: Meeting, today: date) -> bool:
    """Tells whether the day of a meeting has come; one that was called off never begins."""
    return meeting.state != CANCELLED and timezone.localdate(meeting.starts_at) <= today


def since_of(meeting: Meeting, before: Meeting | None) -> date:
    """Gives the day the agenda counts from: the last meeting's, else one interval before this one."""
    if before is not None and before.held_on:
        return before.held_on
    return timezone.localdate(meeting.starts_at) - FIRST_LOOK_BACK


def people_of(meeting: Meeting, user: User, today: date, *, among: QuerySet[Enrolment] | None = None) -> QuerySet[Enrolment]:
    """Gives the participants of the trade that the reader has as koordinator or teacher, each with what it opens; none elsewhere.

    Strictly protected people stand on no agenda (docs/access.md).
    """
    if meeting.kind != PROJECT_GROUP:
        return Enrolment.objects.none()
    opened = Q(pk__in=[])
    for opening in openings_of(user, today):
        if opening.role in WRITES_MINUTES and opening.right("meeting_items"):
            opened |= condition_of(opening, user, today)
    rows = Enrolment.objects.all() if among is None else among
    rows = rows.filter(opened, trade=meeting.trade_id, status__in=TALKED_OF_IN_GROUP)
    rows = rows.exclude(participant__address_protection="strengt_fortrolig")
    return with_openings(rows, user, today=today).select_related("participant")


def cases_of(
    meeting: Meeting, user: User, today: date, *, since: date, terms: Mapping[str, Decimal], among: Collection[int] | None = None
) -> list[Case]:
    """Gives a case for each participant, with facts of what happened after the day `since`; those behind first, then the new.

    `terms` are the settings in force on the day. `among` are the ids of the enrolments that are asked for; None for all of the trade.
    """
    counted = _counted(since, today, int(terms["income_warning_days"]))
    told = was_shown(user=user, page=LOOK_PAGE, today=today, participant="participant", enrolment="pk")
    rows = people_of(meeting, user, today, among=counted).annotate(is_logged=told)
    if among is not None:
        rows = rows.filter(pk__in=among)
    cases = {row.pk: _case(row, today, int(terms[LIMIT])) for row in rows}
    if cases:
        _happened(cases, since)
        _absence(cases, today, terms)
    return sorted(cases.values(), key=_place)


def _place(case: Case) -> tuple[bool, bool, str, int]:
    return not case.is_behind, not case.is_new, case.enrolment.participant.sort_name, case.enrolment.pk


@lru_cache(maxsize=64)
def _counted(since: date, today: date, soon: int) -> QuerySet[Enrolment]:
    """What is one number or day of each enrolment, as expressions on it: asked for at once, and read by `_case` alone, which
    shows no more of it than the reader's sections allow. `soon`: in how many days funding may end."""
    changes = StatusChange.objects.filter(
        Q(happened_on__gt=since) | Q(happened_on__isnull=True, kind="step", at__date__gt=since),
        enrolment=OuterRef("pk"), corrected_by__isnull=True,
    ).exclude(from_status=F("to_status")).order_by("-at", "-pk")  # fmt: skip
    places = Placement.objects.filter(enrolment=OuterRef("pk"), ends_on__isnull=True, starts_on__isnull=False)
    visits = WorkplaceVisit.objects.filter(placement__enrolment=OuterRef("pk"), state=VISIT_HELD, visited_on__gt=since).order_by()
    views = GoalView.objects.filter(enrolment=OuterRef("pk"), role="faglaerer", level=GOAL_APPROVED, given_on__gt=since)
    left = Action.objects.filter(enrolment=OuterRef("pk"), done_on__isnull=True).order_by()
    going = Placement.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=today), enrolment=OuterRef("pk"), starts_on__lte=today
    )
    has_fadder = Exists(PlacementFadder.objects.filter(holds_on(today), placement=OuterRef("pk")))
    funding = FundingPeriod.objects.filter(
        enrolment=OuterRef("pk"), ends_on__gte=today, ends_on__lte=today + timedelta(days=soon)
    )
    return Enrolment.objects.annotate(
        **number_facts(),
        **period_facts(),
        place_name=Subquery(places.order_by("-is_main", "-starts_on", "-pk").values("workplace__name")[:1]),
        new_phase=Subquery(changes.values("to_status")[:1]),
        new_phase_on=Subquery(changes.values("happened_on")[:1]),
        visit_count=_number(visits.values("placement__enrolment"), Count("pk")),
        last_visit_on=Subquery(visits.order_by("-visited_on").values("visited_on")[:1]),
        approved_count=_number(views.order_by().values("enrolment"), Count("goal", distinct=True)),
        open_count=_number(left.values("enrolment"), Count("pk")),
        late_count=_number(left.filter(due_on__lt=today).values("enrolment"), Count("pk")),
        lacks_fadder=Exists(going.filter(~has_fadder)),
        funding_ends_on=Subquery(funding.order_by("ends_on").values("ends_on")[:1]),
    )


def _number(rows: QuerySet[Any], counted: Count) -> Coalesce:
    return Coalesce(Subquery(rows.annotate(number=counted).values("number")), 0)


def _reads(row: Any) -> frozenset[str]:
    """The sections that koordinator and teachers' openings give here; what fadder or leder may is no part of this page."""
    held = [one for one in OPENINGS if one.role in WRITES_MINUTES and getattr(row, f"opens_{one.key}", False)]
    return frozenset(key for key in SECTIONS if any(one.right(key) for one in held))


SECTIONS = (
    "identity", "progress", "placement", "training_contract", "visits", "competence", "language", "exams", "absence",
    "absence_reasons", "concerns", "actions", "income_funding", "meeting_items",
)  # fmt: skip


def _reading(cases: dict[int, Case], section: str) -> list[int]:
    return [pk for pk, case in cases.items() if section in case.reads]


def _case(row: Any, today: date, limit: int) -> Case:
    """A case with what its own row says, cut to the sections the reader may read."""
    case = Case(row, _reads(row), is_logged=row.is_logged)
    reads, is_hidden = case.reads, row.participant.address_protection != ""
    if "placement" in reads:
        case.workplace, case.lacks_fadder = "" if is_hidden else row.place_name or "", row.lacks_fadder
    if "progress" in reads:
        case.new_phase, case.new_phase_on = row.new_phase or "", row.new_phase_on
    if "visits" in reads:
        case.visits, case.last_visit = row.visit_count, row.last_visit_on
    if "actions" in reads:
        case.open_actions, case.late_actions = row.open_count, row.late_count
    if "income_funding" in reads:
        case.funding_ends_on = row.funding_ends_on
    if "competence" in reads:
        case.approved = row.approved_count
        _measure(case, today, limit)
    return case


def _measure(case: Case, today: date, limit: int) -> None:
    """Whether goals lie behind time, by the house's one rule (followup.goal_rules)."""
    row = case.enrolment
    if row.status not in TALKED_OF:
        return
    contract = (row.contract_starts_on, row.contract_ends_on) if "training_contract" in case.reads else None
    placed = (row.followup_placed_from, row.followup_placed_to) if "placement" in case.reads else None
    case.numbers, case.period = numbers_in(row.__dict__), measured_period(contract, placed)
    case.is_behind = is_behind(case.numbers, case.period, today=today, limit=limit)


def _happened(cases: dict[int, Case], since: date) -> None:
    """What has a row each, and what the koordinator has cleared for the meeting; one query.

    A union has each row once: so a goal counts once for each enrolment, whether a visit, own evidence or an assignment showed it.
    """
    by_person: dict[int, list[Case]] = defaultdict(list)
    for case in cases.values():
        by_person[case.enrolment.participant_id].append(case)
    levels = LanguageLevel.objects.filter(participant__in=_people(cases, "language"), observed_on__gt=since)
    tests = NorwegianTest.objects.filter(participant__in=_people(cases, "exams"), state__in=LEVEL_KNOWN, taken_on__gt=since)
    marked = Concern.objects.filter(enrolment__in=_reading(cases, "concerns")).exclude(for_meeting="").exclude(state="closed")
    rows = _rows(levels, "level", "participant", "pk", day="observed_on", part="part", level="level").union(
        _rows(tests, "test", "participant", "pk", day="taken_on", part="part", level="level"),
        _rows(marked, "marked", "enrolment", "pk", words="for_meeting"),
        *(_rows(shown, "goal", whose, "goal") for shown, whose in _goals_shown(_reading(cases, "competence"), since)),
    )
    for kind, whose, _number, _day, part, level, words in sorted(rows, key=lambda row: (row[3] or date.min, row[2])):
        if kind == "goal":
            cases[whose].documented += 1
        elif kind == "marked":
            cases[whose].concerns.append(words)
        else:
            for case in by_person[whose]:
                (case.levels if kind == "level" else case.tests).append((part, level))


def _goals_shown(reading: list[int], since: date) -> list[tuple[QuerySet[Any], str]]:
    """What has shown goals since last time, and whose it is: a visit, own evidence, or an assignment."""
    visits = VisitGoal.objects.filter(
        visit__state=VISIT_HELD, visit__visited_on__gt=since, visit__placement__enrolment__in=reading
    )
    own = EvidenceGoal.objects.filter(evidence__happened_on__gt=since, evidence__enrolment__in=reading)
    done = AssignmentGoal.objects.filter(assignment__state=DONE, assignment__done_on__gt=since, assignment__enrolment__in=reading)
    return [(visits, "visit__placement__enrolment"), (own, "evidence__enrolment"), (done, "assignment__enrolment")]


def _rows(
    rows: QuerySet[Any], kind: str, whose: str, number: str, *, day: str = "", part: str = "", level: str = "", words: str = ""
) -> QuerySet[Any, Any]:
    """Rows as a union has them: the kind, whose, which, the day, a part with its level, and words; "" for what a kind has not."""
    texts = [F(column) if column else Value("") for column in (part, level, words)]
    return rows.order_by().values_list(Value(kind), whose, number, F(day) if day else Cast(Value(None), DateField()), *texts)


def _people(cases: dict[int, Case], section: str) -> list[int]:
    return [cases[pk].enrolment.participant_id for pk in _reading(cases, section)]


def _absence(cases: dict[int, Case], today: date, terms: Mapping[str, Decimal]) -> None:
    """Participation this semester: of everything for one who reads everything, of teaching for teachers. Never a reason."""
    reading = _reading(cases, "absence")
    wholes = {pk for pk in reading if getattr(cases[pk].enrolment, "opens_coordinator", False)}
    taught = [pk for pk in reading if pk not in wholes]
    found = participation_of(wholes, taught, today, full_day=terms["practice_hours_per_day"])
    for pk, one in found.items():
        cases[pk].participation, cases[pk].is_whole = one, pk in wholes
        cases[pk].is_absent = one.is_below(terms["participation_percent"])


# --- Resources (V8 rows 11 and 17) ----------------------------------------------------------------------


@dataclass(frozen=True)
class Resources:
    """What the group lacks: placements without fadder, people who wait for a place, and funding that ends soon."""

    without_fadder: list[Case]
    waiting: list[Case]
    funding: list[tuple[Case, date]]

    @property
    def named(self) -> list[Case]:
        """Everyone who is told of."""
        return [*self.without_fadder, *self.waiting, *(case for case, _day in self.funding)]


def resources_of(cases: Collection[Case]) -> Resources:
    """Gives the resources that are short among these cases; no query."""
    return Resources(
        without_fadder=[case for case in cases if case.lacks_fadder],
        waiting=[case for case in cases if case.enrolment.status in {"admitted", "onboarding"}],
        funding=[(case, case.funding_ends_on) for case in cases if case.funding_ends_on],
    )
