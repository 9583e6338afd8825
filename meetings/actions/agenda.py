"""Writes of the agenda: the template laid out, points put on, changed, moved and withdrawn, and participants to be talked of."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, Max, OuterRef

from fagbrev.audit.acting import acting
from fagbrev.audit.log import note_change
from fagbrev.forms.base import VersionedForm
from fagbrev.people.models import User
from meetings.models import AgendaItem, ItemOtherText, Meeting, StandingItem
from meetings.models.meetings import CLOSING, COOPERATION, PROJECT_GROUP
from meetings.models.minutes import OWN, PARTICIPANT, STANDING
from participants.models import Enrolment

STEP = 10  # between two points, so that one fits between them
OF_PEOPLE = frozenset({PROJECT_GROUP, COOPERATION, CLOSING})  # a participant is never a point anywhere else


def note_item(item: AgendaItem, *, by: User, verb: str, fields: Collection[str] = ()) -> None:
    """Writes one change of a point: on the participant's record where it is about one, else among what meetings keep."""
    enrolment = item.enrolment
    note_change(
        by=by, row=item, section="meeting_items" if enrolment else "meetings", verb=verb,
        participant_id=enrolment.participant_id if enrolment else None, enrolment_id=item.enrolment_id, fields=fields,
    )  # fmt: skip


@acting()
def lay_agenda(*, meeting: Meeting, by: User) -> int:
    """Puts the standing points of the meeting's kind on the agenda, where none is yet; gives how many.

    Later changes of the template do not touch a meeting whose agenda is laid.
    """
    held = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    if AgendaItem.objects.filter(meeting=held, kind=STANDING).exists():
        return 0
    template = StandingItem.objects.filter(kind=held.kind, is_active=True).order_by("order", "pk")
    rows = [
        AgendaItem(
            meeting=held, kind=STANDING, standing=one, enrolment=held.enrolment, order=STEP * place, title=one.title,
            words=one.words, created_by=by,
        )
        for place, one in enumerate(template, 1)
    ]  # fmt: skip
    for row in rows:
        row.save()
    if rows:
        note_change(by=by, row=held, section="meetings", verb="agenda_laid", participant_id=None)
    return len(rows)


@acting()
def put_item(*, form: VersionedForm, meeting: Meeting, by: User) -> AgendaItem:
    """Puts a point of somebody's own on the agenda, before the last one (any other business)."""
    lay_agenda(meeting=meeting, by=by)
    row: AgendaItem = form.instance
    row.meeting, row.kind, row.proposed_by, row.created_by, row.enrolment = meeting, OWN, by, by, meeting.enrolment
    row.order = _before_the_last(meeting)
    row.save()
    note_item(row, by=by, verb="created", fields=form.changed_columns)
    return row


