"""Meetings as lists and their page say them: decided here, so that templates only print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Concat
from django.urls import reverse
from django.utils import timezone

from fagbrev.dates import date_words
from fagbrev.people.models import User
from fagbrev.people.roles import COORDINATOR, roles_of
from meetings.access import Seen, invitations_of, listed_meetings, sign_ups_seen, spoken_of, writes_as
from meetings.agenda_shown import STATE_WORDS
from meetings.days import breaks_over, sign_ups_kept_from, within
from meetings.invitees import PROTECTED, standing_in
from meetings.models import Invitee, Meeting, SignUp
from meetings.models.meetings import (
    ACCEPTED,
    CALLED,
    CANCELLED,
    CLOSING,
    COOPERATION,
    DECLINED,
    HELD,
    INFORMATION,
    MEETING_KINDS,
    MENTOR_GATHERING,
    NETWORK_GATHERING,
    PLANNED,
    PROJECT_GROUP,
    STEERING_GROUP,
    WITH_MINUTES,
)
from meetings.models.minutes import APPROVED, DRAFT, SHARED
from programmes.models import CalendarBreak

WEEKDAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")
NO_BREAK, JOINER = "\u00a0", "\u2060"  # a space, and nothing at all, at which no line is broken
KIND_NAMES = dict(MEETING_KINDS)
ASKS = "Svar på innkallingen"
NOT_SAID = "Åpne møtet for å se tid og sted"
WHAT_KINDS_ARE = {
    PROJECT_GROUP: "Koordinator, faglærer og norsklærer i ett fag ser på framdrift, språk og arbeidsplasser.",
    STEERING_GROUP: "Ledere ser på status, ressurser, resultater og planer. Én gang i semesteret.",
    COOPERATION: "Om én deltaker: lærerne, leder, fadder, deltakeren og koordinator.",
    MENTOR_GATHERING: "Fadderne samles, med program.",
    NETWORK_GATHERING: "Deltakerne i praksis og lærerne samles, med program.",
    INFORMATION: "For folk som vil vite om ordningen. Med påmeldingsliste.",
    CLOSING: "Når en deltaker slutter før fagbrevet: deltaker, faglærer, fadder og koordinator.",
}


def when_words(starts: datetime, ends: datetime) -> str:
    """Gives a time in words: "tirsdag 3. mars 2027, klokka 9.00–10.00", whose time of day stands on one line."""
    local, until = timezone.localtime(starts), timezone.localtime(ends)
    return f"{WEEKDAYS[local.weekday()]} {date_words(local.date())}, klokka{NO_BREAK}{clock(local)}–{JOINER}{clock(until)}"


def plain_words(text: str) -> str:
    """Gives the words without the signs that keep them on one line, which not every mail program knows."""
    return text.replace(NO_BREAK, " ").replace(JOINER, "")


def clock(moment: datetime) -> str:
    """Gives a time of day as Norwegians write it: "9.05"."""
    return f"{moment.hour}.{moment.minute:02d}"


def title_of(meeting: Meeting) -> str:
    """Gives what a meeting is called in lists: its own title, else its kind."""
    return meeting.title or str(meeting.get_kind_display()).capitalize()


def is_protected(meeting: Meeting) -> bool:
    """Tells whether time and place are kept out of lists, mails and calendars: whom it is about has a protected address."""
    about = meeting.enrolment
    return about is not None and about.participant.address_protection in PROTECTED


def is_mailed(meeting: Meeting) -> bool:
    """Tells whether anything about a meeting leaves in a mail: nothing does when whom it is about has a strictly protected address."""
    about = meeting.enrolment
    return about is None or about.participant.address_protection != "strengt_fortrolig"


def state_said(meeting: Meeting, now: datetime) -> tuple[str, str]:
    """Gives the state in words, and its tone."""
    if meeting.state == CALLED and meeting.ends_at < now:
        return "innkalt, oppmøtet er ikke ført", "warning"
    if meeting.state == PLANNED and meeting.ends_at < now:
        return "planlagt, ble ikke kalt inn", "warning"
    return {
        PLANNED: ("planlagt, ikke kalt inn ennå", ""), CALLED: ("innkalt", "success"), HELD: ("holdt", ""), CANCELLED: ("avlyst", "danger"),
    }[meeting.state]  # fmt: skip


# --- The list -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """What a list of meetings is cut to."""

    past: bool = False
    kind: str = ""
    trade: str = ""
    state: str = ""
    within: CalendarBreak | None = None  # a break that takes the meetings, for the koordinator

    @property
    def is_filtered(self) -> bool:
        """True when anything but the period is chosen."""
        return bool(self.kind or self.trade or self.state or self.within)


@dataclass(frozen=True)
class MeetingRow:
    """One meeting in a list."""

    title: str
    url: str
    when: str
    where: str
    state: str
    tone: str
    about: str
    trade: Any
    answer: str
    waits: bool  # for the reader's answer
    note: str
    lies_in: str  # the break that takes it, for those who may move it
    move_url: str
    minutes: str
    minutes_tone: str


def meetings_listed(user: User, asked: Asked, *, now: datetime) -> QuerySet[Meeting]:
    """Gives the user's meetings, the next one first, or the last one first of those that are past: over, or held before its time was."""
    today = timezone.localdate(now)
    is_past = Q(ends_at__lt=now) | Q(state=HELD) | Q(minutes__state__in=[SHARED, APPROVED])
    found = listed_meetings(user, today)
    rows = found.filter(is_past) if asked.past else found.exclude(is_past)
    if asked.kind in KIND_NAMES:
        rows = rows.filter(kind=asked.kind)
    if asked.trade:
        rows = rows.filter(trade__code=asked.trade)
    if asked.state:
        rows = rows.filter(state=asked.state)
    if asked.within is not None:  # no list says when a meeting about somebody with a protected address is
        rows = rows.filter(within(asked.within), state__in=[PLANNED, CALLED])
        rows = rows.exclude(enrolment__participant__address_protection__in=PROTECTED)
    own, signed = invitations_of(user, today).filter(meeting=OuterRef("pk")), sign_ups_seen(user, today)
    rows = rows.annotate(
        own_answer=Subquery(own.values("answer")[:1]), own_id=Subquery(own.values("pk")[:1]),
        own_role=Subquery(own.values("role")[:1]), own_is_chair=Subquery(own.values("is_chair")[:1]),
        own_substitute=Exists(standing_in().filter(meeting=OuterRef("pk"), substitutes__user=user)),
        minutes_state=F("minutes__state"), may_write_of=Exists(spoken_of(user, today, "write").filter(pk=OuterRef("enrolment"))),
        asked_count=_counted(Invitee.objects.filter(removed_at__isnull=True)),
        coming_count=_counted(Invitee.objects.filter(removed_at__isnull=True, answer=ACCEPTED)),
        sign_up_count=_counted(signed), referral_count=_counted(signed.filter(referral__isnull=False)),
    )  # fmt: skip
    order = ("-starts_at", "-pk") if asked.past else ("starts_at", "pk")
    return rows.select_related("trade", "enrolment__participant").order_by(*order)


