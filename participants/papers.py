"""What stands on the four printed papers: contract, participation agreement, certificate and purpose form (V8 rows 5, 7, 15, 16)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import F, Min, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fagbrev.dates import date_words
from participants.access import Record
from participants.facts import ASKED_PARTIES
from participants.models import (
    Agreement,
    Consent,
    NorwegianTest,
    ParticipationCertificate,
    Placement,
    PlacementFadder,
    TradeTest,
    WrittenExam,
)
from participants.models.agreements import CONSENT_PARTIES
from participants.models.exams import LEVELS, PARTS
from programmes.settings_in_force import setting

TEXT_VERSION = "2026-1"
WEEKDAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")
SHARED_WITH = {
    "workplace": gettext_lazy("navn, telefon, fag, dager, mål for opplæringen og hvordan det går"),
    "nav": gettext_lazy("at du deltar, hvor mye du er til stede, og når opplæringen begynner og slutter"),
    "school": gettext_lazy("navn, fag og hvordan opplæringen går"),
    "adult_education": gettext_lazy("navn, norsknivå og hvordan opplæringen går"),
    "county": gettext_lazy("søknaden om opplæringskontrakt med vedlegg, og melding til fagprøven"),
    "introduction": gettext_lazy("at du deltar, hvor mye du er til stede, og når opplæringen begynner og slutter"),
}
# Why a police certificate is needed, by kind of workplace. A municipality words them anew in settings.POLICE_PURPOSES.
PURPOSES = {
    "kindergarten": gettext_lazy("Opplæring og praksis i barnehage. Hjemmel: barnehageloven § 30."),
    "school": gettext_lazy("Opplæring og praksis i skole eller skolefritidsordning. Hjemmel: opplæringslova § 17-11."),
    "health": gettext_lazy("Opplæring og praksis i helse- og omsorgstjenesten. Hjemmel: helse- og omsorgstjenesteloven § 5-4."),
}
PURPOSE_OF_KIND = {"kindergarten": "kindergarten", "school": "school", "nursing_home": "health", "home_care": "health"}

Fact = dict[str, str]


def fact(label: str, value: object) -> Fact:
    """One line of a paper's facts; an unknown value is a line to write on."""
    text = date_words(value) if isinstance(value, date) else str(value or "")
    return {"label": label, "value": text}


def _days(found: Iterable[int]) -> str:
    names = [WEEKDAYS[day] for day in found if isinstance(day, int) and 0 <= day < len(WEEKDAYS)]
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " og " + names[-1] if names else ""


def _agreement(found: Record, kind: str, placement: Placement | None = None) -> Agreement | None:
    rows = Agreement.objects.filter(enrolment=found.enrolment, kind=kind, replaced_on__isnull=True)
    if placement:
        rows = rows.filter(Q(placement=placement) | Q(placement__isnull=True))
    return rows.order_by(F("placement").desc(nulls_last=True), "-number").first()


def _version(agreement: Agreement | None) -> str:
    if agreement is None:
        return _("tekst %(text)s") % {"text": TEXT_VERSION}
    return _("utgave %(number)s, tekst %(text)s") % {"number": agreement.number, "text": agreement.text_version}


def _signed(agreement: Agreement | None) -> list[str]:
    """What is recorded of signatures, in words."""
    if agreement is None:
        return []
    return [
        f"{signature.get_party_display().capitalize()}: {signature.signer_name}, {date_words(signature.signed_on)}"
        for signature in agreement.signatures.order_by("signed_on", "pk")
    ]


# --- Contract with absence rules and consent ----------------------------------------------------------


def contract(found: Record) -> dict[str, Any]:
    """Gives what stands on the contract. Its readers are the koordinator and the participant."""
    enrolment, trade = found.enrolment, found.enrolment.trade
    agreement = _agreement(found, "contract")
    percent = int(setting("participation_percent", found.today))
    return {
        "title": _("Kontrakt om deltakelse"),
        "facts": [
            fact(_("Deltaker"), found.participant.full_name),
            fact(_("Fag"), trade),
            fact(_("Laget"), agreement.made_on if agreement else found.today),
            fact(_("Versjon"), _version(agreement)),
        ],
        "trade": str(trade).lower() if trade else "",
        "goal_oral": trade.get_goal_oral_display() if trade else "",
        "goal_written": trade.get_goal_written_display() if trade else "",
        "percent": percent,
        "special_terms": agreement.special_terms if agreement else "",
        "signed": _signed(agreement),
        "consents": consents(found) if found.reads("consents") else [],
        "signatures": [
            {"role": _("Deltaker"), "name": found.participant.full_name},
            {"role": _("Koordinator, for kommunen"), "name": ""},
        ],
        "enrolment_id": enrolment.public_id,
    }


