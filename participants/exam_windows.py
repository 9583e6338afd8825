"""Who may register in a window for the written exam or a Norwegian test, and how far each has come: the rules, once.

Sources: the guide's rows 12 and 13 (V8), and the duty «written exam registration»: everyone placed or later without a pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import F, Q, QuerySet

from participants.models import Enrolment, NorwegianTest, StatusChange, WrittenExam
from participants.models.exams import LEVELS, PARTS
from participants.workflow import ADMITTED_ON, ENDED, WITH_PLACEMENT
from programmes.models import ExamWindow, NorwegianTestWindow

Window = ExamWindow | NorwegianTestWindow
PLACED_ON = [*WITH_PLACEMENT, "on_leave"]
ADMITTED_AND_OPEN = [status for status in ADMITTED_ON if status not in ENDED]
# A result that counts, or an exam sat whose result is still to come: nobody is asked to register again.
EXAM_DONE = ["passed", "credited", "taken"]
# A row in one of these states was registered, whether or not the day was written down.
EXAM_REGISTERED = ["registered", "taken", "passed", "failed", "absent", "credited"]
NORWEGIAN_REGISTERED = ["registered", "taken"]
LEVEL_KNOWN = ["taken", "known"]
LEVEL_ORDER = [level for level, _name in LEVELS]
PART_CODES = [part for part, _name in PARTS]
ORAL_PARTS = {"oral", "listening"}  # measured against the trade's oral goal; reading and writing against the written one


# --- Levels against the trade's goal ----------------------------------------------------------------------


def level_rank(level: str) -> int:
    """Gives where a level stands, 0 for under A1 and up; -1 for one that is not known. Levels are never compared as text."""
    return LEVEL_ORDER.index(level) if level in LEVEL_ORDER else -1


def goal_of(part: str, trade: Any) -> str:
    """Gives the trade's goal for a part: the oral one for oral and listening, the written one for reading and writing (V4)."""
    return str(trade.goal_oral if part in ORAL_PARTS else trade.goal_written)


def parts_below_goal(levels: Mapping[str, str], trade: Any) -> list[str]:
    """Gives the parts whose best known level is below the trade's goal, in the order of PARTS.

    `levels` is {part: level}; a part without a level counts as below. `trade` needs goal_oral and goal_written alone.
    """
    return [part for part in PART_CODES if level_rank(levels.get(part, "")) < level_rank(goal_of(part, trade))]


def _reached(part: str) -> QuerySet[Enrolment]:
    """Enrolments whose participant has the trade's goal in the part."""
    goal = "goal_oral" if part in ORAL_PARTS else "goal_written"
    enough = [
        Q(participant__norwegian_tests__level=level, **{f"trade__{goal}__in": LEVEL_ORDER[: place + 1]})
        for place, level in enumerate(LEVEL_ORDER)
    ]
    # One call, so that part, state and level are those of the same row.
    return Enrolment.objects.filter(
        reduce(or_, enough), participant__norwegian_tests__part=part, participant__norwegian_tests__state__in=LEVEL_KNOWN
    )


# --- Who may register -------------------------------------------------------------------------------------


def may_take_exam() -> Q:
    """The condition on Enrolment of those who may register for the written exam.

    Open and placed or later, in a trade with a written exam, and no exam in the trade's code that is passed, credited, or
    taken and waiting for its result (decided; V8 row 12).
    """
    done = Enrolment.objects.filter(
        participant__written_exams__exam_code=F("trade__written_exam_code"), participant__written_exams__state__in=EXAM_DONE
    )
    return Q(status__in=PLACED_ON, trade__isnull=False) & ~Q(trade__written_exam_code="") & ~Q(pk__in=done.values("pk"))


def below_norwegian_goal() -> Q:
    """The condition on Enrolment of those who may register for a Norwegian test.

    Admitted or later and open, with at least one part below the trade's goal (decided; V8 row 12, V4 goals).
    """
    below = reduce(or_, [~Q(pk__in=_reached(part).values("pk")) for part in PART_CODES])
    return Q(status__in=ADMITTED_AND_OPEN, trade__isnull=False) & below


def _came_too_late(window: Window, status: str) -> Q:
    """Those who reached the phase after the window closed: it was never theirs."""
    late = StatusChange.objects.filter(to_status=status, happened_on__gt=window.closes_on, corrected_by__isnull=True)
    return Q(pk__in=late.values("enrolment"))


def eligible_for_exam(window: ExamWindow, today: date) -> QuerySet[Enrolment]:
    """Gives the enrolments that may register for the written exam in the window, whoever asks; cut it by scope before showing.

    See `may_take_exam`. For a window that is closed on the day, those placed after it closed are left out.
    """
    rows = Enrolment.objects.filter(may_take_exam())
    return rows if window.closes_on >= today else rows.exclude(_came_too_late(window, "placed"))


def eligible_for_norwegian(window: NorwegianTestWindow, today: date) -> QuerySet[Enrolment]:
    """Gives the enrolments that may register for a Norwegian test in the window, whoever asks; cut it by scope before showing.

    See `below_norwegian_goal`. For a window that is closed on the day, those admitted after it closed are left out.
    """
    rows = Enrolment.objects.filter(below_norwegian_goal())
    return rows if window.closes_on >= today else rows.exclude(_came_too_late(window, "admitted"))


