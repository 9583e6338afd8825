"""The performer: who may take a step, what a refused try leaves behind, what a step brings with it, and going back."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction

from fagbrev.audit.models import ChangeLog
from participants import models as m
from participants.actions import steps as performer
from participants.actions.life import change_trade, change_workplace
from participants.actions.steps import StepRefused, begin, correct_step, take_step, why_not_step
from participants.facts import NEXT_STEP_GROUPS, facts_of
from participants.workflow import ENDED, NEXT_STEP, STATUSES, STEPS, check, why_not
from programmes.models import Workplace
from tests.cast import Cast, enrol, place
from tests.participants.test_workflow import ALLOWED, all_met

OTHERS = ["faglaerer", "norsklaerer", "fadder", "leder", "styringsgruppe", "deltaker", "ingen", "drift", "avsluttet_koordinator"]


@pytest.fixture
def met(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Meets every condition, so that only the status and the user decide."""

    def facts(enrolment: Any, *, today: date, groups: Any = None) -> Any:
        return all_met(facts.step, status=enrolment.status, status_before_leave=enrolment.status_before_leave, today=today)

    facts.step = ""  # type: ignore[attr-defined]
    monkeypatch.setattr(performer, "facts_of", facts)

    def meet(step: str = "") -> None:
        facts.step = step  # type: ignore[attr-defined]

    return meet


def stand(enrolment: m.Enrolment, status: str) -> m.Enrolment:
    """Puts selma in a status without a word in the history, for trying what may be done from there."""
    before = "training" if status == "on_leave" else ""
    m.Enrolment.objects.filter(pk=enrolment.pk).update(status=status, status_before_leave=before)
    enrolment.refresh_from_db()
    return enrolment


def try_step(cast: Cast, key: str, by: str, **more: Any) -> bool:
    """Tries a step with a reason and gives whether it was taken; everything is undone."""
    codes = STEPS[key].reason_codes
    given = {"reason_code": codes[0][0] if codes else "", "reason": "prøve", **more}
    with transaction.atomic():
        before = (m.StatusChange.objects.count(), ChangeLog.objects.count(), m.Enrolment.objects.values().get(pk=cast.selma.pk))
        places = list(m.Placement.objects.values())
        try:
            take_step(enrolment=cast.selma, step=key, by=cast.users[by], today=cast.today, **given)
            taken = True
        except StepRefused as refused:
            taken = False
            assert str(refused).endswith(".")
            after = (
                m.StatusChange.objects.count(),
                ChangeLog.objects.count(),
                m.Enrolment.objects.values().get(pk=cast.selma.pk),
            )
            assert before == after
            assert places == list(m.Placement.objects.values())
        transaction.set_rollback(True)
    cast.selma.refresh_from_db()
    return taken


class TestWhoAndFromWhere:
    """Every status × step × role."""

    @pytest.mark.parametrize("status", STATUSES)
    def test_only_a_koordinator_takes_only_the_steps_of_the_table(self, cast: Cast, met: Any, status: str) -> None:
        stand(cast.selma, status)
        for key in STEPS:
            met(key)
            assert try_step(cast, key, "koordinator") is (key in ALLOWED[status]), key
            for role in OTHERS:
                assert try_step(cast, key, role) is False, (key, role)

    def test_the_question_and_the_performer_agree(self, cast: Cast, met: Any) -> None:
        met("leave")
        assert why_not_step(cast.koordinator, cast.selma, STEPS["leave"], today=cast.today) == ""
        assert "Bare koordinator" in why_not_step(cast.faglaerer, cast.selma, STEPS["leave"], today=cast.today)

    def test_a_koordinator_kept_out_by_a_restriction_takes_no_step(self, cast: Cast, met: Any) -> None:
        from fagbrev.access.models import RecordRestriction

        RecordRestriction.objects.create(
            participant_id=cast.selma.participant_id, kind="deny", user=cast.koordinator, reason="søster", starts_on=cast.today
        )
        assert try_step(cast, "leave", "koordinator") is False

    @pytest.mark.parametrize("key", ["terminate", "placement_fails", "decline"])
    def test_a_step_that_needs_a_reason_is_refused_without_one(self, cast: Cast, met: Any, key: str) -> None:
        stand(cast.selma, "placed" if key != "decline" else "referred")
        assert try_step(cast, key, "koordinator", reason="  ") is False
        if STEPS[key].reason_codes:
            assert try_step(cast, key, "koordinator", reason_code="") is False
            assert try_step(cast, key, "koordinator", reason_code="own_code") is False
        assert try_step(cast, key, "koordinator") is True


