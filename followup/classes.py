"""The class page and the class register: whose cohorts, who is in them on a day, and what stands in each cell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from fagbrev.access.restrictions import blocked_participants
from fagbrev.audit.log import note_looks
from fagbrev.dates import date_words
from fagbrev.people.models import User
from fagbrev.people.roles import COORDINATOR, FAGLAERER, NORSKLAERER, roles_of
from fagbrev.periods import holds_on
from followup.language_queries import newest_levels
from followup.level_chart import LEVEL_NAMES
from followup.models import Absence, GuestAbsence, Lesson
from followup.models.language import TEACHING
from participants.access import enrolments_for
from participants.caseload.table import short_date
from participants.exam_windows import goal_of, level_rank
from participants.models import CohortMember, Enrolment
from participants.models.exams import PARTS
from programmes.models import Cohort, TeachingAssignment, TeachingSession
from programmes.queries import teaching_day_off

FURTHEST_BACK = 60


def cohorts_for(user: User, today: date) -> QuerySet[Cohort]:
    """Gives the cohorts whose class the user has: a teacher's own, all for a koordinator."""
    rows = Cohort.objects.filter(holds_on(today)).select_related("trade").order_by("trade__order", "name")
    held = roles_of(user, today)
    if COORDINATOR in held:
        return rows
    mine = TeachingAssignment.objects.active(today).filter(user=user, role__in=held & {FAGLAERER, NORSKLAERER})
    return rows.filter(
        Q(pk__in=mine.filter(cohort__isnull=False).values("cohort"))
        | Q(trade__in=mine.filter(cohort__isnull=True).values("trade"))
    )


def cohort_of(user: User, public_id: str, today: date) -> Cohort:
    """Gives the cohort. Raises Http404 alike for what is not there and what is not the user's."""
    row = cohorts_for(user, today).filter(public_id=public_id).first()
    if row is None:
        raise Http404
    return row


@dataclass
class Group:
    """A cohort in the list: how many take part, and how many guests."""

    cohort: Cohort
    count: int
    guests: int


def groups_for(user: User, today: date) -> list[Group]:
    """Gives the user's cohorts with how many are in each, cut to the user's scope; two queries."""
    cohorts = list(cohorts_for(user, today))
    in_scope = enrolments_for(user, "identity", today=today)
    counted = (
        CohortMember.objects.filter(holds_on(today), cohort__in=cohorts)
        .values("cohort")
        .annotate(
            count=Count("pk", filter=Q(enrolment__in=in_scope.values("pk"))), guests=Count("pk", filter=_guests(user, today))
        )
    )
    by_cohort: dict[int, Any] = {row["cohort"]: row for row in counted}
    return [Group(one, *(by_cohort.get(one.pk, {}).get(key, 0) for key in ("count", "guests"))) for one in cohorts]


def _guests(user: User, today: date) -> Q:
    """Ordinary apprentices of a class: members without an enrolment. Restrictions and strict protection hold for them too."""
    blocked = blocked_participants(user, today)
    found = Q(enrolment__isnull=True) & ~Q(participant__address_protection="strengt_fortrolig")
    return found & ~Q(participant__in=blocked) if blocked else found


def members_of(cohort: Cohort, user: User, section: str, *, right: Any = "read", on: date, today: date) -> list[CohortMember]:
    """Gives the members of the cohort on a day whose section the user reads (or writes), by name; guests last."""
    mine = enrolments_for(user, section, right, today=today)
    rows = CohortMember.objects.filter(holds_on(on), cohort=cohort)
    rows = rows.filter(Q(enrolment__in=mine.values("pk")) | _guests(user, today))
    found = list(rows.select_related("participant", "enrolment__participant").order_by("participant__sort_name", "pk"))
    once: dict[tuple[bool, int], CohortMember] = {(row.enrolment_id is None, row.participant_id): row for row in found}
    return sorted(once.values(), key=lambda row: row.enrolment_id is None)


def note_class(user: User, members: Iterable[CohortMember], today: date, *, section: str) -> None:
    """Logs a look row per participant of a class that was shown; guests' rows show the name alone."""
    roles = roles_of(user, today)
    rows = list(members)
    own = [(row.participant_id, row.enrolment_id) for row in rows if row.enrolment_id]
    guests = [(row.participant_id, None) for row in rows if not row.enrolment_id]
    note_looks(user=user, roles=roles, pairs=own, page="klassen", sections=["identity", section], act="list")
    shown_of_guests = ["identity", section] if section == "absence" else ["identity"]
    note_looks(user=user, roles=roles, pairs=guests, page="klassen", sections=shown_of_guests, act="list")


