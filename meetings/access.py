"""Whose meetings a user has, what of them one may read and write, and the gate of a meeting's pages.

The koordinator has every meeting, less those about a participant outside the scope. Everybody else has the meetings that have been
called or held and that they are invited to, in a role they hold today; the chair of the steering group, who calls it together with the
koordinator (V8 row 17), has its planned ones too. What is said about a participant is cut to the reader's own scope
for the section `meeting_items`, item by item (docs/access.md).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils import timezone

from fagbrev.access.gate import Gate
from fagbrev.access.table import Right
from fagbrev.audit.log import note_look
from fagbrev.feeds.tokens import hash_of
from fagbrev.people.models import User
from fagbrev.people.roles import COORDINATOR, FAGLAERER, NORSKLAERER, STYRINGSGRUPPE, roles_of
from meetings.models import AgendaItem, Invitee, Meeting, Minutes, SeriesInvitee, SignUp
from meetings.models.meetings import CALLED, CANCELLED, PLANNED, STEERING_GROUP
from meetings.models.minutes import DRAFT, OWN
from participants.access import enrolments_for
from participants.models import Enrolment

WRITES_MINUTES = frozenset({COORDINATOR, FAGLAERER, NORSKLAERER})


def invitations_of(user: User, today: date) -> QuerySet[Invitee]:
    """Gives the user's invitations in the roles held today; one taken away is none."""
    return Invitee.objects.filter(user=user, role__in=roles_of(user, today), removed_at__isnull=True)


def meetings_for(user: User, today: date) -> QuerySet[Meeting]:
    """Gives the meetings in the user's scope."""
    held = roles_of(user, today)
    if not held:
        return Meeting.objects.none()
    # One that was called off before it was called was told to nobody, and is not told of now.
    is_told = ~Q(state=PLANNED) & ~Q(state=CANCELLED, called_at__isnull=True)
    found = Q(pk__in=invitations_of(user, today).values("meeting")) & is_told
    if STYRINGSGRUPPE in held:
        found |= _chaired(user)
    if COORDINATOR in held:
        found |= Q(pk__isnull=False)
    # Oneself is found too: a participant invited to the meeting about the own enrolment is told of it.
    about = enrolments_for(user, "identity", today=today, listed=False)
    return Meeting.objects.filter(found).filter(Q(enrolment__isnull=True) | Q(enrolment__in=about))


def _chaired(user: User) -> Q:
    """The steering group's meetings that the user leads, and those planned in a series whose chair the user is."""
    own = Invitee.objects.filter(user=user, role=STYRINGSGRUPPE, is_chair=True, removed_at__isnull=True)
    standing = SeriesInvitee.objects.filter(user=user, role=STYRINGSGRUPPE, is_chair=True)
    led = Q(pk__in=own.values("meeting")) | Q(state=PLANNED, series__in=standing.values("series"))
    return Q(kind=STEERING_GROUP) & led


def listed_meetings(user: User, today: date) -> QuerySet[Meeting]:
    """Gives the meetings that may stand in a list or be counted: none about a strictly protected participant but to that one."""
    strict = Q(enrolment__participant__address_protection="strengt_fortrolig") & ~Q(enrolment__participant__user=user)
    return meetings_for(user, today).exclude(strict)


def invitation_by_token(token: str, *, at: datetime) -> Invitee | None:
    """Gives the invitation whose newest link this is, while it holds; None alike for one that never was, is used up or expired.

    Rights are asked again: one who signs in must have the meeting in scope today. Nobody reads of a meeting about somebody with a
    strictly protected address by a link.
    """
    rows = Invitee.objects.filter(token_hash=hash_of(token), token_expires_at__gt=at, removed_at__isnull=True)
    rows = rows.filter(meeting__state=CALLED, meeting__starts_at__gt=at)
    rows = rows.exclude(meeting__enrolment__participant__address_protection="strengt_fortrolig")
    found = rows.select_related("user", "meeting__enrolment__participant", "meeting__trade").first()
    if found is None or found.user is None:
        return found
    today = timezone.localdate(at)
    is_theirs = found.role in roles_of(found.user, today) and meetings_for(found.user, today).filter(pk=found.meeting_id).exists()
    return found if is_theirs else None


