"""The forms of action items: what, who and by when."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.db import models
from django.http import HttpRequest, QueryDict

from fagbrev.forms.base import SentForm, VersionedForm
from fagbrev.forms.fields import DayField
from fagbrev.people.roles import ROLE_NAMES
from followup.models import Action
from meetings.minutes_versions import owner_words
from meetings.models import Invitee, MeetingAction
from meetings.models.minutes import FOLLOWED_OWNERS

OUTSIDE = "andre"


class AgreeForm(SentForm):
    """What somebody will do: one who is invited, or a name outside; and by when."""

    words = forms.CharField(label="Hva skal gjøres?", max_length=200, error_messages={"required": "Skriv hva som skal gjøres."})
    who = forms.ChoiceField(label="Hvem gjør det?", error_messages={"required": "Velg hvem som gjør det."})
    name = forms.CharField(label="Navn, hvis det er en annen", max_length=120, required=False)
    due_on = DayField(label="Når skal det være gjort?", required=False)

    def __init__(self, *args: Any, request: HttpRequest, invited: Collection[Invitee], today: date, **kwargs: Any) -> None:
        self.invited = {row.public_id: row for row in invited}
        self.today = today
        super().__init__(*args, request=request, **kwargs)
        people = [(key, _named(row)) for key, row in self.invited.items()]
        self.fields["who"].choices = [("", "Velg"), *people, (OUTSIDE, "En annen")]

    def clean(self) -> dict[str, Any]:
        """A name where it is somebody else; a day that is not past."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("who") == OUTSIDE and not data.get("name"):
            self.add_error("name", "Skriv navnet på den som gjør det.")
        if data.get("due_on") and data["due_on"] < self.today:
            self.add_error("due_on", "Dagen er over. Velg i dag eller en dag fram i tid.")
        return data

    @property
    def invitee(self) -> Invitee | None:
        """The one invited who was chosen; None for a name outside."""
        return self.invited.get(self.cleaned_data["who"])


def _named(row: Invitee) -> str:
    name = row.user.name if row.user else row.name
    return f"{name}, {ROLE_NAMES[row.role]}" if row.role else name


class ActionChangeForm(VersionedForm):
    """What is to be done, by whom and by when. One who is not chosen anew stays who does it."""

    who = forms.ChoiceField(label="Hvem gjør det?", required=False)
    name = forms.CharField(label="Navn, hvis det er en annen", max_length=120, required=False)

    outside: ClassVar[list[tuple[str, str]]] = [(OUTSIDE, "En annen")]

    class Meta:
        model = MeetingAction
        fields = ["words", "due_on"]
        labels = {"words": "Hva skal gjøres?", "due_on": "Når skal det være gjort?"}

    field_order = ("words", "who", "name", "due_on")

    def __init__(self, *args: Any, action: MeetingAction, invited: Collection[Invitee], **kwargs: Any) -> None:
        self.invited = {row.public_id: row for row in invited if self.may_own(row)}
        self.held_by = self._held_by(action)
        super().__init__(*args, **kwargs)
        known = [(key, _named(row)) for key, row in self.invited.items()]
        if self.held_by not in self.invited and self.held_by != OUTSIDE:
            known = [("", owner_words(action)), *known]
        choice: Any = self.fields["who"]
        choice.choices = known + self.outside
        self.initial.update({"who": self.held_by, "name": action.owner_name if self.held_by == OUTSIDE else ""})
        if not self.outside:
            del self.fields["name"]

    @staticmethod
    def may_own(row: Invitee) -> bool:
        """Tells whether one who is invited may be the one who does it."""
        return True

    def _held_by(self, action: MeetingAction) -> str:
        """The choice that stands for the one who does it now; "" for one with a sign-in who is not among those to choose from."""
        for key, row in self.invited.items():
            if row.user_id == action.owner_id and (
                row.role == action.owner_role if row.user_id else row.name == action.owner_name
            ):
                return key
        return "" if action.owner_id else OUTSIDE

    def clean(self) -> dict[str, Any]:
        """A name where it is somebody else."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("who") == OUTSIDE and not data.get("name"):
            self.add_error("name", "Skriv navnet på den som gjør det.")
        return data

    def held_values(self, row: models.Model) -> dict[str, Any]:
        """Gives what the row holds, with who does it as it was when the page was opened."""
        return super().held_values(row) | {"who": self.held_by, "name": self.initial["name"]}

    @property
    def new_owner(self) -> tuple[Invitee | None, str] | None:
        """The one invited who is to do it now, or a name outside; None when who does it stays."""
        who, name = self.cleaned_data.get("who", ""), self.cleaned_data.get("name", "")
        if not who or (who == self.held_by and (who != OUTSIDE or name == self.initial["name"])):
            return None
        return self.invited.get(who), name


class FollowedChangeForm(ActionChangeForm):
    """The same of an action item that follows a participant: what stands there, which others may have changed."""

    outside: ClassVar[list[tuple[str, str]]] = []

    class Meta(ActionChangeForm.Meta):
        model: Any = Action

    @staticmethod
    def may_own(row: Invitee) -> bool:
        """Tells whether one who is invited may do it: those around the participant, who see it there."""
        return row.user_id is not None and row.role in FOLLOWED_OWNERS


def change_form(
    row: MeetingAction, data: QueryDict | None, request: HttpRequest, *, invited: Collection[Invitee]
) -> ActionChangeForm:
    """Gives the form that changes an action item where its state is kept. `invited`: those to choose who does it from."""
    if row.follows is not None:
        return FollowedChangeForm(data, instance=row.follows, request=request, action=row, invited=invited)
    return ActionChangeForm(data, instance=row, request=request, action=row, invited=invited)
