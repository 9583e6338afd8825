"""Review conversations (V8 row 10), actions that follow the person, concerns, and the koordinator's own notes (V6)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from fagbrev.people.roles import COORDINATOR, DELTAKER, FADDER, FAGLAERER, LEDER, NORSKLAERER
from fagbrev.rows import PublicRow, VersionedRow
from fagbrev.sealed import SealedField
from followup.models.visits import WorkplaceVisit
from participants.models import Enrolment, Placement

CALLED, HELD, LOCKED, CANCELLED = "called", "held", "locked", "cancelled"
REVIEW_STATES = [(CALLED, "innkalt"), (HELD, "holdt"), (LOCKED, "underskrevet"), (CANCELLED, "avlyst")]
REVIEW_ROLES = [(DELTAKER, "deltaker"), (FADDER, "fadder"), (FAGLAERER, "faglærer"), (COORDINATOR, "koordinator")]
OWNER_ROLES = [
    (COORDINATOR, "koordinator"),
    (FAGLAERER, "faglærer"),
    (NORSKLAERER, "norsklærer"),
    (FADDER, "fadder"),
    (LEDER, "leder"),
    (DELTAKER, "deltaker"),
]
CONCERN_STATES = [("new", "ny"), ("seen", "sett"), ("answered", "besvart"), ("closed", "avsluttet")]


class ReviewConversation(VersionedRow):
    """A review conversation (vurderingssamtale) at a placement in a semester; called, held, signed, locked."""

    SECTION = "reviews"

    placement = models.ForeignKey(Placement, models.PROTECT, related_name="reviews")
    semester = models.CharField(max_length=15, editable=False)  # the key of the semester, as the duties name it
    state = models.CharField("status", max_length=10, choices=REVIEW_STATES, default=CALLED, editable=False)
    meets_at = models.DateTimeField("tid")
    meeting_place = models.CharField("sted", max_length=120, blank=True)
    called_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    called_at = models.DateTimeField(auto_now_add=True)
    held_on = models.DateField("holdt", null=True, blank=True)
    summary = models.TextField("det vi ble enige om", blank=True)
    locked_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = "vurderingssamtale"
        verbose_name_plural = "vurderingssamtaler"
        indexes = [models.Index(fields=["placement", "-meets_at"], name="review_placement")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[code for code, _ in REVIEW_STATES]), name="review_state"),
            models.CheckConstraint(condition=~Q(state__in=[HELD, LOCKED]) | Q(held_on__isnull=False), name="review_held_has_day"),
            models.UniqueConstraint(
                fields=["placement", "semester"], condition=~Q(state=CANCELLED), name="review_once_a_semester"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.placement_id} {self.semester}"


class ReviewPart(VersionedRow):
    """One of the four's own part: private until shared."""

    SECTION = "reviews"

    review = models.ForeignKey(ReviewConversation, models.PROTECT, related_name="parts")
    role = models.CharField(max_length=20, choices=REVIEW_ROLES, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    goes_well = models.TextField("dette går bra", blank=True)
    is_hard = models.TextField("dette er vanskelig", blank=True)
    next_steps = models.TextField("dette bør vi jobbe med", blank=True)
    shared_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = "del av vurderingssamtalen"
        verbose_name_plural = "deler av vurderingssamtalen"
        constraints = [models.UniqueConstraint(fields=["review", "role"], name="reviewpart_once")]

    def __str__(self) -> str:
        return f"{self.review_id} {self.role}"


class ReviewSignature(PublicRow):
    """One of the four has signed: in the room on one device, or on one's own."""

    SECTION = "reviews"

    review = models.ForeignKey(ReviewConversation, models.PROTECT, related_name="signatures")
    role = models.CharField(max_length=20, choices=REVIEW_ROLES)
    signer_name = models.CharField(max_length=120)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")  # whose sign-in the device had
    in_room = models.BooleanField(default=False)
    signed_at = models.DateTimeField()
    of_version = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "role"], name="reviewsignature_once")]

    def __str__(self) -> str:
        return f"{self.review_id} {self.role}"


class Action(VersionedRow):
    """What someone has said they will do (tiltak, handlingspunkt): follows the person, open until done."""

    SECTION = "actions"

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="actions")
    words = models.CharField("hva", max_length=200)
    owner_role = models.CharField("hvem", max_length=20, choices=OWNER_ROLES)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    placement = models.ForeignKey(Placement, models.PROTECT, null=True, blank=True, related_name="+", editable=False)
    due_on = models.DateField("innen", null=True, blank=True)
    made_on = models.DateField(editable=False)
    visit = models.ForeignKey(WorkplaceVisit, models.PROTECT, null=True, blank=True, related_name="actions", editable=False)
    review = models.ForeignKey(ReviewConversation, models.PROTECT, null=True, blank=True, related_name="actions", editable=False)
    met_on = models.DateField(null=True, blank=True, editable=False)  # the day of the meeting it was agreed in
    done_on = models.DateField("gjort", null=True, blank=True, editable=False)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False)

    class Meta:
        verbose_name = "handlingspunkt"
        verbose_name_plural = "handlingspunkter"
        indexes = [models.Index(fields=["enrolment", "done_on", "due_on"], name="action_open")]

    def __str__(self) -> str:
        return self.words


class Concern(VersionedRow):
    """A concern raised to the koordinator by anyone around the participant («meld fra»)."""

    SECTION = "concerns"

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="concerns")
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    raised_as = models.CharField(max_length=20, choices=OWNER_ROLES, editable=False)
    raised_at = models.DateTimeField(auto_now_add=True)
    words = models.TextField("hva du vil si fra om")
    state = models.CharField("status", max_length=10, choices=CONCERN_STATES, default="new", editable=False)
    answer = models.TextField("svar", blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False)
    answered_at = models.DateTimeField(null=True, editable=False)
    for_meeting = models.CharField("kan tas opp i møtet slik", max_length=300, blank=True)

    class Meta:
        verbose_name = "bekymring"
        verbose_name_plural = "bekymringer"
        indexes = [models.Index(fields=["state", "-raised_at"], name="concern_open")]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.state}"


class GuidanceNote(VersionedRow):
    """The koordinator's own confidential note (sosialpedagogisk veiledning), sealed; the author's alone."""

    SECTION = "guidance_notes"

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="guidance_notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    happened_on = models.DateField("dato")
    words = SealedField("notat")

    class Meta:
        verbose_name = "veiledningsnotat"
        verbose_name_plural = "veiledningsnotater"
        indexes = [models.Index(fields=["enrolment", "author", "-happened_on"], name="guidance_own")]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.happened_on}"
