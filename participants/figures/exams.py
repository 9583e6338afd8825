"""The written exam and the trade test: who tried and passed, and the grades."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce

from fagbrev.figures import Cut
from participants.figures.counting import of_people, share_of_people
from participants.figures.cuts import enrolments, once_a_trade
from participants.models import Enrolment, TradeTest, WrittenExam

EXAM_RESULTS = ["passed", "failed"]
EXAM_DONE = ["passed", "credited"]
TEST_PASSED = ["passed_merit", "passed"]
TEST_RESULTS = [("passed_merit", "Bestått meget godt"), ("passed", "Bestått"), ("failed", "Ikke bestått")]
EXAM_DAY = Coalesce("result_on", "exam_on")
TEST_DAY = Coalesce("result_on", "ends_on", "starts_on")
GRADES = [*[(str(grade), f"Karakter {grade}") for grade in range(6, 0, -1)], ("unknown", "Uten karakter")]


def has_passed_written(day: date) -> Q:
    """Gives the condition on Enrolment: the trade's written exam passed or credited by the day, or on a day nobody knows."""
    rows = WrittenExam.objects.filter(
        participant=OuterRef("participant"), exam_code=OuterRef("trade__written_exam_code"), state__in=EXAM_DONE
    )
    return Q(Exists(rows.alias(day=EXAM_DAY).filter(Q(day__isnull=True) | Q(day__lte=day)).exclude(exam_code="")))


def _exams(cut: Cut) -> Any:
    rows = WrittenExam.objects.filter(state__in=EXAM_RESULTS).annotate(day=EXAM_DAY)
    return rows.filter(day__range=(cut.first, cut.last)).exclude(exam_code="")


def _tried_exam(cut: Cut) -> QuerySet[Enrolment]:
    """Those with a result in the period, with that of the last attempt as `result` and its grade as `grade`."""
    theirs = _exams(cut).filter(participant=OuterRef("participant"), exam_code=OuterRef("trade__written_exam_code"))
    last = theirs.order_by("-day", "-pk")
    rows = once_a_trade(cut).filter(Exists(theirs), participant__in=_exams(cut).values("participant"))
    grade = Cast(Subquery(last.values("grade")[:1]), CharField())
    return rows.annotate(result=Subquery(last.values("state")[:1]), grade=Coalesce(grade, Value("unknown")))


def _tests(cut: Cut) -> Any:
    rows = TradeTest.objects.exclude(result="").annotate(day=TEST_DAY)
    return rows.filter(day__range=(cut.first, cut.last))


def _tried_test(cut: Cut) -> QuerySet[Enrolment]:
    last = _tests(cut).filter(enrolment=OuterRef("pk")).order_by("-day", "-pk")
    rows = enrolments(cut).filter(pk__in=_tests(cut).values("enrolment"))
    return rows.annotate(result=Subquery(last.values("result")[:1]))


def _passed_exam(cut: Cut) -> Mapping[str, Q]:
    return {"passed": Q(result="passed")}


def _passed_test(cut: Cut) -> Mapping[str, Q]:
    return {"passed": Q(result__in=TEST_PASSED)}


LAST = "Er det flere forsøk i perioden, gjelder det siste."
ONCE = "Den som har flere løp i samme fag, telles én gang."
FIGURES = (
    share_of_people(
        key="written_exam", name="Bestått skriftlig eksamen", chapter="exams", rows=_tried_exam, part=_passed_exam,
        cells=[("passed", "Bestått av dem som prøvde")],
        definition="Hvor mange som besto den skriftlige eksamenen i faget, av dem som fikk resultat i perioden. Karakter 2 eller bedre er "
        f"bestått. {LAST} {ONCE} Godskrevet eksamen, og resultater uten dato, er ikke med.",
        source="Opplæringsforskrifta",
    ),
    of_people(
        key="written_exam_grades", name="Karakterer, skriftlig eksamen", chapter="exams", rows=_tried_exam, by="grade", cells=GRADES,
        definition=f"Karakteren til dem som fikk resultat av den skriftlige eksamenen i perioden. {LAST} {ONCE} «Uten karakter» er "
        "resultater der vi bare vet om eksamenen er bestått.",
    ),
    share_of_people(
        key="trade_test", name="Bestått fagprøve", chapter="exams", rows=_tried_test, part=_passed_test,
        cells=[("passed", "Bestått av dem som prøvde")],
        definition=f"Hvor mange som besto fagprøven, av dem som fikk resultat i perioden. {LAST} Resultater uten dato er ikke med.",
    ),
    of_people(
        key="trade_test_grades", name="Resultater, fagprøve", chapter="exams", rows=_tried_test, by="result", cells=TEST_RESULTS,
        definition=f"Resultatet til dem som fikk resultat av fagprøven i perioden. {LAST} Resultater uten dato er ikke med.",
    ),
)  # fmt: skip

__all__ = ["FIGURES", "has_passed_written"]
