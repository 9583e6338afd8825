"""Small made-up worlds, counted person by person, and the reports that are published of them one after another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

from fagbrev.figures import TOTAL
from meetings.report_hiding import with_words
from meetings.report_links import Published
from tests.meetings.reported import figure

SEMESTERS = (
    (date(2025, 8, 1), date(2025, 12, 31)),
    (date(2026, 1, 1), date(2026, 7, 31)),
    (date(2026, 8, 1), date(2026, 12, 31)),
)
FUNDERS = ("imdi", "municipality")
LEVELS = ("a1", "a2", "b1", "b2")
PARTS = ("oral", "listening", "reading", "writing")
GOAL = 2  # b1
GRADES = ("5", "3", "2", "1", "unknown")
REASONS = {"withdrawn": ("condition", "job", "other"), "terminated": ("health", "job", "other")}
FIGURES = [
    figure("now", ("all", "training", "trade_test"), splits=True, whole_cell="all"),
    figure("came", ("referred", "admitted"), is_at_moment=False),
    figure("left", ("all", "withdrawn", "terminated"), splits=True, whole_cell="all", is_at_moment=False),
    figure("left_why", ("condition", "health", "job", "other"), splits=True, is_at_moment=False),
    figure("completed", ("completed",), is_at_moment=False),
    figure("completed_in_all", ("completed",)),
    figure("funnel", ("referred", "admitted", "fagbrev"), nested=True, is_at_moment=False),
    figure("written_exam", ("passed",), kind="share", is_at_moment=False),
    figure("written_exam_grades", GRADES, splits=True, is_at_moment=False),
    figure("norwegian_start", LEVELS, splits=True),
    figure("norwegian_oral", LEVELS, splits=True),
    figure("norwegian_goal", (*PARTS, "all"), kind="share"),
    figure("funding", (*FUNDERS, "none")),
    figure("funding_ends", FUNDERS),
    figure("work_12", ("permanent", "unknown"), splits=True, is_at_moment=False),
]  # fmt: skip


@dataclass
class Person:
    """One who was referred; semesters are places in SEMESTERS, -1 is before them all and 9 never."""

    trade: str
    referred: int
    admitted: int
    ended: int
    end: str
    reason: str
    tested_from: int  # in the phase of the trade test from this semester
    pays: dict[str, bool]  # who pays: whether it lasts to the semester's last day
    ends_soon: bool
    start: int
    levels: list[dict[str, int]]  # by semester
    exam: int
    grade: str
    has_passed: bool
    work: str

    def is_here(self, at: int) -> bool:
        return self.admitted <= at < self.ended


def person(random: Random, trades: tuple[str, ...]) -> Person:
    """Gives somebody with a life of their own."""
    trade = random.choice(trades)
    referred = random.choice([-1, -1, 0, 0, 1, 2])
    admitted = random.choice([referred, referred, referred, min(referred + 1, 2), 9])
    ended, end = random.choice([(9, "")] * 3 + [(at, "") for at in range(3)])
    if ended < 9:
        end = random.choice(["completed", "completed", "withdrawn", "terminated"] if admitted <= ended else ["withdrawn"])
    if ended < referred or (end in {"completed", "terminated"} and ended < admitted):
        ended, end = 9, ""
    if end == "withdrawn" and admitted > ended:
        admitted = 9
    start = random.randrange(3)
    levels: list[dict[str, int]] = []
    for _at in SEMESTERS:
        last = levels[-1] if levels else dict.fromkeys(PARTS, start)
        levels.append({part: min(3, level + random.choice([0, 0, 1])) for part, level in last.items()})
    grade = random.choice(GRADES)
    pays = {funder: random.random() < 0.9 for funder in FUNDERS if random.random() < 0.45}
    return Person(
        trade, referred, admitted, ended, end, random.choice(REASONS[end]) if end in REASONS else "", random.choice([1, 2, 9, 9]),
        pays, random.random() < 0.3, start, levels, random.choice([0, 1, 2, 9]), grade,
        grade != "1" if grade != "unknown" else random.random() < 0.7, random.choice(["permanent", "permanent", "unknown"]),
    )  # fmt: skip


Cells = Iterable[tuple[str, str, Any]]  # figure, cell, and 1 or the two of a share


def counted_of(one: Person, at: int) -> Cells:
    """Gives each cell in which somebody is counted in a semester."""
    if one.is_here(at):
        yield "now", "all", 1
        yield "now", "trade_test" if at >= one.tested_from else "training", 1
        yield "norwegian_start", LEVELS[one.start], 1
        yield "norwegian_oral", LEVELS[one.levels[at]["oral"]], 1
        reached = {part: level >= GOAL for part, level in one.levels[at].items()}
        if one.trade != "none":
            for part, is_there in {**reached, "all": all(reached.values())}.items():
                yield "norwegian_goal", part, [int(is_there), 1]
        lasting = [funder for funder, lasts in one.pays.items() if lasts]
        for funder in lasting or ["none"]:
            yield "funding", funder, 1
        if one.ends_soon:
            yield from (("funding_ends", funder, 1) for funder in lasting)
    if one.referred == at:
        yield "came", "referred", 1
    if one.admitted == at:
        yield "came", "admitted", 1
    if one.ended == at and one.end == "completed":
        yield "completed", "completed", 1
    elif one.ended == at:
        yield "left", "all", 1
        yield "left", one.end, 1
        yield "left_why", one.reason, 1
    if one.ended == at - 2 and one.end == "completed":
        yield "work_12", one.work, 1
    if one.exam == at and one.referred <= at and one.trade != "none":
        yield "written_exam", "passed", [int(one.has_passed), 1]
        yield "written_exam_grades", one.grade, 1
    has_fagbrev = one.ended <= at and one.end == "completed"
    if has_fagbrev:
        yield "completed_in_all", "completed", 1
    if one.referred <= at:
        yield "funnel", "referred", 1
        if one.admitted <= at:
            yield "funnel", "admitted", 1
        if has_fagbrev:
            yield "funnel", "fagbrev", 1


@dataclass
class World:
    """Some people, and what has been published of them: oldest first, as (trade, funder, place in SEMESTERS, content)."""

    people: list[Person]
    trades: tuple[str, ...]
    published: list[Published] = field(default_factory=list)
    told: set[tuple[str, str, str]] = field(default_factory=set)  # table, row, cell
    unreached: set[tuple[str, str, str]] = field(default_factory=set)  # those of them of which it was not found out

    def numbers(self, trade: str, funder: str, at: int) -> dict[str, Any]:
        """Gives the numbers of a report, counted one by one."""
        those = [one for one in self.people if trade in {"", one.trade} and (not funder or funder in one.pays)]
        periods = [_period(those, semester, has_rows=not trade) for semester in range(at, -1, -1)]
        used = {row for period in periods for rows in period["values"].values() for row in rows}
        rows = [{"code": code, "name": code, "short": code} for code in self.trades if code in used and not trade]
        return {"rows": rows, "figures": FIGURES, "periods": periods, "since": "2020-01-01"}

    def publish(self, trade: str, funder: str, at: int, *, smallest: int = 5) -> dict[str, Any]:
        """Publishes a report, held against those before it."""
        key = f"{trade or 'whole'}.{funder}.{at}.{len(self.published)}"
        content, revealed, unreached = with_words(
            self.numbers(trade, funder, at), trade=trade, funder=funder, smallest=smallest, others=self.published
        )  # fmt: skip
        not_reached = [(table.replace("own|", f"{key}|"), row, cell) for table, row, cell in unreached]
        self.told |= {(table.replace("own|", f"{key}|"), row, cell) for table, row, cell in revealed}.union(not_reached)
        self.unreached |= set(not_reached)
        self.published.append(Published(key, trade, funder, content))
        return content


def _period(those: list[Person], at: int, *, has_rows: bool) -> dict[str, Any]:
    values: dict[str, Any] = {one["key"]: {} for one in FIGURES}
    for one in those:
        for key, cell, more in counted_of(one, at):
            for row in (one.trade, TOTAL) if has_rows else (TOTAL,):
                cells = values[key].setdefault(row, {})
                held = cells.get(cell, [0, 0] if isinstance(more, list) else 0)
                cells[cell] = [held[0] + more[0], held[1] + more[1]] if isinstance(more, list) else held + more
    first, last = SEMESTERS[at]
    return {"first": first.isoformat(), "last": last.isoformat(), "words": first.isoformat(), "values": values, "words_of": {}}


def world(seed: int, *, fewest: int = 15, most: int = 70, trades: tuple[str, ...] = ("BUA", "HEA")) -> World:
    """Gives a world; the same for the same seed."""
    random = Random(seed)
    return World([person(random, trades) for _one in range(random.randint(fewest, most))], trades)


__all__ = ["FIGURES", "FUNDERS", "GOAL", "GRADES", "LEVELS", "PARTS", "REASONS", "SEMESTERS", "World", "world"]
