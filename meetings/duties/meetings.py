"""The rules about meetings: the project group and the steering group, not called and called, and the yearly information meeting.

Pure functions of facts, and the facts in bulk (V7, V8 rows 1, 11 and 17). None is about a participant.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from fagbrev.dates import months_after
from fagbrev.duties.reading import Described
from fagbrev.duties.rules import Due, Rule, Terms
from fagbrev.people.models import RoleGrant, User
from fagbrev.people.roles import COORDINATOR, FAGLAERER, NORSKLAERER, STYRINGSGRUPPE, roles_of
from meetings.access import invitations_of
from meetings.meetings_shown import when_words
from meetings.models import Invitee, Meeting
from meetings.models.meetings import CALLED, DECLINED, HELD, INFORMATION, PROJECT_GROUP, STEERING_GROUP
from participants.models import Enrolment
from participants.workflow import ADMITTED_ON
from programmes.models import Trade
from programmes.models.trades import trades_running

SECTION = "meeting_items"
RESTS_ON = ("meetings.meeting",)
STANDS_BEFORE = timedelta(days=14)  # a project group that is due is shown so long before
STEERING = "steering"  # what stands for the one group in a duty's key
WITH_PEOPLE = [status for status in ADMITTED_ON if status != "completed"]


class TradeGroup(NamedTuple):
    """A trade's project group: the interval, and the last meeting that was called or held (or when the trade began)."""

    trade: int
    trade_public_id: str
    code: str
    interval_days: int
    since: date
    last: str  # the meeting's public id; "" for none


class Called(NamedTuple):
    """A meeting that is called and still ahead."""

    public_id: str
    kind: str
    trade: int | None
    on: date
    called_on: date


class Year(NamedTuple):
    """The days of the steering group's and of the information meetings that are called or held."""

    steering: tuple[date, ...]
    information: tuple[date, ...]


def project_group_call(group: TradeGroup, terms: Terms, today: date) -> Iterator[Due]:
    """The next project group is not called: the last one and the trade's interval (V7, V8 row 11)."""
    day = group.since + timedelta(days=group.interval_days)
    yield Due(
        rule="project_group_call", subject_type="trade", subject_id=group.trade_public_id,
        occurrence=f"{group.code}.{group.last}", owner_role=COORDINATOR, due_on=day, begins_on=day - STANDS_BEFORE,
        since_on=group.since if group.last else None, trade_id=group.trade,
    )  # fmt: skip


def meets(key: str, kind: str, owner: str) -> Callable[[Called, Terms, date], Iterator[Due]]:
    """A meeting of the kind is called and comes. Gives the rule for an owner."""

    def find(called: Called, terms: Terms, today: date) -> Iterator[Due]:
        if called.kind == kind and called.on >= today:
            yield Due(
                rule=key, subject_type="meeting", subject_id=called.public_id, occurrence="", owner_role=owner, due_on=called.on,
                begins_on=called.called_on, trade_id=called.trade,
            )  # fmt: skip

    return find


def steering_group_call(year: Year, terms: Terms, today: date) -> Iterator[Due]:
    """The steering group is not called this semester: one month into it (V6: once a semester)."""
    for key, first, last in list(terms.frame.get("semesters", ()))[:1]:
        if first <= today and not any(first <= day <= last for day in year.steering):
            yield Due(
                rule="steering_group_call", subject_type="semester", subject_id=STEERING, occurrence=key, owner_role=COORDINATOR,
                due_on=months_after(first, 1), begins_on=first,
            )  # fmt: skip


def information_yearly(year: Year, terms: Terms, today: date) -> Iterator[Due]:
    """No information meeting is called or held this calendar year (V8 row 1: external information meetings yearly)."""
    if not any(day.year == today.year for day in year.information):
        yield Due(
            rule="information_yearly", subject_type="year", subject_id=INFORMATION, occurrence=str(today.year),
            owner_role=COORDINATOR, due_on=date(today.year, 12, 31), begins_on=date(today.year, 9, 1),
        )  # fmt: skip


def _list_url(kind: str) -> Callable[[Any, str, str], str]:
    def url(duty: Any, participant: str, enrolment: str) -> str:
        trade = f"&fag={duty.occurrence.partition('.')[0]}" if kind == PROJECT_GROUP else ""
        return f"{reverse('meeting_list')}?type={kind}{trade}"

    return url


