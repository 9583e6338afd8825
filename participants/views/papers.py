"""The four papers as accessible PDFs, each behind the gate and in the look log."""

from __future__ import annotations

import logging
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from fagbrev.files import attachment_response
from fagbrev.pdf import PdfError, render_pdf
from fagbrev.people.roles import COORDINATOR, DELTAKER, LEDER
from participants import papers
from participants.access import Record, look, record

logger = logging.getLogger(__name__)
READ = ("GET", "HEAD")
OWN = frozenset({COORDINATOR, DELTAKER})


@record("avtaler", writers=OWN, methods=READ, log=False)
def paper_contract(request: HttpRequest, found: Record) -> HttpResponse:
    """The contract with absence rules and consent, to sign on paper (V8 row 5)."""
    shown = ("identity", "agreements", "consents")
    return _paper(request, found, "avtaler", "kontrakt", papers.contract(found), shown)


@record("avtaler", writers=OWN | {LEDER}, methods=READ, log=False)
def paper_agreement(request: HttpRequest, found: Record) -> HttpResponse:
    """The participation agreement with one workplace (V8 row 7); a leder gets only that of own placements."""
    wanted = request.GET.get("praksisplass", "")
    placement = papers.placement_for_agreement(found, wanted)
    if placement is None and (wanted or not found.roles_here & OWN):
        raise Http404
    shown = ("identity", "agreements", "placement")
    return _paper(request, found, "avtaler", "avtale-om-deltakelse", papers.participation_agreement(found, placement), shown)


@record("historikk", sections=("progress",), writers=OWN, methods=READ, log=False)
def paper_certificate(request: HttpRequest, found: Record) -> HttpResponse:
    """The participation certificate; the participant gets it when it is issued (V8 rows 15 and 16)."""
    issued = papers.issued_certificate(found)
    if issued is None and not found.is_coordinator:
        raise Http404
    shown = ("identity", "person_details", "progress", "placement", "exams")
    return _paper(request, found, "avslutning", "deltakerbevis", papers.certificate(found, issued), shown)


@record("politiattest", methods=READ, log=False)
def paper_purpose_form(request: HttpRequest, found: Record) -> HttpResponse:
    """The purpose form for the police certificate, where one is needed (V8 row 5)."""
    if not papers.needs_police_certificate(found):
        messages.warning(request, _("Faget og arbeidsstedet krever ikke politiattest. Da trengs ikke formålsskjemaet."))
        return redirect(found.enrolment.get_absolute_url())
    shown = ("identity", "person_details", "placement", "police_certificate")
    return _paper(request, found, "politiattest", "formalsskjema", papers.purpose_form(found), shown)


def _paper(
    request: HttpRequest, found: Record, page: str, name: str, context: dict[str, Any], shown: tuple[str, ...]
) -> HttpResponse:  # fmt: skip
    template = f"participants/pdf/{name.replace('-', '_')}.html"
    try:
        content = render_pdf(template, context, title=context["title"])
    except PdfError as error:
        logger.error("paper %s of %s: %s", name, found.enrolment.public_id, error)
        messages.error(request, _("Vi fikk ikke laget PDF-en. Prøv igjen om litt."))
        return redirect(found.enrolment.get_absolute_url())
    if request.method == "GET":
        look(found, page, shown=shown, act="pdf")
    response: Any = attachment_response(content, f"{name}-{found.participant.public_id}.pdf", "application/pdf")
    return response
