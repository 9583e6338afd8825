"""What a report counts: figures that the apps contribute in their modules called `figures`, each with a definition to read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Literal

from django.apps import apps

TOTAL = "all"  # the row of everyone in the cut
UNDECIDED = "none"  # those whose trade is not decided; every other row is a trade's code

Unit = Literal["people", "mentors", "events", "places", "hours", "days"]


@dataclass(frozen=True)
class Cut:
    """What is counted: from the first to the last day (both counted), and whose. What stands at a moment is asked as of the last.

    `trade` is a trade's code, `funder` a code of who funds (or of a programme), `cohort` a cohort's public id; "" is all.
    """

    first: date
    last: date
    trade: str = ""
    funder: str = ""
    cohort: str = ""


@dataclass(frozen=True)
class Share:
    """A part of a whole, such as passed of tried: never a rounded percentage, so that small groups can be hidden."""

    part: int
    whole: int

    @property
    def percent(self) -> int | None:
        """The whole number of percent, halves up; None of nothing."""
        return (200 * self.part + self.whole) // (2 * self.whole) if self.whole else None


@dataclass(frozen=True)
class Median:
    """The middle of some lengths, and how many there are; None of nothing."""

    value: float | None
    count: int


Value = int | Share | Median
Counted = Mapping[
    str, Mapping[str, Value]
]  # row (TOTAL, UNDECIDED or a trade's code) -> cell -> value; what is not there is zero


@dataclass(frozen=True)
class Cell:
    """One column of a figure."""

    key: str
    label: str


@dataclass(frozen=True)
class Figure:
    """One thing that is counted, by trade and in all.

    `count` computes it in the database, in a fixed number of queries. `people` gives the enrolments behind a cell, for those who may
    open them, or is None where rows are not enrolments. `kind` says what the values are. `adds_up` tells that the rows of the
    trades and the undecided sum to the total, and `splits` that the cells of a row sum to `whole_cell` (when it is named) or to
    one another's total: what a hidden number could be worked out from.
    """

    key: str
    name: str
    definition: str
    chapter: str
    cells: tuple[Cell, ...]
    count: Callable[[Cut], Counted]
    kind: Literal["count", "share", "median"] = "count"
    unit: Unit = "people"
    people: Callable[[Cut, str], Any] | None = None
    is_at_moment: bool = False  # as of the last day, not within the period
    adds_up: bool = True
    splits: bool = False
    whole_cell: str = ""
    source: str = ""


# The chapters of a report, in its order: key -> heading.
CHAPTERS: dict[str, str] = {
    "caseload": "Deltakerne",
    "exams": "Eksamen og fagprøve",
    "norwegian": "Norsk",
    "followup": "Oppfølging",
    "absence": "Fravær",
    "workplaces": "Arbeidssteder og faddere",
    "income": "Inntekt og finansiering",
    "outcome": "Etter fagbrevet",
}


@cache
def figures() -> dict[str, Figure]:
    """Gives every figure by its key, in the order of the chapters. Raises ValueError when two have the same key."""
    found = [figure for module in _modules() for figure in module.FIGURES]
    keys = [figure.key for figure in found]
    if len(keys) != len(set(keys)):
        raise ValueError("two figures have the same key")
    order = list(CHAPTERS)
    return {figure.key: figure for figure in sorted(found, key=lambda figure: order.index(figure.chapter))}


@cache
def _modules() -> tuple[Any, ...]:
    names = [f"{config.name}.figures" for config in apps.get_app_configs() if config.name != "fagbrev" and "." not in config.name]
    return tuple(import_module(name) for name in names if find_spec(name))
