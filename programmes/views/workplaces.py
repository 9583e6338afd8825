"""Pages of the workplaces: list, detail, approvals and people."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fagbrev.access.gate import page
from fagbrev.people.roles import COORDINATOR
from programmes.access import WORKPLACE_READERS, may_edit, workplaces_for
from programmes.facts import approval_days, workplace_facts
from programmes.forms.workplaces import ApprovalForm, PersonForm, WorkplaceForm
from programmes.lists import APPROVAL_TONES, approvals_of, people_of, workplace_users, workplaces_for_list
from programmes.models import Workplace, WorkplaceApproval, WorkplacePerson
from programmes.queries import all_trades
from programmes.views.editing import edit_page, kept_query, page_of, remove_page, sent


@page(roles=WORKPLACE_READERS, methods=("GET", "HEAD"))
def workplace_list(request: HttpRequest) -> HttpResponse:
    """The workplaces in scope, by name, trade and approval."""
    today = timezone.localdate()
    text, state = request.GET.get("q", "").strip()[:80], request.GET.get("status", "")
    state = state if state in APPROVAL_TONES else ""
    trades = list(all_trades())
    trade = next((each for each in trades if each.code == request.GET.get("fag")), None)
    closed = request.GET.get("bruk") == "nei"
    scope = workplaces_for(request.user, today)
    rows = page_of(request, workplaces_for_list(scope, today, text=text, trade=trade, state=state, closed=closed))
    for row in rows:
        for approval in row.approval_rows:
            approval.tone = APPROVAL_TONES[approval.state]
    shown = {
        "page": rows,
        "query": kept_query(request),
        "text": text,
        "state": state,
        "trade": trade,
        "trades": trades,
        "states": WorkplaceApproval.STATES,
        "closed": closed,
        "is_filtered": bool(text or state or trade or closed),
        "may_edit": may_edit(request.user, today),
    }
    return render(request, "programmes/workplace_list.html", shown)


@page(roles=WORKPLACE_READERS, methods=("GET", "HEAD"))
def workplace_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """One workplace: approvals, facts and people."""
    today = timezone.localdate()
    workplace = get_object_or_404(workplaces_for(request.user, today), public_id=public_id)
    approvals = list(approvals_of(workplace))
    for approval in approvals:
        approval.tone, approval.days = APPROVAL_TONES[approval.state], approval_days(approval)  # type: ignore[attr-defined]
    people, gone = people_of(workplace, today)
    shown = {
        "workplace": workplace,
        "facts": workplace_facts(workplace),
        "approvals": approvals,
        "people": people,
        "gone": gone,
        "may_edit": may_edit(request.user, today),
    }
    return render(request, "programmes/workplace_detail.html", shown)


@page(roles={COORDINATOR})
def workplace_new(request: HttpRequest) -> HttpResponse:
    """A workplace that was not there."""
    form = WorkplaceForm(sent(request), request=request)
    back = (reverse("workplace_list"), "Arbeidssteder")
    url = Workplace.get_absolute_url
    return edit_page(request, form, title=_("Nytt arbeidssted"), back=back, saved=_("Arbeidsstedet er lagret."), url=url)


@page(roles={COORDINATOR})
def workplace_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Changes a workplace."""
    workplace = get_object_or_404(Workplace, public_id=public_id)
    form = WorkplaceForm(sent(request), instance=workplace, request=request)
    back = (workplace.get_absolute_url(), workplace.name)
    return edit_page(request, form, title=_("Endre arbeidssted"), back=back, saved=_("Arbeidsstedet er lagret."))


@page(roles={COORDINATOR})
def approval_new(request: HttpRequest, public_id: str) -> HttpResponse:
    """An approval, or an application for one, in a trade the workplace has no row for."""
    workplace = get_object_or_404(Workplace, public_id=public_id)
    form = ApprovalForm(sent(request), instance=WorkplaceApproval(workplace=workplace), request=request, trades=all_trades())
    back = (workplace.get_absolute_url(), workplace.name)
    return edit_page(request, form, title=_("Ny godkjenning"), back=back, saved=_("Godkjenningen er lagret."))


@page(roles={COORDINATOR})
def approval_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Changes an approval: applied, approved, refused, lapsed."""
    approval = get_object_or_404(WorkplaceApproval, public_id=public_id)
    form = ApprovalForm(sent(request), instance=approval, request=request, trades=all_trades())
    back = (approval.workplace.get_absolute_url(), approval.workplace.name)
    return edit_page(
        request, form, title=f"Godkjenning i {approval.trade.name.lower()}", back=back, saved=_("Godkjenningen er lagret.")
    )


@page(roles={COORDINATOR})
def person_new(request: HttpRequest, public_id: str) -> HttpResponse:
    """Someone at a workplace."""
    workplace = get_object_or_404(Workplace, public_id=public_id)
    users = workplace_users(timezone.localdate())
    form = PersonForm(sent(request), instance=WorkplacePerson(workplace=workplace), request=request, users=users)
    back = (workplace.get_absolute_url(), workplace.name)
    return edit_page(request, form, title=f"Ny person på {workplace.name}", back=back, saved=_("Personen er lagret."))


@page(roles={COORDINATOR})
def person_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Changes someone at a workplace; an end day closes what they could see as leder."""
    person = get_object_or_404(WorkplacePerson, public_id=public_id)
    users = workplace_users(timezone.localdate(), person.user_id)
    form = PersonForm(sent(request), instance=person, request=request, users=users)
    back = (person.workplace.get_absolute_url(), person.workplace.name)
    gone = reverse("person_remove", args=[public_id])
    return edit_page(request, form, title=f"Endre {person.name}", back=back, saved=_("Personen er lagret."), remove_url=gone)


@page(roles={COORDINATOR})
def person_remove(request: HttpRequest, public_id: str) -> HttpResponse:
    """Removes someone who never was leder or fadder for anyone."""
    person = get_object_or_404(WorkplacePerson, public_id=public_id)
    text = (
        f"{person.name} blir borte fra {person.workplace.name}. Har personen vært leder eller fadder for noen, "
        "kan du i stedet skrive siste dag."
    )
    back = (person.workplace.get_absolute_url(), person.workplace.name)
    return remove_page(request, person, title=_("Fjern personen?"), text=text, back=back, removed=_("Personen er fjernet."))
