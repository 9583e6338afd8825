"""The pages of progress reports: the list, one report, its figures, writing and publishing it, and what is missing."""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from fagbrev.access.gate import page
from fagbrev.files import attachment_response
from fagbrev.forms.base import SentForm, posted
from fagbrev.forms.saving import save_once, sent_before
from fagbrev.pdf import PdfError
from fagbrev.people.roles import COORDINATOR, STYRINGSGRUPPE
from fagbrev.sheets import XLSX_TYPE
from meetings import report_queries as queries
from meetings.actions.reports import (
    NotADraft,
    NumbersChanged,
    ReportChanged,
    begin_report,
    correct_report,
    count_anew,
    count_numbers,
    discard_report,
    made_report,
    publish_report,
    save_report,
)
from meetings.forms.reports import BeginForm, CountForm, PublishForm, TextsForm
from meetings.models import ProgressReport
from meetings.report_content import draft_content, frozen_content
from meetings.report_figure import figure_page
from meetings.report_hiding import closed_shown, opened
from meetings.report_missing import missing_page
from meetings.report_page import page_of
from meetings.report_shown import file_name, frame_of, hidden_rows

logger = logging.getLogger(__name__)
READ = ("GET", "HEAD")
WRITERS, READERS = frozenset({COORDINATOR}), frozenset({COORDINATOR, STYRINGSGRUPPE})


def _report(request: HttpRequest, report_id: str) -> ProgressReport:
    """The report in the user's scope; Http404 alike for others and for what is not there."""
    found = queries.report_of(request.user, report_id, timezone.localdate())
    if found is None:
        raise Http404
    return found


def _stands(request: HttpRequest, report: ProgressReport) -> HttpResponse | None:
    """The way to a report that is published, for one who came to write in it; None while it is a draft."""
    if not report.is_published:
        return None
    messages.info(request, _("Rapporten er publisert, og endres ikke mer."))
    return redirect(report.get_absolute_url())


def _content(request: HttpRequest, report: ProgressReport, *, closed: bool = False) -> dict[str, Any]:
    """What was published, or a draft as it would be published today."""
    if report.is_published:
        content = frozen_content(report, closed=closed)
    else:
        content = draft_content(report, request.user, settings.MUNICIPALITY)
        content = content if closed else opened(content)
    return closed_shown(content) if closed else content


@page(roles=READERS, methods=READ)
def report_list(request: HttpRequest) -> HttpResponse:
    """Every report one may open: drafts too for the koordinator."""
    today = timezone.localdate()
    writes = queries.is_coordinator(request.user, today)
    rows = queries.report_rows(request.user, today, request.GET.get("side"))
    return render(request, "meetings/report_list.html", {"page": rows, "writes": writes})


@page(roles=WRITERS)
def report_new(request: HttpRequest) -> HttpResponse:
    """Begins a report: its numbers are counted at once."""
    if (answer := sent_before(request)) is not None:
        return answer
    form = BeginForm(posted(request), instance=ProgressReport(), request=request, today=timezone.localdate())
    if form.is_bound and form.is_valid():
        numbers = count_numbers(report=form.instance, now=timezone.now())

        def save() -> str:
            report = begin_report(form=form, numbers=numbers, by=request.user)
            messages.success(request, _("Utkastet er laget, og tallene er regnet ut."))
            return reverse("report_edit", args=[report.public_id])

        try:
            return save_once(request, form, save)
        except IntegrityError:
            form.add_error("semester", _("Det finnes et utkast fra før. Åpne det i lista over rapporter."))
    return render(request, "meetings/report_new.html", {"form": form}, status=422 if form.is_bound else 200)


@page(roles=READERS, methods=READ)
def report_detail(request: HttpRequest, report_id: str) -> HttpResponse:
    """One report: one page first, details after."""
    report = _report(request, report_id)
    context = frame_of(report, request.user, timezone.localdate())
    return render(request, "meetings/report_detail.html", context | {"shown": page_of(_content(request, report))})


