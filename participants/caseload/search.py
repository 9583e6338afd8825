"""Search as you type: the few people whose names a typed text is, or is a misspelling of."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Case, IntegerField, Q, Value, When

from fagbrev.names import folded
from participants.access import with_openings
from participants.caseload.query import Caseload, name_condition
from participants.caseload.table import readable_in
from participants.workflow import STATUS_NAMES

MOST_HITS = 8


@dataclass(frozen=True)
class Hit:
    """One person found: where to, and what tells people of the same name apart."""

    url: str
    name: str
    trade: str
    phase: str


def hits_for(caseload: Caseload, typed: str, *, list_url: str) -> list[Hit]:
    """Gives at most eight enrolments whose names fit, ended ones too; those spelt as typed first. Two queries with trades."""
    if len(folded(typed)) < 2:
        return []
    as_typed = Q()
    for word in folded(typed).split():
        as_typed &= Q(participant__search_name__contains=f" {word}")
    rank = Case(When(as_typed, then=Value(0)), default=Value(1), output_field=IntegerField())
    rows = with_openings(caseload.base().filter(name_condition(typed)), caseload.user, today=caseload.today).annotate(rank=rank)
    flags = [name for name in rows.query.annotations if name.startswith("opens_")]
    fields = ("public_id", "participant__public_id", "participant__first_name", "participant__last_name", "trade_id", "status")
    found = list(rows.order_by("rank", "participant__sort_name", "pk").values_list(*fields, *flags, named=True)[:MOST_HITS])
    hits = []
    for row, readable in zip(found, readable_in(found), strict=True):
        trade = caseload.trades_by_pk.get(row.trade_id)
        hits.append(
            Hit(
                url=f"{list_url}{row.participant__public_id}/?lop={row.public_id}",
                name=f"{row.participant__first_name} {row.participant__last_name}".strip(),
                trade=(trade.short_name or trade.name) if trade else "",
                phase=STATUS_NAMES[row.status] if "progress" in readable else "",
            )
        )
    return hits
