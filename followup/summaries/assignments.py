"""What the front page of a record says of assignments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from followup.models.practice import DONE, GIVEN, HANDED_IN, Assignment
from participants.access import Record
from participants.contributed import Said, Summary


def _count(condition: Q) -> Any:
    rows: QuerySet[Assignment] = Assignment.objects.filter(condition, enrolment=OuterRef("pk")).order_by()
    counted = rows.values("enrolment").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))


def facts(record: Record) -> Mapping[str, Any]:
    """How many are to be handed in, how many of them are late, how many wait for feedback, and how many are done."""
    return {
        "followup_assignments_open": _count(Q(state=GIVEN)),
        "followup_assignments_late": _count(Q(state=GIVEN, due_on__lt=record.today)),
        "followup_assignments_waiting": _count(Q(state=HANDED_IN)),
        "followup_assignments_done": _count(Q(state=DONE)),
    }


def said(values: Mapping[str, Any], record: Record) -> Said | None:
    """Says it in words; nothing when nothing has been given."""
    late, waiting = values["followup_assignments_late"], values["followup_assignments_waiting"]
    parts = []
    if values["followup_assignments_open"]:
        parts.append(f"{values['followup_assignments_open']} skal leveres" + (f", {late} over fristen" if late else ""))
    if waiting:
        parts.append(f"{waiting} venter på tilbakemelding")
    if values["followup_assignments_done"]:
        parts.append(f"{values['followup_assignments_done']} ferdig")
    return Said(". ".join(parts) + ".", bool(late)) if parts else None


SUMMARIES: tuple[Summary, ...] = (Summary("oppgaver", "assignments", "Oppgaver", facts, said),)
