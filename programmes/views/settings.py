"""Pages of the dated settings: what holds now, what held before, and a new value from a day."""

from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fagbrev.access.gate import page
from fagbrev.people.roles import COORDINATOR
from programmes.facts import value_words
from programmes.forms.year import SettingForm
from programmes.lists import values_of
from programmes.models import Setting
from programmes.settings_in_force import KNOWN, Known
from programmes.views.editing import edit_page, remove_page, sent


def _known(key: str) -> Known:
    if key not in KNOWN:
        raise Http404
    return KNOWN[key]


def _values(rows: Any, today: Any) -> list[dict[str, Any]]:
    """The values of one setting, the newest first, each with its time: ahead, in force or past."""
    shown, has_current = [], False
    for row in rows:
        is_ahead = row.valid_from > today
        is_current = not is_ahead and not has_current
        has_current = has_current or is_current
        shown.append({"row": row, "words": value_words(row), "is_ahead": is_ahead, "is_current": is_current})
    return shown


@page(roles={COORDINATOR}, methods=("GET", "HEAD"))
def setting_list(request: HttpRequest) -> HttpResponse:
    """Every setting the product asks for, with what holds now and what comes."""
    today = timezone.localdate()
    rows = sorted(values_of(), key=lambda row: (row.key, -row.valid_from.toordinal()))
    by_key = {key: _values(group, today) for key, group in groupby(rows, key=lambda row: row.key)}
    settings = []
    for known in KNOWN.values():
        values = by_key.get(known.key, [])
        current = next((value for value in values if value["is_current"]), None)
        ahead = [value for value in values if value["is_ahead"]]
        settings.append({"known": known, "current": current, "next": ahead[-1] if ahead else None})
    return render(request, "programmes/setting_list.html", {"settings": settings})


@page(roles={COORDINATOR}, methods=("GET", "HEAD"))
def setting_detail(request: HttpRequest, key: str) -> HttpResponse:
    """One setting with all its values."""
    shown = {"known": _known(key), "values": _values(values_of(key), timezone.localdate())}
    return render(request, "programmes/setting_detail.html", shown)


def _highest(known: Known) -> int | None:
    return 100 if known.unit == "prosent" else None


@page(roles={COORDINATOR})
def setting_new(request: HttpRequest, key: str) -> HttpResponse:
    """A value from a day."""
    known = _known(key)
    form = SettingForm(sent(request), instance=Setting(key=key), request=request, highest=_highest(known))
    form.fields["value"].suffix = known.unit
    back = (reverse("setting_detail", args=[key]), known.label)
    return edit_page(
        request, form, title=f"Ny verdi: {known.label}", back=back, saved=_("Verdien er lagret."), lead=known.meaning
    )


@page(roles={COORDINATOR})
def setting_edit(request: HttpRequest, key: str, public_id: str) -> HttpResponse:
    """Changes a value that has not begun to hold; one in force is never changed."""
    known = _known(key)
    row = get_object_or_404(Setting, key=key, public_id=public_id, valid_from__gt=timezone.localdate())
    form = SettingForm(sent(request), instance=row, request=request, highest=_highest(known))
    form.fields["value"].suffix = known.unit
    back = (reverse("setting_detail", args=[key]), known.label)
    gone = reverse("setting_remove", args=[key, public_id])
    return edit_page(request, form, title=f"Endre: {known.label}", back=back, saved=_("Verdien er lagret."), remove_url=gone)


@page(roles={COORDINATOR})
def setting_remove(request: HttpRequest, key: str, public_id: str) -> HttpResponse:
    """Removes a value that has not begun to hold."""
    known = _known(key)
    row = get_object_or_404(Setting, key=key, public_id=public_id, valid_from__gt=timezone.localdate())
    back = (reverse("setting_detail", args=[key]), known.label)
    text = f"{known.label}: {value_words(row)} blir borte."
    return remove_page(request, row, title=_("Fjern verdien?"), text=text, back=back, removed=_("Verdien er fjernet."))
