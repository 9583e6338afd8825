"""Trades with all their facts as data (V4, V5), and the curricula they follow (Udir, Grep)."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.urls import reverse

from fagbrev.periods import holds_on, period_constraint
from fagbrev.rows import VersionedRow

LEVELS = [("under_a1", "under A1"), ("a1", "A1"), ("a2", "A2"), ("b1", "B1"), ("b2", "B2"), ("c1", "C1")]
SHAPES = [("dot", "●"), ("square", "■"), ("triangle", "▲"), ("diamond", "◆")]
COLOURS = [("accent", "petrol"), ("extra2", "fiolett"), ("brand", "sennep"), ("extra1", "rust")]


class Trade(VersionedRow):
    """A trade one can take a trade certificate in; a fourth trade needs no code."""

    code = models.CharField("kode", max_length=10, unique=True)
    name = models.CharField("navn", max_length=80)
    short_name = models.CharField("kort navn", max_length=30)
    shape = models.CharField("tegn", max_length=10, choices=SHAPES, default="diamond")
    colour = models.CharField("farge", max_length=10, choices=COLOURS, default="extra1")
    order = models.PositiveSmallIntegerField("rekkefølge", default=100)
    runs_from = models.DateField("i drift fra", null=True, blank=True)
    runs_to = models.DateField("i drift til", null=True, blank=True)
    curriculum = models.ForeignKey(
        "Curriculum", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="læreplan for nye deltakere"
    )
    trade_test_code = models.CharField("fagkode, fagprøve", max_length=10, blank=True)
    written_exam_code = models.CharField("fagkode, skriftlig eksamen", max_length=10, blank=True)
    teaching = models.TextField("undervisning", blank=True)
    workplaces_text = models.TextField("arbeidssteder", blank=True)
    target_group = models.TextField("målgruppe", blank=True)
    extra = models.TextField("særlig for faget", blank=True)
    funding_text = models.TextField("finansiering", blank=True)
    subject_responsible = models.CharField("faglig ansvarlig", max_length=120, blank=True)
    norwegian_responsible = models.CharField("ansvarlig for norsk", max_length=120, blank=True)
    visit_interval_days = models.PositiveSmallIntegerField("dager mellom besøk", default=28)
    project_meeting_interval_days = models.PositiveSmallIntegerField("dager mellom prosjektgruppemøter", default=28)
    goal_oral = models.CharField("norskmål, muntlig", max_length=8, choices=LEVELS, default="b1")
    goal_written = models.CharField("norskmål, skriftlig", max_length=8, choices=LEVELS, default="b1")
    police_certificate_required = models.BooleanField("krever politiattest", default=False)
    exam_pending_allowed = models.BooleanField("kan gå til fagprøve mens eksamensresultatet ventes", default=True)
    trade_test_days = models.CharField("fagprøvens lengde", max_length=60, blank=True)

    class Meta:
        verbose_name = "fag"
        verbose_name_plural = "fag"
        constraints = [period_constraint("trade_runs", "runs_from", "runs_to")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("trade_detail", args=[self.code])


class TradeLead(VersionedRow):
    """Who is responsible for the trade (fagansvarlig): co-signs applications, is told of registrations."""

    trade = models.ForeignKey(Trade, models.PROTECT, related_name="leads", verbose_name="fag")
    name = models.CharField("navn", max_length=120)
    organisation = models.CharField("arbeidsgiver", max_length=120, blank=True)
    email = models.EmailField("e-post", blank=True)
    phone = models.CharField("telefon", max_length=20, blank=True)
    starts_on = models.DateField("fra og med", null=True, blank=True)
    ends_on = models.DateField("til og med", null=True, blank=True)

    class Meta:
        verbose_name = "fagansvarlig"
        verbose_name_plural = "fagansvarlige"
        constraints = [period_constraint("tradelead_period")]

    def __str__(self) -> str:
        return self.name


class Criterion(VersionedRow):
    """One eligibility criterion (V3): common when it has no trade, else the trade's own."""

    trade = models.ForeignKey(Trade, models.PROTECT, null=True, blank=True, related_name="criteria", verbose_name="fag")
    code = models.SlugField("kode", max_length=40, unique=True)
    text = models.CharField("krav", max_length=200)
    help = models.CharField("forklaring", max_length=300, blank=True)
    source = models.CharField("kilde", max_length=200, blank=True)
    order = models.PositiveSmallIntegerField("rekkefølge", default=100)
    is_active = models.BooleanField("i bruk", default=True)

    class Meta:
        verbose_name = "opptakskrav"
        verbose_name_plural = "opptakskrav"

    def __str__(self) -> str:
        return self.text


class CurriculumQuerySet(models.QuerySet["Curriculum"]):
    """Choices of curricula."""

    def valid(self, today: date) -> "CurriculumQuerySet":
        """Those in force on the day."""
        return self.filter(holds_on(today, start="valid_from", end="valid_to"))


class Curriculum(VersionedRow):
    """One version of a curriculum as Udir publishes it (Grep, NLOD 2.0); a participant keeps the one begun with."""

    code = models.CharField("kode", max_length=12, unique=True)
    title = models.CharField("tittel", max_length=200)
    language = models.CharField("språk", max_length=8, default="nob")
    adopted_on = models.DateField("fastsatt", null=True, blank=True)
    valid_from = models.DateField("gjelder fra", null=True, blank=True)
    valid_to = models.DateField("gjelder til", null=True, blank=True)
    trade = models.ForeignKey(Trade, models.PROTECT, null=True, blank=True, related_name="curricula", verbose_name="fag")
    source = models.CharField("kilde", max_length=300, blank=True)
    imported_at = models.DateTimeField("hentet inn", auto_now_add=True)

    objects = CurriculumQuerySet.as_manager()

    class Meta:
        verbose_name = "læreplan"
        verbose_name_plural = "læreplaner"

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class GoalSet(VersionedRow):
    """A set of competence goals in a curriculum (kompetansemålsett)."""

    curriculum = models.ForeignKey(Curriculum, models.CASCADE, related_name="goal_sets")
    code = models.CharField("kode", max_length=12)
    title = models.CharField("tittel", max_length=200)
    intro = models.CharField("innledning", max_length=300, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["curriculum", "code"], name="goalset_once")]

    def __str__(self) -> str:
        return self.title


class CompetenceGoal(VersionedRow):
    """One competence goal, word for word from Udir, with a short name of our own."""

    goal_set = models.ForeignKey(GoalSet, models.CASCADE, related_name="goals")
    code = models.CharField("kode", max_length=12)
    text = models.TextField("mål")
    language = models.CharField("språk", max_length=8, default="nob")
    short_name = models.CharField("kort navn", max_length=60, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "kompetansemål"
        verbose_name_plural = "kompetansemål"
        constraints = [models.UniqueConstraint(fields=["goal_set", "code"], name="goal_once")]

    def __str__(self) -> str:
        return self.short_name or self.text


def trades_running(today: date) -> Q:
    """Gives the condition for trades that take in people on the day."""
    return holds_on(today, start="runs_from", end="runs_to")