class TestTheDay:
    """When it happened."""

    def test_it_did_not_happen_tomorrow(self, cast: Cast, met: Any) -> None:
        assert try_step(cast, "leave", "koordinator", happened_on=cast.today + timedelta(days=1)) is False
        assert try_step(cast, "leave", "koordinator", happened_on=cast.today) is True

    def test_it_did_not_happen_before_the_step_before_it(self, cast: Cast, met: Any) -> None:
        last = cast.selma.changes.order_by("-at", "-pk").first().happened_on
        assert try_step(cast, "leave", "koordinator", happened_on=last - timedelta(days=1)) is False
        assert try_step(cast, "leave", "koordinator", happened_on=last) is True

    def test_the_history_holds_when_it_happened_and_who_said_so(self, cast: Cast, met: Any) -> None:
        day = cast.today - timedelta(days=3)
        change = take_step(enrolment=cast.selma, step="leave", by=cast.koordinator, today=cast.today, happened_on=day)
        assert (change.from_status, change.to_status, change.happened_on, change.by) == (
            "training",
            "on_leave",
            day,
            cast.koordinator,
        )
        assert (cast.selma.status, cast.selma.status_since, cast.selma.status_before_leave) == ("on_leave", day, "training")

    def test_a_waiver_is_kept_only_for_what_was_missing(self, cast: Cast) -> None:
        cast.enrolments["interviewed"].refresh_from_db()
        change = take_step(
            enrolment=cast.interviewed, step="admit", by=cast.koordinator, today=cast.today,
            waived=dict.fromkeys(("coordinator_voice", "faglaerer_voice", "criteria_answered", "criteria_met", "made_up"), "haster"),
        )  # fmt: skip
        assert change.waived == dict.fromkeys(("coordinator_voice", "faglaerer_voice", "criteria_answered"), "haster")


class TestWhatEndingsBring:
    """Endings close what was open."""

    @pytest.mark.parametrize("key", ["terminate", "complete"])
    def test_an_ending_closes_placements_faddere_groups_and_leave(self, cast: Cast, met: Any, key: str) -> None:
        stand(cast.selma, "trade_test")
        m.Leave.objects.create(enrolment=cast.selma, starts_on=cast.today - timedelta(days=9))
        m.PoliceCertificate.objects.create(
            enrolment=cast.selma, is_required=True, in_order=True, basis="shown", shown_on=cast.today, seen_by="Kari"
        )
        code = STEPS[key].reason_codes
        take_step(enrolment=cast.selma, step=key, by=cast.koordinator, today=cast.today, reason="ferdig",
                  reason_code=code[0][0] if code else "")  # fmt: skip
        placement = m.Placement.objects.get(pk=cast.placements["selma"].pk)
        assert placement.ends_on == cast.today
        assert placement.faddere.get().ends_on == cast.today
        assert m.Leave.objects.get(enrolment=cast.selma).ended_on == cast.today
        assert (cast.selma.ended_on, cast.selma.is_open) == (cast.today, False)
        police = m.PoliceCertificate.objects.get(enrolment=cast.selma)
        assert (police.in_order, police.seen_by, police.shown_on, police.basis) == (True, "", None, "")

    def test_a_placement_that_had_not_begun_loses_its_first_day(self, cast: Cast, met: Any) -> None:
        m.Placement.objects.filter(pk=cast.placements["selma"].pk).update(starts_on=cast.today + timedelta(days=10))
        m.PlacementFadder.objects.update(starts_on=cast.today + timedelta(days=10))
        met("withdraw")
        take_step(
            enrolment=cast.selma, step="withdraw", by=cast.koordinator, today=cast.today, reason="flytter", reason_code="moved"
        )
        placement = m.Placement.objects.get(pk=cast.placements["selma"].pk)
        assert (placement.starts_on, placement.ends_on) == (None, cast.today)

    def test_a_placement_that_falls_through_ends_and_the_way_goes_on(self, cast: Cast, met: Any) -> None:
        stand(cast.selma, "placed")
        take_step(enrolment=cast.selma, step="placement_fails", by=cast.koordinator, today=cast.today, reason="nedlagt")
        assert cast.selma.status == "onboarding"
        assert m.Placement.objects.get(pk=cast.placements["selma"].pk).ends_on == cast.today

    def test_coming_back_ends_the_leave(self, cast: Cast, met: Any) -> None:
        leave = m.Leave.objects.create(enrolment=cast.selma, starts_on=cast.today - timedelta(days=9))
        for key in ("leave", "return"):
            take_step(enrolment=cast.selma, step=key, by=cast.koordinator, today=cast.today)
        leave.refresh_from_db()
        assert leave.ended_on == cast.today
        assert cast.selma.status == "training"


