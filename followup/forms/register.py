"""The class register of a day: who was there, and how many hours each was away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from fagbrev.forms.base import SentForm
from followup.classes import Held
from followup.forms.absence import VALIDITY, as_validity
from followup.forms.cells import CellInput, CellSelect, CellTick
from participants.models import CohortMember
from programmes.settings_in_force import number_words


@dataclass(frozen=True)
class Kept:
    """What the register says of one member: hours away (0 when there), and whether it was valid."""

    member: CohortMember
    hours: Decimal
    is_valid: bool | None


class RegisterForm(SentForm):
    """Everyone is ticked as present; unticked means away the whole lesson, hours mean away that long. No reason is asked for."""

    hours = forms.DecimalField(
        label="Timer undervisning", min_value=Decimal("0.25"), max_value=Decimal(12), max_digits=4, decimal_places=2,
        localize=True, widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, members: Sequence[CohortMember], held: Held, hours: Decimal, **kwargs: Any) -> None:
        self.members, self.held = members, held
        super().__init__(*args, **kwargs)
        lesson = held.lesson
        self.whole = lesson.hours if lesson else hours
        self.fields["hours"].initial = number_words(self.whole) if self.whole else None
        self.fields["version"].initial = lesson.version if lesson else 0
        for member in members:
            self._add(member)

    def _add(self, member: CohortMember) -> None:
        key, name = member.public_id, member.participant.full_name
        away: Any = (
            self.held.guests.get(member.pk) if member.enrolment_id is None else self.held.absences.get(member.enrolment_id)
        )
        self.fields[f"{key}-there"] = forms.BooleanField(
            label=_("%(name)s var til stede") % {"name": name}, required=False, widget=CellTick
        )
        self.fields[f"{key}-there"].initial = away is None or away.hours < self.share_of(member, self.whole)
        self.fields[f"{key}-hours"] = forms.DecimalField(
            label=_("Timer borte, %(name)s") % {"name": name}, required=False, min_value=Decimal("0.25"), max_value=Decimal(12),
            max_digits=4, decimal_places=2, localize=True, widget=CellInput(attrs={"inputmode": "decimal"}),
        )  # fmt: skip
        self.fields[f"{key}-hours"].initial = number_words(away.hours) if away else None
        if member.enrolment_id is not None:
            says = _("Gyldig fravær, %(name)s") % {"name": name}
            self.fields[f"{key}-valid"] = forms.ChoiceField(
                label=says, choices=VALIDITY, required=False, widget=CellSelect(says=says)
            )
            self.fields[f"{key}-valid"].initial = "" if away is None or away.is_valid is None else str(away.is_valid)
        for part in ("hours", "valid"):
            if f"{key}-{part}" in self.fields:
                self.fields[f"{key}-{part}"].widget.attrs["class"] = f"ds-input register-{part}"

    @staticmethod
    def share_of(member: CohortMember, hours: Decimal) -> Decimal:
        """Gives the hours of the lesson that the member was to follow: fewer where the teaching share has tapered off."""
        return (hours * member.teaching_share / 100).quantize(Decimal("0.01"))

    def clean(self) -> dict[str, Any]:
        """Nobody is away longer than the lesson."""
        data = super().clean() or {}
        lesson = data.get("hours")
        for member in self.members:
            name = f"{member.public_id}-hours"
            if lesson and data.get(name) and data[name] > lesson:
                self.add_error(
                    name, _("%(name)s kan ikke være borte lenger enn timen varte.") % {"name": member.participant.full_name}
                )
        return data

    def kept(self) -> list[Kept]:
        """Gives what was filled in, member by member."""
        data = self.cleaned_data
        found = []
        for member in self.members:
            key = member.public_id
            hours = data.get(f"{key}-hours") or Decimal(0)
            if not hours and not data.get(f"{key}-there"):
                hours = self.share_of(member, data["hours"])
            found.append(Kept(member, hours, as_validity(data.get(f"{key}-valid", ""))))
        return found
