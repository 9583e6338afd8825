"""Forms of visits: what was seen, and the time of a planned visit."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone

from fagbrev.dates import date_words
from fagbrev.forms.base import SentForm
from fagbrev.forms.fields import DayField
from fagbrev.people.roles import COORDINATOR
from followup.models import WorkplaceVisit
from followup.models.visits import PRESENT
from followup.visit_rules import USUAL_TIME, moment, why_not_goals
from participants.access import Record
from participants.forms.base import RecordForm
from participants.models import Placement
from programmes.facts import SHORT_LANGUAGES
from programmes.models import CompetenceGoal

SHOWN_AT_ONCE = 4  # goals that stand open on the page; the rest are one tap away
AHEAD_ONLY = "Velg en dag fram i tid, eller la feltet stå tomt."


@dataclass(frozen=True)
class GoalRow:
    """One goal as a row to tick: its short name, when it was last seen, and Udir's words."""

    id: str
    value: str
    label: str
    text: str
    language: str
    note: str
    is_chosen: bool


class TimeInput(forms.TimeInput):
    """The browser's box for a time of day."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class VisitForm(RecordForm):
    """What was seen at a visit: one to three goals or «bare logg», the shared part, and the teachers' own note."""

    plass = forms.ChoiceField(label="Arbeidssted", required=False)
    present = forms.MultipleChoiceField(label="Til stede", choices=PRESENT, required=False, widget=forms.CheckboxSelectMultiple)
    goals = forms.MultipleChoiceField(label="Hva handlet besøket om?", required=False, widget=forms.CheckboxSelectMultiple)
    device_key = forms.CharField(widget=forms.HiddenInput, max_length=36, required=False)
    next_on = DayField(label="Dag", required=False)
    next_at = forms.TimeField(label="Klokka", required=False, widget=TimeInput)

    class Meta:
        model = WorkplaceVisit
        fields = ("visited_on", "only_log", "seen", "agreed", "internal_note")
        labels = {
            "visited_on": "Dato for besøket", "only_log": "Bare logg", "seen": "Hva gjorde dere?",
            "agreed": "Avtalt til neste gang", "internal_note": "Eget notat",
        }  # fmt: skip

    def __init__(
        self,
        *args: Any,
        places: list[Placement],
        goals: list[CompetenceGoal],
        last_seen: dict[int, date],
        unseen_days: int,
        next_day: date | None = None,
        **kwargs: Any,
    ) -> None:
        self.places = {row.public_id: row for row in places}
        self.goals_by_id = {goal.public_id: goal for goal in goals}
        self.last_seen, self.unseen_days, self.next_day = last_seen, unseen_days, next_day
        super().__init__(*args, **kwargs)

    def prepare(self, record: Record) -> None:
        """The choices of this participant; today, who is usually there, and the next visit as proposed."""
        row: WorkplaceVisit = self.instance
        self.fields["plass"].choices = [(key, place.workplace.name) for key, place in self.places.items()]  # type: ignore[attr-defined]
        self.fields["goals"].choices = [(key, str(goal)) for key, goal in self.goals_by_id.items()]  # type: ignore[attr-defined]
        self.fields["seen"].required = True
        self.fields["seen"].error_messages["required"] = "Skriv kort hva dere gjorde."
        self.fields["visited_on"].required = True
        self.fields["device_key"].initial = str(uuid.uuid4())
        if "internal_note" in self.fields:
            # The note never lies on a device: only the shared part may (docs/security.md, device drafts).
            self.fields["internal_note"].widget.attrs["data-not-on-device"] = ""
        if not row._state.adding:
            self.initial = {**self.initial, "present": row.present, "goals": [one.goal.public_id for one in row.goals.all()]}
            for name in ("plass", "next_on", "next_at"):
                del self.fields[name]
            return
        own = "coordinator" if record.roles_here & {COORDINATOR} and "internal_note" not in self.fields else "faglaerer"
        self.fields["visited_on"].initial = record.today
        self.fields["present"].initial = ["deltaker", "fadder", own]
        self.fields["plass"].initial = next(iter(self.places), "")
        if self.next_day is None:
            for name in ("next_on", "next_at"):
                del self.fields[name]
        else:
            self.fields["next_on"].initial, self.fields["next_at"].initial = self.next_day, USUAL_TIME

    @property
    def changed_columns(self) -> list[str]:
        """What of the visit itself was changed."""
        return [name for name in super().changed_columns if name not in {"device_key", "plass", "next_on", "next_at"}]

    def clean_device_key(self) -> str:
        """A random text made on the device, or here for one that sent none; anything else is refused by making a new one."""
        try:
            return str(uuid.UUID(self.cleaned_data["device_key"]))
        except ValueError:
            return str(uuid.uuid4())

    def clean(self) -> dict[str, Any]:
        """Goals or «bare logg»; a day within the placement; the next visit ahead."""
        data: dict[str, Any] = super().clean() or {}
        if "goals" not in self.errors:
            refused = why_not_goals(len(set(data.get("goals", []))), bool(data.get("only_log")))
            if refused:
                self.add_error("goals", refused)
        self._check_days(data)
        return data

    def _post_clean(self) -> None:
        super()._post_clean()
        self.instance.present = self.cleaned_data.get("present", [])

    def _check_days(self, data: dict[str, Any]) -> None:
        day, place, today = data.get("visited_on"), self.placement, self.record.today
        if day and day > today:
            self.add_error("visited_on", "Et besøk kan ikke logges før det har vært. Velg i dag eller en dag før.")
        elif day and place and place.starts_on and day < place.starts_on:
            self.add_error("visited_on", f"Deltakeren begynte her {date_words(place.starts_on)}. Velg den dagen eller senere.")
        elif day and place and place.ends_on and day > place.ends_on:
            self.add_error("visited_on", f"Siste dag her var {date_words(place.ends_on)}. Velg den dagen eller tidligere.")
        following = data.get("next_on")
        if following and following <= today:
            self.add_error("next_on", AHEAD_ONLY)

    @property
    def placement(self) -> Placement | None:
        """Where the visit was."""
        if not self.instance._state.adding:
            held: Placement = self.instance.placement
            return held
        chosen = (getattr(self, "cleaned_data", {}) or {}).get("plass")
        return self.places.get(chosen) or next(iter(self.places.values()), None)

    @property
    def chosen_goals(self) -> list[CompetenceGoal]:
        """The goals that were ticked, in the order of the curriculum."""
        wanted = set(self.cleaned_data["goals"])
        return [goal for key, goal in self.goals_by_id.items() if key in wanted]

    @property
    def next_moment(self) -> datetime | None:
        """The time proposed for the next visit; None where none is."""
        day, at = self.cleaned_data.get("next_on"), self.cleaned_data.get("next_at")
        return moment(day, at) if day else None

    @property
    def next_moment_proposed(self) -> datetime | None:
        """The next visit as it stands in the form before anybody changes it."""
        return moment(self.next_day) if self.next_day else None

    # --- What the page draws -------------------------------------------------------------------------

    @property
    def goal_rows(self) -> list[GoalRow]:
        """The goals as rows: chosen ones and those unseen for longest first, at least three and the chosen ones at once."""
        chosen = set(self["goals"].value() or [])
        never = date.min

        def place(pair: tuple[int, tuple[str, CompetenceGoal]]) -> tuple[bool, date, int]:
            number, (key, goal) = pair
            return key not in chosen, self.last_seen.get(goal.pk, never), number

        ordered = sorted(enumerate(self.goals_by_id.items()), key=place)
        return [self._goal_row(number, key, goal, key in chosen) for number, (key, goal) in ordered]

    def _goal_row(self, number: int, key: str, goal: CompetenceGoal, is_chosen: bool) -> GoalRow:
        last = self.last_seen.get(goal.pk)
        days = (self.record.today - last).days if last else None
        note = "Ikke sett ennå" if days is None else f"Ikke sett på {days} dager" if days >= self.unseen_days else ""
        return GoalRow(f"id_goals_{number}", key, str(goal), goal.text, SHORT_LANGUAGES.get(goal.language, "nb"), note, is_chosen)

    @property
    def first_goals(self) -> list[GoalRow]:
        """The rows that stand open."""
        rows = self.goal_rows
        return rows[: max(SHOWN_AT_ONCE, sum(row.is_chosen for row in rows))]

    @property
    def other_goals(self) -> list[GoalRow]:
        """The rows one tap away."""
        return self.goal_rows[len(self.first_goals) :]

    @property
    def goal_count(self) -> int:
        """How many goals there are in all."""
        return len(self.goals_by_id)

    @property
    def day_words(self) -> str:
        """The day of the visit in words, as it stands in the form."""
        value = self["visited_on"].value()
        try:
            day = value if isinstance(value, date) else date.fromisoformat(str(value))
        except ValueError:
            return ""
        return f"I dag, {date_words(day)}" if day == self.record.today else date_words(day)

    @property
    def present_words(self) -> str:
        """Who was there in words."""
        names = dict(PRESENT)
        found = [names[key] for key in self["present"].value() or [] if key in names]
        return ", ".join(found[:-1]) + " og " + found[-1] if len(found) > 1 else "".join(found) or "ingen valgt"


