"""Jobs of the ground: three lines each, the work is in the actions."""

from celery import shared_task
from django.utils import timezone

from fagbrev.mail.actions import send_waiting


@shared_task(name="fagbrev.send_waiting_mail")
def send_waiting_mail_task() -> int:
    """Sends the mails that wait in the outbox."""
    return send_waiting(now=timezone.now())
