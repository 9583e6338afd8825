"""Who gets what from the addresses of drafts, the outbox and the installable app."""

from __future__ import annotations

from typing import Any

from tests.access.filled import Marks
from tests.access.rows import Row, page
from tests.cast import Cast

SIGNED_IN = "KFNALSDIX"
EVERYONE = "KFNALSDIXU"

RECORD_ROWS: list[Row] = []
PAGE_ROWS: list[Row] = [
    Row("draft_save", SIGNED_IN, SIGNED_IN, of_record=False, no_get=True),
    Row("draft_discard", SIGNED_IN, SIGNED_IN, of_record=False, no_get=True),
    page("draft_token", SIGNED_IN),
    page("outbox", SIGNED_IN),
    page("offline", EVERYONE),
    page("manifest", EVERYONE),
    page("service_worker", EVERYONE),
]
THINGS: dict[str, Any] = {}


def fill(cast: Cast, marks: Marks, key: str, placement_key: str) -> None:
    """Drafts are of no record."""
