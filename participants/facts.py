"""What the workflow's conditions ask of an enrolment, fetched in one annotated query.

The expressions stand in groups, so that a page asks only for what its step needs; the performer asks for all.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import Case, CharField, Count, Exists, F, IntegerField, Min, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from fagbrev.dates import months_before
from fagbrev.people.roles import ROLE_NAMES
from participants.models import (
    Consent,
    CountyApplication,
    EligibilityCheck,
    Enclosure,
    EndingTask,
    Enrolment,
    Leave,
    Loan,
    Placement,
    PlacementFadder,
    Readiness,
    Signature,
    TradeTest,
    TrainingContract,
    WrittenExam,
)
from participants.models.agreements import NEEDED_SIGNERS
from participants.models.county import ENCLOSURES
from participants.models.ending import ENDING_TASKS
from participants.workflow import NEXT_STEP, Facts
from programmes.models import Criterion, WorkplaceApproval
from programmes.settings_in_force import setting

# Parties everybody is asked about before the start; the answer may be no, but it must be there (V8 row 5).
ASKED_PARTIES = [
    ("workplace", "arbeidsstedet"),
    ("nav", "NAV"),
    ("school", "den videregående skolen"),
    ("adult_education", "voksenopplæringen"),
    ("county", "fylkeskommunen"),
]
EXAM_RANK = ["passed", "credited", "taken", "registered", "planned", "failed", "absent"]
ENCLOSURE_NAMES = dict(ENCLOSURES)
ENDING_NAMES = dict(ENDING_TASKS)


def main_placement() -> Any:
    """Gives the enrolment's main placements, the one still open first, then the newest."""
    return Placement.objects.filter(enrolment=OuterRef("pk"), is_main=True).order_by(
        F("ends_on").desc(nulls_first=True), F("starts_on").desc(nulls_last=True), "-pk"
    )


def _open_main(*names: str) -> Any:
    return Subquery(Placement.objects.filter(enrolment=OuterRef("pk"), is_main=True, ends_on__isnull=True).values(*names)[:1])


def best_exam_state() -> Any:
    """Gives an expression for the best state of the written exam in the enrolment's trade: the person's rows, whatever the date."""
    rank = Case(*[When(state=state, then=Value(place)) for place, state in enumerate(EXAM_RANK)], output_field=IntegerField())
    rows = WrittenExam.objects.filter(
        participant=OuterRef("participant"), exam_code=OuterRef("trade__written_exam_code")
    ).annotate(place=rank)
    return Coalesce(Subquery(rows.order_by("place").values("state")[:1]), Value(""), output_field=CharField())


def newest_test(name: str) -> Any:
    """Gives an expression for one column of the newest trade test attempt."""
    return Subquery(TradeTest.objects.filter(enrolment=OuterRef("pk")).order_by("-attempt").values(name)[:1])


def signed(kind: str, party: str) -> Any:
    """Gives an expression: the party has signed the newest, not replaced agreement of the kind."""
    rows = Signature.objects.filter(
        agreement__enrolment=OuterRef("pk"), agreement__kind=kind, agreement__replaced_on__isnull=True, party=party
    )
    return Exists(rows)


def recommended() -> Any:
    """Gives an expression for the name of the faglærer who recommends the trade test, or None (V6)."""
    rows = Readiness.objects.filter(enrolment=OuterRef("pk"), kind="trade_test", withdrawn_on__isnull=True)
    return Subquery(rows.order_by("-given_on").values("by__name")[:1])


