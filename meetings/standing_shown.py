"""The template of agendas as its page shows it: the standing points of each kind of meeting, in order."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from django.http import Http404

from meetings.models import StandingItem
from meetings.models.meetings import MEETING_KINDS, PROJECT_GROUP

KIND_NAMES = dict(MEETING_KINDS)


@dataclass
class StandingKind:
    """A kind of meeting with its standing points."""

    code: str
    name: str
    rows: list[StandingItem] = field(default_factory=list)


def standing_kinds() -> list[StandingKind]:
    """Gives every kind of meeting with its standing points, those out of use too; one query."""
    by_kind: dict[str, list[StandingItem]] = defaultdict(list)
    for row in StandingItem.objects.order_by("order", "pk"):
        by_kind[row.kind].append(row)
    return [StandingKind(code, name.capitalize(), by_kind[code]) for code, name in MEETING_KINDS]


def kind_asked(code: str) -> str:
    """Gives the kind that was asked for, the project group's when none was. Raises Http404 for one that is not there."""
    if code and code not in KIND_NAMES:
        raise Http404
    return code or PROJECT_GROUP


def standing_row(public_id: str) -> StandingItem | None:
    """Gives one standing point, or None."""
    return StandingItem.objects.filter(public_id=public_id).first()
