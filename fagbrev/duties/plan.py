"""The preview: how many reminders would go out in the days ahead, with the terms in force or with others, if nothing changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from fagbrev.duties.engine import DERIVED, derive
from fagbrev.duties.models import Duty, Notice
from fagbrev.duties.registry import rules, sources, terms_on
from fagbrev.duties.rules import Terms, Told, moments_of

DAYS_AHEAD = 30


@dataclass(frozen=True)
class Plan:
    """How many reminders there would be: in all, by rule and by day. A reminder is one notice to one user."""

    total: int
    by_rule: dict[str, int]
    by_day: list[tuple[date, int]]


def plan(today: date, *, terms: Terms | None = None, only: str = "") -> Plan:
    """Computes the reminders of the next 30 days, tomorrow and on, from what is in the database now; nothing is written.

    `terms` are others than those in force; `only` is one rule's key. What is put off past a moment, and what is told already,
    is not counted.
    """
    held = terms or terms_on(today)
    last = today + timedelta(days=DAYS_AHEAD)
    known, rows = rules(), []
    for row in _derived(held, only) if terms else _stored(today, only):
        row.days = [
            moment
            for moment in moments_of(row, known[row.rule], held)
            if today < moment.day <= last and (row.snoozed_until is None or moment.day >= row.snoozed_until)
        ]
        if row.days:
            rows.append(row)
    told = set(Notice.objects.filter(due_on__gte=today - timedelta(days=40)).values_list("duty_key", "moment").distinct())
    people: dict[int, set[int]] = {}
    for key, source in sources().items():
        mine = [row for row in rows if row.source == key]
        if mine:
            people.update(source.recipients(mine, today))
    by_rule: Counter[str] = Counter()
    by_day: Counter[date] = Counter()
    for row in rows:
        for moment in row.days:
            if (row.key, moment.code) not in told:
                by_rule[row.rule] += len(people.get(row.pk, ()))
                by_day[moment.day] += len(people.get(row.pk, ()))
    return Plan(sum(by_rule.values()), dict(by_rule), sorted((day, count) for day, count in by_day.items() if count))


def _stored(today: date, only: str) -> Iterator[Any]:
    """The table's duties that may have a moment in the days ahead."""
    # No moment lies more than 28 days after its day, or 400 before.
    rows = Duty.objects.filter(due_on__gte=today - timedelta(days=30), due_on__lte=today + timedelta(days=DAYS_AHEAD + 400))
    yield from (rows.filter(rule=only) if only else rows).iterator(chunk_size=20_000)


def _derived(terms: Terms, only: str) -> Iterator[Any]:
    """The duties as other terms would have them."""
    kept = dict(Duty.objects.filter(snoozed_until__isnull=False).values_list("key", "snoozed_until"))
    for number, columns in enumerate(derive(terms).values()):
        row = SimpleNamespace(**dict(zip(DERIVED, columns, strict=True)), pk=number)
        row.snoozed_until = kept.get(row.key)
        if not only or row.rule == only:
            yield row


def with_rule(terms: Terms, rule: str, told: Told) -> Terms:
    """Gives the terms with one rule reminding otherwise."""
    return replace(terms, told={**terms.told, rule: told}, _off={})
