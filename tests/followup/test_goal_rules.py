"""The rules of goals, at their boundaries: behind, due for a look, may be recommended, and the duty of each month."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from fagbrev.duties.rules import Terms
from followup.duties.competence import GoalFacts, derive, goals_without_evidence
from followup.goal_rules import GoalNumbers, Period, due_for_a_look, is_behind, may_be_recommended, needed_goals
from programmes.settings_in_force import settings_in_force
from tests.cast import Cast

FIRST = date(2026, 1, 1)
PERIOD = Period(FIRST, FIRST + timedelta(days=100), "contract")


@pytest.mark.parametrize(
    ("day", "documented", "behind"),
    [
        (25, 0, False),
        (26, 0, True),
        (50, 25, False),
        (51, 25, True),
        (50, 24, True),
        (0, 0, False),
        (100, 75, False),
        (100, 74, True),
    ],
)
def test_behind_is_more_than_twenty_five_points_behind_the_time_that_has_gone(day: int, documented: int, behind: bool) -> None:
    numbers = GoalNumbers(100, documented, 0)
    assert is_behind(numbers, PERIOD, today=FIRST + timedelta(days=day), limit=25) is behind


def test_behind_is_counted_exactly_and_not_from_rounded_figures() -> None:
    assert is_behind(GoalNumbers(26, 6, 0), PERIOD, today=FIRST + timedelta(days=49), limit=25) is True  # 49 - 23,08 = 25,92
    assert is_behind(GoalNumbers(26, 7, 0), PERIOD, today=FIRST + timedelta(days=51), limit=25) is False  # 51 - 26,92 = 24,08


def test_nobody_is_behind_without_a_period_or_without_goals_and_after_the_end_all_time_has_gone() -> None:
    assert not is_behind(GoalNumbers(26, 0, 0), None, today=FIRST, limit=25)
    assert not is_behind(GoalNumbers(0, 0, 0), PERIOD, today=FIRST + timedelta(days=90), limit=25)
    assert PERIOD.percent(FIRST + timedelta(days=400)) == 100 and PERIOD.percent(FIRST - timedelta(days=9)) == 0


def test_a_goal_is_due_for_a_look_on_the_sixtieth_day() -> None:
    assert not due_for_a_look(FIRST, None, today=FIRST + timedelta(days=59), days=60)
    assert due_for_a_look(FIRST, None, today=FIRST + timedelta(days=60), days=60)
    assert due_for_a_look(None, FIRST, today=FIRST + timedelta(days=60), days=60)
    assert not due_for_a_look(None, None, today=FIRST, days=60)


def test_four_in_five_goals_are_enough_to_be_recommended() -> None:
    assert needed_goals(26, 80) == 21
    assert not may_be_recommended(GoalNumbers(26, 26, 20), needed_percent=80)
    assert may_be_recommended(GoalNumbers(26, 26, 21), needed_percent=80)


def facts(**more: object) -> GoalFacts:
    made = GoalFacts(1, "abc", 1, 1, "", None, 1, FIRST, frozenset({1, 2}))
    for name, value in more.items():
        setattr(made, name, value)
    return made


def terms(today: date) -> Terms:
    return Terms(today, {"goal_evidence_days": 60})  # type: ignore[dict-item]


def test_the_duty_is_due_sixty_days_after_the_newest_that_showed_any_goal() -> None:
    shown = {1: FIRST + timedelta(days=5), 2: FIRST + timedelta(days=30)}
    (due,) = goals_without_evidence(facts(last=shown), terms(FIRST), FIRST)
    assert (due.due_on, due.begins_on, due.since_on) == (date(2026, 4, 1), date(2026, 4, 1), date(2026, 1, 31))
    (due,) = goals_without_evidence(facts(), terms(FIRST), FIRST)
    assert due.due_on == date(2026, 3, 2)


def test_the_duty_is_the_same_one_from_day_to_day() -> None:
    keys = {
        due.key for day in range(90, 300, 7) for due in goals_without_evidence(facts(), terms(FIRST + timedelta(days=day)), FIRST)
    }
    assert len(keys) == 1


def test_approved_goals_and_those_not_yet_begun_give_no_duty() -> None:
    assert not list(goals_without_evidence(facts(approved=frozenset({1, 2})), terms(FIRST), FIRST))
    assert not list(goals_without_evidence(facts(starts_on=None), terms(FIRST), FIRST))


def test_one_duty_per_participant_in_training_is_found(cast: Cast) -> None:
    held = Terms(cast.today, settings_in_force(cast.today))
    every = {due.enrolment_id for due in derive(held)}
    assert cast.selma.pk in every and cast.enrolments["placed"].pk not in every
    assert [due.enrolment_id for due in derive(held, [cast.selma.participant_id])] == [cast.selma.pk]
