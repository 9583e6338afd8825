"""The page of Norwegian: each part's level against the goal, tests, the next test, advice, and the trade's words this month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from fagbrev.dates import date_words
from fagbrev.people.roles import NORSKLAERER
from followup.language_queries import advice_of, levels_of_record, passed_tests, tests_of, words_of_month
from followup.level_chart import LEVEL_NAMES, Chart, chart_of
from followup.models import LanguageLevel
from participants.access import Record
from participants.exam_windows import PART_CODES, goal_of, level_rank
from participants.extras import url_for
from participants.models.exams import PARTS
from programmes.models import NorwegianTestWindow
from programmes.queries import next_norwegian_window

DAYS_OPEN = 3


@dataclass
class Part:
    """One part: where it stands, and its drawing."""

    code: str
    name: str
    level: str
    goal: str
    is_reached: bool
    since: str
    chart: Chart | None


@dataclass
class AssessedDay:
    """The assessments of one day, and who made them."""

    day: date
    rows: list[LanguageLevel]
    by: str


def days_of(rows: list[LanguageLevel]) -> list[AssessedDay]:
    """Gives assessments by day, newest first, each in the order of the parts."""
    found = []
    for day, group in groupby(rows, key=lambda row: row.observed_on):
        of_day = sorted(group, key=lambda row: PART_CODES.index(row.part))
        found.append(AssessedDay(day, of_day, ", ".join(sorted({str(row.by) for row in of_day}))))
    return found


def part_of(code: str, name: str, rows: list[LanguageLevel], trade: Any) -> Part:
    """Gives a part from its assessments, newest first."""
    newest = rows[0] if rows else None
    goal = goal_of(code, trade) if trade else ""
    chart = chart_of(name.capitalize(), [(row.observed_on, row.level) for row in reversed(rows)], goal or "b1")
    return Part(
        code, name.capitalize(), LEVEL_NAMES[newest.level] if newest else "", LEVEL_NAMES.get(goal, ""),
        bool(newest and goal and level_rank(newest.level) >= level_rank(goal)),
        date_words(newest.observed_on) if newest else "", chart,
    )  # fmt: skip


def window_words(window: NorwegianTestWindow | None, found: Record) -> list[str]:
    """Gives what is said of the next Norwegian test: when to register, and each part's day."""
    if window is None:
        return []
    if window.opens_on <= found.today:
        words = (
            _("Nå kan du melde deg på. Siste dag er %(last)s.")
            if found.is_own
            else _("Påmeldingen er åpen nå. Siste dag er %(last)s.")
        )
        said = [words % {"last": date_words(window.closes_on)}]
    else:
        said = [
            _("Påmelding fra %(first)s til %(last)s.")
            % {"first": date_words(window.opens_on), "last": date_words(window.closes_on)}
        ]
    days = window.part_days()
    if days:
        said += [
            _("Dag for prøve i %(parts)s: %(day)s.") % {"parts": _and(parts), "day": date_words(day)}
            for day, parts in days.items()
        ]
    elif window.test_from:
        said.append(_("Første prøvedag er %(day)s.") % {"day": date_words(window.test_from)})
    return said


def _and(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} og {words[-1]}"


def language_page(found: Record) -> dict[str, Any]:
    """Gives what the page shows, cut to the sections the user reads; a constant number of queries."""
    rows = list(levels_of_record(found))
    trade = found.enrolment.trade
    by_part = {code: [row for row in rows if row.part == code] for code, _name in PARTS}
    may_write = found.writes("language")
    reads_tests = found.reads("exams")
    tests = tests_of([found.participant.pk])[found.participant.pk] if reads_tests else []
    window = next_norwegian_window(found.today) if found.reads("exam_dates") else None
    may_advise = NORSKLAERER in found.roles_here and found.writes("readiness")
    return {
        "parts": [part_of(code, name, by_part[code], trade) for code, name in PARTS],
        "days": days_of(rows)[:DAYS_OPEN],
        "earlier": days_of(rows)[DAYS_OPEN:],
        "may_write": may_write,
        "new_url": url_for("niva_new", found) if may_write else "",
        "lop": f"?lop={found.enrolment.public_id}",
        "reads_tests": reads_tests,
        "tests": passed_tests(tests),
        "registered": [row for row in tests if window and row.window_id == window.pk and row.state in {"registered", "planned"}],
        "window": window,
        "window_words": window_words(window, found),
        "advice": advice_of(found.enrolment) if found.reads("readiness") else None,
        "advise_url": url_for("klar_new", found) if may_advise else "",
        "topic_words": words_of_month(trade, found.today),
        "trade": trade,
    }
