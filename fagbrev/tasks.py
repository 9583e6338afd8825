"""Jobs of the ground: three lines each, the work is in the actions."""

from celery import shared_task
from django.utils import timezone

from fagbrev.drafts.actions import wipe_old
from fagbrev.duties.scan import scan, scan_if_due
from fagbrev.mail.actions import send_waiting


@shared_task(name="fagbrev.send_waiting_mail")
def send_waiting_mail_task() -> int:
    """Sends the mails that wait in the outbox."""
    return send_waiting(now=timezone.now())


@shared_task(name="fagbrev.scan_if_due")
def scan_if_due_task() -> None:
    """Does the day's scan when it is due and not done: the clock asks every few minutes, so that a missed one is caught up."""
    scan_if_due(now=timezone.now())


@shared_task(name="fagbrev.scan_duties")
def scan_duties_task() -> None:
    """Tells at once of what became due just now."""
    scan(today=timezone.localdate())


@shared_task(name="fagbrev.wipe_drafts")
def wipe_drafts_task() -> int:
    """Throws away drafts older than seven days."""
    return wipe_old(now=timezone.now())
