"""What the front page of a record says of concerns: to the koordinator alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from followup.concern_rows import visible_concerns
from followup.summaries.reviews import count_of
from participants.access import Record
from participants.contributed import Said, Summary


def _facts(found: Record) -> Mapping[str, Any]:
    return {"followup_concerns_waiting": count_of(visible_concerns(found).filter(state__in=["new", "seen"]))}


def _said(facts: Mapping[str, Any], found: Record) -> Said | None:
    count = facts["followup_concerns_waiting"]
    if not found.is_coordinator or not count:
        return None
    return Said("1 melding venter på svar" if count == 1 else f"{count} meldinger venter på svar", is_late=True)


SUMMARIES: tuple[Summary, ...] = (Summary("meldinger", "concerns", "Meldt fra", _facts, _said),)
