"""The base form of all that write: hidden owner, submission and version; typed text that comes back after a time-out."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from typing import Any

from django import forms
from django.db import models
from django.forms.models import ModelFormMetaclass, model_to_dict
from django.http import Http404, HttpRequest, QueryDict
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from fagbrev.drafts.actions import Kept, address_of, draft_of
from fagbrev.forms.fields import day_fields
from fagbrev.forms.owner import sign_owner
from fagbrev.sealed import Sealed


def posted(request: HttpRequest) -> QueryDict | None:
    """Gives what was posted, even when it is empty; None for a form that is only to be shown."""
    return request.POST if request.method == "POST" else None


class Conflict(Exception):
    """Someone else saved the same row after this form was opened. Holds the row as it is now."""

    def __init__(self, current: models.Model) -> None:
        super().__init__()
        self.current = current


class SentForm(forms.Form):
    """A form whose second sending changes nothing, and whose text survives a time-out."""

    submission = forms.CharField(widget=forms.HiddenInput, max_length=32, required=False)
    owner = forms.CharField(widget=forms.HiddenInput, required=False)
    keeps_draft: bool | None = None  # whether its text is kept while one types; None: when it has a box for longer text

    def __init__(self, *args: Any, request: HttpRequest, seen_by: str = "", **kwargs: Any) -> None:
        self.request = request
        super().__init__(*args, **kwargs)
        self.fields["submission"].initial = secrets.token_urlsafe(20)
        self.fields["owner"].initial = sign_owner(request.user, request.path)
        if seen_by:
            for field in self.fields.values():
                if isinstance(field.widget, forms.Textarea):
                    field.seen_by = seen_by  # type: ignore[attr-defined]
        self.draft_address = ""
        self.kept_draft: Kept | None = None
        self._typed: QueryDict | None = None if self.is_bound else getattr(request, "typed_text", None)
        keeps = self.keeps_draft
        if keeps is None:
            keeps = any(isinstance(field.widget, forms.Textarea) for field in self.fields.values())
        if keeps and request.user.is_authenticated:
            self._find_draft()

    def _find_draft(self) -> None:
        """Lets the page keep a draft of this form, and fetches the one there is when the form is opened."""
        self.draft_address = address_of(self.request, self.prefix or type(self).__name__)
        token = sign_owner(self.request.user, self.draft_address)
        self.fields["owner"].widget.attrs["data-draft-address"] = token
        if not self.is_bound and self._typed is None:
            self.kept_draft = draft_of(self.request.user, self.draft_address, token, now=timezone.now())
            self._typed = self.kept_draft.fields if self.kept_draft else None

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        """Gives what was typed before and not saved, else what the form begins with.

        The version is the one it was typed on: saving over a later one shows both texts.
        """
        if self._typed is not None and field_name not in {"submission", "owner"} and not isinstance(field, forms.FileField):
            sent_as, files = self.add_prefix(field_name), MultiValueDict[str, Any]()
            if not field.widget.value_omitted_from_data(self._typed, files, sent_as):
                return field.widget.value_from_datadict(self._typed, files, sent_as)
        return super().get_initial_for_field(field, field_name)


class _DayMetaclass(ModelFormMetaclass):
    """Makes every date of a model form a DayField."""

    def __new__(mcs, name: str, bases: tuple[type, ...], attrs: dict[str, Any]) -> Any:
        meta = attrs.get("Meta")
        if meta is not None and not hasattr(meta, "formfield_callback"):
            meta.formfield_callback = staticmethod(day_fields)
        return super().__new__(mcs, name, bases, attrs)


class VersionedForm(SentForm, forms.ModelForm, metaclass=_DayMetaclass):
    """A form for one VersionedRow. Sealed columns are listed in `sealed` and typed as plain text."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    sealed: tuple[str, ...] = ()

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        instance = kwargs.get("instance")
        if data is not None and data.get("conflict") and instance is not None:
            data = self._chosen(data, instance)
        super().__init__(data, *args, **kwargs)
        for name in self.sealed:
            if name in self.fields and self.instance.pk:
                held: Sealed | None = getattr(self.instance, name)
                self.initial.setdefault(name, held.open() if held else "")
        self.fields["version"].initial = self.instance.version if self.instance.pk else None

    @classmethod
    def values_beside(cls, row: models.Model) -> dict[str, Any]:
        """Gives what a form shows that lies in rows beside its own, by field name, so that a conflict shows it too."""
        return {}

    def _chosen(self, data: Any, instance: models.Model) -> QueryDict:
        """The data after the conflict page: the other's text where it was chosen, else the own."""
        merged = data.copy()
        theirs = self.held_values(instance)
        for name in list(data):
            if name.startswith("choice_") and data[name] == "theirs":
                column = name.removeprefix("choice_")
                value = theirs.get(column)
                if column in self.sealed:
                    held = getattr(instance, column)
                    value = held.open() if held else ""
                merged.setlist(column, posted_values(value))
        return merged

    def held_values(self, row: models.Model) -> dict[str, Any]:
        """Gives what the row holds by the form's field names, with what lies in rows beside it."""
        return model_to_dict(row) | self.values_beside(row)

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        for name in self.sealed:
            if name in self.cleaned_data:
                setattr(self.instance, name, Sealed.of(self.cleaned_data[name]) if self.cleaned_data[name] else None)

    @property
    def changed_columns(self) -> list[str]:
        """Names of the fields that the sender changed, without the hidden ones."""
        return [name for name in self.changed_data if name not in {"version", "submission", "owner"}]

    def claim_version(self) -> None:
        """Takes the next version of the row, inside the caller's transaction. Raises Conflict when another was first, Http404 when
        another deleted it."""
        row: Any = self.instance
        if row._state.adding:
            return
        held = self.cleaned_data.get("version") or 0
        model = type(row)
        if not model._base_manager.filter(pk=row.pk, version=held).update(version=held + 1):
            current = model._base_manager.filter(pk=row.pk).first()
            if current is None:
                raise Http404
            raise Conflict(current)
        row.version = held + 1


def posted_values(value: Any) -> list[str]:
    """Gives a stored value as a browser would post it."""
    if value is None or value is False:
        return [] if value is False else [""]
    if value is True:
        return ["True"]
    if isinstance(value, (date, datetime)):
        return [value.isoformat()]
    if isinstance(value, (list, tuple)):
        return [str(item) for item in value]
    return [str(value)]
