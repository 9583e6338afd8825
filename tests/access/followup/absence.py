"""Who gets what from the addresses of absence, and one row of every kind with a text of its own."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from followup.models import Absence, SickLeave
from tests.access.filled import Mark, Marks
from tests.access.followup.language import bua_class
from tests.access.rows import Row, act, form, look, page
from tests.cast import Cast

RECORD_ROWS: list[Row] = [
    look("participant_fravar", "KFNALD"),
    look("fravar_line", "KFNALD"),
    form("fravar_new", "KFNAL"),
    form("fravar_report", "D"),
    # The row is of teaching: fadder and leder have no part in it.
    form("fravar_edit", "KFNAL", GET_A=404, GET_L=404, POST_A=404, POST_L=404),
    act("fravar_confirm", "KFNAL", POST_A=404, POST_L=404),
    # The participant takes away only an own report that nobody has confirmed.
    act("fravar_remove", "KFNALD", POST_A=404, POST_L=404, POST_D=404),
    form("sykmelding_new", "K"),
    form("sykmelding_edit", "K"),
]
PAGE_ROWS: list[Row] = [page("class_register", "KFN", "KFN")]
# The model behind <public_id> of addresses that are not of a record, by the address' name; a function of the cast.
THINGS: dict[str, Any] = {"class_register": bua_class}


def _hours(number: int) -> tuple[Decimal, str]:
    """Hours that no other row has, and how they are written."""
    return Decimal(f"1.{number:02d}"), f"1,{number:02d} timer"


def fill(cast: Cast, marks: Marks, key: str, placement_key: str) -> None:
    """An absence from teaching and a sick leave on the enrolment, an absence from practice on each placement."""
    enrolment, today, number = cast.enrolments[key], cast.today, 11 + Absence.objects.count() % 9
    hours, text = _hours(number)
    by = {"recorded_by": cast.users["koordinator"], "confirmed_by": cast.users["koordinator"]}
    day = today - timedelta(days=3)
    if not placement_key:
        row = Absence.objects.create(enrolment=enrolment, away_from="teaching", away_on=day, hours=hours, reason="welfare", **by)
        marks.rows["fravar", key] = row
        marks.found.append(Mark(text, "absence", key, "", "Absence.hours of teaching", "KFND"))
        marks.found.append(
            Mark(f"velferdspermisjon · skrevet av {by['recorded_by']}", "absence_reasons", key, "", "Absence.reason")
        )
        percent = 11 + number % 70
        leave = SickLeave.objects.create(
            enrolment=enrolment, starts_on=today - timedelta(days=30), ends_on=today - timedelta(days=20), percent=percent
        )
        marks.rows["sykmelding", key] = leave
        marks.found.append(Mark(f", {percent} prosent", "absence_reasons", key, "", "SickLeave.percent"))
        return
    placement = cast.placements[placement_key]
    if placement.starts_on is None:
        return
    last = placement.ends_on or day
    row = Absence.objects.create(
        enrolment=enrolment, away_from="practice", placement=placement, away_on=min(day, last), hours=hours, **by
    )
    if placement_key != key:
        marks.rows["fravar", placement_key] = row
    marks.found.append(Mark(text, "absence", key, placement_key, "Absence.hours of practice", "KALD"))
