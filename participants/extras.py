"""What some pages of a record show beside their blocks of rows: computed dates, checklists, papers to print."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import NoReverseMatch, reverse

from fagbrev.dates import date_words, earliest_trade_test, last_registration
from participants.access import Record
from participants.exam_window_steps import blocks_for
from participants.exam_windows import goal_of, parts_below_goal
from participants.facts import ASKED_PARTIES, facts_of
from participants.models.agreements import NEEDED_SIGNERS
from participants.models.county import ENCLOSURES
from participants.models.ending import ENDING_TASKS
from participants.models.exams import PARTS
from participants.queries import (
    agreements_shown,
    consents_of,
    exam_windows,
    norwegian_levels,
    open_proposals,
)
from participants.shown import Fact
from participants.workflow import POLICE_CERTIFICATE
from programmes.queries import last_fitting_window


def url_for(name: str, found: Record, *more: str) -> str:
    """Gives an address of the record, for the same enrolment; "" when there is no such page."""
    try:
        url = reverse(name, args=[found.participant.public_id, *more])
    except NoReverseMatch:
        return ""
    newest = next((row for row in found.enrolments if row.is_open), found.enrolments[0])
    return url if newest.pk == found.enrolment.pk else f"{url}?lop={found.enrolment.public_id}"


def contract_dates(found: Record) -> list[Fact]:
    """Gives earliest test, last registration and the last exam window that fits, for the newest contract (ofo §§ 9-55, 9-56)."""
    end = found.enrolment.contract_ends_on
    if not end:
        return []
    fitting = last_fitting_window(end, exam_windows(found.today))
    facts = [
        Fact("Kontrakt med fylket", f"{_day(found.enrolment.contract_starts_on)} til {date_words(end)}"),
        Fact("Fagprøve tidligst", date_words(earliest_trade_test(end))),
        Fact("Meld opp til fagprøve senest", date_words(last_registration(end))),
    ]
    if fitting:
        facts.append(
            Fact("Siste eksamensvindu som rekker", f"{date_words(fitting.opens_on)} til {date_words(fitting.closes_on)}")
        )
    else:
        facts.append(Fact("Siste eksamensvindu som rekker", "ingen", note="før kontrakten slutter"))
    return facts


def _day(day: Any) -> str:
    return date_words(day) if day else "ukjent"


def agreements(found: Record) -> dict[str, Any]:
    """Who has signed what, and the papers to print."""
    rows = []
    for agreement in agreements_shown(found):
        if found.roles_reading("agreements") == {"leder"} and agreement.kind != "participation":
            continue
        signed = {signature.party: signature for signature in agreement.signatures.all()}
        may_edit = found.is_coordinator and agreement.replaced_on is None
        parties = [
            {
                "name": dict(_PARTIES)[party],
                "signature": signed.get(party),
                "edit_url": url_for("underskrift_edit", found, signed[party].public_id) if may_edit and party in signed else "",
            }
            for party in NEEDED_SIGNERS[agreement.kind]
        ]
        may_sign = may_edit and len(signed) < len(parties)
        rows.append(
            {
                "agreement": agreement,
                "parties": parties,
                "sign_url": url_for("underskrift_new_on", found, agreement.public_id) if may_sign else "",
            }
        )
    papers = [("Avtale om deltakelse", "paper_agreement")]
    if found.roles_reading("agreements") != {"leder"}:
        papers.insert(0, ("Kontrakt med samtykke", "paper_contract"))
    return {
        "agreements": rows,
        "papers": _papers(found, papers),
        "hide": {"underskrift"},
        "extra": "participants/_agreements.html",
    }


_PARTIES = (("deltaker", "deltaker"), ("coordinator", "koordinator"), ("leder", "leder på arbeidsstedet"))


def _papers(found: Record, papers: list[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"label": label, "url": url} for label, name in papers if (url := url_for(name, found))]


def consents(found: Record) -> dict[str, Any]:
    """Every answer, current and before."""
    return {
        "consents": list(consents_of(found.participant)),
        "answer_url": url_for("consent_answer", found) if found.writes("consents") else "",
        "parties": ASKED_PARTIES,
        "extra": "participants/_consents.html",
    }


def placement(found: Record) -> dict[str, Any]:
    """What can be done with placements: faddere, a new place, proposals to answer."""
    places = list(found.placements().filter(ends_on__isnull=True).select_related("workplace"))
    is_leder = "leder" in found.roles_here
    acts = []
    for place in places:
        if found.writes("placement") and (found.is_coordinator or is_leder):
            acts.append(
                {"label": f"Velg fadder på {place.workplace.name}", "url": url_for("fadder_new_on", found, place.public_id)}
            )
        if is_leder:
            acts.append({"label": "Foreslå en ny fadder", "url": url_for("forslag_new_on", found, place.public_id)})
    if found.is_coordinator and any(place.is_main for place in places):
        acts.append({"label": "Bytt arbeidssted", "url": url_for("change_workplace", found)})
    proposals = [
        {"proposal": proposal, "url": url_for("proposal_accept", found, proposal.public_id)}
        for proposal in open_proposals(found.placements())
    ] if found.is_coordinator else []  # fmt: skip
    return {
        "acts": acts,
        "proposals": proposals,
        "start": _demands_before_start(found) if is_leder and places else "",
        "hide": set() if is_leder else {"forslag"},
        "extra": "participants/_placement.html",
    }


def _demands_before_start(found: Record) -> str:
    """What a leder is told of the police certificate: that what is demanded before the start is in order, or not yet."""
    facts = facts_of(found.enrolment, today=found.today, groups=("placement",))
    return "Krav før start er ikke oppfylt ennå." if POLICE_CERTIFICATE.missing(facts) else "Krav før start er oppfylt."


def application(found: Record) -> dict[str, Any]:
    """The five enclosures: what is there and what is missing."""
    held = {row.kind: row for row in found.enrolment.enclosures.select_related("document")}
    rows = []
    for kind, name in ENCLOSURES:
        row = held.get(kind)
        state = row.state if row else "missing"
        rows.append(
            {
                "label": name[:1].upper() + name[1:],
                "note": row.reason
                if row and row.state == "not_relevant"
                else (row.document.title if row and row.document else ""),
                "met": state != "missing",
                "url": url_for("vedlegg_new_on", found, kind) if found.is_coordinator else "",
                "act": "Registrer" if state == "missing" else "Endre",
            }
        )
    return {
        "conditions": rows,
        "conditions_title": "De fem vedleggene",
        "papers": [],
        "hide": {"vedlegg"},
        "extra": "participants/_conditions.html",
    }


def contract(found: Record) -> dict[str, Any]:
    """The dates that follow from the newest contract."""
    facts = contract_dates(found)
    leave = found.enrolment.leaves.filter(proposed_contract_end__isnull=False).order_by("-starts_on").first()
    proposed, end = leave.proposed_contract_end if leave else None, found.enrolment.contract_ends_on
    if proposed and end and proposed > end:
        facts.append(Fact("Foreslått ny sluttdato etter permisjon", date_words(proposed), note="(til fylket har bestemt)"))
    return {"facts": facts, "facts_title": "Dette følger av kontrakten", "extra": "participants/_facts.html"}


def exams(found: Record) -> dict[str, Any]:
    """Levels against the trade's goal, the dates everyone around needs, and what the participant does in a window."""
    trade = found.enrolment.trade
    facts: list[Fact] = []
    if found.reads("exams") and trade:
        best = norwegian_levels(found.participant)
        below = parts_below_goal({part: test.level for part, test in best.items()}, trade)
        for part, name in PARTS:
            shown = best[part].get_level_display() if part in best else ""
            note = f"(mål {goal_of(part, trade).upper()})" if part in below else ""
            facts.append(Fact(f"Norsk, {name}", shown, note=note, missing=not shown))
    blocks = blocks_for(found, found.today) if found.is_own and found.enrolment.is_open else []
    return {
        "facts": facts,
        "facts_title": "Norsk mot målet i faget",
        "dates": exam_dates(found) if found.reads("exam_dates") else [],
        "window_blocks": blocks,
        "windows": [] if blocks else exam_windows(found.today)[:2],
        "windows_url": reverse("exam_window_list") if found.roles_here & {"coordinator", "faglaerer", "norsklaerer"} else "",
        "extra": "participants/_exams.html",
    }


