"""What the tests of absence and of the class register share: a day that stands still, addresses, and days away."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from followup.models import Absence
from participants.models import Placement
from tests.cast import Cast

WEDNESDAY = date(2026, 11, 4)
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
_localdate = timezone.localdate


def stand_still(monkeypatch: pytest.MonkeyPatch, day: date = WEDNESDAY) -> date:
    """Lets it be the day; what is asked of another moment is answered as before."""
    monkeypatch.setattr(timezone, "localdate", lambda value=None, tz=None: _localdate(value, tz) if value else day)
    return day


def signed_in(cast: Cast, who: str) -> Client:
    """A browser of someone of the cast."""
    client = Client()
    client.force_login(cast.users[who], backend=BACKEND)
    return client


def url(cast: Cast, name: str, row: Any = None) -> str:
    """An address of selma's record."""
    return reverse(name, args=[cast.selma.participant.public_id, *([row.public_id] if row is not None else [])])


def at_work(cast: Cast) -> str:
    """Selma's placement, as the choice of where from has it."""
    key: str = cast.placements["selma"].public_id
    return key


def away(cast: Cast, day: date, hours: str, *, at: Placement | None = None) -> Absence:
    """A confirmed day away of selma's, from teaching unless a placement is named."""
    return Absence.objects.create(
        enrolment=cast.selma, away_from="practice" if at else "teaching", placement=at, away_on=day, hours=Decimal(hours),
        recorded_by=cast.koordinator, confirmed_by=cast.koordinator,
    )  # fmt: skip
