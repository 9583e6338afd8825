"""«Mine punkter»: what one has said one will do in meetings, and what one does for a colleague who is away."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.urls import reverse

from fagbrev.people.models import User
from meetings.action_shown import ShownAction, actions_shown
from meetings.agenda_shown import meeting_day_words, meeting_name
from meetings.item_looks import note_items
from meetings.minutes_queries import done_own_actions, open_own_actions

PER_PAGE, MOST_DONE = 25, 10


def own_page(user: User, today: date, side: Any) -> dict[str, Any]:
    """Gives the user's own action items, open ones in pages and those done last; as many queries for many as for few."""
    page = Paginator(open_own_actions(user, today), PER_PAGE).get_page(side)
    opened, closed = list(page.object_list), done_own_actions(user, today, MOST_DONE)
    note_items(user, today, [row.item for row in (*opened, *closed)])
    return {"page": page, "rows": _own(opened, user, today), "done_rows": _own(closed, user, today)}


def _own(rows: Collection[Any], user: User, today: date) -> list[ShownAction]:
    """The items as one's own list draws them: it says which meeting, since many say much the same, and who only where one has taken over.

    The meeting of such a one is named; a link leads to it only where it is the user's too.
    """
    found = []
    for one, row in zip(actions_shown(rows, user, today, done_name="own_action_done"), rows, strict=True):
        meeting = row.item.meeting
        words = f"{meeting_name(meeting)}, {meeting_day_words(meeting)}"
        url = f"{reverse('minutes_page', args=[meeting.public_id])}#avtalt-{row.public_id}" if row.in_meeting else ""
        stands_in_for = one.owner if row.is_taken_over else ""
        found.append(replace(one, who="", stands_in_for=stands_in_for, origin=words, origin_url=url))
    return found
