"""What a meeting is about and what came of it: agenda, minutes with their versions, and action items (V7, V8 rows 11 and 17)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from fagbrev.people.roles import ROLE_CHOICES
from fagbrev.rows import PublicRow, VersionedRow
from followup.models import Action
from followup.models.reviews import OWNER_ROLES
from meetings.models.meetings import MEETING_KINDS, Meeting
from participants.models import Enrolment

# What an item is: from the template of the kind, about one participant, somebody's own, or an action that was not done.
STANDING, PARTICIPANT, OWN = "standing", "participant", "own"
ITEM_KINDS = [(STANDING, "fast punkt"), (PARTICIPANT, "deltaker"), (OWN, "innmeldt punkt")]
# What the product fills in under a standing item: nothing, or what the cases say.
FILLS = [
    ("", "ingenting"),
    ("participants", "deltakerne i faget, de som ligger bak tiden, først"),
    ("open_actions", "oppfølging av det som er avtalt"),
    ("last_minutes", "godkjenning av forrige referat"),
    ("resources", "ressurser"),
    ("figures", "tall fra framdriftsrapporten"),
]
DRAFT, SHARED, APPROVED = "draft", "shared", "approved"
TAKEN, JOINED, LEFT = "taken", "join", "left"
SETTLED_AS = [(TAKEN, "tatt inn"), (JOINED, "slått sammen"), (LEFT, "utelatt")]
MINUTES_STATES = [(DRAFT, "kladd"), (SHARED, "delt"), (APPROVED, "godkjent")]
FOLLOWED_OWNERS = frozenset(code for code, _name in OWNER_ROLES)  # the roles around a participant: who sees what follows them


class StandingItem(VersionedRow):
    """A point that every meeting of a kind has: the template of the agenda, edited by the koordinator."""

    kind = models.CharField("type møte", max_length=20, choices=MEETING_KINDS)
    code = models.SlugField("kode", max_length=40)
    title = models.CharField("punkt", max_length=120)
    words = models.CharField("hva punktet handler om", max_length=300, blank=True)
    fills = models.CharField("fylles med", max_length=20, choices=FILLS, blank=True)
    order = models.PositiveSmallIntegerField("rekkefølge", default=100)
    is_active = models.BooleanField("i bruk", default=True)

    class Meta:
        verbose_name = "fast punkt"
        verbose_name_plural = "faste punkter"
        constraints = [models.UniqueConstraint(fields=["kind", "code"], name="standingitem_once")]

    def __str__(self) -> str:
        return self.title


class AgendaItem(VersionedRow):
    """One point of a meeting: on the agenda first, then with what was said and decided. About a participant: seen in scope alone.

    In a meeting about one participant every point is about that one, so each carries the enrolment.
    """

    SECTIONS = {"discussion": "meeting_items", "decision": "meeting_items", "words": "meeting_items", "title": "meeting_items"}

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="items")
    kind = models.CharField(max_length=12, choices=ITEM_KINDS, default=OWN, editable=False)
    standing = models.ForeignKey(StandingItem, models.PROTECT, null=True, blank=True, related_name="+", editable=False)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children", editable=False)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, null=True, blank=True, related_name="meeting_items")
    order = models.PositiveIntegerField("rekkefølge", default=100)
    title = models.CharField("punkt", max_length=120, blank=True)
    words = models.TextField("hva saken gjelder", blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    discussion = models.TextField("hva vi snakket om", blank=True)
    decision = models.TextField("hva vi ble enige om", blank=True)
    written_at = models.DateTimeField(null=True, editable=False)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False)
    discussion_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False)
    decision_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = "punkt"
        verbose_name_plural = "punkter"
        indexes = [models.Index(fields=["meeting", "order"], name="agendaitem_order")]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "enrolment"],
                condition=Q(kind=PARTICIPANT, withdrawn_at__isnull=True),
                name="agendaitem_once",
            ),
            models.UniqueConstraint(
                fields=["meeting", "standing"],
                condition=Q(standing__isnull=False, withdrawn_at__isnull=True),
                name="agendaitem_standing_once",
            ),
            models.CheckConstraint(condition=~Q(kind=PARTICIPANT) | Q(enrolment__isnull=False), name="agendaitem_participant"),
        ]

    def __str__(self) -> str:
        return self.title


class ItemOtherText(PublicRow):
    """What another wrote on the same point at the same time: kept beside the first, never laid over it."""

    SECTION = "meeting_items"

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="other_texts")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    discussion = models.TextField("hva vi snakket om", blank=True)
    decision = models.TextField("hva vi ble enige om", blank=True)
    settled_at = models.DateTimeField(null=True)  # when it was taken in, joined or left out
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    settled_as = models.CharField(max_length=5, choices=SETTLED_AS, blank=True)

    class Meta:
        indexes = [models.Index(fields=["item", "settled_at"], name="itemothertext_open")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.by_id}"


class Minutes(VersionedRow):
    """The minutes of a meeting: a draft, then shared with those invited, then approved at the next meeting."""

    meeting = models.OneToOneField(Meeting, models.PROTECT, related_name="minutes")
    state = models.CharField("status", max_length=10, choices=MINUTES_STATES, default=DRAFT, editable=False)
    shared_at = models.DateTimeField(null=True, editable=False)
    shared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False)
    approved_at = models.DateTimeField(null=True, editable=False)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False)
    approved_in = models.ForeignKey(Meeting, models.PROTECT, null=True, related_name="+", editable=False)

    class Meta:
        verbose_name = "referat"
        verbose_name_plural = "referater"
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[code for code, _ in MINUTES_STATES]), name="minutes_state"),
            models.CheckConstraint(condition=Q(state=DRAFT) | Q(shared_at__isnull=False), name="minutes_shared_has_moment"),
            models.CheckConstraint(
                condition=~Q(state=APPROVED) | Q(approved_at__isnull=False), name="minutes_approved_has_moment"
            ),
        ]

    def __str__(self) -> str:
        return f"referat {self.meeting_id}"


class VersionLocked(Exception):
    """A version of the minutes is never changed; a correction is a new version."""


class MinutesVersion(PublicRow):
    """The minutes as they were shared or approved: locked, item by item, so that each reader still gets what is theirs."""

    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=MINUTES_STATES)
    content = models.JSONField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField("hva som er rettet", max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["minutes", "number"], name="minutesversion_once")]

    def __str__(self) -> str:
        return f"{self.minutes_id} v{self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Saves a new version. Raises VersionLocked for one that is there: the database refuses it, too."""
        if not self._state.adding:
            raise VersionLocked
        super().save(*args, **kwargs)


