"""The class: the list of cohorts, levels for all on one page, and the register of a day."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fagbrev.access.gate import page
from fagbrev.access.table import seen_by_words
from fagbrev.dates import parse_norwegian_date
from fagbrev.forms.base import posted
from fagbrev.forms.saving import save_once, sent_before
from fagbrev.people.roles import COORDINATOR, FAGLAERER, NORSKLAERER, roles_of
from followup.actions.language import Outcome, save_levels
from followup.actions.register import KeptMeanwhile, keep_register
from followup.class_shown import level_lines, register_lines, told_held
from followup.classes import (
    Timetable,
    cohort_of,
    cohorts_for,
    day_words,
    groups_for,
    held_on,
    members_of,
    note_class,
    people_of,
)
from followup.forms.language import ClassLevelsForm
from followup.forms.register import RegisterForm

STAFF = {COORDINATOR, FAGLAERER, NORSKLAERER}


@page(roles=STAFF, methods=("GET", "HEAD"))
def class_list(request: HttpRequest) -> HttpResponse:
    """The cohorts one teaches, or all."""
    groups = groups_for(request.user, timezone.localdate())  # type: ignore[arg-type]
    return render(request, "followup/class_list.html", {"groups": groups})


@page(roles=STAFF)
def class_page(request: HttpRequest, public_id: str) -> HttpResponse:
    """Everyone in the class with the last level of each part, and a box to choose a new one."""
    user: Any = request.user
    today = timezone.localdate()
    cohort = cohort_of(user, public_id, today)
    members = members_of(cohort, user, "language", on=today, today=today)
    may_write = people_of(members_of(cohort, user, "language", right="write", on=today, today=today))
    if request.method == "POST" and not _may_write_levels(request):
        raise PermissionDenied
    if (sent := sent_before(request)) is not None:
        return sent
    form = ClassLevelsForm(posted(request), people=may_write, today=today, request=request)
    if form.is_bound and form.is_valid():

        def save() -> str:
            chosen = form.chosen(form.cleaned_data)
            _tell(request, save_levels(chosen=chosen, day=form.cleaned_data["observed_on"], by=user))
            return reverse("class_page", args=[cohort.public_id])

        return save_once(request, form, save)
    context = {
        "cohort": cohort, "form": form, "lines": level_lines(members, cohort, form), "may_write": bool(may_write),
        "cohorts": list(cohorts_for(user, today)), "seen_by": seen_by_words("language"),
    }  # fmt: skip
    if request.method != "HEAD":
        note_class(user, members, today, section="language")
    return render(request, "followup/class_page.html", context, status=422 if form.is_bound else 200)


def _may_write_levels(request: HttpRequest) -> bool:
    return bool(roles_of(request.user, timezone.localdate()) & {COORDINATOR, NORSKLAERER})  # type: ignore[arg-type]


def _tell(request: HttpRequest, outcome: Outcome) -> None:
    if outcome.saved:
        people = ngettext("%(n)d deltaker", "%(n)d deltakere", len(outcome.people)) % {"n": len(outcome.people)}
        levels = ngettext("%(n)d nivå", "%(n)d nivåer", outcome.saved) % {"n": outcome.saved}
        messages.success(request, _("Lagret %(levels)s for %(people)s.") % {"levels": levels, "people": people})
    elif not outcome.held:
        messages.info(request, _("Ingen nivåer var endret."))
    for told in told_held(outcome):
        messages.warning(request, told)


def _day_asked(request: HttpRequest, timetable: Timetable, today: date) -> date:
    """The day in the address; the newest day of teaching for none, and for what is no day or ahead."""
    try:
        day = parse_norwegian_date(request.GET.get("dag", ""))
    except ValueError:
        return timetable.last_day(today)
    return day if day <= today else timetable.last_day(today)


@page(roles=STAFF)
def class_register(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who was there on a day of teaching, guests too."""
    user: Any = request.user
    today = timezone.localdate()
    cohort = cohort_of(user, public_id, today)
    timetable = Timetable(cohort)
    day = timetable.day(_day_asked(request, timetable, today))
    members = members_of(cohort, user, "absence", right="write", on=day.day, today=today)
    taking_part = [row for row in members if row.enrolment is None or row.enrolment.status != "on_leave"]
    if (sent := sent_before(request)) is not None:
        return sent
    hours = day.hours if not day.is_off else 0 * day.hours
    form = RegisterForm(
        posted(request), members=taking_part, held=held_on(cohort, taking_part, day.day), hours=hours, request=request
    )
    url = f"{reverse('class_register', args=[cohort.public_id])}?dag={day.day.isoformat()}"
    status, typed = (422 if form.is_bound else 200), None
    if form.is_bound and form.is_valid():
        data = form.cleaned_data

        def save() -> str:
            keep_register(
                cohort=cohort, day=day.day, hours=data["hours"], version=data.get("version") or 0, kept=form.kept(), by=user
            )
            messages.success(request, _("Oppmøtet %(day)s er lagret.") % {"day": day_words(day.day)})
            return url

        try:
            return save_once(request, form, save)
        except KeptMeanwhile:
            status, typed = 409, form
            form = RegisterForm(
                None, members=taking_part, held=held_on(cohort, taking_part, day.day), hours=hours, request=request
            )
    before, after = timetable.around(day.day, today)
    context = {
        "cohort": cohort, "form": form, "day": day, "day_words": day_words(day.day), "url": url, "before": before, "after": after,
        "lines": register_lines(members, form, typed), "lesson": form.held.lesson, "is_conflict": status == 409,
        "seen_by": seen_by_words("absence"), "today": today,
    }  # fmt: skip
    if request.method != "HEAD":
        note_class(user, members, today, section="absence")
    return render(request, "followup/class_register.html", context, status=status)
