"""How figures about people are made: a queryset of enrolments, and what puts each of them in a cell. One query gives every trade."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from django.db.models import Count, Q, QuerySet

from fagbrev.figures import TOTAL, UNDECIDED, Cell, Counted, Cut, Figure, Share, Value
from participants.models import Enrolment

Rows = Callable[[Cut], QuerySet[Enrolment]]
Conditions = Callable[[Cut], Mapping[str, Q]]
NO_VALUES: Mapping[str, Any] = MappingProxyType({})


def cells_of(pairs: Sequence[tuple[str, str]]) -> tuple[Cell, ...]:
    """Gives cells of (key, label) pairs such as a model's choices."""
    return tuple(Cell(key, label) for key, label in pairs)


def summed(rows: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int]]:
    """Gives the rows of the trades with the row of all added up from them."""
    total: dict[str, int] = {}
    for row in rows.values():
        for cell, number in row.items():
            total[cell] = total.get(cell, 0) + number
    return {**{code: dict(row) for code, row in rows.items()}, TOTAL: total}


def numbers(rows: QuerySet[Any, Any], columns: Mapping[str, Any], trade: str = "trade__code") -> dict[str, dict[str, int]]:
    """Gives the aggregates of the rows by trade, and in all where they can be added; one query."""
    names = {f"cell_{place}": key for place, key in enumerate(columns)}
    found = rows.order_by().values(trade).annotate(**{name: columns[key] for name, key in names.items()})
    return summed({row[trade] or UNDECIDED: {key: int(row[name] or 0) for name, key in names.items()} for row in found})


def shares(counted: Mapping[str, Mapping[str, int]], cells: Sequence[Cell]) -> Counted:
    """Gives shares of numbers whose columns are named `part_…` and `whole_…`."""
    made: dict[str, dict[str, Value]] = {}
    for code, row in counted.items():
        made[code] = {cell.key: Share(row.get(f"part_{cell.key}", 0), row.get(f"whole_{cell.key}", 0)) for cell in cells}
    return made


def of_people(
    *, rows: Rows, cells: Sequence[tuple[str, str]], where: Conditions | None = None, by: str = "", whole_cell: str = "",
    values: Mapping[str, Any] = NO_VALUES, counted: Callable[[Cut], Counted] | None = None, **more: Any,
) -> Figure:  # fmt: skip
    """Gives a figure that counts enrolments.

    `where` gives a condition per cell, or `by` names the annotation of `rows` that holds the key of the one cell each is in (or the
    value that `values` gives for the key); then the cell `whole_cell`, when it is named, is all of them. `rows` must give each
    enrolment once. `counted` counts what the conditions say with less work than a column for each.
    """
    key_of = {value: key for key, value in values.items()}

    def conditions(cut: Cut) -> Mapping[str, Q]:
        if where is not None:
            return where(cut)
        return {key: Q() if key == whole_cell else Q(**{by: values.get(key, key)}) for key, _label in cells}

    def count(cut: Cut) -> Counted:
        if where is not None:
            return numbers(rows(cut), {key: Count("pk", filter=each) for key, each in where(cut).items()})
        found: dict[str, dict[str, int]] = {}
        for code, value, number in rows(cut).order_by().values_list("trade__code", by).annotate(number=Count("pk")):
            row = found.setdefault(code or UNDECIDED, {})
            for key in {key_of.get(value, value), whole_cell} - {""}:
                row[key] = row.get(key, 0) + number
        return summed(found)

    def people(cut: Cut, cell: str) -> QuerySet[Enrolment]:
        return rows(cut).filter(conditions(cut)[cell])

    if by:
        more = {"splits": True, **more}
    return Figure(cells=cells_of(cells), count=counted or count, people=people, whole_cell=whole_cell, **more)


def share_of_people(
    *, rows: Rows, cells: Sequence[tuple[str, str]], part: Conditions, whole: Conditions | None = None, **more: Any
) -> Figure:  # fmt: skip
    """Gives a figure of shares of enrolments: those that meet the cell's `part` among those that meet its `whole` (or all of the rows).

    `people` gives the whole; the part is then among them.
    """

    def wholes(cut: Cut) -> Mapping[str, Q]:
        return whole(cut) if whole is not None else {key: Q() for key, _label in cells}

    def count(cut: Cut) -> Counted:
        of, parts = wholes(cut), part(cut)
        columns = {f"whole_{key}": Count("pk", filter=of[key]) for key, _label in cells}
        columns |= {f"part_{key}": Count("pk", filter=of[key] & parts[key]) for key, _label in cells}
        return shares(numbers(rows(cut), columns), cells_of(cells))

    def people(cut: Cut, cell: str) -> QuerySet[Enrolment]:
        return rows(cut).filter(wholes(cut)[cell])

    return Figure(cells=cells_of(cells), count=count, people=people, kind="share", **more)
