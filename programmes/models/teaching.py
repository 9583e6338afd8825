"""Cohorts, their timetable, and which teacher has which trade or cohort."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q

from fagbrev.people.roles import FAGLAERER, NORSKLAERER
from fagbrev.periods import holds_on, period_constraint
from fagbrev.rows import VersionedRow

WEEKDAYS = [(0, "mandag"), (1, "tirsdag"), (2, "onsdag"), (3, "torsdag"), (4, "fredag")]
SESSION_KINDS = [("combined", "fag og norsk"), ("trade", "fag"), ("norwegian", "norsk")]


class Cohort(VersionedRow):
    """Those taught together in a trade (gruppe, kull)."""

    trade = models.ForeignKey("Trade", models.PROTECT, related_name="cohorts", verbose_name="fag")
    name = models.CharField("navn", max_length=80)
    starts_on = models.DateField("fra og med", null=True, blank=True)
    ends_on = models.DateField("til og med", null=True, blank=True)

    class Meta:
        verbose_name = "gruppe"
        verbose_name_plural = "grupper"
        constraints = [
            period_constraint("cohort_period"),
            models.UniqueConstraint(fields=["trade", "name"], name="cohort_once"),
        ]

    def __str__(self) -> str:
        return self.name


class TeachingSession(VersionedRow):
    """A weekly hour in a cohort's timetable, so that 80 % participation can be computed."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="sessions", verbose_name="gruppe")
    weekday = models.PositiveSmallIntegerField("dag", choices=WEEKDAYS)
    starts_at = models.TimeField("fra")
    hours = models.DecimalField("timer", max_digits=4, decimal_places=2)
    kind = models.CharField("innhold", max_length=10, choices=SESSION_KINDS, default="combined")
    place = models.CharField("sted", max_length=80, blank=True)
    starts_on = models.DateField("fra og med", null=True, blank=True)
    ends_on = models.DateField("til og med", null=True, blank=True)

    class Meta:
        verbose_name = "undervisningsøkt"
        verbose_name_plural = "undervisningsøkter"
        constraints = [
            period_constraint("session_period"),
            models.CheckConstraint(condition=Q(hours__gt=0) & Q(hours__lte=12), name="session_hours"),
            models.CheckConstraint(condition=Q(weekday__lte=4), name="session_weekday"),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.starts_at:%H.%M}"


class TeachingAssignmentQuerySet(models.QuerySet["TeachingAssignment"]):
    """Choices of assignments."""

    def active(self, today: date) -> "TeachingAssignmentQuerySet":
        """Those that hold on the day."""
        return self.filter(holds_on(today))


class TeachingAssignment(VersionedRow):
    """A teacher's trade, or one cohort of it, from-to: the teacher's scope."""

    KINDS = [(FAGLAERER, "faglærer"), (NORSKLAERER, "norsklærer")]

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="teaching", verbose_name="lærer")
    role = models.CharField("som", max_length=20, choices=KINDS)
    trade = models.ForeignKey("Trade", models.PROTECT, related_name="assignments", verbose_name="fag")
    cohort = models.ForeignKey(
        Cohort, models.PROTECT, null=True, blank=True, related_name="assignments", verbose_name="bare denne gruppa"
    )
    starts_on = models.DateField("fra og med")
    ends_on = models.DateField("til og med", null=True, blank=True)

    objects = TeachingAssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = "undervisningsoppdrag"
        verbose_name_plural = "undervisningsoppdrag"
        indexes = [models.Index(fields=["user", "role"], name="teaching_user_role")]
        constraints = [
            period_constraint("teaching_period"),
            models.CheckConstraint(condition=Q(role__in=[FAGLAERER, NORSKLAERER]), name="teaching_role"),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.trade}"
