"""Series: the next six planned, moved past days off, kept apart by the day the series gave; changed, ended, and planned once."""

from __future__ import annotations

import threading
from datetime import date, time, timedelta
from itertools import islice, pairwise
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from fagbrev.dates import date_words, public_holidays
from meetings.actions.series import add_fixed, plan_ahead, plan_all_ahead
from meetings.days import days_of_series, moment_of
from meetings.models import Invitee, Meeting, MeetingSeries, SeriesInvitee
from programmes.models import CalendarBreak, TeachingAssignment, Trade
from tests.cast import Cast, make_user
from tests.meetings.arranged import call, invited, signed_in

WEEK = timedelta(days=7)


def a_series(cast: Cast, first: date, **more: Any) -> MeetingSeries:
    values: dict[str, Any] = {
        "kind": "project_group", "trade": cast.trades["BUA"], "name": "Prosjektgruppe", "interval_days": 28, "first_on": first,
        "starts_at": time(9, 30), "minutes_long": 60, "place": "Møterommet",
    }  # fmt: skip
    return MeetingSeries.objects.create(**values | more)


def days_in(series: MeetingSeries, *states: str) -> list[tuple[date | None, date]]:
    rows = Meeting.objects.filter(series=series, state__in=states or ["planned"]).order_by("starts_at")
    return [(row.series_on, timezone.localdate(row.starts_at)) for row in rows]


def a_tuesday(today: date) -> date:
    return today + timedelta(days=7 + (1 - today.weekday()) % 7)


