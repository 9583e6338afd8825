"""Who gets what from the addresses of series of meetings: the koordinator alone."""

from __future__ import annotations

from datetime import time
from typing import Any

from meetings.models import MeetingSeries, SeriesInvitee
from tests.access.filled import Marks
from tests.access.rows import Row, page
from tests.cast import Cast

RECORD_ROWS: list[Row] = []
PAGE_ROWS: list[Row] = [
    page("series_list", "K"),
    page("series_new", "K", "K"),
    page("series_edit", "K", "K"),
    page("series_add", "K", "K"),
    page("series_end", "K", "K"),
    Row("series_remove", "K", "K", of_record=False, no_get=True),
]


def _series(cast: Cast) -> dict[str, Any]:
    made, _new = MeetingSeries.objects.get_or_create(
        kind="project_group", trade=cast.trades["BUA"], name="Prosjektgruppe",
        defaults={"first_on": cast.today, "starts_at": time(9)},
    )  # fmt: skip
    row, _new = SeriesInvitee.objects.get_or_create(series=made, role="faglaerer", user=None)
    return {"series_id": made.public_id, "row_id": row.public_id}


THINGS: dict[str, Any] = {
    **dict.fromkeys(("series_edit", "series_add", "series_end", "series_remove"), _series),
    "series_list": lambda cast: {},
    "series_new": lambda cast: {},
}


def fill(cast: Cast, marks: Marks, key: str, placement_key: str) -> None:
    """Nothing hangs on an enrolment or a placement."""
