"""Exam windows: the lists for staff, and the acts of participant, koordinator and norsklærer in a window."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from fagbrev.access.gate import page
from fagbrev.dates import date_words
from fagbrev.forms.base import SentForm
from fagbrev.forms.saving import save_once
from fagbrev.people.roles import COORDINATOR, DELTAKER, FAGLAERER, NORSKLAERER
from participants.access import Record, record
from participants.actions.exams import (
    confirm_registered,
    confirm_registered_norwegian,
    note_fee_paid,
    say_registered,
    say_registered_norwegian,
    unsay_registered,
)
from participants.exam_window_pages import WindowPage, shown_for
from participants.exam_windows import Window, eligible_in, is_about, is_open_on, window_by_id
from participants.views.rows import back_or, page_url
from programmes.models import ExamWindow, NorwegianTestWindow
from programmes.queries import all_exam_windows, all_norwegian_windows

STAFF = {COORDINATOR, FAGLAERER, NORSKLAERER}
READ = ("GET", "HEAD")
NO_WINDOW = _l("Velg et vindu, og prøv igjen.")


class PressedForm(SentForm):
    """A button and nothing more."""


@page(roles=STAFF, methods=READ)
def exam_window_list(request: HttpRequest) -> HttpResponse:
    """The windows now and ahead and the last two, each with how many are where."""
    found = WindowPage(request.user, timezone.localdate())  # type: ignore[arg-type]
    return render(
        request, "participants/exam_window_list.html", {"kinds": found.windows(), "reads_ready": found.reads("readiness")}
    )


@page(roles=STAFF, methods=READ)
def exam_window(request: HttpRequest, window_id: str) -> HttpResponse:
    """One window: its dates, and the people in scope by how far they have come."""
    window = _window(window_id)
    if window is None:
        raise Http404
    found = WindowPage(request.user, timezone.localdate())  # type: ignore[arg-type]
    context = found.page_of(window, shown_for(request.GET, found.trades))
    response = render(request, "participants/exam_window.html", context)
    if request.method == "GET":
        found.note(context["seen"])
    return response


def _window(public_id: str) -> Window | None:
    """The window that an address or a form names; None for what cannot be one."""
    return window_by_id(public_id) if re.fullmatch(r"[0-9A-Za-z]{1,32}", public_id, re.ASCII) else None


# --- What the participant says ----------------------------------------------------------------------------


def _own_window(request: HttpRequest, found: Record, windows: list[Any]) -> tuple[Any, str]:
    """The window posted, or else the open one; and why one cannot register in it, "" when one can."""
    wanted = request.POST.get("vindu", "")
    if wanted:
        window = next((each for each in windows if each.public_id == wanted), None)
    else:
        window = next((each for each in windows if is_open_on(each, found.today)), None)
    if window is None:
        return None, _("Det er ingen åpen påmelding nå.")
    if window.opens_on > found.today:
        return window, _("Påmeldingen er ikke åpen ennå. Den åpner %(day)s.") % {"day": date_words(window.opens_on)}
    if window.closes_on < found.today:
        return window, _("Påmeldingen stengte %(day)s. Snakk med koordinator.") % {"day": date_words(window.closes_on)}
    may = eligible_in(window, found.today).filter(pk=found.enrolment.pk).exists()
    return window, "" if may else _("Du har ikke noe å melde deg på her. Spør koordinator hvis du lurer på noe.")


def _said(request: HttpRequest, found: Record, windows: list[Any], say: Callable[..., Any], words: str) -> HttpResponse:
    form = PressedForm(request.POST, request=request)
    window, refused = _own_window(request, found, windows)
    if refused or not form.is_valid():
        messages.error(request, refused or NO_WINDOW)
        return redirect(page_url(found, "eksamen"))

    def save() -> str:
        say(enrolment=found.enrolment, window=window, by=found.user, today=found.today)
        messages.success(request, words)
        return back_or(request, page_url(found, "eksamen"))

    return save_once(request, form, save)


@record("eksamen", write=True, sections=("exams",), writers=frozenset({DELTAKER}), methods=("POST",))
def exam_said(request: HttpRequest, found: Record) -> HttpResponse:
    """«Jeg har meldt meg på»: the participant's own word on the written exam, confirmed later by the koordinator."""
    return _said(request, found, all_exam_windows(), say_registered, _("Fint. Koordinator får se at du har meldt deg på."))


