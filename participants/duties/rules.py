"""The rules about one enrolment: pure functions of facts, terms and the day (domain: the guide's V6 and V8, and the regulation)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from django.urls import reverse

from fagbrev.dates import last_registration, months_after
from fagbrev.duties.rules import Due, Rule, Terms
from fagbrev.people.roles import COORDINATOR, DELTAKER, FAGLAERER, LEDER, NORSKLAERER
from participants.duties.facts import SIGNED_BY_ALL, EnrolmentFacts, LoanFacts, PlacementFacts
from participants.models.exams import LEVELS, PARTS

DAY = timedelta(days=1)
WEEK = timedelta(days=7)  # room for a first moment that moves back past days off
BEFORE_START = {"admitted", "onboarding", "placed"}
IN_PRACTICE = {"placed", "contract_applied", "training", "trade_test"}
PLACED_ON = IN_PRACTICE | {"on_leave"}
FROM_ADMITTED = PLACED_ON | {"admitted", "onboarding"}
EXAM_OVER = {"passed", "credited", "taken"}
RANK = {code: place for place, (code, _name) in enumerate(LEVELS)}
MONTHS_AFTER = (3, 6, 12)


def _due(facts: EnrolmentFacts, rule: str, owner: str, due_on: date, begins_on: date, **more: Any) -> Due:
    """One duty about the enrolment."""
    return Due(
        rule=rule, owner_role=owner, due_on=due_on, begins_on=begins_on, participant_id=facts.participant,
        enrolment_id=facts.pk, trade_id=facts.trade_id, protection=facts.protection, imported_on=facts.imported_on,
        **{"subject_type": "enrolment", "subject_id": facts.public_id, "occurrence": "", **more},
    )  # fmt: skip


# --- Before the start --------------------------------------------------------------------------------


def interview(facts: EnrolmentFacts, terms: Terms, today: date) -> Iterator[Due]:
    """Interview a referred candidate: 14 days after the referral (V8 row 3)."""
    referred = facts.referred_on or facts.started_on or facts.imported_on
    if facts.status == "referred" and not facts.interview_held_on and referred:
        due = referred + timedelta(days=terms.days("interview_days"))
        yield _due(facts, "interview", COORDINATOR, due, referred, since_on=referred)


def _voice(owner: str) -> Callable[[EnrolmentFacts, Terms, date], Iterator[Due]]:
    def find(facts: EnrolmentFacts, terms: Terms, today: date) -> Iterator[Due]:
        since = facts.interview_held_on or (facts.status_since if facts.status == "interviewed" else None) or facts.imported_on
        held = facts.status == "interviewed" or (facts.status == "referred" and facts.interview_held_on)
        if held and since and owner not in facts.voices and (owner == COORDINATOR or facts.trade_id):
            due = since + timedelta(days=terms.days("admission_days"))
            yield _due(facts, f"voice_{owner}", owner, due, since, since_on=since)

    find.__doc__ = "Voice on admission: 7 days after the interview (V8 row 4)."
    return find


def referral_untold(facts: EnrolmentFacts, terms: Terms, today: date) -> Iterator[Due]:
    """A person referred without knowing is to be told: 30 days after the referral."""
    referred = facts.referred_on or facts.started_on
    if facts.is_open and facts.knows_of_referral is False and facts.informed_on is None and referred:
        due = referred + timedelta(days=terms.days("referral_inform_days"))
        yield _due(facts, "referral_untold", COORDINATOR, due, referred, since_on=referred)


def police_certificate(facts: EnrolmentFacts, terms: Terms, today: date) -> Iterator[Due]:
    """The police certificate is missing: 14 days before the first day, where trade or workplace requires it (V8 row 5)."""
    place = facts.main_placement()
    required = bool(place and (place.strict_police or (facts.trade and facts.trade.police_certificate_required)))
    if facts.status in BEFORE_START and required and place and place.starts_on and not facts.police_in_order:
        due = place.starts_on - timedelta(days=terms.days("police_days_before_start"))
        begins = place.requested_on or due - timedelta(days=30)
        yield _due(
            facts, "police_certificate", COORDINATOR, due, min(begins, due), since_on=place.starts_on,
            subject_type="placement", subject_id=place.public_id, placement_id=place.pk,
        )  # fmt: skip


# --- Workplace ---------------------------------------------------------------------------------------


def county_application(facts: EnrolmentFacts, terms: Terms, today: date) -> Iterator[Due]:
    """Application to the county: 14 days after placed (V8 row 8); anew when the county asked for more or said no."""
    waiting = bool(facts.applications) and facts.applications[-1][2] in {"", "approved"}
    since = facts.status_since or facts.imported_on
    if facts.status == "placed" and not waiting and since and not facts.contract_starts_on:
        due = since + timedelta(days=terms.days("application_days"))
        yield _due(
            facts,
            "county_application",
            COORDINATOR,
            due,
            since,
            since_on=since,
            occurrence=f"sending{len(facts.applications) + 1}",
        )


def county_answer(facts: EnrolmentFacts, terms: Terms, today: date) -> Iterator[Due]:
    """The county's answer on the contract is overdue: 60 days after the application was sent."""
    if facts.status not in {"placed", "contract_applied"} or facts.contract_starts_on or not facts.applications:
        return
    public_id, sent_on, answer = facts.applications[-1]
    if not answer:
        due = sent_on + timedelta(days=terms.days("county_answer_days"))
        yield _due(
            facts, "county_answer", COORDINATOR, due, sent_on, since_on=sent_on, subject_type="application", subject_id=public_id
        )


