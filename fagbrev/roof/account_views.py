"""The account's own pages: overview, confidentiality statement, look; and the pages about privacy and accessibility."""

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fagbrev.access.gate import open_page, page
from fagbrev.access.words import table_in_words
from fagbrev.people.confidentiality import accept_statement, must_accept, statement_for
from fagbrev.people.forms import AcceptForm
from fagbrev.people.queries import grants_of, sign_in_means
from fagbrev.people.roles import ROLE_CHOICES, roles_of
from fagbrev.roof.chrome import SCHEME_COOKIE, SCHEMES
from fagbrev.web.asking import is_own_address
from fagbrev.web.entry import second_factor_is_demanded

YEAR = 365 * 24 * 3600


def _next(request: HttpRequest, default: str = "/") -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return wanted if is_own_address(request, wanted) else default


@page(roles=None, methods=("GET", "HEAD"))
def account_home(request: HttpRequest) -> HttpResponse:
    """Min konto."""
    today = timezone.localdate()
    context = {
        "grants": grants_of([request.user], today)[request.user.pk],  # type: ignore[list-item, union-attr, index]
        "means": sign_in_means(request.user),  # type: ignore[arg-type]
        "factor_is_missing": second_factor_is_demanded(request),
        "today": today,
    }
    return render(request, "people/account_home.html", context)


@page(roles=None)
def confidentiality(request: HttpRequest) -> HttpResponse:
    """The confidentiality statement of the day: read and accepted once per version."""
    roles = roles_of(request.user, timezone.localdate())  # type: ignore[arg-type]
    form = AcceptForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        accept_statement(user=request.user, at=timezone.now())  # type: ignore[arg-type]
        messages.success(request, _("Takk. Du har godtatt taushetserklæringen."))
        return redirect(_next(request))
    context = {
        "paragraphs": statement_for(roles),
        "form": form,
        "next": _next(request),
        "is_left": must_accept(request.user, roles),
    }
    return render(request, "people/confidentiality.html", context, status=422 if form.errors else 200)


@open_page
@require_POST
def theme_switch(request: HttpRequest) -> HttpResponse:
    """Remembers light, dark or as the device in a cookie that holds nothing else."""
    response = redirect(_next(request))
    scheme = request.POST.get("scheme", "")
    if scheme in SCHEMES:
        response.set_cookie(SCHEME_COOKIE, scheme, max_age=YEAR, secure=not settings.DEBUG, httponly=True, samesite="Lax")
    return response


@open_page
@require_safe
def who_sees_what(request: HttpRequest) -> HttpResponse:
    """Hvem ser hva: the access table in words."""
    return render(request, "people/who_sees_what.html", {"sections": table_in_words(), "roles": ROLE_CHOICES})


@open_page
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement."""
    context = {"municipality": settings.MUNICIPALITY, "contact_email": settings.CONTACT_EMAIL}
    return render(request, "people/accessibility.html", context)


@open_page
@require_safe
def logo(request: HttpRequest) -> FileResponse:
    """The municipality's logo, from the file the installation names."""
    path = settings.LOGO_FILE
    kinds = {".svg": "image/svg+xml", ".png": "image/png"}
    kind = next((kind for ending, kind in kinds.items() if path.lower().endswith(ending)), "")
    if not kind:
        raise Http404
    try:
        answer = FileResponse(open(path, "rb"), content_type=kind)  # noqa: SIM115  (the answer closes it)
    except OSError:
        raise Http404 from None
    answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return answer
