"""A project group with its meetings, for the tests of agenda, minutes and actions."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.test import Client
from django.utils import timezone

from meetings.defaults import load
from meetings.models import Invitee, Meeting
from meetings.models.meetings import CALLED, HELD, PROJECT_GROUP, STEERING_GROUP
from tests.cast import Cast, enrol

ROLE_OF = {
    "koordinator": "coordinator", "faglaerer": "faglaerer", "norsklaerer": "norsklaerer", "fadder": "fadder", "leder": "leder",
    "styringsgruppe": "styringsgruppe", "deltaker": "deltaker", "annen_faglaerer": "faglaerer",
}  # fmt: skip
GROUP = ("koordinator", "faglaerer", "norsklaerer")


def moment(day: date, at: time = time(10)) -> datetime:
    """A moment where the municipality is."""
    return timezone.make_aware(datetime.combine(day, at))


def meet(
    cast: Cast,
    *,
    days: int = 0,
    kind: str = PROJECT_GROUP,
    trade: str = "BUA",
    state: str = CALLED,
    who: tuple[str, ...] = GROUP,
    **more: Any,
) -> Meeting:
    """A meeting so many days from today, called or held, with those invited; the first of them leads."""
    load(today=cast.today)
    starts = moment(cast.today + timedelta(days=days))
    row = Meeting.objects.create(
        kind=kind, trade=cast.trades[trade] if kind == PROJECT_GROUP else None, state=state, starts_at=starts,
        ends_at=starts + timedelta(hours=1), called_at=starts - timedelta(days=14), place="Rådhuset, rom 3",
        held_on=starts.date() if state == HELD else None, created_by=cast.users["koordinator"], **more,
    )  # fmt: skip
    for place, key in enumerate(who):
        Invitee.objects.create(
            meeting=row, user=cast.users[key], role=ROLE_OF[key], is_chair=place == 0, attended=True if state == HELD else None
        )
    return row


def held(cast: Cast, *, days: int = -28, **more: Any) -> Meeting:
    """A meeting that was held."""
    return meet(cast, days=days, state=HELD, **more)


def steering(cast: Cast, *, days: int = 7, **more: Any) -> Meeting:
    """A meeting of the steering group."""
    return meet(cast, days=days, kind=STEERING_GROUP, who=("koordinator", "styringsgruppe"), **more)


def as_held(row: Meeting) -> Meeting:
    """The same meeting, held on its day."""
    row.state, row.held_on = HELD, timezone.localtime(row.starts_at).date()
    row.save()
    return row


def signed_in(cast: Cast, who: str) -> Client:
    """A browser signed in as one of the cast."""
    client = Client()
    client.force_login(cast.users[who], backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def pupils(cast: Cast, count: int, *, named: str = "Nora") -> list[Any]:
    """So many more participants in training in the trade."""
    return [enrol(cast, f"{named}{number} Prøvestad", "BUA", "training") for number in range(count)]
