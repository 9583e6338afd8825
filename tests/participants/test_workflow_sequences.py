"""Whatever steps are taken, tried and corrected in whatever order, the history explains the status."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from participants import models as m
from participants.actions import steps as performer
from participants.actions.steps import StepRefused, correct_step, take_step
from participants.workflow import ENDED, STATUSES, STEPS
from tests.cast import Cast, make_cast
from tests.participants.test_workflow import ALLOWED, all_met

ACTS = st.lists(st.sampled_from([*STEPS, "correct", "correct"]), min_size=1, max_size=14)


def meets_everything(enrolment: Any, *, today: Any, groups: Any = None, step: str = "") -> Any:
    """Facts with every condition met, so that only the order of the steps is tried."""
    return all_met(step, status=enrolment.status, status_before_leave=enrolment.status_before_leave, today=today)


def told_by(changes: list[m.StatusChange]) -> str:
    """Walks the history: each change begins where the one before it ended. Gives where it leads."""
    status = ""
    for change in changes:
        assert change.from_status == status, [f"{c.kind}: {c}" for c in changes]
        status = change.to_status
    return status


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=ACTS)
def test_the_history_explains_the_status_whatever_is_done(cast: Cast, monkeypatch: pytest.MonkeyPatch, acts: list[str]) -> None:
    step_now = {"key": ""}
    monkeypatch.setattr(performer, "facts_of", lambda row, **more: meets_everything(row, step=step_now["key"], **more))
    enrolment = m.Enrolment.objects.create(participant=cast.nadia.participant, trade=None, started_on=cast.today)
    performer.begin(enrolment=enrolment, status="referred", by=cast.koordinator, today=cast.today, happened_on=cast.today)
    for act in acts:
        before = enrolment.status
        try:
            if act == "correct":
                correct_step(enrolment=enrolment, by=cast.koordinator, today=cast.today, reason="feil")
            else:
                step_now["key"] = act
                codes = STEPS[act].reason_codes
                take_step(
                    enrolment=enrolment, step=act, by=cast.koordinator, today=cast.today, reason="x",
                    reason_code=codes[0][0] if codes else "",
                )  # fmt: skip
                assert act in ALLOWED[before]
        except StepRefused:
            assert act == "correct" or act not in ALLOWED[before]
        enrolment.refresh_from_db()
        assert told_by(list(enrolment.changes.order_by("at", "pk"))) == enrolment.status
        assert (enrolment.ended_on is not None) is (enrolment.status in ENDED)
        assert (enrolment.status_before_leave != "") is (enrolment.status == "on_leave")
        assert enrolment.status_before_leave in {"", *STATUSES} - set(ENDED)


def test_two_who_take_the_same_step_at_once_make_one_change(
    _flush_may_empty_logs: None, transactional_db: None, monkeypatch: pytest.MonkeyPatch, today: Any
) -> None:
    cast = make_cast(today)
    monkeypatch.setattr(performer, "facts_of", lambda row, **more: meets_everything(row, step="leave", **more))
    start, answers = threading.Barrier(2, timeout=20), []

    def one() -> None:
        try:
            row = m.Enrolment.objects.get(pk=cast.selma.pk)
            start.wait()
            take_step(enrolment=row, step="leave", by=cast.koordinator, today=today)
            answers.append("taken")
        except StepRefused:
            answers.append("refused")
        finally:
            connection.close()

    both = [threading.Thread(target=one) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(timeout=30)
    assert sorted(answers) == ["refused", "taken"]
    assert m.StatusChange.objects.filter(enrolment=cast.selma, to_status="on_leave").count() == 1
