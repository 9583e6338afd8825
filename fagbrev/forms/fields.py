"""Form fields that read what Norwegians type."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from fagbrev.dates import parse_norwegian_date

EARLIEST, LATEST = date(1920, 1, 1), date(2099, 12, 31)


class DayField(forms.DateField):
    """A day: from the browser's date box, or typed as 3.3.2027, 3. mars 2027 or 2027-03-03."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})

    def to_python(self, value: Any) -> date | None:
        """Gives the day. Raises ValidationError with a sentence that says how to write it."""
        if value in self.empty_values:
            return None
        try:
            day = parse_norwegian_date(value)
        except ValueError:
            raise ValidationError(f"«{str(value)[:30]}» er ikke en dato. Skriv den slik: 3.3.2027.", code="invalid") from None
        if not EARLIEST <= day <= LATEST:
            raise ValidationError("Året ser feil ut. Sjekk datoen.", code="invalid")
        return day


def day_fields(field: Any, **kwargs: Any) -> forms.Field | None:
    """A formfield_callback that gives DayField for every date of a model."""
    from django.db import models

    if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
        return field.formfield(form_class=DayField, **kwargs)
    return field.formfield(**kwargs)
