"""Plain error pages in development and the demo too, and a stop for bodies that are far too large."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import get_resolver

MEGABYTE = 1024 * 1024


class PlainErrorsMiddleware:
    """Stands innermost: with DEBUG on, Django would answer 400 and 404 with pages for developers, unlike in production."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "%00" in request.META.get("QUERY_STRING", ""):
            # PostgreSQL takes no NUL in a text, and no address of ours holds one.
            return get_resolver().resolve_error_handler(400)(request, None)  # type: ignore[call-arg, arg-type, return-value]
        if _length(request) > largest_body():
            return render(request, "413.html", status=413)
        response = self.get_response(request)
        if settings.DEBUG and response.status_code in {400, 404} and _is_for_developers(response):
            return get_resolver().resolve_error_handler(response.status_code)(request, None)  # type: ignore[call-arg, arg-type]
        return response


def largest_body() -> int:
    """Gives the most bytes a request may send; a form tells of a smaller file that is too large itself."""
    return max(100, settings.UPLOAD_MAX_MB * 3) * MEGABYTE


def _length(request: HttpRequest) -> int:
    written = request.META.get("CONTENT_LENGTH") or "0"
    return int(written) if written.isdigit() else 0


def _is_for_developers(response: HttpResponse) -> bool:
    return not response.streaming and b'<meta name="robots" content="NONE,NOARCHIVE">' in response.content[:2000]
