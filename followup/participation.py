"""What the timetable, the placements, leave and sick leave say of enrolments, read for followup.hours to count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from django.db.models import DateField, DecimalField, F, IntegerField, JSONField, QuerySet, Value
from django.db.models.functions import Cast

from fagbrev.dates import months_after, semester_of
from followup.absence_queries import absences_shown, kinds_of, own_placements, sees_all
from followup.hours import Counted, Expectation, Membership, Participation, Period, Practice, Session, SickPeriod, count
from followup.models import Absence, SickLeave
from followup.models.language import PRACTICE, TEACHING
from participants.access import Record
from participants.models import CohortMember, Enrolment, Leave, Placement
from programmes.queries import breaks_of_practice, breaks_of_teaching, day_off
from programmes.settings_in_force import settings_in_force

MONTHS_SHOWN = 6


# What is dated, a row each: the kind, whose, first and last day, a number and the days of the week. Teaching has a row for each session
# of the week: its hours are the number, then the weekday, the share of it that is followed, and the session's own first and last day.
Dated = tuple[
    str, int, date | None, date | None, Decimal | int | None, list[int] | None, int | None, int | None, date | None, date | None
]
PLACED, LEAVE, SICK, TAUGHT = "placed", "leave", "sick", "taught"  # beside the kinds of absence
NO_TEACHING, NO_PRACTICE = "no_teaching", "no_practice"  # the days of the year that are off for everybody
_NUMBER, _NO_DAYS = DecimalField(max_digits=6, decimal_places=2), Value(None, output_field=JSONField())
_NO_NUMBER, _NO_COUNT, _NO_DAY = (Cast(Value(None), field) for field in (_NUMBER, IntegerField(), DateField()))


def expectation_of(
    enrolment: Enrolment, *, teaching: bool, placements: Iterable[Placement], full_day: Decimal
) -> Expectation:  # fmt: skip
    """Gives what is expected of the enrolment: its teaching if asked for, and practice at the given placements; one query."""
    dated: list[Dated] = [
        (PLACED, one.enrolment_id, one.starts_on, one.ends_on, one.percent, one.weekdays, None, None, None, None)
        for one in placements
        if one.starts_on
    ]
    first, *others = [*([_taught([enrolment.pk])] if teaching else []), *_long_away([enrolment.pk]), *_off()]
    return _expectations([enrolment.pk], [*dated, *first.union(*others, all=True)], full_day)[enrolment.pk]


def _expectations(enrolments: Collection[int], dated: Iterable[Dated], full_day: Decimal) -> dict[int, Expectation]:
    """What is expected of each enrolment by its id: teaching in its groups, and practice where it is placed; no query."""
    places: dict[int, list[Practice]] = defaultdict(list)
    leaves: dict[int, list[Period]] = defaultdict(list)
    sick: dict[int, list[SickPeriod]] = defaultdict(list)
    taught: dict[int, dict[tuple[int, Period], list[Session]]] = defaultdict(lambda: defaultdict(list))
    off: dict[str, list[tuple[date, date]]] = {NO_TEACHING: [], NO_PRACTICE: []}
    for kind, pk, first, last, number, weekdays, weekday, share, begins, ends in dated:
        if kind == PLACED:
            percent = None if number is None else int(number)
            places[pk].append(Practice(Period(first, last), percent, frozenset(weekdays or ())))
        elif kind == LEAVE:
            leaves[pk].append(Period(first, last and last - timedelta(days=1)))  # back on the day it ended
        elif kind == SICK and number is not None:
            sick[pk].append(SickPeriod(Period(first, last), int(number)))
        elif kind == TAUGHT and weekday is not None and share is not None:
            session = Session(weekday, Decimal(number or 0), Period(begins, ends))
            taught[pk][share, Period(first, last)].append(session)
        elif kind in off and first is not None and last is not None:
            off[kind].append((first, last))
    is_teaching_off, is_practice_off = (cache(day_off(off[kind])) for kind in (NO_TEACHING, NO_PRACTICE))  # asked of each day
    return {
        pk: Expectation(
            memberships=tuple(Membership(tuple(held), share, period) for (share, period), held in taught[pk].items()),
            placements=tuple(places[pk]),
            full_day=full_day,
            is_teaching_off=is_teaching_off,
            is_practice_off=is_practice_off,
            away_on_leave=tuple(leaves[pk]),
            sick=tuple(sick[pk]),
        )
        for pk in enrolments
    }


def _taught(enrolments: Collection[int]) -> QuerySet[Any, Any]:
    """The sessions of the week of each group that one is in; a group without a timetable has none."""
    rows = CohortMember.objects.filter(enrolment__in=list(enrolments), cohort__sessions__isnull=False)
    hours, more = Cast("cohort__sessions__hours", _NUMBER), ("weekday", "starts_on", "ends_on")
    weekday, begins, ends = (F(f"cohort__sessions__{column}") for column in more)
    return _dated(rows, TAUGHT, "starts_on", "ends_on", hours, session=(weekday, F("teaching_share"), begins, ends))


def _off() -> list[QuerySet[Any, Any]]:
    """The breaks of teaching and of practice, which are nobody's own."""
    return [
        _dated(rows, kind, "starts_on", "ends_on", whose=Value(0))
        for kind, rows in ((NO_TEACHING, breaks_of_teaching()), (NO_PRACTICE, breaks_of_practice()))
    ]


