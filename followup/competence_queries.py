"""Goals with their views and their evidence, fetched with as many queries for ten rows as for two hundred."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Exists, IntegerField, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from fagbrev.people.roles import FAGLAERER
from followup.goal_rules import GoalNumbers, Period
from followup.models import AssignmentGoal, Evidence, EvidenceGoal, GoalView, TrainingPlan, VisitGoal
from followup.models.competence import APPROVED
from followup.models.practice import DONE
from followup.models.visits import HELD
from participants.access import Record
from participants.models import Enrolment, Placement
from programmes.models import CompetenceGoal

VISIT, OWN, ASSIGNMENT = "visit", "own", "assignment"


@dataclass
class GoalState:
    """A goal, the newest view of each of the three, every view there has been (oldest first), and what shows it."""

    goal: CompetenceGoal
    newest: dict[str, GoalView] = field(default_factory=dict)
    history: list[GoalView] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    last_on: date | None = None

    @property
    def count(self) -> int:
        """How many things show the goal."""
        return sum(self.counts.values())

    @property
    def is_approved(self) -> bool:
        """True when faglærer's newest view is «kan alene»."""
        view = self.newest.get(FAGLAERER)
        return view is not None and view.level == APPROVED


def goals_of(enrolment: Enrolment) -> QuerySet[CompetenceGoal]:
    """Gives the goals of the curriculum version the participant began with, in its order."""
    goals = CompetenceGoal.objects.filter(goal_set__curriculum=enrolment.curriculum_id) if enrolment.curriculum_id else None
    rows = goals if goals is not None else CompetenceGoal.objects.none()
    return rows.select_related("goal_set").order_by("goal_set__order", "goal_set_id", "order", "pk")


def _shown(enrolment: Any) -> dict[str, tuple[QuerySet[Any], str]]:
    """What shows goals: rows with a goal, and the day it was shown."""
    return {
        VISIT: (VisitGoal.objects.filter(visit__placement__enrolment=enrolment, visit__state=HELD), "visit__visited_on"),
        OWN: (EvidenceGoal.objects.filter(evidence__enrolment=enrolment), "evidence__happened_on"),
        ASSIGNMENT: (
            AssignmentGoal.objects.filter(assignment__enrolment=enrolment, assignment__state=DONE),
            "assignment__done_on",
        ),
    }


def states_of(enrolment: Enrolment) -> list[GoalState]:
    """Gives every goal with its views and evidence; five queries."""
    states = {goal.pk: GoalState(goal) for goal in goals_of(enrolment)}
    views = GoalView.objects.filter(enrolment=enrolment, goal__in=list(states)).select_related("by")
    for view in views.order_by("given_on", "pk"):
        state = states[view.goal_id]
        state.history.append(view)
        state.newest[view.role] = view
    for kind, (rows, day) in _shown(enrolment).items():
        for goal, count, last in rows.values_list("goal").annotate(Count("pk"), Max(day)).order_by():
            if goal in states:
                states[goal].counts[kind] = count
                states[goal].last_on = max((one for one in (states[goal].last_on, last) if one), default=None)
    return list(states.values())


def numbers_of(states: list[GoalState]) -> GoalNumbers:
    """Counts goals: all, those something shows, those approved."""
    return GoalNumbers(len(states), sum(1 for one in states if one.count), sum(1 for one in states if one.is_approved))


def number_facts() -> Mapping[str, Any]:
    """Gives the three numbers as expressions on Enrolment, so that lists and front pages ask for them with the rest."""
    enrolment = OuterRef(OuterRef("pk"))
    goals = CompetenceGoal.objects.filter(goal_set__curriculum=OuterRef("curriculum"))
    shown: Any = Q()
    for rows, _day in _shown(enrolment).values():
        shown |= Exists(rows.filter(goal=OuterRef("pk")))
    newest = GoalView.objects.filter(enrolment=enrolment, goal=OuterRef("pk"), role=FAGLAERER).order_by("-given_on", "-pk")
    return {
        "followup_goals": _count(goals),
        "followup_documented": _count(goals.filter(shown)),
        "followup_approved": _count(goals.annotate(seen=Subquery(newest.values("level")[:1])).filter(seen=APPROVED)),
    }


def _count(goals: QuerySet[CompetenceGoal]) -> Any:
    counted = goals.order_by().values("goal_set__curriculum").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def count_goals(enrolment: Enrolment) -> GoalNumbers:
    """Gives the three numbers of one enrolment; one query."""
    facts = number_facts()
    return numbers_in(Enrolment.objects.filter(pk=enrolment.pk).annotate(**facts).values(*facts).get())


