"""The secret addresses of calendar feeds, and what each user's calendar was last given."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q

from fagbrev.people.models import PeopleEvent


class FeedTokenQuerySet(models.QuerySet["FeedToken"]):
    """Choices of addresses."""

    def live(self, today: date) -> FeedTokenQuerySet:
        """Those that answer: not turned off, not expired, and whose user has not been deactivated since, for however short a time."""
        left = PeopleEvent.objects.filter(user=OuterRef("user"), verb="deactivated", at__gte=OuterRef("created_at"))
        held = self.filter(revoked_at__isnull=True, expires_on__gte=today, user__is_active=True)
        return held.exclude(models.Exists(left))


class FeedToken(models.Model):
    """One secret address to a user's calendar; the address itself is not stored, only its hash."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="feed_tokens")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_on = models.DateField()  # the last day it answers
    revoked_at = models.DateTimeField(null=True)
    last_used_on = models.DateField(null=True)

    objects = FeedTokenQuerySet.as_manager()

    class Meta:
        verbose_name = "kalenderabonnement"
        verbose_name_plural = "kalenderabonnementer"
        constraints = [models.UniqueConstraint(fields=["user"], condition=Q(revoked_at__isnull=True), name="feedtoken_one_live")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.expires_on}"


class FeedEvent(models.Model):
    """One event as it was last given to a user: what SEQUENCE and STATUS are told from. Holds no word of what it is about."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="feed_events")
    uid = models.CharField(max_length=64)  # without the domain
    is_period = models.BooleanField()  # whole days, not a time of day
    starts_on = models.DateField()
    ends_on = models.DateField()  # the last day
    starts_at = models.DateTimeField(null=True)  # of a meeting, which has a time of its own
    ends_at = models.DateTimeField(null=True)
    fingerprint = models.CharField(max_length=64)
    sequence = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "hendelse i abonnement"
        verbose_name_plural = "hendelser i abonnement"
        constraints = [
            models.UniqueConstraint(fields=["user", "uid"], name="feedevent_once"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="feedevent_period"),
        ]

    def __str__(self) -> str:
        return f"{self.uid} {self.sequence}"
