"""Competence goals seen by three, evidence of them, and the plans that follow the person (V6, V8 rows 8 and 9)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from fagbrev.people.roles import DELTAKER, FADDER, FAGLAERER
from fagbrev.rows import PublicRow, VersionedRow
from participants.models import Enrolment

VIEWERS = [(DELTAKER, "deltakeren"), (FADDER, "fadder"), (FAGLAERER, "faglærer")]
LEVELS = [(0, "ikke begynt"), (1, "har prøvd"), (2, "kan med hjelp"), (3, "kan alene")]
APPROVED = 3  # the faglærer's «kan alene» is the goal approved
PLAN_KINDS = [("individual", "individuell plan"), ("internal", "intern plan for opplæring")]
MOST_GOALS = 3


class GoalView(PublicRow):
    """How one of the three sees a goal on a day. A new view is a new row; the newest holds, the earlier ones are the history."""

    SECTION = "competence"

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="goal_views")
    goal = models.ForeignKey("programmes.CompetenceGoal", models.PROTECT, related_name="+", verbose_name="kompetansemål")
    role = models.CharField("sett av", max_length=20, choices=VIEWERS)
    level = models.PositiveSmallIntegerField("nivå", choices=LEVELS)
    words = models.CharField("hvorfor", max_length=200, blank=True)
    given_on = models.DateField("dato")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "syn på et kompetansemål"
        verbose_name_plural = "syn på kompetansemål"
        indexes = [models.Index(fields=["enrolment", "goal", "role", "-given_on"], name="goalview_newest")]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "goal", "role", "given_on"], name="goalview_once_a_day"),
            models.CheckConstraint(condition=Q(level__lte=3), name="goalview_level"),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.goal_id} {self.role} {self.level}"


class Evidence(VersionedRow):
    """Something the participant has done that shows one to three goals, or is kept as «bare logg»."""

    SECTION = "competence"

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="evidence")
    happened_on = models.DateField("dato")
    words = models.TextField("hva som ble gjort")
    only_log = models.BooleanField("bare logg", default=False)
    goal_count = models.PositiveSmallIntegerField(default=0, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    by_role = models.CharField(max_length=20, editable=False)

    class Meta:
        verbose_name = "dokumentasjon"
        verbose_name_plural = "dokumentasjon"
        indexes = [models.Index(fields=["enrolment", "-happened_on"], name="evidence_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(only_log=True, goal_count=0) | Q(only_log=False, goal_count__gte=1, goal_count__lte=MOST_GOALS),
                name="evidence_has_goals",
            )
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.happened_on}"


class EvidenceGoal(PublicRow):
    """A goal a piece of evidence shows; at most three."""

    SECTION = "competence"

    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="goals")
    goal = models.ForeignKey("programmes.CompetenceGoal", models.PROTECT, related_name="+", verbose_name="kompetansemål")
    place = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["evidence", "goal"], name="evidencegoal_once"),
            models.UniqueConstraint(fields=["evidence", "place"], name="evidencegoal_place"),
            models.CheckConstraint(condition=Q(place__gte=1) & Q(place__lte=MOST_GOALS), name="evidencegoal_at_most_three"),
        ]

    def __str__(self) -> str:
        return f"{self.evidence_id} {self.goal_id}"


class TrainingPlan(VersionedRow):
    """A living plan of an enrolment: the individual one, or the internal plan the county gets. Its versions are revisions."""

    SECTION = "training_plan"

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="training_plans")
    kind = models.CharField("plan", max_length=10, choices=PLAN_KINDS)
    aims = models.TextField("mål", blank=True)
    steps = models.TextField("hva vi gjør, og når", blank=True)
    support = models.TextField("hvem hjelper med hva", blank=True)
    evaluation = models.TextField("hvordan vi følger med", blank=True)
    settled_on = models.DateField("gjelder fra", null=True, blank=True)

    class Meta:
        verbose_name = "plan"
        verbose_name_plural = "planer"
        constraints = [models.UniqueConstraint(fields=["enrolment", "kind"], name="trainingplan_once")]

    def __str__(self) -> str:
        return self.get_kind_display()
