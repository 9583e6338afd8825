"""Holds the table of duties against its derivation after every test that uses the database.

What a test arranges by writing rows itself is brought up to date before the product acts: at the next request, or at the first
row an act writes. What the product writes it must keep up to date itself; the comparison after the test finds what it forgot.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import date
from functools import wraps
from typing import Any

from django.core.signals import request_finished, request_started
from django.db import connection
from django.utils import timezone

from fagbrev.audit.acting import LISTENERS, is_acting
from fagbrev.duties import engine
from fagbrev.duties.engine import Refreshed, derive, refresh, stored
from fagbrev.duties.registry import terms_on

WRITES = re.compile(
    r'\s*(INSERT|UPDATE|DELETE)\b[^"]*"(participants_|programmes_|followup_|meetings_|fagbrev_ruleterms)', re.IGNORECASE
)


class Held:
    """What has been written since the table was last brought up to date."""

    def __init__(self, *, in_threads: bool, settled_on: date | None = None) -> None:
        self.in_threads = in_threads
        self.is_arranged = settled_on is None  # by the test itself: also what stood there before it
        self.settled_on = settled_on  # the day for which what stands there was brought up to date
        self.is_written = False  # by the product: without it there is nothing it can have forgotten
        self.in_request = False
        self.is_busy = False
        self.is_settled = False
        self.is_active = False  # while fixtures arrange, acts too are arrangement, and nothing need follow them
        self.thread = threading.get_ident()
        self.lock = threading.Lock()

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        """Watches every statement of the test's connection."""
        if not self.is_busy and sql.startswith("ROLLBACK TO"):
            self.is_arranged = self.is_arranged or self.is_settled  # what was brought up to date within it is undone, too
        if self.is_busy or not WRITES.match(sql):
            return execute(sql, params, many, context)
        if self.is_active and (is_acting() or self.in_request):
            self.is_written = True
            self.settle()
            return execute(sql, params, many, context)
        self.is_arranged = True
        return execute(sql, params, many, context)

    @contextmanager
    def arranging(self) -> Iterator[None]:
        """What a helper of the tests does here is arrangement, its acts too: the table is brought up to date after all of it."""
        was_active, self.is_active = self.is_active, False
        was_heard = engine.bring_up_to_date in LISTENERS
        if was_heard:
            LISTENERS.remove(engine.bring_up_to_date)
        try:
            yield
        finally:
            self.is_active = was_active
            if was_heard:
                engine.listen()

    def begin(self) -> None:
        """The test itself begins: from now on the product must keep the table up to date."""
        self.is_active = True
        engine.listen()

    def started(self, **_more: Any) -> None:
        """A request begins: it meets a table that is up to date."""
        if self.is_active:
            self.settle()
        self.in_request = threading.get_ident() == self.thread  # a served request has a connection of its own

    def finished(self, **_more: Any) -> None:
        """A request is over."""
        self.in_request = False

    def settle(self) -> None:
        """Brings the table up to date with what the test arranged, without a trace in what the test counts."""
        with self.lock:
            self._settle()

    def _settle(self) -> None:
        if self.settled_on is not None:  # the test may have moved the day
            self.is_arranged = self.is_arranged or timezone.localdate() != self.settled_on
            self.settled_on = None
        if not self.is_arranged or self.is_busy or connection.needs_rollback:
            return
        self.is_busy = True
        counted = len(connection.queries_log)
        try:
            done = refresh(today=timezone.localdate())
        finally:
            while len(connection.queries_log) > counted:
                connection.queries_log.pop()
            self.is_busy = False
        self.is_arranged = False
        self.is_settled = self.is_settled or done != Refreshed()


_watching: list[Held] = []


def arranged(helper: Callable[..., Any]) -> Callable[..., Any]:
    """Makes a helper of the tests part of what they arrange, also when it is called while the product acts."""

    @wraps(helper)
    def within(*args: Any, **kwargs: Any) -> Any:
        # Where a test acts in threads of its own nothing is brought up to date at its writes; the acts themselves must do it.
        with _watching[-1].arranging() if _watching and not _watching[-1].in_threads else nullcontext():
            return helper(*args, **kwargs)

    return within


def differences() -> list[str]:
    """Gives what the table holds and the rules do not derive, and the other way round."""
    held, derived = stored(), derive(terms_on(timezone.localdate()))
    found = [f"not derived: {key}" for key in sorted(held.keys() - derived.keys())]
    found += [f"not in the table: {key}" for key in sorted(derived.keys() - held.keys())]
    return found + [
        f"differs: {key}: {held[key]} {derived[key]}" for key in sorted(held.keys() & derived.keys()) if held[key] != derived[key]
    ]


@contextmanager
def watched(*, always: bool, settled_on: date | None = None) -> Iterator[Held]:
    """Watches a test; raises AssertionError when the table is not what the rules derive in the end."""
    held = Held(in_threads=always, settled_on=settled_on)
    _watching.append(held)
    LISTENERS.remove(engine.bring_up_to_date)
    request_started.connect(held.started, dispatch_uid="duties-held")
    request_finished.connect(held.finished, dispatch_uid="duties-held")
    try:
        with connection.execute_wrapper(held):
            yield held
        if (held.is_written or always) and not connection.needs_rollback:
            held.settle()
            found = differences()
            assert not found, "The table of duties is not what the rules derive:\n" + "\n".join(found[:20])
    finally:
        engine.listen()
        _watching.remove(held)
        request_started.disconnect(dispatch_uid="duties-held")
        request_finished.disconnect(dispatch_uid="duties-held")
