"""What may stand in a feed: the user's duties, worded without anybody's name, and periods that the caller hands in."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q

from fagbrev.duties.reading import duties_ahead
from fagbrev.duties.registry import rules
from fagbrev.people.models import User
from fagbrev.people.roles import DELTAKER

BACK = timedelta(days=30)
AHEAD = timedelta(days=400)
MOST = 500  # duties; calendars grow slow, and nobody reads more. The nearest come first


@dataclass(frozen=True)
class FeedItem:
    """One thing to stand in a calendar: a duty on its day, a period of whole days, or (with `starts_at` and `ends_at`) a meeting.

    `key` is what makes it the same from day to day and never leaves here; `path` is where one reads more.
    """

    key: str
    title: str
    first: date
    last: date
    is_period: bool
    note: str
    path: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None

    @property
    def fingerprint(self) -> str:
        """The same as long as nothing the calendar shows has changed."""
        shown: tuple[str, ...] = (
            self.title,
            self.first.isoformat(),
            self.last.isoformat(),
            str(self.is_period),
            self.note,
            self.path,
        )
        if self.starts_at and self.ends_at:
            shown += (self.starts_at.isoformat(), self.ends_at.isoformat())
        return hashlib.sha256("\x00".join(shown).encode()).hexdigest()


def duty_items(user: User, today: date) -> list[FeedItem]:
    """Gives the user's open duties around the day, as the rights are today; none that is put off, and none about a person whose
    address is protected."""
    rows = duties_ahead(user, today).filter(
        Q(snoozed_until__isnull=True) | Q(snoozed_until__lte=today), protection="", due_on__range=(today - BACK, today + AHEAD)
    )
    known = rules()
    rows = rows.exclude(rule__in=[key for key, rule in known.items() if not rule.in_calendars])
    found = []
    for key, rule, role, due_on in rows.order_by("due_on", "pk").values_list("key", "rule", "owner_role", "due_on")[:MOST]:
        words = (known[rule].own_words if role == DELTAKER else "") or known[rule].mail_kind[0]
        title = f"Frist: {words[:1].upper()}{words[1:]}"
        note = "Logg inn for å se hvem fristen gjelder." if role != DELTAKER else "Logg inn for å se hva du gjør."
        found.append(FeedItem(key, title, due_on, due_on, False, note, "/frister/"))
    return found
