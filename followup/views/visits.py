"""Visits: the record's page, the log page, editing and correcting, planning, and the list of those to visit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from fagbrev.access.gate import page
from fagbrev.access.table import seen_by_words
from fagbrev.forms.base import SentForm, posted
from fagbrev.forms.saving import save_once, sent_before
from fagbrev.people.roles import COORDINATOR, DELTAKER, FADDER, FAGLAERER
from fagbrev.web.asking import back_or
from followup.actions.visits import accept_visit, cancel_visit, edit_visit, log_visit, move_visit, propose_visit
from followup.forms.visits import PlanForm, VisitForm
from followup.models import WorkplaceVisit
from followup.visit_list import note_listed, page_of, trades_of
from followup.visit_queries import (
    goals_for,
    goals_last_seen,
    held_visit,
    last_held,
    next_planned,
    places_to_visit,
    planned_visit,
)
from followup.visit_rules import due_on, is_locked
from followup.visits_shown import WRITERS, held_shown, log_url, planned_shown, short_day, time_words
from participants.access import SHOWING, Record, look, record, record_of
from participants.extras import url_for
from participants.models import Placement
from participants.views.rows import page_url
from participants.views.sections import head_of
from programmes.queries import teaching_day_off
from programmes.settings_in_force import setting

READ = ("GET", "HEAD")
PLANNERS = frozenset({COORDINATOR, FAGLAERER, FADDER, DELTAKER})
KEPT_BESIDE = "En annen har også skrevet om dette besøket. Begge tekstene er lagret, og står ved siden av hverandre."
TOO_LATE = "Noen andre svarte først, eller tiden er endret. Se hva som gjelder nå."


@record("besok", methods=READ)
def visit_page(request: HttpRequest, found: Record) -> HttpResponse:
    """A participant's visits: planned ones on top, then those held, the newest first."""
    if found.sees_leave_only:
        raise PermissionDenied
    may_log = found.writes("visits") and bool(found.roles_here & WRITERS)
    context = head_of(found, "besok", request) | {
        "planned": planned_shown(found),
        "reads_held": found.reads("visits"),
        "held": held_shown(found, request.GET.get("side")) if found.reads("visits") else None,
        "reads_note": found.reads("visit_internal_note"),
        "note_seen_by": seen_by_words("visit_internal_note"),
        "log_url": log_url(found) if may_log else "",
        "plan_url": url_for("besok_plan", found) if found.writes("visit_plan") else "",
    }
    return render(request, "followup/visit_page.html", context)


# --- Logging -----------------------------------------------------------------------------------------


@page(roles=WRITERS)
def visit_log(request: HttpRequest) -> HttpResponse:
    """The log page, for a phone in a corridor; without a participant in the address one is chosen first."""
    today, wanted = timezone.localdate(), request.GET.get("deltaker", "")
    if not wanted:
        return _choose(request)
    found = record_of(request.user, wanted, request.GET.get("lop", ""), today=today)  # type: ignore[arg-type]
    if not found.writes("visits") or not found.roles_here & WRITERS:
        raise PermissionDenied
    response = _log(request, found)
    if request.method != "HEAD" and response.status_code in SHOWING:
        look(found, "besok", shown=("visits", "visit_plan"))
    return response


def _choose(request: HttpRequest) -> HttpResponse:
    """Whom the visit was to: own people, the one longest without a visit first."""
    today = timezone.localdate()
    rows = page_of(request.user, today, number=request.GET.get("side"))  # type: ignore[arg-type]
    note_listed(request.user, rows.object_list, today)  # type: ignore[arg-type]
    return render(request, "followup/visit_choose.html", {"rows": rows}, status=422 if request.method == "POST" else 200)


def _log(request: HttpRequest, found: Record) -> HttpResponse:
    places = places_to_visit(found, "visits", begun=True)
    if not places:
        messages.error(request, "Du kan logge besøk når praksisen har begynt.")
        return redirect(page_url(found, "besok"))
    chosen = next((row for row in places if row.public_id == request.GET.get("plass")), places[0])
    places.sort(key=lambda row: row is not chosen)
    coming = next_planned(chosen, found.today)
    form = _visit_form(request, found, WorkplaceVisit(placement=chosen), places, with_next=coming is None)
    if form.is_bound and form.is_valid():
        return _answered(request, form, lambda: _save_log(request, form, found))
    if form.is_bound and _wants_json(request):
        return _refused(form)
    last = last_held(chosen)
    context = _form_context(found, form) | {
        "places": len(places) > 1,
        "place": chosen.workplace.name,
        "coming": time_words(coming.planned_at) if coming and coming.planned_at else "",
        "next_words": time_words(form.next_moment_proposed) if form.next_moment_proposed else "",
        "last": last,
        "last_day": short_day(last.visited_on) if last else "",
        "title": "Logg besøk",
        "verb": "Lagre besøket",
        "back_url": back_or(request, page_url(found, "besok")),
    }
    return render(request, "followup/visit_log.html", context, status=422 if form.is_bound else 200)