class TestGoingBack:
    """«Rett feil»: one step back, and the history keeps both."""

    def back(self, cast: Cast, **more: Any) -> m.StatusChange:
        return correct_step(enrolment=cast.selma, by=cast.koordinator, today=cast.today, **{"reason": "feil", **more})

    @pytest.mark.parametrize("role", OTHERS)
    def test_only_a_koordinator_corrects(self, cast: Cast, role: str) -> None:
        with pytest.raises(StepRefused):
            correct_step(enrolment=cast.selma, by=cast.users[role], today=cast.today, reason="feil")
        assert not m.StatusChange.objects.filter(kind="correction").exists()

    def test_a_correction_needs_words(self, cast: Cast) -> None:
        with pytest.raises(StepRefused):
            self.back(cast, reason=" ")

    def test_one_goes_back_step_by_step_to_the_first_and_no_further(self, cast: Cast) -> None:
        walked = []
        while True:
            try:
                self.back(cast)
            except StepRefused as refused:
                assert "første steget" in str(refused)
                break
            walked.append(cast.selma.status)
        assert walked == ["contract_applied", "placed", "onboarding", "admitted", "interviewed", "referred"]

    def test_a_step_with_a_wrong_day_can_be_taken_again_on_the_right_one(self, cast: Cast, met: Any) -> None:
        take_step(enrolment=cast.selma, step="leave", by=cast.koordinator, today=cast.today, happened_on=cast.today)
        self.back(cast)
        right = cast.today - timedelta(days=5)
        change = take_step(enrolment=cast.selma, step="leave", by=cast.koordinator, today=cast.today, happened_on=right)
        assert (change.happened_on, cast.selma.status_since) == (right, right)

    @pytest.mark.parametrize("key", ["terminate", "placement_fails"])
    def test_what_the_wrong_step_ended_is_open_again(self, cast: Cast, met: Any, key: str) -> None:
        stand(cast.selma, "placed")
        codes = STEPS[key].reason_codes
        take_step(
            enrolment=cast.selma,
            step=key,
            by=cast.koordinator,
            today=cast.today,
            reason="x",
            reason_code=codes[0][0] if codes else "",
        )
        self.back(cast)
        placement = m.Placement.objects.get(pk=cast.placements["selma"].pk)
        assert (cast.selma.status, placement.ends_on, placement.faddere.get().ends_on) == ("placed", None, None)
        assert (cast.selma.ended_on, cast.selma.end_code) == (None, "")

    def test_a_wrong_ending_from_leave_leads_back_to_the_leave_and_to_what_was_before_it(self, cast: Cast, met: Any) -> None:
        leave = m.Leave.objects.create(enrolment=cast.selma, starts_on=cast.today - timedelta(days=9))
        take_step(enrolment=cast.selma, step="leave", by=cast.koordinator, today=cast.today)
        take_step(enrolment=cast.selma, step="terminate", by=cast.koordinator, today=cast.today, reason="x", reason_code="other")
        self.back(cast)
        leave.refresh_from_db()
        assert (cast.selma.status, cast.selma.status_before_leave, leave.ended_on) == ("on_leave", "training", None)
        take_step(enrolment=cast.selma, step="return", by=cast.koordinator, today=cast.today)
        assert cast.selma.status == "training"

    def test_a_wrong_return_leads_back_to_the_leave(self, cast: Cast, met: Any) -> None:
        leave = m.Leave.objects.create(enrolment=cast.selma, starts_on=cast.today - timedelta(days=9))
        for key in ("leave", "return"):
            take_step(enrolment=cast.selma, step=key, by=cast.koordinator, today=cast.today)
        self.back(cast)
        leave.refresh_from_db()
        assert (cast.selma.status, cast.selma.status_before_leave, leave.ended_on) == ("on_leave", "training", None)

    def test_a_way_that_was_taken_up_anew_is_not_opened_twice(self, cast: Cast, met: Any) -> None:
        take_step(enrolment=cast.selma, step="terminate", by=cast.koordinator, today=cast.today, reason="x", reason_code="other")
        enrol(cast, "", "BUA", "referred", participant=cast.selma.participant)
        with pytest.raises(StepRefused):
            self.back(cast)
        cast.selma.refresh_from_db()
        assert cast.selma.status == "terminated"

    def test_a_new_main_placement_stands_when_the_old_one_would_come_back(self, cast: Cast, met: Any) -> None:
        stand(cast.selma, "placed")
        take_step(enrolment=cast.selma, step="placement_fails", by=cast.koordinator, today=cast.today, reason="nedlagt")
        new = place(cast, cast.selma, "sykehjem", leder="annen_leder_person", fadder="annen_fadder_person")
        self.back(cast)
        assert cast.selma.status == "placed"
        assert list(m.Placement.objects.filter(enrolment=cast.selma, is_main=True, ends_on__isnull=True)) == [new]

    def test_a_new_leave_stands_when_the_old_one_would_come_back(self, cast: Cast, met: Any) -> None:
        m.Leave.objects.create(enrolment=cast.selma, starts_on=cast.today - timedelta(days=9))
        for key in ("leave", "return"):
            take_step(enrolment=cast.selma, step=key, by=cast.koordinator, today=cast.today)
        m.Leave.objects.create(enrolment=cast.selma, starts_on=cast.today)
        self.back(cast)
        assert cast.selma.status == "on_leave"
        assert m.Leave.objects.filter(enrolment=cast.selma, ended_on__isnull=True).count() == 1


