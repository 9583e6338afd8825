"""Writing, copying and ticking the weekly plan, which fadder and participant make together (V6)."""

from __future__ import annotations

from datetime import date

from fagbrev.audit.acting import acting
from fagbrev.audit.log import note_change
from fagbrev.forms.base import Conflict
from fagbrev.people.models import User
from followup.forms.weekly import Typed, WeeklyPlanForm
from followup.models.practice import WeeklyPlan, WeeklyPlanLine
from followup.weekly_shown import plan_before, plan_of, within
from participants.actions.rows import keep_new_row, save_row
from participants.models import Placement


class PlanRefused(Exception):
    """It cannot be done; the text is a sentence for the user."""


@acting()
def save_plan(*, form: WeeklyPlanForm, by: User) -> WeeklyPlan:
    """Saves the week with its lines; what is ticked stays ticked. Raises Conflict when another saved the week first."""
    plan: WeeklyPlan = form.instance
    Placement.objects.select_for_update(of=("self",)).get(pk=plan.placement_id)
    if plan._state.adding:
        other = plan_of(plan.placement, plan.week_starts_on)
        if other is not None:
            raise Conflict(other)
    save_row(form=form, by=by)
    if _replace_lines(plan, form.typed()):
        _note(plan, by, "changed", ["lines"])
    return plan


def _replace_lines(plan: WeeklyPlan, typed: list[Typed]) -> bool:
    """Puts the typed lines in place of those held; a line with the same words on the same day is the same line. Tells of a change."""
    held = list(WeeklyPlanLine.objects.filter(plan=plan).order_by("weekday", "place"))
    if [(line.weekday, line.words, line.goal_id) for line in held] == [(one.weekday, one.words, one.goal_id) for one in typed]:
        return False
    before: dict[tuple[int, str], list[WeeklyPlanLine]] = {}
    for line in held:
        before.setdefault((line.weekday, line.words), []).append(line)
    new, places = [], dict.fromkeys(range(7), 0)
    for one in typed:
        same = before.get((one.weekday, one.words))
        kept = same.pop(0) if same else None
        line = WeeklyPlanLine(plan=plan, weekday=one.weekday, place=places[one.weekday], words=one.words, goal_id=one.goal_id)
        if kept is not None:
            line.public_id, line.is_done = kept.public_id, kept.is_done
        places[one.weekday] += 1
        new.append(line)
    WeeklyPlanLine.objects.filter(plan=plan).delete()
    WeeklyPlanLine.objects.bulk_create(new)
    return True


@acting()
def copy_plan(*, placement: Placement, monday: date, by: User) -> WeeklyPlan:
    """Makes the week's plan as the last one before it, with nothing ticked. A week that is planned already stays as it is.

    Raises PlanRefused when there is nothing to copy, or the week is outside the placement.
    """
    Placement.objects.select_for_update(of=("self",)).get(pk=placement.pk)
    there = plan_of(placement, monday)
    if there is not None:
        return there
    source = plan_before(placement, monday)
    if source is None:
        raise PlanRefused("Det er ingen tidligere ukeplan å kopiere.")
    if not within(placement, monday):
        raise PlanRefused("Uka er utenfor tiden på arbeidsstedet.")
    plan = WeeklyPlan.objects.create(placement=placement, week_starts_on=monday, focus=source.focus, created_by=by)
    lines = WeeklyPlanLine.objects.filter(plan=source).order_by("weekday", "place")
    WeeklyPlanLine.objects.bulk_create(
        WeeklyPlanLine(plan=plan, weekday=line.weekday, place=line.place, words=line.words, goal_id=line.goal_id)
        for line in lines
    )
    keep_new_row(plan, by=by)
    _note(plan, by, "copied", ["lines", *(["focus"] if plan.focus else [])])
    return plan


@acting()
def tick(*, line: WeeklyPlanLine, is_done: bool, by: User) -> bool:
    """Ticks a line or takes the tick away; False when it stands so already."""
    changed = WeeklyPlanLine.objects.filter(pk=line.pk).exclude(is_done=is_done).update(is_done=is_done)
    if changed:
        _note(line.plan, by, "ticked", ["is_done"])
    return bool(changed)


def _note(plan: WeeklyPlan, by: User, verb: str, fields: list[str]) -> None:
    enrolment = plan.placement.enrolment
    note_change(
        by=by, row=plan, section="weekly_plan", verb=verb, participant_id=enrolment.participant_id, enrolment_id=enrolment.pk,
        fields=fields,
    )  # fmt: skip
