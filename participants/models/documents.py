"""Documents about a person: private files, each with a section that decides who may open it."""

from django.core.files.storage import Storage, storages
from django.db import models

from fagbrev.rows import VersionedRow
from participants.models.enrolment import Enrolment
from participants.models.person import Participant

DOCUMENT_KINDS = [
    ("cv", "CV"),
    ("reference", "attest eller referanse"),
    ("education", "dokumentasjon på utdanning"),
    ("work_contract", "arbeidskontrakt"),
    ("competence_assessment", "vurdering av kompetanse"),
    ("internal_plan", "intern plan for opplæring"),
    ("signed_contract", "underskrevet kontrakt"),
    ("signed_agreement", "underskrevet avtale"),
    ("county_letter", "brev fra fylkeskommunen"),
    ("exam_receipt", "kvittering for eksamen"),
    ("attest", "attest fra arbeidsstedet"),
    ("other", "annet"),
]
DOCUMENT_SECTIONS = [
    ("application_pack", "søknaden til fylkeskommunen (koordinator, faglærer, deltaker)"),
    ("agreements", "avtaler (koordinator, leder, deltaker)"),
    ("training_contract", "opplæringskontrakt (koordinator, faglærer, leder, deltaker)"),
    ("exams", "eksamen og prøver (koordinator, lærere, deltaker)"),
    ("income_funding", "inntekt og finansiering (koordinator, deltaker)"),
    ("contact_log", "bare koordinator"),
]


def private_storage() -> Storage:
    """Gives the storage outside the web root."""
    return storages["private"]


class Document(VersionedRow):
    """One uploaded file; the section says who sees it. Opened only through the gate."""

    SECTION = "by_row"

    participant = models.ForeignKey(Participant, models.PROTECT, related_name="documents")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, null=True, blank=True, related_name="documents")
    section = models.CharField("hører til", max_length=20, choices=DOCUMENT_SECTIONS)
    kind = models.CharField("type", max_length=25, choices=DOCUMENT_KINDS)
    title = models.CharField("tittel", max_length=160)
    file = models.FileField(storage=private_storage, upload_to="documents", max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()

    class Meta:
        verbose_name = "dokument"
        verbose_name_plural = "dokumenter"
        indexes = [models.Index(fields=["participant", "section"], name="document_section")]

    def __str__(self) -> str:
        return self.title
