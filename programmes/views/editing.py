"""What the frame's pages for adding, changing and removing share."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db import IntegrityError, models
from django.db.models import ProtectedError, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from fagbrev.forms.saving import save_once
from fagbrev.web.asking import back_or
from programmes.actions import remove, save_form

SENT = "POST"


def sent(request: HttpRequest) -> Any:
    """Gives what was posted, or None for a form that is only to be shown."""
    return request.POST if request.method == SENT else None


def edit_page(
    request: HttpRequest,
    form: Any,
    *,
    title: str,
    back: tuple[str, str],
    saved: str,
    url: Callable[[Any], str] | None = None,
    lead: str = "",
    remove_url: str = "",
) -> HttpResponse:
    """Shows a form for one row, or saves it once and leads on to `url(row)`, else back. `back` is address and label."""
    if form.is_bound and form.is_valid():

        def save() -> str:
            row = save_form(form=form, by=request.user)  # type: ignore[arg-type]
            messages.success(request, saved)
            return back_or(request, url(row) if url else back[0])

        try:
            return save_once(request, form, save)
        except IntegrityError:
            form.add_error(None, _("Noen andre lagret det samme akkurat nå. Se over og prøv en gang til."))
    page = {"form": form, "title": title, "back_url": back[0], "back_label": back[1], "lead": lead, "remove_url": remove_url}
    return render(request, "programmes/row_edit.html", page, status=422 if form.is_bound else 200)


def remove_page(
    request: HttpRequest, row: models.Model, *, title: str, text: str, back: tuple[str, str], removed: str
) -> HttpResponse:
    """Asks before a row is removed, then removes it; says why when something still points to it."""
    if request.method == SENT:
        try:
            remove(row=row, by=request.user)  # type: ignore[arg-type]
            messages.success(request, removed)
        except ProtectedError:
            messages.error(request, "Dette er i bruk og kan ikke fjernes.")
        return redirect(back[0])
    return render(request, "programmes/row_remove.html", {"title": title, "text": text, "back_url": back[0]})


def page_of(request: HttpRequest, rows: QuerySet[Any], size: int = 25) -> Page[Any]:
    """Gives the page of rows the address asks for; the nearest one when there is no such page."""
    return Paginator(rows, size).get_page(request.GET.get("side"))


def kept_query(request: HttpRequest) -> str:
    """Gives the address's query string without the page number."""
    query = request.GET.copy()
    query.pop("side", None)
    return query.urlencode()
