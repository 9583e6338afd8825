"""An act: one transaction, and whom it touched, told to those who keep something derived before the act ends."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from django.db import transaction


class Touched(NamedTuple):
    """What a change concerns: a participant, or (participant None) a kind of row of the frame, such as programmes.setting."""

    participant_id: int | None
    kind: str


Listener = Callable[[frozenset[Touched]], None]
LISTENERS: list[Listener] = []


class _State(threading.local):
    def __init__(self) -> None:
        self.depth = 0
        self.touched: set[Touched] = set()


_state = _State()


@contextmanager
def acting() -> Iterator[None]:
    """Wraps an act (`@acting()` or `with acting():`): atomic, and what it touched is brought up to date before it ends.

    Acts within acts count as one. When the act raises, nothing is kept and nobody is told.
    """
    with transaction.atomic():
        _state.depth += 1
        try:
            yield
            if _state.depth == 1:
                _tell()
        finally:
            _state.depth -= 1
            if _state.depth == 0:
                _state.touched.clear()


def touch(*, participant_id: int | None, kind: str) -> None:
    """Notes what a change concerns; outside an act those who listen are told at once."""
    _state.touched.add(Touched(participant_id, kind))
    if _state.depth == 0:
        try:
            _tell()
        finally:
            _state.touched.clear()


def is_acting() -> bool:
    """Tells whether an act is under way in this thread."""
    return _state.depth > 0


def _tell() -> None:
    if not _state.touched:
        return
    touched = frozenset(_state.touched)
    _state.touched.clear()
    for listener in LISTENERS:
        listener(touched)
