"""The rules about participants: whose a duty is, what it says, when one is told, and where it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.urls import reverse

from fagbrev.duties.rules import Rule
from fagbrev.people.roles import COORDINATOR, DELTAKER, FAGLAERER, LEDER, NORSKLAERER
from participants.duties.finding import (
    agreement_missing,
    approval_lapsed,
    contract_ends,
    county_answer,
    county_application,
    county_form_ending,
    county_form_leave,
    county_untold,
    equipment,
    exam_registration,
    extra_person,
    interview,
    lead_untold,
    leave_ends,
    norwegian_advice,
    norwegian_registration,
    period_ends,
    police_certificate,
    referral_untold,
    test_registration,
    voice,
    without_fadder,
    without_workplace,
    work_status,
)


def _page(name: str, *, subject: bool = False, more: Iterable[str] = (), query: str = "") -> Callable[[Any, str, str], str]:
    """Gives a function from a duty and public ids to the address where it is done, for the right enrolment."""

    def url(duty: Any, participant: str, enrolment: str) -> str:
        if not participant:
            return ""
        last = [duty.subject_id] if subject else list(more)
        return f"{reverse(name, args=[participant, *last])}?lop={enrolment}" + (f"&{query}" if query else "")

    return url


def _work_status_url(duty: Any, participant: str, enrolment: str) -> str:
    return _page("jobb_new", query=f"sett=months:{duty.occurrence.removeprefix('month')}")(duty, participant, enrolment)


def _period_url(kind: str) -> Callable[[Any, str, str], str]:
    return _page(f"{kind}_new")


def _extra_person_url(duty: Any, participant: str, enrolment: str) -> str:
    return _page("extra_person", subject=True)(duty, participant, enrolment)


ABOUT_ENROLMENT: tuple[Rule, ...] = (
    Rule(
        "interview", "enrolment", (COORDINATOR,), "intake_background", "Intervju etter henvisning", "Fyll ut intervju", interview,
        _page("intervju_new", query="i-dag=held_on"), ("intervju etter henvisning", "intervjuer etter henvisning"), ("-5", "0"),
        weekly=True, since="henvist", days_setting="interview_days", source="V8 rad 3",
    ),
    *(
        Rule(
            f"voice_{owner}", "enrolment", (owner,), "admission", "Din stemme om opptak", "Gi din stemme", voice(owner),
            _page("voice_give"), ("stemme om opptak", "stemmer om opptak"), ("-2", "0"), weekly=True, since="intervjuet",
            days_setting="admission_days", source="V8 rad 4",
        )
        for owner in (COORDINATOR, FAGLAERER)
    ),
    Rule(
        "referral_untold", "enrolment", (COORDINATOR,), "referral", "Den henviste må få vite om henvisningen", "Registrer samtale",
        referral_untold, _page("henvisning_new", query="i-dag=informed_on"),
        ("person som ikke vet om henvisningen", "personer som ikke vet om henvisningen"), ("-7", "0"), since="henvist",
        days_setting="referral_inform_days", when_imported="skip", source="V3",
    ),
    Rule(
        "police_certificate", "enrolment", (COORDINATOR,), "police_certificate", "Politiattest må være vist før start",
        "Registrer attesten", police_certificate, _page("attest_new"),
        ("politiattest som mangler", "politiattester som mangler"), ("-14", "-3", "0"), shift="none", since="første dag",
        days_setting="police_days_before_start", when_imported="skip", source="V8 rad 5",
    ),
    Rule(
        "county_application", "enrolment", (COORDINATOR,), "application_pack", "Søk fylket om kontrakt", "Send søknaden",
        county_application, _page("sending_new", query="i-dag=sent_on"),
        ("søknad til fylket", "søknader til fylket"), ("-5", "0"), weekly=True, since="utplassert", days_setting="application_days",
        source="V8 rad 8",
    ),
    Rule(
        "county_answer", "enrolment", (COORDINATOR,), "application_pack", "Spør fylket om svar på søknaden", "Registrer svaret",
        county_answer, _page("sending_edit", subject=True, query="i-dag=answered_on"),
        ("svar fra fylket som venter", "svar fra fylket som venter"), ("0",), weekly=True, since="sendt",
        days_setting="county_answer_days", when_imported="keep", source="V8 rad 8",
    ),
    *(
        Rule(
            f"without_fadder_{owner}", "enrolment", (owner,), "placement", "Deltakeren har ingen fadder", "Velg fadder",
            without_fadder(owner), _page("fadder_new_on", subject=True, query="i-dag=starts_on"),
            ("deltaker uten fadder", "deltakere uten fadder"), ("0",), weekly=True, at_once=True, shift="none",
            since="uten fadder fra", when_imported="grace", source="V6, leder",
        )
        for owner in (LEDER, COORDINATOR)
    ),
    Rule(
        "extra_person", "enrolment", (LEDER,), "placement", "Bekreft at deltakeren er en ekstra person", "Bekreft",
        extra_person, _extra_person_url, ("bekreftelse av ekstra person", "bekreftelser av ekstra person"), ("open", "-14"),
        shift="none", when_imported="keep", source="V6, leder",
    ),
    Rule(
        "without_workplace", "enrolment", (COORDINATOR,), "placement", "Deltakeren har ikke noe arbeidssted", "Finn arbeidssted",
        without_workplace, _page("plass_new"), ("deltaker uten arbeidssted", "deltakere uten arbeidssted"), ("0",), weekly=True,
        at_once=True, shift="none", since="fra", source="V6, koordinator",
    ),
    Rule(
        "agreement_missing", "enrolment", (COORDINATOR,), "agreements", "Avtale om deltakelse på nytt arbeidssted",
        "Se avtalene", agreement_missing, _page("participant_avtaler"),
        ("avtale om deltakelse som mangler", "avtaler om deltakelse som mangler"), ("0",), weekly=True, shift="none",
        since="første dag", when_imported="skip", source="V8 rad 7",
    ),
    Rule(
        "county_untold", "enrolment", (COORDINATOR,), "placement", "Si fra til fylket om nytt arbeidssted",
        "Registrer", county_untold, _page("plass_edit", subject=True, query="i-dag=county_told_on"),
        ("melding til fylket om nytt arbeidssted", "meldinger til fylket om nytt arbeidssted"), ("0",), weekly=True, shift="none",
        since="første dag", days_setting="leave_form_days", when_imported="skip", source="V8 rad 6",
    ),
    Rule(
        "approval_lapsed", "enrolment", (COORDINATOR,), "placement", "Arbeidsstedet er ikke lenger godkjent", "Se arbeidsstedet",
        approval_lapsed, _page("participant_arbeidssted"),
        ("arbeidssted uten godkjenning", "arbeidssteder uten godkjenning"), ("0",), weekly=True, shift="none", since="fra",
        source="opplæringslova § 7-5",
    ),
    *(
        Rule(
            f"contract_ends_{owner}", "enrolment", (owner,), "training_contract", "Kontrakten slutter", "Se kontrakten",
            contract_ends(owner), _page("participant_kontrakt"), ("kontrakt som slutter", "kontrakter som slutter"),
            ("-180", "-90", "-30"), shift="none", days_setting="contract_warning_days", when_imported="keep", source="V8 rad 13",
        )
        for owner in (COORDINATOR, FAGLAERER)
    ),
    Rule(
        "leave_ends", "enrolment", (COORDINATOR,), "progress", "Ta kontakt før permisjonen slutter", "Se permisjonen", leave_ends,
        _page("permisjon_edit", subject=True), ("permisjon som slutter", "permisjoner som slutter"), ("-14", "0"),
        since="ventet tilbake", days_setting="leave_return_days", source="V8 rad 14",
    ),
    Rule(
        "county_form_leave", "enrolment", (COORDINATOR,), "progress", "Skjema om permisjon til fylket", "Skjemaet er sendt",
        county_form_leave, _page("permisjon_edit", subject=True, query="i-dag=county_form_sent_on"),
        ("skjema om permisjon til fylket", "skjemaer om permisjon til fylket"), ("0",), weekly=True, shift="none",
        since="permisjon fra", days_setting="leave_form_days", when_imported="skip", source="V8 rad 14",
    ),
    Rule(
        "county_form_ending", "enrolment", (COORDINATOR,), "progress", "Heveskjema til fylket", "Skjemaet er sendt", county_form_ending,
        _page("punkt_new_on", more=("county_form",), query="i-dag=done_on"),
        ("heveskjema til fylket", "heveskjemaer til fylket"), ("0",), weekly=True, shift="none", since="sluttet",
        days_setting="leave_form_days", when_imported="skip", source="V8 rad 15",
    ),
    Rule(
        "work_status", "enrolment", (COORDINATOR,), "work_status", "Status etter fagbrevet", "Registrer", work_status,
        _work_status_url, ("status etter fagbrevet", "statuser etter fagbrevet"), ("0",), weekly=True, since="fagbrev",
        when_imported="skip", source="V8 rad 16",
    ),
    Rule(
        "income_ends", "enrolment", (COORDINATOR,), "income_funding", "Inntekten eller programmet slutter", "Registrer neste",
        period_ends("income_ends", "incomes"), _period_url("inntekt"),
        ("inntekt eller program som slutter", "inntekter eller programmer som slutter"), ("-60", "-14"), shift="none",
        days_setting="income_warning_days", when_imported="skip", source="V3",
    ),
    Rule(
        "funding_ends", "enrolment", (COORDINATOR,), "income_funding", "Finansieringen slutter", "Registrer neste",
        period_ends("funding_ends", "fundings"), _period_url("betaling"),
        ("finansiering som slutter", "finansieringer som slutter"), ("-60", "-14"), shift="none",
        days_setting="income_warning_days", when_imported="skip", source="V3",
    ),
    Rule(
        "exam_registration", "enrolment", (DELTAKER,), "exams", "Påmelding til skriftlig eksamen", "Se hva du gjør",
        exam_registration, _page("participant_eksamen"), ("påmelding til skriftlig eksamen", "påmeldinger til skriftlig eksamen"),
        ("open-14", "open", "-5", "-1"), shift="none", own_words="Meld deg på skriftlig eksamen", when_imported="keep",
        source="V8 rad 12",
    ),
    Rule(
        "norwegian_advice", "enrolment", (NORSKLAERER,), "readiness", "Gi råd om norskprøve", "Gi råd", norwegian_advice,
        _page("klar_new", query="sett=kind:norwegian_test"), ("råd om norskprøve", "råd om norskprøve"), ("-21", "-7"), shift="none",
        when_imported="keep", source="V6, norsklærer",
    ),
    Rule(
        "norwegian_registration", "enrolment", (DELTAKER,), "exams", "Påmelding til norskprøve", "Se hva du gjør",
        norwegian_registration, _page("participant_eksamen"), ("påmelding til norskprøve", "påmeldinger til norskprøve"),
        ("-21", "-7"), shift="none", own_words="Meld deg på norskprøven", when_imported="keep", source="V6, norsklærer",
    ),
    Rule(
        "test_registration", "enrolment", (COORDINATOR,), "exams", "Meld opp til fagprøve", "Meld opp",
        test_registration, _page("fagprove_new", query="i-dag=registered_on"),
        ("oppmelding til fagprøve", "oppmeldinger til fagprøve"), ("open", "-60", "-30", "-7", "0"), shift="none",
        since="kontrakten slutter", when_imported="keep", source="V8 rad 13; opplæringsforskrifta § 9-56",
    ),
    Rule(
        "lead_untold", "enrolment", (COORDINATOR,), "exams", "Si fra til fagansvarlig om oppmelding", "Registrer",
        lead_untold, _page("fagprove_edit", subject=True, query="i-dag=lead_told_on"),
        ("beskjed til fagansvarlig", "beskjeder til fagansvarlig"), ("0",), shift="none", by_digest=True, since="meldt opp",
        when_imported="skip", source="V8 rad 13",
    ),
)  # fmt: skip
ABOUT_LOAN: tuple[Rule, ...] = tuple(
    Rule(
        f"equipment_{owner}", "loan", (owner,), "equipment", "Utlånt utstyr er ikke levert", act, equipment(owner), url,
        ("utstyr som skal leveres", "utstyr som skal leveres"), ("0",), weekly=True, shift="none", since="sluttet",
        own_words="Lever utstyret du har lånt", when_imported="skip", source="V6, koordinator",
    )
    for owner, act, url in (
        (COORDINATOR, "Registrer levert", _page("lan_edit", subject=True, query="i-dag=returned_on&sett=state:returned")),
        (DELTAKER, "Se hva du har lånt", _page("participant_utlan")),
    )
)  # fmt: skip
RULES = ABOUT_ENROLMENT + ABOUT_LOAN
