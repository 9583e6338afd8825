"""Each figure of follow-up says what its definition says: held against loops in Python over made-up histories."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from fagbrev.figures import TOTAL, Cut, Share, figures
from followup.figures import FIGURES
from followup.models import Absence, Lesson
from participants.models import CohortMember, Enrolment, IntakeInterview, Placement
from tests.cast import Cast
from tests.followup.followed_lives import BEGIN, DAYS, FollowedMaker
from tests.followup.followed_slowly import TWINS, FollowedWorld
from tests.participants.lives import Frame, cuts, make_frame
from tests.participants.slowly import TWINS as TWINS_OF_PARTICIPANTS
from tests.participants.slowly import hold_against
from tests.participants.test_figures import QUICKLY, in_a_world


@pytest.fixture
def frame(db: None) -> Frame:
    return make_frame()


@QUICKLY
@given(seed=st.integers(0, 2**32), people=st.integers(10, 16))
def test_every_figure_agrees_with_a_slow_computation_of_its_definition(frame: Frame, seed: int, people: int) -> None:
    def hold() -> None:
        world, random = FollowedWorld(), Random(seed)
        for cut in cuts(seed, frame):
            for figure in FIGURES:
                hold_against(figure, cut, TWINS[figure.key](world, cut), random)

    in_a_world(FollowedMaker(seed, frame), people, hold)


def test_a_spring_to_the_end_of_july_asks_for_no_visits_in_july(frame: Frame) -> None:
    """The slow twin agrees, and as many are due as to the last of June."""
    spring, to_june = Cut(date(2025, 1, 1), date(2025, 7, 31)), Cut(date(2025, 1, 1), date(2025, 6, 30))

    def look() -> None:
        world, due = FollowedWorld(), figures()["visits_due"]
        hold_against(due, spring, TWINS["visits_due"](world, spring), Random(5))
        whole, half = (due.count(cut)[TOTAL]["held"].whole for cut in (spring, to_june))
        assert whole == half > 0

    in_a_world(FollowedMaker(5, frame), 20, look)


def test_every_figure_in_the_registry_has_a_slow_twin() -> None:
    assert set(figures()) == set(TWINS) | set(TWINS_OF_PARTICIPANTS)


@pytest.mark.parametrize("narrowed", [{}, {"trade": "BUA", "funder": "imdi"}, {"funder": "jobbsjansen"}, {"cohort": "x"}])
def test_the_number_of_queries_is_the_same_for_few_and_for_many(frame: Frame, narrowed: dict[str, str]) -> None:
    cut = Cut(BEGIN, BEGIN + timedelta(days=DAYS), **narrowed)
    counts: dict[int, dict[str, int]] = {}
    for people in (5, 50):

        def count(people: int = people) -> None:
            for key, figure in figures().items():
                with CaptureQueriesContext(connection) as asked:
                    figure.count(cut)
                counts.setdefault(people, {})[key] = len(asked)

        in_a_world(FollowedMaker(people, frame), people, count)
    assert counts[5] == counts[50]
    assert max(counts[5].values()) <= 2


def test_nobody_with_a_strictly_protected_address_is_in_any_figure_or_behind_it(frame: Frame) -> None:
    from participants.models import Participant

    cut = Cut(BEGIN, BEGIN + timedelta(days=DAYS))

    def look() -> None:
        Participant.objects.update(address_protection="strengt_fortrolig")
        for figure in figures().values():
            for row in figure.count(cut).values():
                assert all(not getattr(value, "whole", getattr(value, "count", value)) for value in row.values()), figure.key
            for cell in figure.cells:
                assert figure.people is None or not figure.people(cut, cell.key).exists(), figure.key

    in_a_world(FollowedMaker(7, frame), 20, look)


def test_a_guest_of_the_class_is_in_no_figure_of_absence(frame: Frame) -> None:
    cut = Cut(BEGIN, BEGIN + timedelta(days=DAYS))

    def look() -> None:
        Absence.objects.all().delete()
        before = figures()["presence"].count(cut)
        CohortMember.objects.filter(enrolment__isnull=False).update(enrolment=None)
        assert before[TOTAL]["teaching"].whole > 0
        assert figures()["presence"].count(cut)[TOTAL]["teaching"].whole == 0

    in_a_world(FollowedMaker(3, frame), 12, look)


@pytest.mark.parametrize(
    ("written", "interview", "level"),
    [("Har gått på kurs", "A2", "a2"), ("", "A2", "a2"), ("B1", "A2", "b1"), ("Har gått på kurs", "", "unknown"),
     ("Vet ikke", "under A1", "under_a1")],
)  # fmt: skip
def test_a_level_that_cannot_be_read_from_the_start_is_that_of_the_interview(
    cast: Cast, written: str, interview: str, level: str
) -> None:
    Enrolment.objects.exclude(pk=cast.selma.pk).update(status="declined")
    Enrolment.objects.filter(pk=cast.selma.pk).update(norwegian_at_start=written)
    IntakeInterview.objects.update_or_create(enrolment=cast.selma, defaults={"norwegian_level": interview})
    found = figures()["norwegian_start"].people(Cut(cast.today, cast.today), level)
    assert cast.selma in found
    only = [cell.key for cell in figures()["norwegian_start"].cells if cast.selma in figures()["norwegian_start"].people(
        Cut(cast.today, cast.today), cell.key)]  # fmt: skip
    assert only == [level]


@pytest.mark.parametrize(("away", "cell"), [("2.00", "enough"), ("2.01", "below")])
def test_just_at_the_limit_is_enough(cast: Cast, away: str, cell: str) -> None:
    from programmes.models import Cohort

    day = cast.today - timedelta(days=7)
    cohort = Cohort.objects.create(trade=cast.trades["BUA"], name="Gruppe 1")
    CohortMember.objects.create(participant=cast.selma.participant, cohort=cohort, enrolment=cast.selma)
    lesson = Lesson.objects.create(cohort=cohort, held_on=day, hours=Decimal(10), kept_by=cast.faglaerer)
    Absence.objects.create(
        enrolment=cast.selma, away_from="teaching", away_on=day, hours=Decimal(away), lesson=lesson, recorded_by=cast.faglaerer
    )
    figure = figures()["presence_low"]
    assert {key: value for key, value in figure.count(Cut(day, cast.today))[TOTAL].items() if value} == {"taught": 1, cell: 1}


@pytest.mark.parametrize(("days", "due"), [(27, 0), (28, 1)])
def test_a_review_is_due_after_four_weeks_at_a_workplace(cast: Cast, days: int, due: int) -> None:
    first = cast.today - timedelta(days=90)
    Placement.objects.filter(pk=cast.placements["selma"].pk).update(starts_on=first, ends_on=first + timedelta(days=days - 1))
    counted = figures()["reviews_due"].count(Cut(first, cast.today, trade="BUA"))
    assert counted.get("BUA", {}).get("held", Share(0, 0)) == Share(0, due)
