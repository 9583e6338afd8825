"""What each rule finds about an enrolment or a loan: pure functions of facts, terms and the day (V6, V8 and the regulation)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from fagbrev.dates import last_registration, months_after
from fagbrev.duties.rules import Due, Terms
from fagbrev.people.roles import COORDINATOR, DELTAKER, LEDER, NORSKLAERER
from participants.duties.facts import SIGNED_BY_ALL, EnrolmentFacts, LoanFacts, PlacementFacts
from participants.exam_windows import EXAM_DONE, LEVEL_KNOWN, best_levels, parts_below_goal

DAY = timedelta(days=1)
WEEK = timedelta(days=7)  # room for a first moment that moves back past days off
BEFORE_START = {"admitted", "onboarding", "placed"}
IN_PRACTICE = {"placed", "contract_applied", "training", "trade_test"}
PLACED_ON = IN_PRACTICE | {"on_leave"}
FROM_ADMITTED = PLACED_ON | {"admitted", "onboarding"}
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


def voice(owner: str) -> Callable[[EnrolmentFacts, Terms, date], Iterator[Due]]:
    """Voice on admission, one's own: 7 days after the interview (V8 row 4). Gives the rule for an owner."""

    def find(facts: EnrolmentFacts, terms: Terms, today: date) -> Iterator[Due]:
        since = facts.interview_held_on or (facts.status_since if facts.status == "interviewed" else None) or facts.imported_on
        held = facts.status == "interviewed" or (facts.status == "referred" and facts.interview_held_on)
        if held and since and owner not in facts.voices and (owner == COORDINATOR or facts.trade_id):
            due = since + timedelta(days=terms.days("admission_days"))
            yield _due(facts, f"voice_{owner}", owner, due, since, since_on=since)

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


def without_fadder(owner: str) -> Callable[[EnrolmentFacts, Terms, date], Iterator[Due]]:
    """A workplace without a fadder: at once when a fadder's period ends (V6, leder). Gives the rule for an owner."""

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


def contract_ends(owner: str) -> Callable[[EnrolmentFacts, Terms, date], Iterator[Due]]:
    """The contract ends soon: its end (V8 row 13). Gives the rule for an owner."""

    def find(facts: EnrolmentFacts, terms: Terms, today: date) -> Iterator[Due]:
        if facts.status in PLACED_ON and facts.contract_ends_on:
            ends = facts.contract_ends_on
            begins = ends - timedelta(days=terms.days("contract_warning_days")) - WEEK
            yield _due(facts, f"contract_ends_{owner}", owner, ends, begins, occurrence=facts.contract or "contract")

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


def period_ends(rule: str, which: str) -> Callable[[EnrolmentFacts, Terms, date], Iterator[Due]]:
    """An income, programme or funding period ends, and nothing follows it (V3). Gives the rule for one kind of period."""

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

    return find


# --- Exams -------------------------------------------------------------------------------------------


def exam_registration(facts: EnrolmentFacts, terms: Terms, today: date) -> Iterator[Due]:
    """Registration for the written exam in its window, for everyone placed or later without a pass (V8 row 12)."""
    if facts.status not in PLACED_ON or not facts.trade or not facts.trade.exam_code:
        return
    if any(exam.state in EXAM_DONE for exam in facts.exams):
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


def _is_below_goal(facts: EnrolmentFacts) -> bool:
    """Tells whether a part of the Norwegian test is below the trade's goal."""
    known = best_levels((row.part, row.level) for row in facts.levels if row.state in LEVEL_KNOWN)
    return facts.trade is not None and bool(parts_below_goal(known, facts.trade))


def _norwegian_windows(facts: EnrolmentFacts, terms: Terms) -> Iterator[Any]:
    """Windows the participant is not registered for, while a part is below the goal."""
    if facts.status not in FROM_ADMITTED or not _is_below_goal(facts):
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


def equipment(owner: str) -> Callable[[LoanFacts, Terms, date], Iterator[Due]]:
    """Equipment not returned: the day the enrolment ended (V6, koordinator). Gives the rule for an owner."""

    def find(loan: LoanFacts, terms: Terms, today: date) -> Iterator[Due]:
        yield Due(
            rule=f"equipment_{owner}", subject_type="loan", subject_id=loan.public_id, occurrence="", owner_role=owner,
            due_on=loan.ended_on, begins_on=loan.ended_on, since_on=loan.ended_on, participant_id=loan.participant,
            enrolment_id=loan.enrolment, trade_id=loan.trade_id, protection=loan.protection, imported_on=loan.imported_on,
        )  # fmt: skip

    return find
