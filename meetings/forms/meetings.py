"""Forms of a meeting: when, where and what it is; calling it off."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from fagbrev.dates import date_words
from fagbrev.forms.base import VersionedForm
from fagbrev.forms.fields import DayField
from meetings.days import USUAL_MINUTES, USUAL_TIME, day_off_rule, free_day, moment_of, proposed_day
from meetings.invitees import last_of_kind
from meetings.models import Meeting
from meetings.models.meetings import ABOUT_ONE, MENTOR_GATHERING, NETWORK_GATHERING, WITH_PROGRAMME
from participants.forms.base import say_choose
from programmes.queries import trades_open

LONGEST_AHEAD = timedelta(days=800)
PROPOSED_AHEAD = timedelta(weeks=6)  # a day farther ahead is easily saved by mistake
LONGEST_BACK = timedelta(days=60)  # a meeting that was held may be registered so long after


class ClockInput(forms.TimeInput):
    """A time of day in the browser's own box."""

    input_type = "time"

    def __init__(self, **more: Any) -> None:
        super().__init__(format="%H:%M", **more)


class MeetingForm(VersionedForm):
    """When and where, and what the kind of meeting needs beside it. Proposed are the next free day if it is near, and the usual place."""

    day = DayField(label="Dag")
    at = forms.TimeField(label="Klokka", widget=ClockInput)
    minutes_long = forms.IntegerField(label="Varighet i minutter", min_value=5, max_value=720)

    class Meta:
        model = Meeting
        fields = ["trade", "title", "place", "video_link", "programme"]
        labels = {"title": "Tittel", "place": "Sted", "programme": "Program"}
        help_texts = {
            "title": "Vises bare i Fagbrev, til dem som er innkalt. I e-post og kalender står det «Møte i fagbrevordningen».",
            "place": "Stedet står i innkallingen. Skriv ikke navn på deltakere her.",
            "programme": "Én linje for hvert punkt, for eksempel «12.00 Lunsj». De som er innkalt, ser programmet i Fagbrev.",
        }
        widgets = {"programme": forms.Textarea(attrs={"rows": 5})}

    field_order = ["trade", "day", "at", "minutes_long", "place", "video_link", "title", "programme"]

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        self.today = today
        super().__init__(*args, **kwargs)
        meeting: Meeting = self.instance
        if meeting.kind not in {MENTOR_GATHERING, NETWORK_GATHERING} or not meeting._state.adding:
            del self.fields["trade"]
        else:
            self._choose_trade()
        if meeting.kind not in WITH_PROGRAMME:
            del self.fields["programme"]
        else:
            self.fields["programme"].seen_by = "de som er innkalt"
        if meeting.kind in ABOUT_ONE:
            del self.fields["title"]
        self.initial.update(self._held() if meeting.starts_at else self._proposed())
        if meeting._state.adding:
            self._say_what_days()
        for field in self.fields.values():
            say_choose(field)

    def _choose_trade(self) -> None:
        field: Any = self.fields["trade"]
        field.queryset = trades_open(self.today)
        field.empty_label = "Alle fag"
        field.help_text = "Velg et fag for å samle bare dem som hører til det."

    def _held(self) -> dict[str, Any]:
        local, length = timezone.localtime(self.instance.starts_at), self.instance.ends_at - self.instance.starts_at
        return {"day": local.date(), "at": local.time(), "minutes_long": int(length.total_seconds() // 60)}

    def _proposed(self) -> dict[str, Any]:
        meeting: Meeting = self.instance
        last = last_of_kind(kind=meeting.kind, trade=meeting.trade, enrolment=meeting.enrolment)
        self.last = last
        found = proposed_day(kind=meeting.kind, trade=meeting.trade, last=last, today=self.today)
        day = found if found <= self.today + PROPOSED_AHEAD else None
        if last is None:
            return {"day": day, "at": USUAL_TIME, "minutes_long": USUAL_MINUTES}
        length = int((last.ends_at - last.starts_at).total_seconds() // 60)
        at = timezone.localtime(last.starts_at).time()
        return {"day": day, "at": at, "minutes_long": length, "place": last.place, "video_link": last.video_link}

    def _say_what_days(self) -> None:
        """Says which day may be chosen, and when the last meeting is where none is proposed."""
        words = [f"Har møtet vært? Skriv dagen, opptil {LONGEST_BACK.days} dager tilbake. Da sendes ingen innkallinger."]
        if self.initial["day"] is None and self.last is not None:
            verb = "er planlagt" if self.last.starts_at > timezone.now() else "var"
            words.insert(0, f"Det siste møtet {verb} {date_words(timezone.localdate(self.last.starts_at))}.")
        self.fields["day"].help_text = " ".join(words)

    def clean(self) -> dict[str, Any]:
        """A day ahead, or for a new meeting one that was lately."""
        data: dict[str, Any] = super().clean() or {}
        day, at, length = data.get("day"), data.get("at"), data.get("minutes_long")
        if day is None or at is None or length is None:
            return data
        starts = moment_of(day, at)
        if self.instance.starts_at != starts or self.instance._state.adding:
            self._check_day(day, starts)
        self.instance.starts_at, self.instance.ends_at = starts, starts + timedelta(minutes=length)
        return data

    def _check_day(self, day: date, starts: datetime) -> None:
        if self.instance._state.adding and starts < timezone.now():
            if day < self.today - LONGEST_BACK:
                self.add_error("day", f"Et møte som har vært, kan føres opptil {LONGEST_BACK.days} dager etterpå.")
        elif starts < timezone.now():
            self.add_error("day", "Tiden er allerede passert. Velg en tid framover.")
        elif day > self.today + LONGEST_AHEAD:
            self.add_error("day", "Det er mer enn to år til. Sjekk året.")

    @property
    def changed_columns(self) -> list[str]:
        """What of the meeting was changed, by its columns."""
        names = {"day": "starts_at", "at": "starts_at", "minutes_long": "ends_at"}
        return sorted({names.get(name, name) for name in super().changed_columns})

    @classmethod
    def values_beside(cls, row: Any) -> dict[str, Any]:
        """The day and time, which the row holds as moments."""
        local = timezone.localtime(row.starts_at)
        length = int((row.ends_at - row.starts_at).total_seconds() // 60)
        return {"day": local.date(), "at": f"{local:%H:%M}", "minutes_long": length}

    def day_off_words(self) -> str:
        """Gives a sentence when the chosen day is a day off: said, never refused."""
        day = self.cleaned_data.get("day")
        if day is None:
            return ""
        is_off = day_off_rule(self.instance.kind)
        if not is_off(day):
            return ""
        return f"{date_words(day)} er en fridag eller i en ferie. Neste dag uten fri er {date_words(free_day(day, is_off))}."


class CancelForm(VersionedForm):
    """Why a meeting is called off: read in Fagbrev, never sent."""

    class Meta:
        model = Meeting
        fields = ["cancel_words"]
        labels = {"cancel_words": "Hvorfor avlyses møtet?"}
        help_texts = {"cancel_words": "De som var innkalt, leser det i Fagbrev. Det står ikke i e-posten."}
