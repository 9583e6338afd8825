"""The form of an action: what, who, and by when."""

from __future__ import annotations

from typing import Any

from fagbrev.people.roles import FADDER, LEDER, ROLE_NAMES
from followup.action_rows import SEE_ALL, place_of_action
from followup.models import Action
from followup.models.reviews import OWNER_ROLES
from participants.access import Record
from participants.forms.base import RecordForm


class ActionForm(RecordForm):
    """An action. Koordinator and teachers may give it to anyone around the participant; the others to themselves."""

    class Meta:
        model = Action
        fields = ["words", "owner_role", "due_on"]
        labels = {"words": "Hva skal gjøres?", "owner_role": "Hvem skal gjøre det?", "due_on": "Når skal det være gjort?"}

    def prepare(self, record: Record) -> None:
        """The choices of who."""
        roles = record.roles_reading("actions")
        choices = [(code, str(name).capitalize()) for code, name in OWNER_ROLES]
        if not roles & SEE_ALL:
            choices = [(code, f"Jeg ({ROLE_NAMES[code]})") for code, _name in OWNER_ROLES if code in roles]
            self.fields["owner_role"].initial = choices[0][0] if choices else ""
        held = [("", "Velg")] if len(choices) > 1 else []
        self.fields["owner_role"].choices = held + choices
        self.fields["words"].help_text = "Koordinator og lærerne ser alle punktene. Andre ser bare sine egne."

    def clean(self) -> dict[str, Any]:
        """A fadder or a leder has actions at a workplace alone. Given to another role, it is nobody's by name any more."""
        data = super().clean() or {}
        role = data.get("owner_role")
        if role != self.initial.get("owner_role"):
            self.instance.owner = None
        if role in {FADDER, LEDER}:
            place = self.instance.placement if self.instance.placement_id else place_of_action(self.record)
            if place is None:
                self.add_error("owner_role", f"Deltakeren har ikke noe arbeidssted nå, og derfor ingen {ROLE_NAMES[role]}.")
            self.instance.placement = place
        return data
