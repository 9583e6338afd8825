"""The words that stand in a report's equations, and the search for what must be hidden in it (see meetings.suppression)."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence

from fagbrev.figures import TOTAL, Median, Value
from meetings.suppression_equations import Equations, Number, amount_of, aspects_of
from meetings.suppression_otherwise import Otherwise
from meetings.suppression_search import EASY_WORK, LITTLE_WORK, MOST_WORK, NO_LIMIT, Bounds, Search
from meetings.suppression_terms import HIDDEN, SMALL, Hiding, Link, Place, Table

PRICES = (0, 1, 2, 3, 4, 6, 9, 14, 22, 40, 150)  # what may be hidden to protect one number, the cheapest first
MANY = 25  # so many cells more are hidden before it is looked anew for what can be otherwise together
FAR = (1, 2, 4)  # how many equations away words are made to tell nothing when a number is not protected, each time farther


class System(Equations):
    """The numbers, the equations between them, and the words that stand in their place."""

    def __init__(self, tables: Sequence[Table], links: Sequence[Link], smallest: int) -> None:
        super().__init__(tables, links)
        self.smallest = smallest
        self.hidden_near: set[int] = set()  # numbers for whose sake all that is near was hidden
        self.words: dict[Place, str] = {}
        self.fixed: set[Place] = set()
        self.loose: set[int] = set()  # numbers of which no word tells anything
        self.loosened: dict[int, int] = {}  # how often it was done for the sake of a number
        for table in tables:
            for row in (*table.rows, TOTAL):
                for cell in table.cells:
                    self._word_at_first(table, row, cell, table.value(row, cell))

    def _word_at_first(self, table: Table, row: str, cell: str, value: Value) -> None:
        place = (table.key, row, cell)
        if (row, cell) in table.given:
            self.fixed.add(place)
            if word := table.given[row, cell]:
                self.words[place] = word
        elif isinstance(value, Median):
            if 0 < value.count < self.smallest:
                self.words[place] = SMALL
        elif (row in table.small_rows or (row, cell) in table.small_cells) and amount_of(value):
            self.words[place] = HIDDEN
        elif table.counts_people and any(self._is_small(amount) for _aspect, amount, _shown in aspects_of(value)):
            self.words[place] = (
                SMALL if amount_of(value) < self.smallest else HIDDEN
            )  # of many of a few more, «færre enn 5» is untrue

    def _is_small(self, amount: int) -> bool:
        return 0 < amount < self.smallest

    # --- What who reads it knows ------------------------------------------------------------------------

    def _settle(self, index: int) -> None:
        """Works out whether a number is known, and the least and the most it can be to one who knows how words are chosen."""
        self.known[index] = any(place not in self.words for place in self.numbers[index].places)
        self.price[index] = self._price_of(index) if self.known[index] else 0
        low, high = self._range(index)
        self.low[index], self.high[index] = max(low, self.least[index]), min(high, self.most[index])

    def _range(self, index: int) -> tuple[int, int]:
        number = self.numbers[index]
        if not number.is_group:
            return 0, NO_LIMIT
        most = max(number.value, self.smallest - 1)  # the limit can have been another when the word was published
        few = [place for place in number.places if self.words.get(place) == SMALL]
        if any((*place, "") in self.atoms for place in few):
            return 1, most
        if any(self.atoms.get((*place, "part")) == index for place in few):
            return 0, most
        words = {self.words[place] for place in (*number.places, *number.beside) if place in self.words}
        if index in self.loose or SMALL in words or not (words or self.known[index]):
            return 0, NO_LIMIT
        return (
            self.smallest if number.value >= self.smallest else 0,
            NO_LIMIT,
        )  # known: hidden as any other when it is hidden at all

    def _say(self, place: Place, word: str) -> None:
        """Puts a word in place of a number."""
        self.words[place] = word
        for index in self.at[place]:
            self._settle(index)
            if self._must_be_kept(index):
                self.waiting.append(index)

    def _find_what_is_out(self) -> None:
        """Finds the least and the most each number can be though all that can be hidden were: more than that, nothing can protect."""
        ranges = []
        for number in self.numbers:
            stands = [place for place in number.places if place in self.fixed]
            if any(place not in self.words for place in stands):
                ranges.append((number.value, number.value))
            elif any((*place, "") in self.atoms and self.words[place] == SMALL for place in stands):
                ranges.append((1, max(number.value, self.smallest - 1)))
            else:
                ranges.append((0, NO_LIMIT))
        self.bounds = Bounds(ranges, self.equations)
        self.least, self.most = self.bounds.least, self.bounds.most

    def _say_no_more(self, number: Number) -> None:
        """Says of a number that stands as «skjult» somewhere nowhere that it is small."""
        if any(self.words.get(place) == HIDDEN for place in number.places if place in self.fixed):
            for place in number.places:
                if self.words.get(place) == SMALL and place not in self.fixed:
                    self.words[place] = HIDDEN

    # --- Hiding -----------------------------------------------------------------------------------------

    def solved(self) -> Hiding:
        """Hides until nothing is revealed."""
        count = len(self.numbers)
        self.known, self.low, self.high, self.price = [False] * count, [0] * count, [NO_LIMIT] * count, [0] * count
        self.search = Search(
            [number.value for number in self.numbers], [number.equations for number in self.numbers], self.equations,
            low=self.low, high=self.high, price=self.price,
        )  # fmt: skip
        for number in self.numbers:
            self._say_no_more(number)
        self._find_what_is_out()
        for index in range(count):
            self._settle(index)
        self.waiting: deque[int] = deque(
            index
            for index in sorted({*self.atoms.values(), *(rest for rest, _whole, _parts in self.rests)})
            if self._must_be_kept(index)
        )
        for place in list(self.words):
            self._hide_like(place)
        revealed = {index for index in self.waiting if self.least[index] == self.most[index]}
        safe, unreached = self._otherwise(), set[int]()
        later: deque[int] = deque()  # little is looked at for each number at first, so that none takes what others need
        tried: set[int] = set()
        hidden = len(self.words)
        while self.waiting or later:
            if len(self.words) - hidden >= (MANY if self.waiting else 1) and self.search.work <= MOST_WORK:
                safe |= self._otherwise()
                hidden = len(self.words)
            index = (self.waiting or later).popleft()
            if index in safe or index in revealed or index in unreached:
                continue
            is_first = index not in tried and self.search.work > EASY_WORK
            tried.add(index)
            self.search.until = self.search.work + LITTLE_WORK if is_first else MOST_WORK
            if move := self._another(index):
                safe.update(move)
            elif self.bounds.is_only(index, self.numbers[index].value):
                revealed.add(index)
            elif is_first:
                later.append(index)
            elif self.numbers[index].counts and (self._loosen(index) or self._hide_near(index)):
                later.appendleft(index)
            else:
                unreached.add(index)
        if unreached := unreached - safe:
            unreached -= self._otherwise()
        return Hiding(dict(self.words), self._places(revealed), self._places(unreached))

    def _otherwise(self) -> set[int]:
        """Gives numbers that can be otherwise as the words are now, found together."""
        together = Otherwise(self.search.values, self.equations, known=self.known, low=self.low, high=self.high)
        found = together.numbers()
        self.search.work += together.work
        return found

    def _hide_all_of(self, change: Iterable[int]) -> None:
        for place in [place for index in change if self.known[index] for place in self.numbers[index].places]:
            if place not in self.words:
                self._say(place, HIDDEN)
                self._hide_like(place)

    def _places(self, indices: set[int]) -> tuple[Place, ...]:
        return tuple(sorted({self._told(index) for index in indices}))

    def _told(self, index: int) -> Place:
        """One of the places of a number, or of what it is the rest of: one of the new report when there is one."""
        told = [index, *(one for rest, whole, parts in self.rests if rest == index for one in (whole, *parts))]
        near = (place for one in told for place in (*self.numbers[one].places, *self.numbers[one].beside))
        return min(near, key=lambda place: (place in self.fixed, place))

    def _hide_near(self, target: int) -> bool:
        """Hides what stands in one equation with a number for which nothing was found; tells whether there was anything to hide."""
        if target in self.hidden_near:
            return False
        self.hidden_near.add(target)
        near = {index for equation, _sign in self.numbers[target].equations for index, _other in self.equations[equation]}
        hidden = [index for index in sorted(near) if self.numbers[index].value and self._can_hide(index)]
        places = [place for index in hidden for place in self.numbers[index].places]
        for place in places:
            if place not in self.words:
                self._say(place, HIDDEN)
                self._hide_like(place)
        return bool(places)

    def _must_be_kept(self, index: int) -> bool:
        """Tells whether a number must not be known: a hidden one, and a small group that no cell shows; the whole of a hidden share
        may be known from elsewhere when it is none."""
        number = self.numbers[index]
        if number.counts:
            return not self.known[index]
        return number.is_group and self._is_small(number.value)

    def _another(self, target: int) -> dict[int, int] | None:
        """Gives a change of numbers that leaves every equation true and moves the target, and hides what of it was shown.

        The search goes from what costs nothing to what costs more. None when nothing is found.
        """
        if self.known[target]:
            return None
        for price in PRICES:
            self.search.is_too_dear = False
            found = [change for step in (1, -1) if (change := self.search.change(target, step, price))]
            if found:
                change = min(found, key=lambda one: sum(self.numbers[index].value for index in one if self.known[index]))
                self._hide_all_of(change)
                return change
            if not self.search.is_too_dear:
                break
        return None

    def _price_of(self, index: int) -> int:
        """What it costs to hide a number that is shown: more the more it is missed, NO_LIMIT when it cannot be hidden."""
        number = self.numbers[index]
        shown = sum(place not in self.words for place in number.places)
        return shown + number.worth + (2 if number.is_total else 0) if self._can_hide(index) else NO_LIMIT

    def _beside(self, ring: list[int]) -> list[int]:
        """Gives the numbers in an equation with one of the ring that are hidden, can be, or are zero."""
        near = {
            index
            for number in ring
            for equation, _sign in self.numbers[number].equations
            for index, _other in self.equations[equation]
        }
        return sorted(index for index in near if not self.known[index] or self._can_hide(index) or not self.numbers[index].value)

    def _loosen(self, start: int) -> bool:
        """Takes away what words tell of a number and of those near it, farther each time; tells whether there was anything to take."""
        while (at := self.loosened.get(start, 0)) < len(FAR):
            self.loosened[start] = at + 1
            seen, ring = {start}, [start]
            for _step in range(FAR[at]):
                ring = [index for index in self._beside(ring) if index not in seen]
                seen.update(ring)
            if sum([self._tell_nothing_of(index) for index in sorted(seen - self.loose)]):
                return True
        return False

    def _tell_nothing_of(self, index: int) -> bool:
        """Takes away what words tell of a number; tells whether it can be more than before."""
        self.loose.add(index)
        before = self.low[index], self.high[index], self.price[index]
        for place in self.numbers[index].places:
            if place not in self.fixed and place in self.words:
                self.words[place] = HIDDEN
        for near in {index, *(one for place in self.numbers[index].places for one in self.at[place])}:
            self._settle(near)
        return before != (self.low[index], self.high[index], self.price[index])

    def _can_hide(self, index: int) -> bool:
        shown = [place for place in self.numbers[index].places if place not in self.words]
        if self.least[index] == self.most[index]:
            return False
        is_of_use = self.numbers[index].value > 0 or index in self.loose  # a zero's word says that it is none of the small
        return bool(shown) and is_of_use and not self.fixed & set(shown)

    def _hide_like(self, place: Place) -> None:
        """Hides the same number everywhere: a cell with a number that is hidden elsewhere is hidden too."""
        waiting = [place]
        while waiting:
            hidden = waiting.pop()
            for aspect in ("", "part", "whole"):
                index = self.atoms.get((*hidden, aspect))
                if index is None:
                    continue
                number = self.numbers[index]
                is_small = number.is_group and self._is_small(number.value)
                word = SMALL if is_small and all(self.words.get(place, SMALL) == SMALL for place in number.places) else HIDDEN
                if (aspect == "whole" and not is_small) or (number.value == 0 and self._zero_elsewhere(number)):
                    continue  # the whole of a hidden share may be known from elsewhere
                for other in number.places:
                    if other not in self.words and other not in self.fixed:
                        self._say(other, word)
                        waiting.append(other)

    def _zero_elsewhere(self, number: Number) -> bool:
        return any(place not in self.words for place in number.places)
