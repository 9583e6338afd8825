"""What participants live on, who pays, and what ends soon."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Q, QuerySet

from fagbrev.dates import months_after
from fagbrev.figures import Cut
from fagbrev.periods import holds_on
from participants.figures.counting import of_people
from participants.figures.cuts import enrolments
from participants.figures.standing import participants_on
from participants.models import Enrolment, FundingPeriod, IncomePeriod
from participants.models.support import FUNDING_SOURCES, INCOME_KINDS

MONTHS_AHEAD = 6
NONE = ("none", "Ikke registrert")


def _participants(cut: Cut) -> QuerySet[Enrolment]:
    return participants_on(enrolments(cut), cut.last)


def _named(choices: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(code, label[:1].upper() + label[1:]) for code, label in choices]


def _income(cut: Cut) -> Mapping[str, Q]:
    rows = IncomePeriod.objects.filter(holds_on(cut.last))
    found = {kind: Q(pk__in=rows.filter(kind=kind).values("enrolment")) for kind, _label in INCOME_KINDS}
    return {**found, "none": ~Q(pk__in=rows.values("enrolment"))}


def _funding(cut: Cut) -> Mapping[str, Q]:
    rows = FundingPeriod.objects.filter(holds_on(cut.last))
    found = {source: Q(pk__in=rows.filter(source=source).values("enrolment")) for source, _label in FUNDING_SOURCES}
    return {**found, "none": ~Q(pk__in=rows.values("enrolment"))}


def _ends_soon(cut: Cut) -> Mapping[str, Q]:
    until = months_after(cut.last, MONTHS_AHEAD)
    ends = FundingPeriod.objects.filter(holds_on(cut.last), ends_on__lte=until)
    lasts = FundingPeriod.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=until))
    return {
        source: Q(pk__in=ends.filter(source=source).values("enrolment"))
        & ~Q(pk__in=lasts.filter(source=source).values("enrolment"))
        for source, _label in FUNDING_SOURCES
    }


SEVERAL = "Den som har flere, telles i hver av dem, så tallene kan bli flere enn deltakerne. Uten startdato regnes som begynt."
FIGURES = (
    of_people(
        key="income", name="Hva deltakerne lever av", chapter="income", rows=_participants, where=_income, is_at_moment=True,
        cells=[*_named(INCOME_KINDS), NONE],
        definition=f"Inntektene deltakerne hadde den siste dagen i perioden. {SEVERAL} Deltakere er de som var tatt opp og ikke hadde "
        "sluttet.",
    ),
    of_people(
        key="funding", name="Hvem som betaler", chapter="income", rows=_participants, where=_funding, is_at_moment=True,
        cells=[*_named(FUNDING_SOURCES), NONE],
        definition=f"Hvem som betalte for deltakernes løp den siste dagen i perioden. {SEVERAL} Deltakere er de som var tatt opp og ikke "
        "hadde sluttet.",
    ),
    of_people(
        key="funding_ends", name="Finansiering som slutter de neste seks månedene", chapter="income", rows=_participants,
        where=_ends_soon, is_at_moment=True, cells=_named(FUNDING_SOURCES),
        definition="Deltakere med finansiering som gjaldt den siste dagen i perioden, og som slutter i løpet av de seks månedene "
        "etterpå. Den som har finansiering fra samme kilde lenger enn det, er ikke med.",
    ),
)  # fmt: skip
