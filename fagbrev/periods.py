"""Dated periods as the database sees them: the constraint and the choices that every dated row shares."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q


def period_constraint(name: str, start: str = "starts_on", end: str = "ends_on") -> models.CheckConstraint:
    """Gives the constraint that a period never ends before it starts; open ends are allowed."""
    return models.CheckConstraint(
        condition=Q(**{f"{end}__isnull": True}) | Q(**{f"{start}__isnull": True}) | Q(**{f"{end}__gte": F(start)}),
        name=name,
        violation_error_message="Perioden slutter før den begynner.",
    )


def holds_on(day: date, prefix: str = "", start: str = "starts_on", end: str = "ends_on") -> Q:
    """Gives the condition that a period (unknown start counts as begun, no end as open) covers the day."""
    from_, to = f"{prefix}{start}", f"{prefix}{end}"
    begun: dict[str, Any] = {f"{from_}__lte": day}
    return (Q(**begun) | Q(**{f"{from_}__isnull": True})) & (Q(**{f"{to}__isnull": True}) | Q(**{f"{to}__gte": day}))
