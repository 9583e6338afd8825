"""The rule about concerns: an answer within a week, by the koordinator (V6: leder tells, koordinator follows up)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.urls import reverse

from fagbrev.duties.rules import Due, Rule, Terms
from fagbrev.people.roles import COORDINATOR
from followup.action_rows import local_day
from followup.models import Concern

WAITING = ("new", "seen")


class ConcernFacts(NamedTuple):
    """A concern without an answer."""

    public_id: str
    raised_on: date
    enrolment: int
    participant: int
    trade: int | None
    protection: str


def answer_concern(facts: ConcernFacts, terms: Terms, today: date) -> Iterator[Due]:
    """Someone has told of something, and is to have an answer: 7 days, a setting."""
    yield Due(
        rule="concern_answer", subject_type="concern", subject_id=facts.public_id, occurrence="", owner_role=COORDINATOR,
        due_on=facts.raised_on + timedelta(days=terms.days("concern_days")), begins_on=facts.raised_on, opens_on=facts.raised_on,
        since_on=facts.raised_on, participant_id=facts.participant, enrolment_id=facts.enrolment, trade_id=facts.trade,
        protection=facts.protection,
    )  # fmt: skip


def _url(duty: Any, participant: str, enrolment: str) -> str:
    return f"{reverse('melding_svar', args=[participant, duty.subject_id])}?lop={enrolment}" if participant else ""


ANSWER = Rule(
    "concern_answer", "concern", (COORDINATOR,), "concerns", "Svar på melding", "Svar", answer_concern, _url,
    ("melding som venter på svar", "meldinger som venter på svar"), ("open", "0"), weekly=True, at_once=True, since="meldt",
    days_setting="concern_days", when_imported="keep", source="V6, leder og koordinator",
)  # fmt: skip
RULES: tuple[Rule, ...] = (ANSWER,)


def derive(terms: Terms, people: Collection[int] | None = None) -> Iterable[Due]:
    """Gives every duty of these rules, or those of some participants; one query."""
    rows = Concern.objects.filter(state__in=WAITING)
    if people is not None:
        rows = rows.filter(enrolment__participant__in=people)
    columns = (
        "public_id", "raised_at", "enrolment_id", "enrolment__participant_id", "enrolment__trade_id",
        "enrolment__participant__address_protection",
    )  # fmt: skip
    for public_id, raised_at, *about in rows.order_by("pk").values_list(*columns):
        yield from ANSWER.find(ConcernFacts(public_id, local_day(raised_at), *about), terms, terms.today)
