"""Django's mail backend here: a mail becomes a row in the outbox, in the transaction that caused it."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from fagbrev.mail.actions import put_in_outbox


class QueuedEmailBackend(BaseEmailBackend):
    """Writes rows; the worker sends them."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Puts each recipient's copy in the outbox and gives how many mails there were."""
        for message in email_messages:
            html = next((str(part[0]) for part in getattr(message, "alternatives", []) if part[1] == "text/html"), "")
            for recipient in message.recipients():
                put_in_outbox(recipient=recipient, subject=str(message.subject), text=str(message.body), html=html)
        return len(email_messages)
