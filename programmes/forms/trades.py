"""Forms for trades, what belongs to them, and the import of a curriculum."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from fagbrev.forms.base import SentForm
from fagbrev.grep import GrepError, ParsedCurriculum
from programmes.curricula import LARGEST_FILE, read_curriculum
from programmes.forms.frame import PHONE, DecimalBox, FrameForm, unique_code
from programmes.models import (
    Cohort,
    CompetenceGoal,
    Criterion,
    Curriculum,
    TeachingAssignment,
    TeachingSession,
    Trade,
    TradeLead,
)
from programmes.models.trades import SHAPES

CODE = RegexValidator(r"^[A-Z0-9]{2,10}$", _("Bruk to til ti store bokstaver (A–Z) eller tall."))
SHAPE_NAMES = {"dot": _("prikk"), "square": _("firkant"), "triangle": _("trekant"), "diamond": _("rute")}
SHORT_TEXT = forms.Textarea(attrs={"rows": 3})


class TradeForm(FrameForm):
    """All facts of a trade. The code is chosen once."""

    periods = (("runs_from", "runs_to"),)
    alone = {"code": ((), _("Et annet fag har denne koden."))}
    visit_interval_days = forms.IntegerField(label=_("Dager mellom besøk"), min_value=1, max_value=366)
    project_meeting_interval_days = forms.IntegerField(label=_("Dager mellom prosjektgruppemøter"), min_value=1, max_value=366)
    order = forms.IntegerField(
        label=_("Rekkefølge"), min_value=0, max_value=32000, help_text=_("Fag med lavt tall står først i lister."), initial=100
    )

    class Meta:
        model = Trade
        fields = [
            "code", "name", "short_name", "shape", "colour", "order", "runs_from", "runs_to", "curriculum", "trade_test_code",
            "written_exam_code", "trade_test_days", "teaching", "extra", "visit_interval_days", "project_meeting_interval_days",
            "goal_oral", "goal_written", "police_certificate_required", "exam_pending_allowed", "workplaces_text", "target_group",
            "subject_responsible", "norwegian_responsible", "funding_text",
        ]  # fmt: skip
        widgets = dict.fromkeys(("teaching", "extra", "workplaces_text", "target_group", "funding_text"), SHORT_TEXT)
        help_texts = {
            "code": _("Står i adresser og filer, for eksempel BUA. Kan ikke endres siden."),
            "short_name": _("Brukes i lister, for eksempel «Barn og ungdom»."),
            "curriculum": _("Deltakere som er i gang, beholder læreplanen de begynte med."),
            "runs_to": _("La stå tomt så lenge faget tar inn deltakere."),
        }

    def __init__(self, *args: Any, curricula: QuerySet[Curriculum], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["shape"].choices = [(code, f"{sign} {SHAPE_NAMES[code]}") for code, sign in SHAPES]
        self.fields["curriculum"].queryset = curricula
        self.fields["curriculum"].empty_label = _("Ikke valgt")
        if self.instance.pk:
            del self.fields["code"]
        else:
            self.fields["code"].validators.append(CODE)

    def clean_code(self) -> str:
        """Gives the code in capitals."""
        return self.cleaned_data["code"].strip()


class TradeLeadForm(FrameForm):
    """Who is responsible for the trade, from-to."""

    periods = (("starts_on", "ends_on"),)

    class Meta:
        model = TradeLead
        fields = ["name", "organisation", "email", "phone", "starts_on", "ends_on"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].validators.append(PHONE)


class CriterionForm(FrameForm):
    """An eligibility criterion, common or the trade's own."""

    alone = {"text": (("trade",), _("Dette kravet finnes fra før."))}
    order = forms.IntegerField(label=_("Rekkefølge"), min_value=0, max_value=32000, initial=100)

    class Meta:
        model = Criterion
        fields = ["text", "help", "source", "order", "is_active"]
        widgets = {"help": SHORT_TEXT}
        help_texts = {"is_active": _("Ta bort haken når kravet ikke skal brukes mer. Det som er vurdert, blir stående.")}

    def save(self, commit: bool = True) -> Any:
        """Gives a new criterion a code of its own."""
        if not self.instance.code:
            self.instance.code = unique_code(
                self.instance.text, "krav", lambda code: Criterion.objects.filter(code=code).exists()
            )
        return super().save(commit)


class CohortForm(FrameForm):
    """A cohort of a trade."""

    periods = (("starts_on", "ends_on"),)
    alone = {"name": (("trade",), _("Faget har allerede en gruppe med dette navnet."))}

    class Meta:
        model = Cohort
        fields = ["name", "starts_on", "ends_on"]
        help_texts = {"name": _("For eksempel «BUA høst 2026».")}


