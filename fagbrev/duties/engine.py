"""Keeping the table of duties equal to what the rules derive: for those an act touched, or for everybody."""

from __future__ import annotations

import logging
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from fagbrev.audit.acting import LISTENERS, Touched
from fagbrev.duties.models import Duty
from fagbrev.duties.registry import rules, sources, terms_on
from fagbrev.duties.rules import Due, Rule, Terms, settle
from fagbrev.queue import ask_worker
from fagbrev.rows import new_public_id

log = logging.getLogger(__name__)
AT_A_TIME = 20_000
_LOCK = 1_684_370  # one number for refreshes among PostgreSQL's advisory locks
DERIVED = (
    "key", "rule", "source", "subject_type", "subject_id", "occurrence", "owner_role", "participant_id", "enrolment_id",
    "placement_id", "trade_id", "protection", "begins_on", "opens_on", "due_on", "since_on", "told_from",
)  # fmt: skip
_DUE = DERIVED.index("due_on")
_OPENS = DERIVED.index("opens_on")


@dataclass(frozen=True)
class Refreshed:
    """What a refresh did."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    new_at_once: bool = False


def derive(terms: Terms, people: Collection[int] | None = None, *, only: str = "") -> dict[str, tuple[Any, ...]]:
    """Gives every duty (or those of some participants, or of one source) as the table's derived columns, by key. Reads, never writes."""
    known = rules()
    found: dict[str, tuple[Any, ...]] = {}
    for source in [sources()[only]] if only else sources().values():
        for due in source.derive(terms, people):
            settled = settle(due, known[due.rule], terms)
            if settled is not None:
                found[settled.key] = _columns(settled, known[due.rule], source.key)
    return found


def _columns(due: Due, rule: Rule, source: str) -> tuple[Any, ...]:
    return (
        due.key, due.rule, source, due.subject_type, due.subject_id, due.occurrence, due.owner_role, due.participant_id,
        due.enrolment_id, due.placement_id, due.trade_id, due.protection, due.begins_on, due.opens_on, due.due_on, due.since_on,
        due.imported_on,
    )  # fmt: skip


def stored(people: Collection[int] | None = None, *, only: str = "") -> dict[str, tuple[Any, ...]]:
    """Gives the table's derived columns by key; everybody's by a cursor, which spares memory and would cost one participant turns."""
    rows = Duty.objects.values_list(*DERIVED)
    if only:
        rows = rows.filter(source=only)
    read = rows.iterator(chunk_size=AT_A_TIME) if people is None else rows.filter(participant_id__in=people)
    return {row[0]: row for row in read}


@transaction.atomic
def refresh(
    *, today: date, people: Collection[int] | None = None, terms: Terms | None = None, only: str = ""
) -> Refreshed:  # fmt: skip
    """Makes the table equal to its derivation on the day, for some participants, for one source or for all. Gives what changed.

    What is kept of a duty that stays is when it was first known, told through, and put off to. A duty whose day moves is asked for
    all its moments anew; what was told stays told.
    """
    if people is not None or only:
        _wait_for_others([0] if people is None else people)  # 0: nobody, for those who refresh a source alone
    held = terms or terms_on(today)
    before, now = stored(people, only=only), derive(held, people, only=only)
    gone = before.keys() - now.keys()
    new = [key for key in now if key not in before]
    changed = [key for key, row in now.items() if key in before and row != before[key]]
    moved = [key for key in changed if now[key][_DUE] != before[key][_DUE] or now[key][_OPENS] != before[key][_OPENS]]
    for some in _slices(sorted(gone)):
        Duty.objects.filter(key__in=some).delete()
    columns = [name for name in DERIVED if name != "key"]
    for some in _slices(new):
        Duty.objects.bulk_create([_row(now[key], today) for key in some], ignore_conflicts=True)
    for some in _slices(changed):
        Duty.objects.bulk_create(
            [_row(now[key], today) for key in some], update_conflicts=True, unique_fields=["key"], update_fields=columns
        )
    for some in _slices(moved):
        Duty.objects.filter(key__in=some).update(noticed_through=None)
    known = rules()
    at_once = any(known[now[key][1]].at_once and now[key][DERIVED.index("begins_on")] <= today for key in new)
    return Refreshed(len(new), len(changed), len(gone), at_once)


def _wait_for_others(people: Collection[int]) -> None:
    """Lets acts on the same participant refresh one after the other, each seeing what the other wrote.

    Without it, two at once (an interview registered while a voice is given) would each derive from half of what happened. PostgreSQL
    alone: SQLite lets one transaction write at a time. A lock on rows would meet those that foreign keys take; these meet nobody.
    """
    if connection.vendor == "postgresql" and people:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(%s, id) FROM (SELECT unnest(%s::int[]) AS id ORDER BY 1) AS people",
                [_LOCK, sorted(one % 2**31 for one in people)],
            )


def _row(columns: tuple[Any, ...], today: date) -> Duty:
    return Duty(public_id=new_public_id(), created_on=today, **dict(zip(DERIVED, columns, strict=True)))


def _slices(keys: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(keys), AT_A_TIME):
        yield keys[start : start + AT_A_TIME]


def bring_up_to_date(touched: frozenset[Touched]) -> None:
    """What an act touched: the duties of its participants, or of everybody when it changed what all of them rest on."""
    today = timezone.localdate()
    kinds = {one.kind for one in touched if one.participant_id is None}
    everybody = any(kinds & source.refresh_all_on for source in sources().values())
    if everybody:
        started = time.monotonic()
        done = refresh(today=today)
        if any(kinds & source.moves_days_on for source in sources().values()):
            Duty.objects.filter(snoozed_until__isnull=True).update(noticed_through=None)
        log.info("duties: all refreshed in %.2f s: %s", time.monotonic() - started, done)
    else:
        people = {one.participant_id for one in touched if one.participant_id is not None}
        every = {one.kind for one in touched}  # a row about a participant may have a duty of its own that is about none
        some = [refresh(today=today, people=people)] if people else []
        some += [refresh(today=today, only=key) for key, source in sources().items() if every & source.refresh_own_on]
        if not some:
            return
        done = Refreshed(new_at_once=any(one.new_at_once for one in some))
    if done.new_at_once:
        transaction.on_commit(_ask_for_scan, robust=True)


def _ask_for_scan() -> None:
    """What is due at once is told at once, by the worker."""
    ask_worker("fagbrev.scan_duties", expires=600)


def listen() -> None:
    """Lets the table follow every act; called once, when the apps are ready."""
    if bring_up_to_date not in LISTENERS:
        LISTENERS.append(bring_up_to_date)
