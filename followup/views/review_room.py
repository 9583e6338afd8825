"""Signing in the room: one device goes from hand to hand, and is locked to this page until the one who started is signed out."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url

from fagbrev.forms.base import SentForm
from fagbrev.forms.saving import save_once
from fagbrev.web.room import is_locked_here, leave_room, lock_to
from followup.actions.reviews import sign
from followup.models import ReviewConversation
from followup.review_rows import FOUR, HELD, LOCKED, parts_for, points_said, signer_names, signers, texts_of
from followup.views.reviews import HOLDERS, KEY, _number, _page_of, _review
from participants.access import Record, record
from participants.extras import url_for


@record(KEY, write=True, writers=HOLDERS)
def review_room(request: HttpRequest, found: Record, row_id: str) -> HttpResponse:
    """The page that is signed together: `start` locks the device to it, `rolle` signs, `ferdig` signs the starter out."""
    review = _review(found, row_id)
    here = url_for("vurdering_rom", found, review.public_id)
    if request.method == "POST" and "ferdig" in request.POST:
        leave_room(request)
        messages.success(request, "Du er logget ut. Takk for samtalen.")
        return redirect(resolve_url(settings.LOGIN_URL))
    if request.method == "POST" and "start" in request.POST and review.state == HELD:
        lock_to(request, here)
        return redirect(here)
    if not is_locked_here(request):
        return redirect(_page_of(found, review))
    if request.method == "POST":
        return _signed(request, found, review, here)
    parts = parts_for(review, found.user)
    context = {
        "record": found, "review": review, "points": points_said(review), "signers": signers(review, found, in_room=True),
        "parts": [
            (parts[role].get_role_display(), texts_of(parts[role])) for role in FOUR if role in parts and parts[role].shared_at
        ],
        "is_locked": review.state == LOCKED, "here": here, "starter": found.user.name,
        # Nothing but the page itself: no menu, no name, no way on.
        "chrome": {"scheme": request.COOKIES.get("scheme", "auto"), "size": "md", "home_url": here, "demo": settings.DEMO},
    }  # fmt: skip
    return render(request, "followup/review_room.html", context)


def _signed(request: HttpRequest, found: Record, review: ReviewConversation, here: str) -> HttpResponse:
    form, role = SentForm(request.POST, request=request), request.POST.get("rolle", "")
    form.is_valid()

    def save() -> str:
        names = signer_names(review, found, parts_for(review, found.user))
        if role in FOUR:
            version = _number(request.POST.get("versjon", ""))
            refused = sign(review=review, role=role, name=names[role], version=version, by=found.user, in_room=True)
            messages.error(request, refused) if refused else messages.success(request, f"Takk, {names[role].split()[0]}.")
        return here

    return save_once(request, form, save)
