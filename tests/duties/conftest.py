"""What the tests of duties share: signed-in browsers, and a table that is up to date."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from fagbrev.duties.engine import refresh
from tests.cast import Cast

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def duties(cast: Cast) -> Callable[[], None]:
    """Brings the table up to date with what a test wrote, and forgets whose roles are known."""

    def follow() -> None:
        refresh(today=cast.today)
        for user in cast.users.values():
            user.__dict__.pop("_roles_by_day", None)
            user.__dict__.pop("_blocked_by_day", None)

    return follow


@pytest.fixture
def browser(cast: Cast) -> Callable[[str], Client]:
    """Gives a browser signed in as one of the cast."""

    def signed_in(who: str) -> Client:
        client = Client()
        client.force_login(cast.users[who], backend=BACKEND)
        return client

    return signed_in


def text(answer: Any) -> str:
    """The answer's text with entities as signs."""
    from html import unescape

    return unescape(answer.content.decode())
