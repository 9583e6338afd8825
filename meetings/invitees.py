"""Who belongs at a meeting by role (V6, V7), who else may be asked, and whose invitations one may see.

A proposal is made from who holds the role today: teaching assignments, placements and roles that have ended give nobody. No
participant outside the scope of the one who asks is proposed, and nobody whose address is protected is proposed to a gathering.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet

from fagbrev.people.models import RoleGrant, User
from fagbrev.people.roles import (
    COORDINATOR,
    DELTAKER,
    FADDER,
    FAGLAERER,
    LEDER,
    NORSKLAERER,
    ROLE_NAMES,
    STYRINGSGRUPPE,
    roles_of,
)
from fagbrev.periods import holds_on
from meetings.access import Seen
from meetings.models import Invitee, Meeting, SeriesInvitee
from meetings.models.meetings import (
    ABOUT_ONE,
    ACCEPTED,
    CANCELLED,
    CLOSING,
    COOPERATION,
    DECLINED,
    INFORMATION,
    MENTOR_GATHERING,
    NETWORK_GATHERING,
    PROJECT_GROUP,
    STEERING_GROUP,
)
from participants.access import enrolments_for
from participants.models import CohortMember, Enrolment, Placement, PlacementFadder
from participants.workflow import WITH_PLACEMENT
from programmes.models import TeachingAssignment, Trade, WorkplacePerson

NAMED = frozenset({PROJECT_GROUP, STEERING_GROUP, COOPERATION, CLOSING})  # those invited see each other's names
PROTECTED = ("fortrolig", "strengt_fortrolig")
TEACHERS = (FAGLAERER, NORSKLAERER)
COLLEAGUES = frozenset({COORDINATOR, *TEACHERS, STYRINGSGRUPPE})  # whose names tell nothing of a participant
# Who may be asked to a meeting of the kind, beside those who belong there.
ROLES_ASKED: dict[str, tuple[str, ...]] = {
    PROJECT_GROUP: (COORDINATOR, *TEACHERS),
    STEERING_GROUP: (STYRINGSGRUPPE, COORDINATOR),
    MENTOR_GATHERING: (COORDINATOR, *TEACHERS, FADDER, LEDER),
    NETWORK_GATHERING: (COORDINATOR, *TEACHERS),
    INFORMATION: (COORDINATOR, *TEACHERS, LEDER, STYRINGSGRUPPE),
}


@dataclass(frozen=True)
class Proposed:
    """One who belongs at a meeting: a user in a role, or one without a sign-in by name and e-mail."""

    role: str
    user: User | None = None
    name: str = ""
    email: str = ""
    is_chair: bool = False

    @property
    def key(self) -> str:
        """What names a user in a form's choice."""
        return f"{self.role}:{self.user.public_id}" if self.user else ""

    @property
    def words(self) -> str:
        """The name with the role."""
        return f"{self.user.name if self.user else self.name}, {ROLE_NAMES[self.role]}"


def holders(role: str, today: date) -> list[Proposed]:
    """Gives everyone who holds the role on the day, by name."""
    rows = User.objects.filter(pk__in=RoleGrant.objects.active(today).filter(role=role).values("user"))
    return [Proposed(role, user) for user in rows.order_by("name", "pk")]


def roles_held(users: Iterable[int], today: date) -> set[tuple[int, str]]:
    """Gives the users' roles on the day, as pairs; one query."""
    return set(RoleGrant.objects.active(today).filter(user__in=list(users)).values_list("user_id", "role"))


def teachers(trade: Trade | None, today: date, roles: Collection[str] = TEACHERS) -> list[Proposed]:
    """Gives the teachers of a trade on the day (of every trade when there is none), faglærer first, each once."""
    rows = TeachingAssignment.objects.active(today).filter(role__in=roles)
    if trade is not None:
        rows = rows.filter(trade=trade)
    return _teaching(rows, today)


def _teaching(rows: QuerySet[TeachingAssignment], today: date) -> list[Proposed]:
    grants = set(RoleGrant.objects.active(today).filter(role__in=TEACHERS).values_list("user_id", "role"))
    found = {
        (row.user_id, row.role): Proposed(row.role, row.user)
        for row in rows.select_related("user").order_by("role", "user__name", "pk")
        if (row.user_id, row.role) in grants
    }
    return list(found.values())


