"""What a rule is: pure data and pure functions of facts, terms and the day. No models here, and no queries.

Apps contribute rules in a module called `duties`; the engine finds it by its name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from fagbrev.dates import Shift
from fagbrev.dates import shift as shifted

WEEKLY = ("+7", "+14", "+21", "+28")  # weekly repeats stop after four
AGAIN = "again"  # the day a snooze ends
MOMENT = re.compile(r"open(-\d{1,3})?|-\d{1,3}|0|\+\d{1,3}")
IMPORT_GRACE = timedelta(days=14)


class Due(NamedTuple):
    """One duty as a rule finds it; `due_on` is moved past days off by the engine."""

    rule: str
    subject_type: str
    subject_id: str
    occurrence: str
    owner_role: str
    due_on: date
    begins_on: date
    opens_on: date | None = None
    since_on: date | None = None
    participant_id: int | None = None
    enrolment_id: int | None = None
    placement_id: int | None = None
    trade_id: int | None = None
    protection: str = ""
    imported_on: date | None = None

    @property
    def key(self) -> str:
        """What makes it the same duty from day to day; never holds a computed date."""
        return f"{self.rule}:{self.subject_id}:{self.occurrence}:{self.owner_role}"


@dataclass(frozen=True)
class Told:
    """When a rule reminds and how its date moves, as shipped or as the municipality has set it."""

    moments: tuple[str, ...]
    weekly: bool
    shift: Shift

    @property
    def codes(self) -> tuple[str, ...]:
        """Every moment's code in order."""
        return self.moments + (WEEKLY if self.weekly else ())


@dataclass(frozen=True)
class Rule:
    """One rule: what is due, whose it is, which section it rests on, when one is told, and where it is done.

    `find` is pure: (facts of one subject, terms, day) -> the duties it has. `section` must be readable for the owner. `title` and
    `act` are what the row says; `mail_kind` the kind in a mail, with no word about anybody. `url` gives the address where it
    is done from a duty and the public ids of its participant and enrolment.
    """

    key: str
    subject: str
    owners: tuple[str, ...]
    section: str
    title: str
    act: str
    find: Callable[[Any, Terms, date], Iterable[Due]]
    url: Callable[[Any, str, str], str]
    mail_kind: tuple[str, str]  # singular, plural
    moments: tuple[str, ...] = ()
    weekly: bool = False
    shift: Shift = "later"
    at_once: bool = False  # mailed the day it is told
    by_digest: bool = False  # never mailed on its own
    since: str = ""  # the words before since_on in the row
    days_setting: str = ""  # the dated setting that holds its number of days
    when_imported: str = "grace"  # "grace": 14 days from the import at the earliest; "keep"; "skip" what was due before it
    is_followed: bool = True  # stands among what the koordinator sees that others are to do
    own_words: str = ""  # the title as the participant reads it
    is_named: bool = False  # the occurrence is the public id of the one user in the role whose it is; "" where it is everybody's
    in_calendars: bool = True  # False: what it is about stands there itself
    source: str = ""  # chapter of the guide or regulation

    @property
    def shipped(self) -> Told:
        """When it reminds, as shipped."""
        return Told(self.moments, self.weekly, self.shift)


@dataclass(frozen=True)
class Terms:
    """What holds for the rules on one day: numbers, days off, what the municipality has changed, and facts of the frame."""

    today: date
    numbers: Mapping[str, Decimal] = field(default_factory=dict)
    practice_off: Callable[[date], bool] = lambda day: day.weekday() >= 5
    teaching_off: Callable[[date], bool] = lambda day: day.weekday() >= 5
    told: Mapping[str, Told] = field(default_factory=dict)
    frame: Mapping[str, Any] = field(default_factory=dict)
    _off: dict[tuple[str, date], bool] = field(default_factory=dict, compare=False, repr=False)

    def days(self, key: str) -> int:
        """Gives a setting as a whole number of days. Raises KeyError for one that is not known."""
        return int(self.numbers[key])

    def told_of(self, rule: Rule) -> Told:
        """Gives when the rule reminds on this day."""
        return self.told.get(rule.key, rule.shipped)

    def is_off(self, day: date, kind: str) -> bool:
        """Tells whether a day cannot be used: for teaching, or for work."""
        known = self._off.get((kind, day))
        if known is None:
            known = (self.teaching_off if kind == "teaching" else self.practice_off)(day)
            self._off[(kind, day)] = known
        return known

    def placed(self, day: date, shift: Shift) -> date:
        """Gives the day a duty falls on: moved past days off where the rule says so."""
        if shift == "none":
            return day
        return shifted(day, shift, lambda other: self.is_off(other, "teaching" if shift == "teaching" else "work"))

    def working_day_before(self, day: date) -> date:
        """Gives the day itself when it is a working day, else the last one before it."""
        return shifted(day, "last_working_day_before", lambda other: self.is_off(other, "work"))


