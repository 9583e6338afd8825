"""Forms for workplaces, their approvals and the people there."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from programmes.forms.frame import PHONE, FrameForm
from programmes.models import Trade, Workplace, WorkplaceApproval, WorkplacePerson

WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2)


class WorkplaceForm(FrameForm):
    """A workplace."""

    alone = {"name": ((), _("Det finnes allerede et arbeidssted med dette navnet."))}

    class Meta:
        model = Workplace
        fields = [
            "name", "kind", "ownership", "organisation_number", "address", "phone", "police_certificate_required", "note",
            "is_active",
        ]  # fmt: skip
        help_texts = {
            "police_certificate_required": _("Kryss av når stedet krever politiattest også i fag som ikke krever det."),
            "note": _("For eksempel hvor man møter, og klær man trenger. Ikke skriv om deltakere her."),
            "is_active": _("Ta bort haken når stedet ikke lenger tar imot deltakere."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].validators.append(PHONE)
        self.fields["organisation_number"] = forms.CharField(
            label=_("Organisasjonsnummer"), required=False, max_length=20, help_text=_("Ni siffer."),
            initial=self.instance.organisation_number,
        )  # fmt: skip

    def clean_organisation_number(self) -> str:
        """Gives nine digits whose check digit is right, or nothing."""
        number = "".join(self.cleaned_data["organisation_number"].split())
        if not number:
            return ""
        if not (number.isascii() and number.isdigit() and len(number) == 9):
            raise ValidationError(_("Et organisasjonsnummer har ni siffer."))
        rest = sum(int(digit) * weight for digit, weight in zip(number, WEIGHTS, strict=False)) % 11
        if (11 - rest) % 11 != int(number[8]):
            raise ValidationError(_("Organisasjonsnummeret stemmer ikke. Sjekk sifrene."))
        return number


class ApprovalForm(FrameForm):
    """A workplace's approval in one trade; each state demands its day."""

    periods = (("applied_on", "approved_on"),)
    alone = {"trade": (("workplace",), _("Arbeidsstedet har allerede en rad for dette faget. Endre den i stedet."))}

    class Meta:
        model = WorkplaceApproval
        fields = ["trade", "state", "applied_on", "approved_on", "lapsed_on", "reference"]
        help_texts = {
            "state": _("Uten godkjenning kan en deltaker utplasseres når det er søkt, men opplæringen kan ikke begynne.")
        }

    def __init__(self, *args: Any, trades: QuerySet[Trade], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["trade"]
        else:
            self.fields["trade"].queryset = trades

    def clean(self) -> dict[str, Any]:
        """Demands the day that belongs to the state, and an order of days that is possible."""
        super().clean()
        found = self.cleaned_data
        state = found.get("state")
        demanded = {
            WorkplaceApproval.APPLIED: ("applied_on", "Skriv når det ble søkt."),
            WorkplaceApproval.APPROVED: ("approved_on", "Skriv når stedet ble godkjent."),
            WorkplaceApproval.REFUSED: ("lapsed_on", "Skriv når det ble avslått."),
            WorkplaceApproval.LAPSED: ("lapsed_on", "Skriv når godkjenningen falt bort."),
        }
        if state in demanded:
            name, sentence = demanded[state]
            if name not in self.errors and not found.get(name):
                self.add_error(name, sentence)
        earliest = max((day for day in (found.get("applied_on"), found.get("approved_on")) if day), default=None)
        if earliest and found.get("lapsed_on") and found["lapsed_on"] < earliest:
            self.add_error("lapsed_on", _("Dagen er før det ble søkt eller godkjent."))
        if state == WorkplaceApproval.APPROVED and found.get("lapsed_on"):
            self.add_error("lapsed_on", _("En godkjenning som gjelder, kan ikke ha falt bort. Endre status eller ta bort dagen."))
        return found


class PersonForm(FrameForm):
    """Someone at a workplace."""

    periods = (("starts_on", "ends_on"),)
    alone = {"name": (("workplace",), _("Denne personen står allerede på arbeidsstedet."))}
    has_fagbrev = forms.TypedChoiceField(
        label=_("Har fagbrev"), required=False, empty_value=None,
        choices=[("", "Vet ikke"), ("True", "Ja"), ("False", "Nei")], coerce=lambda value: value == "True",
        widget=forms.RadioSelect,
    )  # fmt: skip

    class Meta:
        model = WorkplacePerson
        fields = ["name", "email", "phone", "is_leder", "may_be_fadder", "has_fagbrev", "user", "starts_on", "ends_on"]
        labels = {"is_leder": _("Er leder på arbeidsstedet"), "may_be_fadder": _("Kan være fadder"), "user": _("Logger inn som")}
        help_texts = {
            "user": _("En leder som logger inn, ser deltakerne på stedet. Inviter nye under Brukere."),
            "ends_on": _("Personen har ikke tilgang etter denne dagen."),
        }

    def __init__(self, *args: Any, users: QuerySet[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].validators.append(PHONE)
        self.fields["user"].queryset = users
        self.fields["user"].empty_label = _("Logger ikke inn")
        held = self.instance.has_fagbrev
        self.initial["has_fagbrev"] = "" if held is None else str(held)

    def clean_email(self) -> str:
        """Gives the address in small letters, as users have it."""
        return self.cleaned_data["email"].lower()

    def clean(self) -> dict[str, Any]:
        """Refuses someone who is neither leder nor may be fadder, and a user who stands here already."""
        super().clean()
        found = self.cleaned_data
        if not found.get("is_leder") and not found.get("may_be_fadder"):
            self.add_error("may_be_fadder", _("Kryss av for leder, for fadder, eller for begge."))
        user = found.get("user")
        if user:
            same = WorkplacePerson.objects.filter(workplace=self.instance.workplace, user=user).exclude(pk=self.instance.pk)
            if same.exists():
                self.add_error("user", _("Denne brukeren er allerede knyttet til en person på stedet."))
        return found
