"""The outbox: a mail is a row before it is sent, so that none is lost."""

from django.db import models

from fagbrev.rows import PublicRow


class OutgoingMail(PublicRow):
    """One mail to one recipient. The body goes when it is sent, apart from in the demo."""

    recipient = models.EmailField()
    subject = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_try_at"], name="mail_waiting", condition=models.Q(sent_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.public_id
