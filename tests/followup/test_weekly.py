"""The weekly plan: written by fadder and participant, copied, ticked, printed, and read by those who may."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fagbrev.audit.models import ChangeLog
from fagbrev.duties.rules import Terms
from followup.duties.weekly import PlacementFacts, plan_missing
from followup.models.practice import WeeklyPlan, WeeklyPlanLine
from followup.weekly_shown import WEEK, monday_of, week_code
from tests.cast import Cast


def signed_in(cast: Cast, who: str) -> Client:
    """A browser of someone of the cast."""
    client = Client()
    client.force_login(cast.users[who])
    return client


def url(cast: Cast, name: str, monday: date, who: str = "selma") -> str:
    """The address of a week."""
    return f"{reverse(name, args=[cast.enrolments[who].participant.public_id])}?uke={week_code(monday)}"


def planned(cast: Cast, monday: date, *words: str) -> WeeklyPlan:
    """A plan of selma's with lines on Monday."""
    plan = WeeklyPlan.objects.create(placement=cast.placements["selma"], week_starts_on=monday, focus="Måltid")
    for place, one in enumerate(words):
        WeeklyPlanLine.objects.create(plan=plan, weekday=0, place=place, words=one)
    return plan


def lines(plan: WeeklyPlan) -> list[tuple[int, str, bool]]:
    """The lines as they stand."""
    return list(plan.lines.order_by("weekday", "place").values_list("weekday", "words", "is_done"))


class TestWriting:
    """Both write the same page."""

    @pytest.mark.parametrize("who", ["fadder", "deltaker", "koordinator"])
    def test_the_week_is_saved_with_its_lines_and_logged(self, cast: Cast, who: str) -> None:
        monday = monday_of(cast.today)
        sent = {"focus": "Måltid", "day0_0": "Dekke bord", "day0_2": "Lese", "day3_0": "Tur", "submission": "b" * 20}
        client = signed_in(cast, who)
        assert [client.post(url(cast, "ukeplan_edit", monday), sent).status_code for _ in range(2)] == [302, 302]
        plan = WeeklyPlan.objects.get()
        assert lines(plan) == [(0, "Dekke bord", False), (0, "Lese", False), (3, "Tur", False)]
        assert ChangeLog.objects.filter(section="weekly_plan", fields=["lines"]).count() == 1

    @pytest.mark.parametrize("who", ["faglaerer", "norsklaerer", "leder"])
    def test_teachers_and_leder_read_and_do_not_write(self, cast: Cast, who: str) -> None:
        monday = monday_of(cast.today)
        planned(cast, monday, "Dekke bord")
        client = signed_in(cast, who)
        page = client.get(url(cast, "participant_ukeplan", monday)).content.decode()
        assert "Dekke bord" in page
        assert "Endre planen" not in page
        assert client.post(url(cast, "ukeplan_edit", monday), {}).status_code == 403

    def test_two_who_write_at_once_see_both_texts_and_lines_can_be_chosen(self, cast: Cast) -> None:
        monday = monday_of(cast.today)
        address = url(cast, "ukeplan_edit", monday)
        signed_in(cast, "fadder").post(address, {"day0_0": "Fadders linje"})
        mine = {"day0_0": "Min linje", "focus": "Mitt"}
        client = signed_in(cast, "deltaker")
        answer = client.post(address, mine)
        assert answer.status_code == 409
        assert "Fadders linje" in answer.content.decode()
        assert "Min linje" in answer.content.decode()
        again = mine | {"conflict": "1", "version": "1", "choice_day0_0": "theirs", "choice_focus": "mine"}
        assert client.post(address, again).status_code == 302
        plan = WeeklyPlan.objects.get()
        assert (plan.focus, lines(plan)) == ("Mitt", [(0, "Fadders linje", False)])

    def test_what_is_ticked_stays_ticked_when_the_plan_is_changed(self, cast: Cast) -> None:
        monday = monday_of(cast.today)
        plan = planned(cast, monday, "Dekke bord", "Lese")
        client, line = signed_in(cast, "deltaker"), plan.lines.get(words="Lese")
        for _ in range(2):
            client.post(url(cast, "ukeplan_tick", monday), {"linje": f"{line.public_id}:1"})
        assert ChangeLog.objects.filter(verb="ticked").count() == 1
        client.post(url(cast, "ukeplan_edit", monday), {"day0_0": "Lese", "day0_1": "Nytt", "version": 1})
        assert lines(plan) == [(0, "Lese", True), (0, "Nytt", False)]

    def test_too_long_a_line_is_refused_and_kept(self, cast: Cast) -> None:
        answer = signed_in(cast, "fadder").post(url(cast, "ukeplan_edit", monday_of(cast.today)), {"day0_0": "x" * 201})
        assert answer.status_code == 422
        assert "x" * 201 in answer.content.decode()

    def test_a_line_of_anothers_plan_is_not_there(self, cast: Cast) -> None:
        plan = planned(cast, monday_of(cast.today), "Lese")
        answer = signed_in(cast, "annen_fadder").post(
            url(cast, "ukeplan_tick", monday_of(cast.today), "nadia"), {"linje": f"{plan.lines.get().public_id}:1"}
        )
        assert answer.status_code == 404


