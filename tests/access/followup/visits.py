"""Who gets what from the addresses of visits, and one row of every kind with a text of its own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from followup.models import VisitOtherText, WorkplaceVisit
from followup.models.visits import HELD, PROPOSED
from tests.access.filled import Marks
from tests.access.rows import Row, act, form, look, page
from tests.cast import Cast

RECORD_ROWS: list[Row] = [
    look("participant_besok", "KFNALD"),
    form("besok_plan", "KFAD"),
    form("besok_edit", "KF"),
    form("besokstid_move", "KFAD"),
    act("besokstid_accept", "KFAD"),
    act("besokstid_cancel", "KFAD"),
]
PAGE_ROWS: list[Row] = [page("besok_list", "KF"), page("besok_log", "KF", "KF")]
# The model behind <public_id> of addresses that are not of a record, by the address' name; a function of the cast.
THINGS: dict[str, Any] = {}


def fill(cast: Cast, marks: Marks, key: str, placement_key: str) -> None:
    """One row of every kind on the enrolment (placement_key "") or on the placement."""
    if not placement_key:
        return
    placement, by = cast.placements[placement_key], cast.users["faglaerer"]
    where = {"enrolment": key, "placement": placement_key}
    held = WorkplaceVisit(
        placement=placement, state=HELD, visited_on=placement.starts_on + timedelta(days=1), visitor=by, only_log=True,
        present=["deltaker", "fadder"], logged_at=timezone.now(), created_by=by,
    )  # fmt: skip
    # A held visit has no message about its time any more.
    marks.rows["besok", placement_key] = marks.write(held, skip=("plan_words", "device_key"), **where)
    other = VisitOtherText(visit=held, by=cast.users["koordinator"])
    marks.rows["besok.tekst", placement_key] = marks.write(other, skip=("device_key",), **where)
    planned = WorkplaceVisit(
        placement=placement, state=PROPOSED, planned_at=timezone.now() + timedelta(days=9), proposed_by=cast.users["norsklaerer"],
        created_by=by,
    )  # fmt: skip
    written = ("seen", "agreed", "internal_note", "device_key")
    marks.rows["besokstid", placement_key] = marks.write(planned, skip=written, **where)
