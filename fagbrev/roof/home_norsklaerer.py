"""norsklærer's part of home: own participants with level against the goal, and the next test; those furthest from it first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from fagbrev.audit.log import looks_today, note_looks
from fagbrev.dates import date_words
from fagbrev.people.roles import roles_of
from followup.language_queries import gaps_to_goal, newest_levels, tests_of
from followup.level_chart import LEVEL_NAMES
from followup.models import LanguageLevel
from participants.access import enrolments_for
from participants.caseload.query import Caseload
from participants.exam_windows import goal_of
from participants.models import Enrolment, NorwegianTest
from programmes.models import NorwegianTestWindow
from programmes.queries import next_norwegian_window

SHOWN = 12
TOLD = (("oral", _("Muntlig")), ("writing", _("Skriftlig")))


@dataclass
class LearnerRow:
    """One participant as norsklærer's home shows them."""

    name: str
    url: str
    trade: Any
    levels: str
    test: str
    is_behind: bool


def norsklaerer_part(caseload: Caseload) -> dict[str, Any]:
    """Gives own participants, those furthest from the goal first; as many queries for few as for many."""
    rows = enrolments_for(caseload.user, "language", "write", today=caseload.today).filter(ended_on__isnull=True)
    people = list(rows.select_related("participant", "trade").order_by("participant__sort_name", "pk"))
    levels = newest_levels([row.participant_id for row in people])
    window = next_norwegian_window(caseload.today)
    gaps = {row.pk: gaps_to_goal(levels.get(row.participant_id, {}), row.trade) for row in people}
    first = sorted(people, key=lambda row: -gaps[row.pk])[:SHOWN]
    tests = tests_of([row.participant_id for row in first])
    _note(caseload, first)
    return {
        "learners": [
            _row(row, levels.get(row.participant_id, {}), tests.get(row.participant_id, []), window, gaps[row.pk] > 0) for row in first
        ],
        "learner_count": len(people),
        "learner_rest": max(0, len(people) - SHOWN),
        "class_url": reverse("class_list"),
        "test_words": _window_words(window, caseload),
    }  # fmt: skip


def _row(
    row: Enrolment, held: dict[str, LanguageLevel], tests: list[NorwegianTest], window: NorwegianTestWindow | None, is_behind: bool
) -> LearnerRow:  # fmt: skip
    told = []
    for part, name in TOLD:
        level = LEVEL_NAMES[held[part].level] if part in held else _("ikke vurdert")
        goal = LEVEL_NAMES[goal_of(part, row.trade)] if row.trade else ""
        told.append(
            _("%(part)s %(level)s av %(goal)s") % {"part": name, "level": level, "goal": goal} if goal else f"{name} {level}"
        )
    registered = [one for one in tests if window and one.window_id == window.pk]
    confirmed = any(one.registered_on or one.state == "registered" for one in registered)
    test = _("meldt på prøve") if confirmed else _("har sagt fra om påmelding") if registered else ""
    url = reverse("participant_norsk", args=[row.participant.public_id]) + f"?lop={row.public_id}"
    return LearnerRow(row.participant.full_name, url, row.trade, " · ".join(told), test, is_behind)


def _window_words(window: NorwegianTestWindow | None, caseload: Caseload) -> str:
    if window is None:
        return ""
    if window.opens_on <= caseload.today:
        return _("Neste norskprøve: påmeldingen er åpen til %(day)s.") % {"day": date_words(window.closes_on)}
    return _("Neste norskprøve: påmeldingen åpner %(first)s og stenger %(last)s.") % {
        "first": date_words(window.opens_on), "last": date_words(window.closes_on),
    }  # fmt: skip


def _note(caseload: Caseload, people: list[Enrolment]) -> None:
    """Logs once a day that the levels were shown: home is opened many times."""
    ids = [row.participant_id for row in people]
    told = {
        person
        for person, _lop, _sections in looks_today(user=caseload.user, page="norsk", participants=ids, today=caseload.today)
    }
    pairs = [(row.participant_id, row.pk) for row in people if row.participant_id not in told]
    if pairs:
        roles = roles_of(caseload.user, caseload.today)
        note_looks(user=caseload.user, roles=roles, pairs=pairs, page="norsk", sections=["exams", "language"], act="list")