# --- The class page ---------------------------------------------------------------------------------------


@dataclass
class Cell:
    """One part of one participant: the last level, and the box to choose a new one."""

    part: str
    part_name: str
    level: str
    when: str
    is_reached: bool
    box: Any = None


@dataclass
class Line:
    """One participant of the class, or a guest without levels."""

    member: CohortMember
    name: str
    cells: list[Cell] = field(default_factory=list)
    is_guest: bool = False


def lines_of(members: list[CohortMember], cohort: Cohort) -> list[Line]:
    """Gives the class page's lines with the last level of each part; one query."""
    levels = newest_levels([row.participant_id for row in members if row.enrolment_id])
    found = []
    for member in members:
        line = Line(member, member.participant.full_name, is_guest=member.enrolment_id is None)
        if not line.is_guest:
            for part, name in PARTS:
                held = levels.get(member.participant_id, {}).get(part)
                is_reached = bool(held and level_rank(held.level) >= level_rank(goal_of(part, cohort.trade)))
                level, when = (LEVEL_NAMES[held.level], short_date(held.observed_on)) if held else ("", "")
                line.cells.append(Cell(part, name.capitalize(), level, when, is_reached))
        found.append(line)
    return found


def people_of(members: list[CohortMember]) -> list[Enrolment]:
    """Gives the enrolments among members, without guests."""
    return [row.enrolment for row in members if row.enrolment is not None]


# --- The register -----------------------------------------------------------------------------------------


@dataclass
class Day:
    """A day of the register: hours by the timetable, and what to know of the day."""

    day: date
    hours: Decimal
    is_off: bool

    @property
    def note(self) -> str:
        """What is said when the day has no teaching."""
        if self.is_off:
            return _("Denne dagen er det ikke undervisning etter kalenderen.")
        if not self.hours:
            return _("Timeplanen har ingen undervisning denne dagen.")
        return ""


class Timetable:
    """A cohort's weekly sessions and the school year around them; two queries."""

    def __init__(self, cohort: Cohort) -> None:
        self.sessions = list(TeachingSession.objects.filter(cohort=cohort))
        self.is_off = teaching_day_off()

    def day(self, day: date) -> Day:
        """Gives a day with its hours."""
        hours = sum(
            (
                row.hours
                for row in self.sessions
                if row.weekday == day.weekday()
                and (row.starts_on is None or row.starts_on <= day)
                and (row.ends_on is None or row.ends_on >= day)
            ),
            Decimal(0),
        )
        return Day(day, hours, self.is_off(day))

    def last_day(self, today: date) -> date:
        """Gives the newest day of teaching up to today; today where there is none."""
        days = (today - timedelta(days=back) for back in range(FURTHEST_BACK))
        return next((day for day in days if self.day(day).hours and not self.is_off(day)), today)

    def around(self, day: date, today: date) -> tuple[date | None, date | None]:
        """Gives the days of teaching before and after a day, the latter not ahead of today."""
        back = (day - timedelta(days=n) for n in range(1, FURTHEST_BACK))
        ahead = (day + timedelta(days=n) for n in range(1, FURTHEST_BACK) if day + timedelta(days=n) <= today)
        before = next((one for one in back if self.day(one).hours and not self.is_off(one)), None)
        return before, next((one for one in ahead if self.day(one).hours and not self.is_off(one)), None)


@dataclass
class Held:
    """What the register of a day holds already: the lesson, and who was away."""

    lesson: Lesson | None
    absences: dict[int, Absence]  # by enrolment
    guests: dict[int, GuestAbsence]  # by member


def held_on(cohort: Cohort, members: list[CohortMember], day: date) -> Held:
    """Gives what is known of the day: three queries."""
    lesson = Lesson.objects.filter(cohort=cohort, held_on=day).select_related("kept_by").first()
    rows = Absence.objects.filter(
        enrolment__in=[row.enrolment_id for row in members if row.enrolment_id], away_from=TEACHING, away_on=day
    )
    guests = GuestAbsence.objects.filter(lesson=lesson) if lesson else []
    return Held(lesson, {row.enrolment_id: row for row in rows}, {row.member_id: row for row in guests})


def day_words(day: date) -> str:
    """Gives a day with its weekday: "tirsdag 3. mars 2027"."""
    names = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")
    return f"{names[day.weekday()]} {date_words(day)}"
