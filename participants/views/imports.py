"""The import: upload, columns, preview, result, and the bad rows back. The koordinator's own batches only."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fagbrev.access.gate import page
from fagbrev.files import attachment_response
from fagbrev.forms.base import SentForm
from fagbrev.forms.saving import save_once
from fagbrev.people.roles import COORDINATOR
from fagbrev.sheets import MAX_FILE_BYTES, XLSX_TYPE, SheetError
from participants.forms.imports import ColumnsForm, UploadForm
from participants.importing import batches
from participants.importing.columns import columns_missing
from participants.importing.lookups import workplace_names
from participants.importing.perform import ImportCollided
from participants.importing.plan import CREATED, ERROR, EXISTS, VERDICT_NAMES, counts
from participants.importing.preview import shown
from participants.models import ImportBatch

PER_PAGE = 50
SHOWN = {"nye": CREATED, "finnes": EXISTS, "feil": ERROR}


@page(roles={COORDINATOR})
def import_upload(request: HttpRequest) -> HttpResponse:
    """Takes a spreadsheet."""
    now = timezone.now()
    form = UploadForm(_posted(request), request.FILES or None, request=request)
    if form.is_bound and form.is_valid():
        batches.sweep(now=now)
        try:
            return save_once(request, form, lambda: _columns_url(_opened(request, form)))
        except SheetError as refused:
            form.add_error("file", str(refused))
    context = {
        "form": form,
        "limit": f"{MAX_FILE_BYTES // 2**20} MB",
        "batches": batches.batches_of(request.user, now=now),  # type: ignore[arg-type]
    }
    return render(request, "participants/import_upload.html", context, status=422 if form.is_bound else 200)


@page(roles={COORDINATOR})
def import_columns(request: HttpRequest, batch_id: str) -> HttpResponse:
    """Shows what each column is taken for, and lets that be changed."""
    batch = _own(request, batch_id)
    if batch.done_at:
        return redirect(_preview_url(batch))
    try:
        form = ColumnsForm(_posted(request), request=request, batch=batch, sheet=batches.sheet_of(batch))
    except (SheetError, OSError) as gone:
        return _unreadable(request, batch, gone)
    if form.is_bound and form.is_valid():
        batches.choose_columns(batch, form.chosen)
        return redirect(_preview_url(batch))
    return render(
        request, "participants/import_columns.html", {"form": form, "batch": batch}, status=422 if form.is_bound else 200
    )


@page(roles={COORDINATOR})
def import_preview(request: HttpRequest, batch_id: str) -> HttpResponse:
    """Shows row by row what will be created and what is wrong; imports the good rows when posted; then the result."""
    batch = _own(request, batch_id)
    if batch.done_at and request.method == "POST":
        return redirect(_preview_url(batch))
    if batch.done_at:
        return render(request, "participants/import_result.html", {"batch": batch, "until": batch.uploaded_at + batches.LIFETIME})
    if columns_missing(dict(enumerate(batch.columns["chosen"]))):
        return redirect(_columns_url(batch))
    form = SentForm(_posted(request), request=request)
    try:
        if form.is_bound and form.is_valid():
            return save_once(request, form, lambda: _carried_out(request, batch))
        return render(request, "participants/import_preview.html", _preview(request, batch, form))
    except ImportCollided as collided:
        messages.error(request, str(collided))
        return redirect(_preview_url(batch))
    except (SheetError, OSError) as gone:
        return _unreadable(request, batch, gone)


@page(roles={COORDINATOR}, methods=("POST",))
def import_discard(request: HttpRequest, batch_id: str) -> HttpResponse:
    """Deletes the batch and its files."""
    batches.discard(_own(request, batch_id))
    messages.success(request, _("Filen er slettet."))
    return redirect("participant_import")


@page(roles={COORDINATOR}, methods=("GET", "HEAD"))
def import_errors(request: HttpRequest, batch_id: str) -> HttpResponse | FileResponse:
    """The rows that were not imported, as a spreadsheet with a column that says why."""
    batch = _own(request, batch_id)
    if not batch.error_file:
        raise Http404
    try:
        return attachment_response(batch.error_file.open("rb"), name=_("Ikke importert.xlsx"), content_type=XLSX_TYPE)
    except OSError:
        raise Http404 from None


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _own(request: HttpRequest, batch_id: str) -> ImportBatch:
    batch = batches.batch_of(request.user, batch_id, now=timezone.now())  # type: ignore[arg-type]
    if batch is None:
        raise Http404
    return batch


def _opened(request: HttpRequest, form: UploadForm) -> ImportBatch:
    return batches.open_batch(upload=form.cleaned_data["file"], by=request.user)  # type: ignore[arg-type]


def _carried_out(request: HttpRequest, batch: ImportBatch) -> str:
    now: datetime = timezone.now()
    batches.carry_out(batch=batch, by=request.user, today=timezone.localdate(now), now=now)  # type: ignore[arg-type]
    return _preview_url(batch)


def _preview(request: HttpRequest, batch: ImportBatch, form: SentForm) -> dict[str, Any]:
    rows = batches.judged_rows(batch, by=request.user, today=timezone.localdate())  # type: ignore[arg-type]
    asked = SHOWN.get(request.GET.get("vis", ""))
    wanted = [row for row in rows if row.verdict == asked] if asked else rows
    part = Paginator(wanted, PER_PAGE).get_page(request.GET.get("side"))
    found = counts(rows)
    buckets = [
        {"label": VERDICT_NAMES[verdict], "count": found[verdict], "url": f"?vis={key}", "active": verdict == asked,
         "danger": verdict == ERROR and found[ERROR] > 0}
        for key, verdict in SHOWN.items()
    ]  # fmt: skip
    return {
        "batch": batch,
        "form": form,
        "page": part,
        "rows": shown(part.object_list, workplace_names()),
        "buckets": buckets,
        "good": found[CREATED],
        "bad": found[ERROR],
        "act": _act(found[CREATED]),
        "sentence": _what_happens(found),
        "total": len(rows),
        "is_filtered": bool(asked),
        "query": f"vis={request.GET['vis']}" if asked else "",
    }


def _act(good: int) -> str:
    if not good:
        return _("Hent radene med feil")
    return ngettext("Importer %(count)d rad", "Importer %(count)d rader", good) % {"count": good}


def _what_happens(found: dict[str, int]) -> str:
    """What the import will do, in words."""
    good, bad = found[CREATED], found[ERROR]
    if not good and not bad:
        return _("Det er ingenting nytt å registrere.")
    words = [
        ngettext("%(count)d rad blir registrert.", "%(count)d rader blir registrert.", good) % {"count": good}
        if good
        else _("Ingen nye rader kan registreres.")
    ]
    if bad:
        told = ngettext(
            "%(count)d rad har feil. Den får du tilbake i et regneark.",
            "%(count)d rader har feil. Dem får du tilbake i et regneark.",
            bad,
        )
        words.append(told % {"count": bad})
    return " ".join(words)


def _unreadable(request: HttpRequest, batch: ImportBatch, problem: Exception) -> HttpResponse:
    """The file is gone or damaged since it was uploaded."""
    messages.error(request, str(problem) if isinstance(problem, SheetError) else _("Filen er borte. Last den opp igjen."))
    return redirect("participant_import")


def _columns_url(batch: ImportBatch) -> str:
    return reverse("participant_import_columns", args=[batch.public_id])


def _preview_url(batch: ImportBatch) -> str:
    return reverse("participant_import_preview", args=[batch.public_id])
