"""Writes of the frame: saving a row with its log, removing one, renaming goals, taking in a curriculum."""

from typing import Any

from django.db import models

from fagbrev.audit.acting import acting
from fagbrev.audit.log import note_change
from fagbrev.forms.base import VersionedForm
from fagbrev.grep import ParsedCurriculum
from fagbrev.people.models import User
from programmes.curricula import Imported, import_curriculum
from programmes.models import CompetenceGoal, Trade

SECTION = "programmes"


@acting()
def save_form(*, form: VersionedForm, by: User) -> Any:
    """Saves a valid form's row and logs which fields changed; gives the row. Raises Conflict when another was first."""
    is_new = form.instance._state.adding
    form.claim_version()
    if is_new:
        form.instance.created_by = by
    row = form.save()
    note_change(
        by=by,
        row=row,
        section=SECTION,
        verb="created" if is_new else "changed",
        participant_id=None,
        fields=form.changed_columns,
    )
    return row


@acting()
def remove(*, row: models.Model, by: User) -> None:
    """Deletes a row that nothing points to, and logs it. Raises ProtectedError when something does."""
    note_change(by=by, row=row, section=SECTION, verb="removed", participant_id=None)
    row.delete()


@acting()
def rename_goals(*, goals: list[CompetenceGoal], by: User) -> int:
    """Saves the short names of goals; gives how many. The goals' own words never change."""
    for goal in goals:
        goal.version += 1
        note_change(by=by, row=goal, section=SECTION, verb="changed", participant_id=None, fields=["short_name"])
    return CompetenceGoal.objects.bulk_update(goals, ["short_name", "version"]) if goals else 0


@acting()
def import_for_user(*, parsed: ParsedCurriculum, trade: Trade | None, by: User) -> Imported:
    """Takes in a curriculum that someone uploaded, and logs it when it was new."""
    imported = import_curriculum(parsed=parsed, trade=trade, by=by)
    if imported.is_new:
        note_change(by=by, row=imported.curriculum, section=SECTION, verb="imported", participant_id=None)
    return imported