def eligible_in(window: Window, today: date) -> QuerySet[Enrolment]:
    """Gives the enrolments that may register in the window, of either kind."""
    if isinstance(window, ExamWindow):
        return eligible_for_exam(window, today)
    return eligible_for_norwegian(window, today)


# --- How far each has come in a window --------------------------------------------------------------------


def exam_in(window: ExamWindow, *, path: str = "") -> Q:
    """The condition on WrittenExam (or on what `path` leads to it from) of belonging to the window.

    A row without a window belongs where its exam day, or the day it was registered, falls.
    """
    found = Q(**{f"{path}window": window})
    without = Q(**{f"{path}window__isnull": True, f"{path}registered_on__range": (window.opens_on, window.closes_on)})
    if window.exam_from:
        days = (window.exam_from, window.exam_to or window.exam_from)
        without |= Q(**{f"{path}window__isnull": True, f"{path}exam_on__range": days})
    return found | without


def is_registered(row: WrittenExam | NorwegianTest) -> bool:
    """Tells whether a row's registration is confirmed: by its day, or by a state that cannot be without it."""
    states = EXAM_REGISTERED if isinstance(row, WrittenExam) else NORWEGIAN_REGISTERED
    return row.registered_on is not None or row.state in states


def _registered(path: str, states: list[str]) -> Q:
    return Q(**{f"{path}registered_on__isnull": False}) | Q(**{f"{path}state__in": states})


def registered_in(window: Window) -> Q:
    """The condition on Enrolment of those whose registration in the window is confirmed."""
    if isinstance(window, ExamWindow):
        path = "participant__written_exams__"
        rows = Enrolment.objects.filter(
            exam_in(window, path=path), _registered(path, EXAM_REGISTERED), **{f"{path}exam_code": F("trade__written_exam_code")}
        )
        return Q(pk__in=rows.values("pk"))
    tests = NorwegianTest.objects.filter(_registered("", NORWEGIAN_REGISTERED), window=window)
    return Q(participant__in=tests.values("participant"))


def said_in(window: Window) -> Q:
    """The condition on Enrolment of those who say they have registered in the window, and wait for it to be confirmed."""
    if isinstance(window, ExamWindow):
        path = "participant__written_exams__"
        rows = Enrolment.objects.filter(
            exam_in(window, path=path),
            **{f"{path}exam_code": F("trade__written_exam_code"), f"{path}said_registered_on__isnull": False,
               f"{path}registered_on__isnull": True, f"{path}state": "planned"},
        )  # fmt: skip
        return Q(pk__in=rows.values("pk"))
    tests = NorwegianTest.objects.filter(
        window=window, said_registered_on__isnull=False, registered_on__isnull=True, state="planned"
    )
    return Q(participant__in=tests.values("participant"))


def belongs_to(window: Window, today: date) -> Q:
    """The condition on Enrolment of everyone the window is about: those who may register, and those who have."""
    return Q(pk__in=eligible_in(window, today).values("pk")) | registered_in(window) | said_in(window)


def is_about(window: Window, enrolment: Enrolment, today: date) -> bool:
    """Tells whether the window is about the enrolment: see `belongs_to`."""
    return Enrolment.objects.filter(belongs_to(window, today), pk=enrolment.pk).exists()


def missing_in(window: Window, today: date) -> Q:
    """The condition on Enrolment of those who may register in the window, and have neither said so nor been confirmed."""
    return Q(pk__in=eligible_in(window, today).values("pk")) & ~registered_in(window) & ~said_in(window)


# --- Finding windows and rows -----------------------------------------------------------------------------


def window_by_id(public_id: str) -> Window | None:
    """Gives the window of either kind with the public id, or None."""
    found = ExamWindow.objects.filter(public_id=public_id).first()
    return found or NorwegianTestWindow.objects.filter(public_id=public_id).first()


def is_open_on(window: Window, today: date) -> bool:
    """Tells whether one can register in the window on the day."""
    return window.opens_on <= today <= window.closes_on


def exam_row(enrolment: Enrolment, window: ExamWindow) -> WrittenExam | None:
    """Gives the person's row for the trade's exam in the window, the confirmed one first; None without one."""
    code = enrolment.trade.written_exam_code if enrolment.trade else ""
    if not code:
        return None
    rows = WrittenExam.objects.filter(exam_in(window), participant=enrolment.participant_id, exam_code=code).order_by("-pk")
    return max(rows, key=is_registered, default=None)


def norwegian_rows(enrolment: Enrolment, window: NorwegianTestWindow) -> list[NorwegianTest]:
    """Gives the person's rows in the window, in the order of PARTS."""
    rows = NorwegianTest.objects.filter(participant=enrolment.participant_id, window=window)
    return sorted(rows, key=lambda row: (PART_CODES.index(row.part), row.pk))


def levels_of(participant_id: int) -> dict[str, str]:
    """Gives the person's best known level per part."""
    return best_levels(
        NorwegianTest.objects.filter(participant=participant_id, state__in=LEVEL_KNOWN).values_list("part", "level")
    )


def best_levels(rows: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Gives the best level per part of (part, level) pairs; parts without a level are left out."""
    found: dict[str, str] = {}
    for part, level in rows:
        if level_rank(level) > level_rank(found.get(part, "")):
            found[part] = level
    return found