def _counted(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.filter(meeting=OuterRef("pk")).order_by().values("meeting").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), Value(0))


def rows_of(meetings: Sequence[Any], user: User, *, now: datetime) -> list[MeetingRow]:
    """Gives meetings as rows; two queries, of how long sign-ups are kept and of breaks."""
    today = timezone.localdate(now)
    is_coordinator, kept_from = COORDINATOR in roles_of(user, today), sign_ups_kept_from(today)
    lies_in = breaks_over([row for row in meetings if is_coordinator and row.is_open and row.starts_at > now])
    return [_row(meeting, user, is_coordinator, now, kept_from, lies_in(meeting)) for meeting in meetings]


def _row(
    meeting: Any, user: User, is_coordinator: bool, now: datetime, kept_from: datetime, lies_in: CalendarBreak | None
) -> MeetingRow:  # fmt: skip
    words, tone = state_said(meeting, now)
    about = meeting.enrolment.participant if meeting.enrolment else None
    hidden = is_protected(meeting) and about is not None and about.user_id != user.pk
    minutes, minutes_tone = _minutes_said(meeting, is_coordinator)
    is_taken = lies_in is not None and not hidden and is_coordinator and meeting.is_open and meeting.starts_at > now
    answer = ""
    if meeting.own_id and meeting.state == CALLED and meeting.starts_at > now:
        answer = {"": ASKS, ACCEPTED: "Du kommer"}.get(meeting.own_answer, "Du kommer ikke")
        if meeting.own_substitute:
            answer = "Du sender en vara"
    return MeetingRow(
        title=title_of(meeting), url=meeting.get_absolute_url(),
        when=NOT_SAID if hidden else when_words(meeting.starts_at, meeting.ends_at).capitalize(),
        where="" if hidden else meeting.place or ("Videomøte" if meeting.video_link else ""),
        state=words.capitalize(), tone=tone, about=about.full_name if about is not None and about.user_id != user.pk else "",
        trade=meeting.trade, answer=answer, waits=answer == ASKS, note=_note(meeting, kept_from) if is_coordinator else "",
        lies_in=lies_in.name if lies_in is not None and is_taken else "",
        move_url=reverse("meeting_edit", args=[meeting.public_id]) if is_taken else "", minutes=minutes, minutes_tone=minutes_tone,
    )  # fmt: skip


