"""The page of a window and the duties say the same of who has not registered: each has its own rule, and they must agree."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from fagbrev.duties.models import Duty
from participants.exam_windows import missing_in
from participants.models import Enrolment, NorwegianTest, WrittenExam
from programmes.models import ExamWindow, NorwegianTestWindow
from tests.cast import Cast

STATES = ["planned", "registered", "taken", "passed", "failed", "absent", "credited"]


@pytest.mark.parametrize("said", [False, True])
@pytest.mark.parametrize("state", STATES)
def test_of_the_written_exam(cast: Cast, duties: Callable[[], None], state: str, said: bool) -> None:
    ExamWindow.objects.all().delete()
    window = ExamWindow.objects.create(
        name="Nå", opens_on=cast.today - timedelta(days=2), closes_on=cast.today + timedelta(days=9), source="prøve"
    )
    WrittenExam.objects.create(
        participant=cast.selma.participant, exam_code=cast.trades["BUA"].written_exam_code, window=window, state=state,
        said_registered_on=cast.today if said else None,
        grade={"passed": 4, "failed": 1}.get(state),
    )  # fmt: skip
    duties()
    page = set(Enrolment.objects.filter(missing_in(window, cast.today)).values_list("pk", flat=True))
    assert page == set(Duty.objects.filter(rule="exam_registration").values_list("enrolment_id", flat=True))
    assert cast.nadia.pk in page


@pytest.mark.parametrize("state", ["planned", "registered", "taken", "known"])
def test_of_the_norwegian_test(cast: Cast, duties: Callable[[], None], state: str) -> None:
    window = NorwegianTestWindow.objects.create(
        name="Nå", opens_on=cast.today - timedelta(days=2), closes_on=cast.today + timedelta(days=9), source="prøve"
    )
    NorwegianTest.objects.create(participant=cast.selma.participant, part="oral", state=state, window=window, level="a2")
    for part in ("reading", "listening", "writing", "oral"):
        NorwegianTest.objects.create(participant=cast.nadia.participant, part=part, state="known", level="b2")
    duties()
    page = set(Enrolment.objects.filter(missing_in(window, cast.today)).values_list("pk", flat=True))
    rules = ["norwegian_advice", "norwegian_registration"]
    assert page == set(Duty.objects.filter(rule__in=rules).values_list("enrolment_id", flat=True))
    assert cast.nadia.pk not in page and cast.admitted.pk in page
