"""What the tests of follow-up share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.conf import settings
from django.test import Client

from tests.cast import Cast


@pytest.fixture
def browser(cast: Cast) -> Callable[[str], Client]:
    """Gives a browser signed in as one of the cast."""

    def signed_in(who: str) -> Client:
        client = Client()
        client.force_login(cast.users[who], backend=settings.AUTHENTICATION_BACKENDS[0])
        return client

    return signed_in


@pytest.fixture
def month(today: date) -> date:
    """The first of this month."""
    return today.replace(day=1)
