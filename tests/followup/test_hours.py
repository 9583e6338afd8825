"""Expected hours and participation: never negative, never more for a break, and just at the limit is enough (V3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.hours import (
    Counted,
    Expectation,
    Membership,
    Participation,
    Period,
    Practice,
    Session,
    SickPeriod,
    count,
)

MONDAY = date(2026, 9, 7)
FULL = Decimal("7.5")
days = st.integers(-40, 80).map(lambda ahead: MONDAY + timedelta(days=ahead))
hours = st.decimals(Decimal("0.25"), Decimal(12), places=2)


@st.composite
def periods(draw: st.DrawFn) -> Period:
    first, last = sorted((draw(days), draw(days)))
    return Period(draw(st.sampled_from([None, first])), draw(st.sampled_from([None, last])))


sessions = st.builds(Session, st.integers(0, 4), hours, periods())
memberships = st.builds(Membership, st.lists(sessions, max_size=3).map(tuple), st.integers(0, 100), periods())
placements = st.builds(
    Practice, periods(), st.one_of(st.none(), st.integers(0, 100)), st.frozensets(st.integers(0, 6), max_size=7)
)
sick = st.builds(SickPeriod, periods(), st.integers(1, 100))


def expectation(**facts: object) -> Expectation:
    weekend = lambda day: day.weekday() > 4  # noqa: E731
    return Expectation(**({"is_teaching_off": weekend, "is_practice_off": weekend} | facts))  # type: ignore[arg-type]


expectations = st.builds(
    lambda members, places, leave, ill: expectation(
        memberships=tuple(members), placements=tuple(places), away_on_leave=tuple(leave), sick=tuple(ill)
    ),
    st.lists(memberships, max_size=2), st.lists(placements, max_size=2), st.lists(periods(), max_size=1), st.lists(sick, max_size=2),
)  # fmt: skip


def over(one: Expectation, first: date = MONDAY, length: int = 14, **away: dict[date, Decimal]) -> Counted:
    away = {"away_teaching": {}, "away_practice": {}} | away
    return count(one, first, first + timedelta(days=length - 1), **away)


@given(expectations, st.dictionaries(days, hours, max_size=6), st.dictionaries(days, hours, max_size=6))
def test_nobody_is_expected_less_than_nothing_nor_away_more_than_expected(
    one: Expectation, teaching: dict[date, Decimal], practice: dict[date, Decimal]
) -> None:
    found = over(one, away_teaching=teaching, away_practice=practice)
    for kind in (found.teaching, found.practice, found.total):
        assert 0 <= kind.away <= kind.expected
        assert kind.percent is None or 0 <= kind.percent <= 100


@given(expectations, periods(), st.sampled_from(["is_teaching_off", "is_practice_off"]))
def test_a_break_never_adds_hours(one: Expectation, off: Period, which: str) -> None:
    was = getattr(one, which)
    with_break = replace(one, **{which: lambda day: was(day) or off.covers(day)})
    before, after = over(one), over(with_break)
    assert after.teaching.expected <= before.teaching.expected
    assert after.practice.expected <= before.practice.expected


@given(expectations, sick)
def test_a_sick_leave_never_adds_hours(one: Expectation, more: SickPeriod) -> None:
    assert over(replace(one, sick=(*one.sick, more))).total.expected <= over(one).total.expected


@given(expectations, st.integers(0, 20), st.integers(0, 20))
def test_two_spans_of_days_count_as_much_as_both_together(one: Expectation, first: int, second: int) -> None:
    whole = over(one, length=first + second).total.expected
    parts = over(one, length=first).total.expected + over(one, MONDAY + timedelta(days=first), second).total.expected
    assert abs(whole - parts) < Decimal("1e-20")  # shares of a day are rounded at the 28th digit


@pytest.mark.parametrize(
    ("percent", "weekdays", "a_week"),
    [
        (100, [], "37.5"), (80, [], "30"), (80, [0, 1, 2, 3], "30"), (100, [0, 1, 2, 3], "30"), (50, [0, 1], "15"),
        (60, [0, 1, 2, 3, 4], "22.5"), (None, [1, 2], "15"), (0, [0], "0"),
    ],
)  # fmt: skip
def test_a_position_is_spread_over_its_days_and_no_day_is_longer_than_a_full_one(
    percent: int | None, weekdays: list[int], a_week: str
) -> None:
    place = Practice(Period(), percent, frozenset(weekdays))
    assert over(expectation(placements=(place,)), length=7).practice.expected == Decimal(a_week)


def test_teaching_is_the_timetables_and_a_share_of_it_where_it_tapers_off() -> None:
    session = Session(1, Decimal(6))
    assert over(expectation(memberships=(Membership((session,)),))).teaching.expected == 12
    assert over(expectation(memberships=(Membership((session,), share=60),))).teaching.expected == Decimal("7.2")


def test_a_placement_without_named_days_gives_way_to_the_timetable() -> None:
    one = expectation(memberships=(Membership((Session(1, Decimal(6)),)),), placements=(Practice(Period(), 100),))
    assert over(one, length=7).practice.expected == 4 * FULL + Decimal("1.5")


def test_leave_and_sick_leave_are_taken_out_and_absence_on_such_days_does_not_count() -> None:
    whole = expectation(placements=(Practice(Period(), 100),))
    tuesday = MONDAY + timedelta(days=1)
    away = {MONDAY: FULL, tuesday: FULL}
    for gone in ({"away_on_leave": (Period(MONDAY, MONDAY),)}, {"sick": (SickPeriod(Period(MONDAY, MONDAY)),)}):
        found = over(replace(whole, **gone), length=5, away_practice=away).practice  # type: ignore[arg-type]
        assert (found.expected, found.away) == (4 * FULL, FULL)
    half = over(replace(whole, sick=(SickPeriod(Period(MONDAY, MONDAY), 50),)), length=1, away_practice=away).practice
    assert (half.expected, half.away) == (FULL / 2, FULL / 2)


def test_the_day_before_the_first_and_after_the_last_are_not_expected() -> None:
    place = Practice(Period(MONDAY, MONDAY + timedelta(days=1)), 100)
    for ahead, wanted in ((-3, 0), (0, FULL), (1, FULL), (2, 0)):
        assert over(expectation(placements=(place,)), MONDAY + timedelta(days=ahead), 1).practice.expected == wanted


@pytest.mark.parametrize(
    ("away", "percent", "is_below", "left"),
    [
        ("19.75", 80, False, "0.25"),
        ("20", 80, False, "0"),
        ("20.25", 79, True, "0"),
        ("0", 100, False, "20"),
        ("100", 0, True, "0"),
    ],
)
def test_just_at_the_limit_is_enough_and_an_hour_less_is_not(away: str, percent: int, is_below: bool, left: str) -> None:
    one = Participation(Decimal(100), Decimal(away))
    limit = Decimal(80)
    assert (one.percent, one.is_below(limit), one.may_still_be_away(limit)) == (percent, is_below, Decimal(left))


def test_without_expected_hours_there_is_no_percentage_and_nothing_is_below() -> None:
    assert Participation().percent is None
    assert not Participation().is_below(Decimal(80))
