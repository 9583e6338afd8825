"""Contracts, agreements, signatures, consents, and the police certificate as a seen-fact (V8 rows 5 and 7)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from fagbrev.periods import period_constraint
from fagbrev.rows import VersionedRow
from participants.models.enrolment import Enrolment
from participants.models.person import Participant

AGREEMENT_KINDS = [("contract", "kontrakt med fraværsregler"), ("participation", "avtale om deltakelse")]
SIGNERS = [("deltaker", "deltaker"), ("coordinator", "koordinator"), ("leder", "leder på arbeidsstedet")]
# Who must sign which: the contract by participant and service, the agreement by the workplace too (V8 rows 5 and 7).
NEEDED_SIGNERS = {"contract": ("deltaker", "coordinator"), "participation": ("deltaker", "leder", "coordinator")}
CONSENT_PARTIES = [
    ("workplace", "arbeidsstedet"),
    ("nav", "NAV"),
    ("school", "den videregående skolen"),
    ("adult_education", "voksenopplæringen"),
    ("county", "fylkeskommunen"),
    ("introduction", "introduksjonsprogrammet"),
]
POLICE_BASES = [
    ("shown", "vist til oss"),
    ("employer", "kontrollert av arbeidsgiver ved ansettelse"),
    ("not_required", "ikke påkrevd"),
]


class Agreement(VersionedRow):
    """A version of the contract or the participation agreement; signed on paper until electronic signing comes."""

    SECTION = "agreements"

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="agreements")
    kind = models.CharField("type", max_length=15, choices=AGREEMENT_KINDS)
    placement = models.ForeignKey("Placement", models.PROTECT, null=True, blank=True, related_name="agreements")
    number = models.PositiveSmallIntegerField("utgave", default=1)
    text_version = models.CharField("tekstversjon", max_length=20, default="2026-1")
    made_on = models.DateField("laget")
    starts_on = models.DateField("gjelder fra", null=True, blank=True)
    ends_on = models.DateField("gjelder til", null=True, blank=True)
    special_terms = models.TextField("særlige avtaler", blank=True)
    replaced_on = models.DateField("erstattet", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "avtale"
        verbose_name_plural = "avtaler"
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "kind", "number"], name="agreement_number"),
            period_constraint("agreement_period"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"


class Signature(VersionedRow):
    """One party's signature: the date, by whom, who recorded it, and a scan where there is one."""

    SECTION = "agreements"

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="signatures")
    party = models.CharField("part", max_length=12, choices=SIGNERS)
    signer_name = models.CharField("underskrevet av", max_length=120)
    signed_on = models.DateField("dato")
    scan = models.ForeignKey("Document", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="skannet avtale")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False)

    class Meta:
        verbose_name = "underskrift"
        verbose_name_plural = "underskrifter"
        constraints = [models.UniqueConstraint(fields=["agreement", "party"], name="signature_once")]

    def __str__(self) -> str:
        return f"{self.party} {self.signed_on}"


class Consent(VersionedRow):
    """A yes or no to sharing named information with a named party: version, date, withdrawable."""

    SECTION = "consents"

    participant = models.ForeignKey(Participant, models.PROTECT, related_name="consents")
    party = models.CharField("med", max_length=20, choices=CONSENT_PARTIES)
    workplace = models.ForeignKey(
        "programmes.Workplace", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="arbeidssted"
    )
    text_version = models.CharField("tekstversjon", max_length=20, default="2026-1")
    answer = models.BooleanField("svar", choices=[(True, "ja"), (False, "nei")])
    answered_on = models.DateField("svart")
    withdrawn_on = models.DateField("trukket", null=True, blank=True)
    is_current = models.BooleanField(default=True, editable=False)  # a newer answer to the same party makes it False
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False)

    class Meta:
        verbose_name = "samtykke"
        verbose_name_plural = "samtykker"
        constraints = [
            models.CheckConstraint(condition=Q(workplace__isnull=True) | Q(party="workplace"), name="consent_workplace"),
            models.UniqueConstraint(
                fields=["participant", "party"], condition=Q(is_current=True, workplace__isnull=True), name="consent_current"
            ),
            models.UniqueConstraint(
                fields=["participant", "workplace"],
                condition=Q(is_current=True, workplace__isnull=False),
                name="consent_current_workplace",
            ),
            period_constraint("consent_period", "answered_on", "withdrawn_on"),
        ]

    def __str__(self) -> str:
        return f"{self.party}: {self.answer}"


class PoliceCertificate(VersionedRow):
    """The police certificate as a seen-fact: no file, no remark, no «not in order» (opplæringslova § 17-11)."""

    SECTION = "police_certificate"

    enrolment = models.OneToOneField(Enrolment, models.PROTECT, related_name="police_certificate")
    is_required = models.BooleanField("kreves", null=True, blank=True)
    required_because = models.CharField("hvorfor", max_length=160, blank=True)
    purpose_form_sent_on = models.DateField("formålsskjema sendt", null=True, blank=True)
    basis = models.CharField("grunnlag", max_length=15, choices=POLICE_BASES, blank=True)
    shown_on = models.DateField("vist", null=True, blank=True)
    seen_by = models.CharField("sett av", max_length=120, blank=True)
    in_order = models.BooleanField("i orden", default=False)

    class Meta:
        verbose_name = "politiattest"
        verbose_name_plural = "politiattester"

    def __str__(self) -> str:
        return f"politiattest {self.enrolment_id}"
