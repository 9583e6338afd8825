"""The minutes: written point by point while the meeting goes on, shared, approved, corrected, and as a PDF."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from fagbrev.forms.base import SentForm, posted
from fagbrev.forms.saving import forget_draft, save_once
from fagbrev.web.asking import back_or, is_htmx
from meetings import agenda_shown, documents, minutes_shown, writing_shown
from meetings.access import Seen, meeting, meeting_of
from meetings.actions import minutes as acts
from meetings.actions.sending import send_shared
from meetings.agenda_queries import group_of, has_begun
from meetings.agenda_shown import item_hint, meeting_day_words
from meetings.forms.agenda import AgendaItemForm
from meetings.forms.minutes import CorrectForm, ItemForm, SettleForm
from meetings.minutes_queries import minutes_of, other_text, readable_minutes, version_of, writable_item
from meetings.models import AgendaItem, Meeting
from meetings.models.minutes import APPROVED, DRAFT, SHARED
from meetings.views.papers import paper_answer

READ = ("GET", "HEAD")
CALLED_OFF = "Møtet er avlyst, så det har ikke noe referat."
ALREADY_SHARED = "Referatet er delt eller godkjent. Bruk «Rett» på et punkt."
BOTH_KEPT = "Begge tekstene er tatt vare på. Velg hva som skal stå."


def _writes(seen: Seen) -> bool:
    return seen.may_write


def _url(seen: Seen, item: AgendaItem | None = None) -> str:
    return reverse("minutes_page", args=[seen.meeting.public_id]) + (f"#punkt-{item.public_id}" if item else "")


@meeting(methods=READ)
def minutes_page(request: HttpRequest, seen: Seen) -> HttpResponse:
    """The minutes: a draft for those who write, else what was shared, cut to the reader."""
    row = readable_minutes(seen)
    if row is None and agenda_shown.is_off(seen):
        messages.info(request, CALLED_OFF)
        return redirect(seen.meeting.get_absolute_url())
    return render(request, "meetings/minutes_page.html", minutes_shown.minutes_page(seen, row, request))


@meeting(may=_writes, methods=("POST",))
def minutes_start(request: HttpRequest, seen: Seen) -> HttpResponse:
    """Begins the minutes, with the agenda's points; none of a meeting that was called off."""
    if agenda_shown.is_off(seen):
        messages.error(request, CALLED_OFF)
        return redirect(seen.meeting.get_absolute_url())
    acts.start_minutes(meeting=seen.meeting, by=seen.user)
    return redirect(_url(seen))


@meeting(may=_writes)
def minutes_item(request: HttpRequest, seen: Seen, item_id: str) -> HttpResponse:
    """One point to write on. Posted by htmx while one types; by a button, and after a time-out, without it."""
    item = writable_item(seen, item_id, with_withdrawn=request.method == "POST")
    form = ItemForm(posted(request), instance=item, request=request)
    if not form.is_bound or not form.is_valid():
        context = minutes_shown.item_page(seen, item, form)
        return render(request, "meetings/minutes_item.html", context, status=422 if form.is_bound else 200)
    done = acts.write_item(
        item=item, sent=form.sent, based_on=form.based_on, by=seen.user, at=timezone.now(), beside_id=form.cleaned_data["beside"]
    )
    forget_draft(request, form)
    if is_htmx(request):
        state = writing_shown.state_after(seen, form, done)
        return render(request, "meetings/minutes_saved.html", {"state": state})
    if done.beside:
        messages.warning(request, f"{writing_shown.met_words(done)} {BOTH_KEPT}")
    return redirect(_url(seen, item))


@meeting(may=_writes, methods=READ)
def minutes_others(request: HttpRequest, seen: Seen) -> HttpResponse:
    """What others have written beside the points of a draft since the page was drawn; the page asks by itself. 204 when nothing is new."""
    points = writing_shown.newly_beside(seen, request.GET.getlist("drawn")) if seen.minutes_state == DRAFT else []
    if not points:
        return HttpResponse(status=204)
    return render(request, "meetings/minutes_news.html", {"points": points})


@meeting(may=_writes, methods=("POST",))
def minutes_settle(request: HttpRequest, seen: Seen, item_id: str, text_id: str) -> HttpResponse:
    """Chooses what stands where two have written: the other text is taken in, joined, or left out."""
    other = other_text(writable_item(seen, item_id), text_id)
    form = SettleForm(request.POST, request=request)
    if not form.is_valid():
        messages.error(request, "Velg hva som skal stå.")
        return redirect(_url(seen, other.item))

    def save() -> str:
        if not acts.settle_text(other=other, how=form.cleaned_data["how"], by=seen.user, at=timezone.now()):
            messages.info(request, f"{writing_shown.chosen_words(other, seen.user)} Se hva som står nå.")
        return _url(seen, other.item)

    return _tried(request, seen, form, save)


def _tried(request: HttpRequest, seen: Seen, form: SentForm, save: Any) -> HttpResponse:
    """Saves once, and says why when it cannot be done now."""
    try:
        return save_once(request, form, save)
    except acts.MinutesRefused as refused:
        messages.error(request, str(refused))
        return redirect(_url(seen))


