"""Organisations the scheme works with, and their named contacts (V7)."""

from django.db import models
from django.urls import reverse

from fagbrev.fields import WebAddressField
from fagbrev.rows import VersionedRow

PARTNER_KINDS = [
    ("nav", "NAV"),
    ("municipal", "kommunal tjeneste"),
    ("adult_education", "voksenopplæring"),
    ("school", "videregående skole"),
    ("county", "fylkeskommune"),
    ("state", "statlig"),
    ("employer", "arbeidsgiver"),
    ("help", "hjelpetjeneste"),
    ("other", "annet"),
]


class Partner(VersionedRow):
    """An organisation that refers, teaches, funds, approves or helps (samarbeidspartner)."""

    code = models.SlugField("kode", max_length=40, unique=True, null=True, blank=True)
    name = models.CharField("navn", max_length=120, unique=True)
    kind = models.CharField("type", max_length=20, choices=PARTNER_KINDS, default="other")
    refers = models.BooleanField("henviser deltakere", default=False)
    teaches = models.BooleanField("underviser", default=False)
    funds = models.BooleanField("betaler", default=False)
    approves = models.BooleanField("godkjenner", default=False)
    helps = models.BooleanField("hjelper deltakere", default=False)
    phone = models.CharField("telefon", max_length=20, blank=True)
    web = WebAddressField("nettside", blank=True)
    note = models.TextField("om samarbeidet", blank=True)
    is_active = models.BooleanField("i bruk", default=True)

    class Meta:
        verbose_name = "samarbeidspartner"
        verbose_name_plural = "samarbeidspartnere"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("partner_detail", args=[self.public_id])


class PartnerContact(VersionedRow):
    """A named person at a partner."""

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="contacts", verbose_name="samarbeidspartner")
    name = models.CharField("navn", max_length=120)
    task = models.CharField("oppgave", max_length=120, blank=True)
    email = models.EmailField("e-post", blank=True)
    phone = models.CharField("telefon", max_length=20, blank=True)

    class Meta:
        verbose_name = "kontaktperson"
        verbose_name_plural = "kontaktpersoner"

    def __str__(self) -> str:
        return self.name
