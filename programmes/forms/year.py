"""Forms for the year: semesters, breaks, exam windows, Norwegian test windows, and dated settings."""

import re
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from programmes.forms.frame import DecimalBox, FrameForm
from programmes.models import CalendarBreak, ExamWindow, NorwegianTestWindow, Semester, Setting

PART_DAYS = ("reading_on", "listening_on", "writing_on", "oral_on")


class SemesterForm(FrameForm):
    """A semester."""

    periods = (("starts_on", "ends_on"),)
    alone = {"season": (("school_year",), _("Dette semesteret finnes fra før."))}

    class Meta:
        model = Semester
        fields = ["school_year", "season", "starts_on", "ends_on"]
        help_texts = {"school_year": _("Slik: 2026/27.")}

    def clean_school_year(self) -> str:
        """Gives the year as two years that follow each other."""
        year = self.cleaned_data["school_year"].strip()
        found = re.fullmatch(r"(20\d{2})/(\d{2})", year, re.ASCII)
        if not found or (int(found[1]) + 1) % 100 != int(found[2]):
            raise ValidationError(_("Skriv skoleåret slik: 2026/27."))
        return year

    def clean(self) -> dict[str, Any]:
        """Refuses days outside the school year, and semesters that overlap."""
        super().clean()
        found = self.cleaned_data
        first, last = found.get("starts_on"), found.get("ends_on")
        if found.get("school_year") and first and last:
            year = int(found["school_year"][:4])
            for name, day in (("starts_on", first), ("ends_on", last)):
                if not date(year, 7, 1) <= day <= date(year + 1, 7, 31) and name not in self.errors:
                    self.add_error(name, _("Dagen er ikke i skoleåret."))
        if first and last and not self.errors:
            same = Semester.objects.filter(starts_on__lte=last, ends_on__gte=first).exclude(pk=self.instance.pk).first()
            if same:
                self.add_error("starts_on", f"Dagene overlapper med {same}.")
        return found


class BreakForm(FrameForm):
    """A break or a day off."""

    periods = (("starts_on", "ends_on"),)

    class Meta:
        model = CalendarBreak
        fields = ["name", "starts_on", "ends_on", "stops_teaching", "stops_practice", "source"]
        help_texts = {"source": _("For eksempel «Skoleruta til kommunen».")}

    def clean(self) -> dict[str, Any]:
        """Refuses a break that stops nothing, and the same break twice."""
        super().clean()
        found = self.cleaned_data
        if not found.get("stops_teaching") and not found.get("stops_practice"):
            self.add_error("stops_teaching", _("Kryss av for undervisning, praksis eller begge."))
        if found.get("name") and found.get("starts_on") and found.get("ends_on"):
            same = CalendarBreak.objects.filter(
                name__iexact=found["name"], starts_on__lte=found["ends_on"], ends_on__gte=found["starts_on"]
            ).exclude(pk=self.instance.pk)
            if same.exists():
                self.add_error("starts_on", _("Denne ferien finnes allerede på de samme dagene."))
        return found


class ExamWindowForm(FrameForm):
    """A window for registering for the written exam."""

    periods = (("opens_on", "closes_on"), ("exam_from", "exam_to"), ("closes_on", "exam_from"), ("exam_to", "results_on"))
    alone = {"opens_on": ((), _("Det finnes allerede et vindu som åpner denne dagen."))}

    class Meta:
        model = ExamWindow
        fields = ["name", "opens_on", "closes_on", "accommodations_due_on", "exam_from", "exam_to", "results_on", "source"]
        help_texts = {
            "source": _("Hvor datoene er hentet fra."),
            "accommodations_due_on": _("Fylkeskommunen setter denne fristen."),
        }

    def clean(self) -> dict[str, Any]:
        """Refuses windows that overlap, and results before the exam."""
        super().clean()
        found = self.cleaned_data
        results_on, exam_from = found.get("results_on"), found.get("exam_from")
        if exam_from and results_on and results_on < exam_from and "results_on" not in self.errors:
            self.add_error("results_on", _("Resultatet kan ikke komme før eksamen."))
        if found.get("opens_on") and found.get("closes_on") and not self.errors:
            same = ExamWindow.objects.filter(opens_on__lte=found["closes_on"], closes_on__gte=found["opens_on"])
            if same.exclude(pk=self.instance.pk).exists():
                self.add_error("opens_on", _("Påmeldingen overlapper med et annet vindu."))
        return found


class NorwegianWindowForm(FrameForm):
    """A window for registering for a Norwegian test."""

    periods = (
        ("opens_on", "closes_on"),
        ("test_from", "test_to"),
        ("closes_on", "test_from"),
        *((before, part) for part in PART_DAYS for before in ("closes_on", "test_from")),
        *((part, "test_to") for part in PART_DAYS),
    )

    class Meta:
        model = NorwegianTestWindow
        fields = [
            "name", "opens_on", "closes_on", "test_from", "test_to", "reading_on", "listening_on", "writing_on", "oral_on", "source",
        ]  # fmt: skip
        help_texts = {"source": _("Hvor datoene er hentet fra. HK-dir har ansvar for prøven.")}


class SettingForm(FrameForm):
    """A value of a setting from a day: past days are allowed, since some amounts are decided afterwards."""

    value = DecimalBox(label=_("Verdi"), min_value=0, max_digits=12, decimal_places=2)
    alone = {"valid_from": (("key",), _("Det finnes allerede en verdi fra denne dagen."))}

    class Meta:
        model = Setting
        fields = ["value", "valid_from", "source"]
        help_texts = {
            "source": _("Hvor verdien kommer fra, for eksempel et vedtak."),
            "valid_from": _("Verdien gjelder fra og med denne dagen. En verdi som gjelder, kan ikke endres siden."),
        }

    def __init__(self, *args: Any, highest: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.highest = highest

    def clean_value(self) -> Any:
        """Refuses more than 100 of what is a percentage."""
        value = self.cleaned_data["value"]
        if self.highest is not None and value > self.highest:
            raise ValidationError(f"Tallet kan ikke være høyere enn {self.highest}.")
        return value

    def _taken(self, name: str, value: Any, others: tuple[str, ...]) -> bool:
        return Setting.objects.filter(key=self.instance.key, valid_from=value).exclude(pk=self.instance.pk).exists()