def exam_dates(found: Record) -> list[Fact]:
    """Gives the days of exams and tests ahead, so that time off is given."""
    facts = []
    for exam in found.participant.written_exams.filter(exam_on__gte=found.today).order_by("exam_on"):
        facts.append(Fact("Skriftlig eksamen", _day(exam.exam_on)))
    for test in found.enrolment.trade_tests.filter(starts_on__gte=found.today).order_by("starts_on"):
        ends = f" til {date_words(test.ends_on)}" if test.ends_on and test.ends_on != test.starts_on else ""
        facts.append(Fact("Fagprøve", _day(test.starts_on) + ends))
    for part in found.participant.norwegian_tests.filter(taken_on__gte=found.today).order_by("taken_on"):
        facts.append(Fact(f"Norskprøve, {part.get_part_display()}", _day(part.taken_on)))
    return facts


def ending(found: Record) -> dict[str, Any]:
    """The ending checklist."""
    held = {row.kind: row for row in found.enrolment.ending_tasks.all()}
    still = facts_of(found.enrolment, today=found.today, groups=("ending",)).ending_open
    rows = []
    for kind, name in ENDING_TASKS:
        row = held.get(kind)
        note = ""
        if row and row.done_on:
            note = date_words(row.done_on)
        elif row:
            note = f"Gjøres ikke: {row.waived_reason}"
        elif name not in still:
            note = "Ingenting er lånt ut."
        rows.append({
            "label": name[:1].upper() + name[1:], "note": note, "met": name not in still,
            "url": url_for("bevis_new" if kind == "certificate" else "punkt_new_on", found, *(() if kind == "certificate" else (kind,))),
            "act": "Registrer",
        })  # fmt: skip
    return {
        "conditions": rows,
        "conditions_title": "Sjekkliste",
        "hide": {"punkt"},
        "papers": _papers(found, [("Deltakerbevis", "paper_certificate")]),
        "extra": "participants/_conditions.html",
    }


