"""The cast, made once for the tests of a module that ask for it one after another.

It stands in an outer transaction, and each test rolls back to a savepoint in it. What a test is handed are objects of its own,
with the columns of the first day.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from fagbrev.audit.acting import LISTENERS
from fagbrev.duties import engine
from tests.cast import Cast, make_cast


class Stage:
    """What stands in the database between tests: a cast with its duties, or nothing."""

    def __init__(self) -> None:
        self.day: date | None = None
        self.settled_on: date | None = None
        self._kept = b""
        self._outer: Any = None

    def stand(self, day: date) -> None:
        """Lets the cast of the day stand, with the table of duties brought up to date."""
        if self.day == day:
            return
        self.strike()
        if connection.in_atomic_block:  # other data of the module stands there already; the test makes a cast of its own
            return
        self._outer = transaction.atomic()
        self._outer.__enter__()
        # Django closes the connection after each test, and with it the transaction the cast stands in.
        connection.close = lambda: None  # type: ignore[method-assign]
        try:
            with _unheard():
                made = make_cast(day)
            self.settled_on = timezone.localdate()
            engine.refresh(today=self.settled_on)
            self._kept, self.day = pickle.dumps(made), day
        except BaseException:
            self.strike()
            raise

    def strike(self) -> None:
        """Leaves the database as it was before the cast."""
        if self._outer is None:
            return
        outer, self._outer, self.day, self.settled_on = self._outer, None, None, None
        del connection.close
        transaction.set_rollback(True)
        outer.__exit__(None, None, None)

    @contextmanager
    def empty(self) -> Iterator[None]:
        """What a fixture of the module lets stand itself, it puts on an empty stage."""
        self.strike()
        yield

    def cast(self) -> Cast:
        """Gives the cast as objects of one's own."""
        found: Cast = pickle.loads(self._kept)
        return found


@contextmanager
def _unheard() -> Iterator[None]:
    """While the cast is made, the table of duties need not follow every act: it is brought up to date once, afterwards."""
    LISTENERS.remove(engine.bring_up_to_date)
    try:
        yield
    finally:
        engine.listen()


STAGE = Stage()
