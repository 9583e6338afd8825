"""Who gets what from the addresses of invitations. The link in a mail is open to all, and to none who was not given it."""

from __future__ import annotations

from typing import Any

from meetings.models import Invitee
from tests.access.filled import Marks
from tests.access.meetings.meetings import meeting_of, of_meeting
from tests.access.rows import Row, page
from tests.cast import Cast

RECORD_ROWS: list[Row] = []
EVERYONE = "KFNALSDIXU"
PAGE_ROWS: list[Row] = [
    of_meeting("invitee_add", "K", "K"),
    of_meeting("invitee_remove", "K", "K", no_get=True),
    of_meeting("invitee_substitute", "KF", "KF"),  # the faglærer's own: for oneself, and for the koordinator
    of_meeting("invitee_chair", "K", "K", no_get=True),
    page("invitation_link", EVERYONE, EVERYONE, **{f"{verb}_{one}": 404 for one in EVERYONE for verb in ("GET", "POST")}),
]


def _row(cast: Cast) -> dict[str, Any]:
    meeting = meeting_of(cast)
    return {
        "meeting_id": meeting.public_id, "row_id": Invitee.objects.get(meeting=meeting, user=cast.users["faglaerer"]).public_id
    }  # fmt: skip


def _removed(cast: Cast) -> dict[str, Any]:
    """Somebody outside, who can be taken away without anybody missing them."""
    meeting = meeting_of(cast)
    row, _new = Invitee.objects.get_or_create(meeting=meeting, name="Nina Navdal", email="nina@nav.example")
    return {"meeting_id": meeting.public_id, "row_id": row.public_id}


THINGS: dict[str, Any] = {
    **dict.fromkeys(("invitee_add", "invitee_substitute", "invitee_chair"), _row),
    "invitee_remove": _removed,
    "invitation_link": lambda cast: {"token": "2222222222zz"},
}


def fill(cast: Cast, marks: Marks, key: str, placement_key: str) -> None:
    """The invitation of the koordinator is in the meeting's own module."""
