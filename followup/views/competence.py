"""The participant's goals: their page, one's own view of them, evidence, and the plans."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from fagbrev.access.table import seen_by_words
from fagbrev.forms.base import posted
from fagbrev.forms.saving import save_once
from fagbrev.people.roles import COORDINATOR, DELTAKER, FADDER, FAGLAERER, NORSKLAERER
from fagbrev.web.asking import back_or
from followup.actions.competence import give_views, save_evidence, save_plan
from followup.competence_queries import goals_of, own_evidence, own_views, plan_of, plans_of, revisions_of, states_of
from followup.competence_shown import SOURCE, WRITERS, page_of, waiting_order, writing_role
from followup.forms.competence import EvidenceForm, PlanForm, ViewsForm
from followup.models import Evidence, TrainingPlan
from followup.models.competence import PLAN_KINDS
from followup.plan_proposal import proposal_for
from followup.plans_shown import shown_plans
from participants.access import Record, record
from participants.views.rows import page_url
from participants.views.sections import head_of

GIVE_LEADS = {
    DELTAKER: "Velg det som passer best nå. Du kan svare på noen nå og resten en annen dag.",
    FADDER: "Velg det du ser på jobb nå. Det du ikke svarer på, blir stående som før.",
    FAGLAERER: "Velg det du ser nå. «Kan alene» betyr at målet er godkjent. Det du ikke svarer på, blir stående som før.",
}
PLAN_WRITERS = frozenset({COORDINATOR, FAGLAERER, NORSKLAERER, FADDER})


@record("mal", methods=("GET", "HEAD"))
def goals(request: HttpRequest, found: Record) -> HttpResponse:
    """Every goal with the three views side by side, what shows it, and what to look at first."""
    return render(request, "followup/competence_goals.html", head_of(found, "mal", request) | page_of(found))


@record("mal", write=True, writers=WRITERS)
def give(request: HttpRequest, found: Record) -> HttpResponse:
    """One's own view: of all goals on one page, or (`?mal=`) of one with why."""
    wanted = request.GET.get("mal", "")
    chosen = [goal for goal in goals_of(found.enrolment) if not wanted or goal.public_id == wanted]
    if wanted and not chosen:
        raise Http404
    role = writing_role(found)
    held = own_views(found.enrolment, role)
    form = ViewsForm(posted(request), goals=chosen, held=held, role=role, with_words=bool(wanted), request=request)
    if form.is_bound and form.is_valid():

        def save() -> str:
            saved = give_views(enrolment=found.enrolment, role=role, views=form.views(), by=found.user, today=found.today)
            messages.success(request, "Takk. Svarene dine er lagret." if saved else "Ingenting er endret.")
            return back_or(request, page_url(found, "mal"))

        return save_once(request, form, save)
    context = _form(found, form, "mal", "Kan jeg dette?" if role == DELTAKER else "Slik ser jeg målene") | {
        "source": SOURCE, "role": role, "lead": GIVE_LEADS[role], "is_one": bool(wanted),
    }  # fmt: skip
    return render(request, "followup/competence_give.html", context, status=422 if form.is_bound else 200)


@record("mal", write=True, writers=WRITERS)
def evidence_new(request: HttpRequest, found: Record) -> HttpResponse:
    """Writes down something the participant has done."""
    return _evidence(request, found, Evidence(enrolment=found.enrolment), "Skriv hva som ble gjort")


@record("mal", write=True, writers=WRITERS)
def evidence_edit(request: HttpRequest, found: Record, row_id: str) -> HttpResponse:
    """Mends what one has written oneself; another's is not there."""
    row = own_evidence(found, row_id)
    if row is None:
        raise Http404
    return _evidence(request, found, row, "Endre det du skrev")


def _evidence(request: HttpRequest, found: Record, row: Evidence, title: str) -> HttpResponse:
    states = states_of(found.enrolment)
    form = EvidenceForm(
        posted(request),
        instance=row,
        record=found,
        request=request,
        goals=goals_of(found.enrolment),
        waiting=waiting_order(states),
    )
    if form.is_bound and form.is_valid():

        def save() -> str:
            shows, role = list(form.cleaned_data["shows"]), writing_role(found)
            save_evidence(form=form, goals=shows, by=found.user, role=role, today=found.today)
            messages.success(request, "Lagret.")
            return back_or(request, page_url(found, "mal"))

        return save_once(request, form, save)
    if row._state.adding and not form.is_bound and request.GET.get("mal"):
        form.initial["shows"] = [request.GET["mal"]]
    context = _form(found, form, "mal", title) | {"source": SOURCE}
    return render(request, "followup/evidence_write.html", context, status=422 if form.is_bound else 200)


def _form(found: Record, form: Any, page: str, title: str) -> dict[str, Any]:
    section = "competence" if page == "mal" else "training_plan"
    return {
        "record": found, "form": form, "title": title, "back_url": back_or(form.request, page_url(found, page)),
        "seen_by": seen_by_words(section),
    }  # fmt: skip


@record("planer", methods=("GET", "HEAD"))
def plans(request: HttpRequest, found: Record) -> HttpResponse:
    """The individual plan and the internal training plan, with their versions."""
    held = plans_of(found.enrolment)
    may_write = found.writes("training_plan") and bool(found.roles_here & PLAN_WRITERS)
    context = head_of(found, "planer", request) | {"plans": shown_plans(found, held, revisions_of(held), may_write=may_write)}
    return render(request, "followup/plans.html", context)


@record("planer", write=True, writers=PLAN_WRITERS)
def plan_edit(request: HttpRequest, found: Record, kind: str) -> HttpResponse:
    """Writes a plan; a new one begins with a proposal made from what is known."""
    plan = plan_of(found.enrolment, kind) or TrainingPlan(enrolment=found.enrolment, kind=kind)
    proposal = proposal_for(found, kind) if plan._state.adding else None
    form = PlanForm(posted(request), instance=plan, record=found, request=request, proposal=proposal)
    if form.is_bound and form.is_valid():

        def save() -> str:
            save_plan(form=form, by=found.user, today=found.today)
            messages.success(request, "Planen er lagret.")
            return back_or(request, page_url(found, "planer"))

        return save_once(request, form, save)
    context = _form(found, form, "planer", str(dict(PLAN_KINDS)[kind]).capitalize()) | {
        "is_new": plan._state.adding, "draft_key": f"plan-{kind}-{found.enrolment.public_id}",
    }  # fmt: skip
    return render(request, "followup/plan_write.html", context, status=422 if form.is_bound else 200)
