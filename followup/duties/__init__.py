"""Duties of follow-up: facts in bulk, pure rules, and whose they are. The engine finds SOURCE here."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import Q

from fagbrev.duties.reading import Described
from fagbrev.duties.registry import Source
from fagbrev.duties.rules import Due, Terms
from fagbrev.people.models import User
from followup.actions.topics import PUBLISHED_KIND
from followup.duties import absence, assignments, competence, concerns, language, of_trades, reviews, topics, visits, weekly
from participants.duties import describing, scope

PARTS = (visits, topics, assignments, weekly, competence, language, absence, reviews, concerns)


def derive(terms: Terms, people: Collection[int] | None = None) -> Iterator[Due]:
    """Gives every duty of follow-up, or those about some participants; the number of queries never grows with the rows."""
    for part in PARTS:
        yield from part.derive(terms, people)


def owned_by(user: User, today: date) -> Q:
    """Gives what is the user's and not about one participant; the rest the participants' scope opens already, by section."""
    return of_trades.owned_by(user, today)


def recipients(duties: Collection[Any], today: date) -> dict[int, set[int]]:
    """Gives the ids of those to be told, by the duty's id; as many queries for few as for many."""
    about = [duty for duty in duties if duty.participant_id is not None]
    return scope.recipients(about, today) | of_trades.recipients([duty for duty in duties if duty.participant_id is None], today)


def described(duties: Collection[Any]) -> dict[int, Described]:
    """Gives what the rows say of people, with what was agreed where that is the duty, and of the trade where it is about no participant."""
    about = [duty for duty in duties if duty.participant_id is not None]
    words = reviews.agreed_words(about)
    found = {
        pk: replace(said, note=" · ".join(part for part in (words.get(pk, ""), said.note) if part))
        for pk, said in describing.described(about).items()
    }
    return found | of_trades.described([duty for duty in duties if duty.participant_id is None])


SOURCE = Source(
    key="followup",
    rules=tuple(rule for part in PARTS for rule in part.RULES),
    derive=derive,
    owned_by=owned_by,
    recipients=recipients,
    described=described,
    refresh_all_on=frozenset({PUBLISHED_KIND}),
    refresh_own_on=frozenset({"fagbrev.handover"}),  # who has taken over what a colleague said they would do
)
