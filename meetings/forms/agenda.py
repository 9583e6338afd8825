"""The forms of the agenda: a point of one's own, the koordinator's words, whom to talk of, and the template's standing points."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.http import HttpRequest

from fagbrev.forms.base import SentForm, VersionedForm
from meetings.models import AgendaItem, StandingItem
from participants.models import Enrolment
from programmes.forms.frame import unique_code


class AgendaItemForm(VersionedForm):
    """A point: what it is called and what it is about."""

    class Meta:
        model = AgendaItem
        fields = ["title", "words"]
        labels = {"title": "Hva heter saken?", "words": "Hva gjelder den?"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].required = True
        self.fields["title"].error_messages["required"] = "Skriv hva saken heter."
        self.fields["words"].widget.attrs |= {"rows": 3, "maxlength": 2000}
        self.fields["words"].max_length = 2000


class PickForm(SentForm):
    """Which of the participants shown are to be talked of; a field it did not show cannot be chosen."""

    people = forms.MultipleChoiceField(required=False)

    def __init__(self, *args: Any, request: HttpRequest, among: Collection[Enrolment], **kwargs: Any) -> None:
        self.among = {row.public_id: row for row in among}
        super().__init__(*args, request=request, **kwargs)
        self.fields["people"].choices = [(key, key) for key in self.among]
        shown = set(request.POST.getlist("shown")) if request.method == "POST" else set()
        self.shown = [row for key, row in self.among.items() if key in shown]

    @property
    def chosen(self) -> list[Enrolment]:
        """Those who were ticked, in the order of the page."""
        wanted = set(self.cleaned_data["people"])
        return [row for key, row in self.among.items() if key in wanted]


class StandingForm(VersionedForm):
    """A standing point of a kind of meeting."""

    class Meta:
        model = StandingItem
        fields = ["title", "words", "fills", "is_active"]
        labels = {
            "title": "Hva heter punktet?", "words": "Hva handler det om?", "fills": "Hva skal Fagbrev vise under punktet?",
            "is_active": "Punktet er i bruk",
        }  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown: Any = self.fields["fills"]
        shown.choices = [(code, name if code else "Ingenting") for code, name in shown.choices]

    def _post_clean(self) -> None:
        super()._post_clean()
        row = self.instance
        if not row.code and self.cleaned_data.get("title"):
            held = StandingItem.objects.filter(kind=row.kind)
            row.code = unique_code(self.cleaned_data["title"], "punkt", lambda code: held.filter(code=code).exists())