def _gap_from(place: PlacementFacts) -> tuple[date, str] | None:
    """The first day the placement has no fadder, and what began it: the end of the last fadder's time, or the start."""
    if place.starts_on is None or place.ends_on is not None:
        return None
    covered, last = place.starts_on, ""
    for period in sorted(place.faddere, key=lambda one: one.starts_on or date.min):
        if period.starts_on is not None and period.starts_on > covered:
            break
        if period.ends_on is None:
            return None
        if period.ends_on >= covered:
            covered, last = period.ends_on + DAY, period.public_id
    return covered, last


def _without_fadder(owner: str) -> Callable[[EnrolmentFacts, Terms, date], Iterator[Due]]:
    def find(facts: EnrolmentFacts, terms: Terms, today: date) -> Iterator[Due]:
        if facts.status not in IN_PRACTICE:
            return
        for place in facts.placements:
            gap = _gap_from(place)
            if gap:
                yield _due(
                    facts, f"without_fadder_{owner}", owner, gap[0], gap[0], subject_type="placement", subject_id=place.public_id,
                    placement_id=place.pk, occurrence=gap[1] or "start", since_on=gap[0],
                )  # fmt: skip

    find.__doc__ = "A workplace without a fadder: at once when a fadder's period ends (V6, leder)."
    return find


def extra_person(facts: EnrolmentFacts, terms: Terms, today: date) -> Iterator[Due]:
    """leder confirms each semester that the participant is an extra person (V6); a signed agreement in it says the same."""
    if facts.status not in IN_PRACTICE:
        return
    for name, first, last in terms.frame.get("semesters", ()):
        for place in facts.placements:
            if place.starts_on is None or place.starts_on > last or place.ends_on is not None:
                continue
            said = [day for day in (place.extra_person_confirmed_on, place.leder_signed_on) if day]
            if any(first <= day <= last for day in said):
                continue
            begins = max(first, place.starts_on)
            yield _due(
                facts, "extra_person", LEDER, last, begins, opens_on=begins, subject_type="placement",
                subject_id=place.public_id, placement_id=place.pk, occurrence=name,
            )  # fmt: skip


def without_workplace(facts: EnrolmentFacts, terms: Terms, today: date) -> Iterator[Due]:
    """A participant in practice without a workplace: at once when the last main placement ended."""
    if facts.status not in IN_PRACTICE:
        return
    mains = [row for row in facts.placements if row.is_main]
    if any(row.ends_on is None for row in mains):
        return
    last = max((row for row in mains if row.ends_on), key=lambda row: row.ends_on or date.min, default=None)
    day = last.ends_on + DAY if last and last.ends_on else facts.status_since or facts.imported_on
    if day:
        yield _due(
            facts, "without_workplace", COORDINATOR, day, day, occurrence=last.public_id if last else "start", since_on=day
        )


