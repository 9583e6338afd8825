"""Drafts over the web: kept while one types, thrown away when one says so; a token for sending; the outbox of the device."""

import time

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format

from fagbrev.access.gate import page
from fagbrev.drafts.actions import NotAForm, drop_draft, keep_draft, read_fields, saves_too_often
from fagbrev.drafts.device import device_owner
from fagbrev.forms.owner import read_owner
from fagbrev.forms.saving import was_sent


def _address(request: HttpRequest) -> str:
    """The address a form of the user's own was signed for, "" for none. Another's form is refused."""
    found = read_owner(request.POST.get("draft", ""))
    if found and found[0] != request.user.pk:
        raise PermissionDenied
    return found[1] if found else ""


@page(roles=None, methods=("POST",))
def draft_save(request: HttpRequest) -> HttpResponse:
    """Keeps what is typed in a form. Answers when it was kept, in JSON; 422 for what is no form's draft, 429 for too often."""
    address = _address(request)
    if saves_too_often(request.user, now=time.time()):
        return JsonResponse({"errors": ["too often"]}, status=429)
    try:
        fields = read_fields(request.POST.get("fields", ""))
    except NotAForm:
        return JsonResponse({"errors": ["fields"]}, status=422)
    if not address:
        return JsonResponse({"errors": ["draft"]}, status=422)
    submission = request.POST.get("submission", "")
    tokens = {submission, request.POST.get("device_key", "").replace("-", "")}
    if any(was_sent(request.user, token) for token in tokens):
        return JsonResponse({"kept": ""})
    now = timezone.now()
    keep_draft(user=request.user, address=address, fields=fields, now=now, submission=submission)
    if any(was_sent(request.user, token) for token in tokens):  # the form itself was saved in the meantime
        drop_draft(user=request.user, address=address)
        return JsonResponse({"kept": ""})
    return JsonResponse({"kept": date_format(timezone.localtime(now), "H.i")})


@page(roles=None, methods=("POST",))
def draft_discard(request: HttpRequest) -> HttpResponse:
    """Throws away a draft, and shows its form anew."""
    address = _address(request)
    if not address:
        return redirect("home")
    drop_draft(user=request.user, address=address)
    return redirect(address.rpartition("#")[0])


@page(roles=None, methods=("GET", "HEAD"))
def draft_token(request: HttpRequest) -> HttpResponse:
    """Gives what a draft of the device needs to be sent: a token against forgery, and who is signed in."""
    return JsonResponse({"csrf": get_token(request), "owner": device_owner(request.user)})


@page(roles=None, methods=("GET", "HEAD"))
def outbox(request: HttpRequest) -> HttpResponse:
    """What waits on this device. The server does not know it: the page is filled by the device."""
    return render(request, "drafts/outbox.html", {"title": "Utboks"})
