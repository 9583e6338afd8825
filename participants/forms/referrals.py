"""Forms of referrals: the koordinator's own, the open one, and the answers to it (V8 row 2)."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from fagbrev.forms.base import SentForm, VersionedForm
from fagbrev.forms.fields import DayField
from participants.known import KnownPerson, chosen_among, known_people, running_trades
from participants.models import ReferralInboxItem
from participants.models.intake import REFERRED_BY
from participants.workflow import MAIN_LINE, STATUS_NAMES
from programmes.models import Partner

NEW_PERSON = "ny"
PHONE = RegexValidator(r"^\+?[0-9 ()\u00a0-]{5,20}$", _("Skriv telefonnummeret med tall, for eksempel 912 34 567."))
_NATIONAL_ID = re.compile(r"(?<!\d)\d{6}[ \u00a0.-]?\d{5}(?!\d)")
# One who comes in the middle starts in one of these; an ended enrolment has nothing to come to.
MIDDLE = [*(status for status in MAIN_LINE if status != "completed")]
MIDDLE.insert(MIDDLE.index("admitted"), "waitlisted")


class NoIdentityNumber:
    """Refuses texts that hold what looks like a national identity number."""

    def __call__(self, text: Any) -> None:
        if _NATIONAL_ID.search(str(text)):
            raise forms.ValidationError(_("Dette ser ut som et fødselsnummer. Ta det bort. Vi trenger det ikke her."))


class KnownPersonForm(SentForm):
    """A form that asks whether the person referred is one we know, when somebody fits."""

    same_as = forms.ChoiceField(
        label=_("Er dette en av disse?"), required=False, widget=forms.RadioSelect,
        help_text=_("Vi har allerede noen med samme navn, telefon eller e-post."),
    )  # fmt: skip

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        self.today = today
        self.known: list[KnownPerson] = []
        super().__init__(*args, **kwargs)

    def offer(self, known: list[KnownPerson]) -> None:
        """Shows the people to choose among; takes the question away when there is nobody."""
        self.known = known
        if not known:
            self.fields.pop("same_as", None)
            return
        question: Any = self.fields["same_as"]
        question.required = True
        question.error_messages["required"] = _("Velg om dette er samme person eller en ny person. Da får ingen to mapper.")
        question.choices = [
            *((person.participant.public_id, _("Samme person: %(words)s") % {"words": person.words}) for person in known),
            (NEW_PERSON, _("Nei, dette er en ny person")),
        ]

    def choose(self, answer: str, trade: Any) -> None:
        """Checks the answer, and that the one chosen has no open enrolment in the trade."""
        self.cleaned_data["known"] = None
        if not self.known or answer == NEW_PERSON:
            return
        person = chosen_among(self.known, answer)
        if person is None:
            return  # the field itself says what is missing
        if person.has_open(trade):
            self.add_error("same_as", self.already_open(person, trade))
        else:
            self.cleaned_data["known"] = person

    @staticmethod
    def already_open(person: KnownPerson, trade: Any) -> str:
        """The sentence that says why a second enrolment is not made."""
        if trade is None:
            return _("%(name)s har allerede et åpent løp uten avklart fag. Åpne det i stedet.") % {
                "name": person.participant.full_name
            }
        return _("%(name)s har allerede et åpent løp i %(trade)s. Åpne det i stedet.") % {
            "name": person.participant.full_name, "trade": str(trade).lower(),
        }  # fmt: skip


class NewReferralForm(KnownPersonForm):
    """A referral the koordinator registers, or a person who comes in the middle from elsewhere."""

    first_name = forms.CharField(label=_("Fornavn"), max_length=80)
    last_name = forms.CharField(label=_("Etternavn"), max_length=80)
    phone = forms.CharField(label=_("Telefon"), max_length=20, required=False, validators=[PHONE])
    email = forms.EmailField(label=_("E-post"), required=False)
    trade: Any = forms.ModelChoiceField(label=_("Fag"), queryset=None, required=False, empty_label=_("ikke avklart"))
    referred_on = DayField(label=_("Henvist dato"))
    referred_by = forms.ChoiceField(label=_("Hvem henviser?"), choices=REFERRED_BY, widget=forms.RadioSelect)
    partner: Any = forms.ModelChoiceField(
        label=_("Samarbeidspartner"), queryset=None, required=False, empty_label=_("velg i lista")
    )
    partner_text = forms.CharField(label=_("Står ikke partneren i lista? Skriv hvem"), max_length=120, required=False)
    knows_of_referral = forms.ChoiceField(
        label=_("Vet personen om henvisningen?"), required=False, widget=forms.RadioSelect,
        choices=[("yes", _("ja")), ("no", _("nei, personen må få vite det"))],
    )  # fmt: skip
    words = forms.CharField(
        label=_("Hvorfor er personen aktuell?"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    already_employed = forms.BooleanField(label=_("Er allerede ansatt på et arbeidssted"), required=False)
    from_elsewhere = forms.BooleanField(
        label=_("Kommer midt i løpet, fra en annen kommune"), required=False,
        help_text=_("Da starter personen i den fasen du velger. Stegene før blir merket «gjort annet sted»."),
    )  # fmt: skip
    start_status = forms.ChoiceField(label=_("Er i fasen"), required=False)
    source = forms.CharField(label=_("Hvor ble stegene før gjort?"), max_length=120, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["trade"].queryset = running_trades(self.today)  # type: ignore[attr-defined]
        self.fields["partner"].queryset = Partner.objects.filter(is_active=True).order_by("name")  # type: ignore[attr-defined]
        self.fields["start_status"].choices = [("", _("velg fase")), *((code, STATUS_NAMES[code]) for code in MIDDLE)]  # type: ignore[attr-defined]
        self.fields["words"].seen_by = _("koordinator og deltakeren selv")  # type: ignore[attr-defined]
        knows = self.fields["knows_of_referral"]
        knows.required = not self.is_bound or self.data.get("referred_by") != "self"
        knows.error_messages["required"] = _("Velg om personen vet om henvisningen.")
        self.fields["referred_on"].initial = self.today
        self.fields["referred_by"].initial = "partner"
        self.offer(self._known_from_data() if self.is_bound else [])

    def _known_from_data(self) -> list[KnownPerson]:
        names = ("first_name", "last_name", "phone", "email")
        typed = {name: str(self.data.get(name, "")).replace("\0", "").strip()[:120] for name in names}
        return known_people(self.request.user, today=self.today, **typed)  # type: ignore[arg-type]

    def clean_referred_on(self) -> date:
        """Not ahead in time."""
        day: date = self.cleaned_data["referred_on"]
        if day > self.today:
            raise forms.ValidationError(_("Datoen er fram i tid."))
        return day

    def clean(self) -> dict[str, Any]:
        """What must be true before someone is «henvist», and the question about known people."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        by = cleaned.get("referred_by")
        if not cleaned.get("phone") and not cleaned.get("email") and not {"phone", "email"} & set(self.errors):
            self.add_error("phone", _("Skriv telefon eller e-post, så vi kan nå personen."))
        if by == "partner" and not cleaned.get("partner") and not cleaned.get("partner_text"):
            self.add_error("partner", _("Velg hvem som henviser, eller skriv det."))
        self._clean_middle(cleaned)
        self.choose(cleaned.get("same_as", ""), cleaned.get("trade"))
        return cleaned

    def _clean_middle(self, cleaned: dict[str, Any]) -> None:
        if not cleaned.get("from_elsewhere"):
            return
        if not cleaned.get("start_status"):
            self.add_error("start_status", _("Velg hvilken fase personen er i."))
        if not cleaned.get("source"):
            self.add_error("source", _("Skriv hvor stegene før ble gjort."))
        if cleaned.get("start_status") not in ("", "referred", None) and not cleaned.get("trade"):
            self.add_error("trade", _("Velg fag. Den som er kommet lenger enn henvist, må ha et fag."))


