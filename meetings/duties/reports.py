"""The rule about the progress report: to be published 14 days before the steering group meets, once a semester. Not about a participant."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from fagbrev.dates import months_before, semester_of
from fagbrev.duties.reading import Described
from fagbrev.duties.rules import Due, Rule, Terms
from fagbrev.people.models import RoleGrant, User
from fagbrev.people.roles import COORDINATOR, roles_of
from meetings.models import Meeting, ProgressReport
from meetings.models.meetings import CALLED, STEERING_GROUP
from meetings.models.reports import PUBLISHED

SECTION = "meeting_items"
RESTS_ON = ("meetings.meeting", "meetings.progressreport")
BEFORE_THE_MEETING = timedelta(days=14)
STANDS_BEFORE = timedelta(days=28)
MONTHS_BEFORE_THE_END = 2  # of the semester, where no meeting is called


class Semesters(NamedTuple):
    """This semester: whether its report is published, and the day of the steering group's next called meeting in it, if any."""

    first: date
    last: date
    is_published: bool
    meeting_on: date | None


def write_report(facts: Semesters, terms: Terms, today: date) -> Iterator[Due]:
    """The semester's report is not published: 14 days before the called meeting, else two months before the semester ends."""
    if facts.is_published:
        return
    if facts.meeting_on is not None:
        day = facts.meeting_on - BEFORE_THE_MEETING
    else:
        day = months_before(facts.last, MONTHS_BEFORE_THE_END)
    yield Due(
        rule="report_write", subject_type="semester", subject_id=facts.first.isoformat(), occurrence="", owner_role=COORDINATOR,
        due_on=day, begins_on=max(facts.first, day - STANDS_BEFORE),
    )  # fmt: skip


def _url(duty: Any, participant: str, enrolment: str) -> str:
    return reverse("report_list")


RULES: tuple[Rule, ...] = (
    Rule(
        "report_write", "semester", (COORDINATOR,), SECTION, "Skriv framdriftsrapporten", "Skriv rapporten", write_report, _url,
        ("framdriftsrapport som skal skrives", "framdriftsrapporter som skal skrives"), ("-7", "-1"), shift="none",
        source="V8, punkt 17",
    ),
)  # fmt: skip


def derive(terms: Terms, people: Collection[int] | None = None) -> Iterator[Due]:
    """Gives the duty of this semester; none when only some participants are asked for. Two queries."""
    if people is None:
        yield from write_report(facts_of(terms.today), terms, terms.today)


def facts_of(today: date) -> Semesters:
    """Gives what the rule asks about this semester."""
    semester = semester_of(today)
    published = ProgressReport.objects.filter(state=PUBLISHED, first_on=semester.first, trade="", funder="").exists()
    meetings = Meeting.objects.filter(kind=STEERING_GROUP, state=CALLED, starts_at__date__range=(today, semester.last))
    next_at = meetings.order_by("starts_at").values_list("starts_at", flat=True).first()
    return Semesters(semester.first, semester.last, published, timezone.localdate(next_at) if next_at else None)


def owned_by(user: User, today: date) -> Q:
    """Gives the condition on Duty for what is the user's: every koordinator's."""
    if COORDINATOR in roles_of(user, today):
        return Q(rule="report_write", owner_role=COORDINATOR)
    return Q(pk__in=[])


def recipients(duties: Collection[Any], today: date) -> dict[int, set[int]]:
    """Gives the koordinators, by the duty's id; one query."""
    told = set(RoleGrant.objects.active(today).filter(role=COORDINATOR).values_list("user_id", flat=True))
    return {duty.pk: set(told) for duty in duties}


def described(duties: Collection[Any]) -> dict[int, Described]:
    """Gives the semester the report is on; no query."""
    return {duty.pk: Described(note=str(semester_of(date.fromisoformat(duty.subject_id)))) for duty in duties}
