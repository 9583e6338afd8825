"""The search for other numbers that fit: what shows that a hidden number can be something else than it is (see meetings.suppression)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

NO_LIMIT = 10**9
TRIES = 60  # of the first search, which goes back when it cannot go on
TURNS = 500  # of the second, which never goes back
SECOND_AT = (0, 9, 150)  # the prices at which it is made
MOST_WORK = 4_000_000  # numbers looked at in all; then nothing more is found. Never a matter of time, whatever the machine
EASY_WORK = 1_000_000  # up to this each number gets what it needs
LITTLE_WORK = 20_000  # for one number after that, until every other has been looked for too
PROBE = 20_000  # for what follows when a number is more, or less, than it is
LONGEST_CHANGE = 150  # numbers that are changed together in one try


class Search:
    """Equations that are true of some numbers, how low and high each may be, and what it costs to change it.

    The lists `low`, `high` and `price` are those of the caller, who changes them as numbers are hidden. A price of NO_LIMIT is that of a
    number that cannot be changed.
    """

    def __init__(
        self, values: Sequence[int], equations_of: Sequence[Sequence[tuple[int, int]]], equations: Sequence[Sequence[tuple[int, int]]],
        *, low: Sequence[int], high: Sequence[int], price: Sequence[int],
    ) -> None:  # fmt: skip
        self.values, self.equations_of, self.equations = values, equations_of, equations
        self.low, self.high, self.price = low, high, price
        self.work = 0
        self.until = MOST_WORK  # the work at which nothing more is found
        self.is_too_dear = False  # a change was left untried because of its price

    def change(self, target: int, step: int, price: int) -> dict[int, int] | None:
        """Gives steps of numbers, the target's among them, that leave every equation true, at most for a price; None when none is found."""
        if self.is_over or not self._may(target, step):
            return None
        change, off = {target: step}, dict[int, int]()
        self._put(target, step, off)
        self.tries = 0
        if self._repaired(change, off, price):
            return change
        return self._settled(target, step, price) if price in SECOND_AT else None

    @property
    def is_over(self) -> bool:
        """Tells whether as much has been looked at as may be, in all or for this number."""
        return self.work > min(self.until, MOST_WORK)

    def _may(self, index: int, step: int) -> bool:
        return self.low[index] <= self.values[index] + step <= self.high[index]

    def _put(self, index: int, step: int, off: dict[int, int]) -> None:
        """Adds a change of one number to how far each equation is from being true."""
        for equation, sign in self.equations_of[index]:
            left = off.get(equation, 0) + sign * step
            if left:
                off[equation] = left
            else:
                off.pop(equation, None)

    def _repaired(self, change: dict[int, int], off: dict[int, int], price: int) -> bool:
        """Changes more numbers, for a price, until every equation is true again; the arguments are as before when it cannot be done."""
        if not off:
            return True
        if self.tries > TRIES or len(change) > LONGEST_CHANGE or self.is_over:
            return False
        best: list[tuple[int, int, int, int]] | None = None
        for equation, left in off.items():
            ways = []
            self.work += len(self.equations[equation])
            for index, sign in self.equations[equation]:
                costs = self.price[index]
                if index not in change and costs < NO_LIMIT:
                    step = -left * sign
                    if costs > price:
                        self.is_too_dear = True
                    elif self._may(index, step):
                        ways.append((costs, self.values[index] if costs else len(self.equations_of[index]), index, step))
            if not ways:
                return False
            if best is None or len(ways) < len(best):
                best = ways
            if len(ways) == 1:
                break  # it must be that one
        self.tries += len(best or ()) > 1
        for costs, _count, index, step in sorted(best or ()):
            change[index] = step
            self._put(index, step, off)
            if self._repaired(change, off, price - costs):
                return True
            del change[index]
            self._put(index, -step, off)
        return False

    def _settled(self, target: int, step: int, price: int) -> dict[int, int] | None:
        """Mends one equation after the other by the number that leaves the others nearest to true; those that come back weigh more."""
        change, off = {target: step}, dict[int, int]()
        self._put(target, step, off)
        weight: dict[int, int] = {}
        for _turn in range(TURNS):
            if not off:
                return change
            if self.is_over:
                return None
            equation = next(iter(off))
            left = off[equation]
            weight[equation] = weight.get(equation, 1) + 1
            best: tuple[int, int, int, int, int] | None = None
            for index, sign in self.equations[equation]:
                costs = 0 if index in change else self.price[index]
                if index == target or costs >= NO_LIMIT:
                    continue
                if costs > price:
                    self.is_too_dear = True
                    continue
                held = change.get(index, 0)
                now = self.values[index] + held
                moved = min(max(now - left * sign, self.low[index]), self.high[index]) - now
                if not moved:
                    continue
                worse = 0
                self.work += len(self.equations_of[index])
                for other, its_sign in self.equations_of[index]:
                    before = off.get(other, 0)
                    worse += weight.get(other, 1) * (abs(before + its_sign * moved) - abs(before))
                way = (worse, costs, len(self.equations_of[index]), index, moved)
                if best is None or way < best:
                    best = way
            if best is None:
                return None
            _worse, costs, _count, index, moved = best
            price -= costs
            change[index] = change.get(index, 0) + moved
            if not change[index]:
                del change[index]
                price += self.price[index]
            self._put(index, moved, off)
        return None


