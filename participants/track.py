"""Løypa: the participant's phases with their days, and the marks of the contract, for the drawing."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from django.utils.formats import date_format

from fagbrev.ui.loypa import Mark, Step, Track, layout
from participants.access import Record
from participants.models import StatusChange
from participants.workflow import ENDED, MAIN_LINE, STATUS_NAMES

SCALED_YEARS = 2
NAMES = {"completed": "Fagbrev"}  # what the end of the way is called on løypa


def track_of(found: Record, changes: list[StatusChange], window: Any) -> Track:
    """Gives the drawing: finished phases packed, the present stretch to scale with today, exam window and contract end."""
    enrolment, today = found.enrolment, found.today
    days: dict[str, date | None] = {}
    for change in changes:
        if change.kind != "correction" or change.step == "fill_in":
            days[change.to_status] = change.happened_on
    current = enrolment.status
    if current == "on_leave":
        current = enrolment.status_before_leave or "training"
    line = _line(current, days)
    place = line.index(current)
    begin = enrolment.status_since or today
    end = enrolment.contract_ends_on if found.reads("training_contract") and enrolment.contract_ends_on else None
    end = end if end and end > begin else date(begin.year + SCALED_YEARS, 1, 1)
    span = max(1, (end - begin).days)

    def at(day: date) -> float:
        return max(0.0, min(1.0, (day - begin).days / (span * 1.12)))

    steps = [
        # A phase one has gone back from has a day in the history, but lies ahead again.
        Step(NAMES.get(status, STATUS_NAMES[status]), _short(days.get(status)) if n <= place else "", _state(n, place, current))
        for n, status in enumerate(line)
    ]
    marks = []
    if current not in ENDED:
        if window is not None and window.opens_on <= end and found.reads("exams"):
            marks.append(Mark("Eksamen, påmelding", _period(window.opens_on, window.closes_on), at(window.opens_on), "exam"))
        if enrolment.contract_ends_on and found.reads("training_contract"):
            marks.append(
                Mark("Kontrakten slutter", _short(enrolment.contract_ends_on), at(enrolment.contract_ends_on), "contract_end")
            )
    label = f"{found.participant.first_name} i dag" if not found.is_own else "Du er her"
    return layout(steps, marks=marks, today=None if current in ENDED else at(today), today_label=label)


def _state(n: int, place: int, current: str) -> Literal["done", "current", "future"]:
    if n < place or current in ENDED:
        return "done"
    return "current" if n == place else "future"


def _line(current: str, days: dict[str, date | None]) -> list[str]:
    """The phases to draw: the straight way, and a final state or waiting list where the person is."""
    if current in ENDED and current != "completed":
        reached = [status for status in MAIN_LINE if status in days]
        return [*reached, current]
    line = list(MAIN_LINE)
    if current == "waitlisted":
        line.insert(2, "waitlisted")
    went_straight = current in {"training", "trade_test", "completed"} and "contract_applied" not in days
    if went_straight:
        line.remove("contract_applied")
    return line


def _short(day: date | None) -> str:
    return date_format(day, "j. M Y").lower() if day else ""


def _period(first: date, last: date) -> str:
    return f"{date_format(first, 'j. M')}–{date_format(last, 'j. M Y')}".lower()
