"""What a reader can work out from a published report: held by solving for it, with a solver that shares nothing with the rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fagbrev.figures import TOTAL, Median, Share
from meetings.suppression import HIDDEN, SMALL, Alike, Place, Rest, Same, Table, hide

SMALLEST = 5
ROWS = ("BUA", "HEA", "ROF", "none")
Term = tuple[int, tuple[Any, ...]]


# --- The reader: unknowns, equations, and all whole numbers that fit -------------------------------------


class Reader:
    """One who knows the equations, what is shown, and the words of what is hidden."""

    def __init__(self, words: Mapping[Place, str]) -> None:
        self.words = words
        self.truth: dict[tuple[Any, ...], int] = {}
        self.known: set[tuple[Any, ...]] = set()
        self.equations: list[list[Term]] = []

    def cell(self, table: str, row: str, cell: str, value: Any) -> None:
        place = (table, row, cell)
        if isinstance(value, Share):
            for aspect, amount in (("part", value.part), ("whole", value.whole), ("rest", value.whole - value.part)):
                self.truth[*place, aspect] = amount
                if place not in self.words:
                    self.known.add((*place, aspect))
            self.equations.append([(1, (*place, "whole")), (-1, (*place, "part")), (-1, (*place, "rest"))])
        else:
            self.truth[*place, ""] = value
            if place not in self.words:
                self.known.add((*place, ""))

    def total(self, table: str, cell: str, rows: tuple[str, ...], aspects: tuple[str, ...]) -> None:
        for aspect in aspects:
            self.equations.append([(1, (table, TOTAL, cell, aspect)), *((-1, (table, row, cell, aspect)) for row in rows)])

    def unknowns(self) -> list[tuple[Any, ...]]:
        return [name for name in self.truth if name not in self.known]

    def domain(self, name: tuple[Any, ...]) -> range:
        """What the word allows, up to a little more than the truth: two values in there are two values."""
        if name[3] == "" and self.words.get(name[:3]) == SMALL:
            return range(1, SMALLEST)
        if name[3] == "part" and self.words.get(name[:3]) == SMALL:
            return range(SMALLEST)
        return range(max(0, self.truth[name] - 9), self.truth[name] + 10)

    def is_solved_for(self, name: tuple[Any, ...]) -> bool:
        """Tells whether the equations alone give the number: Gaussian elimination in fractions."""
        names = self.unknowns()
        rows = [[Fraction(sum(sign for sign, at in terms if at == one)) for one in names] for terms in self.equations]
        pivots: list[int] = []
        done = 0
        for column in range(len(names)):
            pivot = next((at for at in range(done, len(rows)) if rows[at][column]), None)
            if pivot is None:
                continue
            rows[done], rows[pivot] = rows[pivot], rows[done]
            scale = rows[done][column]
            rows[done] = [value / scale for value in rows[done]]
            for at, row in enumerate(rows):
                if at != done and row[column]:
                    factor = row[column]
                    rows[at] = [value - factor * lead for value, lead in zip(row, rows[done], strict=True)]
            pivots.append(column)
            done += 1
        wanted = names.index(name)
        return wanted in pivots and sum(1 for value in rows[pivots.index(wanted)] if value) == 1

    def values(self, name: tuple[Any, ...]) -> set[int]:
        """Gives up to two values that the number can have, by trying whole numbers."""
        found: set[int] = set()
        for value in sorted(self.domain(name), key=lambda one: abs(one - self.truth[name])):
            if next(self._fitting({name: value}), None) is not None:
                found.add(value)
            if len(found) == 2:
                break
        return found

    def _fitting(self, chosen: dict[tuple[Any, ...], int]) -> Iterator[dict[tuple[Any, ...], int]]:
        chosen = dict(chosen)
        while True:  # what follows
            step = False
            for terms in self.equations:
                free = [(sign, name) for sign, name in terms if name not in self.known and name not in chosen]
                rest = sum(
                    sign * (self.truth[name] if name in self.known else chosen[name])
                    for sign, name in terms
                    if (sign, name) not in free
                )
                if not free and rest:
                    return
                if len(free) == 1:
                    value = -rest * free[0][0]
                    if value not in self.domain(free[0][1]):
                        return
                    chosen[free[0][1]] = value
                    step = True
            if not step:
                break
        left = [name for name in self.unknowns() if name not in chosen]
        if not left:
            yield chosen
            return
        name = min(left, key=lambda one: len(self.domain(one)))
        for value in sorted(self.domain(name), key=lambda one: abs(one - self.truth[name])):
            yield from self._fitting({**chosen, name: value})


def nothing_is_revealed(reader: Reader) -> None:
    """Every hidden number, and every small group that no cell shows, can be two things at least."""
    for name in reader.unknowns():
        is_small = 0 < reader.truth[name] < SMALLEST
        if (name[:3] in reader.words and name[3] in {"", "part"}) or is_small:
            assert not reader.is_solved_for(name), name
            assert len(reader.values(name)) == 2, (name, reader.truth[name])
    for name in reader.known:
        assert not 0 < reader.truth[name] < SMALLEST, f"{name} is shown"


# --- One table ------------------------------------------------------------------------------------------

amounts = st.one_of(st.integers(0, 6), st.integers(0, 30))


def counted(
    values: dict[tuple[str, str], int], cells: tuple[str, ...], rows: tuple[str, ...] = ROWS
) -> dict[tuple[str, str], int]:
    """Adds the total's row."""
    return values | {(TOTAL, cell): sum(values[row, cell] for row in rows) for cell in cells}


