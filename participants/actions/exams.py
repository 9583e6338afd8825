"""What the participant says of the written exam (V8 row 12)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from fagbrev.audit.log import note_change
from fagbrev.people.models import User
from participants.models import Enrolment, WrittenExam


@transaction.atomic
def say_registered(*, enrolment: Enrolment, window: Any, by: User, today: date) -> WrittenExam:
    """Records «jeg har meldt meg på» for a window; said twice it stays as it was."""
    code = enrolment.trade.written_exam_code if enrolment.trade else ""
    exam, made = WrittenExam.objects.get_or_create(
        participant=enrolment.participant, exam_code=code, window=window,
        defaults={"state": "planned", "said_registered_on": today, "created_by": by},
    )  # fmt: skip
    if not made and exam.said_registered_on is None:
        exam.said_registered_on = today
        exam.version += 1
        exam.save(update_fields=["said_registered_on", "version"])
    note_change(
        by=by, row=exam, section="exams", verb="said_registered", participant_id=enrolment.participant_id,
        enrolment_id=enrolment.pk, fields=["said_registered_on"],
    )  # fmt: skip
    return exam
