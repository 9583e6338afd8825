"""Forms of concerns and of the koordinator's own notes."""

from __future__ import annotations

from typing import Any

from django import forms

from fagbrev.people.roles import COORDINATOR, ROLE_NAMES
from followup.models import Concern, GuidanceNote
from participants.access import Record
from participants.forms.base import RecordForm

ANSWER_STATES = [
    ("answered", "Besvart"),
    ("seen", "Jeg har sett meldingen, svaret kommer"),
    ("closed", "Avsluttet"),
]


class ConcernForm(RecordForm):
    """What somebody around the participant wants to tell the koordinator."""

    class Meta:
        model = Concern
        fields = ["words"]
        labels = {"words": "Hva vil du si fra om?"}
        help_texts = {"words": "Skriv hva som har skjedd, og hva du ønsker hjelp til."}

    def prepare(self, record: Record) -> None:
        """Who sees it: fewer than the section's readers."""
        self.fields["words"].widget.attrs["rows"] = 5
        self.fields["words"].seen_by = "deg og koordinator"  # type: ignore[attr-defined]
        self.fields["words"].max_length = 4000


class ConcernAnswerForm(RecordForm):
    """The koordinator's answer, how far it has come, and what may be taken up in a meeting."""

    state = forms.ChoiceField(label="Status", choices=ANSWER_STATES)

    class Meta:
        model = Concern
        fields = ["answer", "for_meeting"]
        labels = {"answer": "Svar til den som meldte", "for_meeting": "Kan tas opp i møte, med disse ordene"}
        help_texts = {"for_meeting": "La feltet stå tomt hvis saken ikke skal opp i møte. Skriv bare det alle i møtet kan vite."}

    field_order = ["answer", "state", "for_meeting"]

    def prepare(self, record: Record) -> None:
        """Who reads the answer, and the state it has."""
        as_words = ROLE_NAMES.get(self.instance.raised_as, "")
        self.fields["answer"].seen_by = f"den som meldte ({as_words}) og koordinator"  # type: ignore[attr-defined]
        self.initial["state"] = self.instance.state if self.instance.state in {"closed", "answered"} else "answered"

    def clean(self) -> dict[str, Any]:
        """One who has told of something gets words, not only a status."""
        data = super().clean() or {}
        if data.get("state") in {"answered", "closed"} and not (data.get("answer") or "").strip():
            self.add_error("answer", "Skriv et svar. Eller velg at svaret kommer.")
        return data


class GuidanceNoteForm(RecordForm):
    """A koordinator's own note from a talk; sealed in the database."""

    words = forms.CharField(label="Notat", max_length=6000, widget=forms.Textarea)
    sealed = ("words",)

    class Meta:
        model = GuidanceNote
        fields = ["happened_on"]

    def prepare(self, record: Record) -> None:
        """Today, and who sees it."""
        self.fields["happened_on"].initial = record.today
        self.fields["words"].widget.attrs["rows"] = 8
        self.fields["words"].seen_by = "bare deg"  # type: ignore[attr-defined]


def role_of_raiser(record: Record) -> str:
    """Gives the role in which one tells: the nearest to the participant among one's own here."""
    order = ("deltaker", "fadder", "leder", "norsklaerer", "faglaerer", COORDINATOR)
    return next(role for role in order if role in record.roles_reading("concerns"))
