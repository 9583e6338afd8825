"""Who looked, who changed which fields, and what rows held before: only appended to."""

from django.conf import settings
from django.db import models


class LookLog(models.Model):
    """One look at a participant's record: who, when, which sections, in which role."""

    at = models.DateTimeField(auto_now_add=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    roles = models.CharField(max_length=100)
    participant_id = models.BigIntegerField()
    enrolment_id = models.BigIntegerField(null=True)
    page = models.CharField(max_length=40)
    act = models.CharField(max_length=10, default="look")  # look, pdf, export, file, reveal, list
    sections = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["participant_id", "-at"], name="looklog_participant")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.act} {self.page} {self.participant_id}"


class ChangeLog(models.Model):
    """One change: who, when, which section, the names of the fields; never their values."""

    at = models.DateTimeField(auto_now_add=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    participant_id = models.BigIntegerField(null=True)
    enrolment_id = models.BigIntegerField(null=True)
    section = models.CharField(max_length=30)
    verb = models.CharField(max_length=30)
    subject_type = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=12, blank=True)
    fields = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["participant_id", "-at"], name="changelog_participant")]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_type} {self.subject_id}"


class Revision(models.Model):
    """What a row held at one version; destroyed with the record it belongs to."""

    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    participant_id = models.BigIntegerField(null=True)
    section = models.CharField(max_length=30)
    subject_type = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=12)
    version = models.PositiveIntegerField()
    content = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject_type", "subject_id", "version"], name="revision_once"),
        ]

    def __str__(self) -> str:
        return f"{self.subject_type} {self.subject_id} v{self.version}"
