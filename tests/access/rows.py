"""One row of the matrix: who gets in by GET and by POST."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Row:
    """One address: who gets in by GET and by POST ("" for no POST at all: 405), and answers that differ from the rule."""

    name: str
    get: str
    post: str = ""
    of_record: bool = True
    no_get: bool = False  # an address that only takes POST
    differs: dict[str, int] = field(default_factory=dict)  # "GET N" -> status


def look(name: str, who: str, **differs: int) -> Row:
    """A page of a record that only shows."""
    return Row(name, who, differs=_spelled(differs))


def form(name: str, who: str, **differs: int) -> Row:
    """A page of a record with a form."""
    return Row(name, who, who, differs=_spelled(differs))


def act(name: str, who: str, **differs: int) -> Row:
    """An act of a record: POST alone."""
    return Row(name, who, who, no_get=True, differs=_spelled(differs))


def page(name: str, who: str, post: str = "", **differs: int) -> Row:
    """A page that is not about one participant."""
    return Row(name, who, post, of_record=False, differs=_spelled(differs))


def _spelled(differs: dict[str, int]) -> dict[str, int]:
    return {key.replace("_", " "): status for key, status in differs.items()}