def numbers_in(facts: Mapping[str, Any]) -> GoalNumbers:
    """Reads the numbers out of a row that asked for them."""
    return GoalNumbers(facts["followup_goals"], facts["followup_documented"], facts["followup_approved"])


def period_of(found: Record) -> Period | None:
    """Gives the time the reader may measure the goals against: the contract's, else from the placement's start to its planned end."""
    enrolment = found.enrolment
    if found.reads("training_contract") and enrolment.contract_starts_on and enrolment.contract_ends_on:
        return measured_period((enrolment.contract_starts_on, enrolment.contract_ends_on), None)
    if not found.reads("placement"):
        return None
    places = found.placements("placement").filter(is_main=True, starts_on__isnull=False, ends_on__isnull=False)
    return measured_period(None, places.order_by("-starts_on").values_list("starts_on", "ends_on").first())


def period_facts() -> Mapping[str, Any]:
    """Gives the newest main placement's first day and planned end as expressions on Enrolment, for `measured_period` in lists."""
    places = Placement.objects.filter(
        enrolment=OuterRef("pk"), is_main=True, starts_on__isnull=False, ends_on__isnull=False
    ).order_by("-starts_on")
    return {
        "followup_placed_from": Subquery(places.values("starts_on")[:1]),
        "followup_placed_to": Subquery(places.values("ends_on")[:1]),
    }


def measured_period(
    contract: tuple[date | None, date | None] | None, placement: tuple[date | None, date | None] | None
) -> Period | None:
    """Gives what time goals are measured against, of the days the reader may know: the contract's before the placement's."""
    if contract and all(contract):
        return _period(*contract, "contract")
    return _period(*placement, "placement") if placement else None


def _period(first: date | None, last: date | None, kind: str) -> Period | None:
    return Period(first, last, kind) if first and last and last > first else None


def started_on(enrolment: Enrolment) -> date | None:
    """Gives the day practice began: the first placement's, else the contract's first day."""
    days = Placement.objects.filter(enrolment=enrolment, starts_on__isnull=False).order_by("starts_on")
    return days.values_list("starts_on", flat=True).first() or enrolment.contract_starts_on


def own_days(found: Record) -> list[tuple[date | None, date | None]] | None:
    """Gives the days within which one who reads through a placement sees what was written; None for all days."""
    if not found.sees_own_placements_only("competence"):
        return None
    return list(found.placements("competence").values_list("starts_on", "ends_on"))


def is_within(day: date, days: list[tuple[date | None, date | None]] | None) -> bool:
    """Tells whether a day lies within one of the periods; None is every day."""
    if days is None:
        return True
    return any(first is not None and first <= day and (last is None or day <= last) for first, last in days)


def evidence_of(found: Record) -> list[Evidence]:
    """Gives the pieces of evidence the reader may see, newest first, with their goals; two or three queries."""
    days = own_days(found)
    rows = Evidence.objects.filter(enrolment=found.enrolment).select_related("by").prefetch_related("goals__goal")
    return [row for row in rows.order_by("-happened_on", "-pk") if is_within(row.happened_on, days)]


def own_evidence(found: Record, row_id: str) -> Evidence | None:
    """Gives a piece of evidence that the user wrote, or None."""
    return Evidence.objects.filter(enrolment=found.enrolment, by=found.user, public_id=row_id).select_related("enrolment").first()


def own_views(enrolment: Enrolment, role: str) -> dict[int, GoalView]:
    """Gives the newest view of one of the three on each goal, by the goal's id; one query."""
    rows = GoalView.objects.filter(enrolment=enrolment, role=role).order_by("given_on", "pk")
    return {row.goal_id: row for row in rows}


def plan_of(enrolment: Enrolment, kind: str) -> TrainingPlan | None:
    """Gives the plan of the kind, or None."""
    return TrainingPlan.objects.filter(enrolment=enrolment, kind=kind).select_related("enrolment").first()


def plans_of(enrolment: Enrolment) -> dict[str, TrainingPlan]:
    """Gives the plans by kind; one query."""
    return {row.kind: row for row in TrainingPlan.objects.filter(enrolment=enrolment)}


def revisions_of(plans: Mapping[str, TrainingPlan]) -> dict[str, list[Any]]:
    """Gives each plan's versions by its public id, newest first; one query."""
    from fagbrev.audit.models import Revision

    found: dict[str, list[Any]] = defaultdict(list)
    ids = [plan.public_id for plan in plans.values()]
    rows = Revision.objects.filter(subject_type=TrainingPlan._meta.label_lower, subject_id__in=ids).select_related("by")
    for row in rows.order_by("-version"):
        found[row.subject_id].append(row)
    return found