def _minutes_said(meeting: Any, is_coordinator: bool) -> tuple[str, str]:
    """How the minutes stand, and the tone: that they are missing or a draft is for those who write them alone (as `Seen.may_write`)."""
    state = meeting.minutes_state or ""
    if state in {SHARED, APPROVED}:
        return f"Referat: {STATE_WORDS[state].lower()}", "success" if state == APPROVED else ""
    invited_to_write = writes_as(meeting.own_role or "", is_chair=bool(meeting.own_is_chair))
    if not is_coordinator and not (invited_to_write and (meeting.enrolment_id is None or meeting.may_write_of)):
        return "", ""
    if state == DRAFT:
        return f"Referat: {STATE_WORDS[state].lower()}", "warning"
    return ("Uten referat", "warning") if meeting.state == HELD and meeting.kind in WITH_MINUTES else ("", "")


def _note(meeting: Any, kept_from: datetime) -> str:
    """What the koordinator reads of answers and sign-ups."""
    parts = []
    if meeting.state == CALLED and meeting.asked_count:
        parts.append(f"{meeting.coming_count} av {meeting.asked_count} kommer")
    if meeting.kind == INFORMATION and meeting.sign_up_count:
        parts.append(sign_ups_words(meeting.sign_up_count, meeting.referral_count, is_old=meeting.starts_at < kept_from))
    return " · ".join(parts)


def sign_ups_words(count: int, referrals: int, *, is_old: bool) -> str:
    """Gives how many signed up and how many became referrals, in words; of a meeting so old that the others are wiped, these alone."""
    if is_old and count == referrals:
        return f"{referrals or 'ingen'} er henvist, andre påmeldinger er slettet"
    signed = "1 påmeldt" if count == 1 else f"{count} påmeldte"
    if not referrals:
        return f"{signed}, ingen henvist ennå"
    return f"{signed}, {referrals} er henvist"


# --- The page -----------------------------------------------------------------------------------------


def break_said(seen: Seen, now: datetime) -> dict[str, str]:
    """Gives the break a meeting ahead lies in, for those who may move it: its name and days; empty when it lies in none."""
    meeting = seen.meeting
    if not seen.may_call or not meeting.is_open or meeting.starts_at <= now:
        return {}
    row = breaks_over([meeting])(meeting)
    return {"name": row.name, "days": f"{date_words(row.starts_on)}–{date_words(row.ends_on)}"} if row is not None else {}


