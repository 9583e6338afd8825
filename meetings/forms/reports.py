"""Forms for progress reports: beginning one, its texts, the day its numbers hold for, and publishing it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fagbrev.dates import date_words
from fagbrev.forms.base import SentForm, VersionedForm
from fagbrev.forms.fields import DayField
from meetings.models import ProgressReport
from meetings.models.reports import DRAFT, TEXTS
from meetings.report_queries import cut_choices, semester_choices, steering_meetings

SEEN_BY = _("koordinator, og styringsgruppen når rapporten er publisert")
LONGEST = {"short": 900, "asks": 600}
LONGEST_TEXT = 4000


def _meeting_label(row: Any) -> str:
    return date_words(timezone.localtime(row.starts_at).date())


class BeginForm(VersionedForm):
    """Which semester, as of which day, and whom the report is about."""

    semester = forms.ChoiceField(label=_("Semester"))
    cut = forms.ChoiceField(label=_("Hvem rapporten gjelder"), required=False)

    class Meta:
        model = ProgressReport
        fields = ["as_of"]
        labels = {"as_of": _("Tall per")}
        help_texts = {"as_of": _("Siste dag som er med i tallene.")}

    field_order = ["semester", "as_of", "cut"]

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.semesters = {one.first.isoformat(): one for one in semester_choices(today)}
        chosen: Any = self.fields["semester"]
        chosen.choices = [(key, str(one)) for key, one in self.semesters.items()]
        cut: Any = self.fields["cut"]
        cut.choices = cut_choices(today)
        if self.initial.get("as_of") is None:
            self.initial["as_of"] = min(today, next(iter(self.semesters.values())).counted_to)

    def clean(self) -> dict[str, Any]:
        """The day lies in the semester and not in the future; there is one draft for each semester and group."""
        super().clean()
        semester, day = self.semesters.get(self.cleaned_data.get("semester", "")), self.cleaned_data.get("as_of")
        if semester is None:
            return self.cleaned_data
        row: ProgressReport = self.instance
        row.first_on, row.last_on = semester.first, semester.counted_to
        kind, _colon, code = self.cleaned_data.get("cut", "").partition(":")
        row.trade, row.funder = (code if kind == "trade" else ""), (code if kind == "funder" else "")
        if day and (problem := day_problem(day, semester.first, semester.counted_to, self.today)):
            self.add_error("as_of", problem)
        same = ProgressReport.objects.filter(state=DRAFT, first_on=row.first_on, trade=row.trade, funder=row.funder)
        if same.exists():
            self.add_error("semester", _("Det finnes et utkast fra før. Åpne det i lista over rapporter."))
        return self.cleaned_data


def day_problem(day: date, first: date, last: date, today: date) -> str:
    """Gives what is wrong with a day that numbers are to hold for; "" when nothing is."""
    if day > today:
        return str(_("Velg i dag eller en tidligere dag."))
    if not first <= day <= last:
        return str(_("Velg en dag fra %(first)s til %(last)s.") % {"first": date_words(first), "last": date_words(last)})
    return ""


class TextsForm(VersionedForm):
    """The koordinator's texts, and the meeting they are for."""

    class Meta:
        model = ProgressReport
        fields = ["meeting", *TEXTS]
        labels = {
            "meeting": _("Til møtet i styringsgruppen"), "short": _("Kort fortalt"), "asks": _("Vi ber styringsgruppen om"),
            "status": _("Status"), "resources": _("Ressurser"), "challenges": _("Utfordringer"), "plans": _("Planer"),
        }  # fmt: skip
        help_texts = {
            "short": _("Tre eller fire setninger. De står først i rapporten."),
            "asks": _("Én ting på hver linje, for eksempel «å avklare penger til helse etter 2026»."),
            "status": _("Hvordan det går. Tallene står allerede i rapporten."),
            "resources": _("Penger, folk og plasser."),
        }
        widgets = {
            "short": forms.Textarea(attrs={"rows": 5}), "asks": forms.Textarea(attrs={"rows": 3}),
            **{name: forms.Textarea(attrs={"rows": 5}) for name in TEXTS[2:]},
        }  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, seen_by=str(SEEN_BY), **kwargs)
        meeting: Any = self.fields["meeting"]
        meeting.queryset = steering_meetings(self.instance.first_on)
        meeting.label_from_instance = _meeting_label
        meeting.empty_label = str(_("Ikke valgt"))
        for name in TEXTS:
            most = LONGEST.get(name, LONGEST_TEXT)
            field: Any = self.fields[name]
            field.max_length = most
            field.is_plain = True
            field.widget.attrs["maxlength"] = most
            field.validators.append(MaxLengthValidator(most, _("Skriv høyst %(limit_value)d tegn. Nå er det %(show_value)d.")))


class CountForm(SentForm):
    """The day the numbers are to hold for."""

    as_of = DayField(label=_("Tall per"))

    def __init__(self, *args: Any, report: ProgressReport, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.report, self.today = report, today
        self.fields["as_of"].initial = report.as_of

    def clean_as_of(self) -> date:
        """The day lies in the semester and not in the future."""
        day: date = self.cleaned_data["as_of"]
        if problem := day_problem(day, self.report.first_on, self.report.last_on, self.today):
            raise forms.ValidationError(problem)
        return day


class PublishForm(SentForm):
    """The stamp of the numbers that were shown, and whether the steering group gets the closed version too."""

    stamp = forms.CharField(widget=forms.HiddenInput, required=False)
    shows_closed = forms.BooleanField(
        label=_("Styringsgruppen får også den lukkede utgaven, der små grupper vises"), required=False
    )

    def __init__(self, *args: Any, stamp: str, closed_allowed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stamp"].initial = stamp
        if not closed_allowed:
            del self.fields["shows_closed"]
