"""What a version of the minutes holds: every point with its texts and actions, each named by its own and its participant's public id.

No participant's name is kept in it: who reads a version gets the points that are theirs, with the name as it is now.
"""

from __future__ import annotations

from typing import Any

from fagbrev.people.roles import DELTAKER, ROLE_NAMES
from meetings.models import AgendaItem, Invitee, MeetingAction, Minutes


def content_of(row: Minutes) -> dict[str, Any]:
    """Gives what the minutes hold now, to be kept as a version; three queries."""
    actions: dict[int, list[dict[str, str]]] = {}
    rows = MeetingAction.objects.filter(item__meeting=row.meeting_id, withdrawn_at__isnull=True).select_related("owner")
    for action in rows.order_by("pk"):
        due = action.due_on.isoformat() if action.due_on else ""
        actions.setdefault(action.item_id, []).append({"words": action.words, "who": owner_words(action), "due": due})
    items = AgendaItem.objects.filter(meeting=row.meeting_id, withdrawn_at__isnull=True).select_related("enrolment", "parent")
    return {
        "present": present_names(row.meeting_id),
        "items": [
            {
                "item": item.public_id,
                "enrolment": item.enrolment.public_id if item.enrolment else "",
                "kind": item.kind,
                "parent": item.parent.public_id if item.parent else "",
                "title": item.title,
                "words": item.words,
                "discussion": item.discussion,
                "decision": item.decision,
                "actions": actions.get(item.pk, []),
            }
            for item in items.order_by("order", "pk")
        ],
    }


def owner_words(action: MeetingAction, *, is_known: bool = False) -> str:
    """Gives who is to do something: the user's name, else the name that was written. Of a participant the role alone, unless the reader
    may know of that one (`is_known`)."""
    if action.owner is None:
        return action.owner_name
    return str(ROLE_NAMES[DELTAKER]) if action.owner_role == DELTAKER and not is_known else action.owner.name


def present_names(meeting: int) -> list[str]:
    """Gives the names of those who came, the one who led first; no participant's, who are not everybody's to know of. One query."""
    rows = (
        Invitee.objects.filter(meeting=meeting, attended=True, removed_at__isnull=True)
        .exclude(role=DELTAKER)
        .select_related("user")
    )
    return [row.user.name if row.user else row.name for row in rows.order_by("-is_chair", "role", "pk")]
