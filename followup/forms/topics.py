"""Forms for monthly topics: the text with words and goals on one page, and the day it is published."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from fagbrev.dates import date_words
from fagbrev.files import UploadRefused, accept_picture
from fagbrev.forms.base import SentForm, VersionedForm
from fagbrev.forms.fields import DayField
from followup.topics_shown import Word, last_day
from programmes.models import CompetenceGoal, MonthlyTopic

MOST_WORDS = 10  # what fits on one sheet of A4 with the rest
MOST_GOALS = 6
SPARE_ROWS = 3
LONGEST_WORDS, LONGEST_NORWEGIAN = 600, 400
LONGEST_WORD, LONGEST_EXPLANATION = 40, 120
LONGEST_SIDE = 480  # pixels of a word's picture
SEEN_BY = _("faglærer, norsklærer og koordinator. Når temaet er publisert, også fadder, leder og deltaker")


class TopicForm(VersionedForm):
    """A month's topic with its goals and words. A draft may be empty; what is missing is asked for when it is published."""

    goals_chosen = forms.MultipleChoiceField(
        label=_("Kompetansemål"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Velg opptil seks mål som temaet handler om."),
    )

    class Meta:
        model = MonthlyTopic
        fields = ["theme", "words", "try_first", "try_second", "norwegian"]
        labels = {
            "theme": _("Tema"),
            "words": _("Hva klassen lærer"),
            "try_first": _("La deltakeren prøve"),
            "try_second": _("La også deltakeren prøve"),
            "norwegian": _("Norsk denne måneden"),
        }
        help_texts = {
            "theme": _("Noen få ord, for eksempel «Måltider og sunn mat»."),
            "words": _("To til fire korte setninger."),
            "try_first": _(
                "Skriv først hva, så litt om hvordan: «å lede et måltid. Deltakeren dekker bordet med barna.» "
                "Fadderen ser navnet der du skriver «deltakeren»."
            ),
            "norwegian": _("Hva dere øver på i norsk, så fadderen kan hjelpe."),
        }
        widgets = {
            "words": forms.Textarea(attrs={"rows": 4}),
            "try_first": forms.Textarea(attrs={"rows": 2}),
            "try_second": forms.Textarea(attrs={"rows": 2}),
            "norwegian": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, goals: list[CompetenceGoal], copied: MonthlyTopic | None = None, **kwargs: Any) -> None:
        self.choices_of_goals = goals
        source = copied or kwargs["instance"]
        kwargs["initial"] = (_texts(copied) if copied else {}) | (self.values_beside(source) if source.pk else {})
        super().__init__(*args, seen_by=str(SEEN_BY), **kwargs)
        chosen: Any = self.fields["goals_chosen"]
        chosen.choices = [(goal.public_id, goal.short_name or goal.text) for goal in goals]
        for shown in self.fields.values():
            shown.is_plain = True  # type: ignore[attr-defined]
        for name, most in (("words", LONGEST_WORDS), ("norwegian", LONGEST_NORWEGIAN)):
            field: Any = self.fields[name]
            field.max_length = most
            field.validators.append(MaxLengthValidator(most, _("Skriv høyst %(limit_value)d tegn. Nå er det %(show_value)d.")))
            field.widget.attrs["maxlength"] = most

    @classmethod
    def values_beside(cls, row: models.Model) -> dict[str, Any]:
        """Gives the chosen goals and the words of a topic, by field name."""
        if not isinstance(row, MonthlyTopic) or not row.pk:
            return {}
        goals = row.goals.order_by("goal__goal_set__curriculum__pk", "goal__goal_set__order", "goal__order", "goal__pk")
        found: dict[str, Any] = {"goals_chosen": list(goals.values_list("goal__public_id", flat=True))}
        held = list(row.trade_words.order_by("place", "pk").values_list("word", "explanation"))
        for number in range(1, MOST_WORDS + 1):
            word, explanation = held[number - 1] if number <= len(held) else ("", "")
            found[f"word_{number}"], found[f"explanation_{number}"] = word, explanation
        return found

    def clean(self) -> dict[str, Any]:
        """Asks for both halves of each word, and that no word stands there twice."""
        super().clean()
        seen: set[str] = set()
        for number in range(1, MOST_WORDS + 1):
            word, explanation = self._row(number)
            if explanation and not word:
                self.add_error(f"word_{number}", _("Skriv ordet som forklares."))
            elif word and not explanation:
                self.add_error(f"explanation_{number}", _("Forklar ordet med enkle ord."))
            elif word and word.lower() in seen:
                self.add_error(f"word_{number}", _("Dette ordet står der allerede."))
            seen.add(word.lower())
        if len(self.cleaned_data.get("goals_chosen") or ()) > MOST_GOALS:
            self.add_error("goals_chosen", _("Velg høyst seks mål. Da får fadderen med seg det viktigste."))
        return self.cleaned_data

    def _row(self, number: int) -> tuple[str, str]:
        data = self.cleaned_data
        return (data.get(f"word_{number}") or "").strip(), (data.get(f"explanation_{number}") or "").strip()

    @property
    def words(self) -> list[tuple[str, str]]:
        """The words with their explanations, in order."""
        return [row for number in range(1, MOST_WORDS + 1) if all(row := self._row(number))]

    @property
    def goals(self) -> list[CompetenceGoal]:
        """The chosen goals, in the curriculum's order."""
        wanted = set(self.cleaned_data.get("goals_chosen") or ())
        return [goal for goal in self.choices_of_goals if goal.public_id in wanted]

    @property
    def changed_parts(self) -> list[str]:
        """What was changed, as the log names it: the columns, `trade_words` and `goals`."""
        named = ("trade_words" if name.startswith(("word_", "explanation_")) else name for name in self.changed_columns)
        return sorted({"goals" if name == "goals_chosen" else name for name in named})

    @property
    def word_rows(self) -> list[tuple[Any, Any]]:
        """The rows of words that stand open: those in use and a few empty ones."""
        return self._rows(1, self._open_rows)

    @property
    def more_word_rows(self) -> list[tuple[Any, Any]]:
        """The rest of the rows, folded."""
        return self._rows(self._open_rows + 1, MOST_WORDS)

    @property
    def _open_rows(self) -> int:
        used = [
            number for number in range(1, MOST_WORDS + 1) for name in ("word", "explanation") if self[f"{name}_{number}"].value()
        ]
        return min(MOST_WORDS, max(used, default=0) + SPARE_ROWS)

    def _rows(self, first: int, last: int) -> list[tuple[Any, Any]]:
        return [(self[f"word_{number}"], self[f"explanation_{number}"]) for number in range(first, last + 1)]


for _number in range(1, MOST_WORDS + 1):
    TopicForm.base_fields[f"word_{_number}"] = forms.CharField(
        label=_("Fagord %(number)d") % {"number": _number},
        required=False,
        max_length=LONGEST_WORD,
    )
    TopicForm.base_fields[f"explanation_{_number}"] = forms.CharField(
        label=_("Forklaring %(number)d") % {"number": _number},
        required=False,
        max_length=LONGEST_EXPLANATION,
    )


def _texts(topic: MonthlyTopic | None) -> dict[str, str]:
    return {name: getattr(topic, name) for name in TopicForm.Meta.fields}


class PublishForm(SentForm):
    """The day from which the readers see a topic."""

    day = DayField(label=_("Vis temaet fra"), help_text=_("Fadder og deltaker får beskjed denne dagen."))

    def __init__(self, *args: Any, month: date, today: date, **kwargs: Any) -> None:
        self.today, self.last = today, last_day(month)
        super().__init__(*args, **kwargs)
        self.fields["day"].initial = today

    def clean_day(self) -> date:
        """From today on, and before the month is over; a month that is over can still be published today."""
        day: date = self.cleaned_data["day"]
        if day < self.today:
            raise forms.ValidationError(_("Velg i dag eller en senere dag."))
        if day > max(self.last, self.today):
            raise forms.ValidationError(_("Velg en dag før måneden er over, senest %(day)s.") % {"day": date_words(self.last)})
        return day


class PictureForm(SentForm):
    """A picture of one of the topic's words; a new one takes the place of the old."""

    word = forms.ChoiceField(label=_("Fagord"))
    known = forms.CharField(widget=forms.HiddenInput, required=False)  # the pictures that stood there when the page was opened
    file = forms.FileField(
        label=_("Bilde"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": "image/*,.heic"}),
        help_text=_("Bruk egne bilder av ting. Ikke ta bilde av barn, pasienter eller andre mennesker."),
    )

    def __init__(self, *args: Any, words: list[Word], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.content = b""
        chosen: Any = self.fields["word"]
        chosen.choices = [(row.word, row.word) for row in words]
        self.fields["known"].initial = " ".join(row.picture_id for row in words if row.picture_id)

    def clean_file(self) -> Any:
        """Makes the picture anew: small, and without place and camera."""
        uploaded = self.cleaned_data["file"]
        try:
            self.content = accept_picture(uploaded, max_mb=settings.UPLOAD_MAX_MB, longest=LONGEST_SIDE)
        except UploadRefused as refused:
            raise forms.ValidationError(str(refused)) from None
        return uploaded


class PressedForm(SentForm):
    """A button and nothing more."""
