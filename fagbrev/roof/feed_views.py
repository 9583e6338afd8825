"""The calendar feed: the page where one gets a secret address, and the calendar that stands there."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fagbrev.access.gate import open_page, page
from fagbrev.feeds.book import events_to_give
from fagbrev.feeds.forms import OFF, FeedForm
from fagbrev.feeds.ics import CONTENT_TYPE, calendar_bytes, tag_of
from fagbrev.feeds.rates import MINUTE, asks_too_often
from fagbrev.feeds.tokens import find_token, make_token, note_use, revoke_tokens, token_of
from fagbrev.forms.base import posted
from fagbrev.forms.saving import save_once
from fagbrev.people.roles import DELTAKER, roles_of
from fagbrev.roof.feed_frame import frame_items

PLAIN = "text/plain; charset=utf-8"
UNKEPT = {"Cache-Control": "private, no-store"}


@page(roles=None)
def feed_settings(request: HttpRequest) -> HttpResponse:
    """How to get the calendar into one's own; the address is shown once, in the answer that makes it."""
    form = FeedForm(posted(request), request=request)
    if not form.is_valid():
        return _settings(request, form, status=422 if form.is_bound else 200)
    made: list[str] = []
    answer = save_once(request, form, lambda: _act(request, form, made))
    return _settings(request, FeedForm(request=request), token=made[0]) if made else answer


def _act(request: HttpRequest, form: FeedForm, made: list[str]) -> str:
    if form.cleaned_data["act"] == OFF:
        if revoke_tokens(user=request.user, at=timezone.now()):
            messages.success(request, _("Abonnementet er slått av. Adressen virker ikke lenger."))
    else:
        made.append(make_token(user=request.user, at=timezone.now()))
    return reverse("feed_settings")


def _settings(request: HttpRequest, form: FeedForm, *, token: str = "", status: int = 200) -> HttpResponse:
    address = settings.BASE_URL.rstrip("/") + reverse("feed", args=[token]) if token else ""
    context: dict[str, Any] = {
        "form": form,
        "held": token_of(request.user, at=timezone.now()),
        "address": address,
        "webcal": "webcal:" + address.partition(":")[2] if address else "",
        "calendar_url": reverse("calendar_month"),
        "is_own": roles_of(request.user, timezone.localdate()) == {DELTAKER},
    }
    return render(request, "roof/feed_settings.html", context, status=status)


@open_page
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar at a secret address, for whoever asks there; not found when the address is not live."""
    now = timezone.now()
    if asks_too_often(request, now=now.timestamp()):
        text = _("For mange forsøk. Vent litt.")
        return HttpResponse(text, status=429, content_type=PLAIN, headers={**UNKEPT, "Retry-After": str(MINUTE)})
    held = find_token(token, at=now)
    if held is None:
        return HttpResponseNotFound(_("Kalenderen finnes ikke."), content_type=PLAIN, headers=UNKEPT)  # the same bytes for all
    events = events_to_give(user=held.user, at=now, frame=frame_items)
    note_use(held, at=now)
    tag = f'"{tag_of(events)}"'
    kept: Any = get_conditional_response(request, etag=tag)
    if kept is not None:
        kept.headers["Cache-Control"] = UNKEPT["Cache-Control"]
        return kept
    headers = {**UNKEPT, "ETag": tag, "Content-Disposition": 'inline; filename="fagbrev.ics"'}
    return HttpResponse(calendar_bytes(events), content_type=CONTENT_TYPE, headers=headers)
