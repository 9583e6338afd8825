"""Questions about a request that several middlewares ask, and redirects that htmx understands."""

from typing import Any
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

ACCOUNT_PREFIX = "/konto/"
UNWATCHED = ("/healthz", "/static/")


def is_htmx(request: HttpRequest) -> bool:
    """Tells whether htmx asked for a part of a page."""
    return request.headers.get("HX-Request") == "true"


def needs_sign_in(view: Any) -> bool:
    """Tells whether the view is closed to those who are not signed in."""
    return getattr(view, "login_required", True)


def is_own_address(request: HttpRequest, url: str) -> bool:
    """Tells whether an address leads nowhere but here."""
    return bool(url) and url_has_allowed_host_and_scheme(
        url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )


def back_or(request: HttpRequest, default: str) -> str:
    """Gives where one came from, when a link said so (`?neste=/`) and it is an address here; else the default."""
    wanted = request.GET.get("neste", "")
    return wanted if is_own_address(request, wanted) else default


def page_behind(request: HttpRequest) -> str:
    """Gives the page to come back to: for a GET itself, else the page the request was sent from, else the front page."""
    if request.method in {"GET", "HEAD"} and not is_htmx(request):
        return request.get_full_path()
    sent_from = request.headers.get("HX-Current-URL") or request.headers.get("Referer") or ""
    if not is_own_address(request, sent_from):
        return "/"
    parts = urlsplit(sent_from)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def lead_to(request: HttpRequest, url: str) -> HttpResponse:
    """Gives a redirect; htmx is told to load the whole page."""
    if is_htmx(request):
        response = HttpResponse(status=200)
        response.headers["HX-Redirect"] = url
        return response
    return HttpResponseRedirect(url)


def lead_to_sign_in(request: HttpRequest, next_url: str) -> HttpResponse:
    """Gives a redirect to the sign-in page, and from there to an address of our own."""
    from django.conf import settings

    return lead_to(request, f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': next_url})}")