class TestCopying:
    """«Kopier forrige uke»."""

    def test_last_weeks_lines_come_without_ticks_and_a_planned_week_is_left_alone(self, cast: Cast) -> None:
        monday = monday_of(cast.today)
        planned(cast, monday, "Dekke bord").lines.update(is_done=True)
        client = signed_in(cast, "fadder")
        for _ in range(2):
            assert client.post(url(cast, "ukeplan_copy", monday + WEEK), {}).status_code == 302
        new = WeeklyPlan.objects.get(week_starts_on=monday + WEEK)
        assert (new.focus, lines(new)) == ("Måltid", [(0, "Dekke bord", False)])

    def test_nothing_to_copy_is_said(self, cast: Cast) -> None:
        answer = signed_in(cast, "fadder").post(url(cast, "ukeplan_copy", monday_of(cast.today)), {}, follow=True)
        assert "ingen tidligere ukeplan" in answer.content.decode()

    def test_nonsense_for_a_week_is_not_there(self, cast: Cast) -> None:
        address = reverse("participant_ukeplan", args=[cast.selma.participant.public_id])
        for text in ("2026-99", "x", "2026-", "0001-01", "²-1"):
            assert signed_in(cast, "fadder").get(f"{address}?uke={text}").status_code == 404


def test_the_page_asks_as_much_for_many_lines(cast: Cast) -> None:
    monday = monday_of(cast.today)
    plan, client = planned(cast, monday, "Lese"), signed_in(cast, "deltaker")
    address = url(cast, "participant_ukeplan", monday)
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for weekday in range(1, 7):
        WeeklyPlanLine.objects.create(plan=plan, weekday=weekday, place=0, words="Tur")
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few)


class TestTheDuty:
    """Asked for where plans are in use, from the Friday before."""

    MONDAY = date(2026, 11, 30)

    def found(self, today: date, *weeks: date, **more: Any) -> list[str]:
        """The weeks asked for on a day."""
        held = {"starts_on": date(2026, 9, 1), "ends_on": None} | more
        facts = PlacementFacts(1, "p", held["starts_on"], held["ends_on"], 1, 1, 1, "", frozenset(weeks))
        return [due.occurrence for due in plan_missing("fadder")(facts, Terms(today), today)]

    def test_it_begins_on_friday_and_is_gone_when_the_week_is_planned(self) -> None:
        before = self.MONDAY - WEEK
        assert self.found(self.MONDAY - timedelta(days=4), before) == []
        for days in (-3, -1, 0, 3):
            assert self.found(self.MONDAY + timedelta(days=days), before) == ["2026-11-30"]
            assert self.found(self.MONDAY + timedelta(days=days), before, self.MONDAY) == []

    def test_nobody_is_asked_who_has_no_plan_in_four_weeks(self) -> None:
        assert self.found(self.MONDAY, self.MONDAY - 4 * WEEK) == ["2026-11-30"]
        assert self.found(self.MONDAY, self.MONDAY - 5 * WEEK) == []
        assert self.found(self.MONDAY) == []

    def test_nobody_is_asked_after_the_last_day(self) -> None:
        assert self.found(self.MONDAY, self.MONDAY - WEEK, ends_on=self.MONDAY - timedelta(days=1)) == []
