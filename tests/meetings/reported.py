"""What the tests of reports share: made-up numbers, and reports in every state."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from fagbrev.dates import semester_of
from fagbrev.figures import TOTAL
from meetings.actions.reports import made_report, publish_report
from meetings.models import FrozenReport, ProgressReport, ReportNumbers
from meetings.report_content import edition_of, semesters_published
from meetings.report_numbers import counted
from tests.cast import Cast

TEXTS = {
    "short": "Flere består eksamen.", "asks": "å avklare penger\nå finne plasser", "status": "Det går bra.", "resources": "Nok penger.",
    "challenges": "Få plasser.", "plans": "Ny gruppe i januar.",
}  # fmt: skip
FUNNEL = ("referred", "interviewed", "admitted", "placed", "contract", "exam", "fagbrev")


def figure(key: str, cells: tuple[str, ...], **more: Any) -> dict[str, Any]:
    """A figure as a report's numbers describe it."""
    told = {
        "key": key, "name": f"Navn {key}", "definition": f"Slik regner vi {key}.", "chapter": "caseload", "kind": "count",
        "unit": "people", "is_at_moment": True, "adds_up": True, "splits": False, "whole_cell": "", "source": "", "nested": False,
        "cells": [{"key": cell, "label": f"Celle {cell}"} for cell in cells], "has_people": True,
    }  # fmt: skip
    return told | more


FIGURES = [
    figure("now", ("all", "training", "trade_test"), splits=True, whole_cell="all", name="Deltakere nå"),
    figure("came", ("admitted",), is_at_moment=False, name="Henvist og tatt opp"),
    figure("written_exam", ("passed",), kind="share", chapter="exams", name="Bestått skriftlig eksamen"),
    figure("completed", ("completed",), name="Nye fagbrev"),
    figure("left", ("all",), name="Sluttet før tiden"),
    figure("visits_due", ("held",), kind="share", unit="events", chapter="followup", name="Besøk holdt"),
    figure("funnel", FUNNEL, nested=True, name="Fra henvisning til fagbrev"),
    figure("norwegian_start", ("a1", "a2", "b1"), splits=True, chapter="norwegian", name="Norsk ved start"),
    figure("norwegian_oral", ("a2", "b1", "b2"), splits=True, chapter="norwegian", name="Norsk nå, muntlig"),
    figure("work_3", ("permanent", "temporary", "unknown"), splits=True, chapter="outcome", name="I arbeid 3 måneder etter"),
    figure("months_to_fagbrev", ("months",), kind="median", adds_up=False, chapter="outcome", name="Fra start til fagbrev"),
]
ROWS = [
    {"code": "BUA", "name": "Barne- og ungdomsarbeider", "short": "BUA", "shape": "dot", "colour": "accent"},
    {"code": "HEA", "name": "Helsefagarbeider", "short": "Helse", "shape": "square", "colour": "extra2"},
    {"code": "ROF", "name": "Renholdsoperatør", "short": "Renhold", "shape": "triangle", "colour": "brand"},
]
THIS = {
    "now": {"BUA": {"training": 22, "trade_test": 5}, "HEA": {"training": 19}, "ROF": {"training": 12, "trade_test": 2}},
    "came": {"BUA": {"admitted": 6}, "HEA": {"admitted": 5}, "ROF": {"admitted": 3}},
    "written_exam": {"BUA": {"passed": [11, 14]}, "HEA": {"passed": [6, 6]}, "ROF": {"passed": [1, 3]}},
    "completed": {"BUA": {"completed": 5}, "HEA": {"completed": 2}, "ROF": {"completed": 2}},
    "left": {"BUA": {"all": 1}, "ROF": {"all": 2}},
    "visits_due": {"BUA": {"held": [94, 100]}, "HEA": {"held": [88, 100]}, "ROF": {"held": [81, 100]}},
    "funnel": {"BUA": dict(zip(FUNNEL, (70, 60, 45, 40, 34, 20, 15), strict=True)),
               "HEA": dict(zip(FUNNEL, (40, 33, 22, 21, 20, 12, 10), strict=True)),
               "ROF": dict(zip(FUNNEL, (32, 25, 17, 17, 16, 9, 8), strict=True))},
    "norwegian_start": {"BUA": {"a1": 6, "a2": 14, "b1": 7}, "HEA": {"a1": 1, "a2": 14, "b1": 4}, "ROF": {"a1": 4, "a2": 8, "b1": 2}},
    "norwegian_oral": {"BUA": {"a2": 6, "b1": 15, "b2": 6}, "HEA": {"a2": 5, "b1": 9, "b2": 5}, "ROF": {"a2": 7, "b1": 7}},
    "work_3": {"BUA": {"permanent": 10, "temporary": 6}, "HEA": {"permanent": 7, "temporary": 8}},
}  # fmt: skip
MEDIANS = {"BUA": {"months": {"middle": 26.0, "count": 5}}, "HEA": {"months": {"middle": 29.0, "count": 2}},
           TOTAL: {"months": {"middle": 27.0, "count": 9}}}  # fmt: skip


