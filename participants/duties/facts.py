"""What the rules ask of enrolments, fetched for one participant or for all with the same few queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from participants.models import (
    AdmissionVoice,
    CountyApplication,
    EndingTask,
    Enrolment,
    FundingPeriod,
    IncomePeriod,
    IntakeInterview,
    Leave,
    Loan,
    NorwegianTest,
    Placement,
    PlacementFadder,
    PoliceCertificate,
    Readiness,
    Referral,
    Signature,
    TradeTest,
    TrainingContract,
    WorkStatus,
    WrittenExam,
)
from participants.workflow import ENDED, OPEN, WITH_PLACEMENT
from programmes.models import Trade, WorkplaceApproval

AWAITING_ADMISSION = ["referred", "interviewed"]
PLACED_ON = [*WITH_PLACEMENT, "on_leave"]
SIGNED_BY_ALL = 3


class PlacementFacts(NamedTuple):
    """A placement that is not over, or the last one."""

    pk: int
    public_id: str
    workplace: int
    is_main: bool
    starts_on: date | None
    ends_on: date | None
    requested_on: date | None
    extra_person_confirmed_on: date | None
    county_told_on: date | None
    strict_police: bool
    wishes_approval: str  # state of the workplace's approval in the trade
    approval_lapsed_on: date | None
    signed_by: frozenset[str]  # parties who signed the placement's own, not replaced, agreement
    leder_signed_on: date | None
    faddere: tuple[FadderFacts, ...]


class FadderFacts(NamedTuple):
    """One fadder's period."""

    public_id: str
    starts_on: date | None
    ends_on: date | None


class PeriodFacts(NamedTuple):
    """An income or a funding from-to."""

    public_id: str
    starts_on: date | None
    ends_on: date | None


class LeaveFacts(NamedTuple):
    """A leave."""

    public_id: str
    starts_on: date | None
    expected_end_on: date | None
    ended_on: date | None
    county_form_sent_on: date | None


class ExamFacts(NamedTuple):
    """A row of the written exam in the trade's code."""

    state: str
    window: int | None
    said_on: date | None
    registered_on: date | None
    result_on: date | None


class TestFacts(NamedTuple):
    """An attempt at the trade test."""

    public_id: str
    attempt: int
    registered_on: date | None
    lead_told_on: date | None
    result: str


class LevelFacts(NamedTuple):
    """A row of a Norwegian test."""

    part: str
    state: str
    level: str
    window: int | None
    said_on: date | None
    registered_on: date | None


class TradeFacts(NamedTuple):
    """What the rules ask of a trade."""

    exam_code: str
    police_certificate_required: bool
    goal_oral: str
    goal_written: str


@dataclass(slots=True)
class EnrolmentFacts:
    """Everything the rules ask of one enrolment."""

    pk: int
    public_id: str
    participant: int
    protection: str
    trade_id: int | None
    status: str
    status_since: date | None
    status_before_leave: str
    started_on: date | None
    ended_on: date | None
    imported_on: date | None
    contract_starts_on: date | None
    contract_ends_on: date | None
    trade: TradeFacts | None = None
    referred_on: date | None = None
    knows_of_referral: bool | None = None
    informed_on: date | None = None
    interview_held_on: date | None = None
    voices: frozenset[str] = frozenset()
    police_in_order: bool = False
    contract: str = ""  # public id of the newest version
    contract_decided_on: date | None = None
    applications: list[tuple[str, date, str]] = field(default_factory=list)  # public id, sent, answer; oldest first
    placements: list[PlacementFacts] = field(default_factory=list)  # by first day
    leaves: list[LeaveFacts] = field(default_factory=list)
    exams: list[ExamFacts] = field(default_factory=list)
    ready: dict[str, date] = field(default_factory=dict)  # kind -> the newest day somebody said so
    tests: list[TestFacts] = field(default_factory=list)  # by attempt
    levels: list[LevelFacts] = field(default_factory=list)
    incomes: list[PeriodFacts] = field(default_factory=list)
    fundings: list[PeriodFacts] = field(default_factory=list)
    county_form_done: bool = False
    work_months: frozenset[int] = frozenset()

    @property
    def is_open(self) -> bool:
        """True until a final state."""
        return self.status not in ENDED

    @property
    def county_knows(self) -> bool:
        """True when the county has a contract or an application for the enrolment."""
        return self.contract_starts_on is not None or bool(self.applications)

    def main_placement(self) -> PlacementFacts | None:
        """The main placement that is not over, or None."""
        return next((row for row in self.placements if row.is_main and row.ends_on is None), None)


