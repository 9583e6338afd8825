"""The numbers of a report, counted once: every figure, for this semester and those before, as plain content that can be kept."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from fagbrev.dates import Semester, semester_of
from fagbrev.figures import TOTAL, UNDECIDED, Cut, Figure, Median, Share, Value, figures
from meetings.models import ProgressReport
from participants.figures import cuts
from participants.figures.caseload import first_referred_on
from programmes.models import Trade

SEMESTERS = 8  # this one and seven before it
FROM_THE_BEGINNING = frozenset({"funnel"})  # counts everyone since the first came, not within the semester
GROWING = ("funnel", "completed_in_all")  # what such a figure has grown with since the last report is a group too
NESTED = frozenset({"funnel"})  # each cell lies within the one before
FUNDERS: dict[str, str] = {code: str(label) for code, label in cuts.FUNDERS if code}


def counted(
    report: ProgressReport, known: Mapping[str, Figure] | None = None, *, published: Collection[str] = ()
) -> dict[str, Any]:  # fmt: skip
    """Gives the report's numbers: the trades and their goals in Norwegian, the figures with their definitions, and the values of each
    semester, this one first.

    `known` are the figures; without them, those of the apps. `published` are the first days of semesters that are shown as they were
    published, and not counted. The number of queries is that of the figures, a semester each.
    """
    known = figures() if known is None else known
    begun = min(first_referred_on() or report.first_on, report.first_on).replace(day=1)
    spans = [(report.first_on, report.as_of), *((one.first, one.counted_to) for one in semesters_before(report.first_on, begun))]
    periods = [
        _period(() if at and first.isoformat() in published else known.values(), report, first, last, begun)
        for at, (first, last) in enumerate(spans)
    ]
    used = {row for period in periods for rows in period["values"].values() for row in rows}
    trades = list(Trade.objects.filter(code__in=[report.trade] if report.trade else used).order_by("order", "name"))
    return {
        "rows": [] if report.trade else _rows(used, trades),  # a report on one trade has the total alone
        "norwegian_goals": goal_words(trades),
        "figures": [_described(figure) for figure in known.values()],
        "periods": periods,
        "since": begun.isoformat(),
    }


def semesters_before(first: date, begun: date) -> list[Semester]:
    """Gives the semesters before the one that begins on a day, the newest first: seven, or back to the day it all began."""
    found: list[Semester] = []
    day = first
    while len(found) < SEMESTERS - 1:
        semester = semester_of(day - timedelta(days=32))  # August from July is spring; January from December is autumn
        if semester.counted_to < begun:
            break
        found.append(semester)
        day = semester.first
    return found


def _period(known: Iterable[Figure], report: ProgressReport, first: date, last: date, begun: date) -> dict[str, Any]:
    cut = Cut(first, last, report.trade, report.funder)
    values = {}
    for figure in known:
        asked = replace(cut, first=begun) if figure.key in FROM_THE_BEGINNING else cut
        rows = {}
        for row, cells in figure.count(asked).items():
            kept = {cell: written(value) for cell, value in cells.items() if value not in (0, Share(0, 0), Median(None, 0))}
            if kept and (row == TOTAL or not report.trade):
                rows[row] = kept
        values[figure.key] = rows
    return {
        "first": first.isoformat(),
        "last": last.isoformat(),
        "words": str(semester_of(first)),
        "values": values,
        "words_of": {},
    }


def _rows(used: Collection[str], trades: Iterable[Trade]) -> list[dict[str, str]]:
    """The rows below the total: trades with anything to tell, and the undecided."""
    found = [
        {"code": one.code, "name": one.name, "short": one.short_name, "shape": one.shape, "colour": one.colour} for one in trades
    ]
    if UNDECIDED in used:
        found.append(
            {"code": UNDECIDED, "name": _("Fag ikke avklart"), "short": _("Ikke avklart"), "shape": "", "colour": "neutral"}
        )
    return found


def goal_words(trades: Iterable[Trade]) -> str:
    """Gives which Norwegian the trades ask for, that of most of them first: "Målet er B1, i helse B2."; "" for no trade."""
    of_goal: dict[str, list[str]] = {}
    for one in trades:
        oral, written = one.get_goal_oral_display(), one.get_goal_written_display()
        goal = oral if oral == written else _("%(oral)s muntlig og %(written)s skriftlig") % {"oral": oral, "written": written}
        of_goal.setdefault(goal, []).append(one.short_name if one.short_name.isupper() else one.short_name.lower())
    if not of_goal:
        return ""
    (most, _names), *others = sorted(of_goal.items(), key=lambda pair: -len(pair[1]))
    rest = [_("i %(trades)s %(goal)s") % {"trades": _(" og ").join(names), "goal": goal} for goal, names in others]
    return _("Målet er %(goals)s.") % {"goals": ", ".join([most, *rest])}


def _described(figure: Figure) -> dict[str, Any]:
    return {
        "key": figure.key, "name": str(figure.name), "definition": str(figure.definition), "chapter": figure.chapter,
        "kind": figure.kind, "unit": figure.unit, "is_at_moment": figure.is_at_moment, "adds_up": figure.adds_up,
        "splits": figure.splits, "whole_cell": figure.whole_cell, "source": str(figure.source), "nested": figure.key in NESTED,
        "cells": [{"key": cell.key, "label": str(cell.label)} for cell in figure.cells],
        "has_people": figure.people is not None,
    }  # fmt: skip


def written(value: Value) -> Any:
    """Gives a value as JSON holds it: a number, [part, whole], or {"middle", "count"}."""
    if isinstance(value, Share):
        return [value.part, value.whole]
    if isinstance(value, Median):
        return {"middle": value.value, "count": value.count}
    return value


def read(value: Any) -> Value:
    """Gives a value from JSON."""
    if isinstance(value, list):
        return Share(*value)
    if isinstance(value, dict):
        return Median(value["middle"], value.get("count", 0))
    return int(value)


def trade_names(reports: Iterable[ProgressReport]) -> dict[str, str]:
    """Gives the names of the trades that reports are cut to, by code; one query, or none where no report is."""
    codes = {report.trade for report in reports} - {""}
    return dict(Trade.objects.filter(code__in=codes).values_list("code", "name")) if codes else {}


def cut_words(report: ProgressReport, names: Mapping[str, str] | None = None) -> str:
    """Gives whom a report is about when it is not about all: the trade's name, those whom a funder pays for.

    `names` are those that `trade_names` gives for many reports at once.
    """
    words = []
    if report.trade:
        known = trade_names([report]) if names is None else names
        words.append(known.get(report.trade, report.trade))
    if report.funder:
        words.append(funded_by(report.funder))
    return ", ".join(words)


def funded_by(code: str) -> str:
    """Gives those whom a funder pays for, in words: "deltakere med prosjektmidler fra IMDi"."""
    if code == "municipality":
        return _("deltakere kommunen betaler for")
    if code == "other":
        return _("deltakere med annen finansiering")
    return _("deltakere med %(funder)s") % {"funder": FUNDERS.get(code, code)}
