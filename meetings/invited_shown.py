"""Who is invited to a meeting, as its page and its minutes draw them: whom a reader sees by name, and what they said."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Case, Q, Value, When

from fagbrev.people.roles import DELTAKER, ROLE_NAMES
from meetings.access import Seen
from meetings.invitees import invitees_seen, names_read, reads_names, standing_in
from meetings.meetings_shown import is_mailed
from meetings.models import Invitee, Meeting
from meetings.models.meetings import (
    ACCEPTED,
    ANSWERS,
    CALLED,
    HELD,
)

ANSWER_WORDS = dict(ANSWERS)
INVITED_ON_A_PAGE = 60
NO_MAIL = "ingen e-post er sendt, fordi adressen er strengt fortrolig. Gi beskjed selv."


@dataclass
class InviteeRow:
    """One who is invited, as the reader may see it."""

    public_id: str
    name: str
    role: str
    answer: str = ""
    words: str = ""
    note: str = ""
    attended: str = ""
    may_substitute: bool = False
    may_lead: bool = False
    is_told: bool = False  # is sent a mail when taken off the list


@dataclass(frozen=True)
class Invited:
    """Who is invited: by name where the reader may read names, else how many of each role."""

    rows: list[InviteeRow] = field(default_factory=list)
    page: Any = None  # the page of a long list
    roles: list[str] = field(default_factory=list)
    summary: str = ""
    lacks_chair: bool = False
    tells_came: bool = False  # each of the rows says whether that one came


def reads_who_came(seen: Seen) -> bool:
    """Tells whether the reader reads who came: whoever may record it, once the meeting is held. The others read it in the minutes."""
    return seen.meeting.state == HELD and seen.may_write


def may_hold(seen: Seen) -> bool:
    """Tells whether the reader may record who came: who writes the minutes and reads who is invited. At a gathering a teacher who does
    not lead it writes, but does not learn who comes (docs/access.md)."""
    return seen.may_write and reads_names(seen)


def invitees_named(seen: Seen) -> list[Invitee]:
    """Gives those invited whose names the reader may read in the minutes: as on the meeting's page."""
    if not reads_names(seen):
        return []
    return list(invitees_seen(seen.meeting, seen.user, seen.today))


def invitees_marked(seen: Seen) -> list[Any]:
    """Gives everyone who is invited, each with whether the reader may read the name in the minutes (`is_named`, as `invitees_named`);
    one query."""
    named = names_read(seen.meeting, seen.user, seen.today) if reads_names(seen) else Q(pk__in=[])
    rows = Invitee.objects.filter(meeting=seen.meeting, removed_at__isnull=True).select_related("user")
    rows = rows.annotate(is_named=Case(When(named, then=Value(True)), default=Value(False)))
    return list(rows.order_by("-is_chair", "role", "user__name", "name", "pk"))


def invited_shown(seen: Seen, now: datetime, number: str | None = None) -> Invited:
    """Gives those invited; answers to the koordinator and the chair alone, names to those invited to a small meeting but not to the
    participant, who reads roles."""
    meeting = seen.meeting
    asked = Invitee.objects.filter(meeting=meeting, removed_at__isnull=True).order_by("role")
    substitutes = {
        row.substitutes_id: name_of(row) for row in invitees_seen(meeting, seen.user, seen.today).filter(pk__in=standing_in())
    }
    everyone = [
        (role, "substitute" if pk in substitutes else answer, came, is_chair)
        for pk, role, answer, came, is_chair in asked.values_list("pk", "role", "answer", "attended", "is_chair")
    ]
    sees_answers, tells_came = seen.is_coordinator or seen.is_chair, reads_who_came(seen)
    by_role = Counter(str(ROLE_NAMES.get(role, "andre")) for role, *_rest in everyone)
    roles = [f"{name} ({count})" if count > 1 else name for name, count in by_role.items()]
    if not reads_names(seen):
        return Invited(roles=roles)
    found = Paginator(invitees_seen(meeting, seen.user, seen.today), INVITED_ON_A_PAGE).get_page(number)
    rows = [_invitee_row(seen, row, sees_answers, now, substitutes.get(row.pk, "")) for row in found]
    lacks_chair = (
        seen.is_coordinator and meeting.is_open and bool(everyone) and not any(is_chair for *_rest, is_chair in everyone)
    )
    return Invited(
        rows=rows, page=found, roles=roles if found.paginator.count < len(everyone) else [], lacks_chair=lacks_chair,
        summary=_summary(meeting, everyone) if sees_answers or tells_came else "", tells_came=tells_came,
    )  # fmt: skip


def _summary(meeting: Meeting, everyone: list[tuple[str, str, bool | None, bool]]) -> str:
    if meeting.state == HELD:
        return f"{sum(came is True for _role, _answer, came, _chair in everyone)} av {len(everyone)} møtte."
    if meeting.state != CALLED:
        return ""
    answers = Counter(answer for _role, answer, _came, _chair in everyone)
    waiting = answers[""]
    sends = f", {answers['substitute']} sender vara" if answers["substitute"] else ""
    return f"{answers[ACCEPTED]} kommer, {answers['declined']} kommer ikke, {waiting} har ikke svart{sends}."


def name_of(row: Invitee) -> str:
    """Gives the name of one who is invited."""
    return row.user.name if row.user else row.name


def _invitee_row(seen: Seen, row: Invitee, sees_answers: bool, now: datetime, substitute: str) -> InviteeRow:
    meeting = seen.meeting
    shown = InviteeRow(row.public_id, name_of(row), str(ROLE_NAMES.get(row.role, "")))
    shown.may_lead = not row.is_chair and row.role not in {DELTAKER, ""}
    notes = []
    if row.is_chair:
        notes.append("leder møtet")
    if row.substitutes is not None:
        notes.append(f"vara for {name_of(row.substitutes)}")
    if substitute:
        notes.append(f"sender vara: {substitute}")
    if sees_answers:
        if row.user is None and not row.email and meeting.is_open and meeting.starts_at > now:
            notes.append("har ikke e-post, må få beskjed på annen måte")
        if meeting.state == CALLED:
            shown.answer, shown.words = "" if substitute else ANSWER_WORDS[row.answer], row.answer_words
    if reads_who_came(seen) and row.attended is not None:
        shown.attended = "møtte" if row.attended else "møtte ikke"
    shown.note = ", ".join(notes)
    shown.is_told = meeting.state == CALLED and row.sent_sequence >= 0 and is_mailed(meeting)
    is_ahead = meeting.is_open and meeting.starts_at > now
    shown.may_substitute = seen.may_call and row.role != DELTAKER and is_ahead and not substitute
    return shown
