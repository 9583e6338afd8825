"""The rules about topics: pure functions of facts, and the facts in bulk (V6: fadder is told each month what the teaching has)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Q
from django.urls import reverse

from fagbrev.dates import months_after, months_before
from fagbrev.duties.rules import Due, Rule, Terms
from fagbrev.people.roles import DELTAKER, FADDER, FAGLAERER, NORSKLAERER
from fagbrev.periods import holds_on
from followup.models import TopicRead
from followup.topics_scope import SECTION
from followup.topics_shown import first_of, last_day
from participants.models import Placement, PlacementFadder
from participants.workflow import WITH_PLACEMENT
from programmes.models import MonthlyTopic, Trade
from programmes.models.trades import trades_running

MONTHS = 3
JULY = 7  # no teaching: the spring semester ends in June (fagbrev.dates.Semester)


class TradeMonth(NamedTuple):
    """A trade's month: whether its topic is published."""

    trade: int
    trade_public_id: str
    code: str
    month: date
    is_published: bool


class Reader(NamedTuple):
    """A published topic, and somebody it is for: the fadder of a placement, or the participant."""

    month: date
    code: str
    published_on: date
    is_read: bool
    owner: str
    subject_type: str
    subject_id: str
    starts_on: date
    participant: int
    enrolment: int
    placement: int | None
    trade: int
    protection: str
    imported_on: date | None


def _occurrence(month: date, code: str) -> str:
    """The month and the trade's code, which the address needs."""
    return f"{month:%Y-%m}.{code}"


def has_teaching(month: date, terms: Terms) -> bool:
    """Tells whether any day of the month has teaching."""
    days = (month + timedelta(days=count) for count in range(last_day(month).day))
    return month.month != JULY and not all(terms.is_off(day, "teaching") for day in days)


def publish(owner: str) -> Callable[[TradeMonth, Terms, date], Iterator[Due]]:
    """The month's topic is to be published: the last working day of the month before. Gives the rule for an owner."""

    def find(facts: TradeMonth, terms: Terms, today: date) -> Iterator[Due]:
        if facts.is_published or last_day(facts.month) < today or not has_teaching(facts.month, terms):
            return
        yield Due(
            rule=f"topic_publish_{owner}", subject_type="trade", subject_id=facts.trade_public_id,
            occurrence=_occurrence(facts.month, facts.code), owner_role=owner,
            due_on=terms.working_day_before(facts.month - timedelta(days=1)), begins_on=months_before(facts.month, 1),
            trade_id=facts.trade,
        )  # fmt: skip

    return find


def new_topic(owner: str) -> Callable[[Reader, Terms, date], Iterator[Due]]:
    """A topic is published for somebody in practice: at once, until it is read or the month is over. Gives the rule for an owner."""

    def find(facts: Reader, terms: Terms, today: date) -> Iterator[Due]:
        if facts.owner != owner or facts.is_read or last_day(facts.month) < today:
            return
        day = max(facts.published_on, facts.starts_on)
        yield Due(
            rule=f"topic_new_{owner}", subject_type=facts.subject_type, subject_id=facts.subject_id,
            occurrence=_occurrence(facts.month, facts.code), owner_role=owner, due_on=day, begins_on=day,
            participant_id=facts.participant, enrolment_id=facts.enrolment, placement_id=facts.placement, trade_id=facts.trade,
            protection=facts.protection, imported_on=facts.imported_on,
        )  # fmt: skip

    return find


def _month_of(duty: Any) -> tuple[date, str]:
    month, _dot, code = duty.occurrence.partition(".")
    return date(int(month[:4]), int(month[5:7]), 1), code


def _edit_url(duty: Any, participant: str, enrolment: str) -> str:
    return reverse("topic_edit", args=_month_of(duty))


def _read_url(duty: Any, participant: str, enrolment: str) -> str:
    month, code = _month_of(duty)
    return f"{reverse('topic_month', args=[month])}?fag={code}"


def _publish_rule(owner: str, source: str) -> Rule:
    return Rule(
        f"topic_publish_{owner}", "trade", (owner,), SECTION, "Publiser månedstemaet", "Skriv temaet", publish(owner), _edit_url,
        ("månedstema som skal publiseres", "månedstemaer som skal publiseres"), ("-5", "-1"), shift="none", source=source,
    )  # fmt: skip