class LoanFacts(NamedTuple):
    """Something lent to one whose every enrolment has ended."""

    public_id: str
    participant: int
    enrolment: int
    enrolment_public_id: str
    trade_id: int | None
    protection: str
    ended_on: date
    imported_on: date | None


Rows = dict[int, list[tuple[Any, ...]]]


def _of(rows: QuerySet[Any], path: str, people: Collection[int] | None) -> QuerySet[Any]:
    return rows if people is None else rows.filter(**{f"{path}__in": people})


def _grouped(rows: QuerySet[Any], *columns: str) -> Rows:
    """Rows by their first column; the number of rows never adds a query.

    Tuples of what the rules ask, read at once: a cursor on the server costs three turns, and few rows need none.
    """
    found: Rows = defaultdict(list)
    for row in rows.values_list(*columns):
        found[row[0]].append(row[1:])
    return found


def _asked(found: list[EnrolmentFacts], people: Collection[int] | None, statuses: Collection[str]) -> bool:
    """Tells whether any of some participants is in a status that the rows are asked for; for everybody always, so that the number
    of queries is the same for few and for many."""
    return people is None or any(row.status in statuses for row in found)


def enrolment_facts(people: Collection[int] | None = None) -> list[EnrolmentFacts]:
    """Gives the facts of every enrolment that may have duties: open ones, completed and broken off ones."""
    wanted = Enrolment.objects.filter(status__in=[*OPEN, "completed", "terminated"])
    columns = (
        "pk", "public_id", "participant_id", "participant__address_protection", "trade_id", "status", "status_since",
        "status_before_leave", "started_on", "ended_on", "imported_on", "contract_starts_on", "contract_ends_on",
    )  # fmt: skip
    found = [EnrolmentFacts(*row) for row in _of(wanted, "participant", people).values_list(*columns)]
    if not found:
        return []
    trades = {
        row[0]: TradeFacts(*row[1:])
        for row in Trade.objects.values_list(
            "pk", "written_exam_code", "police_certificate_required", "goal_oral", "goal_written"
        )
    }
    for row in found:
        row.trade = trades.get(row.trade_id) if row.trade_id else None
    _add_intake(found, people)
    _add_placements(found, people)
    _add_county(found, people)
    _add_exams(found, people)
    _add_money_and_after(found, people)
    return found


def _add_intake(found: list[EnrolmentFacts], people: Collection[int] | None) -> None:
    early = Q(enrolment__status__in=AWAITING_ADMISSION)
    path = "enrolment__participant"
    referrals = _grouped(
        _of(
            Referral.objects.filter(early | Q(knows_of_referral=False, informed_on=None, enrolment__status__in=OPEN)),
            path,
            people,
        ),
        "enrolment_id", "referred_on", "knows_of_referral", "informed_on",
    )  # fmt: skip
    interviews: Rows = {}
    voices: Rows = {}
    if _asked(found, people, AWAITING_ADMISSION):
        interviews = _grouped(_of(IntakeInterview.objects.filter(early), path, people), "enrolment_id", "held_on")
        voices = _grouped(_of(AdmissionVoice.objects.filter(early), path, people), "enrolment_id", "voice")
    for row in found:
        if row.pk in referrals:
            row.referred_on, row.knows_of_referral, row.informed_on = referrals[row.pk][0]
        if row.pk in interviews:
            row.interview_held_on = interviews[row.pk][0][0]
        if row.pk in voices:
            row.voices = frozenset(voice for (voice,) in voices[row.pk])