def consents(found: Record) -> list[dict[str, Any]]:
    """Gives each party that may be shared with: what is shared, and the recorded answer or boxes to tick."""
    rows = Consent.objects.filter(participant=found.participant, is_current=True).select_related("workplace")
    held: dict[str, list[Consent]] = {}
    for consent in rows.order_by("answered_on", "pk"):
        held.setdefault(consent.party, []).append(consent)
    asked = {key for key, _label in ASKED_PARTIES} | set(held)
    shown = []
    for key, label in CONSENT_PARTIES:
        if key not in asked:
            continue
        answers: list[Consent | None] = [*held.get(key, [])] or [None]
        for row in answers:
            name = f"{label}: {row.workplace}" if row and row.workplace else label
            shown.append({"party": name[:1].upper() + name[1:], "what": SHARED_WITH[key], "answer": _answer(row)})
    return shown


def _answer(row: Consent | None) -> str:
    if row is None:
        return ""
    if row.withdrawn_on:
        return _("Trukket %(day)s") % {"day": date_words(row.withdrawn_on)}
    word = _("Ja") if row.answer else _("Nei")
    return _("%(answer)s, svart %(day)s") % {"answer": word, "day": date_words(row.answered_on)}


# --- Participation agreement ---------------------------------------------------------------------------


def placement_for_agreement(found: Record, placement_id: str = "") -> Placement | None:
    """Gives the placement the agreement is about, within the user's scope: the one asked for, else the main or newest one."""
    rows = found.placements("agreements").select_related("workplace", "leder")
    if placement_id:
        return rows.filter(public_id=placement_id).first()
    return rows.order_by(F("ends_on").desc(nulls_first=True), "-is_main", "-pk").first()


def participation_agreement(found: Record, placement: Placement | None) -> dict[str, Any]:
    """Gives what stands on the participation agreement between participant, workplace and service."""
    agreement = _agreement(found, "participation", placement)
    faddere = _faddere(placement, found.today)
    leder = str(placement.leder) if placement and placement.leder else ""
    starts_on = (placement and placement.starts_on) or (agreement and agreement.starts_on)
    return {
        "title": _("Avtale om deltakelse"),
        "facts": [
            fact(_("Deltaker"), found.participant.full_name),
            fact(_("Fag"), found.enrolment.trade),
            fact(_("Arbeidssted"), placement.workplace if placement else ""),
            fact(_("Første dag"), starts_on),
            fact(_("Gjelder til"), (agreement and agreement.ends_on) or _("fagprøven er bestått")),
            fact(_("Stillingsprosent"), f"{placement.percent} %" if placement and placement.percent is not None else ""),
            fact(_("Dager på arbeidsstedet"), _days(placement.weekdays) if placement else ""),
            fact(_("Leder"), leder),
            fact(_("Fadder"), faddere["main"]),
            fact(_("Vikar for fadder"), faddere["substitute"]),
            fact(_("Versjon"), _version(agreement)),
        ],
        "special_terms": agreement.special_terms if agreement else "",
        "confirmed_on": placement.extra_person_confirmed_on if placement else None,
        "signed": _signed(agreement),
        "signatures": [
            {"role": _("Deltaker"), "name": found.participant.full_name},
            {"role": _("Leder på arbeidsstedet"), "name": leder},
            {"role": _("Koordinator, for kommunen"), "name": ""},
        ],
    }


def _faddere(placement: Placement | None, today: date) -> dict[str, str]:
    names: dict[str, list[str]] = {"main": [], "substitute": []}
    if placement:
        rows = PlacementFadder.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today), placement=placement)
        for row in rows.select_related("person").order_by("starts_on", "pk"):
            names["substitute" if row.is_substitute else "main"].append(row.person.name)
    return {key: ", ".join(dict.fromkeys(found)) for key, found in names.items()}


# --- Participation certificate --------------------------------------------------------------------------


def issued_certificate(found: Record) -> ParticipationCertificate | None:
    """Gives the enrolment's certificate, when it is issued."""
    return ParticipationCertificate.objects.filter(enrolment=found.enrolment).select_related("issued_by").first()


def certificate(found: Record, issued: ParticipationCertificate | None) -> dict[str, Any]:
    """Gives what stands on the certificate: what was done and passed, never what was not."""
    person, enrolment = found.participant, found.enrolment
    facts = [fact(_("Fag"), enrolment.trade)]
    if enrolment.curriculum:
        facts.append(fact(_("Læreplan"), f"{enrolment.curriculum.title} ({enrolment.curriculum.code})"))
    facts += [row for row in (_period(found, issued), _workplaces(found)) if row]
    facts += _passed(found)
    return {
        "title": _("Deltakerbevis"),
        "name": person.full_name,
        "born": person.birth_date if found.reads("person_details") else None,
        "facts": facts,
        "words": issued.words if issued else "",
        "issued_on": issued.issued_on if issued else None,
        "is_draft": issued is None,
        "signatures": [
            {"role": _("Koordinator, for kommunen"), "name": str(issued.issued_by) if issued and issued.issued_by else ""}
        ],
    }


