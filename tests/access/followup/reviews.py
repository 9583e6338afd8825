"""Who gets what from the addresses of reviews and actions, and one row of every kind with a text of its own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from followup.models import Action, ReviewConversation, ReviewPart, ReviewSignature
from tests.access.filled import Marks
from tests.access.rows import Row, act, form, look
from tests.cast import Cast

# rows["handling", …] is the koordinator's own action: to those who see only theirs it is not there.

RECORD_ROWS: list[Row] = [
    look("participant_avtalt", "KFNALD"),
    form("handling_new", "KFNALD"),
    form("handling_edit", "KFN"),
    act("handling_done", "KFNALD", POST_A=404, POST_L=404, POST_D=404),
    look("participant_vurderinger", "KFAD"),
    look("vurdering_detail", "KFAD"),
    form("vurdering_new", "K"),
    form("vurdering_edit", "K"),
    act("vurdering_avlys", "K"),
    form("vurdering_part", "KFAD"),
    form("vurdering_held", "KF"),
    form("vurdering_punkt", "KF"),
    act("vurdering_signer", "KFAD"),
    form("vurdering_rom", "KF"),
]
PAGE_ROWS: list[Row] = []
# The model behind <public_id> of addresses that are not of a record, by the address' name; a function of the cast.
THINGS: dict[str, Any] = {}
SEEN_BY = {
    "coordinator": "KFN", "faglaerer": "KFN", "norsklaerer": "KFN", "fadder": "KFNA", "leder": "KFNL", "deltaker": "KFND",
}  # fmt: skip
OWN_FADDER = {"side": "side_fadder", "former": "former_fadder", "second": "annen_fadder", "nadia": "annen_fadder"}


def _action(cast: Cast, marks: Marks, key: str, owner: str, **more: Any) -> Action:
    row = Action(enrolment=cast.enrolments[key], owner_role=owner, made_on=cast.today, **more)
    return marks.write(row, enrolment=key, only=SEEN_BY[owner])  # type: ignore[no-any-return]


def fill(cast: Cast, marks: Marks, key: str, placement_key: str) -> None:
    """An action for each role; a review held and signed by one, with one part shared and two not."""
    if not placement_key:
        for owner in ("faglaerer", "norsklaerer", "deltaker", "coordinator"):
            marks.rows["handling", key] = _action(cast, marks, key, owner)
        return
    placement, where = cast.placements[placement_key], {"enrolment": key, "placement": placement_key}
    for owner in ("fadder", "leder"):
        row = Action(enrolment=cast.enrolments[key], owner_role=owner, placement=placement, made_on=cast.today)
        marks.write(row, **where, only=SEEN_BY[owner])
    koordinator, now = cast.users["koordinator"], timezone.now()
    fadder, deltaker = cast.users[OWN_FADDER.get(placement_key, "fadder")], cast.users["deltaker"]
    review = ReviewConversation(
        placement=placement,
        semester="nå",
        state="held",
        held_on=cast.today,
        meets_at=now - timedelta(hours=1),
        called_by=koordinator,
    )
    marks.rows["vurdering", placement_key] = marks.write(review, **where)
    marks.write(ReviewPart(review=review, role="deltaker", by=deltaker, shared_at=now), **where)
    marks.write(ReviewSignature(review=review, role="deltaker", by=deltaker, signed_at=now, of_version=1), **where)
    # Not shared: the author's alone, the koordinator's own from the fadder and the fadder's from the koordinator.
    marks.write(ReviewPart(review=review, role="coordinator", by=koordinator), **where, only="K")
    marks.write(ReviewPart(review=review, role="fadder", by=fadder), **where, only="A")
