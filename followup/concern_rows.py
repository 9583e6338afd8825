"""Which concerns and guidance notes a user sees, and how they are said."""

from __future__ import annotations

from datetime import date

from django.db.models import Case, IntegerField, QuerySet, Value, When

from fagbrev.people.models import User
from fagbrev.people.roles import COORDINATOR
from followup.models import Concern, GuidanceNote
from participants.access import Record, enrolments_for

NEW_FIRST = Case(
    When(state="new", then=Value(0)), When(state="seen", then=Value(1)), default=Value(2), output_field=IntegerField()
)


def visible_concerns(found: Record) -> QuerySet[Concern]:
    """Gives the enrolment's concerns in the user's scope: koordinator all, everybody else their own (docs/access.md)."""
    rows = Concern.objects.filter(enrolment=found.enrolment)
    return rows if COORDINATOR in found.roles_reading("concerns") else rows.filter(raised_by=found.user)


def concerns_shown(found: Record) -> list[Concern]:
    """Gives the page's concerns, the newest first; one query."""
    return list(visible_concerns(found).select_related("raised_by", "answered_by").order_by("-raised_at", "-pk"))


def own_notes(found: Record) -> QuerySet[GuidanceNote]:
    """Gives the enrolment's guidance notes that the user has written: they are the author's alone."""
    return GuidanceNote.objects.filter(enrolment=found.enrolment, author=found.user)


def concern_inbox(user: User, today: date) -> QuerySet[Concern]:
    """Gives every concern in a koordinator's scope, those without an answer first."""
    rows = Concern.objects.filter(enrolment__in=enrolments_for(user, "concerns", today=today))
    rows = rows.select_related("enrolment__participant", "enrolment__trade", "raised_by")
    return rows.annotate(order=NEW_FIRST).order_by("order", "-raised_at", "-pk")


def waiting_concerns(user: User, today: date) -> int:
    """Counts the concerns nobody has answered yet, in a koordinator's scope; one query."""
    rows = Concern.objects.filter(enrolment__in=enrolments_for(user, "concerns", today=today), state__in=["new", "seen"])
    return rows.count()
