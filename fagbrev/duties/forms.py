"""Forms about duties: put one off, how often to be mailed, when a rule reminds."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fagbrev.duties.actions import LONGEST_SNOOZE
from fagbrev.duties.models import RHYTHMS, RuleTerms
from fagbrev.duties.rules import Rule, Told, is_moment
from fagbrev.forms.base import SentForm, VersionedForm
from fagbrev.forms.fields import DayField


class SnoozeForm(SentForm):
    """To which day, and why."""

    until = DayField(label=_("Minn meg på det igjen"))
    reason = forms.CharField(label=_("Hvorfor"), max_length=200, help_text=_("Kort. Ikke skriv om helse."))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        self.today = today
        super().__init__(*args, **kwargs)
        self.fields["until"].initial = today + timedelta(days=7)

    def clean_until(self) -> date:
        """A day ahead, at most half a year."""
        until: date = self.cleaned_data["until"]
        if until <= self.today:
            raise forms.ValidationError(_("Velg en dag etter i dag."))
        if until > self.today + LONGEST_SNOOZE:
            raise forms.ValidationError(_("Du kan utsette i høyst et halvt år om gangen."))
        return until


class RhythmForm(SentForm):
    """How often to be mailed."""

    rhythm = forms.ChoiceField(label=_("E-post om frister"), choices=RHYTHMS, widget=forms.RadioSelect)

    def __init__(self, *args: Any, may_be_off: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_be_off:
            rhythm: Any = self.fields["rhythm"]
            rhythm.choices = [pair for pair in RHYTHMS if pair[0] != "off"]
            rhythm.help_text = _("Kommunen har bestemt at alle får e-post om frister.")


class MomentsField(forms.CharField):
    """Moments as days: "-14, -3, 0" before and on the day; "åpner" and "åpner-14" where the duty opens."""

    def to_python(self, value: Any) -> Any:
        """Gives the codes, without repeats."""
        text = super().to_python(value)
        codes = []
        for word in str(text or "").replace(";", ",").replace(" ", ",").split(","):
            if word:
                code = word.lower().replace("−", "-").replace("–", "-").replace("åpner", "open").replace("aapner", "open")
                if not is_moment(code):
                    raise forms.ValidationError(
                        _("«%(word)s» kan ikke leses. Skriv for eksempel -14, -3, 0.") % {"word": word[:20]}
                    )
                codes.append(code)
        return list(dict.fromkeys(codes))

    def prepare_value(self, value: Any) -> Any:
        """Shows the codes as they are typed."""
        return ", ".join(code.replace("open", "åpner") for code in value) if isinstance(value, (list, tuple)) else value


class RuleForm(VersionedForm):
    """When a rule reminds from a day, and whether its date moves."""

    moments = MomentsField(
        label=_("Varsle disse dagene"),
        required=False,
        help_text=_("Antall dager fra fristen, med komma: -14, -3, 0 betyr 14 dager før, 3 dager før og på dagen."),
    )

    class Meta:
        model = RuleTerms
        fields = ["moments", "weekly", "shift", "valid_from", "source"]

    def __init__(self, *args: Any, rule: Rule, today: date, **kwargs: Any) -> None:
        self.rule, self.today = rule, today
        super().__init__(*args, **kwargs)
        self.fields["shift"].help_text = _("Lovbestemte frister bør stå fast. Da varsles det på siste arbeidsdag før.")
        self.fields["source"].initial = ""
        if self.instance._state.adding:
            self.initial["valid_from"] = today
        if any(code.startswith("open") for code in rule.moments):
            self.fields["moments"].help_text = str(self.fields["moments"].help_text) + " " + str(
                _("«åpner» betyr dagen den åpner, og «åpner-14» 14 dager før det.")
            )  # fmt: skip

    def clean_valid_from(self) -> date:
        """From today on: what has been told cannot be told otherwise."""
        day: date = self.cleaned_data["valid_from"]
        if day < self.today:
            raise forms.ValidationError(_("Velg i dag eller en senere dag."))
        taken = RuleTerms.objects.filter(rule=self.rule.key, valid_from=day).exclude(pk=self.instance.pk)
        if taken.exists():
            raise forms.ValidationError(_("Det finnes allerede en endring fra denne dagen. Rett den i stedet."))
        return day

    @property
    def told(self) -> Told:
        """What the form says, as the preview takes it."""
        data = self.cleaned_data
        return Told(tuple(data.get("moments") or ()), bool(data.get("weekly")), data.get("shift") or self.rule.shift)
