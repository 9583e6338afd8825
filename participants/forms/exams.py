"""Forms of readiness, written exam, trade test and Norwegian tests."""

from __future__ import annotations

from typing import Any

from django import forms

from fagbrev.people.roles import FAGLAERER, NORSKLAERER
from participants.access import Record
from participants.forms.base import RecordForm
from participants.forms.intake import not_ahead
from participants.models import NorwegianTest, Readiness, TradeTest, WrittenExam
from participants.models.exams import READINESS_KINDS
from programmes.models import ExamWindow, NorwegianTestWindow, Trade

MAY_SAY = {FAGLAERER: {"written_exam", "trade_test"}, NORSKLAERER: {"written_exam", "norwegian_test"}}


class ReadinessForm(RecordForm):
    """A teacher's word that the participant is ready."""

    class Meta:
        model = Readiness
        fields = ["kind", "given_on", "words", "withdrawn_on"]

    def prepare(self, record: Record) -> None:
        """What this teacher may say: faglærer recommends the trade test, norsklærer the Norwegian test."""
        kinds = set().union(*(MAY_SAY.get(role, set()) for role in record.roles_here))
        self.fields["kind"].choices = [choice for choice in READINESS_KINDS if choice[0] in kinds]
        self.fields["given_on"].initial = record.today
        if self.instance.pk is None:
            del self.fields["withdrawn_on"]
        else:
            self.fields["kind"].disabled = True

    def clean_given_on(self) -> Any:
        """Not ahead in time."""
        return not_ahead(self.cleaned_data["given_on"], self.record)


class WrittenExamForm(RecordForm):
    """An attempt, or a credit, with its dates and grade."""

    class Meta:
        model = WrittenExam
        fields = [
            "exam_code", "window", "state", "registered_by", "registered_on", "fee_paid_on", "exam_on", "result_on", "grade", "source",
        ]  # fmt: skip

    def prepare(self, record: Record) -> None:
        """The exam codes of the trades; that of this enrolment first."""
        codes = list(Trade.objects.exclude(written_exam_code="").order_by("order").values_list("written_exam_code", "name"))
        own = record.enrolment.trade.written_exam_code if record.enrolment.trade else ""
        codes.sort(key=lambda pair: pair[0] != own)
        held = self.instance.exam_code
        if held and held not in dict(codes):
            codes.append((held, held))
        self.fields["exam_code"] = forms.ChoiceField(
            label="Eksamen", choices=[(code, f"{code} {name}") for code, name in codes], initial=held or own
        )
        self.fields["window"].queryset = ExamWindow.objects.order_by("-opens_on")[:8]
        self.fields["window"].empty_label = "ikke valgt"
        self.order_fields(["exam_code"])

    def clean(self) -> dict[str, Any]:
        """A result has a day that is not ahead; a grade agrees with it."""
        data = super().clean() or {}
        state, grade = data.get("state"), data.get("grade")
        if grade and not 1 <= grade <= 6:
            self.add_error("grade", "Karakteren er fra 1 til 6.")
        elif grade and ((state == "passed" and grade < 2) or (state == "failed" and grade > 1)):
            self.add_error("grade", "Karakteren stemmer ikke med resultatet. 2 eller bedre er bestått.")
        for name in ("registered_on", "fee_paid_on", "result_on"):
            if data.get(name) and data[name] > self.record.today:
                self.add_error(name, "Datoen er fram i tid.")
        if state == "credited" and not data.get("source"):
            self.add_error("source", "Skriv hvor eksamen ble tatt eller godskrevet.")
        return data


class TradeTestForm(RecordForm):
    """An attempt at the trade test."""

    class Meta:
        model = TradeTest
        fields = [
            "registered_on", "test_site", "site_contact", "lead_told_on", "starts_on", "ends_on", "result", "result_on",
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A result has its day."""
        data = super().clean() or {}
        if data.get("result") and not data.get("result_on"):
            self.add_error("result_on", "Skriv datoen for resultatet.")
        if data.get("result_on") and data["result_on"] > self.record.today:
            self.add_error("result_on", "Datoen er fram i tid.")
        return data


class NorwegianTestForm(RecordForm):
    """One part of a Norwegian test, with its level."""

    class Meta:
        model = NorwegianTest
        fields = ["part", "state", "level", "window", "registered_on", "taken_on", "source"]

    def prepare(self, record: Record) -> None:
        """The newest windows."""
        self.fields["window"].queryset = NorwegianTestWindow.objects.order_by("-opens_on")[:8]
        self.fields["window"].empty_label = "ikke valgt"

    def clean(self) -> dict[str, Any]:
        """A taken test has a level and a day."""
        data = super().clean() or {}
        if data.get("state") in {"taken", "known"} and not data.get("level"):
            self.add_error("level", "Velg nivået.")
        if data.get("state") == "taken" and not data.get("taken_on"):
            self.add_error("taken_on", "Skriv prøvedatoen.")
        if data.get("taken_on") and data["taken_on"] > self.record.today and data.get("state") != "registered":
            self.add_error("taken_on", "Datoen er fram i tid.")
        return data
