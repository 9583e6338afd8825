"""What only the demo has: sign-in by a button, and a reader for the mails it sends."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.html import escape
from django.views.decorators.http import require_POST, require_safe

from fagbrev.access.gate import open_page
from fagbrev.mail.actions import mails_for_the_demo
from fagbrev.people.queries import active_user_with_address
from fagbrev.roof.demo_accounts import DEMO_ADDRESSES
from fagbrev.web.asking import is_own_address

View = Callable[..., HttpResponse]
MAILS_ON_A_PAGE = 25


def only_in_the_demo(view: View) -> View:
    """Answers 404 everywhere but in the demo, whatever is sent."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@open_page
@only_in_the_demo
@require_POST
def demo_login(request: HttpRequest) -> HttpResponse:
    """Signs in as one of the demo's accounts, through the same steps as any sign-in."""
    address = request.POST.get("email", "")
    user = active_user_with_address(address) if address in DEMO_ADDRESSES else None
    if user is None:
        raise Http404
    next_url = request.POST.get("next", "")
    return perform_login(
        request, Login(user=user, email=address, redirect_url=next_url if is_own_address(request, next_url) else None)
    )


@open_page
@only_in_the_demo
@require_safe
def demo_mail_list(request: HttpRequest) -> HttpResponse:
    """The mails the demo has sent or is about to."""
    search = request.GET.get("q", "").strip()[:100]
    page = Paginator(mails_for_the_demo(search), MAILS_ON_A_PAGE).get_page(request.GET.get("side"))
    return render(request, "people/demo_mail_list.html", {"page": page, "search": search})


@open_page
@only_in_the_demo
@require_safe
def demo_mail_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """One mail as plain text."""
    return render(request, "people/demo_mail_detail.html", {"mail": get_object_or_404(mails_for_the_demo(), public_id=public_id)})


@open_page
@only_in_the_demo
@require_safe
def demo_mail_html(request: HttpRequest, public_id: str) -> HttpResponse:
    """One mail as a mail program shows it: the HTML as sent, on a page that can do nothing."""
    mail = get_object_or_404(mails_for_the_demo(), public_id=public_id)
    answer = HttpResponse(mail.html or f"<pre>{escape(mail.text)}</pre>")
    answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return answer
