"""What meetings bring to a participant's record: the page «Fra møter» with its line, and the acts that lead to a meeting."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from fagbrev.dates import date_words
from meetings.models.meetings import CLOSING, COOPERATION
from meetings.record_shown import said_of
from participants.access import Record
from participants.contributed import Said, Summary
from participants.pages import Page, contribute

contribute(Page("moter", "moter", "Fra møter", ("meeting_items",), place=40, rare=True, is_contributed=True))


def _facts(found: Record) -> Mapping[str, Any]:
    rows = said_of(found).filter(enrolment=OuterRef("pk"))
    counted = rows.order_by().values("enrolment").annotate(count=Count("meeting", distinct=True)).values("count")
    return {
        "meetings_count": Coalesce(Subquery(counted, output_field=IntegerField()), 0),
        "meetings_last": Subquery(rows.values("meeting__starts_at")[:1]),
    }


def _said(facts: Mapping[str, Any], found: Record) -> Said | None:
    last: datetime | None = facts["meetings_last"]
    if last is None:
        return None
    count = facts["meetings_count"]
    return Said(f"{count} {'møte' if count == 1 else 'møter'}, sist {date_words(timezone.localtime(last).date())}")


SUMMARIES: tuple[Summary, ...] = (Summary("moter", "meeting_items", "Fra møter", _facts, _said),)


def acts(found: Record) -> list[dict[str, str]]:
    """Gives a new cooperation meeting, and a closing meeting, for «Flere valg»; none for a strictly protected participant."""
    if not found.is_coordinator or found.participant.address_protection == "strengt_fortrolig":
        return []
    asked = f"deltaker={found.participant.public_id}&lop={found.enrolment.public_id}"
    new = reverse("meeting_new")
    return [
        {"label": "Nytt samarbeidsmøte", "url": f"{new}?type={COOPERATION}&{asked}"},
        {"label": "Nytt avslutningsmøte", "url": f"{new}?type={CLOSING}&{asked}"},
    ]
