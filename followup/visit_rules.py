"""What holds for a visit whoever asks: how many goals, how long it can be edited, when the next one is due (V4, V6)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from fagbrev.dates import shift
from followup.models.visits import MOST_GOALS

USUAL_TIME = time(10)
PAST_PLAN_SHOWN = timedelta(days=14)  # a time that has passed without a log is shown so long

NO_GOAL = "Velg 1 til 3 mål, eller «Bare logg»."
TOO_MANY = "Velg høyst 3 mål. Ta vekk noen, eller skriv om dem under «Hva gjorde dere?»."
BOTH = "Velg enten mål eller «Bare logg», ikke begge deler."


class VisitRefused(ValueError):
    """A visit that must not be kept; says why in words for the user."""


def why_not_goals(count: int, only_log: bool) -> str:
    """Gives why a visit with so many goals cannot be kept; "" when it can."""
    if count > MOST_GOALS:
        return TOO_MANY
    if count and only_log:
        return BOTH
    return "" if count or only_log else NO_GOAL


def due_on(since: date, interval_days: int, is_off: Callable[[date], bool]) -> date:
    """Gives the day of the next visit: the trade's interval after the last one or the start, moved past days off."""
    return shift(since + timedelta(days=interval_days), "teaching", is_off)


def last_edit_day(logged_at: datetime | None, edit_days: int) -> date | None:
    """Gives the last day a visit can be edited as it stands; None where nobody knows when it was logged."""
    return timezone.localtime(logged_at).date() + timedelta(days=edit_days) if logged_at else None


def is_locked(logged_at: datetime | None, edit_days: int, today: date) -> bool:
    """Tells whether the time for editing is over, so that a change is a correction beside the original."""
    last = last_edit_day(logged_at, edit_days)
    return last is None or today > last


def moment(day: date, at: time | None = None) -> datetime:
    """Gives a time of a day in the municipality's time zone; the usual time where none is named."""
    return timezone.make_aware(datetime.combine(day, at or USUAL_TIME))
