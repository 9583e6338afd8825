"""What a calendar is told of a meeting (iTIP, RFC 5546): a request, an update or a cancellation, to one recipient.

The words are neutral: the kind, the participant, the trade and the programme stand nowhere in it. Time and place of a meeting about
somebody with a protected address leave in no calendar at all (the caller sees to it).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Literal

from django.conf import settings
from django.utils import timezone
from icalendar import Alarm, Calendar, Event, vCalAddress, vText

from fagbrev.feeds.ics import OSLO, domain, time_zone, utc_second
from meetings.models import Meeting

Method = Literal["REQUEST", "CANCEL"]
SUMMARY = "Møte i fagbrevordningen"
ALARM = -timedelta(hours=1)
PARTSTAT = {"": "NEEDS-ACTION", "accepted": "ACCEPTED", "declined": "DECLINED"}


def invitation_text(
    *, meeting: Meeting, method: Method, sequence: int, address: str, answer: str, at: datetime, url: str = "",
    with_time: bool = True,
) -> str:  # fmt: skip
    """Gives the iCalendar text for one recipient. `url` is the meeting's page, for those who sign in; `answer` what they said.

    A cancellation without its time has the moment it is written instead: calendars find the event by UID and number (RFC 5546, 3.2.5),
    but some refuse one that has no time at all.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Fagbrev//Fagbrev 1//NB")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    if with_time:
        calendar.add_component(time_zone())
    calendar.add_component(_event(meeting, method, sequence, address, answer, at, url, with_time))
    return calendar.to_ical().decode()


def uid_of(meeting: Meeting) -> str:
    """Gives the name of the meeting in every calendar: the same through updates and the cancellation."""
    return f"mote-{meeting.public_id}@{domain()}"


def _event(
    meeting: Meeting, method: Method, sequence: int, address: str, answer: str, at: datetime, url: str, with_time: bool
) -> Event:  # fmt: skip
    event = Event()
    event.add("uid", uid_of(meeting))
    event.add("dtstamp", utc_second(at))
    event.add("sequence", sequence)
    event.add("class", "PRIVATE")
    event.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    event.add("summary", SUMMARY)
    if with_time:
        event.add("dtstart", timezone.localtime(meeting.starts_at, OSLO))
        event.add("dtend", timezone.localtime(meeting.ends_at, OSLO))
    else:
        event.add("dtstart", utc_second(at))
    event.add("organizer", _organizer(), encode=False)
    event.add("attendee", _attendee(address, answer), encode=False)
    if method == "CANCEL":
        return event
    event.add("transp", "OPAQUE")
    if meeting.place or meeting.video_link:
        event.add("location", meeting.place or meeting.video_link)
    event.add("description", _description(meeting, url))
    if url:
        event.add("url", url)
    event.add_component(_alarm())
    return event


def _description(meeting: Meeting, url: str) -> str:
    lines = ["Svar på innkallingen med lenka i e-posten. Svar fra kalenderen kommer ikke fram."]
    if meeting.video_link:
        lines.append(f"Videomøte: {meeting.video_link}")
    if url:
        lines.append(f"Les mer når du er logget inn: {url}")
    return "\n".join(lines)


def _organizer() -> vCalAddress:
    """The address the mail comes from: what a mail program trusts an update from."""
    found = vCalAddress(f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}")
    found.params["cn"] = vText(f"Fagbrev, {settings.MUNICIPALITY}")
    return found


def _attendee(address: str, answer: str) -> vCalAddress:
    found = vCalAddress(f"mailto:{address}")
    found.params["cutype"] = vText("INDIVIDUAL")
    found.params["role"] = vText("REQ-PARTICIPANT")
    found.params["partstat"] = vText(PARTSTAT[answer])
    found.params["rsvp"] = vText(
        "FALSE"
    )  # one answers by the link or in Fagbrev; nobody reads what comes to the sender's address
    return found


def _alarm() -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", SUMMARY)
    alarm.add("trigger", ALARM)
    return alarm
