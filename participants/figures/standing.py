"""Which status an enrolment had on a day, and which steps were taken in a period: read from the history, never from the present status.

The history is in the order it was registered. A step that was corrected never was, and a correction is no step. A step without
a day (from a spreadsheet, or done elsewhere) gets the day that was filled in later; while there is none, it counts as taken
from the day it was registered when asked where somebody stood, and as taken on no known day when asked what happened in a period.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import DateField, Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, TruncDate

from participants.models import Enrolment, StatusChange
from participants.workflow import ADMITTED_ON

# Who is a participant: from admission until the end, on leave too.
NOW = [status for status in ADMITTED_ON if status != "completed"]


def _filled_in() -> Any:
    """The day that was registered afterwards for a step without one (participants.actions.steps.fill_in)."""
    rows = StatusChange.objects.filter(
        enrolment=OuterRef("enrolment"), to_status=OuterRef("to_status"), step="fill_in", kind="correction", pk__gt=OuterRef("pk")
    )
    return Subquery(rows.order_by("pk").values("happened_on")[:1])


def _steps() -> QuerySet[StatusChange]:
    # NOT EXISTS and not a join: PostgreSQL takes «joined row is null» for hardly any rows, and then loops over everything.
    correction = StatusChange.objects.filter(corrects=OuterRef("pk"))
    return StatusChange.objects.exclude(kind="correction").filter(~Exists(correction)).order_by()


def steps_by(day: date) -> QuerySet[StatusChange]:
    """Gives the steps that stand and were taken on the day or before."""
    otherwise = Coalesce(_filled_in(), TruncDate("at"), output_field=DateField())
    rows = _steps().alias(otherwise=otherwise)
    return rows.filter(Q(happened_on__lte=day) | Q(happened_on__isnull=True, otherwise__lte=day))


def steps_within(statuses: Collection[str], first: date, last: date) -> QuerySet[StatusChange]:
    """Gives the steps to one of the statuses that stand and have a known day from first to last: `happened_on`, else `filled_in`."""
    rows = _steps().filter(to_status__in=statuses).annotate(filled_in=_filled_in())
    in_period = Q(happened_on__range=(first, last))
    return rows.filter(in_period | Q(happened_on__isnull=True, filled_in__range=(first, last)))


def who_took(statuses: Collection[str], first: date, last: date) -> Any:
    """Gives the enrolments' keys behind `steps_within`, as a subquery."""
    return steps_within(statuses, first, last).values("enrolment")


def with_status(rows: QuerySet[Enrolment], day: date) -> QuerySet[Any]:
    """Gives the rows that had a status on the day, with it as `status_then`: that of the last step registered among those taken by then.

    One pass over the history and a join, however many enrolments: not a subquery for each.
    """
    newest = steps_by(day).values("enrolment").annotate(newest=Max("pk")).values("newest")
    return rows.filter(changes__pk__in=newest).annotate(status_then=F("changes__to_status"))


def participants_on(rows: QuerySet[Enrolment], day: date) -> QuerySet[Any]:
    """Gives those of the rows who were participants on the day: admitted or later, and not ended."""
    return with_status(rows, day).filter(status_then__in=NOW)
