"""The month's grid: weeks, bars that never cross, and what a list of days needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from fagbrev.ui.month import Bar, Day, Week, month_grid

TODAY = date(2026, 11, 24)


@dataclass(frozen=True)
class Thing:
    day: date
    last_day: date
    title: str = "noe"


def one(day: int, title: str = "noe") -> Thing:
    return Thing(date(2026, 11, day), date(2026, 11, day), title)


def long(first: date, last: date, title: str = "lenge") -> Thing:
    return Thing(first, last, title)


def november(*things: Thing, most: int = 4) -> tuple[Week, ...]:
    return month_grid(2026, 11, things, today=TODAY, most=most)


def day_of(weeks: tuple[Week, ...], day: date) -> Day:
    return next(found for week in weeks for found in week.days if found.day == day)


def bars(weeks: tuple[Week, ...]) -> list[Bar]:
    return [bar for week in weeks for day in week.days for bar in day.lanes if bar]


def test_weeks_begin_on_monday_and_have_iso_numbers() -> None:
    weeks = november()
    assert [week.number for week in weeks] == [44, 45, 46, 47, 48, 49]
    assert all(week.days[0].day.weekday() == 0 and len(week.days) == 7 for week in weeks)


def test_the_turn_of_the_year_has_week_53() -> None:
    assert [week.number for week in month_grid(2027, 1, [], today=TODAY)] == [53, 1, 2, 3, 4]


def test_days_of_other_months_are_there_but_empty() -> None:
    weeks = november(Thing(date(2026, 10, 31), date(2026, 10, 31)), long(date(2026, 10, 20), date(2026, 12, 5)))
    outside = [day for week in weeks for day in week.days if day.is_outside]
    assert len(outside) == 12
    assert all(not day.lanes and not day.entries for day in outside)


def test_today_is_marked_once() -> None:
    assert [day.day for week in november() for day in week.days if day.is_today] == [TODAY]


def test_what_lasts_is_cut_at_each_week_and_the_month() -> None:
    found = bars(november(long(date(2026, 11, 13), date(2026, 12, 3))))
    assert [(bar.span, bar.begins, bar.ends, bar.is_first) for bar in found] == [
        (3, True, False, True),
        (7, False, False, False),
        (7, False, False, False),
        (1, False, False, False),
    ]


def test_what_began_before_the_month_is_first_on_the_first() -> None:
    found = bars(november(long(date(2026, 10, 25), date(2026, 11, 3))))
    assert [(bar.span, bar.begins, bar.ends, bar.is_first) for bar in found] == [(1, False, False, True), (2, False, True, False)]


def cells(weeks: tuple[Week, ...]) -> list[tuple[date, int]]:
    """Every (day, lane) that a bar covers."""
    return [
        (day.day + timedelta(days=n), lane)
        for week in weeks for day in week.days for lane, bar in enumerate(day.lanes) if bar for n in range(bar.span)
    ]  # fmt: skip


def test_bars_never_lie_on_each_other() -> None:
    things = [long(date(2026, 11, 1 + n % 20), date(2026, 11, 3 + n % 20 + n % 7), str(n)) for n in range(25)]
    covered = cells(november(*things))
    assert len(covered) == len(set(covered))
    assert {bar.entry.title for bar in bars(november(*things))} == {str(n) for n in range(25)}


def test_room_is_kept_for_a_bar_that_passes() -> None:
    weeks = november(long(date(2026, 11, 9), date(2026, 11, 13)), long(date(2026, 11, 11), date(2026, 11, 12), "kort"))
    wednesday = day_of(weeks, date(2026, 11, 11))
    assert wednesday.lanes[0] is None
    assert wednesday.lanes[1] is not None
    assert day_of(weeks, date(2026, 11, 14)).lanes == ()


def test_a_full_day_shows_some_and_counts_the_rest() -> None:
    exact = day_of(november(*[one(5, str(n)) for n in range(4)]), date(2026, 11, 5))
    assert (len(exact.entries), exact.more) == (4, 0)
    full = day_of(november(*[one(5, str(n)) for n in range(9)]), date(2026, 11, 5))
    assert (len(full.entries), full.more) == (3, 6)


@pytest.mark.parametrize(
    ("thing", "says"), [(one(5), True), (long(date(2026, 11, 4), date(2026, 11, 6)), False), (one(6), False)]
)
def test_a_list_of_days_has_only_days_where_something_begins(thing: Thing, says: bool) -> None:
    assert day_of(november(thing), date(2026, 11, 5)).begins_something is says
