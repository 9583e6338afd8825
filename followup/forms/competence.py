"""Forms of one's own view of the goals, of evidence, and of the plans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.db import models
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from fagbrev.access.table import seen_by_words
from fagbrev.forms.base import SentForm
from fagbrev.people.roles import DELTAKER
from followup.actions.competence import is_whole
from followup.models import Evidence, GoalView, TrainingPlan
from followup.models.competence import LEVELS, MOST_GOALS
from participants.access import Record
from participants.forms.base import RecordForm
from programmes.models import CompetenceGoal

OWN_LEVELS = [(0, _("Ikke ennå")), (1, _("Jeg har prøvd")), (2, _("Med hjelp")), (3, _("Alene"))]
LEVEL_CHOICES = [(level, words[:1].upper() + words[1:]) for level, words in LEVELS]


class ViewsForm(SentForm):
    """One choice on the plain scale for each goal; those not answered are left as they are. For one goal alone also why."""

    def __init__(
        self,
        *args: Any,
        goals: Sequence[CompetenceGoal],
        held: Mapping[int, GoalView],
        role: str,
        with_words: bool,
        request: HttpRequest,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, request=request, **kwargs)
        self.goals = {f"goal_{goal.public_id}": goal for goal in goals}
        choices = OWN_LEVELS if role == DELTAKER else LEVEL_CHOICES
        for name, goal in self.goals.items():
            before = held.get(goal.pk)
            self.fields[name] = forms.TypedChoiceField(
                label=str(goal), choices=choices, coerce=int, required=with_words, widget=forms.RadioSelect, empty_value=None,
                initial=before.level if before else None, error_messages={"required": "Velg det som passer best nå."},
            )  # fmt: skip
        self.held, self.with_words = held, with_words
        if with_words:
            goal = goals[0]
            before = held.get(goal.pk)
            self.fields["words"] = forms.CharField(
                label="Hva kan du si om det?" if role == DELTAKER else "Hvorfor", max_length=200, required=False,
                initial=before.words if before else "", widget=forms.Textarea(attrs={"rows": 3}),
            )  # fmt: skip
            self.fields["words"].seen_by = seen_by_words("competence")  # type: ignore[attr-defined]

    def questions(self) -> list[dict[str, Any]]:
        """Gives each goal with its bound field, in order, as the page asks."""
        return [{"goal": goal, "field": self[name]} for name, goal in self.goals.items()]

    def views(self) -> dict[CompetenceGoal, tuple[int, str]]:
        """Gives the level and the words of each goal that was answered; words said before stay with an unchanged level."""
        found = {}
        for name, goal in self.goals.items():
            level, before = self.cleaned_data.get(name), self.held.get(goal.pk)
            if level is None:
                continue
            kept = before.words if before is not None and before.level == level else ""
            found[goal] = (level, self.cleaned_data["words"] if self.with_words else kept)
        return found


class EvidenceForm(RecordForm):
    """What was done, on which day, and the one to three goals it shows, or «bare logg»."""

    shows = forms.ModelMultipleChoiceField(
        queryset=CompetenceGoal.objects.none(), to_field_name="public_id", required=False, label="Hvilke mål viser det?",
        help_text="Velg ett, to eller tre. De som har ventet lengst, står først.", widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    field_order = ["happened_on", "words", "shows", "only_log"]

    class Meta:
        model = Evidence
        fields = ["happened_on", "words", "only_log"]
        labels = {"happened_on": "Når skjedde det?", "words": "Hva ble gjort?", "only_log": "Bare logg: det viser ikke noe mål"}

    def __init__(self, *args: Any, goals: Any, waiting: Sequence[int] = (), **kwargs: Any) -> None:
        self.offered = (goals, list(waiting))
        super().__init__(*args, **kwargs)

    def prepare(self, record: Record) -> None:
        """Sets the goals to choose among, those without evidence for longest first, and proposes today."""
        goals, waiting = self.offered
        order = [models.When(pk=pk, then=place) for place, pk in enumerate(waiting)]
        rows = goals.order_by(models.Case(*order, default=len(order)), "pk") if order else goals
        self.fields["shows"].queryset = rows
        self.fields["happened_on"].initial = record.today
        if not self.instance._state.adding:
            self.initial["shows"] = list(self.instance.goals.order_by("place").values_list("goal__public_id", flat=True))

    def _chosen(self, data: Any, instance: models.Model) -> QueryDict:
        merged = super()._chosen(data, instance)
        if merged.get("choice_shows") == "theirs":
            merged.setlist("shows", list(instance.goals.order_by("place").values_list("goal__public_id", flat=True)))
        return merged

    def clean_happened_on(self) -> date | None:
        """Nothing that has not happened yet can show a goal."""
        day: date | None = self.cleaned_data["happened_on"]
        if day and day > self.record.today:
            raise forms.ValidationError("Datoen kan ikke være fram i tid.")
        return day

    def clean(self) -> dict[str, Any]:
        """One to three goals, or none with «bare logg»."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        count, only_log = len(cleaned.get("shows") or ()), bool(cleaned.get("only_log"))
        if "shows" in self.fields and not self.has_error("shows") and not is_whole(count, only_log=only_log):
            if count > MOST_GOALS:
                self.add_error("shows", "Velg høyst tre mål. Skriv en til hvis det viste flere.")
            elif only_log:
                self.add_error("only_log", "Du har både valgt mål og «bare logg». Ta bort det ene.")
            else:
                self.add_error("shows", "Velg minst ett mål, eller kryss av for «bare logg».")
        return cleaned


class PlanForm(RecordForm):
    """A plan of the participant; a new one comes with a proposal made from what is known."""

    class Meta:
        model = TrainingPlan
        fields = ["aims", "steps", "support", "evaluation", "settled_on"]
        help_texts = {
            "aims": "Hvilke mål jobber vi mot, og hvilke først?",
            "steps": "Hva gjør vi, hvilke dager, og når er det ferdig?",
            "support": "Hvem gjør hva: deltakeren, fadder, lærerne og koordinator.",
            "evaluation": "Når ser vi på planen igjen, og sammen med hvem?",
        }

    def __init__(self, *args: Any, proposal: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        self.proposal = proposal or {}
        super().__init__(*args, **kwargs)

    def prepare(self, record: Record) -> None:
        """Fills a new plan with the proposal."""
        for name, text in self.proposal.items():
            if name in self.fields and self.instance._state.adding:
                self.fields[name].initial = text
        for name in ("aims", "steps", "support", "evaluation"):
            if name in self.fields:
                self.fields[name].widget.attrs["rows"] = 7

    def clean(self) -> dict[str, Any]:
        """A plan that says nothing is none."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not any(cleaned.get(name) for name in ("aims", "steps", "support", "evaluation")):
            self.add_error("aims", "Skriv noe i planen før du lagrer.")
        return cleaned