def _meeting_url(duty: Any, participant: str, enrolment: str) -> str:
    return reverse("meeting_detail", args=[duty.subject_id])


def _meets_rule(
    key: str, kind: str, owner: str, title: str, words: tuple[str, str], moments: tuple[str, ...], source: str
) -> Rule:
    return Rule(
        key, "meeting", (owner,), SECTION, title, "Forbered møtet", meets(key, kind, owner), _meeting_url, words, moments, shift="none",
        is_followed=False, in_calendars=False, source=source,
    )  # fmt: skip


_PROJECT = ("prosjektgruppemøte som kommer", "prosjektgruppemøter som kommer")
_STEERING = ("styringsgruppemøte som kommer", "styringsgruppemøter som kommer")
TO_CALL = (
    Rule(
        "project_group_call", "trade", (COORDINATOR,), SECTION, "Kall inn prosjektgruppen", "Kall inn", project_group_call,
        _list_url(PROJECT_GROUP), ("prosjektgruppe som skal kalles inn", "prosjektgrupper som skal kalles inn"), ("-7",),
        shift="teaching", since="sist møte", source="V7 og V8, punkt 11",
    ),
)  # fmt: skip
TO_MEET = (
    *(
        _meets_rule(f"project_group_meets_{owner}", PROJECT_GROUP, owner, "Prosjektgruppemøte", _PROJECT, ("-7", "-1"), "V8, punkt 11")
        for owner in (COORDINATOR, FAGLAERER, NORSKLAERER)
    ),
    *(
        _meets_rule(f"steering_group_meets_{owner}", STEERING_GROUP, owner, "Styringsgruppemøte", _STEERING, ("-14", "-2"), "V8, punkt 17")
        for owner in (COORDINATOR, STYRINGSGRUPPE)
    ),
)  # fmt: skip
OF_YEAR = (
    Rule(
        "steering_group_call", "semester", (COORDINATOR,), SECTION, "Kall inn styringsgruppen", "Kall inn", steering_group_call,
        _list_url(STEERING_GROUP), ("styringsgruppe som skal kalles inn", "styringsgruppemøter som skal kalles inn"), ("0",),
        source="V8, punkt 17",
    ),
    Rule(
        "information_yearly", "year", (COORDINATOR,), SECTION, "Hold et informasjonsmøte i år", "Planlegg møtet", information_yearly,
        _list_url(INFORMATION), ("informasjonsmøte som skal holdes", "informasjonsmøter som skal holdes"), ("-121", "-60"),
        shift="none", source="V8, punkt 1",
    ),
)  # fmt: skip
RULES: tuple[Rule, ...] = (*TO_CALL, *TO_MEET, *OF_YEAR)
KEYS = {rule.key: rule for rule in RULES}


# --- Facts in bulk ------------------------------------------------------------------------------------


def derive(terms: Terms, people: Collection[int] | None = None) -> Iterator[Due]:
    """Gives every duty of these rules; none when only some participants are asked for. Four queries."""
    if people is not None:
        return
    today = terms.today
    for group in trade_groups(today):
        for rule in TO_CALL:
            yield from rule.find(group, terms, today)
    for called in called_meetings(today):
        for rule in TO_MEET:
            yield from rule.find(called, terms, today)
    year = year_of(today)
    for rule in OF_YEAR:
        yield from rule.find(year, terms, today)


def trade_groups(today: date) -> list[TradeGroup]:
    """Gives the project group of every trade that runs; whether anybody is in the trade is asked when the duty is shown."""
    rows = Meeting.objects.filter(kind=PROJECT_GROUP, state__in=[CALLED, HELD]).order_by("starts_at", "pk")
    last = {
        trade: (timezone.localdate(at), public_id)
        for trade, at, public_id in rows.values_list("trade_id", "starts_at", "public_id")
    }
    trades = Trade.objects.filter(trades_running(today)).order_by("pk")
    found = []
    for row in trades:
        # A trade that has run for years before it was entered here is not years late.
        begun = max(filter(None, (row.runs_from, timezone.localdate(row.created_at))))
        since, public_id = last.get(row.pk, (begun, ""))
        found.append(TradeGroup(row.pk, row.public_id, row.code, row.project_meeting_interval_days, since, public_id))
    return found


