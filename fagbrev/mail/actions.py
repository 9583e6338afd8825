"""Putting mails in the outbox and sending them: claimed one by one with a lease, tried again, never sent twice at once."""

import logging
import smtplib
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend
from django.db import transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from fagbrev.mail.models import OutgoingMail
from fagbrev.people.models import User
from fagbrev.queue import ask_worker

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 8
LONGEST_WAIT = timedelta(hours=6)
AT_A_TIME = 50
SMTP_SECONDS = 20  # the longest wait for one answer of the mail server, apart from the one that takes the mail
INTERRUPTED = "Interrupted"


@dataclass(frozen=True)
class Written:
    """A mail as it is to be sent."""

    subject: str
    text: str
    html: str


# Who writes the mails of a kind, at the moment they are sent: (mail, day) -> the mail, or None when nothing is left to say.
WRITERS: dict[str, Callable[[OutgoingMail, datetime], Written | None]] = {}


def lease() -> timedelta:
    """How long a mail is one process's alone; longer than a mail server may take to answer."""
    return timedelta(seconds=settings.MAIL_LEASE_SECONDS)


def written_mail(name: str, context: dict[str, Any]) -> Written:
    """Writes a mail from templates/emails/<name>.subject.txt and .txt, with the municipality and the address of Fagbrev."""
    context = {
        "municipality": settings.MUNICIPALITY,
        "service_name": settings.SERVICE_NAME,
        "base_url": settings.BASE_URL,
        **context,
    }
    subject = " ".join(render_to_string(f"emails/{name}.subject.txt", context).split())
    text = render_to_string(f"emails/{name}.txt", context).strip() + "\n"
    return Written(subject, text, html_of(text, subject=subject))


def write_mail(
    *, name: str, recipient: str, context: dict[str, Any], calendar: str = "", calendar_method: str = ""
) -> OutgoingMail:  # fmt: skip
    """Puts a mail in the outbox, written from templates/emails/<name>.subject.txt and .txt, perhaps with a part for calendars."""
    written = written_mail(name, context)
    return put_in_outbox(
        recipient=recipient, subject=written.subject, text=written.text, html=written.html, calendar=calendar,
        calendar_method=calendar_method,
    )  # fmt: skip


def html_of(text: str, *, subject: str) -> str:
    """Gives the HTML version of a plain mail: its paragraphs and lists, with the addresses as links."""
    parts = [_part(part.strip()) for part in text.strip().split("\n\n") if part.strip()]
    return render_to_string("emails/letter.html", {"parts": parts, "subject": subject, "municipality": settings.MUNICIPALITY})


def _part(text: str) -> dict[str, Any]:
    lines = text.splitlines()
    is_list = all(line.startswith("- ") for line in lines)
    return {"text": text, "items": [line[2:] for line in lines] if is_list else []}


def put_in_outbox(
    *, recipient: str, subject: str, text: str, html: str = "", calendar: str = "", calendar_method: str = ""
) -> OutgoingMail:  # fmt: skip
    """Writes a mail to the outbox in the present transaction, and asks the worker to send it when that holds.

    `calendar` is iCalendar text with METHOD `calendar_method`, for the recipient alone.
    """
    mail = OutgoingMail.objects.create(
        recipient=parseaddr(recipient)[1] or recipient,
        subject=" ".join(subject.split())[:200],
        text=text,
        html=html,
        calendar=calendar,
        calendar_method=calendar_method,
        next_try_at=timezone.now(),
    )
    transaction.on_commit(_ask_worker, robust=True)
    return mail


def put_in_outbox_for(*, users: Collection[User], kind: str, period: str) -> int:
    """Makes room for one mail of a kind to each user for a period, written when it is sent; what is there stays. Gives how many
    users there are. Two who do this at once make one mail each."""
    now = timezone.now()
    OutgoingMail.objects.bulk_create(
        [OutgoingMail(user=user, kind=kind, period=period, recipient=user.email, next_try_at=now) for user in users],
        ignore_conflicts=True,
    )
    if users:
        transaction.on_commit(_ask_worker, robust=True)
    return len(users)


