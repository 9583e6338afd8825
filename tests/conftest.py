"""Fixtures for every test: the cast, and the day it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.utils import timezone

from tests.cast import Cast, make_cast


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