def settle(due: Due, rule: Rule, terms: Terms) -> Due | None:
    """Places a duty's date past days off, and gives imported people time; None for what was over before the import."""
    told = terms.told_of(rule)
    day = due.due_on
    if due.imported_on and day < due.imported_on + IMPORT_GRACE:
        if rule.when_imported == "skip" and day < due.imported_on:
            return None
        if rule.when_imported == "grace":
            day = max(day, due.imported_on + IMPORT_GRACE)
    return due._replace(due_on=terms.placed(day, told.shift))


def moment_day(code: str, *, due_on: date, opens_on: date | None, shift: Shift, terms: Terms) -> tuple[date, date] | None:
    """Gives the day a moment falls on as counted, and the day one is told; None when the duty has no such anchor.

    A date that stands fast (contract end, exam window, the county's limits) is told on the last working day before, when the
    moment falls on a day off.
    """
    if code.startswith("open"):
        if opens_on is None:
            return None
        counted = opens_on - timedelta(days=int(code[5:] or 0)) if len(code) > 4 else opens_on
    else:
        counted = due_on + timedelta(days=int(code))
    return counted, terms.working_day_before(counted) if shift == "none" else counted


class Moment(NamedTuple):
    """One moment of a duty: its code and the day one is told."""

    code: str
    day: date


def moments_of(row: Any, rule: Rule, terms: Terms) -> list[Moment]:
    """Gives the moments a duty is told at, oldest first: none before it began, none before an import."""
    told = terms.told_of(rule)
    found = []
    for code in told.codes:
        days = moment_day(code, due_on=row.due_on, opens_on=row.opens_on, shift=told.shift, terms=terms)
        if days is None or days[0] < row.begins_on:
            continue
        day = max(days[1], row.begins_on)  # nobody is told before there is anything to do
        if not row.told_from or day >= row.told_from:
            found.append(Moment(code, day))
    return sorted(found, key=lambda moment: moment.day)


def moments_to_tell(row: Any, rule: Rule, terms: Terms, *, today: date, told_before: Collection[str] = ()) -> list[Moment]:
    """Gives the moments up to today that are to be told now.

    Each moment since the duty was first known is told, however many days went by without a scan; of those that had passed before
    it was known, the newest alone. `told_before` are the codes already told.
    """
    passed = [moment for moment in moments_of(row, rule, terms) if moment.day <= today]
    since = row.noticed_through
    later = [moment for moment in passed if moment.day >= row.created_on and (since is None or moment.day > since)]
    if since is None and not told_before:
        earlier = [moment for moment in passed if moment.day < row.created_on]
        if earlier and not later:
            later = earlier[-1:]
    return [moment for moment in later if moment.code not in told_before]


def is_moment(code: str) -> bool:
    """Tells whether a text is a moment's code: "open", "open-14", "-5", "0", "+7"."""
    return bool(MOMENT.fullmatch(code))


def moment_words(code: str) -> str:
    """Gives a moment in words."""
    if code == "open":
        return "når den åpner"
    if code.startswith("open-"):
        return f"{code[5:]} dager før den åpner"
    number = int(code)
    if number == 0:
        return "på dagen"
    day = "1 dag" if abs(number) == 1 else f"{abs(number)} dager"
    return f"{day} før" if number < 0 else f"{day} etter"
