"""Pages of the trades: list, facts and goals, criteria, and curricula."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fagbrev.access.gate import page
from fagbrev.forms.saving import save_once
from fagbrev.people.roles import COORDINATOR, ROLES, roles_of
from programmes.access import STAFF, may_edit
from programmes.actions import import_for_user, rename_goals
from programmes.facts import goal_groups, trade_facts
from programmes.forms.trades import CriterionForm, CurriculumImportForm, GoalNamesForm, TradeForm, TradeLeadForm
from programmes.lists import cohorts_of, criteria_of, curricula_of, goals_of, leads_of, trade_teachers, trades_for_list
from programmes.models import Criterion, Curriculum, Trade, TradeLead
from programmes.queries import all_trades
from programmes.views.editing import edit_page, remove_page, sent

LIST = "Fag"


@page(roles=ROLES, methods=("GET", "HEAD"))
def trade_list(request: HttpRequest) -> HttpResponse:
    """All trades."""
    today = timezone.localdate()
    trades = trades_for_list(today)
    return render(request, "programmes/trade_list.html", {"trades": trades, "may_edit": may_edit(request.user, today)})


@page(roles=ROLES, methods=("GET", "HEAD"))
def trade_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One trade: facts, goals and criteria to all; names and timetable to coordinator and teachers."""
    today = timezone.localdate()
    trade = get_object_or_404(all_trades().select_related("curriculum"), code=code)
    shows_people = bool(roles_of(request.user, today) & STAFF)
    shown = {
        "trade": trade,
        "facts": trade_facts(trade),
        "goal_groups": goal_groups(goals_of(trade.curriculum)) if trade.curriculum else [],
        "criteria": criteria_of(trade),
        "curricula": curricula_of(trade).filter(trade=trade),
        "may_edit": may_edit(request.user, today),
        "shows_people": shows_people,
    }
    if shows_people:
        shown |= {"leads": leads_of(trade, today), "cohorts": cohorts_of(trade, today), "teachers": trade_teachers(trade, today)}
    return render(request, "programmes/trade_detail.html", shown)


@page(roles={COORDINATOR})
def trade_new(request: HttpRequest) -> HttpResponse:
    """A trade that was not there."""
    form = TradeForm(sent(request), request=request, curricula=curricula_of())
    back = (reverse("trade_list"), LIST)
    lead = _("Et nytt fag trenger bare disse opplysningene. Hent inn læreplanen etterpå.")
    return edit_page(
        request, form, title=_("Nytt fag"), back=back, saved=_("Faget er lagret."), url=Trade.get_absolute_url, lead=lead
    )


@page(roles={COORDINATOR})
def trade_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Changes a trade's facts."""
    trade = get_object_or_404(Trade, code=code)
    form = TradeForm(sent(request), instance=trade, request=request, curricula=curricula_of(trade))
    back = (trade.get_absolute_url(), trade.name)
    return edit_page(request, form, title=f"Endre {trade.name.lower()}", back=back, saved=_("Faget er lagret."))


@page(roles={COORDINATOR})
def lead_new(request: HttpRequest, code: str) -> HttpResponse:
    """Someone responsible for the trade."""
    trade = get_object_or_404(Trade, code=code)
    form = TradeLeadForm(sent(request), instance=TradeLead(trade=trade), request=request)
    back = (trade.get_absolute_url(), trade.name)
    return edit_page(request, form, title=_("Ny fagansvarlig"), back=back, saved=_("Fagansvarlig er lagret."))


