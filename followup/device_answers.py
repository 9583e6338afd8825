"""Answers to forms that a device sends by itself when the network is back: JSON where it is asked for, pages for people."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse


def wants_json(request: HttpRequest) -> bool:
    """Tells whether the sender asks for JSON."""
    return "application/json" in request.headers.get("Accept", "")


def as_asked(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Gives 201 with the address instead of a redirect, and 409 in words, where JSON is asked for; other answers as they are."""
    if wants_json(request) and response.status_code == 302:
        return JsonResponse({"url": response.headers["Location"]}, status=201)
    if wants_json(request) and response.status_code == 409:
        return JsonResponse({"errors": {"": ["Noen andre lagret før deg. Åpne siden og velg."]}}, status=409)
    return response


def refused_as_asked(request: HttpRequest, form: Any) -> HttpResponse | None:
    """Gives 422 with the sentences by field where JSON is asked for; None for people."""
    if not wants_json(request):
        return None
    errors = {name: [str(text) for text in texts] for name, texts in form.errors.items()}
    return JsonResponse({"errors": errors}, status=422)
