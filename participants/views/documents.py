"""Documents of a record: the list, upload, download through the gate, a better title."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from fagbrev.access.table import seen_by_words
from fagbrev.files import attachment_response
from fagbrev.forms.base import posted
from fagbrev.forms.saving import save_once
from participants.access import Record, look, record
from participants.actions.rows import save_row
from participants.documents import document_of, download_name, grouped, store
from participants.forms.documents import DocumentEditForm, DocumentForm, writable_sections
from participants.models import Document
from participants.views.rows import page_url
from participants.views.sections import head_of


@record("dokumenter", methods=("GET", "HEAD"))
def document_list(request: HttpRequest, found: Record) -> HttpResponse:
    """The documents the user may open, by section."""
    context = head_of(found, "dokumenter", request) | {
        "groups": grouped(found),
        "may_upload": bool(writable_sections(found)),
        "lop": found.enrolment.public_id,
    }
    return render(request, "participants/documents.html", context)


@record("dokumenter", write=True)
def document_new(request: HttpRequest, found: Record) -> HttpResponse:
    """Uploads a document to a section the user may write."""
    row = Document(participant=found.participant, enrolment=found.enrolment)
    form = DocumentForm(
        posted(request), request.FILES if request.method == "POST" else None, instance=row, record=found, request=request
    )
    if form.is_bound and form.is_valid():

        def save() -> str:
            store(form.instance, form.accepted)  # type: ignore[arg-type]
            save_row(form=form, by=found.user)
            messages.success(request, _("Dokumentet er lastet opp."))
            return page_url(found, "dokumenter")

        return save_once(request, form, save)
    return _form_page(request, found, form, title=_("Nytt dokument"), act=_("Last opp"))


@record("dokumenter", write=True)
def document_edit(request: HttpRequest, found: Record, document_id: str) -> HttpResponse:
    """Changes title or kind of a document in a section the user may write."""
    row = document_of(found, document_id)
    if row is None:
        raise Http404
    if not found.writes(row.section) or not (found.is_coordinator or row.created_by_id == found.user.pk):
        raise PermissionDenied
    form = DocumentEditForm(posted(request), instance=row, request=request)
    if form.is_bound and form.is_valid():

        def save() -> str:
            save_row(form=form, by=found.user)
            messages.success(request, _("Lagret."))
            return page_url(found, "dokumenter")

        return save_once(request, form, save)
    return _form_page(request, found, form, title=_("Endre dokument"), act=_("Lagre"), seen_by=seen_by_words(row.section))


@record("dokumenter", methods=("GET", "HEAD"), log=False)
def document_file(request: HttpRequest, found: Record, document_id: str) -> HttpResponse:
    """The file itself, as an attachment; who fetched it is logged."""
    row = document_of(found, document_id)
    if row is None:
        raise Http404
    try:
        stream = row.file.open("rb")
    except (FileNotFoundError, ValueError):
        raise Http404 from None
    if request.method == "GET":
        look(found, "dokumenter", shown=(row.section,), act="file")
    name = download_name(row, is_protected=found.participant.address_protection != "")
    response: Any = attachment_response(stream, name, row.content_type)
    return response


def _form_page(
    request: HttpRequest, found: Record, form: Any, *, title: str, act: str, seen_by: str = ""
) -> HttpResponse:  # fmt: skip
    context = {
        "record": found, "form": form, "title": title, "act": act, "seen_by": seen_by, "is_new": isinstance(form, DocumentForm),
        "back_url": page_url(found, "dokumenter"), "limit": f"{settings.UPLOAD_MAX_MB} MB",
    }  # fmt: skip
    return render(request, "participants/document_form.html", context, status=422 if form.is_bound else 200)
