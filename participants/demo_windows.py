"""The demo's exam windows: who has been said ready, who has told of a registration, who is confirmed and has paid."""

from __future__ import annotations

from typing import Any

from participants.access import enrolments_for
from participants.actions.exams import (
    confirm_registered,
    confirm_registered_norwegian,
    note_fee_paid,
    say_registered,
    say_registered_norwegian,
)
from participants.demo_scene import Scene
from participants.exam_windows import Window, eligible_in, is_open_on
from participants.models import Enrolment, Readiness
from programmes.models import ExamWindow
from programmes.queries import all_exam_windows, all_norwegian_windows


def fill_windows(scene: Scene) -> None:
    """Lets some in each open window be ready, some have told, some be confirmed and some have paid; by their order."""
    windows: list[Window] = [*all_exam_windows(), *all_norwegian_windows()]
    for window in windows:
        if is_open_on(window, scene.today):
            for place, enrolment in enumerate(_candidates(window, scene)):
                _go_on(scene, window, enrolment, place)


def _candidates(window: Window, scene: Scene) -> list[Enrolment]:
    """Those the koordinator's page lists; the one who signs in is left at the beginning, with all still to do."""
    mine = enrolments_for(scene.staff.coordinator, "exams", today=scene.today).values("pk")
    rows = eligible_in(window, scene.today).filter(pk__in=mine).exclude(participant__user=scene.staff.deltaker)
    return list(rows.select_related("participant", "trade").order_by("pk"))


def _go_on(scene: Scene, window: Window, enrolment: Enrolment, place: int) -> None:
    is_exam, by = isinstance(window, ExamWindow), scene.staff.coordinator
    kind = "written_exam" if is_exam else "norwegian_test"
    teachers = [("norsklaerer", scene.staff.norsklaerer)]
    if is_exam and enrolment.trade:
        teachers.insert(0, ("faglaerer", scene.staff.faglaerere[enrolment.trade.code]))
    for role, teacher in teachers[: (2, 1, 0)[place % 3]]:
        words = "Du kan nok til å ta eksamen." if is_exam else "Du kan nok norsk til å prøve."
        row = Readiness(enrolment=enrolment, kind=kind, given_on=scene.day(12), by=teacher, by_role=role, words=words)
        scene.put(row, by=teacher)
    told: dict[str, Any] = {"enrolment": enrolment, "window": window, "by": by, "today": scene.day(3)}
    if place % 5 in {1, 3}:
        (say_registered if is_exam else say_registered_norwegian)(**told)
    if place % 5 == 3:
        (confirm_registered if is_exam else confirm_registered_norwegian)(**told | {"today": scene.day(1)})
        if is_exam and place % 2:
            note_fee_paid(**told | {"today": scene.day(1)})
