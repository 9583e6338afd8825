"""«Det som kommer» on home: the next exam windows, tests and breaks of the year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from fagbrev.dates import date_words
from fagbrev.people.models import User
from fagbrev.roof.calendar_entries import exam_windows, norwegian_windows, school_breaks

AHEAD = timedelta(days=120)
MOST = 5


@dataclass(frozen=True)
class Coming:
    """One thing that comes: a box with month and day, and a line."""

    month: str
    number: int
    title: str
    note: str
    url: str


def coming_for(user: User, today: date) -> list[Coming]:
    """Gives the next five; three queries."""
    last = today + AHEAD
    found = [
        entry
        for source in (exam_windows, norwegian_windows, school_breaks)
        for entry in source(user, first=today, last=last, today=today)
        if today <= entry.day <= last
    ]
    return [
        Coming(date_words(entry.day).split()[1][:3] + ".", entry.day.day, entry.title, entry.note, entry.url)
        for entry in sorted(found, key=lambda entry: (entry.day, entry.title))[:MOST]
    ]