def called_meetings(today: date) -> list[Called]:
    """Gives the meetings of both groups that are called and are today or later."""
    rows = Meeting.objects.filter(kind__in=[PROJECT_GROUP, STEERING_GROUP], state=CALLED, starts_at__date__gte=today)
    return [
        Called(row.public_id, row.kind, row.trade_id, timezone.localdate(row.starts_at), timezone.localdate(row.called_at))
        for row in rows.order_by("pk")
        if row.called_at is not None
    ]


def year_of(today: date) -> Year:
    """Gives the days of steering group and information meetings that are called or held, around the year."""
    rows = Meeting.objects.filter(
        kind__in=[STEERING_GROUP, INFORMATION], state__in=[CALLED, HELD], starts_at__date__gte=today - timedelta(days=400)
    ).values_list("kind", "starts_at")  # fmt: skip
    days: dict[str, list[date]] = defaultdict(list)
    for kind, at in rows:
        days[kind].append(timezone.localdate(at))
    return Year(tuple(days[STEERING_GROUP]), tuple(days[INFORMATION]))


# --- Whose they are -----------------------------------------------------------------------------------


def _trades_with_people() -> QuerySet[Enrolment, int | None]:
    """The trades in which somebody is admitted: in the others there is nothing to meet about."""
    return Enrolment.objects.filter(status__in=WITH_PEOPLE, trade__isnull=False).values_list("trade_id", flat=True)


def owned_by(user: User, today: date) -> Q:
    """Gives the condition on Duty for what is the user's: the koordinator's to call, and the meetings one is invited to."""
    held, found = roles_of(user, today), Q(pk__in=[])
    if COORDINATOR in held:
        found |= Q(rule="project_group_call", owner_role=COORDINATOR, trade_id__in=_trades_with_people())
        found |= Q(rule__in=[rule.key for rule in OF_YEAR], owner_role=COORDINATOR)
    for role in held & {COORDINATOR, FAGLAERER, NORSKLAERER, STYRINGSGRUPPE}:
        mine = invitations_of(user, today).filter(role=role, meeting__state=CALLED).exclude(answer=DECLINED)
        keys = [rule.key for rule in TO_MEET if role in rule.owners]
        found |= Q(rule__in=keys, owner_role=role, subject_id__in=mine.values("meeting__public_id"))
    return found


def recipients(duties: Collection[Any], today: date) -> dict[int, set[int]]:
    """Gives the ids of those to be told, by the duty's id; three queries, for none as for many."""
    with_people = set(_trades_with_people())
    holders: dict[str, set[int]] = defaultdict(set)
    for role, user in RoleGrant.objects.active(today).values_list("role", "user_id"):
        holders[role].add(user)
    invited: dict[tuple[str, str], set[int]] = defaultdict(set)
    rows = Invitee.objects.filter(
        meeting__public_id__in={duty.subject_id for duty in duties if duty.subject_type == "meeting"}, removed_at__isnull=True,
        user__isnull=False,
    ).exclude(answer=DECLINED)  # fmt: skip
    for meeting, role, user in rows.values_list("meeting__public_id", "role", "user_id"):
        if user is not None and user in holders[role]:
            invited[meeting, role].add(user)
    found: dict[int, set[int]] = {}
    for duty in duties:
        if duty.subject_type == "meeting":
            found[duty.pk] = set(invited[duty.subject_id, duty.owner_role])
        else:
            nobody = duty.rule == "project_group_call" and duty.trade_id not in with_people
            found[duty.pk] = set() if nobody else set(holders[duty.owner_role])
    return found


def described(duties: Collection[Any]) -> dict[int, Described]:
    """Gives the trade and the time of each duty's meeting, by the duty's id; two queries, none when there are no such duties."""
    if not duties:
        return {}
    trades = {row.pk: row for row in Trade.objects.filter(pk__in={duty.trade_id for duty in duties if duty.trade_id})}
    rows = Meeting.objects.filter(public_id__in={duty.subject_id for duty in duties if duty.subject_type == "meeting"})
    times = {row.public_id: when_words(row.starts_at, row.ends_at) for row in rows}
    return {duty.pk: _said(duty, trades, times) for duty in duties}


def _said(duty: Any, trades: dict[int, Trade], times: dict[str, str]) -> Described:
    trade = trades.get(duty.trade_id)
    note = times.get(duty.subject_id, "")
    if trade is None:
        return Described(note=note)
    sign = {"shape": trade.shape, "colour": trade.colour, "name": trade.short_name}
    return Described(name=trade.name, url=KEYS[duty.rule].url(duty, "", ""), sign=sign, note=note)
