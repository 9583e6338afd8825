"""What one chooses among when a meeting is made: whom it is about, and the trade, always within the own scope."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from fagbrev.names import folded
from fagbrev.people.models import User
from meetings.models import Meeting
from participants.access import enrolments_for
from participants.caseload.query import name_condition
from participants.models import Enrolment
from participants.workflow import ENDED, STATUS_NAMES
from programmes.models import Trade

MOST = 20
AFTER_END = timedelta(days=90)  # a closing meeting may come after the end is registered


@dataclass(frozen=True)
class AboutChoice:
    """One participant a meeting may be about."""

    name: str
    trade: str
    phase: str
    participant_id: str
    enrolment_id: str


def about_choices(user: User, typed: str, *, today: date) -> list[AboutChoice]:
    """Gives at most twenty enrolments whose names fit what was typed; none before something is."""
    if len(folded(typed)) < 2:
        return []
    rows = _may_be_about(user, today).filter(name_condition(typed[:80])).select_related("participant", "trade")
    return [
        AboutChoice(
            row.participant.full_name, row.trade.name if row.trade else "fag er ikke avklart", str(STATUS_NAMES[row.status]),
            row.participant.public_id, row.public_id,
        )
        for row in rows.order_by("participant__sort_name", "pk")[:MOST]
    ]  # fmt: skip


def enrolment_chosen(user: User, participant_id: str, enrolment_id: str, *, today: date) -> Enrolment | None:
    """Gives the enrolment a meeting is to be about, within scope: the one named, else the newest; strictly protected people never."""
    rows = _may_be_about(user, today).filter(participant__public_id=participant_id[:12])
    if enrolment_id:
        rows = rows.filter(public_id=enrolment_id[:12])
    return rows.select_related("participant__user", "trade").order_by("-started_on", "-pk").first()


def _may_be_about(user: User, today: date) -> QuerySet[Enrolment]:
    open_or_lately = ~Q(status__in=ENDED) | Q(ended_on__gte=today - AFTER_END)
    return enrolments_for(user, "meeting_items", "write", today=today).filter(open_or_lately)


def new_meeting(kind: str, code: str, about: Enrolment | None, *, today: date) -> Meeting:
    """Gives a meeting that is not saved, of a kind, perhaps of a trade, perhaps about one."""
    trade = about.trade if about is not None else Trade.objects.filter(code=code[:20]).first() if code else None
    return Meeting(kind=kind, trade=trade, enrolment=about)
