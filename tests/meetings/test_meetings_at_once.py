"""A series that is changed while one of its meetings is called: what is called stands, and nobody is called to a time that is moved."""

from __future__ import annotations

import threading
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from meetings.actions import series as acts
from meetings.actions.meetings import call_meeting
from meetings.models import Meeting, MeetingSeries
from tests.cast import Cast, make_cast
from tests.meetings.arranged import signed_in


@pytest.fixture
def cast(_flush_may_empty_logs: None, transactional_db: None, today: date) -> Cast:
    """The cast, committed."""
    return make_cast(today)


def test_a_meeting_called_while_its_series_is_changed_is_not_moved(
    cast: Cast, today: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = MeetingSeries.objects.create(
        kind="project_group", trade=cast.trades["BUA"], name="P", first_on=today + timedelta(days=7), starts_at=time(9)
    )
    acts.plan_ahead(series=row, today=today, by=cast.koordinator)
    first = Meeting.objects.order_by("starts_at")[0]
    browser, called = signed_in(cast, "koordinator"), []

    def run() -> None:
        try:
            called.append(call_meeting(meeting=first, version=first.version, by=cast.koordinator, at=timezone.now()))
        except Exception as fault:
            called.append(fault)
        finally:
            connection.close()

    other = threading.Thread(target=run)
    rule = acts.day_off_rule

    def somebody_calls(kind: str) -> Any:
        """Between what the change has read and what it writes. The call waits for the change, or is through within the time given."""
        if not other.ident:
            other.start()
            other.join(timeout=2)
        return rule(kind)

    monkeypatch.setattr(acts, "day_off_rule", somebody_calls)
    data = {"name": "P", "interval_days": 28, "first_on": row.first_on, "starts_at": "15:00", "minutes_long": 60, "version": 1}
    assert browser.post(reverse("series_edit", args=[row.public_id]), data).status_code == 302
    other.join(timeout=60)
    assert called[0] in (True, False), called
    before = first.starts_at
    first.refresh_from_db()
    assert (first.state == "called", first.starts_at == before) == (called[0], called[0])