@given(st.lists(amounts, min_size=4, max_size=4))
@settings(max_examples=300, deadline=None)
def test_a_column_with_its_total_reveals_no_hidden_cell(column: list[int]) -> None:
    values = counted({(row, "n"): amount for row, amount in zip(ROWS, column, strict=True)}, ("n",))
    table = Table("t", ROWS, ("n",), values)
    hiding = hide([table], smallest=SMALLEST)
    assert hiding.revealed == hiding.unreached == ()
    reader = Reader(hiding.words)
    for (row, cell), value in values.items():
        reader.cell("t", row, cell, value)
    reader.total("t", "n", ROWS, ("",))
    nothing_is_revealed(reader)


@given(st.lists(st.lists(amounts, min_size=3, max_size=3), min_size=3, max_size=3))
@settings(max_examples=150, deadline=None)
def test_a_table_that_adds_up_both_ways_reveals_no_hidden_cell(grid: list[list[int]]) -> None:
    rows, parts = ("BUA", "HEA", "ROF"), ("a", "b", "c")
    values = {(row, cell): amount for row, line in zip(rows, grid, strict=True) for cell, amount in zip(parts, line, strict=True)}
    values |= {(row, "all"): sum(values[row, cell] for cell in parts) for row in rows}
    values = counted(values, (*parts, "all"), rows)
    hiding = hide([Table("t", rows, (*parts, "all"), values, splits=True, whole_cell="all")], smallest=SMALLEST)
    assert hiding.revealed == hiding.unreached == ()
    reader = Reader(hiding.words)
    for (row, cell), value in values.items():
        reader.cell("t", row, cell, value)
    for cell in (*parts, "all"):
        reader.total("t", cell, rows, ("",))
    for row in (*rows, TOTAL):
        reader.equations.append([(1, ("t", row, "all", "")), *((-1, ("t", row, cell, "")) for cell in parts)])
    nothing_is_revealed(reader)


@given(st.lists(st.tuples(amounts, amounts), min_size=3, max_size=3))
@settings(max_examples=200, deadline=None)
def test_passed_of_tried_reveals_neither_part_nor_whole_nor_those_who_did_not(pairs: list[tuple[int, int]]) -> None:
    rows = ("BUA", "HEA", "ROF")
    values = {(row, "passed"): Share(part, part + rest) for row, (part, rest) in zip(rows, pairs, strict=True)}
    values[TOTAL, "passed"] = Share(sum(part for part, _rest in pairs), sum(part + rest for part, rest in pairs))
    hiding = hide([Table("t", rows, ("passed",), values)], smallest=SMALLEST)
    assert hiding.revealed == hiding.unreached == ()
    reader = Reader(hiding.words)
    for (row, cell), value in values.items():
        reader.cell("t", row, cell, value)
    reader.total("t", "passed", rows, ("part", "whole"))
    nothing_is_revealed(reader)


# --- Between tables -------------------------------------------------------------------------------------


@given(st.lists(amounts, min_size=9, max_size=9))
@settings(max_examples=150, deadline=None)
def test_a_whole_that_another_table_shows_reveals_no_hidden_part(numbers: list[int]) -> None:
    rows, phases = ("BUA", "HEA", "ROF"), ("a", "b", "c")
    split = counted(
        {(row, cell): numbers[3 * at + beside] for at, row in enumerate(rows) for beside, cell in enumerate(phases)}, phases, rows
    )
    now = {(row, "n"): sum(split[row, cell] for cell in phases) for row in (*rows, TOTAL)}
    tables = [Table("phases", rows, phases, split, splits=True), Table("now", rows, ("n",), now)]
    same = Alike((("now", "n", ""), ("phases", "", "sum")))
    hiding = hide(tables, smallest=SMALLEST, links=[same])
    assert hiding.revealed == hiding.unreached == ()
    reader = Reader(hiding.words)
    for key, values in (("phases", split), ("now", now)):
        for (row, cell), value in values.items():
            reader.cell(key, row, cell, value)
    for cell in phases:
        reader.total("phases", cell, rows, ("",))
    reader.total("now", "n", rows, ("",))
    for row in (*rows, TOTAL):
        reader.equations.append([(1, ("now", row, "n", "")), *((-1, ("phases", row, cell, "")) for cell in phases)])
    nothing_is_revealed(reader)


