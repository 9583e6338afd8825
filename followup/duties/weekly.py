"""The rule about the weekly plan: a pure function of facts, and the facts in bulk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Q
from django.urls import reverse

from fagbrev.duties.rules import Due, Rule, Terms
from fagbrev.people.roles import DELTAKER, FADDER
from followup.models.practice import WeeklyPlan
from followup.weekly_shown import WEEK, monday_of, week_code
from participants.models import Placement
from participants.workflow import WITH_PLACEMENT

IN_USE = 4 * WEEK
FRIDAY = 4
TOLD_BEFORE = timedelta(days=3)


class PlacementFacts(NamedTuple):
    """A placement that goes on, with the weeks planned lately."""

    pk: int
    public_id: str
    starts_on: date
    ends_on: date | None
    enrolment: int
    participant: int
    trade: int | None
    protection: str
    weeks: frozenset[date]


def plan_missing(owner: str) -> Callable[[PlacementFacts, Terms, date], Iterator[Due]]:
    """The week is to be planned by its Monday, where plans are in use: one exists in the last four weeks (V6, fadder).

    Asked for from the Friday before; on the next Friday the week is over, and the one after it is asked for instead.
    """

    def find(facts: PlacementFacts, terms: Terms, today: date) -> Iterator[Due]:
        monday = monday_of(today) + (WEEK if today.weekday() >= FRIDAY else timedelta())
        if not any(monday - IN_USE <= week < monday for week in facts.weeks) or any(week >= monday for week in facts.weeks):
            return
        if facts.starts_on <= monday and (facts.ends_on is None or facts.ends_on >= monday):
            yield Due(
                rule=f"weekly_plan_{owner}", subject_type="placement", subject_id=facts.public_id, occurrence=monday.isoformat(),
                owner_role=owner, due_on=monday, begins_on=monday - TOLD_BEFORE, participant_id=facts.participant,
                enrolment_id=facts.enrolment, placement_id=facts.pk, trade_id=facts.trade, protection=facts.protection,
            )  # fmt: skip

    return find


def _url(duty: Any, participant: str, enrolment: str) -> str:
    if not participant:
        return ""
    week = week_code(date.fromisoformat(duty.occurrence))
    return f"{reverse('participant_ukeplan', args=[participant])}?uke={week}&plass={duty.subject_id}&lop={enrolment}"


RULES: tuple[Rule, ...] = tuple(
    Rule(
        f"weekly_plan_{owner}", "placement", (owner,), "weekly_plan", "Lag ukeplan for uka", "Lag ukeplanen",
        plan_missing(owner), _url, ("ukeplan som mangler", "ukeplaner som mangler"), ("-3",), shift="none", by_digest=True,
        when_imported="keep", own_words="Lag ukeplanen sammen med fadder", source="V6, fadder",
    )
    for owner in (FADDER, DELTAKER)
)  # fmt: skip


def derive(terms: Terms, people: Collection[int] | None = None) -> Iterable[Due]:
    """Gives every duty of these rules, or those of some participants; two queries."""
    monday = monday_of(terms.today)
    weeks: dict[int, set[date]] = defaultdict(set)
    plans = WeeklyPlan.objects.filter(week_starts_on__gte=monday - IN_USE)
    rows = Placement.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=terms.today), starts_on__lte=terms.today + WEEK,
        enrolment__status__in=WITH_PLACEMENT,
    )  # fmt: skip
    if people is not None:
        plans = plans.filter(placement__enrolment__participant__in=people)
        rows = rows.filter(enrolment__participant__in=people)
    for placement, week in plans.values_list("placement_id", "week_starts_on"):
        weeks[placement].add(week)
    columns = (
        "pk", "public_id", "starts_on", "ends_on", "enrolment_id", "enrolment__participant_id", "enrolment__trade_id",
        "enrolment__participant__address_protection",
    )  # fmt: skip
    for row in rows.values_list(*columns):
        facts = PlacementFacts._make([*row, frozenset(weeks.get(row[0], ()))])
        for rule in RULES:
            yield from rule.find(facts, terms, terms.today)