def _add_placements(found: list[EnrolmentFacts], people: Collection[int] | None) -> None:
    if not _asked(found, people, ["admitted", "onboarding", *PLACED_ON]):
        return
    path = "enrolment__participant"
    going = Q(enrolment__status__in=["admitted", "onboarding", *PLACED_ON])
    placements = _grouped(
        _of(Placement.objects.filter(going), path, people).order_by("starts_on", "pk"),
        "enrolment_id", "pk", "public_id", "workplace_id", "is_main", "starts_on", "ends_on", "requested_on",
        "extra_person_confirmed_on", "county_told_on", "workplace__police_certificate_required",
    )  # fmt: skip
    faddere = _grouped(
        _of(
            PlacementFadder.objects.filter(placement__enrolment__status__in=PLACED_ON, placement__ends_on=None),
            "placement__" + path,
            people,
        ).order_by("starts_on", "pk"),
        "placement_id", "public_id", "starts_on", "ends_on",
    )  # fmt: skip
    signed = _grouped(
        _of(
            Signature.objects.filter(
                agreement__kind="participation", agreement__replaced_on=None, agreement__enrolment__status__in=PLACED_ON
            ),
            "agreement__" + path,
            people,
        ),
        "agreement__enrolment_id", "party", "signed_on",
    )  # fmt: skip
    approvals: dict[tuple[int, int | None], Any] = {
        row[:2]: row[2:] for row in WorkplaceApproval.objects.values_list("workplace_id", "trade_id", "state", "lapsed_on")
    }
    police = set(
        _of(
            PoliceCertificate.objects.filter(in_order=True, enrolment__status__in=["admitted", "onboarding", "placed"]),
            path,
            people,
        ).values_list("enrolment_id", flat=True)
    )
    for row in found:
        row.police_in_order = row.pk in police
        parties: dict[str, date] = dict(signed.get(row.pk, []))
        for pk, public_id, workplace, is_main, starts, ends, requested, extra, told, strict in placements.get(row.pk, []):
            state, lapsed_on = approvals.get((workplace, row.trade_id), ("", None))
            row.placements.append(
                PlacementFacts(
                    pk,
                    public_id,
                    workplace,
                    is_main,
                    starts,
                    ends,
                    requested,
                    extra,
                    told,
                    strict,
                    state,
                    lapsed_on,
                    frozenset(parties) if is_main else frozenset(),
                    parties.get("leder") if is_main else None,
                    tuple(FadderFacts(*period) for period in faddere.get(pk, [])),
                )  # fmt: skip
            )


def _add_county(found: list[EnrolmentFacts], people: Collection[int] | None) -> None:
    if not _asked(found, people, [*PLACED_ON, "terminated"]):
        return
    path = "enrolment__participant"
    going = Q(enrolment__status__in=[*PLACED_ON, "terminated"])
    applications = _grouped(
        _of(CountyApplication.objects.filter(going), path, people).order_by("sent_on", "pk"),
        "enrolment_id", "public_id", "sent_on", "answer",
    )  # fmt: skip
    contracts = _grouped(
        _of(TrainingContract.objects.filter(enrolment__status__in=PLACED_ON), path, people).order_by("order"),
        "enrolment_id", "public_id", "decided_on",
    )  # fmt: skip
    leaves = _grouped(
        _of(Leave.objects.filter(enrolment__status__in=PLACED_ON), path, people).order_by("starts_on", "pk"),
        "enrolment_id", "public_id", "starts_on", "expected_end_on", "ended_on", "county_form_sent_on",
    )  # fmt: skip
    sent = EndingTask.objects.filter(Q(done_on__isnull=False) | ~Q(waived_reason=""), kind="county_form")
    ended = _asked(found, people, ["terminated"])
    forms = set(_of(sent, path, people).values_list("enrolment_id", flat=True)) if ended else set()
    for row in found:
        row.applications = [(public_id, sent_on, answer) for public_id, sent_on, answer in applications.get(row.pk, [])]
        if row.pk in contracts:
            row.contract, row.contract_decided_on = contracts[row.pk][-1]
        row.leaves = [LeaveFacts(*leave) for leave in leaves.get(row.pk, [])]
        row.county_form_done = row.pk in forms


