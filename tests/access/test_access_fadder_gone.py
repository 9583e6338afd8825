"""A fadder from the day after: every address of follow-up is closed. What they are told is in tests/followup/test_fadder_gone.py."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from fagbrev.duties.engine import refresh
from participants.models import Placement, PlacementFadder
from programmes.models import MonthlyTopic
from tests.access import followup, test_access_matrix
from tests.access.conftest import forget
from tests.access.matrix import answered, expected
from tests.access.rows import Row
from tests.access.test_access_matrix import arguments, ask
from tests.cast import Cast

stage = test_access_matrix.stage  # the cast with selma's record filled, and a client for each role
RECORD_ROWS: list[Row] = [row for module in followup.modules() for row in module.RECORD_ROWS]
ENDS = {
    "the placement": (True, False),
    "the fadder": (False, True),
    "both": (True, True),
}
EACH = [what for what in ENDS if what != "both"]


def end(cast: Cast, what: str) -> None:
    """Lets yesterday be the last day of selma's placement, of the fadder there, or of both."""
    yesterday = cast.today - timedelta(days=1)
    of_place, of_fadder = ENDS[what]
    if of_place:
        Placement.objects.filter(enrolment=cast.selma).update(ends_on=yesterday)
    if of_fadder:
        PlacementFadder.objects.filter(placement__enrolment=cast.selma).update(ends_on=yesterday)
    refresh(today=cast.today)
    forget(cast.fadder)


def verbs(row: Row) -> list[str]:
    """What the address takes."""
    return [*([] if row.no_get else ["GET"]), *(["POST"] if row.post else [])]


class TestAddresses:
    """The matrix's rows, every one of them."""

    @pytest.mark.parametrize("what", EACH)
    def test_every_address_of_a_record_is_not_there(self, stage: Cast, world: Cast, what: str) -> None:
        end(stage, what)
        found = {
            f"{verb} {row.name}": answered(ask(stage, "A", reverse(row.name, kwargs=arguments(stage, row)), verb))
            for row in RECORD_ROWS
            for verb in verbs(row)
        }
        assert len(found) > 80
        assert {key: answer for key, answer in found.items() if answer != "404"} == {}

    def test_on_the_last_day_each_still_answers_as_the_table_says(self, stage: Cast, world: Cast) -> None:
        for rows in (
            Placement.objects.filter(enrolment=stage.selma),
            PlacementFadder.objects.filter(placement__enrolment=stage.selma),
        ):
            rows.update(ends_on=stage.today)
        found = [
            f"{verb} {row.name}: {answer}"
            for row in RECORD_ROWS
            for verb in verbs(row)
            if (answer := answered(ask(stage, "A", reverse(row.name, kwargs=arguments(stage, row)), verb)))
            != expected(row, "A", verb)
        ]
        assert found == []

    @pytest.mark.parametrize("what", EACH)
    def test_the_trades_topics_are_not_there_either(self, stage: Cast, world: Cast, what: str) -> None:
        month = stage.today.replace(day=1)
        MonthlyTopic.objects.get_or_create(
            trade=stage.trades["BUA"], month=month, defaults={"theme": "Zqtema", "published_on": stage.today}
        )
        shown, read = reverse("topic_month", args=[month]), reverse("topic_read", args=[month, "BUA"])
        assert answered(ask(stage, "A", shown, "GET")) == "ok" and answered(ask(stage, "A", read, "POST")) == "ok"
        end(stage, what)
        assert answered(ask(stage, "A", shown, "GET")) == answered(ask(stage, "A", f"{shown}?fag=BUA", "GET")) == "404"
        assert answered(ask(stage, "A", read, "POST")) == "404"
        assert "Zqtema" not in ask(stage, "A", reverse("topic_list"), "GET").content.decode()

    @pytest.mark.parametrize("what", EACH)
    def test_home_names_nobody(self, stage: Cast, world: Cast, what: str) -> None:
        assert "Selma" in ask(stage, "A", "/", "GET").content.decode()
        end(stage, what)
        assert "Selma" not in ask(stage, "A", "/", "GET").content.decode()
