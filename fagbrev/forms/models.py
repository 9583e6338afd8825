"""Submissions already carried out, so that a second POST of the same form changes nothing."""

from django.conf import settings
from django.db import models


class Submission(models.Model):
    """One form sent once, and where its sender was led."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    token = models.CharField(max_length=32)
    url = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token"], name="submission_once")]

    def __str__(self) -> str:
        return self.token
