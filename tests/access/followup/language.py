"""Who gets what from the addresses of language, and one row of every kind with a text of its own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from followup.models import LanguageLevel
from programmes.models import Cohort
from tests.access.filled import Marks
from tests.access.rows import Row, form, look, page
from tests.cast import Cast

RECORD_ROWS: list[Row] = [
    look("participant_norsk", "KFNAD"),
    form("niva_new", "KN"),
    form("niva_edit", "KN"),
]
PAGE_ROWS: list[Row] = [
    page("class_list", "KFN"),
    page("class_page", "KFN", "KFN", POST_F=403),  # faglærer reads levels alone
]


def bua_class(cast: Cast) -> dict[str, Any]:
    """A cohort of the trade the cast's teachers have."""
    cohort, _made = Cohort.objects.get_or_create(trade=cast.trades["BUA"], name="Klassen i matrisen")
    return {"public_id": cohort.public_id}


# The model behind <public_id> of addresses that are not of a record, by the address' name; a function of the cast.
THINGS: dict[str, Any] = {"class_page": bua_class}


def fill(cast: Cast, marks: Marks, key: str, placement_key: str) -> None:
    """A level of the person, on a day of its own for each enrolment."""
    if placement_key:
        return
    enrolment = cast.enrolments[key]
    day = cast.today - timedelta(days=len(marks.rows) % 80 + (0 if key == "selma" else 100))
    row = LanguageLevel(participant=enrolment.participant, part="oral", level="a2", observed_on=day, by=cast.users["norsklaerer"])
    marks.rows["niva", key] = marks.write(row)
