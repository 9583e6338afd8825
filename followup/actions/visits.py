"""Writes about visits: a time proposed, answered, moved and cancelled; a visit logged, edited, corrected; two texts kept."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from fagbrev.audit.acting import acting
from fagbrev.audit.log import keep_revision, note_change
from fagbrev.forms.base import Conflict, VersionedForm
from fagbrev.people.models import User
from followup.models import VisitGoal, VisitOtherText, WorkplaceVisit
from followup.models.visits import AGREED, CANCELLED, HELD, PROPOSED
from followup.visit_rules import VisitRefused, why_not_goals
from participants.actions.rows import save_row
from participants.models import Placement
from programmes.models import CompetenceGoal

PLANNED = (PROPOSED, AGREED)
SHARED = ("visited_on", "present", "only_log", "goals", "seen", "agreed")


# --- Planning ----------------------------------------------------------------------------------------


@acting()
def propose_visit(*, placement: Placement, planned_at: datetime, words: str, by: User) -> WorkplaceVisit:
    """Proposes a time for a visit; somebody else accepts it (V6: faglærer plans visits with fadder and participant)."""
    visit = WorkplaceVisit.objects.create(
        placement=placement, state=PROPOSED, planned_at=planned_at, plan_words=words, proposed_by=by, created_by=by
    )
    _note(visit, by, "visit_plan", "proposed", ["planned_at", *(["plan_words"] if words else [])])
    return visit


@acting()
def accept_visit(*, visit: WorkplaceVisit, version: int, by: User, at: datetime) -> bool:
    """Accepts a proposed time. False when it was changed in the meantime, or when the one who proposed it accepts."""
    if visit.proposed_by_id == by.pk:
        return False
    return _move(visit, version, by, "accepted", [PROPOSED], state=AGREED, answered_by=by, answered_at=at)


@acting()
def move_visit(*, visit: WorkplaceVisit, version: int, planned_at: datetime, words: str, by: User) -> bool:
    """Proposes another time for a planned visit; the others then answer anew. False when it was changed in the meantime."""
    return _move(
        visit, version, by, "moved", PLANNED,
        state=PROPOSED, planned_at=planned_at, plan_words=words, proposed_by=by, answered_by=None, answered_at=None,
    )  # fmt: skip


@acting()
def cancel_visit(*, visit: WorkplaceVisit, version: int, by: User, at: datetime) -> bool:
    """Calls a planned visit off. False when it was changed in the meantime."""
    return _move(visit, version, by, "cancelled", PLANNED, state=CANCELLED, answered_by=by, answered_at=at)


def _move(visit: WorkplaceVisit, version: int, by: User, verb: str, states: Collection[str], **columns: Any) -> bool:
    """Changes a planned visit if nobody has since it was shown; one wins when two answer at once."""
    held = WorkplaceVisit.objects.filter(pk=visit.pk, version=version, state__in=list(states))
    if not held.update(version=version + 1, **columns):
        return False
    visit.refresh_from_db()
    _note(visit, by, "visit_plan", verb, [name for name in columns if not name.endswith("_by")])
    return True


# --- Logging -----------------------------------------------------------------------------------------


@acting()
def log_visit(
    *,
    placement: Placement,
    visited_on: date,
    present: Sequence[str],
    goals: Sequence[CompetenceGoal],
    only_log: bool,
    seen: str,
    agreed: str,
    by: User,
    at: datetime,
    internal_note: str = "",
    next_at: datetime | None = None,
    device_key: str = "",
) -> tuple[WorkplaceVisit, bool]:
    """Logs a visit; gives it, and whether it is a new one.

    Another's visit at the same placement on the same day is the same visit: then this text is kept beside the first, and nothing
    is laid over it. A time that was planned for the day becomes the visit. `next_at` is proposed as the next one, unless one is
    planned already. Raises VisitRefused without one to three goals where it is not «bare logg», and with both.
    """
    refused = why_not_goals(len(goals), only_log)
    if refused:
        raise VisitRefused(refused)
    Placement.objects.select_for_update().get(pk=placement.pk)  # two who log at once stand in line
    there = (
        WorkplaceVisit.objects.filter(placement=placement, visited_on=visited_on, state=HELD)
        .exclude(visitor=by)
        .order_by("pk")
        .first()
    )
    if there is not None:
        words = _beside_words(seen, goals, only_log)
        keep_beside(visit=there, seen=words, agreed=agreed, internal_note=internal_note, device_key=device_key, by=by)
        return there, False
    visit = _planned_on(placement, visited_on) or WorkplaceVisit(placement=placement, created_by=by)
    if visit.pk:
        visit.version += 1
    visit.state, visit.visitor, visit.logged_at, visit.device_key = HELD, by, at, device_key
    visit.visited_on, visit.present, visit.only_log, visit.goal_count = visited_on, list(present), only_log, len(goals)
    visit.seen, visit.agreed, visit.internal_note = seen, agreed, internal_note
    visit.save()
    _set_goals(visit, goals)
    _note(visit, by, "visits", "logged", [name for name in SHARED if name == "goals" or getattr(visit, name)])
    _keep(visit, by, "visits")
    if internal_note:
        _note(visit, by, "visit_internal_note", "logged", ["internal_note"])
        _keep(visit, by, "visit_internal_note")
    if next_at and not WorkplaceVisit.objects.filter(placement=placement, state__in=PLANNED, planned_at__gt=at).exists():
        propose_visit(placement=placement, planned_at=next_at, words="", by=by)
    return visit, True


@acting()
def edit_visit(
    *, form: VersionedForm, goals: Sequence[CompetenceGoal], by: User, is_correction: bool, device_key: str = ""
) -> bool:
    """Saves an edited visit, or a correction of a locked one; the text before it stays as an earlier version.

    When another changed it since the form was opened, the sender's text is kept beside it, and False is given. Raises VisitRefused.
    """
    visit: WorkplaceVisit = form.instance
    refused = why_not_goals(len(goals), visit.only_log)
    if refused:
        raise VisitRefused(refused)
    visit.goal_count = len(goals)
    try:
        with acting():
            save_row(form=form, by=by, verb="corrected" if is_correction else "changed")
            _set_goals(visit, goals)
            _keep(visit, by, "visits")
    except Conflict as conflict:
        typed = form.cleaned_data
        keep_beside(
            visit=WorkplaceVisit.objects.get(pk=conflict.current.pk), seen=_beside_words(typed["seen"], goals, typed["only_log"]),
            agreed=typed.get("agreed", ""), internal_note=typed.get("internal_note", ""), device_key=device_key, by=by,
        )  # fmt: skip
        return False
    return True


@acting()
def keep_beside(
    *, visit: WorkplaceVisit, seen: str, agreed: str, internal_note: str, by: User, device_key: str = ""
) -> VisitOtherText:
    """Keeps what another wrote of the same visit beside the first text."""
    other = VisitOtherText.objects.create(
        visit=visit, by=by, seen=seen, agreed=agreed, internal_note=internal_note, device_key=device_key
    )
    for section, names in (("visits", ("seen", "agreed")), ("visit_internal_note", ("internal_note",))):
        written = [name for name in names if getattr(other, name)]
        if written:
            note_change(
                by=by, row=other, section=section, verb="kept_beside", participant_id=visit.placement.enrolment.participant_id,
                enrolment_id=visit.placement.enrolment_id, fields=written,
            )  # fmt: skip
    return other


def _beside_words(seen: str, goals: Sequence[CompetenceGoal], only_log: bool) -> str:
    """The other's text with the goals chosen, so that nothing of what was sent is lost."""
    chosen = "Bare logg." if only_log else f"Mål: {', '.join(str(goal) for goal in goals)}."
    return f"{seen}\n\n{chosen}".strip()