def agreement_missing(facts: EnrolmentFacts, terms: Terms, today: date) -> Iterator[Due]:
    """After a change of workplace the participation agreement is made anew, before the first day there."""
    place = facts.main_placement()
    changed = sum(row.is_main for row in facts.placements) > 1
    if facts.status in IN_PRACTICE and place and place.starts_on and changed and len(place.signed_by) < SIGNED_BY_ALL:
        begins = min(place.requested_on or place.starts_on, place.starts_on)
        yield _due(
            facts, "agreement_missing", COORDINATOR, place.starts_on, begins, since_on=place.starts_on,
            subject_type="placement", subject_id=place.public_id, placement_id=place.pk,
        )  # fmt: skip


def county_untold(facts: EnrolmentFacts, terms: Terms, today: date) -> Iterator[Due]:
    """After a change of workplace under contract the county is told: 7 days after the first day there."""
    mains = [row for row in facts.placements if row.is_main and row.starts_on]
    place = facts.main_placement()
    if facts.status not in PLACED_ON or not facts.county_knows or not place or not place.starts_on or len(mains) < 2:
        return
    if place.county_told_on is None:
        due = place.starts_on + timedelta(days=terms.days("leave_form_days"))
        yield _due(
            facts, "county_untold", COORDINATOR, due, place.starts_on, since_on=place.starts_on,
            subject_type="placement", subject_id=place.public_id, placement_id=place.pk,
        )  # fmt: skip


def approval_lapsed(facts: EnrolmentFacts, terms: Terms, today: date) -> Iterator[Due]:
    """The workplace's approval in the trade lapses, or is refused, during a placement (opplæringslova § 7-5)."""
    if facts.status not in PLACED_ON:
        return
    for place in facts.placements:
        if place.ends_on is None and place.starts_on and place.wishes_approval in {"lapsed", "refused"}:
            day = max(place.approval_lapsed_on or place.starts_on, place.starts_on)
            yield _due(
                facts, "approval_lapsed", COORDINATOR, day, day, since_on=day, subject_type="placement",
                subject_id=place.public_id, placement_id=place.pk, occurrence=place.wishes_approval,
            )  # fmt: skip


# --- Contract, leave and end -------------------------------------------------------------------------


def _contract_ends(owner: str) -> Callable[[EnrolmentFacts, Terms, date], Iterator[Due]]:
    def find(facts: EnrolmentFacts, terms: Terms, today: date) -> Iterator[Due]:
        if facts.status in PLACED_ON and facts.contract_ends_on:
            ends = facts.contract_ends_on
            begins = ends - timedelta(days=terms.days("contract_warning_days")) - WEEK
            yield _due(facts, f"contract_ends_{owner}", owner, ends, begins, occurrence=facts.contract or "contract")

    find.__doc__ = "The contract ends soon: its end."
    return find


def leave_ends(facts: EnrolmentFacts, terms: Terms, today: date) -> Iterator[Due]:
    """A leave ends: contact 14 days before its expected end (V8 row 14)."""
    for leave in facts.leaves:
        if facts.status == "on_leave" and leave.ended_on is None and leave.expected_end_on:
            due = leave.expected_end_on - timedelta(days=terms.days("leave_return_days"))
            begins = min(leave.starts_on or due, due - timedelta(days=14))
            yield _due(
                facts, "leave_ends", COORDINATOR, due, begins, since_on=leave.expected_end_on, subject_type="leave",
                subject_id=leave.public_id,
            )  # fmt: skip


def county_form_leave(facts: EnrolmentFacts, terms: Terms, today: date) -> Iterator[Due]:
    """The county's form on a leave: 7 days after it began, where the county knows of the enrolment (V8 row 14)."""
    for leave in facts.leaves:
        if leave.starts_on and leave.county_form_sent_on is None and facts.county_knows:
            due = leave.starts_on + timedelta(days=terms.days("leave_form_days"))
            yield _due(
                facts, "county_form_leave", COORDINATOR, due, leave.starts_on, since_on=leave.starts_on, subject_type="leave",
                subject_id=leave.public_id,
            )  # fmt: skip


def county_form_ending(facts: EnrolmentFacts, terms: Terms, today: date) -> Iterator[Due]:
    """The county's form on an ending: 7 days after it was broken off, where the county knows of it (V8 row 15)."""
    if facts.status == "terminated" and facts.ended_on and not facts.county_form_done and facts.county_knows:
        due = facts.ended_on + timedelta(days=terms.days("leave_form_days"))
        yield _due(facts, "county_form_ending", COORDINATOR, due, facts.ended_on, since_on=facts.ended_on)


