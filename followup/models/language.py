"""Norwegian level over time (V6, norsklærer), and absence from teaching and practice (V3: at least 80 % participation)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from fagbrev.periods import period_constraint
from fagbrev.rows import PublicRow, VersionedRow
from participants.models import CohortMember, Enrolment, Participant, Placement
from participants.models.exams import PARTS
from programmes.models.trades import LEVELS

TEACHING, PRACTICE = "teaching", "practice"
ABSENCE_FROM = [(TEACHING, "undervisning"), (PRACTICE, "praksis")]
ABSENCE_STATES = [("reported", "meldt av deltakeren"), ("confirmed", "bekreftet")]
# Coarse codes, no free text about health (the domain page, "What the law adds").
ABSENCE_REASONS = [
    ("sick", "syk"),
    ("sick_child", "sykt barn"),
    ("welfare", "velferdspermisjon"),
    ("other", "annet gyldig"),
    ("invalid", "ugyldig"),
]


class LanguageLevel(VersionedRow):
    """The level of one part as norsklærer sees it on a day; a new assessment is a new row."""

    SECTION = "language"

    participant = models.ForeignKey(Participant, models.PROTECT, related_name="language_levels")
    part = models.CharField("del", max_length=10, choices=PARTS)
    level = models.CharField("nivå", max_length=8, choices=LEVELS)
    observed_on = models.DateField("dato")
    words = models.CharField("hva vi jobber med", max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)

    class Meta:
        verbose_name = "norsknivå"
        verbose_name_plural = "norsknivåer"
        indexes = [models.Index(fields=["participant", "part", "-observed_on"], name="languagelevel_newest")]
        constraints = [models.UniqueConstraint(fields=["participant", "part", "observed_on"], name="languagelevel_once_a_day")]

    def __str__(self) -> str:
        return f"{self.participant_id} {self.part} {self.level}"


class Lesson(VersionedRow):
    """A teaching session as it was held: the class register of a day."""

    cohort = models.ForeignKey("programmes.Cohort", models.PROTECT, related_name="lessons", verbose_name="gruppe")
    held_on = models.DateField("dato")
    hours = models.DecimalField("timer", max_digits=4, decimal_places=2)
    kept_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)

    class Meta:
        verbose_name = "klasseliste"
        verbose_name_plural = "klasselister"
        constraints = [
            models.UniqueConstraint(fields=["cohort", "held_on"], name="lesson_once"),
            models.CheckConstraint(condition=Q(hours__gt=0) & Q(hours__lte=12), name="lesson_hours"),
        ]

    def __str__(self) -> str:
        return f"{self.cohort_id} {self.held_on}"


class GuestAbsence(PublicRow):
    """An ordinary apprentice of the class who was away: in the register, never in the figures."""

    SECTION = "absence"

    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="guest_absences")
    member = models.ForeignKey(CohortMember, models.PROTECT, related_name="+")
    hours = models.DecimalField("timer borte", max_digits=4, decimal_places=2)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lesson", "member"], name="guestabsence_once")]

    def __str__(self) -> str:
        return f"{self.lesson_id} {self.member_id}"


class Absence(VersionedRow):
    """Hours away on a day, from teaching or from practice. The reason is a section of its own. Never counts in goals."""

    SECTION = "absence"
    SECTIONS = {"reason": "absence_reasons"}

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="absences")
    away_from = models.CharField("borte fra", max_length=10, choices=ABSENCE_FROM)
    placement = models.ForeignKey(Placement, models.PROTECT, null=True, blank=True, related_name="absences")
    lesson = models.ForeignKey(Lesson, models.PROTECT, null=True, blank=True, related_name="absences")
    away_on = models.DateField("dato")
    hours = models.DecimalField("timer", max_digits=4, decimal_places=2)
    reason = models.CharField("grunn", max_length=12, choices=ABSENCE_REASONS, blank=True)
    is_valid = models.BooleanField("gyldig", null=True, blank=True)
    state = models.CharField("status", max_length=10, choices=ABSENCE_STATES, default="confirmed", editable=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False)

    class Meta:
        verbose_name = "fravær"
        verbose_name_plural = "fravær"
        indexes = [models.Index(fields=["enrolment", "away_from", "-away_on"], name="absence_days")]
        constraints = [
            models.CheckConstraint(condition=Q(hours__gt=0) & Q(hours__lte=24), name="absence_hours"),
            models.CheckConstraint(
                condition=Q(away_from=TEACHING, placement__isnull=True)
                | Q(away_from=PRACTICE, placement__isnull=False, lesson__isnull=True),
                name="absence_from_one_place",
            ),
            models.UniqueConstraint(
                fields=["enrolment", "away_on"], condition=Q(away_from=TEACHING), name="absence_once_a_day_teaching"
            ),
            models.UniqueConstraint(fields=["placement", "away_on"], name="absence_once_a_day_practice"),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.away_from} {self.away_on}"


class SickLeave(VersionedRow):
    """A period of sick leave: kept apart from absence, and taken out of what is expected."""

    SECTION = "absence_reasons"

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="sick_leaves")
    starts_on = models.DateField("fra og med")
    ends_on = models.DateField("til og med", null=True, blank=True)
    percent = models.PositiveSmallIntegerField("prosent", default=100)

    class Meta:
        verbose_name = "sykmelding"
        verbose_name_plural = "sykmeldinger"
        constraints = [
            period_constraint("sickleave_period"),
            models.CheckConstraint(condition=Q(percent__gte=1) & Q(percent__lte=100), name="sickleave_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.starts_on}"
