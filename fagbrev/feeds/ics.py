"""The calendar as iCalendar text (RFC 5545 and 7986), so that the same events always give the same bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from functools import cache
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from icalendar import Alarm, Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vDuration, vRecur, vText

from fagbrev.feeds.book import Given
from fagbrev.feeds.models import FeedEvent

ZONE = "Europe/Oslo"
OSLO = ZoneInfo(ZONE)
BEGINS, LASTS = time(8), timedelta(minutes=30)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ALARM_DUTY, ALARM_PERIOD = -DAY, -15 * HOUR  # a day before at eight; before a whole day, at nine the day before
ALARM_MEETING = -HOUR
ASK_AGAIN = timedelta(hours=4)
CONTENT_TYPE = "text/calendar; charset=utf-8"
LAYOUT = "1"  # counted up when the same events are written otherwise, so that nobody keeps the old text


def calendar_bytes(events: Iterable[Given]) -> bytes:
    """Gives the whole calendar."""
    calendar = Calendar()
    calendar.add("prodid", "-//Fagbrev//Fagbrev 1//NB")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", _name())
    calendar.add("x-wr-calname", _name())
    calendar.add("x-wr-timezone", ZONE)
    calendar.add("refresh-interval", vDuration(ASK_AGAIN, params={"VALUE": "DURATION"}), encode=False)
    calendar.add("x-published-ttl", vText(vDuration(ASK_AGAIN).to_ical().decode()), encode=False)
    calendar.add_component(time_zone())
    for given in events:
        calendar.add_component(_event(given))
    return bytes(calendar.to_ical())


def tag_of(events: Iterable[Given]) -> str:
    """Gives a word that is the same as long as the calendar's bytes are."""
    digest = hashlib.sha256(f"{LAYOUT}\x00{_name()}\x00{settings.BASE_URL}".encode())
    for given in events:
        event = given.event
        digest.update(f"\x00{event.uid}\x00{event.sequence}\x00{event.changed_at.isoformat()}\x00{event.fingerprint}".encode())
    return digest.hexdigest()[:32]


def _name() -> str:
    return f"Fagbrev – {settings.MUNICIPALITY}"


def _event(given: Given) -> Event:
    held, item = given.event, given.item
    event = Event()
    event.add("uid", f"{held.uid}@{domain()}")
    event.add("dtstamp", utc_second(held.changed_at))
    event.add("last-modified", utc_second(held.changed_at))
    event.add("sequence", held.sequence)
    event.add("class", "PRIVATE")  # a calendar shared with colleagues shows them no more than that it is there
    event.add("transp", "OPAQUE" if held.starts_at else "TRANSPARENT")
    _add_days(event, held)
    if item is None:
        # The day and that it is off: what it was may be none of the user's business any longer.
        event.add("status", "CANCELLED")
        event.add("summary", "Gjelder ikke lenger")
        return event
    link = settings.BASE_URL.rstrip("/") + item.path
    event.add("status", "CONFIRMED")
    event.add("summary", item.title)
    event.add("description", f"{item.note}\n{link}")
    event.add("url", link)
    before = ALARM_MEETING if held.starts_at else ALARM_PERIOD if held.is_period else ALARM_DUTY
    event.add_component(_alarm(item.title, before))
    return event


def _add_days(event: Event, held: FeedEvent) -> None:
    if held.starts_at and held.ends_at:
        event.add("dtstart", held.starts_at.astimezone(OSLO))
        event.add("dtend", held.ends_at.astimezone(OSLO))
        return
    if held.is_period:
        event.add("dtstart", held.starts_on)
        event.add("dtend", held.ends_on + DAY)  # the first day after it
        return
    starts = datetime.combine(held.starts_on, BEGINS, OSLO)
    event.add("dtstart", starts)
    event.add("dtend", starts + LASTS)


def _alarm(title: str, before: timedelta) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", before)
    return alarm


def utc_second(moment: datetime) -> datetime:
    """Gives a moment in UTC without parts of a second, as DTSTAMP is written."""
    return moment.astimezone(ZoneInfo("UTC")).replace(microsecond=0)


def domain() -> str:
    """Gives the host that the UIDs end with."""
    return urlsplit(settings.BASE_URL).hostname or "localhost"


@cache
def time_zone() -> Timezone:
    """The zone by its rule since 1996, as a recurrence: Outlook reads no list of days."""
    zone = Timezone()
    zone.add("tzid", ZONE)
    zone.add("x-lic-location", ZONE)
    for part, name, month, hour, before, after in (
        (TimezoneDaylight(), "CEST", 3, 2, HOUR, 2 * HOUR),
        (TimezoneStandard(), "CET", 10, 3, 2 * HOUR, HOUR),
    ):
        _fill(part, name=name, starts=datetime(1996, month, 31 if month == 3 else 27, hour), before=before, after=after)  # noqa: DTZ001
        zone.add_component(part)
    return zone


def _fill(part: Any, *, name: str, starts: datetime, before: timedelta, after: timedelta) -> None:
    part.add("tzname", name)
    part.add("dtstart", starts)
    part.add("tzoffsetfrom", before)
    part.add("tzoffsetto", after)
    part.add("rrule", vRecur(FREQ="YEARLY", BYMONTH=starts.month, BYDAY="-1SU"))
