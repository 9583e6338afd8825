"""Whose duties about participants are: the same openings as everywhere, as conditions on Duty, and who is told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db.models import Q

from fagbrev.access.models import RecordRestriction
from fagbrev.access.restrictions import blocked_participants
from fagbrev.duties.models import Duty
from fagbrev.duties.registry import rules
from fagbrev.people.models import RoleGrant, User
from fagbrev.people.roles import COORDINATOR, DELTAKER, FADDER, FAGLAERER, LEDER, NORSKLAERER, roles_of
from fagbrev.periods import holds_on
from participants.access import OPENINGS, Opening, Record, condition_of, fadder_placements, leder_placements, openings_of
from participants.models import CohortMember, Enrolment, Participant, Placement, PlacementFadder
from programmes.models import TeachingAssignment, WorkplacePerson

STRICT = "strengt_fortrolig"
OWN_PLACEMENTS = {FADDER: fadder_placements, LEDER: leder_placements}
SOURCE_KEY = "participants"
MOST_ON_RECORD = 20


def _rules_opened(opening: Opening, owners: Iterable[str]) -> list[str]:
    """The keys of the rules whose section the opening gives, among those owned by the roles."""
    wanted = set(owners)
    return [rule.key for rule in rules().values() if wanted & set(rule.owners) and _gives(opening, rule.section)]


def _gives(opening: Opening, section: str) -> bool:
    return bool(opening.right(section))


def _within(opening: Opening, user: User, today: date) -> Q:
    """The condition that a duty is about a record that the opening opens for the user."""
    if opening.role == COORDINATOR:
        blocked = blocked_participants(user, today)
        found = Q(participant_id__isnull=False) & ~Q(protection=STRICT)
        return found & ~Q(participant_id__in=blocked) if blocked else found
    found = Q(enrolment_id__in=Enrolment.objects.filter(condition_of(opening, user, today)).values("pk"))
    if opening.role in OWN_PLACEMENTS:
        found &= Q(placement_id__in=OWN_PLACEMENTS[opening.role](user, today).values("pk"))
    return found if opening.role == DELTAKER else found & ~Q(protection=STRICT)


def owned_by(user: User, today: date) -> Q:
    """Gives the condition on Duty for what is the user's to do: by role, each within its own scope and sections.

    Strictly protected people's duties stand in no list; their named users find them on the record's own page.
    """
    found = Q(pk__in=[])
    for opening in openings_of(user, today):
        keys = _rules_opened(opening, [opening.role])
        if keys:
            found |= Q(owner_role=opening.role, rule__in=keys) & _within(opening, user, today)
    return found & _named_to(user, today)


def _named_to(user: User, today: date) -> Q:
    """The condition that a duty is no colleague's own: one that names somebody is theirs alone while they hold the role at all."""
    named = {rule.key: rule.owners for rule in rules().values() if rule.is_named}
    found = ~Q(rule__in=sorted(named)) | Q(occurrence__in=["", user.public_id])
    for role in sorted({role for owners in named.values() for role in owners}):
        keys = sorted(key for key, owners in named.items() if role in owners)
        holders = RoleGrant.objects.active(today).filter(role=role).values("user__public_id")
        found |= Q(rule__in=keys, owner_role=role) & ~Q(occurrence__in=holders)
    return found


def follows(user: User, today: date) -> Q:
    """Gives the condition on Duty for what others are to do, which the koordinator keeps an eye on."""
    if COORDINATOR not in roles_of(user, today):
        return Q(pk__in=[])
    opening = next(opening for opening in OPENINGS if opening.role == COORDINATOR)
    opened = _rules_opened(opening, [FAGLAERER, NORSKLAERER, FADDER, LEDER, DELTAKER])
    keys = [key for key in opened if rules()[key].is_followed]
    return ~Q(owner_role=COORDINATOR) & Q(rule__in=keys) & _within(opening, user, today)


def duties_of(found: Record) -> list[Duty]:
    """Gives the standing duties of the enrolment that the record's page shows: one's own, and for the koordinator everybody's.

    The gate has decided the scope, also for a strictly protected person's named users; sections are asked for here. One query.
    """
    rows = Duty.objects.filter(
        Q(snoozed_until__isnull=True) | Q(snoozed_until__lte=found.today),
        enrolment_id=found.enrolment.pk,
        begins_on__lte=found.today,
    )
    if not found.is_coordinator:
        rows = rows.filter(_named_to(found.user, found.today), owner_role__in=found.roles_here)
        if found.sees_own_placements_only("placement"):
            rows = rows.filter(placement_id__in=found.placements().values("pk"))
    known = rules()
    own = found.roles_here
    return [
        row
        for row in rows.order_by("due_on", "pk")[:MOST_ON_RECORD]
        if found.reads(known[row.rule].section) and (row.owner_role in own or known[row.rule].is_followed)
    ]


# --- Who is told -------------------------------------------------------------------------------------
# Candidates, in few queries however many duties there are. Rights are asked for anew when a notice is shown or sent.


