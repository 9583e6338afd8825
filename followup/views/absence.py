"""Absence on the record: the page, a day away, the participant's own word, its confirmation, and sick leave."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.translation import gettext as _

from fagbrev.access.table import seen_by_words
from fagbrev.audit.log import looks_today
from fagbrev.forms.base import posted
from fagbrev.forms.saving import save_once, sent_before
from fagbrev.people.roles import COORDINATOR, DELTAKER
from followup.absence_queries import RECORDERS, absences_written, own_reports, sick_leaves
from followup.absence_shown import absence_page, line_of
from followup.actions.absence import confirm_absence, remove_absence, report_absence, save_absence, save_sick_leave
from followup.forms.absence import ALREADY, ALREADY_SAID, AbsenceForm, OwnReportForm, SickLeaveForm
from followup.models import Absence, SickLeave
from participants.access import Record, look, record
from participants.pages import PAGES
from participants.views.rows import back_or, page_url
from participants.views.sections import head_of


@record("fravar", methods=("GET", "HEAD"))
def absence(request: HttpRequest, found: Record) -> HttpResponse:
    """How much the participant has been there, and each day away."""
    return render(request, "followup/absence_detail.html", head_of(found, "fravar", request) | absence_page(found))


@record("fravar", methods=("GET", "HEAD"), log=False)
def absence_line(request: HttpRequest, found: Record) -> HttpResponse:
    """One line for the front page, which logs it: how much the participant has been there. Asked for alone, it is logged itself."""
    words, is_late = line_of(found)
    seen = looks_today(user=found.user, page="oversikt", participants=[found.participant.pk], today=found.today)
    if request.method == "GET" and (found.participant.pk, found.enrolment.pk) not in {
        (participant, enrolment) for participant, enrolment, sections in seen if "absence" in sections
    }:
        look(found, "fravar", shown=("absence",))
    return HttpResponse(format_html('<p class="more{}">{}</p>', " late" if is_late else "", words))


def _form_page(request: HttpRequest, found: Record, form: Any, title: str, section: str, about: str) -> HttpResponse:
    context = {
        "record": found, "form": form, "title": title, "about": about, "seen_by": seen_by_words(section), "page": PAGES["fravar"],
        "back_url": back_or(request, page_url(found, "fravar")),
    }  # fmt: skip
    return render(request, "participants/row_form.html", context, status=422 if form.is_bound else 200)


def _absence_form(request: HttpRequest, found: Record, row: Absence, title: str) -> HttpResponse:
    if (sent := sent_before(request)) is not None:
        return sent
    form = AbsenceForm(posted(request), instance=row, record=found, request=request)
    if form.is_bound and form.is_valid():

        def save() -> str:
            save_absence(form=form, by=found.user)
            messages.success(request, _("Lagret."))
            return back_or(request, page_url(found, "fravar"))

        try:
            return save_once(request, form, save)
        except IntegrityError:  # another recorded the same day meanwhile
            form.add_error("away_on", ALREADY)
    return _form_page(request, found, form, title, "absence", _("Fravær teller aldri i vurderingen av målene."))


@record("fravar", write=True, sections=("absence",), writers=RECORDERS)
def absence_new(request: HttpRequest, found: Record) -> HttpResponse:
    """A day away, as a teacher, fadder, leder or koordinator knows it."""
    return _absence_form(request, found, Absence(enrolment=found.enrolment), _("Registrer fravær"))


@record("fravar", write=True, sections=("absence",), writers=RECORDERS)
def absence_edit(request: HttpRequest, found: Record, row_id: str) -> HttpResponse:
    """A day away within one's own part."""
    return _absence_form(request, found, _written(found, row_id), _("Endre fravær"))


def _written(found: Record, row_id: str) -> Absence:
    row = absences_written(found).filter(public_id=row_id).first()
    if row is None:
        raise Http404
    return row


@record("fravar", write=True, sections=("absence",), writers=RECORDERS, methods=("POST",))
def absence_confirm(request: HttpRequest, found: Record, row_id: str) -> HttpResponse:
    """Confirms what the participant reported."""
    if confirm_absence(absence=_written(found, row_id), by=found.user):
        messages.success(request, _("Fraværet er bekreftet."))
    return redirect(page_url(found, "fravar"))


@record("fravar", write=True, sections=("absence",), methods=("POST",))
def absence_remove(request: HttpRequest, found: Record, row_id: str) -> HttpResponse:
    """Takes away an absence that was not: staff within their part, the participant an own report nobody has confirmed."""
    rows = own_reports(found) if found.is_own else absences_written(found)
    row = rows.filter(public_id=row_id).first()
    if row is None:
        raise Http404
    remove_absence(absence=row, by=found.user)
    messages.success(request, _("Fraværet er tatt bort."))
    return redirect(page_url(found, "fravar"))


@record("fravar", write=True, sections=("absence",), writers=frozenset({DELTAKER}))
def absence_report(request: HttpRequest, found: Record) -> HttpResponse:
    """«Jeg er borte i dag»: the participant's own word, confirmed by a teacher or at work."""
    if (sent := sent_before(request)) is not None:
        return sent
    form = OwnReportForm(posted(request), record=found, request=request)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data

        def save() -> str:
            report_absence(
                enrolment=found.enrolment, placement=data["placement"], hours=data["hours"], day=found.today, by=found.user
            )
            messages.success(request, _("Takk. Nå har du sagt fra. Læreren eller fadderen din ser det."))
            return page_url(found, "fravar")

        try:
            return save_once(request, form, save)
        except IntegrityError:  # said on another device meanwhile
            form.add_error("place", ALREADY_SAID)
    context = {"record": found, "form": form, "back_url": page_url(found, "fravar"), "seen_by": seen_by_words("absence")}
    return render(request, "followup/absence_report.html", context, status=422 if form.is_bound else 200)


def _sick_leave_form(request: HttpRequest, found: Record, row: SickLeave, title: str) -> HttpResponse:
    form = SickLeaveForm(posted(request), instance=row, record=found, request=request)
    if form.is_bound and form.is_valid():

        def save() -> str:
            save_sick_leave(form=form, by=found.user)
            messages.success(request, _("Lagret."))
            return page_url(found, "fravar")

        return save_once(request, form, save)
    about = _("Dager med sykmelding tas ut av timene vi venter at deltakeren er til stede.")
    return _form_page(request, found, form, title, "absence_reasons", about)


@record("fravar", write=True, sections=("absence_reasons",), writers=frozenset({COORDINATOR}))
def sick_leave_new(request: HttpRequest, found: Record) -> HttpResponse:
    """A period of sick leave, apart from absence."""
    return _sick_leave_form(request, found, SickLeave(enrolment=found.enrolment), _("Registrer sykmelding"))


@record("fravar", write=True, sections=("absence_reasons",), writers=frozenset({COORDINATOR}))
def sick_leave_edit(request: HttpRequest, found: Record, row_id: str) -> HttpResponse:
    """A sick leave made longer, shorter or put right."""
    row = sick_leaves(found).filter(public_id=row_id).first()
    if row is None:
        raise Http404
    return _sick_leave_form(request, found, row, _("Endre sykmelding"))
