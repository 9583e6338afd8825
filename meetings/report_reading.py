"""Reading a report's content: what a cell shows, how it has changed, and in which words. Nothing here asks the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fagbrev.dates import semester_of
from fagbrev.figures import TOTAL, Median, Share, Value
from meetings.report_numbers import read
from meetings.suppression import SMALL

ALIKE = 0.05  # months: less than this is no change
NO_NUMBERS = gettext_lazy("ingen tall")  # of a share of nobody, and the middle of nothing


@dataclass(frozen=True)
class Shown:
    """One cell as it is read: its words, its value when it is not hidden, and the percent of a share."""

    text: str
    value: Value | None = None
    percent: int | None = None
    is_hidden: bool = False

    @property
    def number(self) -> int | None:
        """The number itself, of a count; None for others and for hidden ones."""
        return self.value if isinstance(self.value, int) else None

    @property
    def with_percent(self) -> str:
        """A share with its percent, which no line breaks: "11 av 14 (79 %)"; others as they are."""
        return self.text if self.percent is None else f"{self.text} ({self.percent}\N{NO-BREAK SPACE}%)"


@dataclass(frozen=True)
class Change:
    """How a number has changed: the arrow's direction ("up", "down" or ""), and the words."""

    direction: str
    words: str


class Reading:
    """A report's content, read cell by cell. The first semester is the report's own; those after are earlier ones."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self.content = content
        self.periods: list[dict[str, Any]] = content["periods"]
        self.rows: list[dict[str, str]] = content["rows"]
        self.smallest: int = content["smallest"]

    @cached_property
    def figures(self) -> dict[str, dict[str, Any]]:
        """The figures by key, in the report's order."""
        return {figure["key"]: figure for figure in self.content["figures"]}

    def has(self, figure: str) -> bool:
        """Tells whether the report has the figure."""
        return figure in self.figures

    def is_known(self, figure: str, period: int) -> bool:
        """Tells whether the semester has the figure at all: one that came later is in no earlier report."""
        return period < len(self.periods) and figure in self.periods[period]["values"]

    def cell(self, figure: str, cell: str, row: str = TOTAL, period: int = 0) -> Shown:
        """Gives what a cell shows."""
        if not self.is_known(figure, period):
            return Shown("–")
        found = self.periods[period]
        word = found["words_of"].get(figure, {}).get(row, {}).get(cell, "")
        if word:
            return Shown(self.word(word), is_hidden=True)
        kind = self.figures[figure]["kind"]
        held = found["values"][figure].get(row, {}).get(cell)
        return shown(read(held) if held is not None else _nothing(kind))

    def word(self, word: str) -> str:
        """Gives what stands in place of a hidden number."""
        return _("færre enn %(count)d") % {"count": self.smallest} if word == SMALL else _("skjult")

    def change(self, figure: str, cell: str, row: str = TOTAL) -> Change | None:
        """Gives the change since the semester before; None when either is hidden or not known."""
        if not self.is_known(figure, 1):
            return None
        now, then = self.cell(figure, cell, row), self.cell(figure, cell, row, 1)
        return changed(now, then, self.before_words)

    @cached_property
    def before_words(self) -> str:
        """The semester before, as one says it in this one: "i vår", "i fjor høst"."""
        first = date.fromisoformat(self.periods[0]["first"])
        return _("i vår") if semester_of(first).term == "høst" else _("i fjor høst")

    def hidden_count(self) -> int:
        """Gives how many cells of this semester are hidden."""
        return sum(len(cells) for rows in self.periods[0]["words_of"].values() for cells in rows.values())


def shown(value: Value) -> Shown:
    """Gives a value that is not hidden in words."""
    if isinstance(value, Share):
        text = _("%(part)d av %(whole)d") % {"part": value.part, "whole": value.whole} if value.whole else str(NO_NUMBERS)
        return Shown(text, value, value.percent)
    if isinstance(value, Median):
        return Shown(number_text(value.value) if value.value is not None else str(NO_NUMBERS), value)
    return Shown(str(value), value)


def number_text(value: float) -> str:
    """Gives a number with at most one decimal, as Norwegians write it."""
    return f"{value:.1f}".removesuffix(".0").replace(".", ",")


def _nothing(kind: str) -> Value:
    nothing: dict[str, Value] = {"share": Share(0, 0), "median": Median(None, 0)}
    return nothing.get(kind, 0)


def changed(now: Shown, then: Shown, before: str) -> Change | None:
    """Gives the change between two cells of one figure, in words; the arrow shows direction, not good or bad."""
    if isinstance(now.value, int) and isinstance(then.value, int):
        return _of_count(now.value - then.value, before)
    if now.percent is not None and then.percent is not None:
        return _of_percent(now.percent - then.percent, before)
    middle, earlier = _middle(now.value), _middle(then.value)
    return _of_months(middle - earlier, before) if middle is not None and earlier is not None else None


def _middle(value: Value | None) -> float | None:
    return value.value if isinstance(value, Median) else None


def _of_count(more: int, before: str) -> Change:
    if not more:
        return Change("", _("like mange som %(before)s") % {"before": before})
    words = _("%(count)d flere enn %(before)s") if more > 0 else _("%(count)d færre enn %(before)s")
    return Change("up" if more > 0 else "down", words % {"count": abs(more), "before": before})


def _of_percent(more: int, before: str) -> Change:
    if not more:
        return Change("", _("som %(before)s") % {"before": before})
    words = _("%(count)d prosentpoeng opp") if more > 0 else _("%(count)d prosentpoeng ned")
    return Change("up" if more > 0 else "down", words % {"count": abs(more)})


def _of_months(more: float, before: str) -> Change:
    if abs(more) < ALIKE:
        return Change("", _("som %(before)s") % {"before": before})
    count = number_text(abs(more))
    unit = _("måned") if count == "1" else _("måneder")
    words = _("%(count)s %(unit)s lengre") if more > 0 else _("%(count)s %(unit)s kortere")
    return Change("up" if more > 0 else "down", words % {"count": count, "unit": unit})
