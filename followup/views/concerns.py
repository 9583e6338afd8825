"""Concerns («meld fra»), the koordinator's list of them, and the koordinator's own notes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from fagbrev.access.gate import page
from fagbrev.audit.log import note_looks
from fagbrev.forms.base import posted
from fagbrev.forms.saving import save_once
from fagbrev.people.roles import COORDINATOR, roles_of
from fagbrev.web.asking import back_or
from followup.actions.concerns import answer_concern, raise_concern, save_note
from followup.concern_rows import concern_inbox, concerns_shown, own_notes, visible_concerns
from followup.forms.concerns import ConcernAnswerForm, ConcernForm, GuidanceNoteForm, role_of_raiser
from followup.models import Concern, GuidanceNote
from participants.access import Record, record
from participants.extras import url_for
from participants.views.rows import page_url
from participants.views.sections import head_of

ONLY_COORDINATOR = frozenset({COORDINATOR})
READ = ("GET", "HEAD")
ON_A_PAGE = 50


def _form_page(request: HttpRequest, found: Record, form: Any, back: str, **context: Any) -> HttpResponse:
    context |= {"record": found, "form": form, "back_url": back}
    return render(request, "followup/written_form.html", context, status=422 if form.is_bound else 200)


@record("meldinger", methods=READ)
def concern_page(request: HttpRequest, found: Record) -> HttpResponse:
    """What one has told about the participant, with the answers; the koordinator sees everybody's."""
    context = head_of(found, "meldinger", request) | {
        "rows": concerns_shown(found),
        "new_url": url_for("melding_new", found) if found.writes("concerns") else "",
        "sees_all": COORDINATOR in found.roles_reading("concerns"),
        "may_answer": found.is_coordinator,
        "seen_by": "den som har meldt fra, og koordinator",
    }
    return render(request, "followup/concern_page.html", context)


@record("meldinger", write=True)
def concern_new(request: HttpRequest, found: Record) -> HttpResponse:
    """«Meld fra»: anyone around the participant tells the koordinator."""
    form = ConcernForm(posted(request), instance=Concern(enrolment=found.enrolment), record=found, request=request)
    back = back_or(request, page_url(found, "meldinger"))
    if form.is_bound and form.is_valid():

        def save() -> str:
            raise_concern(form=form, role=role_of_raiser(found), by=found.user)
            messages.success(request, "Takk. Koordinator har fått meldingen, og du får svar her.")
            return back

        return save_once(request, form, save)
    return _form_page(
        request, found, form, back, title="Meld fra til koordinator", verb="Send", is_concern=True, seen_by="deg og koordinator"
    )


@record("meldinger", write=True, writers=ONLY_COORDINATOR)
def concern_answer(request: HttpRequest, found: Record, row_id: str) -> HttpResponse:
    """The koordinator's answer, and what may be taken up in a meeting."""
    row = visible_concerns(found).filter(public_id=row_id).select_related("raised_by").first()
    if row is None:
        raise Http404
    form = ConcernAnswerForm(posted(request), instance=row, record=found, request=request)
    back = back_or(request, page_url(found, "meldinger"))
    if form.is_bound and form.is_valid():

        def save() -> str:
            answer_concern(form=form, by=found.user)
            messages.success(request, "Lagret. Den som meldte, ser svaret.")
            return back

        return save_once(request, form, save)
    return _form_page(
        request, found, form, back, title="Svar på melding", verb="Lagre svaret", concern=row,
        seen_by="den som har meldt fra, og koordinator",
    )  # fmt: skip


@page(roles={COORDINATOR}, methods=READ)
def concern_list(request: HttpRequest) -> HttpResponse:
    """Every concern in the koordinator's scope, those that wait first; each shown is a look at that record."""
    user, today = request.user, timezone.localdate()
    rows = Paginator(concern_inbox(user, today), ON_A_PAGE).get_page(request.GET.get("side"))  # type: ignore[arg-type]
    pairs = {(row.enrolment.participant_id, row.enrolment_id) for row in rows}
    if request.method == "GET" and pairs:
        roles = roles_of(user, today)  # type: ignore[arg-type]
        note_looks(user=user, roles=roles, pairs=sorted(pairs), page="bekymringer", sections=["concerns"], act="list")  # type: ignore[arg-type]
    return render(request, "followup/concern_list.html", {"rows": rows})


# --- The koordinator's own notes --------------------------------------------------------------------------


@record("notater", methods=READ)
def note_page(request: HttpRequest, found: Record) -> HttpResponse:
    """One's own notes about the participant; another koordinator's are not here, nor how many they are."""
    notes = [
        {"row": row, "words": row.words.open() if row.words else "", "edit_url": url_for("veiledning_edit", found, row.public_id)}
        for row in own_notes(found).order_by("-happened_on", "-pk")
    ]
    context = head_of(found, "notater", request) | {
        "notes": notes, "new_url": url_for("veiledning_new", found), "seen_by": "bare deg",
    }  # fmt: skip
    return render(request, "followup/note_page.html", context)


@record("notater", write=True)
def note_new(request: HttpRequest, found: Record) -> HttpResponse:
    """A new note of one's own."""
    return _note(request, found, GuidanceNote(enrolment=found.enrolment))


@record("notater", write=True)
def note_edit(request: HttpRequest, found: Record, row_id: str) -> HttpResponse:
    """Changes a note of one's own; others' are not there."""
    row = own_notes(found).filter(public_id=row_id).first()
    if row is None:
        raise Http404
    return _note(request, found, row)


def _note(request: HttpRequest, found: Record, row: GuidanceNote) -> HttpResponse:
    form = GuidanceNoteForm(posted(request), instance=row, record=found, request=request)
    back = back_or(request, page_url(found, "notater"))
    if form.is_bound and form.is_valid():

        def save() -> str:
            save_note(form=form, by=found.user)
            messages.success(request, "Lagret. Bare du ser notatet.")
            return back

        return save_once(request, form, save)
    title = "Nytt veiledningsnotat" if row._state.adding else "Endre veiledningsnotatet"
    return _form_page(request, found, form, back, title=title, verb="Lagre", seen_by="bare deg")
