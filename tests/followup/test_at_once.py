"""Two at once, in threads with transactions of their own: the second is told, both texts are kept, nothing is laid over."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from followup.actions.absence import report_absence
from followup.actions.register import keep_register
from followup.actions.visits import log_visit, propose_visit
from followup.forms.register import Kept
from followup.models import Absence, Lesson, VisitOtherText, WorkplaceVisit
from followup.visit_queries import goals_for
from followup.visit_rules import moment
from participants.models import CohortMember
from programmes.models import Cohort, TeachingAssignment
from tests.cast import Cast, make_cast, make_user
from tests.duties_held import differences
from tests.followup.absent import signed_in, url


@pytest.fixture
def cast(_flush_may_empty_logs: None, transactional_db: None, today: date) -> Cast:
    """The cast, committed, with a second faglærer of the same trade."""
    made = make_cast(today)
    made.users["andre_faglaerer"] = make_user("Turid Faglaerer", "faglaerer", today=today)
    TeachingAssignment.objects.create(
        user=made.users["andre_faglaerer"], role="faglaerer", trade=made.trades["BUA"], starts_on=today
    )
    return made


def at_once(first: Callable[[], Any], second: Callable[[], Any]) -> Any:
    """Lets the second act while what the first wrote is not committed yet; gives what the second was answered."""
    has_acted, is_done = threading.Event(), threading.Event()
    faults: list[BaseException] = []
    answers: list[Any] = []

    def slow() -> None:
        try:
            with transaction.atomic():
                first()
                has_acted.set()
                is_done.wait(timeout=2)  # where the second waits in line it cannot be, and the wait runs out
        except BaseException as fault:
            faults.append(fault)
        finally:
            has_acted.set()
            connection.close()

    def quick() -> None:
        try:
            has_acted.wait(timeout=20)
            answers.append(second())
        except BaseException as fault:
            faults.append(fault)
        finally:
            is_done.set()
            connection.close()

    both = [threading.Thread(target=slow), threading.Thread(target=quick)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(timeout=60)
    assert not faults, faults
    assert differences() == []
    return answers[0]


@pytest.mark.parametrize("asked", ["text/html", "application/json"])
def test_two_who_log_the_same_planned_visit_keep_both_texts(cast: Cast, today: date, asked: str) -> None:
    placement, goals = cast.placements["selma"], goals_for(cast.selma)
    planned = propose_visit(placement=placement, planned_at=moment(today), words="Vi baker.", by=cast.fadder)
    client: Client = signed_in(cast, "andre_faglaerer")
    client.get("/")  # what is written at the first page of a session is written

    def first() -> None:
        log_visit(
            placement=placement, visited_on=today, present=["deltaker"], goals=goals[:1], only_log=False, seen="Den første.",
            agreed="Dekke bord.", internal_note="", by=cast.faglaerer, at=timezone.now(),
        )  # fmt: skip

    def second() -> Any:
        sent = {
            "visited_on": today.isoformat(), "present": ["fadder"], "goals": [goals[1].public_id], "seen": "Den andre.",
            "agreed": "Lese.", "internal_note": "Den andres notat.", "device_key": str(uuid.uuid4()),
        }  # fmt: skip
        address = f"{reverse('besok_log')}?deltaker={cast.selma.participant.public_id}"
        return client.post(address, sent, headers={"Accept": asked}, follow=asked == "text/html")

    answer = at_once(first, second)
    if asked == "text/html":
        content = answer.content.decode()
        assert "Begge tekstene er lagret" in content and "Den første." in content and "Den andre." in content
    else:
        assert answer.status_code == 409
    visit, other = WorkplaceVisit.objects.get(), VisitOtherText.objects.get()
    assert (visit.pk, visit.state, visit.visitor, visit.seen, visit.agreed) == (
        planned.pk, "held", cast.faglaerer, "Den første.", "Dekke bord.",
    )  # fmt: skip
    assert [one.goal_id for one in visit.goals.all()] == [goals[0].pk]
    assert (other.by, other.agreed, other.internal_note) == (cast.users["andre_faglaerer"], "Lese.", "Den andres notat.")
    assert other.seen.startswith("Den andre.") and str(goals[1]) in other.seen


def test_two_who_keep_the_same_register_keep_the_first_and_show_the_second(cast: Cast, today: date) -> None:
    cohort = Cohort.objects.create(trade=cast.trades["BUA"], name="Prøveklassen")
    member = CohortMember.objects.create(participant=cast.selma.participant, enrolment=cast.selma, cohort=cohort)
    client = signed_in(cast, "andre_faglaerer")
    client.get("/")

    def first() -> None:
        kept = [Kept(member, Decimal(2), None)]
        keep_register(cohort=cohort, day=today, hours=Decimal(5), version=0, kept=kept, by=cast.faglaerer)

    def second() -> Any:
        sent = {"hours": "4", "version": "0", f"{member.public_id}-hours": "0,75", f"{member.public_id}-there": "on"}
        return client.post(f"{reverse('class_register', args=[cohort.public_id])}?dag={today.isoformat()}", sent)

    answer = at_once(first, second)
    assert answer.status_code == 409 and "Du skrev: borte 0,75 timer" in answer.content.decode()
    assert (Lesson.objects.get().hours, Absence.objects.get().hours) == (Decimal(5), Decimal(2))


def test_one_who_says_so_on_two_devices_at_once_has_said_so_once(cast: Cast, today: date) -> None:
    client = signed_in(cast, "deltaker")
    client.get("/")
    placement = cast.placements["selma"]

    def first() -> None:
        report_absence(enrolment=cast.selma, placement=placement, hours=Decimal(3), day=today, by=cast.deltaker)

    answer = at_once(first, lambda: client.post(url(cast, "fravar_report"), {"place": placement.public_id, "hours": "3"}))
    assert answer.status_code == 422 and "allerede sagt fra" in answer.content.decode()
    assert Absence.objects.count() == 1


def test_two_who_record_the_same_day_are_told(cast: Cast, today: date) -> None:
    client = signed_in(cast, "leder")
    client.get("/")
    placement = cast.placements["selma"]

    def first() -> None:
        report_absence(enrolment=cast.selma, placement=placement, hours=Decimal(3), day=today, by=cast.deltaker)

    answer = at_once(first, lambda: client.post(url(cast, "fravar_new"), {"away_on": today.isoformat(), "hours": "7,5"}))
    content = answer.content.decode()
    assert answer.status_code == 422 and "allerede fravær her" in content and 'value="7,5"' in content
    assert Absence.objects.get().hours == Decimal(3)
