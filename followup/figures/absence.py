"""Absence: how much of the teaching participants were there for, how many were there too little, and hours away.

Teaching is what the class registers say was held: a Lesson, its hours, and the share of it that the participant follows. So the
database can add it up; the timetable of a day to come is followup.hours' to read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Case, CharField, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Cast, Coalesce, Least, Round

from fagbrev.figures import TOTAL, Counted, Cut, Figure
from followup.models import Absence, SickLeave
from followup.models.language import PRACTICE, TEACHING
from participants.figures.counting import cells_of, numbers, of_people, shares, summed
from participants.figures.cuts import enrolments
from participants.models import CohortMember, Enrolment, Leave
from programmes.settings_in_force import setting

# Hours have two decimals and shares are whole percent: in ten thousandths of an hour all sums are whole numbers in both databases.
IN_AN_HOUR = 10_000
CONFIRMED = "confirmed"
FULLY_SICK = 100


def _hundredths(column: Any) -> Cast:
    return Cast(Round(column * 100), IntegerField())


def _lessons(cut: Cut) -> QuerySet[Any]:
    """A row for each participant and each lesson they were expected at, with `expected` and `away` in ten thousandths of an hour."""
    day = "cohort__lessons__held_on"
    rows = CohortMember.objects.filter(
        Q(starts_on__isnull=True) | Q(**{f"{day}__gte": F("starts_on")}), Q(ends_on__isnull=True) | Q(**{f"{day}__lte": F("ends_on")}),
        enrolment__in=enrolments(cut), cohort__lessons__held_on__range=(cut.first, cut.last),
    )  # fmt: skip
    on_leave = Leave.objects.filter(
        Q(ended_on__isnull=True) | Q(ended_on__gt=OuterRef("held_on")),
        enrolment=OuterRef("enrolment"),
        starts_on__lte=OuterRef("held_on"),
    )
    sick = SickLeave.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=OuterRef("held_on")), enrolment=OuterRef("enrolment"),
        starts_on__lte=OuterRef("held_on"), percent=FULLY_SICK,
    )  # fmt: skip
    missed = Absence.objects.filter(
        enrolment=OuterRef("enrolment"), away_from=TEACHING, away_on=OuterRef("held_on"), state=CONFIRMED
    )
    rows = rows.annotate(held_on=F(day), expected=_hundredths(F("cohort__lessons__hours")) * F("teaching_share"))
    rows = rows.filter(~Exists(on_leave), ~Exists(sick), expected__gt=0)
    hours = Coalesce(Subquery(missed.annotate(hundredths=_hundredths(F("hours"))).values("hundredths")[:1]), Value(0))
    return rows.annotate(away=Least(hours * 100, F("expected"), output_field=IntegerField()))


def _hours(found: Mapping[str, Mapping[str, int]], in_an_hour: int) -> dict[str, dict[str, int]]:
    """Whole hours, halves up, of each trade; in all is the sum of them, so that the rows add up."""
    rows = {code: cells for code, cells in found.items() if code != TOTAL}
    return summed(
        {
            code: {key: (2 * value + in_an_hour) // (2 * in_an_hour) for key, value in cells.items()}
            for code, cells in rows.items()
        }
    )


def _count_presence(cut: Cut) -> Counted:
    columns = {"whole_teaching": Sum("expected"), "part_teaching": Sum(F("expected") - F("away"))}
    return shares(_hours(numbers(_lessons(cut), columns, "enrolment__trade__code"), IN_AN_HOUR), PRESENCE_CELLS)


def _expected(cut: Cut) -> QuerySet[Enrolment]:
    return enrolments(cut).filter(pk__in=_lessons(cut).values("enrolment"))


def _people_present(cut: Cut, cell: str) -> QuerySet[Enrolment]:
    return _expected(cut)


def _measured(cut: Cut) -> QuerySet[Any]:
    """Those who had teaching, with which side of the limit they are on as `presence`."""
    hundredths_away = int((100 - setting("participation_percent", cut.last)) * 100)  # of a percent
    sums = _lessons(cut).order_by().values("enrolment").annotate(of=Sum("expected"), missed=Sum("away"))
    below = sums.filter(missed__gt=F("of") * hundredths_away / 10_000).values("enrolment")
    side = Case(When(pk__in=below, then=Value("below")), default=Value("enough"), output_field=CharField())
    return _expected(cut).annotate(presence=side)


def _absences(cut: Cut) -> QuerySet[Absence]:
    return Absence.objects.filter(enrolment__in=enrolments(cut), state=CONFIRMED, away_on__range=(cut.first, cut.last))


def _count_hours(cut: Cut) -> Counted:
    columns = {kind: Sum(_hundredths(F("hours")), filter=Q(away_from=kind)) for kind in (TEACHING, PRACTICE)}
    return _hours(numbers(_absences(cut), columns, "enrolment__trade__code"), 100)


def _been_away(cut: Cut) -> Mapping[str, Q]:
    return {kind: Q(pk__in=_absences(cut).filter(away_from=kind).values("enrolment")) for kind in (TEACHING, PRACTICE)}


def _people_away(cut: Cut, cell: str) -> QuerySet[Enrolment]:
    return enrolments(cut).filter(_been_away(cut)[cell])


KIND_CELLS = [(TEACHING, "Undervisning"), (PRACTICE, "Praksis")]
PRESENCE_CELLS = cells_of([(TEACHING, "Timer til stede")])
LESSONS = (
    "Undervisningen er timene i klasselistene som er ført i perioden, i gruppa deltakeren hadde plass i, og så stor del av dem som "
    "deltakeren skal følge. Dager med permisjon eller full sykmelding er ikke med. Bare fravær som er bekreftet, regnes som borte. "
    "Gjester i klassen er ikke med."
)
FIGURES = (
    Figure(
        key="presence", name="Til stede i undervisningen", chapter="absence", count=_count_presence, people=_people_present, kind="share",
        unit="hours", cells=PRESENCE_CELLS,
        definition=f"Hvor mange av timene med undervisning deltakerne var til stede. {LESSONS} Timene er rundet av for hvert fag.",
        source="Veilederen, V3",
    ),
    of_people(
        key="presence_low", name="Mindre til stede enn kravet", chapter="absence", rows=_measured, by="presence",
        cells=[("taught", "Hadde undervisning"), ("enough", "Nok til stede"), ("below", "Under kravet")],
        whole_cell="taught",
        definition="Hvor mange deltakere som var mindre til stede i undervisningen enn kravet, som er 80 prosent når kommunen ikke har "
        f"satt et annet. Akkurat på kravet er nok. {LESSONS}",
        source="Veilederen, V3",
    ),
    Figure(
        key="absence_hours", name="Timer borte", chapter="absence", count=_count_hours, people=_people_away, unit="hours",
        cells=cells_of(KIND_CELLS),
        definition="Timene deltakerne var borte fra undervisning og praksis i perioden, når fraværet er bekreftet. Alle grunner er med. "
        "Sykmeldinger føres for seg og er ikke med. Timene er rundet av for hvert fag.",
    ),
    of_people(
        key="absence_people", name="Deltakere med fravær", chapter="absence", rows=enrolments, where=_been_away, cells=KIND_CELLS,
        definition="Hvor mange som hadde bekreftet fravær fra undervisning og fra praksis i perioden. Den som var borte fra begge, "
        "telles i begge.",
    ),
)  # fmt: skip
