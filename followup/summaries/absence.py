"""What the front page of a record says of absence: hours away at once; the share of what was expected follows in a line of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, DecimalField, IntegerField, QuerySet, Subquery, Sum
from django.utils.translation import gettext as _

from fagbrev.dates import semester_of
from followup.absence_queries import absences_shown
from followup.absence_shown import hours_words, waiting_words
from followup.goal_rules import TALKED_OF
from followup.models import Absence
from participants.access import Record
from participants.contributed import Said, Summary


def _of(rows: QuerySet[Absence], counted: Any, kind: Any) -> Any:
    return Subquery(rows.order_by().values("enrolment").annotate(n=counted).values("n"), output_field=kind)


def _facts(found: Record) -> Mapping[str, Any]:
    """Hours away this semester and reports that wait. How much was expected takes timetable and placements day by day: not here."""
    rows = absences_shown(found).select_related(None)
    held = rows.filter(state="confirmed", away_on__gte=semester_of(found.today).first, away_on__lte=found.today)
    return {
        "followup_away_hours": _of(held, Sum("hours"), DecimalField()),
        "followup_away_waiting": _of(rows.filter(state="reported"), Count("pk"), IntegerField()),
    }


def _said(facts: Mapping[str, Any], found: Record) -> Said | None:
    if found.enrolment.status not in TALKED_OF:
        return None
    hours, waiting = facts["followup_away_hours"], facts["followup_away_waiting"] or 0
    words = _("Borte %(hours)s dette semesteret") % {"hours": hours_words(hours)} if hours else _("Ikke borte dette semesteret")
    return Said(words + waiting_words(waiting))


SUMMARIES: tuple[Summary, ...] = (Summary("fravar", "absence", "Fravær", _facts, _said, more="fravar_line"),)
