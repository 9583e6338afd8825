"""The form of a week's plan: the most important thing, a few boxes for each day, and how it went."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import models
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from fagbrev.access.table import seen_by_words
from followup.models.practice import WeeklyPlan, WeeklyPlanLine
from followup.weekly_shown import BOXES, DAY_NAMES, MOST_LINES, SECTION, Day, goals_for
from participants.access import Record
from participants.forms.base import RecordForm


@dataclass
class DayFields:
    """The boxes of one day."""

    day: Day
    words: list[BoundField]
    goals: list[BoundField]
    has_goals: bool


@dataclass(frozen=True)
class Typed:
    """One thing to do, as typed."""

    weekday: int
    words: str
    goal_id: int | None


class WeeklyPlanForm(RecordForm):
    """A week: every day has up to eight boxes, of which a few are shown."""

    class Meta:
        model = WeeklyPlan
        fields = ["focus", "look_back"]
        help_texts = {
            "focus": _("Én ting dere vil øve på."),
            "look_back": _("Skriv dette på slutten av uka. Hva gikk bra? Hva var vanskelig?"),
        }

    def prepare(self, record: Record) -> None:
        """Adds the boxes of the days, with what is planned."""
        self.goals = goals_for(record.enrolment)
        choices = [("", _("Ikke knyttet til et mål")), *((goal.public_id, str(goal)) for goal in self.goals)]
        held = self.held_values(self.instance) if self.instance.pk else {}
        for weekday, name in enumerate(DAY_NAMES):
            for place in range(MOST_LINES):
                self.fields[f"day{weekday}_{place}"] = forms.CharField(
                    label=f"{name}, {place + 1}", max_length=200, required=False, initial=held.get(f"day{weekday}_{place}", "")
                )
                self.fields[f"goal{weekday}_{place}"] = forms.ChoiceField(
                    label=f"{name}, mål for {place + 1}", required=False, choices=choices,
                    initial=held.get(f"goal{weekday}_{place}", ""),
                )  # fmt: skip
        self.fields["look_back"].max_length = 2000  # type: ignore[attr-defined]
        self.fields["focus"].seen_by = seen_by_words(SECTION)  # type: ignore[attr-defined]

    @classmethod
    def values_beside(cls, row: models.Model) -> dict[str, Any]:
        """Gives the plan's lines by the boxes they stand in."""
        values: dict[str, Any] = {}
        if row.pk is None:
            return values
        by_day: dict[int, int] = defaultdict(int)
        for line in WeeklyPlanLine.objects.filter(plan_id=row.pk).select_related("goal").order_by("weekday", "place"):
            place = by_day[line.weekday]
            by_day[line.weekday] += 1
            values[f"day{line.weekday}_{place}"] = line.words
            values[f"goal{line.weekday}_{place}"] = line.goal.public_id if line.goal else ""
        return values

    def typed(self) -> list[Typed]:
        """Gives what is to be done, by day, without the empty boxes."""
        ids = {goal.public_id: goal.pk for goal in self.goals}
        found = []
        for weekday in range(len(DAY_NAMES)):
            for place in range(MOST_LINES):
                words = self.cleaned_data.get(f"day{weekday}_{place}", "").strip()
                if words:
                    found.append(Typed(weekday, words, ids.get(self.cleaned_data.get(f"goal{weekday}_{place}", ""))))
        return found

    def boxes(self, days: list[Day]) -> list[DayFields]:
        """Gives the boxes to draw of each day: those with words, and one more; three at least."""
        found = []
        for day in days:
            filled = [place for place in range(MOST_LINES) if self[f"day{day.weekday}_{place}"].value()]
            count = min(MOST_LINES, max(BOXES, (filled[-1] + 2) if filled else 0))
            goals = [self[f"goal{day.weekday}_{place}"] for place in range(count)] if self.goals else []
            found.append(
                DayFields(
                    day, [self[f"day{day.weekday}_{place}"] for place in range(count)], goals, any(one.value() for one in goals)
                )
            )
        return found
