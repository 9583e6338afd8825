"""What the frame's forms share: periods in order, names that must stand alone, and sentences by the field."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from fagbrev.forms.base import VersionedForm

PHONE = RegexValidator(r"^[+0-9][0-9 ]{4,19}$", _("Skriv telefonnummeret med bare tall, for eksempel 22 33 44 55."))


class FrameForm(VersionedForm):
    """A form for a row of the frame.

    `periods` are pairs of date fields in order. `alone` gives, by field, the columns it must be unique together with and
    the sentence to show; a column that is not in the form is taken from the instance (the row's parent).
    """

    periods: tuple[tuple[str, str], ...] = ()
    alone: dict[str, tuple[tuple[str, ...], Any]] = {}

    def clean(self) -> dict[str, Any]:
        """Checks periods and uniqueness, each with a sentence by its field."""
        super().clean()
        for start, end in self.periods:
            first, last = self.cleaned_data.get(start), self.cleaned_data.get(end)
            if first and last and last < first:
                self.add_error(end, f"Dagen er før «{self.fields[start].label}».")
        for name, (others, sentence) in self.alone.items():
            value = self.cleaned_data.get(name)
            if value not in (None, "") and self._taken(name, value, others):
                self.add_error(name, sentence)
        return self.cleaned_data

    def _taken(self, name: str, value: Any, others: tuple[str, ...]) -> bool:
        model = type(self.instance)
        known: dict[str, Any] = {name: value}
        for other in others:
            held = self.cleaned_data[other] if other in self.cleaned_data else getattr(self.instance, f"{other}_id", None)
            if held is None and other in self.fields:
                return False
            known[other] = held
        return model._base_manager.filter(**known).exclude(pk=self.instance.pk).exists()


def unique_code(text: str, fallback: str, taken: Any) -> str:
    """Gives a code in ascii from a text, with a number where the plain one is taken."""
    from fagbrev.names import folded

    base = "_".join(folded(text).split())[:30].strip("_") or fallback
    code, number = base, 2
    while taken(code):
        code, number = f"{base}_{number}", number + 1
    return code


class DecimalBox(forms.DecimalField):
    """A number written with a comma or a point, with or without spaces."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "number-box"})

    def to_python(self, value: Any) -> Any:
        """Gives the number."""
        if isinstance(value, str):
            value = value.replace("\u00a0", "").replace(" ", "").replace(",", ".")
        return super().to_python(value)
