"""The day, the accounts and the frame that the demo's made-up ways go through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from fagbrev.audit.log import note_change
from fagbrev.people.models import User
from participants.actions.rows import belongs_to
from participants.actions.steps import take_step
from participants.models import Enrolment
from programmes.models import Cohort, Criterion, ExamWindow, Partner, Trade, Workplace, WorkplacePerson


def working_day(day: date) -> date:
    """Gives the day, or the Monday after a weekend."""
    return day + timedelta(days=7 - day.weekday() if day.weekday() > 4 else 0)


@dataclass
class Staff:
    """The demo's accounts that the ways go through."""

    coordinator: User
    colleague: User
    faglaerere: Mapping[str, User]  # by trade code
    norsklaerer: User
    fadder: User
    leder: User
    deltaker: User


@dataclass
class Scene:
    """What all ways share: the day, the accounts, and the frame they go through."""

    today: date
    staff: Staff
    trades: dict[str, Trade] = field(default_factory=dict)
    partners: dict[str, Partner] = field(default_factory=dict)
    cohorts: dict[str, list[Cohort]] = field(default_factory=dict)
    criteria: list[Criterion] = field(default_factory=list)
    places: dict[str, tuple[Workplace, list[WorkplacePerson], list[WorkplacePerson]]] = field(default_factory=dict)
    approved: dict[str, list[str]] = field(default_factory=dict)
    windows: list[ExamWindow] = field(default_factory=list)

    def day(self, ago: int) -> date:
        """Gives the working day so many days ago, or the last one before it."""
        day = self.today - timedelta(days=ago)
        return day - timedelta(days=max(0, day.weekday() - 4))

    def ahead(self, days: int) -> date:
        """Gives the working day so many days ahead, or the first one after it."""
        return working_day(self.today + timedelta(days=days))

    def put(self, row: Any, *, by: User | None = None, verb: str = "created") -> Any:
        """Saves a row as the koordinator (or another) would, with its place in the change log, and gives it."""
        who = by or self.staff.coordinator
        row.created_by = row.created_by or who
        row.save()
        section = getattr(row, "SECTION", None) or next(iter(row.SECTIONS.values()))
        participant, enrolment = belongs_to(row)
        note_change(
            by=who, row=row, section=row.section if section == "by_row" else section, verb=verb, participant_id=participant,
            enrolment_id=enrolment,
        )  # fmt: skip
        return row

    def take(self, enrolment: Enrolment, step: str, day: date, **more: Any) -> None:
        """Takes a step as the koordinator did on the day. Raises StepRefused."""
        take_step(enrolment=enrolment, step=step, by=self.staff.coordinator, today=day, happened_on=day, **more)
