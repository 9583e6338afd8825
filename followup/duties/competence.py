"""The rule about competence: no goal has been shown for a while, one duty per participant (V6, faglærer)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Max, QuerySet
from django.urls import reverse

from fagbrev.duties.rules import Due, Rule, Terms
from fagbrev.people.roles import FAGLAERER
from followup.goal_rules import passes_on
from followup.models import AssignmentGoal, EvidenceGoal, GoalView, VisitGoal
from followup.models.competence import APPROVED
from followup.models.practice import DONE
from followup.models.visits import HELD
from participants.models import Enrolment, Placement
from programmes.models import CompetenceGoal


@dataclass(slots=True)
class GoalFacts:
    """What the rule asks of one enrolment in training."""

    pk: int
    public_id: str
    participant: int
    trade_id: int | None
    protection: str
    imported_on: date | None
    curriculum: int | None
    starts_on: date | None  # practice, else the contract
    goals: frozenset[int] = frozenset()
    last: dict[int, date] = field(default_factory=dict)  # goal -> the newest day something showed it
    approved: frozenset[int] = frozenset()


def goals_without_evidence(facts: GoalFacts, terms: Terms, today: date) -> Iterator[Due]:
    """Nothing has shown any goal for so many days as the setting says, and some goal is not approved yet.

    One duty for all the goals, due on the day they pass the limit, counted from the newest that showed one of them, else from the
    first day of practice. Which goals have waited longest is said on their page. The month stands in its name: told once, and
    anew only when something has been shown and time has passed again.
    """
    if not facts.goals - facts.approved:
        return
    due = passes_on(max(facts.last.values(), default=None), facts.starts_on, days=terms.days("goal_evidence_days"))
    if due is None:
        return
    yield Due(
        rule="goals_without_evidence", subject_type="enrolment", subject_id=facts.public_id, occurrence=f"{due:%Y-%m}",
        owner_role=FAGLAERER, due_on=due, begins_on=due, since_on=due - timedelta(days=terms.days("goal_evidence_days")),
        participant_id=facts.participant, enrolment_id=facts.pk, trade_id=facts.trade_id, protection=facts.protection,
        imported_on=facts.imported_on,
    )  # fmt: skip


def _url(duty: Any, participant: str, enrolment: str) -> str:
    return f"{reverse('participant_mal', args=[participant])}?lop={enrolment}" if participant else ""


RULES: tuple[Rule, ...] = (
    Rule(
        "goals_without_evidence", "enrolment", (FAGLAERER,), "competence", "Mål uten dokumentasjon", "Se målene",
        goals_without_evidence, _url, ("mål uten dokumentasjon", "mål uten dokumentasjon"), ("0",), shift="none", by_digest=True,
        since="sist", days_setting="goal_evidence_days", when_imported="grace", source="V6, faglærer",
    ),
)  # fmt: skip


def derive(terms: Terms, people: Collection[int] | None = None) -> Iterable[Due]:
    """Gives every duty of these rules, or those of some participants; as many queries for one as for all."""
    for facts in goal_facts(people):
        yield from goals_without_evidence(facts, terms, terms.today)


def goal_facts(people: Collection[int] | None = None) -> list[GoalFacts]:
    """Gives the facts of every enrolment in training with a curriculum."""
    rows = _of(Enrolment.objects.filter(status="training", curriculum__isnull=False), "participant", people)
    columns = (
        "pk", "public_id", "participant_id", "trade_id", "participant__address_protection", "imported_on", "curriculum_id",
        "contract_starts_on",
    )  # fmt: skip
    found = {row[0]: GoalFacts(*row) for row in rows.values_list(*columns)}
    if not found:
        return []
    starts = _of(
        Placement.objects.filter(enrolment__status="training", starts_on__isnull=False), "enrolment__participant", people
    )
    for enrolment, first in starts.order_by("-starts_on").values_list("enrolment", "starts_on"):
        if enrolment in found:
            found[enrolment].starts_on = first
    goals: dict[int, set[int]] = defaultdict(set)
    for curriculum, goal in CompetenceGoal.objects.values_list("goal_set__curriculum", "pk"):
        goals[curriculum].add(goal)
    _add_shown(found, people)
    views = _of(GoalView.objects.filter(enrolment__status="training", role=FAGLAERER), "enrolment__participant", people)
    newest = {row[:2]: row[2] for row in views.order_by("given_on", "pk").values_list("enrolment", "goal", "level")}
    for facts in found.values():
        facts.goals = frozenset(goals[facts.curriculum]) if facts.curriculum else frozenset()
        facts.approved = frozenset(goal for goal in facts.goals if newest.get((facts.pk, goal)) == APPROVED)
    return list(found.values())


def _add_shown(found: dict[int, GoalFacts], people: Collection[int] | None) -> None:
    """The newest day each goal was shown by a visit held, a finished assignment or evidence."""
    for rows, path, day in (
        (VisitGoal.objects.filter(visit__state=HELD), "visit__placement__enrolment", "visit__visited_on"),
        (EvidenceGoal.objects.all(), "evidence__enrolment", "evidence__happened_on"),
        (AssignmentGoal.objects.filter(assignment__state=DONE), "assignment__enrolment", "assignment__done_on"),
    ):
        cut = _of(rows.filter(**{f"{path}__status": "training"}), f"{path}__participant", people)
        for enrolment, goal, last in cut.order_by().values_list(path, "goal").annotate(Max(day)):
            facts = found.get(enrolment)
            if facts is not None and last is not None:
                facts.last[goal] = max(last, facts.last.get(goal, last))


def _of(rows: QuerySet[Any], path: str, people: Collection[int] | None) -> QuerySet[Any]:
    return rows if people is None else rows.filter(**{f"{path}__in": people})
