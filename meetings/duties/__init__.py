"""Duties of meetings and reports: facts in bulk, pure rules, and whose they are. The engine finds SOURCE here.

Each slice has RULES, `derive(terms, people)`, `owned_by(user, today)`, `recipients(duties, today)` and `described(duties)`, as the
engine asks for them, for the duties of its own rules; and RESTS_ON, the kinds of rows about no participant that its duties rest on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from importlib import import_module
from typing import Any

from django.db.models import Q

from fagbrev.duties.reading import Described
from fagbrev.duties.registry import Source
from fagbrev.duties.rules import Due, Rule, Terms
from fagbrev.people.models import User

SLICES: tuple[str, ...] = ("meetings", "meeting_actions", "minutes", "reports")
PARTS: tuple[Any, ...] = tuple(import_module(f"meetings.duties.{name}") for name in SLICES)
RULES: tuple[Rule, ...] = tuple(rule for part in PARTS for rule in part.RULES)


def derive(terms: Terms, people: Collection[int] | None = None) -> Iterator[Due]:
    """Gives every duty of meetings and reports, or those about some participants; the number of queries never grows with the rows."""
    for part in PARTS:
        yield from part.derive(terms, people)


def owned_by(user: User, today: date) -> Q:
    """Gives the condition on Duty for what is the user's."""
    found = Q(pk__in=[])
    for part in PARTS:
        found |= part.owned_by(user, today)
    return found


def _of(part: Any, duties: Collection[Any]) -> list[Any]:
    keys = {rule.key for rule in part.RULES}
    return [duty for duty in duties if duty.rule in keys]


def recipients(duties: Collection[Any], today: date) -> dict[int, set[int]]:
    """Gives the ids of those to be told, by the duty's id; as many queries for few as for many."""
    return {pk: told for part in PARTS for pk, told in part.recipients(_of(part, duties), today).items()}


def described(duties: Collection[Any]) -> dict[int, Described]:
    """Gives what the rows say of the meeting or the report."""
    return {pk: said for part in PARTS for pk, said in part.described(_of(part, duties)).items()}


SOURCE = Source(
    key="meetings", rules=RULES, derive=derive, owned_by=owned_by, recipients=recipients, described=described,
    refresh_own_on=frozenset(kind for part in PARTS for kind in getattr(part, "RESTS_ON", ())),
)  # fmt: skip
