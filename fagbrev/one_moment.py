"""Reading as of one moment: many queries that agree with one another, for which nobody has to wait."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

BEGIN = {"postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"}  # SQLite's is such a moment by itself
BEGIN_OTHERWISE = "BEGIN DEFERRED"  # and not IMMEDIATE, which would take the lock of those who write


@contextmanager
def one_moment() -> Iterator[None]:
    """Lets all that is read inside be as it stood when the first was read, whatever others save meanwhile. Nothing is to be written.

    Inside a transaction it adds nothing: there the transaction decides what is seen.
    """
    if connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(BEGIN.get(connection.vendor, BEGIN_OTHERWISE))
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK")
