"""The agenda: what the cases say, points put on and moved, whom to talk of; and the template that meetings of a kind have."""

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
from fagbrev.forms.saving import save_once, sent_before
from fagbrev.people.roles import COORDINATOR
from meetings import agenda_shown, documents, standing_shown
from meetings.access import Seen, meeting
from meetings.actions import agenda as acts
from meetings.agenda_queries import people_of
from meetings.forms.agenda import AgendaItemForm, PickForm, StandingForm
from meetings.item_looks import note_items
from meetings.meetings_shown import why_closed
from meetings.minutes_queries import item_of
from meetings.models import AgendaItem, StandingItem
from meetings.models.meetings import CANCELLED
from meetings.models.minutes import OWN
from meetings.views.papers import paper_answer

READ = ("GET", "HEAD")
ONLY_COORDINATOR = frozenset({COORDINATOR})


@meeting(methods=READ)
def agenda_page(request: HttpRequest, seen: Seen) -> HttpResponse:
    """The agenda of a meeting, cut to the reader."""
    context = agenda_shown.agenda_page(seen, timezone.now(), side=request.GET.get("side"))
    return render(request, "meetings/agenda_page.html", context)


@meeting(methods=READ)
def agenda_pdf(request: HttpRequest, seen: Seen) -> HttpResponse:
    """The agenda as a PDF in the municipality's name, cut to the one who downloads it."""
    return paper_answer(
        request, lambda: documents.agenda_document(seen, timezone.now(), is_read=request.method == "GET"),
        name=documents.file_name(seen.meeting, "saksliste"), back_url=_agenda_url(seen),
    )  # fmt: skip


def _agenda_url(seen: Seen) -> str:
    return reverse("agenda_page", args=[seen.meeting.public_id])


@meeting(may=lambda seen: seen.is_coordinator or seen.is_chair, methods=("POST",))
def agenda_pick(request: HttpRequest, seen: Seen) -> HttpResponse:
    """Sets which participants are to be talked of."""
    form = PickForm(request.POST, request=request, among=people_of(seen.meeting, seen.user, seen.today))
    if not form.is_valid() or not agenda_shown.may_arrange(seen):
        messages.error(request, "Vi kunne ikke lagre valget. Se over og prøv en gang til.")
        return redirect(_agenda_url(seen))

    def save() -> str:
        on, off = acts.pick_people(
            meeting=seen.meeting, chosen=form.chosen, among=form.shown or form.chosen, by=seen.user, at=timezone.now()
        )
        if on or off:
            messages.success(request, "Lagret. De du har valgt, står på sakslista.")
        return _agenda_url(seen) + "#deltakerne"

    return save_once(request, form, save)


@meeting(may=lambda seen: seen.may_propose)
def agenda_item_new(request: HttpRequest, seen: Seen) -> HttpResponse:
    """A point of one's own, until the meeting begins."""
    if (sent := sent_before(request)) is not None:
        return sent
    form = AgendaItemForm(posted(request), instance=AgendaItem(meeting=seen.meeting), request=request)
    if not (agenda_shown.may_add_own(seen, timezone.now()) or agenda_shown.may_arrange(seen)):
        return _too_late(request, seen, form, "Meld inn en sak")

    def save() -> str:
        acts.put_item(form=form, meeting=seen.meeting, by=seen.user)
        messages.success(request, "Saken står på sakslista.")
        return _agenda_url(seen)

    return _form_page(request, seen, form, "Meld inn en sak", save)


@meeting(may=lambda seen: seen.may_propose)
def agenda_item_edit(request: HttpRequest, seen: Seen, item_id: str) -> HttpResponse:
    """What a point is called and about: any for the koordinator, one's own until the meeting begins."""
    item = item_of(seen, item_id)
    if (sent := sent_before(request)) is not None:
        return sent
    is_open = agenda_shown.may_change(seen, item, timezone.now())
    is_own = item.kind == OWN and item.proposed_by_id == seen.user.pk
    if not is_open and (seen.is_shared or not is_own):
        raise PermissionDenied
    note_items(seen.user, seen.today, [item])
    form = AgendaItemForm(posted(request), instance=item, request=request)
    if not is_open:
        return _too_late(request, seen, form, "Endre saken")

    def save() -> str:
        acts.change_item(form=form, by=seen.user)
        messages.success(request, "Lagret.")
        return _agenda_url(seen)

    return _form_page(request, seen, form, "Endre saken", save)


def _form_page(request: HttpRequest, seen: Seen, form: AgendaItemForm, title: str, save: Any) -> HttpResponse:
    if form.is_bound and form.is_valid():
        return save_once(request, form, save)
    return _form_again(request, seen, form, title)


