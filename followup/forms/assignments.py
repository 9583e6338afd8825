"""Forms of assignments: to whom, what, the answer, and the teacher's feedback."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from fagbrev.access.table import readers, seen_by_words
from fagbrev.files import Accepted, UploadRefused, accept_upload
from fagbrev.forms.base import SentForm
from fagbrev.forms.fields import DayField
from fagbrev.people.roles import FADDER, ROLE_NAMES
from followup.models.practice import ASSIGNMENT_KINDS, DONE, GIVEN, MOST_GOALS, Assignment
from participants.access import Record
from participants.forms.base import RecordForm
from programmes.models import CompetenceGoal

MOST_WORDS = 4000
KINDS = [("practice", _("Praktisk: noe som gjøres på jobb")), ("theory", _("Teori: noe å lese, skrive eller svare på"))]
VERDICTS = [(DONE, _("Ferdig")), (GIVEN, _("Gjør litt mer"))]


def answer_seen_by() -> str:
    """Gives who reads what is handed in and the feedback: those who read assignments, but not the fadder."""
    names = [str(ROLE_NAMES[role]) for role in readers("assignments") if role != FADDER]
    return ", ".join(names[:-1]) + " og " + names[-1]


class GiveForm(SentForm):
    """An assignment for those chosen. `goals` are those all of them have; none are asked for when they have none in common."""

    title = forms.CharField(label=_("Oppgave"), max_length=120, help_text=_("Noen få ord, for eksempel «Lag en ukemeny»."))
    words = forms.CharField(
        label=_("Hva deltakeren skal gjøre"), max_length=MOST_WORDS, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Korte setninger. Ett skritt om gangen."),
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("Type"), choices=KINDS, initial="practice", widget=forms.RadioSelect)
    due_on = DayField(label=_("Leveres innen"), required=False)
    at_work = forms.CharField(
        label=_("Hva fadder gjør"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Fadder leser dette. La det stå tomt hvis deltakeren klarer det alene."),
    )  # fmt: skip
    minutes_with_fadder = forms.IntegerField(
        label=_("Minutter sammen med fadder"), min_value=1, max_value=600, required=False
    )  # fmt: skip
    goals = forms.MultipleChoiceField(
        label=_("Kompetansemål"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Velg inntil tre, eller ingen. Kilde: Udir, NLOD 2.0."),
    )  # fmt: skip

    def __init__(self, *args: Any, goals: Sequence[CompetenceGoal], today: date, **kwargs: Any) -> None:
        super().__init__(*args, seen_by=seen_by_words("assignments"), **kwargs)
        self.today = today
        choice: Any = self.fields["goals"]
        choice.choices = [(goal.code, str(goal)) for goal in goals]
        choice.option_help = {goal.code: goal.text for goal in goals if goal.short_name and goal.short_name != goal.text}
        choice.large = True
        if not goals:
            del self.fields["goals"]

    def clean_goals(self) -> list[str]:
        """Refuses more than three goals."""
        chosen: list[str] = self.cleaned_data["goals"]
        if len(chosen) > MOST_GOALS:
            raise forms.ValidationError(_("Velg høyst tre mål."))
        return chosen

    def clean_due_on(self) -> date | None:
        """Refuses a day that has been."""
        day: date | None = self.cleaned_data["due_on"]
        if day and day < self.today:
            raise forms.ValidationError(_("Dagen har vært. Velg en dag fra og med i dag."))
        return day


class AssignmentForm(RecordForm):
    """Better words, another day or another task for the fadder, in an assignment that is given."""

    class Meta:
        model = Assignment
        fields = ["title", "words", "kind", "due_on", "at_work", "minutes_with_fadder"]

    def prepare(self, record: Record) -> None:
        """The words of the choices are the same as when it was given."""
        kind: Any = self.fields["kind"]
        kind.choices = [(code, dict(KINDS)[code]) for code, _label in ASSIGNMENT_KINDS]
        self.fields["words"].max_length = MOST_WORDS  # type: ignore[attr-defined]


class HandInForm(SentForm):
    """The participant's answer: words, a photo or another file, or both."""

    words = forms.CharField(
        label=_("Skriv svaret ditt"), max_length=MOST_WORDS, required=False, widget=forms.Textarea(attrs={"rows": 5})
    )  # fmt: skip
    file = forms.FileField(
        label=_("Bilde eller fil"), required=False, allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": "image/*,.heic,.pdf,.docx"}),
        help_text=_("Vi fjerner det bildet vet om stedet. Ikke ta bilde av barn eller pasienter."),
    )  # fmt: skip
    device_key = forms.CharField(widget=forms.HiddenInput, max_length=36, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, seen_by=answer_seen_by(), **kwargs)
        self.accepted: Accepted | None = None

    def clean_file(self) -> Any:
        """Takes a picture, a PDF or a Word file; pictures are made anew without place and camera."""
        uploaded = self.cleaned_data["file"]
        if uploaded:
            try:
                self.accepted = accept_upload(uploaded, max_mb=settings.UPLOAD_MAX_MB)
            except UploadRefused as refused:
                raise forms.ValidationError(str(refused)) from None
        return uploaded

    def clean(self) -> dict[str, Any]:
        """Something must be handed in. A browser forgets the file when something else is wrong: say so."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not cleaned.get("words") and self.accepted is None:
            self.add_error("words", _("Skriv noe, eller velg et bilde eller en fil."))
        elif self.errors and self.accepted is not None:
            self.add_error("file", _("Filen var i orden. Velg den en gang til når du har rettet resten."))
        return cleaned


class FeedbackForm(RecordForm):
    """The teacher's feedback, and whether it is done."""

    verdict = forms.ChoiceField(label=_("Hva nå?"), choices=VERDICTS, widget=forms.RadioSelect)

    class Meta:
        model = Assignment
        fields = ["feedback", "due_on"]
        labels = {"due_on": _("Ny frist")}
        help_texts = {
            "feedback": _("Si først hva som er bra. Så én ting å gjøre mer med."),
            "due_on": _("Gjelder når deltakeren skal gjøre litt mer."),
        }

    field_order = ["feedback", "verdict", "due_on"]

    def prepare(self, record: Record) -> None:
        """Says who reads the feedback: not the fadder."""
        self.fields["feedback"].seen_by = answer_seen_by()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """One who shall do more must be told what."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("verdict") == GIVEN and not cleaned.get("feedback"):
            self.add_error("feedback", _("Skriv hva deltakeren skal gjøre mer med."))
        return cleaned
