"""Meetings of every kind: their series, who is invited, who came, and who signed up (V6, V7, V8 rows 1, 11 and 17)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from fagbrev.fields import WebAddressField
from fagbrev.people.roles import ROLE_CHOICES
from fagbrev.rows import PublicRow, VersionedRow
from participants.models import Enrolment, Referral

PROJECT_GROUP, STEERING_GROUP, COOPERATION = "project_group", "steering_group", "cooperation"
MENTOR_GATHERING, NETWORK_GATHERING, INFORMATION, CLOSING = "mentor_gathering", "network_gathering", "information", "closing"
MEETING_KINDS = [
    (PROJECT_GROUP, "prosjektgruppemøte"),
    (STEERING_GROUP, "styringsgruppemøte"),
    (COOPERATION, "samarbeidsmøte"),
    (MENTOR_GATHERING, "faddersamling"),
    (NETWORK_GATHERING, "nettverkssamling"),
    (INFORMATION, "informasjonsmøte"),
    (CLOSING, "avslutningsmøte"),
]
ABOUT_ONE = frozenset({COOPERATION, CLOSING})  # may be about one participant
OF_TRADE = frozenset({PROJECT_GROUP})  # always about one trade
WITH_PROGRAMME = frozenset({MENTOR_GATHERING, NETWORK_GATHERING, INFORMATION})
WITH_MINUTES = frozenset({PROJECT_GROUP, STEERING_GROUP, COOPERATION, CLOSING})  # gatherings and information meetings need none

PLANNED, CALLED, HELD, CANCELLED = "planned", "called", "held", "cancelled"
MEETING_STATES = [(PLANNED, "planlagt"), (CALLED, "innkalt"), (HELD, "holdt"), (CANCELLED, "avlyst")]
ACCEPTED, DECLINED = "accepted", "declined"
ANSWERS = [("", "har ikke svart"), (ACCEPTED, "kommer"), (DECLINED, "kommer ikke")]


class MeetingSeries(VersionedRow):
    """Meetings of one kind that come again: with an interval in days, moved past holidays and breaks."""

    kind = models.CharField("type", max_length=20, choices=MEETING_KINDS)
    trade = models.ForeignKey(
        "programmes.Trade", models.PROTECT, null=True, blank=True, related_name="meeting_series", verbose_name="fag"
    )
    name = models.CharField("navn", max_length=80)
    interval_days = models.PositiveSmallIntegerField("dager mellom møtene", default=28)
    first_on = models.DateField("første møte")
    ends_on = models.DateField("siste dag", null=True, blank=True)
    starts_at = models.TimeField("klokka")
    minutes_long = models.PositiveSmallIntegerField("varighet i minutter", default=60)
    place = models.CharField("sted", max_length=120, blank=True)
    video_link = WebAddressField("lenke til videomøte", blank=True)

    class Meta:
        verbose_name = "møteserie"
        verbose_name_plural = "møteserier"
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=[code for code, _ in MEETING_KINDS]), name="meetingseries_kind"),
            models.CheckConstraint(condition=Q(interval_days__gte=1), name="meetingseries_interval"),
            models.CheckConstraint(condition=Q(minutes_long__gte=5, minutes_long__lte=720), name="meetingseries_length"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("first_on")), name="meetingseries_period"
            ),
            models.CheckConstraint(condition=~Q(kind=PROJECT_GROUP) | Q(trade__isnull=False), name="meetingseries_of_trade"),
        ]

    def __str__(self) -> str:
        return self.name


class SeriesInvitee(VersionedRow):
    """Who is invited to each meeting of a series: everyone of a role in the trade, or one named user with a substitute."""

    series = models.ForeignKey(MeetingSeries, models.PROTECT, related_name="invitees")
    role = models.CharField("rolle", max_length=20, choices=ROLE_CHOICES)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="person"
    )
    substitute = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="vara"
    )
    is_chair = models.BooleanField("leder møtet", default=False)

    class Meta:
        verbose_name = "fast innkalt"
        verbose_name_plural = "fast innkalte"
        constraints = [
            models.UniqueConstraint(fields=["series", "role"], condition=Q(user__isnull=True), name="seriesinvitee_role_once"),
            models.UniqueConstraint(fields=["series", "user"], condition=Q(user__isnull=False), name="seriesinvitee_user_once"),
            models.CheckConstraint(condition=Q(substitute__isnull=True) | ~Q(substitute=F("user")), name="seriesinvitee_other"),
        ]

    def __str__(self) -> str:
        return f"{self.series_id} {self.role}"


class Meeting(VersionedRow):
    """One meeting: planned, called, held, or called off. Its name in mail and calendars is neutral."""

    kind = models.CharField("type", max_length=20, choices=MEETING_KINDS)
    series = models.ForeignKey(MeetingSeries, models.PROTECT, null=True, blank=True, related_name="meetings", editable=False)
    series_on = models.DateField(null=True, editable=False)  # the day the series gave it, before it was moved past days off
    trade = models.ForeignKey(
        "programmes.Trade", models.PROTECT, null=True, blank=True, related_name="meetings", verbose_name="fag"
    )
    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, null=True, blank=True, related_name="meetings", verbose_name="deltaker"
    )  # whom a cooperation or closing meeting is about
    title = models.CharField("tittel", max_length=120, blank=True)
    state = models.CharField("status", max_length=10, choices=MEETING_STATES, default=PLANNED, editable=False)
    starts_at = models.DateTimeField("begynner")
    ends_at = models.DateTimeField("slutter")
    place = models.CharField("sted", max_length=120, blank=True)
    video_link = WebAddressField("lenke til videomøte", blank=True)
    programme = models.TextField("program", blank=True)
    sequence = models.PositiveIntegerField(default=0, editable=False)  # of the invitation: counted up with each update sent
    called_at = models.DateTimeField(null=True, editable=False)
    called_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False)
    held_on = models.DateField("holdt", null=True, blank=True, editable=False)
    cancelled_at = models.DateTimeField(null=True, editable=False)
    cancel_words = models.CharField("hvorfor møtet er avlyst", max_length=200, blank=True)

    class Meta:
        verbose_name = "møte"
        verbose_name_plural = "møter"
        indexes = [
            models.Index(fields=["state", "starts_at"], name="meeting_state_start"),
            models.Index(fields=["kind", "trade", "-starts_at"], name="meeting_kind_trade"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=[code for code, _ in MEETING_KINDS]), name="meeting_kind"),
            models.CheckConstraint(condition=Q(state__in=[code for code, _ in MEETING_STATES]), name="meeting_state"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="meeting_ends_after_start"),
            models.CheckConstraint(condition=~Q(kind=PROJECT_GROUP) | Q(trade__isnull=False), name="meeting_of_trade"),
            models.CheckConstraint(condition=Q(enrolment__isnull=True) | Q(kind__in=sorted(ABOUT_ONE)), name="meeting_about_one"),
            models.CheckConstraint(condition=~Q(state=HELD) | Q(held_on__isnull=False), name="meeting_held_has_day"),
            models.CheckConstraint(condition=~Q(state=CALLED) | Q(called_at__isnull=False), name="meeting_called_has_moment"),
            models.UniqueConstraint(
                fields=["series", "series_on"], condition=Q(series__isnull=False), name="meeting_once_in_series"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.starts_at:%d.%m.%Y}"

    def get_absolute_url(self) -> str:
        return reverse("meeting_detail", args=[self.public_id])

    @property
    def is_open(self) -> bool:
        """True until it is held or called off."""
        return self.state in {PLANNED, CALLED}


class Invitee(VersionedRow):
    """One who is invited: a user in a role, or someone outside by name and e-mail; the answer, and whether they came."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="invitees")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="invitations", verbose_name="person"
    )
    role = models.CharField("rolle", max_length=20, choices=ROLE_CHOICES, blank=True)  # in which a user is invited
    name = models.CharField("navn", max_length=120, blank=True)  # of one without a sign-in
    email = models.EmailField("e-post", blank=True)
    is_chair = models.BooleanField("leder møtet", default=False)
    substitutes = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="substitute", verbose_name="vara for", editable=False
    )
    answer = models.CharField("svar", max_length=10, choices=ANSWERS, blank=True)
    answered_at = models.DateTimeField(null=True, editable=False)
    answered_by_link = models.BooleanField(default=False, editable=False)
    answer_words = models.CharField("beskjed", max_length=200, blank=True)
    token_hash = models.CharField(max_length=64, blank=True, editable=False)  # of the link in the newest invitation
    token_expires_at = models.DateTimeField(null=True, editable=False)
    sent_sequence = models.IntegerField(
        default=-1, editable=False
    )  # of the newest invitation this one has; -1: none, or called off
    attended = models.BooleanField("møtte", null=True, blank=True)
    removed_at = models.DateTimeField(null=True, editable=False)  # not invited any more

    class Meta:
        verbose_name = "innkalt"
        verbose_name_plural = "innkalte"
        indexes = [models.Index(fields=["user", "meeting"], name="invitee_user")]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "user"], condition=Q(user__isnull=False), name="invitee_once"),
            models.UniqueConstraint(fields=["token_hash"], condition=~Q(token_hash=""), name="invitee_token"),
            models.CheckConstraint(
                condition=Q(user__isnull=False) & ~Q(role="") | Q(user__isnull=True) & ~Q(name=""), name="invitee_is_someone"
            ),
            models.CheckConstraint(condition=Q(answer__in=[code for code, _ in ANSWERS]), name="invitee_answer"),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.user_id or self.name}"


