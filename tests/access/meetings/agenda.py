"""Who gets what from the addresses of the agenda and of its template. The meeting is the one of tests.access.meetings.meetings."""

from __future__ import annotations

from typing import Any

from meetings.defaults import load
from meetings.models import AgendaItem, StandingItem
from tests.access.filled import Marks
from tests.access.meetings.meetings import meeting_of, of_meeting
from tests.access.rows import Row, page
from tests.cast import Cast

RECORD_ROWS: list[Row] = []
# A point that another has put on: those who are invited may come this far, and no further.
NOT_THEIRS = of_meeting("agenda_item_withdraw", "KFN", "KFN", no_get=True)
NOT_THEIRS.differs.update({"POST F": 403, "POST N": 403})
PAGE_ROWS: list[Row] = [
    page("standing_list", "K"),
    page("standing_new", "K", "K"),
    page("standing_edit", "K", "K"),
    Row("standing_move", "K", "K", of_record=False, no_get=True),
    of_meeting("agenda_page", "KFN"),
    of_meeting("agenda_pdf", "KFN"),
    of_meeting("agenda_pick", "K", "K", no_get=True),
    of_meeting("agenda_item_new", "KFN", "KFN"),
    of_meeting("agenda_item_edit", "K", "K"),  # the koordinator's own: to the others one they may not change
    NOT_THEIRS,
    of_meeting("agenda_item_move", "K", "K", no_get=True),
]


def _item(cast: Cast) -> dict[str, Any]:
    meeting = meeting_of(cast)
    item, _is_new = AgendaItem.objects.get_or_create(
        meeting=meeting, kind="own", title="Lokale", proposed_by=cast.users["koordinator"]
    )
    return {"meeting_id": meeting.public_id, "item_id": item.public_id}


def _standing(cast: Cast) -> dict[str, Any]:
    load(today=cast.today)
    return {"row_id": StandingItem.objects.order_by("pk").values_list("public_id", flat=True)[0]}


# The arguments of addresses that are not of a record, by the address' name; a function of the cast.
THINGS: dict[str, Any] = {
    **dict.fromkeys(("standing_list", "standing_new", "standing_edit", "standing_move"), _standing),
    **dict.fromkeys(
        ("agenda_page", "agenda_pdf", "agenda_pick", "agenda_item_new", "agenda_item_edit", "agenda_item_withdraw",
         "agenda_item_move"), _item,
    ),
}  # fmt: skip


def fill(cast: Cast, marks: Marks, key: str, placement_key: str) -> None:
    """The points themselves are filled with the minutes."""
