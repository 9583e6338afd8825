"""Forms of a series: how often, when and where; and who is always invited."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from fagbrev.forms.base import VersionedForm
from fagbrev.people.models import User
from meetings.actions.series import BELONG
from meetings.days import USUAL_MINUTES, USUAL_TIME, interval_of
from meetings.forms.meetings import LONGEST_AHEAD, ClockInput
from meetings.invitees import ROLES_ASKED, Proposed, everyone_words, holders
from meetings.models import MeetingSeries, SeriesInvitee
from meetings.models.meetings import ABOUT_ONE, MEETING_KINDS, OF_TRADE
from participants.forms.base import say_choose
from programmes.queries import trades_open


class SeriesForm(VersionedForm):
    """A series. Kind and trade are chosen once."""

    class Meta:
        model = MeetingSeries
        fields = [
            "kind",
            "trade",
            "name",
            "interval_days",
            "first_on",
            "starts_at",
            "minutes_long",
            "place",
            "video_link",
            "ends_on",
        ]
        labels = {"starts_at": "Klokka", "minutes_long": "Varighet i minutter", "ends_on": "Siste dag for serien"}
        help_texts = {
            "name": "Vises bare i Fagbrev, for eksempel «Prosjektgruppe helse».",
            "interval_days": "28 dager er hver fjerde uke. Møter på fridager og i ferier flyttes til neste dag uten fri.",
            "place": "Stedet står i innkallingen. Skriv ikke navn på deltakere her.",
            "ends_on": "La feltet stå tomt når serien skal fortsette.",
        }
        widgets = {"starts_at": ClockInput}

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        self.today = today
        super().__init__(*args, **kwargs)
        if self.instance._state.adding:
            self._choose()
        else:
            for name in ("kind", "trade"):
                del self.fields[name]
        for field in self.fields.values():
            say_choose(field)

    def _choose(self) -> None:
        kind: Any = self.fields["kind"]
        kind.choices = [("", "Velg"), *((code, name.capitalize()) for code, name in MEETING_KINDS if code not in ABOUT_ONE)]
        trade: Any = self.fields["trade"]
        trade.queryset, trade.empty_label = trades_open(self.today), "Ikke ett bestemt fag"
        trade.help_text = "Prosjektgrupper hører til ett fag."
        self.initial["starts_at"], self.initial["minutes_long"] = USUAL_TIME, USUAL_MINUTES
        self.initial["interval_days"] = interval_of("", None)

    def clean(self) -> dict[str, Any]:
        """A project group has a trade; the first meeting comes before the last day."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("kind") in OF_TRADE and not data.get("trade") and "trade" not in self.errors:
            self.add_error("trade", "Velg hvilket fag prosjektgruppen hører til.")
        first, last = data.get("first_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", "Siste dag kan ikke være før første møte.")
        interval = data.get("interval_days")
        if interval is not None and not 1 <= interval <= LONGEST_AHEAD.days:
            self.add_error("interval_days", f"Skriv fra 1 til {LONGEST_AHEAD.days} dager.")
        length = data.get("minutes_long")
        if length is not None and not 5 <= length <= 720:
            self.add_error("minutes_long", "Et møte varer fra 5 minutter til 12 timer.")
        return data


class FixedForm(VersionedForm):
    """One who is always invited: everyone of a role, or a named person, perhaps with a substitute."""

    who = forms.ChoiceField(label="Hvem")
    instead = forms.ChoiceField(label="Vara", required=False, help_text="Kalles inn av seg selv når personen ikke kan komme.")

    class Meta:
        model = SeriesInvitee
        fields = ["is_chair"]
        labels = {"is_chair": "Leder møtet"}

    field_order = ["who", "instead", "is_chair"]

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind, trade = self.instance.series.kind, self.instance.series.trade
        roles = dict.fromkeys([*BELONG.get(kind, ()), *ROLES_ASKED.get(kind, ())])
        held = list(SeriesInvitee.objects.filter(series=self.instance.series).values_list("role", "user_id"))
        people: list[Proposed] = [one for role in ROLES_ASKED.get(kind, ()) for one in holders(role, today)]
        self.people = {one.key: one for one in people if one.user}
        named = {user for _role, user in held if user}
        open_roles = [role for role in roles if (role, None) not in held]
        who: Any = self.fields["who"]
        who.choices = [
            ("", "Velg"),
            *((f"alle:{role}", everyone_words(role, trade)) for role in open_roles),
            *((key, one.words) for key, one in self.people.items() if one.user and one.user.pk not in named),
        ]
        instead: Any = self.fields["instead"]
        instead.choices = [("", "Ingen"), *((key, one.words) for key, one in self.people.items())]

    def clean(self) -> dict[str, Any]:
        """A substitute and a chair are for one person."""
        data: dict[str, Any] = super().clean() or {}
        who, instead = data.get("who", ""), data.get("instead", "")
        if who.startswith("alle:"):
            if instead:
                self.add_error("instead", "Velg en person. Bare en person kan ha vara.")
            if data.get("is_chair"):
                self.add_error("is_chair", "Velg en person. Bare én kan lede møtet.")
            self.instance.role, self.instance.user = who.removeprefix("alle:"), None
        elif who:
            self.instance.role, self.instance.user = self.people[who].role, self.people[who].user
            substitute: User | None = self.people[instead].user if instead else None
            if substitute is not None and substitute == self.instance.user:
                self.add_error("instead", "Vara må være en annen person.")
            else:
                self.instance.substitute = substitute
        return data
