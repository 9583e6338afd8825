"""A meeting planned, changed, called, called off and held (V7, V8 rows 11 and 17)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.utils import timezone

from fagbrev.audit.acting import acting
from fagbrev.forms.base import VersionedForm
from fagbrev.people.models import User
from meetings.actions.invitations import accept_for_caller, forget_answers, invite
from meetings.actions.noting import note_meeting
from meetings.actions.sending import changed_words, send_cancellations, send_requests
from meetings.actions.series import resolve_invitees
from meetings.invitees import Proposed
from meetings.models import Invitee, Meeting
from meetings.models.meetings import CALLED, CANCELLED, HELD, PLANNED

TOLD_TO_CALENDARS = frozenset({"starts_at", "ends_at", "place", "video_link"})


@acting()
def plan_meeting(*, form: VersionedForm, invitees: Iterable[Proposed], by: User) -> Meeting:
    """Saves a new meeting with those proposed; nobody is told of it until it is called."""
    meeting: Meeting = form.instance
    meeting.created_by = by
    meeting.save()
    note_meeting(by=by, meeting=meeting, verb="created", fields=form.changed_columns)
    for one in invitees:
        invite(meeting=meeting, proposed=one, by=by)
    return meeting


@acting()
def change_meeting(*, form: VersionedForm, by: User, at: datetime) -> bool:
    """Saves a changed meeting; tells whether those invited are sent an update, as when a called one has another time or place.

    Raises Conflict when another saved first.
    """
    meeting: Meeting = form.instance
    form.claim_version()
    held = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    changed = {name for name in TOLD_TO_CALENDARS if getattr(held, name) != getattr(meeting, name)}
    tells = held.state == CALLED and bool(changed) and meeting.starts_at > at
    # What others wrote while the form was open is not laid back by it.
    meeting.state, meeting.sequence = held.state, held.sequence + 1 if tells else held.sequence
    meeting.called_at, meeting.called_by_id = held.called_at, held.called_by_id
    meeting.save()
    note_meeting(by=by, meeting=meeting, verb="moved" if changed else "changed", fields=sorted({*form.changed_columns, *changed}))
    if tells:
        if {"starts_at", "ends_at"} & changed:  # a yes to the old time is none to the new one
            forget_answers(meeting=meeting)
            accept_for_caller(meeting=meeting, by=by, at=at)
        send_requests(meeting=meeting, at=at, changed=changed_words(held, meeting))
    return tells


@acting()
def call_meeting(*, meeting: Meeting, version: int, by: User, at: datetime) -> bool:
    """Calls a planned meeting: one invitation to each. False when another was first.

    Who belongs to a series by role is found now: those who hold the role on the day (V7).
    """
    mine = Meeting.objects.filter(pk=meeting.pk, version=version, state=PLANNED)
    if not mine.update(version=version + 1, state=CALLED, called_at=at, called_by=by):
        return False
    meeting.refresh_from_db()
    resolve_invitees(meeting=meeting, by=by, today=timezone.localdate(at))
    accept_for_caller(meeting=meeting, by=by, at=at)
    note_meeting(by=by, meeting=meeting, verb="called", fields=["state", "called_at"])
    send_requests(meeting=meeting, at=at)
    return True


@acting()
def cancel_meeting(*, form: VersionedForm, by: User, at: datetime) -> Meeting:
    """Calls a meeting off, and takes it out of the calendars it was sent to. Raises Conflict when another changed it first."""
    meeting: Meeting = form.instance
    words = form.cleaned_data["cancel_words"]
    form.claim_version()
    held = Meeting.objects.select_for_update(of=("self",)).select_related("enrolment__participant").get(pk=meeting.pk)
    if not held.is_open:
        return held
    was_called = held.state == CALLED
    held.state, held.cancelled_at, held.cancel_words = CANCELLED, at, words
    held.sequence += was_called
    held.save(update_fields=["state", "cancelled_at", "cancel_words", "sequence"])
    note_meeting(by=by, meeting=held, verb="cancelled", fields=["state", *(["cancel_words"] if words else [])])
    if was_called and held.ends_at > at:
        send_cancellations(meeting=held, invitees=Invitee.objects.filter(meeting=held, removed_at__isnull=True), at=at)
    return held


@acting()
def hold_meeting(
    *, meeting: Meeting, version: int, shown: Collection[Invitee], came: Collection[str], by: User, guest: Proposed | None = None
) -> bool:  # fmt: skip
    """Records who came and that the meeting is held, also one that was never called here; can be put right afterwards.
    False when another was first.

    `shown` are the invitations the sender saw, `came` the public ids of those ticked; what was not shown is left as it is.
    `guest` came without being invited: put on the list now, and sent nothing.
    """
    mine = Meeting.objects.filter(pk=meeting.pk, version=version, state__in=[PLANNED, CALLED, HELD])
    held_on = timezone.localdate(meeting.starts_at)
    if not mine.update(version=version + 1, state=HELD, held_on=held_on):
        return False
    meeting.refresh_from_db()
    for row in shown:
        row.attended = row.public_id in came
    Invitee.objects.bulk_update(shown, ["attended"], 500)
    if guest is not None:
        row = invite(meeting=meeting, proposed=guest, by=by)
        row.attended = True
        row.save(update_fields=["attended"])
        note_meeting(by=by, meeting=meeting, row=row, verb="came", fields=["user" if guest.user else "name", "attended"])
    note_meeting(by=by, meeting=meeting, verb="held", fields=["attended", "held_on", "state"])
    return True