class SessionForm(FrameForm):
    """A weekly session of a cohort."""

    periods = (("starts_on", "ends_on"),)
    hours = DecimalBox(
        label=_("Timer"), min_value=0.25, max_value=12, max_digits=4, decimal_places=2, help_text=_("For eksempel 2 eller 1,5.")
    )

    class Meta:
        model = TeachingSession
        fields = ["weekday", "starts_at", "hours", "kind", "place", "starts_on", "ends_on"]
        widgets = {"starts_at": forms.TimeInput(format="%H:%M", attrs={"type": "time"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_at"].input_formats = ["%H:%M", "%H.%M", "%H:%M:%S"]

    def clean(self) -> dict[str, Any]:
        """Refuses two sessions of a cohort that begin at the same time in the same weeks."""
        super().clean()
        found = self.cleaned_data
        if "weekday" in found and found.get("starts_at"):
            same = TeachingSession.objects.filter(
                cohort=self.instance.cohort, weekday=found["weekday"], starts_at=found["starts_at"]
            ).exclude(pk=self.instance.pk)
            if any(_overlaps(each, found.get("starts_on"), found.get("ends_on")) for each in same):
                self.add_error("starts_at", _("Gruppa har allerede en økt på denne tiden."))
        return found


class AssignmentForm(FrameForm):
    """A teacher's trade or cohort, from-to."""

    periods = (("starts_on", "ends_on"),)

    class Meta:
        model = TeachingAssignment
        fields = ["user", "role", "cohort", "starts_on", "ends_on"]
        help_texts = {"ends_on": _("Læreren ser deltakerne til og med denne dagen.")}

    def __init__(self, *args: Any, teachers: QuerySet[Any], cohorts: QuerySet[Cohort], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = teachers
        self.fields["cohort"].queryset = cohorts
        self.fields["cohort"].empty_label = _("Hele faget")

    def clean(self) -> dict[str, Any]:
        """Demands that the teacher holds the role, and that the same assignment does not run twice at once."""
        super().clean()
        found = self.cleaned_data
        user, role = found.get("user"), found.get("role")
        if user and role and not user.grants.filter(role=role).exists():
            self.add_error("role", f"{user} har ikke denne rollen. Gi rollen under Brukere først.")
        if user and role and found.get("starts_on"):
            same = TeachingAssignment.objects.filter(
                user=user, role=role, trade=self.instance.trade, cohort=found.get("cohort")
            ).exclude(pk=self.instance.pk)
            if any(_overlaps(each, found["starts_on"], found.get("ends_on")) for each in same):
                self.add_error("starts_on", _("Læreren har allerede dette oppdraget i denne perioden."))
        return found


class GoalNamesForm(SentForm):
    """The short names of a curriculum's goals, a box for each."""

    def __init__(self, *args: Any, goals: list[CompetenceGoal], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.goals = goals
        for goal in goals:
            self.fields[f"goal_{goal.code}"] = forms.CharField(
                label=goal.code, max_length=60, required=False, initial=goal.short_name, help_text=escape(goal.text)
            )

    def renamed(self) -> list[CompetenceGoal]:
        """Gives the goals whose name is another than before, with the new one set; a box that was not sent is left alone."""
        changed = []
        for goal in self.goals:
            if f"goal_{goal.code}" not in self.data:
                continue
            name = self.cleaned_data[f"goal_{goal.code}"].strip()
            if name != goal.short_name:
                goal.short_name = name
                changed.append(goal)
        return changed


class ManyFiles(forms.FileInput):
    """A file box that takes several files."""

    allow_multiple_selected = True


class CurriculumFilesField(forms.FileField):
    """One or more JSON files from Udir; gives the curriculum they hold."""

    widget = ManyFiles(attrs={"accept": ".json,application/json"})

    def clean(self, value: Any, initial: Any = None) -> ParsedCurriculum:
        """Gives the curriculum. Raises ValidationError with what is wrong with the files."""
        files = [each for each in (value if isinstance(value, (list, tuple)) else [value]) if each]
        if not files:
            raise ValidationError(_("Velg en fil."))
        if len(files) > 200 or sum(each.size for each in files) > LARGEST_FILE:
            raise ValidationError(_("Filene er for store til å være en læreplan. Grensen er 4 MB."))
        try:
            return read_curriculum([each.read() for each in files])
        except GrepError as error:
            raise ValidationError(str(error)) from None


class CurriculumImportForm(SentForm):
    """Takes in a curriculum for a trade."""

    file = CurriculumFilesField(
        label=_("Læreplan fra Udir"),
        help_text=_(
            "JSON-filer fra Grep. Én fil med hele læreplanen, eller læreplanen sammen med kompetansemålsettene og målene."
        ),
    )
    trade = forms.ModelChoiceField(Trade.objects.none(), label=_("Fag"), required=False, empty_label=_("Ikke knyttet til et fag"))

    def __init__(self, *args: Any, trades: QuerySet[Trade], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["trade"].queryset = trades


def _overlaps(row: Any, starts_on: Any, ends_on: Any) -> bool:
    """Tells whether a dated row and a period share a day; an open end has no limit."""
    begins_too_late = row.starts_on is not None and ends_on is not None and row.starts_on > ends_on
    ends_too_early = row.ends_on is not None and starts_on is not None and row.ends_on < starts_on
    return not (begins_too_late or ends_too_early)
