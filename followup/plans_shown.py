"""The two plans as their page draws them, each with its earlier versions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.timezone import localdate

from followup.competence_queries import is_within, own_days
from followup.models import TrainingPlan
from participants.access import Record
from participants.extras import url_for

PARTS = (
    ("aims", "Mål"), ("steps", "Hva vi gjør, og når"), ("support", "Hvem hjelper med hva"), ("evaluation", "Hvordan vi følger med"),
)  # fmt: skip
PLANS = {
    "individual": ("Individuell plan", "Det vi jobber med nå, og hvem som gjør hva.", "planer_individuell"),
    "internal": (
        "Intern plan for opplæring",
        "Hele løpet på arbeidsstedet. Fylket får den sammen med søknaden.",
        "planer_intern",
    ),
}


@dataclass
class ShownVersion:
    """One version: its number, when and by whom, and what it said."""

    number: int
    at: datetime
    by: str
    parts: list[tuple[str, str]]


@dataclass
class ShownPlan:
    """A plan as it stands, or the place where it will be."""

    kind: str
    title: str
    lead: str
    settled_on: date | None
    parts: list[tuple[str, str]] = field(default_factory=list)
    versions: list[ShownVersion] = field(default_factory=list)
    edit_url: str = ""
    is_begun: bool = False


def shown_plans(
    found: Record, held: Mapping[str, TrainingPlan], revisions: Mapping[str, list[Any]], *, may_write: bool
) -> list[ShownPlan]:
    """Gives both plans; the versions before the present one newest first, for fadder and leder those of their own time."""
    periods = own_days(found)
    shown = []
    for kind, (title, lead, url_name) in PLANS.items():
        plan = held.get(kind)
        one = ShownPlan(kind, title, lead, plan.settled_on if plan else None, is_begun=plan is not None)
        one.edit_url = url_for(url_name, found) if may_write else ""
        if plan is not None:
            one.parts = [(label, text) for name, label in PARTS if (text := getattr(plan, name))]
            one.versions = [_version(row) for row in revisions.get(plan.public_id, []) if is_within(localdate(row.at), periods)]
        shown.append(one)
    return shown


def _version(row: Any) -> ShownVersion:
    parts = [(label, text) for name, label in PARTS if (text := row.content.get(TrainingPlan.SECTION, {}).get(name))]
    return ShownVersion(row.version, row.at, str(row.by) if row.by else "", parts)
