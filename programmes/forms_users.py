"""Forms of /brukere/: invite, give a role, correct a name or address, end something on a day."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fagbrev.forms.base import SentForm
from fagbrev.forms.fields import DayField
from fagbrev.people.roles import DELTAKER, ROLE_CHOICES
from programmes.actions_users import AT_WORKPLACE, TEACHERS
from programmes.models import Cohort, Trade, Workplace

# A deltaker's sign-in is given from the participant's own page, since it must be bound to the participant.
INVITED_ROLES = [(code, label) for code, label in ROLE_CHOICES if code != DELTAKER]


class CohortField(forms.ModelChoiceField):
    """A cohort, with its trade in front."""

    def label_from_instance(self, obj: Any) -> str:
        """Gives trade and name."""
        return f"{obj.trade.short_name or obj.trade.name}: {obj.name}"


class RoleForm(SentForm):
    """A role, its scope and its dates."""

    role = forms.ChoiceField(label=_("Rolle"), choices=[("", _("Velg rolle")), *INVITED_ROLES])
    trade = forms.ModelChoiceField(
        label=_("Fag"),
        queryset=Trade.objects.none(),
        to_field_name="code",
        required=False,
        empty_label=_("Ingen valgt"),
        help_text=_("For faglærer og norsklærer."),
    )
    cohort = CohortField(
        label=_("Bare denne gruppen"),
        queryset=Cohort.objects.none(),
        to_field_name="public_id",
        required=False,
        empty_label=_("Hele faget"),
        help_text=_("For lærere som bare har én gruppe."),
    )
    workplace = forms.ModelChoiceField(
        label=_("Arbeidssted"),
        queryset=Workplace.objects.none(),
        to_field_name="public_id",
        required=False,
        empty_label=_("Ingen valgt"),
        help_text=_("For leder og fadder."),
    )
    starts_on = DayField(label=_("Fra og med"), required=False, help_text=_("Tomt betyr i dag."))
    ends_on = DayField(
        label=_("Til og med"), required=False, help_text=_("Tomt betyr inntil videre. Skriv en dato for en vikar.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["trade"].queryset = Trade.objects.order_by("order", "name")  # type: ignore[attr-defined]
        self.fields["cohort"].queryset = Cohort.objects.select_related("trade").order_by("trade__order", "name")  # type: ignore[attr-defined]
        self.fields["workplace"].queryset = Workplace.objects.filter(is_active=True).order_by("name")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A teacher needs a trade, leder and fadder a workplace; what belongs to another role is left out."""
        cleaned = super().clean() or self.cleaned_data
        role, trade, cohort = cleaned.get("role"), cleaned.get("trade"), cleaned.get("cohort")
        if role in TEACHERS:
            if not trade and not cohort and "trade" not in self.errors:
                self.add_error("trade", _("Velg hvilket fag læreren har."))
            if cohort and not trade:
                cleaned["trade"] = trade = cohort.trade
            if cohort and cohort.trade_id != trade.pk:
                self.add_error("cohort", _("Gruppen hører til et annet fag."))
        else:
            cleaned["trade"] = cleaned["cohort"] = None
        if role in AT_WORKPLACE:
            if not cleaned.get("workplace") and "workplace" not in self.errors:
                self.add_error("workplace", _("Velg hvilket arbeidssted det gjelder."))
        else:
            cleaned["workplace"] = None
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("Rollen kan ikke slutte før den begynner."))
        return cleaned

    @property
    def granted(self) -> dict[str, Any]:
        """What the action takes: role, scope and dates."""
        return {name: self.cleaned_data.get(name) for name in ("role", "trade", "cohort", "workplace", "starts_on", "ends_on")}


class InviteForm(RoleForm):
    """Name and address, and the first role."""

    name = forms.CharField(label=_("Navn"), max_length=120)
    email = forms.EmailField(label=_("E-postadresse"), help_text=_("Invitasjonen sendes hit. Adressen brukes til innlogging."))
    field_order = ["name", "email", "role", "trade", "cohort", "workplace", "starts_on", "ends_on"]


class PersonForm(SentForm):
    """A user's name and sign-in address."""

    name = forms.CharField(label=_("Navn"), max_length=120)
    email = forms.EmailField(
        label=_("E-postadresse"), help_text=_("Bytter du adressen, blir brukeren logget ut og må logge inn med den nye.")
    )
    field_order = ["name", "email"]


class EndForm(SentForm):
    """The last day of a role or a trade."""

    last_day = DayField(label=_("Siste dag"), required=False, help_text=_("Tomt betyr at den slutter med en gang."))
