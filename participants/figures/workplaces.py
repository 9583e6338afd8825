"""Workplaces with participants, the faddere there, and participants who lack one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Q, QuerySet

from fagbrev.figures import TOTAL, Counted, Cut, Figure
from fagbrev.periods import holds_on
from participants.figures.counting import cells_of, numbers, of_people
from participants.figures.cuts import enrolments
from participants.models import Enrolment, Placement, PlacementFadder


def _placements(cut: Cut) -> QuerySet[Placement]:
    """The placements that had begun and were not over on the last day."""
    rows = Placement.objects.filter(enrolment__in=enrolments(cut), starts_on__lte=cut.last)
    return rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=cut.last))


def _faddere(cut: Cut) -> QuerySet[PlacementFadder]:
    return PlacementFadder.objects.filter(holds_on(cut.last), placement__in=_placements(cut))


def _distinct(rows: QuerySet[Any], columns: Mapping[str, Any], trade: str) -> Counted:
    """What can be in several trades is counted once in all; two queries."""
    return {**numbers(rows, columns, trade), TOTAL: rows.aggregate(**columns)}


def _count_workplaces(cut: Cut) -> Counted:
    return _distinct(_placements(cut), {"workplaces": Count("workplace", distinct=True)}, "enrolment__trade__code")


def _count_mentors(cut: Cut) -> Counted:
    def those(**more: Any) -> Count:
        return Count("person", distinct=True, filter=Q(**more) if more else None)

    columns = {
        "mentors": those(),
        "with_fagbrev": those(person__has_fagbrev=True),
        "without_fagbrev": those(person__has_fagbrev=False),
        "unknown": those(person__has_fagbrev__isnull=True),
    }
    return _distinct(_faddere(cut), columns, "placement__enrolment__trade__code")


def _in_practice(cut: Cut) -> QuerySet[Enrolment]:
    return enrolments(cut).filter(pk__in=_placements(cut).filter(is_main=True).values("enrolment"))


def _coverage(cut: Cut) -> Mapping[str, Q]:
    covered = Q(pk__in=_faddere(cut).filter(placement__is_main=True).values("placement__enrolment"))
    return {"in_practice": Q(), "with_mentor": covered, "without_mentor": ~covered}


ON_LAST_DAY = (
    "Praksis telles når den hadde begynt og ikke var slutt den siste dagen i perioden. Praksis uten startdato er ikke med."
)
FIGURES = (
    Figure(
        key="workplaces", name="Arbeidssteder med deltakere", chapter="workplaces", count=_count_workplaces, unit="places",
        cells=cells_of([("workplaces", "Arbeidssteder")]), is_at_moment=True, adds_up=False,
        definition=f"Hvor mange arbeidssteder som hadde en deltaker i praksis. {ON_LAST_DAY} Et sted med deltakere i flere fag telles "
        "i hvert fag, men bare én gang i alt.",
    ),
    Figure(
        key="mentors", name="Faddere", chapter="workplaces", count=_count_mentors, unit="mentors", is_at_moment=True, adds_up=False,
        cells=cells_of([
            ("mentors", "Faddere"), ("with_fagbrev", "Faddere med fagbrev"), ("without_fagbrev", "Faddere uten fagbrev"),
            ("unknown", "Vi vet ikke om fadderen har fagbrev"),
        ]),
        splits=True, whole_cell="mentors",
        definition=f"Hvor mange som var fadder for en deltaker i praksis, vikarer også. {ON_LAST_DAY} Om fadderen har fagbrev, er slik det "
        "er registrert nå. En fadder i flere fag telles i hvert fag, men bare én gang i alt.",
    ),
    of_people(
        key="mentor_coverage", name="Deltakere med og uten fadder", chapter="workplaces", rows=_in_practice, where=_coverage,
        cells=[("in_practice", "Deltakere i praksis"), ("with_mentor", "Har fadder"), ("without_mentor", "Mangler fadder")],
        is_at_moment=True, splits=True, whole_cell="in_practice",
        definition=f"Hvor mange deltakere som hadde et hovedarbeidssted, og hvor mange av dem som hadde en fadder der. {ON_LAST_DAY}",
    ),
)  # fmt: skip
