"""The rule about action items that stand alone: the one named does it by its date (the domain's table of duties).

One that follows a participant has its duty already (followup: what is agreed), so it is never told of twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from fagbrev.dates import date_words
from fagbrev.duties.models import HandOver
from fagbrev.duties.reading import Described
from fagbrev.duties.rules import Due, Rule, Terms
from fagbrev.people.models import RoleGrant, User
from fagbrev.people.roles import ROLES, roles_of
from meetings.minutes_queries import READY, taken_over_by
from meetings.models import MeetingAction


class OpenAction(NamedTuple):
    """An action item from shared minutes that is not done: whose, from which day, and by when."""

    public_id: str
    role: str
    owner: str
    due_on: date
    agreed_on: date


def act_by(role: str) -> Callable[[OpenAction, Terms, date], Iterator[Due]]:
    """Something somebody said in a meeting that they would do. Gives the rule for owners in a role."""

    def find(facts: OpenAction, terms: Terms, today: date) -> Iterator[Due]:
        if facts.role == role:
            yield Due(
                rule=f"meeting_action_{role}", subject_type="meetingaction", subject_id=facts.public_id, occurrence=facts.owner,
                owner_role=role, due_on=facts.due_on, begins_on=facts.agreed_on,
            )  # fmt: skip

    return find


def _url(duty: Any, participant: str, enrolment: str) -> str:
    return f"{reverse('own_action_list')}#avtalt-{duty.subject_id}"


def _rule(role: str) -> Rule:
    return Rule(
        f"meeting_action_{role}", "meetingaction", (role,), "identity", "Gjør det du sa i møtet", "Se punktet", act_by(role), _url,
        ("punkt fra møte", "punkter fra møter"), ("-3", "0"), weekly=True, shift="none", is_followed=False, is_named=True,
        source="V7 og V8, rutine 11 og 17",
    )  # fmt: skip


RESTS_ON = ("meetings.meetingaction", "meetings.minutes")
RULES: tuple[Rule, ...] = tuple(_rule(role) for role in ROLES)
_BY_ROLE = {rule.owners[0]: rule for rule in RULES}


def _open() -> Any:
    return MeetingAction.objects.filter(
        withdrawn_at__isnull=True, item__withdrawn_at__isnull=True, item__enrolment__isnull=True, follows__isnull=True,
        done_on__isnull=True, due_on__isnull=False, owner__isnull=False, item__meeting__minutes__state__in=READY,
    )  # fmt: skip


def derive(terms: Terms, people: Collection[int] | None = None) -> Iterable[Due]:
    """Gives every duty of these rules; none is about a participant. One query."""
    if people is not None:
        return
    rows = _open().exclude(owner_role="").order_by("pk")
    for public_id, role, owner, due_on, shared_at in rows.values_list(
        "public_id", "owner_role", "owner__public_id", "due_on", "item__meeting__minutes__shared_at"
    ):
        facts = OpenAction(public_id, role, owner, due_on, min(due_on, timezone.localtime(shared_at).date()))
        yield from _BY_ROLE[role].find(facts, terms, terms.today)


def owned_by(user: User, today: date) -> Q:
    """Gives the condition on Duty for what this one user has said they will do, in a role held today, and has taken over."""
    held = roles_of(user, today)
    if not held:
        return Q(pk__in=[])
    mine = _open().filter(Q(owner=user) | taken_over_by(user, today)).values("public_id")
    return Q(rule__in=[_BY_ROLE[role].key for role in sorted(held)], subject_id__in=mine)


def recipients(duties: Collection[Any], today: date) -> dict[int, set[int]]:
    """Gives the one owner of each duty, and who has taken over for them, by the duty's id, while they hold the role; three queries."""
    if not duties:
        return {}
    owners = dict(_open().filter(public_id__in={duty.subject_id for duty in duties}).values_list("public_id", "owner"))
    taken: dict[tuple[int, str], set[int]] = defaultdict(set)
    for away, role, to in HandOver.objects.active(today).values_list("from_user_id", "role", "to_user_id"):
        taken[away, role].add(to)
    people = {*owners.values(), *(to for found in taken.values() for to in found)}
    holders = set(RoleGrant.objects.active(today).filter(user__in=people).values_list("user_id", "role"))

    def told(owner: int | None, role: str) -> set[int]:
        of_each = {owner, *taken.get((owner, role), ())} if owner is not None else set()
        return {one for one in of_each if (one, role) in holders}

    return {duty.pk: told(owners.get(duty.subject_id), duty.owner_role) for duty in duties}


def described(duties: Collection[Any]) -> dict[int, Described]:
    """Gives what is to be done and which meeting it comes from; two queries. What somebody has taken over leads to the own list: the
    meeting may not be theirs."""
    if not duties:
        return {}
    rows = MeetingAction.objects.filter(public_id__in={duty.subject_id for duty in duties}).select_related("item__meeting")
    actions = {row.public_id: row for row in rows}
    away = set(HandOver.objects.active(timezone.localdate()).values_list("from_user_id", "role"))
    return {
        duty.pk: Described(
            name=actions[duty.subject_id].words,
            url=_link(actions[duty.subject_id], is_away=(actions[duty.subject_id].owner_id, duty.owner_role) in away),
            note=f"fra møtet {date_words(_day(actions[duty.subject_id]))}",
        )
        for duty in duties
        if duty.subject_id in actions
    }


def _link(row: MeetingAction, *, is_away: bool) -> str:
    if is_away:
        return f"{reverse('own_action_list')}#avtalt-{row.public_id}"
    return reverse("minutes_page", args=[row.item.meeting.public_id])


def _day(row: MeetingAction) -> date:
    meeting = row.item.meeting
    return meeting.held_on or timezone.localtime(meeting.starts_at).date()
