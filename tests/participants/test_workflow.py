"""The workflow as data: every status × step, each condition's sentence, what may be waived, and the drawn diagram."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.management import call_command

from participants.workflow import (
    ENDED,
    MAIN_LINE,
    NEXT_STEP,
    STATUSES,
    STEPS,
    WITH_PLACEMENT,
    Condition,
    Facts,
    check,
    diagram,
    steps_from,
    target_of,
    why_not,
)

TODAY = date(2026, 10, 1)
# What may be done from each status, and where it leads: written by hand from the guide's chapter 8.
ALLOWED = {
    "referred": {"interview": "interviewed", "decline": "declined", "withdraw": "withdrawn"},
    "interviewed": {"admit": "admitted", "waitlist": "waitlisted", "decline": "declined", "withdraw": "withdrawn"},
    "waitlisted": {"admit": "admitted", "decline": "declined", "withdraw": "withdrawn"},
    "admitted": {"onboard": "onboarding", "terminate": "terminated", "withdraw": "withdrawn"},
    "onboarding": {"place": "placed", "terminate": "terminated", "withdraw": "withdrawn"},
    "placed": {
        "apply": "contract_applied", "train": "training", "placement_fails": "onboarding", "leave": "on_leave",
        "terminate": "terminated", "withdraw": "withdrawn",
    },
    "contract_applied": {
        "train": "training", "county_returns": "placed", "placement_fails": "onboarding", "leave": "on_leave",
        "terminate": "terminated", "withdraw": "withdrawn",
    },
    "training": {"to_test": "trade_test", "leave": "on_leave", "terminate": "terminated", "withdraw": "withdrawn"},
    "trade_test": {"retry": "training", "complete": "completed", "leave": "on_leave", "terminate": "terminated"},
    "on_leave": {"return": "training", "terminate": "terminated"},
    "completed": {}, "declined": {}, "withdrawn": {}, "terminated": {},
}  # fmt: skip


def all_met(step: str = "", **more: object) -> Facts:
    """Gives facts with every condition met; those of a failed test or a placement not begun only where the step asks for it."""
    facts = Facts(
        today=TODAY, trade_name="Barne- og ungdomsarbeider", interview_held_on=TODAY, queue_place=4,
        voices={"coordinator": "admit", "faglaerer": "admit"}, conversation_held_on=TODAY, absence_rules_explained=True,
        contract_unsigned=(), consents_unanswered=(), workplace="Prøveli", approval="approved", workplace_interview_on=TODAY,
        leder="Lise", fadder="Bente", placement_starts_on=TODAY, agreement_unsigned=(), police_required=True, police_in_order=True,
        police_basis="shown", police_shown_on=TODAY, police_oldest_on=TODAY - timedelta(days=90), has_work_contract=True,
        application_sent_on=TODAY, contract_number="1", contract_starts_on=TODAY, contract_ends_on=TODAY + timedelta(days=300),
        leave_open_from=TODAY, exam="passed", recommended_by="Ola", trade_test_result="passed", certificate_issued_on=TODAY,
        next_attempt_planned=True, placement_has_begun=True, status_before_leave="training",
    )  # fmt: skip
    if step == "retry":
        facts = replace(facts, trade_test_result="failed", trade_test_attempts=1)
    if step == "withdraw":
        facts = replace(facts, placement_has_begun=False)
    return replace(facts, **more)  # type: ignore[arg-type]


class TestEveryArrow:
    """Each status with each step."""

    @pytest.mark.parametrize("status", STATUSES)
    @pytest.mark.parametrize("key", STEPS)
    def test_a_step_goes_from_a_status_only_where_the_table_says(self, status: str, key: str) -> None:
        facts, step = all_met(key, status=status), STEPS[key]
        if key in ALLOWED[status]:
            assert why_not(step, facts) == ""
            assert target_of(step, facts) == ALLOWED[status][key]
        else:
            assert "Derfra går ikke dette steget" in why_not(step, facts)

    @pytest.mark.parametrize("status", STATUSES)
    def test_the_steps_offered_are_those_of_the_table(self, status: str) -> None:
        assert {step.key for step in steps_from(status)} == set(ALLOWED[status])

    @pytest.mark.parametrize("status", WITH_PLACEMENT)
    def test_from_leave_the_way_leads_back_to_the_status_before_it(self, status: str) -> None:
        assert target_of(STEPS["return"], all_met(status="on_leave", status_before_leave=status)) == status

    def test_the_straight_way_is_walked_by_the_next_steps(self) -> None:
        status, walked = "referred", ["referred"]
        while status in NEXT_STEP:
            status = target_of(STEPS[NEXT_STEP[status]], all_met(status=status))
            walked.append(status)
        assert walked == MAIN_LINE

    def test_what_has_ended_goes_nowhere(self) -> None:
        assert [status for status in STATUSES if not steps_from(status)] == ENDED

    def test_endings_ask_for_a_reason_and_those_who_give_one_up_for_a_code(self) -> None:
        asks = {key for key, step in STEPS.items() if step.needs_reason}
        assert asks == {"decline", "terminate", "withdraw", "county_returns", "placement_fails"}
        assert {key for key, step in STEPS.items() if step.reason_codes} == {"decline", "terminate", "withdraw"}
        assert {key for key, step in STEPS.items() if step.is_ending} == {"decline", "terminate", "withdraw", "complete"}


# condition -> (step, what makes it miss, part of the sentence, may it be waived)
DAY = timedelta(days=1)
MISSING = {
    "trade_chosen": ("interview", {"trade_name": ""}, "Faget er ikke avklart.", False),
    "interview_held": ("interview", {"interview_held_on": None}, "Intervjuskjemaet er ikke fylt ut med dato.", True),
    "coordinator_voice": ("admit", {"voices": {"faglaerer": "admit"}}, "Koordinators stemme mangler.", True),
    "faglaerer_voice": ("admit", {"voices": {"coordinator": "admit"}}, "Faglærers stemme mangler.", True),
    "criteria_answered": ("admit", {"criteria_unanswered": ("bor her", "har norsk")}, "Ikke vurdert: bor her og har norsk.", True),
    "criteria_met": ("admit", {"criteria_unmet": ("bor i kommunen",)}, "Ikke oppfylt: bor i kommunen. Skriv hvorfor", True),
    "queue_place": ("waitlist", {"queue_place": None}, "Plassen i køen mangler.", True),
    "conversation_held": ("onboard", {"conversation_held_on": None}, "Inntakssamtalen er ikke registrert.", True),
    "contract_signed": ("onboard", {"contract_unsigned": ("leder", "deltaker")}, "Underskrift mangler fra leder og deltaker.", False),
    "consent_asked": ("onboard", {"consents_unanswered": ("NAV",)}, "Ja eller nei mangler for deling med NAV.", True),
    "workplace_chosen": ("place", {"workplace": ""}, "Det er ikke registrert noe arbeidssted.", False),
    "workplace_approved_or_applied": ("place", {"approval": ""}, "Prøveli er ikke godkjent for faget, og har ikke søkt.", True),
    "workplace_interview": ("place", {"workplace_interview_on": None}, "Samtalen på arbeidsstedet er ikke registrert.", True),
    "leder_named": ("place", {"leder": ""}, "Lederen på arbeidsstedet er ikke registrert.", True),
    "fadder_named": ("place", {"fadder": ""}, "Det er ikke valgt noen fadder.", True),
    "start_date": ("place", {"placement_starts_on": None}, "Datoen for første dag mangler.", True),
    "agreement_signed": ("place", {"agreement_unsigned": ("leder",)}, "Underskrift mangler fra leder.", False),
    "police_certificate": ("place", {"police_in_order": False}, "Politiattesten er ikke registrert som i orden.", False),
    "enclosures": ("apply", {"enclosures_missing": ("CV", "attester", "plan")}, "Mangler: CV, attester og plan.", True),
    "work_basis": ("apply", {"has_work_contract": False, "agreement_unsigned": ("leder",)}, "Verken arbeidskontrakt eller", False),
    "application_sent": ("apply", {"application_sent_on": None}, "Datoen søknaden ble sendt, mangler.", True),
    "county_contract": ("train", {"contract_number": ""}, "Kontraktens nummer, første dag eller siste dag mangler.", False),
    "workplace_approved": ("train", {"approval": "applied"}, "Arbeidsstedet er ikke godkjent for faget ennå.", True),
    "leave_from": ("leave", {"leave_open_from": None}, "Permisjonen er ikke registrert.", False),
    "recommended": ("to_test", {"recommended_by": ""}, "Faglærer har ikke anbefalt fagprøven.", True),
    "contract_lasts": ("to_test", {"contract_ends_on": TODAY}, "Kontrakten sluttet 1. oktober 2026.", False),
    "exam_passed_or_pending": ("to_test", {"exam": "failed"}, "Skriftlig eksamen er ikke bestått eller godskrevet.", True),
    "test_failed": ("retry", {"trade_test_result": "passed"}, "Resultatet «ikke bestått» er ikke registrert.", False),
    "next_attempt": ("retry", {"next_attempt_planned": False}, "Et nytt forsøk er ikke planlagt.", True),
    "exam_passed": ("complete", {"exam": "taken"}, "Skriftlig eksamen er ikke bestått eller godskrevet.", True),
    "test_passed": ("complete", {"trade_test_result": "failed"}, "Resultatet av fagprøven er ikke «bestått».", False),
    "certificate_issued": ("complete", {"certificate_issued_on": None}, "Deltakerbeviset er ikke utstedt.", True),
    "placement_begun": ("terminate", {"placement_has_begun": False}, "Praksisen er ikke begynt.", False),
    "ending_done": ("terminate", {"ending_open": ("deltakerbevis",)}, "Gjør ferdig, eller skriv hvorfor ikke: deltakerbevis.", False),
    "placement_not_begun": ("withdraw", {"placement_has_begun": True}, "Praksisen er begynt.", False),
}  # fmt: skip


def condition(key: str) -> Condition:
    """Finds a condition by its key."""
    return next(held for step in STEPS.values() for held in step.conditions if held.key == key)


class TestConditions:
    """What must be true first, in words."""

    def test_every_condition_of_every_step_is_tried_here(self) -> None:
        assert {held.key for step in STEPS.values() for held in step.conditions} == set(MISSING)

    @pytest.mark.parametrize("key", MISSING)
    def test_a_missing_condition_refuses_with_its_own_sentence(self, key: str) -> None:
        name, gone, sentence, _waivable = MISSING[key]
        step = STEPS[name]
        facts = all_met(name, status=step.sources[-1 if name == "train" else 0])
        assert why_not(step, facts) == ""
        refused = why_not(step, replace(facts, **gone))
        assert sentence in refused
        assert [row.condition.key for row in check(step, replace(facts, **gone)) if not row.is_met] == [key]

    @pytest.mark.parametrize("key", MISSING)
    def test_only_what_may_be_waived_is_waived_by_a_written_reason(self, key: str) -> None:
        name, gone, _sentence, waivable = MISSING[key]
        step = STEPS[name]
        facts = replace(all_met(name, status=step.sources[0]), **gone)
        assert (why_not(step, facts, waived={key: "avtalt med fylket"}) == "") is waivable
        assert why_not(step, facts, waived={key: "   "}) != ""
        assert condition(key).waivable is waivable

    def test_what_is_missing_stands_first(self) -> None:
        facts = replace(all_met(status="onboarding"), fadder="", leder="")
        assert [row.condition.key for row in check(STEPS["place"], facts)][:2] == ["leder_named", "fadder_named"]

    @pytest.mark.parametrize(
        ("shown_on", "missing"),
        [
            (TODAY - timedelta(days=90), False), (TODAY - timedelta(days=91), True), (TODAY - timedelta(days=89), False),
            (None, True),
        ],
    )  # fmt: skip
    def test_a_police_certificate_may_not_be_shown_too_long_before_the_start(self, shown_on: date | None, missing: bool) -> None:
        facts = all_met(status="onboarding", police_shown_on=shown_on)
        assert bool(condition("police_certificate").missing(facts)) is missing

    def test_a_police_certificate_seen_by_the_employer_needs_no_day(self) -> None:
        facts = all_met(police_basis="employer", police_shown_on=None)
        assert condition("police_certificate").missing(facts) == ""

    def test_a_trade_without_the_demand_needs_no_police_certificate(self) -> None:
        assert condition("police_certificate").missing(all_met(police_required=False, police_in_order=False)) == ""

    @pytest.mark.parametrize(("days", "missing"), [(1, False), (0, True), (-1, True)])
    def test_the_contract_must_last_beyond_today(self, days: int, missing: bool) -> None:
        facts = all_met(contract_ends_on=TODAY + timedelta(days=days))
        assert bool(condition("contract_lasts").missing(facts)) is missing

    def test_a_second_attempt_is_free_of_the_contract(self) -> None:
        facts = all_met(contract_ends_on=TODAY - timedelta(days=100), trade_test_attempts=1)
        assert condition("contract_lasts").missing(facts) == ""

    def test_an_exam_taken_may_be_waited_for_with_a_reason_where_the_trade_allows_it(self) -> None:
        waits = condition("exam_passed_or_pending").missing(all_met(exam="taken"))
        assert "ikke kommet" in waits
        assert "ikke bestått" in condition("exam_passed_or_pending").missing(all_met(exam="taken", exam_pending_allowed=False))

    @pytest.mark.parametrize("exam", ["passed", "credited"])
    def test_an_exam_passed_or_credited_is_enough(self, exam: str) -> None:
        assert condition("exam_passed").missing(all_met(exam=exam)) == ""


def test_the_drawn_diagram_is_current() -> None:
    call_command("write_workflow", "--check")
    assert diagram().count("-->") == 1 + sum(len(steps) for steps in ALLOWED.values()) + (len(WITH_PLACEMENT) - 1) + len(ENDED)
