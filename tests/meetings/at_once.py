"""Two who act in the same moment, each with a connection of their own (PostgreSQL)."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection


def meanwhile(act: Any, monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> tuple[threading.Thread, list[Any]]:
    """Lets another act, with a connection of its own, in the moment before `name` of the module is called; gives what it answered."""
    answers, called = list[Any](), getattr(module, name)

    def run() -> None:
        try:
            answers.append(act())
        except BaseException as fault:
            answers.append(fault)
        finally:
            connection.close()

    other = threading.Thread(target=run)

    def first(*args: Any) -> Any:
        if not other.ident:
            other.start()
            other.join(timeout=2)  # it is done, or it waits
        return called(*args)

    monkeypatch.setattr(module, name, first)
    return other, answers
