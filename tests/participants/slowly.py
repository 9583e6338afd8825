"""The figures of participants computed slowly and plainly, from their definitions: loops over rows in Python, no query in sight."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from statistics import median
from typing import Any

from django.utils import timezone

from fagbrev.dates import months_after
from fagbrev.figures import TOTAL, UNDECIDED, Cut, Figure, Median, Share
from participants import models as m
from participants.workflow import END_CODES

PARTICIPANT = ["admitted", "onboarding", "placed", "contract_applied", "training", "trade_test", "on_leave"]


@dataclass
class Slow:
    """What a figure should say: the values by row and cell, and whose enrolments are behind each cell."""

    rows: dict[str, dict[str, Any]]
    people: dict[str, set[int]] | None = None


class World:
    """Every row there is, in lists."""

    def __init__(self) -> None:
        def all_of(model: Any, *with_: str) -> list[Any]:
            return list(model.objects.select_related(*with_).order_by("pk"))

        self.enrolments = all_of(m.Enrolment, "participant", "trade", "referral", "interview")
        self.changes = all_of(m.StatusChange)
        self.exams = all_of(m.WrittenExam)
        self.trade_tests = all_of(m.TradeTest)
        self.placements = all_of(m.Placement)
        self.faddere = all_of(m.PlacementFadder, "person")
        self.incomes = all_of(m.IncomePeriod)
        self.fundings = all_of(m.FundingPeriod)
        self.members = all_of(m.CohortMember, "cohort")
        self.answers = all_of(m.WorkStatus)
        self.leaves = all_of(m.Leave)
        corrected = {change.corrects_id for change in self.changes}
        self.steps: dict[int, list[Any]] = {}
        for change in self.changes:
            if change.kind != "correction" and change.pk not in corrected:
                self.steps.setdefault(change.enrolment_id, []).append(change)

    # --- Whose -------------------------------------------------------------------------------------------

    def cut(self, cut: Cut) -> list[Any]:
        return [each for each in self.enrolments if self._is_in(each, cut)]

    def _is_in(self, enrolment: Any, cut: Cut) -> bool:
        if enrolment.participant.address_protection == "strengt_fortrolig":
            return False
        if cut.trade and cut.trade != code_of(enrolment):
            return False
        paid = [row for row in self.fundings if row.enrolment_id == enrolment.pk and row.source == cut.funder]
        paid += [row for row in self.incomes if row.enrolment_id == enrolment.pk and row.programme == cut.funder]
        if cut.funder and not any(touches(row, cut.first, cut.last) for row in paid):
            return False
        places = [row for row in self.members if row.enrolment_id == enrolment.pk and row.cohort.public_id == cut.cohort]
        return not cut.cohort or any(touches(row, cut.first, cut.last) for row in places)

    def once_a_trade(self, cut: Cut) -> list[Any]:
        newest = {(each.participant_id, each.trade_id): each for each in self.cut(cut) if each.trade_id}
        return list(newest.values())

    # --- The history -------------------------------------------------------------------------------------

    def known_day(self, change: Any) -> date | None:
        if change.happened_on:
            return change.happened_on
        for later in self.changes:
            if (
                later.step == "fill_in" and later.kind == "correction" and later.enrolment_id == change.enrolment_id
                and later.to_status == change.to_status and later.pk > change.pk
            ):  # fmt: skip
                return later.happened_on
        return None

    def taken_by(self, enrolment: Any, day: date) -> list[str]:
        found = []
        for change in self.steps.get(enrolment.pk, []):
            if (self.known_day(change) or timezone.localdate(change.at)) <= day:
                found.append(change.to_status)
        return found

    def status(self, enrolment: Any, day: date) -> str:
        return (self.taken_by(enrolment, day) or [""])[-1]

    def took(self, enrolment: Any, statuses: Iterable[str], first: date, last: date) -> Any:
        for change in self.steps.get(enrolment.pk, []):
            day = self.known_day(change)
            if change.to_status in statuses and day and first <= day <= last:
                return change
        return None

    def participants(self, cut: Cut) -> list[Any]:
        return [each for each in self.cut(cut) if self.status(each, cut.last) in PARTICIPANT]

    def placed_on(self, cut: Cut) -> list[Any]:
        mine = {each.pk: each for each in self.cut(cut)}
        found = []
        for row in self.placements:
            if (
                row.enrolment_id in mine
                and row.starts_on
                and row.starts_on <= cut.last
                and (not row.ends_on or row.ends_on >= cut.last)
            ):
                row.its = mine[row.enrolment_id]
                found.append(row)
        return found


def touches(row: Any, first: date, last: date) -> bool:
    return (row.starts_on is None or row.starts_on <= last) and (row.ends_on is None or row.ends_on >= first)


def code_of(enrolment: Any) -> str:
    return str(enrolment.trade.code) if enrolment.trade else UNDECIDED


def counted(cells: Mapping[str, Iterable[Any]]) -> Slow:
    """Counts enrolments in each cell."""
    rows: dict[str, dict[str, Any]] = {}
    people = {cell: {each.pk for each in members} for cell, members in cells.items()}
    for cell, members in cells.items():
        for each in {each.pk: each for each in members}.values():
            for row in (code_of(each), TOTAL):
                rows.setdefault(row, {})[cell] = rows.setdefault(row, {}).get(cell, 0) + 1
    return Slow(rows, people)


def shared(cells: Mapping[str, tuple[Iterable[Any], Iterable[Any]]]) -> Slow:
    """Counts the part and the whole of enrolments in each cell."""
    parts = counted({cell: part for cell, (part, _whole) in cells.items()})
    wholes = counted({cell: whole for cell, (_part, whole) in cells.items()})
    rows = {
        row: {cell: Share(parts.rows.get(row, {}).get(cell, 0), number) for cell, number in found.items()}
        for row, found in wholes.rows.items()
    }
    return Slow(rows, wholes.people)


def one_each(enrolments: Iterable[Any], cell_of: Callable[[Any], str], whole: str = "") -> Slow:
    """Puts each enrolment in one cell, and in the whole where there is one."""
    cells: dict[str, list[Any]] = {}
    for each in enrolments:
        cells.setdefault(cell_of(each), []).append(each)
        if whole:
            cells.setdefault(whole, []).append(each)
    return counted(cells)


# --- The caseload ---------------------------------------------------------------------------------------


def now(w: World, cut: Cut) -> Slow:
    return one_each(w.participants(cut), lambda each: w.status(each, cut.last), "all")


def referred_on(enrolment: Any) -> date | None:
    referral = getattr(enrolment, "referral", None)
    return (referral.referred_on if referral else None) or enrolment.started_on


def was_referred(enrolment: Any, cut: Cut) -> bool:
    day = referred_on(enrolment)
    return day is not None and cut.first <= day <= cut.last


def came(w: World, cut: Cut) -> Slow:
    everyone = w.cut(cut)
    return counted({
        "referred": [each for each in everyone if was_referred(each, cut) and not each.continues_id],
        "admitted": [each for each in everyone if w.took(each, ["admitted"], cut.first, cut.last)],
        "declined": [each for each in everyone if w.took(each, ["declined"], cut.first, cut.last)],
    })  # fmt: skip


def waiting(w: World, cut: Cut) -> Slow:
    return counted({"waiting": [each for each in w.cut(cut) if w.status(each, cut.last) == "waitlisted"]})


def _left(w: World, cut: Cut) -> list[Any]:
    return [each for each in w.cut(cut) if w.took(each, ["withdrawn", "terminated"], cut.first, cut.last)]


def left(w: World, cut: Cut) -> Slow:
    def how(each: Any) -> str:
        return str(w.took(each, ["withdrawn", "terminated"], cut.first, cut.last).to_status)

    return one_each(_left(w, cut), how, "all")


def left_why(w: World, cut: Cut) -> Slow:
    known = {code for how in ("withdrawn", "terminated") for code, _label in END_CODES[how]}
    return one_each(_left(w, cut), lambda each: each.end_code if each.end_code in known else "unknown")


def _completed(w: World, cut: Cut) -> list[Any]:
    return [each for each in w.cut(cut) if w.took(each, ["completed"], cut.first, cut.last)]


def completed(w: World, cut: Cut) -> Slow:
    return counted({"completed": _completed(w, cut)})


def completed_in_all(w: World, cut: Cut) -> Slow:
    return counted({"completed": [each for each in w.cut(cut) if w.status(each, cut.last) == "completed"]})


def funnel(w: World, cut: Cut) -> Slow:
    moved_on = {each.continues_id for each in w.enrolments}
    cells: dict[str, list[Any]] = {}
    for each in w.cut(cut):
        if not was_referred(each, cut) or each.pk in moved_on:
            continue
        been = set(w.taken_by(each, cut.last))
        contract = bool(been & {"training", "trade_test", "completed"})
        placed = contract or bool(been & {"placed", "contract_applied", "on_leave", "terminated"})
        admitted = placed or bool(been & {"admitted", "onboarding"})
        interviewed = admitted or bool(been & {"interviewed", "waitlisted"})
        fagbrev = "completed" in been
        steps = {
            "referred": True, "interviewed": interviewed, "admitted": admitted, "placed": placed, "contract": contract,
            "exam": fagbrev or (contract and _has_exam(w, each, cut.last)), "fagbrev": fagbrev,
        }  # fmt: skip
        for step, is_there in steps.items():
            if is_there:
                cells.setdefault(step, []).append(each)
    return counted(cells)


def _has_exam(w: World, enrolment: Any, day: date) -> bool:
    for exam in w.exams:
        if _is_of(exam, enrolment) and exam.state in {"passed", "credited"}:
            known = exam.result_on or exam.exam_on
            if known is None or known <= day:
                return True
    return False


def _is_of(exam: Any, enrolment: Any) -> bool:
    code = enrolment.trade.written_exam_code if enrolment.trade else ""
    return bool(code) and exam.exam_code == code and exam.participant_id == enrolment.participant_id


# --- Exams ----------------------------------------------------------------------------------------------


def _last_exams(w: World, cut: Cut) -> list[tuple[Any, Any]]:
    found = []
    for each in w.once_a_trade(cut):
        attempts = []
        for exam in w.exams:
            day = exam.result_on or exam.exam_on
            if _is_of(exam, each) and exam.state in {"passed", "failed"} and day and cut.first <= day <= cut.last:
                attempts.append((day, exam.pk, exam))
        if attempts:
            found.append((each, max(attempts)[2]))
    return found


def written_exam(w: World, cut: Cut) -> Slow:
    tried = _last_exams(w, cut)
    return shared({"passed": ([each for each, exam in tried if exam.state == "passed"], [each for each, _exam in tried])})


def written_exam_grades(w: World, cut: Cut) -> Slow:
    grades = {each.pk: exam.grade for each, exam in _last_exams(w, cut)}
    return one_each([each for each, _exam in _last_exams(w, cut)], lambda each: str(grades[each.pk] or "unknown"))


def _last_tests(w: World, cut: Cut) -> list[tuple[Any, Any]]:
    found = []
    for each in w.cut(cut):
        attempts = []
        for test in w.trade_tests:
            day = test.result_on or test.ends_on or test.starts_on
            if test.enrolment_id == each.pk and test.result and day and cut.first <= day <= cut.last:
                attempts.append((day, test.pk, test))
        if attempts:
            found.append((each, max(attempts)[2]))
    return found


def trade_test(w: World, cut: Cut) -> Slow:
    tried = _last_tests(w, cut)
    passed = [each for each, test in tried if test.result in {"passed", "passed_merit"}]
    return shared({"passed": (passed, [each for each, _test in tried])})


def trade_test_grades(w: World, cut: Cut) -> Slow:
    results = {each.pk: test.result for each, test in _last_tests(w, cut)}
    return one_each([each for each, _test in _last_tests(w, cut)], lambda each: results[each.pk])


# --- Workplaces -----------------------------------------------------------------------------------------


def distinct(found: Mapping[str, set[tuple[str, Any]]]) -> Slow:
    """Counts things once in each trade they are in, and once in all."""
    rows: dict[str, dict[str, Any]] = {}
    for cell, pairs in found.items():
        for code in {code for code, _thing in pairs}:
            rows.setdefault(code, {})[cell] = len({thing for other, thing in pairs if other == code})
        rows.setdefault(TOTAL, {})[cell] = len({thing for _code, thing in pairs})
    return Slow(rows)


def workplaces(w: World, cut: Cut) -> Slow:
    return distinct({"workplaces": {(code_of(row.its), row.workplace_id) for row in w.placed_on(cut)}})


def _faddere_on(w: World, cut: Cut) -> list[tuple[Any, Any]]:
    places = {row.pk: row for row in w.placed_on(cut)}
    return [
        (fadder, places[fadder.placement_id])
        for fadder in w.faddere
        if fadder.placement_id in places and touches(fadder, cut.last, cut.last)
    ]


def mentors(w: World, cut: Cut) -> Slow:
    names = {True: "with_fagbrev", False: "without_fagbrev", None: "unknown"}
    cells: dict[str, set[tuple[str, Any]]] = {}
    for fadder, placement in _faddere_on(w, cut):
        for cell in ("mentors", names[fadder.person.has_fagbrev]):
            cells.setdefault(cell, set()).add((code_of(placement.its), fadder.person_id))
    return distinct(cells)


def mentor_coverage(w: World, cut: Cut) -> Slow:
    at_work = {row.its.pk: row.its for row in w.placed_on(cut) if row.is_main}
    covered = {placement.its.pk for _fadder, placement in _faddere_on(w, cut) if placement.is_main}
    return counted({
        "in_practice": at_work.values(),
        "with_mentor": [each for pk, each in at_work.items() if pk in covered],
        "without_mentor": [each for pk, each in at_work.items() if pk not in covered],
    })  # fmt: skip


# --- Income and funding ---------------------------------------------------------------------------------


def _held(w: World, cut: Cut, rows: list[Any], name: str) -> Slow:
    cells: dict[str, list[Any]] = {}
    for each in w.participants(cut):
        mine = [getattr(row, name) for row in rows if row.enrolment_id == each.pk and touches(row, cut.last, cut.last)]
        for cell in set(mine) or {"none"}:
            cells.setdefault(cell, []).append(each)
    return counted(cells)


def income(w: World, cut: Cut) -> Slow:
    return _held(w, cut, w.incomes, "kind")


def funding(w: World, cut: Cut) -> Slow:
    return _held(w, cut, w.fundings, "source")


def funding_ends(w: World, cut: Cut) -> Slow:
    until = months_after(cut.last, 6)
    cells: dict[str, list[Any]] = {}
    for each in w.participants(cut):
        mine = [row for row in w.fundings if row.enrolment_id == each.pk]
        for source in {row.source for row in mine if touches(row, cut.last, cut.last)}:
            same = [row for row in mine if row.source == source]
            holds_and_ends = any(touches(row, cut.last, cut.last) and row.ends_on and row.ends_on <= until for row in same)
            if holds_and_ends and not any(row.ends_on is None or row.ends_on > until for row in same):
                cells.setdefault(source, []).append(each)
    return counted(cells)


# --- After the fagbrev ----------------------------------------------------------------------------------


def work(months: int) -> Callable[[World, Cut], Slow]:
    def slow(w: World, cut: Cut) -> Slow:
        answers = {row.enrolment_id: row.state for row in w.answers if row.months == months}
        mine = []
        for each in w.cut(cut):
            change = w.took(each, ["completed"], date.min, date.max)
            if change and cut.first <= months_after(w.known_day(change), months) <= cut.last:  # type: ignore[arg-type]
                mine.append(each)
        return one_each(mine, lambda each: answers.get(each.pk, "not_asked"))

    return slow


def months_to_fagbrev(w: World, cut: Cut) -> Slow:
    lengths: dict[str, list[float]] = {}
    people = set()
    for each in _completed(w, cut):
        first_days = [row.starts_on for row in w.placements if row.enrolment_id == each.pk and row.starts_on]
        day = w.known_day(w.took(each, ["completed"], cut.first, cut.last))
        if first_days and day and day >= min(first_days):
            people.add(each.pk)
            for row in (code_of(each), TOTAL):
                lengths.setdefault(row, []).append((day - min(first_days)) / timedelta(days=1) / (365.25 / 12))
    rows: dict[str, dict[str, Any]] = {
        row: {"months": Median(round(median(found), 1), len(found))} for row, found in lengths.items()
    }
    return Slow(rows, {"months": people})


TWINS: dict[str, Callable[[Any, Cut], Slow]] = {
    "now": now, "came": came, "waiting": waiting, "left": left, "left_why": left_why, "completed": completed,
    "completed_in_all": completed_in_all, "funnel": funnel, "written_exam": written_exam, "written_exam_grades": written_exam_grades,
    "trade_test": trade_test, "trade_test_grades": trade_test_grades, "workplaces": workplaces, "mentors": mentors,
    "mentor_coverage": mentor_coverage, "income": income, "funding": funding, "funding_ends": funding_ends, "work_3": work(3),
    "work_6": work(6), "work_12": work(12), "months_to_fagbrev": months_to_fagbrev,
}  # fmt: skip


# --- Holding the two against each other -----------------------------------------------------------------


def _without_nothing(rows: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    nothing = (0, Share(0, 0), Median(None, 0))
    found = {row: {cell: value for cell, value in cells.items() if value not in nothing} for row, cells in rows.items()}
    return {row: cells for row, cells in found.items() if cells}


def hold_against(figure: Figure, cut: Cut, slow: Slow, random: Random) -> None:
    """Raises AssertionError where the figure and the slow computation differ, or the figure is not what it says of itself.

    Every cell of every row is compared; whose they are, for one cell, drawn anew each time.
    """
    quick = figure.count(cut)
    assert _without_nothing(quick) == _without_nothing(slow.rows), f"{figure.key} {cut}"
    known = {cell.key for cell in figure.cells}
    assert all(set(cells) <= known for cells in quick.values()), f"{figure.key} has cells it does not name"
    if figure.people is not None:
        assert slow.people is not None, figure.key
        cell = random.choice(figure.cells).key
        behind = list(figure.people(cut, cell).order_by("pk").values_list("pk", flat=True))
        assert behind == sorted(slow.people.get(cell, set())), f"{figure.key} {cell} {cut}"
        if figure.unit == "people":
            assert len(behind) == _size(quick.get(TOTAL, {}).get(cell, 0)), f"{figure.key} {cell} {cut}"
    _adds_up(figure, quick)


def _size(value: Any) -> int:
    return value.whole if isinstance(value, Share) else value.count if isinstance(value, Median) else value


def _adds_up(figure: Figure, quick: Mapping[str, Mapping[str, Any]]) -> None:
    for cell in figure.cells:
        if figure.adds_up and figure.kind != "median":
            rows = [cells.get(cell.key, 0) for row, cells in quick.items() if row != TOTAL]
            assert sum(_size(value) for value in rows) == _size(quick.get(TOTAL, {}).get(cell.key, 0)), figure.key
    if figure.splits and figure.whole_cell:
        for cells in quick.values():
            parts = [cells.get(cell.key, 0) for cell in figure.cells if cell.key != figure.whole_cell]
            assert sum(parts) == cells.get(figure.whole_cell, 0), figure.key


__all__ = ["TWINS", "Slow", "World", "hold_against"]
