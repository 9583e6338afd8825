"""A break entered after meetings were planned: what a series only planned moves past it, what is called stays and is told of."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from fagbrev.mail.models import OutgoingMail
from meetings.actions.series import plan_ahead
from meetings.models import Meeting
from participants.models import Participant
from programmes.models import CalendarBreak
from tests.cast import Cast
from tests.meetings.arranged import about, ahead, call, plan, signed_in
from tests.meetings.test_series import WEEK, a_series, days_in

NEW = reverse("year_row_new", args=["ferie"])


@pytest.fixture(autouse=True)
def no_breaks(db: None) -> None:
    CalendarBreak.objects.all().delete()


def enter(cast: Cast, first: date, last: date, **more: Any) -> Any:
    """A break as the koordinator enters it, and the page after that."""
    data = {"name": "Høstferie", "starts_on": first.isoformat(), "ends_on": last.isoformat(), "stops_teaching": "on", **more}
    return signed_in(cast, "koordinator").post(NEW, {key: value for key, value in data.items() if value}, follow=True)


def a_quiet_week() -> date:
    """The Monday of a week without public holidays, so that a break alone takes its days."""
    return date(timezone.localdate().year + 1, 2, 1) + timedelta(days=(-date(timezone.localdate().year + 1, 2, 1).weekday()) % 7)


@pytest.fixture
def called(cast: Cast) -> Meeting:
    meeting = plan(cast, "project_group", "&fag=BUA", day=(a_quiet_week() + timedelta(days=1)).isoformat())
    call(cast, meeting)
    meeting.refresh_from_db()
    return meeting


def test_a_called_meeting_stays_and_the_koordinator_is_led_to_it(cast: Cast, called: Meeting) -> None:
    mails, before, monday = OutgoingMail.objects.count(), called.starts_at, a_quiet_week()
    page = enter(cast, monday, monday + timedelta(days=4))
    row = CalendarBreak.objects.get()
    assert page.redirect_chain[-1][0] == f"{reverse('meeting_list')}?ferie={row.public_id}"
    content = page.content.decode()
    assert "1 møte ligger i Høstferie. Det er ikke flyttet. Se om det skal flyttes." in content
    assert [one.url for one in page.context["rows"]] == [called.get_absolute_url()]
    assert "Møtet ligger i Høstferie." in content
    assert f'href="{reverse("meeting_edit", args=[called.public_id])}"' in content
    called.refresh_from_db()
    assert (called.starts_at, OutgoingMail.objects.count()) == (before, mails)


def test_the_list_and_the_page_say_it_to_who_may_move_it_alone(cast: Cast, called: Meeting) -> None:
    monday = a_quiet_week()
    other = plan(cast, "project_group", "&fag=HEA", day=(monday + 2 * WEEK).isoformat())
    enter(cast, monday, monday + timedelta(days=4))
    for address in ("/moter/", called.get_absolute_url()):
        assert "Møtet ligger i Høstferie" in signed_in(cast, "koordinator").get(address).content.decode(), address
        assert "Høstferie" not in signed_in(cast, "faglaerer").get(address).content.decode(), address
    assert "Høstferie" not in signed_in(cast, "koordinator").get(other.get_absolute_url()).content.decode()
    row = CalendarBreak.objects.get()
    assert signed_in(cast, "faglaerer").get(f"/moter/?ferie={row.public_id}").context["asked"].within is None
    Meeting.objects.filter(pk=called.pk).update(state="cancelled", cancelled_at=timezone.now())
    assert "Høstferie" not in signed_in(cast, "koordinator").get(called.get_absolute_url()).content.decode()


def test_what_a_series_has_planned_moves_past_it_as_its_rule_says(cast: Cast, today: date) -> None:
    tuesday = a_quiet_week() + timedelta(days=1)
    series = a_series(cast, tuesday - 4 * WEEK)
    plan_ahead(series=series, today=today, by=cast.koordinator)
    before = days_in(series)
    assert (tuesday, tuesday) in before
    page = enter(cast, tuesday - timedelta(days=1), tuesday + timedelta(days=3))
    after = days_in(series)
    assert [pair for pair in after if pair not in before] == [(tuesday, tuesday + timedelta(days=6))]
    assert len(after) == len(before)
    content = page.content.decode()
    assert "1 møte i møteserier er flyttet forbi Høstferie. Ingen var kalt inn." in content
    assert "ligger i Høstferie" not in content
    moved = Meeting.objects.get(series=series, series_on=tuesday)
    assert (timezone.localtime(moved.starts_at).time(), moved.ends_at - moved.starts_at) == (series.starts_at, timedelta(hours=1))


def test_one_that_would_come_on_the_next_ones_day_falls_away(cast: Cast, today: date) -> None:
    tuesday = a_quiet_week() + timedelta(days=1)
    series = a_series(cast, tuesday, interval_days=7)
    plan_ahead(series=series, today=today, by=cast.koordinator)
    page = enter(cast, tuesday - timedelta(days=1), tuesday + WEEK + timedelta(days=1))
    assert "1 møte i møteserier faller bort, fordi det neste kommer like etter Høstferie." in page.content.decode()
    days = [day for _given, day in days_in(series)]
    assert days[:2] == [tuesday + WEEK + timedelta(days=2), tuesday + 2 * WEEK]
    assert len(days) == len(set(days)) == 6


def test_a_called_meeting_of_a_series_stays_and_one_moved_by_hand_to_another_day_too(cast: Cast, today: date) -> None:
    tuesday = a_quiet_week() + timedelta(days=1)
    series = a_series(cast, tuesday)
    plan_ahead(series=series, today=today, by=cast.koordinator)
    first, second = Meeting.objects.filter(series=series).order_by("starts_at")[:2]
    call(cast, first)
    elsewhere = second.starts_at + WEEK
    Meeting.objects.filter(pk=second.pk).update(starts_at=elsewhere, ends_at=elsewhere + timedelta(hours=1))
    enter(cast, tuesday - timedelta(days=1), tuesday + timedelta(days=3))
    enter(cast, tuesday + 4 * WEEK - timedelta(days=1), tuesday + 4 * WEEK + timedelta(days=3), name="En til")
    assert days_in(series, "called") == [(tuesday, tuesday)]
    second.refresh_from_db()
    assert second.starts_at == elsewhere


def test_a_break_in_practice_alone_takes_no_project_group(cast: Cast, called: Meeting) -> None:
    monday = a_quiet_week()
    other = plan(cast, "mentor_gathering", day=(monday + timedelta(days=2)).isoformat())
    page = enter(cast, monday, monday + timedelta(days=4), stops_teaching="", stops_practice="on")
    assert [one.url for one in page.context["rows"]] == [other.get_absolute_url()]
    assert "Høstferie" not in signed_in(cast, "koordinator").get(called.get_absolute_url()).content.decode()


def test_a_break_that_takes_no_meeting_leads_back_to_the_year(cast: Cast, called: Meeting) -> None:
    monday = a_quiet_week() + 2 * WEEK
    assert enter(cast, monday, monday + timedelta(days=4)).redirect_chain[-1][0].startswith(reverse("year_list"))
    row = CalendarBreak.objects.get()
    first = a_quiet_week()
    changed = {"name": row.name, "starts_on": first.isoformat(), "ends_on": first + timedelta(days=4), "stops_teaching": "on"}
    address = reverse("year_row_edit", args=["ferie", row.public_id])
    page = signed_in(cast, "koordinator").post(address, changed | {"version": row.version}, follow=True)
    assert [one.url for one in page.context["rows"]] == [called.get_absolute_url()]


def test_no_list_says_that_a_meeting_about_one_with_a_protected_address_lies_in_it(cast: Cast) -> None:
    Participant.objects.filter(pk=cast.enrolments["selma"].participant_id).update(address_protection="fortrolig")
    day = ahead(14)
    meeting = plan(cast, "cooperation", about(cast), day=day.isoformat())
    page = enter(cast, day, day)
    content = page.content.decode()
    assert page.redirect_chain[-1][0].startswith(reverse("year_list"))
    assert "Se også over møtene om deltakere med beskyttet adresse. Tiden deres står ikke i lista." in content
    browser = signed_in(cast, "koordinator")
    for address in ("/moter/", f"/moter/?ferie={CalendarBreak.objects.get().public_id}"):
        assert not any(row.lies_in for row in browser.get(address).context["rows"]), address
    assert "Møtet ligger i Høstferie" in browser.get(meeting.get_absolute_url()).content.decode()


def test_breaks_in_the_list_cost_the_same_however_many_meetings(cast: Cast, called: Meeting) -> None:
    monday, browser = a_quiet_week(), signed_in(cast, "koordinator")
    enter(cast, monday, monday + timedelta(days=4))
    browser.get("/moter/")
    counts = []
    for _time in range(2):
        with CaptureQueriesContext(connection) as queries:
            browser.get("/moter/")
        counts.append(len(queries))
        for _number in range(3):
            plan(cast, "mentor_gathering", day=(monday + timedelta(days=2)).isoformat())
    assert counts[0] == counts[1]
