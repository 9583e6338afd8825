"""Actions that follow the person: made, changed, ticked, and opened again."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from fagbrev.audit.acting import acting
from fagbrev.audit.log import note_change
from fagbrev.people.models import User
from followup.actions.reviews import point_changed
from followup.forms.action_points import ActionForm
from followup.models import Action
from participants.actions.rows import save_row
from participants.models import Enrolment


@acting()
def save_action(*, form: ActionForm, by: User, today: date) -> Action:
    """Saves a new or changed action and gives it. Raises Conflict when another saved first."""
    row: Action = form.instance
    if row._state.adding:
        row.made_on = today
    is_new = row._state.adding
    saved: Action = save_row(form=form, by=by)
    if not is_new and form.changed_columns:
        point_changed(action=saved, by=by)
    return saved


@acting()
def set_done(*, row: Action, is_done: bool, by: User, today: date) -> bool:
    """Ticks an action, or opens it again; gives False when it was so already."""
    held = Action.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if (held.done_on is not None) is is_done:
        return False
    held.done_on, held.done_by = (today, by) if is_done else (None, None)
    held.version += 1
    held.save(update_fields=["done_on", "done_by", "version"])
    note_change(
        by=by, row=held, section="actions", verb="done" if is_done else "reopened",
        participant_id=held.enrolment.participant_id, enrolment_id=held.enrolment_id, fields=["done_on"],
    )  # fmt: skip
    return True


@acting()
def agree_action(
    *, enrolment: Enrolment, words: str, owner_role: str, due_on: date | None, by: User, made_on: date | None = None, **links: Any
) -> Action:
    """Makes an action without a form, such as a focus area agreed in a review or a point of a meeting's minutes.

    `links` are placement, visit, review, owner, and the day of the meeting (met_on).
    """
    row = Action(
        enrolment=enrolment, words=words, owner_role=owner_role, due_on=due_on, created_by=by,
        made_on=made_on or timezone.localdate(), **links,
    )  # fmt: skip
    row.save()
    note_change(
        by=by, row=row, section="actions", verb="created", participant_id=row.enrolment.participant_id,
        enrolment_id=row.enrolment_id, fields=["words", "owner_role", "due_on"],
    )  # fmt: skip
    return row
