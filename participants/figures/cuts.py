"""Whose enrolments a figure counts: those of a cut, and never anyone with a strictly protected address."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from fagbrev.figures import UNDECIDED, Cut
from participants.models import CohortMember, Enrolment, FundingPeriod, IncomePeriod
from participants.models.support import FUNDING_SOURCES, PROGRAMMES

IN_NO_FIGURE = "strengt_fortrolig"
PROGRAMME_FUNDERS = [(code, label) for code, label in PROGRAMMES if code]
# What a report can be cut to: who pays, or the programme the income comes through. No code is in both.
FUNDERS: list[tuple[str, str]] = [*FUNDING_SOURCES, *PROGRAMME_FUNDERS]


def overlaps(first: date, last: date) -> Q:
    """Gives the condition that a period (unknown start counts as begun, no end as open) has a day from `first` to `last`."""
    begun = Q(starts_on__isnull=True) | Q(starts_on__lte=last)
    return begun & (Q(ends_on__isnull=True) | Q(ends_on__gte=first))


def enrolments(cut: Cut) -> QuerySet[Enrolment]:
    """Gives the enrolments of the cut, whatever their status: of the trade, and with the funder and the cohort on a day of the period."""
    rows = Enrolment.objects.exclude(participant__address_protection=IN_NO_FIGURE)
    if cut.trade:
        rows = rows.filter(trade__isnull=True) if cut.trade == UNDECIDED else rows.filter(trade__code=cut.trade)
    period = overlaps(cut.first, cut.last)
    if cut.funder in dict(PROGRAMME_FUNDERS):
        rows = rows.filter(pk__in=IncomePeriod.objects.filter(period, programme=cut.funder).values("enrolment"))
    elif cut.funder:
        rows = rows.filter(pk__in=FundingPeriod.objects.filter(period, source=cut.funder).values("enrolment"))
    if cut.cohort:
        members = CohortMember.objects.filter(period, cohort__public_id=cut.cohort, enrolment__isnull=False)
        rows = rows.filter(pk__in=members.values("enrolment"))
    return rows


def once_a_trade(cut: Cut) -> QuerySet[Enrolment]:
    """Gives the newest enrolment of each participant in each trade: for exams and Norwegian, which belong to the person."""
    newer = enrolments(cut).filter(participant=OuterRef("participant"), trade=OuterRef("trade"), pk__gt=OuterRef("pk"))
    return enrolments(cut).filter(~Exists(newer), trade__isnull=False)


__all__ = ["FUNDERS", "IN_NO_FIGURE", "enrolments", "once_a_trade", "overlaps"]
