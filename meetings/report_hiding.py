"""From a report's numbers to the system that is solved for what must be hidden, and back to the words in its cells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from fagbrev.figures import TOTAL, Median, Value
from meetings.report_links import OF_ALL_TIME, OWN, Published, Sheet, between, in_one, over_time
from meetings.report_numbers import GROWING, read
from meetings.suppression import Hiding, Link, Place, Table, hide

PEOPLE = frozenset({"people", "mentors"})
# Hours are those of few people where few are behind them: figure -> the figure and cell that counts them ("" is the same cell).
BEHIND = {"absence_hours": ("absence_people", ""), "presence": ("presence_low", "taught")}
WORTH = {
    "now": 2, "came": 1, "completed": 2, "written_exam": 2, "left": 1, "funnel": 1, "visits_due": 1, "norwegian_start": 6,
    "norwegian_oral": 6, "norwegian_writing": 6, "work_3": 6, "work_6": 6, "work_12": 6,
}  # fmt: skip  # what stands on the one page


def with_words(
    numbers: dict[str, Any], *, trade: str, funder: str, smallest: int, others: Iterable[Published] = ()
) -> tuple[dict[str, Any], tuple[Place, ...], tuple[Place, ...]]:
    """Gives the numbers with the words of what is hidden, what could not be protected because others have published it already, and
    what it was not found out of whether it is.

    Earlier semesters that a report of the same cut has shown get the numbers and words they were shown with: what is out is out.
    """
    others = list(others)
    known = _shown_before(others, trade, funder)
    periods = [numbers["periods"][0], *(known.get(period["first"], period) for period in numbers["periods"][1:])]
    done: list[dict[str, Any]] = []  # those before, the newest first, with their words
    revealed: list[Place] = []
    unreached: list[Place] = []
    for at, period in reversed(list(enumerate(periods))):
        if not (at and period["first"] in known):
            own = Published(OWN, trade, funder, {**numbers, "periods": [period, *done]})
            hiding = _hidden(own, others, smallest, is_newest=not at)
            period = _worded(period, hiding)
            revealed += hiding.revealed
            unreached += hiding.unreached
        done.insert(0, period)
    known_of = dict.fromkeys(revealed)
    return (
        {**numbers, "periods": done},
        tuple(known_of),
        tuple(place for place in dict.fromkeys(unreached) if place not in known_of),
    )


def _hidden(own: Published, others: list[Published], smallest: int, *, is_newest: bool) -> Hiding:
    """Solves for the first semester of the own report; the later ones in its list are before it and stand as they are.

    Held against it is what other reports tell of the same semester, and of those before and after when it is the newest the report
    has. What they tell of one another otherwise was held when they were published.
    """
    chains = _chains([*others, own])
    mine = chains[-1]
    new, held = mine[0], mine[:2] if is_newest else mine[:1]
    later = [sheet.first for chain in chains for sheet in chain if is_newest and sheet.first > new.first]
    after = list(dict.fromkeys(sheet for chain in chains for sheet in chain if later and sheet.first == min(later)))
    firsts = {sheet.first for sheet in (*held, *after)}
    known = {row["code"] for row in own.content["rows"]}
    tables: list[Table] = []
    links: list[Link] = list(over_time(mine))
    for chain in chains[:-1]:
        links += over_time([sheet for sheet in chain if sheet.first in firsts])
    for at in held:
        near = list(dict.fromkeys(sheet for chain in chains for sheet in chain if sheet.first == at.first))
        links += between(near, at)
        for sheet in near:
            tables += [table for _figure, table in _tables(sheet, smallest, known if sheet is new else None)]
            links += in_one(sheet)
    links += between(after, after[0]) if after else ()
    for sheet in after:
        tables += [table for _figure, table in _tables(sheet, smallest, None)]
        links += in_one(sheet)
    for sheet in mine[len(held) :]:
        tables += [table for figure, table in _tables(sheet, smallest, None) if figure in OF_ALL_TIME]
    return hide(tables, smallest=smallest, links=links)


def _chains(reports: list[Published]) -> list[list[Sheet]]:
    """The semesters of each report, the newest first; one that several reports of a cut show alike is there once."""
    rows = tuple(dict.fromkeys(row["code"] for one in reports for row in one.content["rows"]))
    known: dict[tuple[str, str, str], list[Sheet]] = defaultdict(list)
    chains = []
    for one in reports:
        figures = {figure["key"]: figure for figure in one.content["figures"]}
        chain: list[Sheet] = []
        for period in one.content["periods"]:
            same = known[one.trade, one.funder, period["first"]]
            found = next((sheet for sheet in same if _is_alike(sheet.period, period)), None)
            if found is None or (one.key == OWN and not chain):
                here = {key: figure for key, figure in figures.items() if key in period["values"]}
                found = Sheet(one.key, one.trade, one.funder, here, period, rows)
                same.append(found)
            chain.append(found)
        chains.append(chain)
    return chains


def _is_alike(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return one is other or all(one[name] == other[name] for name in ("last", "words_of", "values"))


def opened(content: dict[str, Any]) -> dict[str, Any]:
    """Gives content without what is hidden: no hidden value, and no number of lengths behind a median, is left in it."""
    before = content.get("corrected_from")
    return {
        **content, "is_open": True, "periods": [_stripped(period) for period in content["periods"]],
        "corrected_from": _stripped(before) if before else None,
    }  # fmt: skip


def closed_shown(content: dict[str, Any]) -> dict[str, Any]:
    """Gives content as the closed version is read: every number, and no word in place of one."""
    before = content.get("corrected_from")
    return {
        **content, "periods": [{**period, "words_of": {}} for period in content["periods"]],
        "corrected_from": {**before, "words_of": {}} if before else None,
    }  # fmt: skip


def _stripped(period: dict[str, Any]) -> dict[str, Any]:
    values = {
        figure: {
            row: {
                cell: _bare(value) for cell, value in cells.items() if cell not in period["words_of"].get(figure, {}).get(row, {})
            }
            for row, cells in rows.items()
        }
        for figure, rows in period["values"].items()
    }
    return {**period, "values": values}


def _bare(value: Any) -> Any:
    return {"middle": value["middle"]} if isinstance(value, dict) else value


def _shown_before(others: Iterable[Published], trade: str, funder: str) -> dict[str, dict[str, Any]]:
    """The semesters that reports of the same cut have shown, by first day: as the semester's own report had it, else the newest."""
    found: dict[str, dict[str, Any]] = {}
    own: dict[str, dict[str, Any]] = {}
    for other in others:  # oldest first
        if (other.trade, other.funder) == (trade, funder):
            for period in other.content["periods"][1:]:
                found[period["first"]] = period
            own[other.content["periods"][0]["first"]] = other.content["periods"][0]
    return found | own


