"""What the timetable, the placements, leave and sick leave say of one enrolment, read for followup.hours to count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from fagbrev.dates import months_after, semester_of
from followup.absence_queries import absences_shown, kinds_of, own_placements, sees_all
from followup.hours import Counted, Expectation, Membership, Participation, Period, Practice, Session, SickPeriod, count
from followup.models import SickLeave
from followup.models.language import PRACTICE, TEACHING
from participants.access import Record
from participants.models import CohortMember, Enrolment, Leave, Placement
from programmes.models import TeachingSession
from programmes.queries import days_off
from programmes.settings_in_force import settings_in_force

MONTHS_SHOWN = 6


def expectation_of(
    enrolment: Enrolment, *, teaching: bool, placements: Iterable[Placement], full_day: Decimal
) -> Expectation:  # fmt: skip
    """Gives what is expected of the enrolment: its teaching if asked for, and practice at the given placements; five queries."""
    is_teaching_off, is_practice_off = days_off()
    members = list(CohortMember.objects.filter(enrolment=enrolment)) if teaching else []
    sessions: dict[int, list[Session]] = defaultdict(list)
    for row in TeachingSession.objects.filter(cohort__in=[member.cohort_id for member in members]):
        sessions[row.cohort_id].append(Session(row.weekday, row.hours, Period(row.starts_on, row.ends_on)))
    return Expectation(
        memberships=tuple(
            Membership(tuple(sessions[row.cohort_id]), row.teaching_share, Period(row.starts_on, row.ends_on)) for row in members
        ),
        placements=tuple(
            Practice(Period(row.starts_on, row.ends_on), row.percent, frozenset(row.weekdays or ()))
            for row in placements
            if row.starts_on
        ),
        full_day=full_day,
        is_teaching_off=is_teaching_off,
        is_practice_off=is_practice_off,
        away_on_leave=tuple(
            Period(row.starts_on, row.ended_on and row.ended_on - timedelta(days=1))
            for row in Leave.objects.filter(enrolment=enrolment, starts_on__isnull=False)
        ),
        sick=tuple(
            SickPeriod(Period(row.starts_on, row.ends_on), row.percent) for row in SickLeave.objects.filter(enrolment=enrolment)
        ),
    )


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
