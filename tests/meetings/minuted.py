"""Minutes as tests write them: a point found, what is said on it, and shared."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone

from meetings.actions.minutes import share_minutes, write_item
from meetings.minutes_text import fingerprint
from meetings.models import AgendaItem, Meeting
from tests.cast import Cast


def about(meeting: Meeting, enrolment: Any) -> AgendaItem:
    return AgendaItem.objects.get(meeting=meeting, kind="participant", enrolment=enrolment)


def say(cast: Cast, item: AgendaItem, **sent: str) -> None:
    base = {box: fingerprint(getattr(item, box)) for box in ("discussion", "decision")}
    write_item(item=item, sent=sent, based_on=base, by=cast.koordinator, at=timezone.now())


def shared(cast: Cast, meeting: Meeting) -> None:
    share_minutes(meeting=meeting, by=cast.koordinator, at=timezone.now())


def url(name: str, meeting: Meeting, *more: Any) -> str:
    return reverse(name, args=[meeting.public_id, *more])
