"""Meetings that several files of tests begin with."""

from __future__ import annotations

import pytest
from django.utils import timezone

from meetings.actions.agenda import pick_people
from meetings.actions.minutes import start_minutes
from meetings.models import Meeting
from tests.cast import Cast
from tests.meetings.arranged import call, plan
from tests.meetings.group import held


@pytest.fixture
def called(cast: Cast) -> Meeting:
    """A project group that is called."""
    meeting = plan(cast, "project_group", "&fag=BUA", place="Rådhuset, møterom 2")
    call(cast, meeting)
    meeting.refresh_from_db()
    return meeting


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    """A meeting that is held, whose minutes are begun, with two participants to talk of."""
    row = held(cast, days=0)
    pick_people(
        meeting=row, chosen=[cast.selma, cast.placed], among=[cast.selma, cast.placed], by=cast.koordinator, at=timezone.now()
    )
    start_minutes(meeting=row, by=cast.koordinator)
    return row