def _save_log(request: HttpRequest, form: VisitForm, found: Record) -> str:
    typed = form.cleaned_data
    place = form.placement
    assert place is not None
    _visit, is_new = log_visit(
        placement=place, visited_on=typed["visited_on"], present=typed["present"], goals=form.chosen_goals,
        only_log=typed["only_log"], seen=typed["seen"], agreed=typed["agreed"], internal_note=typed.get("internal_note", ""),
        next_at=form.next_moment, device_key=typed["device_key"], by=found.user, at=timezone.now(),
    )  # fmt: skip
    return _saved(request, found, is_new, f"Besøket hos {found.participant.first_name} er lagret.")


def _saved(request: HttpRequest, found: Record, is_whole: bool, words: str) -> str:
    if not is_whole:
        request.visit_kept_beside = True  # type: ignore[attr-defined]
    messages.success(request, words) if is_whole else messages.warning(request, KEPT_BESIDE)
    return page_url(found, "besok") if not is_whole else back_or(request, page_url(found, "besok"))


def _answered(request: HttpRequest, form: VisitForm, save: Callable[[], str]) -> HttpResponse:
    """Saves once for this draft, however often the device sends it; a device is answered in its own words."""
    form.cleaned_data["submission"] = form.cleaned_data["device_key"].replace("-", "")
    response = save_once(request, form, save)
    if not _wants_json(request) or response.status_code != 302:
        return response
    beside = getattr(request, "visit_kept_beside", False)
    return JsonResponse({"url": response.headers["Location"]}, status=409 if beside else 201)


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").partition(";")[0].strip() == "application/json"


def _refused(form: VisitForm) -> HttpResponse:
    return JsonResponse({"errors": {name: [str(text) for text in texts] for name, texts in form.errors.items()}}, status=422)


def _visit_form(
    request: HttpRequest, found: Record, visit: WorkplaceVisit, places: list[Placement], *, with_next: bool
) -> VisitForm:
    trade, next_day = found.enrolment.trade, None
    if with_next and trade:
        next_day = due_on(found.today, trade.visit_interval_days, teaching_day_off())
        if visit.placement.ends_on and next_day > visit.placement.ends_on:
            next_day = None
    return VisitForm(
        posted(request), instance=visit, record=found, request=request, places=places, goals=goals_for(found.enrolment),
        last_seen=goals_last_seen(found.enrolment), unseen_days=int(setting("goal_evidence_days", found.today)), next_day=next_day,
    )  # fmt: skip


def _form_context(found: Record, form: VisitForm) -> dict[str, Any]:
    curriculum = found.enrolment.curriculum or (found.enrolment.trade.curriculum if found.enrolment.trade else None)
    return {"record": found, "form": form, "curriculum": curriculum.code if curriculum else ""}


@record("besok", write=True, sections=("visits",), writers=WRITERS)
def visit_edit(request: HttpRequest, found: Record, row_id: str) -> HttpResponse:
    """Edits a visit within the time, and corrects a locked one: then the original stays visible."""
    visit = held_visit(found, row_id)
    if visit is None:
        raise Http404
    locked = is_locked(visit.logged_at, int(setting("visit_edit_days", found.today)), found.today)
    form = _visit_form(request, found, visit, [visit.placement], with_next=False)
    if form.is_bound and form.is_valid():

        def save() -> str:
            is_whole = edit_visit(
                form=form,
                goals=form.chosen_goals,
                by=found.user,
                is_correction=locked,
                device_key=form.cleaned_data["device_key"],
            )
            return _saved(request, found, is_whole, "Rettelsen er lagret." if locked else "Endringen er lagret.")

        return _answered(request, form, save)
    if form.is_bound and _wants_json(request):
        return _refused(form)
    context = _form_context(found, form) | {
        "place": visit.placement.workplace.name,
        "is_locked": locked,
        "title": "Rettelse" if locked else "Endre besøk",
        "verb": "Lagre rettelsen" if locked else "Lagre endringen",
        "back_url": back_or(request, page_url(found, "besok")),
    }
    return render(request, "followup/visit_log.html", context, status=422 if form.is_bound else 200)