@given(st.lists(st.tuples(amounts, amounts), min_size=3, max_size=3))
@settings(max_examples=150, deadline=None)
def test_a_funders_report_and_the_whole_reveal_nothing_of_the_others(pairs: list[tuple[int, int]]) -> None:
    rows = ("BUA", "HEA", "ROF")
    ours = counted({(row, "n"): own for row, (own, _other) in zip(rows, pairs, strict=True)}, ("n",), rows)
    whole = counted({(row, "n"): own + other for row, (own, other) in zip(rows, pairs, strict=True)}, ("n",), rows)
    first = hide([Table("whole", rows, ("n",), whole)], smallest=SMALLEST)
    given_words = {(row, cell): first.words.get(("whole", row, cell), "") for row, cell in whole}
    hiding = hide(
        [Table("whole", rows, ("n",), whole, given=given_words), Table("ours", rows, ("n",), ours)],
        smallest=SMALLEST, links=[Rest(("whole", row, "n"), (("ours", row, "n"),)) for row in (*rows, TOTAL)],
    )  # fmt: skip
    assert {place: word for place, word in hiding.words.items() if place[0] == "whole"} == first.words
    assert hiding.revealed == hiding.unreached == ()
    reader = Reader(hiding.words)
    for key, values in (("whole", whole), ("ours", ours)):
        for (row, cell), value in values.items():
            reader.cell(key, row, cell, value)
        reader.total(key, "n", rows, ("",))
    for row in (*rows, TOTAL):
        reader.truth["rest", row, "n", "rest"] = whole[row, "n"] - ours[row, "n"]
        reader.equations.append([(1, ("whole", row, "n", "")), (-1, ("ours", row, "n", "")), (-1, ("rest", row, "n", "rest"))])
    nothing_is_revealed(reader)


@given(st.lists(st.lists(amounts, min_size=3, max_size=3), min_size=2, max_size=2))
@settings(max_examples=150, deadline=None)
def test_the_steps_of_a_funnel_reveal_no_small_group_between_them(grid: list[list[int]]) -> None:
    rows, steps = ("BUA", "HEA"), ("referred", "admitted", "completed")
    values = {(row, step): sum(line[at:]) for row, line in zip(rows, grid, strict=True) for at, step in enumerate(steps)}
    values = counted(values, steps, rows)
    hiding = hide([Table("t", rows, steps, values, nested=steps)], smallest=SMALLEST)
    assert hiding.revealed == hiding.unreached == ()
    reader = Reader(hiding.words)
    for (row, cell), value in values.items():
        reader.cell("t", row, cell, value)
    for step in steps:
        reader.total("t", step, rows, ("",))
    for row in (*rows, TOTAL):
        for wide, narrow in pairwise(steps):
            name = (f"between {wide}", row, narrow, "rest")
            reader.truth[name] = values[row, wide] - values[row, narrow]
            reader.equations.append([(1, ("t", row, wide, "")), (-1, ("t", row, narrow, "")), (-1, name)])
    nothing_is_revealed(reader)


@pytest.mark.parametrize("before", [0, 3, 12])
def test_two_reports_of_a_growing_number_reveal_no_small_growth(before: int) -> None:
    then = {("BUA", "n"): 40 + before, (TOTAL, "n"): 40 + before}
    now = {("BUA", "n"): 43 + before, (TOTAL, "n"): 43 + before}
    shown = dict.fromkeys(then, "")
    links = [Rest(("now", row, "n"), (("then", row, "n"),)) for row in ("BUA", TOTAL)]
    tables = [Table("then", ("BUA",), ("n",), then, given=shown), Table("now", ("BUA",), ("n",), now)]
    hiding = hide(tables, smallest=SMALLEST, links=links)
    assert set(hiding.words) == {("now", "BUA", "n"), ("now", TOTAL, "n")}


