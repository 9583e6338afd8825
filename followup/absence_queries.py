"""Which absence a user has part in: teachers that of teaching, fadder and leder that of own placements and periods, others all."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from fagbrev.people.models import User
from fagbrev.people.roles import COORDINATOR, DELTAKER, FADDER, FAGLAERER, LEDER, NORSKLAERER
from fagbrev.periods import holds_on
from followup.models import Absence, SickLeave
from followup.models.language import PRACTICE, TEACHING
from participants.access import Record, fadder_placements, leder_placements
from participants.models import CohortMember, Placement, PlacementFadder

WHOLE = frozenset({COORDINATOR, DELTAKER})
TEACHERS = frozenset({FAGLAERER, NORSKLAERER})
AT_WORK = frozenset({FADDER, LEDER})
RECORDERS = frozenset({COORDINATOR}) | TEACHERS | AT_WORK


def sees_all(found: Record) -> bool:
    """Tells whether the user reads every absence of the enrolment: a koordinator, and the participant."""
    return bool(found.roles_reading("absence") & WHOLE)


def sees_teaching(found: Record) -> bool:
    """Tells whether the user reads absence from teaching."""
    return bool(found.roles_reading("absence") & (WHOLE | TEACHERS))


def own_placements(found: Record) -> QuerySet[Placement]:
    """Gives the enrolment's placements whose absence the user reads: all, or one's own as fadder or leder."""
    rows = found.placements("absence")
    if not sees_all(found):
        roles = found.roles_reading("absence")
        mine = Q(pk__in=[])
        if FADDER in roles:
            mine |= Q(pk__in=fadder_placements(found.user, found.today).values("pk"))
        if LEDER in roles:
            mine |= Q(pk__in=leder_placements(found.user, found.today).values("pk"))
        rows = rows.filter(mine)
    return rows.filter(starts_on__lte=found.today).select_related("workplace").order_by("-is_main", "-starts_on", "pk")


def _is_fadder_on(user: User, placement: str, day: str) -> Exists:
    rows = PlacementFadder.objects.filter(
        Q(starts_on__isnull=True) | Q(starts_on__lte=OuterRef(day)), Q(ends_on__isnull=True) | Q(ends_on__gte=OuterRef(day)),
        placement=OuterRef(placement), person__user=user,
    )  # fmt: skip
    return Exists(rows)


def absences_shown(found: Record) -> QuerySet[Absence]:
    """Gives the absences of the enrolment that the user reads, newest first."""
    rows = Absence.objects.filter(enrolment=found.enrolment).order_by("-away_on", "away_from", "pk")
    if not sees_all(found):
        roles = found.roles_reading("absence")
        mine = Q(away_from=TEACHING) if roles & TEACHERS else Q(pk__in=[])
        places = own_placements(found).values("pk")
        within = Q(placement__in=places, away_on__gte=F("placement__starts_on"))
        within &= Q(placement__ends_on__isnull=True) | Q(away_on__lte=F("placement__ends_on"))
        if LEDER in roles:
            led = leder_placements(found.user, found.today).values("pk")
            mine |= within & Q(placement__in=led)
        if FADDER in roles:
            mine |= within & Q(_is_fadder_on(found.user, "placement", "away_on"))
        rows = rows.filter(mine)
    return rows.select_related("placement__workplace", "recorded_by")


def absences_written(found: Record) -> QuerySet[Absence]:
    """Gives the absences that the user may change, confirm or take away: those read, if the role records absence."""
    may = found.writes("absence") and bool(found.roles_here & RECORDERS)
    return absences_shown(found) if may else Absence.objects.none()


def own_reports(found: Record) -> QuerySet[Absence]:
    """Gives the participant's own reports that nobody has confirmed."""
    rows = Absence.objects.filter(enrolment=found.enrolment, state="reported", recorded_by=found.user)
    return rows if found.is_own else rows.none()


def is_period_of(found: Record, placement: Placement, day: date) -> bool:
    """Tells whether the user may record absence from the placement on the day: within it, and within one's time as fadder."""
    if (placement.starts_on and day < placement.starts_on) or (placement.ends_on and day > placement.ends_on):
        return False
    roles = found.roles_reading("absence")
    if sees_all(found) or (LEDER in roles and leder_placements(found.user, found.today).filter(pk=placement.pk).exists()):
        return True
    return PlacementFadder.objects.filter(holds_on(day), placement=placement, person__user=found.user).exists()


def absence_on(found: Record, *, placement: Placement | None, day: date, but: int | None) -> bool:
    """Tells whether there is an absence from the same place on the day, other than the row with the id `but`."""
    rows = Absence.objects.filter(enrolment=found.enrolment, away_on=day, placement=placement)
    rows = rows.filter(away_from=PRACTICE if placement else TEACHING)
    return (rows if but is None else rows.exclude(pk=but)).exists()


def sick_leaves(found: Record) -> QuerySet[SickLeave]:
    """Gives the sick leaves of the enrolment, for those who read reasons; newest first."""
    rows = SickLeave.objects.filter(enrolment=found.enrolment).order_by("-starts_on", "-pk")
    return rows if found.reads("absence_reasons") else rows.none()


def is_in_a_cohort(found: Record, day: date) -> bool:
    """Tells whether the enrolment has a place in a cohort on the day."""
    return CohortMember.objects.filter(holds_on(day), enrolment=found.enrolment).exists()


def kinds_of(found: Record) -> Iterable[str]:
    """Gives which absence the user has part in: teaching, practice or both."""
    roles = found.roles_reading("absence")
    return [kind for kind, who in ((TEACHING, WHOLE | TEACHERS), (PRACTICE, WHOLE | AT_WORK)) if roles & who]
