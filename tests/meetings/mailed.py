"""Invitations as they were mailed, and what is done to a called meeting through the pages."""

from __future__ import annotations

import re
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar, Event

from fagbrev.mail.models import OutgoingMail
from fagbrev.people.models import User
from meetings.models import Meeting
from tests.cast import Cast
from tests.meetings.arranged import signed_in

OSLO = ZoneInfo("Europe/Oslo")
SUMMARY = "Møte i fagbrevordningen"


def mails_to(user: User | str) -> list[OutgoingMail]:
    address = user if isinstance(user, str) else user.email
    return list(OutgoingMail.objects.filter(recipient=address).exclude(calendar="", text="").order_by("pk"))


def event_of(mail: OutgoingMail) -> Event:
    (event,) = Calendar.from_ical(mail.calendar).walk("VEVENT")
    return event  # type: ignore[no-any-return]


def link_in(mail: OutgoingMail) -> str:
    found = re.search(r"/svar/[\w-]+/", mail.text)
    assert found, mail.text
    return found.group()


def move(cast: Cast, meeting: Meeting, **typed: Any) -> None:
    meeting.refresh_from_db()
    local = timezone.localtime(meeting.starts_at)
    data = {
        "day": f"{local:%Y-%m-%d}", "at": f"{local:%H:%M}", "minutes_long": "60", "place": meeting.place, "version": meeting.version
    }  # fmt: skip
    answer = signed_in(cast, "koordinator").post(reverse("meeting_edit", args=[meeting.public_id]), data | typed)
    assert answer.status_code == 302, answer.context["form"].errors
    meeting.refresh_from_db()


def call_off(cast: Cast, meeting: Meeting) -> None:
    meeting.refresh_from_db()
    url = reverse("meeting_cancel", args=[meeting.public_id])
    data = {"cancel_words": "Selma Testesen er syk", "version": meeting.version}
    assert signed_in(cast, "koordinator").post(url, data).status_code == 302
