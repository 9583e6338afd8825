"""A month as weeks of days, Monday first, with what lies in each day: pure layout, no models and no words."""

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol

MOST_IN_A_DAY = 4


class Dated(Protocol):
    """Whatever has a first and a last day."""

    @property
    def day(self) -> date: ...

    @property
    def last_day(self) -> date: ...


@dataclass(frozen=True)
class Bar:
    """What lasts several days, as far as one week shows it: how many days it spans, and whether it begins and ends there.

    `is_first` is true of the month's first piece, the only one that a list of days shows.
    """

    entry: Any
    span: int
    begins: bool
    ends: bool
    is_first: bool


@dataclass(frozen=True)
class Day:
    """One day of the grid. `lanes` holds the bars that begin here (None is room for one that passes), `entries` the rest."""

    day: date
    is_outside: bool
    is_today: bool
    is_weekend: bool
    lanes: tuple[Bar | None, ...] = ()
    entries: tuple[Any, ...] = ()
    more: int = 0

    @property
    def begins_something(self) -> bool:
        """True when a list of days has something to say of this day."""
        return bool(self.entries or self.more or any(bar is not None and bar.is_first for bar in self.lanes))


@dataclass(frozen=True)
class Week:
    """Seven days and their ISO week number."""

    number: int
    days: tuple[Day, ...]

    @property
    def begins_something(self) -> bool:
        """True when a list of days has something to say of this week."""
        return any(day.begins_something or (day.is_today and not day.is_outside) for day in self.days)


def month_grid(year: int, month: int, entries: Iterable[Dated], *, today: date, most: int = MOST_IN_A_DAY) -> tuple[Week, ...]:
    """Gives the weeks of a month with their entries; days of other months are there, but empty.

    What lasts several days becomes bars in lanes that never cross; a day shows at most `most` of the others, and counts the rest.
    """
    first, last = date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
    within = [entry for entry in entries if entry.day <= last and entry.last_day >= first]
    long = sorted(
        (entry for entry in within if entry.last_day > entry.day),
        key=lambda entry: (entry.day, -(entry.last_day - entry.day).days),
    )
    short = [entry for entry in within if entry.last_day <= entry.day]
    monday = first - timedelta(days=first.weekday())
    weeks = []
    while monday <= last:
        weeks.append(_week(monday, (first, last), long, short, today=today, most=most))
        monday += timedelta(days=7)
    return tuple(weeks)


def _week(
    monday: date, bounds: tuple[date, date], long: Sequence[Dated], short: Sequence[Dated], *, today: date, most: int
) -> Week:
    first, last = max(monday, bounds[0]), min(monday + timedelta(days=6), bounds[1])
    lanes: list[list[tuple[date, date, Bar]]] = []
    for entry in long:
        if entry.day > last or entry.last_day < first:
            continue
        begins, ends = max(entry.day, first), min(entry.last_day, last)
        bar = Bar(
            entry, (ends - begins).days + 1, begins == entry.day, ends == entry.last_day, begins == max(entry.day, bounds[0])
        )
        lane = next((lane for lane in lanes if all(ends < taken[0] or begins > taken[1] for taken in lane)), None)
        if lane is None:
            lane = []
            lanes.append(lane)
        lane.append((begins, ends, bar))
    days = []
    for weekday in range(7):
        day = monday + timedelta(days=weekday)
        if not bounds[0] <= day <= bounds[1]:
            days.append(Day(day, True, day == today, weekday >= 5))
            continue
        own = [entry for entry in short if entry.day == day]
        shown = own if len(own) <= most else own[: most - 1]
        days.append(
            Day(day, False, day == today, weekday >= 5, _lanes_on(day, lanes), tuple(shown), len(own) - len(shown))
        )  # fmt: skip
    return Week(monday.isocalendar().week, tuple(days))


def _lanes_on(day: date, lanes: Sequence[Sequence[tuple[date, date, Bar]]]) -> tuple[Bar | None, ...]:
    """The bars that begin on the day, with room for those that pass; nothing below the lowest of these."""
    found: list[Bar | None] = []
    used = 0
    for place, lane in enumerate(lanes, 1):
        over = [(begins, bar) for begins, ends, bar in lane if begins <= day <= ends]
        found.append(over[0][1] if over and over[0][0] == day else None)
        used = place if over else used
    return tuple(found[:used])
