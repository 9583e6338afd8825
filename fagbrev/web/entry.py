"""Steps between sign-in and the first page: a second factor where the role demands it, and the confidentiality statement."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from fagbrev.people.confidentiality import must_accept
from fagbrev.people.factors import has_second_factor, must_have_second_factor
from fagbrev.people.roles import roles_of
from fagbrev.web.asking import ACCOUNT_PREFIX, lead_to, needs_sign_in, page_behind

HAS_FACTOR = "has_second_factor"


class EntryStepsMiddleware:
    """Leads those who have a step left to it, from every page but the account's own and the open ones."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Runs when the view is known and the user is signed in."""
        if request.path.startswith(ACCOUNT_PREFIX):
            if request.method == "POST":
                request.session.pop(HAS_FACTOR, None)  # a factor may go: ask again on the next page
            return None
        if not needs_sign_in(view) or not request.user.is_authenticated:
            return None
        roles = roles_of(request.user, timezone.localdate())
        if must_have_second_factor(request.user, roles) and not self._has_factor(request):
            messages.warning(request, _("Rollen din krever sikker innlogging. Legg til en passnøkkel eller en kodeapp først."))
            return lead_to(request, reverse("account_home"))
        if must_accept(request.user, roles):
            return lead_to(request, f"{reverse('confidentiality')}?{urlencode({'next': page_behind(request)})}")
        return None

    @staticmethod
    def _has_factor(request: HttpRequest) -> bool:
        if request.session.get(HAS_FACTOR):
            return True
        if not has_second_factor(request.user):
            return False
        request.session[HAS_FACTOR] = True
        return True


def second_factor_is_demanded(request: HttpRequest) -> bool:
    """Tells whether the user's roles demand a factor that is not there yet."""
    roles = roles_of(request.user, timezone.localdate())  # type: ignore[arg-type]
    return must_have_second_factor(request.user, roles) and not has_second_factor(request.user)