def teachers_of(enrolment: Enrolment, today: date) -> list[Proposed]:
    """Gives the teachers of an enrolment: of its trade, or of the group it is in."""
    groups = CohortMember.objects.filter(holds_on(today), enrolment=enrolment).values("cohort")
    where = Q(cohort__isnull=True, trade=enrolment.trade_id) | Q(cohort__in=groups)
    return _teaching(TeachingAssignment.objects.active(today).filter(where), today)


# --- Proposals ----------------------------------------------------------------------------------------


def proposed_for(
    *, kind: str, by: User, today: date, trade: Trade | None = None, enrolment: Enrolment | None = None
) -> list[Proposed]:
    """Gives who belongs at a meeting of the kind, the koordinator who makes it first; nobody twice."""
    own = [Proposed(COORDINATOR, by, is_chair=kind != STEERING_GROUP)] if COORDINATOR in roles_of(by, today) else []
    if kind == PROJECT_GROUP:
        found = teachers(trade, today)
    elif kind == STEERING_GROUP:
        found = steering_group(today)
    elif kind == MENTOR_GATHERING:
        found = faddere(by, today, trade)
    elif kind == NETWORK_GATHERING:
        found = [*teachers(trade, today), *in_practice(by, today, trade)]
    elif enrolment is not None:
        found = around(enrolment, today, with_all=kind != CLOSING)
    else:
        found = []
    return _once([*own, *found])


def _once(found: Iterable[Proposed]) -> list[Proposed]:
    """Keeps the first of each user, and of each name without a sign-in."""
    kept: dict[object, Proposed] = {}
    for one in found:
        kept.setdefault(one.user.pk if one.user else (one.name, one.email), one)
    return list(kept.values())


def steering_group(today: date) -> list[Proposed]:
    """Gives the members, and as chair the one who led the last meeting or leads the series, if still a member."""
    last = Invitee.objects.filter(meeting__kind=STEERING_GROUP, is_chair=True, role=STYRINGSGRUPPE, removed_at__isnull=True)
    chair = last.order_by("-meeting__starts_at", "-pk").values_list("user_id", flat=True).first()
    if chair is None:
        standing = SeriesInvitee.objects.filter(series__kind=STEERING_GROUP, is_chair=True, user__isnull=False)
        chair = standing.order_by("-pk").values_list("user_id", flat=True).first()
    members = holders(STYRINGSGRUPPE, today)
    return [Proposed(one.role, one.user, is_chair=one.user is not None and one.user.pk == chair) for one in members]


def faddere(by: User, today: date, trade: Trade | None) -> list[Proposed]:
    """Gives the faddere of placements that run, of one trade or of all, with or without a sign-in (V6: mentor gatherings)."""
    rows = PlacementFadder.objects.filter(holds_on(today), placement__in=_running(by, today, trade))
    people = WorkplacePerson.objects.filter(holds_on(today), pk__in=rows.values("person"))
    return _at_work(people, FADDER, today)


def _running(by: User, today: date, trade: Trade | None) -> QuerySet[Placement]:
    people = enrolments_for(by, "placement", today=today).exclude(participant__address_protection__in=PROTECTED)
    people = people.filter(status__in=WITH_PLACEMENT)
    if trade is not None:
        people = people.filter(trade=trade)
    return Placement.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=today), enrolment__in=people, starts_on__lte=today
    )  # fmt: skip


def _at_work(people: QuerySet[WorkplacePerson], role: str, today: date) -> list[Proposed]:
    """People at workplaces: as users where they sign in in the role, else by name and e-mail."""
    grants = set(RoleGrant.objects.active(today).filter(role=role).values_list("user_id", flat=True))
    return [
        Proposed(role, row.user) if row.user_id in grants else Proposed(role, name=row.name, email=row.email)
        for row in people.select_related("user").order_by("name", "pk")
    ]


def in_practice(by: User, today: date, trade: Trade | None) -> list[Proposed]:
    """Gives the participants in practice who sign in (V6: network gatherings); the others cannot be told without their name."""
    rows = _in_practice(by, today, trade).filter(participant__user__in=_signing_in(today))
    users = User.objects.filter(pk__in=rows.values("participant__user"))
    return [Proposed(DELTAKER, user) for user in users.order_by("name", "pk")]


def without_sign_in(by: User, today: date, trade: Trade | None) -> int:
    """Gives how many in practice the network gathering cannot invite: without a sign-in, or with a protected address."""
    rows = enrolments_for(by, "identity", today=today).filter(status__in=WITH_PLACEMENT)
    rows = rows.filter(trade=trade) if trade is not None else rows
    asked = _in_practice(by, today, trade).filter(participant__user__in=_signing_in(today))
    return rows.exclude(pk__in=asked.values("pk")).values("participant").distinct().count()


