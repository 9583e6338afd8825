"""Forms of what goes to and comes from the county."""

from __future__ import annotations

from typing import Any

from django import forms

from participants.access import Record
from participants.forms.base import RecordForm
from participants.forms.intake import not_ahead
from participants.models import CountyApplication, Document, Enclosure, Leave, TrainingContract


class EnclosureForm(RecordForm):
    """One enclosure: there, missing, or not relevant with a reason."""

    class Meta:
        model = Enclosure
        fields = ["state", "document", "reason"]
        widgets = {"state": forms.RadioSelect}

    def prepare(self, record: Record) -> None:
        """Documents in the application pack of this enrolment."""
        self.fields["document"].queryset = Document.objects.filter(
            participant=record.participant, enrolment=record.enrolment, section="application_pack"
        ).order_by("-created_at")
        self.fields["document"].empty_label = "ingen fil her"

    def clean(self) -> dict[str, Any]:
        """Not relevant needs a reason."""
        data = super().clean() or {}
        if data.get("state") == "not_relevant" and not (data.get("reason") or "").strip():
            self.add_error("reason", "Skriv hvorfor vedlegget ikke er aktuelt.")
        return data


class ApplicationForm(RecordForm):
    """A sending of the application, and the county's answer."""

    class Meta:
        model = CountyApplication
        fields = ["sent_on", "reference", "answer", "answered_on", "words"]

    def prepare(self, record: Record) -> None:
        """Sent today, unless told."""
        self.fields["sent_on"].initial = record.today

    def clean_sent_on(self) -> Any:
        """Not ahead in time."""
        return not_ahead(self.cleaned_data["sent_on"], self.record)

    def clean(self) -> dict[str, Any]:
        """An answer has a day."""
        data = super().clean() or {}
        if data.get("answer") and not data.get("answered_on"):
            self.add_error("answered_on", "Skriv datoen svaret kom.")
        return data


class ContractForm(RecordForm):
    """A version of the county's training contract."""

    class Meta:
        model = TrainingContract
        fields = ["number", "starts_on", "ends_on", "decided_on", "words"]

    def prepare(self, record: Record) -> None:
        """A later version says why it changed."""
        self.fields["number"].required = True
        newest = record.enrolment.contracts.order_by("-order").first()
        if self.instance.pk is None and newest:
            self.initial.setdefault("number", newest.number)
            self.initial.setdefault("starts_on", newest.starts_on)
            self.fields["words"].required = True
            self.fields["words"].help_text = "For eksempel: forlenget etter permisjon."


class LeaveForm(RecordForm):
    """A leave from-to; the form to the county is a duty, not a gate."""

    class Meta:
        model = Leave
        fields = [
            "starts_on", "expected_end_on", "reason", "words", "county_form_sent_on", "proposed_contract_end", "ended_on",
        ]  # fmt: skip
        help_texts = {"words": "Ikke skriv om helse."}

    def prepare(self, record: Record) -> None:
        """The first day is needed; the last comes with the step back."""
        self.fields["starts_on"].required = True
        if self.instance.pk is None:
            self.fields.pop("ended_on", None)
