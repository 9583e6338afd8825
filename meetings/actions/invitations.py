"""Who is invited: added, taken away, given a substitute; and their answers.

What they are sent is in meetings.actions.sending.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import F
from django.utils import timezone

from fagbrev.audit.acting import acting
from fagbrev.people.models import User
from meetings.actions.noting import note_meeting
from meetings.actions.sending import send_cancellations, send_requests
from meetings.invitees import Proposed, is_in_scope, roles_held
from meetings.models import Invitee, Meeting, SeriesInvitee
from meetings.models.meetings import ACCEPTED, CALLED, DECLINED


def invite(*, meeting: Meeting, proposed: Proposed, by: User | None, substitutes: Invitee | None = None) -> Invitee:
    """Puts one on the list of a meeting; one who was taken away comes back with no answer. Sends nothing."""
    fresh = {"role": proposed.role, "is_chair": proposed.is_chair, "substitutes": substitutes, "created_by": by}
    if proposed.user is None:
        held = Invitee.objects.filter(meeting=meeting, user__isnull=True, name=proposed.name, email=proposed.email).first()
        if held is None:
            return Invitee.objects.create(meeting=meeting, name=proposed.name, email=proposed.email, **fresh)
        made = False
    else:
        held, made = Invitee.objects.get_or_create(meeting=meeting, user=proposed.user, defaults=fresh)
    if not made and held.removed_at is not None:
        held.removed_at, held.answer, held.answered_at, held.answer_words = None, "", None, ""
        held.role, held.is_chair, held.substitutes = proposed.role, proposed.is_chair, substitutes
        held.version += 1
        held.save()
    return held


@acting()
def add_invitee(
    *, meeting: Meeting, proposed: Proposed, by: User | None, at: datetime, substitutes: Invitee | None = None
) -> Invitee:  # fmt: skip
    """Invites one more; when the meeting is called, the invitation goes at once."""
    held = Meeting.objects.select_for_update(of=("self",)).select_related("enrolment__participant").get(pk=meeting.pk)
    row = invite(meeting=held, proposed=proposed, by=by, substitutes=substitutes)
    fields = ["user" if proposed.user else "name", *(["substitutes"] if substitutes else [])]
    note_meeting(by=by, meeting=held, row=row, verb="invited", fields=fields)
    if held.state == CALLED and held.starts_at > at:
        send_requests(meeting=held, at=at, only=row)
    return row


@acting()
def remove_invitee(*, invitee: Invitee, by: User, at: datetime) -> bool:
    """Takes one off the list, and the meeting out of that one's calendar. False for one who is off it already."""
    held = Meeting.objects.select_for_update(of=("self",)).select_related("enrolment__participant").get(pk=invitee.meeting_id)
    mine = Invitee.objects.filter(pk=invitee.pk, removed_at__isnull=True)
    if not held.is_open or not mine.update(removed_at=at, token_hash="", version=F("version") + 1):
        return False
    row = Invitee.objects.select_related("user").get(pk=invitee.pk)
    note_meeting(by=by, meeting=held, row=row, verb="uninvited", fields=["removed_at"])
    if held.state == CALLED and held.starts_at > at:
        send_cancellations(meeting=held, invitees=[row], at=at, is_removed=True)
    return True


@acting()
def make_chair(*, invitee: Invitee, by: User) -> None:
    """Lets one of those invited lead the meeting, instead of whoever did. Of two at once, the second waits for the first."""
    Meeting.objects.select_for_update(of=("self",)).get(pk=invitee.meeting_id)
    rows = Invitee.objects.filter(meeting=invitee.meeting_id)
    rows.filter(is_chair=True).exclude(pk=invitee.pk).update(is_chair=False, version=F("version") + 1)
    rows.filter(pk=invitee.pk, removed_at__isnull=True).update(is_chair=True, version=F("version") + 1)
    note_meeting(by=by, meeting=invitee.meeting, row=invitee, verb="chair_named", fields=["is_chair"])


def forget_answers(*, meeting: Meeting) -> None:
    """Takes the answers back: they were to another time."""
    rows = Invitee.objects.filter(meeting=meeting).exclude(answer="")
    rows.update(answer="", answered_at=None, answered_by_link=False, answer_words="", version=F("version") + 1)


def accept_for_caller(*, meeting: Meeting, by: User, at: datetime) -> None:
    """Lets whoever calls or moves a meeting come to it, if invited: they need not be asked."""
    own = Invitee.objects.filter(meeting=meeting, user=by, removed_at__isnull=True, answer="")
    own.update(answer=ACCEPTED, answered_at=at, version=F("version") + 1)


@acting()
def save_answer(*, invitee: Invitee, answer: str, words: str, by: User | None, at: datetime, by_link: bool = False) -> bool:
    """Keeps an answer, also one that changes an earlier; False when the meeting has begun, is called off, or one is not invited.

    When one with a fixed substitute cannot come, the substitute is invited.
    """
    # The meeting first: an answer given while it is moved is either forgotten with the others or given to the new time.
    meeting = Meeting.objects.select_for_update(of=("self",)).select_related("enrolment__participant").get(pk=invitee.meeting_id)
    row = Invitee.objects.select_for_update(of=("self",)).select_related("user").get(pk=invitee.pk)
    row.meeting = meeting
    if row.removed_at is not None or meeting.state != CALLED or meeting.starts_at <= at:
        return False
    row.answer, row.answer_words, row.answered_at, row.answered_by_link = answer, words, at, by_link
    row.version += 1
    row.save(update_fields=["answer", "answer_words", "answered_at", "answered_by_link", "version"])
    note_meeting(by=by, meeting=meeting, row=row, verb="answered", fields=["answer", *(["answer_words"] if words else [])])
    if answer == DECLINED:
        _ask_substitute(row, at)
    return True


def _ask_substitute(row: Invitee, at: datetime) -> None:
    """Invites the fixed substitute of a series, who holds the role today and is not on the list already or taken off it."""
    meeting = row.meeting
    fixed = SeriesInvitee.objects.filter(series=meeting.series_id, user=row.user_id, substitute__isnull=False)
    found = fixed.select_related("substitute").first() if meeting.series_id and row.user_id else None
    if found is None or found.substitute is None:
        return
    substitute, today = found.substitute, timezone.localdate(at)
    if Invitee.objects.filter(meeting=meeting, user=substitute).exists():
        return
    held = roles_held([substitute.pk], today)
    role = row.role if (substitute.pk, row.role) in held else next((role for _user, role in sorted(held)), "")
    if role and is_in_scope(substitute, meeting, today):
        add_invitee(meeting=meeting, proposed=Proposed(role, substitute), by=None, at=at, substitutes=row)