# --- Planning ----------------------------------------------------------------------------------------


@record("besok", write=True, sections=("visit_plan",), writers=PLANNERS)
def plan_new(request: HttpRequest, found: Record) -> HttpResponse:
    """Proposes a time for a visit."""
    places = places_to_visit(found, "visit_plan", begun=False)
    if not places:
        messages.error(request, "Dere kan avtale besøk når arbeidssted og første dag er bestemt.")
        return redirect(page_url(found, "besok"))
    return _plan_page(request, found, places, None)


@record("besok", write=True, sections=("visit_plan",), writers=PLANNERS)
def plan_move(request: HttpRequest, found: Record, row_id: str) -> HttpResponse:
    """Proposes another time for a planned visit."""
    visit = planned_visit(found, row_id)
    if visit is None:
        raise Http404
    return _plan_page(request, found, [visit.placement], visit)


def _plan_page(request: HttpRequest, found: Record, places: list[Placement], visit: WorkplaceVisit | None) -> HttpResponse:
    form = PlanForm(posted(request), request=request, places=places, today=found.today, visit=visit)
    if form.is_bound and form.is_valid():

        def save() -> str:
            typed, place = form.cleaned_data, form.placement
            assert place is not None
            if visit is None:
                propose_visit(placement=place, planned_at=form.planned_at, words=typed["words"], by=found.user)
                messages.success(request, "Forslaget er sendt til de andre.")
            elif move_visit(
                visit=visit, version=typed.get("version") or 0, planned_at=form.planned_at, words=typed["words"], by=found.user
            ):
                messages.success(request, "Den nye tiden er foreslått.")
            else:
                messages.error(request, TOO_LATE)
            return back_or(request, page_url(found, "besok"))

        return save_once(request, form, save)
    context = {
        "record": found,
        "form": form,
        "title": "Foreslå en annen tid" if visit else "Foreslå et besøk",
        "lead": "De andre får se forslaget. Én av dem svarer.",
        "verb": "Send forslaget",
        "back_url": back_or(request, page_url(found, "besok")),
        "seen_by": seen_by_words("visit_plan"),
    }
    return render(request, "participants/act.html", context, status=422 if form.is_bound else 200)


@record("besok", write=True, sections=("visit_plan",), writers=PLANNERS, methods=("POST",))
def plan_accept(request: HttpRequest, found: Record, row_id: str) -> HttpResponse:
    """«Tiden passer»: another than the one who proposed it accepts."""
    return _answer(request, found, row_id, accept_visit, "Fint. Besøket er avtalt.")


@record("besok", write=True, sections=("visit_plan",), writers=PLANNERS, methods=("POST",))
def plan_cancel(request: HttpRequest, found: Record, row_id: str) -> HttpResponse:
    """Calls a planned visit off."""
    return _answer(request, found, row_id, cancel_visit, "Besøket er avlyst.")


def _answer(request: HttpRequest, found: Record, row_id: str, act: Callable[..., bool], words: str) -> HttpResponse:
    if (sent := sent_before(request)) is not None:
        return sent
    visit, form = planned_visit(found, row_id), SentForm(request.POST, request=request)
    if visit is None:
        raise Http404
    version = request.POST.get("version", "")
    if not form.is_valid() or not version.isdecimal() or len(version) > 9:
        messages.error(request, TOO_LATE)
        return redirect(page_url(found, "besok"))

    def save() -> str:
        if act(visit=visit, version=int(version), by=found.user, at=timezone.now()):
            messages.success(request, words)
        else:
            messages.error(request, TOO_LATE)
        return back_or(request, page_url(found, "besok"))

    return save_once(request, form, save)


# --- The list ----------------------------------------------------------------------------------------


@page(roles=WRITERS, methods=READ)
def visit_list(request: HttpRequest) -> HttpResponse:
    """Those in practice, the one longest without a visit first."""
    user, today = request.user, timezone.localdate()
    trades = trades_of(user, today)  # type: ignore[arg-type]
    trade = next((row.code for row in trades if row.code == request.GET.get("fag")), "")
    rows = page_of(user, today, trade=trade, number=request.GET.get("side"))  # type: ignore[arg-type]
    if request.method == "GET":
        note_listed(user, rows.object_list, today)  # type: ignore[arg-type]
    context = {"rows": rows, "trades": trades if len(trades) > 1 else [], "trade": trade}
    return render(request, "followup/visit_list.html", context)
