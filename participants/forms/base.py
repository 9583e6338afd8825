"""The base form of a row in a record: only fields the user may write, and database rules said in words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from fagbrev.access.table import seen_by_words
from fagbrev.forms.base import VersionedForm
from participants.access import Record
from participants.actions.rows import section_of_column


def say_choose(field: forms.Field) -> None:
    """Gives an empty choice words instead of a row of dashes."""
    if isinstance(field, forms.ModelChoiceField):
        if field.empty_label == "---------":
            field.empty_label = "Velg"
    elif isinstance(field, forms.ChoiceField) and isinstance(field.widget, forms.Select):
        empty = "Velg" if field.required else "Ikke valgt"
        shown: list[Any] = list(field.choices)  # type: ignore[arg-type, misc]
        field.choices = [(value, empty if value == "" and label == "---------" else label) for value, label in shown]


PARENTS = {"enrolment", "participant", "agreement", "placement"}
LAST_DAYS = ("ends_on", "ended_on", "expected_end_on", "withdrawn_on", "answered_on", "result_on", "returned_on")
# What a broken database rule means to the one who typed.
RULES = {
    "placement_one_open_main": ("is_main", "Deltakeren har allerede et hovedarbeidssted. Bruk «Bytt arbeidssted»."),
    "leave_one_open": ("starts_on", "Det er allerede en åpen permisjon."),
    "exam_grade": ("grade", "Karakteren er fra 1 til 6."),
    "exam_grade_agrees": ("grade", "Karakteren stemmer ikke med resultatet. 2 eller bedre er bestått."),
    "placement_percent": ("percent", "Stillingsprosenten er høyst 100."),
    "enclosure_reason": ("reason", "Skriv hvorfor vedlegget ikke er aktuelt."),
    "enrolment_one_open_per_trade": ("trade", "Deltakeren har allerede et åpent løp i dette faget."),
    "participant_strict_no_address": ("address", "Med strengt fortrolig adresse skal ikke adressen stå her. La feltet stå tomt."),
    "cohortmember_share": ("teaching_share", "Andelen er høyst 100 prosent."),
    "workstatus_once": ("months", "Dette tidspunktet er allerede registrert."),
    "signature_once": ("party", "Denne parten har allerede skrevet under."),
}


class RecordForm(VersionedForm):
    """A form for one row of a participant's record. Fields of sections the user cannot write are not there at all."""

    def __init__(self, *args: Any, record: Record, **kwargs: Any) -> None:
        self.record = record
        super().__init__(*args, **kwargs)
        for name in list(self.fields):
            if name in {"version", "submission", "owner"} or not hasattr(type(self.instance), name):
                continue
            section = section_of_column(self.instance, name)
            if not record.writes(section):
                del self.fields[name]
            elif isinstance(self.fields[name].widget, forms.Textarea):
                self.fields[name].widget.attrs["rows"] = 3
                self.fields[name].seen_by = seen_by_words(section)  # type: ignore[attr-defined]
        self.prepare(record)
        if self.instance._state.adding:
            # The empty row would else hide what the form proposes, such as today.
            for name, field in self.fields.items():
                if field.initial is not None and self.initial.get(name) in (None, ""):
                    self.initial[name] = field.initial
        for field in self.fields.values():
            say_choose(field)

    def prepare(self, record: Record) -> None:
        """A place for a form to set its choices."""

    def _get_validation_exclusions(self) -> set[str]:
        # The parent is set by the view; constraints that name it must be checked here, not by the database.
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded - {name for name in PARENTS if hasattr(self.instance, f"{name}_id")}

    def _update_errors(self, errors: ValidationError) -> None:
        if hasattr(errors, "error_dict"):
            for error in errors.error_dict.pop(NON_FIELD_ERRORS, []):
                self._say(error)
            for name in [name for name in errors.error_dict if name not in self.fields]:
                for error in errors.error_dict.pop(name):
                    self._say(error)
            if errors.error_dict:
                super()._update_errors(errors)  # type: ignore[misc]
            return
        super()._update_errors(errors)  # type: ignore[misc]

    def _say(self, error: ValidationError) -> None:
        text = " ".join(error.messages)
        for name, (field, words) in RULES.items():
            if name in text or (error.code == "unique_together" and name.endswith("_once") and field in self.fields):
                self.add_error(field if field in self.fields else None, words)
                return
        if text.startswith("Perioden slutter"):
            self.add_error(next((name for name in LAST_DAYS if name in self.fields), None), text)
            return
        self.add_error(None, "Dette er allerede registrert." if error.code in {"unique", "unique_together"} else text)
