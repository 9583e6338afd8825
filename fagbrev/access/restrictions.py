"""Whom restrictions keep a user away from: asked inside every scope."""

from datetime import date

from fagbrev.access.models import RecordRestriction
from fagbrev.people.models import User


def blocked_participants(user: User, today: date) -> list[int]:
    """Gives the ids of participants whose record restrictions keep the user out; one query a request."""
    known: dict[date, list[int]] = user.__dict__.setdefault("_blocked_by_day", {})
    if today not in known:
        rows = list(RecordRestriction.objects.active(today).values_list("participant_id", "kind", "user_id"))
        named = {participant for participant, kind, who in rows if kind == "only" and who == user.pk}
        blocked = {participant for participant, kind, who in rows if kind == "deny" and who == user.pk}
        blocked |= {participant for participant, kind, _who in rows if kind == "only"} - named
        known[today] = sorted(blocked)
    return known[today]