def facts_of(seen: Seen) -> list[dict[str, Any]]:
    """Gives when and where, and who called."""
    meeting = seen.meeting
    facts: list[dict[str, Any]] = [{"label": "Når", "value": when_words(meeting.starts_at, meeting.ends_at).capitalize()}]
    if meeting.place:
        facts.append({"label": "Sted", "value": meeting.place})
    if meeting.video_link:
        facts.append({"label": "Videomøte", "value": "Åpne videomøtet", "url": meeting.video_link})
    if not meeting.place and not meeting.video_link:
        facts.append({"label": "Sted", "value": "", "missing": True})
    if meeting.called_at and meeting.called_by:
        when = date_words(timezone.localdate(meeting.called_at))
        facts.append({"label": "Kalt inn", "value": f"{when} av {meeting.called_by.name}"})
    if meeting.state == CANCELLED and meeting.cancelled_at:
        facts.append(
            {"label": "Avlyst", "value": date_words(timezone.localdate(meeting.cancelled_at)), "note": meeting.cancel_words}
        )  # fmt: skip
    return facts


def why_closed(seen: Seen) -> str:
    """Gives in a sentence why nobody may answer, be invited or put a point on the agenda any more."""
    return "Møtet er avlyst." if seen.meeting.state == CANCELLED else "Møtet har begynt."


def answer_said(invitee: Invitee) -> str:
    """Gives the answer one has given, in a sentence; "" for none."""
    said = {"": "", ACCEPTED: "Du har svart at du kommer.", DECLINED: "Du har svart at du ikke kommer."}[invitee.answer]
    words = invitee.answer_words
    if not said or not words:
        return said
    return f"{said} Beskjeden din: «{words}»" + ("" if words[-1] in ".!?" else ".")


def sign_ups_said(seen: Seen) -> dict[str, str]:
    """Gives how many signed up and were referred, with the address of the list; empty for other meetings and other readers."""
    if seen.meeting.kind != INFORMATION or not seen.is_coordinator:
        return {}
    rows = sign_ups_seen(seen.user, seen.today).filter(meeting=seen.meeting)
    words = sign_ups_counted(rows, seen) or "Ingen påmeldte ennå"
    return {"words": f"{words}.", "url": reverse("sign_up_list", args=[seen.meeting.public_id])}


def sign_ups_counted(rows: QuerySet[SignUp], seen: Seen) -> str:
    """Gives how many of a meeting's sign-ups became referrals, as words that begin a sentence; "" when there are none."""
    count, is_old = rows.count(), seen.meeting.starts_at < sign_ups_kept_from(seen.today)
    referred = rows.filter(referral__isnull=False).count()
    return sign_ups_words(count, referred, is_old=is_old).capitalize() if count or is_old else ""


def sign_ups_named(rows: QuerySet[SignUp]) -> QuerySet[SignUp]:
    """Gives sign-ups with `called` and `sent_by`, in the order of names: of one who is referred, what the own record says."""
    person = "referral__enrolment__participant"
    full = Concat(f"{person}__first_name", Value(" "), f"{person}__last_name")
    return rows.annotate(
        called=Case(When(referral__isnull=True, then="name"), default=full),
        sent_by=Coalesce("partner__name", "referral__partner__name", Value("")),
    ).order_by("called", "pk")


def programme_lines(meeting: Meeting) -> list[str]:
    """Gives the programme, line by line."""
    return [line.strip() for line in meeting.programme.splitlines() if line.strip()]


def about_link(seen: Seen) -> dict[str, str]:
    """Gives the participant a meeting is about, with the address of the record; empty for other meetings and to the one themself."""
    about = seen.meeting.enrolment
    if about is None or seen.is_about_me:
        return {}
    url = f"{reverse('participant_detail', args=[about.participant.public_id])}?lop={about.public_id}"
    return {"name": about.participant.full_name, "url": url}
