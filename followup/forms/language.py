"""Forms of Norwegian levels: one part of one participant, and a whole class on one page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from fagbrev.forms.base import SentForm
from fagbrev.forms.fields import DayField
from followup.forms.cells import CellSelect
from followup.models import LanguageLevel
from participants.access import Record
from participants.forms.base import RecordForm
from participants.forms.intake import not_ahead
from participants.models import Enrolment
from participants.models.exams import PARTS
from programmes.models.trades import LEVELS


class LevelForm(RecordForm):
    """The level of one part on a day, and what is worked on."""

    class Meta:
        model = LanguageLevel
        fields = ["part", "level", "observed_on", "words"]

    def prepare(self, record: Record) -> None:
        """Today, unless another day is chosen; the part of a row stays."""
        self.fields["observed_on"].initial = record.today
        self.fields["words"].help_text = _("Kort, for eksempel: beskjeder på arbeidsplassen.")
        if self.instance.pk is not None:
            self.fields["part"].disabled = True

    def clean_observed_on(self) -> date:
        """Not ahead in time."""
        day: date = not_ahead(self.cleaned_data["observed_on"], self.record)
        return day

    def clean(self) -> dict[str, Any]:
        """One level a day for each part."""
        data = super().clean() or {}
        day: Any = data.get("observed_on")
        held = LanguageLevel.objects.filter(participant=self.record.participant, part=data.get("part"), observed_on=day).exclude(
            pk=self.instance.pk
        )
        if data.get("observed_on") and held.exists():
            self.add_error("observed_on", _("Det står allerede et nivå for denne delen denne dagen. Endre det som står der."))
        return data


def cell_name(enrolment: Enrolment, part: str) -> str:
    """Gives the name of one cell of the class page."""
    return f"{enrolment.public_id}-{part}"


class ClassLevelsForm(SentForm):
    """Levels of many at once: one day, and a choice per person and part; an empty choice changes nothing."""

    observed_on = DayField(label="Dato for vurderingen")

    def __init__(self, *args: Any, people: Sequence[Enrolment], today: date, **kwargs: Any) -> None:
        self.people, self.today = people, today
        super().__init__(*args, **kwargs)
        self.fields["observed_on"].initial = today
        for person in people:
            for part, name in PARTS:
                says = f"{person.participant.full_name}, {name}"
                self.fields[cell_name(person, part)] = forms.ChoiceField(
                    choices=[("", "–"), *LEVELS], required=False, label=says,
                    widget=CellSelect(says=says, attrs={"class": "ds-input level-cell"}),
                )  # fmt: skip

    def clean_observed_on(self) -> date:
        """Not ahead in time."""
        day: date = self.cleaned_data["observed_on"]
        if day > self.today:
            raise forms.ValidationError(_("Datoen er fram i tid."))
        return day

    def clean(self) -> dict[str, Any]:
        """At least one level, else there is nothing to save."""
        data = super().clean() or {}
        if not self.errors and not self.chosen(data):
            self.add_error("observed_on", _("Velg minst ett nivå før du lagrer."))
        return data

    def chosen(self, data: dict[str, Any]) -> list[tuple[Enrolment, str, str]]:
        """Gives what was chosen: (enrolment, part, level)."""
        return [
            (person, part, data[cell_name(person, part)])
            for person in self.people
            for part, _name in PARTS
            if data.get(cell_name(person, part))
        ]
