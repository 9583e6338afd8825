"""A session locked to one page: a device that goes from hand to hand in a room opens that page and nothing else."""

from collections.abc import Callable

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url

from fagbrev.web.asking import UNWATCHED, lead_to

LOCKED_TO = "locked_to"


def lock_to(request: HttpRequest, url: str) -> None:
    """Locks the session to an address (with its query) until one signs out."""
    request.session[LOCKED_TO] = url


def locked_to(request: HttpRequest) -> str:
    """Gives the address the session is locked to, "" when it is free."""
    return str(request.session.get(LOCKED_TO, ""))


def is_locked_here(request: HttpRequest) -> bool:
    """Tells whether the session is locked to the very page that is asked for."""
    return locked_to(request).partition("?")[0] == request.path


def leave_room(request: HttpRequest) -> None:
    """Ends the lock the only way there is: the one who started is signed out."""
    logout(request)


class RoomLockMiddleware:
    """Leads a locked session back to its page, whatever is asked for; signing out is the only other way."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(UNWATCHED) and request.user.is_authenticated:
            url = locked_to(request)
            if url and request.path not in {url.partition("?")[0], resolve_url("account_logout")}:
                return lead_to(request, url)
        return self.get_response(request)
