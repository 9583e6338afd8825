"""Forms of documents: a new file, and a better title for one that is there."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from fagbrev.files import Accepted, UploadRefused, accept_upload
from fagbrev.forms.base import VersionedForm
from participants.access import Record
from participants.documents import SECTION_KEYS
from participants.models import Document
from participants.models.documents import DOCUMENT_KINDS, DOCUMENT_SECTIONS


def writable_sections(found: Record) -> list[tuple[str, str]]:
    """Gives the sections the user may upload to here, with who will see it."""
    return [(key, label) for key, label in DOCUMENT_SECTIONS if key in SECTION_KEYS and found.writes(key)]


class DocumentForm(VersionedForm):
    """A new document: what it is, who will see it, and the file, decided by its content."""

    file = forms.FileField(
        label=_("Fil"), allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,.heic,.docx"}),
    )  # fmt: skip

    class Meta:
        model = Document
        fields = ["section", "kind", "title"]
        labels = {"section": _("Hvem skal se dokumentet?"), "kind": _("Hva slags dokument er det?"), "title": _("Tittel")}
        widgets = {"section": forms.RadioSelect}

    def __init__(self, *args: Any, record: Record, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.accepted: Accepted | None = None
        section: Any = self.fields["section"]
        section.choices = writable_sections(record)
        if len(section.choices) == 1:
            section.initial = section.choices[0][0]
        kind: Any = self.fields["kind"]
        kind.choices = [("", _("velg")), *DOCUMENT_KINDS]
        self.fields["title"].required = False
        self.fields["title"].help_text = _("La stå tom for å bruke navnet på typen. Ikke skriv fødselsnummer eller noe om helse.")

    def clean_file(self) -> Any:
        """Refuses, in a sentence, what is too large, of another kind, or does things by itself."""
        uploaded = self.cleaned_data["file"]
        try:
            self.accepted = accept_upload(uploaded, max_mb=settings.UPLOAD_MAX_MB)
        except UploadRefused as refused:
            raise forms.ValidationError(str(refused)) from None
        return uploaded

    def clean(self) -> dict[str, Any]:
        """A title for the untitled. A browser forgets the file when something else is wrong: say so."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.get("title") and cleaned.get("kind"):
            cleaned["title"] = _capital(dict(DOCUMENT_KINDS)[cleaned["kind"]])
        if self.errors and "file" not in self.errors:
            self.add_error("file", _("Filen var i orden. Velg den en gang til når du har rettet resten."))
        return cleaned


class DocumentEditForm(VersionedForm):
    """Another title or kind; the file and who sees it stay as they are."""

    class Meta:
        model = Document
        fields = ["kind", "title"]
        labels = {"kind": _("Hva slags dokument er det?"), "title": _("Tittel")}


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
