"""Minutes are shared in the moment somebody writes: what stands on a point is what was locked as the version."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from meetings.actions import minutes as acts
from meetings.actions.minutes import share_minutes, start_minutes, write_item
from meetings.minutes_text import fingerprint
from meetings.models import AgendaItem, MinutesVersion
from tests.cast import Cast, make_cast
from tests.meetings.group import held


@pytest.fixture
def cast(_flush_may_empty_logs: None, transactional_db: None, today: date) -> Cast:
    """The cast, committed."""
    return make_cast(today)


def test_what_is_written_while_they_are_shared_is_in_what_is_locked(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    row = held(cast, days=0)
    start_minutes(meeting=row, by=cast.koordinator)
    item, noted, faults = AgendaItem.objects.filter(meeting=row)[0], acts._note_writing, list[BaseException]()

    def share() -> None:
        try:
            share_minutes(meeting=row, by=cast.koordinator, at=timezone.now())
        except BaseException as fault:
            faults.append(fault)
        finally:
            connection.close()

    sharer = threading.Thread(target=share)

    def meanwhile(*args: Any) -> None:
        noted(*args)
        sharer.start()
        sharer.join(timeout=2)  # it has shared them, or it waits for the one who writes

    monkeypatch.setattr(acts, "_note_writing", meanwhile)
    base = {"discussion": fingerprint(""), "decision": fingerprint("")}
    write_item(item=item, sent={"discussion": "Sist skrevet"}, based_on=base, by=cast.faglaerer, at=timezone.now())
    sharer.join(timeout=30)
    assert faults == [] and not sharer.is_alive()
    item.refresh_from_db()
    locked = {one["item"]: one["discussion"] for one in MinutesVersion.objects.get().content["items"]}
    assert locked[item.public_id] == item.discussion == "Sist skrevet"
