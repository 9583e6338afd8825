"""A record with one row of every kind and a text of its own in every column, so that what leaks can be named."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.db import models as db

from fagbrev.sealed import Sealed
from participants import models as m
from participants.actions.rows import section_of_column
from programmes.models import Cohort, Criterion, ExamWindow
from tests.cast import Cast

ADMISSION_VOICES = "the two voices, motivation and suitability: not the deltaker's to read"


@dataclass(frozen=True)
class Mark:
    """One unique text: where it stands, and what decides who may see it."""

    text: str
    section: str
    enrolment: str  # the key of the enrolment; "" for what belongs to the person
    placement: str = ""  # the key of the placement, for what fadder and leder see only of their own
    column: str = ""
    only: str = ""  # letters of the roles that may see it, when fewer than the section's


@dataclass
class Marks:
    """Every mark of a record, and its rows by kind."""

    found: list[Mark] = field(default_factory=list)
    rows: dict[tuple[str, str], Any] = field(default_factory=dict)

    def new(self, section: str, enrolment: str, placement: str, column: str, only: str = "") -> str:
        """Gives the next unique text."""
        text = f"Zq{len(self.found):03d}q"
        self.found.append(Mark(text, section, enrolment, placement, column, only))
        return text

    def known(self, text: str, section: str, enrolment: str, column: str, only: str = "") -> str:
        """Registers a text of one's own making."""
        self.found.append(Mark(text, section, enrolment, "", column, only))
        return text

    def write(self, row: Any, *, enrolment: str = "", placement: str = "", only: str = "", skip: tuple[str, ...] = ()) -> Any:
        """Puts a mark in every free text column of the row that is still empty, and saves it."""
        for column in row._meta.concrete_fields:
            if not isinstance(column, (db.CharField, db.TextField)) or column.choices or column.name in {*SKIPPED, *skip}:
                continue
            if isinstance(column, (db.FileField, db.EmailField)) or getattr(row, column.name):
                continue
            section = section_of_column(row, column.name)
            kept = only or (NARROWER.get((type(row).__name__, column.name), ""))
            text = self.new(section, enrolment, placement, f"{type(row).__name__}.{column.name}", kept)
            setattr(row, column.name, Sealed.of(text) if type(column).__name__ == "SealedField" else text)
        row.save()
        return row


SKIPPED = {
    "public_id", "sort_name", "search_name", "name_skeleton", "national_id", "national_id_key", "postal_code", "step", "end_code",
    "reason_code", "status_before_leave", "text_version", "exam_code", "content_type", "address_protection", "phone", "by_role",
}  # fmt: skip
# Columns that fewer see than their section says (docs/access.md, "What the sections hold").
NARROWER = {
    ("IntakeInterview", "motivation"): "KF",
    ("IntakeInterview", "suitability"): "KF",
    ("FadderProposal", "name"): "KL",
}


def fill_person(cast: Cast, marks: Marks, person: m.Participant) -> None:
    """The columns of the person, and rows that hang on the person."""
    today = cast.today
    person.phone = "+4740011223"
    marks.known("40011223", "contact", "", "phone")
    person.email = marks.known("zqemail@example.no", "contact", "", "email")
    marks.write(person, skip=("first_name", "last_name"))
    person.national_id = Sealed.of("27910898765")
    person.save()
    marks.known("27910898765", "national_id", "", "national_id")
    marks.rows["lan", ""] = marks.write(m.Loan(participant=person, kind="book", lent_on=today))
    window = ExamWindow.objects.order_by("-opens_on").first()
    exam = m.WrittenExam(
        participant=person, exam_code="HEA3004", window=window, state="credited", exam_on=today + timedelta(days=20)
    )
    marks.rows["skriftlig", ""] = marks.write(exam)
    marks.rows["norskprove", ""] = marks.write(m.NorwegianTest(participant=person, part="oral", level="b1", taken_on=today))
    m.Consent.objects.get_or_create(
        participant=person, party="nav", workplace=None, is_current=True, defaults={"answer": True, "answered_on": today}
    )


