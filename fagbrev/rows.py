"""Abstract rows that every app builds on: the random public id, the version and who made it."""

import secrets

from django.conf import settings
from django.db import models

PUBLIC_ID_LENGTH = 12
PUBLIC_ID_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # no 0/o, 1/l/i


def new_public_id() -> str:
    """Gives a random public id of 12 unambiguous letters and digits (about 59 bits)."""
    return "".join(secrets.choice(PUBLIC_ID_ALPHABET) for _ in range(PUBLIC_ID_LENGTH))


class PublicRow(models.Model):
    """A row that addresses may name: by its public id, never by the database's number."""

    public_id = models.CharField(max_length=PUBLIC_ID_LENGTH, unique=True, default=new_public_id, editable=False)

    class Meta:
        abstract = True


class VersionedRow(PublicRow):
    """A row that people edit: the version tells two simultaneous editors apart."""

    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    class Meta:
        abstract = True