def _period(found: Record, issued: ParticipationCertificate | None) -> Fact | None:
    first = Placement.objects.filter(enrolment=found.enrolment).aggregate(first=Min("starts_on"))["first"]
    first = first or found.enrolment.contract_starts_on
    last = found.enrolment.ended_on or (issued.issued_on if issued else None)
    if not first or (last and last < first):
        return None
    return fact(_("Periode"), _span(first, last))


def _span(first: date | None, last: date | None) -> str:
    if first and last:
        return f"{date_words(first)} – {date_words(last)}"
    return _("fra %(day)s") % {"day": date_words(first)} if first else ""


def _workplaces(found: Record) -> Fact | None:
    """The places where practice was; left out with a protected address, since a certificate is shown to anyone."""
    if found.participant.address_protection:
        return None
    rows = Placement.objects.filter(enrolment=found.enrolment, starts_on__lte=found.today).select_related("workplace")
    texts = [f"{row.workplace} ({_span(row.starts_on, row.ends_on)})" for row in rows.order_by("starts_on", "pk")]
    return fact(_("Praksis"), "; ".join(texts)) if texts else None


def _passed(found: Record) -> list[Fact]:
    """Exam, trade test and Norwegian tests that are passed."""
    facts, trade = [], found.enrolment.trade
    if trade and trade.written_exam_code:
        exams = WrittenExam.objects.filter(participant=found.participant, exam_code=trade.written_exam_code)
        exam = exams.filter(state__in=["passed", "credited"]).order_by("-result_on", "-pk").first()
        if exam:
            facts.append(fact(_("Skriftlig eksamen"), _dated(exam.get_state_display(), exam.result_on or exam.exam_on)))
    test = TradeTest.objects.filter(enrolment=found.enrolment, result__in=["passed", "passed_merit"]).order_by("-attempt").first()
    if test:
        facts.append(fact(_("Fagprøve"), _dated(test.get_result_display(), test.result_on or test.ends_on)))
    norwegian = _norwegian(found)
    if norwegian:
        facts.append(fact(_("Norskprøve"), norwegian))
    return facts


def _dated(word: str, day: date | None) -> str:
    return f"{word} {date_words(day)}" if day else word


def _norwegian(found: Record) -> str:
    order = [code for code, _label in LEVELS]
    best: dict[str, str] = {}
    tests = NorwegianTest.objects.filter(participant=found.participant, state="taken").exclude(level="")
    for part, level in tests.values_list("part", "level"):
        if part not in best or order.index(level) > order.index(best[part]):
            best[part] = level
    return ", ".join(f"{label} {dict(LEVELS)[best[part]]}" for part, label in PARTS if part in best)


# --- Purpose form for the police certificate ---------------------------------------------------------------


def needs_police_certificate(found: Record) -> bool:
    """Tells whether trade, workplace or koordinator demands a police certificate of one who is still on the way."""
    if not found.enrolment.is_open:
        return False
    held = getattr(found.enrolment, "police_certificate", None)
    if held is not None and held.is_required is not None:
        return bool(held.is_required)
    trade = found.enrolment.trade
    places = Placement.objects.filter(enrolment=found.enrolment, ends_on__isnull=True)
    return (
        bool(trade and trade.police_certificate_required) or places.filter(workplace__police_certificate_required=True).exists()
    )


def purpose_form(found: Record) -> dict[str, Any]:
    """Gives what stands on the purpose form: who, where, why and by which law; nothing of an answer."""
    rows = Placement.objects.filter(enrolment=found.enrolment, ends_on__isnull=True).select_related("workplace")
    placement = rows.order_by("-is_main", "-pk").first()
    texts = {key: str(text) for key, text in PURPOSES.items()} | getattr(settings, "POLICE_PURPOSES", {})
    known = PURPOSE_OF_KIND.get(placement.workplace.kind) if placement else None
    held = getattr(found.enrolment, "police_certificate", None)
    return {
        "title": _("Bekreftelse på formål med politiattest"),
        "facts": [
            fact(_("Den som søker"), found.participant.full_name),
            fact(_("Fødselsdato"), found.participant.birth_date),
            fact(_("Oppgave"), _task(found)),
            fact(_("Arbeidssted"), placement.workplace if placement else ""),
            fact(_("Første dag"), placement.starts_on if placement else ""),
        ],
        "purpose": texts[known] if known else "",
        "purposes": [] if known else list(texts.values()),
        "because": held.required_because if held else "",
        "months": int(setting("police_certificate_age_months", found.today)),
        "today": found.today,
        "signatures": [{"role": _("For kommunen, den som bekrefter"), "name": ""}],
    }


def _task(found: Record) -> str:
    trade = found.enrolment.trade
    if trade is None:
        return _("Deltaker i fagbrevordningen")
    return _("Deltaker i fagbrevordningen, i opplæring i %(trade)s") % {"trade": str(trade).lower()}
