"""Placements: a participant at a workplace, with leder and fadder, from-to (V8 rows 6 and 7)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from fagbrev.periods import period_constraint
from fagbrev.rows import VersionedRow
from participants.models.enrolment import Enrolment

DAYS = [(0, "man"), (1, "tir"), (2, "ons"), (3, "tor"), (4, "fre"), (5, "lør"), (6, "søn")]


class Placement(VersionedRow):
    """Practice at one workplace (praksisplass); one main at a time, others secondary."""

    SECTION = "placement"
    SECTIONS = {"end_reason": "status_reasons"}

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="placements")
    workplace = models.ForeignKey("programmes.Workplace", models.PROTECT, related_name="placements", verbose_name="arbeidssted")
    is_main = models.BooleanField("hovedarbeidssted", default=True)
    leder = models.ForeignKey(
        "programmes.WorkplacePerson", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="leder"
    )
    requested_on = models.DateField("spurt om plass", null=True, blank=True)
    informed_on = models.DateField("leder og ansatte informert", null=True, blank=True)
    starts_on = models.DateField("første dag", null=True, blank=True)
    ends_on = models.DateField("siste dag", null=True, blank=True)
    percent = models.PositiveSmallIntegerField("stillingsprosent", null=True, blank=True)
    weekdays = models.JSONField("dager", default=list, blank=True)
    interview_held_on = models.DateField("samtale på arbeidsstedet holdt", null=True, blank=True)
    expectations = models.TextField("forventninger", blank=True)
    role_notes = models.TextField("hvem gjør hva", blank=True)
    practical = models.TextField("praktisk", blank=True)
    extra_person_confirmed_on = models.DateField("bekreftet som ekstra person", null=True, blank=True)
    county_told_on = models.DateField("fylkeskommunen har fått beskjed om arbeidsstedet", null=True, blank=True)
    end_reason = models.CharField("hvorfor den sluttet", max_length=200, blank=True)

    class Meta:
        verbose_name = "praksisplass"
        verbose_name_plural = "praksisplasser"
        indexes = [models.Index(fields=["workplace", "ends_on"], name="placement_workplace")]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment"], condition=Q(is_main=True, ends_on__isnull=True), name="placement_one_open_main"
            ),
            models.CheckConstraint(condition=Q(percent__isnull=True) | Q(percent__lte=100), name="placement_percent"),
            period_constraint("placement_period"),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.workplace_id}"


class PlacementFadder(VersionedRow):
    """A fadder of a placement, from-to; one may be the substitute."""

    SECTION = "placement"

    placement = models.ForeignKey(Placement, models.PROTECT, related_name="faddere")
    person = models.ForeignKey("programmes.WorkplacePerson", models.PROTECT, related_name="fadder_for", verbose_name="fadder")
    starts_on = models.DateField("fra og med", null=True, blank=True)
    ends_on = models.DateField("til og med", null=True, blank=True)
    is_substitute = models.BooleanField("vikar", default=False)

    class Meta:
        verbose_name = "fadder"
        verbose_name_plural = "faddere"
        indexes = [models.Index(fields=["person", "ends_on"], name="placementfadder_person")]
        constraints = [period_constraint("placementfadder_period")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.placement_id}"


class FadderProposal(VersionedRow):
    """A fadder the leder proposes by name and e-mail; the koordinator invites in one click."""

    SECTION = "placement"

    placement = models.ForeignKey(Placement, models.PROTECT, related_name="proposals")
    name = models.CharField("navn", max_length=120)
    email = models.EmailField("e-post", blank=True)
    has_fagbrev = models.BooleanField("har fagbrev", null=True, blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False)
    proposed_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True, blank=True, editable=False)
    accepted = models.BooleanField(null=True, editable=False)

    class Meta:
        verbose_name = "forslag til fadder"
        verbose_name_plural = "forslag til fadder"

    def __str__(self) -> str:
        return self.name