class Bounds:
    """The least and the most of each number that the equations leave of their ranges, one equation at a time."""

    def __init__(self, ranges: Sequence[tuple[int, int]], equations: Sequence[Sequence[tuple[int, int]]]) -> None:
        self.least, self.most = [low for low, _high in ranges], [high for _low, high in ranges]
        self.equations = equations
        self.equations_of: list[list[int]] = [[] for _range in ranges]
        for at, terms in enumerate(equations):
            for index, _sign in terms:
                self.equations_of[index].append(at)
        self.narrow(range(len(equations)), MOST_WORK)

    def narrow(self, first: Iterable[int], most_work: int) -> bool:
        """Takes what some of the equations say, and what follows from it; tells whether anything is left that fits them."""
        least, most = self.least, self.most
        waiting, work = dict.fromkeys(first), 0
        while waiting and work < most_work:
            at = next(iter(waiting))
            del waiting[at]
            terms = self.equations[at]
            work += len(terms)
            lowest = sum(least[index] if sign > 0 else -most[index] for index, sign in terms)
            highest = sum(most[index] if sign > 0 else -least[index] for index, sign in terms)
            if lowest > 0 or highest < 0:
                return False
            for index, sign in terms:
                if least[index] == most[index]:
                    continue
                low, high = (least[index], most[index]) if sign > 0 else (-most[index], -least[index])
                up, down = -(lowest - low), -(highest - high)  # the most and the least that the others leave for it
                new_low, new_high = (down, up) if sign > 0 else (-up, -down)
                if new_low > least[index] or (new_high < most[index] and new_high < NO_LIMIT // 2):
                    least[index] = max(least[index], new_low)
                    most[index] = min(most[index], new_high) if new_high < NO_LIMIT // 2 else most[index]
                    if least[index] > most[index]:
                        return False
                    waiting.update(dict.fromkeys(self.equations_of[index]))
                    lowest = sum(least[index] if sign > 0 else -most[index] for index, sign in terms)
                    highest = sum(most[index] if sign > 0 else -least[index] for index, sign in terms)
        return True

    def is_only(self, index: int, value: int) -> bool:
        """Tells whether a number can be nothing else: neither more nor less fits. What cannot be told is taken as that it can."""
        return not (self._fits(index, self.least[index], value - 1) or self._fits(index, value + 1, self.most[index]))

    def _fits(self, index: int, low: int, high: int) -> bool:
        if low > high:
            return False
        kept = self.least, self.most
        self.least, self.most = self.least.copy(), self.most.copy()
        self.least[index], self.most[index] = low, high
        found = self.narrow(self.equations_of[index], PROBE)
        self.least, self.most = kept
        return found
