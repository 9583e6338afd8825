"""The rule about visits: a pure function of facts, and the facts in bulk."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse

from fagbrev.duties.rules import Due, Rule, Terms
from fagbrev.people.roles import FAGLAERER
from followup.models import WorkplaceVisit
from followup.models.visits import HELD
from participants.models import Placement
from participants.workflow import WITH_PLACEMENT


class VisitFacts(NamedTuple):
    """What the rule asks of an enrolment in practice: where, since when, and the newest visit."""

    participant: int
    enrolment: int
    trade: int
    interval_days: int
    protection: str
    imported_on: date | None
    placement: int
    placement_id: str
    starts_on: date
    ends_on: date | None
    last_on: date | None
    last_id: str | None


COLUMNS = (
    "enrolment__participant", "enrolment", "enrolment__trade", "enrolment__trade__visit_interval_days",
    "enrolment__participant__address_protection", "enrolment__imported_on", "pk", "public_id", "starts_on", "ends_on",
    "last_on", "last_id", "is_main",
)  # fmt: skip


def visit(facts: VisitFacts, terms: Terms, today: date) -> Iterator[Due]:
    """A visit is due the trade's interval after the last one, or after the placement's first day (V4, V8 row 9)."""
    since = facts.last_on or facts.starts_on
    due = since + timedelta(days=facts.interval_days)
    if facts.ends_on and (facts.ends_on < today or facts.ends_on < due):
        return
    yield Due(
        rule="visit", subject_type="placement", subject_id=facts.placement_id, occurrence=facts.last_id or facts.placement_id,
        owner_role=FAGLAERER, due_on=due, begins_on=since, since_on=since, participant_id=facts.participant,
        enrolment_id=facts.enrolment, placement_id=facts.placement, trade_id=facts.trade, protection=facts.protection,
        imported_on=facts.imported_on,
    )  # fmt: skip


def _url(duty: Any, participant: str, enrolment: str) -> str:
    return f"{reverse('besok_log')}?deltaker={participant}&lop={enrolment}" if participant else ""


RULES: tuple[Rule, ...] = (
    Rule(
        "visit", "placement", (FAGLAERER,), "visits", "Besøk på arbeidsstedet", "Logg besøk", visit, _url,
        ("besøk på arbeidsstedet", "besøk på arbeidsstedet"), ("-2", "0"), weekly=True, shift="teaching", by_digest=True,
        since="uten besøk siden", source="V4 og V8 rad 9",
    ),
)  # fmt: skip


def facts_of(today: date, people: Collection[int] | None = None) -> list[VisitFacts]:
    """Gives the facts of everybody in practice, or of some; one query however many there are."""
    newest = WorkplaceVisit.objects.filter(state=HELD, placement__enrolment=OuterRef("enrolment")).order_by("-visited_on", "-pk")
    places = Placement.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=today),
        starts_on__isnull=False, enrolment__status__in=WITH_PLACEMENT, enrolment__trade__isnull=False,
    )  # fmt: skip
    if people is not None:
        places = places.filter(enrolment__participant__in=people)
    rows = places.annotate(last_on=Subquery(newest.values("visited_on")[:1]), last_id=Subquery(newest.values("public_id")[:1]))
    chosen: dict[int, VisitFacts] = {}
    # One duty per way: at the main placement that has begun, else the newest begun, else the first to begin.
    for row in sorted(rows.values_list(*COLUMNS), key=lambda row: _rank(row, today)):
        chosen.setdefault(row[1], VisitFacts(*row[:-1]))
    return list(chosen.values())


def _rank(row: Any, today: date) -> tuple[bool, bool, int, int]:
    starts_on, is_main = row[8], row[-1]
    has_begun = starts_on <= today
    return not has_begun, not is_main, -starts_on.toordinal() if has_begun else starts_on.toordinal(), row[6]


def derive(terms: Terms, people: Collection[int] | None = None) -> Iterable[Due]:
    """Gives every duty of these rules, or those of some participants."""
    for facts in facts_of(terms.today, people):
        yield from visit(facts, terms, terms.today)
