"""Meetings as tests arrange them: through the pages, as the koordinator does."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from meetings.models import Invitee, Meeting
from tests.cast import Cast

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def signed_in(cast: Cast, who: str) -> Client:
    return client_of(cast.users[who])


def ahead(days: int) -> date:
    """A Tuesday at least so many days ahead."""
    day = timezone.localdate() + timedelta(days=days)
    return day + timedelta(days=(1 - day.weekday()) % 7)


def plan(cast: Cast, kind: str, query: str = "", **typed: Any) -> Meeting:
    """A new meeting as the koordinator makes it."""
    data = {"day": ahead(14).isoformat(), "at": "10:00", "minutes_long": "60", "place": "Møterommet", **typed}
    answer = signed_in(cast, "koordinator").post(f"{reverse('meeting_new')}?type={kind}{query}", data)
    assert answer.status_code == 302, answer.context["form"].errors
    return Meeting.objects.order_by("-pk")[0]


def call(cast: Cast, meeting: Meeting) -> Any:
    meeting.refresh_from_db()
    return signed_in(cast, "koordinator").post(reverse("meeting_call", args=[meeting.public_id]), {"version": meeting.version})


def about(cast: Cast, key: str = "selma") -> str:
    enrolment = cast.enrolments[key]
    return f"&deltaker={enrolment.participant.public_id}&lop={enrolment.public_id}"


def invited(meeting: Meeting) -> set[tuple[str, str]]:
    rows = Invitee.objects.filter(meeting=meeting, removed_at__isnull=True).select_related("user")
    return {(row.role, row.user.name if row.user else row.name) for row in rows}
