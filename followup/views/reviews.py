"""Review conversations: called, prepared, held, signed on one's own device or in the room, and locked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from fagbrev.forms.base import SentForm, posted
from fagbrev.forms.saving import save_once, sent_before
from fagbrev.people.roles import COORDINATOR, FAGLAERER
from fagbrev.web.asking import back_or
from followup.actions.reviews import add_point, cancel, save_call, save_held, save_part, sign
from followup.forms.action_points import ActionForm
from followup.forms.reviews import ReviewCallForm, ReviewHeldForm, ReviewPartForm
from followup.models import Action, ReviewConversation, ReviewPart
from followup.review_facts import facts_beside
from followup.review_rows import (
    CALLED,
    HELD,
    LOCKED,
    ROLE_WORDS,
    open_placement,
    own_roles,
    parts_for,
    parts_shown,
    points_said,
    review_list_of,
    reviews_in,
    signers,
    state_words,
)
from participants.access import Record, record
from participants.extras import url_for
from participants.views.rows import page_url
from participants.views.sections import head_of

READ = ("GET", "HEAD")
KEY = "vurderinger"
ONLY_COORDINATOR = frozenset({COORDINATOR})
HOLDERS = frozenset({COORDINATOR, FAGLAERER})


def _review(found: Record, row_id: str) -> ReviewConversation:
    row = reviews_in(found).filter(public_id=row_id).first()
    if row is None:
        raise Http404
    return row


def _page_of(found: Record, review: ReviewConversation) -> str:
    return url_for("vurdering_detail", found, review.public_id)


def _cleared(request: HttpRequest, count: int) -> None:
    """Says aloud that a change took signatures away."""
    if count:
        who = "1 underskrift er" if count == 1 else f"{count} underskrifter er"
        messages.warning(request, f"Teksten er endret. {who} derfor slettet, og alle må skrive under på nytt.")


def _form_page(request: HttpRequest, found: Record, form: Any, back: str, **context: Any) -> HttpResponse:
    context = {"record": found, "form": form, "back_url": back, "seen_by": "deltaker, fadder, faglærer og koordinator"} | context
    return render(request, "followup/written_form.html", context, status=422 if form.is_bound else 200)


@record(KEY, methods=READ)
def review_list(request: HttpRequest, found: Record) -> HttpResponse:
    """The reviews at the placements one sees, the newest first."""
    placement = open_placement(found) if found.is_coordinator and found.writes("reviews") else None
    context = head_of(found, KEY, request) | {
        "rows": review_list_of(found), "new_url": url_for("vurdering_new", found, placement.public_id) if placement else "",
        "is_coordinator": found.is_coordinator,
    }  # fmt: skip
    return render(request, "followup/review_list.html", context)


@record(KEY, write=True, writers=ONLY_COORDINATOR)
def review_new(request: HttpRequest, found: Record, placement_id: str) -> HttpResponse:
    """The koordinator calls the four to a review at a placement."""
    placement = found.placements("reviews").filter(public_id=placement_id).first()
    if placement is None:
        raise Http404
    return _call(request, found, ReviewConversation(placement=placement))


@record(KEY, write=True, writers=ONLY_COORDINATOR)
def review_edit(request: HttpRequest, found: Record, row_id: str) -> HttpResponse:
    """Moves a review that has not been held."""
    review = _review(found, row_id)
    return _call(request, found, review) if review.state == CALLED else _too_late(request, found, review)


def _too_late(request: HttpRequest, found: Record, review: ReviewConversation) -> HttpResponse:
    messages.error(request, "Samtalen er låst og kan ikke endres." if review.state == LOCKED else "Det går ikke nå.")
    return redirect(_page_of(found, review))


def _call(request: HttpRequest, found: Record, row: ReviewConversation) -> HttpResponse:
    if (sent := sent_before(request)) is not None:
        return sent
    form, is_new = ReviewCallForm(posted(request), instance=row, record=found, request=request), row._state.adding
    back = back_or(request, page_url(found, KEY) if is_new else _page_of(found, row))
    if form.is_bound and form.is_valid():

        def save() -> str:
            saved = save_call(form=form, meets_at=form.meets_at(), by=found.user)
            messages.success(request, "De fire er kalt inn, og får beskjed om å forberede seg." if is_new else "Tiden er endret.")
            return back_or(request, _page_of(found, saved))

        return save_once(request, form, save)
    lead = "Deltaker, fadder, faglærer og koordinator får beskjed, og skriver hver sin del på forhånd."
    title = "Kall inn til vurderingssamtale" if is_new else "Endre tid eller sted"
    return _form_page(request, found, form, back, title=title, lead=lead, verb="Kall inn" if is_new else "Lagre")


@record(KEY, write=True, writers=ONLY_COORDINATOR, methods=("POST",))
def review_cancel(request: HttpRequest, found: Record, row_id: str) -> HttpResponse:
    """Calls off a review that has not been held."""

    def act(review: ReviewConversation) -> None:
        if cancel(review=review, by=found.user):
            messages.success(request, "Samtalen er avlyst. Du kan kalle inn til en ny.")
        else:
            messages.error(request, "Samtalen er holdt og kan ikke avlyses.")

    return _pressed(request, found, _review(found, row_id), act)


def _pressed(
    request: HttpRequest, found: Record, review: ReviewConversation, act: Callable[[ReviewConversation], None]
) -> HttpResponse:
    form = SentForm(request.POST, request=request)
    form.is_valid()

    def save() -> str:
        act(review)
        return _page_of(found, review)

    return save_once(request, form, save)


@record(KEY, methods=READ)
def review_detail(request: HttpRequest, found: Record, row_id: str) -> HttpResponse:
    """One review: the parts one may see, what is known, what was agreed, and who has signed."""
    review = _review(found, row_id)
    words, tone = state_words(review, found.today)
    may_hold, is_open = bool(found.roles_here & HOLDERS) and found.writes("reviews"), review.state in {CALLED, HELD}
    four = signers(review, found) if review.state in {HELD, LOCKED} else []
    urls = {
        name: url_for(f"vurdering_{name}", found, review.public_id)
        for name in ("edit", "avlys", "held", "punkt", "signer", "rom")
    }
    context = head_of(found, KEY, request) | {
        "review": review, "state_words": words, "tone": tone, "parts": parts_shown(review, found),
        "facts": facts_beside(review, found) if is_open else [], "points": points_said(review), "signers": four, "urls": urls,
        "may_call": found.is_coordinator and review.state == CALLED and found.writes("reviews"),
        "may_hold": may_hold and is_open, "may_sign_together": may_hold and review.state == HELD,
        "list_url": page_url(found, KEY), "is_locked": review.state == LOCKED, "is_held": review.state == HELD,
    }  # fmt: skip
    return render(request, "followup/review_detail.html", context)


@record(KEY, write=True)
def review_part(request: HttpRequest, found: Record, row_id: str) -> HttpResponse:
    """One's own part: saved for oneself alone, or shared with the other three."""
    review, own = _review(found, row_id), own_roles(found)
    role = request.GET.get("som", "") if request.GET.get("som", "") in own else own[0]
    part = parts_for(review, found.user).get(role)
    if review.state not in {CALLED, HELD} or (part is not None and part.by_id != found.user.pk):
        return _too_late(request, found, review)
    row = part or ReviewPart(review=review, role=role, by=found.user)
    form = ReviewPartForm(posted(request), instance=row, record=found, request=request)
    back = back_or(request, _page_of(found, review))
    if form.is_bound and form.is_valid():

        def save() -> str:
            done, count = save_part(form=form, share="del" in request.POST, by=found.user)
            if not done:
                messages.error(request, f"En annen {ROLE_WORDS[role]} skriver denne delen. Snakk sammen.")
            else:
                shared = form.instance.shared_at is not None
                messages.success(request, "Fint. De andre kan lese det nå." if shared else "Lagret. Bare du ser det.")
            _cleared(request, count)
            return back

        return save_once(request, form, save)
    is_shared = row.shared_at is not None
    return _form_page(
        request, found, form, back, title="Din del av samtalen", verb="Lagre" if is_shared else "Lagre, bare for meg",
        second_verb="" if is_shared else "Del med de andre", second_name="del",
        seen_by="deltaker, fadder, faglærer og koordinator" if is_shared else "bare deg, til du deler",
    )  # fmt: skip


