"""Who gets what from the addresses of assignments, and one row of every kind with a text of its own."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile

from followup.models.practice import Assignment, AssignmentGoal, HandIn
from programmes.models import CompetenceGoal
from tests.access.filled import Marks
from tests.access.rows import Row, act, form, look, page
from tests.cast import Cast

RECORD_ROWS: list[Row] = [
    look("participant_oppgaver", "KFNAD"),
    look("oppgave_detail", "KFNAD"),
    form("oppgave_svar", "D"),
    look("oppgave_fil", "KFND"),
    form("oppgave_feedback", "KFN"),
    form("oppgave_edit", "KFN"),
    act("oppgave_withdraw", "KFN"),
]
PAGE_ROWS: list[Row] = [page("oppgave_list", "KFN"), page("oppgave_give", "KFN", "KFN")]
# The model behind <public_id> of addresses that are not of a record, by the address' name; a function of the cast.
THINGS: dict[str, Any] = {}
ANSWERS = "KFND"  # what is handed in and the feedback: not the fadder's


def fill(cast: Cast, marks: Marks, key: str, placement_key: str) -> None:
    """One row of every kind on the enrolment (placement_key "") or on the placement."""
    if placement_key:
        return
    enrolment = cast.enrolments[key]
    row = Assignment(enrolment=enrolment, given_on=cast.today, due_on=cast.today, created_by=cast.koordinator)
    row.feedback = marks.new("assignments", key, "", "Assignment.feedback", ANSWERS)
    marks.rows["oppgave", key] = marks.write(row, enrolment=key, skip=("batch",))
    goal = CompetenceGoal.objects.filter(goal_set__curriculum=enrolment.curriculum_id).first()
    if goal is not None:
        AssignmentGoal.objects.create(assignment=row, goal=goal, place=1)
    answer = HandIn(assignment=row, by=cast.deltaker, content_type="application/pdf", size=9)
    inside = marks.new("assignments", key, "", "content of a hand-in", ANSWERS)
    answer.file.save(f"{inside}.pdf", ContentFile(f"%PDF {inside}".encode()), save=False)
    marks.write(answer, enrolment=key, only=ANSWERS, skip=("device_key",))
