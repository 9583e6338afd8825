"""The agenda as a reader gets it."""

from __future__ import annotations

from django.urls import reverse

from meetings.models import Meeting
from tests.cast import Cast
from tests.meetings.group import signed_in


def page(cast: Cast, meeting: Meeting, who: str = "koordinator") -> str:
    answer = signed_in(cast, who).get(reverse("agenda_page", args=[meeting.public_id]))
    assert answer.status_code == 200
    return answer.content.decode()
