"""The pages below one participant: a head, tabs by right, and blocks of rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse

from fagbrev.access.table import readers, seen_by_words
from fagbrev.people.roles import ROLE_NAMES
from participants.access import Record, look, record
from participants.actions.life import accept_proposal
from participants.extras import EXTRAS
from participants.pages import PAGES, tab_pages
from participants.queries import changes_of, looks_at, open_proposals
from participants.shown import blocks_of
from participants.workflow import ENDED, STATUS_NAMES, WITH_PLACEMENT

AFTER_START = frozenset({*WITH_PLACEMENT, "on_leave", *ENDED})


def tabs_of(found: Record, current: str) -> list[dict[str, Any]]:
    """Gives the tabs the user may open, as the component draws them."""
    pid = found.participant.public_id
    newest = next((row for row in found.enrolments if row.is_open), found.enrolments[0])
    suffix = "" if newest.pk == found.enrolment.pk else f"?lop={found.enrolment.public_id}"
    has_begun = found.enrolment.status in AFTER_START
    tabs = [{"label": "Oversikt", "url": reverse("participant_detail", args=[pid]) + suffix, "current": current == "oversikt"}]
    for page in tab_pages():
        if not any(found.reads(section) for section in page.sections):
            continue
        if page.roles and not found.roles_here & page.roles:
            continue
        if found.sees_leave_only and page.key != "permisjon":
            continue
        try:
            url = reverse(f"participant_{page.key}", args=[pid])
        except NoReverseMatch:
            continue
        tabs.append(
            {
                "label": page.title,
                "url": url + suffix,
                "current": page.key == current,
                "rare": page.rare or (page.early and has_begun),
            }
        )
    return tabs


def split_tabs(tabs: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Gives the tabs that always show, and those under «Mer»; few tabs need no «Mer», and the present one always shows."""
    if len(tabs) <= 8:
        return tabs, []
    return [tab for tab in tabs if not tab.get("rare") or tab["current"]], [
        tab for tab in tabs if tab.get("rare") and not tab["current"]
    ]


def head_of(found: Record, current: str, request: HttpRequest) -> dict[str, Any]:
    """Gives what every page of a record shows on top."""
    page = PAGES[current]
    names = sorted({role for section in page.sections for role in readers(section)}, key=list(ROLE_NAMES).index)
    tabs, more_tabs = split_tabs(tabs_of(found, current))
    return {
        "record": found,
        "page": page,
        "tabs": tabs,
        "more_tabs": more_tabs,
        "status_name": STATUS_NAMES[found.enrolment.status],
        "status_share": phase_share(found.enrolment.status),
        "seen_by": seen_by_words(page.sections[0])
        if len(page.sections) == 1
        else _and([str(ROLE_NAMES[role]) for role in names]),
        "back_query": request.session.get("caseload_query", ""),
        "is_protected": found.participant.address_protection != "" and found.reads("home_address"),
    }


def phase_share(status: str) -> int:
    """Gives how far along a phase is, 0 to 8, for the ring in the phase tag."""
    order = [
        "referred",
        "interviewed",
        "admitted",
        "onboarding",
        "placed",
        "contract_applied",
        "training",
        "trade_test",
        "completed",
    ]
    same = {"waitlisted": "interviewed", "on_leave": "training"}
    return order.index(same.get(status, status)) if same.get(status, status) in order else 0


def _and(words: list[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " og " + words[-1]


def section_page(key: str) -> Callable[..., HttpResponse]:
    """Gives the view of one page of a record."""

    @record(key, methods=("GET", "HEAD"))
    def view(request: HttpRequest, found: Record) -> HttpResponse:
        context = head_of(found, key, request) | {"blocks": blocks_of(key, found), "hide": set(), "extra": ""}
        if key in EXTRAS:
            context |= EXTRAS[key](found)
        return render(request, "participants/section.html", context)

    return view


@record("historikk", methods=("GET", "HEAD"))
def history(request: HttpRequest, found: Record) -> HttpResponse:
    """The status history: who, when registered, when it happened, from, to, why."""
    if found.sees_leave_only:
        raise PermissionDenied
    context = head_of(found, "historikk", request) | {
        "changes": list(changes_of(found.enrolment))[::-1],
        "status_names": STATUS_NAMES,
        "may_read_reasons": found.reads("status_reasons"),
        "may_correct": found.is_coordinator,
    }
    return render(request, "participants/history.html", context)


@record("innsyn", methods=("GET", "HEAD"))
def looked(request: HttpRequest, found: Record) -> HttpResponse:
    """Who has looked at the record."""
    rows = Paginator(looks_at(found.participant), 50).get_page(request.GET.get("side"))
    return render(request, "participants/looked.html", head_of(found, "innsyn", request) | {"rows": rows})


@record("person", sections=("national_id",), act="reveal", log=False)
def reveal_national_id(request: HttpRequest, found: Record) -> HttpResponse:
    """Shows the whole national identity number: an act of its own, logged."""
    held = found.participant.national_id
    if request.method != "POST" or not held:
        return redirect("participant_person", found.participant.public_id)
    look(found, "person", shown=["national_id"], act="reveal")
    context = head_of(found, "person", request) | {"number": held.open()}
    return render(request, "participants/national_id.html", context)


@record("arbeidssted", write=True, writers=frozenset({"coordinator"}), methods=("POST",))
def proposal_accept(request: HttpRequest, found: Record, row_id: str) -> HttpResponse:
    """Makes the fadder the leder proposed the fadder from today."""
    proposal = open_proposals(found.placements()).filter(public_id=row_id).first()
    if proposal is None:
        raise Http404
    if accept_proposal(proposal=proposal, by=found.user, today=found.today):
        messages.success(request, f"{proposal.name} er fadder fra i dag.")
    return redirect("participant_arbeidssted", found.participant.public_id)