class PublicReferralForm(VersionedForm):
    """The open form: no files, no identity number, no health; the honeypot must stay empty."""

    is_self = forms.TypedChoiceField(
        label=_("Hvem gjelder det?"), widget=forms.RadioSelect, coerce=lambda value: value == "self",
        choices=[("other", _("en annen person")), ("self", _("meg selv"))], empty_value=None,
    )  # fmt: skip
    website = forms.CharField(label=_("La dette feltet stå tomt"), required=False, max_length=200)

    class Meta:
        model = ReferralInboxItem
        fields = [
            "is_self", "first_name", "last_name", "phone", "email", "trade", "words", "sender_name", "sender_organisation",
            "sender_email", "sender_phone", "knows_of_referral",
        ]  # fmt: skip
        labels = {
            "first_name": _("Fornavn"),
            "last_name": _("Etternavn"),
            "phone": _("Telefon"),
            "email": _("E-post"),
            "trade": _("Hvilket fag?"),
            "words": _("Hvorfor passer fagbrevordningen?"),
            "sender_name": _("Navnet ditt"),
            "sender_organisation": _("Hvor du jobber"),
            "sender_email": _("E-posten din"),
            "sender_phone": _("Telefonen din"),
            "knows_of_referral": _("Personen vet at jeg henviser"),
        }
        help_texts = {
            "words": _("Skriv kort om arbeid, norsk og motivasjon. Ikke skriv fødselsnummer eller noe om helse."),
        }

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("phone", "sender_phone"):
            self.fields[name].validators.append(PHONE)
        for name, field in self.fields.items():
            if isinstance(field, forms.CharField) and not field.widget.is_hidden and name != "website":
                field.validators.append(NoIdentityNumber())
        trade: Any = self.fields["trade"]
        trade.queryset, trade.empty_label = running_trades(today), _("vet ikke")
        sender = self.fields["sender_name"]
        sender.required = not self.is_bound or self.data.get("is_self") != "self"
        sender.error_messages["required"] = _("Skriv navnet ditt.")
        self.fields["words"].seen_by = _("koordinatorene. Blir personen deltaker, kan personen selv også lese det")  # type: ignore[attr-defined]
        self.fields["website"].widget.attrs.update({"tabindex": "-1", "autocomplete": "off"})
        for name, kind in (("first_name", "off"), ("last_name", "off"), ("sender_name", "name"), ("sender_email", "email")):
            self.fields[name].widget.attrs["autocomplete"] = kind

    @property
    def is_trapped(self) -> bool:
        """True when the honeypot is filled in, which people do not do."""
        return bool(str(self.data.get("website", "")).strip())

    def clean(self) -> dict[str, Any]:
        """One way to reach the person; who sends, when it is somebody else."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.get("phone") and not cleaned.get("email") and not {"phone", "email"} & set(self.errors):
            self.add_error("phone", _("Skriv telefon eller e-post til personen."))
        if cleaned.get("is_self"):
            name = f"{cleaned.get('first_name', '')} {cleaned.get('last_name', '')}".strip()
            cleaned.update(
                sender_name=name[:120], sender_organisation="", sender_email="", sender_phone="", knows_of_referral=True
            )
            return cleaned
        if (
            cleaned.get("is_self") is False
            and not {"sender_email", "sender_phone"} & set(self.errors)
            and not (cleaned.get("sender_email") or cleaned.get("sender_phone"))
        ):
            self.add_error("sender_email", _("Skriv e-posten eller telefonen din, så vi kan spørre deg."))
        return cleaned


class AcceptReferralForm(KnownPersonForm):
    """Turns a referral from the open form into a participant."""

    def __init__(self, *args: Any, item: ReferralInboxItem, **kwargs: Any) -> None:
        self.item = item
        super().__init__(*args, **kwargs)
        self.offer(
            known_people(
                self.request.user,  # type: ignore[arg-type]
                first_name=item.first_name, last_name=item.last_name, phone=item.phone, email=item.email, today=self.today,
            )
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """The question about known people."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self.choose(cleaned.get("same_as", ""), self.item.trade)
        return cleaned


class DeclineReferralForm(SentForm):
    """Declines a referral from the open form, with a reason."""

    reason = forms.CharField(
        label=_("Hvorfor avslås henvisningen?"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Skriv kort. Ikke skriv om helse."), validators=[NoIdentityNumber()],
    )  # fmt: skip

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, request=request, **kwargs)
        self.fields["reason"].seen_by = _("koordinatorene")  # type: ignore[attr-defined]
