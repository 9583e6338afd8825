"""A participant as the agenda says it: what is new since last time, what lies behind, what is open, in short sentences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from django.urls import reverse

from fagbrev.audit.log import note_looks
from fagbrev.dates import date_words
from fagbrev.people.roles import roles_of
from followup.level_chart import LEVEL_NAMES
from meetings.access import Seen
from meetings.agenda_queries import LOOK_PAGE, Case, Resources
from participants.models.exams import LEVELS, PARTS
from participants.workflow import STATUS_NAMES

PART_NAMES, TEST_LEVELS = dict(PARTS), dict(LEVELS)


@dataclass(frozen=True)
class Fact:
    """One sentence about a participant; `tone` is danger, warning or plain."""

    words: str
    tone: str = ""


@dataclass(frozen=True)
class CaseRow:
    """A participant as the agenda draws them."""

    id: str  # of the enrolment
    name: str
    url: str
    phase: str
    phase_name: str
    workplace: str
    is_behind: bool
    behind: str
    facts: list[Fact] = field(default_factory=list)
    is_picked: bool = False
    is_proposed: bool = False


def case_row(case: Case, today: date, *, picked: Collection[int], propose: bool) -> CaseRow:
    """Gives a case as the page draws it. `propose`: nobody is picked yet, so those behind are ticked to begin with."""
    row = case.enrolment
    person = row.participant
    return CaseRow(
        id=row.public_id,
        name=person.full_name,
        url=f"{reverse('participant_detail', args=[person.public_id])}?lop={row.public_id}",
        phase=row.status,
        phase_name=STATUS_NAMES[row.status],
        workplace=case.workplace,
        is_behind=case.is_behind,
        behind=_behind(case, today),
        facts=_facts(case),
        is_picked=row.pk in picked,
        is_proposed=propose and case.is_behind,
    )


def _behind(case: Case, today: date) -> str:
    if not case.is_behind or case.numbers is None or case.period is None:
        return ""
    gone = case.period.percent(today)
    return f"{case.numbers.documented} av {case.numbers.total} mål er dokumentert, {gone} prosent av tiden er gått"


def _facts(case: Case) -> list[Fact]:
    hidden = case.enrolment.participant.address_protection != ""
    found = [_new_phase(case)] if case.new_phase else []
    if case.visits:
        last = f", sist {date_words(case.last_visit)}" if case.last_visit and not hidden else ""
        found.append(Fact(f"{_counted(case.visits, 'besøk', 'besøk')}{last}"))
    if case.documented or case.approved:
        parts = [f"{_counted(case.documented, 'mål', 'mål')} vist" if case.documented else ""]
        parts.append(f"{_counted(case.approved, 'mål', 'mål')} godkjent" if case.approved else "")
        found.append(Fact(", ".join(part for part in parts if part)))
    levels = ", ".join(
        f"{PART_NAMES[part]} {LEVEL_NAMES[level]}" for part, level in dict(case.levels).items()
    )  # the newest of each
    tests = ", ".join(f"{PART_NAMES[part]} {TEST_LEVELS[level]}" for part, level in case.tests if level)
    found += [Fact(f"Norsk: {levels}")] if levels else []
    found += [Fact(f"Norskprøve: {tests}")] if tests else []
    absence = _absence(case)
    if absence:
        found.append(absence)
    found += [Fact(f"Til møtet fra koordinator: {words}", "warning") for words in case.concerns]
    if case.open_actions:
        late = f", {case.late_actions} over fristen" if case.late_actions else ""
        words = f"{_counted(case.open_actions, 'avtalt ting', 'avtalte ting')} gjenstår{late}"
        found.append(Fact(words, "warning" if case.late_actions else ""))
    return found


def _new_phase(case: Case) -> Fact:
    day = f" {date_words(case.new_phase_on)}" if case.new_phase_on else ""
    return Fact(f"Ny fase: {STATUS_NAMES[case.new_phase]}{day}")


def _absence(case: Case) -> Fact | None:
    """The figure of the semester, never a reason; marked when it is below what is asked."""
    one = case.participation
    if one is None or one.percent is None:
        return None
    where = "" if case.is_whole else " i undervisningen"
    return Fact(f"{one.percent} % til stede{where} dette semesteret", "danger" if case.is_absent else "")


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def resource_lines(found: Resources) -> list[Fact]:
    """Gives what is short, a sentence each: no fadder, no place yet, funding that ends."""
    lines = [Fact(f"{_name(case)} har ingen fadder", "warning") for case in found.without_fadder]
    lines += [Fact(f"{_name(case)} venter på plass") for case in found.waiting]
    lines += [Fact(f"Finansieringen for {_name(case)} slutter {date_words(day)}", "warning") for case, day in found.funding]
    return lines


def _name(case: Case) -> str:
    name: str = case.enrolment.participant.full_name
    return name


def note_cases(seen: Seen, cases: Collection[Case], *, act: str) -> None:
    """Logs that the agenda showed these participants, with the sections that were read: once a day for the page (`act` list), each time
    for a PDF."""
    alike: dict[frozenset[str], list[tuple[int, int | None]]] = defaultdict(list)
    for case in cases:
        if act == "pdf" or not case.is_logged:
            alike[case.reads - {"absence_reasons"}].append((case.enrolment.participant_id, case.enrolment.pk))
    for sections, pairs in alike.items():
        note_looks(
            user=seen.user, roles=roles_of(seen.user, seen.today), pairs=pairs, page=LOOK_PAGE, sections=sections, act=act
        )  # fmt: skip
