"""Who gets what from the addresses of competence, and one row of every kind with a text of its own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from followup.models import Evidence, EvidenceGoal, GoalView, TrainingPlan
from programmes.models import CompetenceGoal
from tests.access.filled import Marks
from tests.access.rows import Row, form, look
from tests.cast import Cast

RECORD_ROWS: list[Row] = [
    look("participant_mal", "KFNALD"),
    form("mal_syn", "FAD"),  # each writes the own view only
    form("dokumentasjon_new", "FAD"),
    form("dokumentasjon_edit", "FAD", GET_A=404, GET_D=404, POST_A=404, POST_D=404),  # faglærer's own; another's is not there
    look("participant_planer", "KFNALD"),
    form("planer_individuell", "KFNA"),
    form("planer_intern", "KFNA"),
]
PAGE_ROWS: list[Row] = []
# The model behind <public_id> of addresses that are not of a record, by the address' name; a function of the cast.
THINGS: dict[str, Any] = {}


def fill(cast: Cast, marks: Marks, key: str, placement_key: str) -> None:
    """A view by each of the three, evidence with a goal, and both plans, on the enrolment."""
    if placement_key:
        return
    enrolment, day = cast.enrolments[key], cast.today - timedelta(days=3)
    goals = list(CompetenceGoal.objects.filter(goal_set__curriculum=enrolment.curriculum_id).order_by("order", "pk")[:2])
    other = "" if key == "selma" else "annen_"
    for role in ("faglaerer", "fadder", "deltaker"):
        view = GoalView(
            enrolment=enrolment, goal=goals[0], role=role, level=2, given_on=day, by=cast.users[f"{other}{role}"]
        )  # fmt: skip
        marks.write(view, enrolment=key)
    evidence = Evidence(
        enrolment=enrolment, happened_on=day, by=cast.users[f"{other}faglaerer"], by_role="faglaerer", goal_count=1
    )
    marks.rows["dokumentasjon", key] = marks.write(evidence, enrolment=key)
    EvidenceGoal.objects.create(evidence=evidence, goal=goals[1], place=1)
    for kind in ("individual", "internal"):
        marks.rows["planer", key] = marks.write(TrainingPlan(enrolment=enrolment, kind=kind), enrolment=key)
