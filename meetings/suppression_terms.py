"""What a report is to one who reckons with it: tables of true numbers, how they hang together, and which of them are hidden."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from fagbrev.figures import Value

SMALL = "small"  # shown as «færre enn 5»; of a share it is the part that is so
HIDDEN = "hidden"  # shown as «skjult»

Place = tuple[str, str, str]  # table, row, cell


@dataclass(frozen=True)
class Table:
    """A figure of one report at one time: the rows below the total, the cells, and the values by (row, cell); what is absent is zero.

    `nested` are cells that lie within one another, the widest first. `counts_people` tells whether a value is itself a group that can
    be small; in `small_rows` everything is hidden, and so are the cells of `small_cells`: few people are behind them. `given` is what
    stands as it is, because it was published before: the word of each such cell, "" for shown.
    """

    key: str
    rows: tuple[str, ...]
    cells: tuple[str, ...]
    values: Mapping[tuple[str, str], Value]
    adds_up: bool = True
    splits: bool = False
    whole_cell: str = ""
    nested: tuple[str, ...] = ()
    counts_people: bool = True
    small_rows: frozenset[str] = frozenset()
    small_cells: frozenset[tuple[str, str]] = frozenset()
    worth: int = 0  # how much its cells are missed when they are hidden to protect others
    given: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def value(self, row: str, cell: str) -> Value:
        """Gives the true value of a cell."""
        return self.values.get((row, cell), 0)


@dataclass(frozen=True)
class Same:
    """Two cells that hold the same quantity, such as a trade's row and the report of that trade alone."""

    first: Place
    second: Place


@dataclass(frozen=True)
class Rest:
    """A cell less others: what is left is a group too, such as those whom another funder pays for. With `is_all` nothing is left."""

    whole: Place
    parts: tuple[Place, ...]
    is_all: bool = False


@dataclass(frozen=True)
class Cover:
    """Cells in which everyone of a whole is at least once: together they are no fewer than the whole."""

    whole: Place
    parts: tuple[Place, ...]


@dataclass(frozen=True)
class Alike:
    """Columns that count the same: (table, cell, aspect), where the aspect of a share is "part", "whole" or "rest", and "sum" with no
    cell is what the cells of a row make together. A row counts as the same where the numbers are."""

    columns: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Balance:
    """Quantities (table, row, cell, aspect, as in Alike) that make zero together, each with its sign; without `is_exact`, not less."""

    terms: tuple[tuple[tuple[str, str, str, str], int], ...]
    is_exact: bool = True


Link = Same | Rest | Cover | Alike | Balance


@dataclass(frozen=True)
class Hiding:
    """The word of each hidden cell; the places of those that can be nothing else than they are, because what reveals them is published
    already; and the places of those of which it is not known, since the search found nothing, or did not come so far."""

    words: Mapping[Place, str]
    revealed: tuple[Place, ...] = ()
    unreached: tuple[Place, ...] = ()
