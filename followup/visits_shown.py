"""Visits as the pages draw them: planned ones with what may be done, held ones with both texts and earlier versions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils import timezone

from fagbrev.audit.models import Revision
from fagbrev.dates import date_words, parse_norwegian_date
from fagbrev.people.roles import COORDINATOR, FAGLAERER
from followup.models import WorkplaceVisit
from followup.models.visits import AGREED, CANCELLED, PRESENT, PROPOSED
from followup.visit_queries import held_visits, planned_visits, versions_of
from followup.visit_rules import is_locked, last_edit_day
from participants.access import Record
from participants.extras import url_for
from programmes.models import CompetenceGoal
from programmes.settings_in_force import setting

PER_PAGE = 20
WRITERS = frozenset({COORDINATOR, FAGLAERER})
_WEEKDAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")
_PRESENT = dict(PRESENT)


@dataclass(frozen=True)
class Planned:
    """A planned visit: when, where, how it stands, and what the reader may do."""

    id: str
    version: int
    token: str
    when: str
    place: str
    said: str
    words: str
    is_agreed: bool = False
    is_over: bool = False
    accept_url: str = ""
    move_url: str = ""
    cancel_url: str = ""
    log_url: str = ""


@dataclass(frozen=True)
class Text:
    """One text of a visit, by whom; `internal` only for those who read it."""

    by: str
    when: str
    seen: str
    agreed: str
    internal: str = ""


@dataclass(frozen=True)
class Version:
    """An earlier version of the shared part."""

    said: str
    goals: str
    seen: str
    agreed: str


@dataclass(frozen=True)
class Held:
    """A held visit."""

    id: str
    day: str
    place: str
    present: str
    goals: list[CompetenceGoal]
    first: Text
    others: list[Text]
    versions: list[Version] = field(default_factory=list)
    edit_url: str = ""
    edit_words: str = ""
    lock_words: str = ""


def time_words(at: datetime) -> str:
    """Gives a time in words: "mandag 7. desember 2026 kl. 10.00"."""
    local = timezone.localtime(at)
    return f"{_WEEKDAYS[local.weekday()]} {date_words(local.date())} kl. {local:%H.%M}"


def names_of(codes: Iterable[str]) -> str:
    """Gives those who were there, in words."""
    found = [_PRESENT[code] for code in codes if code in _PRESENT]
    return ", ".join(found[:-1]) + " og " + found[-1] if len(found) > 1 else "".join(found)


def log_url(found: Record) -> str:
    """Gives the address of the log page for this very enrolment."""
    return f"{reverse('besok_log')}?deltaker={found.participant.public_id}&lop={found.enrolment.public_id}"


def planned_shown(found: Record) -> list[Planned]:
    """Gives the planned visits with what the reader may do; one query beside the scope's."""
    if not found.reads("visit_plan"):
        return []
    may_log = found.writes("visits") and bool(found.roles_here & WRITERS)
    return [_planned(row, found, may_log) for row in planned_visits(found)]


def _planned(row: WorkplaceVisit, found: Record, may_log: bool) -> Planned:
    assert row.planned_at is not None
    day = timezone.localtime(row.planned_at).date()
    is_open = row.state != CANCELLED and found.writes("visit_plan")
    who = "deg" if row.proposed_by_id == found.user.pk else str(row.proposed_by or "noen")
    said = {
        PROPOSED: f"Foreslått av {who}. Venter på svar.",
        AGREED: "Avtalt.",
        CANCELLED: f"Avlyst av {row.answered_by or 'noen'}.",
    }[row.state]
    is_over = row.state != CANCELLED and day < found.today
    may_accept = is_open and not is_over and row.state == PROPOSED and row.proposed_by_id != found.user.pk
    return Planned(
        row.public_id, row.version, f"{row.public_id}{row.version}u{found.user.pk}",
        time_words(row.planned_at), row.placement.workplace.name,
        "Tiden er gått, og besøket er ikke logget." if is_over else said, row.plan_words,
        is_agreed=row.state == AGREED, is_over=is_over,
        accept_url=url_for("besokstid_accept", found, row.public_id) if may_accept else "",
        move_url=url_for("besokstid_move", found, row.public_id) if is_open else "",
        cancel_url=url_for("besokstid_cancel", found, row.public_id) if is_open else "",
        log_url=log_url(found) if may_log and row.state != CANCELLED and day <= found.today else "",
    )  # fmt: skip


def held_shown(found: Record, number: Any) -> Page[Any]:
    """Gives a page of held visits, the newest first; the number of queries never grows with the visits."""
    page: Page[Any] = Paginator(held_visits(found), PER_PAGE).get_page(number)
    rows: list[Any] = list(page.object_list)
    versions = versions_of(rows)
    edit_days = int(setting("visit_edit_days", found.today))
    page.object_list = [_held(row, found, versions.get(row.public_id, []), edit_days) for row in rows]
    return page


def _held(row: WorkplaceVisit, found: Record, versions: list[Revision], edit_days: int) -> Held:
    reads_note = found.reads("visit_internal_note")
    may_write = found.writes("visits") and bool(found.roles_here & WRITERS)
    locked = is_locked(row.logged_at, edit_days, found.today)
    last = last_edit_day(row.logged_at, edit_days)
    first = Text(
        str(row.visitor or "Ukjent"), _logged_words(row.logged_at), row.seen, row.agreed, row.internal_note if reads_note else ""
    )
    others = [
        Text(str(one.by), _logged_words(one.at), one.seen, one.agreed, one.internal_note if reads_note else "")
        for one in sorted(row.other_texts.all(), key=lambda one: one.pk)
    ]
    return Held(
        row.public_id, date_words(row.visited_on) if row.visited_on else "", row.placement.workplace.name,
        names_of(row.present), [one.goal for one in sorted(row.goals.all(), key=lambda one: one.place)], first, others,
        [_version(one) for one in versions if "visits" in one.content],
        edit_url=url_for("besok_edit", found, row.public_id) if may_write else "",
        edit_words="Skriv en rettelse" if locked else "Endre",
        lock_words="Låst. En rettelse viser også den gamle teksten." if locked else f"Kan endres til {date_words(last)}."
        if last else "",
    )  # fmt: skip


def _logged_words(at: datetime | None) -> str:
    return date_words(timezone.localtime(at).date()) if at else ""


def _version(row: Revision) -> Version:
    held = row.content["visits"]
    day = date_words(parse_norwegian_date(held["visited_on"])) if held.get("visited_on") else "ukjent dag"
    return Version(
        f"Skrevet {_logged_words(row.at)} av {row.by or 'ukjent'}, om besøket {day}",
        "Bare logg" if held.get("only_log") else ", ".join(held.get("goals", [])), held.get("seen", ""), held.get("agreed", ""),
    )  # fmt: skip


def short_day(day: date | None) -> str:
    """Gives a day in words, or "" for none."""
    return date_words(day) if day else ""
