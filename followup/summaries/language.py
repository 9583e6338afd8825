"""What the front page of a record says of language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from followup.level_chart import LEVEL_NAMES
from followup.models import LanguageLevel
from participants.access import Record
from participants.contributed import Said, Summary
from participants.exam_windows import goal_of

TOLD = (("oral", "muntlig"), ("writing", "skriftlig"))


def _facts(found: Record) -> Mapping[str, Any]:
    rows = LanguageLevel.objects.filter(participant=OuterRef("participant")).order_by("-observed_on", "-pk")
    return {f"followup_level_{part}": Subquery(rows.filter(part=part).values("level")[:1]) for part, _name in TOLD}


def _said(facts: Mapping[str, Any], found: Record) -> Said | None:
    """«muntlig B1 av B1, skriftlig A2 av B1»: the two parts the trade's goals name (V4)."""
    said = []
    for part, name in TOLD:
        level = facts[f"followup_level_{part}"]
        if level:
            goal = LEVEL_NAMES[goal_of(part, found.enrolment.trade)] if found.enrolment.trade else ""
            of = _(" av %(goal)s") % {"goal": goal} if goal else ""
            said.append(f"{name} {LEVEL_NAMES[level]}{of}")
    return Said(", ".join(said)) if said else None


SUMMARIES: tuple[Summary, ...] = (Summary("norsk", "language", "Norsk", _facts, _said),)