def work_status(facts: EnrolmentFacts, terms: Terms, today: date) -> Iterator[Due]:
    """Status 3, 6 and 12 months after the completion."""
    if facts.status == "completed" and facts.ended_on:
        for months in MONTHS_AFTER:
            if months not in facts.work_months:
                day = months_after(facts.ended_on, months)
                yield _due(
                    facts, "work_status", COORDINATOR, day, day - timedelta(days=30), since_on=facts.ended_on,
                    occurrence=f"month{months}",
                )  # fmt: skip


def _period_ends(rule: str, which: str) -> Callable[[EnrolmentFacts, Terms, date], Iterator[Due]]:
    def find(facts: EnrolmentFacts, terms: Terms, today: date) -> Iterator[Due]:
        if not facts.is_open:
            return
        rows = facts.incomes if which == "incomes" else facts.fundings
        for row in rows:
            if row.ends_on is None:
                continue
            ends = row.ends_on
            # Another one that goes on past this one's end is what comes instead.
            if any(
                other is not row and (other.ends_on is None or other.ends_on > ends)
                for other in rows
                if other.starts_on is None or other.starts_on <= ends + DAY
            ):
                continue
            begins = ends - timedelta(days=terms.days("income_warning_days")) - WEEK
            yield _due(facts, rule, COORDINATOR, ends, begins, subject_type="period", subject_id=row.public_id)

    find.__doc__ = "An income, programme or funding period ends, and nothing follows it (V3)."
    return find


# --- Exams -------------------------------------------------------------------------------------------


def exam_registration(facts: EnrolmentFacts, terms: Terms, today: date) -> Iterator[Due]:
    """Registration for the written exam in its window, for everyone placed or later without a pass (V8 row 12)."""
    if facts.status not in PLACED_ON or not facts.trade or not facts.trade.exam_code:
        return
    if any(exam.state in EXAM_OVER for exam in facts.exams):
        return
    for window in terms.frame.get("exam_windows", ()):
        rows = [exam for exam in facts.exams if exam.window == window.pk]
        if any(exam.said_on or exam.registered_on or exam.state != "planned" for exam in rows):
            continue
        begins = window.opens_on - timedelta(days=terms.days("exam_window_near_days"))
        yield _due(
            facts, "exam_registration", DELTAKER, window.closes_on, begins, opens_on=window.opens_on,
            occurrence=window.public_id,
        )  # fmt: skip


def parts_below(facts: EnrolmentFacts) -> list[str]:
    """Gives the parts of the Norwegian test whose best known level is below the trade's goal."""
    if facts.trade is None:
        return []
    best: dict[str, int] = {}
    for row in facts.levels:
        if row.level and row.state in {"taken", "known"}:
            best[row.part] = max(best.get(row.part, -1), RANK[row.level])
    goal = {"oral": facts.trade.goal_oral, "listening": facts.trade.goal_oral}
    return [part for part, _name in PARTS if best.get(part, -1) < RANK[goal.get(part, facts.trade.goal_written)]]


def _norwegian_windows(facts: EnrolmentFacts, terms: Terms) -> Iterator[Any]:
    """Windows the participant is not registered for, while a part is below the goal."""
    if facts.status not in FROM_ADMITTED or not parts_below(facts):
        return
    for window in terms.frame.get("norwegian_windows", ()):
        rows = [row for row in facts.levels if row.window == window.pk]
        if not any(row.said_on or row.registered_on or row.state in {"registered", "taken"} for row in rows):
            yield window


def norwegian_advice(facts: EnrolmentFacts, terms: Terms, today: date) -> Iterator[Due]:
    """norsklærer advises before the registration for a Norwegian test closes (V6)."""
    if "norwegian_test" not in facts.ready:
        for window in _norwegian_windows(facts, terms):
            begins = window.closes_on - timedelta(days=30)
            yield _due(
                facts, "norwegian_advice", NORSKLAERER, window.closes_on, begins, opens_on=window.opens_on,
                occurrence=window.public_id,
            )  # fmt: skip


