"""The form of one on the list of an information meeting."""

from __future__ import annotations

from typing import Any

from fagbrev.forms.base import VersionedForm
from meetings.models import SignUp
from participants.forms.base import say_choose
from participants.forms.person import checked_phone
from programmes.models import Partner


class SignUpForm(VersionedForm):
    """Name, how to reach the person, and which partner sent them."""

    class Meta:
        model = SignUp
        fields = ["name", "phone", "email", "partner"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        partner: Any = self.fields["partner"]
        partner.queryset, partner.empty_label = Partner.objects.filter(is_active=True).order_by("name"), "Ingen partner"
        for field in self.fields.values():
            say_choose(field)

    def clean_phone(self) -> str:
        """A number as participants' are stored, whatever spaces it was written with."""
        return checked_phone(self.cleaned_data["phone"])


def proposed_referral(row: SignUp) -> dict[str, Any]:
    """Gives what a referral's form begins with: the last word of the name is the last name."""
    first, _space, last = row.name.strip().rpartition(" ")
    return {
        "first_name": first or last, "last_name": last if first else "", "phone": row.phone, "email": row.email,
        "partner": row.partner_id, "referred_by": "partner" if row.partner_id else "self",
    }  # fmt: skip