def _add_exams(found: list[EnrolmentFacts], people: Collection[int] | None) -> None:
    if not _asked(found, people, OPEN):
        return
    path = "enrolment__participant"
    exams = _grouped(
        _of(WrittenExam.objects.filter(participant__enrolments__status__in=PLACED_ON), "participant", people)
        .order_by("pk").distinct(),
        "participant_id", "exam_code", "state", "window_id", "said_registered_on", "registered_on", "result_on", "pk",
    )  # fmt: skip
    levels = _grouped(
        _of(NorwegianTest.objects.filter(participant__enrolments__status__in=OPEN), "participant", people)
        .order_by("pk").distinct(),
        "participant_id", "part", "state", "level", "window_id", "said_registered_on", "registered_on", "pk",
    )  # fmt: skip
    ready = _grouped(
        _of(Readiness.objects.filter(withdrawn_on=None, enrolment__status__in=OPEN), path, people).order_by("given_on"),
        "enrolment_id", "kind", "given_on",
    )  # fmt: skip
    tests = _grouped(
        _of(TradeTest.objects.filter(enrolment__status__in=PLACED_ON), path, people).order_by("attempt"),
        "enrolment_id", "public_id", "attempt", "registered_on", "lead_told_on", "result",
    )  # fmt: skip
    for row in found:
        code = row.trade.exam_code if row.trade else ""
        row.exams = [ExamFacts(*exam[1:-1]) for exam in exams.get(row.participant, []) if code and exam[0] == code]
        row.levels = [LevelFacts(*level[:-1]) for level in levels.get(row.participant, [])]
        row.ready = dict(ready.get(row.pk, []))
        row.tests = [TestFacts(*test) for test in tests.get(row.pk, [])]


def _add_money_and_after(found: list[EnrolmentFacts], people: Collection[int] | None) -> None:
    path, period = "enrolment__participant", ("enrolment_id", "public_id", "starts_on", "ends_on")
    incomes: Rows = {}
    fundings: Rows = {}
    after: Rows = {}
    if _asked(found, people, OPEN):
        incomes = _grouped(_of(IncomePeriod.objects.filter(enrolment__status__in=OPEN), path, people), *period)
        fundings = _grouped(_of(FundingPeriod.objects.filter(enrolment__status__in=OPEN), path, people), *period)
    if _asked(found, people, ["completed"]):
        after = _grouped(_of(WorkStatus.objects.filter(enrolment__status="completed"), path, people), "enrolment_id", "months")
    for row in found:
        row.incomes = [PeriodFacts(*one) for one in incomes.get(row.pk, [])]
        row.fundings = [PeriodFacts(*one) for one in fundings.get(row.pk, [])]
        row.work_months = frozenset(months for (months,) in after.get(row.pk, []))


def loan_facts(people: Collection[int] | None = None) -> list[LoanFacts]:
    """Gives what is still lent, work clothes apart, to those whose every enrolment has ended; the newest ending counts."""
    lent = _of(Loan.objects.filter(state="lent").exclude(kind="clothes"), "participant", people)
    rows = lent.exclude(participant__enrolments__status__in=OPEN).order_by("pk")
    loans = list(rows.values_list("public_id", "participant_id"))
    if people is not None and not loans:
        return []
    ended: dict[int, tuple[Any, ...]] = {}
    wanted = _of(
        Enrolment.objects.filter(ended_on__isnull=False, participant__loans__state="lent").exclude(
            participant__enrolments__status__in=OPEN
        ),
        "participant",
        people,
    )
    columns = (
        "participant_id", "pk", "public_id", "trade_id", "participant__address_protection", "ended_on", "imported_on"
    )  # fmt: skip
    for row in wanted.order_by("ended_on", "pk").distinct().values_list(*columns):
        ended[row[0]] = row[1:]
    return [LoanFacts(loan, person, *ended[person]) for loan, person in loans if person in ended]
