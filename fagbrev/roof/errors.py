"""The pages for what goes wrong, in plain words and without a word about why."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from fagbrev.web.typed_text import bring_back

TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without a valid token: shown again with its text when it is the user's own, else the page that says so."""
    return bring_back(request) or render(request, "403_csrf.html", status=403)


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """400, or 413 when too much was sent."""
    if isinstance(exception, TOO_LARGE) or _is_too_large(request):
        return render(request, "413.html", status=413)
    return render(request, "400.html", status=400)


def _is_too_large(request: HttpRequest) -> bool:
    """In development the exception does not reach us; the length of what was sent tells."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return settings.DEBUG and length.isdigit() and int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """403: a page one's role has no part in."""
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """404: absent and out of scope answer with the same bytes."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: needs neither database nor session."""
    return render(None, "500.html", status=500)  # type: ignore[arg-type]
