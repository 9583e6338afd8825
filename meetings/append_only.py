"""What is published or shared can be added to and read, never changed: held by the same kind of trigger as the logs."""

from __future__ import annotations

from typing import Any

from fagbrev.audit.triggers import drop_append_only, make_append_only

APPEND_ONLY_TABLES = ("meetings_frozenreport", "meetings_minutesversion")


def lock(apps: Any, schema_editor: Any) -> None:
    """Makes the triggers; called from a migration."""
    make_append_only(schema_editor, APPEND_ONLY_TABLES)


def unlock(apps: Any, schema_editor: Any) -> None:
    """Takes the triggers away again."""
    drop_append_only(schema_editor, APPEND_ONLY_TABLES)
