"""What views and forms of visits ask the database for, each cut to the rows in scope."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Max, Q, QuerySet

from fagbrev.audit.models import Revision
from followup.models import AssignmentGoal, EvidenceGoal, VisitGoal, WorkplaceVisit
from followup.models.practice import DONE
from followup.models.visits import AGREED, CANCELLED, HELD, PROPOSED
from followup.visit_rules import PAST_PLAN_SHOWN, moment
from participants.access import Record, placements_for
from participants.models import Enrolment, Placement
from programmes.lists import goals_of
from programmes.models import CompetenceGoal


def planned_visits(found: Record) -> QuerySet[WorkplaceVisit]:
    """Gives the planned visits in scope, the earliest first, and those called off that were still ahead."""
    since = moment(found.today - PAST_PLAN_SHOWN)
    ahead = Q(state__in=[PROPOSED, AGREED], planned_at__gte=since) | Q(state=CANCELLED, planned_at__date__gte=found.today)
    rows = WorkplaceVisit.objects.filter(ahead, placement__in=found.placements("visit_plan").values("pk"))
    return rows.select_related("placement__workplace", "proposed_by", "answered_by").order_by("planned_at", "pk")


def writable_places(found: Record, section: str) -> QuerySet[Placement]:
    """Gives the enrolment's placements whose rows of the section the user may write."""
    return placements_for(found.user, section, "write", today=found.today).filter(enrolment=found.enrolment)


def held_visits(found: Record) -> QuerySet[WorkplaceVisit]:
    """Gives the held visits in scope, the newest first, with goals and what others wrote."""
    rows = WorkplaceVisit.objects.filter(state=HELD, placement__in=found.placements("visits").values("pk"))
    return (
        rows.select_related("placement__workplace", "visitor")
        .prefetch_related("goals__goal", "other_texts__by")
        .order_by("-visited_on", "-pk")
    )


def held_visit(found: Record, public_id: str) -> WorkplaceVisit | None:
    """Gives one held visit in scope for writing; None for what is not there or not theirs."""
    rows = held_visits(found).filter(placement__in=writable_places(found, "visits").values("pk"), public_id=public_id)
    return rows.select_related("placement__workplace", "placement__enrolment", "visitor").first()


def planned_visit(found: Record, public_id: str) -> WorkplaceVisit | None:
    """Gives one proposed or agreed visit in scope for writing; None for what is not there or not theirs."""
    rows = WorkplaceVisit.objects.filter(
        state__in=[PROPOSED, AGREED], placement__in=writable_places(found, "visit_plan").values("pk")
    )
    return rows.select_related("placement__workplace", "placement__enrolment").filter(public_id=public_id).first()


def places_to_visit(found: Record, section: str, *, begun: bool) -> list[Placement]:
    """Gives the enrolment's placements in scope that can be visited, the main one that goes on first."""
    rows = writable_places(found, section).select_related("workplace", "enrolment").filter(starts_on__isnull=False)
    if begun:
        rows = rows.filter(starts_on__lte=found.today)
    else:
        rows = rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=found.today))
    ordered = sorted(rows, key=lambda row: (row.starts_on, row.pk), reverse=True)
    return sorted(ordered, key=lambda row: (row.ends_on is not None and row.ends_on < found.today, not row.is_main))


def next_planned(placement: Placement, after: date) -> WorkplaceVisit | None:
    """Gives the next planned visit at the placement after a day; None when nothing is planned."""
    rows = WorkplaceVisit.objects.filter(placement=placement, state__in=[PROPOSED, AGREED], planned_at__date__gt=after)
    return rows.order_by("planned_at", "pk").first()


def last_held(placement: Placement) -> WorkplaceVisit | None:
    """Gives the newest held visit at the placement."""
    return WorkplaceVisit.objects.filter(placement=placement, state=HELD).order_by("-visited_on", "-pk").first()


def goals_for(enrolment: Enrolment) -> list[CompetenceGoal]:
    """Gives the goals of the participant's own curriculum version, in Udir's order."""
    curriculum = enrolment.curriculum or (enrolment.trade.curriculum if enrolment.trade else None)
    return goals_of(curriculum) if curriculum else []


def goals_last_seen(enrolment: Enrolment) -> dict[int, date]:
    """Gives the day each goal was last seen: at a visit, in a piece of evidence, or in an assignment that was done; three queries."""
    found: dict[int, date] = {}
    for rows, day in (
        (VisitGoal.objects.filter(visit__placement__enrolment=enrolment, visit__state=HELD), "visit__visited_on"),
        (EvidenceGoal.objects.filter(evidence__enrolment=enrolment), "evidence__happened_on"),
        (AssignmentGoal.objects.filter(assignment__enrolment=enrolment, assignment__state=DONE), "assignment__done_on"),
    ):
        for goal, last in rows.values_list("goal").annotate(last=Max(day)).order_by():
            found[goal] = max(last, found.get(goal, last))
    return found


def versions_of(visits: Collection[WorkplaceVisit]) -> dict[str, list[Revision]]:
    """Gives the earlier versions of each visit by its public id, the newest first; one query."""
    now = {visit.public_id: visit.version for visit in visits}
    rows = Revision.objects.filter(subject_type="followup.workplacevisit", subject_id__in=list(now)).select_related("by")
    found: dict[str, list[Revision]] = {}
    for row in rows.order_by("-version"):
        if row.version < now[row.subject_id]:
            found.setdefault(row.subject_id, []).append(row)
    return found
