"""The rows of the matrix that meetings and reports bring, one module for each thing they are about.

A module has RECORD_ROWS (addresses of a record), PAGE_ROWS (the others), THINGS (the arguments of an address, by its name; a function
of the cast) and `fill(cast, marks, key, placement_key)`, which puts one row of every kind with a text of its own on a record.
"""

from importlib import import_module
from typing import Any

SLICES: tuple[str, ...] = ("agenda", "minutes", "meetings", "series", "invitations", "signups", "reports")


def modules() -> list[Any]:
    """Gives the modules."""
    return [import_module(f"tests.access.meetings.{name}") for name in SLICES]