class TestBeginning:
    """How an enrolment comes into its first status."""

    @pytest.mark.parametrize("status", STATUSES)
    @pytest.mark.parametrize("kind", ["import", "elsewhere"])
    def test_the_history_of_one_who_comes_in_the_middle_explains_the_status(self, cast: Cast, status: str, kind: str) -> None:
        row = m.Enrolment.objects.create(
            participant=cast.nadia.participant, trade=None, started_on=cast.today - timedelta(days=50)
        )
        begin(enrolment=row, status=status, by=cast.koordinator, today=cast.today, kind=kind, source="annet sted")
        changes = list(row.changes.order_by("at", "pk"))
        assert changes[0].from_status == ""
        assert changes[-1].to_status == row.status == status
        assert all(one.to_status == two.from_status for one, two in itertools.pairwise(changes))
        assert {change.kind for change in changes} == {kind}
        assert row.status_before_leave == ("training" if status == "on_leave" else "")
        assert row.is_open is (status not in ENDED)

    def test_days_that_are_not_known_stay_unknown(self, cast: Cast) -> None:
        row = m.Enrolment.objects.create(
            participant=cast.nadia.participant, trade=None, started_on=cast.today - timedelta(days=50)
        )
        begin(enrolment=row, status="training", by=None, today=cast.today, kind="import")
        days = [change.happened_on for change in row.changes.order_by("at", "pk")]
        assert days == [row.started_on, None, None, None, None, None, None]


