"""Small look-ups that the pages about reminders need, so that views hold no queries of their own."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from fagbrev.duties.models import NoticeChoice, RuleTerms
from fagbrev.mail.models import OutgoingMail


def rhythm_of(user: Any) -> str:
    """Gives how often the user has chosen to be mailed; weekly when nothing is chosen."""
    return NoticeChoice.objects.filter(user=user).values_list("rhythm", flat=True).first() or "weekly"


def rule_terms_of(rule: str) -> QuerySet[RuleTerms]:
    """Gives a rule's changes, soonest first."""
    return RuleTerms.objects.filter(rule=rule).order_by("valid_from")


def rule_changes(rule: str) -> list[RuleTerms]:
    """Gives a rule's changes, newest first; at most 20."""
    return list(RuleTerms.objects.filter(rule=rule).order_by("-valid_from")[:20])


def mail_counts(now: datetime) -> dict[str, int]:
    """Gives how many mails were sent in the last seven days, and how many wait now; one query."""
    week = now - timedelta(days=7)
    found = OutgoingMail.objects.aggregate(
        sent=Count("pk", filter=Q(sent_at__gte=week)),
        waiting=Count("pk", filter=Q(sent_at__isnull=True, dropped_at__isnull=True, next_try_at__isnull=False)),
    )
    return {"sent": found["sent"], "waiting": found["waiting"]}
