"""Workplace visits and reviews: what was held, against what was due."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, Greatest, Least, NullIf

from fagbrev.dates import semester_of
from fagbrev.figures import Counted, Cut, Figure
from followup.models import ReviewConversation, WorkplaceVisit
from followup.models.reviews import HELD as REVIEW_HELD
from followup.models.reviews import LOCKED
from followup.models.visits import HELD
from participants.figures.counting import cells_of, numbers, shares
from participants.figures.cuts import enrolments
from participants.figures.spans import DaysBetween
from participants.models import Enrolment, Leave, Placement

TRADE = "enrolment__trade__code"
FAR_AWAY = 100_000  # days, longer than any period
ONE_SEMESTER = 200  # a period of no more days than this is one semester
LONG_ENOUGH = 28  # days at a workplace in a semester that make a review due, as in followup.duties.reviews
DAY = timedelta(days=1)
JULY = 7


def _in_period(cut: Cut) -> QuerySet[Placement]:
    """The main placements with a day in the period."""
    rows = Placement.objects.filter(enrolment__in=enrolments(cut), is_main=True, starts_on__lte=cut.last)
    return rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=cut.first))


def _days_of_leave(first: date, last: date) -> Coalesce:
    """How many of a placement's days in the period were days of leave; `ended_on` of a leave is the first day back."""
    begin = Greatest(F("starts_on"), OuterRef("starts_on"), Value(first))
    until_back = Coalesce(DaysBetween(F("ended_on"), begin), Value(FAR_AWAY))
    until_end = Coalesce(DaysBetween(OuterRef("ends_on"), begin), Value(FAR_AWAY)) + 1
    until_last = DaysBetween(Value(last), begin) + 1
    days = Greatest(Least(until_back, until_end, until_last), Value(0))
    rows = Leave.objects.filter(enrolment=OuterRef("enrolment"), starts_on__isnull=False).order_by().values("enrolment")
    return Coalesce(Subquery(rows.annotate(days=Sum(days)).values("days")), Value(0), output_field=IntegerField())


def last_day_due(cut: Cut) -> date:
    """Gives the last day of a period that asks for visits: none is due in the July behind a spring, when there is no teaching."""
    return date(cut.last.year, 6, 30) if cut.last.month == JULY else cut.last


def _visits_due(cut: Cut) -> QuerySet[Any]:
    """The placements with `due` and `held` in the period, where the trade has an interval."""
    last = last_day_due(cut)
    begin, end = Greatest(F("starts_on"), Value(cut.first)), Least(Coalesce(F("ends_on"), Value(last)), Value(last))
    visits = WorkplaceVisit.objects.filter(
        placement__enrolment=OuterRef("enrolment"), state=HELD, visited_on__range=(cut.first, cut.last),
        visited_on__gte=OuterRef("starts_on"), visited_on__lte=Coalesce(OuterRef("ends_on"), Value(cut.last)),
    )  # fmt: skip
    held = visits.order_by().values("placement__enrolment").annotate(number=Count("pk")).values("number")
    rows = _in_period(cut).filter(enrolment__trade__visit_interval_days__gt=0).annotate(
        days=Greatest(DaysBetween(end, begin) + 1 - _days_of_leave(cut.first, last), Value(0)),
        held=Coalesce(Subquery(held), Value(0), output_field=IntegerField()),
    )  # fmt: skip
    # A condition may be asked after the division: so nothing is divided by 0 even then.
    return rows.annotate(due=F("days") / NullIf(F("enrolment__trade__visit_interval_days"), Value(0)))


def _count_visits(cut: Cut) -> Counted:
    columns = {"whole_held": Sum("due"), "part_held": Sum(Least("held", "due"))}
    return shares(numbers(_visits_due(cut), columns, TRADE), VISIT_CELLS)


def _people_due(cut: Cut, cell: str) -> QuerySet[Enrolment]:
    return enrolments(cut).filter(pk__in=_visits_due(cut).filter(due__gt=0).values("enrolment"))


def _visits(cut: Cut) -> QuerySet[WorkplaceVisit]:
    rows = WorkplaceVisit.objects.filter(placement__enrolment__in=enrolments(cut), state=HELD)
    return rows.filter(visited_on__range=(cut.first, cut.last))


def _count_all_visits(cut: Cut) -> Counted:
    return numbers(_visits(cut), {"visits": Count("pk")}, "placement__enrolment__trade__code")


