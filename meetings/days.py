"""Which days a meeting may fall on, the day proposed for the next one, and the days of a series (V7, V8 rows 11 and 17)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from fagbrev.dates import days_off_by_agreement, shift
from meetings.models import Meeting, MeetingSeries
from meetings.models.meetings import PROJECT_GROUP, STEERING_GROUP
from programmes.lists import breaks_between
from programmes.models import CalendarBreak, Trade
from programmes.queries import days_off
from programmes.settings_in_force import setting

Off = Callable[[date], bool]
FARTHEST = 400  # occurrences of a series that are looked through
USUAL_TIME, USUAL_MINUTES = time(9), 60
STEERING_INTERVAL, USUAL_INTERVAL = 182, 28  # days: once a semester; every fourth week
FIRST_AHEAD = timedelta(days=14)  # nobody is called in less time without meaning to


def day_off_rule(kind: str) -> Off:
    """Gives the rule that tells whether a meeting of the kind cannot be on a day: weekends, public holidays, days that are free by
    agreement and breaks in the teaching; for other kinds than the project group breaks in the practice too."""
    no_teaching, no_practice = days_off()

    def is_off(day: date) -> bool:
        if no_teaching(day) or day in days_off_by_agreement(day.year):
            return True
        return kind != PROJECT_GROUP and no_practice(day)

    return is_off


def free_day(day: date, is_off: Off) -> date:
    """Gives the day, or the first one after it on which a meeting may be."""
    return shift(day, "later", is_off)


def interval_of(kind: str, trade: Trade | None) -> int:
    """Gives the usual number of days between meetings: the trade's own for its project group."""
    if kind == PROJECT_GROUP and trade is not None:
        return trade.project_meeting_interval_days
    return STEERING_INTERVAL if kind == STEERING_GROUP else USUAL_INTERVAL


def proposed_day(*, kind: str, trade: Trade | None, last: Meeting | None, today: date) -> date:
    """Gives the next free day after the last meeting and the interval; two weeks ahead when that is past or there was none."""
    is_off = day_off_rule(kind)
    if last is None:
        return free_day(today + FIRST_AHEAD, is_off)
    wanted = timezone.localdate(last.starts_at) + timedelta(days=interval_of(kind, trade))
    return free_day(wanted if wanted > today else today + FIRST_AHEAD, is_off)


def is_left_out(series: MeetingSeries, given: date, day: date, is_off: Off) -> bool:
    """Tells whether a meeting of a series that is moved to a day comes on the next one's day or past it."""
    following = given + timedelta(days=series.interval_days)
    return following <= day or free_day(following, is_off) <= day


def within(row: CalendarBreak) -> Q:
    """Gives the condition for meetings that a break takes; the project group's go on while there is teaching."""
    found = Q(
        starts_at__gte=moment_of(row.starts_on, time.min), starts_at__lt=moment_of(row.ends_on + timedelta(days=1), time.min)
    )
    return found if row.stops_teaching else found & ~Q(kind=PROJECT_GROUP)


def breaks_over(meetings: Iterable[Meeting]) -> Callable[[Meeting], CalendarBreak | None]:
    """Gives what tells in which break a meeting lies, if any; one query for all the meetings."""
    days = [timezone.localdate(row.starts_at) for row in meetings]
    breaks = list(breaks_between(min(days), max(days))) if days else []

    def over(meeting: Meeting) -> CalendarBreak | None:
        day, needs_teaching_alone = timezone.localdate(meeting.starts_at), meeting.kind == PROJECT_GROUP
        found = (row for row in breaks if row.starts_on <= day <= row.ends_on)
        return next((row for row in found if row.stops_teaching or not needs_teaching_alone), None)

    return over


def sign_ups_kept_from(today: date) -> datetime:
    """Gives the moment before which sign-ups that led to no referral are wiped, by when their information meeting was."""
    return moment_of(today - timedelta(days=int(setting("sign_up_keep_days", today))), time.min)


def sign_ups_wiped_on(meeting: Meeting, today: date) -> date:
    """Gives the day on which a meeting's sign-ups are wiped, as the setting says today."""
    return timezone.localdate(meeting.starts_at) + timedelta(days=int(setting("sign_up_keep_days", today)) + 1)


def moment_of(day: date, at: time) -> datetime:
    """Gives the moment of a time of day, where the municipality is: in UTC, so that minutes added to it are minutes also on the night
    the clocks are changed."""
    return timezone.make_aware(datetime.combine(day, at)).astimezone(UTC)


def days_of_series(series: MeetingSeries, *, after: date, is_off: Off) -> Iterator[tuple[date, date]]:
    """Gives (the day the series gives, the day it is moved to) of each meeting on or after a day.

    One that would be moved to the next one's day or past it is left out: after a long break there is one meeting, not several.
    """
    step = timedelta(days=series.interval_days)
    begun = max(0, (after - series.first_on).days // series.interval_days - 1)
    for number in range(begun, begun + FARTHEST):
        given = series.first_on + number * step
        if series.ends_on is not None and given > series.ends_on:
            return
        day = free_day(given, is_off)
        if is_left_out(series, given, day, is_off):
            continue
        if day >= after and (series.ends_on is None or day <= series.ends_on):
            yield given, day