@meeting(may=_writes)
def minutes_item_new(request: HttpRequest, seen: Seen) -> HttpResponse:
    """A point that came up in the meeting. Are the minutes shared meanwhile, what was typed stands there."""
    row = minutes_of(seen.meeting)
    if request.method != "POST" and (row is None or row.state != DRAFT):
        messages.error(request, ALREADY_SHARED)
        return redirect(_url(seen))
    form = AgendaItemForm(posted(request), instance=AgendaItem(meeting=seen.meeting), request=request)
    if form.is_bound and form.is_valid():
        try:
            return save_once(request, form, lambda: _url(seen, acts.add_item(form=form, meeting=seen.meeting, by=seen.user)))
        except acts.MinutesRefused as refused:
            form.add_error(None, f"{refused} Punktet er ikke lagret. Ta det opp i neste møte.")
    context = {
        "form": form, "title": "Nytt punkt i referatet", "back_url": _url(seen), "back_label": "Referat",
        "seen_by": "alle som er kalt inn, når referatet er delt", "hint": item_hint(seen),
    }  # fmt: skip
    return render(request, "meetings/agenda_item.html", context, status=422 if form.is_bound else 200)


# --- Sharing, approving, correcting -----------------------------------------------------------------------


@meeting(may=_writes, methods=("POST",))
def minutes_share(request: HttpRequest, seen: Seen) -> HttpResponse:
    """Shares the minutes with those who are invited."""
    form = SentForm(request.POST, request=request)
    form.is_valid()

    def save() -> str:
        now = timezone.now()
        acts.share_minutes(meeting=seen.meeting, by=seen.user, at=now)
        messages.success(request, minutes_shown.shared_words(seen, send_shared(meeting=seen.meeting, by=seen.user, at=now)))
        return _url(seen)

    return _tried(request, seen, form, save)


@meeting(may=_writes)
def minutes_approve(request: HttpRequest, seen: Seen) -> HttpResponse:
    """Approves the minutes, after a question: in a later meeting of the group (`?i=`) that has begun, or, as koordinator, without one."""
    asked = request.GET.get("i", "")
    later = meeting_of(seen.user, asked, today=seen.today).meeting if asked else None
    if later is not None and not (
        group_of(seen.meeting).filter(pk=later.pk).exists() and later.starts_at > seen.meeting.starts_at
    ):
        raise Http404
    if stop := _not_approved(seen, later):
        messages.error(request, stop)
        return redirect(_url(seen))
    form, day = SentForm(posted(request), request=request), meeting_day_words(seen.meeting)
    back = back_or(request, reverse("agenda_page", args=[later.public_id]) if later else _url(seen))
    if form.is_bound and form.is_valid():

        def save() -> str:
            acts.approve_minutes(meeting=seen.meeting, by=seen.user, at=timezone.now(), approved_in=later)
            messages.success(request, f"Referatet fra {day} er godkjent og låst.")
            return back

        return _tried(request, seen, form, save)
    context = {"form": form, "day": day, "back_url": back, "where": meeting_day_words(later) if later else ""}
    return render(request, "meetings/minutes_approve.html", context, status=422 if form.is_bound else 200)


def _not_approved(seen: Seen, later: Meeting | None) -> str:
    """Why the minutes cannot be approved so; "" when they can."""
    if seen.minutes_state != SHARED:
        return "Referatet er ikke delt ennå." if not seen.is_shared else "Referatet er godkjent allerede."
    if later is None:
        return "" if seen.is_coordinator else "Referatet godkjennes i neste møte."
    return "" if has_begun(later, seen.today) else acts.not_yet(later)


@meeting(may=_writes)
def minutes_correct(request: HttpRequest, seen: Seen, item_id: str) -> HttpResponse:
    """Corrects a point of minutes that are shared, with the reason; the version before it can still be read."""
    item, row = writable_item(seen, item_id), minutes_of(seen.meeting)
    if row is None:
        raise Http404
    if not minutes_shown.may_correct(seen, row):
        raise PermissionDenied
    form = CorrectForm(posted(request), instance=item, request=request)
    if form.is_bound and form.is_valid():

        def save() -> str:
            form.check_version()
            texts = {box: form.cleaned_data[box] for box in ("discussion", "decision")}
            reason, now = form.cleaned_data["reason"], timezone.now()
            if acts.correct_item(item=item, texts=texts, reason=reason, by=seen.user, at=now) is None:
                messages.info(request, "Ingenting er endret. Teksten er som før.")
            else:
                messages.success(request, "Rettelsen er lagret som en ny versjon.")
            return _url(seen, item)

        return _tried(request, seen, form, save)
    context = minutes_shown.item_page(seen, item, form) | {"is_approved": row.state == APPROVED}
    return render(request, "meetings/minutes_correct.html", context, status=422 if form.is_bound else 200)


@meeting(methods=READ)
def minutes_version(request: HttpRequest, seen: Seen, number: int) -> HttpResponse:
    """An earlier version as it was shared, cut to the reader."""
    row = readable_minutes(seen)
    if row is None:
        raise Http404
    context = minutes_shown.version_page(seen, row, version_of(row, number))
    return render(request, "meetings/minutes_version.html", context)


@meeting(methods=READ)
def minutes_pdf(request: HttpRequest, seen: Seen) -> HttpResponse:
    """The minutes as a PDF in the municipality's name, cut to the one who downloads it."""
    row = readable_minutes(seen)
    if row is None:
        raise Http404
    return paper_answer(
        request, lambda: documents.minutes_document(seen, row, is_read=request.method == "GET"),
        name=documents.file_name(seen.meeting, "referat"), back_url=_url(seen),
    )  # fmt: skip
