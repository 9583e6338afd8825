"""Workplaces, their approval per trade, and the people there."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from fagbrev.periods import holds_on, period_constraint
from fagbrev.rows import VersionedRow

KINDS = [
    ("kindergarten", "barnehage"),
    ("school", "skole eller SFO"),
    ("nursing_home", "sykehjem eller bosenter"),
    ("home_care", "hjemmetjeneste"),
    ("cleaning", "renhold"),
    ("other", "annet"),
]
OWNERSHIP = [("municipal", "kommunal"), ("private", "privat"), ("other", "annet")]


class Workplace(VersionedRow):
    """A place where practice happens (arbeidssted, lærested)."""

    name = models.CharField("navn", max_length=120, unique=True)
    kind = models.CharField("type", max_length=20, choices=KINDS, default="other")
    ownership = models.CharField("eier", max_length=10, choices=OWNERSHIP, default="municipal")
    organisation_number = models.CharField("organisasjonsnummer", max_length=9, blank=True)
    address = models.CharField("adresse", max_length=160, blank=True)
    phone = models.CharField("telefon", max_length=20, blank=True)
    police_certificate_required = models.BooleanField("krever politiattest av alle", default=False)
    is_active = models.BooleanField("i bruk", default=True)
    note = models.TextField("praktisk om stedet", blank=True)

    class Meta:
        verbose_name = "arbeidssted"
        verbose_name_plural = "arbeidssteder"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("workplace_detail", args=[self.public_id])


class WorkplaceApproval(VersionedRow):
    """A workplace's approval as training company in a trade: applied, approved, lapsed (opplæringslova § 7-5)."""

    APPLIED, APPROVED, REFUSED, LAPSED = "applied", "approved", "refused", "lapsed"
    STATES = [(APPLIED, "søkt"), (APPROVED, "godkjent"), (REFUSED, "avslått"), (LAPSED, "bortfalt")]

    workplace = models.ForeignKey(Workplace, models.PROTECT, related_name="approvals", verbose_name="arbeidssted")
    trade = models.ForeignKey("Trade", models.PROTECT, related_name="approvals", verbose_name="fag")
    state = models.CharField("status", max_length=10, choices=STATES)
    applied_on = models.DateField("søkt", null=True, blank=True)
    approved_on = models.DateField("godkjent", null=True, blank=True)
    lapsed_on = models.DateField("bortfalt eller avslått", null=True, blank=True)
    reference = models.CharField("fylkets referanse", max_length=60, blank=True)

    class Meta:
        verbose_name = "godkjenning"
        verbose_name_plural = "godkjenninger"
        constraints = [
            models.UniqueConstraint(fields=["workplace", "trade"], name="approval_once"),
            models.CheckConstraint(condition=Q(state__in=["applied", "approved", "refused", "lapsed"]), name="approval_state"),
            period_constraint("approval_dates", "applied_on", "approved_on"),
        ]

    def __str__(self) -> str:
        return f"{self.trade}: {self.get_state_display()}"


class WorkplacePersonQuerySet(models.QuerySet["WorkplacePerson"]):
    """Choices of people at workplaces."""

    def leaders(self, today: date) -> "WorkplacePersonQuerySet":
        """Those who lead their workplace on the day."""
        return self.filter(holds_on(today), is_leder=True)


class WorkplacePerson(VersionedRow):
    """Someone at a workplace: leder, or one who may be fadder; with or without a sign-in, with or without a fagbrev."""

    workplace = models.ForeignKey(Workplace, models.PROTECT, related_name="people", verbose_name="arbeidssted")
    name = models.CharField("navn", max_length=120)
    email = models.EmailField("e-post", blank=True)
    phone = models.CharField("telefon", max_length=20, blank=True)
    is_leder = models.BooleanField("leder", default=False)
    may_be_fadder = models.BooleanField("kan være fadder", default=True)
    has_fagbrev = models.BooleanField("har fagbrev", null=True, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="workplace_people", verbose_name="bruker"
    )
    starts_on = models.DateField("fra og med", null=True, blank=True)
    ends_on = models.DateField("til og med", null=True, blank=True)

    objects = WorkplacePersonQuerySet.as_manager()

    class Meta:
        verbose_name = "person på arbeidsstedet"
        verbose_name_plural = "personer på arbeidsstedet"
        indexes = [models.Index(fields=["user", "is_leder"], name="wperson_user")]
        constraints = [
            models.UniqueConstraint(fields=["workplace", "name"], name="wperson_once"),
            period_constraint("wperson_period"),
        ]

    def __str__(self) -> str:
        return self.name
