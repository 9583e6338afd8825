"""Forms of the intake: referral, interview, eligibility, voices, queue, conversation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q

from fagbrev.forms.base import SentForm
from participants.access import Record
from participants.forms.base import RecordForm
from participants.models import (
    AdmissionVoice,
    CohortMember,
    EligibilityCheck,
    Enrolment,
    IntakeConversation,
    IntakeInterview,
    Referral,
)
from programmes.models import Cohort, Criterion, Partner, Trade


class ReferralForm(RecordForm):
    """Who referred, when, and whether the person knows."""

    class Meta:
        model = Referral
        fields = [
            "referred_by", "partner", "partner_text", "contact_person", "referred_on", "knows_of_referral", "informed_on",
            "candidate_kind", "words",
        ]  # fmt: skip
        widgets = {"knows_of_referral": forms.Select(choices=[("", "ikke avklart"), ("True", "ja"), ("False", "nei")])}

    def prepare(self, record: Record) -> None:
        """Partners that refer."""
        self.fields["partner"].queryset = Partner.objects.filter(is_active=True, refers=True).order_by("name")
        self.fields["partner"].empty_label = "ikke i lista"


class InterviewForm(RecordForm):
    """Every heading of the interview (V8 row 3)."""

    class Meta:
        model = IntakeInterview
        fields = [
            "held_on", "norwegian_training", "norwegian_level", "society_course", "in_norway_since", "education",
            "right_to_upper_secondary", "experience", "experience_months", "experience_documented", "digital_level",
            "computer_course", "adviser", "motivation", "suitability",
        ]  # fmt: skip

    def clean_held_on(self) -> Any:
        """Not ahead in time."""
        return not_ahead(self.cleaned_data["held_on"], self.record)

    def clean_in_norway_since(self) -> Any:
        """A year of this century or the last, not ahead."""
        year = self.cleaned_data["in_norway_since"]
        if year and not 1950 <= year <= self.record.today.year:
            raise forms.ValidationError("Skriv et årstall, for eksempel 2018.")
        return year


class ConversationForm(RecordForm):
    """The intake conversation (V8 row 5)."""

    class Meta:
        model = IntakeConversation
        fields = ["held_on", "expectations", "absence_rules_explained", "interpreter_used"]

    def clean_held_on(self) -> Any:
        """Not ahead in time."""
        return not_ahead(self.cleaned_data["held_on"], self.record)


class QueueForm(RecordForm):
    """The place in the queue."""

    class Meta:
        model = Enrolment
        fields = ["queue_place"]


class TradeForm(RecordForm):
    """The trade of an enrolment that has not decided yet."""

    class Meta:
        model = Enrolment
        fields = ["trade"]

    def prepare(self, record: Record) -> None:
        """Trades that take people in; the choice is free until admission."""
        open_trades = Trade.objects.filter(Q(runs_to__isnull=True) | Q(runs_to__gte=record.today)).order_by("order", "name")
        self.fields["trade"].queryset = open_trades
        self.fields["trade"].empty_label = "ikke avklart"
        if record.enrolment.status not in {"referred", "interviewed", "waitlisted"}:
            self.fields["trade"].disabled = True
            self.fields["trade"].help_text = "Deltakeren er tatt opp. Bruk «Bytt fag» for å endre fag."

    def save_extra(self) -> None:
        """The curriculum follows the trade until admission."""
        trade = self.instance.trade
        self.instance.curriculum = trade.curriculum if trade else None


class CohortForm(RecordForm):
    """Membership of a cohort of the trade."""

    class Meta:
        model = CohortMember
        fields = ["cohort", "starts_on", "ends_on", "teaching_share"]

    def prepare(self, record: Record) -> None:
        """Cohorts of the enrolment's trade."""
        self.fields["cohort"].queryset = Cohort.objects.filter(trade=record.enrolment.trade_id).order_by("name")


class VoiceForm(RecordForm):
    """One's own voice on admission; the view sets whose it is."""

    class Meta:
        model = AdmissionVoice
        fields = ["advice", "words", "given_on"]
        widgets = {"advice": forms.RadioSelect}

    def prepare(self, record: Record) -> None:
        """Radios without the empty choice; today as default."""
        self.fields["advice"].choices = [choice for choice in self.fields["advice"].choices if choice[0]]
        self.fields["given_on"].initial = self.fields["given_on"].initial or record.today

    def clean_given_on(self) -> Any:
        """Not ahead in time."""
        return not_ahead(self.cleaned_data["given_on"], self.record)


class EligibilityForm(SentForm):
    """All criteria on one page, an answer and a remark each (V3)."""

    def __init__(self, *args: Any, record: Record, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        trade = record.enrolment.trade_id
        self.criteria = list(
            Criterion.objects.filter(Q(trade__isnull=True) | Q(trade=trade), is_active=True).order_by("order", "pk")
        )
        held = {check.criterion_id: check for check in record.enrolment.eligibility.all()}
        for criterion in self.criteria:
            check = held.get(criterion.pk)
            answer = forms.ChoiceField(
                label=criterion.text, help_text=criterion.help, choices=EligibilityCheck.ANSWERS, widget=forms.RadioSelect,
                initial=check.answer if check else "unknown",
            )  # fmt: skip
            words = forms.CharField(
                label=f"Merknad til «{criterion.text}»", required=False, max_length=300, initial=check.words if check else ""
            )
            self.fields[f"answer_{criterion.public_id}"] = answer
            self.fields[f"words_{criterion.public_id}"] = words

    def answers(self) -> list[tuple[Criterion, str, str]]:
        """Gives each criterion with answer and remark."""
        data = self.cleaned_data
        return [(c, data[f"answer_{c.public_id}"], data[f"words_{c.public_id}"]) for c in self.criteria]


def not_ahead(day: Any, record: Record) -> Any:
    """Gives the day. Raises a sentence when it is ahead in time."""
    if day and day > record.today:
        raise forms.ValidationError("Datoen er fram i tid.")
    return day
