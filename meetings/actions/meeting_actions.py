"""Writes of action items: agreed on a point, changed, done and withdrawn. About a participant they become one that follows the person."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import F
from django.utils import timezone

from fagbrev.audit.acting import acting
from fagbrev.audit.log import note_change
from fagbrev.people.models import User
from fagbrev.people.roles import FADDER, LEDER
from followup.actions.action_points import agree_action, set_done
from followup.models import Action
from meetings.actions.minutes import MinutesRefused
from meetings.forms.meeting_actions import ActionChangeForm
from meetings.models import AgendaItem, Invitee, MeetingAction, Minutes
from meetings.models.minutes import DRAFT
from participants.access import fadder_placements, leder_placements
from participants.models import Enrolment, Placement

OWN_PLACES = {FADDER: fadder_placements, LEDER: leder_placements}


@acting()
def agree(
    *, item: AgendaItem, words: str, invitee: Invitee | None, name: str, due_on: date | None, by: User, today: date
) -> MeetingAction:
    """Makes an action item of a point, owned by one invited, or by a name outside.

    On a point about a participant, owned by one with a role around them, it becomes an action that follows the person: its state is
    kept there alone. The point is locked first, as by those who write and by the one who shares: what is agreed is in the version that
    is shared, or is not agreed. Raises MinutesRefused once they are shared.
    """
    item = AgendaItem.objects.select_for_update(of=("self",)).select_related("enrolment", "meeting").get(pk=item.pk)
    if not Minutes.objects.filter(meeting=item.meeting_id, state=DRAFT).exists():
        raise MinutesRefused("Referatet er delt. Dette er ikke lagret. Avtal det i neste møte, eller på deltakerens side.")
    row = MeetingAction(item=item, words=words, due_on=due_on, created_by=by)
    _give(row, invitee, name)
    row.follows = _followed(item, row, by, today)
    row.save()
    _note(row, by, "created", ["words", "owner", "due_on"])
    return row


def _give(row: MeetingAction, invitee: Invitee | None, name: str) -> None:
    """Sets who does it: one invited with a sign-in, or a name."""
    user = invitee.user if invitee is not None else None
    row.owner, row.owner_role = user, invitee.role if invitee is not None and user is not None else ""
    row.owner_name = "" if user is not None else invitee.name if invitee is not None else name


def _followed(item: AgendaItem, row: MeetingAction, by: User, today: date) -> Action | None:
    """The action that follows the person; None on a point about nobody, or owned by one without a role around them."""
    enrolment = item.enrolment
    if enrolment is None or not row.may_follow:
        return None
    met_on = item.meeting.held_on or timezone.localtime(item.meeting.starts_at).date()
    found: Action = agree_action(
        enrolment=enrolment, words=row.words, owner_role=row.owner_role, due_on=row.due_on, by=by, made_on=today, owner=row.owner,
        placement=_place_of(row.owner, row.owner_role, enrolment, today), met_on=met_on,
    )  # fmt: skip
    return found


def _place_of(owner: User | None, role: str, enrolment: Enrolment, today: date) -> Placement | None:
    """A fadder's or leder's action hangs on the placement through which they are to see it."""
    if role not in OWN_PLACES or owner is None:
        return None
    return OWN_PLACES[role](owner, today).filter(enrolment=enrolment).order_by("-is_main", "-starts_on").first()


@acting()
def mark_done(*, action: MeetingAction, is_done: bool, by: User, today: date) -> bool:
    """Ticks an action item, or opens it again; gives False when it was so already. One that follows a person is ticked there."""
    held = MeetingAction.objects.select_for_update(of=("self",)).get(pk=action.pk)
    if held.follows_id is not None:
        changed: bool = set_done(row=Action.objects.get(pk=held.follows_id), is_done=is_done, by=by, today=today)
        return changed
    if (held.done_on is not None) is is_done:
        return False
    held.done_on, held.done_by = (today, by) if is_done else (None, None)
    held.version += 1
    held.save(update_fields=["done_on", "done_by", "version"])
    _note(held, by, "done" if is_done else "reopened", ["done_on"])
    return True


@acting()
def change(*, action: MeetingAction, form: ActionChangeForm, by: User, today: date) -> None:
    """Saves what is to be done, by whom and by when. Raises Conflict when another saved first, here or where it follows the person.

    `form` is one of the action item, or of the action that follows the person where there is one (forms.meeting_actions.change_form).
    The one who does it now has the duty, and the one who was to do it has it no more.
    """
    form.claim_version()
    fields = [name for name in form.changed_columns if name not in {"who", "name"}]
    if form.new_owner is not None:
        _give(action, *form.new_owner)
        fields.append("owner")
    if action.follows is None:
        action.follows = _followed(action.item, action, by, today) if action.done_on is None else None
        action.save()
    else:
        followed: Action = form.instance
        if form.new_owner is not None and action.owner is not None:
            followed.owner, followed.owner_role = action.owner, action.owner_role
            followed.placement = _place_of(action.owner, action.owner_role, followed.enrolment, today)
        followed.save()
        note_change(
            by=by, row=followed, section="actions", verb="changed", participant_id=followed.enrolment.participant_id,
            enrolment_id=followed.enrolment_id, fields=fields,
        )  # fmt: skip
        action.words, action.due_on, action.version = followed.words, followed.due_on, action.version + 1
        action.save(update_fields=["words", "due_on", "owner", "owner_role", "owner_name", "version"])
    _note(action, by, "changed", fields)


@acting()
def withdraw(*, action: MeetingAction, by: User, at: datetime) -> bool:
    """Takes away an action item that stands alone; gives False when it is gone, or follows a person: that one is ended there."""
    rows = MeetingAction.objects.filter(pk=action.pk, withdrawn_at__isnull=True, follows__isnull=True)
    if not rows.update(withdrawn_at=at, version=F("version") + 1):  # who is changing it now is told, and does not bring it back
        return False
    _note(action, by, "withdrawn", [])
    return True


def _note(row: MeetingAction, by: User, verb: str, fields: Any) -> None:
    enrolment = row.item.enrolment
    note_change(
        by=by, row=row, section="meeting_items" if enrolment else "meetings", verb=verb,
        participant_id=enrolment.participant_id if enrolment else None, enrolment_id=row.item.enrolment_id, fields=fields,
    )  # fmt: skip