def recipients(duties: Collection[Any], today: date) -> dict[int, set[int]]:
    """Gives the ids of the active users to be told of each duty, by the duty's id; nobody where nobody has the role.

    One that names its owner is told to that one alone, while it is theirs to do. As many queries for few as for many.
    """
    found = candidates(duties, today)
    known = rules()
    named = {duty.pk: duty.occurrence for duty in duties if known[duty.rule].is_named and duty.occurrence}
    ids = dict(User.objects.filter(public_id__in=set(named.values())).values_list("public_id", "pk")) if named else {}
    for pk, owner in named.items():
        if ids.get(owner) in found.get(pk, ()):
            found[pk] = {ids[owner]}
    return found


def candidates(duties: Collection[Any], today: date) -> dict[int, set[int]]:
    """Gives the ids of the active users whose role and scope a duty is in, by the duty's id; nobody where nobody has the role.

    Every role is asked for, also one without duties today: as many queries for few as for many.
    """
    by_role: dict[str, list[Any]] = defaultdict(list)
    for duty in duties:
        if duty.protection != STRICT:
            by_role[duty.owner_role].append(duty)
    denied, named = _restrictions(today)
    found: dict[int, set[int]] = {}
    for role, candidates_of in _CANDIDATES.items():
        some = by_role[role]
        in_role = candidates_of(some, today)
        for duty in some:
            users = in_role.get(duty.pk, set())
            if role != DELTAKER:
                users = users - denied.get(duty.participant_id, set())
                if duty.participant_id in named:
                    users = users & named[duty.participant_id]
            found[duty.pk] = users
    return found


def _restrictions(today: date) -> tuple[dict[int, set[int]], dict[int, set[int]]]:
    denied: dict[int, set[int]] = defaultdict(set)
    named: dict[int, set[int]] = defaultdict(set)
    for participant, kind, user in RecordRestriction.objects.active(today).values_list("participant_id", "kind", "user_id"):
        (denied if kind == RecordRestriction.DENY else named)[participant].add(user)
    return denied, named


def _holders(role: str, today: date) -> set[int]:
    return set(RoleGrant.objects.active(today).filter(role=role).values_list("user_id", flat=True))


def _coordinators(duties: list[Any], today: date) -> dict[int, set[int]]:
    everyone = _holders(COORDINATOR, today)
    return {duty.pk: set(everyone) for duty in duties}


def _teachers(role: str) -> Any:
    def candidates(duties: list[Any], today: date) -> dict[int, set[int]]:
        holders = _holders(role, today)
        of_trade: dict[int, set[int]] = defaultdict(set)
        of_cohort: dict[int, set[int]] = defaultdict(set)
        rows = TeachingAssignment.objects.active(today).filter(role=role).values_list("user_id", "trade_id", "cohort_id")
        for user, trade, cohort in rows:
            if user in holders:
                (of_cohort[cohort] if cohort else of_trade[trade]).add(user)
        members: dict[int, list[int]] = defaultdict(list)
        if of_cohort:
            held = CohortMember.objects.filter(holds_on(today), cohort__in=list(of_cohort), enrolment__isnull=False)
            for enrolment, cohort in held.values_list("enrolment_id", "cohort_id"):
                members[enrolment].append(cohort)
        return {
            duty.pk: of_trade.get(duty.trade_id, set()).union(*(of_cohort[one] for one in members.get(duty.enrolment_id, [])))
            for duty in duties
        }

    return candidates


def _leaders(duties: list[Any], today: date) -> dict[int, set[int]]:
    led: dict[int, set[int]] = defaultdict(set)
    holders = _holders(LEDER, today)
    for workplace, user in (
        WorkplacePerson.objects.leaders(today).filter(user__isnull=False).values_list("workplace_id", "user_id")
    ):
        if user in holders:
            led[workplace].add(user)
    places = dict(Placement.objects.filter(workplace__in=list(led)).values_list("pk", "workplace_id"))
    return {duty.pk: set(led.get(places.get(duty.placement_id, 0), set())) for duty in duties}


def _faddere(duties: list[Any], today: date) -> dict[int, set[int]]:
    mine: dict[int, set[int]] = defaultdict(set)
    holders = _holders(FADDER, today)
    rows = PlacementFadder.objects.filter(holds_on(today), person__user__isnull=False)
    for placement, user in rows.values_list("placement_id", "person__user_id"):
        if user in holders:
            mine[placement].add(user)
    return {duty.pk: set(mine.get(duty.placement_id, set())) for duty in duties}


def _participants(duties: list[Any], today: date) -> dict[int, set[int]]:
    holders = _holders(DELTAKER, today)
    own = dict(Participant.objects.filter(user__isnull=False, locked_at=None).values_list("pk", "user_id"))
    return {duty.pk: {own[duty.participant_id]} & holders if duty.participant_id in own else set() for duty in duties}


_CANDIDATES = {
    COORDINATOR: _coordinators, FAGLAERER: _teachers(FAGLAERER), NORSKLAERER: _teachers(NORSKLAERER), LEDER: _leaders,
    FADDER: _faddere, DELTAKER: _participants,
}  # fmt: skip
