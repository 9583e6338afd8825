"""Whose the duties about a trade are, and what a list says of them: no participant is in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from fagbrev.duties.reading import Described
from fagbrev.people.models import RoleGrant, User
from fagbrev.people.roles import roles_of
from followup.topics_scope import TEACHERS, taught_trades
from participants.models import Enrolment
from participants.workflow import WITH_PLACEMENT
from programmes.models import TeachingAssignment, Trade

RULES = {role: f"topic_publish_{role}" for role in TEACHERS}


def _trades_in_practice() -> QuerySet[Enrolment, int | None]:
    """The trades in which somebody is in practice: in the others there is nobody to tell."""
    return Enrolment.objects.filter(status__in=WITH_PLACEMENT, trade__isnull=False).values_list("trade_id", flat=True)


def owned_by(user: User, today: date) -> Q:
    """Gives the condition on Duty for what is the teacher's about a trade taught, where somebody is in practice; no query."""
    found, held = Q(pk__in=[]), roles_of(user, today)
    for role, rule in RULES.items():
        if role in held:
            taught = taught_trades(user, role, today)
            found |= Q(rule=rule, owner_role=role, trade_id__in=taught) & Q(trade_id__in=_trades_in_practice())
    return found


def recipients(duties: Collection[Any], today: date) -> dict[int, set[int]]:
    """Gives the teachers of each duty's trade, by the duty's id; three queries, for none as for many."""
    in_practice = set(_trades_in_practice())
    holders: dict[str, set[int]] = defaultdict(set)
    for role, user in RoleGrant.objects.active(today).filter(role__in=TEACHERS).values_list("role", "user_id"):
        holders[role].add(user)
    teachers: dict[tuple[str, int], set[int]] = defaultdict(set)
    for role, trade, user in TeachingAssignment.objects.active(today).values_list("role", "trade_id", "user_id"):
        if user in holders[role]:
            teachers[role, trade].add(user)
    return {
        duty.pk: set(teachers.get((duty.owner_role, duty.trade_id), ())) if duty.trade_id in in_practice else set()
        for duty in duties
    }


def described(duties: Collection[Any]) -> dict[int, Described]:
    """Gives the trade's name and sign, by the duty's id; one query, none when there are no such duties."""
    if not duties:
        return {}
    trades = {trade.pk: trade for trade in Trade.objects.filter(pk__in={duty.trade_id for duty in duties})}
    return {
        duty.pk: Described(
            name=trades[duty.trade_id].name,
            url=reverse("topic_list"),
            sign={
                "shape": trades[duty.trade_id].shape, "colour": trades[duty.trade_id].colour, "name": trades[duty.trade_id].short_name
            },
        )
        for duty in duties
        if duty.trade_id in trades
    }  # fmt: skip
