"""The figures of follow-up computed slowly and plainly, from their definitions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from fagbrev.figures import TOTAL, Cut, Share
from followup import models as f
from participants import models as m
from tests.participants.slowly import Slow, World, code_of, counted, one_each, shared, touches

LEVELS = ["under_a1", "a1", "a2", "b1", "b2", "c1"]
PARTS = ["oral", "listening", "reading", "writing"]
DAY = timedelta(days=1)


class FollowedWorld(World):
    """Every row there is, those of follow-up too."""

    def __init__(self) -> None:
        super().__init__()
        self.by_pk = {each.pk: each for each in self.enrolments}
        self.levels = list(f.LanguageLevel.objects.all())
        self.norwegian_tests = list(m.NorwegianTest.objects.all())
        self.lessons = list(f.Lesson.objects.all())
        self.absences = list(f.Absence.objects.all())
        self.sick_leaves = list(f.SickLeave.objects.all())
        self.visits = list(f.WorkplaceVisit.objects.select_related("placement"))
        self.reviews = list(f.ReviewConversation.objects.all())


def rank(level: str) -> int:
    return LEVELS.index(level) if level in LEVELS else -1


def goal(enrolment: Any, part: str) -> int:
    return rank(enrolment.trade.goal_oral if part in {"oral", "listening"} else enrolment.trade.goal_written)


# --- Norwegian ------------------------------------------------------------------------------------------


def norwegian_start(w: FollowedWorld, cut: Cut) -> Slow:
    def level(each: Any) -> str:
        interview = getattr(each, "interview", None)
        for text in (each.norwegian_at_start.lower(), interview.norwegian_level.lower() if interview else ""):
            if "under a1" in text or "under_a1" in text:
                return "under_a1"
            for level in ["a1", "a2", "b1", "b2", "c1"]:
                if level in text:
                    return level
        return "unknown"

    return one_each(w.participants(cut), level)


def level_now(w: FollowedWorld, each: Any, part: str, day: date) -> int:
    person = each.participant_id
    views = [row for row in w.levels if row.participant_id == person and row.part == part and row.observed_on <= day]
    newest = rank(max(views, key=lambda row: row.observed_on).level) if views else -1
    tests = [
        rank(row.level)
        for row in w.norwegian_tests
        if row.participant_id == person and row.part == part and row.state in {"taken", "known"}
        and (row.taken_on is None or row.taken_on <= day)
    ]  # fmt: skip
    return max([newest, *tests])


def now(part: str) -> Callable[[FollowedWorld, Cut], Slow]:
    def slow(w: FollowedWorld, cut: Cut) -> Slow:
        def level(each: Any) -> str:
            found = level_now(w, each, part, cut.last)
            return LEVELS[found] if found >= 0 else "unknown"

        return one_each(w.participants(cut), level)

    return slow


def norwegian_goal(w: FollowedWorld, cut: Cut) -> Slow:
    everyone = [each for each in w.participants(cut) if each.trade]

    def there(each: Any, part: str) -> bool:
        return level_now(w, each, part, cut.last) >= goal(each, part)

    cells = {part: ([each for each in everyone if there(each, part)], everyone) for part in PARTS}
    cells["all"] = ([each for each in everyone if all(there(each, part) for part in PARTS)], everyone)
    return shared(cells)


def norwegian_tests(w: FollowedWorld, cut: Cut) -> Slow:
    took_part = [
        each
        for each in w.once_a_trade(cut)
        if each in w.participants(cut) or w.took(each, ["completed", "withdrawn", "terminated"], cut.first, cut.last)
    ]
    # Who has no status by the last day took part in nothing; one who left in the period has one.
    cells: dict[str, tuple[list[Any], list[Any]]] = {}
    for part in PARTS:
        tried, passed = [], []
        for each in took_part:
            levels = [
                rank(row.level)
                for row in w.norwegian_tests
                if row.participant_id == each.participant_id and row.part == part and row.state == "taken" and row.level
                and row.taken_on and cut.first <= row.taken_on <= cut.last
            ]  # fmt: skip
            if levels:
                tried.append(each)
                if max(levels) >= goal(each, part):
                    passed.append(each)
        cells[part] = (passed, tried)
    return shared(cells)


# --- Visits and reviews ---------------------------------------------------------------------------------


def added(pairs: Iterable[tuple[Any, int, int]], cell: str, people: set[int]) -> Slow:
    """Adds up a part and a whole by the trade of each enrolment."""
    rows: dict[str, dict[str, Any]] = {}
    for each, part, whole in pairs:
        for row in (code_of(each), TOTAL):
            before = rows.setdefault(row, {}).get(cell, Share(0, 0))
            rows[row][cell] = Share(before.part + part, before.whole + whole)
    return Slow(rows, {cell: people})


def main_places(w: FollowedWorld, cut: Cut) -> list[Any]:
    mine = {each.pk for each in w.cut(cut)}
    return [row for row in w.placements if row.enrolment_id in mine and row.is_main and row.starts_on]


def days_there(row: Any, first: date, last: date) -> list[date]:
    end = min(row.ends_on or last, last)
    begin = max(row.starts_on, first)
    return [begin + n * DAY for n in range((end - begin).days + 1)]


def visits_due(w: FollowedWorld, cut: Cut) -> Slow:
    found, people = [], set()
    for row in main_places(w, cut):
        each = w.by_pk[row.enrolment_id]
        days = days_there(row, cut.first, cut.last)
        leaves = [leave for leave in w.leaves if leave.enrolment_id == each.pk and leave.starts_on]
        in_july = cut.last.month == 7  # the July at the end asks for none
        worked = [
            day
            for day in days
            if not any(on_leave(leave, day) for leave in leaves) and not (in_july and (day.year, day.month) == (cut.last.year, 7))
        ]
        if each.trade and each.trade.visit_interval_days:
            due = len(worked) // each.trade.visit_interval_days
            held = sum(
                visit.placement.enrolment_id == each.pk and visit.state == "held" and visit.visited_on in days
                for visit in w.visits
            )
            found.append((each, min(due, held), due))
            if due:
                people.add(each.pk)
    return added(found, "held", people)


def on_leave(leave: Any, day: date) -> bool:
    return leave.starts_on <= day and (leave.ended_on is None or day < leave.ended_on)


def visits(w: FollowedWorld, cut: Cut) -> Slow:
    mine = {each.pk: each for each in w.cut(cut)}
    rows: dict[str, dict[str, Any]] = {}
    people = set()
    for visit in w.visits:
        each = mine.get(visit.placement.enrolment_id)
        if each and visit.state == "held" and cut.first <= visit.visited_on <= cut.last:
            people.add(each.pk)
            for row in (code_of(each), TOTAL):
                rows.setdefault(row, {})["visits"] = rows.setdefault(row, {}).get("visits", 0) + 1
    return Slow(rows, {"visits": people})


def semesters(cut: Cut) -> list[tuple[date, date]]:
    days = [cut.first + n * DAY for n in range((cut.last - cut.first).days + 1)]
    if len(days) <= 200:
        return [(cut.first, cut.last)]
    halves: dict[tuple[int, bool], list[date]] = {}
    for day in days:
        halves.setdefault((day.year, day.month >= 8), []).append(day)
    return [(half[0], half[-1]) for half in halves.values()]


def reviews_due(w: FollowedWorld, cut: Cut) -> Slow:
    found, people = [], set()
    for row in main_places(w, cut):
        each = w.by_pk[row.enrolment_id]
        for first, last in semesters(cut):
            if len(days_there(row, first, last)) >= 28:
                people.add(each.pk)
                held = any(
                    review.placement_id == row.pk and review.state in {"held", "locked"} and first <= review.held_on <= last
                    for review in w.reviews
                    if review.held_on
                )
                found.append((each, int(held), 1))
    return added(found, "held", people)


# --- Absence --------------------------------------------------------------------------------------------


def lessons_of(w: FollowedWorld, each: Any, cut: Cut) -> list[tuple[Decimal, Decimal]]:
    """Hours expected and hours away of every lesson that counts for the enrolment."""
    found = []
    for member in w.members:
        for lesson in w.lessons:
            day = lesson.held_on
            if member.enrolment_id != each.pk or member.cohort_id != lesson.cohort_id or not touches(member, day, day):
                continue
            expected = lesson.hours * member.teaching_share / 100
            leave = any(row.enrolment_id == each.pk and row.starts_on and on_leave(row, day) for row in w.leaves)
            sick = any(row.enrolment_id == each.pk and row.percent == 100 and touches(row, day, day) for row in w.sick_leaves)
            if not expected or leave or sick or not cut.first <= day <= cut.last:
                continue
            away = [
                row.hours
                for row in w.absences
                if row.enrolment_id == each.pk and row.away_from == "teaching" and row.away_on == day and row.state == "confirmed"
            ]
            found.append((expected, min(expected, sum(away, Decimal(0)))))
    return found


def whole(hours: Decimal) -> int:
    return int(hours.quantize(Decimal(1), ROUND_HALF_UP))


def presence(w: FollowedWorld, cut: Cut) -> Slow:
    sums: dict[str, tuple[Decimal, Decimal]] = {}
    people = set()
    for each in w.cut(cut):
        for expected, away in lessons_of(w, each, cut):
            people.add(each.pk)
            before = sums.get(code_of(each), (Decimal(0), Decimal(0)))
            sums[code_of(each)] = (before[0] + expected - away, before[1] + expected)
    rows: dict[str, dict[str, Any]] = {code: {"teaching": Share(whole(part), whole(of))} for code, (part, of) in sums.items()}
    shares = [row["teaching"] for row in rows.values()]
    rows[TOTAL] = {"teaching": Share(sum(share.part for share in shares), sum(share.whole for share in shares))}
    return Slow(rows, {"teaching": people})


def presence_low(w: FollowedWorld, cut: Cut) -> Slow:
    cells: dict[str, list[Any]] = {"taught": [], "enough": [], "below": []}
    for each in w.cut(cut):
        lessons = lessons_of(w, each, cut)
        if lessons:
            expected, away = sum(one for one, _away in lessons), sum(away for _one, away in lessons)
            cells["taught"].append(each)
            cells["enough" if (expected - away) * 100 >= 80 * expected else "below"].append(each)
    return counted(cells)


def _confirmed(w: FollowedWorld, cut: Cut) -> list[Any]:
    mine = {each.pk for each in w.cut(cut)}
    return [
        row
        for row in w.absences
        if row.enrolment_id in mine and row.state == "confirmed" and cut.first <= row.away_on <= cut.last
    ]


def absence_hours(w: FollowedWorld, cut: Cut) -> Slow:
    sums: dict[str, dict[str, Decimal]] = {}
    people: dict[str, set[int]] = {"teaching": set(), "practice": set()}
    for row in _confirmed(w, cut):
        people[row.away_from].add(row.enrolment_id)
        mine = sums.setdefault(code_of(w.by_pk[row.enrolment_id]), {})
        mine[row.away_from] = mine.get(row.away_from, Decimal(0)) + row.hours
    rows: dict[str, dict[str, Any]] = {
        code: {kind: whole(hours) for kind, hours in found.items()} for code, found in sums.items()
    }
    rows[TOTAL] = {kind: sum(found.get(kind, 0) for found in list(rows.values())) for kind in people}
    return Slow(rows, people)


def absence_people(w: FollowedWorld, cut: Cut) -> Slow:
    return counted({
        kind: [each for each in w.cut(cut) if any(row.enrolment_id == each.pk and row.away_from == kind for row in _confirmed(w, cut))]
        for kind in ("teaching", "practice")
    })  # fmt: skip


TWINS: dict[str, Callable[[Any, Cut], Slow]] = {
    "norwegian_start": norwegian_start, **{f"norwegian_{part}": now(part) for part in PARTS}, "norwegian_goal": norwegian_goal,
    "norwegian_tests": norwegian_tests, "visits_due": visits_due, "visits": visits, "reviews_due": reviews_due, "presence": presence,
    "presence_low": presence_low, "absence_hours": absence_hours, "absence_people": absence_people,
}  # fmt: skip
