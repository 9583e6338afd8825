"""The list of visits: participants in practice, the one longest without a visit first, paged in the database."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from fagbrev.audit.log import looks_today, note_looks
from fagbrev.dates import date_words, days_words
from fagbrev.people.models import User
from fagbrev.people.roles import roles_of
from followup.models import WorkplaceVisit
from followup.models.visits import AGREED, HELD, PROPOSED
from followup.visit_rules import due_on, moment
from followup.visits_shown import time_words
from participants.access import enrolments_for
from participants.models import Enrolment, Placement
from participants.workflow import WITH_PLACEMENT
from programmes.models import Trade
from programmes.queries import teaching_day_off

PER_PAGE = 25
LOOK_PAGE = "besok_liste"
SECTIONS = ("identity", "placement", "visit_plan", "visits")


@dataclass(frozen=True)
class VisitRow:
    """One participant in the list."""

    name: str
    url: str
    log_url: str
    trade: Trade
    place: str
    last: str
    next: str
    due: str
    distance: str
    is_late: bool
    pair: tuple[int, int]


def in_practice(user: User, today: date, trade: str = "") -> QuerySet[Enrolment]:
    """Gives the enrolments in practice whose visits the user may log, the one longest without a visit first."""
    going = Placement.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=today), enrolment=OuterRef("pk"), starts_on__lte=today
    ).order_by("-is_main", "-starts_on", "-pk")
    held = WorkplaceVisit.objects.filter(state=HELD, placement__enrolment=OuterRef("pk")).order_by()
    planned = WorkplaceVisit.objects.filter(
        state__in=[PROPOSED, AGREED], placement__enrolment=OuterRef("pk"), planned_at__gte=moment(today).replace(hour=0)
    ).order_by("planned_at", "pk")
    rows = enrolments_for(user, "visits", "write", today=today).filter(status__in=WITH_PLACEMENT, trade__isnull=False)
    if trade:
        rows = rows.filter(trade__code=trade)
    return (
        rows.annotate(
            place_name=Subquery(going.values("workplace__name")[:1]),
            place_from=Subquery(going.values("starts_on")[:1]),
            last_visit=Subquery(held.values("placement__enrolment").annotate(last=Max("visited_on")).values("last")),
            planned=Subquery(planned.values("planned_at")[:1]),
            planned_state=Subquery(planned.values("state")[:1]),
        )
        .filter(place_from__isnull=False)
        .annotate(since=Coalesce(F("last_visit"), F("place_from")))
        .select_related("participant", "trade")
        .order_by("since", "participant__sort_name", "pk")
    )


def page_of(user: User, today: date, *, trade: str = "", number: Any = 1) -> Page[Any]:
    """Gives one page of the list; as many queries for few as for many."""
    page: Page[Any] = Paginator(in_practice(user, today, trade), PER_PAGE).get_page(number)
    page.object_list = _shown(page.object_list, today)
    return page


def first_of(user: User, today: date, count: int) -> tuple[list[VisitRow], int]:
    """Gives the first rows of the list, and how many there are in all."""
    rows = in_practice(user, today)
    return _shown(rows[:count], today), rows.count()


def trades_of(user: User, today: date) -> list[Trade]:
    """Gives the trades that the user's list can be cut to; one query."""
    mine = enrolments_for(user, "visits", "write", today=today).filter(status__in=WITH_PLACEMENT).values("trade")
    return list(Trade.objects.filter(pk__in=mine).order_by("order", "name"))


def note_listed(user: User, rows: Collection[VisitRow], today: date) -> None:
    """Logs that the list showed these people's visits: a look row per participant and day. Two queries at most."""
    pairs = [row.pair for row in rows]
    if not pairs:
        return
    told = looks_today(user=user, page=LOOK_PAGE, participants=[participant for participant, _ in pairs], today=today)
    known = {(participant, enrolment) for participant, enrolment, _sections in told}
    new = [pair for pair in pairs if pair not in known]
    note_looks(user=user, roles=roles_of(user, today), pairs=new, page=LOOK_PAGE, sections=SECTIONS, act="list")


def _shown(rows: Any, today: date) -> list[VisitRow]:
    is_off = teaching_day_off()
    return [_row(row, today, due_on(row.since, row.trade.visit_interval_days, is_off)) for row in rows]


def _row(row: Any, today: date, due: date) -> VisitRow:
    person = row.participant
    hidden = person.address_protection != ""
    address = f"{reverse('participant_besok', args=[person.public_id])}?lop={row.public_id}"
    last = (
        f"Sist besøkt {date_words(row.last_visit)}" if row.last_visit else f"Ikke besøkt siden start {date_words(row.place_from)}"
    )
    return VisitRow(
        person.full_name, address, f"{reverse('besok_log')}?deltaker={person.public_id}&lop={row.public_id}", row.trade,
        "" if hidden else row.place_name, last, "" if hidden else _next(row.planned, row.planned_state), date_words(due),
        days_words((due - today).days), due < today, (row.participant_id, row.pk),
    )  # fmt: skip


def _next(at: datetime | None, state: str) -> str:
    return f"{'Avtalt' if state == AGREED else 'Foreslått'} {time_words(at)}" if at else ""