class TestFillingIn:
    """The day and the reason a spreadsheet did not tell."""

    def imported(self, cast: Cast, status: str) -> m.Enrolment:
        row = m.Enrolment.objects.create(
            participant=cast.nadia.participant, trade=None, started_on=cast.today - timedelta(days=50)
        )
        begin(enrolment=row, status=status, by=None, today=cast.today, kind="import")
        return row

    def test_the_day_and_the_reason_are_registered_and_the_status_stays(self, cast: Cast) -> None:
        row, day = self.imported(cast, "terminated"), cast.today - timedelta(days=10)
        performer.fill_in(enrolment=row, by=cast.koordinator, today=cast.today, happened_on=day, end_code="moved")
        row.refresh_from_db()
        assert (row.status, row.status_since, row.ended_on, row.end_code) == ("terminated", day, day, "moved")

    @pytest.mark.parametrize("role", OTHERS)
    def test_only_a_koordinator_fills_in(self, cast: Cast, role: str) -> None:
        row = self.imported(cast, "training")
        with pytest.raises(StepRefused):
            performer.fill_in(enrolment=row, by=cast.users[role], today=cast.today, happened_on=cast.today)
        assert not row.changes.filter(step="fill_in").exists()

    def test_a_day_ahead_is_refused(self, cast: Cast) -> None:
        with pytest.raises(StepRefused):
            performer.fill_in(
                enrolment=self.imported(cast, "training"), by=cast.koordinator, today=cast.today,
                happened_on=cast.today + timedelta(days=1),
            )  # fmt: skip


class TestFacts:
    """Facts fetched in parts say the same as all of them."""

    @pytest.mark.parametrize("status", [status for status in STATUSES if status in NEXT_STEP])
    def test_the_facts_of_the_next_step_are_enough_for_it(self, cast: Cast, status: str) -> None:
        row = stand(cast.selma, status)
        m.PoliceCertificate.objects.create(enrolment=row, is_required=True)
        step = STEPS[NEXT_STEP[status]]
        few = facts_of(row, today=cast.today, groups=NEXT_STEP_GROUPS[status])
        every = facts_of(row, today=cast.today)
        assert [(c.condition.key, c.missing, c.detail) for c in check(step, few)] == [
            (c.condition.key, c.missing, c.detail) for c in check(step, every)
        ]
        assert why_not(step, few) == why_not(step, every)

    def test_facts_ask_few_questions(self, cast: Cast, django_assert_max_num_queries: Any) -> None:
        facts_of(cast.selma, today=cast.today)
        with django_assert_max_num_queries(7):
            facts_of(cast.selma, today=cast.today)


class TestLifeIsWider:
    """Other workplace, other trade."""

    def test_a_new_workplace_ends_the_old_one_and_its_agreement(self, cast: Cast) -> None:
        m.Agreement.objects.create(enrolment=cast.selma, kind="participation", made_on=cast.today)
        new = change_workplace(
            enrolment=cast.selma, workplace=Workplace.objects.get(name__startswith="Prøveli"), last_day=cast.today,
            first_day=cast.today + timedelta(days=1), reason="nærmere", by=cast.koordinator, today=cast.today,
        )  # fmt: skip
        old = m.Placement.objects.get(pk=cast.placements["selma"].pk)
        assert (old.ends_on, old.end_reason, new.is_main) == (cast.today, "nærmere", True)
        assert m.Agreement.objects.get(enrolment=cast.selma, kind="participation").replaced_on == cast.today

    def test_another_trade_opens_a_linked_way_that_takes_the_intake_along(self, cast: Cast, met: Any) -> None:
        m.IntakeInterview.objects.create(enrolment=cast.selma, education="tolv år")
        new = change_trade(
            enrolment=cast.selma, trade=cast.trades["HEA"], by=cast.koordinator, today=cast.today, reason="passer bedre"
        )
        cast.selma.refresh_from_db()
        assert (cast.selma.status, cast.selma.end_code) == ("terminated", "changed_trade")
        assert (new.status, new.continues, new.interview.education) == ("interviewed", cast.selma, "tolv år")

    def test_another_trade_is_refused_while_the_old_way_cannot_end(self, cast: Cast) -> None:
        with pytest.raises(StepRefused):
            change_trade(enrolment=cast.selma, trade=cast.trades["HEA"], by=cast.koordinator, today=cast.today, reason="x")
        assert cast.selma.participant.enrolments.count() == 1