def _in_practice(by: User, today: date, trade: Trade | None) -> QuerySet[Enrolment]:
    rows = enrolments_for(by, "identity", today=today).filter(status__in=WITH_PLACEMENT)
    rows = rows.exclude(participant__address_protection__in=PROTECTED)
    return rows.filter(trade=trade) if trade is not None else rows


def _signing_in(today: date) -> QuerySet[RoleGrant, int]:
    return RoleGrant.objects.active(today).filter(role=DELTAKER).values_list("user_id", flat=True)


def around(enrolment: Enrolment, today: date, *, with_all: bool = True, with_substitutes: bool = False) -> list[Proposed]:
    """Gives those around an enrolment: teachers, fadder, the participant, and with_all leder and norsklærer too; with_substitutes also
    who is fadder in another's place.

    A closing meeting is held with participant, faglærer and fadder (V8 row 15).
    """
    taught = [one for one in teachers_of(enrolment, today) if with_all or one.role == FAGLAERER]
    places = Placement.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=today), enrolment=enrolment, starts_on__isnull=False
    )
    mentors = PlacementFadder.objects.filter(holds_on(today), placement__in=places)
    mentors = mentors if with_substitutes else mentors.filter(is_substitute=False)
    people = WorkplacePerson.objects.filter(holds_on(today), pk__in=mentors.values("person"))
    found = [*taught, *_at_work(people, FADDER, today)]
    if with_all:
        leaders = WorkplacePerson.objects.filter(holds_on(today), pk__in=places.values("leder"))
        found += _at_work(leaders, LEDER, today)
    user = enrolment.participant.user
    if user is not None and user.pk in set(_signing_in(today)):
        found.append(Proposed(DELTAKER, user))
    return found


# --- Who belongs to a series ---------------------------------------------------------------------------


def invitees_of_series(meeting: Meeting, *, by: User, today: date) -> list[Proposed]:
    """Gives who belongs to a meeting of a series on the day: those named as long as they hold the role, and everyone of each role."""
    rows = list(SeriesInvitee.objects.filter(series=meeting.series_id).select_related("user").order_by("pk"))
    held = roles_held([row.user_id for row in rows if row.user_id], today)
    found = [Proposed(row.role, row.user, is_chair=row.is_chair) for row in rows if (row.user_id, row.role) in held]
    for row in rows:
        if row.user is None:
            found += _of_role(row.role, meeting, by, today)
    return found


def _of_role(role: str, meeting: Meeting, by: User, today: date) -> list[Proposed]:
    if role in {FAGLAERER, NORSKLAERER}:
        return teachers(meeting.trade, today, [role])
    if role == FADDER:
        return faddere(by, today, meeting.trade)
    if role == DELTAKER:
        return in_practice(by, today, meeting.trade)
    return holders(role, today)


OF_ONE_TRADE = {
    FAGLAERER: "Faglærer i faget", NORSKLAERER: "Norsklærer i faget", FADDER: "Faddere i faget", DELTAKER: "Deltakere i praksis i faget",
}  # fmt: skip


def everyone_words(role: str, trade: Trade | None) -> str:
    """Gives in words whom a role reaches in a series, as _of_role finds them."""
    if trade is not None and role in OF_ONE_TRADE:
        return OF_ONE_TRADE[role]
    return "Alle deltakere i praksis" if role == DELTAKER else f"Alle med rollen {ROLE_NAMES[role]}"


def still_to_ask(meeting: Meeting, *, by: User, today: date) -> list[Proposed]:
    """Gives who belongs to a meeting by its series and does not stand on its list; those taken off the list stay off. Nobody for a
    meeting of no series."""
    if meeting.series_id is None:
        return []
    listed = list(meeting.invitees.values_list("user_id", "name", "email"))
    users, outside = {user for user, *_rest in listed}, {tuple(rest) for user, *rest in listed if user is None}
    return [
        one
        for one in _once(invitees_of_series(meeting, by=by, today=today))
        if (one.user.pk not in users if one.user else (one.name, one.email) not in outside)
    ]


# --- Who else may be asked ----------------------------------------------------------------------------


