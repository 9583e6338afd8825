"""Forms of reviews: the call, the own part, and what was agreed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from fagbrev.forms.fields import DayField
from fagbrev.people.roles import DELTAKER
from followup.action_rows import local_day
from followup.models import ReviewConversation, ReviewPart
from followup.models.reviews import CANCELLED
from followup.review_rows import OWN_QUESTIONS, QUESTIONS, semester_key
from participants.access import Record
from participants.forms.base import RecordForm


class ReviewCallForm(RecordForm):
    """When and where the four meet."""

    day = DayField(label="Dag")
    at = forms.TimeField(label="Klokkeslett", widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}))

    class Meta:
        model = ReviewConversation
        fields = ["meeting_place"]
        labels = {"meeting_place": "Sted"}

    field_order = ["day", "at", "meeting_place"]

    def prepare(self, record: Record) -> None:
        """The time it has; a new one has none yet."""
        if self.instance.meets_at:
            local = timezone.localtime(self.instance.meets_at)
            self.initial.update({"day": local.date(), "at": local.time()})

    def clean(self) -> dict[str, Any]:
        """One review in a semester at a placement."""
        data = super().clean() or {}
        if data.get("day") and data.get("at") is not None:
            same = ReviewConversation.objects.filter(placement=self.instance.placement, semester=semester_key(data["day"]))
            if other := same.exclude(state=CANCELLED).exclude(pk=self.instance.pk).first():
                day = local_day(other.meets_at)
                self.add_error("day", f"Det er en samtale i dette semesteret fra før, {day.day}.{day.month}.{day.year}.")
        return data

    def meets_at(self) -> datetime:
        """Gives the moment of the meeting, where the municipality is."""
        return timezone.make_aware(datetime.combine(self.cleaned_data["day"], self.cleaned_data["at"]))


class ReviewPartForm(RecordForm):
    """One's own part: private until shared."""

    class Meta:
        model = ReviewPart
        fields = ["goes_well", "is_hard", "next_steps"]

    def prepare(self, record: Record) -> None:
        """The questions in the words of the one who answers, and who sees the answers."""
        is_own = self.instance.role == DELTAKER
        shared = self.instance.shared_at is not None
        for name, label in OWN_QUESTIONS if is_own else QUESTIONS:
            field = self.fields[name]
            field.label = label
            field.max_length = 3000
            field.seen_by = "du, fadder, faglærer og koordinator" if shared and is_own else (  # type: ignore[attr-defined]
                "deltaker, fadder, faglærer og koordinator" if shared else "bare deg, til du deler"
            )  # fmt: skip
            field.widget.attrs["rows"] = 4
        if is_own:
            self.fields["goes_well"].help_text = "Hva liker du? Hva har du lært?"
            self.fields["is_hard"].help_text = "Hva trenger du hjelp til?"
            self.fields["next_steps"].help_text = "Hva vil du lære nå?"

    def clean(self) -> dict[str, Any]:
        """Nothing is not shared."""
        data = super().clean() or {}
        if "del" in self.data and not any((data.get(name) or "").strip() for name, _label in QUESTIONS):
            self.add_error("goes_well", "Skriv noe før du deler.")
        return data


class ReviewHeldForm(RecordForm):
    """The day it was held, and what was agreed."""

    class Meta:
        model = ReviewConversation
        fields = ["held_on", "summary"]
        labels = {"held_on": "Når ble samtalen holdt?", "summary": "Dette ble vi enige om"}

    def prepare(self, record: Record) -> None:
        """The day that was called to, when it has been."""
        self.fields["held_on"].required = True
        self.fields["summary"].required = True
        self.fields["summary"].widget.attrs["rows"] = 7
        self.fields[
            "summary"
        ].help_text = "Hvordan det går, og hva dere skal jobbe med framover. Alle fire leser det før de skriver under."
        if not self.instance.held_on:
            self.initial["held_on"] = min(local_day(self.instance.meets_at), record.today)

    def clean_held_on(self) -> Any:
        """A review is not held ahead of time."""
        day = self.cleaned_data["held_on"]
        if day and day > self.record.today:
            raise forms.ValidationError("Samtalen kan ikke være holdt fram i tid.")
        return day
