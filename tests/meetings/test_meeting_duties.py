"""Duties about meetings: when they stand, whose they are, when one is told, and that an act keeps the table up to date."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fagbrev.duties.engine import refresh
from fagbrev.duties.models import Duty
from fagbrev.duties.reading import duties_for
from fagbrev.duties.rules import Terms, moments_of, settle
from fagbrev.feeds.tokens import make_token
from meetings.actions.invitations import save_answer
from meetings.duties.meetings import (
    KEYS,
    Called,
    TradeGroup,
    Year,
    information_yearly,
    meets,
    project_group_call,
    recipients,
    steering_group_call,
)
from meetings.models import Invitee, Meeting
from programmes.models import Semester, Trade
from tests.cast import Cast, make_user
from tests.meetings.arranged import about, call, client_of, plan, signed_in

DAY = timedelta(days=1)
TODAY = date(2026, 10, 14)  # a Wednesday
SEMESTERS = [("2026/27-autumn", date(2026, 8, 17), date(2026, 12, 18)), ("2026/27-spring", date(2027, 1, 4), date(2027, 6, 18))]


def terms(today: date = TODAY) -> Terms:
    return Terms(today, frame={"semesters": SEMESTERS})


def days_told(due: Any, today: date = TODAY) -> list[date]:
    settled = settle(due, KEYS[due.rule], terms(today))
    assert settled is not None
    return [moment.day for moment in moments_of(_row(settled), KEYS[due.rule], terms(today))]


def _row(due: Any) -> Any:
    from types import SimpleNamespace

    return SimpleNamespace(**due._asdict() | {"told_from": None})


class TestTheRules:
    """Pure functions of facts and the day."""

    def test_the_project_group_is_due_after_the_last_one_and_the_interval_and_told_a_week_before(self) -> None:
        group = TradeGroup(1, "tradeid", "BUA", 28, TODAY - 20 * DAY, "lastmeeting1")
        (due,) = project_group_call(group, terms(), TODAY)
        assert (due.due_on, due.begins_on) == (TODAY + 8 * DAY, TODAY - 6 * DAY)
        assert days_told(due) == [TODAY + DAY]

    def test_a_new_meeting_makes_it_another_duty(self) -> None:
        keys = {
            next(iter(project_group_call(TradeGroup(1, "tradeid", "BUA", 28, TODAY, last), terms(), TODAY))).key
            for last in ("first1", "second2")
        }
        assert len(keys) == 2

    def test_a_called_project_group_is_told_seven_days_and_one_day_before(self) -> None:
        (due,) = meets("project_group_meets_faglaerer", "project_group", "faglaerer")(
            Called("m1", "project_group", 1, TODAY + 12 * DAY, TODAY), terms(), TODAY
        )
        # 19 and 25 October 2026 are a Monday and a Sunday: what stands fast is told on the last working day before.
        assert days_told(due) == [date(2026, 10, 19), date(2026, 10, 23)]

    def test_a_called_steering_group_is_told_fourteen_and_two_days_before(self) -> None:
        on = date(2026, 11, 12)  # a Thursday; 29 October and 10 November are a Thursday and a Tuesday
        (due,) = meets("steering_group_meets_styringsgruppe", "steering_group", "styringsgruppe")(
            Called("m1", "steering_group", None, on, TODAY), terms(), TODAY
        )
        assert days_told(due) == [date(2026, 10, 29), date(2026, 11, 10)]

    def test_a_meeting_that_was_or_of_another_kind_gives_none(self) -> None:
        find = meets("project_group_meets_faglaerer", "project_group", "faglaerer")
        assert not list(find(Called("m1", "project_group", 1, TODAY - DAY, TODAY), terms(), TODAY))
        assert not list(find(Called("m1", "steering_group", None, TODAY, TODAY), terms(), TODAY))

    def test_the_steering_group_not_called_is_due_a_month_into_the_semester(self) -> None:
        (due,) = steering_group_call(Year((), ()), terms(), TODAY)
        assert due.due_on == date(2026, 9, 17)
        assert days_told(due) == [date(2026, 9, 17)]

    @pytest.mark.parametrize(("day", "stands"), [(date(2026, 8, 16), True), (date(2026, 8, 17), False), (date(2026, 12, 18), False),
                                                 (date(2027, 1, 5), True)])  # fmt: skip
    def test_a_steering_group_within_the_semester_is_enough(self, day: date, stands: bool) -> None:
        assert bool(list(steering_group_call(Year((day,), ()), terms(), TODAY))) is stands

    def test_before_the_semester_begins_there_is_nothing_to_call(self) -> None:
        assert not list(steering_group_call(Year((), ()), terms(date(2026, 8, 10)), date(2026, 8, 10)))

    def test_the_yearly_information_meeting_is_told_of_in_september_and_november(self) -> None:
        (due,) = information_yearly(Year((), ()), terms(), TODAY)
        assert due.due_on == date(2026, 12, 31)
        # 1 November 2026 is a Sunday: told on the last working day before.
        assert days_told(due) == [date(2026, 9, 1), date(2026, 10, 30)]

    def test_one_held_or_called_within_the_year_is_enough(self) -> None:
        assert not list(information_yearly(Year((), (date(2026, 12, 30),)), terms(), TODAY))
        assert list(information_yearly(Year((), (date(2025, 12, 30),)), terms(), TODAY))


def keys_of(cast: Cast, who: str, day: date | None = None) -> set[str]:
    return set(duties_for(cast.users[who], day or cast.today).values_list("rule", flat=True))


class TestWhoseTheyAre:
    """The koordinator's to call; those invited are reminded of what is called."""

    def test_calling_takes_the_duty_away_and_gives_those_invited_theirs(self, cast: Cast) -> None:
        Trade.objects.update(created_at=timezone.now() - 40 * DAY)
        refresh(today=cast.today)
        mine = Duty.objects.filter(rule="project_group_call", trade_id=cast.trades["BUA"].pk)
        before = mine.get().due_on
        assert "project_group_call" in keys_of(cast, "koordinator")
        call(cast, plan(cast, "project_group", "&fag=BUA"))
        assert mine.get().due_on > before
        for who in ("koordinator", "faglaerer", "norsklaerer"):
            assert any(key.startswith("project_group_meets_") for key in keys_of(cast, who)), who
        for who in ("annen_faglaerer", "leder", "fadder", "deltaker", "styringsgruppe"):
            assert not any("group" in key for key in keys_of(cast, who)), who

    def test_a_trade_with_nobody_in_it_has_no_project_group_to_call(self, cast: Cast) -> None:
        Trade.objects.update(created_at=timezone.now() - 40 * DAY)
        refresh(today=cast.today)
        rows = duties_for(cast.koordinator, cast.today).filter(rule="project_group_call")
        assert set(rows.values_list("trade_id", flat=True)) == {cast.trades["BUA"].pk, cast.trades["HEA"].pk}

    def test_one_who_declines_is_reminded_no_more(self, cast: Cast) -> None:
        meeting = plan(cast, "project_group", "&fag=BUA")
        call(cast, meeting)
        own = Invitee.objects.get(meeting=meeting, user=cast.faglaerer)
        save_answer(invitee=own, answer="declined", words="", by=cast.faglaerer, at=timezone.now())
        assert "project_group_meets_faglaerer" not in keys_of(cast, "faglaerer")
        assert "project_group_meets_norsklaerer" in keys_of(cast, "norsklaerer")
        rows = list(Duty.objects.filter(subject_id=meeting.public_id))
        told = recipients(rows, cast.today)
        assert {user for row in rows for user in told[row.pk]} == {cast.koordinator.pk, cast.norsklaerer.pk}

    def test_members_of_the_steering_group_have_theirs(self, cast: Cast) -> None:
        Semester.objects.all().delete()
        refresh(today=cast.today)
        assert "steering_group_call" in keys_of(cast, "koordinator") or cast.today.month == 7
        meeting = plan(cast, "steering_group")
        call(cast, meeting)
        assert keys_of(cast, "styringsgruppe") == {"steering_group_meets_styringsgruppe"}
        content = signed_in(cast, "styringsgruppe").get("/frister/").content.decode()
        assert "Styringsgruppemøte" in content
        assert meeting.get_absolute_url() in content

    def test_the_same_people_are_told_as_see_it(self, cast: Cast) -> None:
        Trade.objects.update(created_at=timezone.now() - 40 * DAY)
        call(cast, plan(cast, "project_group", "&fag=BUA"))
        call(cast, plan(cast, "steering_group"))
        rows = list(Duty.objects.filter(source="meetings"))
        told = recipients(rows, cast.today)
        for row in rows:
            wanted = {user.pk for user in cast.users.values() if duties_for(user, cast.today).filter(pk=row.pk).exists()}
            if row.begins_on <= cast.today:
                assert told[row.pk] == wanted, row.key

    def test_called_off_it_is_nobodys(self, cast: Cast) -> None:
        meeting = plan(cast, "project_group", "&fag=BUA")
        call(cast, meeting)
        meeting.refresh_from_db()
        url = reverse("meeting_cancel", args=[meeting.public_id])
        signed_in(cast, "koordinator").post(url, {"version": meeting.version})
        assert not Duty.objects.filter(subject_id=meeting.public_id).exists()


