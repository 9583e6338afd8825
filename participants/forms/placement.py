"""Forms of placements: the place itself, faddere, a leder's proposal, and the change of workplace or trade."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q

from fagbrev.forms.base import SentForm
from fagbrev.forms.fields import DayField
from fagbrev.periods import holds_on
from participants.access import Record
from participants.forms.base import RecordForm
from participants.models import FadderProposal, Placement, PlacementFadder
from participants.models.placement import DAYS
from programmes.models import Trade, Workplace, WorkplacePerson


class PlacementForm(RecordForm):
    """A placement: workplace, days, percent, leder, and what was agreed at the workplace."""

    weekdays = forms.MultipleChoiceField(label="Dager", choices=DAYS, required=False, widget=forms.CheckboxSelectMultiple)

    class Meta:
        model = Placement
        fields = [
            "workplace", "is_main", "requested_on", "informed_on", "starts_on", "ends_on", "percent", "weekdays", "leder",
            "interview_held_on", "expectations", "role_notes", "practical", "extra_person_confirmed_on", "county_told_on",
        ]  # fmt: skip

    def prepare(self, record: Record) -> None:
        """Workplaces in use; leder among those who lead the workplace."""
        held = self.instance.workplace_id
        self.fields["workplace"].queryset = Workplace.objects.filter(Q(is_active=True) | Q(pk=held)).order_by("name")
        leaders = WorkplacePerson.objects.filter(holds_on(record.today), is_leder=True, workplace__is_active=True)
        if held:
            leaders = leaders.filter(workplace=held)
            self.fields["workplace"].disabled = True
            self.fields["workplace"].help_text = "Bruk «Bytt arbeidssted» for å endre stedet."
        self.fields["leder"].queryset = leaders.select_related("workplace").order_by("workplace__name", "name")
        self.fields["leder"].label_from_instance = lambda person: (
            person.name if held else f"{person.name}, {person.workplace.name}"
        )
        self.fields["leder"].help_text = "Ledere registreres på arbeidsstedets side."
        self.initial["weekdays"] = [str(day) for day in self.instance.weekdays or []]

    def clean_weekdays(self) -> list[int]:
        """Gives the days as numbers, Monday 0."""
        return sorted(int(day) for day in self.cleaned_data["weekdays"])

    def clean(self) -> dict[str, Any]:
        """The leder must belong to the workplace."""
        data = super().clean() or {}
        leder, workplace = data.get("leder"), data.get("workplace") or getattr(self.instance, "workplace", None)
        if leder and workplace and leder.workplace_id != workplace.pk:
            self.add_error("leder", f"{leder.name} er ikke leder på {workplace.name}.")
        return data


class FadderForm(RecordForm):
    """Who is fadder, among people known at the workplace."""

    class Meta:
        model = PlacementFadder
        fields = ["person", "starts_on", "ends_on", "is_substitute"]

    def prepare(self, record: Record) -> None:
        """People at the placement's workplace who may be fadder."""
        workplace = self.instance.placement.workplace_id
        people = WorkplacePerson.objects.filter(holds_on(record.today), workplace=workplace, may_be_fadder=True)
        self.fields["person"].queryset = people.order_by("name")
        self.fields["person"].label_from_instance = lambda person: (
            f"{person.name} (har fagbrev)" if person.has_fagbrev else person.name
        )
        if self.instance.pk is None:
            self.fields["starts_on"].initial = self.instance.placement.starts_on or record.today
            del self.fields["ends_on"]


class ProposalForm(RecordForm):
    """A fadder proposed by the leder, by name and e-mail."""

    class Meta:
        model = FadderProposal
        fields = ["name", "email", "has_fagbrev"]
        widgets = {"has_fagbrev": forms.Select(choices=[("", "vet ikke"), ("True", "ja"), ("False", "nei")])}


class ChangeWorkplaceForm(SentForm):
    """«Bytt arbeidssted»: last day here, the new place and its first day."""

    workplace = forms.ModelChoiceField(label="Nytt arbeidssted", queryset=Workplace.objects.none())
    last_day = DayField(label="Siste dag på det gamle stedet")
    first_day = DayField(label="Første dag på det nye stedet", required=False, help_text="La stå tom hvis den ikke er avtalt.")
    reason = forms.CharField(label="Hvorfor", max_length=200)

    def __init__(self, *args: Any, record: Record, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.current = record.enrolment.placements.filter(is_main=True, ends_on__isnull=True).first()
        here = self.current.workplace_id if self.current else None
        self.fields["workplace"].queryset = (
            Workplace.objects.filter(is_active=True).exclude(pk__in=[here] if here else []).order_by("name")
        )
        self.fields["last_day"].initial = record.today

    def clean(self) -> dict[str, Any]:
        """The new place begins after the old one ends, and the old one not before it began."""
        data = super().clean() or {}
        last, first = data.get("last_day"), data.get("first_day")
        if last and self.current and self.current.starts_on and last < self.current.starts_on:
            self.add_error("last_day", "Siste dag er før deltakeren begynte der.")
        if last and first and first <= last:
            self.add_error("first_day", "Første dag på det nye stedet må være etter siste dag på det gamle.")
        return data


class ChangeTradeForm(SentForm):
    """«Bytt fag»: the new trade and why."""

    trade = forms.ModelChoiceField(label="Nytt fag", queryset=Trade.objects.none())
    reason = forms.CharField(label="Hvorfor", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, record: Record, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        taken = [row.trade_id for row in record.enrolments if row.is_open and row.trade_id]
        self.fields["trade"].queryset = (
            Trade.objects.filter(Q(runs_to__isnull=True) | Q(runs_to__gte=record.today)).exclude(pk__in=taken).order_by("order")
        )
