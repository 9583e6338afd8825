"""Fixtures for every test: the cast, and the day it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from tests.cast import Cast, make_cast
from tests.duties_held import watched


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Before the test database is dropped, sessions that threads of a test left open on it are ended (PostgreSQL)."""
    yield
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )


@pytest.fixture
def today() -> date:
    """The day the views see."""
    return timezone.localdate()


@pytest.fixture
def cast(db: None, today: date) -> Cast:
    """Everyone, in a fresh database."""
    return make_cast(today)


@pytest.fixture(autouse=True)
def _clean_cache() -> Iterator[None]:
    """Rate limits of one test must not meet the next."""
    from django.core.cache import cache

    cache.clear()
    yield


@pytest.fixture(autouse=True)
def _duties_are_held(request: pytest.FixtureRequest) -> Iterator[None]:
    """After every test that uses the database, the table of duties is what the rules derive."""
    if request.node.get_closest_marker("journey"):  # its database is served to a browser, and kept between journeys
        if "world" in request.fixturenames:
            request.getfixturevalue("world")
            with watched(always=True) as held:
                request.node.duties_held = held
                yield
            return
        yield
        return
    uses = {"db", "transactional_db", "live_server", "world", "cast"} & set(request.fixturenames)
    if not uses and request.node.get_closest_marker("django_db") is None:
        yield
        return
    if request.node.get_closest_marker("made_up_duties"):
        yield
        return
    if "_flush_may_empty_logs" in request.fixturenames:  # it must outlive the flush of the database
        request.getfixturevalue("_flush_may_empty_logs")
    request.getfixturevalue("_django_db_helper")
    in_threads = bool({"transactional_db", "live_server"} & set(request.fixturenames))
    with watched(always=in_threads) as held:
        request.node.duties_held = held
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Any:
    """Fixtures have arranged what they will; now the product acts."""
    held = getattr(item, "duties_held", None)
    if held is not None:
        held.begin()
    return (yield)