def candidates(meeting: Meeting, *, by: User, today: date) -> list[Proposed]:
    """Gives the users who may be asked to the meeting and are not: to one about a participant none but those around them who
    have the record in their scope, and the koordinatorer."""
    if meeting.kind in ABOUT_ONE and meeting.enrolment is not None:
        found = [*holders(COORDINATOR, today), *around(meeting.enrolment, today, with_substitutes=True)]
        found = [one for one in found if one.user is not None and is_in_scope(one.user, meeting, today)]
    else:
        found = [one for role in ROLES_ASKED.get(meeting.kind, ()) for one in holders(role, today)]
        if meeting.kind == NETWORK_GATHERING:
            found += in_practice(by, today, meeting.trade)
    asked = set(meeting.invitees.filter(removed_at__isnull=True, user__isnull=False).values_list("user_id", flat=True))
    return [one for one in _once(found) if one.user is not None and one.user.pk not in asked]


def stand_ins(instead_of: Invitee, *, by: User, today: date) -> list[Proposed]:
    """Gives the users whom one who is invited may send in their own place: in the same role. What the koordinator may choose is
    `candidates`.

    To a meeting about a participant these are those around that one alone, as nobody else may learn of them (access.md); to other
    meetings colleagues: who is fadder or leder elsewhere is nothing to choose among.
    """
    meeting = instead_of.meeting
    found = [one for one in candidates(meeting, by=by, today=today) if one.role == instead_of.role]
    return found if meeting.enrolment_id is not None else [one for one in found if one.role in COLLEAGUES]


def is_in_scope(user: User, meeting: Meeting, today: date) -> bool:
    """Tells whether a user may know of the meeting at all: one about a participant is for those with the record in their scope."""
    if meeting.enrolment_id is None:
        return True
    return enrolments_for(user, "identity", today=today, listed=False).filter(pk=meeting.enrolment_id).exists()


# --- Whose invitations one may see --------------------------------------------------------------------


def invitees_seen(meeting: Meeting, user: User, today: date) -> QuerySet[Invitee]:
    """Gives the invitations with names that the user may read: of participants, those in the own scope alone."""
    rows = Invitee.objects.filter(names_read(meeting, user, today), meeting=meeting, removed_at__isnull=True)
    names = ("user__name", "name") if meeting.kind not in ABOUT_ONE else ()
    return rows.select_related("user", "substitutes__user").order_by("-is_chair", "role", *names, "pk")


def reads_names(seen: Seen) -> bool:
    """Tells whether the reader reads who is invited by name: the koordinator and the chair always, those invited in a small meeting, but
    not the participant, who reads roles."""
    if seen.is_coordinator or seen.is_chair:
        return True
    return seen.meeting.kind in NAMED and seen.roles != {DELTAKER} and not seen.is_about_me


def proposers_read(seen: Seen, people: Collection[int]) -> set[int]:
    """Gives those of the users whose name the reader may read beside a point they put on the agenda: oneself, and whom the reader may
    read among those invited. At most one query."""
    own = {seen.user.pk} & set(people)
    if not people or not reads_names(seen):
        return own
    if seen.meeting.kind in NAMED:
        return set(people)
    rows = Invitee.objects.filter(names_read(seen.meeting, seen.user, seen.today), meeting=seen.meeting, user__in=people)
    return own | {pk for pk in rows.values_list("user_id", flat=True) if pk is not None}


def names_read(meeting: Meeting, user: User, today: date) -> Q:
    """Gives the condition on an invitation that the user may read its name."""
    if meeting.kind in ABOUT_ONE:
        return Q(pk__isnull=False)
    known = enrolments_for(user, "identity", today=today).filter(participant__user__isnull=False).values("participant__user")
    return ~Q(role=DELTAKER) | Q(user__in=known)


def standing_in() -> QuerySet[Invitee]:
    """Gives the substitutes that still may come: neither taken away nor unable to, nor for one who said afterwards to come after all."""
    comes_after_all = Q(substitutes__answer=ACCEPTED, substitutes__answered_at__gt=F("created_at"))
    rows = Invitee.objects.filter(substitutes__isnull=False, removed_at__isnull=True)
    return rows.exclude(answer=DECLINED).exclude(comes_after_all)


def last_of_kind(*, kind: str, trade: Trade | None = None, enrolment: Enrolment | None = None) -> Meeting | None:
    """Gives the last meeting of the same sort that was not called off, whose time and place are proposed again."""
    rows = Meeting.objects.filter(kind=kind).exclude(state=CANCELLED)
    if kind == PROJECT_GROUP:
        rows = rows.filter(trade=trade)
    if kind in ABOUT_ONE:
        rows = rows.filter(enrolment=enrolment)
    return rows.order_by("-starts_at").first()
