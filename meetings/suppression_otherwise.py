"""Many numbers at once that can be otherwise than they are: the changes that leave every equation true (see meetings.suppression).

The equations are solved for as many of the unknown numbers as there are equations; the others are chosen freely, and each by itself is
a change that moves those that depend on it. Where all that move may, every one of them can be something else than it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction
from math import lcm

Change = dict[int, int]
Sums = dict[int, Fraction | int]  # a number's change by those of others: how often each is in it
TURNS = 40  # of mending one change
MOST_TERMS = 400_000  # in all sums together; then nothing is found


class Otherwise:
    """What can be changed together while some numbers are known, and each may be from `low` to `high`."""

    def __init__(
        self, values: Sequence[int], equations: Sequence[Sequence[tuple[int, int]]],
        *, known: Sequence[bool], low: Sequence[int], high: Sequence[int],
    ) -> None:  # fmt: skip
        self.values, self.known, self.low, self.high = values, known, low, high
        self.sums: dict[int, Sums] = {}
        self.within: dict[int, set[int]] = defaultdict(set)  # a free number: those that depend on it
        self.work = 0
        self.columns: dict[int, Change] = {}
        for terms in sorted(equations, key=len):
            self._take(terms)
            if self.work > MOST_TERMS:
                return
        self.columns = {free: self._column(free) for free, depends in self.within.items() if depends}

    def _room(self, index: int) -> int:
        return min(self.values[index] - self.low[index], self.high[index] - self.values[index])

    def _take(self, terms: Sequence[tuple[int, int]]) -> None:
        """Solves one equation for the number with the most room, so that what follows seldom is more or less than may be."""
        left: Sums = {}
        for index, sign in terms:
            if not self.known[index]:
                for one, often in self.sums[index].items() if index in self.sums else ((index, 1),):
                    _add(left, one, sign * often)
        if not left:
            return
        chosen = max(left, key=lambda index: (abs(left[index]) == 1, self._room(index), -index))
        scale = left.pop(chosen)
        theirs: Sums = {one: -often * scale if abs(scale) == 1 else -Fraction(often) / scale for one, often in left.items()}
        for depends in self.within.pop(chosen, ()):
            often = self.sums[depends].pop(chosen)
            for one, more in theirs.items():
                _add(self.sums[depends], one, often * more)
                (self.within[one].add if one in self.sums[depends] else self.within[one].discard)(depends)
            self.work += len(theirs)
        self.sums[chosen] = theirs
        for one in theirs:
            self.within[one].add(chosen)
        self.work += len(theirs)

    def _column(self, free: int) -> Change:
        """The change that one free number makes, in whole numbers."""
        found: Sums = {free: 1}
        found.update({index: self.sums[index][free] for index in self.within[free]})
        whole = lcm(*(Fraction(often).denominator for often in found.values()))
        return {index: int(often * whole) for index, often in found.items()}

    def numbers(self) -> set[int]:
        """Gives numbers that can be otherwise."""
        found: set[int] = set()
        for free, column in self.columns.items():
            if not column.keys() <= found:
                for step in (1, -1):
                    if change := self._mended(free, step):
                        found |= change.keys()
        return found

    def _over(self, index: int, change: Change) -> int:
        """By how much a number is more than it may, or less (below zero)."""
        value = self.values[index] + change.get(index, 0)
        return max(0, value - self.high[index]) + min(0, value - self.low[index])

    def _mended(self, free: int, step: int) -> Change | None:
        """The change of one free number, with those of others that bring every number back to what it may be."""
        columns = self.columns
        change = {index: step * often for index, often in columns[free].items()}
        wrong = {index for index in change if self._over(index, change)}
        for _turn in range(TURNS):
            if not wrong:
                return change
            worst = min(wrong)
            over = self._over(worst, change)
            best: tuple[int, int, int] | None = None
            for other in self.sums.get(worst, (worst,)):
                if other != free and other in columns:
                    self.work += len(columns[other])
                    way = -1 if columns[other][worst] * over > 0 else 1
                    worse = sum(
                        abs(self._over(index, {index: change.get(index, 0) + way * often})) - abs(self._over(index, change))
                        for index, often in columns[other].items()
                    )
                    if worse < 0 and (best is None or (worse, other, way) < best):
                        best = worse, other, way
            if best is None:
                return None
            for index, often in columns[best[1]].items():
                change[index] = change.get(index, 0) + best[2] * often
                if not change[index]:
                    del change[index]
                (wrong.add if self._over(index, change) else wrong.discard)(index)
        return None


def _add(sums: Sums, index: int, often: Fraction | int) -> None:
    """Adds a number so many times to a sum, and drops it where nothing of it is left."""
    amount = sums.get(index, 0) + often
    if amount:
        sums[index] = amount
    else:
        sums.pop(index, None)
