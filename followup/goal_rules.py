"""What counts as being behind, as a goal to look at, and as ready to be recommended: pure functions of numbers and days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

TALKED_OF = frozenset({"placed", "contract_applied", "training", "trade_test", "on_leave", "completed", "terminated"})


@dataclass(frozen=True)
class GoalNumbers:
    """How many goals the curriculum has, how many are shown by something, and how many faglærer has approved."""

    total: int
    documented: int
    approved: int


@dataclass(frozen=True)
class Period:
    """The time the goals are to be reached in, first and last day, and what it is: "contract" or "placement"."""

    starts_on: date
    ends_on: date
    kind: str

    @property
    def days(self) -> int:
        """How many days lie between the two."""
        return (self.ends_on - self.starts_on).days

    def gone(self, today: date) -> int:
        """Gives how many of the days have passed, never fewer than none nor more than all."""
        return max(0, min(self.days, (today - self.starts_on).days))

    def percent(self, today: date) -> int:
        """Gives how much of the time has passed, in whole percent."""
        return percent(self.gone(today), self.days)


def percent(part: int, whole: int) -> int:
    """Gives a share in whole percent; 0 of nothing."""
    return round(100 * part / whole) if whole else 0


def is_behind(numbers: GoalNumbers, period: Period | None, *, today: date, limit: int) -> bool:
    """Tells whether documented goals lie more than `limit` percentage points behind the time that has passed.

    Counted exactly, not from the rounded figures: just as many points behind as the limit is not behind.
    """
    if period is None or period.days <= 0 or not numbers.total:
        return False
    ahead = 100 * period.gone(today) * numbers.total - 100 * numbers.documented * period.days
    return ahead > limit * numbers.total * period.days


def due_for_a_look(last_on: date | None, since: date | None, *, today: date, days: int) -> bool:
    """Tells whether a goal has had no evidence for so many days, counted from its last evidence, else from the start."""
    passes = passes_on(last_on, since, days=days)
    return passes is not None and passes <= today


def passes_on(last_on: date | None, since: date | None, *, days: int) -> date | None:
    """Gives the day on which a goal has been without evidence for so many days; None before the start is known."""
    begin = max((day for day in (last_on, since) if day is not None), default=None)
    return begin + timedelta(days=days) if begin else None


def may_be_recommended(numbers: GoalNumbers, *, needed_percent: int) -> bool:
    """Tells whether so many of the goals are approved that faglærer may think of the trade test (V6)."""
    return bool(numbers.total) and 100 * numbers.approved >= needed_percent * numbers.total


def needed_goals(total: int, needed_percent: int) -> int:
    """Gives how many goals that share is, rounded up."""
    return -(-total * needed_percent // 100)
