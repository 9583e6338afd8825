"""What is agreed around a participant: the list, a new action, a changed one, and the tick."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from fagbrev.forms.base import SentForm, posted
from fagbrev.forms.saving import save_once
from fagbrev.web.asking import back_or
from followup.action_rows import SEE_ALL, actions_shown, visible_actions
from followup.actions.action_points import save_action, set_done
from followup.forms.action_points import ActionForm
from followup.models import Action
from participants.access import Record, record
from participants.extras import url_for
from participants.views.rows import page_url
from participants.views.sections import head_of


@record("avtalt", methods=("GET", "HEAD"))
def action_list(request: HttpRequest, found: Record) -> HttpResponse:
    """What is agreed, open first: everything for koordinator and teachers, one's own for the others."""
    new_url = url_for("handling_new", found) if found.writes("actions") else ""
    sees_all = bool(found.roles_reading("actions") & SEE_ALL)
    context = head_of(found, "avtalt", request) | actions_shown(found) | {"new_url": new_url, "sees_all": sees_all}
    return render(request, "followup/action_list.html", context)


@record("avtalt", write=True)
def action_new(request: HttpRequest, found: Record) -> HttpResponse:
    """A new action: what, who, and by when."""
    return _form_page(request, found, Action(enrolment=found.enrolment))


@record("avtalt", write=True, writers=SEE_ALL)
def action_edit(request: HttpRequest, found: Record, row_id: str) -> HttpResponse:
    """Changes an action that is open."""
    row = visible_actions(found).filter(public_id=row_id).first()
    if row is None:
        raise Http404
    return _form_page(request, found, row)


def _form_page(request: HttpRequest, found: Record, row: Action) -> HttpResponse:
    form = ActionForm(posted(request), instance=row, record=found, request=request)
    is_new, back = row._state.adding, back_or(request, page_url(found, "avtalt"))
    if form.is_bound and form.is_valid():

        def save() -> str:
            save_action(form=form, by=found.user, today=found.today)
            messages.success(request, "Lagret.")
            return back

        return save_once(request, form, save)
    context = {
        "record": found, "form": form, "title": "Nytt punkt" if is_new else "Endre punktet",
        "seen_by": "den som skal gjøre det, koordinator og lærerne", "back_url": back,
    }  # fmt: skip
    return render(request, "participants/row_form.html", context, status=422 if form.is_bound else 200)


@record("avtalt", write=True, methods=("POST",))
def action_done(request: HttpRequest, found: Record, row_id: str) -> HttpResponse:
    """Ticks an action one sees; with `angre` it is opened again."""
    row = visible_actions(found).filter(public_id=row_id).first()
    if row is None:
        raise Http404
    form, is_done = SentForm(request.POST, request=request), "angre" not in request.POST
    form.is_valid()

    def save() -> str:
        if set_done(row=row, is_done=is_done, by=found.user, today=found.today):
            messages.success(request, "Fint. Punktet er gjort." if is_done else "Punktet er åpent igjen.")
        return back_or(request, page_url(found, "avtalt"))

    return save_once(request, form, save)
