"""The outbox: a mail is a row before it is sent, so that none is lost."""

from django.conf import settings
from django.db import models

from fagbrev.rows import PublicRow


class OutgoingMail(PublicRow):
    """One mail to one recipient. The body goes when it is sent, apart from in the demo.

    A mail of a kind is written first when it is sent, so that it holds what is true then; there is one per user, kind and period.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=20, blank=True)
    period = models.CharField(max_length=20, blank=True)
    recipient = models.EmailField()
    subject = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    calendar = models.TextField(blank=True)  # what the recipient's calendar is told, as iCalendar text (RFC 5546)
    calendar_method = models.CharField(max_length=10, blank=True)  # REQUEST or CANCEL
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)  # there was nothing left to say when it was to be sent
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_try_at"], name="mail_waiting", condition=models.Q(sent_at__isnull=True)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "period"], condition=~models.Q(kind=""), name="mail_once_a_period"),
        ]

    def __str__(self) -> str:
        return self.public_id