def _before_the_last(meeting: Meeting) -> int:
    standing = AgendaItem.objects.filter(meeting=meeting, kind=STANDING, withdrawn_at__isnull=True)
    last: int | None = standing.aggregate(last=Max("order"))["last"]
    return STEP if last is None else max(1, last - STEP // 2)


@acting()
def change_item(*, form: VersionedForm, by: User) -> AgendaItem:
    """Saves what a point is called and what it is about. Raises Conflict when another was first."""
    row: AgendaItem = form.instance
    form.claim_version()
    row.save(update_fields=[*form.changed_columns, "version"])  # a move in the same moment stands
    note_item(row, by=by, verb="changed", fields=form.changed_columns)
    return row


@acting()
def withdraw_item(*, item: AgendaItem, by: User, at: datetime) -> bool:
    """Takes a point off the agenda; gives False when it was off already, or when something is written on it or beside it."""
    # Whoever is saving a text on it is waited for: what is asked below is then asked of the point with that text.
    AgendaItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    beside = ItemOtherText.objects.filter(item=OuterRef("pk"), settled_at__isnull=True)
    rows = AgendaItem.objects.filter(pk=item.pk, withdrawn_at__isnull=True, discussion="", decision="", actions__isnull=True)
    if not rows.filter(~Exists(beside)).update(withdrawn_at=at, version=F("version") + 1):
        return False
    note_item(item, by=by, verb="withdrawn")
    return True


@acting()
def move_item(*, item: AgendaItem, up: bool, by: User) -> bool:
    """Changes place with the point above or below; gives False at the end of the list."""
    Meeting.objects.select_for_update(of=("self",)).get(pk=item.meeting_id)
    rows = list(
        AgendaItem.objects.filter(meeting=item.meeting_id, parent=item.parent_id, withdrawn_at__isnull=True).order_by(
            "order", "pk"
        )
    )
    ids = [row.pk for row in rows]
    if item.pk not in ids:
        return False
    here = ids.index(item.pk)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(rows):
        return False
    rows[here], rows[there] = rows[there], rows[here]
    for place, row in enumerate(rows, 1):
        row.order = STEP * place
    AgendaItem.objects.bulk_update(rows, ["order"])
    note_item(item, by=by, verb="moved", fields=["order"])
    return True


@acting()
def pick_people(
    *, meeting: Meeting, chosen: Collection[Enrolment], among: Collection[Enrolment], by: User, at: datetime
) -> tuple[int, int]:
    """Sets which of the participants shown are to be talked of; gives how many came on and off.

    Those not shown (`among`) stay as they are. One that something is written about stays, too.
    """
    if meeting.kind not in OF_PEOPLE:
        return 0, 0
    lay_agenda(meeting=meeting, by=by)
    under = AgendaItem.objects.filter(meeting=meeting, standing__fills="participants", withdrawn_at__isnull=True).first()
    held = {
        row.enrolment_id: row for row in AgendaItem.objects.filter(
            meeting=meeting, kind=PARTICIPANT, withdrawn_at__isnull=True, enrolment__in=[*among, *chosen]
        ).select_related("enrolment")
    }  # fmt: skip
    wanted, on = {row.pk for row in chosen}, 0
    for place, enrolment in enumerate(chosen, 1):
        if enrolment.pk not in held:
            row = AgendaItem(
                meeting=meeting, kind=PARTICIPANT, enrolment=enrolment, parent=under, order=STEP * place, created_by=by
            )
            row.save()
            note_item(row, by=by, verb="created")
            on += 1
    off = sum(withdraw_item(item=row, by=by, at=at) for pk, row in held.items() if pk not in wanted)
    return on, off


@acting()
def move_standing(*, row: StandingItem, up: bool, by: User) -> bool:
    """Changes place with the standing point above or below; gives False at the end of the list."""
    rows = list(StandingItem.objects.select_for_update(of=("self",)).filter(kind=row.kind).order_by("order", "pk"))
    here = next(place for place, one in enumerate(rows) if one.pk == row.pk)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(rows):
        return False
    rows[here], rows[there] = rows[there], rows[here]
    for place, one in enumerate(rows, 1):
        one.order = STEP * place
    StandingItem.objects.bulk_update(rows, ["order"])
    _note_frame(row, by, "moved", ["order"])
    return True


@acting()
def save_standing(*, form: VersionedForm, by: User) -> StandingItem:
    """Saves a standing point, a new one last. Raises Conflict when another was first."""
    row: StandingItem = form.instance
    is_new = row._state.adding
    form.claim_version()
    if is_new:
        last: int = StandingItem.objects.filter(kind=row.kind).aggregate(last=Max("order"))["last"] or 0
        row.created_by, row.order = by, last + STEP
    row.save()
    _note_frame(row, by, "created" if is_new else "changed", form.changed_columns)
    return row


def _note_frame(row: Any, by: User, verb: str, fields: Collection[str]) -> None:
    note_change(by=by, row=row, section="meetings", verb=verb, participant_id=None, fields=fields)
