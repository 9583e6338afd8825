"""Who gets what from the addresses of the weekly plan, and one row of every kind with a text of its own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from followup.models.practice import WeeklyPlan, WeeklyPlanLine
from followup.weekly_shown import monday_of
from tests.access.filled import Marks
from tests.access.rows import Row, act, form, look
from tests.cast import Cast

RECORD_ROWS: list[Row] = [
    look("participant_ukeplan", "KFNALD"),
    look("ukeplan_print", "KFNALD"),
    form("ukeplan_edit", "KAD"),
    act("ukeplan_copy", "KAD"),
    act("ukeplan_tick", "KAD"),
]
PAGE_ROWS: list[Row] = []
# The model behind <public_id> of addresses that are not of a record, by the address' name; a function of the cast.
THINGS: dict[str, Any] = {}


def fill(cast: Cast, marks: Marks, key: str, placement_key: str) -> None:
    """One row of every kind on the enrolment (placement_key "") or on the placement."""
    if not placement_key:
        return
    placement, where = cast.placements[placement_key], {"enrolment": key, "placement": placement_key}
    week = monday_of(min(cast.today, placement.ends_on or cast.today))
    plan = WeeklyPlan(placement=placement, week_starts_on=week)
    marks.rows["ukeplan", placement_key] = marks.write(plan, **where)
    before = WeeklyPlan(placement=placement, week_starts_on=week - timedelta(days=7), focus="Lese", look_back="Bra")
    before.save()
    marks.write(WeeklyPlanLine(plan=plan, weekday=2, place=0), **where)
