"""New and changed rows of a record: one pair of views per kind, each behind its own gate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from fagbrev.access.table import seen_by_words
from fagbrev.forms.base import posted
from fagbrev.forms.fields import DayField
from fagbrev.forms.saving import save_once, sent_before
from fagbrev.web.asking import back_or
from participants.access import Record, placements_for, record
from participants.actions.kinds import save_kind
from participants.kinds import Kind
from participants.models.county import ENCLOSURES
from participants.models.ending import ENDING_TASKS
from participants.pages import PAGES
from participants.queries import agreements_of, rows_of_type

TYPED = {"vedlegg": dict(ENCLOSURES), "punkt": dict(ENDING_TASKS)}


def page_url(found: Record, page: str) -> str:
    """Gives the address of a page of the record, for the same enrolment."""
    url = reverse(f"participant_{page}", args=[found.participant.public_id])
    newest = next((row for row in found.enrolments if row.is_open), found.enrolments[0])
    return url if newest.pk == found.enrolment.pk else f"{url}?lop={found.enrolment.public_id}"


def propose(request: HttpRequest, form: Any) -> None:
    """Fills in what a link proposes, in fields that hold nothing: today (`i-dag=sent_on`) or a choice (`sett=state:returned`).

    So that what a duty asks for is done with one more press. Nothing is saved before the user does.
    """
    if form.is_bound:
        return
    for name in request.GET.getlist("i-dag"):
        field = form.fields.get(name)
        if isinstance(field, DayField) and not form.get_initial_for_field(field, name):
            form.initial[name] = form.record.today
    for pair in request.GET.getlist("sett"):
        name, _colon, value = pair.partition(":")
        if name in form.fields and value in {str(key) for key, _label in getattr(form.fields[name], "choices", ())}:
            form.initial[name] = value


def row_new(kind: Kind) -> Callable[..., HttpResponse]:
    """Gives the view that makes a row of the kind; for single rows it edits the one there is."""

    @record(kind.page, write=True, sections=(kind.section,), writers=kind.writers)
    def view(request: HttpRequest, found: Record, parent_id: str = "") -> HttpResponse:
        row = kind.rows(found).first() if kind.single else None
        return _form_page(request, found, kind, row or _fresh(kind, found, parent_id))

    return view


def row_edit(kind: Kind) -> Callable[..., HttpResponse]:
    """Gives the view that edits a row of the kind; a row out of scope is not there."""

    @record(kind.page, write=True, sections=(kind.section,), writers=kind.writers)
    def view(request: HttpRequest, found: Record, row_id: str) -> HttpResponse:
        row = kind.rows(found).filter(public_id=row_id).first()
        if row is None:
            raise Http404
        return _form_page(request, found, kind, row)

    return view


def _fresh(kind: Kind, found: Record, parent_id: str) -> Any:
    """Gives a new row on its parent, found within scope. Raises Http404 for a parent that is not theirs."""
    if kind.parent == "placement":
        places = placements_for(found.user, kind.section, "write", today=found.today).filter(enrolment=found.enrolment)
        parent = places.filter(public_id=parent_id).select_related("workplace").first()
        if parent is None:
            raise Http404
        return kind.model(placement=parent)
    if kind.parent == "agreement":
        agreement = agreements_of(found.enrolment).filter(public_id=parent_id, replaced_on__isnull=True).first()
        if agreement is None:
            raise Http404
        return kind.model(agreement=agreement)
    if kind.slug in TYPED:
        if parent_id not in TYPED[kind.slug]:
            raise Http404
        return rows_of_type(kind.model, found.enrolment, parent_id) or kind.model(enrolment=found.enrolment, kind=parent_id)
    if kind.parent == "participant":
        return kind.model(participant=found.participant)
    if hasattr(kind.model, "participant_id"):
        return kind.model(participant=found.participant, enrolment=found.enrolment)
    return kind.model(enrolment=found.enrolment)


def _form_page(request: HttpRequest, found: Record, kind: Kind, row: Any) -> HttpResponse:
    if (sent := sent_before(request)) is not None:
        return sent
    form = kind.form(posted(request), instance=row, record=found, request=request)
    if not form.visible_fields():
        raise PermissionDenied
    if form.is_bound and form.is_valid():
        role = next(iter(sorted(found.roles_here & kind.writers)))

        def save() -> str:
            save_kind(form=form, by=found.user, today=found.today, role=role)
            messages.success(request, "Lagret.")
            return back_or(request, page_url(found, kind.page))

        return save_once(request, form, save)
    propose(request, form)
    is_new = row._state.adding
    context = {
        "record": found,
        "form": form,
        "title": kind.new_title if is_new or kind.single else f"Endre {kind.model._meta.verbose_name}",
        "about": TYPED.get(kind.slug, {}).get(getattr(row, "kind", ""), ""),
        "seen_by": seen_by_words(kind.section),
        "page": PAGES[kind.page],
        "back_url": back_or(request, page_url(found, kind.page)),
    }
    return render(request, "participants/row_form.html", context, status=422 if form.is_bound else 200)
