"""What goes to and comes from the county: application with enclosures, contract versions, leave (V8 rows 8 and 14)."""

from django.db import models
from django.db.models import Q

from fagbrev.periods import period_constraint
from fagbrev.rows import VersionedRow
from participants.models.enrolment import Enrolment

ENCLOSURES = [
    ("cv", "CV"),
    ("references", "attester og dokumentasjon på utdanning"),
    ("work_contract", "arbeidskontrakt eller avtale om deltakelse"),
    ("competence_assessment", "vurdering av kompetanse"),
    ("internal_plan", "intern plan for opplæring"),
]
ENCLOSURE_STATES = [("missing", "mangler"), ("there", "er her"), ("not_relevant", "ikke aktuelt")]
ANSWERS = [("", "venter på svar"), ("approved", "godkjent"), ("more", "ber om mer"), ("rejected", "avslått")]
LEAVE_REASONS = [
    ("parental", "foreldrepermisjon"),
    ("illness", "sykdom"),
    ("care", "omsorg for andre"),
    ("abroad", "opphold i utlandet"),
    ("other", "annet"),
]


class CountyApplication(VersionedRow):
    """One sending of the application for a training contract to the county."""

    SECTION = "application_pack"

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="applications")
    sent_on = models.DateField("sendt")
    reference = models.CharField("fylkets referanse", max_length=60, blank=True)
    answer = models.CharField("svar", max_length=10, choices=ANSWERS, blank=True)
    answered_on = models.DateField("svart", null=True, blank=True)
    words = models.TextField("hva svaret sier", blank=True)

    class Meta:
        verbose_name = "søknad til fylkeskommunen"
        verbose_name_plural = "søknader til fylkeskommunen"
        constraints = [period_constraint("application_dates", "sent_on", "answered_on")]

    def __str__(self) -> str:
        return f"søknad {self.sent_on}"


class Enclosure(VersionedRow):
    """One of the five enclosures: there, missing, or not relevant with a reason."""

    SECTION = "application_pack"

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="enclosures")
    kind = models.CharField("vedlegg", max_length=25, choices=ENCLOSURES)
    state = models.CharField("status", max_length=12, choices=ENCLOSURE_STATES, default="missing")
    reason = models.CharField("hvorfor ikke aktuelt", max_length=200, blank=True)
    document = models.ForeignKey("Document", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="dokument")

    class Meta:
        verbose_name = "vedlegg"
        verbose_name_plural = "vedlegg"
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "kind"], name="enclosure_once"),
            models.CheckConstraint(condition=~Q(state="not_relevant") | ~Q(reason=""), name="enclosure_reason"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class TrainingContract(VersionedRow):
    """One version of the county's training contract; the newest stands (ofo § 9-58)."""

    SECTION = "training_contract"

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="contracts")
    order = models.PositiveSmallIntegerField("versjon", default=1, editable=False)
    number = models.CharField("kontraktnummer", max_length=60, blank=True)
    starts_on = models.DateField("fra og med")
    ends_on = models.DateField("til og med")
    decided_on = models.DateField("fylkeskommunens vedtak", null=True, blank=True)
    words = models.CharField("hvorfor endret", max_length=200, blank=True)

    class Meta:
        verbose_name = "opplæringskontrakt"
        verbose_name_plural = "opplæringskontrakter"
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "order"], name="contract_order"),
            period_constraint("contract_period"),
        ]

    def __str__(self) -> str:
        return f"{self.number or 'kontrakt'} {self.starts_on}–{self.ends_on}"


class Leave(VersionedRow):
    """A leave from the training; the form to the county is a duty, not a gate (V8 row 14)."""

    SECTION = "progress"
    SECTIONS = {"reason": "status_reasons", "words": "status_reasons"}

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="leaves")
    starts_on = models.DateField("fra og med", null=True, blank=True)
    expected_end_on = models.DateField("ventet til og med", null=True, blank=True)
    ended_on = models.DateField("tilbake", null=True, blank=True)
    reason = models.CharField("grunn", max_length=10, choices=LEAVE_REASONS, blank=True)
    words = models.CharField("merknad", max_length=200, blank=True)
    county_form_sent_on = models.DateField("skjema sendt fylkeskommunen", null=True, blank=True)
    proposed_contract_end = models.DateField("foreslått ny sluttdato for kontrakten", null=True, blank=True)

    class Meta:
        verbose_name = "permisjon"
        verbose_name_plural = "permisjoner"
        constraints = [
            models.UniqueConstraint(fields=["enrolment"], condition=Q(ended_on__isnull=True), name="leave_one_open"),
            period_constraint("leave_period", "starts_on", "ended_on"),
            period_constraint("leave_expected", "starts_on", "expected_end_on"),
        ]

    def __str__(self) -> str:
        return f"permisjon {self.starts_on}"
