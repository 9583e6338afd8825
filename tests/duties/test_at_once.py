"""Two acts on one participant at once: the table ends as the rules derive from both."""

from __future__ import annotations

import threading
from typing import Any

from django.db import connection, transaction

from fagbrev.audit.acting import acting, touch
from participants.models import AdmissionVoice, IntakeInterview
from tests.cast import make_cast
from tests.duties_held import differences


def test_an_interview_and_a_voice_registered_at_once_leave_what_both_say(
    _flush_may_empty_logs: None, transactional_db: None, today: Any
) -> None:
    cast = make_cast(today)
    row, first_has_acted, second_is_done = cast.referred, threading.Event(), threading.Event()
    faults: list[BaseException] = []

    def interview() -> None:
        try:
            with transaction.atomic():
                with acting():
                    IntakeInterview.objects.create(enrolment=row, held_on=today)
                    touch(participant_id=row.participant_id, kind="participants.intakeinterview")
                first_has_acted.set()
                second_is_done.wait(timeout=1)  # it cannot be, while this one has not ended: then the wait runs out
        except BaseException as fault:
            faults.append(fault)
        finally:
            connection.close()

    def voice() -> None:
        try:
            first_has_acted.wait(timeout=20)
            with acting():
                AdmissionVoice.objects.create(enrolment=row, voice="coordinator", advice="admit", given_on=today)
                touch(participant_id=row.participant_id, kind="participants.admissionvoice")
            second_is_done.set()
        except BaseException as fault:
            faults.append(fault)
        finally:
            connection.close()

    both = [threading.Thread(target=interview), threading.Thread(target=voice)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(timeout=30)
    assert not faults
    assert differences() == []
