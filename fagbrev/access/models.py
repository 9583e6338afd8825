"""Restrictions that stand inside every scope query: conflicts of interest and protected addresses."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q

from fagbrev.rows import PublicRow


class RecordRestrictionQuerySet(models.QuerySet["RecordRestriction"]):
    """Choices of restrictions."""

    def active(self, today: date) -> "RecordRestrictionQuerySet":
        """Those that hold on the day."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today), starts_on__lte=today)


class RecordRestriction(PublicRow):
    """Denies one user a participant's record, or lets only the named ones in."""

    DENY, ONLY = "deny", "only"
    KINDS = [(DENY, "ser ikke denne deltakeren"), (ONLY, "er blant de få som ser denne deltakeren")]

    participant_id = models.BigIntegerField(db_index=True)
    kind = models.CharField("virkning", max_length=4, choices=KINDS)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="restrictions", verbose_name="bruker")
    reason = models.CharField("grunn", max_length=200)
    starts_on = models.DateField("fra og med")
    ends_on = models.DateField("til og med", null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    objects = RecordRestrictionQuerySet.as_manager()

    class Meta:
        verbose_name = "sperre"
        verbose_name_plural = "sperrer"
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["deny", "only"]), name="restriction_kind"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")), name="restriction_period"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.user_id}"
