"""Pages of the year: semesters, breaks, public holidays, exam windows and Norwegian test windows."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fagbrev.access.gate import page
from fagbrev.dates import days_off_by_agreement, public_holidays, school_year_of
from fagbrev.people.roles import COORDINATOR
from programmes.access import STAFF, may_edit
from programmes.following import follow_break
from programmes.forms.year import BreakForm, ExamWindowForm, NorwegianWindowForm, SemesterForm
from programmes.lists import breaks_between, exam_windows_between, norwegian_windows_between, school_years, semesters_of
from programmes.models import CalendarBreak, ExamWindow, NorwegianTestWindow, Semester
from programmes.views.editing import edit_page, remove_page, sent

# Who is registered in which window: a page of a higher floor, known by its address alone, as the handbook's pages are.
PEOPLE_URL = "/eksamen/"

# What the address calls each kind of row, its form, and the words for it.
KINDS: dict[str, dict[str, Any]] = {
    "semester": {
        "model": Semester,
        "form": SemesterForm,
        "new": _("Nytt semester"),
        "edit": _("Endre semester"),
        "the": _("Semesteret"),
    },
    "ferie": {
        "model": CalendarBreak,
        "form": BreakForm,
        "new": _("Ny ferie eller fridag"),
        "edit": _("Endre ferie"),
        "the": _("Ferien"),
    },
    "eksamen": {
        "model": ExamWindow,
        "form": ExamWindowForm,
        "new": _("Nytt eksamensvindu"),
        "edit": _("Endre eksamensvindu"),
        "the": _("Vinduet"),
    },
    "norsk": {
        "model": NorwegianTestWindow,
        "form": NorwegianWindowForm,
        "new": _("Nytt norskprøvevindu"),
        "edit": _("Endre norskprøvevindu"),
        "the": _("Vinduet"),
    },
}


def _kind(kind: str) -> dict[str, Any]:
    if kind not in KINDS:
        raise Http404
    return KINDS[kind]


def _red_days(first: date, last: date) -> list[dict[str, Any]]:
    """Public holidays and days off by agreement in a period, in order."""
    days: dict[date, tuple[str, bool]] = {}
    for year in (first.year, last.year):
        days |= {day: (name, True) for day, name in public_holidays(year).items()}
        days |= {day: (name, False) for day, name in days_off_by_agreement(year).items()}
    return [{"day": day, "name": days[day][0], "is_public": days[day][1]} for day in sorted(days) if first <= day <= last]


@page(roles=STAFF, methods=("GET", "HEAD"))
def year_list(request: HttpRequest) -> HttpResponse:
    """One school year at a time."""
    today = timezone.localdate()
    known = sorted({*school_years(), school_year_of(today)})
    chosen = request.GET.get("aar", "")
    chosen = chosen if chosen in known else school_year_of(today)
    first, last = date(int(chosen[:4]), 8, 1), date(int(chosen[:4]) + 1, 7, 31)
    shown = {
        "school_year": chosen,
        "tabs": [{"label": year, "url": f"?aar={year}", "current": year == chosen} for year in known],
        "semesters": semesters_of(chosen),
        "breaks": breaks_between(first, last),
        "red_days": _red_days(first, last),
        "exam_windows": exam_windows_between(first, last),
        "norwegian_windows": norwegian_windows_between(first, last),
        "may_edit": may_edit(request.user, today),
        "people_url": PEOPLE_URL,
    }
    return render(request, "programmes/year_list.html", shown)


def _back(row: models.Model) -> tuple[str, str]:
    day = getattr(row, "starts_on", None) or getattr(row, "opens_on", None)
    query = f"?aar={school_year_of(day)}" if isinstance(day, date) else ""
    return f"{reverse('year_list')}{query}", "Skoleåret"


@page(roles={COORDINATOR})
def year_row_new(request: HttpRequest, kind: str) -> HttpResponse:
    """A semester, break or window that was not there."""
    words = _kind(kind)
    form = words["form"](sent(request), request=request)
    back = (reverse("year_list"), "Skoleåret")
    return edit_page(
        request, form, title=words["new"], back=back, saved=f"{words['the']} er lagret.", url=lambda row: _saved(request, row)
    )


def _saved(request: HttpRequest, row: models.Model) -> str:
    """Where one is led when a row is saved; after a break, where what lies in it can be mended."""
    url = _back(row)[0]
    if isinstance(row, CalendarBreak):
        for found in follow_break(row=row, by=request.user, today=timezone.localdate()):  # type: ignore[arg-type]
            for words in found.words:
                messages.warning(request, words)
            url = found.url or url
    return url


@page(roles={COORDINATOR})
def year_row_edit(request: HttpRequest, kind: str, public_id: str) -> HttpResponse:
    """Changes a semester, break or window."""
    words = _kind(kind)
    row = get_object_or_404(words["model"], public_id=public_id)
    back = _back(row)
    form = words["form"](sent(request), instance=row, request=request)
    gone = reverse("year_row_remove", args=[kind, public_id])
    return edit_page(
        request, form, title=words["edit"], back=back, saved=f"{words['the']} er lagret.", url=lambda row: _saved(request, row),
        remove_url=gone,
    )  # fmt: skip


@page(roles={COORDINATOR})
def year_row_remove(request: HttpRequest, kind: str, public_id: str) -> HttpResponse:
    """Removes a semester, break or window that nothing points to."""
    words = _kind(kind)
    row = get_object_or_404(words["model"], public_id=public_id)
    text, removed = f"{row} blir borte. Frister som bygger på dagene, regnes på nytt.", f"{words['the']} er fjernet."
    return remove_page(request, row, title=f"Fjern {row}?", text=text, back=_back(row), removed=removed)
