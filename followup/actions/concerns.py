"""A concern raised and answered, and the koordinator's own notes."""

from __future__ import annotations

from django.utils import timezone

from fagbrev.audit.acting import acting
from fagbrev.people.models import User
from followup.forms.concerns import ConcernAnswerForm, ConcernForm, GuidanceNoteForm
from followup.models import Concern, GuidanceNote
from participants.actions.rows import save_row


@acting()
def raise_concern(*, form: ConcernForm, role: str, by: User) -> Concern:
    """Saves a concern and gives it; the koordinator is reminded at once."""
    row: Concern = form.instance
    row.raised_by, row.raised_as = by, role
    saved: Concern = save_row(form=form, by=by, verb="raised")
    return saved


@acting()
def answer_concern(*, form: ConcernAnswerForm, by: User) -> Concern:
    """Saves the answer, the status and the words for a meeting. Raises Conflict when another saved first."""
    row: Concern = form.instance
    row.state = form.cleaned_data["state"]
    if "answer" in form.changed_data and row.answer:
        row.answered_by, row.answered_at = by, timezone.now()
    saved: Concern = save_row(form=form, by=by, verb=row.state)
    return saved


@acting()
def save_note(*, form: GuidanceNoteForm, by: User) -> GuidanceNote:
    """Saves a koordinator's own note and gives it."""
    row: GuidanceNote = form.instance
    if row._state.adding:
        row.author = by
    saved: GuidanceNote = save_row(form=form, by=by)
    return saved