class TestPlanned:
    """The next six."""

    def test_six_are_planned_at_the_interval(self, cast: Cast, today: date) -> None:
        CalendarBreak.objects.all().delete()
        series = a_series(cast, a_tuesday(today))
        assert plan_ahead(series=series, today=today, by=cast.koordinator) == 6
        found = days_in(series)
        assert [given for given, _day in found] == [series.first_on + number * 4 * WEEK for number in range(6)]
        assert all(day >= given for given, day in found if given)
        assert plan_ahead(series=series, today=today, by=None) == 0

    def test_one_on_a_day_off_or_in_a_break_is_moved_and_keeps_its_day(self, cast: Cast, today: date) -> None:
        CalendarBreak.objects.all().delete()
        series = a_series(cast, a_tuesday(today))
        second = series.first_on + 4 * WEEK
        CalendarBreak.objects.create(name="Vinterferie", starts_on=second, ends_on=second + WEEK, stops_teaching=True)
        plan_ahead(series=series, today=today, by=None)
        given, day = days_in(series)[1]
        assert given == second
        assert second + WEEK < day < second + 2 * WEEK

    def test_the_series_lists_its_meetings_and_says_from_which_day_one_was_moved(self, cast: Cast, today: date) -> None:
        CalendarBreak.objects.all().delete()
        series = a_series(cast, a_tuesday(today))
        second = series.first_on + 4 * WEEK
        CalendarBreak.objects.create(name="Vinterferie", starts_on=second, ends_on=second + WEEK, stops_teaching=True)
        plan_ahead(series=series, today=today, by=None)
        Meeting.objects.filter(series=series, series_on=second + 4 * WEEK).update(state="cancelled", cancelled_at=timezone.now())
        answer = signed_in(cast, "koordinator").get(reverse("series_edit", args=[series.public_id]))
        rows = answer.context["planned"]
        ahead = list(Meeting.objects.filter(series=series, state="planned").order_by("starts_at"))
        assert [row["url"] for row in rows] == [one.get_absolute_url() for one in ahead]
        assert (len(rows), rows[1]["note"]) == (5, f"flyttet fra {date_words(second)}")
        assert [bool(row["note"]) for row in rows] == [given != day for given, day in days_in(series)]
        assert all(row["url"] in answer.content.decode() for row in rows)

    def test_a_break_in_practice_alone_moves_no_project_group(self, cast: Cast, today: date) -> None:
        CalendarBreak.objects.all().delete()
        first = a_tuesday(today)
        while first in public_holidays(first.year) or (first.month == 12 and first.day > 20):
            first += WEEK
        CalendarBreak.objects.create(name="Plandag", starts_on=first, ends_on=first, stops_teaching=False, stops_practice=True)
        group, steering = a_series(cast, first), a_series(cast, first, kind="steering_group", trade=None)
        for series in (group, steering):
            plan_ahead(series=series, today=today, by=None)
        assert (days_in(group)[0][1], days_in(steering)[0][1] > first) == (first, True)

    def test_after_a_break_longer_than_the_interval_there_is_one_meeting(self, cast: Cast, today: date) -> None:
        CalendarBreak.objects.all().delete()
        first = a_tuesday(today)
        CalendarBreak.objects.create(name="Sommer", starts_on=first + WEEK, ends_on=first + 5 * WEEK, stops_teaching=True)
        series = a_series(cast, first, interval_days=7)
        plan_ahead(series=series, today=today, by=None)
        days = [day for _given, day in days_in(series)]
        assert len(days) == len(set(days)) == 6
        assert days[1] > first + 5 * WEEK

    def test_one_called_off_is_not_planned_again_and_one_moved_by_hand_stays(self, cast: Cast, today: date) -> None:
        series = a_series(cast, a_tuesday(today))
        plan_ahead(series=series, today=today, by=None)
        first, second = Meeting.objects.filter(series=series).order_by("starts_at")[:2]
        Meeting.objects.filter(pk=first.pk).update(state="cancelled", cancelled_at=timezone.now())
        moved = second.starts_at + timedelta(days=1)
        Meeting.objects.filter(pk=second.pk).update(starts_at=moved, ends_at=moved + timedelta(hours=1))
        assert plan_ahead(series=series, today=today, by=None) == 0
        second.refresh_from_db()
        assert second.starts_at == moved

    def test_the_daily_job_plans_what_has_become_near(self, cast: Cast, today: date) -> None:
        series = a_series(cast, a_tuesday(today))
        ended = a_series(cast, a_tuesday(today) - 60 * WEEK, name="Over", ends_on=today - timedelta(days=1))
        plan_all_ahead(today=today)
        assert plan_all_ahead(today=today + 6 * WEEK) == len(days_in(series)) - 6 >= 1
        assert days_in(ended) == []

    @settings(max_examples=150, deadline=None)
    @given(
        first=st.dates(date(2026, 1, 1), date(2030, 1, 1)), interval=st.integers(1, 60), later=st.integers(0, 900),
        off=st.sets(st.integers(0, 1200), max_size=200),
    )  # fmt: skip
    def test_days_are_free_in_order_and_each_of_its_own(self, first: date, interval: int, later: int, off: set[int]) -> None:
        taken = {first + timedelta(days=number) for number in off}
        series = MeetingSeries(kind="project_group", first_on=first, interval_days=interval, starts_at=time(9))
        after = first + timedelta(days=later)
        found = list(islice(days_of_series(series, after=after, is_off=lambda day: day in taken), 6))
        assert len(found) == 6
        days = [day for _given, day in found]
        assert days == sorted(set(days))
        for given_on, day in found:
            assert (given_on - first).days % interval == 0
            assert day >= max(given_on, after)
            assert day not in taken
            assert all(given_on + timedelta(days=step) in taken for step in range((day - given_on).days))


