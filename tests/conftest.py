"""Fixtures for every test: the cast, and the day it is."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, settings

from fagbrev.audit.triggers import destruction_allowed
from tests.cast import Cast, make_cast
from tests.duties_held import watched
from tests.standing import STAGE

# A generated example may take as long as it takes, whatever else the machine is doing, and every run draws the same ones. New ones are
# drawn with --hypothesis-profile=anew.
settings.register_profile("house", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("anew", settings.get_profile("house"), derandomize=False)
settings.load_profile("house")


def pytest_collection_finish() -> None:
    """What is loaded stays: the collector need not go through it again and again, nor come by after every 700 objects."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


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


@pytest.fixture(scope="module", autouse=True)
def _stage_is_cleared(django_db_blocker: Any) -> Iterator[None]:
    """What the tests of a module let stand is gone before the next module's."""
    yield
    with django_db_blocker.unblock():
        STAGE.strike()


@pytest.fixture
def _stage(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any) -> None:
    """Before a test's own transaction begins the cast stands, for a test that asks for it, or nothing does."""
    asked = set(request.fixturenames)
    mark = request.node.get_closest_marker("django_db")
    is_real = bool({"transactional_db", "live_server"} & asked) or bool(mark and mark.kwargs.get("transaction"))
    with django_db_blocker.unblock():
        if "cast" in asked and not is_real and request.node.get_closest_marker("made_up_duties") is None:
            STAGE.stand(request.getfixturevalue("today"))
        else:
            STAGE.strike()


@pytest.fixture
def _django_db_helper(_stage: None, _django_db_helper: None) -> None:
    """pytest-django's own, which begins a test's transaction."""


@pytest.fixture
def cast(db: None, today: date) -> Cast:
    """Everyone, as in a fresh database."""
    return STAGE.cast() if STAGE.day == today else make_cast(today)


@pytest.fixture(autouse=True)
def _clean_cache() -> Iterator[None]:
    """Rate limits of one test must not meet the next."""
    from django.core.cache import cache

    cache.clear()
    yield


@pytest.fixture
def _flush_may_empty_logs(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The test database is emptied after a test with real transactions; the logs' triggers must let it."""
    with django_db_blocker.unblock(), destruction_allowed():
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
    with watched(always=in_threads, settled_on=STAGE.settled_on) as held:
        request.node.duties_held = held
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Any:
    """Fixtures have arranged what they will; now the product acts."""
    held = getattr(item, "duties_held", None)
    if held is not None:
        held.begin()
    return (yield)
