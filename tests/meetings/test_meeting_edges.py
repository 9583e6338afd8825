"""Odd input to the pages of meetings: what nobody types by intent, and what browsers and scripts send anyway."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from meetings.models import Meeting, MeetingSeries
from tests.cast import Cast
from tests.meetings.arranged import ahead, signed_in


def clocks_forward(today: date) -> date:
    """The next Sunday on which the clocks are put forward, at least a day ahead."""
    days = (date(year, 3, 31) - timedelta(days=(date(year, 3, 31).weekday() + 1) % 7) for year in (today.year, today.year + 1))
    return next(day for day in days if day > today)


@pytest.mark.parametrize("at", ["02:00", "02:30"])
def test_a_meeting_at_a_time_the_clocks_skip_lasts_as_long_as_it_says(cast: Cast, today: date, at: str) -> None:
    data = {"day": clocks_forward(today).isoformat(), "at": at, "minutes_long": "30"}
    answer = signed_in(cast, "koordinator").post(f"{reverse('meeting_new')}?type=information", data)
    assert answer.status_code == 302
    row = Meeting.objects.get(kind="information")
    assert row.ends_at - row.starts_at == timedelta(minutes=30)


def test_a_series_at_a_time_the_clocks_skip_is_planned(cast: Cast, today: date) -> None:
    data = {
        "kind": "information", "name": "Natt", "interval_days": 1, "first_on": today, "starts_at": "02:45", "minutes_long": 30,
    }  # fmt: skip
    assert signed_in(cast, "koordinator").post(reverse("series_new"), data).status_code == 302
    series = MeetingSeries.objects.get()
    rows = Meeting.objects.filter(series=series)
    assert {row.ends_at - row.starts_at for row in rows} == {timedelta(minutes=30)}


@pytest.mark.parametrize("query", ["fag=%ff%fe", f"status={'å' * 3000}", "type=x&side=99999999999999999999999"])
def test_a_list_asked_for_what_is_not_there_is_empty(cast: Cast, query: str) -> None:
    answer = signed_in(cast, "koordinator").get(f"{reverse('meeting_list')}?{query}")
    assert (answer.status_code, answer.context["rows"]) == (200, [])


LONG = [
    ("place", "a\x00b"), ("title", "å" * 5000), ("minutes_long", "9" * 5000), ("at", "\x00"), ("day", "0001-01-01"),
    ("day", "2099-12-31"), ("video_link", "javascript:alert(1)"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text"), LONG)
def test_a_value_that_cannot_be_is_said_by_its_field(cast: Cast, name: str, text: str) -> None:
    data = {"day": ahead(14).isoformat(), "at": "10:00", "minutes_long": "60", name: text}
    answer = signed_in(cast, "koordinator").post(f"{reverse('meeting_new')}?type=information", data)
    assert answer.status_code == 422
    assert name in answer.context["form"].errors


SERIES = [
    ("interval_days", "0"), ("interval_days", "801"), ("minutes_long", "99999"), ("first_on", "9999-12-31"),
    ("ends_on", "1999-01-01"), ("kind", "cooperation"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text"), SERIES)
def test_a_value_of_a_series_that_cannot_be_is_said_by_its_field(cast: Cast, today: date, name: str, text: str) -> None:
    data: dict[str, Any] = {
        "kind": "information", "name": "S", "interval_days": 28, "first_on": today, "starts_at": "10:00", "minutes_long": 60,
    }  # fmt: skip
    answer = signed_in(cast, "koordinator").post(reverse("series_new"), data | {name: text})
    assert answer.status_code == 422
    assert name in answer.context["form"].errors


@pytest.mark.parametrize(("first", "interval"), [("2099-12-31", 800), ("1920-01-01", 1)])
def test_a_series_at_the_edge_of_time_is_planned(cast: Cast, first: str, interval: int) -> None:
    data = {
        "kind": "information", "name": "S", "interval_days": interval, "first_on": first, "starts_at": "23:59", "minutes_long": 720,
    }  # fmt: skip
    browser = signed_in(cast, "koordinator")
    assert browser.post(reverse("series_new"), data).status_code == 302
    assert browser.get(reverse("series_list")).status_code == 200


@pytest.mark.parametrize("version", ["\x00", "9" * 50, "²"])
def test_a_version_that_is_none_calls_nothing(cast: Cast, version: str) -> None:
    start = timezone.now() + timedelta(days=9)
    row = Meeting.objects.create(kind="information", starts_at=start, ends_at=start + timedelta(hours=1))
    browser = signed_in(cast, "koordinator")
    for name in ("meeting_call", "meeting_attendance"):
        assert browser.post(reverse(name, args=[row.public_id]), {"version": version}).status_code == 302
    row.refresh_from_db()
    assert row.state == "planned"
