"""Forms of income, funding, loans, accommodations, contact log, ending and work status."""

from __future__ import annotations

from typing import Any

from participants.access import Record
from participants.forms.base import RecordForm
from participants.forms.intake import not_ahead
from participants.models import (
    Accommodation,
    ContactNote,
    EndingTask,
    FundingPeriod,
    IncomePeriod,
    Loan,
    ParticipationCertificate,
    WorkStatus,
)


class IncomeForm(RecordForm):
    """An income basis from-to."""

    class Meta:
        model = IncomePeriod
        fields = ["kind", "programme", "starts_on", "ends_on"]


class FundingForm(RecordForm):
    """Who pays, from-to."""

    class Meta:
        model = FundingPeriod
        fields = ["source", "starts_on", "ends_on", "words"]


class LoanForm(RecordForm):
    """Something lent."""

    class Meta:
        model = Loan
        fields = ["kind", "label", "size", "state", "lent_on", "due_back_on", "returned_on"]


class AccommodationForm(RecordForm):
    """A measure that helps."""

    class Meta:
        model = Accommodation
        fields = ["measure", "words", "starts_on", "ends_on"]
        help_texts = {"words": "Skriv hva som hjelper, aldri en diagnose."}


class ContactNoteForm(RecordForm):
    """A contact with someone about the participant."""

    class Meta:
        model = ContactNote
        fields = ["happened_on", "contact_with", "who", "what", "reference"]

    def prepare(self, record: Record) -> None:
        """Today, unless told."""
        self.fields["happened_on"].initial = record.today

    def clean_happened_on(self) -> Any:
        """Not ahead in time."""
        return not_ahead(self.cleaned_data["happened_on"], self.record)


class EndingTaskForm(RecordForm):
    """One point of the ending checklist."""

    class Meta:
        model = EndingTask
        fields = ["done_on", "waived_reason"]

    def clean_done_on(self) -> Any:
        """Not ahead in time."""
        return not_ahead(self.cleaned_data["done_on"], self.record)

    def clean(self) -> dict[str, Any]:
        """Done or waived."""
        data = super().clean() or {}
        if not data.get("done_on") and "done_on" not in self.errors and not (data.get("waived_reason") or "").strip():
            self.add_error("done_on", "Skriv datoen det ble gjort, eller hvorfor det ikke gjøres.")
        return data


class CertificateForm(RecordForm):
    """The participation certificate."""

    class Meta:
        model = ParticipationCertificate
        fields = ["issued_on", "words"]

    def prepare(self, record: Record) -> None:
        """Today, unless told."""
        self.fields["issued_on"].initial = record.today

    def clean_issued_on(self) -> Any:
        """Not ahead in time."""
        return not_ahead(self.cleaned_data["issued_on"], self.record)


class WorkStatusForm(RecordForm):
    """Work status after 3, 6 or 12 months."""

    class Meta:
        model = WorkStatus
        fields = ["months", "asked_on", "state", "employer", "words"]

    def prepare(self, record: Record) -> None:
        """Today, unless told."""
        self.fields["asked_on"].initial = record.today

    def clean_asked_on(self) -> Any:
        """Not ahead in time."""
        return not_ahead(self.cleaned_data["asked_on"], self.record)