def failed_mails() -> QuerySet[OutgoingMail]:
    """Gives the mails that have failed and are not sent: those still tried, and those given up, newest first."""
    waiting = OutgoingMail.objects.filter(sent_at__isnull=True, dropped_at__isnull=True)
    return waiting.filter(~Q(error="") | Q(attempts__gte=MOST_ATTEMPTS)).select_related("user").order_by("-pk")


def is_given_up(mail: OutgoingMail) -> bool:
    """Tells whether a mail is a dead letter: tried as often as it will be."""
    return mail.attempts >= MOST_ATTEMPTS


def try_again(*, mail: OutgoingMail) -> bool:
    """Lets a failed mail be tried from the beginning; False when it was sent meanwhile."""
    now = timezone.now()
    waiting = OutgoingMail.objects.filter(pk=mail.pk, sent_at__isnull=True, dropped_at__isnull=True)
    # Whoever took it up within a lease may be sending it this minute: another one must not.
    free = waiting.exclude(lease_until__gte=now, next_try_at__gte=now - lease())
    done = free.update(attempts=0, next_try_at=now, lease_until=None) or waiting.update(attempts=0)
    if done:
        transaction.on_commit(_ask_worker, robust=True)
    return bool(done)


def _ask_worker() -> None:
    """Asks the worker; when the broker is away, the clock finds the mail within a minute."""
    ask_worker("fagbrev.send_waiting_mail", expires=55)


def send_waiting(*, now: datetime) -> int:
    """Sends what waits, oldest first, at most 50 at a time, and asks for the next 50. Gives how many went out."""
    clock = _clock(now)
    waiting = OutgoingMail.objects.filter(_claimable(now)).order_by("next_try_at", "pk").values_list("pk", flat=True)
    found = list(waiting[:AT_A_TIME])
    sent = sum(send_one(pk=pk, now=clock()) for pk in found)
    if len(found) == AT_A_TIME:
        transaction.on_commit(_ask_worker, robust=True)
    return sent


def _clock(now: datetime) -> Callable[[], datetime]:
    """Gives a clock that shows `now` at this moment and goes on: fifty mails to a slow server take longer than a lease."""
    started = time.monotonic()
    return lambda: now + timedelta(seconds=time.monotonic() - started)


def _claimable(now: datetime) -> Q:
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    return Q(sent_at__isnull=True, dropped_at__isnull=True, next_try_at__lte=now, attempts__lt=MOST_ATTEMPTS) & free


def send_one(*, pk: int, now: datetime) -> bool:
    """Claims one mail with a conditional update and sends it. Gives False when another has it, or it failed."""
    clock = _clock(now)
    mail = _claim(pk, now)
    if mail is None:
        return False
    connection = None
    try:
        if mail.kind:
            written = WRITERS[mail.kind](mail, now)
            if written is None:
                OutgoingMail.objects.filter(pk=pk).update(dropped_at=clock(), lease_until=None, next_try_at=None)
                return False
            mail.subject, mail.text, mail.html = written.subject, written.text, written.html
        if not _stays_here():
            if clock() > now + lease() / 3:
                raise TimeoutError  # too little of the lease is left to send it alone
            message, connection = _message(mail), smtp_connection()
            connection.open()
            connection.send_messages([message])
    except Exception as error:
        _put_off(mail, error, clock())
    else:
        # Between the server's word and this line the mail is sent but not known to be: should the process end here, it goes again,
        # with the same Message-ID. So nothing comes between, not even the goodbye to the server.
        body = ("text", "html", "calendar")
        kept = {name: getattr(mail, name) if settings.DEMO else "" for name in body}
        kept["subject"] = mail.subject
        OutgoingMail.objects.filter(pk=pk).update(sent_at=clock(), lease_until=None, next_try_at=None, error="", **kept)
        return True
    finally:
        if connection is not None:
            _close(connection)
    return False


