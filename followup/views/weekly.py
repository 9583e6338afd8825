"""The weekly plan: the week as it is read, written, copied, ticked, and printed for the wall."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from fagbrev.access.table import seen_by_words
from fagbrev.forms.base import SentForm, posted
from fagbrev.forms.saving import save_once
from fagbrev.people.roles import COORDINATOR, DELTAKER, FADDER
from followup.actions.weekly import PlanRefused, copy_plan, save_plan, tick
from followup.device_answers import as_asked, refused_as_asked
from followup.forms.weekly import WeeklyPlanForm
from followup.models.practice import WeeklyPlan
from followup.weekly_shown import (
    MOST_AHEAD,
    SECTION,
    days_of,
    line_of,
    page_of,
    placement_asked,
    plan_by_id,
    plan_of,
    query_of,
    span_words,
    week_asked,
    week_url,
    week_words,
    within,
)
from participants.access import Record, record
from participants.views.rows import page_url
from participants.views.sections import head_of

WRITERS = frozenset({COORDINATOR, FADDER, DELTAKER})
READ = ("GET", "HEAD")


@record("ukeplan", methods=READ)
def participant_ukeplan(request: HttpRequest, found: Record) -> HttpResponse:
    """A week (`?uke=2026-48`), this one to begin with, at a placement (`?plass=`)."""
    monday = week_asked(request.GET.get("uke", ""), found.today)
    placement = placement_asked(found, request.GET.get("plass", ""))
    context = head_of(found, "ukeplan", request) | page_of(found, placement, monday)
    context["press"] = SentForm(request=request, auto_id=False)
    return render(request, "followup/weekly_plan.html", context)


@record("ukeplan", write=True, writers=WRITERS)
def ukeplan_edit(request: HttpRequest, found: Record) -> HttpResponse:
    """Writes the week's plan: a few boxes for each day."""
    monday = week_asked(request.GET.get("uke", ""), found.today)
    placement = placement_asked(found, request.GET.get("plass", ""), "write")
    if placement is None or not within(placement, monday) or monday > found.today + MOST_AHEAD:
        messages.error(request, "Denne uka kan ikke planlegges.")
        return redirect(page_url(found, "ukeplan"))
    row = plan_of(placement, monday) or WeeklyPlan(placement=placement, week_starts_on=monday)
    form = WeeklyPlanForm(posted(request), instance=row, record=found, request=request)
    if form.is_bound and form.is_valid():

        def save() -> str:
            save_plan(form=form, by=found.user)
            messages.success(request, "Ukeplanen er lagret.")
            return week_url(found, placement, monday)

        return as_asked(request, save_once(request, form, save))
    if form.is_bound and (answer := refused_as_asked(request, form)) is not None:
        return answer
    days, folded = days_of(placement, row if row.pk else None, monday, found.today)
    context: dict[str, Any] = {
        "record": found, "form": form, "days": form.boxes(days), "folded": form.boxes(folded), "week": week_words(monday),
        "span": span_words(monday), "back_url": week_url(found, placement, monday), "seen_by": seen_by_words(SECTION),
        "lead": f"{found.participant.first_name} hos {placement.workplace.name}. {span_words(monday)}.",
    }  # fmt: skip
    return render(request, "followup/weekly_plan_edit.html", context, status=422 if form.is_bound else 200)


@record("ukeplan", write=True, writers=WRITERS, methods=("POST",))
def ukeplan_copy(request: HttpRequest, found: Record) -> HttpResponse:
    """Makes the week as the last one that was planned, and opens it for writing."""
    monday = week_asked(request.GET.get("uke", ""), found.today)
    placement = placement_asked(found, request.GET.get("plass", ""), "write")
    form = SentForm(request.POST, request=request)
    if placement is None or not form.is_valid():
        return redirect(page_url(found, "ukeplan"))

    def save() -> str:
        copy_plan(placement=placement, monday=monday, by=found.user)
        messages.success(request, "Planen er kopiert. Rett det som er annerledes denne uka.")
        return reverse("ukeplan_edit", args=[found.participant.public_id]) + query_of(found, placement, monday)

    try:
        return save_once(request, form, save)
    except PlanRefused as refused:
        messages.error(request, str(refused))
        return redirect(week_url(found, placement, monday))


@record("ukeplan", write=True, writers=WRITERS, methods=("POST",))
def ukeplan_tick(request: HttpRequest, found: Record) -> HttpResponse:
    """Ticks one thing as done, or takes the tick away: `linje` is the line's id and 1 or 0, "abc:1". Twice is harmless."""
    line_id, _colon, wanted = request.POST.get("linje", "").partition(":")
    if not line_id:
        return redirect(page_url(found, "ukeplan"))
    line = line_of(found, line_id)
    tick(line=line, is_done=wanted == "1", by=found.user)
    plan = line.plan
    return redirect(f"{week_url(found, plan.placement, plan.week_starts_on)}#dag{line.weekday}")


@record("ukeplan", methods=READ)
def ukeplan_print(request: HttpRequest, found: Record, row_id: str) -> HttpResponse:
    """One week on one sheet, for the wall: no more than the first name, the workplace and what is to be done."""
    plan = plan_by_id(found, row_id)
    monday, placement = plan.week_starts_on, plan.placement
    if not within(placement, monday):
        raise Http404
    days, _folded = days_of(placement, plan, monday, found.today)
    context = {
        "record": found, "plan": plan, "days": days, "week": week_words(monday), "span": span_words(monday),
        "back_url": week_url(found, placement, monday), "workplace": placement.workplace.name,
    }  # fmt: skip
    return render(request, "followup/weekly_plan_print.html", context)
