"""The demo's data, for the tests that look at all of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from fagbrev.roof import demo
from participants.models import Document
from tests.standing import STAGE


@pytest.fixture(scope="module")
def seeded(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """The demo of the module's TODAY, or of this day, taken away again after the module."""
    with django_db_blocker.unblock(), STAGE.empty(), transaction.atomic():
        yield demo.seed(today=getattr(request.module, "TODAY", timezone.localdate()))
        for row in Document.objects.all():
            row.file.delete(save=False)
        transaction.set_rollback(True)
