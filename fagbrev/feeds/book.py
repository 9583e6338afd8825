"""The bookkeeping behind a feed: what is new, changed, gone or back since the calendar was last given."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from fagbrev.feeds.items import BACK, FeedItem, duty_items
from fagbrev.feeds.models import FeedEvent
from fagbrev.feeds.tokens import lock_feed_of
from fagbrev.people.models import User
from fagbrev.sealed import blind_index

CANCELLED_STAYS = timedelta(days=60)
Frame = Callable[[User, date], Iterable[FeedItem]]


@dataclass(frozen=True)
class Given:
    """One event of the calendar; `item` is None for one that is cancelled."""

    event: FeedEvent
    item: FeedItem | None


def events_to_give(*, user: User, at: datetime, frame: Frame) -> list[Given]:
    """Gives the user's calendar as of now, and books what differs from last time; writes nothing when nothing does.

    `frame` gives the periods that hold for the user on a day. Two who ask at once: the second waits, and finds it booked.
    """
    today = timezone.localdate(at)
    items, held = _wanted(user, today, frame), _held(user)
    if _differs(items, held, today, at):
        with transaction.atomic():
            lock_feed_of(user)
            # Asked anew: another may have booked, or a duty may have been done, while we waited.
            items, held = _wanted(user, today, frame), _held(user)
            _book(user, items, held, today, at)
            held = _held(user)
    given = [Given(event, items.get(uid)) for uid, event in held.items() if uid in items or event.cancelled_at]
    return sorted(given, key=lambda one: (one.event.starts_on, one.event.uid))


def uid_of(user: User, key: str) -> str:
    """Gives the name of an event in a user's calendar: always the same, and nothing can be read out of it."""
    return blind_index(f"{user.public_id}\x00{key}", "feed uid")[:40]


def _wanted(user: User, today: date, frame: Frame) -> dict[str, FeedItem]:
    return {uid_of(user, item.key): item for item in [*duty_items(user, today), *frame(user, today)]}


def _held(user: User) -> dict[str, FeedEvent]:
    return {event.uid: event for event in FeedEvent.objects.filter(user=user)}


def _is_over(event: FeedEvent, today: date) -> bool:
    """Tells whether an event has only passed out of the back of the calendar: it was never called off."""
    return event.ends_on < today - BACK


def _is_forgotten(event: FeedEvent, today: date, at: datetime) -> bool:
    if event.cancelled_at:
        return event.cancelled_at < at - CANCELLED_STAYS
    return event.ends_on < today - BACK - CANCELLED_STAYS


def _is_same(event: FeedEvent, item: FeedItem) -> bool:
    return event.cancelled_at is None and event.fingerprint == item.fingerprint


def _differs(items: dict[str, FeedItem], held: dict[str, FeedEvent], today: date, at: datetime) -> bool:
    if any(uid not in held or not _is_same(held[uid], item) for uid, item in items.items()):
        return True
    gone = [event for uid, event in held.items() if uid not in items]
    return any(
        _is_forgotten(event, today, at) or not (event.cancelled_at or _is_over(event, today)) for event in gone
    )  # fmt: skip


def _book(user: User, items: dict[str, FeedItem], held: dict[str, FeedEvent], today: date, at: datetime) -> None:
    new, changed, forgotten = [], [], []
    for uid, item in items.items():
        event = held.get(uid)
        if event is not None and _is_same(event, item):
            continue
        if event is None:
            event = FeedEvent(user=user, uid=uid)
            new.append(event)
        else:
            event.sequence += 1
            changed.append(event)
        event.is_period, event.starts_on, event.ends_on = item.is_period, item.first, item.last
        event.starts_at, event.ends_at = item.starts_at, item.ends_at
        event.fingerprint, event.changed_at, event.cancelled_at = item.fingerprint, at, None
    for uid, event in held.items():
        if uid in items:
            continue
        if _is_forgotten(event, today, at):
            forgotten.append(event.pk)
        elif not event.cancelled_at and not _is_over(event, today):
            event.sequence += 1
            event.changed_at = event.cancelled_at = at
            changed.append(event)
    FeedEvent.objects.bulk_create(new, batch_size=500)
    columns = [
        "is_period", "starts_on", "ends_on", "starts_at", "ends_at", "fingerprint", "sequence", "changed_at", "cancelled_at",
    ]  # fmt: skip
    FeedEvent.objects.bulk_update(changed, columns, batch_size=100)
    FeedEvent.objects.filter(pk__in=forgotten).delete()
