"""Where drafts are kept: one sealed text for each user and form."""

from django.conf import settings
from django.db import models

from fagbrev.rows import PublicRow
from fagbrev.sealed import SealedField


class Draft(PublicRow):
    """What one user has typed in one form and not saved yet. Neither the address nor the text can be read in the database."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    address = models.CharField(max_length=64, help_text="blind index of the form's address")
    body = SealedField()
    submission = models.CharField(
        max_length=32, blank=True, help_text="the form it was typed in, so that it goes when that is sent"
    )
    saved_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = "kladd"
        verbose_name_plural = "kladder"
        constraints = [models.UniqueConstraint(fields=["user", "address"], name="draft_once")]

    def __str__(self) -> str:
        return self.public_id
