"""Forms of invitations: the answer, one more invited, and a substitute."""

from __future__ import annotations

from typing import Any

from django import forms

from fagbrev.forms.base import SentForm
from fagbrev.people.roles import DELTAKER, ROLE_CHOICES
from meetings.invitees import Proposed
from meetings.models import Meeting
from meetings.models.meetings import ABOUT_ONE, ACCEPTED, DECLINED
from programmes.models import PartnerContact

COMES, DOES_NOT_COME = "kommer", "kommer-ikke"
ANSWERS_GIVEN = {COMES: ACCEPTED, DOES_NOT_COME: DECLINED}


class AnswerForm(SentForm):
    """Comes or not, and a few words to the one who calls; the two buttons are the answer."""

    words = forms.CharField(
        label="Beskjed", max_length=200, required=False, help_text="For eksempel at du kommer litt seinere."
    )  # fmt: skip

    when = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)

    def __init__(self, *args: Any, meeting: Meeting | None = None, said: str = "", **kwargs: Any) -> None:
        """With `meeting`, the form holds which time the answer is to. The link in the mail needs none: it is another with each update.
        `said` are the words of the answer that stands: who changes it sees them, and keeps them or not."""
        self.meeting = meeting
        super().__init__(*args, **kwargs)
        self.fields["words"].initial = said
        self.fields["words"].seen_by = "koordinator og den som leder møtet"
        if meeting is None:
            del self.fields["when"]
        else:
            self.fields["when"].initial = _time_of(meeting)

    @property
    def answer(self) -> str:
        """What the pressed button says; "" for none."""
        return ANSWERS_GIVEN.get(str(self.data.get("svar", "")), "")

    def clean(self) -> dict[str, Any]:
        """One of the two buttons, and an answer to the time there is now."""
        data: dict[str, Any] = super().clean() or {}
        if not self.answer:
            self.add_error(None, "Velg om du kommer eller ikke.")
        if self.meeting is not None and data.get("when") and data["when"] != _time_of(self.meeting):
            self.add_error(None, "Møtet er flyttet siden du åpnet siden. Se når det er nå, og svar på nytt.")
            sent: Any = self.data.copy()
            sent[self.add_prefix("when")] = _time_of(self.meeting)
            self.data = sent
        return data


def _time_of(meeting: Meeting) -> str:
    return f"{meeting.starts_at.timestamp():.0f}-{meeting.ends_at.timestamp():.0f}"