@page(roles={COORDINATOR})
def lead_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Changes someone responsible for a trade."""
    lead = get_object_or_404(TradeLead, public_id=public_id)
    form = TradeLeadForm(sent(request), instance=lead, request=request)
    back = (lead.trade.get_absolute_url(), lead.trade.name)
    gone = reverse("lead_remove", args=[public_id])
    return edit_page(request, form, title=_("Endre fagansvarlig"), back=back, saved=_("Fagansvarlig er lagret."), remove_url=gone)


@page(roles={COORDINATOR})
def lead_remove(request: HttpRequest, public_id: str) -> HttpResponse:
    """Removes someone responsible for a trade."""
    lead = get_object_or_404(TradeLead, public_id=public_id)
    back = (lead.trade.get_absolute_url(), lead.trade.name)
    text = f"{lead.name} er ikke lenger fagansvarlig for {lead.trade.name.lower()}."
    return remove_page(request, lead, title=_("Fjern fagansvarlig?"), text=text, back=back, removed=_("Fagansvarlig er fjernet."))


@page(roles={COORDINATOR})
def criterion_new(request: HttpRequest, code: str) -> HttpResponse:
    """A criterion of the trade's own; `?felles=1` makes one for all trades."""
    trade = get_object_or_404(Trade, code=code)
    is_common = request.GET.get("felles") == "1"
    form = CriterionForm(sent(request), instance=Criterion(trade=None if is_common else trade), request=request)
    back = (trade.get_absolute_url(), trade.name)
    title = "Nytt krav for alle fag" if is_common else f"Nytt krav for {trade.name.lower()}"
    return edit_page(request, form, title=title, back=back, saved=_("Kravet er lagret."))


@page(roles={COORDINATOR})
def criterion_edit(request: HttpRequest, code: str, public_id: str) -> HttpResponse:
    """Changes a criterion; the trade in the address is where one came from."""
    trade = get_object_or_404(Trade, code=code)
    criterion = get_object_or_404(criteria_of(trade), public_id=public_id)
    form = CriterionForm(sent(request), instance=criterion, request=request)
    back = (trade.get_absolute_url(), trade.name)
    title = "Endre krav" if criterion.trade_id else "Endre krav for alle fag"
    return edit_page(request, form, title=title, back=back, saved=_("Kravet er lagret."))


@page(roles=ROLES, methods=("GET", "HEAD"))
def curriculum_detail(request: HttpRequest, code: str) -> HttpResponse:
    """A version of a curriculum with its goals."""
    curriculum = get_object_or_404(curricula_of().select_related("trade"), code=code)
    shown = {
        "curriculum": curriculum,
        "goal_groups": goal_groups(goals_of(curriculum)),
        "may_edit": may_edit(request.user, timezone.localdate()),
    }
    return render(request, "programmes/curriculum_detail.html", shown)


@page(roles={COORDINATOR})
def goal_names(request: HttpRequest, code: str) -> HttpResponse:
    """Changes the short names of a curriculum's goals."""
    curriculum = get_object_or_404(Curriculum, code=code)
    form = GoalNamesForm(sent(request), request=request, goals=goals_of(curriculum))
    back = reverse("curriculum_detail", args=[code])
    if form.is_bound and form.is_valid():

        def save() -> str:
            count = rename_goals(goals=form.renamed(), by=request.user)
            messages.success(request, f"{count} korte navn er endret." if count else "Ingen navn er endret.")
            return back

        return save_once(request, form, save)
    page_facts = {"form": form, "curriculum": curriculum, "back_url": back}
    return render(request, "programmes/goal_names.html", page_facts, status=422 if form.is_bound else 200)


@page(roles={COORDINATOR})
def curriculum_import(request: HttpRequest) -> HttpResponse:
    """Takes in a curriculum from files; one that is there already is left as it is."""
    chosen = request.GET.get("fag", "")[:10]
    form = CurriculumImportForm(
        sent(request),
        request.FILES or None if request.method == "POST" else None,
        request=request,
        trades=all_trades(),
        initial={"trade": next((trade.pk for trade in all_trades() if trade.code == chosen), None)},
    )
    if form.is_bound and form.is_valid():
        imported = import_for_user(parsed=form.cleaned_data["file"], trade=form.cleaned_data["trade"], by=request.user)
        if imported.is_new:
            text = f"Læreplanen {imported.curriculum.code} er hentet inn. Velg den på faget når nye deltakere skal følge den."
            messages.success(request, text)
        else:
            messages.info(request, f"Læreplanen {imported.curriculum.code} finnes fra før. Ingenting er endret.")
        return redirect("curriculum_detail", code=imported.curriculum.code)
    return render(request, "programmes/curriculum_import.html", {"form": form}, status=422 if form.is_bound else 200)
