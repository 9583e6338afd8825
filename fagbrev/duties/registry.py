"""What the apps contribute to the engine, found in their modules called `duties`; nobody is known by name."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.db.models import Q

from fagbrev.duties.rules import Due, Rule, Terms
from fagbrev.people.models import User

Derive = Callable[[Terms, Collection[int] | None], Iterable[Due]]
Recipients = Callable[[Collection[Any], date], dict[int, set[int]]]


@dataclass(frozen=True)
class Source:
    """What an app contributes: its rules, and the functions that know its rows.

    `derive(terms, people)` gives every duty of its rules, or those of some participants; the number of queries never grows with the
    rows. `owned_by(user, day)` is the condition on Duty for what is the user's to do or see; `recipients(duties, day)` gives the ids
    of those to be told, by the duty's id, in few queries; `described(duties)` gives what the rows say of people and places.
    """

    key: str
    rules: tuple[Rule, ...]
    derive: Derive
    owned_by: Callable[[User, date], Q]
    recipients: Recipients
    described: Callable[[Collection[Any]], dict[int, Any]]
    follows: Callable[[User, date], Q] = lambda user, today: Q(pk__in=[])  # others' duties that the user keeps an eye on
    refresh_all_on: frozenset[str] = frozenset()  # kinds of rows of the frame that every duty may rest on
    moves_days_on: frozenset[str] = frozenset()  # those of them that move days off
    refresh_own_on: frozenset[str] = frozenset()  # kinds of rows that only this source's duties rest on, about no participant


@cache
def sources() -> dict[str, Source]:
    """Gives every app's source by its key. Raises ValueError when two rules have the same key."""
    found: dict[str, Source] = {}
    for module in _modules():
        source = getattr(module, "SOURCE", None)
        if source is not None:
            found[source.key] = source
    keys = [rule.key for source in found.values() for rule in source.rules]
    if len(keys) != len(set(keys)):
        raise ValueError("two rules have the same key")
    return found


@cache
def rules() -> dict[str, Rule]:
    """Gives every rule by its key."""
    return {rule.key: rule for source in sources().values() for rule in source.rules}


def terms_on(today: date) -> Terms:
    """Gives the terms that hold on the day, from the app that keeps the calendar and the settings."""
    for module in _modules():
        if hasattr(module, "terms_on"):
            found: Terms = module.terms_on(today)
            return found
    return Terms(today)


@cache
def _modules() -> tuple[Any, ...]:
    names = [f"{config.name}.duties" for config in apps.get_app_configs() if config.name != "fagbrev"]
    return tuple(import_module(name) for name in names if "." not in name.removesuffix(".duties") and find_spec(name))


def owned_by(user: User, today: date) -> Q:
    """Gives the condition on Duty for everything that is the user's, whichever app knows it."""
    found = Q(pk__in=[])
    for source in sources().values():
        found |= source.owned_by(user, today)
    return found


def followed_by(user: User, today: date) -> Q:
    """Gives the condition on Duty for what others are to do, and the user keeps an eye on."""
    found = Q(pk__in=[])
    for source in sources().values():
        found |= source.follows(user, today)
    return found
