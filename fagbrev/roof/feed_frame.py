"""What stands in a feed beside duties: exam windows and windows of Norwegian tests for the roles with a part in them, and meetings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from fagbrev.feeds.items import AHEAD, BACK, FeedItem
from fagbrev.people.models import User
from fagbrev.people.roles import COORDINATOR, DELTAKER, FAGLAERER, NORSKLAERER, roles_of
from fagbrev.roof.meeting_entries import feed_items
from programmes.models import ExamWindow, NorwegianTestWindow
from programmes.models.calendar import PART_DAYS

EXAM_ROLES = frozenset({COORDINATOR, FAGLAERER, NORSKLAERER, DELTAKER})
NORWEGIAN_ROLES = frozenset({COORDINATOR, NORSKLAERER, DELTAKER})


def frame_items(user: User, today: date) -> list[FeedItem]:
    """Gives the periods that hold for the user's roles today and the user's meetings, from a month back to a year ahead."""
    roles, first, last = roles_of(user, today), today - BACK, today + AHEAD
    found: list[FeedItem] = []
    if roles & EXAM_ROLES:
        found += _exam(first, last)
    if roles & NORWEGIAN_ROLES:
        found += _norwegian(first, last)
    found += feed_items(user, today)
    return [item for item in found if item.first <= last and item.last >= first]


def _exam(first: date, last: date) -> Iterator[FeedItem]:
    near = Q(opens_on__lte=last, closes_on__gte=first) | Q(exam_from__range=(first, last)) | Q(exam_to__range=(first, last))
    for row in ExamWindow.objects.filter(near):
        yield _period(f"examwindow:{row.public_id}:signup", _("Påmelding til eksamen"), row.opens_on, row.closes_on, row.name)
        if row.exam_from:
            yield _period(f"examwindow:{row.public_id}:exam", _("Skriftlig eksamen"), row.exam_from, row.exam_to, row.name)


def _norwegian(first: date, last: date) -> Iterator[FeedItem]:
    near = Q(opens_on__lte=last, closes_on__gte=first) | Q(test_from__range=(first, last)) | Q(test_to__range=(first, last))
    for part in PART_DAYS:
        near |= Q(**{f"{part[0]}__range": (first, last)})
    for row in NorwegianTestWindow.objects.filter(near):
        key = f"norwegianwindow:{row.public_id}"
        yield _period(f"{key}:signup", _("Påmelding til norskprøve"), row.opens_on, row.closes_on, row.name)
        parts = row.part_days()
        for day, names in parts.items():
            yield _period(
                f"{key}:{'-'.join(names)}", _("Norskprøve: %(parts)s") % {"parts": ", ".join(names)}, day, day, row.name
            )
        if row.test_from and not parts:
            yield _period(f"{key}:test", _("Norskprøve"), row.test_from, row.test_to, row.name)


def _period(key: str, title: str, first: date, last: date | None, note: str) -> FeedItem:
    return FeedItem(key, title, first, max(last or first, first), True, note, "/kalender/")