@page(roles=READERS, methods=READ)
def report_closed(request: HttpRequest, report_id: str) -> HttpResponse:
    """The closed version, where nothing is hidden: the koordinator's, and the steering group's where it was given them."""
    report, today = _report(request, report_id), timezone.localdate()
    if not queries.may_see_closed(report, request.user, today):
        raise PermissionDenied
    context = frame_of(report, request.user, today) | {"is_closed": True}
    return render(request, "meetings/report_detail.html", context | {"shown": page_of(_content(request, report, closed=True))})


@page(roles=WRITERS)
def report_edit(request: HttpRequest, report_id: str) -> HttpResponse:
    """The texts of a draft."""
    report = _report(request, report_id)
    if (answer := _stands(request, report)) is not None:
        return answer
    form = TextsForm(posted(request), instance=report, request=request)
    if form.is_bound and form.is_valid():

        def save() -> str:
            save_report(form=form, by=request.user)
            messages.success(request, _("Teksten er lagret."))
            return report.get_absolute_url()

        try:
            return save_once(request, form, save)
        except NotADraft:
            messages.warning(request, _("Rapporten ble publisert mens du skrev. Teksten din er ikke lagret."))
            return redirect(report.get_absolute_url())
    count = CountForm(request=request, report=report, today=timezone.localdate(), prefix="tall")
    context = {"form": form, "count": count, "report": report, "counted_at": report.numbers.counted_at}
    return render(request, "meetings/report_edit.html", context, status=422 if form.is_bound else 200)


@page(roles=WRITERS, methods=("POST",))
def report_count(request: HttpRequest, report_id: str) -> HttpResponse:
    """«Oppdater tallene»: counts a draft's numbers anew."""
    report, today = _report(request, report_id), timezone.localdate()
    if (answer := _stands(request, report)) is not None:
        return answer
    form = CountForm(posted(request), request=request, report=report, today=today, prefix="tall")
    if form.is_valid():
        try:
            count_anew(report=report, by=request.user, now=timezone.now(), as_of=form.cleaned_data["as_of"])
        except NotADraft:
            messages.warning(request, _("Rapporten ble publisert eller slettet mens vi regnet. Tallene er ikke lagret."))
            return redirect("report_list")
        messages.success(request, _("Tallene er regnet ut på nytt."))
        return redirect("report_edit", report.public_id)  # where a text that is begun and not saved still stands
    texts = TextsForm(instance=report, request=request)
    context = {"form": texts, "count": form, "report": report, "counted_at": report.numbers.counted_at}
    return render(request, "meetings/report_edit.html", context, status=422)


@page(roles=WRITERS)
def report_publish(request: HttpRequest, report_id: str) -> HttpResponse:
    """Shows what will be hidden, and publishes."""
    if (answer := sent_before(request)) is not None:
        return answer
    report, today = _report(request, report_id), timezone.localdate()
    if (answer := _stands(request, report)) is not None:
        return answer
    stamp, allowed = report.numbers.stamp, queries.closed_allowed(today)
    form = PublishForm(posted(request), request=request, stamp=stamp, closed_allowed=allowed)
    if form.is_bound and form.is_valid():
        try:
            with made_report(report=report, stamp=form.cleaned_data["stamp"], by=request.user, now=timezone.now()) as made:

                def save() -> str:
                    publish_report(
                        report=report, made=made, shows_closed=form.cleaned_data.get("shows_closed", False), by=request.user
                    )
                    messages.success(request, _("Rapporten er publisert. Nå kan styringsgruppen lese den."))
                    return report.get_absolute_url()

                return save_once(request, form, save)
        except NumbersChanged:
            form = PublishForm(request=request, stamp=stamp, closed_allowed=allowed)
            messages.warning(request, _("Tallene er regnet ut på nytt siden du åpnet siden. Se over, og publiser en gang til."))
        except ReportChanged:
            messages.warning(request, _("Noe i rapporten ble endret mens vi laget PDF-en. Se over, og publiser en gang til."))
            return redirect("report_publish", report.public_id)
        except NotADraft:
            messages.info(request, _("Rapporten er alt publisert, eller den er slettet."))
            return redirect("report_list")
        except PdfError:
            logger.exception("The PDF of a report could not be made")
            form.add_error(None, _("Vi fikk ikke laget PDF-en. Rapporten er ikke publisert. Prøv igjen om litt."))
    context = hidden_rows(_content(request, report, closed=False), report) | {"form": form, "report": report}
    return render(request, "meetings/report_publish.html", context, status=422 if form.is_bound else 200)


