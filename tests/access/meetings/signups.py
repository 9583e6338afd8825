"""Who gets what from the list of an information meeting: the koordinator alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from meetings.models import Meeting, SignUp
from tests.access.filled import Marks
from tests.access.meetings.meetings import of_meeting
from tests.access.rows import Row
from tests.cast import Cast

RECORD_ROWS: list[Row] = []
PAGE_ROWS: list[Row] = [
    of_meeting("sign_up_list", "K", "K", invited="K"),
    of_meeting("sign_up_new", "K", "K", invited="K"),
    of_meeting("sign_up_edit", "K", "K", invited="K"),
    of_meeting("sign_up_remove", "K", "K", invited="K", no_get=True),
    of_meeting("sign_up_refer", "K", "K", invited="K"),
]


def _row(cast: Cast) -> dict[str, Any]:
    starts = timezone.now() + timedelta(days=12)
    made, _new = Meeting.objects.get_or_create(
        kind="information", defaults={"starts_at": starts, "ends_at": starts + timedelta(hours=1)}
    )
    row, _new = SignUp.objects.get_or_create(meeting=made, name="Per Påmeldt")
    return {"meeting_id": made.public_id, "row_id": row.public_id}


THINGS: dict[str, Any] = {row.name: _row for row in PAGE_ROWS}


def fill(cast: Cast, marks: Marks, key: str, placement_key: str) -> None:
    """Nothing hangs on an enrolment or a placement."""
