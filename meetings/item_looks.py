"""The look log's rows of what meetings say about participants: once a day for pages, each time for a PDF."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from fagbrev.audit.log import looks_today, note_looks
from fagbrev.people.models import User
from fagbrev.people.roles import roles_of

LOOK_PAGE = "referat"
SECTION = "meeting_items"


def note_items(user: User, today: date, items: Collection[Any], *, act: str = "look") -> None:
    """Logs that what is said of participants was shown: once a day for a page, each time for a PDF. Points come with their person, and
    most with whether they were shown today (`is_told`): then nothing is asked."""
    about = [item for item in items if item.enrolment is not None]
    pairs = {(item.enrolment.participant_id, item.enrolment_id) for item in about if item.enrolment is not None}
    if act == "look" and about:
        if all(hasattr(item, "is_told") for item in about):  # asked with the points
            pairs -= {(item.enrolment.participant_id, item.enrolment_id) for item in about if item.enrolment and item.is_told}
        else:
            told = looks_today(user=user, page=LOOK_PAGE, participants=[one for one, _ in pairs], today=today)
            pairs -= {(participant, enrolment) for participant, enrolment, _sections in told}
    if pairs:
        note_looks(
            user=user, roles=roles_of(user, today), pairs=sorted(pairs), page=LOOK_PAGE, sections=["identity", SECTION], act=act
        )  # fmt: skip
