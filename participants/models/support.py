"""What carries a participant: income, funding, loans, accommodations, and the contact log."""

from django.db import models

from fagbrev.periods import period_constraint
from fagbrev.rows import VersionedRow
from participants.models.enrolment import Enrolment
from participants.models.person import Participant

INCOME_KINDS = [
    ("wages", "lønn"),
    ("jobbsjansen", "stønad fra Jobbsjansen"),
    ("overgangsstonad", "overgangsstønad"),
    ("dagpenger", "dagpenger"),
    ("sosialstonad", "sosialstønad"),
    ("tiltakspenger", "tiltakspenger"),
    ("introduksjonsstonad", "introduksjonsstønad"),
    ("other", "annet"),
]
PROGRAMMES = [("", "ingen"), ("introduction", "introduksjonsprogrammet"), ("jobbsjansen", "Jobbsjansen")]
FUNDING_SOURCES = [
    ("municipality", "kommunen"),
    ("imdi", "prosjektmidler fra IMDi"),
    ("county_project", "prosjektmidler fra fylkeskommunen"),
    ("apprentice_grant", "lærlingtilskudd fra fylkeskommunen"),
    ("other", "annet"),
]
LOAN_KINDS = [("ipad", "iPad"), ("book", "fagbok"), ("clothes", "arbeidsklær"), ("other", "annet")]
LOAN_STATES = [
    ("ordered", "bestilt"),
    ("bought", "kjøpt"),
    ("lent", "utlånt"),
    ("returned", "levert tilbake"),
    ("lost", "tapt"),
]
MEASURES = [
    ("more_time", "mer tid"),
    ("read_aloud", "opplest tekst"),
    ("computer", "PC med hjelpemidler"),
    ("own_room", "eget rom"),
    ("work_tasks", "tilpassede arbeidsoppgaver"),
    ("hours", "tilpasset arbeidstid"),
    ("other", "annet"),
]
CONTACT_WITH = [
    ("county", "fylkeskommunen"),
    ("nav", "NAV"),
    ("help", "hjelpetjeneste"),
    ("workplace", "arbeidsstedet"),
    ("participant", "deltakeren"),
    ("import", "merknad fra regneark"),
    ("other", "andre"),
]


class IncomePeriod(VersionedRow):
    """An income basis from-to; several at once are allowed (V3)."""

    SECTION = "income_funding"

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="incomes")
    kind = models.CharField("inntekt", max_length=20, choices=INCOME_KINDS)
    programme = models.CharField("program", max_length=12, choices=PROGRAMMES, blank=True)
    starts_on = models.DateField("fra og med", null=True, blank=True)
    ends_on = models.DateField("til og med", null=True, blank=True)

    class Meta:
        verbose_name = "inntektsgrunnlag"
        verbose_name_plural = "inntektsgrunnlag"
        constraints = [period_constraint("income_period")]

    def __str__(self) -> str:
        return self.get_kind_display()


class FundingPeriod(VersionedRow):
    """Who pays for the enrolment, from-to (V3)."""

    SECTION = "income_funding"

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="fundings")
    source = models.CharField("betaler", max_length=20, choices=FUNDING_SOURCES)
    starts_on = models.DateField("fra og med", null=True, blank=True)
    ends_on = models.DateField("til og med", null=True, blank=True)
    words = models.CharField("merknad", max_length=200, blank=True)

    class Meta:
        verbose_name = "finansiering"
        verbose_name_plural = "finansiering"
        constraints = [period_constraint("funding_period")]

    def __str__(self) -> str:
        return self.get_source_display()


class Loan(VersionedRow):
    """Something lent: ordered, bought, lent, returned, lost; work clothes have a size and need not come back."""

    SECTION = "equipment"

    participant = models.ForeignKey(Participant, models.PROTECT, related_name="loans")
    kind = models.CharField("hva", max_length=10, choices=LOAN_KINDS)
    label = models.CharField("merke eller tittel", max_length=80, blank=True)
    size = models.CharField("størrelse", max_length=20, blank=True)
    state = models.CharField("status", max_length=10, choices=LOAN_STATES, default="lent")
    lent_on = models.DateField("lånt ut", null=True, blank=True)
    due_back_on = models.DateField("skal leveres", null=True, blank=True)
    returned_on = models.DateField("levert", null=True, blank=True)

    class Meta:
        verbose_name = "utlån"
        verbose_name_plural = "utlån"
        constraints = [period_constraint("loan_period", "lent_on", "returned_on")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.label}".strip()


class Accommodation(VersionedRow):
    """A measure that helps (tilrettelegging), never a diagnosis."""

    SECTION = "accommodations"

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="accommodations")
    measure = models.CharField("tiltak", max_length=12, choices=MEASURES)
    words = models.CharField("hva som hjelper", max_length=200, blank=True)
    starts_on = models.DateField("fra og med", null=True, blank=True)
    ends_on = models.DateField("til og med", null=True, blank=True)

    class Meta:
        verbose_name = "tilrettelegging"
        verbose_name_plural = "tilrettelegging"
        constraints = [period_constraint("accommodation_period")]

    def __str__(self) -> str:
        return self.get_measure_display()


class ContactNote(VersionedRow):
    """Contact with county, NAV or helpers: date, what, reference. Only the koordinator reads it."""

    SECTION = "contact_log"

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="contact_notes")
    happened_on = models.DateField("dato")
    contact_with = models.CharField("med", max_length=12, choices=CONTACT_WITH)
    who = models.CharField("hvem", max_length=120, blank=True)
    what = models.TextField("hva")
    reference = models.CharField("referanse", max_length=80, blank=True)

    class Meta:
        verbose_name = "kontakt"
        verbose_name_plural = "kontaktlogg"

    def __str__(self) -> str:
        return f"{self.happened_on} {self.contact_with}"