@record(KEY, write=True, writers=HOLDERS)
def review_held(request: HttpRequest, found: Record, row_id: str) -> HttpResponse:
    """koordinator or faglærer records that the review was held, and what was agreed."""
    review = _review(found, row_id)
    if review.state not in {CALLED, HELD}:
        return _too_late(request, found, review)
    form = ReviewHeldForm(posted(request), instance=review, record=found, request=request)
    back = back_or(request, _page_of(found, review))
    if form.is_bound and form.is_valid():

        def save() -> str:
            _cleared(request, save_held(form=form, by=found.user))
            messages.success(request, "Lagret. Legg til hva dere skal jobbe med, og skriv under.")
            return back

        return save_once(request, form, save)
    return _form_page(request, found, form, back, title="Før samtalen", verb="Lagre")


@record(KEY, write=True, sections=("actions",), writers=HOLDERS)
def review_point(request: HttpRequest, found: Record, row_id: str) -> HttpResponse:
    """An agreed focus area: an action that follows the person."""
    review = _review(found, row_id)
    if review.state not in {CALLED, HELD}:
        return _too_late(request, found, review)
    form = ActionForm(posted(request), instance=Action(enrolment=found.enrolment, review=review), record=found, request=request)
    back = back_or(request, _page_of(found, review))
    if form.is_bound and form.is_valid():

        def save() -> str:
            _done, count = add_point(form=form, review=review, by=found.user, today=found.today)
            messages.success(request, "Punktet er lagt til.")
            _cleared(request, count)
            return back

        return save_once(request, form, save)
    return _form_page(request, found, form, back, title="Dette skal vi jobbe med", verb="Legg til")


@record(KEY, write=True, methods=("POST",))
def review_sign(request: HttpRequest, found: Record, row_id: str) -> HttpResponse:
    """«Jeg er enig», on one's own device."""
    role = request.POST.get("rolle", "")

    def act(review: ReviewConversation) -> None:
        if role not in own_roles(found):
            messages.error(request, "Du kan bare skrive under for deg selv.")
            return
        version = _number(request.POST.get("versjon", ""))
        name = found.participant.full_name if found.is_own else found.user.name
        refused = sign(review=review, role=role, name=name, version=version, by=found.user)
        messages.error(request, refused) if refused else messages.success(request, "Takk. Du har skrevet under.")

    return _pressed(request, found, _review(found, row_id), act)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
