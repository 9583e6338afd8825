"""What the caseload page offers to choose among, and the limits its buckets are drawn at: all in one query."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast

from fagbrev.names import sort_name
from fagbrev.people.models import User
from participants.caseload.buckets import Limits
from participants.models import SavedFilter
from programmes.models import Setting, Trade, Workplace
from programmes.settings_in_force import shipped_value

LIMIT_KEYS = ("contract_warning_days", "exam_window_near_days")


@dataclass(frozen=True)
class TradeChoice:
    """A trade as the list shows it."""

    pk: int
    code: str
    name: str
    short_name: str
    shape: str
    colour: str


@dataclass(frozen=True)
class Saved:
    """A filter the user has saved."""

    public_id: str
    name: str
    query: str


@dataclass
class Choices:
    """Everything there is to choose among."""

    limits: Limits
    trades: dict[str, TradeChoice] = field(default_factory=dict)
    workplaces: dict[str, str] = field(default_factory=dict)
    saved: list[Saved] = field(default_factory=list)


def choices_query(user: User, today: date, workplaces: QuerySet[Workplace]) -> QuerySet[Any, Any]:
    """Gives one query for trades, the given workplaces, the user's saved filters and the settings of the limits."""
    none = Value("", output_field=CharField())

    def part(rows: QuerySet[Any], kind: str, *columns: Any) -> QuerySet[Any, Any]:
        words = {f"w{n}": Cast(value, CharField()) if isinstance(value, str) else value for n, value in enumerate(columns)}
        return (
            rows.order_by().annotate(part_of=Value(kind, output_field=CharField()), **words).values_list("part_of", "pk", *words)
        )

    return part(Trade.objects.all(), "trade", "code", "name", "short_name", "shape", "colour", "order").union(
        part(workplaces, "workplace", "public_id", "name", none, none, none, none),
        part(SavedFilter.objects.filter(user=user), "saved", "public_id", "name", "query", none, none, none),
        part(
            Setting.objects.filter(key__in=LIMIT_KEYS, valid_from__lte=today),
            "setting",
            "key",
            "value",
            "valid_from",
            none,
            none,
            none,
        ),
        all=True,
    )


def choices_from(rows: list[tuple[Any, ...]], today: date) -> Choices:
    """Sorts the query's rows into what they are; names in Norwegian order."""
    values = {key: shipped_value(key, today) for key in LIMIT_KEYS}
    for row in sorted((row for row in rows if row[0] == "setting"), key=lambda row: row[4]):
        values[row[2]] = row[3]
    found = Choices(Limits(today, *(int(float(values[key])) for key in LIMIT_KEYS)))
    trades = sorted((row for row in rows if row[0] == "trade"), key=lambda row: (int(row[7]), row[3]))
    found.trades = {row[2]: TradeChoice(row[1], *row[2:7]) for row in trades}
    places = sorted((row for row in rows if row[0] == "workplace"), key=lambda row: sort_name(row[3]))
    found.workplaces = {row[2]: row[3] for row in places}
    own = sorted((row for row in rows if row[0] == "saved"), key=lambda row: sort_name(row[3]))
    found.saved = [Saved(row[2], row[3], row[4]) for row in own]
    return found
