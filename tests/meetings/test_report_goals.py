"""What a report says of the goals in Norwegian is what the trades ask for, and stands as it was when the numbers were counted."""

from __future__ import annotations

import pytest

from meetings.report_content import draft_content
from meetings.report_numbers import counted, goal_words
from meetings.report_page import page_of
from programmes.models import Trade
from tests.cast import Cast
from tests.meetings.reported import draft, numbers


def trade(name: str, oral: str, written: str = "") -> Trade:
    return Trade(code=name[:3], short_name=name, goal_oral=oral, goal_written=written or oral)


@pytest.mark.parametrize(
    ("trades", "words"),
    [
        ([], ""),
        ([trade("BUA", "b1"), trade("Renhold", "b1")], "Målet er B1."),
        ([trade("Helse", "b2"), trade("BUA", "b1"), trade("Renhold", "b1")], "Målet er B1, i helse B2."),
        ([trade("BUA", "b1"), trade("Helse", "b2", "b1"), trade("Kokk", "a2"), trade("Bil", "b1")],
         "Målet er B1, i helse B2 muntlig og B1 skriftlig, i kokk A2."),
    ],
)  # fmt: skip
def test_the_goal_of_most_stands_first_and_those_of_the_others_after(trades: list[Trade], words: str) -> None:
    assert goal_words(trades) == words


@pytest.mark.parametrize(("cut", "words"), [("", "Målet er B1, i helse B2."), ("HEA", "Målet er B2.")])
def test_the_goals_of_a_report_are_those_of_its_trades_when_it_was_counted(cast: Cast, cut: str, words: str) -> None:
    Trade.objects.update(goal_oral="b1", goal_written="b1")
    Trade.objects.filter(code="HEA").update(goal_oral="b2", goal_written="b2")
    report = draft(cast, content=numbers(cast.today), trade=cut)
    report.numbers.content |= {"norwegian_goals": counted(report)["norwegian_goals"]}
    report.numbers.save()
    Trade.objects.update(goal_oral="c1", goal_written="c1")
    shown = page_of(draft_content(report, cast.koordinator, "M"))
    (levels,) = [chart for chart in shown["charts"] if chart.key == "levels"]
    assert levels.note == f"60 deltakere. {words}"