def _placed(enrolments: Collection[int], today: date) -> QuerySet[Any, Any]:
    rows = Placement.objects.filter(enrolment__in=list(enrolments), starts_on__lte=today)
    return _dated(rows, PLACED, "starts_on", "ends_on", Cast("percent", _NUMBER), weekdays=F("weekdays"))


def _long_away(enrolments: Collection[int]) -> list[QuerySet[Any, Any]]:
    """Sick leaves with their percent, and leaves."""
    sick = SickLeave.objects.filter(enrolment__in=list(enrolments))
    leaves = Leave.objects.filter(enrolment__in=list(enrolments), starts_on__isnull=False)
    return [
        _dated(sick, SICK, "starts_on", "ends_on", Cast("percent", _NUMBER)),
        _dated(leaves, LEAVE, "starts_on", "ended_on"),
    ]


def _away(enrolments: Collection[int], first: date, last: date) -> QuerySet[Any, Any]:
    """Hours away from the first to the last day; only what has been confirmed counts."""
    rows = Absence.objects.filter(enrolment__in=list(enrolments), away_on__range=(first, last), state="confirmed")
    return _dated(rows, F("away_from"), "away_on", "away_on", Cast("hours", _NUMBER))


def _dated(
    rows: QuerySet[Any], kind: str | F, first: str, last: str, number: Cast = _NO_NUMBER, *, weekdays: Value | F = _NO_DAYS,
    whose: str | Value = "enrolment_id", session: tuple[Any, ...] = (_NO_COUNT, _NO_COUNT, _NO_DAY, _NO_DAY),
) -> QuerySet[Any, Any]:  # fmt: skip
    said = Value(kind) if isinstance(kind, str) else kind
    return rows.order_by().values_list(said, whose, first, last, number, weekdays, *session)


def participation_of(
    wholes: Collection[int], taught: Collection[int], today: date, *, full_day: Decimal
) -> dict[int, Participation]:
    """Gives each enrolment's participation this semester by its id: all of it for `wholes`, teaching alone for `taught`.

    `full_day` is the hours of a whole day in practice (a setting).

    Counted as on the page of absence: only what has been confirmed counts as away. One query, for sixty as for one.
    """
    whole = set(wholes)
    everybody = [*wholes, *(pk for pk in taught if pk not in whole)]
    if not everybody:
        return {}
    first = semester_of(today).first
    rows = [*_long_away(everybody), _away(everybody, first, today), _taught(everybody), *_off()]
    dated: list[Dated] = list(_placed(wholes, today).union(*rows, all=True))
    expected = _expectations(everybody, dated, full_day)
    away: dict[tuple[int, str], dict[date, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for kind, pk, day, _last, hours, *_more in dated:
        if kind in {TEACHING, PRACTICE} and day is not None and hours is not None:
            away[pk, kind][day] += hours
    found = {}
    for pk in everybody:
        counted = count(expected[pk], first, today, away_teaching=away[pk, TEACHING], away_practice=away[pk, PRACTICE])
        found[pk] = counted.total if pk in whole else counted.teaching
    return found


class Presence:
    """The participation of a record as the user may know it: teachers of teaching, fadder and leder of own placements."""

    def __init__(self, found: Record) -> None:
        terms = settings_in_force(found.today)
        self.limit, self.warning = terms["participation_percent"], terms["participation_warning_percent"]
        self.full_day = terms["practice_hours_per_day"]
        self.today = found.today
        self.kinds = list(kinds_of(found))
        self.is_whole = sees_all(found)
        self.placements = list(own_placements(found)) if PRACTICE in self.kinds else []
        self.expectation = expectation_of(
            found.enrolment, teaching=TEACHING in self.kinds, placements=self.placements, full_day=self.full_day
        )
        self.waiting = 0
        self._away: dict[str, dict[date, Decimal]] = {TEACHING: defaultdict(Decimal), PRACTICE: defaultdict(Decimal)}
        for kind, day, hours, state in absences_shown(found).values_list("away_from", "away_on", "hours", "state"):
            if state == "reported":
                self.waiting += 1
            else:
                self._away[kind][day] += hours

    def between(self, first: date, last: date) -> Counted:
        """Counts over the days from first to last; only what has been confirmed counts as away."""
        return count(self.expectation, first, last, away_teaching=self._away[TEACHING], away_practice=self._away[PRACTICE])

    def semester(self) -> Counted:
        """Counts from the semester's first day to the day itself."""
        return self.between(semester_of(self.today).first, self.today)

    def months(self) -> list[tuple[date, Participation]]:
        """Counts each of the last months, the present one so far: (first of the month, both kinds together)."""
        this = self.today.replace(day=1)
        firsts = [months_after(this, back) for back in range(1 - MONTHS_SHOWN, 1)]
        lasts = [first - timedelta(days=1) for first in firsts[1:]] + [self.today]
        return [(first, self.between(first, last).total) for first, last in zip(firsts, lasts, strict=True)]

    def hours_today(self, kind: str, placement: Placement | None = None) -> Decimal:
        """Gives the hours expected on the day, of teaching or at one placement."""
        if kind == TEACHING:
            return self.expectation.teaching_on(self.today)
        if placement is None or self.expectation.is_practice_off(self.today):
            return Decimal(0)
        place = Practice(Period(placement.starts_on, placement.ends_on), placement.percent, frozenset(placement.weekdays or ()))
        return place.hours_on(self.today, full_day=self.full_day)
