"""Handing over a colleague's open duties while they are away: the one who takes over has the scope, or gets it for the time."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from fagbrev.audit.acting import acting
from fagbrev.audit.log import note_change
from fagbrev.duties.models import HandOver
from fagbrev.people.actions import NotAllowed, end_role, grant_role, note_scope
from fagbrev.people.models import RoleGrant, User
from fagbrev.people.roles import COORDINATOR, FAGLAERER, NORSKLAERER
from programmes.actions_users import TEACHERS, end_assignment
from programmes.models import TeachingAssignment

HANDED_OVER = (COORDINATOR, FAGLAERER, NORSKLAERER)


def colleagues(role: str, today: date) -> QuerySet[User]:
    """Gives the active users who hold the role on the day, by name."""
    grants = RoleGrant.objects.active(today).filter(role=role)
    return User.objects.filter(pk__in=grants.values("user")).order_by("name", "pk")


def staff(today: date) -> QuerySet[User]:
    """Gives the active koordinatorer and teachers of the day, by name: those who can take over."""
    grants = RoleGrant.objects.active(today).filter(role__in=HANDED_OVER)
    return User.objects.filter(pk__in=grants.values("user")).order_by("name", "pk")


def lacking_assignments(*, from_user: User, to_user: User, role: str, starts_on: date, ends_on: date) -> list[TeachingAssignment]:
    """Gives the teacher's trades and groups in the time that the one who takes over does not have already for all of it."""
    if role not in TEACHERS:
        return []
    in_time = Q(starts_on__lte=ends_on) & (Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on))
    theirs = TeachingAssignment.objects.filter(in_time, user=from_user, role=role).select_related("trade", "cohort")
    held = TeachingAssignment.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=ends_on), user=to_user, role=role, starts_on__lte=starts_on
    )
    has = {(row.trade_id, row.cohort_id) for row in held}
    return [row for row in theirs if (row.trade_id, row.cohort_id) not in has and (row.trade_id, None) not in has]


@acting()
def hand_over(
    *, from_user: User, to_user: User, role: str, starts_on: date, ends_on: date, by: User, today: date
) -> HandOver:  # fmt: skip
    """Hands one colleague's open duties in a role to another from a day to a day (both included).

    Notices go to the one who takes over. Where they lack the role, or a trade or group of a teacher, they get it for the time.
    Raises NotAllowed with a sentence.
    """
    if from_user == to_user:
        raise NotAllowed(_("Velg to forskjellige personer."))
    if ends_on < max(starts_on, today):
        raise NotAllowed(_("Siste dag må være i dag eller senere, og ikke før første dag."))
    if not RoleGrant.objects.active(max(starts_on, today)).filter(user=from_user, role=role).exists():
        raise NotAllowed(_("Den som er borte, har ikke denne rollen i tiden."))
    meanwhile = HandOver.objects.filter(role=role, starts_on__lte=ends_on, ends_on__gte=starts_on)
    if meanwhile.filter(from_user=from_user).exists():
        raise NotAllowed(_("Arbeidet er allerede overlatt i denne tiden. Avslutt det først."))
    if meanwhile.filter(from_user=to_user).exists():
        raise NotAllowed(_("Den som skal ta over, er selv borte i denne tiden."))
    given: list[str] = []
    if not _holds(to_user, role, starts_on, ends_on):
        given.append(grant_role(user=to_user, role=role, by=by, today=today, starts_on=starts_on, ends_on=ends_on).public_id)
    for row in lacking_assignments(from_user=from_user, to_user=to_user, role=role, starts_on=starts_on, ends_on=ends_on):
        made = TeachingAssignment.objects.create(
            user=to_user, role=role, trade=row.trade, cohort=row.cohort, starts_on=starts_on, ends_on=ends_on, created_by=by
        )
        note_scope(user=to_user, by=by, given=True, detail=row.cohort.name if row.cohort else row.trade.name)
        given.append(made.public_id)
    made_over = HandOver.objects.create(
        role=role, from_user=from_user, to_user=to_user, starts_on=starts_on, ends_on=ends_on, created_by=by, given=given
    )
    note_change(by=by, row=made_over, section="programmes", verb="handed_over", participant_id=None)
    return made_over


def _holds(user: User, role: str, starts_on: date, ends_on: date) -> bool:
    held = RoleGrant.objects.active(starts_on).filter(user=user, role=role)
    return held.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=ends_on)).exists()


@acting()
def end_hand_over(*, row: HandOver, by: User, today: date) -> None:
    """Ends a hand-over before its time: from today the notices go to the one who was away, and what came with it ends too.

    Raises NotAllowed when what came with it is the user's own.
    """
    assignments = TeachingAssignment.objects.filter(public_id__in=row.given, user=row.to_user)
    for assignment in assignments.select_related("trade", "cohort", "user"):
        end_assignment(assignment=assignment, by=by, today=today)
    for grant in RoleGrant.objects.filter(public_id__in=row.given, user=row.to_user).exclude(ends_on__lt=today):
        end_role(grant=grant, by=by, today=today)
    note_change(by=by, row=row, section="programmes", verb="ended", participant_id=None, fields=["ends_on"])
    if row.starts_on >= today:
        row.delete()
    else:
        HandOver.objects.filter(pk=row.pk).update(ends_on=today - timedelta(days=1), version=row.version + 1)


def hand_overs(today: date) -> QuerySet[HandOver]:
    """Gives the hand-overs that hold or are to come, soonest first."""
    return HandOver.objects.filter(ends_on__gte=today).select_related("from_user", "to_user").order_by("starts_on", "pk")


def hand_overs_of(user: User, today: date) -> list[HandOver]:
    """Gives the hand-overs that hold on the day and concern the user, either way."""
    rows = HandOver.objects.active(today).filter(Q(from_user=user) | Q(to_user=user))
    return list(rows.select_related("from_user", "to_user").order_by("pk"))
