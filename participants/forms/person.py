"""Forms about the person: name, contact, details, address, national identity number, life situation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from fagbrev.identity import check_national_id, normalise_phone
from fagbrev.sealed import Sealed, blind_index
from participants.access import Record
from participants.forms.base import RecordForm
from participants.models import Participant


class NameForm(RecordForm):
    """First and last name."""

    class Meta:
        model = Participant
        fields = ["first_name", "last_name"]


class ContactForm(RecordForm):
    """Phone and e-mail; never the e-mail one signs in with."""

    class Meta:
        model = Participant
        fields = ["phone", "email"]

    def clean_phone(self) -> str:
        """Gives the number as it is stored."""
        return checked_phone(self.cleaned_data["phone"])


class PersonDetailsForm(RecordForm):
    """Birth date, sex, country and languages."""

    class Meta:
        model = Participant
        fields = ["birth_date", "sex", "country", "mother_tongue", "other_languages", "interpreter_needed"]
        widgets = {"interpreter_needed": forms.Select(choices=[("", "ikke avklart"), ("True", "ja"), ("False", "nei")])}

    def clean_birth_date(self) -> Any:
        """Refuses a birth date ahead in time or of a child."""
        day = self.cleaned_data["birth_date"]
        if day and (self.record.today.year - day.year) < 15:
            raise ValidationError("Sjekk året. Deltakeren må være voksen.")
        return day


class AddressForm(RecordForm):
    """Address and next of kin; the koordinator alone sets protection."""

    class Meta:
        model = Participant
        fields = ["address", "postal_code", "postal_place", "next_of_kin", "address_protection"]

    def prepare(self, record: Record) -> None:
        """Leaves protection to the koordinator."""
        if not record.is_coordinator:
            del self.fields["address_protection"]

    def clean(self) -> dict[str, Any]:
        """A strictly protected address is not stored, nor what points to it."""
        data = super().clean() or {}
        if data.get("address_protection", self.instance.address_protection) == "strengt_fortrolig":
            for name in ("address", "postal_code", "postal_place", "next_of_kin"):
                if data.get(name):
                    self.add_error(name, "Med strengt fortrolig adresse skal ikke dette stå her. La feltet stå tomt.")
        return data

    def clean_postal_code(self) -> str:
        """Four digits."""
        code = self.cleaned_data["postal_code"].strip()
        if code and not (len(code) == 4 and code.isdigit()):
            raise ValidationError("Et postnummer er fire sifre.")
        return code


class NationalIdForm(RecordForm):
    """The national identity number: checked, sealed, and found again only by a keyed fingerprint."""

    number = forms.CharField(
        label="Fødselsnummer eller D-nummer",
        max_length=20,
        help_text="11 sifre. Skriv det bare når noe du skal gjøre krever det.",
    )

    class Meta:
        model = Participant
        fields: list[str] = []

    def clean_number(self) -> str:
        """Gives 11 digits. Raises a sentence about what is wrong, or that someone else has it."""
        try:
            number = check_national_id(self.cleaned_data["number"], allow_synthetic=settings.ALLOW_SYNTHETIC_IDS)
        except ValueError as fault:
            raise ValidationError(str(fault)) from None
        key = blind_index(number, "national_id")
        if Participant.objects.filter(national_id_key=key).exclude(pk=self.instance.pk).exists():
            raise ValidationError("Dette nummeret kan ikke registreres her. Sjekk tallene, eller spør en annen koordinator.")
        self.instance.national_id = Sealed.of(number)
        self.instance.national_id_key = key
        return number

    @property
    def changed_columns(self) -> list[str]:
        """The sealed column, whatever the box was called."""
        return ["national_id"]


class LifeSituationForm(RecordForm):
    """Life situation and obstacles: sealed in the database, read by the koordinator alone."""

    life_situation = forms.CharField(
        label="Livssituasjon", required=False, widget=forms.Textarea, max_length=4000,
        help_text="Skriv bare det du trenger for å vurdere opptaket. Ikke diagnoser.",
    )  # fmt: skip
    obstacles = forms.CharField(
        label="Hindringer for minst 80 % deltakelse", required=False, widget=forms.Textarea, max_length=4000
    )
    sealed = ("life_situation", "obstacles")

    class Meta:
        model = Participant
        fields: list[str] = []


class BankIdForm(RecordForm):
    """Whether BankID works; needed weeks before an exam window."""

    class Meta:
        model = Participant
        fields = ["has_bankid"]
        widgets = {"has_bankid": forms.Select(choices=[("", "vet ikke"), ("True", "ja"), ("False", "nei")])}


def checked_phone(text: str) -> str:
    """Gives a phone number as stored. Raises ValidationError with a sentence."""
    if not text.strip():
        return ""
    try:
        return normalise_phone(text)
    except ValueError as fault:
        raise ValidationError(str(fault)) from None