def sign_ups_seen(user: User, today: date) -> QuerySet[SignUp]:
    """Gives the sign-ups the koordinator may see: all but those of people referred whose record is outside the scope."""
    if COORDINATOR not in roles_of(user, today):
        return SignUp.objects.none()
    known = enrolments_for(user, "referral", today=today)
    return SignUp.objects.filter(Q(referral__isnull=True) | Q(referral__enrolment__in=known))


def spoken_of(user: User, today: date, right: Right = "read") -> QuerySet[Enrolment]:
    """Gives the enrolments about whom the user may read (or write) what is said in meetings; strictly protected people never."""
    return enrolments_for(user, "meeting_items", right, today=today)


def items_for(meeting: Meeting, user: User, today: date, *, with_withdrawn: bool = False) -> QuerySet[AgendaItem]:
    """Gives the points of a meeting that the user may read: all but those about participants outside the scope."""
    found = AgendaItem.objects.filter(Q(enrolment__isnull=True) | Q(enrolment__in=spoken_of(user, today)), meeting=meeting)
    return found if with_withdrawn else found.filter(withdrawn_at__isnull=True)


def writes_as(role: str, *, is_chair: bool) -> bool:
    """Tells whether one who is invited in a role writes the minutes: who leads, and teachers."""
    return is_chair or role in WRITES_MINUTES


@dataclass
class Seen:
    """What the gate hands a view: the meeting, how its minutes stood when it was asked for ("" before they are begun), and what
    the user is in it."""

    user: User
    today: date
    meeting: Meeting
    roles: frozenset[str]
    minutes_state: str
    invited_as: str  # the role of the user's own invitation, "" for none
    leads: bool  # by that invitation
    is_laid: bool  # there are points, whether the user may read them or not

    @cached_property
    def invitation(self) -> Invitee | None:
        """The user's own invitation, if any."""
        return invitations_of(self.user, self.today).filter(meeting=self.meeting).first()

    @property
    def is_coordinator(self) -> bool:
        """True for a koordinator, who calls, moves and calls off."""
        return COORDINATOR in self.roles

    @property
    def is_chair(self) -> bool:
        """True for the one who leads the meeting, who calls it together with the koordinator."""
        return self.leads if self.invited_as else self._leads_the_series

    @cached_property
    def _leads_the_series(self) -> bool:
        if STYRINGSGRUPPE not in self.roles or self.meeting.kind != STEERING_GROUP or self.meeting.state != PLANNED:
            return False
        rows = SeriesInvitee.objects.filter(series=self.meeting.series_id, user=self.user, role=STYRINGSGRUPPE, is_chair=True)
        return self.meeting.series_id is not None and rows.exists()

    @property
    def may_call(self) -> bool:
        """Tells whether the user may call, move and call off: the koordinator, and the chair of the steering group."""
        leads_the_group = self.is_chair and self.meeting.kind == STEERING_GROUP and STYRINGSGRUPPE in self.roles
        return self.is_coordinator or leads_the_group

    @property
    def may_write(self) -> bool:
        """Tells whether the user may write the minutes: the koordinator, the chair, and the teachers who are invited.

        Where the meeting is about one participant, only those who may write what is said of that one.
        """
        if self.is_coordinator:
            return True
        return writes_as(self.invited_as, is_chair=self.is_chair) and self._writes_of_the_one

    @cached_property
    def _writes_of_the_one(self) -> bool:
        about = self.meeting.enrolment_id
        return about is None or spoken_of(self.user, self.today, "write").filter(pk=about).exists()

    @cached_property
    def may_read_of_the_one(self) -> bool:
        """Tells whether anything said of the participant the meeting is about is the user's to read; True where it is about none."""
        about = self.meeting.enrolment_id
        return about is None or self.is_coordinator or spoken_of(self.user, self.today).filter(pk=about).exists()

    @property
    def may_propose(self) -> bool:
        """Tells whether the user may put a point of their own on the agenda: everyone who is invited."""
        return self.is_coordinator or self.invited_as != ""

    @property
    def is_about_me(self) -> bool:
        """True for the participant whom the meeting is about."""
        about = self.meeting.enrolment
        return about is not None and about.participant.user_id == self.user.pk

    @property
    def is_shared(self) -> bool:
        """True when the minutes are shared or approved."""
        return self.minutes_state not in {"", DRAFT}

    @property
    def may_read_minutes(self) -> bool:
        """True when there are minutes the user may open: a draft only for those who write."""
        return self.is_shared or (self.minutes_state == DRAFT and self.may_write)

    def items(self, *, with_withdrawn: bool = False) -> QuerySet[AgendaItem]:
        """Gives the points the user may read. What came up in the meeting is for those who write, until the minutes are shared."""
        found = items_for(self.meeting, self.user, self.today, with_withdrawn=with_withdrawn)
        if self.may_write:
            return found
        draft = Minutes.objects.filter(
            meeting=OuterRef("meeting"), state=DRAFT, created_at__lt=OuterRef("created_at"),
            meeting__starts_at__lte=OuterRef("created_at"),
        )  # fmt: skip
        return found.exclude(Q(Exists(draft)) & Q(kind=OWN) & ~Q(proposed_by=self.user))