class PlanForm(SentForm):
    """A time for a visit: day, time, and a short message to the others."""

    plass = forms.ChoiceField(label="Arbeidssted")
    day = DayField(label="Dag")
    at = forms.TimeField(label="Klokka", widget=TimeInput, initial=USUAL_TIME)
    words = forms.CharField(
        label="Beskjed", max_length=200, required=False, help_text="For eksempel hva dere vil se på.",
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        request: HttpRequest,
        places: list[Placement],
        today: date,
        visit: WorkplaceVisit | None = None,
        **kwargs: Any,
    ) -> None:
        self.places, self.today, self.visit = {row.public_id: row for row in places}, today, visit
        super().__init__(*args, request=request, **kwargs)
        self.fields["plass"].choices = [(key, row.workplace.name) for key, row in self.places.items()]  # type: ignore[attr-defined]
        if len(self.places) < 2:
            self.fields["plass"].widget = forms.HiddenInput()
            self.fields["plass"].initial = next(iter(self.places), "")
        if visit is not None and visit.planned_at:
            held = timezone.localtime(visit.planned_at)
            self.initial = {
                **self.initial,
                "day": held.date(),
                "at": held.time(),
                "words": visit.plan_words,
                "version": visit.version,
            }
        else:
            del self.fields["version"]

    def clean(self) -> dict[str, Any]:
        """A time ahead, while the participant is there."""
        data: dict[str, Any] = super().clean() or {}
        day, place = data.get("day"), self.placement
        if day and day < self.today:
            self.add_error("day", "Velg i dag eller en dag fram i tid.")
        elif day and place and place.ends_on and day > place.ends_on:
            self.add_error("day", f"Siste dag på arbeidsstedet er {date_words(place.ends_on)}. Velg en dag før.")
        elif day and place and place.starts_on and day < place.starts_on:
            self.add_error("day", f"Første dag på arbeidsstedet er {date_words(place.starts_on)}. Velg en dag etter.")
        return data

    @property
    def placement(self) -> Placement | None:
        """The placement chosen."""
        return self.places.get(self.cleaned_data.get("plass", ""))

    @property
    def planned_at(self) -> datetime:
        """The time chosen."""
        at: time = self.cleaned_data["at"]
        return moment(self.cleaned_data["day"], at)