def _people_visited(cut: Cut, cell: str) -> QuerySet[Enrolment]:
    return enrolments(cut).filter(pk__in=_visits(cut).values("placement__enrolment"))


def semesters_within(first: date, last: date) -> list[tuple[date, date]]:
    """Gives the parts of a period that each ask for a review: the whole of a short one, else its half-years, cut to it."""
    if (last - first).days < ONE_SEMESTER:
        return [(first, last)]
    found, day = [], first
    while day <= last:
        half = semester_of(day)
        found.append((day, min(half.counted_to, last)))
        day = half.counted_to + DAY
    return found


def _reviews_due(cut: Cut) -> QuerySet[Any]:
    """The placements with, for each semester n of the period, `due_n` and `held_n`: 1 or 0."""
    columns: dict[str, Any] = {}
    for n, (first, last) in enumerate(semesters_within(cut.first, cut.last)):
        begin, end = Greatest(F("starts_on"), Value(first)), Least(Coalesce(F("ends_on"), Value(last)), Value(last))
        is_due = Q(**{f"length_{n}__gte": LONG_ENOUGH - 1})
        held = ReviewConversation.objects.filter(
            placement=OuterRef("pk"), state__in=[REVIEW_HELD, LOCKED], held_on__range=(first, last)
        )
        columns[f"length_{n}"] = DaysBetween(end, begin)
        columns[f"due_{n}"] = Case(When(is_due, then=Value(1)), default=Value(0), output_field=IntegerField())
        columns[f"held_{n}"] = Case(When(is_due & Exists(held), then=Value(1)), default=Value(0), output_field=IntegerField())
    rows: Any = _in_period(cut)
    for name, column in columns.items():
        rows = rows.annotate(**{name: column})
    return rows


def _summed(cut: Cut, name: str) -> Any:
    found: Any = F(f"{name}_0")
    for n in range(1, len(semesters_within(cut.first, cut.last))):
        found = found + F(f"{name}_{n}")
    return found


def _count_reviews(cut: Cut) -> Counted:
    columns = {"whole_held": Sum(_summed(cut, "due")), "part_held": Sum(_summed(cut, "held"))}
    return shares(numbers(_reviews_due(cut), columns, TRADE), REVIEW_CELLS)


def _people_reviewed(cut: Cut, cell: str) -> QuerySet[Enrolment]:
    rows = _reviews_due(cut).annotate(due=_summed(cut, "due")).filter(due__gt=0)
    return enrolments(cut).filter(pk__in=rows.values("enrolment"))


VISIT_CELLS = cells_of([("held", "Holdt av dem som skulle vært holdt")])
REVIEW_CELLS = cells_of([("held", "Holdt av dem som skulle vært holdt")])
FIGURES = (
    Figure(
        key="visits_due", name="Besøk holdt", chapter="followup", count=_count_visits, people=_people_due, kind="share", unit="events",
        cells=VISIT_CELLS,
        definition="Hvor mange av besøkene på arbeidsstedet som ble holdt, av dem som skulle vært holdt. For hvert hovedarbeidssted "
        "teller vi dagene deltakeren var der i perioden, uten permisjon. Det skulle vært ett besøk for hver gang fagets tid mellom besøk "
        "går opp i dagene. Flere besøk enn det gjør ikke tallet høyere. Juli etter et vårsemester er ikke med. Andre ferier er ikke "
        "trukket fra.",
        source="Veilederen, V4",
    ),
    Figure(
        key="visits", name="Besøk i alt", chapter="followup", count=_count_all_visits, people=_people_visited, unit="events",
        cells=cells_of([("visits", "Besøk")]),
        definition="Alle besøk på arbeidsstedet som er ført som gjennomført i perioden, også flere enn det som skulle vært holdt.",
    ),
    Figure(
        key="reviews_due", name="Vurderingssamtaler holdt", chapter="followup", count=_count_reviews, people=_people_reviewed, kind="share",
        unit="events", cells=REVIEW_CELLS,
        definition="Hvor mange vurderingssamtaler som ble holdt, av dem som skulle vært holdt. Det skal være én samtale i semesteret for "
        "hvert hovedarbeidssted deltakeren var på i minst 28 dager. En periode på høyst 200 dager regnes som ett semester, en lengre "
        "deles i halvår fra januar og fra august. Permisjon og ferier er ikke trukket fra.",
        source="Veilederen, V8 rad 10",
    ),
)  # fmt: skip