GROUPS: dict[str, dict[str, Any]] = {
    "agreements": {
        **{f"signed_{kind}_{party}": signed(kind, party) for kind, parties in NEEDED_SIGNERS.items() for party in parties},
        **{
            f"asked_{party}": Exists(Consent.objects.filter(participant=OuterRef("participant"), party=party, is_current=True))
            for party, _name in ASKED_PARTIES
        },
    },
    "placement": {
        "workplace_name": _open_main("workplace__name"),
        "workplace_police": _open_main("workplace__police_certificate_required"),
        "leder_name": _open_main("leder__name"),
        "first_day": _open_main("starts_on"),
        "interview_on": _open_main("interview_held_on"),
        "fadder_name": Subquery(
            PlacementFadder.objects.filter(
                placement__enrolment=OuterRef("pk"), placement__is_main=True, placement__ends_on__isnull=True,
                ends_on__isnull=True,
            ).order_by("is_substitute", "pk").values("person__name")[:1]
        ),
        "approval_state": Subquery(
            WorkplaceApproval.objects.filter(
                trade=OuterRef("trade"), workplace__placements__enrolment=OuterRef("pk"),
                workplace__placements__is_main=True, workplace__placements__ends_on__isnull=True,
            ).values("state")[:1]
        ),
        "earliest_start": Subquery(
            Placement.objects.filter(enrolment=OuterRef("pk")).values("enrolment").annotate(first=Min("starts_on")).values("first")
        ),
    },
    "county": {
        **{
            f"enclosure_{kind}": Subquery(
                Enclosure.objects.filter(enrolment=OuterRef("pk"), kind=kind).values("state")[:1]
            )
            for kind in ENCLOSURE_NAMES
        },
        "sent_on": Subquery(CountyApplication.objects.filter(enrolment=OuterRef("pk")).order_by("-sent_on").values("sent_on")[:1]),
        "number": Subquery(TrainingContract.objects.filter(enrolment=OuterRef("pk")).order_by("-order").values("number")[:1]),
    },
    "exams": {
        "exam_state": best_exam_state(),
        "recommender": recommended(),
        "newest_result": newest_test("result"),
        "attempts": Coalesce(
            Subquery(
                TradeTest.objects.filter(enrolment=OuterRef("pk")).exclude(result="").values("enrolment")
                .annotate(n=Count("pk")).values("n")
            ),
            Value(0),
        ),
        "failed_before": Exists(TradeTest.objects.filter(enrolment=OuterRef("pk"), result="failed")),
    },
    "ending": {
        **{
            f"ended_{kind}": Exists(
                EndingTask.objects.filter(enrolment=OuterRef("pk"), kind=kind).filter(
                    Q(done_on__isnull=False) | ~Q(waived_reason="")
                )
            )
            for kind in ENDING_NAMES
        },
        "loans_out": Exists(Loan.objects.filter(participant=OuterRef("participant"), state="lent").exclude(kind="clothes")),
        "leave_from": Subquery(Leave.objects.filter(enrolment=OuterRef("pk"), ended_on__isnull=True).values("starts_on")[:1]),
    },
}  # fmt: skip
# Which groups the next step of a status asks for.
NEXT_STEP_GROUPS: dict[str, tuple[str, ...]] = {
    "referred": (),
    "interviewed": (),
    "waitlisted": (),
    "admitted": ("agreements",),
    "onboarding": ("agreements", "placement"),
    "placed": ("agreements", "placement", "county"),
    "contract_applied": ("placement", "county"),
    "training": ("exams",),
    "trade_test": ("exams",),
    "on_leave": (),
}
_INTAKE = {"interviewed", "waitlisted"}


def facts_of(enrolment: Enrolment, *, today: date, groups: Collection[str] | None = None) -> Facts:
    """Gives what the conditions ask of the enrolment on the day.

    `groups` narrows to what is needed (see NEXT_STEP_GROUPS); None asks for all. Two queries, and one more while
    admission is being decided.
    """
    wanted = frozenset(GROUPS if groups is None else groups)
    row: Any = _annotated(wanted).get(pk=enrolment.pk)
    facts: dict[str, Any] = {
        "today": today,
        "status": row.status,
        "status_before_leave": row.status_before_leave,
        "first_name": row.participant.first_name,
        "trade_name": row.trade.name if row.trade else "",
        "exam_pending_allowed": row.trade.exam_pending_allowed if row.trade else True,
        "has_reach": bool(row.participant.phone or row.participant.email),
        "queue_place": row.queue_place,
        "contract_starts_on": row.contract_starts_on,
        "contract_ends_on": row.contract_ends_on,
    }
    interview, conversation = getattr(row, "interview", None), getattr(row, "conversation", None)
    certificate, police = getattr(row, "certificate", None), getattr(row, "police_certificate", None)
    facts["interview_held_on"] = interview.held_on if interview else None
    facts["conversation_held_on"] = conversation.held_on if conversation else None
    facts["absence_rules_explained"] = bool(conversation and conversation.absence_rules_explained)
    facts["certificate_issued_on"] = certificate.issued_on if certificate else None
    if groups is None or row.status in _INTAKE:
        facts |= _admission(row)
    if "agreements" in wanted:
        facts |= _agreements(row)
    if "placement" in wanted:
        facts |= _placement(row, police, today)
    if "county" in wanted:
        facts |= _county(row)
    if "exams" in wanted:
        facts |= _exams(row)
    if "ending" in wanted:
        facts |= _ending(row)
    return Facts(**facts)