def _claim(pk: int, now: datetime) -> OutgoingMail | None:
    """Takes a mail for a lease, if nobody else has it. A mail whose process ended under it is no failure of the mail: it is taken up
    as often as needed, but last in the queue and each time for twice as long, so that one that ends every process holds up nobody."""
    mail = OutgoingMail.objects.select_related("user").filter(_claimable(now), pk=pk).first()
    if mail is None:
        return None
    seen, length = mail.lease_until, lease()
    if seen is not None:
        begun = mail.next_try_at or seen
        length = max(length, min((seen - begun) * 2, LONGEST_WAIT))
        mail.error = INTERRUPTED
    mail.lease_until, mail.next_try_at = now + length, now
    taken = OutgoingMail.objects.filter(_claimable(now), pk=pk, lease_until=seen)
    if not taken.update(lease_until=mail.lease_until, next_try_at=now, error=mail.error):
        return None
    if seen is not None:
        log.warning("mail %s: the process that had it ended; it is sent now, perhaps for the second time", mail.public_id)
    return mail


def _put_off(mail: OutgoingMail, error: Exception, now: datetime) -> None:
    """Waits twice as long after each failure, at most six hours; after eight the mail stays with its error."""
    code = f" {error.smtp_code}" if isinstance(error, smtplib.SMTPResponseException) else ""
    mail.refresh_from_db(fields=["attempts"])  # somebody may have let it begin anew
    mail.attempts += 1
    is_dead = mail.attempts >= MOST_ATTEMPTS
    wait = min(timedelta(minutes=2 ** (mail.attempts - 1)), LONGEST_WAIT)
    # Only while it still is this process's: whoever has taken it up since must not lose it to a third.
    OutgoingMail.objects.filter(pk=mail.pk, lease_until=mail.lease_until, sent_at__isnull=True).update(
        attempts=mail.attempts,
        lease_until=None,
        next_try_at=None if is_dead else now + wait,
        error=f"{type(error).__name__}{code}"[:200],
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
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    if mail.calendar:
        # The last of the alternatives, as RFC 6047 has it, is what mail programs act on; those that do not are given a file to open.
        message.attach_alternative(mail.calendar, f"text/calendar; method={mail.calendar_method}")
        message.attach("mote.ics", mail.calendar.encode(), "application/ics")
    return message


class _WithinLease(smtplib.SMTP):
    """Speaks with the mail server for two thirds of a lease at most: one until it has asked for the mail, one until it has taken it.

    A limit for each answer alone would let a slow server outlast the lease, and too short a one for the last answer would send
    again what a thorough server was still looking through.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        self._seconds = lease().total_seconds() / 3
        self._until, self._longest = time.monotonic() + self._seconds, min(SMTP_SECONDS, self._seconds)
        super().__init__(*args, **options)

    def send(self, s: Any) -> None:
        self._limit()
        super().send(s)

    def getreply(self) -> tuple[int, bytes]:
        self._limit()
        code, said = super().getreply()
        if code == 354:  # it asks for the mail
            self._until, self._longest = time.monotonic() + self._seconds, self._seconds
        else:
            self._longest = min(SMTP_SECONDS, self._seconds)
        return code, said

    def _limit(self) -> None:
        if self.sock:
            self.sock.settimeout(max(0.001, min(self._longest, self._until - time.monotonic())))


class _SMTPBackend(EmailBackend):
    connection_class = _WithinLease


def smtp_connection() -> EmailBackend:
    """Gives the connection to the real mail server; it answers within two thirds of the lease or not at all."""
    return _SMTPBackend(timeout=min(SMTP_SECONDS, settings.MAIL_LEASE_SECONDS / 3))


def _close(connection: EmailBackend) -> None:
    """Says goodbye; what the server says to that changes nothing any more."""
    try:
        connection.close()
    except Exception as error:
        log.info("the mail server did not take leave (%s)", type(error).__name__)


def mails_for_the_demo(search: str = "") -> Any:
    """Gives the mails of the outbox, newest first, for the demo's reader."""
    found = OutgoingMail.objects.order_by("-pk")
    return found.filter(recipient__icontains=search) if search else found
