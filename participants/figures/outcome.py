"""After the fagbrev: work 3, 6 and 12 months later, and how long the way took."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from statistics import median
from typing import Any

from django.db.models import CharField, DateField, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from fagbrev.dates import months_after, months_before
from fagbrev.figures import TOTAL, UNDECIDED, Counted, Cut, Figure, Median
from participants.figures.counting import cells_of, of_people
from participants.figures.cuts import enrolments
from participants.figures.spans import DaysBetween
from participants.figures.standing import steps_within, who_took
from participants.models import Enrolment, Placement, WorkStatus
from participants.models.ending import WORK_STATES

DAYS_IN_MONTH = 365.25 / 12
DAY = timedelta(days=1)
LONGEST_CLAMP = 4 * DAY  # how far a month's missing last days can move a day
CELLS = [*[(code, label[:1].upper() + label[1:]) for code, label in WORK_STATES], ("not_asked", "Ikke spurt")]


def days_that_come_to(first: date, last: date, months: int) -> tuple[date, date]:
    """Gives the first and last day whose day so many months later (programmes' way of counting) is from `first` to `last`."""
    begin, end = months_before(first, months) - LONGEST_CLAMP, months_before(last, months) + LONGEST_CLAMP
    while months_after(begin, months) < first:
        begin += DAY
    while months_after(end, months) > last:
        end -= DAY
    return begin, end


def _completed_before(months: int) -> Callable[[Cut], QuerySet[Enrolment]]:
    def rows(cut: Cut) -> QuerySet[Enrolment]:
        begin, end = days_that_come_to(cut.first, cut.last, months)
        answers = WorkStatus.objects.filter(enrolment=OuterRef("pk"), months=months)
        state = Coalesce(Subquery(answers.values("state")[:1]), Value("not_asked"), output_field=CharField())
        return enrolments(cut).filter(pk__in=who_took(["completed"], begin, end)).annotate(work=state)

    return rows


def _work_status(months: int) -> Figure:
    return of_people(
        key=f"work_{months}", name=f"I arbeid {months} måneder etter fagbrevet", chapter="outcome", rows=_completed_before(months),
        by="work", cells=CELLS,
        definition=f"Hva de gjorde som fikk fagbrev {months} måneder før en dag i perioden. Svaret er med når det enn ble registrert. "
        "Fagbrev uten dato er ikke med.",
    )  # fmt: skip


def _ways(cut: Cut) -> Any:
    """The steps to fagbrev in the period, with `length` in days from the first day in practice."""
    first_day = Placement.objects.filter(enrolment=OuterRef("enrolment"), starts_on__isnull=False).order_by("starts_on")
    day = Coalesce(F("happened_on"), F("filled_in"), output_field=DateField())
    rows = steps_within(["completed"], cut.first, cut.last).filter(enrolment__in=enrolments(cut))
    rows = rows.annotate(length=DaysBetween(day, Subquery(first_day.values("starts_on")[:1])))
    return rows.filter(length__gte=0)


def _count_months(cut: Cut) -> Counted:
    """Fetches nothing but the trade and the length of each way that ended in the period; the middle is found here."""
    lengths: dict[str, list[float]] = {TOTAL: []}
    for code, days in _ways(cut).values_list("enrolment__trade__code", "length"):
        for row in (code or UNDECIDED, TOTAL):
            lengths.setdefault(row, []).append(days / DAYS_IN_MONTH)
    return {row: {"months": Median(round(median(found), 1) if found else None, len(found))} for row, found in lengths.items()}


def _people_of_months(cut: Cut, cell: str) -> QuerySet[Enrolment]:
    return enrolments(cut).filter(pk__in=_ways(cut).values("enrolment"))


FIGURES = (
    *[_work_status(months) for months, _label in WorkStatus.MONTHS],
    Figure(
        key="months_to_fagbrev", name="Fra start til fagbrev", chapter="outcome", count=_count_months, people=_people_of_months,
        kind="median", cells=cells_of([("months", "Måneder, median")]), adds_up=False,
        definition="Måneder fra første dag i praksis til fagbrev, for dem som fikk fagbrev i perioden. Medianen er tallet i midten: "
        "halvparten brukte kortere tid, halvparten lengre. Den som har byttet fag, regnes fra første dag i det nye. Den som mangler "
        "første dag i praksis eller dato for fagbrevet, er ikke med.",
    ),
)  # fmt: skip