def _planned_on(placement: Placement, day: date) -> WorkplaceVisit | None:
    rows = WorkplaceVisit.objects.filter(placement=placement, state__in=PLANNED, planned_at__date=day)
    return rows.order_by("planned_at", "pk").first()


def _set_goals(visit: WorkplaceVisit, goals: Sequence[CompetenceGoal]) -> None:
    visit.goals.all().delete()
    VisitGoal.objects.bulk_create([VisitGoal(visit=visit, goal=goal, place=place) for place, goal in enumerate(goals, 1)])


def _note(visit: WorkplaceVisit, by: User, section: str, verb: str, fields: Collection[str]) -> None:
    enrolment = visit.placement.enrolment
    note_change(
        by=by, row=visit, section=section, verb=verb, participant_id=enrolment.participant_id, enrolment_id=enrolment.pk,
        fields=fields,
    )  # fmt: skip


def _keep(visit: WorkplaceVisit, by: User, section: str) -> None:
    """Keeps the visit's version; the shared part with its goals in words, since they are rows of their own."""
    content: dict[str, Any] = {"internal_note": visit.internal_note}
    if section == "visits":
        rows = VisitGoal.objects.filter(visit=visit).select_related("goal").order_by("place")
        content = {name: getattr(visit, name) for name in ("present", "only_log", "seen", "agreed")}
        content |= {"visited_on": f"{visit.visited_on:%Y-%m-%d}", "goals": [str(row.goal) for row in rows]}
    keep_revision(by=by, row=visit, section=section, participant_id=visit.placement.enrolment.participant_id, content=content)