@page(roles=WRITERS, methods=("POST",))
def report_correct(request: HttpRequest, report_id: str) -> HttpResponse:
    """Begins a new edition of a published report: the old one stands."""
    report = _report(request, report_id)
    if not report.is_published:
        raise Http404
    made = correct_report(report=report, by=request.user, now=timezone.now())
    messages.success(
        request, _("Her er et utkast til en rettet utgave. Den gamle står til du publiserer den nye, og blir ikke borte.")
    )
    return redirect("report_edit", made.public_id)


@page(roles=WRITERS)
def report_discard(request: HttpRequest, report_id: str) -> HttpResponse:
    """Throws a draft away, after a question."""
    report = _report(request, report_id)
    if (answer := _stands(request, report)) is not None:
        return answer
    form = SentForm(posted(request), request=request)
    if form.is_bound and form.is_valid():

        def save() -> str:
            discard_report(report=report, by=request.user)
            messages.success(request, _("Utkastet er slettet."))
            return reverse("report_list")

        try:
            return save_once(request, form, save)
        except NotADraft:
            messages.info(request, _("Rapporten er alt publisert, eller den er slettet."))
            return redirect("report_list")
    return render(request, "meetings/report_discard.html", {"form": form, "report": report}, status=422 if form.is_bound else 200)


def _file(request: HttpRequest, report_id: str, name: str, content_type: str, ending: str) -> HttpResponse:
    report = _report(request, report_id)
    if not report.is_published:
        raise Http404
    file = getattr(report.frozen, name).open("rb")
    return attachment_response(file, file_name(report, ending), content_type)  # type: ignore[return-value]


@page(roles=READERS, methods=READ)
def report_pdf(request: HttpRequest, report_id: str) -> HttpResponse:
    """The PDF as it was made when the report was published."""
    return _file(request, report_id, "pdf", "application/pdf", "pdf")


@page(roles=READERS, methods=READ)
def report_sheet(request: HttpRequest, report_id: str) -> HttpResponse:
    """The sheet as it was made when the report was published."""
    return _file(request, report_id, "sheet", XLSX_TYPE, "xlsx")


@page(roles=READERS, methods=READ)
def report_figure(request: HttpRequest, report_id: str, figure: str) -> HttpResponse:
    """One figure: how it is counted, every cell by trade, and every semester; its numbers lead to people for the koordinator."""
    report, today = _report(request, report_id), timezone.localdate()
    found = figure_page(_content(request, report), figure)
    if found is None:
        raise Http404
    opens = found["figure"]["has_people"] and queries.is_coordinator(request.user, today)
    people_url = reverse("report_people", args=[report.public_id, figure]) if opens else ""
    return render(request, "meetings/report_figure.html", found | {"report": report, "people_url": people_url})


@page(roles=WRITERS, methods=READ)
def report_people(request: HttpRequest, report_id: str, figure: str) -> HttpResponse:
    """The people behind a number, for the koordinator alone; each look is logged."""
    report, asked = _report(request, report_id), request.GET
    found = queries.people_page(
        report, request.user, figure=figure, cell=asked.get("celle", ""), row=asked.get("fag", "")[:10] or "all",
        number=asked.get("side"), today=timezone.localdate(),
    )  # fmt: skip
    if found is None:
        raise Http404
    return render(request, "meetings/report_people.html", found | {"report": report})


@page(roles=WRITERS, methods=READ)
def report_missing(request: HttpRequest) -> HttpResponse:
    """What the reports lack, each with the link where it is mended."""
    asked = request.GET
    found = missing_page(request.user, timezone.localdate(), key=asked.get("hva", ""), number=asked.get("side"))
    return render(request, "meetings/report_missing.html", found)