@lru_cache(maxsize=64)
def _annotated(groups: frozenset[str]) -> QuerySet[Enrolment]:
    """The enrolments with a group's expressions; kept, because resolving them costs as much as asking for them."""
    expressions = {name: expression for key in sorted(groups) for name, expression in GROUPS[key].items()}
    rows = Enrolment.objects.select_related(
        "participant", "trade", "interview", "conversation", "police_certificate", "certificate", "referral"
    )
    return rows.annotate(**expressions)


def next_step_facts(enrolment: Enrolment, *, today: date) -> Facts:
    """Gives the facts for the enrolment's next step alone; the participant's page shows no more."""
    return facts_of(enrolment, today=today, groups=NEXT_STEP_GROUPS.get(enrolment.status, ()))


def _admission(row: Enrolment) -> dict[str, Any]:
    voices = dict(row.voices.values_list("voice", "advice"))
    answers = dict(EligibilityCheck.objects.filter(enrolment=row).values_list("criterion", "answer"))
    criteria = Criterion.objects.filter(Q(trade__isnull=True) | Q(trade=row.trade_id), is_active=True)
    asked = list(criteria.order_by("order").values_list("pk", "text"))
    return {
        "voices": voices,
        "criteria_unanswered": tuple(_lower(text) for pk, text in asked if answers.get(pk, "unknown") == "unknown"),
        "criteria_unmet": tuple(_lower(text) for pk, text in asked if answers.get(pk) == "unmet"),
    }


def _lower(text: str) -> str:
    """The criterion's text inside a sentence."""
    return text[:1].lower() + text[1:].rstrip(".")


def _agreements(row: Any) -> dict[str, Any]:
    def unsigned(kind: str) -> tuple[str, ...]:
        names = {"coordinator": "koordinator", "leder": "leder", "deltaker": "deltaker"}
        return tuple(names[party] for party in NEEDED_SIGNERS[kind] if not getattr(row, f"signed_{kind}_{party}"))

    return {
        "contract_unsigned": unsigned("contract"),
        "agreement_unsigned": unsigned("participation"),
        "consents_unanswered": tuple(name for party, name in ASKED_PARTIES if not getattr(row, f"asked_{party}")),
    }


def _placement(row: Any, police: Any, today: date) -> dict[str, Any]:
    required = bool((row.trade and row.trade.police_certificate_required) or row.workplace_police)
    months = int(setting("police_certificate_age_months", today))
    return {
        "workplace": row.workplace_name or "",
        "approval": row.approval_state or "",
        "workplace_interview_on": row.interview_on,
        "leder": row.leder_name or "",
        "fadder": row.fadder_name or "",
        "placement_starts_on": row.first_day,
        "placement_has_begun": bool(row.earliest_start and row.earliest_start <= today),
        "police_required": required,
        "police_in_order": bool(police and police.in_order),
        "police_basis": police.basis if police else "",
        "police_shown_on": police.shown_on if police else None,
        "police_oldest_on": months_before(row.first_day, months) if row.first_day else None,
    }


def _county(row: Any) -> dict[str, Any]:
    missing = tuple(name for kind, name in ENCLOSURES if getattr(row, f"enclosure_{kind}") not in {"there", "not_relevant"})
    return {
        "enclosures_missing": missing,
        "has_work_contract": row.enclosure_work_contract == "there",
        "application_sent_on": row.sent_on,
        "contract_number": row.number or "",
    }


def _exams(row: Any) -> dict[str, Any]:
    newest = row.newest_result
    return {
        "exam": row.exam_state,
        "recommended_by": row.recommender or "",
        "trade_test_attempts": row.attempts,
        # A planned next attempt has no result yet: the one that counts is then the failed one before it.
        "trade_test_result": newest or ("failed" if row.failed_before else ""),
        "next_attempt_planned": bool(row.failed_before and newest == ""),
    }


def _ending(row: Any) -> dict[str, Any]:
    done = {kind for kind in ENDING_NAMES if getattr(row, f"ended_{kind}")}
    if not row.loans_out:
        done.add("loans")
    return {
        "ending_open": tuple(name for kind, name in ENDING_TASKS if kind not in done),
        "leave_open_from": row.leave_from,
    }


def shown_role(role: str) -> str:
    """Gives the role as people read it."""
    return str(ROLE_NAMES.get(role, role))


__all__ = ["ASKED_PARTIES", "GROUPS", "NEXT_STEP", "NEXT_STEP_GROUPS", "facts_of", "main_placement", "next_step_facts"]