def _new_rule(owner: str, source: str) -> Rule:
    return Rule(
        f"topic_new_{owner}", "enrolment", (owner,), SECTION, "Les det nye månedstemaet", "Les temaet", new_topic(owner), _read_url,
        ("nytt månedstema", "nye månedstemaer"), ("0",), shift="none", at_once=True, when_imported="keep", is_followed=False,
        own_words="Les månedens tema", source=source,
    )  # fmt: skip


RULES: tuple[Rule, ...] = (
    _publish_rule(FAGLAERER, "V6, faglærer"),
    _publish_rule(NORSKLAERER, "V6, norsklærer"),
    _new_rule(FADDER, "V6, fadder"),
    _new_rule(DELTAKER, "V6, fadder"),
)
OF_TRADES, OF_READERS = RULES[:2], RULES[2:]


def derive(terms: Terms, people: Collection[int] | None = None) -> Iterable[Due]:
    """Gives every duty of these rules, or those of some participants: then none about a trade, which no participant changes."""
    if people is None:
        for trade_month in trade_months(terms.today):
            for rule in OF_TRADES:
                yield from rule.find(trade_month, terms, terms.today)
    for reader in readers(terms.today, people):
        for rule in OF_READERS:
            yield from rule.find(reader, terms, terms.today)


def trade_months(today: date) -> list[TradeMonth]:
    """Gives this month and the two next (in June: August) of every trade that runs; two queries.

    Whether anybody is in practice in the trade is asked when the duty is shown or told of (owned_by, recipients): it changes with
    every participant, and the table need not.
    """
    months = [months_after(first_of(today), count) for count in range(MONTHS)]
    rows = MonthlyTopic.objects.filter(month__in=months, published_on__isnull=False)
    published = set(rows.values_list("trade_id", "month"))
    trades = Trade.objects.filter(trades_running(today)).order_by("pk").values_list("pk", "public_id", "code")
    return [TradeMonth(*trade, month, (trade[0], month) in published) for trade in trades for month in months]


def readers(today: date, people: Collection[int] | None = None) -> list[Reader]:
    """Gives everyone whom a published topic of this month or a later one is for, from the placement's start; four queries.

    One of a placement's faddere has read it for the placement. Nobody while on leave.
    """
    rows = MonthlyTopic.objects.filter(month__gte=first_of(today), published_on__isnull=False).order_by("month", "pk")
    topics: dict[int, list[tuple[int, date, date]]] = defaultdict(list)
    for pk, trade, month, published_on in rows.values_list("pk", "trade_id", "month", "published_on"):
        if published_on is not None:
            topics[trade].append((pk, month, published_on))
    in_practice = Q(enrolment__status__in=WITH_PLACEMENT, enrolment__trade__isnull=False, starts_on__lte=today) & (
        Q(ends_on__isnull=True) | Q(ends_on__gte=today)
    )
    if people is not None:
        in_practice &= Q(enrolment__participant__in=people)
    faddere: dict[int, set[int]] = defaultdict(set)
    held = PlacementFadder.objects.filter(holds_on(today), person__user__isnull=False)
    held = held if people is None else held.filter(placement__enrolment__participant__in=people)
    for placement, user in held.values_list("placement_id", "person__user_id"):
        if user is not None:
            faddere[placement].add(user)
    reads = set(TopicRead.objects.filter(topic__month__gte=first_of(today)).values_list("topic_id", "user_id"))
    placements = Placement.objects.filter(in_practice).order_by("starts_on", "pk").values_list(
        "pk", "public_id", "starts_on", "enrolment_id", "enrolment__public_id", "enrolment__participant_id",
        "enrolment__participant__user_id", "enrolment__participant__address_protection", "enrolment__trade_id",
        "enrolment__trade__code", "enrolment__imported_on",
    )  # fmt: skip
    found, seen = [], set()
    for pk, public_id, starts_on, enrolment, enrolment_id, person, user, protection, trade, code, imported_on in placements:
        for topic, month, published_on in topics.get(trade or 0, []):
            common: Any = (person, enrolment)
            last: Any = (trade, protection, imported_on)
            begun: Any = starts_on
            is_read = any((topic, one) in reads for one in faddere[pk])
            found.append(
                Reader._make([month, code, published_on, is_read, FADDER, "placement", public_id, begun, *common, pk, *last])
            )
            if (enrolment, topic) not in seen:
                seen.add((enrolment, topic))
                is_read = (topic, user) in reads
                found.append(
                    Reader._make(
                        [month, code, published_on, is_read, DELTAKER, "enrolment", enrolment_id, begun, *common, None, *last]
                    )
                )
    return found
