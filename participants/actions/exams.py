"""What the participant says of registering for exams and Norwegian tests, and what is confirmed (V8 row 12, V6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from fagbrev.audit.acting import acting
from fagbrev.audit.log import note_change
from fagbrev.people.models import User
from participants.actions.rows import keep_new_row
from participants.exam_windows import (
    Window,
    exam_row,
    is_registered,
    levels_of,
    norwegian_rows,
    parts_below_goal,
)
from participants.models import Enrolment, NorwegianTest, Participant, WrittenExam
from programmes.models import ExamWindow, NorwegianTestWindow


@acting()
def say_registered(*, enrolment: Enrolment, window: ExamWindow, by: User, today: date) -> WrittenExam:
    """Records «jeg har meldt meg på» for a window; said twice it stays as it was."""
    exam = _exam_to_change(enrolment, window, by)
    if exam.said_registered_on is None and not is_registered(exam):
        exam.said_registered_on = today
        _keep(exam, enrolment, by, "said_registered", ["said_registered_on"])
    return exam


@acting()
def say_registered_norwegian(*, enrolment: Enrolment, window: NorwegianTestWindow, by: User, today: date) -> list[NorwegianTest]:
    """Records «jeg har meldt meg på norskprøven» for the parts below the trade's goal; said twice it stays as it was."""
    rows = _tests_to_change(enrolment, window, by)
    for row in rows:
        if row.said_registered_on is None and not is_registered(row):
            row.said_registered_on = today
            _keep(row, enrolment, by, "said_registered", ["said_registered_on"])
    return rows


@acting()
def unsay_registered(*, enrolment: Enrolment, window: Window, by: User) -> bool:
    """«Jeg tok feil»: takes the word back while it is not confirmed. Gives False when there was nothing to take back."""
    _lock(enrolment)
    rows: Sequence[WrittenExam | NorwegianTest | None]
    rows = [exam_row(enrolment, window)] if isinstance(window, ExamWindow) else norwegian_rows(enrolment, window)
    taken_back = False
    for row in rows:
        if row is None or row.said_registered_on is None or is_registered(row):
            continue
        row.said_registered_on = None
        _keep(row, enrolment, by, "unsaid_registered", ["said_registered_on"])
        taken_back = True
    return taken_back


@acting()
def confirm_registered(*, enrolment: Enrolment, window: ExamWindow, by: User, today: date) -> WrittenExam:
    """The koordinator has seen that the participant is registered for the written exam; pressed twice it stays as it was."""
    exam = _exam_to_change(enrolment, window, by)
    if not is_registered(exam):
        exam.registered_on, exam.state = today, "registered"
        _keep(exam, enrolment, by, "registered", ["registered_on", "state"])
    return exam


@acting()
def confirm_registered_norwegian(
    *, enrolment: Enrolment, window: NorwegianTestWindow, by: User, today: date
) -> list[NorwegianTest]:
    """Koordinator or norsklærer has seen the registration for the Norwegian test; pressed twice it stays as it was.

    The parts the participant has named are confirmed; without any, the parts below the trade's goal.
    """
    rows = _tests_to_change(enrolment, window, by)
    told = [row for row in rows if row.said_registered_on or is_registered(row)]
    for row in told or rows:
        if not is_registered(row):
            row.registered_on, row.state = today, "registered"
            _keep(row, enrolment, by, "registered", ["registered_on", "state"])
    return told or rows


@acting()
def note_fee_paid(*, enrolment: Enrolment, window: ExamWindow, by: User, today: date) -> WrittenExam | None:
    """The koordinator has seen the receipt. Gives None when the participant is not registered in the window."""
    _lock(enrolment)
    exam = exam_row(enrolment, window)
    if exam is None or not is_registered(exam):
        return None
    if exam.fee_paid_on is None:
        exam.fee_paid_on = today
        _keep(exam, enrolment, by, "fee_paid", ["fee_paid_on"])
    return exam


def _lock(enrolment: Enrolment) -> None:
    """Lets one at a time change a person's exams, so that two who press at once make one row."""
    Participant.objects.select_for_update().get(pk=enrolment.participant_id)


def _exam_to_change(enrolment: Enrolment, window: ExamWindow, by: User) -> WrittenExam:
    """The person's row in the window: the one there is, else a plan without window or day, else a new one (not saved)."""
    _lock(enrolment)
    code = enrolment.trade.written_exam_code if enrolment.trade else ""
    if not code:
        raise ValueError("the enrolment's trade has no written exam")
    held = exam_row(enrolment, window)
    if held is not None:
        return held
    plans = WrittenExam.objects.filter(
        participant=enrolment.participant_id, exam_code=code, state="planned", window__isnull=True, exam_on__isnull=True,
        registered_on__isnull=True,
    )  # fmt: skip
    exam = plans.order_by("-pk").first() or WrittenExam(participant=enrolment.participant, exam_code=code, created_by=by)
    exam.window = window
    return exam


def _tests_to_change(enrolment: Enrolment, window: NorwegianTestWindow, by: User) -> list[NorwegianTest]:
    """The person's rows in the window, and a new one (not saved) for each part below the trade's goal that has none."""
    _lock(enrolment)
    if enrolment.trade is None:
        raise ValueError("the enrolment has no trade to measure against")
    rows = norwegian_rows(enrolment, window)
    held = {row.part for row in rows}
    below = parts_below_goal(levels_of(enrolment.participant_id), enrolment.trade)
    return rows + [
        NorwegianTest(participant=enrolment.participant, part=part, window=window, state="planned", created_by=by)
        for part in below
        if part not in held
    ]


def _keep(row: Any, enrolment: Enrolment, by: User, verb: str, fields: list[str]) -> None:
    """Saves the row as its next version, with its revision and its line in the change log."""
    if not row._state.adding:
        row.version += 1
    row.save()
    note_change(
        by=by, row=row, section="exams", verb=verb, participant_id=enrolment.participant_id, enrolment_id=enrolment.pk,
        fields=fields,
    )  # fmt: skip
    keep_new_row(row, by=by)
