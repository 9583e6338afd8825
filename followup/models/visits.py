"""Workplace visits (veiledningsbesøk, V4 and V6): planned together, logged, open for a while, then locked with versions."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from fagbrev.rows import PublicRow, VersionedRow
from participants.models import Placement

PROPOSED, AGREED, HELD, CANCELLED = "proposed", "agreed", "held", "cancelled"
VISIT_STATES = [(PROPOSED, "foreslått"), (AGREED, "avtalt"), (HELD, "gjennomført"), (CANCELLED, "avlyst")]
PRESENT = [
    ("deltaker", "deltakeren"),
    ("fadder", "fadder"),
    ("leder", "leder"),
    ("faglaerer", "faglærer"),
    ("norsklaerer", "norsklærer"),
    ("coordinator", "koordinator"),
]
MOST_GOALS = 3


class WorkplaceVisit(VersionedRow):
    """A visit at a placement: first a time to agree on, then what was seen. The internal note is the teachers' and koordinator's."""

    SECTION = "visits"
    SECTIONS = {
        "state": "visit_plan", "planned_at": "visit_plan", "proposed_by": "visit_plan", "answered_by": "visit_plan",
        "answered_at": "visit_plan", "plan_words": "visit_plan", "internal_note": "visit_internal_note",
    }  # fmt: skip

    placement = models.ForeignKey(Placement, models.PROTECT, related_name="visits")
    state = models.CharField("status", max_length=10, choices=VISIT_STATES, default=PROPOSED, editable=False)
    planned_at = models.DateTimeField("tid", null=True, blank=True)
    plan_words = models.CharField("beskjed om besøket", max_length=200, blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False)
    answered_at = models.DateTimeField(null=True, editable=False)
    visited_on = models.DateField("dato for besøket", null=True, blank=True)
    visitor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False)
    present = models.JSONField("til stede", default=list, blank=True)
    only_log = models.BooleanField("bare logg", default=False)
    # How many VisitGoal rows it has, so that the database itself refuses a held visit with no goal that is not «bare logg».
    goal_count = models.PositiveSmallIntegerField(default=0, editable=False)
    seen = models.TextField("hva jeg så", blank=True)
    agreed = models.TextField("avtalt til neste gang", blank=True)
    internal_note = models.TextField("internt notat", blank=True)
    logged_at = models.DateTimeField(null=True, editable=False)
    # A random text made on the device: the same draft sent twice becomes one visit.
    device_key = models.CharField(max_length=36, blank=True, editable=False)

    class Meta:
        verbose_name = "besøk"
        verbose_name_plural = "besøk"
        indexes = [
            models.Index(fields=["placement", "-visited_on"], name="visit_placement"),
            models.Index(fields=["planned_at"], name="visit_planned"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[code for code, _ in VISIT_STATES]), name="visit_state"),
            models.CheckConstraint(condition=~Q(state=HELD) | Q(visited_on__isnull=False), name="visit_held_has_day"),
            models.CheckConstraint(
                condition=~Q(state=HELD)
                | Q(only_log=True, goal_count=0)
                | Q(only_log=False, goal_count__gte=1, goal_count__lte=MOST_GOALS),
                name="visit_held_has_goals",
            ),
            models.UniqueConstraint(fields=["device_key"], condition=~Q(device_key=""), name="visit_device_key"),
        ]

    def __str__(self) -> str:
        return f"{self.placement_id} {self.visited_on or self.planned_at}"


class VisitGoal(PublicRow):
    """A goal seen at a visit: at most three, each once; a visit without any is «bare logg»."""

    SECTION = "visits"

    visit = models.ForeignKey(WorkplaceVisit, models.PROTECT, related_name="goals")
    goal = models.ForeignKey("programmes.CompetenceGoal", models.PROTECT, related_name="+", verbose_name="kompetansemål")
    place = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["visit", "goal"], name="visitgoal_once"),
            models.UniqueConstraint(fields=["visit", "place"], name="visitgoal_place"),
            models.CheckConstraint(condition=Q(place__gte=1) & Q(place__lte=MOST_GOALS), name="visitgoal_at_most_three"),
        ]

    def __str__(self) -> str:
        return f"{self.visit_id} {self.goal_id}"


class VisitOtherText(PublicRow):
    """What another wrote about the same visit at the same time: kept beside the first, never laid over it."""

    SECTION = "visits"
    SECTIONS = {"internal_note": "visit_internal_note"}

    visit = models.ForeignKey(WorkplaceVisit, models.PROTECT, related_name="other_texts")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    seen = models.TextField("hva jeg så", blank=True)
    agreed = models.TextField("avtalt til neste gang", blank=True)
    internal_note = models.TextField("internt notat", blank=True)
    device_key = models.CharField(max_length=36, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["device_key"], condition=~Q(device_key=""), name="visitothertext_device_key"),
        ]

    def __str__(self) -> str:
        return f"{self.visit_id} {self.by_id}"
