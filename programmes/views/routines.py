"""Pages of the handbook of routines."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fagbrev.access.gate import page
from fagbrev.people.roles import COORDINATOR, ROLES
from programmes.access import may_edit
from programmes.forms.routines import RoutineLinkForm, RoutineStepForm
from programmes.lists import routines_for_handbook
from programmes.models import RoutineForm, RoutineStep
from programmes.phases import PHASE_NAMES, PHASES
from programmes.queries import all_trades
from programmes.views.editing import edit_page, remove_page, sent

# The whole scheme's rows have no phase, and an address needs a word.
WHOLE = "ordningen"


def _is_ours(address: str) -> bool:
    """Tells whether an address is a page of this product."""
    try:
        resolve(address.partition("?")[0])
    except Resolver404:
        return False
    return True


@page(roles=ROLES, methods=("GET", "HEAD"))
def routine_list(request: HttpRequest) -> HttpResponse:
    """The handbook in five columns, by phase and trade."""
    asked = request.GET.get("fase", "")
    phase = "" if asked == WHOLE else asked if asked and asked in PHASE_NAMES else None
    trades = list(all_trades())
    trade = next((each for each in trades if each.code == request.GET.get("fag")), None)
    edits = may_edit(request.user, timezone.localdate())
    hidden = edits and request.GET.get("bruk") == "nei"
    rows = list(routines_for_handbook(phase=phase, trade=trade, hidden=hidden))
    for row in rows:
        row.phase_name = PHASE_NAMES.get(row.phase, "")  # type: ignore[attr-defined]
        row.page_url = row.page if edits and _is_ours(row.page) else ""  # type: ignore[attr-defined]
    shown = {
        "rows": rows,
        "phases": [(code or WHOLE, label.capitalize(), code == phase) for code, label in PHASES],
        "trades": trades,
        "trade": trade,
        "hidden": hidden,
        "is_filtered": phase is not None or trade is not None or hidden,
        "may_edit": edits,
    }
    return render(request, "programmes/routine_list.html", shown)


@page(roles={COORDINATOR})
def routine_new(request: HttpRequest) -> HttpResponse:
    """A row of our own in the handbook."""
    form = RoutineStepForm(sent(request), request=request, trades=all_trades())
    back = (reverse("routine_list"), "Rutiner")
    return edit_page(request, form, title=_("Ny rutine"), back=back, saved=_("Rutinen er lagret."), url=_edit_url)


@page(roles={COORDINATOR})
def routine_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Changes a row, and lists its forms and links."""
    step = get_object_or_404(RoutineStep, public_id=public_id)
    form = RoutineStepForm(sent(request), instance=step, request=request, trades=all_trades())
    if form.is_bound and form.is_valid():
        return edit_page(request, form, title="", back=(reverse("routine_list"), "Rutiner"), saved=_("Rutinen er lagret."))
    shown = {"form": form, "step": step, "tools": step.forms.order_by("order", "pk"), "title": f"Endre rutine {step.number}"}
    return render(request, "programmes/routine_edit.html", shown, status=422 if form.is_bound else 200)


def _edit_url(step: RoutineStep) -> str:
    return reverse("routine_edit", args=[step.public_id])


@page(roles={COORDINATOR})
def tool_new(request: HttpRequest, public_id: str) -> HttpResponse:
    """A form or link of a routine."""
    step = get_object_or_404(RoutineStep, public_id=public_id)
    form = RoutineLinkForm(sent(request), instance=RoutineForm(step=step), request=request)
    return edit_page(
        request, form, title=_("Nytt skjema eller verktøy"), back=(_edit_url(step), step.what), saved=_("Skjemaet er lagret.")
    )


@page(roles={COORDINATOR})
def tool_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Changes a form or link of a routine."""
    tool = get_object_or_404(RoutineForm, public_id=public_id)
    form = RoutineLinkForm(sent(request), instance=tool, request=request)
    back, gone = (_edit_url(tool.step), tool.step.what), reverse("tool_remove", args=[public_id])
    return edit_page(
        request, form, title=_("Endre skjema eller verktøy"), back=back, saved=_("Skjemaet er lagret."), remove_url=gone
    )


@page(roles={COORDINATOR})
def tool_remove(request: HttpRequest, public_id: str) -> HttpResponse:
    """Removes a form or link of a routine."""
    tool = get_object_or_404(RoutineForm, public_id=public_id)
    text = f"«{tool.name}» blir borte fra rutinen {tool.step.what.lower()}."
    back = (_edit_url(tool.step), tool.step.what)
    return remove_page(request, tool, title=_("Fjern skjemaet?"), text=text, back=back, removed=_("Skjemaet er fjernet."))
