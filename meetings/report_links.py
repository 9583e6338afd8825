"""What hangs together in a report and between reports, by the definitions of the figures: the links that hiding reckons with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from fagbrev.figures import TOTAL
from meetings.report_numbers import GROWING
from meetings.suppression import Alike, Balance, Cover, Link, Place, Rest, Same
from participants.figures.outcome import days_that_come_to
from participants.workflow import END_CODES

OWN = "own"
DAY = timedelta(days=1)
LEVEL_PARTS = ("oral", "listening", "reading", "writing")
# What the definitions say lies within what: figure -> the figure and cell each of its cells lies within, or the same cell of another.
WITHIN = {"income": ("now", "all"), "funding": ("now", "all"), "funding_ends": ("funding", "")}
# What is no more than what, where those who are left over are nobody's group: (figure, cell, aspect) of the less and of the more.
NO_MORE = (
    (("funnel", "fagbrev", ""), ("completed_in_all", "completed", "")),
    (("completed", "completed", ""), ("completed_in_all", "completed", "")),
    (("written_exam_grades", "1", ""), ("written_exam", "passed", "rest")),
    *((("norwegian_goal", "all", "part"), ("norwegian_goal", part, "part")) for part in LEVEL_PARTS),
)
# What a growing number has grown by in a semester, when each is a cell of one figure: (figure, cell) -> (figure, cell).
FLOWS = {
    ("completed_in_all", "completed"): ("completed", "completed"), ("funnel", "fagbrev"): ("completed", "completed"),
    ("funnel", "referred"): ("came", "referred"), ("funnel", "admitted"): ("came", "admitted"),
}  # fmt: skip
# What is asked of an earlier semester too: what has grown since, who was there then, and whose work is asked for a year later.
OF_ALL_TIME = frozenset({*GROWING, "completed", "now"})
# Columns that count the same people by their definitions: figure, cell and aspect as meetings.suppression.Alike takes them.
ALIKE: tuple[tuple[tuple[str, str, str], ...], ...] = (
    (
        ("now", "all", ""), ("norwegian_start", "", "sum"), *((f"norwegian_{part}", "", "sum") for part in LEVEL_PARTS),
        *(("norwegian_goal", part, "whole") for part in (*LEVEL_PARTS, "all")),
    ),
    (("left", "all", ""), ("left_why", "", "sum")),
    (("completed_in_all", "completed", ""), ("funnel", "fagbrev", "")),
    (("completed", "completed", ""), ("trade_test", "passed", "part")),
    (("written_exam", "passed", "whole"), ("written_exam_grades", "", "sum")),
    (("written_exam", "passed", "rest"), ("written_exam_grades", "1", "")),
    (("trade_test", "passed", "whole"), ("trade_test_grades", "", "sum")),
    (("trade_test", "passed", "rest"), ("trade_test_grades", "failed", "")),
)  # fmt: skip
WORK_MONTHS = (3, 6, 12)  # the parts of work_n are those who completed so many months before
PAID_BY = ("funding", "funding_ends")  # the cell of a funder counts the same people in the funder's report and in the whole one
# Reasons that one way of leaving alone can have: cell of "left" -> cells of "left_why".
REASONS_OF = {
    way: tuple(sorted({code for code, _label in END_CODES[way]} - {code for code, _label in END_CODES[other]}))
    for way, other in (("withdrawn", "terminated"), ("terminated", "withdrawn"))
}
COVERS = ("income", "funding")  # everyone of the whole is in at least one of the cells, and who is in "none" is in no other
GRADES_PASSED = ("6", "5", "4", "3", "2")


@dataclass(frozen=True)
class Published:
    """Another report that its readers have: its closed content, and what it is cut to."""

    key: str
    trade: str
    funder: str
    content: Mapping[str, Any]


Quantity = tuple[str, str, str, str]  # table, row, cell, aspect


@dataclass(frozen=True, eq=False)
class Sheet:
    """One semester as one report has it. `rows` are all that any report has: nobody is in one that this report lacks."""

    key: str
    trade: str
    funder: str
    figures: Mapping[str, Mapping[str, Any]]
    period: Mapping[str, Any]
    rows: tuple[str, ...]

    @property
    def first(self) -> date:
        """The first day that is counted."""
        return date.fromisoformat(self.period["first"])

    @property
    def last(self) -> date:
        """The last day that is counted."""
        return date.fromisoformat(self.period["last"])

    @property
    def all_rows(self) -> tuple[str, ...]:
        """The rows of its tables: a report on one trade has the total alone."""
        return (TOTAL,) if self.trade else (*self.rows, TOTAL)

    def table(self, figure: str) -> str:
        """Gives the key of a figure's table: the report, the semester's first day and the figure."""
        return f"{self.key}|{self.period['first']}|{figure}"

    def place(self, figure: str, row: str, cell: str) -> Place:
        """Gives the place of a cell."""
        return self.table(figure), row, cell

    def quantity(self, figure: str, row: str, cell: str, aspect: str = "") -> Quantity:
        """Gives a number of a cell."""
        return self.table(figure), row, cell, aspect

    def cells(self, figure: str) -> list[str]:
        """Gives the cells of a figure; none when the report lacks it."""
        return [cell["key"] for cell in self.figures[figure]["cells"]] if figure in self.figures else []

    def counted(self) -> Iterator[tuple[str, str]]:
        """Gives figure and cell of all that can be added and taken from one another."""
        for figure in self.figures.values():
            if figure["kind"] != "median":
                for cell in figure["cells"]:
                    yield figure["key"], cell["key"]

    def row_of(self, trade: str) -> str:
        """Gives the row that counts those of a trade (TOTAL is all of them); "" when there is none."""
        if self.trade:
            return TOTAL if trade == self.trade else ""
        return trade if trade in self.all_rows else ""


# --- One semester in one report -------------------------------------------------------------------------


def in_one(sheet: Sheet) -> Iterator[Link]:
    """What hangs together in one semester of one report."""
    for group in ALIKE:
        yield Alike(tuple((sheet.table(figure), cell, aspect) for figure, cell, aspect in group))
    yield from inside(sheet)
    yield from goals(sheet)
    yield from exams(sheet)


def inside(sheet: Sheet) -> Iterator[Link]:
    """What lies within what by the definitions: those who are left over are a group too."""
    for row in sheet.all_rows:
        for figure, (outer, whole) in WITHIN.items():
            for cell in sheet.cells(figure):
                yield Rest(sheet.place(outer, row, whole or cell), (sheet.place(figure, row, cell),))
        for (figure, cell, aspect), (wide, more, of) in NO_MORE:
            both = (sheet.quantity(wide, row, more, of), 1), (sheet.quantity(figure, row, cell, aspect), -1)
            yield Balance(both, is_exact=False)
        for figure in COVERS:
            everyone, cells = (sheet.quantity("now", row, "all"), 1), sheet.cells(figure)
            yield Cover(sheet.place("now", row, "all"), tuple(sheet.place(figure, row, cell) for cell in cells))
            for cell in cells if "none" in cells else ():
                if cell != "none":
                    both = (sheet.quantity(figure, row, cell), -1), (sheet.quantity(figure, row, "none"), -1)
                    yield Balance((everyone, *both), is_exact=False)
        for way, reasons in REASONS_OF.items():
            known = [reason for reason in sheet.cells("left_why") if reason in reasons]
            parts = ((sheet.quantity("left_why", row, reason), -1) for reason in known)
            yield Balance(((sheet.quantity("left", row, way), 1), *parts), is_exact=False)


def goals(sheet: Sheet) -> Iterator[Link]:
    """Who has come to the goal has one of the levels from the goal up, which the same report shows; it is tried from each level.

    Who has not come to all the goals has not come to one of them.
    """
    for row in sheet.all_rows if "norwegian_goal" in sheet.figures else ():
        for part in LEVEL_PARTS:
            levels = [cell for cell in sheet.cells(f"norwegian_{part}") if cell != "unknown"]
            reached = sheet.quantity("norwegian_goal", row, part, "part")
            for at in range(len(levels)):
                above = ((sheet.quantity(f"norwegian_{part}", row, level), -1) for level in levels[at:])
                yield Balance(((reached, 1), *above))
        lacking = ((sheet.quantity("norwegian_goal", row, part, "rest"), 1) for part in LEVEL_PARTS)
        yield Balance((*lacking, (sheet.quantity("norwegian_goal", row, "all", "rest"), -1)), is_exact=False)


def exams(sheet: Sheet) -> Iterator[Link]:
    """Who has a grade from two up has passed; of those without a grade it is known of each whether they have."""
    graded = [cell for cell in sheet.cells("written_exam_grades") if cell in GRADES_PASSED]
    for row in sheet.all_rows if graded else ():
        theirs = ((sheet.quantity("written_exam_grades", row, grade), -1) for grade in graded)
        yield Balance(((sheet.quantity("written_exam", row, "passed", "part"), 1), *theirs), is_exact=False)


# --- From one semester to the next ----------------------------------------------------------------------


def over_time(sheets: Sequence[Sheet]) -> Iterator[Link]:
    """What hangs together between the semesters of one report, the newest first."""
    for newer, older in pairwise(sheets):
        yield from growth(newer, older)
        if not newer.funder:  # whom a funder pays for is not the same from one semester to the next
            yield from stayed(newer, older)
    for at, sheet in enumerate(sheets):
        if not sheet.funder:
            yield from a_time_after(sheet, sheets[at:])


def growth(newer: Sheet, older: Sheet) -> Iterator[Link]:
    """What has come to a growing number since the semester before is a group too, and what it has grown by may stand elsewhere."""
    for row in newer.all_rows:
        for figure in GROWING:
            for cell in newer.cells(figure):
                yield Rest(newer.place(figure, row, cell), (older.place(figure, row, cell),))
        for (figure, cell), (flow, came) in FLOWS.items():
            parts = older.place(figure, row, cell), newer.place(flow, row, came)
            yield Rest(newer.place(figure, row, cell), parts, is_all=True)


def stayed(newer: Sheet, older: Sheet) -> Iterator[Link]:
    """Those of the semester before, and who was admitted, are still here, have completed or have left; some left before admission."""
    if newer.first - older.last != DAY:
        return
    for row in newer.all_rows:
        gone = [
            (older.quantity("now", row, "all"), 1), (newer.quantity("came", row, "admitted"), 1),
            (newer.quantity("now", row, "all"), -1), (newer.quantity("completed", row, "completed"), -1),
        ]  # fmt: skip
        yield Balance((*gone, (newer.quantity("left", row, "terminated"), -1)), is_exact=False)
        yield Balance((*((one, -sign) for one, sign in gone), (newer.quantity("left", row, "all"), 1)), is_exact=False)


def a_time_after(asked: Sheet, sheets: Sequence[Sheet]) -> Iterator[Link]:
    """Those whose work is asked for completed a time before: no fewer than in the semesters within it, no more than in all it touches."""
    for months in WORK_MONTHS:
        begin, end = days_that_come_to(asked.first, asked.last, months)
        within = [one for one in sheets if begin <= one.first and one.last <= end]
        touched = sorted((one for one in sheets if one.first <= end and one.last >= begin), key=lambda one: one.first)
        is_whole = bool(touched) and touched[0].first <= begin and touched[-1].last >= end
        is_whole = is_whole and all(later.first - earlier.last == DAY for earlier, later in pairwise(touched))
        for row in asked.all_rows:
            theirs = asked.quantity(f"work_{months}", row, "", "sum")
            if within:
                completed = ((one.quantity("completed", row, "completed"), -1) for one in within)
                yield Balance(((theirs, 1), *completed), is_exact=False)
            if is_whole:
                completed = ((one.quantity("completed", row, "completed"), 1) for one in touched)
                yield Balance(((theirs, -1), *completed), is_exact=False)


# --- Between reports ------------------------------------------------------------------------------------


def between(sheets: Sequence[Sheet], new: Sheet) -> Iterator[Link]:
    """What one semester as a report has it and as others have it tell of one another: the same number, or a rest that is a group too."""
    for one, other in ((sheet, new) for sheet in sheets if sheet is not new):
        for trade in dict.fromkeys((*one.rows, TOTAL)):
            rows = one.row_of(trade), other.row_of(trade)
            if all(rows):
                yield from _of_two(one, rows[0], other, rows[1])
    yield from _all_funders(sheets)


def _of_two(one: Sheet, its_row: str, other: Sheet, others_row: str) -> Iterator[Link]:
    """What two reports tell of the same trade, or of all trades.

    A funder's number is a part of the whole one; or the same, where the whole one counts whom the funder pays for. A report that counts
    to a later day has more of the semester than the one before it: who came in between are a group.
    """
    if one.funder and other.funder and one.funder != other.funder:
        return
    if one.funder and not other.funder:
        one, its_row, other, others_row = other, others_row, one, its_row
    for figure, cell in one.counted():
        its, others = one.place(figure, its_row, cell), other.place(figure, others_row, cell)
        if one.funder != other.funder and not (figure in PAID_BY and cell == other.funder):
            yield Rest(its, (others,))
            continue
        yield Same(its, others)
        if one.last != other.last and not one.figures[figure]["is_at_moment"]:
            yield Rest(others, (its,)) if one.last < other.last else Rest(its, (others,))


def _all_funders(sheets: Sequence[Sheet]) -> Iterator[Link]:
    """Those whom none of the funders with a report pays for are a group too, in all and in a trade."""
    for trade in dict.fromkeys((*sheets[0].rows, TOTAL)) if sheets else ():
        theirs = [(one, one.row_of(trade)) for one in sheets if one.row_of(trade)]
        paid = {one.funder: (one, row) for one, row in theirs if one.funder}  # of each funder the newest
        for whole, its_row in [(one, row) for one, row in theirs if not one.funder] if len(paid) > 1 else ():
            for figure, cell in whole.counted():
                yield Rest(whole.place(figure, its_row, cell), tuple(one.place(figure, row, cell) for one, row in paid.values()))
