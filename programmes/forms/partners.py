"""Forms for partners and their contacts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programmes.forms.frame import PHONE, FrameForm
from programmes.models import Partner, PartnerContact


class PartnerForm(FrameForm):
    """An organisation the scheme works with."""

    alone = {"name": ((), _("Det finnes allerede en partner med dette navnet."))}

    class Meta:
        model = Partner
        fields = [
            "name", "kind", "refers", "teaches", "funds", "approves", "helps", "phone", "web", "note", "is_active",
        ]  # fmt: skip
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"note": _("Ikke skriv om deltakere her."), "is_active": _("Ta bort haken når samarbeidet er slutt.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].validators.append(PHONE)


class ContactForm(FrameForm):
    """A named person at a partner."""

    class Meta:
        model = PartnerContact
        fields = ["name", "task", "email", "phone"]
        help_texts = {"task": _("Hva vi kontakter personen om.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].validators.append(PHONE)

    def clean(self) -> dict[str, Any]:
        """Demands a way to reach the person."""
        super().clean()
        if not self.errors and not self.cleaned_data["email"] and not self.cleaned_data["phone"]:
            self.add_error("email", _("Skriv e-post eller telefon."))
        return self.cleaned_data
