"""The user's meetings in the calendar, in the feed and on the first page. Nobody is named, and nothing about people whose address is
protected stands in a calendar."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from fagbrev.feeds.items import AHEAD, BACK, FeedItem
from fagbrev.people.models import User
from fagbrev.roof.calendar_entry import Entry
from meetings.access import invitations_of, listed_meetings
from meetings.agenda_shown import meeting_name
from meetings.invitation_ics import SUMMARY
from meetings.invitees import PROTECTED, standing_in
from meetings.meetings_shown import NOT_SAID, clock, is_protected, title_of, when_words
from meetings.models import Meeting
from meetings.models.meetings import ABOUT_ONE, CALLED, CANCELLED, DECLINED, OF_TRADE


def _open_to_calendars(user: User, today: date) -> QuerySet[Meeting]:
    rows = listed_meetings(user, today).exclude(state=CANCELLED)
    return rows.exclude(enrolment__participant__address_protection__in=PROTECTED)


def meetings(user: User, *, first: date, last: date, today: date) -> Iterable[Entry]:
    """Gives the user's meetings, the koordinator's planned ones too; one query."""
    rows = _open_to_calendars(user, today).filter(starts_at__date__range=(first, last)).select_related("trade")
    for row in rows.order_by("starts_at", "pk"):
        local, trade = timezone.localtime(row.starts_at), row.trade if row.kind not in ABOUT_ONE else None
        yield Entry(
            local.date(), local.date(), "meeting", _("Møte") if row.kind in ABOUT_ONE else title_of_kind(row),
            _("klokka %(at)s") % {"at": clock(local)}, row.get_absolute_url(),
            trade_code=trade.code if trade else "", trade_name=trade.short_name if trade else "",
            trade_shape=trade.shape if trade else "", trade_colour=trade.colour if trade else "",
        )  # fmt: skip


def title_of_kind(meeting: Meeting) -> str:
    """Gives the kind of a meeting with a capital letter."""
    return str(meeting.get_kind_display()).capitalize()


def feed_items(user: User, today: date) -> list[FeedItem]:
    """Gives the meetings the user is invited to and has not said no to, by the neutral title alone; one query."""
    asked = invitations_of(user, today).exclude(answer=DECLINED).values("meeting")
    rows = _open_to_calendars(user, today).filter(
        pk__in=asked, state=CALLED, starts_at__date__range=(today - BACK, today + AHEAD)
    )  # fmt: skip
    found = []
    for row in rows.order_by("starts_at", "pk"):
        day = timezone.localdate(row.starts_at)
        found.append(
            FeedItem(
                f"meeting:{row.public_id}", SUMMARY, day, max(day, timezone.localdate(row.ends_at)), False,
                _("Logg inn for å se hvor, og hva møtet gjelder."), row.get_absolute_url(), row.starts_at, row.ends_at,
            )
        )  # fmt: skip
    return found


def next_meeting(user: User, today: date) -> dict[str, Any]:
    """Gives the next meeting the user is invited to, for the first page: title, when, what one has answered, and its address; {} for
    none. One query."""
    now = timezone.now()
    own = invitations_of(user, today).filter(
        meeting__state=CALLED, meeting__ends_at__gte=now, meeting__in=listed_meetings(user, today)
    )
    row = (
        own.exclude(answer=DECLINED)
        .annotate(sends_other=Exists(standing_in().filter(substitutes=OuterRef("pk"))))
        .select_related("meeting__enrolment__participant", "meeting__trade")
        .order_by("meeting__starts_at", "pk")
        .first()
    )
    if row is None:
        return {}
    meeting = row.meeting
    about_other = meeting.enrolment is not None and meeting.enrolment.participant.user_id != user.pk
    hidden = is_protected(meeting) and about_other
    return {
        "title": _named(meeting), "when": NOT_SAID if hidden else when_words(meeting.starts_at, meeting.ends_at),
        "url": meeting.get_absolute_url(), "waits": not row.answer and not row.sends_other and meeting.starts_at > now,
    }  # fmt: skip


def _named(meeting: Meeting) -> str:
    """What the first page calls a meeting: a project group's with its trade, which tells it from the others."""
    return meeting_name(meeting) if meeting.kind in OF_TRADE else title_of(meeting)