def test_a_trades_own_report_hides_what_the_whole_one_hid() -> None:
    whole = counted({("BUA", "n"): 3, ("HEA", "n"): 9, ("ROF", "n"): 20}, ("n",), ("BUA", "HEA", "ROF"))
    tables = [
        Table("whole", ("BUA", "HEA", "ROF"), ("n",), whole, given={
            ("BUA", "n"): SMALL, ("HEA", "n"): HIDDEN, ("ROF", "n"): "", (TOTAL, "n"): ""}),
        Table("helse", (), ("n",), {(TOTAL, "n"): 9}),
    ]  # fmt: skip
    hiding = hide(tables, smallest=SMALLEST, links=[Same(("whole", "HEA", "n"), ("helse", TOTAL, "n"))])
    assert hiding.words["helse", TOTAL, "n"] == HIDDEN


def test_what_is_published_already_and_reveals_something_is_told() -> None:
    tables = [Table("t", ("BUA", "HEA"), ("n",), counted({("BUA", "n"): 3, ("HEA", "n"): 9}, ("n",), ("BUA", "HEA")), "now",
                    given={("BUA", "n"): SMALL, ("HEA", "n"): "", (TOTAL, "n"): ""})]  # fmt: skip
    assert hide(tables, smallest=SMALLEST).revealed == (("t", "BUA", "n"),)


# --- Words ----------------------------------------------------------------------------------------------


def test_zero_and_large_groups_are_shown_and_small_ones_hidden_with_one_more() -> None:
    rows = ("BUA", "HEA", "ROF")
    values = counted({("BUA", "n"): 6, ("HEA", "n"): 5, ("ROF", "n"): 3}, ("n",), rows)
    assert hide([Table("t", rows, ("n",), values)], smallest=5).words == {
        ("t", "ROF", "n"): SMALL,
        ("t", "HEA", "n"): HIDDEN,
    }
    values = counted({("BUA", "n"): 6, ("HEA", "n"): 0, ("ROF", "n"): 9}, ("n",), rows)
    assert hide([Table("t", rows, ("n",), values)], smallest=5).words == {}


def test_a_sum_that_leaves_one_value_only_is_hidden_further() -> None:
    """Two and a sum of eight: four and four, when both are under five."""
    rows = ("BUA", "HEA", "ROF")
    values = counted({("BUA", "n"): 9, ("HEA", "n"): 4, ("ROF", "n"): 4}, ("n",), rows)
    assert set(hide([Table("t", rows, ("n",), values)], smallest=5).words) > {("t", "HEA", "n"), ("t", "ROF", "n")}


def test_a_median_of_few_is_hidden_and_of_enough_shown() -> None:
    values: dict[tuple[str, str], Any] = {
        ("BUA", "m"): Median(26.0, 5),
        ("HEA", "m"): Median(30.0, 4),
        (TOTAL, "m"): Median(27.0, 9),
    }
    assert hide([Table("t", ("BUA", "HEA"), ("m",), values)], smallest=5).words == {("t", "HEA", "m"): SMALL}


def test_hours_of_a_trade_with_few_people_are_hidden() -> None:
    rows = ("BUA", "HEA", "ROF")
    values = counted({("BUA", "h"): 600, ("HEA", "h"): 40, ("ROF", "h"): 300}, ("h",), rows)
    table = Table("t", rows, ("h",), values, counts_people=False, small_rows=frozenset({"HEA"}))
    assert hide([table], smallest=5).words == {("t", "HEA", "h"): HIDDEN, ("t", "ROF", "h"): HIDDEN}


def test_another_limit_hides_other_groups() -> None:
    values = counted({("BUA", "n"): 7, ("HEA", "n"): 12}, ("n",), ("BUA", "HEA"))
    table = Table("t", ("BUA", "HEA"), ("n",), values)
    assert hide([table], smallest=5).words == {}
    assert hide([table], smallest=1).words == {}
    assert hide([table], smallest=10).words == {("t", "BUA", "n"): SMALL, ("t", "HEA", "n"): HIDDEN}


def test_a_share_is_called_few_only_when_few_are_in_it() -> None:
    """«færre enn 5» of eleven of twelve would be untrue: it is the rest that is small."""
    values = {("BUA", "b1"): Share(11, 12), ("HEA", "b1"): Share(3, 12), ("ROF", "b1"): Share(0, 3), (TOTAL, "b1"): Share(14, 27)}
    words = hide([Table("t", ("BUA", "HEA", "ROF"), ("b1",), values)], smallest=SMALLEST).words
    assert {row: words[table, row, cell] for table, row, cell in words if row != TOTAL} == {
        "BUA": HIDDEN,
        "HEA": SMALL,
        "ROF": SMALL,
    }