@record("eksamen", write=True, sections=("exams",), writers=frozenset({DELTAKER}), methods=("POST",))
def norwegian_said(request: HttpRequest, found: Record) -> HttpResponse:
    """«Jeg har meldt meg på norskprøven»: the participant's own word, for the parts below the trade's goal."""
    words = _("Fint. Læreren din og koordinator får se at du har meldt deg på.")
    return _said(request, found, all_norwegian_windows(), say_registered_norwegian, words)


@record("eksamen", write=True, sections=("exams",), writers=frozenset({DELTAKER}), methods=("POST",))
def exam_unsaid(request: HttpRequest, found: Record) -> HttpResponse:
    """«Jeg tok feil»: the participant takes the word back, while nobody has confirmed it."""
    form, window = PressedForm(request.POST, request=request), _window(request.POST.get("vindu", ""))
    if window is None or not form.is_valid():
        messages.error(request, NO_WINDOW)
        return redirect(page_url(found, "eksamen"))

    def save() -> str:
        if unsay_registered(enrolment=found.enrolment, window=window, by=found.user):
            messages.success(request, _("Det er rettet. Du er ikke meldt på."))
        else:
            messages.error(request, _("Det er ikke noe å rette. Spør koordinator hvis noe er feil."))
        return back_or(request, page_url(found, "eksamen"))

    return save_once(request, form, save)


# --- What is confirmed ------------------------------------------------------------------------------------


def _pressed(
    request: HttpRequest, found: Record, kind: type[ExamWindow] | type[NorwegianTestWindow], act: Callable[[Any], str]
) -> HttpResponse:
    """Runs an act in the window posted, for one the window is about, and leads back to where the button stood."""
    form, window = PressedForm(request.POST, request=request), _window(request.POST.get("vindu", ""))
    back = back_or(request, page_url(found, "eksamen"))
    refused = ""
    if not isinstance(window, kind) or not form.is_valid():
        refused = str(NO_WINDOW)
    elif window.opens_on > found.today:
        refused = _("Påmeldingen er ikke åpen ennå. Den åpner %(day)s.") % {"day": date_words(window.opens_on)}
    elif not is_about(window, found.enrolment, found.today):
        refused = _("%(name)s kan ikke meldes på i dette vinduet.") % {"name": found.participant.full_name}
    if refused:
        messages.error(request, refused)
        return redirect(back)

    def save() -> str:
        words = act(window)
        if words:
            messages.success(request, words)
        return back

    return save_once(request, form, save)


@record("eksamen", write=True, sections=("exams",), writers=frozenset({COORDINATOR}), methods=("POST",))
def exam_confirm(request: HttpRequest, found: Record) -> HttpResponse:
    """«Bekreft påmelding»: the koordinator has seen that the participant is registered for the written exam."""

    def act(window: ExamWindow) -> str:
        confirm_registered(enrolment=found.enrolment, window=window, by=found.user, today=found.today)
        return _("Påmeldingen til %(name)s er bekreftet.") % {"name": found.participant.full_name}

    return _pressed(request, found, ExamWindow, act)


@record("eksamen", write=True, sections=("exams",), writers=frozenset({COORDINATOR}), methods=("POST",))
def exam_fee_paid(request: HttpRequest, found: Record) -> HttpResponse:
    """«Avgift betalt»: the koordinator has seen the receipt."""

    def act(window: ExamWindow) -> str:
        if note_fee_paid(enrolment=found.enrolment, window=window, by=found.user, today=found.today) is None:
            messages.error(request, _("Bekreft påmeldingen først."))
            return ""
        return _("Avgiften for %(name)s er registrert som betalt.") % {"name": found.participant.full_name}

    return _pressed(request, found, ExamWindow, act)


@record("eksamen", write=True, sections=("exams",), writers=frozenset({COORDINATOR, NORSKLAERER}), methods=("POST",))
def norwegian_confirm(request: HttpRequest, found: Record) -> HttpResponse:
    """«Bekreft påmelding»: koordinator or norsklærer has seen that the participant is registered for the Norwegian test."""

    def act(window: NorwegianTestWindow) -> str:
        confirm_registered_norwegian(enrolment=found.enrolment, window=window, by=found.user, today=found.today)
        return _("Påmeldingen til %(name)s er bekreftet.") % {"name": found.participant.full_name}

    return _pressed(request, found, NorwegianTestWindow, act)