# --- Tables ---------------------------------------------------------------------------------------------


def _tables(sheet: Sheet, smallest: int, shown: Collection[str] | None) -> Iterator[tuple[str, Table]]:
    """The tables of a semester; those of the new report have the rows that are shown, others stand as they were published."""
    period, rows = sheet.period, sheet.all_rows[:-1]
    small = _small_rows(sheet, smallest)
    for key, figure in sheet.figures.items():
        cells = tuple(sheet.cells(key))
        words = period["words_of"].get(key, {})
        stands = rows if shown is None else [row for row in rows if row not in shown]
        given = {(row, cell): words.get(row, {}).get(cell, "") for row in stands for cell in cells}
        if shown is None:
            given |= {(TOTAL, cell): words.get(TOTAL, {}).get(cell, "") for cell in cells}
        yield key, Table(
            sheet.table(key), rows, cells, _values(period, key),
            adds_up=figure["adds_up"] and bool(rows), splits=figure["splits"], whole_cell=figure["whole_cell"],
            nested=cells if figure["nested"] else (), counts_people=figure["unit"] in PEOPLE,
            small_rows=small if figure["unit"] not in PEOPLE else frozenset(),
            small_cells=_small_cells(period, key, sheet.all_rows, cells, smallest), given=given, worth=WORTH.get(key, 0),
        )  # fmt: skip


def _values(period: Mapping[str, Any], figure: str) -> dict[tuple[str, str], Value]:
    rows = period["values"].get(figure, {})
    return {(row, cell): read(value) for row, cells in rows.items() for cell, value in cells.items()}


def _small_rows(sheet: Sheet, smallest: int) -> frozenset[str]:
    """The rows in which no figure of the semester counts as many people as a group must have: hours and days of theirs are hidden."""
    most = dict.fromkeys(sheet.all_rows, 0)
    for key, figure in sheet.figures.items():
        if figure["unit"] in PEOPLE and key not in GROWING:
            for (row, _cell), value in _values(sheet.period, key).items():
                if row in most:
                    most[row] = max(most[row], _people_in(value))
    return frozenset(row for row, count in most.items() if count < smallest)


def _small_cells(
    period: Mapping[str, Any], figure: str, rows: tuple[str, ...], cells: tuple[str, ...], smallest: int
) -> frozenset[tuple[str, str]]:  # fmt: skip
    """The cells of hours that are those of fewer people than a group must have."""
    if figure not in BEHIND:
        return frozenset()
    people, behind = BEHIND[figure]
    counts = _values(period, people)
    return frozenset(
        (row, cell) for row in rows for cell in cells if 0 < _people_in(counts.get((row, behind or cell), 0)) < smallest
    )


def _people_in(value: Value) -> int:
    if isinstance(value, int):
        return value
    return value.count if isinstance(value, Median) else value.whole


# --- Words ---------------------------------------------------------------------------------------------


def _worded(period: dict[str, Any], hiding: Hiding) -> dict[str, Any]:
    words: dict[str, dict[str, dict[str, str]]] = {}
    for (table, row, cell), word in hiding.words.items():
        report, first, figure = table.split("|")
        if report == OWN and first == period["first"]:
            words.setdefault(figure, {}).setdefault(row, {})[cell] = word
    return {**period, "words_of": words}
