"""What a reader can reckon from the definitions: each hidden number stands in a sum of which something more is hidden."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import pytest

from fagbrev.figures import TOTAL
from meetings.report_hiding import opened, with_words
from meetings.report_links import Published
from meetings.suppression import HIDDEN, SMALL
from tests.meetings.reported import figure

Values = Mapping[str, Mapping[str, Mapping[str, Any]]]
Place = tuple[int, str, str, str]  # the semester's place in the report, figure, row, cell
SPRING, AUTUMN = (date(2026, 1, 1), date(2026, 7, 31)), (date(2026, 8, 1), date(2026, 12, 31))
AUTUMN_BEFORE = (date(2025, 8, 1), date(2025, 12, 31))
ROWS = ("BUA", "HEA", "ROF")
LEVELS = ("under_a1", "a1", "a2", "b1", "b2", "c1", "unknown")
PHASES = ("all", "training", "trade_test")
FIGURES = {
    "now": figure("now", PHASES, splits=True, whole_cell="all"),
    "came": figure("came", ("referred", "admitted")),
    "left": figure("left", ("all", "withdrawn", "terminated"), splits=True, whole_cell="all"),
    "left_why": figure("left_why", ("job", "health", "condition", "other"), splits=True),
    "completed": figure("completed", ("completed",), is_at_moment=False),
    "funnel": figure("funnel", ("referred", "fagbrev"), nested=True),
    "work_12": figure("work_12", ("permanent", "temporary", "unknown"), splits=True),
    "norwegian_oral": figure("norwegian_oral", LEVELS, splits=True),
    "norwegian_goal": figure("norwegian_goal", ("oral", "all"), kind="share"),
    "funding": figure("funding", ("imdi", "municipality", "county_project")),
    "written_exam": figure("written_exam", ("passed",), kind="share"),
    "written_exam_grades": figure("written_exam_grades", ("5", "2", "1", "unknown"), splits=True),
    "absence_hours": figure("absence_hours", ("teaching", "practice"), unit="hours"),
    "absence_people": figure("absence_people", ("teaching", "practice")),
}


def totalled(rows: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Adds the row of everyone."""
    total: dict[str, Any] = {}
    for cells in rows.values():
        for cell, value in cells.items():
            held = total.get(cell, [0, 0] if isinstance(value, list) else 0)
            total[cell] = [held[0] + value[0], held[1] + value[1]] if isinstance(value, list) else held + value
    return {row: dict(cells) for row, cells in rows.items()} | {TOTAL: total}


def counted(*periods: tuple[tuple[date, date], Values], rows: Iterable[str] = ROWS) -> dict[str, Any]:
    """Numbers with the figures that the periods have, the report's own first; one with no rows has the total alone."""
    used = dict.fromkeys(key for _span, values in periods for key in values)
    return {
        "rows": [{"code": code, "name": code, "short": code} for code in rows],
        "figures": [FIGURES[key] for key in used],
        "periods": [
            {
                "first": first.isoformat(), "last": last.isoformat(), "words": first.isoformat(), "words_of": {},
                "values": {key: totalled(values.get(key, {})) if rows else dict(values.get(key, {})) for key in used},
            }
            for (first, last), values in periods
        ],
        "since": "2020-01-01",
    }  # fmt: skip