class TestCalendars:
    """On the calendar's pages, in the feed and on the first page, by neutral words."""

    def feed(self, cast: Cast, who: str) -> str:
        token = make_token(user=cast.users[who], at=timezone.now())
        return Client().get(reverse("feed", args=[token])).content.replace(b"\r\n ", b"").decode()

    def test_a_called_meeting_stands_in_the_calendar_of_those_invited_once(self, cast: Cast) -> None:
        meeting = plan(cast, "project_group", "&fag=BUA")
        call(cast, meeting)
        month = f"/kalender/?maned={timezone.localtime(meeting.starts_at):%Y-%m}"
        for who, stands in (("koordinator", True), ("faglaerer", True), ("annen_faglaerer", False), ("styringsgruppe", False)):
            for url in (month, "/kalender/arshjul/"):
                assert (
                    meeting.get_absolute_url() in signed_in(cast, who).get(url).content.decode()
                ) is stands or "arshjul" in url
            found = self.feed(cast, who)
            assert found.count("SUMMARY:Møte i fagbrevordningen") == (1 if stands else 0)
            assert "Prosjektgruppemøte" not in found

    def test_it_stands_in_the_feed_at_its_time(self, cast: Cast) -> None:
        meeting = plan(cast, "project_group", "&fag=BUA")
        call(cast, meeting)
        assert f"DTSTART;TZID=Europe/Oslo:{timezone.localtime(meeting.starts_at):%Y%m%dT%H%M%S}" in self.feed(cast, "faglaerer")

    def test_about_one_the_calendar_says_neither_whom_nor_what(self, cast: Cast) -> None:
        meeting = plan(cast, "cooperation", about(cast))
        call(cast, meeting)
        month = f"/kalender/?maned={timezone.localtime(meeting.starts_at):%Y-%m}"
        content = signed_in(cast, "faglaerer").get(month).content.decode()
        assert meeting.get_absolute_url() in content
        assert "Samarbeidsmøte" not in content
        assert "Selma" not in content

    def test_about_one_with_a_protected_address_nothing_stands_in_calendars(self, cast: Cast) -> None:
        meeting = plan(cast, "cooperation", about(cast))
        call(cast, meeting)
        type(cast.selma.participant).objects.filter(pk=cast.selma.participant_id).update(address_protection="fortrolig")
        month = f"/kalender/?maned={timezone.localtime(meeting.starts_at):%Y-%m}"
        assert meeting.get_absolute_url() not in signed_in(cast, "faglaerer").get(month).content.decode()
        assert "Møte i fagbrevordningen" not in self.feed(cast, "faglaerer")

    @pytest.mark.parametrize("who", ["koordinator", "faglaerer", "fadder", "leder", "deltaker"])
    def test_the_first_page_shows_the_next_meeting(self, cast: Cast, who: str) -> None:
        meeting = plan(cast, "cooperation", about(cast))
        assert "Neste møte" not in signed_in(cast, who).get("/").content.decode()
        call(cast, meeting)
        content = signed_in(cast, who).get("/").content.decode()
        assert "Neste møte" in content
        assert meeting.get_absolute_url() in content
        assert ("Svar på innkallingen" in content) is (who != "koordinator")  # who calls is not asked

    def test_the_steering_groups_first_page_shows_it_too(self, cast: Cast) -> None:
        meeting = plan(cast, "steering_group")
        call(cast, meeting)
        assert meeting.get_absolute_url() in signed_in(cast, "styringsgruppe").get("/").content.decode()


def test_one_who_is_koordinator_and_not_invited_is_not_reminded_of_a_meeting(cast: Cast) -> None:
    meeting = plan(cast, "project_group", "&fag=BUA")
    call(cast, meeting)
    other = make_user("Mona Demo", "coordinator", today=cast.today)
    assert not duties_for(other, cast.today).filter(subject_id=meeting.public_id).exists()
    assert client_of(other).get(meeting.get_absolute_url()).status_code == 200


def test_a_meeting_at_night_by_another_clock_is_on_its_own_day(cast: Cast) -> None:
    from meetings.duties.meetings import called_meetings

    day = cast.today + 3 * DAY
    starts = timezone.make_aware(datetime.combine(day, time(0, 30)))
    Meeting.objects.create(
        kind="steering_group", state="called", called_at=timezone.now(), starts_at=starts, ends_at=starts + timedelta(hours=1)
    )
    assert [row.on for row in called_meetings(cast.today)] == [day]
