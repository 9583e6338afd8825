"""What those invited are sent: an invitation, an update or a cancellation, one mail to each, through the outbox; and that minutes are
shared.

Every invitation is written down (InvitationSent), and none is sent twice with the same number. Nobody whose role has ended, or who
no longer has the participant it is about in their scope, is sent anything.
About somebody with a protected address neither time nor place leaves in a mail; about a strictly protected one nothing does.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone

from fagbrev.audit.acting import acting
from fagbrev.dates import date_words
from fagbrev.feeds.tokens import hash_of
from fagbrev.mail.actions import write_mail
from fagbrev.mail.models import OutgoingMail
from fagbrev.people.models import User
from meetings.access import spoken_of
from meetings.actions.noting import note_meeting
from meetings.invitation_ics import Method, invitation_text
from meetings.invitees import COLLEAGUES, is_in_scope, roles_held
from meetings.meetings_shown import is_mailed, is_protected, plain_words, when_words
from meetings.models import InvitationSent, Invitee, Meeting
from meetings.models.meetings import CALLED

TOKEN_BYTES = 32  # 256 random bits: a plain hash is enough, there is nothing to guess
LINK_LASTS = timedelta(days=14)


def send_requests(*, meeting: Meeting, at: datetime, only: Invitee | None = None, changed: str = "") -> int:
    """Sends the invitation, or the update, to those invited who have not got the newest; gives how many. With `only`, to that one.
    `changed` says in words what an update changes.

    One who is sent it anew after a cancellation gets a higher number than that had, so that calendars take it.
    """
    rows = (
        Invitee.objects.filter(meeting=meeting, removed_at__isnull=True)
        .select_related("user", "substitutes__user")
        .order_by("pk")
    )
    if only is not None:
        rows = rows.filter(pk=only.pk)
        if InvitationSent.objects.filter(invitee=only, method="CANCEL", sequence__gte=meeting.sequence).exists():
            _count_up(meeting)
    found = [row for row in rows if row.sent_sequence < meeting.sequence]
    return sum(_request(meeting, row, at, changed) for row in _reachable(meeting, found, at))


def send_cancellations(*, meeting: Meeting, invitees: Iterable[Invitee], at: datetime, is_removed: bool = False) -> int:
    """Takes the meeting out of the calendars of those who were sent it; gives how many.

    The caller has counted the meeting's number up when it is called off; for one who is taken away it is counted up here.
    """
    told = [row for row in invitees if row.sent_sequence >= 0]
    if is_removed and told:
        _count_up(meeting)
    return sum(_cancel(meeting, row, at, is_removed) for row in _reachable(meeting, told, at))


def changed_words(before: Meeting, now: Meeting) -> str:
    """Gives what of a meeting is another than it was, in words that say nothing of the meeting: "dag, tid og sted"; "" for nothing."""
    was, is_now = (timezone.localtime(row.starts_at) for row in (before, now))
    found = [
        *(["dag"] if was.date() != is_now.date() else []),
        *(["tid"] if was.time() != is_now.time() or before.ends_at - before.starts_at != now.ends_at - now.starts_at else []),
        *(["sted"] if before.place != now.place else []),
        *(["lenke til videomøtet"] if before.video_link != now.video_link else []),
    ]
    return " og ".join(filter(None, (", ".join(found[:-1]), *found[-1:])))


@acting()
def send_shared(*, meeting: Meeting, by: User, at: datetime) -> int:
    """Tells those with a sign-in, but the one who shared them, that minutes can be read; gives how many.

    The mail says neither which meeting nor whom it is about. One who may read nothing of what was said is not told.
    """
    today = timezone.localdate(at)
    rows = (
        Invitee.objects.filter(meeting=meeting, removed_at__isnull=True, user__isnull=False)
        .exclude(user=by)
        .select_related("user")
    )
    told = {
        row.user_id: row
        for row in _reachable(meeting, list(rows.order_by("pk")), at)
        if row.user and _reads(row.user, meeting, today)
    }
    page_url = f"{settings.BASE_URL.rstrip('/')}{reverse('minutes_page', args=[meeting.public_id])}"
    for row in told.values():
        write_mail(name="minutes_shared", recipient=address_of(row), context={"page_url": page_url})
    return len(told)


def _reads(user: User, meeting: Meeting, today: date) -> bool:
    return meeting.enrolment_id is None or spoken_of(user, today).filter(pk=meeting.enrolment_id).exists()


def _count_up(meeting: Meeting) -> None:
    meeting.sequence += 1
    Meeting.objects.filter(pk=meeting.pk).update(sequence=meeting.sequence)


def _reachable(meeting: Meeting, rows: list[Invitee], at: datetime) -> list[Invitee]:
    """Those who have an address, and if they sign in a role today and whom the meeting is about in their scope; nobody when that is a
    strictly protected one."""
    if not is_mailed(meeting):
        return []
    today = timezone.localdate(at)
    held = roles_held([row.user_id for row in rows if row.user_id], today)
    return [
        row
        for row in rows
        if address_of(row) and (row.user is None or ((row.user.pk, row.role) in held and is_in_scope(row.user, meeting, today)))
    ]


def address_of(invitee: Invitee) -> str:
    """Gives where one is sent mail; "" for one who has no address."""
    return invitee.user.email if invitee.user else invitee.email


def _request(meeting: Meeting, row: Invitee, at: datetime, changed: str) -> bool:
    is_update = row.sent_sequence >= 0
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row.token_hash, row.token_expires_at = hash_of(token), min(at + LINK_LASTS, meeting.starts_at)
    row.sent_sequence = meeting.sequence
    row.save(update_fields=["token_hash", "token_expires_at", "sent_sequence"])
    context = _context(meeting, row) | {
        "is_update": is_update,
        "changed": "" if is_protected(meeting) else changed,
        "instead_of": "" if is_update or is_protected(meeting) else _instead_of(row),
        "answer_url": f"{settings.BASE_URL.rstrip('/')}/svar/{token}/",
        "expires": "" if is_protected(meeting) else _until_words(row.token_expires_at),  # it may be when the meeting begins
    }
    return _send(meeting, row, "REQUEST", "meeting_called", context, at)


def _instead_of(row: Invitee) -> str:
    """The name of a colleague one is asked in the place of; "" for others, whose name may tell of a participant."""
    other = row.substitutes
    return other.user.name if other is not None and other.user is not None and other.role in COLLEAGUES else ""


def _until_words(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return f"{date_words(local.date())} klokka {local.hour}.{local.minute:02d}"


def _cancel(meeting: Meeting, row: Invitee, at: datetime, is_removed: bool) -> bool:
    Invitee.objects.filter(pk=row.pk).update(sent_sequence=-1, token_hash="")  # should they come back, it is no update
    context = _context(meeting, row) | {"is_removed": is_removed}
    if is_removed:
        context["page_url"] = ""  # it is not there for one who is not invited
    return _send(meeting, row, "CANCEL", "meeting_called_off", context, at)


def _context(meeting: Meeting, row: Invitee) -> dict[str, Any]:
    hidden = is_protected(meeting)
    return {
        "when": "" if hidden else plain_words(when_words(meeting.starts_at, meeting.ends_at)),
        "place": "" if hidden else meeting.place,
        "video_link": "" if hidden else meeting.video_link,
        "page_url": f"{settings.BASE_URL.rstrip('/')}{meeting.get_absolute_url()}" if row.user_id else "",
    }


def _send(meeting: Meeting, row: Invitee, method: Method, name: str, context: dict[str, Any], at: datetime) -> bool:
    sent, is_new = InvitationSent.objects.get_or_create(
        invitee=row, method=method, sequence=meeting.sequence, defaults={"at": at, "mail": None}
    )  # fmt: skip
    if not is_new:
        return False
    address, calendar = address_of(row), ""
    if not is_protected(meeting):
        calendar = invitation_text(
            meeting=meeting, method=method, sequence=meeting.sequence, address=address, answer=row.answer, at=at,
            url=context["page_url"],
        )  # fmt: skip
    sent.mail = write_mail(
        name=name, recipient=address, context=context, calendar=calendar, calendar_method=method if calendar else ""
    )
    sent.told_calendar = bool(calendar)
    sent.save(update_fields=["mail", "told_calendar"])
    return True


# --- When an address is protected after the call -----------------------------------------------------------


def in_calendars(meeting: Meeting) -> QuerySet[Invitee]:
    """Gives those whose calendar was last told when and where the meeting is."""
    last = InvitationSent.objects.filter(invitee=OuterRef("pk"), told_calendar=True).order_by("-sequence", "-pk")
    rows = Invitee.objects.filter(meeting=meeting).annotate(last_told=Subquery(last.values("method")[:1]))
    return rows.filter(last_told="REQUEST").select_related("user").order_by("pk")


@acting()
def take_out_of_calendars(*, meeting: Meeting, at: datetime) -> int:
    """Takes a meeting out of the calendars it stands in, as whom it is about has a protected address now; gives how many are told.

    The cancellation says neither when nor where the meeting is, and the mail says that it stands. An invitation that waits in the outbox is
    thrown away, and goes anew without time and place. About a strictly protected one nothing is sent: the meeting's page tells the
    koordinator who has it in their calendar.
    """
    held = Meeting.objects.select_for_update(of=("self",)).select_related("enrolment__participant").get(pk=meeting.pk)
    if not is_protected(held) or held.state != CALLED or held.ends_at <= at:
        return 0
    again = _thrown_away(held, at)
    told = list(in_calendars(held))
    if told or again:
        _count_up(held)
    sent = [row for row in _reachable(held, told, at) if _taken_out(held, row, at)]
    for row in _reachable(held, [row for row in again if row.removed_at is None], at):
        _request(held, row, at, "")
    if told or again:
        note_meeting(by=None, meeting=held, verb="taken_out_of_calendars", fields=["sequence"])
    return len(sent)


def _thrown_away(meeting: Meeting, at: datetime) -> list[Invitee]:
    """Throws away invitations with time and place that nobody has begun to send; gives whose they were. One that is taken up to be sent
    in the same moment is not among them: it leaves, and is followed by a cancellation."""
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=at)
    waiting = OutgoingMail.objects.filter(free, sent_at__isnull=True, dropped_at__isnull=True)
    told = InvitationSent.objects.filter(
        invitee__meeting=meeting, method="REQUEST", told_calendar=True, mail__in=waiting.values("pk")
    ).select_related("invitee__user")
    empty = {"next_try_at": None, "text": "", "html": "", "calendar": ""}
    rows = [
        row
        for row in told.order_by("pk")
        if row.mail_id is not None and waiting.filter(pk=row.mail_id).update(dropped_at=at, **empty)
    ]
    InvitationSent.objects.filter(pk__in=[row.pk for row in rows]).update(told_calendar=False)
    found = {row.invitee_id: row.invitee for row in rows}
    for one in found.values():
        one.sent_sequence = -1  # they have got nothing of it, and are invited anew
    return list(found.values())


def _taken_out(meeting: Meeting, row: Invitee, at: datetime) -> bool:
    sent, is_new = InvitationSent.objects.get_or_create(
        invitee=row, method="CANCEL", sequence=meeting.sequence, defaults={"at": at, "told_calendar": True}
    )
    if not is_new:
        return False
    Invitee.objects.filter(pk=row.pk).update(sent_sequence=meeting.sequence)  # the newest they have: they are still invited
    address = address_of(row)
    calendar = invitation_text(
        meeting=meeting, method="CANCEL", sequence=meeting.sequence, address=address, answer=row.answer, at=at, with_time=False
    )
    sent.mail = write_mail(
        name="meeting_taken_out", recipient=address, context={"page_url": _context(meeting, row)["page_url"]}, calendar=calendar,
        calendar_method="CANCEL",
    )  # fmt: skip
    sent.save(update_fields=["mail"])
    return True
