"""The triggers that make the logs append-only, on SQLite and on PostgreSQL."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections

APPEND_ONLY_TABLES = ("fagbrev_looklog", "fagbrev_changelog", "fagbrev_peopleevent")
_open_connections: set[int] = set()


def register_may_destroy(sender: Any, connection: Any, **kwargs: Any) -> None:
    """Gives each SQLite connection the function the triggers ask: 0 unless destruction is open on it."""
    if connection.vendor == "sqlite":
        key = id(connection)
        connection.connection.create_function("may_destroy", 0, lambda: int(key in _open_connections))


@contextmanager
def destruction_allowed() -> Iterator[None]:
    """Opens the logs for deletion on this connection: for recorded destruction and for flushing tests."""
    if connection.vendor == "sqlite":
        key = id(connections[DEFAULT_DB_ALIAS])  # the connection itself, as the signal gives it; not Django's proxy
        _open_connections.add(key)
    else:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('fagbrev.may_destroy', '1', false)")
    try:
        yield
    finally:
        if connection.vendor == "sqlite":
            _open_connections.discard(key)
        else:
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('fagbrev.may_destroy', '0', false)")


def create_triggers(apps: Any, schema_editor: Any) -> None:
    """Makes the triggers of the logs; called from a migration."""
    if schema_editor.connection.vendor != "sqlite":
        schema_editor.execute(
            "CREATE OR REPLACE FUNCTION fagbrev_append_only() RETURNS trigger AS $$ BEGIN "
            "IF coalesce(current_setting('fagbrev.may_destroy', true), '0') <> '1' THEN RAISE EXCEPTION 'append only'; END IF; "
            "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END; $$ LANGUAGE plpgsql"
        )
    make_append_only(schema_editor, APPEND_ONLY_TABLES)


def drop_triggers(apps: Any, schema_editor: Any) -> None:
    """Takes the triggers of the logs away again."""
    drop_append_only(schema_editor, APPEND_ONLY_TABLES)


def make_append_only(schema_editor: Any, tables: Iterable[str]) -> None:
    """Lets nothing in the tables be changed or deleted; called from a migration of the app whose tables they are."""
    for table in tables:
        if schema_editor.connection.vendor == "sqlite":
            for verb in ("UPDATE", "DELETE"):
                schema_editor.execute(
                    f"CREATE TRIGGER {table}_{verb.lower()} BEFORE {verb} ON {table} WHEN may_destroy() = 0 "
                    f"BEGIN SELECT RAISE(ABORT, 'append only'); END"
                )
        else:
            schema_editor.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION fagbrev_append_only()"
            )


def drop_append_only(schema_editor: Any, tables: Iterable[str]) -> None:
    """Takes the triggers of the tables away again."""
    for table in tables:
        if schema_editor.connection.vendor == "sqlite":
            for verb in ("update", "delete"):
                schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_{verb}")
        else:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}")
