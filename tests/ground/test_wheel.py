"""Årshjulet's geometry: August at the top, clockwise, and nothing in a ring that touches anything else in it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import combinations
from math import atan2, degrees, hypot

import pytest

from fagbrev.ui.wheel import NARROW, WIDE, Box, Free, Mark, Measures, Point, Ring, Wheel, layout

FIRST, LAST = date(2026, 8, 1), date(2027, 7, 31)
TODAY = date(2026, 11, 24)
RINGS = (Ring("exam", "Eksamen"), Ring("duty", "Frister"), Ring("contract", "Kontrakt"))
MANY_RINGS = (RINGS[0], Ring("review", "Vurdering"), Ring("meeting", "Møter"), *RINGS[1:])


def dot(day: date, ring: str = "duty", shape: str = "dot", **more: object) -> Mark:
    return Mark(ring, ring, shape, day, day, f"{ring} {day}", **more)  # type: ignore[arg-type]


def period(first: date, last: date, shape: str = "arc", kind: str = "sign_up") -> Mark:
    return Mark("exam", kind, shape, first, last, f"{kind} {first}")


def drawn(marks: Sequence[Mark], measures: Measures = WIDE, rings: Sequence[Ring] = RINGS, today: date | None = TODAY) -> Wheel:
    return layout(rings, marks, first=FIRST, today=today, measures=measures, centre=("Skoleåret", "2026–2027", "Uke 48"))


def angle_of(point: Point) -> float:
    return degrees(atan2(point.x, -point.y)) % 360


def boxes(wheel: Wheel, ring: str) -> list[Box]:
    place = next(n for n, one in enumerate(wheel.rings) if one.key == ring)
    return [
        wheel.names[place].box,
        *(arc.box for arc in wheel.arcs if arc.mark.ring == ring),
        *(point.box for point in wheel.points if point.mark.ring == ring),
    ]


def touching(wheel: Wheel) -> list[tuple[Box, Box]]:
    return [
        (a, b) for ring in wheel.rings for a, b in combinations(boxes(wheel, ring.key), 2) if a.touches(b, gap=0.0)
    ]  # fmt: skip


def crossing(wheel: Wheel) -> list[tuple[float, float]]:
    """Circles of different rings that touch, by their real distance."""
    return [
        (angle_of(a), angle_of(b)) for a, b in combinations(wheel.points, 2)
        if hypot(a.x - b.x, a.y - b.y) < a.radius + b.radius - 0.3
    ]  # fmt: skip


def test_august_begins_at_the_top_and_the_year_goes_clockwise() -> None:
    wheel = drawn(
        [dot(FIRST), dot(date(2026, 11, 1)), dot(date(2027, 2, 1)), dot(date(2027, 5, 1)), dot(LAST - timedelta(days=40))]
    )
    turns = [angle_of(point) for point in wheel.points]
    assert turns[0] < 1
    assert turns == sorted(turns)
    assert turns[1] == pytest.approx(91, abs=1.5)
    assert [month.name.text for month in wheel.months][:2] == ["august", "september"]


@pytest.mark.parametrize("measures", [WIDE, NARROW])
@pytest.mark.parametrize("rings", [RINGS, MANY_RINGS, RINGS[:1], RINGS[:2]])
@pytest.mark.parametrize("seed", range(6))
def test_nothing_touches_however_much_there_is(measures: Measures, rings: Sequence[Ring], seed: int) -> None:
    chance = random.Random(seed)
    days = [FIRST + timedelta(days=chance.randrange(365)) for _ in range(30 * (seed + 1))]
    marks = [dot(day, chance.choice(rings).key, chance.choice(["dot", "dot", "star", "diamond", "count"])) for day in days]
    for n in range(3 * seed):
        start = FIRST + timedelta(days=chance.randrange(350))
        ends = start + timedelta(days=chance.randrange(40))
        marks.append(period(start, ends, chance.choice(["arc", "outline"]), f"kind {n % 4}"))
    wheel = drawn(marks, measures, rings)
    assert touching(wheel) == []
    assert crossing(wheel) == []


@pytest.mark.parametrize("measures", [WIDE, NARROW])
def test_everything_on_one_day_becomes_one_circle_with_its_number(measures: Measures) -> None:
    wheel = drawn([dot(date(2026, 12, 1), count=1) for _ in range(40)], measures)
    assert sum(point.mark.count for point in wheel.points) == 40
    assert any(point.number for point in wheel.points)
    assert touching(wheel) == []


def test_neighbouring_days_stand_beside_each_other_across_the_ring() -> None:
    wheel = drawn([dot(date(2026, 12, 1)), dot(date(2026, 12, 2)), dot(date(2026, 12, 3))])
    assert len(wheel.points) == 3
    distances = [round(hypot(point.x, point.y)) for point in wheel.points]
    assert len(set(distances)) == 3
    assert distances[1] > distances[0]  # outward first


def test_a_shape_of_its_own_stays_when_marks_are_joined() -> None:
    wheel = drawn([dot(date(2026, 12, 1), "exam", "star") for _ in range(9)])
    assert all(point.path and not point.number for point in wheel.points)


def test_every_month_keeps_its_circle_also_july() -> None:
    months = [date(2026 + (7 + n) // 12, (7 + n) % 12 + 1, 1) for n in range(12)]
    marks = [
        Mark("contract", "contract", "count", first, first + timedelta(days=27), "slutter", count=n + 1)
        for n, first in enumerate(months)
    ]
    for measures in (WIDE, NARROW):
        wheel = drawn(marks, measures)
        assert sorted(int(point.number) for point in wheel.points) == list(range(1, 13))
        assert touching(wheel) == []


def test_periods_that_overlap_share_the_ring_and_others_have_it_alone() -> None:
    alone = drawn([period(date(2027, 1, 15), date(2027, 2, 1)), period(date(2027, 2, 2), date(2027, 2, 12), "outline")])
    assert len({arc.box.low for arc in alone.arcs}) == 1
    shared = drawn([period(date(2027, 1, 15), date(2027, 2, 1)), period(date(2027, 1, 20), date(2027, 2, 12), "outline")])
    assert len({arc.box.low for arc in shared.arcs}) == 2
    assert touching(shared) == []


def test_what_lies_outside_the_year_is_left_out_or_cut() -> None:
    wheel = drawn([
        dot(FIRST - timedelta(days=1)), dot(LAST + timedelta(days=1)), period(date(2026, 7, 1), date(2026, 8, 20)),
        period(date(2027, 7, 20), date(2027, 9, 1)),
    ])  # fmt: skip
    assert wheel.points == ()
    assert [(round(arc.box.start), round(arc.box.end)) for arc in wheel.arcs] == [(0, 20), (348, 360)]


def test_july_is_hatched_and_breaks_that_meet_are_one() -> None:
    assert len(drawn([]).hatches) == 1
    summer = Free(date(2027, 6, 19), date(2027, 8, 22))
    assert len(layout(RINGS, [], first=FIRST, free=[summer]).hatches) == 1
    assert len(layout(RINGS, [], first=FIRST, free=[summer, Free(date(2026, 9, 28), date(2026, 10, 2))]).hatches) == 2


def test_today_has_one_line_and_its_month_is_the_one_now() -> None:
    wheel = drawn([])
    assert wheel.today is not None
    assert [month.state for month in wheel.months] == ["past"] * 3 + ["now"] + ["ahead"] * 8


@pytest.mark.parametrize("today", [None, FIRST - timedelta(days=1), LAST + timedelta(days=1)])
def test_outside_the_year_there_is_no_line(today: date | None) -> None:
    wheel = drawn([], today=today)
    assert wheel.today is None
    assert {month.state for month in wheel.months} == {"ahead"}


@pytest.mark.parametrize("day", range(0, 365, 7))
def test_the_plate_of_today_is_inside_the_drawing_and_off_the_name_of_the_month(day: int) -> None:
    for measures in (WIDE, NARROW):
        wheel = drawn([], measures, today=FIRST + timedelta(days=day))
        plate = wheel.today
        assert plate is not None
        if measures is WIDE:
            assert abs(plate.plate.x) + plate.width / 2 <= wheel.width / 2
            assert abs(plate.plate.y) + plate.height / 2 <= wheel.height / 2
            assert (
                hypot(max(0, abs(plate.plate.x) - plate.width / 2), max(0, abs(plate.plate.y) - plate.height / 2)) >= WIDE.outer
            )
        else:
            name = next(month.name for month in wheel.months if month.state == "now")
            apart = hypot(name.x - plate.plate.x, name.y - plate.plate.y)
            assert apart > plate.width / 2 + len(name.text) * name.size * 0.25


def test_names_stand_in_full_where_there_is_room_and_as_letters_where_not() -> None:
    assert [name.text.text for name in drawn([]).names] == ["Eksamen", "Frister", "Kontrakt"]
    assert [name.text.text for name in drawn([], WIDE, MANY_RINGS).names][1:3] == ["Vurdering", "Møter"]
    assert [name.text.text for name in drawn([], NARROW).names] == ["E", "F", "K"]


def test_a_leap_year_is_drawn_whole() -> None:
    wheel = layout(RINGS, [dot(date(2028, 2, 29))], first=date(2027, 8, 1), today=date(2028, 2, 29))
    assert len(wheel.points) == 1


def test_a_wheel_without_marks_and_without_rings_is_drawn() -> None:
    assert layout([], [], first=FIRST).names == ()
    assert drawn([]).arcs == ()
