"""The numbers of a report and the equations between them, as tables and links give them (see meetings.suppression)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from fagbrev.figures import TOTAL, Median, Share, Value
from meetings.suppression_terms import Alike, Balance, Cover, Link, Place, Rest, Same, Table


@dataclass
class Number:
    """One unknown."""

    value: int
    places: list[Place] = field(default_factory=list)
    is_group: bool = True
    equations: list[tuple[int, int]] = field(default_factory=list)
    is_total: bool = False
    worth: int = 0
    counts: bool = False  # stands alone in a cell or is the part of a share: what a hidden cell must not reveal
    beside: list[Place] = field(default_factory=list)  # the cells whose word tells something of it, though they do not show it


class Equations:
    """The unknowns, where each stands, and what holds between them. `rests` are those left over: the rest, what of, and the others."""

    def __init__(self, tables: Sequence[Table], links: Sequence[Link]) -> None:
        self.tables = {table.key: table for table in tables}
        self.numbers: list[Number] = []
        self.atoms: dict[tuple[str, str, str, str], int] = {}  # table, row, cell, aspect
        self.equations: list[list[tuple[int, int]]] = []
        self.known_equations: set[frozenset[tuple[int, int]]] = set()
        self.known_slacks: set[frozenset[tuple[int, int]]] = set()
        self.known_rests: set[tuple[int, frozenset[int]]] = set()
        self.rests: list[tuple[int, int, list[int]]] = []
        self.at: dict[Place, list[int]] = defaultdict(list)
        for table in tables:
            self._add_cells(table)
        self._unite(links)
        for table in tables:
            self._add_equations(table)
        self._add_links(links)
        for index, terms in enumerate(self.equations):
            for number, sign in terms:
                self.numbers[number].equations.append((index, sign))
        for (key, row, cell, _aspect), index in self.atoms.items():
            if index not in self.at[key, row, cell]:
                self.at[key, row, cell].append(index)

    # --- The numbers ------------------------------------------------------------------------------------

    def _add_cells(self, table: Table) -> None:
        for row in (*table.rows, TOTAL):
            for cell in table.cells:
                for aspect, amount, is_shown in aspects_of(table.value(row, cell)):
                    is_total = row == TOTAL or cell == table.whole_cell
                    number = Number(amount, is_group=table.counts_people, is_total=is_total, worth=table.worth)
                    (number.places if is_shown else number.beside).append((table.key, row, cell))
                    number.counts = aspect in {"", "part"}
                    self.atoms[table.key, row, cell, aspect] = len(self.numbers)
                    self.numbers.append(number)
            if table.splits and not table.whole_cell:
                amount = sum(amount_of(table.value(row, cell)) for cell in table.cells)
                self.atoms[table.key, row, "", "sum"] = len(self.numbers)
                self.numbers.append(Number(amount, is_group=False, is_total=True, worth=table.worth))

    def _unite(self, links: Sequence[Link]) -> None:
        """Makes one number of what is the same, as the links say."""
        parent = list(range(len(self.numbers)))

        def root(index: int) -> int:
            while parent[index] != index:
                parent[index] = parent[parent[index]]
                index = parent[index]
            return index

        def join(first: int, second: int) -> None:
            if self.numbers[first].value == self.numbers[second].value:
                parent[root(second)] = root(first)

        for link in links:
            if isinstance(link, Alike):
                for first, second in self._like_columns(link):
                    join(first, second)
        for link in links:
            if isinstance(link, Same):
                for aspect in ("", "part", "whole", "rest"):
                    one, other = self.atoms.get((*link.first, aspect)), self.atoms.get((*link.second, aspect))
                    if one is not None and other is not None:
                        join(one, other)
        for index, number in enumerate(self.numbers):
            kept = self.numbers[root(index)]
            if kept is not number:
                kept.places += number.places
                kept.beside += number.beside
                kept.is_group |= number.is_group
                kept.is_total |= number.is_total
                kept.counts |= number.counts
                kept.worth = max(kept.worth, number.worth)
        self.atoms = {atom: root(index) for atom, index in self.atoms.items()}

    def _like_columns(self, link: Alike) -> Iterator[tuple[int, int]]:
        known: dict[str, int] = {}
        for key, cell, aspect in link.columns:
            table = self.tables.get(key)
            for row in (*table.rows, TOTAL) if table else ():
                index = self.atoms.get((key, row, cell, aspect))
                if index is not None and self.numbers[index].value:
                    first = known.setdefault(row, index)
                    if first != index:
                        yield first, index

    # --- The equations ----------------------------------------------------------------------------------

    def _add(self, whole: int, parts: Iterable[int]) -> None:
        """Adds whole = parts, where it is true: what is not true, nobody can reckon with."""
        self._add_terms([(whole, 1), *((part, -1) for part in parts)])

    def _add_terms(self, terms: Iterable[tuple[int, int]]) -> None:
        kept = _merged(terms)
        if sum(sign * self.numbers[number].value for number, sign in kept) == 0:
            same = frozenset(kept)
            if kept and same not in self.known_equations:
                self.known_equations.add(same)
                self.equations.append(kept)

    def _add_equations(self, table: Table) -> None:
        atoms = self.atoms
        for cell in table.cells:
            for row in (*table.rows, TOTAL):
                if (table.key, row, cell, "whole") in atoms:
                    self._add(
                        atoms[table.key, row, cell, "whole"],
                        (atoms[table.key, row, cell, "part"], atoms[table.key, row, cell, "rest"]),
                    )
            for aspect in ("", "part", "whole"):
                if table.rows and (table.key, TOTAL, cell, aspect) in atoms:
                    below = [atoms[table.key, row, cell, aspect] for row in table.rows if (table.key, row, cell, aspect) in atoms]
                    self._add_total(table, atoms[table.key, TOTAL, cell, aspect], below)
        for row in (*table.rows, TOTAL):
            self._add_row(table, row)
        if table.splits and not table.whole_cell and table.adds_up:
            self._add(atoms[table.key, TOTAL, "", "sum"], (atoms[table.key, row, "", "sum"] for row in table.rows))

    def _add_total(self, table: Table, total: int, rows: list[int]) -> None:
        """The rows make the total; or, where one can be in several of them, at least that, and none of them more than it."""
        if table.adds_up:
            self._add(total, rows)
            return
        self._add_slack([(row, 1) for row in rows] + [(total, -1)])
        for row in rows:
            self._add_slack([(total, 1), (row, -1)])

    def _add_slack(self, terms: list[tuple[int, int]]) -> None:
        """Adds that a sum is not below zero, where it is not; by how much it is above, nobody is told."""
        terms = _merged(terms)
        over = sum(sign * self.numbers[number].value for number, sign in terms)
        if terms and over >= 0 and frozenset(terms) not in self.known_slacks:
            self.known_slacks.add(frozenset(terms))
            slack = len(self.numbers)
            self.numbers.append(Number(over, is_group=False))
            self.equations.append([*terms, (slack, -1)])

    def _add_row(self, table: Table, row: str) -> None:
        if table.splits:
            parts = [self._counted(table.key, row, cell) for cell in table.cells if cell != table.whole_cell]
            if table.whole_cell:
                self._add(self._counted(table.key, row, table.whole_cell), parts)
            else:
                self._add(self.atoms[table.key, row, "", "sum"], parts)
                first = self.atoms.get((table.key, row, table.cells[0], "whole"))
                if first is not None:  # shares of one whole
                    self._add(first, parts)
        for wide, narrow in zip(table.nested, table.nested[1:], strict=False):
            self._add_rest(self._counted(table.key, row, wide), [self._counted(table.key, row, narrow)])

    def _counted(self, key: str, row: str, cell: str) -> int:
        found = self.atoms.get((key, row, cell, ""))
        return self.atoms[key, row, cell, "part"] if found is None else found

    def _add_rest(self, whole: int, parts: list[int]) -> None:
        left = self.numbers[whole].value - sum(self.numbers[part].value for part in parts)
        same = whole, frozenset(parts)
        if left < 0 or whole in parts or same in self.known_rests:
            return
        self.known_rests.add(same)
        rest = len(self.numbers)
        self.numbers.append(Number(left, is_group=self.numbers[whole].is_group))
        self.equations.append([(whole, 1), (rest, -1), *((part, -1) for part in parts)])
        self.rests.append((rest, whole, parts))

    def _add_links(self, links: Sequence[Link]) -> None:
        for link in links:
            if isinstance(link, Cover):
                named = [self.atoms.get((*place, "")) for place in (link.whole, *link.parts)]
                whole, *parts = [index for index in named if index is not None] or [-1]
                if len(parts) == len(link.parts) and whole >= 0:
                    self._add_slack([(part, 1) for part in parts] + [(whole, -1)])
            if isinstance(link, Balance):
                self._add_balance(link)
            if not isinstance(link, Rest):
                continue
            for aspect in ("", "part", "whole", "rest"):
                named = [self.atoms.get((*place, aspect)) for place in (link.whole, *link.parts)]
                found = [index for index in named if index is not None]
                if len(found) < len(named):
                    continue
                if link.is_all:
                    self._add(found[0], found[1:])
                else:
                    self._add_rest(found[0], found[1:])

    def _add_balance(self, link: Balance) -> None:
        found = [(index, sign) for quantity, sign in link.terms if (index := self.atoms.get(quantity)) is not None]
        if len(found) < len(link.terms):
            return
        if link.is_exact:
            self._add_terms(found)
        else:
            self._add_slack(found)


def _merged(terms: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Gives each number once, with the sum of its signs; without those that cancel out."""
    found: dict[int, int] = defaultdict(int)
    for number, sign in terms:
        found[number] += sign
    return [(number, sign) for number, sign in found.items() if sign]


def aspects_of(value: Value) -> tuple[tuple[str, int, bool], ...]:
    """Gives the numbers of a value: aspect, amount, whether the cell shows it. A median's number of lengths is never shown beside it."""
    if isinstance(value, Share):
        return ("part", value.part, True), ("whole", value.whole, True), ("rest", value.whole - value.part, False)
    if isinstance(value, Median):
        return ()
    return (("", value, True),)


def amount_of(value: Value) -> int:
    """Gives how many a cell counts: the part of a share, the lengths behind a median."""
    if isinstance(value, Share):
        return value.part
    return value.count if isinstance(value, Median) else value
