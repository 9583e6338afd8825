"""Saving a filter under a name, and throwing it away; each user's own."""

from __future__ import annotations

from fagbrev.people.models import User
from participants.models import SavedFilter

MOST_SAVED = 40


def save_filter(*, by: User, name: str, query: str) -> SavedFilter:
    """Saves the query under the name; a filter of the same name is replaced."""
    return SavedFilter.objects.update_or_create(user=by, name=name, defaults={"query": query})[0]


def has_room(user: User, name: str) -> bool:
    """Tells whether the user may save one more under this name."""
    own = SavedFilter.objects.filter(user=user)
    return own.filter(name=name).exists() or own.count() < MOST_SAVED


def delete_filter(*, by: User, public_id: str) -> bool:
    """Deletes the user's own filter; gives False when there is none such."""
    return SavedFilter.objects.filter(user=by, public_id=public_id).delete()[0] > 0
