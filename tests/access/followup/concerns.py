"""Who gets what from the addresses of concerns and guidance notes, and one row of every kind with a text of its own."""

from __future__ import annotations

from typing import Any

from followup.models import Concern, GuidanceNote
from tests.access.filled import Marks
from tests.access.rows import Row, form, look, page
from tests.cast import Cast

RECORD_ROWS: list[Row] = [
    look("participant_meldinger", "KFNALD"),
    form("melding_new", "KFNALD"),
    form("melding_svar", "K"),
    look("participant_notater", "K"),
    form("veiledning_new", "K"),
    form("veiledning_edit", "K"),
]
PAGE_ROWS: list[Row] = [page("concern_list", "K")]
# The model behind <public_id> of addresses that are not of a record, by the address' name; a function of the cast.
THINGS: dict[str, Any] = {}
AROUND = {"koordinator": "coordinator", "faglaerer": "faglaerer", "fadder": "fadder", "leder": "leder", "deltaker": "deltaker"}


def fill(cast: Cast, marks: Marks, key: str, placement_key: str) -> None:
    """A concern from each around the participant, and the koordinator's own note."""
    if placement_key:
        return
    letters = dict(zip(AROUND, "KFALD", strict=True))
    for who, role in AROUND.items():
        row = Concern(enrolment=cast.enrolments[key], raised_by=cast.users[who], raised_as=role)
        only = "".join(sorted({"K", letters[who]}))
        marks.write(row, enrolment=key, only=only, skip=("for_meeting",))
        row.for_meeting = marks.new("concerns", key, "", "Concern.for_meeting", "K")
        row.save()
        marks.rows["melding", key] = row
    note = GuidanceNote(enrolment=cast.enrolments[key], author=cast.users["koordinator"], happened_on=cast.today)
    marks.rows["veiledning", key] = marks.write(note, enrolment=key, only="K")
