"""Assignments and the weekly plan: what is to be done at work, and who has said it is done (V6)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from fagbrev.rows import PublicRow, VersionedRow
from participants.models import Enrolment, Placement
from participants.models.documents import private_storage

GIVEN, HANDED_IN, DONE, WITHDRAWN = "given", "handed_in", "done", "withdrawn"
ASSIGNMENT_STATES = [(GIVEN, "skal gjøres"), (HANDED_IN, "levert"), (DONE, "ferdig"), (WITHDRAWN, "trukket tilbake")]
ASSIGNMENT_KINDS = [("theory", "teori"), ("practice", "praktisk")]
MOST_GOALS = 3


class Assignment(VersionedRow):
    """An assignment to one participant; those given at once to several share `batch`."""

    SECTION = "assignments"

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="assignments")
    batch = models.CharField(max_length=12, blank=True, editable=False, db_index=True)
    kind = models.CharField("type", max_length=10, choices=ASSIGNMENT_KINDS, default="practice")
    title = models.CharField("oppgave", max_length=120)
    words = models.TextField("hva deltakeren skal gjøre")
    at_work = models.CharField("hva fadder gjør", max_length=300, blank=True)
    minutes_with_fadder = models.PositiveSmallIntegerField("minutter sammen med fadder", null=True, blank=True)
    given_on = models.DateField("gitt", editable=False)
    due_on = models.DateField("leveres innen", null=True, blank=True)
    state = models.CharField("status", max_length=10, choices=ASSIGNMENT_STATES, default=GIVEN, editable=False)
    feedback = models.TextField("tilbakemelding", blank=True)
    feedback_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False)
    done_on = models.DateField("ferdig", null=True, editable=False)

    class Meta:
        verbose_name = "oppgave"
        verbose_name_plural = "oppgaver"
        indexes = [models.Index(fields=["enrolment", "state", "due_on"], name="assignment_state")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[code for code, _ in ASSIGNMENT_STATES]), name="assignment_state_known"),
            models.CheckConstraint(condition=~Q(state=DONE) | Q(done_on__isnull=False), name="assignment_done_has_day"),
        ]

    def __str__(self) -> str:
        return self.title


class AssignmentGoal(PublicRow):
    """A goal an assignment is tied to; at most three."""

    SECTION = "assignments"

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="goals")
    goal = models.ForeignKey("programmes.CompetenceGoal", models.PROTECT, related_name="+", verbose_name="kompetansemål")
    place = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assignment", "goal"], name="assignmentgoal_once"),
            models.UniqueConstraint(fields=["assignment", "place"], name="assignmentgoal_place"),
            models.CheckConstraint(condition=Q(place__gte=1) & Q(place__lte=MOST_GOALS), name="assignmentgoal_at_most_three"),
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id} {self.goal_id}"


class HandIn(PublicRow):
    """What the participant handed in: text, and at most one file (a photo without EXIF and place). Never edited."""

    SECTION = "assignments"

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="hand_ins")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    words = models.TextField("svar", blank=True)
    file = models.FileField(storage=private_storage, upload_to="handins", max_length=200, blank=True)
    file_name = models.CharField(max_length=120, blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveIntegerField(default=0)
    device_key = models.CharField(max_length=36, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(words="") | ~Q(file=""), name="handin_holds_something"),
            models.UniqueConstraint(fields=["device_key"], condition=~Q(device_key=""), name="handin_device_key"),
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id} {self.at}"


class WeeklyPlan(VersionedRow):
    """The week's plan at a placement, made by fadder and participant together; one per week."""

    SECTION = "weekly_plan"

    placement = models.ForeignKey(Placement, models.PROTECT, related_name="weekly_plans")
    week_starts_on = models.DateField("uke")
    focus = models.CharField("det viktigste denne uka", max_length=200, blank=True)
    look_back = models.TextField("slik gikk det", blank=True)

    class Meta:
        verbose_name = "ukeplan"
        verbose_name_plural = "ukeplaner"
        constraints = [
            models.UniqueConstraint(fields=["placement", "week_starts_on"], name="weeklyplan_once"),
            models.CheckConstraint(condition=Q(week_starts_on__iso_week_day=1), name="weeklyplan_monday"),
        ]

    def __str__(self) -> str:
        return f"{self.placement_id} {self.week_starts_on}"


class WeeklyPlanLine(PublicRow):
    """One thing to do on a day of the week; ticked when done."""

    SECTION = "weekly_plan"

    plan = models.ForeignKey(WeeklyPlan, models.CASCADE, related_name="lines")
    weekday = models.PositiveSmallIntegerField("dag")
    place = models.PositiveSmallIntegerField()
    words = models.CharField("hva", max_length=200)
    goal = models.ForeignKey("programmes.CompetenceGoal", models.PROTECT, null=True, blank=True, related_name="+")
    is_done = models.BooleanField("gjort", default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "weekday", "place"], name="weeklyplanline_place"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="weeklyplanline_weekday"),
        ]

    def __str__(self) -> str:
        return self.words