class SignUp(VersionedRow):
    """One on the list of an information meeting; the koordinator's alone. Once it is a referral, the link to that is all that is kept
    of the person: who they are and who sent them stands in their own record."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="sign_ups")
    name = models.CharField("navn", max_length=120)
    phone = models.CharField("telefon", max_length=20, blank=True)
    email = models.EmailField("e-post", blank=True)
    partner = models.ForeignKey(
        "programmes.Partner", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="kommer fra"
    )
    attended = models.BooleanField("møtte", null=True, blank=True)
    referral = models.ForeignKey(Referral, models.PROTECT, null=True, blank=True, related_name="+", editable=False)

    class Meta:
        verbose_name = "påmeldt"
        verbose_name_plural = "påmeldte"
        indexes = [models.Index(fields=["meeting", "name"], name="signup_meeting")]
        constraints = [
            models.CheckConstraint(
                condition=Q(referral__isnull=True) & ~Q(name="")
                | Q(referral__isnull=False, name="", phone="", email="", partner__isnull=True),
                name="signup_is_someone_or_a_link",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.public_id}"


class InvitationSent(PublicRow):
    """One invitation, update or cancellation as it was put in the outbox: what a calendar was told, and when."""

    METHODS = [("REQUEST", "innkalling"), ("CANCEL", "avlysning")]

    invitee = models.ForeignKey(Invitee, models.PROTECT, related_name="sent")
    method = models.CharField(max_length=10, choices=METHODS)
    sequence = models.PositiveIntegerField()
    at = models.DateTimeField()
    mail = models.ForeignKey("fagbrev.OutgoingMail", models.PROTECT, null=True, related_name="+")
    told_calendar = models.BooleanField(default=False)  # the mail had a part for calendars, with when and where or to take it out

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["invitee", "method", "sequence"], name="invitationsent_once"),
        ]

    def __str__(self) -> str:
        return f"{self.invitee_id} {self.method} {self.sequence}"
