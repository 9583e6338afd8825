"""Forms of the import: the file, and what each of its columns holds."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fagbrev.forms.base import SentForm
from fagbrev.sheets import Sheet
from participants.importing.batches import samples
from participants.importing.columns import TARGETS, columns_missing
from participants.models import ImportBatch

NOT_TAKEN = "-"


class UploadForm(SentForm):
    """The spreadsheet."""

    file = forms.FileField(
        label=gettext_lazy("Regneark"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={
            "required": gettext_lazy("Du må velge en fil."),
            "empty": gettext_lazy("Filen er tom."),
            "missing": gettext_lazy("Du må velge en fil."),
        },
    )


class ColumnsForm(SentForm):
    """One choice per column, with the guess chosen."""

    def __init__(self, *args: Any, batch: ImportBatch, sheet: Sheet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        columns = batch.columns
        choices = [(NOT_TAKEN, _("Tas ikke med")), *((target.key, target.label) for target in TARGETS.values())]
        self.names = []
        for position, text in enumerate(columns["texts"]):
            examples = samples(sheet, columns["heading_row"], position)
            if not text and not examples:
                continue
            name = f"column_{position}"
            self.names.append((position, name))
            quoted = ", ".join(f"«{example}»" for example in examples)
            self.fields[name] = forms.ChoiceField(
                label=text or _("Kolonne %(number)d") % {"number": position + 1},
                choices=choices,
                initial=columns["chosen"][position] or NOT_TAKEN,
                # Help texts are printed as they are.
                help_text=escape(_("For eksempel: %(texts)s") % {"texts": quoted}) if examples else "",
            )
        self.width = len(columns["texts"])

    @property
    def columns(self) -> list[Any]:
        """The bound fields, without the hidden ones."""
        return [self[name] for _position, name in self.names]

    @property
    def chosen(self) -> list[str]:
        """The target key or "" per column."""
        found = [""] * self.width
        for position, name in self.names:
            chosen = self.cleaned_data.get(name, NOT_TAKEN)
            found[position] = "" if chosen == NOT_TAKEN else chosen
        return found

    def clean(self) -> dict[str, Any]:
        """Refuses a choice without what every row needs, or with something twice."""
        super().clean()
        for sentence in columns_missing(dict(enumerate(self.chosen))):
            self.add_error(None, sentence)
        return self.cleaned_data