def totalled(values: dict[str, Any], *, less: int = 0) -> dict[str, Any]:
    """Adds the wholes and the row of everyone to the values; `less` takes some of the largest cells away, for an earlier semester."""
    found: dict[str, Any] = {}
    for key, rows in values.items():
        made = {row: dict(cells) for row, cells in rows.items()}
        if less and key in {"now", "came", "completed"}:
            first = next(iter(made["BUA"]))
            made["BUA"][first] -= less
        if key == "now":
            for cells in made.values():
                cells["all"] = sum(cells.values())
        total: dict[str, Any] = {}
        for cells in made.values():
            for cell, value in cells.items():
                held = total.get(cell, [0, 0] if isinstance(value, list) else 0)
                total[cell] = [held[0] + value[0], held[1] + value[1]] if isinstance(value, list) else held + value
        found[key] = made | {TOTAL: total}
    return found | {"months_to_fagbrev": MEDIANS}


def numbers(today: date, *, semesters: int = 2) -> dict[str, Any]:
    """The numbers of a whole report, as if counted."""
    spans, day = [], today
    for _count in range(semesters):
        semester = semester_of(day)
        spans.append(semester)
        day = semester.first - timedelta(days=32)
    periods = [
        {
            "first": one.first.isoformat(),
            "last": one.counted_to.isoformat(),
            "words": str(one),
            "values": totalled(THIS, less=at),
            "words_of": {},
        }
        for at, one in enumerate(spans)
    ]
    return {"rows": ROWS, "figures": FIGURES, "periods": periods, "since": "2023-08-01"}


def draft(cast: Cast, *, content: dict[str, Any] | None = None, semesters_ago: int = 0, **more: Any) -> ProgressReport:
    """A draft on this semester or an earlier one, the next edition of it; its numbers are counted unless they are given."""
    semester = semester_of(cast.today)
    for _count in range(semesters_ago):
        semester = semester_of(semester.first - timedelta(days=32))
    report = ProgressReport(
        first_on=semester.first, last_on=semester.counted_to, as_of=max(semester.first, min(semester.last, cast.today)),
        created_by=cast.koordinator, **{**TEXTS, **more},
    )  # fmt: skip
    report.edition = edition_of(report)
    report.save()
    content = content or counted(report, published=semesters_published(report))
    ReportNumbers.objects.create(report=report, content=content, counted_at=moment(cast.today))
    return report


def moment(day: date) -> datetime:
    """A moment of the day, early enough to be past in every test."""
    return timezone.make_aware(datetime.combine(day, time(0, 1)))


def published(cast: Cast, **more: Any) -> FrozenReport:
    """A published report."""
    shows_closed = more.pop("shows_closed", False)
    return publish(cast, draft(cast, **more), shows_closed=shows_closed)


def publish(cast: Cast, report: ProgressReport, *, stamp: str = "", shows_closed: bool = False) -> FrozenReport:
    """Publishes a draft, with the numbers it has unless another stamp is given."""
    with made_report(
        report=report, stamp=stamp or report.numbers.stamp, by=cast.koordinator, now=timezone.now()
    ) as made:  # fmt: skip
        return publish_report(report=report, made=made, shows_closed=shows_closed, by=cast.koordinator)
