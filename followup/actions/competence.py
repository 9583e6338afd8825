"""What is written about the goals: one's own view, evidence with its goals, and the plans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from fagbrev.audit.acting import acting
from fagbrev.audit.log import note_change
from fagbrev.forms.base import VersionedForm
from fagbrev.people.models import User
from followup.competence_queries import own_views
from followup.models import Evidence, EvidenceGoal, GoalView
from followup.models.competence import LEVELS, MOST_GOALS, VIEWERS
from participants.actions.rows import save_row
from participants.models import Enrolment
from programmes.models import CompetenceGoal


class EvidenceRefused(ValueError):
    """Evidence shows one to three goals, or is kept as «bare logg»: this did neither."""


class ViewRefused(ValueError):
    """A view is given by deltaker, fadder or faglærer, on the plain scale, on a goal of the enrolment's curriculum."""


@acting()
def give_views(
    *, enrolment: Enrolment, role: str, views: Mapping[CompetenceGoal, tuple[int, str]], by: User, today: date
) -> list[GoalView]:
    """Keeps how one of the three sees goals today (level 0 to 3, and why); gives the rows that are new or changed.

    What is as before is left alone, so that the history shows changes only. A second view on the same day replaces the first.
    """
    if role not in dict(VIEWERS):
        raise ViewRefused(role)
    if any(
        level not in dict(LEVELS) or goal.goal_set.curriculum_id != enrolment.curriculum_id for goal, (level, _) in views.items()
    ):
        raise ViewRefused
    held = own_views(enrolment, role)
    saved = []
    for goal, (level, words) in views.items():
        before = held.get(goal.pk)
        if before is not None and (before.level, before.words) == (level, words):
            continue
        row, is_new = GoalView.objects.update_or_create(
            enrolment=enrolment, goal=goal, role=role, given_on=today, defaults={"level": level, "words": words, "by": by}
        )
        note_change(
            by=by, row=row, section=GoalView.SECTION, verb="created" if is_new else "changed",
            participant_id=enrolment.participant_id, enrolment_id=enrolment.pk, fields=["level", *(["words"] if words else [])],
        )  # fmt: skip
        saved.append(row)
    return saved


@acting()
def save_evidence(*, form: VersionedForm, goals: Sequence[CompetenceGoal], by: User, role: str, today: date) -> Evidence:
    """Saves a piece of evidence with its one to three goals, or none for «bare logg». Raises EvidenceRefused, Conflict."""
    row: Any = form.instance
    if not is_whole(len(goals), only_log=row.only_log):
        raise EvidenceRefused
    if row._state.adding:
        row.by, row.by_role = by, role
    row.goal_count = len(goals)
    save_row(form=form, by=by)
    held = list(row.goals.order_by("place").values_list("goal", flat=True))
    if held != [goal.pk for goal in goals]:
        row.goals.all().delete()
        EvidenceGoal.objects.bulk_create([EvidenceGoal(evidence=row, goal=goal, place=n) for n, goal in enumerate(goals, 1)])
    kept: Evidence = row
    return kept


def is_whole(count: int, *, only_log: bool) -> bool:
    """Tells whether so many goals may be saved: one to three, or none when it is «bare logg»."""
    return count == 0 if only_log else 1 <= count <= MOST_GOALS


@acting()
def save_plan(*, form: VersionedForm, by: User, today: date) -> Any:
    """Saves a plan; each version is kept."""
    if form.instance.settled_on is None:
        form.instance.settled_on = today
    return save_row(form=form, by=by)
