"""Limits of a session: idle for so many minutes, and never longer than so many hours since sign-in."""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _

from fagbrev.web.asking import UNWATCHED, is_htmx, lead_to_sign_in, page_behind

SIGNED_IN_AT = "signed_in_at"
SEEN_AT = "seen_at"
SECONDS_BETWEEN_TOUCHES = 300
BY_ITSELF = "Asked-By-Itself"  # a page that asks with nobody there says so: it keeps no session alive


class SessionLimitsMiddleware:
    """Signs out a session past its limits, and leads htmx to sign-in like everyone else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(UNWATCHED):
            return self.get_response(request)
        timed_out = self._is_past_limits(request)
        if timed_out:
            logout(request)
        response = self.get_response(request)
        if not isinstance(response, HttpResponseRedirect):
            return response
        is_to_sign_in = response.url.partition("?")[0] == resolve_url(settings.LOGIN_URL)
        if is_to_sign_in and timed_out and request.path != resolve_url("account_logout"):
            messages.info(request, _("Du har vært borte en stund, så vi logget deg ut for sikkerhets skyld. Logg inn igjen."))
        if is_to_sign_in and is_htmx(request):
            return lead_to_sign_in(request, page_behind(request))
        return response

    @staticmethod
    def _is_past_limits(request: HttpRequest) -> bool:
        """Tells whether the session has ended; writes down that it was used, at most every five minutes."""
        if not request.user.is_authenticated:
            return False
        now = int(time.time())
        signed_in_at = request.session.get(SIGNED_IN_AT)
        seen_at = request.session.get(SEEN_AT)
        if signed_in_at is None or seen_at is None:
            request.session[SIGNED_IN_AT] = request.session[SEEN_AT] = now
            return False
        if now - seen_at > settings.SESSION_IDLE_MINUTES * 60 or now - signed_in_at > settings.SESSION_MAX_HOURS * 3600:
            return True
        if BY_ITSELF not in request.headers and now - seen_at >= min(SECONDS_BETWEEN_TOUCHES, settings.SESSION_IDLE_MINUTES * 30):
            request.session[SEEN_AT] = now
        return False
