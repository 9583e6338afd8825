"""The gate on every view: who may come in, said where the view stands."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils import timezone

from fagbrev.people.roles import ROLES, roles_of

View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Gate:
    """What a view says of itself; the matrix test reads it."""

    kind: str  # "page", "record" or "open"
    roles: frozenset[str] = frozenset()
    key: str = ""
    methods: tuple[str, ...] = ("GET", "HEAD", "POST")


def page(
    *, roles: Collection[str] | None, methods: tuple[str, ...] = ("GET", "HEAD", "POST"), superuser: bool = False
) -> Callable[[View], View]:
    """Lets in the signed-in who hold one of the roles today; None means everyone who is signed in.

    Superusers have no role and come in only where a page says so. Answers 403 to others, 405 to other methods.
    """
    unknown = set(roles or ()) - set(ROLES)
    if unknown:
        raise ValueError(f"unknown roles: {unknown}")

    def wrap(view: View) -> View:
        @wraps(view)
        def gated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            held = roles_of(request.user, timezone.localdate())  # type: ignore[arg-type]
            is_operator = superuser and request.user.is_superuser  # type: ignore[union-attr]
            if roles is not None and not is_operator and not held & frozenset(roles):
                raise PermissionDenied
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            return view(request, *args, **kwargs)

        gated.gate = Gate("page", frozenset(roles if roles is not None else ROLES), methods=methods)  # type: ignore[attr-defined]
        return gated

    return wrap


def open_page(view: View) -> View:
    """Says aloud that a page needs no sign-in."""
    opened = login_not_required(view)
    opened.gate = Gate("open")  # type: ignore[attr-defined]
    return opened
