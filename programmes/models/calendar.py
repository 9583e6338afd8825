"""The year: semesters, breaks, exam windows, Norwegian test windows, and dated settings with their source."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from fagbrev.periods import period_constraint
from fagbrev.rows import VersionedRow


class Semester(VersionedRow):
    """One semester of a school year, as the municipality's school plan has it."""

    SEASONS = [("autumn", "høst"), ("spring", "vår")]

    school_year = models.CharField("skoleår", max_length=7)  # 2026/27
    season = models.CharField("semester", max_length=6, choices=SEASONS)
    starts_on = models.DateField("første dag")
    ends_on = models.DateField("siste dag")

    class Meta:
        verbose_name = "semester"
        verbose_name_plural = "semestre"
        constraints = [
            models.UniqueConstraint(fields=["school_year", "season"], name="semester_once"),
            period_constraint("semester_period"),
        ]

    def __str__(self) -> str:
        return f"{self.get_season_display()} {self.school_year}"


class CalendarBreak(VersionedRow):
    """Days without teaching, or without practice: a school break or a local day off."""

    name = models.CharField("navn", max_length=80)
    starts_on = models.DateField("første dag")
    ends_on = models.DateField("siste dag")
    stops_teaching = models.BooleanField("ingen undervisning", default=True)
    stops_practice = models.BooleanField("ingen praksis", default=False)
    source = models.CharField("kilde", max_length=200, blank=True)

    class Meta:
        verbose_name = "ferie eller fridag"
        verbose_name_plural = "ferier og fridager"
        constraints = [period_constraint("break_period")]

    def __str__(self) -> str:
        return self.name


class ExamWindow(VersionedRow):
    """A window for registering for the written exam, and what follows from it (V8 row 12)."""

    name = models.CharField("navn", max_length=80)
    opens_on = models.DateField("påmelding åpner")
    closes_on = models.DateField("siste dag for påmelding")
    accommodations_due_on = models.DateField("frist for tilrettelegging", null=True, blank=True)
    exam_from = models.DateField("første eksamensdag", null=True, blank=True)
    exam_to = models.DateField("siste eksamensdag", null=True, blank=True)
    results_on = models.DateField("resultat", null=True, blank=True)
    source = models.CharField("kilde", max_length=200, blank=True)

    class Meta:
        verbose_name = "eksamensvindu"
        verbose_name_plural = "eksamensvinduer"
        constraints = [
            period_constraint("examwindow_open", "opens_on", "closes_on"),
            period_constraint("examwindow_days", "exam_from", "exam_to"),
            models.UniqueConstraint(fields=["opens_on"], name="examwindow_once"),
        ]

    def __str__(self) -> str:
        return self.name


PART_DAYS = (("reading_on", "lese"), ("listening_on", "lytte"), ("writing_on", "skriftlig"), ("oral_on", "muntlig"))


class NorwegianTestWindow(VersionedRow):
    """A window for registering for a Norwegian test (norskprøve); dates are entered, never guessed."""

    name = models.CharField("navn", max_length=80)
    opens_on = models.DateField("påmelding åpner")
    closes_on = models.DateField("siste dag for påmelding")
    test_from = models.DateField("første prøvedag", null=True, blank=True)
    test_to = models.DateField("siste prøvedag", null=True, blank=True)
    reading_on = models.DateField("første prøvedag, lese", null=True, blank=True)
    listening_on = models.DateField("første prøvedag, lytte", null=True, blank=True)
    writing_on = models.DateField("første prøvedag, skriftlig", null=True, blank=True)
    oral_on = models.DateField("første prøvedag, muntlig", null=True, blank=True)
    source = models.CharField("kilde", max_length=200, blank=True)

    class Meta:
        verbose_name = "norskprøvevindu"
        verbose_name_plural = "norskprøvevinduer"
        constraints = [period_constraint("norwegianwindow_open", "opens_on", "closes_on")]

    def part_days(self) -> dict[date, list[str]]:
        """Gives the parts whose first day is known, by day: {day: ["lese", "lytte"]}."""
        found: dict[date, list[str]] = {}
        for column, name in PART_DAYS:
            day = getattr(self, column)
            if day:
                found.setdefault(day, []).append(name)
        return dict(sorted(found.items()))

    def __str__(self) -> str:
        return self.name


class SettingQuerySet(models.QuerySet["Setting"]):
    """Choices of settings."""

    def in_force(self, key: str, today: date) -> "Setting | None":
        """Gives the newest value of the key that holds on the day, or None."""
        return self.filter(key=key, valid_from__lte=today).order_by("-valid_from").first()


class Setting(VersionedRow):
    """An amount, interval or limit from a date, with its source: edited by a coordinator, never guessed."""

    key = models.SlugField("innstilling", max_length=60)
    value = models.DecimalField("verdi", max_digits=12, decimal_places=2)
    valid_from = models.DateField("gjelder fra")
    source = models.CharField("kilde", max_length=200)

    objects = SettingQuerySet.as_manager()

    class Meta:
        verbose_name = "innstilling"
        verbose_name_plural = "innstillinger"
        constraints = [
            models.UniqueConstraint(F("key"), F("valid_from"), name="setting_once"),
            models.CheckConstraint(condition=Q(value__gte=0), name="setting_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.value}"