def fill_enrolment(cast: Cast, marks: Marks, key: str) -> None:
    """One row of every kind that hangs on the enrolment."""
    enrolment, today = cast.enrolments[key], cast.today
    coordinator = cast.users["koordinator"]

    def add(slug: str, row: Any, **more: Any) -> Any:
        marks.rows[slug, key] = marks.write(row, enrolment=key, **more)
        return row

    enrolment.came_from = marks.new("progress", key, "", "Enrolment.came_from")
    enrolment.norwegian_at_start = marks.new("intake_background", key, "", "Enrolment.norwegian_at_start")
    enrolment.queue_place = 3
    enrolment.save()
    add("henvisning", m.Referral.objects.get(enrolment=enrolment))
    add("intervju", m.IntakeInterview(enrolment=enrolment, held_on=today - timedelta(days=90)))
    criterion = Criterion.objects.filter(trade__isnull=True).first()
    add("krav", m.EligibilityCheck(enrolment=enrolment, criterion=criterion, answer="met"), only="KF")
    add("stemme", m.AdmissionVoice(enrolment=enrolment, voice="coordinator", advice="admit", given_on=today), only="KF")
    cohort = Cohort.objects.get_or_create(trade=enrolment.trade, name=f"Gruppe {key}")[0]
    add("gruppe", m.CohortMember(participant=enrolment.participant, enrolment=enrolment, cohort=cohort))
    add("samtale", m.IntakeConversation(enrolment=enrolment, held_on=today))
    contract = add("avtale", m.Agreement(enrolment=enrolment, kind="contract", made_on=today), only="KD")
    add("underskrift", m.Signature(agreement=contract, party="deltaker", signed_on=today), only="KD")
    add("attest", m.PoliceCertificate(enrolment=enrolment, is_required=True, basis="shown", in_order=True))
    add("sending", m.CountyApplication(enrolment=enrolment, sent_on=today))
    add("vedlegg", m.Enclosure(enrolment=enrolment, kind="cv", state="not_relevant"))
    if not enrolment.contracts.exists():
        add("kontrakt", m.TrainingContract(enrolment=enrolment, starts_on=today, ends_on=today + timedelta(days=400)))
    else:
        row = enrolment.contracts.first()
        row.number = ""
        add("kontrakt", row)
    add("permisjon", m.Leave(enrolment=enrolment, starts_on=today - timedelta(days=60), ended_on=today - timedelta(days=50)))
    add(
        "klar",
        m.Readiness(enrolment=enrolment, kind="trade_test", given_on=today, by=cast.users["faglaerer"], by_role="faglaerer"),
    )
    add("fagprove", m.TradeTest(enrolment=enrolment, starts_on=today + timedelta(days=30)))
    add("inntekt", m.IncomePeriod(enrolment=enrolment, kind="wages"))
    add("betaling", m.FundingPeriod(enrolment=enrolment, source="municipality"))
    add("tiltak", m.Accommodation(enrolment=enrolment, measure="other"))
    add("notat", m.ContactNote(enrolment=enrolment, happened_on=today, contact_with="nav"))
    add("punkt", m.EndingTask(enrolment=enrolment, kind="county_form"))
    add("bevis", m.ParticipationCertificate(enrolment=enrolment, issued_on=today))
    add("jobb", m.WorkStatus(enrolment=enrolment, months=3, asked_on=today, state="permanent"))
    reason, waived = marks.new("status_reasons", key, "", "StatusChange.reason"), marks.new("status_reasons", key, "", "waived")
    change = enrolment.changes.order_by("-at", "-pk").first()
    type(change).objects.filter(pk=change.pk).update(reason=reason, waived={"interview_held": waived})
    admitted = enrolment.changes.filter(to_status="admitted").first()
    if admitted and admitted.pk != change.pk:
        text = marks.new("status_reasons", key, "", "decision reason")
        type(admitted).objects.filter(pk=admitted.pk).update(reason=text)
    for section in ("application_pack", "agreements", "training_contract", "exams", "income_funding", "contact_log"):
        document = m.Document(
            participant=enrolment.participant, enrolment=enrolment, section=section, kind="other", content_type="application/pdf",
            size=9, created_by=coordinator,
        )  # fmt: skip
        inside = marks.new(section, "" if section == "exams" else key, "", f"content of a document in {section}")
        document.file.save(f"{inside}.pdf", ContentFile(f"%PDF {inside}".encode()), save=False)
        marks.rows[f"dokument_{section}", key] = marks.write(document, enrolment="" if section == "exams" else key)
    fill_followup(cast, marks, key, "")


def fill_placement(cast: Cast, marks: Marks, key: str, placement_key: str) -> None:
    """The placement's own columns, its fadder, a proposal and the agreement with the workplace."""
    placement, today = cast.placements[placement_key], cast.today
    place = {"enrolment": key, "placement": placement_key}
    marks.rows["plass", placement_key] = marks.write(placement, **place)
    marks.rows["fadder", placement_key] = placement.faddere.first()
    marks.rows["forslag", placement_key] = marks.write(m.FadderProposal(placement=placement), **place)
    agreement = m.Agreement(
        enrolment=cast.enrolments[key], kind="participation", placement=placement, made_on=today, number=10 + len(marks.rows)
    )
    marks.rows["avtale", placement_key] = marks.write(agreement, **place)
    signature = m.Signature(agreement=agreement, party="leder", signed_on=today)
    marks.rows["underskrift", placement_key] = marks.write(signature, **place)
    fill_followup(cast, marks, key, placement_key)


def fill_followup(cast: Cast, marks: Marks, key: str, placement_key: str) -> None:
    """What follow-up and meetings keep on the enrolment (placement_key "") or on one of its placements."""
    from tests.access import followup, meetings

    for module in (*followup.modules(), *meetings.modules()):
        module.fill(cast, marks, key, placement_key)
