"""One who has read every published report, knows how each figure is defined, and reckons: shares nothing with the rule of hiding."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random
from typing import Any

from fagbrev.figures import TOTAL
from meetings.report_links import Published
from meetings.suppression import SMALL
from tests.meetings.small_worlds import FIGURES, FUNDERS, GOAL, GRADES, LEVELS, PARTS, SEMESTERS

Quantity = tuple[str, str, int, str, str, str]  # trade or TOTAL, funder, semester, figure, cell, aspect
MOST = 10**6
ASPECTS = {"count": ("",), "share": ("part", "whole", "rest")}
FLOWS = (
    (("completed_in_all", "completed"), ("completed", "completed")), (("funnel", "fagbrev"), ("completed", "completed")),
    (("funnel", "referred"), ("came", "referred")), (("funnel", "admitted"), ("came", "admitted")),
)  # fmt: skip


class Reader:
    """The numbers of all reports that were ever published, what is known of each, and what is known of them together."""

    def __init__(self, published: Iterable[Published], trades: Iterable[str], smallest: int = 5) -> None:
        self.rows = (*trades, TOTAL)
        self.smallest = smallest
        self.truth: dict[Quantity, int] = {}
        self.known: set[Quantity] = set()
        self.low: dict[Quantity, int] = {}
        self.high: dict[Quantity, int] = {}
        self.hidden: dict[Quantity, list[tuple[str, str, str]]] = {}  # the places of each hidden number
        self.limits: list[tuple[dict[Quantity, int], bool]] = []  # the sum with these signs is zero, or without the mark no less
        for report in published:
            self._read(report)
        for quantity in self.known & set(self.hidden):
            del self.hidden[quantity]
        cuts = {(funder, at) for _row, funder, at, *_more in self.truth}
        for funder, at in sorted(cuts):
            self._within(funder, at)
        for funder, at in sorted(cuts):
            if (funder, at - 1) in cuts and not funder:
                self._since(at)
            if funder and ("", at) in cuts:
                self._paid(funder, at)

    # --- What is seen -----------------------------------------------------------------------------------

    def _read(self, report: Published) -> None:
        rows = [report.trade or TOTAL] if report.trade else list(self.rows)
        shown_rows = {one["code"] for one in report.content["rows"]} | {TOTAL}
        for period in report.content["periods"]:
            at = [first.isoformat() for first, _last in SEMESTERS].index(period["first"])
            for figure in FIGURES:
                for cell in (one["key"] for one in figure["cells"]):
                    for row in rows:
                        kept = TOTAL if report.trade else row
                        value = period["values"][figure["key"]].get(kept, {}).get(cell, 0)
                        word = period["words_of"].get(figure["key"], {}).get(kept, {}).get(cell, "")
                        place = (f"{report.key}|{period['first']}|{figure['key']}", kept, cell)
                        for aspect in ASPECTS[figure["kind"]]:
                            self._see((row, report.funder, at, figure["key"], cell, aspect), value, word, place)
                        assert not word or kept in shown_rows

    def _see(self, quantity: Quantity, value: Any, word: str, place: tuple[str, str, str]) -> None:
        aspect = quantity[5]
        part, whole = value if isinstance(value, list) else (value, 0) if not aspect else (0, 0)
        amount = {"": part, "part": part, "whole": whole, "rest": whole - part}[aspect]
        assert self.truth.setdefault(quantity, amount) == amount
        if not word:
            self.known.add(quantity)
            return
        if aspect in {"", "part"}:
            self.hidden.setdefault(quantity, []).append(place)
            if word == SMALL:
                self.low[quantity], self.high[quantity] = int(not aspect), self.smallest - 1

    # --- What the definitions say -----------------------------------------------------------------------

    def _zero(self, *terms: tuple[Quantity, int], exact: bool = True) -> None:
        if all(quantity in self.truth for quantity, _sign in terms):
            signs: dict[Quantity, int] = {}
            for quantity, sign in terms:
                signs[quantity] = signs.get(quantity, 0) + sign
            amount = sum(sign * self.truth[quantity] for quantity, sign in signs.items())
            assert amount == 0 if exact else amount >= 0, terms
            self.limits.append((signs, exact))

    def _no_more(self, part: Quantity, *wholes: Quantity) -> None:
        self._zero((part, -1), *((whole, 1) for whole in wholes), exact=False)

    def _sum(self, whole: Quantity, parts: Iterable[Quantity]) -> None:
        self._zero((whole, 1), *((part, -1) for part in parts))

    def _within(self, funder: str, at: int) -> None:
        for figure in FIGURES:
            for cell in (one["key"] for one in figure["cells"]):
                for aspect in ASPECTS[figure["kind"]]:
                    self._sum(
                        (TOTAL, funder, at, figure["key"], cell, aspect),
                        [(row, funder, at, figure["key"], cell, aspect) for row in self.rows[:-1]],
                    )
        for row in self.rows:
            self._in_row(row, funder, at)

    def _in_row(self, row: str, funder: str, at: int) -> None:
        def of(figure: str, cell: str, aspect: str = "") -> Quantity:
            return row, funder, at, figure, cell, aspect

        now = of("now", "all")
        self._sum(now, (of("now", "training"), of("now", "trade_test")))
        self._sum(now, (of("norwegian_start", level) for level in LEVELS))
        self._sum(now, (of("norwegian_oral", level) for level in LEVELS))
        self._sum(of("left", "all"), (of("left", "withdrawn"), of("left", "terminated")))
        self._sum(of("left", "all"), (of("left_why", why) for why in ("condition", "health", "job", "other")))
        self._no_more(of("left_why", "condition"), of("left", "withdrawn"))
        self._no_more(of("left_why", "health"), of("left", "terminated"))
        for part in (*PARTS, "all"):
            goal = of("norwegian_goal", part, "whole")
            self._sum(goal, (of("norwegian_goal", part, "part"), of("norwegian_goal", part, "rest")))
            if "none" not in self.rows:
                self._sum(goal, [now])
            self._no_more(of("norwegian_goal", "all", "part"), of("norwegian_goal", part, "part"))
        every = [of("norwegian_goal", part, "rest") for part in PARTS]
        self._no_more(of("norwegian_goal", "all", "rest"), *every)
        if row != "none" and "none" not in self.rows:
            self._sum(of("norwegian_goal", "oral", "part"), (of("norwegian_oral", level) for level in LEVELS[GOAL:]))
        tried = of("written_exam", "passed", "whole")
        self._sum(tried, (of("written_exam", "passed", "part"), of("written_exam", "passed", "rest")))
        self._sum(tried, (of("written_exam_grades", grade) for grade in GRADES))
        self._no_more(of("written_exam_grades", "1"), of("written_exam", "passed", "rest"))
        passed = [of("written_exam_grades", grade) for grade in GRADES[:3]]
        self._zero((of("written_exam", "passed", "part"), 1), *((grade, -1) for grade in passed), exact=False)
        for wide, narrow in (("referred", "admitted"), ("admitted", "fagbrev")):
            self._no_more(of("funnel", narrow), of("funnel", wide))
        self._no_more(of("funnel", "fagbrev"), of("completed_in_all", "completed"))
        self._no_more(of("completed", "completed"), of("completed_in_all", "completed"))
        for cell in FUNDERS:
            self._zero((now, 1), (of("funding", cell), -1), (of("funding", "none"), -1), exact=False)
            self._no_more(of("funding_ends", cell), of("funding", cell))
        self._no_more(now, *(of("funding", cell) for cell in (*FUNDERS, "none")))

    def _since(self, at: int) -> None:
        """What the whole report of one semester has to do with that of the semester before."""
        for row in self.rows:

            def of(figure: str, cell: str, back: int = 0, row: str = row) -> Quantity:
                return row, "", at - back, figure, cell, ""

            for (figure, cell), (flow, came) in FLOWS:
                self._sum(of(figure, cell), (of(figure, cell, 1), of(flow, came)))
            gone = [
                (of("now", "all", 1), 1), (of("came", "admitted"), 1), (of("now", "all"), -1), (of("completed", "completed"), -1),
            ]  # fmt: skip
            self._zero(*gone, (of("left", "terminated"), -1), exact=False)
            self._zero(*((quantity, -sign) for quantity, sign in gone), (of("left", "all"), 1), exact=False)
            self._zero((of("completed", "completed", 2), 1), *((of("work_12", cell), -1) for cell in ("permanent", "unknown")))

    def _paid(self, funder: str, at: int) -> None:
        """What the report to one who pays has to do with the whole one."""
        for row in self.rows:
            for figure in FIGURES:
                for cell in (one["key"] for one in figure["cells"]):
                    for aspect in ASPECTS[figure["kind"]]:
                        part, whole = ((row, payer, at, figure["key"], cell, aspect) for payer in (funder, ""))
                        if figure["key"] in {"funding", "funding_ends"} and cell == funder:
                            self._sum(whole, [part])
                        self._no_more(part, whole)

    # --- What follows -----------------------------------------------------------------------------------

    def range_of(self, quantity: Quantity) -> tuple[int, int]:
        """Gives the least and the most that is known of a number by itself."""
        if quantity in self.known:
            return self.truth[quantity], self.truth[quantity]
        return self.low.get(quantity, 0), self.high.get(quantity, MOST)

    def revealed(self) -> list[Quantity]:
        """Gives the hidden numbers for which no other value is found that fits everything that is known.

        Whole numbers are tried: one is moved, what no longer holds is mended by moving others, and so on; all that moved are free.
        """
        solver = Solver(self)
        return [quantity for quantity in sorted(self.hidden) if not solver.is_free(quantity)]


class Solver:
    """Looks for other whole numbers that fit: by leave of chance, from a fixed seed, and much longer than the rule may."""

    TURNS = 4000
    TIMES = 3

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.free: set[Quantity] = set()
        self.of: dict[Quantity, list[int]] = {}
        for at, (signs, _exact) in enumerate(reader.limits):
            for quantity in signs:
                self.of.setdefault(quantity, []).append(at)

    def is_free(self, target: Quantity) -> bool:
        """Tells whether another value is found."""
        for seed in range(self.TIMES):
            for step in (1, -1):
                if target not in self.free:
                    self._try(target, step, Random(seed))
        return target in self.free

    def _gap(self, at: int, values: dict[Quantity, int]) -> int:
        """How much a sum must grow to hold again."""
        signs, exact = self.reader.limits[at]
        amount = sum(sign * values[quantity] for quantity, sign in signs.items())
        return -amount if exact or amount < 0 else 0

    def _try(self, target: Quantity, step: int, random: Random) -> None:
        values = dict(self.reader.truth)
        low, high = self.reader.range_of(target)
        values[target] += step
        if not low <= values[target] <= high:
            return
        wrong = {at for at in self.of.get(target, ()) if self._gap(at, values)}
        weight: dict[int, int] = {}
        for _turn in range(self.TURNS):
            if not wrong:
                self.free |= {quantity for quantity, value in values.items() if value != self.reader.truth[quantity]}
                return
            at = random.choice(sorted(wrong))
            weight[at] = weight.get(at, 1) + 1
            ways = []
            for quantity, sign in self.reader.limits[at][0].items():
                low, high = self.reader.range_of(quantity)
                moved = min(max(values[quantity] + sign * self._gap(at, values), low), high)
                if quantity != target and moved != values[quantity]:
                    held = values[quantity]
                    before = sum(weight.get(near, 1) * abs(self._gap(near, values)) for near in self.of[quantity])
                    values[quantity] = moved
                    after = sum(weight.get(near, 1) * abs(self._gap(near, values)) for near in self.of[quantity])
                    values[quantity] = held
                    ways.append((after - before, random.random(), quantity, moved))
            if not ways:
                return
            _worse, _chance, quantity, moved = min(ways)
            values[quantity] = moved
            for near in self.of[quantity]:
                (wrong.add if self._gap(near, values) else wrong.discard)(near)