def meeting_of(user: User, public_id: str, *, today: date) -> Seen:
    """Finds a meeting within the user's scope. Raises Http404 alike for what is not there and what is not theirs."""
    own = invitations_of(user, today).filter(meeting=OuterRef("pk")).order_by("pk")
    found = meetings_for(user, today).filter(public_id=public_id).annotate(
        own_role=Subquery(own.values("role")[:1]), own_is_chair=Subquery(own.values("is_chair")[:1]),
        is_laid=Exists(AgendaItem.objects.filter(meeting=OuterRef("pk"))),
    )  # fmt: skip
    row: Any = found.select_related("trade", "series", "enrolment__participant", "called_by", "minutes").first()
    if row is None:
        raise Http404
    minutes = getattr(row, "minutes", None)
    return Seen(
        user, today, row, frozenset(roles_of(user, today)), minutes_state=minutes.state if minutes else "",
        invited_as=row.own_role or "", leads=bool(row.own_is_chair), is_laid=row.is_laid,
    )  # fmt: skip


def note_meeting_look(seen: Seen) -> None:
    """Writes one look row for a meeting about a participant; nothing for other meetings."""
    about = seen.meeting.enrolment
    if about is not None:
        note_look(
            user=seen.user, roles=seen.roles, participant_id=about.participant_id, enrolment_id=about.pk, page="moter",
            sections=["meeting_items"],
        )  # fmt: skip


View = Callable[..., HttpResponse]
May = Callable[[Seen], bool]


def meeting(
    *, may: May | None = None, roles: Collection[str] | None = None, methods: tuple[str, ...] = ("GET", "HEAD", "POST")
) -> Callable[[View], View]:
    """The gate of a meeting's page: scope (404), then what one is in the meeting (403), then the method (405).

    The view is called with the request, the Seen, and what else the address holds.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def gated(request: HttpRequest, meeting_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
            found = meeting_of(request.user, meeting_id, today=timezone.localdate())  # type: ignore[arg-type]
            if (roles is not None and not found.roles & frozenset(roles)) or (may is not None and not may(found)):
                raise PermissionDenied
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            return view(request, found, *args, **kwargs)

        gated.gate = Gate("meeting", frozenset(roles or ()), methods=methods)  # type: ignore[attr-defined]
        return gated

    return wrap
