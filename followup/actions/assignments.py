"""Giving, handing in, answering and taking back assignments (V6: theoretical and practical assignments that fit the curriculum)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from fagbrev.audit.acting import acting
from fagbrev.audit.log import note_change
from fagbrev.files import Accepted, random_file_name
from fagbrev.people.models import User
from fagbrev.rows import new_public_id
from followup.forms.assignments import FeedbackForm
from followup.models.practice import DONE, GIVEN, HANDED_IN, MOST_GOALS, WITHDRAWN, Assignment, AssignmentGoal, HandIn
from participants.actions.rows import keep_new_row, save_row
from participants.models import Enrolment

OVER = frozenset({DONE, WITHDRAWN})


class AssignmentRefused(Exception):
    """It cannot be done; the text is a sentence for the user."""


@dataclass(frozen=True)
class Task:
    """What is to be done, as it is given to one or several. `goals` are ids of goals by curriculum id."""

    kind: str
    title: str
    words: str
    at_work: str = ""
    minutes_with_fadder: int | None = None
    due_on: date | None = None
    goals: Mapping[int, Collection[int]] = field(default_factory=dict)


@acting()
def give(*, enrolments: Collection[Enrolment], task: Task, by: User, today: date) -> list[Assignment]:
    """Gives the assignment to each of the enrolments, as one batch; gives the rows. The caller has cut them to the giver's scope.

    Raises AssignmentRefused for more than three goals.
    """
    if any(len(goals) > MOST_GOALS for goals in task.goals.values()):
        raise AssignmentRefused(f"Velg høyst {MOST_GOALS} mål.")
    batch, given = new_public_id(), []
    for enrolment in enrolments:
        row = Assignment.objects.create(
            enrolment=enrolment, batch=batch, kind=task.kind, title=task.title, words=task.words, at_work=task.at_work,
            minutes_with_fadder=task.minutes_with_fadder, due_on=task.due_on, given_on=today, created_by=by,
        )  # fmt: skip
        AssignmentGoal.objects.bulk_create(
            AssignmentGoal(assignment=row, goal_id=goal, place=place)
            for place, goal in enumerate(task.goals.get(enrolment.curriculum_id or 0, ()), 1)
        )
        keep_new_row(row, by=by)
        _note(row, by, "created", ["title", "words", "kind", *(["due_on"] if task.due_on else [])])
        given.append(row)
    return given


@acting()
def hand_in(*, assignment: Assignment, words: str, accepted: Accepted | None, device_key: str, by: User) -> HandIn:
    """Keeps what the participant hands in, and puts the assignment before the teacher. The same key twice is one hand-in.

    Raises AssignmentRefused when the assignment is done or taken back, or the key is somebody else's.
    """
    held = Assignment.objects.select_for_update(of=("self",)).get(pk=assignment.pk)
    if device_key:
        before = HandIn.objects.filter(device_key=device_key).first()
        if before is not None and before.assignment_id == held.pk and before.by_id == by.pk:
            return before
        if before is not None:
            raise AssignmentRefused("Dette er allerede sendt. Åpne oppgaven og prøv igjen.")
    if held.state in OVER:
        raise AssignmentRefused("Oppgaven er ferdig. Du trenger ikke levere mer.")
    row = HandIn(assignment=held, by=by, words=words, device_key=device_key)
    if accepted is not None:
        row.file_name, row.content_type, row.size = accepted.name[-120:], accepted.content_type, accepted.size
        row.file.save(random_file_name(), accepted.file, save=False)
    row.save()
    Assignment.objects.filter(pk=held.pk).update(state=HANDED_IN)
    assignment.state = HANDED_IN
    note_change(
        by=by, row=row, section="assignments", verb="handed_in", participant_id=held.enrolment.participant_id,
        enrolment_id=held.enrolment_id, fields=[name for name in ("words", "file") if getattr(row, name)],
    )  # fmt: skip
    return row


@acting()
def judge(*, form: FeedbackForm, by: User, today: date) -> Assignment:
    """Saves the teacher's feedback, and makes the assignment done or gives it back. Raises Conflict when another saved first."""
    row: Assignment = form.instance
    is_done = form.cleaned_data["verdict"] == DONE
    row.state, row.done_on, row.feedback_by = (DONE, today, by) if is_done else (GIVEN, None, by)
    verb = "done" if is_done else "returned"
    save_row(form=form, by=by, verb=verb)
    _note(row, by, verb, ["state"])
    return row


@acting()
def withdraw(*, assignment: Assignment, by: User) -> bool:
    """Takes an assignment back that is not done; False when there is nothing to take back."""
    changed = Assignment.objects.filter(pk=assignment.pk, state__in=[GIVEN, HANDED_IN]).update(
        state=WITHDRAWN, version=assignment.version + 1
    )
    if changed:
        assignment.refresh_from_db()
        keep_new_row(assignment, by=by)
        _note(assignment, by, "withdrawn", ["state"])
    return bool(changed)


def _note(row: Assignment, by: User, verb: str, fields: list[str]) -> None:
    enrolment: Any = row.enrolment
    note_change(
        by=by, row=row, section="assignments", verb=verb, participant_id=enrolment.participant_id, enrolment_id=enrolment.pk,
        fields=fields,
    )  # fmt: skip
