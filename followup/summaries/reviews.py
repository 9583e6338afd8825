"""What the front page of a record says of reviews and actions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Count, IntegerField, Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from fagbrev.dates import date_words
from followup.action_rows import visible_actions
from followup.models import ReviewConversation
from followup.models.reviews import CALLED, HELD, LOCKED
from participants.access import Record
from participants.contributed import Said, Summary


def count_of(rows: QuerySet[Any]) -> Any:
    """Gives an expression that counts the rows of the enrolment in question; no query of its own."""
    counted = rows.filter(enrolment=OuterRef("pk")).order_by().values("enrolment").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _review_facts(found: Record) -> Mapping[str, Any]:
    rows = ReviewConversation.objects.filter(placement__enrolment=OuterRef("pk"), placement__in=found.placements("reviews"))
    held = rows.filter(state__in=[HELD, LOCKED]).order_by("-held_on")
    return {
        "followup_review_next": Subquery(rows.filter(state=CALLED).order_by("meets_at").values("meets_at")[:1]),
        "followup_review_last": Subquery(held.values("held_on")[:1]),
    }


def _review_said(facts: Mapping[str, Any], found: Record) -> Said | None:
    coming: datetime | None = facts["followup_review_next"]
    if coming is not None:
        local = timezone.localtime(coming)
        is_late = local.date() < found.today
        return Said(f"{'Var innkalt til' if is_late else 'Neste er'} {date_words(local.date())} kl. {local:%H.%M}", is_late)
    last = facts["followup_review_last"]
    return Said(f"Sist holdt {date_words(last)}") if last else None


def _action_facts(found: Record) -> Mapping[str, Any]:
    rows = visible_actions(found).filter(done_on__isnull=True)
    first = rows.filter(enrolment=OuterRef("pk")).order_by().values("enrolment").annotate(first=Min("due_on")).values("first")
    return {"followup_actions_open": count_of(rows), "followup_actions_first": Subquery(first)}


def _action_said(facts: Mapping[str, Any], found: Record) -> Said | None:
    count, first = facts["followup_actions_open"], facts["followup_actions_first"]
    if not count:
        return None
    words = "1 ting skal gjøres" if count == 1 else f"{count} ting skal gjøres"
    if first is None:
        return Said(words)
    is_late = first < found.today
    return Said(f"{words}, {'eldste skulle vært gjort' if is_late else 'første innen'} {date_words(first)}", is_late)


SUMMARIES: tuple[Summary, ...] = (
    Summary("vurderinger", "reviews", "Vurderingssamtale", _review_facts, _review_said),
    Summary("avtalt", "actions", "Avtalt", _action_facts, _action_said),
)
