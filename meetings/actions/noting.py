"""The change log's rows about meetings."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from fagbrev.audit.log import note_change
from fagbrev.people.models import User
from meetings.models import Meeting, MeetingSeries


def note_meeting(*, by: User | None, meeting: Meeting, row: Any = None, verb: str, fields: Collection[str] = ()) -> None:
    """Writes one change row: with the participant it is about, if any."""
    about = meeting.enrolment
    note_change(
        by=by, row=row or meeting, section="meeting_items", verb=verb, participant_id=about.participant_id if about else None,
        enrolment_id=about.pk if about else None, fields=fields,
    )  # fmt: skip


def note_series(*, by: User | None, series: MeetingSeries, row: Any = None, verb: str, fields: Collection[str] = ()) -> None:
    """Writes one change row about a series."""
    note_change(by=by, row=row or series, section="meeting_items", verb=verb, participant_id=None, fields=fields)
