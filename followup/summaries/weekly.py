"""What the front page of a record says of the weekly plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import OuterRef, Subquery

from followup.models.practice import WeeklyPlan
from followup.weekly_shown import SECTION, monday_of, week_words
from participants.access import Record
from participants.contributed import Said, Summary


def facts(record: Record) -> Mapping[str, Any]:
    """The last week planned at a placement in the reader's scope, up to this one, and what is most important in it."""
    rows = WeeklyPlan.objects.filter(
        placement__in=record.placements(SECTION), placement__enrolment=OuterRef("pk"), week_starts_on__lte=monday_of(record.today)
    ).order_by("-week_starts_on", "-pk")
    return {
        "followup_weekly_last": Subquery(rows.values("week_starts_on")[:1]),
        "followup_weekly_focus": Subquery(rows.values("focus")[:1]),
    }


def said(values: Mapping[str, Any], record: Record) -> Said | None:
    """Says what this week is about, or that it is not planned; nothing where plans are not in use."""
    last = values["followup_weekly_last"]
    if last is None or (record.today - last).days > 34:
        return None
    week = week_words(monday_of(record.today))
    if last < monday_of(record.today):
        return Said(f"{week} er ikke planlagt.")
    focus = values["followup_weekly_focus"]
    return Said(f"{week}: {focus}" if focus else f"{week} er planlagt.")


SUMMARIES: tuple[Summary, ...] = (Summary("ukeplan", "weekly_plan", "Ukeplan", facts, said),)