class InviteForm(SentForm):
    """One more: a user, a partner's contact (for the koordinator), or somebody else by name and e-mail."""

    who = forms.ChoiceField(label="Bruker i Fagbrev", required=False)
    contact: Any = forms.ModelChoiceField(
        label="Kontakt hos en partner", queryset=PartnerContact.objects.none(), required=False, empty_label="Ingen"
    )
    name = forms.CharField(label="Eller navn", max_length=120, required=False, help_text="En som ikke har innlogging.")
    email = forms.EmailField(label="E-post", max_length=254, required=False, help_text="Innkallingen sendes hit.")

    def __init__(
        self, *args: Any, meeting: Meeting, candidates: list[Proposed], with_contacts: bool = False, **kwargs: Any
    ) -> None:
        self.meeting = meeting
        self.candidates = {one.key: one for one in candidates}
        super().__init__(*args, **kwargs)
        who: Any = self.fields["who"]
        who.choices = [("", "Ingen"), *((key, one.words) for key, one in self.candidates.items())]
        if not with_contacts:
            del self.fields["contact"]
        else:
            contacts = PartnerContact.objects.exclude(email="").filter(partner__is_active=True)
            field: Any = self.fields["contact"]
            field.queryset = contacts.select_related("partner").order_by("partner__name", "name")
            field.label_from_instance = lambda row: f"{row.name}, {row.partner.name}"
        if meeting.kind in ABOUT_ONE:
            self.fields["name"].help_text = "Spør deltakeren før du kaller inn noen utenfra."

    def clean(self) -> dict[str, Any]:
        """Exactly one of the ways, and one outside only once."""
        data: dict[str, Any] = super().clean() or {}
        given = [name for name in ("who", "contact", "name") if data.get(name)]
        if not given and "who" not in self.errors and "contact" not in self.errors:
            self.add_error("who", "Velg hvem som skal kalles inn, eller skriv navn og e-post.")
        elif len(given) > 1:
            self.add_error(given[1], "Velg bare én om gangen.")
        elif given == ["name"] and not data.get("email") and "email" not in self.errors:
            self.add_error("email", "Skriv e-postadressen, så innkallingen kommer fram.")
        if not self.errors and self._is_there(data):
            self.add_error(given[0], "Denne personen er allerede kalt inn.")
        return data

    def _is_there(self, data: dict[str, Any]) -> bool:
        one = self.proposed(data)
        rows = self.meeting.invitees.filter(removed_at__isnull=True, user__isnull=True)
        return one.user is None and rows.filter(name=one.name, email=one.email).exists()

    def proposed(self, data: dict[str, Any] | None = None) -> Proposed:
        """Gives whom the valid form names."""
        given = self.cleaned_data if data is None else data
        if given.get("who"):
            return self.candidates[given["who"]]
        contact = given.get("contact")
        if contact is not None:
            return Proposed("", name=contact.name, email=contact.email)
        return Proposed("", name=given["name"], email=given["email"])


class SubstituteForm(InviteForm):
    """A substitute: one who can be chosen; somebody outside by name only where the koordinator names them."""

    def __init__(self, *args: Any, with_outside: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if with_outside:
            return
        del self.fields["name"], self.fields["email"]
        who: Any = self.fields["who"]
        who.required, who.error_messages["required"] = True, "Velg hvem som skal være vara."
        who.label, who.choices = "Vara", [("", "Velg"), *who.choices[1:]]
        who.error_messages["invalid_choice"] = "Denne personen kan ikke være vara her. Velg en annen, eller spør koordinator."
        kept_to = (
            "Bare de som følger opp deltakeren, kan velges her."
            if self.meeting.enrolment_id
            else "Bare brukere i Fagbrev kan velges her."
        )
        who.help_text = f"{kept_to} Skal det være en annen, må koordinator velge."


class CameForm(SentForm):
    """One who came without being invited: a user, or somebody else by name, perhaps with a role. Stands with who came, in one save."""

    who = forms.ChoiceField(label="Bruker i Fagbrev", required=False)
    name = forms.CharField(label="Eller navn", max_length=120, required=False, help_text="En som ikke har innlogging.")
    role = forms.ChoiceField(label="Rolle", required=False)

    def __init__(self, *args: Any, candidates: list[Proposed], **kwargs: Any) -> None:
        self.candidates = {one.key: one for one in candidates}
        super().__init__(*args, **kwargs)
        who: Any = self.fields["who"]
        who.choices = [("", "Ingen"), *((key, one.words) for key, one in self.candidates.items())]
        role: Any = self.fields["role"]  # a participant is one with a record, whose name not everyone may read
        role.choices = [("", "Ingen"), *((code, words) for code, words in ROLE_CHOICES if code != DELTAKER)]

    def clean(self) -> dict[str, Any]:
        """At most one of the two, and a role to a name."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("who") and data.get("name"):
            self.add_error("name", "Velg bare én om gangen.")
        if data.get("role") and not data.get("name") and not data.get("who") and not self.errors:
            self.add_error("name", "Skriv navnet på den som kom.")
        return data

    def proposed(self) -> Proposed | None:
        """Gives whom the valid form names; None for nobody."""
        data = self.cleaned_data
        if data["who"]:
            return self.candidates[data["who"]]
        return Proposed(data["role"], name=data["name"]) if data["name"] else None