class MeetingAction(VersionedRow):
    """An action item of the minutes: who does what by when. It stands alone, or is an action that follows a participant.

    The day it was done is its own when it stands alone, and the followed action's when it is one.
    """

    SECTION = "meeting_items"

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="actions")
    words = models.CharField("hva", max_length=200)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="hvem"
    )
    owner_role = models.CharField(max_length=20, choices=ROLE_CHOICES, blank=True)
    owner_name = models.CharField("hvem (uten innlogging)", max_length=120, blank=True)
    due_on = models.DateField("innen", null=True, blank=True)
    follows = models.OneToOneField(Action, models.PROTECT, null=True, blank=True, related_name="+", editable=False)
    done_on = models.DateField("gjort", null=True, blank=True, editable=False)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = "handlingspunkt fra møte"
        verbose_name_plural = "handlingspunkter fra møter"
        indexes = [
            models.Index(fields=["item"], name="meetingaction_item"),
            models.Index(fields=["owner", "done_on", "due_on"], name="meetingaction_open"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(owner__isnull=False) | ~Q(owner_role="") | ~Q(owner_name=""), name="meetingaction_has_owner"
            ),
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def may_follow(self) -> bool:
        """Tells whether it can follow a participant: it is about one, and whoever is to do it has a role around them."""
        return self.item.enrolment_id is not None and self.owner_id is not None and self.owner_role in FOLLOWED_OWNERS
