"""What is recorded of absence: by staff, by the participant, confirmed, taken away, and sick leave."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from fagbrev.audit.acting import acting
from fagbrev.audit.log import note_change
from fagbrev.people.models import User
from followup.forms.absence import AbsenceForm, SickLeaveForm
from followup.models import Absence, SickLeave
from followup.models.language import PRACTICE, TEACHING
from participants.actions.rows import keep_new_row, save_row
from participants.models import Enrolment, Placement


@acting()
def save_absence(*, form: AbsenceForm, by: User) -> Absence:
    """Saves an absence as a member of staff knows it: it is then confirmed. Raises Conflict."""
    row = form.instance
    if row._state.adding:
        row.recorded_by = by
    row.state, row.confirmed_by = "confirmed", by
    saved: Absence = save_row(form=form, by=by)
    return saved


@acting()
def report_absence(
    *, enrolment: Enrolment, placement: Placement | None, hours: Decimal, day: date, by: User
) -> Absence:  # fmt: skip
    """Keeps the participant's own word of being away on the day; a teacher, fadder or leder confirms it later (V3, V6)."""
    row = Absence.objects.create(
        enrolment=enrolment, away_from=PRACTICE if placement else TEACHING, placement=placement, away_on=day, hours=hours,
        state="reported", recorded_by=by,
    )  # fmt: skip
    note_absence(row, verb="created", by=by, fields=["away_on", "hours"])
    keep_new_row(row, by=by)
    return row


@acting()
def confirm_absence(*, absence: Absence, by: User) -> bool:
    """Confirms what the participant reported; False when it already was."""
    held = Absence.objects.filter(pk=absence.pk, state="reported")
    if not held.update(state="confirmed", confirmed_by=by, version=absence.version + 1):
        return False
    absence.refresh_from_db()
    note_absence(absence, verb="confirmed", by=by, fields=["state"])
    return True


@acting()
def remove_absence(*, absence: Absence, by: User) -> None:
    """Takes away an absence that was not; what it held stays among the revisions."""
    keep_new_row(absence, by=by)
    note_absence(absence, verb="removed", by=by, fields=["hours"])
    absence.delete()


@acting()
def save_sick_leave(*, form: SickLeaveForm, by: User) -> SickLeave:
    """Saves a sick leave. Raises Conflict."""
    saved: SickLeave = save_row(form=form, by=by)
    return saved


def note_absence(row: Absence, *, verb: str, by: User, fields: list[str]) -> None:
    """Logs a change of an absence that no form made."""
    note_change(
        by=by, row=row, section="absence", verb=verb, participant_id=row.enrolment.participant_id, enrolment_id=row.enrolment_id,
        fields=fields,
    )  # fmt: skip
