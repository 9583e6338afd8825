"""The forms of minutes: one small form for each point, which saves itself; and the correction of one that is shared."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from fagbrev.drafts.actions import Kept, drafts_of
from fagbrev.forms.base import Conflict, SentForm, VersionedForm
from fagbrev.forms.owner import sign_owner
from meetings.minutes_text import BOXES, fingerprint
from meetings.models import AgendaItem

LONGEST = 20_000


def item_url(item: AgendaItem) -> str:
    """Gives the address of one point, where it is written whichever page its form stands on."""
    return reverse("minutes_item", args=[item.meeting.public_id, item.public_id])


def draft_address_of(item: AgendaItem) -> str:
    """Gives the address a draft of the point lies under: the same from the page of the whole minutes and from its own."""
    return f"{item_url(item)}#{ItemForm.__name__}"


class ItemForm(VersionedForm):
    """What was said and decided on a point. It remembers what its boxes began with, so that two writers are told apart by box."""

    base_discussion = forms.CharField(widget=forms.HiddenInput, required=False, max_length=32)
    base_decision = forms.CharField(widget=forms.HiddenInput, required=False, max_length=32)
    beside = forms.CharField(widget=forms.HiddenInput, required=False, max_length=12)

    class Meta:
        model = AgendaItem
        fields = ["discussion", "decision"]
        labels = {"discussion": "Dette snakket vi om", "decision": "Dette ble vi enige om"}

    def __init__(self, *args: Any, request: HttpRequest, kept: Kept | None = None, looked: bool = False, **kwargs: Any) -> None:
        item: AgendaItem = kwargs["instance"]
        self._kept, self._looked = kept, looked
        super().__init__(*args, request=request, auto_id=f"id_{item.public_id}_%s", **kwargs)
        self.fields["owner"].initial = sign_owner(request.user, item_url(item))
        for box in BOXES:
            self.fields[box].max_length = LONGEST
            self.fields[box].widget.attrs |= {"rows": 2, "maxlength": LONGEST}
            self.fields[f"base_{box}"].initial = fingerprint(getattr(item, box))

    def _find_draft(self) -> None:
        """The draft lies under the point's own address; on the page of the whole minutes it was fetched with the others."""
        self.draft_address = draft_address_of(self.instance)
        token = sign_owner(self.request.user, self.draft_address)
        self.fields["owner"].widget.attrs["data-draft-address"] = token
        if self.is_bound or self._typed is not None:
            return
        found = self._kept if self._looked else drafts_of(
            self.request.user, {self.draft_address: token}, now=timezone.now()
        ).get(self.draft_address)  # fmt: skip
        self.kept_draft = found
        self._typed = found.fields if found else None

    @property
    def sent(self) -> dict[str, str]:
        """What was typed, by box."""
        return {box: self.cleaned_data.get(box, "") for box in BOXES}

    @property
    def based_on(self) -> dict[str, str]:
        """The fingerprints of what the boxes began with."""
        return {box: self.cleaned_data.get(f"base_{box}", "") for box in BOXES}


def item_forms(items: Collection[AgendaItem], request: HttpRequest) -> dict[int, ItemForm]:
    """Gives a form for each point by its id, with the user's drafts; one query however many points."""
    addresses = {draft_address_of(item): sign_owner(request.user, draft_address_of(item)) for item in items}
    kept = drafts_of(request.user, addresses, now=timezone.now())
    return {
        item.pk: ItemForm(None, instance=item, request=request, kept=kept.get(draft_address_of(item)), looked=True)
        for item in items
    }


class CorrectForm(VersionedForm):
    """A correction of minutes that are shared: the texts, and what is corrected."""

    reason = forms.CharField(label="Hva er rettet, og hvorfor?", max_length=200)

    class Meta:
        model = AgendaItem
        fields = ["discussion", "decision"]
        labels = {"discussion": "Dette snakket vi om", "decision": "Dette ble vi enige om"}

    def check_version(self) -> None:
        """Asks, inside the caller's transaction, whether another has saved since. Raises Conflict with the point as it is now."""
        now = AgendaItem.objects.select_for_update(of=("self",)).get(pk=self.instance.pk)
        if now.version != (self.cleaned_data.get("version") or 0):
            raise Conflict(now)


class SettleForm(SentForm):
    """Which text is to stand: the other is taken in, joined, or left out."""

    how = forms.ChoiceField(
        choices=[("join", "Behold begge"), ("taken", "Bruk teksten ved siden av"), ("left", "Behold teksten slik den står")]
    )
