"""What the timetable, the placements, leave and sick leave say of enrolments, read for followup.hours to count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from django.db.models import DecimalField, F, JSONField, QuerySet, Value
from django.db.models.functions import Cast

from fagbrev.dates import months_after, semester_of
from followup.absence_queries import absences_shown, kinds_of, own_placements, sees_all
from followup.hours import Counted, Expectation, Membership, Participation, Period, Practice, Session, SickPeriod, count
from followup.models import Absence, SickLeave
from followup.models.language import PRACTICE, TEACHING
from participants.access import Record
from participants.models import CohortMember, Enrolment, Leave, Placement
from programmes.queries import days_off
from programmes.settings_in_force import settings_in_force

MONTHS_SHOWN = 6


# What is dated, a row each: the kind, whose, first and last day, a number and the days of the week.
Dated = tuple[str, int, date | None, date | None, Decimal | int | None, list[int] | None]
PLACED, LEAVE, SICK = "placed", "leave", "sick"  # beside the kinds of absence
_NUMBER, _NO_DAYS = DecimalField(max_digits=6, decimal_places=2), Value(None, output_field=JSONField())


def expectation_of(
    enrolment: Enrolment, *, teaching: bool, placements: Iterable[Placement], full_day: Decimal
) -> Expectation:  # fmt: skip
    """Gives what is expected of the enrolment: its teaching if asked for, and practice at the given placements; three queries."""
    dated: list[Dated] = [
        (PLACED, one.enrolment_id, one.starts_on, one.ends_on, one.percent, one.weekdays) for one in placements if one.starts_on
    ]
    taught = [enrolment.pk] if teaching else []
    sick, leaves = _long_away([enrolment.pk])
    return _expectations([enrolment.pk], taught, [*dated, *sick.union(leaves, all=True)], full_day)[enrolment.pk]


def _expectations(
    enrolments: Collection[int], taught: Collection[int], dated: Iterable[Dated], full_day: Decimal
) -> dict[int, Expectation]:
    """What is expected of each enrolment by its id: teaching of those `taught`, and practice where they are placed; two queries."""
    is_teaching_off, is_practice_off = (cache(rule) for rule in days_off())  # asked for each day of each enrolment
    places: dict[int, list[Practice]] = defaultdict(list)
    leaves: dict[int, list[Period]] = defaultdict(list)
    sick: dict[int, list[SickPeriod]] = defaultdict(list)
    for kind, pk, first, last, number, weekdays in dated:
        if kind == PLACED:
            percent = None if number is None else int(number)
            places[pk].append(Practice(Period(first, last), percent, frozenset(weekdays or ())))
        elif kind == LEAVE:
            leaves[pk].append(Period(first, last and last - timedelta(days=1)))  # back on the day it ended
        elif kind == SICK and number is not None:
            sick[pk].append(SickPeriod(Period(first, last), int(number)))
    members = _memberships(taught)
    return {
        pk: Expectation(
            memberships=members.get(pk, ()),
            placements=tuple(places[pk]),
            full_day=full_day,
            is_teaching_off=is_teaching_off,
            is_practice_off=is_practice_off,
            away_on_leave=tuple(leaves[pk]),
            sick=tuple(sick[pk]),
        )
        for pk in enrolments
    }


def _memberships(taught: Collection[int]) -> dict[int, tuple[Membership, ...]]:
    """Places in cohorts with the sessions of each, by the enrolment's id; one query."""
    sessions: dict[tuple[int, int, int, Period], list[Session]] = defaultdict(list)
    rows = CohortMember.objects.filter(enrolment__in=list(taught)).values_list(
        "enrolment_id", "pk", "teaching_share", "starts_on", "ends_on",
        *(f"cohort__sessions__{column}" for column in ("weekday", "hours", "starts_on", "ends_on")),
    )  # fmt: skip
    for enrolment, pk, share, first, last, weekday, hours, begins, ends in rows:
        held = sessions[enrolment, pk, share, Period(first, last)]
        if weekday is not None:  # a cohort without a timetable
            held.append(Session(weekday, hours, Period(begins, ends)))
    found: dict[int, list[Membership]] = defaultdict(list)
    for (enrolment, _pk, share, period), held in sessions.items():
        found[enrolment].append(Membership(tuple(held), share, period))
    return {enrolment: tuple(ones) for enrolment, ones in found.items()}


def _placed(enrolments: Collection[int], today: date) -> QuerySet[Any, Any]:
    rows = Placement.objects.filter(enrolment__in=list(enrolments), starts_on__lte=today)
    return _dated(rows, PLACED, "starts_on", "ends_on", Cast("percent", _NUMBER), F("weekdays"))


def _long_away(enrolments: Collection[int]) -> list[QuerySet[Any, Any]]:
    """Sick leaves with their percent, and leaves."""
    sick = SickLeave.objects.filter(enrolment__in=list(enrolments))
    leaves = Leave.objects.filter(enrolment__in=list(enrolments), starts_on__isnull=False)
    return [
        _dated(sick, SICK, "starts_on", "ends_on", Cast("percent", _NUMBER)),
        _dated(leaves, LEAVE, "starts_on", "ended_on", Cast(Value(None), _NUMBER)),
    ]


def _away(enrolments: Collection[int], first: date, last: date) -> QuerySet[Any, Any]:
    """Hours away from the first to the last day; only what has been confirmed counts."""
    rows = Absence.objects.filter(enrolment__in=list(enrolments), away_on__range=(first, last), state="confirmed")
    return _dated(rows, F("away_from"), "away_on", "away_on", Cast("hours", _NUMBER))


def _dated(
    rows: QuerySet[Any], kind: str | F, first: str, last: str, number: Cast, weekdays: Value | F = _NO_DAYS
) -> QuerySet[Any, Any]:  # fmt: skip
    said = Value(kind) if isinstance(kind, str) else kind
    return rows.order_by().values_list(said, "enrolment_id", first, last, number, weekdays)


def participation_of(
    wholes: Collection[int], taught: Collection[int], today: date, *, full_day: Decimal
) -> dict[int, Participation]:
    """Gives each enrolment's participation this semester by its id: all of it for `wholes`, teaching alone for `taught`.

    `full_day` is the hours of a whole day in practice (a setting).

    Counted as on the page of absence: only what has been confirmed counts as away. Three queries, for sixty as for one.
    """
    whole = set(wholes)
    everybody = [*wholes, *(pk for pk in taught if pk not in whole)]
    if not everybody:
        return {}
    first = semester_of(today).first
    rows = [*_long_away(everybody), _away(everybody, first, today)]
    dated: list[Dated] = list(_placed(wholes, today).union(*rows, all=True))
    expected = _expectations(everybody, everybody, dated, full_day)
    away: dict[tuple[int, str], dict[date, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for kind, pk, day, _last, hours, _weekdays in dated:
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
