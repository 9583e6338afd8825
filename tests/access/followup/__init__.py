"""The rows of the matrix that follow-up brings, one module for each thing it is about."""

from importlib import import_module
from typing import Any

SLICES = ("visits", "topics", "assignments", "weekly", "competence", "language", "absence", "reviews", "concerns", "drafts")


def modules() -> list[Any]:
    """Gives the modules."""
    return [import_module(f"tests.access.followup.{name}") for name in SLICES]
