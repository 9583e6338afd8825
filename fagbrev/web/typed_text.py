"""What was typed when the session timed out: kept sealed for half an hour, given back to its owner alone, never sent."""

import hashlib
import json
import secrets
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from fagbrev.forms.owner import read_owner
from fagbrev.sealed import SealBroken, seal, unseal
from fagbrev.web.asking import is_htmx, lead_to, lead_to_sign_in, needs_sign_in, page_behind

KEPT_SECONDS = 30 * 60
LARGEST_TEXT = 200_000
PARAMETER = "typed"
NEVER_KEPT = {"csrfmiddlewaretoken", "owner", "submission", "code", "login"}


def keep_typed_text(request: HttpRequest, user_id: int) -> str:
    """Keeps what was posted for this user and page. Gives a token, or "" when there is nothing to keep."""
    kept = {name: values for name, values in request.POST.lists() if name not in NEVER_KEPT and "password" not in name.lower()}
    text = json.dumps({"user": user_id, "path": request.path, "fields": kept})
    if not any(any(values) for values in kept.values()) or len(text) > LARGEST_TEXT:
        return ""
    token = secrets.token_urlsafe(24)
    key = _key(token)
    cache.set(key, seal(text, table="typed_text", column="body", row=key), KEPT_SECONDS)
    return token


def typed_text(request: HttpRequest, token: str) -> QueryDict | None:
    """Gives what this user typed on this page, or None: to others, elsewhere and after half an hour there is nothing."""
    key = _key(token)
    sealed = cache.get(key)
    if not sealed:
        return None
    try:
        kept = json.loads(unseal(sealed, table="typed_text", column="body", row=key))
    except (SealBroken, ValueError):
        return None
    if kept["user"] != request.user.pk or kept["path"] != request.path:
        return None
    fields = QueryDict(mutable=True)
    for name, values in kept["fields"].items():
        fields.setlist(name, values)
    return fields


def forget_typed_text(token: str) -> None:
    """Throws away a kept text."""
    cache.delete(_key(token))


def address_with_text(request: HttpRequest, token: str) -> str:
    """Gives the posted page's own address, with the token that brings the text back."""
    query = request.GET.copy()
    query[PARAMETER] = token
    return f"{request.path}?{query.urlencode()}"


def owner_of(request: HttpRequest) -> int | None:
    """Gives whose form was posted, when it was signed here for this very page."""
    found = read_owner(request.POST.get("owner", ""))
    return found[0] if found and found[1] == request.path else None


class KeepTypedTextMiddleware:
    """Saves a POST that came after the time-out, and hands its text back to the form on the way in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        token = request.GET.get(PARAMETER, "")
        if token and request.method == "POST" and 300 <= response.status_code < 400 and request.user.is_authenticated:
            forget_typed_text(token)
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Runs after the check of the CSRF token, before the demand to be signed in."""
        if not needs_sign_in(view):
            return None
        if request.method == "POST":
            return self._received(request)
        token = request.GET.get(PARAMETER, "")
        if token and request.user.is_authenticated:
            request.typed_text = typed_text(request, token)  # type: ignore[attr-defined]
            if request.typed_text and not is_htmx(request):  # type: ignore[attr-defined]
                messages.info(request, _("Her er det du skrev. Det er ikke lagret ennå. Se over og lagre."))
        return None

    @staticmethod
    def _received(request: HttpRequest) -> HttpResponse | None:
        owner = owner_of(request)
        if request.user.is_authenticated:
            # A form that another person opened in this browser must not be saved in this one's name.
            if owner is not None and owner != request.user.pk:
                raise PermissionDenied
            return None
        token = keep_typed_text(request, owner) if owner is not None else ""
        return lead_to_sign_in(request, address_with_text(request, token) if token else page_behind(request))


def bring_back(request: HttpRequest) -> HttpResponse | None:
    """Gives a redirect that shows a refused form again with its text, when its owner is signed in; else None.

    For a form from before a new sign-in in another tab, whose CSRF token no longer counts.
    """
    owner = owner_of(request)
    if owner is None or not request.user.is_authenticated or owner != request.user.pk:
        return None
    token = keep_typed_text(request, owner)
    return lead_to(request, address_with_text(request, token)) if token else None


def _key(token: str) -> str:
    return "typed:" + hashlib.sha256(token.encode()).hexdigest()
