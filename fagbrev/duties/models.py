"""What is due (the read model), who has been told of it, and how it has been put off, handed over or changed."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from fagbrev.people.roles import ROLE_CHOICES
from fagbrev.rows import PublicRow, VersionedRow

KEY_LENGTH = 140
SHIFTS = [
    ("none", "datoen står fast"),
    ("later", "flyttes til neste arbeidsdag"),
    ("teaching", "flyttes til neste undervisningsdag"),
]
RHYTHMS = [("weekly", "samlet én gang i uka"), ("daily", "samlet hver dag"), ("off", "ingen e-post")]


class Duty(PublicRow):
    """One duty (frist): whose, about whom, by when. Derived; three columns alone are kept when it is derived anew."""

    key = models.CharField(max_length=KEY_LENGTH, unique=True)
    rule = models.CharField(max_length=40)
    source = models.CharField(max_length=20)
    subject_type = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=12)
    occurrence = models.CharField(max_length=40, blank=True)
    owner_role = models.CharField(max_length=20, choices=ROLE_CHOICES)
    participant_id = models.BigIntegerField(null=True)
    enrolment_id = models.BigIntegerField(null=True)
    placement_id = models.BigIntegerField(null=True)
    trade_id = models.BigIntegerField(null=True)
    protection = models.CharField(max_length=20, blank=True)
    begins_on = models.DateField()  # from this day it counts; moments before it are not asked for
    opens_on = models.DateField(null=True)  # what the moments "open" are counted from
    due_on = models.DateField()
    since_on = models.DateField(null=True)  # what it is counted from, shown in words
    told_from = models.DateField(null=True)  # imported: no notice for moments before this day

    created_on = models.DateField()
    noticed_through = models.DateField(null=True)  # every moment up to this day has been told; None asks for all anew
    snoozed_until = models.DateField(null=True)

    class Meta:
        verbose_name = "frist"
        verbose_name_plural = "frister"
        indexes = [
            models.Index(fields=["owner_role", "due_on"], name="duty_owner_due"),
            models.Index(fields=["participant_id"], name="duty_participant"),
            models.Index(fields=["enrolment_id", "due_on"], name="duty_enrolment"),
            models.Index(fields=["placement_id"], name="duty_placement"),
        ]
        constraints = [models.CheckConstraint(condition=~Q(key=""), name="duty_key")]

    def __str__(self) -> str:
        return self.key


class Notice(models.Model):
    """That one user was told of one moment of one duty: never twice, since the key, the moment and the user are unique."""

    duty_key = models.CharField(max_length=KEY_LENGTH)
    rule = models.CharField(max_length=40)
    moment = models.CharField(max_length=16)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="notices")
    moment_on = models.DateField()
    due_on = models.DateField()
    made_on = models.DateField()
    mail_on = models.DateField(null=True)  # the first day it may go by mail; None: not by mail
    mail = models.ForeignKey("fagbrev.OutgoingMail", models.PROTECT, null=True, related_name="notices")

    class Meta:
        verbose_name = "varsel"
        verbose_name_plural = "varsler"
        indexes = [
            models.Index(fields=["recipient", "duty_key"], name="notice_recipient"),
            models.Index(fields=["mail_on"], name="notice_unmailed", condition=Q(mail__isnull=True)),
        ]
        constraints = [models.UniqueConstraint(fields=["duty_key", "moment", "recipient"], name="notice_once")]

    def __str__(self) -> str:
        return f"{self.duty_key} {self.moment}"


class Snooze(PublicRow):
    """That a duty was put off to a day, by whom and why; only appended to."""

    duty_key = models.CharField(max_length=KEY_LENGTH, db_index=True)
    participant_id = models.BigIntegerField(null=True, db_index=True)
    until = models.DateField("utsatt til")
    reason = models.CharField("hvorfor", max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "utsettelse"
        verbose_name_plural = "utsettelser"

    def __str__(self) -> str:
        return f"{self.duty_key} {self.until}"


class HandOverQuerySet(models.QuerySet["HandOver"]):
    """Choices of hand-overs."""

    def active(self, today: date) -> "HandOverQuerySet":
        """Those that hold on the day."""
        return self.filter(starts_on__lte=today, ends_on__gte=today)


class HandOver(VersionedRow):
    """One colleague's open duties in a role, with another from a day to a day. Notices go to the one who has taken over."""

    role = models.CharField("som", max_length=20, choices=ROLE_CHOICES)
    from_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="handed_over", verbose_name="den som er borte"
    )
    to_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="taken_over", verbose_name="den som tar over"
    )
    starts_on = models.DateField("fra og med")
    ends_on = models.DateField("til og med")
    given = models.JSONField(default=list)  # public ids of the dated roles and assignments that came with it

    objects = HandOverQuerySet.as_manager()

    class Meta:
        verbose_name = "overlatt arbeid"
        verbose_name_plural = "overlatt arbeid"
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="handover_period",
                violation_error_message="Perioden slutter før den begynner.",
            ),
            models.CheckConstraint(condition=~Q(from_user=F("to_user")), name="handover_to_another"),
        ]

    def __str__(self) -> str:
        return f"{self.from_user_id} → {self.to_user_id}"


class RuleTerms(VersionedRow):
    """When a rule reminds, and whether its date moves, from a day: edited by a coordinator; the newest that holds counts."""

    rule = models.CharField("frist", max_length=40)
    valid_from = models.DateField("gjelder fra")
    moments = models.JSONField("varsler", default=list)
    weekly = models.BooleanField("ukentlig etter fristen, inntil fire ganger", default=False)
    shift = models.CharField("når datoen faller på en fridag", max_length=10, choices=SHIFTS, default="later")
    source = models.CharField("hvorfor", max_length=200)

    class Meta:
        verbose_name = "varslingsregel"
        verbose_name_plural = "varslingsregler"
        constraints = [models.UniqueConstraint(fields=["rule", "valid_from"], name="ruleterms_once")]

    def __str__(self) -> str:
        return f"{self.rule} {self.valid_from}"


class NoticeChoice(models.Model):
    """How often one user wants mail, within what the municipality allows."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="notice_choice")
    rhythm = models.CharField("e-post", max_length=10, choices=RHYTHMS, default="weekly")

    class Meta:
        verbose_name = "valg av varsler"
        verbose_name_plural = "valg av varsler"

    def __str__(self) -> str:
        return f"{self.user_id} {self.rhythm}"


class Scan(models.Model):
    """The one row that says when duties were last gone through, and who does so now."""

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY)
    lease_until = models.DateTimeField(null=True)
    last_day = models.DateField(null=True)  # the newest day gone through
    finished_at = models.DateTimeField(null=True)
    seconds = models.FloatField(default=0)
    notices = models.PositiveIntegerField(default=0)
    mails = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.last_day}"
