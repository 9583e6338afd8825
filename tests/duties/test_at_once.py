"""Two acts on one participant at once: the table ends as the rules derive from both."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from fagbrev.audit.acting import acting, touch
from fagbrev.audit.triggers import destruction_allowed
from participants.models import AdmissionVoice, IntakeInterview
from tests.cast import make_cast
from tests.duties_held import differences


@pytest.fixture
def _flush_may_empty_logs(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The test database is emptied after a test with real transactions; the logs' triggers must let it."""
    with django_db_blocker.unblock(), destruction_allowed():
        yield


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
