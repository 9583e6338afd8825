"""What the front page of a record says of visits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Max, Min, OuterRef, Subquery

from fagbrev.dates import date_words
from followup.models import WorkplaceVisit
from followup.models.visits import AGREED, HELD, PROPOSED
from followup.visit_rules import moment
from followup.visits_shown import time_words
from participants.access import Record
from participants.contributed import Said, Summary


def facts(found: Record) -> Mapping[str, Any]:
    """The newest visit and the next planned one, within the placements in scope."""
    rows = WorkplaceVisit.objects.filter(placement__enrolment=OuterRef("pk")).order_by()
    last = rows.filter(state=HELD, placement__in=found.placements("visits").values("pk"))
    coming = rows.filter(
        state__in=[PROPOSED, AGREED],
        planned_at__gte=moment(found.today).replace(hour=0),
        placement__in=found.placements("visit_plan").values("pk"),
    )
    return {
        "followup_last_visit": Subquery(last.values("placement__enrolment").annotate(at=Max("visited_on")).values("at")),
        "followup_next_visit": Subquery(coming.values("placement__enrolment").annotate(at=Min("planned_at")).values("at")),
    }


def said(values: Mapping[str, Any], found: Record) -> Said | None:
    """«Sist 10. november 2026. Neste tirsdag 24. november 2026 kl. 10.00.»"""
    last, coming = values["followup_last_visit"], values["followup_next_visit"]
    parts = []
    if last and found.reads("visits"):
        parts.append(f"Sist {date_words(last)}.")
    if coming:
        parts.append(f"Neste {time_words(coming)}.")
    return Said(" ".join(parts) or ("Ingen besøk ennå." if found.reads("visits") else "Ingen besøk er planlagt."))


SUMMARIES: tuple[Summary, ...] = (Summary("besok", "visit_plan", "Besøk", facts, said),)
