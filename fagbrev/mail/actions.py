"""Putting mails in the outbox and sending them: claimed one by one with a lease, tried again, never sent twice at once."""

import logging
from datetime import datetime, timedelta
from email.utils import parseaddr
from smtplib import SMTPResponseException
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.utils import timezone

from fagbrev.mail.models import OutgoingMail

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 8
LONGEST_WAIT = timedelta(hours=6)
AT_A_TIME = 50
SMTP_SECONDS = 20


def write_mail(*, name: str, recipient: str, context: dict[str, Any]) -> OutgoingMail:
    """Puts a mail in the outbox, written from templates/emails/<name>.subject.txt and .txt."""
    context = {
        "municipality": settings.MUNICIPALITY,
        "service_name": settings.SERVICE_NAME,
        "base_url": settings.BASE_URL,
        **context,
    }
    subject = render_to_string(f"emails/{name}.subject.txt", context)
    text = render_to_string(f"emails/{name}.txt", context).strip() + "\n"
    return put_in_outbox(recipient=recipient, subject=subject, text=text, html=html_of(text, subject=" ".join(subject.split())))


def html_of(text: str, *, subject: str) -> str:
    """Gives the HTML version of a plain mail: its paragraphs, with the addresses as links."""
    paragraphs = [part.strip() for part in text.strip().split("\n\n") if part.strip()]
    return render_to_string(
        "emails/letter.html", {"paragraphs": paragraphs, "subject": subject, "municipality": settings.MUNICIPALITY}
    )


def put_in_outbox(*, recipient: str, subject: str, text: str, html: str = "") -> OutgoingMail:
    """Writes a mail to the outbox in the present transaction, and asks the worker to send it when that holds."""
    mail = OutgoingMail.objects.create(
        recipient=parseaddr(recipient)[1] or recipient,
        subject=" ".join(subject.split())[:200],
        text=text,
        html=html,
        next_try_at=timezone.now(),
    )
    transaction.on_commit(_ask_worker, robust=True)
    return mail


def _ask_worker() -> None:
    """Asks the worker; when the broker is away, the clock finds the mail within a minute."""
    from fagbrev.tasks import send_waiting_mail_task

    send_waiting_mail_task.apply_async(expires=55, ignore_result=True, retry=False)


def send_waiting(*, now: datetime) -> int:
    """Sends what waits, oldest first, at most 50 at a time. Gives how many went out."""
    waiting = OutgoingMail.objects.filter(_claimable(now)).order_by("next_try_at").values_list("pk", flat=True)[:AT_A_TIME]
    return sum(send_one(pk=pk, now=now) for pk in list(waiting))


def _claimable(now: datetime) -> Q:
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    return Q(sent_at__isnull=True, next_try_at__lte=now, attempts__lt=MOST_ATTEMPTS) & free


def send_one(*, pk: int, now: datetime) -> bool:
    """Claims one mail with a conditional update and sends it. Gives False when another has it, or it failed."""
    claimed = OutgoingMail.objects.filter(_claimable(now), pk=pk).update(lease_until=now + LEASE, attempts=F("attempts") + 1)
    if not claimed:
        return False
    mail = OutgoingMail.objects.get(pk=pk)
    try:
        if not _stays_here():
            _message(mail).send()
    except Exception as error:
        _put_off(mail, error, now)
        return False
    kept = {} if settings.DEMO else {"text": "", "html": ""}
    OutgoingMail.objects.filter(pk=pk).update(sent_at=now, lease_until=None, next_try_at=None, error="", **kept)
    return True


def _put_off(mail: OutgoingMail, error: Exception, now: datetime) -> None:
    """Waits twice as long after each failure, at most six hours; after eight the mail stays with its error."""
    code = f" {error.smtp_code}" if isinstance(error, SMTPResponseException) else ""
    is_dead = mail.attempts >= MOST_ATTEMPTS
    wait = min(timedelta(minutes=2 ** (mail.attempts - 1)), LONGEST_WAIT)
    OutgoingMail.objects.filter(pk=mail.pk).update(
        lease_until=None, next_try_at=None if is_dead else now + wait, error=f"{type(error).__name__}{code}"[:200]
    )
    log.log(
        logging.ERROR if is_dead else logging.WARNING,
        "mail %s: attempt %s failed (%s%s)",
        mail.public_id,
        mail.attempts,
        type(error).__name__,
        code,
    )


def _stays_here() -> bool:
    """Tells whether mails go nowhere: in the demo and in development without a mail server."""
    return (settings.DEMO or settings.DEBUG) and not settings.EMAIL_URL_HOST


def _message(mail: OutgoingMail) -> EmailMultiAlternatives:
    domain = urlsplit(settings.BASE_URL).hostname or "localhost"
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[mail.recipient],
        headers={"Message-ID": f"<{mail.public_id}@{domain}>", "Auto-Submitted": "auto-generated"},
        connection=smtp_connection(),
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    return message


def smtp_connection() -> BaseEmailBackend:
    """Gives the connection to the real mail server."""
    return get_connection("django.core.mail.backends.smtp.EmailBackend", timeout=SMTP_SECONDS)


def mails_for_the_demo(search: str = "") -> Any:
    """Gives the mails of the outbox, newest first, for the demo's reader."""
    found = OutgoingMail.objects.order_by("-pk")
    return found.filter(recipient__icontains=search) if search else found
