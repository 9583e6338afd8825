"""What follows for meetings that are called when whom they are about gets a protected address: they leave the calendars they stand in,
and the koordinator reads who was told when and where (docs/adr/0011-invitations.md)."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from fagbrev.audit.acting import LISTENERS, Touched
from meetings.access import Seen
from meetings.actions.sending import in_calendars, take_out_of_calendars
from meetings.invited_shown import name_of
from meetings.invitees import PROTECTED
from meetings.meetings_shown import is_protected
from meetings.models import InvitationSent, Meeting
from meetings.models.meetings import CALLED

RESTS_ON = "participants.participant"


def follow_protection(touched: frozenset[Touched]) -> None:
    """Takes meetings out of calendars as part of the act that protected an address; one query where there is nothing to do."""
    people = {one.participant_id for one in touched if one.kind == RESTS_ON and one.participant_id is not None}
    if not people:
        return
    now = timezone.now()
    rows = Meeting.objects.filter(
        enrolment__participant__in=people, enrolment__participant__address_protection__in=PROTECTED, state=CALLED, ends_at__gt=now
    )
    for meeting in rows.order_by("pk"):
        take_out_of_calendars(meeting=meeting, at=now)


def listen() -> None:
    """Lets meetings follow every act; called once, when the apps are ready."""
    if follow_protection not in LISTENERS:
        LISTENERS.append(follow_protection)


def protection_said(seen: Seen) -> dict[str, Any]:
    """Gives the koordinator the names of those who were told when and where before the address was protected: those whose calendar it
    was taken out of, and those who have it still. Empty for other meetings and other readers; three queries."""
    meeting = seen.meeting
    if not seen.is_coordinator or not is_protected(meeting) or meeting.state != CALLED or meeting.ends_at <= timezone.now():
        return {}
    left = list(in_calendars(meeting))
    before = InvitationSent.objects.filter(invitee__meeting=meeting, method="REQUEST", told_calendar=True)
    taken = meeting.invitees.filter(pk__in=before.values("invitee")).exclude(pk__in=[row.pk for row in left])
    names = [", ".join(name_of(row) for row in rows) for rows in (taken.select_related("user").order_by("pk"), left)]
    return {"taken": names[0], "left": names[1]} if any(names) else {}
