"""What is not registered about an enrolment, though it should be: each gap with its words and its query, in one place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Case, Q, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from participants.models import Enrolment, IntakeInterview, Placement, TrainingContract, WrittenExam
from participants.workflow import ENDED, OPEN, WITH_PLACEMENT

INCOMPLETE = "mangler"  # the choice of the list that shows those who lack something
PAST_REFERRED = [status for status in OPEN if status != "referred"]
WITH_CONTRACT = ["training", "trade_test"]
END_NEEDS_REASON = [status for status in ENDED if status != "completed"]


@dataclass(frozen=True)
class Gap:
    """One thing that is missing: its words, the page where it is put right, and the sections it rests on."""

    key: str
    words: str | Promise
    page: str
    sections: tuple[str, ...]
    where: Callable[[], Q]


def _no_interview() -> Q:
    return Q(status__in=PAST_REFERRED) & ~Q(pk__in=IntakeInterview.objects.filter(held_on__isnull=False).values("enrolment"))


def _no_workplace() -> Q:
    open_main = Placement.objects.filter(is_main=True, ends_on__isnull=True)
    return Q(status__in=WITH_PLACEMENT) & ~Q(pk__in=open_main.values("enrolment"))


def _contract_unknown() -> Q:
    numbered = TrainingContract.objects.exclude(number="")
    undated = Q(contract_starts_on__isnull=True) | Q(contract_ends_on__isnull=True)
    return Q(status__in=WITH_CONTRACT) & (undated | ~Q(pk__in=numbered.values("enrolment")))


def _exam_unknown() -> Q:
    half = WrittenExam.objects.filter(
        Q(grade__isnull=True) | (Q(exam_on__isnull=True) & Q(result_on__isnull=True)), state="passed"
    )
    return Q(status__in=[*OPEN, "completed"]) & Q(participant__in=half.values("participant"))


GAPS: tuple[Gap, ...] = (
    Gap("trade", _("fag"), "fag", ("identity",), lambda: Q(status__in=PAST_REFERRED, trade__isnull=True)),
    Gap(
        "birth_date", _("fødselsdato"), "person", ("person_details",),
        lambda: Q(status__in=PAST_REFERRED, participant__birth_date__isnull=True),
    ),
    Gap("reach", _("telefon og e-post"), "person", ("contact",), lambda: Q(
        status__in=OPEN, participant__phone="", participant__email="")),
    Gap("interview", _("intervju"), "inntak", ("intake_background",), _no_interview),
    Gap("workplace", _("arbeidssted"), "arbeidssted", ("placement",), _no_workplace),
    Gap("contract", _("kontraktens nummer eller datoer"), "kontrakt", ("training_contract",), _contract_unknown),
    Gap("exam", _("karakter eller dato for bestått eksamen"), "eksamen", ("exams",), _exam_unknown),
    Gap("since", _("dato for fasen"), "dato", ("progress",), lambda: Q(status__in=OPEN, status_since__isnull=True)),
    Gap("end_reason", _("grunnen til at løpet sluttet"), "dato", ("status_reasons",), lambda: Q(
        status__in=END_NEEDS_REASON, end_code="")),
    Gap("ended_on", _("dagen løpet sluttet"), "dato", ("progress",), lambda: Q(status__in=ENDED, ended_on__isnull=True)),
)  # fmt: skip
# What the whole bucket rests on: whoever may not read one of them does not see it.
GAP_SECTIONS: tuple[str, ...] = tuple(dict.fromkeys(section for gap in GAPS for section in ("progress", *gap.sections)))


def has_gap() -> Q:
    """Gives the condition that something is missing."""
    found = Q(pk__in=[])
    for gap in GAPS:
        found |= gap.where()
    return found


def gap_columns() -> dict[str, Any]:
    """Gives one boolean expression per gap, named `gap_<key>`, to annotate enrolments with."""
    return {
        f"gap_{gap.key}": Case(When(gap.where(), then=Value(True)), default=Value(False), output_field=BooleanField())
        for gap in GAPS
    }


def gaps_in(row: Any) -> list[Gap]:
    """Gives the gaps of a row that was annotated with `gap_columns`, in the order of the table."""
    return [gap for gap in GAPS if getattr(row, f"gap_{gap.key}")]


def gaps_of(enrolment: Enrolment) -> list[Gap]:
    """Gives what is missing about one enrolment; one query."""
    return gaps_in(Enrolment.objects.filter(pk=enrolment.pk).annotate(**gap_columns()).get())
