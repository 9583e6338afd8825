"""What a reader of several reports can work out of what they hide: nothing, or it is told before the last of them is published."""

from __future__ import annotations

import pytest

from meetings import suppression_otherwise, suppression_search
from meetings.suppression import Table, hide
from tests.meetings.reader import Reader
from tests.meetings.small_worlds import World, world

SEQUENCES = {
    "trade, funder and both": [("", "", 1), ("BUA", "", 1), ("", "imdi", 1), ("BUA", "imdi", 1)],
    "the next semester": [("", "", 1), ("BUA", "", 1), ("", "", 2)],
    "the parts before the whole": [("BUA", "imdi", 1), ("", "imdi", 1), ("BUA", "", 1), ("", "", 1)],
}


def not_told(found: World) -> list[object]:
    """Gives the hidden numbers that the reader has and nobody was told of."""
    reader = Reader(found.published, found.trades)
    assert len(reader.hidden) > 100
    return [quantity for quantity in reader.revealed() if not any(place in found.told for place in reader.hidden[quantity])]


@pytest.mark.parametrize(("order", "seed"), [*((order, 1) for order in SEQUENCES), ("the next semester", 30)])
def test_several_reports_together_reveal_no_hidden_number_that_is_not_told(order: str, seed: int) -> None:
    found = world(seed)
    for trade, funder, at in SEQUENCES[order]:
        found.publish(trade, funder, at)
    assert not_told(found) == []


def test_reports_on_an_older_semester_are_held_against_the_one_after_it() -> None:
    """The newer report stands: what the older ones show of the same fagbrev makes a number of it known, and that is told."""
    found = world(127)
    for trade, at in (("", 2), ("BUA", 1), ("", 1)):
        found.publish(trade, "", at)
    assert any("2026-08-01|completed" in table for table, _row, _cell in found.told)


@pytest.mark.parametrize("seed", [0, 6])
def test_one_report_of_three_semesters_reveals_nothing(seed: int) -> None:
    found = world(seed)
    found.publish("", "", 2)
    assert found.told == set()
    assert not_told(found) == []


def test_the_search_ends_and_what_it_did_not_reach_is_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small limit of work in place of a large table: each cell beside one that was not reached is hidden, and it is told."""
    rows = tuple(f"R{number}" for number in range(6))
    values = {(row, "n"): 3 if row == "R0" else 20 for row in rows} | {("all", "n"): 103}
    monkeypatch.setattr(suppression_search, "MOST_WORK", -1)
    monkeypatch.setattr(suppression_otherwise, "MOST_TERMS", -1)
    hiding = hide([Table("t", rows, ("n",), values)], smallest=5)
    assert {row for _table, row, _cell in hiding.words} == {*rows, "all"}
    assert ("t", "R0", "n") in hiding.unreached and hiding.revealed == ()


def test_what_hangs_together_is_found_together_without_a_search_for_each(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two small groups in one sum: one can have more where the other has less. Nothing else is hidden, and nothing told."""
    rows = tuple(f"R{number}" for number in range(6))
    values = {(row, "n"): 3 if row in {"R0", "R1"} else 20 for row in rows} | {("all", "n"): 86}
    monkeypatch.setattr(suppression_search, "MOST_WORK", -1)
    hiding = hide([Table("t", rows, ("n",), values)], smallest=5)
    assert set(hiding.words) == {("t", "R0", "n"), ("t", "R1", "n")}
    assert hiding.revealed == hiding.unreached == ()
