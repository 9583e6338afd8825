"""Data made once per module: the cast stands in an outer transaction, and each test rolls back to a savepoint in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from tests.cast import Cast, make_cast
from tests.standing import STAGE


@pytest.fixture(scope="module")
def standing_cast(django_db_setup: None, django_db_blocker: Any) -> Iterator[Cast]:
    """The cast, made once for the module. Ask for it through `world`, which also sees to it that there is a test database."""
    with django_db_blocker.unblock(), STAGE.empty(), transaction.atomic():
        # Django closes the connection after each test, and with it the transaction the cast stands in.
        connection.close = lambda: None  # type: ignore[method-assign]
        try:
            yield make_cast(timezone.localdate())
        finally:
            del connection.close
            transaction.set_rollback(True)


@pytest.fixture
def world(standing_cast: Cast, db: None) -> Iterator[Cast]:
    """The module's cast; what a test changes is undone after it."""
    yield standing_cast
    for user in standing_cast.users.values():
        forget(user)


def forget(user: Any) -> None:
    """Drops what a user object remembers of its roles and restrictions, as a new request does."""
    user.__dict__.pop("_roles_by_day", None)
    user.__dict__.pop("_blocked_by_day", None)