def worded(numbers: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The numbers with their words."""
    found, revealed, unreached = with_words(numbers, **{"trade": "", "funder": "", "smallest": 5, **more})
    assert revealed == unreached == ()
    return found


def hidden(content: Mapping[str, Any], *places: Place) -> list[Place]:
    """Those of the places that are hidden."""
    return [
        (at, key, row, cell) for at, key, row, cell in places if cell in content["periods"][at]["words_of"].get(key, {}).get(row, {})
    ]  # fmt: skip


def test_who_was_here_came_and_completed_does_not_tell_who_left() -> None:
    before = {"now": {"BUA": {"all": 20, "training": 20}, "HEA": {"all": 20, "training": 20}}}
    now = {
        "now": {"BUA": {"all": 23, "training": 23}, "HEA": {"all": 27, "training": 27}},
        "came": {"BUA": {"admitted": 6}, "HEA": {"admitted": 7}},
        "left": {"BUA": {"all": 3, "terminated": 3}},
        "completed": {},
    }
    content = worded(counted((AUTUMN, now), (SPRING, before), rows=("BUA", "HEA")))
    for row in ("BUA", TOTAL):
        assert hidden(content, (0, "left", row, "all"))
        tells = [(1, "now", row, "all"), (0, "now", row, "all"), (0, "came", row, "admitted"), (0, "completed", row, "completed")]
        assert hidden(content, *tells), row


def test_how_many_left_which_way_does_not_tell_a_reason_of_that_way_alone() -> None:
    """«Kan ikke fullføre nå» is never why somebody withdrew, «vilkår ikke oppfylt» never why somebody broke off."""
    rows = {"BUA": {"health": 3, "other": 6, "condition": 5}, "HEA": {"health": 5, "other": 9, "condition": 9}}
    left = {"BUA": {"all": 14, "terminated": 9, "withdrawn": 5}, "HEA": {"all": 23, "terminated": 14, "withdrawn": 9}}
    content = worded(counted((AUTUMN, {"left": left, "left_why": rows}), rows=("BUA", "HEA")))
    assert hidden(content, (0, "left_why", "BUA", "health"))
    # As many withdrew as had a reason of that way alone: so all others broke off.
    assert hidden(content, (0, "left_why", "BUA", "other"), (0, "left", "BUA", "terminated"), (0, "left", "BUA", "all"))


def test_months_between_the_semesters_leave_what_happened_in_them_unknown() -> None:
    before = {"now": {"BUA": {"all": 20, "training": 20}}}
    now = {
        "now": {"BUA": {"all": 23, "training": 23}}, "came": {"BUA": {"admitted": 6}}, "left": {"BUA": {"all": 3, "terminated": 3}},
        "completed": {},
    }  # fmt: skip
    spring = (SPRING[0], date(2026, 5, 31))  # as it was when its own report was published
    content = worded(counted((AUTUMN, now), (spring, before), rows=("BUA",)))
    assert not hidden(content, (0, "now", TOTAL, "all"), (0, "came", TOTAL, "admitted"))


def test_the_fagbrev_of_a_year_ago_do_not_tell_a_hidden_answer_about_work() -> None:
    now = {"work_12": {"BUA": {"permanent": 6, "temporary": 3, "unknown": 5}}}
    before = {"completed": {"BUA": {"completed": 14}}}
    content = worded(counted((AUTUMN, now), (SPRING, {}), (AUTUMN_BEFORE, before), rows=("BUA",)))
    for row in ("BUA", TOTAL):
        assert hidden(content, (0, "work_12", row, "temporary"))
        assert hidden(
            content, *((0, "work_12", row, cell) for cell in ("permanent", "unknown")), (2, "completed", row, "completed")
        )


def test_those_at_the_goal_do_not_tell_a_hidden_level() -> None:
    rows = {
        "BUA": {"a2": 8, "b1": 3, "b2": 9, "unknown": 6}, "HEA": {"a2": 6, "b1": 7, "b2": 8}, "ROF": {"a2": 9, "b1": 8, "b2": 7},
    }  # fmt: skip
    goal = {"BUA": {"oral": [12, 26]}, "HEA": {"oral": [8, 21]}, "ROF": {"oral": [15, 24]}}
    content = worded(counted((AUTUMN, {"norwegian_oral": rows, "norwegian_goal": goal})))
    assert hidden(content, (0, "norwegian_oral", "BUA", "b1"))
    assert hidden(content, (0, "norwegian_oral", "BUA", "b2"), (0, "norwegian_goal", "BUA", "oral"))


def test_those_who_have_all_four_parts_are_no_more_than_those_who_have_one() -> None:
    """Twelve of whom five are not at the goal: five is the only number that is not small and not more than five."""
    goal = {
        "BUA": {"oral": [5, 12], "all": [5, 12]},
        "HEA": {"oral": [9, 20], "all": [3, 20]},
        "ROF": {"oral": [9, 20], "all": [9, 20]},
    }
    content = worded(counted((AUTUMN, {"norwegian_goal": goal})))
    if hidden(content, (0, "norwegian_goal", "BUA", "all")):
        assert hidden(content, (0, "norwegian_goal", "BUA", "oral"))


def test_those_who_passed_do_not_tell_a_hidden_grade_of_them() -> None:
    """One has a two, and fourteen passed: no more than one has a two, when thirteen have a five."""
    grades = {"BUA": {"5": 13, "2": 1, "1": 7, "unknown": 6}}
    content = worded(
        counted((AUTUMN, {"written_exam": {"BUA": {"passed": [14, 27]}}, "written_exam_grades": grades}), rows=("BUA",))
    )
    for row in ("BUA", TOTAL):
        assert hidden(content, (0, "written_exam_grades", row, "2"))
        assert hidden(content, (0, "written_exam_grades", row, "5"), (0, "written_exam", row, "passed")), row


def test_whom_a_funder_does_not_pay_for_are_a_group_too() -> None:
    values = {"now": {"BUA": {"all": 24, "training": 24}}, "funding": {"BUA": {"imdi": 22}}}
    content = worded(counted((AUTUMN, values), rows=("BUA",)))
    assert hidden(content, (0, "now", "BUA", "all"), (0, "funding", "BUA", "imdi"))


def test_everyone_has_somebody_who_pays() -> None:
    """Of twenty-four, twenty are paid for by others: the hidden four are no fewer than four."""
    values = {
        "now": {"BUA": {"all": 24, "training": 24}}, "funding": {"BUA": {"imdi": 4, "municipality": 10, "county_project": 10}},
    }  # fmt: skip
    content = worded(counted((AUTUMN, values), rows=("BUA",)))
    tells = [(0, "now", "BUA", "all"), (0, "funding", "BUA", "municipality"), (0, "funding", "BUA", "county_project")]
    assert hidden(content, (0, "funding", "BUA", "imdi")) and hidden(content, *tells)


@pytest.mark.parametrize("cell", ["referred", "fagbrev"])
def test_what_the_funnel_has_grown_by_does_not_tell_what_came(cell: str) -> None:
    key, flow = ("came", "referred") if cell == "referred" else ("completed", "completed")
    came = {"BUA": 3, "HEA": 8, "ROF": 20}
    then = {
        "BUA": {"referred": 90, "fagbrev": 30},
        "HEA": {"referred": 95, "fagbrev": 35},
        "ROF": {"referred": 60, "fagbrev": 20},
    }
    grown = {row: {**then[row], cell: then[row][cell] + came[row]} for row in ROWS}
    now = {key: {row: {flow: count} for row, count in came.items()}, "funnel": grown}
    content = worded(counted((AUTUMN, now), (SPRING, {"funnel": then})))
    assert hidden(content, (0, key, "BUA", flow))
    for row in hidden(content, *((0, key, row, flow) for row in ROWS)):
        assert hidden(content, (0, "funnel", row[2], cell), (1, "funnel", row[2], cell)), row


def test_the_report_to_a_funder_does_not_tell_what_the_whole_one_hides_of_the_funder() -> None:
    pays = {"BUA": {"imdi": 3, "municipality": 20}, "HEA": {"imdi": 8, "municipality": 20}}
    whole = worded(counted((AUTUMN, {"funding": pays}), rows=("BUA", "HEA")))
    whole["periods"][0]["words_of"]["funding"] = {"BUA": {"imdi": SMALL}, "HEA": {"imdi": HIDDEN}, TOTAL: {"imdi": HIDDEN}}
    theirs = {"funding": {row: {"imdi": cells["imdi"]} for row, cells in pays.items()}}
    content = worded(counted((AUTUMN, theirs), rows=("BUA", "HEA")), funder="imdi", others=[Published("whole", "", "", whole)])
    places = [(0, "funding", row, "imdi") for row in ("BUA", "HEA", TOTAL)]
    assert hidden(content, *places) == places


@pytest.mark.parametrize("is_trade_first", [True, False])
def test_a_trades_report_and_a_funders_do_not_tell_those_of_the_trade_whom_others_pay_for(is_trade_first: bool) -> None:
    trade = counted((AUTUMN, {"now": {TOTAL: {"all": 20, "training": 20}}}), rows=())
    funder = counted(
        (AUTUMN, {"now": {"BUA": {"all": 18, "training": 18}, "HEA": {"all": 30, "training": 30}}}), rows=("BUA", "HEA")
    )
    if is_trade_first:
        first = worded(trade, trade="BUA")
        second = worded(funder, funder="imdi", others=[Published("trade", "BUA", "", first)])
        assert hidden(second, (0, "now", "BUA", "all"))
    else:
        first = worded(funder, funder="imdi")
        second = worded(trade, trade="BUA", others=[Published("funder", "", "imdi", first)])
        assert hidden(second, (0, "now", TOTAL, "all"))


def test_a_trades_report_does_not_tell_those_whom_none_of_two_funders_pays_for() -> None:
    others = [
        Published(
            code, "", code, worded(counted((AUTUMN, {"now": {"BUA": {"all": 9, "training": 9}}}), rows=("BUA",)), funder=code)
        )
        for code in ("imdi", "municipality")
    ]
    content = worded(
        counted((AUTUMN, {"now": {TOTAL: {"all": 20, "training": 20}}}), rows=()), trade="BUA", others=others
    )  # fmt: skip
    assert hidden(content, (0, "now", TOTAL, "all"))


def test_the_hours_of_few_are_hidden_as_they_are() -> None:
    hours = {"BUA": {"practice": 37, "teaching": 80}, "HEA": {"practice": 60, "teaching": 90}, "ROF": {"practice": 55}}
    people = {"BUA": {"practice": 1, "teaching": 9}, "HEA": {"practice": 8, "teaching": 9}, "ROF": {"practice": 7}}
    content = worded(counted((AUTUMN, {"absence_hours": hours, "absence_people": people})))
    assert hidden(content, (0, "absence_hours", "BUA", "practice"))
    assert hidden(content, *((0, "absence_hours", row, "practice") for row in ("HEA", "ROF", TOTAL)))
    assert not hidden(content, (0, "absence_hours", "BUA", "teaching"))
    assert "37" not in str(opened({**content, "corrected_from": None})["periods"][0]["values"]["absence_hours"])


def test_what_came_after_the_day_an_earlier_edition_counted_to_is_a_group_too() -> None:
    """Nine had completed in May, and eleven when the semester was over: two are no group. Without more days nothing is told."""
    first = worded(counted(((SPRING[0], date(2026, 5, 8)), {"completed": {"BUA": {"completed": 9}}})))
    others = [Published("first", "", "", first)]
    for last, is_hidden in ((SPRING[1], True), (date(2026, 5, 8), False)):
        whole = worded(counted(((SPRING[0], last), {"completed": {"BUA": {"completed": 11}}})), others=others)
        assert bool(hidden(whole, (0, "completed", TOTAL, "completed"))) is is_hidden
    many = worded(counted((SPRING, {"completed": {"BUA": {"completed": 15}}})), others=others)
    assert not hidden(many, (0, "completed", TOTAL, "completed"))
