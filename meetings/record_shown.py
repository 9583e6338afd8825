"""What minutes say of one participant, on their record: cut to the meetings the reader was invited to (docs/access.md)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.urls import reverse

from meetings.access import meetings_for
from meetings.action_shown import actions_shown
from meetings.agenda_shown import meeting_day_words, meeting_name
from meetings.minutes_queries import READY, actions_on
from meetings.models import AgendaItem
from participants.access import Record

PER_PAGE = 20


def said_of(found: Record) -> QuerySet[AgendaItem]:
    """Gives the points about the participant in minutes that are shared, of meetings that are the reader's, the newest first."""
    rows = AgendaItem.objects.filter(
        enrolment=found.enrolment, withdrawn_at__isnull=True, meeting__minutes__state__in=READY,
        meeting__in=meetings_for(found.user, found.today),
    )  # fmt: skip
    return rows.order_by("-meeting__starts_at", "order", "pk")


def from_meetings_shown(found: Record, side: Any) -> dict[str, Any]:
    """Gives what the page draws; as many queries for many points as for few."""
    page = Paginator(said_of(found).select_related("meeting__trade"), PER_PAGE).get_page(side)
    items = list(page.object_list)
    actions = actions_on(items, found.user, found.today)
    shown = actions_shown([row for rows in actions.values() for row in rows], found.user, found.today)
    drawn = {one.id: replace(one, about="") for one in shown}  # the page is about that one
    rows = [
        {
            "meeting": f"{meeting_name(item.meeting)}, {meeting_day_words(item.meeting)}",
            "url": reverse("minutes_page", args=[item.meeting.public_id]),
            "title": item.title, "words": item.words, "discussion": item.discussion, "decision": item.decision,
            "actions": [drawn[row.public_id] for row in actions.get(item.pk, [])],
        }
        for item in items
    ]  # fmt: skip
    return {"said": page, "rows": rows, "is_whole": found.is_coordinator}
