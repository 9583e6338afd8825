"""Each figure of participants says what its definition says: held against loops in Python over made-up histories."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from fagbrev.dates import months_after, months_before
from fagbrev.figures import Cut
from participants.figures import FIGURES
from participants.figures.cuts import enrolments
from participants.figures.outcome import days_that_come_to
from participants.models import CohortMember, FundingPeriod, IncomePeriod
from programmes.models import Cohort
from tests.cast import Cast
from tests.participants.lives import Frame, Maker, cuts, make_frame
from tests.participants.slowly import TWINS, World, hold_against


@pytest.fixture
def frame(db: None) -> Frame:
    return make_frame()


def in_a_world(maker: Maker, people: int, do: Any) -> None:
    """Makes the world, does what is asked in it, and takes it away."""
    with transaction.atomic():
        maker.world(people)
        do()
        transaction.set_rollback(True)


# A world is told by its seed: nothing to shrink but how many are in it, and each try takes as long as the first.
QUICKLY = settings(
    max_examples=16, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip


@QUICKLY
@given(seed=st.integers(0, 2**32), people=st.integers(12, 24))
def test_every_figure_agrees_with_a_slow_computation_of_its_definition(frame: Frame, seed: int, people: int) -> None:
    def hold() -> None:
        world, random = World(), Random(seed)
        for cut in cuts(seed, frame):
            for figure in FIGURES:
                hold_against(figure, cut, TWINS[figure.key](world, cut), random)

    in_a_world(Maker(seed, frame), people, hold)


def test_every_figure_has_a_slow_twin() -> None:
    assert {figure.key for figure in FIGURES} == set(TWINS)


@pytest.mark.parametrize(
    ("begins", "ends", "is_in"), [(-9, -1, False), (-9, 0, True), (10, 12, True), (11, 12, False), (None, 0, True)]
)
def test_a_cut_holds_those_who_are_paid_for_on_a_day_of_the_period(
    cast: Cast, begins: int | None, ends: int, is_in: bool
) -> None:
    first, last = cast.today, cast.today + timedelta(days=10)
    days = {"starts_on": None if begins is None else first + timedelta(days=begins), "ends_on": first + timedelta(days=ends)}
    cohort = Cohort.objects.create(trade=cast.trades["BUA"], name="Gruppe 1")
    FundingPeriod.objects.create(enrolment=cast.selma, source="imdi", **days)
    IncomePeriod.objects.create(enrolment=cast.selma, kind="jobbsjansen", programme="jobbsjansen", **days)
    CohortMember.objects.create(participant=cast.selma.participant, cohort=cohort, enrolment=cast.selma, **days)
    for narrowed in ({"funder": "imdi"}, {"funder": "jobbsjansen"}, {"cohort": cohort.public_id}):
        assert list(enrolments(Cut(first, last, **narrowed))) == ([cast.selma] if is_in else [])
        assert list(enrolments(Cut(first, last, trade="HEA", **narrowed))) == []


@pytest.mark.parametrize("months", [3, 6, 12])
@given(first=st.dates(date(2023, 1, 1), date(2028, 12, 31)), days=st.integers(0, 40), ahead=st.integers(-10, 60))
def test_the_days_asked_for_are_those_that_come_to_the_period_so_many_months_later(
    months: int, first: date, days: int, ahead: int
) -> None:
    last = first + timedelta(days=days)
    begin, end = days_that_come_to(first, last, months)
    day = months_before(first, months) + timedelta(days=ahead)
    assert (begin <= day <= end) is (first <= months_after(day, months) <= last)
