"""The rules about assignments: pure functions of facts, and the facts in bulk."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from fagbrev.duties.rules import Due, Rule, Terms
from fagbrev.people.roles import DELTAKER, FAGLAERER
from followup.models.practice import GIVEN, HANDED_IN, Assignment
from participants.workflow import WITH_PLACEMENT


class AssignmentFacts(NamedTuple):
    """An assignment that somebody is to do something with, of one in practice and not on leave."""

    public_id: str
    state: str
    given_on: date
    due_on: date | None
    handed_in_on: date | None
    enrolment: int
    participant: int
    trade: int | None
    protection: str
    imported_on: date | None


def _due(facts: AssignmentFacts, rule: str, owner: str, due_on: date, begins_on: date, since_on: date | None = None) -> Due:
    return Due(
        rule=rule, subject_type="assignment", subject_id=facts.public_id, occurrence="", owner_role=owner, due_on=due_on,
        begins_on=begins_on, since_on=since_on, participant_id=facts.participant, enrolment_id=facts.enrolment,
        trade_id=facts.trade, protection=facts.protection, imported_on=facts.imported_on,
    )  # fmt: skip


def hand_in(facts: AssignmentFacts, terms: Terms, today: date) -> Iterator[Due]:
    """An assignment is to be handed in by its day."""
    if facts.state == GIVEN and facts.due_on:
        yield _due(facts, "assignment_due", DELTAKER, facts.due_on, facts.given_on)


def feedback(facts: AssignmentFacts, terms: Terms, today: date) -> Iterator[Due]:
    """What is handed in waits for feedback: 7 days, a setting."""
    if facts.state == HANDED_IN and facts.handed_in_on:
        due = facts.handed_in_on + timedelta(days=terms.days("feedback_days"))
        yield _due(facts, "assignment_feedback", FAGLAERER, due, facts.handed_in_on, facts.handed_in_on)


def _url(name: str) -> Any:
    def url(duty: Any, participant: str, enrolment: str) -> str:
        return f"{reverse(name, args=[participant, duty.subject_id])}?lop={enrolment}" if participant else ""

    return url


RULES: tuple[Rule, ...] = (
    Rule(
        "assignment_due", "assignment", (DELTAKER,), "assignments", "Oppgave skal leveres", "Lever oppgaven", hand_in,
        _url("oppgave_svar"), ("oppgave som skal leveres", "oppgaver som skal leveres"), ("-3", "0"), shift="none",
        when_imported="keep", own_words="Lever oppgaven", source="V6, faglærer",
    ),
    Rule(
        "assignment_feedback", "assignment", (FAGLAERER,), "assignments", "Levert oppgave venter på tilbakemelding",
        "Gi tilbakemelding", feedback, _url("oppgave_feedback"),
        ("oppgave som venter på tilbakemelding", "oppgaver som venter på tilbakemelding"), ("0",), by_digest=True, since="levert",
        days_setting="feedback_days", when_imported="keep", source="V6, faglærer",
    ),
)  # fmt: skip


def derive(terms: Terms, people: Collection[int] | None = None) -> Iterable[Due]:
    """Gives every duty of these rules, or those of some participants; one query."""
    rows = Assignment.objects.filter(state__in=[GIVEN, HANDED_IN], enrolment__status__in=WITH_PLACEMENT)
    if people is not None:
        rows = rows.filter(enrolment__participant__in=people)
    columns = (
        "public_id", "state", "given_on", "due_on", "handed_in_at", "enrolment_id", "enrolment__participant_id",
        "enrolment__trade_id", "enrolment__participant__address_protection", "enrolment__imported_on",
    )  # fmt: skip
    for row in rows.annotate(handed_in_at=Max("hand_ins__at")).values_list(*columns):
        facts = AssignmentFacts(*row)
        if row[4] is not None:
            facts = facts._replace(handed_in_on=timezone.localdate(row[4]))
        for rule in RULES:
            yield from rule.find(facts, terms, terms.today)
