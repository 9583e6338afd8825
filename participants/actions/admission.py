"""Admission: the criteria one by one, and the two voices (V3, V8 row 4)."""

from __future__ import annotations

from typing import Any

from fagbrev.audit.acting import acting
from fagbrev.audit.log import note_change
from fagbrev.people.models import User
from participants.actions.rows import save_row
from participants.models import AdmissionVoice, EligibilityCheck, Enrolment


@acting()
def save_eligibility(*, enrolment: Enrolment, answers: list[tuple[Any, str, str]], by: User) -> None:
    """Saves an answer and a remark per criterion; only what changed is written and logged."""
    held = {check.criterion_id: check for check in enrolment.eligibility.select_for_update()}
    for criterion, answer, words in answers:
        check = held.get(criterion.pk)
        if check and (check.answer, check.words) == (answer, words):
            continue
        if check is None:
            check = EligibilityCheck(enrolment=enrolment, criterion=criterion, created_by=by)
        else:
            check.version += 1
        check.answer, check.words = answer, words
        check.save()
        note_change(
            by=by, row=check, section="admission", verb="answered", participant_id=enrolment.participant_id,
            enrolment_id=enrolment.pk, fields=["answer", "words"],
        )  # fmt: skip


@acting()
def give_voice(*, form: Any, by: User) -> AdmissionVoice:
    """Saves the sender's own voice. Raises Conflict when another saved the same voice first."""
    form.instance.by = by
    return save_row(form=form, by=by, verb="voice")
