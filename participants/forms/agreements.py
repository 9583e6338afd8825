"""Forms of agreements, signatures, consents and the police certificate."""

from __future__ import annotations

from typing import Any

from django import forms

from fagbrev.forms.base import SentForm
from fagbrev.forms.fields import DayField
from participants.access import Record
from participants.facts import ASKED_PARTIES
from participants.forms.base import RecordForm
from participants.forms.intake import not_ahead
from participants.models import Agreement, Consent, Document, PoliceCertificate, Signature
from participants.models.agreements import NEEDED_SIGNERS

YES_NO = [("yes", "ja"), ("no", "nei"), ("", "ikke spurt ennå")]


class AgreementForm(RecordForm):
    """A version of the contract or the participation agreement."""

    class Meta:
        model = Agreement
        fields = ["kind", "made_on", "starts_on", "ends_on", "special_terms"]

    def prepare(self, record: Record) -> None:
        """The kind is chosen once."""
        self.fields["made_on"].initial = record.today
        if self.instance.pk:
            self.fields["kind"].disabled = True


class SignatureForm(RecordForm):
    """A signature on paper: whose, when, and the scan."""

    class Meta:
        model = Signature
        fields = ["party", "signer_name", "signed_on", "scan"]

    def prepare(self, record: Record) -> None:
        """Parties that must sign this kind of agreement, and have not."""
        agreement = self.instance.agreement
        signed = set(agreement.signatures.exclude(pk=self.instance.pk).values_list("party", flat=True))
        needed = NEEDED_SIGNERS[agreement.kind]
        self.fields["party"].choices = [
            choice
            for choice in Signature._meta.get_field("party").choices or []
            if choice[0] in needed and choice[0] not in signed
        ]
        self.fields["signed_on"].initial = record.today
        self.fields["scan"].queryset = Document.objects.filter(
            participant=record.participant, section="agreements", enrolment=record.enrolment
        ).order_by("-created_at")
        self.fields["scan"].empty_label = "ingen fil"
        self.fields["scan"].help_text = "Last først opp skannet avtale under «Dokumenter», hvis dere har en."

    def clean_signed_on(self) -> Any:
        """Not ahead in time."""
        return not_ahead(self.cleaned_data["signed_on"], self.record)


class ConsentForm(SentForm):
    """A yes or no per named party, on one page."""

    answered_on = DayField(label="Dato for svarene")

    def __init__(self, *args: Any, record: Record, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answered_on"].initial = record.today
        self.record = record
        held = {
            (consent.party, consent.workplace_id): consent
            for consent in Consent.objects.filter(participant=record.participant, is_current=True)
        }
        self.parties: list[tuple[str, str, Any]] = []
        for party, name in ASKED_PARTIES:
            self._ask(party, f"Kan vi dele opplysninger om opplæringen med {name}?", None, held)
        for placement in record.enrolment.placements.filter(ends_on__isnull=True).select_related("workplace"):
            self._ask("workplace", f"Et annet svar for {placement.workplace.name}?", placement.workplace, held)

    def _ask(self, party: str, label: str, workplace: Any, held: dict[Any, Consent]) -> None:
        key = f"answer_{party}_{workplace.public_id}" if workplace else f"answer_{party}"
        consent = held.get((party, workplace.pk if workplace else None))
        initial = "" if consent is None else ("yes" if consent.answer and not consent.withdrawn_on else "no")
        self.fields[key] = forms.ChoiceField(
            label=label, choices=YES_NO, required=False, widget=forms.RadioSelect, initial=initial
        )
        self.parties.append((key, party, workplace))

    def clean_answered_on(self) -> Any:
        """Not ahead in time."""
        return not_ahead(self.cleaned_data["answered_on"], self.record)

    def new_answers(self) -> list[tuple[str, Any, bool]]:
        """Gives the answers that differ from those held: party, workplace and the answer."""
        found = []
        for key, party, workplace in self.parties:
            value = self.cleaned_data.get(key) or ""
            if value and value != self.fields[key].initial:
                found.append((party, workplace, value == "yes"))
        return found


class PoliceCertificateForm(RecordForm):
    """The seen-fact: no file, no remark."""

    class Meta:
        model = PoliceCertificate
        fields = [
            "is_required", "required_because", "purpose_form_sent_on", "basis", "shown_on", "seen_by", "in_order",
        ]  # fmt: skip
        widgets = {"is_required": forms.Select(choices=[("", "ikke avklart"), ("True", "ja"), ("False", "nei")])}
        help_texts = {"in_order": "Kryss bare av når attesten er sett og i orden. Er den ikke det, trekker deltakeren seg."}

    def clean(self) -> dict[str, Any]:
        """In order needs a basis; shown to us needs the day and who saw it."""
        data = super().clean() or {}
        if data.get("in_order") and not data.get("basis"):
            self.add_error("basis", "Velg grunnlaget: vist til oss, eller kontrollert av arbeidsgiver.")
        if data.get("in_order") and data.get("basis") == "shown":
            if not data.get("shown_on"):
                self.add_error("shown_on", "Skriv datoen attesten ble vist.")
            if not data.get("seen_by"):
                self.add_error("seen_by", "Skriv hvem som så attesten.")
        if data.get("shown_on"):
            try:
                not_ahead(data["shown_on"], self.record)
            except forms.ValidationError as fault:
                self.add_error("shown_on", fault)
        return data
