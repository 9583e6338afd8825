"""Action items from minutes: agreed on a point, changed, ticked; and one's own, wherever they were agreed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from fagbrev.access.gate import page
from fagbrev.forms.base import SentForm, posted
from fagbrev.forms.saving import save_once
from fagbrev.web.asking import back_or
from meetings import own_actions_shown
from meetings.access import Seen, meeting
from meetings.actions import meeting_actions as acts
from meetings.actions.minutes import MinutesRefused
from meetings.agenda_shown import meeting_name
from meetings.forms.meeting_actions import AgreeForm, change_form
from meetings.invited_shown import invitees_named
from meetings.item_looks import note_items
from meetings.minutes_queries import action_of, changeable_action, may_tick, minutes_of, own_actions, writable_item
from meetings.minutes_shown import action_seen_by, item_page
from meetings.models.minutes import DRAFT

READ = ("GET", "HEAD")


def _writes(seen: Seen) -> bool:
    return seen.may_write


@meeting(may=_writes)
def action_new(request: HttpRequest, seen: Seen, item_id: str) -> HttpResponse:
    """What somebody will do, agreed on a point while the minutes are a draft. Are they shared meanwhile, what was typed stands there."""
    item, minutes = writable_item(seen, item_id), minutes_of(seen.meeting)
    if request.method != "POST" and (minutes is None or minutes.state != DRAFT):
        messages.error(request, "Referatet er delt. Avtal det i neste møte, eller på deltakerens side.")
        return redirect(reverse("minutes_page", args=[seen.meeting.public_id]))
    form = AgreeForm(posted(request), request=request, invited=invitees_named(seen), today=seen.today)
    back = f"{reverse('minutes_page', args=[seen.meeting.public_id])}#punkt-{item.public_id}"
    if form.is_bound and form.is_valid():

        def save() -> str:
            acts.agree(
                item=item, words=form.cleaned_data["words"], invitee=form.invitee, name=form.cleaned_data["name"],
                due_on=form.cleaned_data["due_on"], by=seen.user, today=seen.today,
            )  # fmt: skip
            messages.success(request, "Lagret. Punktet kommer på neste saksliste til det er gjort.")
            return back

        try:
            return save_once(request, form, save)
        except MinutesRefused as refused:
            form.add_error(None, str(refused))
    context = item_page(seen, item, form) | {"follows": bool(item.enrolment_id), "seen_by": action_seen_by(seen, item)}
    return render(request, "meetings/action_form.html", context, status=422 if form.is_bound else 200)


@meeting(may=_writes)
def action_edit(request: HttpRequest, seen: Seen, action_id: str) -> HttpResponse:
    """Changes what is to be done, by whom and by when."""
    row = changeable_action(seen, action_id)
    note_items(seen.user, seen.today, [row.item])
    form = change_form(row, posted(request), request, invited=invitees_named(seen))
    back = reverse("minutes_page", args=[seen.meeting.public_id])
    if form.is_bound and form.is_valid():

        def save() -> str:
            acts.change(action=row, form=form, by=seen.user, today=seen.today)
            messages.success(request, "Lagret.")
            return back

        return save_once(request, form, save)
    context = {
        "form": form, "title": "Endre det som er avtalt", "name": meeting_name(seen.meeting), "back_url": back, "back_label": "Referat",
        "withdraw_url": "" if row.follows_id else reverse("minutes_action_withdraw", args=[seen.meeting.public_id, row.public_id]),
        "follows": row.follows_id is not None, "seen_by": action_seen_by(seen, row.item),
    }  # fmt: skip
    return render(request, "meetings/action_form.html", context, status=422 if form.is_bound else 200)


@meeting(methods=("POST",))
def action_done(request: HttpRequest, seen: Seen, action_id: str) -> HttpResponse:
    """Ticks an action item of this meeting or of the group's earlier ones; with `angre` it is opened again."""
    row = action_of(seen, action_id)
    if not may_tick(seen.user, row, may_write=seen.may_write):
        raise PermissionDenied
    return _tick(request, row, seen.user, seen.today, reverse("meeting_detail", args=[seen.meeting.public_id]))


@meeting(may=_writes, methods=("POST",))
def action_withdraw(request: HttpRequest, seen: Seen, action_id: str) -> HttpResponse:
    """Takes away an action item that was written by mistake."""
    row = changeable_action(seen, action_id)
    form = SentForm(request.POST, request=request)
    form.is_valid()

    def save() -> str:
        if acts.withdraw(action=row, by=seen.user, at=timezone.now()):
            messages.success(request, "Punktet er tatt bort.")
        return reverse("minutes_page", args=[seen.meeting.public_id])

    return save_once(request, form, save)


# --- One's own ----------------------------------------------------------------------------------------------


@page(roles=None, methods=READ)
def own_action_list(request: HttpRequest) -> HttpResponse:
    """What one has said one will do in meetings, the one due first on top."""
    context = own_actions_shown.own_page(request.user, timezone.localdate(), request.GET.get("side"))
    return render(request, "meetings/action_list.html", context)


@page(roles=None, methods=("POST",))
def own_action_done(request: HttpRequest, action_id: str) -> HttpResponse:
    """Ticks one's own action item, or opens it again."""
    today = timezone.localdate()
    row = own_actions(request.user, today).filter(public_id=action_id).first()
    if row is None:
        raise Http404
    if not may_tick(request.user, row, may_write=False):
        raise PermissionDenied
    return _tick(request, row, request.user, today, reverse("own_action_list"))


def _tick(request: HttpRequest, row: Any, by: Any, today: Any, back: str) -> HttpResponse:
    form, is_done = SentForm(request.POST, request=request), "angre" not in request.POST
    form.is_valid()

    def save() -> str:
        if acts.mark_done(action=row, is_done=is_done, by=by, today=today):
            messages.success(request, "Fint. Punktet er gjort." if is_done else "Punktet er åpent igjen.")
        return back_or(request, back)

    return save_once(request, form, save)
