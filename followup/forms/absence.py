"""Forms of absence and sick leave."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from fagbrev.forms.base import SentForm
from followup.absence_queries import absence_on, is_period_of, own_placements, sees_teaching
from followup.models import Absence, SickLeave
from followup.models.language import PRACTICE, TEACHING
from followup.participation import Presence
from participants.access import Record
from participants.forms.base import RecordForm
from participants.forms.intake import not_ahead
from participants.models import Placement

VALIDITY = [("", "Ikke vurdert"), ("True", "Gyldig"), ("False", "Ikke gyldig")]
ALREADY = "Det står allerede fravær her denne dagen. Endre det som står der."
ALREADY_SAID = "Det er allerede sagt fra om dette i dag."


def as_validity(value: Any) -> bool | None:
    """Gives what a choice of VALIDITY means."""
    return {"True": True, "False": False}.get(str(value))


def places_of(found: Record) -> dict[str, Placement | None]:
    """Gives what the user may record absence from, by key: teaching (None), or a placement."""
    places: dict[str, Placement | None] = {TEACHING: None} if sees_teaching(found) else {}
    return places | {row.public_id: row for row in own_placements(found)}


def label_of(place: Placement | None) -> str:
    """Gives what a place is called in a choice."""
    return f"praksis hos {place.workplace.name}" if place else "undervisning"


class AbsenceForm(RecordForm):
    """Hours away on a day. The reason is there only for those who write that section."""

    is_valid_day = forms.TypedChoiceField(
        label="Er fraværet gyldig?", choices=VALIDITY, coerce=as_validity, empty_value=None, required=False
    )

    class Meta:
        model = Absence
        fields = ["away_on", "hours", "reason"]

    def prepare(self, record: Record) -> None:
        """Where from is chosen only when there is more than one place to choose among."""
        self.places = places_of(record)
        if self.instance.pk is None:
            keys = list(self.places)
            if len(keys) != 1:
                self.fields["place"] = forms.ChoiceField(
                    label="Borte fra", choices=[(key, label_of(self.places[key])) for key in keys]
                )
                self.order_fields(["place", "away_on", "hours"])
            self.fields["away_on"].initial = record.today
        else:
            self.initial["is_valid_day"] = "" if self.instance.is_valid is None else str(self.instance.is_valid)
        self.fields["hours"].help_text = "Hele timer eller deler, for eksempel 7,5."
        self.fields["hours"].localize = True
        self.fields["hours"].widget = forms.TextInput(attrs={"inputmode": "decimal"})

    @property
    def place(self) -> Placement | None:
        """The placement chosen, None for teaching."""
        if self.instance.pk is not None:
            placement: Placement = self.instance.placement
            return placement
        key = self.cleaned_data.get("place") or next(iter(self.places), "")
        return self.places.get(key)

    def clean_away_on(self) -> date:
        """Not ahead in time."""
        day: date = not_ahead(self.cleaned_data["away_on"], self.record)
        return day

    def clean(self) -> dict[str, Any]:
        """Within one's own period, and once a day from each place."""
        data = super().clean() or {}
        if not self.places:
            self.add_error(None, "Du er ikke knyttet til undervisning eller praksis for deltakeren nå.")
            return data
        day, place = data.get("away_on"), self.place
        if not day or "place" in self.errors:
            return data
        if place is not None and not is_period_of(self.record, place, day):
            self.add_error("away_on", "Denne dagen er utenfor perioden du følger deltakeren på arbeidsstedet.")
        elif absence_on(self.record, placement=place, day=day, but=self.instance.pk):
            self.add_error("away_on", ALREADY)
        if self.instance.pk is None:
            self.instance.placement = place
            self.instance.away_from = PRACTICE if place else TEACHING
        self.instance.is_valid = data.get("is_valid_day")
        if data.get("reason"):
            self.instance.is_valid = data["reason"] != "invalid"
        return data

    @property
    def changed_columns(self) -> list[str]:
        """The validity is a column under its own name."""
        return ["is_valid" if name == "is_valid_day" else name for name in super().changed_columns if name != "place"]


class OwnReportForm(SentForm):
    """«Jeg er borte i dag»: where from, and how many hours when it is not the whole day."""

    place = forms.ChoiceField(label="Hvor er du borte fra?", widget=forms.RadioSelect)
    hours = forms.DecimalField(
        label="Hvor mange timer?", help_text="La feltet stå tomt hvis du er borte hele dagen.", required=False, max_digits=4,
        decimal_places=2, min_value=Decimal("0.25"), max_value=Decimal(24), localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )  # fmt: skip

    def __init__(self, *args: Any, record: Record, **kwargs: Any) -> None:
        self.record = record
        super().__init__(*args, **kwargs)
        self.places = places_of(record)
        presence = Presence(record)
        self.whole = {
            key: presence.hours_today(PRACTICE if place else TEACHING, place) or (presence.full_day if place else Decimal(0))
            for key, place in self.places.items()
        }
        # Teaching is a choice only on a day with teaching, a workplace only while one is there.
        self.places = {
            key: place for key, place in self.places.items() if self.whole[key] and (place is None or self._goes_on(place))
        }
        field: Any = self.fields["place"]
        field.choices = [(key, f"Jobben, {place.workplace.name}" if place else "Skolen") for key, place in self.places.items()]
        field.large = True
        if len(self.places) == 1:
            field.initial = next(iter(self.places))

    def _goes_on(self, place: Placement) -> bool:
        return place.ends_on is None or place.ends_on >= self.record.today

    def clean(self) -> dict[str, Any]:
        """Once a day from each place; no hours means the whole day."""
        data = super().clean() or {}
        if "place" in data:
            data["placement"] = self.places[data["place"]]
            if absence_on(self.record, placement=data["placement"], day=self.record.today, but=None):
                self.add_error("place", ALREADY_SAID)
            data["hours"] = data.get("hours") or self.whole[data["place"]]
        return data


class SickLeaveForm(RecordForm):
    """A period of sick leave: days and percent, no diagnosis."""

    class Meta:
        model = SickLeave
        fields = ["starts_on", "ends_on", "percent"]

    def prepare(self, record: Record) -> None:
        """Says that nothing about the illness is to be written."""
        self.fields["percent"].help_text = "100 når deltakeren er helt sykmeldt. Skriv ikke hva deltakeren feiler."

    def clean_percent(self) -> int:
        """From 1 to 100."""
        percent: int = self.cleaned_data["percent"]
        if not 1 <= percent <= 100:
            raise forms.ValidationError("Prosenten er fra 1 til 100.")
        return percent