def police(found: Record) -> dict[str, Any]:
    """The form for the purpose, to print."""
    return {"papers": _papers(found, [("Formålsskjema", "paper_purpose_form")]), "extra": "participants/_papers.html"}


def person(found: Record) -> dict[str, Any]:
    """Showing the national identity number is an act of its own."""
    held = bool(found.participant.national_id) and found.reads("national_id")
    return {"reveal_url": url_for("reveal_national_id", found) if held else "", "extra": "participants/_person.html"}


def admission(found: Record) -> dict[str, Any]:
    """The criteria, the two voices, and the decision with how to complain."""
    checks = found.enrolment.eligibility.select_related("criterion").order_by("criterion__order")
    return {
        "checks": list(checks),
        "voices": list(found.enrolment.voices.select_related("by")) if not found.is_own else [],
        "criteria_url": url_for("eligibility_edit", found) if found.is_coordinator else "",
        "voice_url": url_for("voice_give", found) if found.roles_here & {"coordinator", "faglaerer"} else "",
        "decision": found.enrolment.changes.filter(to_status__in=["admitted", "waitlisted", "declined"]).order_by("-at").first(),
        "may_read_reason": found.reads("status_reasons"),
        "interview": getattr(found.enrolment, "interview", None) if not found.is_own else None,
        "extra": "participants/_admission.html",
    }


def documents_given(found: Record) -> dict[str, Any]:
    """The certificate, once it is issued: the participant's own to print."""
    has_certificate = found.is_own and hasattr(found.enrolment, "certificate")
    return {
        "papers": _papers(found, [("Deltakerbevis", "paper_certificate")] if has_certificate else []),
        "extra": "participants/_papers.html",
    }


EXTRAS: dict[str, Callable[[Record], dict[str, Any]]] = {
    "avtaler": agreements,
    "samtykker": consents,
    "arbeidssted": placement,
    "soknad": application,
    "kontrakt": contract,
    "eksamen": exams,
    "avslutning": ending,
    "politiattest": police,
    "person": person,
    "opptak": admission,
    "etterpa": documents_given,
}
