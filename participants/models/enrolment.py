"""The enrolment: one participant's way through one trade, and the immutable history of its status."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from fagbrev.periods import period_constraint
from fagbrev.rows import PublicRow, VersionedRow
from participants.workflow import CHANGE_KINDS, ENDED, STATUS_CHOICES, STATUSES

ORIGINS = [("here", "startet her"), ("import", "fra regneark"), ("elsewhere", "fra en annen kommune")]


class Enrolment(VersionedRow):
    """One way through one trade (løp). Its status changes only through participants.actions.steps."""

    SECTIONS = {
        "participant": "identity",
        "trade": "identity",
        "curriculum": "competence",
        "status": "progress",
        "status_since": "progress",
        "status_before_leave": "progress",
        "started_on": "progress",
        "ended_on": "progress",
        "end_code": "status_reasons",
        "origin": "progress",
        "came_from": "progress",
        "continues": "progress",
        "queue_place": "admission",
        "contract_starts_on": "training_contract",
        "contract_ends_on": "training_contract",
        "norwegian_at_start": "intake_background",
    }

    participant = models.ForeignKey("Participant", models.PROTECT, related_name="enrolments", verbose_name="deltaker")
    trade = models.ForeignKey(
        "programmes.Trade", models.PROTECT, null=True, blank=True, related_name="enrolments", verbose_name="fag"
    )
    curriculum = models.ForeignKey("programmes.Curriculum", models.PROTECT, null=True, blank=True, related_name="+")
    status = models.CharField("fase", max_length=20, choices=STATUS_CHOICES, default="referred", editable=False)
    status_since = models.DateField("siden", null=True, editable=False)
    status_before_leave = models.CharField(max_length=20, blank=True, editable=False)
    started_on = models.DateField("henvist", null=True, blank=True)
    ended_on = models.DateField("sluttet", null=True, blank=True, editable=False)
    end_code = models.CharField("sluttårsak", max_length=30, blank=True, editable=False)
    origin = models.CharField(max_length=10, choices=ORIGINS, default="here", editable=False)
    came_from = models.CharField("kom fra", max_length=120, blank=True)
    continues = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="continued_by", editable=False)
    imported_on = models.DateField(null=True, blank=True, editable=False)
    queue_place = models.PositiveSmallIntegerField("plass i køen", null=True, blank=True)
    norwegian_at_start = models.CharField("norsk ved start", max_length=80, blank=True)
    # Copies of the newest contract version's period, kept by participants.actions.contracts alone, so that lists sort on them.
    contract_starts_on = models.DateField(null=True, blank=True, editable=False)
    contract_ends_on = models.DateField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "løp"
        verbose_name_plural = "løp"
        indexes = [
            models.Index(fields=["status", "trade"], name="enrolment_status_trade"),
            models.Index(fields=["contract_ends_on"], name="enrolment_contract_end"),
            models.Index(fields=["ended_on"], name="enrolment_ended"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=STATUSES), name="enrolment_status"),
            models.UniqueConstraint(
                fields=["participant", "trade"], condition=~Q(status__in=ENDED), name="enrolment_one_open_per_trade"
            ),
            period_constraint("enrolment_contract_period", "contract_starts_on", "contract_ends_on"),
        ]

    def __str__(self) -> str:
        return f"{self.participant_id}: {self.status}"

    @property
    def is_open(self) -> bool:
        """True until a final state."""
        return self.status not in ENDED

    def get_absolute_url(self) -> str:
        return f"{reverse('participant_detail', args=[self.participant.public_id])}?lop={self.public_id}"


class StatusChange(PublicRow):
    """One change of status: who, when registered, when it happened, from, to and why. Never edited."""

    SECTION = "progress"
    SECTIONS = {"reason_code": "status_reasons", "reason": "status_reasons", "waived": "status_reasons"}

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="changes")
    step = models.CharField(max_length=30)
    kind = models.CharField(max_length=10, choices=CHANGE_KINDS, default="step")
    from_status = models.CharField(max_length=20, choices=STATUS_CHOICES, blank=True)
    to_status = models.CharField(max_length=20, choices=STATUS_CHOICES)
    happened_on = models.DateField(null=True)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason_code = models.CharField(max_length=30, blank=True)
    reason = models.TextField(blank=True)
    waived = models.JSONField(default=dict)  # condition key -> the written reason
    source = models.CharField(max_length=120, blank=True)  # where it was done, when kind is elsewhere
    corrects = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="corrected_by")

    class Meta:
        indexes = [models.Index(fields=["enrolment", "at"], name="statuschange_enrolment")]

    def __str__(self) -> str:
        return f"{self.from_status} → {self.to_status}"


class CohortMember(VersionedRow):
    """Membership of a cohort; an ordinary apprentice in the Norwegian class has no enrolment."""

    SECTION = "identity"

    participant = models.ForeignKey("Participant", models.PROTECT, related_name="memberships", verbose_name="deltaker")
    cohort = models.ForeignKey("programmes.Cohort", models.PROTECT, related_name="members", verbose_name="gruppe")
    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, null=True, blank=True, related_name="memberships", verbose_name="løp"
    )
    starts_on = models.DateField("fra og med", null=True, blank=True)
    ends_on = models.DateField("til og med", null=True, blank=True)
    teaching_share = models.PositiveSmallIntegerField("andel av undervisningen (prosent)", default=100)

    class Meta:
        verbose_name = "plass i gruppe"
        verbose_name_plural = "plasser i gruppe"
        constraints = [
            period_constraint("cohortmember_period"),
            models.CheckConstraint(condition=Q(teaching_share__lte=100), name="cohortmember_share"),
        ]

    def __str__(self) -> str:
        return f"{self.participant_id} {self.cohort_id}"
