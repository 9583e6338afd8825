"""Duties about workplaces, and the terms every rule asks for: numbers, days off, exam windows and semesters of the day."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse

from fagbrev.dates import semester_of
from fagbrev.duties.models import RuleTerms
from fagbrev.duties.reading import Described
from fagbrev.duties.registry import Source
from fagbrev.duties.rules import Due, Rule, Terms, Told
from fagbrev.people.models import RoleGrant, User
from fagbrev.people.roles import COORDINATOR, roles_of
from programmes.models import ExamWindow, NorwegianTestWindow, Semester, WorkplaceApproval
from programmes.queries import days_off
from programmes.settings_in_force import settings_in_force

WINDOWS_AHEAD = timedelta(days=120)  # windows farther off give nobody a duty yet


def terms_on(today: date) -> Terms:
    """Gives what holds for the rules on the day; six queries."""
    near = Q(closes_on__gte=today, opens_on__lte=today + WINDOWS_AHEAD)
    told: dict[str, Told] = {}
    for row in RuleTerms.objects.filter(valid_from__lte=today).order_by("valid_from"):
        told[row.rule] = Told(tuple(row.moments), row.weekly, row.shift)  # type: ignore[arg-type]
    teaching_off, practice_off = days_off()
    return Terms(
        today=today,
        numbers=settings_in_force(today),
        practice_off=practice_off,
        teaching_off=teaching_off,
        told=told,
        frame={
            "exam_windows": list(ExamWindow.objects.filter(near).order_by("opens_on")),
            "norwegian_windows": list(NorwegianTestWindow.objects.filter(near).order_by("opens_on")),
            "semesters": _semesters(today),
        },
    )


def _semesters(today: date) -> list[tuple[str, date, date]]:
    """The semester of the day and the next: the municipality's own where it has one, else the school year's halves."""
    rows = list(Semester.objects.filter(ends_on__gte=today).order_by("starts_on")[:2])
    if rows:
        return [(f"{row.school_year}-{row.season}", row.starts_on, row.ends_on) for row in rows]
    now = semester_of(today)
    return [(f"{now.year}-{now.term}", now.first, now.last)]


def approval_answer(approval: WorkplaceApproval, terms: Terms, today: date) -> Iterator[Due]:
    """The county's answer on a workplace's approval is overdue: 60 days after it was applied for (V6, koordinator)."""
    if approval.state == WorkplaceApproval.APPLIED and approval.applied_on:
        yield Due(
            rule="approval_answer", subject_type="approval", subject_id=approval.public_id, occurrence=approval.applied_on.isoformat(),
            owner_role=COORDINATOR, due_on=approval.applied_on + timedelta(days=terms.days("county_answer_days")),
            begins_on=approval.applied_on, since_on=approval.applied_on, trade_id=approval.trade_id,
        )  # fmt: skip


def _approval_url(duty: Any, participant: str, enrolment: str) -> str:
    return reverse("approval_edit", args=[duty.subject_id])


RULES = (
    Rule(
        "approval_answer", "approval", (COORDINATOR,), "placement", "Spør fylket om godkjenning av arbeidsstedet", "Registrer svaret",
        approval_answer, _approval_url, ("svar om godkjenning av arbeidssted", "svar om godkjenning av arbeidssteder"), ("0",),
        weekly=True, since="søkt", days_setting="county_answer_days", source="V6, koordinator",
    ),
)  # fmt: skip


def derive(terms: Terms, people: Collection[int] | None = None) -> Iterator[Due]:
    """Gives every duty about workplaces; none when only some participants are asked for."""
    if people is not None:
        return
    for approval in WorkplaceApproval.objects.filter(state=WorkplaceApproval.APPLIED):
        for rule in RULES:
            yield from rule.find(approval, terms, terms.today)


def owned_by(user: User, today: date) -> Q:
    """Gives the condition on Duty for what is the koordinator's about workplaces."""
    if COORDINATOR not in roles_of(user, today):
        return Q(pk__in=[])
    return Q(owner_role=COORDINATOR, rule__in=[rule.key for rule in RULES])


def recipients(duties: Collection[Any], today: date) -> dict[int, set[int]]:
    """Gives every koordinator, by the duty's id; one query."""
    everyone = set(RoleGrant.objects.active(today).filter(role=COORDINATOR).values_list("user_id", flat=True))
    return {duty.pk: set(everyone) for duty in duties}


def described(duties: Collection[Any]) -> dict[int, Described]:
    """Gives the workplace and the trade of each duty, by its id; one query."""
    rows = WorkplaceApproval.objects.filter(public_id__in=[duty.subject_id for duty in duties])
    held = {row.public_id: row for row in rows.select_related("workplace", "trade")}
    return {
        duty.pk: Described(
            name=held[duty.subject_id].workplace.name,
            url=held[duty.subject_id].workplace.get_absolute_url(),
            sign={
                "shape": held[duty.subject_id].trade.shape,
                "colour": held[duty.subject_id].trade.colour,
                "name": held[duty.subject_id].trade.short_name,
            },
        )
        for duty in duties
        if duty.subject_id in held
    }


SOURCE = Source(
    key="programmes",
    rules=RULES,
    derive=derive,
    owned_by=owned_by,
    recipients=recipients,
    described=described,
    refresh_all_on=frozenset(
        {
            "programmes.setting",
            "programmes.calendarbreak",
            "programmes.examwindow",
            "programmes.norwegiantestwindow",
            "programmes.semester",
            "programmes.workplaceapproval",
            "fagbrev.ruleterms",
        }
    ),
    moves_days_on=frozenset({"programmes.calendarbreak", "fagbrev.ruleterms"}),
)