def norwegian_registration(facts: EnrolmentFacts, terms: Terms, today: date) -> Iterator[Due]:
    """The participant registers for a Norwegian test once norsklærer has said it is time (V6)."""
    if "norwegian_test" in facts.ready:
        for window in _norwegian_windows(facts, terms):
            begins = min(window.opens_on, window.closes_on - timedelta(days=21))
            yield _due(
                facts, "norwegian_registration", DELTAKER, window.closes_on, begins, opens_on=window.opens_on,
                occurrence=window.public_id,
            )  # fmt: skip


def test_registration(facts: EnrolmentFacts, terms: Terms, today: date) -> Iterator[Due]:
    """Registration for the trade test: two months before the contract ends, once the exam is passed and faglærer recommends.

    Source: V8 row 13, opplæringsforskrifta § 9-56. A second attempt has no such limit (§ 9-66).
    """
    ends, recommended = facts.contract_ends_on, facts.ready.get("trade_test")
    passed = [exam for exam in facts.exams if exam.state in {"passed", "credited"}]
    if facts.status != "training" or not ends or not recommended or not passed:
        return
    if any(test.registered_on or test.result for test in facts.tests):
        return
    possible = max(recommended, min((exam.result_on or date.min for exam in passed), default=date.min))
    yield _due(
        facts, "test_registration", COORDINATOR, last_registration(ends), possible, opens_on=possible, since_on=ends,
        occurrence=facts.contract or "contract",
    )  # fmt: skip


def lead_untold(facts: EnrolmentFacts, terms: Terms, today: date) -> Iterator[Due]:
    """The trade lead is to be told when someone is registered for the trade test (V8 row 13)."""
    if facts.status not in PLACED_ON:
        return
    for test in facts.tests:
        if test.registered_on and test.lead_told_on is None and not test.result:
            yield _due(
                facts, "lead_untold", COORDINATOR, test.registered_on, test.registered_on, since_on=test.registered_on,
                subject_type="tradetest", subject_id=test.public_id,
            )  # fmt: skip


# --- Equipment ---------------------------------------------------------------------------------------


def _equipment(owner: str) -> Callable[[LoanFacts, Terms, date], Iterator[Due]]:
    def find(loan: LoanFacts, terms: Terms, today: date) -> Iterator[Due]:
        yield Due(
            rule=f"equipment_{owner}", subject_type="loan", subject_id=loan.public_id, occurrence="", owner_role=owner,
            due_on=loan.ended_on, begins_on=loan.ended_on, since_on=loan.ended_on, participant_id=loan.participant,
            enrolment_id=loan.enrolment, trade_id=loan.trade_id, protection=loan.protection, imported_on=loan.imported_on,
        )  # fmt: skip

    find.__doc__ = "Equipment not returned: the day the enrolment ended (V6, koordinator)."
    return find


# --- Where each is done ------------------------------------------------------------------------------


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
            f"voice_{owner}", "enrolment", (owner,), "admission", "Din stemme om opptak", "Gi din stemme", _voice(owner),
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
            _without_fadder(owner), _page("fadder_new_on", subject=True, query="i-dag=starts_on"),
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
            _contract_ends(owner), _page("participant_kontrakt"), ("kontrakt som slutter", "kontrakter som slutter"),
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
        _period_ends("income_ends", "incomes"), _period_url("inntekt"),
        ("inntekt eller program som slutter", "inntekter eller programmer som slutter"), ("-60", "-14"), shift="none",
        days_setting="income_warning_days", when_imported="skip", source="V3",
    ),
    Rule(
        "funding_ends", "enrolment", (COORDINATOR,), "income_funding", "Finansieringen slutter", "Registrer neste",
        _period_ends("funding_ends", "fundings"), _period_url("betaling"),
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
        f"equipment_{owner}", "loan", (owner,), "equipment", "Utlånt utstyr er ikke levert", act, _equipment(owner), url,
        ("utstyr som skal leveres", "utstyr som skal leveres"), ("0",), weekly=True, shift="none", since="sluttet",
        own_words="Lever utstyret du har lånt", when_imported="skip", source="V6, koordinator",
    )
    for owner, act, url in (
        (COORDINATOR, "Registrer levert", _page("lan_edit", subject=True, query="i-dag=returned_on&sett=state:returned")),
        (DELTAKER, "Se hva du har lånt", _page("participant_utlan")),
    )
)  # fmt: skip
RULES = ABOUT_ENROLMENT + ABOUT_LOAN
