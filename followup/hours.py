"""How many hours the timetable and the workplace expect of a participant, and how much of it the participant was there (V3).

Pure: facts in, hours out. All figures are clock hours (not school lessons). V3 asks for at least 80 % participation; the limit
itself is a setting. Teaching follows the school year, practice follows working life's holidays (V4): so each has its own breaks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

HUNDRED, ONE, NONE = Decimal(100), Decimal(1), Decimal(0)
HUNDREDTH = Decimal("0.01")
WORKING_WEEK = frozenset(range(5))


@dataclass(frozen=True)
class Period:
    """From the first to the last day, both included; None is open."""

    first: date | None = None
    last: date | None = None

    def covers(self, day: date) -> bool:
        """Tells whether the day is in the period."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class Session:
    """A weekly session of a cohort: 0 is Monday, hours each time."""

    weekday: int
    hours: Decimal
    period: Period = Period()


@dataclass(frozen=True)
class Membership:
    """A place in a cohort: which sessions, and the share of them that this participant follows, in percent (V5: may taper off)."""

    sessions: tuple[Session, ...]
    share: int = 100
    period: Period = Period()

    def hours_on(self, day: date) -> Decimal:
        """Gives the hours of teaching on the day as the timetable has it, whatever the school year says."""
        if not self.period.covers(day):
            return NONE
        whole = sum((s.hours for s in self.sessions if s.weekday == day.weekday() and s.period.covers(day)), NONE)
        return whole * self.share / HUNDRED


@dataclass(frozen=True)
class Practice:
    """A placement: its period, position in percent and days of the week; no days named means Monday to Friday."""

    period: Period
    percent: int | None = None
    weekdays: frozenset[int] = frozenset()

    def hours_on(self, day: date, *, full_day: Decimal) -> Decimal:
        """Gives the hours expected on the day.

        A position of `percent` is that share of five full days a week, spread over the days named, and no day is longer than a
        full one: 80 % on four days is four full days, 60 % on no named days is 60 % of each day.
        """
        days = self.weekdays or WORKING_WEEK
        if day.weekday() not in days or not self.period.covers(day):
            return NONE
        return full_day if self.percent is None else _share_of_day(full_day, self.percent, len(days))


@lru_cache(maxsize=512)
def _share_of_day(full_day: Decimal, percent: int, days: int) -> Decimal:
    """How long each of so many days a week is: asked for every day of a semester, of everyone in a group."""
    return min(full_day, full_day * len(WORKING_WEEK) * percent / HUNDRED / days)


@dataclass(frozen=True)
class SickPeriod:
    """A sick leave: its period, and how many percent of the work it takes away."""

    period: Period
    percent: int = 100


@dataclass(frozen=True)
class Expectation:
    """Everything that decides what is expected of one participant."""

    memberships: tuple[Membership, ...] = ()
    placements: tuple[Practice, ...] = ()
    full_day: Decimal = Decimal("7.5")
    is_teaching_off: Callable[[date], bool] = lambda day: day.weekday() > 4
    is_practice_off: Callable[[date], bool] = lambda day: False
    away_on_leave: tuple[Period, ...] = ()
    sick: tuple[SickPeriod, ...] = ()

    def share_left(self, day: date) -> Decimal:
        """Gives what leave and sick leave leave of the day: 1 for all of it, 0 for nothing."""
        if not self.away_on_leave and not self.sick:
            return ONE
        if any(period.covers(day) for period in self.away_on_leave):
            return NONE
        taken = max((sick.percent for sick in self.sick if sick.period.covers(day)), default=0)
        return ONE - Decimal(min(100, taken)) / HUNDRED

    def teaching_on(self, day: date) -> Decimal:
        """Gives the hours of teaching expected on the day."""
        if not self.memberships or self.is_teaching_off(day):
            return NONE
        hours = self._taught_on(day)
        return hours * self.share_left(day) if hours else NONE

    def _taught_on(self, day: date) -> Decimal:
        return sum((one.hours_on(day) for one in self.memberships), NONE) if self.memberships else NONE

    def practice_on(self, day: date) -> Decimal:
        """Gives the hours of practice expected on the day.

        Where a placement names no days, the timetable's hours of that weekday are taken out: one cannot be in two places.
        They are taken out in school breaks too, so that a break never adds hours.
        """
        if self.is_practice_off(day):
            return NONE
        found = NONE
        for place in self.placements:
            hours = place.hours_on(day, full_day=self.full_day)
            if hours:
                found += hours if place.weekdays else max(NONE, hours - self._taught_on(day))
        return found * self.share_left(day) if found else NONE


@dataclass(frozen=True)
class Participation:
    """Hours expected and hours away, of one kind or of both."""

    expected: Decimal = NONE
    away: Decimal = NONE

    def __add__(self, other: Participation) -> Participation:
        return Participation(self.expected + other.expected, self.away + other.away)

    @property
    def percent(self) -> int | None:
        """How much of what was expected the participant was there for, in whole percent rounded down; None where nothing was.

        Rounded down, so that 79.9 % is never shown as the 80 % that V3 asks for.
        """
        if self.expected <= 0:
            return None
        return int((self.expected - self.away) * HUNDRED // self.expected)

    def is_below(self, limit: Decimal) -> bool:
        """Tells whether participation is less than the limit in percent; just at the limit is enough."""
        return self.expected > 0 and (self.expected - self.away) * HUNDRED < limit * self.expected

    def may_still_be_away(self, limit: Decimal) -> Decimal:
        """Gives the hours left before the limit is reached, of those expected so far; 0 below it."""
        return max(NONE, (self.expected * (HUNDRED - limit) / HUNDRED - self.away).quantize(HUNDREDTH, ROUND_HALF_UP))


@dataclass
class Counted:
    """Participation in teaching and in practice over some days."""

    teaching: Participation = field(default_factory=Participation)
    practice: Participation = field(default_factory=Participation)

    @property
    def total(self) -> Participation:
        """Both together."""
        return self.teaching + self.practice


def days_between(first: date, last: date) -> Iterable[date]:
    """Gives every day from the first to the last; none when they are in the wrong order."""
    return (first + timedelta(days=ahead) for ahead in range((last - first).days + 1))


def count(
    expectation: Expectation, first: date, last: date, *, away_teaching: Mapping[date, Decimal], away_practice: Mapping[date, Decimal]
) -> Counted:  # fmt: skip
    """Counts hours expected and hours away, day by day from `first` to `last`.

    Hours away count up to what is expected of the day: on a day of leave or full sick leave, none.
    """
    days = list(days_between(first, last))
    return Counted(
        _participation(days, expectation.teaching_on, away_teaching), _participation(days, expectation.practice_on, away_practice)
    )


def _participation(
    days: Iterable[date], hours_on: Callable[[date], Decimal], missed: Mapping[date, Decimal]
) -> Participation:  # fmt: skip
    expected = {day: hours for day in days if (hours := hours_on(day))}
    away = sum((min(expected[day], hours) for day, hours in missed.items() if day in expected), NONE)
    return Participation(sum(expected.values(), NONE), away)
