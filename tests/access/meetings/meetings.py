"""Who gets what from the addresses of meetings, and one meeting about a participant with a text of its own in every column.

The meeting the addresses point at is a project group of the cast's own trade, called: the koordinator, the faglærer and the
norsklærer are invited. To everybody else it is not there.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from meetings.models import Invitee, Meeting
from tests.access.filled import Marks
from tests.access.rows import Row, page
from tests.cast import Cast

EVERYONE = "KFNALSDIX"


def of_meeting(name: str, who: str, post: str = "", *, invited: str = "KFN", no_get: bool = False) -> Row:
    """An address of the meeting: who gets in of those it is there for; the others get 404."""
    outside = [letter for letter in EVERYONE if letter not in invited]
    differs = {f"{verb} {letter}": 404 for letter in outside for verb in ("GET", "POST")}
    return Row(name, who, post, of_record=False, no_get=no_get, differs=differs)


RECORD_ROWS: list[Row] = []
PAGE_ROWS: list[Row] = [
    page("meeting_list", "KFNALSD"),
    page("meeting_new", "K", "K"),
    of_meeting("meeting_detail", "KFN", "KFN"),
    of_meeting("meeting_edit", "K", "K"),
    of_meeting("meeting_call", "K", "K", no_get=True),
    of_meeting("meeting_cancel", "K", "K"),
    of_meeting("meeting_attendance", "KFN", "KFN"),
]


def meeting_of(cast: Cast) -> Meeting:
    """The project group's next meeting, called."""
    starts = timezone.now() + timedelta(days=9)
    made, is_new = Meeting.objects.get_or_create(
        kind="project_group", trade=cast.trades["BUA"], title="",
        defaults={"state": "called", "called_at": timezone.now(), "starts_at": starts, "ends_at": starts + timedelta(hours=1)},
    )  # fmt: skip
    if is_new:
        for role, who in (("coordinator", "koordinator"), ("faglaerer", "faglaerer"), ("norsklaerer", "norsklaerer")):
            Invitee.objects.create(meeting=made, user=cast.users[who], role=role)
    return made


def _meeting(cast: Cast) -> dict[str, Any]:
    return {"meeting_id": meeting_of(cast).public_id}


# The arguments of addresses that are not of a record, by the address' name; a function of the cast.
THINGS: dict[str, Any] = {
    **dict.fromkeys(
        ("meeting_detail", "meeting_edit", "meeting_call", "meeting_cancel", "meeting_attendance"), _meeting
    ),
    "meeting_list": lambda cast: {},
    "meeting_new": lambda cast: {},
}  # fmt: skip


def fill(cast: Cast, marks: Marks, key: str, placement_key: str) -> None:
    """A cooperation meeting about the participant to which only the koordinator is invited."""
    if placement_key:
        return
    starts = timezone.now() + timedelta(days=4)
    meeting = Meeting(
        kind="cooperation", enrolment=cast.enrolments[key], state="called", called_at=timezone.now(), starts_at=starts,
        ends_at=starts + timedelta(hours=1),
    )  # fmt: skip
    for column in ("title", "place", "programme", "cancel_words"):
        setattr(meeting, column, marks.new("meeting_items", key, "", f"Meeting.{column}", "K"))
    meeting.save()
    own = Invitee(meeting=meeting, user=cast.users["koordinator"], role="coordinator")
    own.answer_words = marks.new("meeting_items", key, "", "Invitee.answer_words", "K")
    own.save()


def addresses(cast: Cast) -> list[str]:
    """Every address of the meetings about the participants, for the search after what leaks."""
    found = ["/moter/", "/moter/?vis=tidligere", "/moter/nytt/?type=cooperation&q=selma"]
    for meeting in Meeting.objects.order_by("pk"):
        found += [reverse(name, args=[meeting.public_id]) for name in ("meeting_detail", "meeting_edit", "meeting_cancel")]
    return found