class TestChanged:
    """What is planned follows; what is called stands."""

    def change(self, cast: Cast, series: MeetingSeries, **typed: Any) -> Any:
        series.refresh_from_db()
        data = {
            "name": series.name, "interval_days": series.interval_days, "first_on": series.first_on,
            "starts_at": f"{series.starts_at:%H:%M}",
            "minutes_long": series.minutes_long, "place": series.place, "version": series.version,
        }  # fmt: skip
        return signed_in(cast, "koordinator").post(reverse("series_edit", args=[series.public_id]), data | typed)

    @pytest.fixture
    def series(self, cast: Cast, today: date) -> MeetingSeries:
        CalendarBreak.objects.all().delete()
        made = a_series(cast, a_tuesday(today))
        SeriesInvitee.objects.create(series=made, role="faglaerer")
        plan_ahead(series=made, today=today, by=cast.koordinator)
        return made

    def test_planned_meetings_follow_a_new_interval_and_called_ones_stand(self, cast: Cast, series: MeetingSeries) -> None:
        first = Meeting.objects.filter(series=series).order_by("starts_at")[0]
        call(cast, first)
        before = {row.pk for row in Meeting.objects.filter(series=series)}
        held = timezone.localdate(first.starts_at)
        assert self.change(cast, series, interval_days=14, starts_at="13:00", place="Biblioteket").status_code == 302
        first.refresh_from_db()
        assert (first.state, timezone.localdate(first.starts_at), first.place) == ("called", held, "Møterommet")
        planned = Meeting.objects.filter(series=series, state="planned").order_by("starts_at")
        assert {row.place for row in planned} == {"Biblioteket"}
        assert {timezone.localtime(row.starts_at).time() for row in planned} == {time(13)}
        assert before <= {row.pk for row in Meeting.objects.filter(series=series)}
        given = [row.series_on for row in planned if row.series_on]
        assert {(later - earlier).days for earlier, later in pairwise(given)} == {14}
        assert all(day > held for day in given)

    def test_nothing_is_put_before_one_that_is_called(self, cast: Cast, series: MeetingSeries) -> None:
        third = Meeting.objects.filter(series=series).order_by("starts_at")[2]
        call(cast, third)
        assert self.change(cast, series, interval_days=7).status_code == 302
        assert all(day > timezone.localdate(third.starts_at) for _given, day in days_in(series))
        assert len(days_in(series)) == 6

    def test_a_new_name_moves_no_meeting(self, cast: Cast, series: MeetingSeries) -> None:
        second = Meeting.objects.filter(series=series).order_by("starts_at")[1]
        by_hand = second.starts_at + timedelta(days=1)
        Meeting.objects.filter(pk=second.pk).update(starts_at=by_hand, ends_at=by_hand + timedelta(hours=2), place="Biblioteket")
        before = list(Meeting.objects.order_by("pk").values())
        assert self.change(cast, series, name="Prosjektgruppe helse").status_code == 302
        assert list(Meeting.objects.order_by("pk").values()) == before

    def test_a_new_place_is_told_to_planned_meetings_that_stay_where_they_are(self, cast: Cast, series: MeetingSeries) -> None:
        first, second, third = Meeting.objects.filter(series=series).order_by("starts_at")[:3]
        by_hand = second.starts_at + timedelta(days=1)
        Meeting.objects.filter(pk=second.pk).update(starts_at=by_hand, ends_at=by_hand + timedelta(hours=2))
        Meeting.objects.filter(pk=third.pk).update(place="Biblioteket")
        assert self.change(cast, series, place="Kantina").status_code == 302
        for row, starts, place in (
            (first, first.starts_at, "Kantina"),
            (second, by_hand, "Kantina"),
            (third, third.starts_at, "Biblioteket"),
        ):
            row.refresh_from_db()
            assert (row.starts_at, row.place) == (starts, place)

    def test_a_last_day_takes_away_what_comes_after_it_and_moves_nothing(self, cast: Cast, series: MeetingSeries) -> None:
        first, second, third = Meeting.objects.filter(series=series).order_by("starts_at")[:3]
        by_hand = second.starts_at + timedelta(days=1)
        Meeting.objects.filter(pk=second.pk).update(starts_at=by_hand, ends_at=by_hand + timedelta(hours=1))
        last = timezone.localdate(third.starts_at) - timedelta(days=1)
        assert self.change(cast, series, ends_on=last).status_code == 302
        planned = Meeting.objects.filter(series=series, state="planned").order_by("starts_at")
        assert list(planned.values_list("starts_at", flat=True)) == [first.starts_at, by_hand]
        assert self.change(cast, series, ends_on="").status_code == 302
        assert len(days_in(series)) >= 6

    def test_a_meeting_planned_for_today_stays_today(self, cast: Cast, series: MeetingSeries) -> None:
        soon = moment_of(cast.today, time(23, 59))
        first = Meeting.objects.filter(series=series).order_by("starts_at")[0]
        Meeting.objects.filter(pk=first.pk).update(starts_at=soon, ends_at=soon + timedelta(hours=1))
        assert self.change(cast, series, interval_days=14).status_code == 302
        first.refresh_from_db()
        assert (first.starts_at, first.state) == (soon, "planned")

    def test_one_that_ends_before_it_has_begun_leaves_no_meeting(self, cast: Cast, series: MeetingSeries) -> None:
        signed_in(cast, "koordinator").post(reverse("series_end", args=[series.public_id]))
        plan_all_ahead(today=cast.today)
        plan_all_ahead(today=cast.today + 3 * WEEK)
        assert days_in(series) == []
        content = signed_in(cast, "koordinator").get(reverse("series_list")).content.decode()
        assert "Avsluttet" in content

    def test_two_who_change_it_at_once_see_both_texts(self, cast: Cast, series: MeetingSeries) -> None:
        version = series.version
        assert self.change(cast, series, name="Først").status_code == 302
        answer = self.change(cast, series, name="Så", version=version)
        assert answer.status_code == 409
        assert "Først" in answer.content.decode()

    def test_ended_its_planned_meetings_go_and_the_called_one_stands(self, cast: Cast, series: MeetingSeries) -> None:
        first = Meeting.objects.filter(series=series).order_by("starts_at")[0]
        call(cast, first)
        url = reverse("series_end", args=[series.public_id])
        assert signed_in(cast, "koordinator").post(url).status_code == 302
        assert set(Meeting.objects.filter(series=series).values_list("state", flat=True)) == {"called", "cancelled"}
        assert days_in(series, "called") != []

    def test_who_belongs_is_found_when_it_is_called(self, cast: Cast, series: MeetingSeries) -> None:
        meeting = Meeting.objects.filter(series=series).order_by("starts_at")[0]
        new = make_user("Nora Ny", "faglaerer", today=cast.today)
        TeachingAssignment.objects.create(user=new, role="faglaerer", trade=cast.trades["BUA"], starts_on=cast.today)
        cast.faglaerer.teaching.update(ends_on=cast.today - timedelta(days=1))
        call(cast, meeting)
        assert {name for role, name in invited(meeting) if role == "faglaerer"} == {"Nora Ny"}

    def test_the_page_says_who_will_be_called_before_it_is(self, cast: Cast, series: MeetingSeries) -> None:
        meeting = Meeting.objects.filter(series=series).order_by("starts_at")[0]
        content = signed_in(cast, "koordinator").get(meeting.get_absolute_url()).content.decode()
        assert "Ola Faglaerer" in content
        assert "Ingen ennå" not in content
        call(cast, meeting)
        answer = signed_in(cast, "koordinator").get(meeting.get_absolute_url())
        assert answer.context["by_series"] == []

    @pytest.mark.parametrize(
        ("with_trade", "words"), [(True, "Faglærer i faget"), (False, "Alle med rollen faglærer")]
    )  # fmt: skip
    def test_a_role_is_called_what_it_reaches(self, cast: Cast, today: date, with_trade: bool, words: str) -> None:
        kind, trade = ("project_group", cast.trades["BUA"]) if with_trade else ("network_gathering", None)
        series = a_series(cast, a_tuesday(today), kind=kind, trade=trade)
        browser, add = signed_in(cast, "koordinator"), reverse("series_add", args=[series.public_id])
        assert words in dict(browser.get(add).context["form"].fields["who"].choices).values()
        assert browser.post(add, {"who": "alle:faglaerer"}).status_code == 302
        page = browser.get(reverse("series_edit", args=[series.public_id]))
        assert [row["name"] for row in page.context["fixed"]] == [words]

    def test_one_outside_who_was_taken_off_stays_off_when_it_is_called(self, cast: Cast, series: MeetingSeries) -> None:
        SeriesInvitee.objects.create(series=series, role="fadder")
        type(cast.fadder_person).objects.filter(pk=cast.fadder_person.pk).update(user=None, email="bente@example.no")
        meeting = Meeting.objects.filter(series=series).order_by("starts_at")[0]
        Invitee.objects.create(
            meeting=meeting, role="fadder", name=cast.fadder_person.name, email="bente@example.no", removed_at=timezone.now()
        )
        call(cast, meeting)
        assert "fadder" not in {role for role, _name in invited(meeting)}

    def test_the_pages_make_a_series_with_those_who_belong(self, cast: Cast, today: date) -> None:
        data = {
            "kind": "steering_group", "name": "Styringsgruppe", "interval_days": 182, "first_on": a_tuesday(today),
            "starts_at": "12:00", "minutes_long": 90,
        }  # fmt: skip
        browser = signed_in(cast, "koordinator")
        assert browser.post(reverse("series_new"), data).status_code == 302
        series = MeetingSeries.objects.get(name="Styringsgruppe")
        assert Meeting.objects.filter(series=series).count() == 6
        url = reverse("series_add", args=[series.public_id])
        chair = {"who": f"styringsgruppe:{cast.styringsgruppe.public_id}", "is_chair": "on"}
        assert browser.post(url, chair).status_code == 302
        meeting = Meeting.objects.filter(series=series).order_by("starts_at")[0]
        assert signed_in(cast, "styringsgruppe").get(meeting.get_absolute_url()).status_code == 200
        call(cast, meeting)
        led = Invitee.objects.get(meeting=meeting, is_chair=True)
        assert led.user == cast.styringsgruppe

    def test_two_who_add_the_same_at_once_are_told(self, cast: Cast, today: date, monkeypatch: pytest.MonkeyPatch) -> None:
        series = a_series(cast, a_tuesday(today))

        def comes_second(**given: Any) -> SeriesInvitee:
            SeriesInvitee.objects.create(series=series, role="faglaerer")
            return add_fixed(**given)

        monkeypatch.setattr("meetings.views.series.add_fixed", comes_second)
        answer = signed_in(cast, "koordinator").post(reverse("series_add", args=[series.public_id]), {"who": "alle:faglaerer"})
        assert answer.status_code == 422
        assert "Noen la til den samme akkurat nå." in answer.content.decode()

    def test_a_project_group_without_a_trade_is_refused_by_the_field(self, cast: Cast, today: date) -> None:
        data = {
            "kind": "project_group",
            "name": "P",
            "interval_days": 28,
            "first_on": today,
            "starts_at": "12:00",
            "minutes_long": 60,
        }
        answer = signed_in(cast, "koordinator").post(reverse("series_new"), data)
        assert answer.status_code == 422
        assert answer.context["form"].errors["trade"] == ["Velg hvilket fag prosjektgruppen hører til."]


def test_two_runs_at_once_plan_once(_flush_may_empty_logs: None, transactional_db: None, today: date) -> None:
    trade = Trade.objects.create(code="PRV", name="Prøvefag")
    series = MeetingSeries.objects.create(
        kind="project_group", trade=trade, name="P", first_on=today + WEEK, starts_at=time(9), interval_days=28
    )
    gate, found = threading.Barrier(2), []

    def run() -> None:
        try:
            gate.wait(20)
            found.append(plan_ahead(series=MeetingSeries.objects.get(pk=series.pk), today=today, by=None))
        except Exception as error:
            found.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(found) == [0, 6], found
    assert Meeting.objects.filter(series=series).count() == 6
