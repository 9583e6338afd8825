"""The texts of heavy queries, kept between requests: putting them together takes longer than running them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

MOST_KEPT = 400
_texts: dict[tuple[Any, ...], tuple[str, tuple[Any, ...]]] = {}


def kept(key: tuple[Any, ...], query: Callable[[], QuerySet[Any, Any]]) -> list[tuple[Any, ...]]:
    """Runs the query and gives its rows as the database gives them: numbers and texts alone, for nothing is converted.

    `key` must hold everything that the query's text and parameters depend on; no row is kept.
    """
    whole = (connection.vendor, *key)
    known = _texts.get(whole)
    if known is None:
        try:
            text, params = query().query.get_compiler(connection=connection).as_sql()
        except EmptyResultSet:
            return []
        while len(_texts) >= MOST_KEPT:
            _texts.pop(next(iter(_texts)), None)
        known = _texts[whole] = (text, tuple(params))
    with connection.cursor() as cursor:
        cursor.execute(*known)
        return cursor.fetchall()
