"""What the front page of a record says of absence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import BooleanField, CharField, Value

from followup.absence_shown import summary_of
from participants.access import Record
from participants.contributed import Said, Summary


def _facts(found: Record) -> Mapping[str, Any]:
    """Participation is counted day by day from timetable and placements, which no single expression can: it is handed in."""
    words, is_late = summary_of(found)
    return {
        "followup_presence": Value(words, output_field=CharField()),
        "followup_presence_low": Value(is_late, output_field=BooleanField()),
    }


def _said(facts: Mapping[str, Any], found: Record) -> Said | None:
    words = facts["followup_presence"]
    return Said(words, bool(facts["followup_presence_low"])) if words else None


SUMMARIES: tuple[Summary, ...] = (Summary("fravar", "absence", "Fravær", _facts, _said),)
