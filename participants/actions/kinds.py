"""What saving a row of a record brings with it, kind by kind: numbers, sayers, earlier versions, placements' faddere."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Max

from fagbrev.access.models import RecordRestriction
from fagbrev.audit.acting import acting
from fagbrev.audit.models import Revision
from fagbrev.people.models import User
from participants.actions.access import restrict
from participants.actions.life import extend_contract, name_fadder
from participants.actions.rows import save_row
from participants.models import (
    Agreement,
    EndingTask,
    FadderProposal,
    IntakeInterview,
    Participant,
    ParticipationCertificate,
    PlacementFadder,
    Readiness,
    Signature,
    TradeTest,
    TrainingContract,
)


@acting()
def save_kind(*, form: Any, by: User, today: date, role: str = "") -> Any:
    """Saves the row of a record form with all that follows, and gives it. Raises Conflict when another saved first."""
    row = form.instance
    is_new = row._state.adding
    if hasattr(form, "save_extra"):
        form.save_extra()
    if isinstance(row, TrainingContract) and is_new:
        return extend_contract(
            enrolment=row.enrolment, starts_on=row.starts_on, ends_on=row.ends_on, decided_on=row.decided_on, number=row.number,
            words=row.words, by=by,
        )  # fmt: skip
    if isinstance(row, PlacementFadder) and is_new:
        return name_fadder(
            placement=row.placement, person=row.person, starts_on=row.starts_on, is_substitute=row.is_substitute, by=by
        )
    if isinstance(row, Agreement) and is_new:
        row.number = _next(Agreement, "number", enrolment=row.enrolment, kind=row.kind)
        older = Agreement.objects.filter(enrolment=row.enrolment, kind=row.kind, replaced_on__isnull=True)
        older.update(replaced_on=today)
        if row.kind == "participation":
            row.placement = row.enrolment.placements.filter(is_main=True, ends_on__isnull=True).first()
    if isinstance(row, TradeTest) and is_new:
        row.attempt = _next(TradeTest, "attempt", enrolment=row.enrolment)
    if isinstance(row, Readiness) and is_new:
        row.by, row.by_role = by, role
    if isinstance(row, Signature):
        row.recorded_by = by
    if isinstance(row, FadderProposal) and is_new:
        row.proposed_by = by
    if isinstance(row, IntakeInterview) and row.held_on and row.held_by_id is None:
        row.held_by = by
    if isinstance(row, ParticipationCertificate):
        row.issued_by = by
        EndingTask.objects.update_or_create(
            enrolment=row.enrolment, kind="certificate", defaults={"done_on": row.issued_on, "created_by": by}
        )
    saved = save_row(form=form, by=by)
    if isinstance(row, Participant) and row.address_protection == "strengt_fortrolig":
        _name_the_first(row, by, today)
    return saved


def _name_the_first(person: Participant, by: User, today: date) -> None:
    """A strictly protected record is open to named users alone: whoever protects it is the first. Earlier addresses go."""
    Revision.objects.filter(participant_id=person.pk, section="home_address").delete()
    if not RecordRestriction.objects.active(today).filter(participant_id=person.pk, kind=RecordRestriction.ONLY).exists():
        restrict(
            participant=person, kind=RecordRestriction.ONLY, user=by, reason="Registrerte adressesperren.", starts_on=today,
            by=by, today=today,
        )  # fmt: skip


def _next(model: Any, column: str, **owner: Any) -> int:
    return (model.objects.filter(**owner).aggregate(m=Max(column))["m"] or 0) + 1