def _too_late(request: HttpRequest, seen: Seen, form: AgendaItemForm, title: str) -> HttpResponse:
    """Says why nothing is saved any more; what was typed on a page that was opened in time stands, to be taken elsewhere."""
    asks = "" if seen.meeting.state == CANCELLED else " Si fra til den som skriver referatet."
    if not form.is_bound:
        messages.error(request, why_closed(seen) + asks)
        return redirect(_agenda_url(seen))
    form.add_error(None, f"{why_closed(seen)} Det du skrev, er ikke lagret.{asks}")
    return _form_again(request, seen, form, title)


def _form_again(request: HttpRequest, seen: Seen, form: AgendaItemForm, title: str) -> HttpResponse:
    context = {
        "form": form, "title": title, "back_url": _agenda_url(seen), "back_label": "Saksliste",
        "seen_by": "alle som er kalt inn", "hint": agenda_shown.item_hint(seen),
    }  # fmt: skip
    return render(request, "meetings/agenda_item.html", context, status=422 if form.is_bound else 200)


@meeting(may=lambda seen: seen.may_propose, methods=("POST",))
def agenda_item_withdraw(request: HttpRequest, seen: Seen, item_id: str) -> HttpResponse:
    """Takes a point off the agenda."""
    item, now = item_of(seen, item_id), timezone.now()
    if not (agenda_shown.may_change(seen, item, now) or agenda_shown.may_arrange(seen)):
        raise PermissionDenied
    if acts.withdraw_item(item=item, by=seen.user, at=now):
        messages.success(request, "Saken er tatt av sakslista.")
    else:
        messages.error(request, "Det er skrevet noe på punktet, så det står på sakslista.")
    return redirect(_agenda_url(seen))


@meeting(may=lambda seen: seen.is_coordinator or seen.is_chair, methods=("POST",))
def agenda_item_move(request: HttpRequest, seen: Seen, item_id: str) -> HttpResponse:
    """Moves a point up or down."""
    item = item_of(seen, item_id)
    if not agenda_shown.may_arrange(seen):
        messages.error(request, "Møtet er holdt eller avlyst. Rekkefølgen kan ikke endres.")
        return redirect(_agenda_url(seen))
    acts.move_item(item=item, up=request.POST.get("vei") == "opp", by=seen.user)
    return redirect(f"{_agenda_url(seen)}#punkt-{item.public_id}")


# --- The template -----------------------------------------------------------------------------------------


@page(roles=ONLY_COORDINATOR, methods=READ)
def standing_list(request: HttpRequest) -> HttpResponse:
    """The standing points of each kind of meeting."""
    return render(request, "meetings/standing_list.html", {"kinds": standing_shown.standing_kinds()})


@page(roles=ONLY_COORDINATOR)
def standing_new(request: HttpRequest) -> HttpResponse:
    """A new standing point of a kind."""
    kind = standing_shown.kind_asked(request.GET.get("type", ""))
    return _standing_form(request, StandingItem(kind=kind), "Nytt fast punkt")


@page(roles=ONLY_COORDINATOR)
def standing_edit(request: HttpRequest, row_id: str) -> HttpResponse:
    """Changes a standing point, or puts it out of use."""
    return _standing_form(request, _standing(row_id), "Endre fast punkt")


@page(roles=ONLY_COORDINATOR, methods=("POST",))
def standing_move(request: HttpRequest, row_id: str) -> HttpResponse:
    """Moves a standing point up or down."""
    row = _standing(row_id)
    form = SentForm(request.POST, request=request)
    form.is_valid()

    def save() -> str:
        acts.move_standing(row=row, up=request.POST.get("vei") == "opp", by=request.user)
        return f"{reverse('standing_list')}#punkt-{row.public_id}"

    return save_once(request, form, save)


def _standing(row_id: str) -> StandingItem:
    row = standing_shown.standing_row(row_id)
    if row is None:
        raise Http404
    return row


def _standing_form(request: HttpRequest, row: StandingItem, title: str) -> HttpResponse:
    form = StandingForm(posted(request), instance=row, request=request)
    if form.is_bound and form.is_valid():

        def save() -> str:
            acts.save_standing(form=form, by=request.user)
            messages.success(request, "Lagret. Sakslister som er laget før, endres ikke.")
            return f"{reverse('standing_list')}#{row.kind}"

        return save_once(request, form, save)
    context = {"form": form, "title": title, "kind": row.get_kind_display(), "back_url": reverse("standing_list")}
    return render(request, "meetings/standing_edit.html", context, status=422 if form.is_bound else 200)
