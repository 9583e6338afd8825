"""What pages show of assignments: one participant's, the teacher's list, those to choose among, and the fadder's part."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, F, IntegerField, Max, Prefetch, Q, QuerySet, Value, When
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from fagbrev.audit.log import note_looks
from fagbrev.dates import date_words, days_words
from fagbrev.people.models import User
from fagbrev.people.roles import COORDINATOR, DELTAKER, FADDER, FAGLAERER, NORSKLAERER, roles_of
from fagbrev.periods import holds_on
from followup.models.practice import DONE, GIVEN, HANDED_IN, WITHDRAWN, Assignment, AssignmentGoal, HandIn
from participants.access import Record, enrolments_for, fadder_placements
from participants.extras import url_for
from participants.models import CohortMember, Enrolment
from participants.workflow import OPEN
from programmes.models import Cohort, CompetenceGoal

SECTION = "assignments"
TEACHERS = frozenset({COORDINATOR, FAGLAERER, NORSKLAERER})
SEES_ANSWERS = TEACHERS | {DELTAKER}  # the fadder reads what is to be done at work, and nothing of answers and feedback
PER_PAGE = 25
MOST_CHOICES = 300
RECENTLY = timedelta(days=14)
VIEWS = {
    "venter": ("Venter på svar", Q(state=HANDED_IN)),
    "apne": ("Skal leveres", Q(state=GIVEN)),
    "ferdig": ("Ferdig", Q(state=DONE)),
    "alle": ("Alle", ~Q(state=WITHDRAWN)),
}


@dataclass
class ShownAssignment:
    """An assignment as pages draw it; `due` and `when` are words."""

    row: Assignment
    url: str
    answer_url: str
    due: str
    is_late: bool
    when: str
    minutes: str


def shown(row: Assignment, participant_id: str, today: date, *, lop: str = "") -> ShownAssignment:
    """Gives one assignment with its words; no query."""
    suffix = f"?lop={lop}" if lop else ""
    late = row.state == GIVEN and row.due_on is not None and row.due_on < today
    due = ""
    if row.due_on:
        due = f"{date_words(row.due_on)}"
        if row.state == GIVEN:
            due += f" ({days_words((row.due_on - today).days)})"
    when = {
        GIVEN: f"Gitt {date_words(row.given_on)}",
        HANDED_IN: "Levert. Læreren skal se på den.",
        DONE: f"Ferdig {date_words(row.done_on)}" if row.done_on else "Ferdig",
        WITHDRAWN: "Trukket tilbake",
    }[row.state]
    return ShownAssignment(
        row,
        reverse("oppgave_detail", args=[participant_id, row.public_id]) + suffix,
        reverse("oppgave_svar", args=[participant_id, row.public_id]) + suffix,
        due,
        late,
        when,
        f"{row.minutes_with_fadder} minutter" if row.minutes_with_fadder else "",
    )


@dataclass
class OnRecord:
    """The assignments of one enrolment by what is to happen with them."""

    to_do: list[ShownAssignment] = field(default_factory=list)
    handed_in: list[ShownAssignment] = field(default_factory=list)
    done: list[ShownAssignment] = field(default_factory=list)
    withdrawn: list[ShownAssignment] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """True when nothing has been given."""
        return not (self.to_do or self.handed_in or self.done or self.withdrawn)


def _with_goals(rows: QuerySet[Assignment]) -> QuerySet[Assignment]:
    return rows.prefetch_related(
        Prefetch("goals", AssignmentGoal.objects.select_related("goal").order_by("place"), to_attr="shown_goals")
    )


def on_record(found: Record) -> OnRecord:
    """Gives the enrolment's assignments: what is to be done by day, then what is handed in, then done, newest first. Two queries."""
    rows = _with_goals(Assignment.objects.filter(enrolment=found.enrolment))
    rows = rows.order_by(F("due_on").asc(nulls_last=True), "given_on", "pk")
    page, lop = OnRecord(), _lop(found)
    for row in rows:
        group = {GIVEN: page.to_do, HANDED_IN: page.handed_in, DONE: page.done, WITHDRAWN: page.withdrawn}[row.state]
        group.append(shown(row, found.participant.public_id, found.today, lop=lop))
    page.done.sort(key=lambda one: (one.row.done_on or date.min, one.row.pk), reverse=True)
    return page


def _lop(found: Record) -> str:
    return url_for("participant_oppgaver", found).partition("?lop=")[2]


def assignment_of(found: Record, row_id: str) -> Assignment:
    """Gives one of the enrolment's assignments with its goals. Raises Http404."""
    row = _with_goals(Assignment.objects.filter(enrolment=found.enrolment, public_id=row_id)).select_related(
        "created_by", "feedback_by", "enrolment"
    )
    held = row.first()
    if held is None:
        raise Http404
    return held


def sees_answers(found: Record) -> bool:
    """Tells whether the user reads what is handed in here and the feedback: a fadder does not."""
    return bool(found.roles_reading(SECTION) & SEES_ANSWERS)


def hand_ins_of(assignment: Assignment) -> list[HandIn]:
    """Gives what has been handed in, newest first."""
    return list(HandIn.objects.filter(assignment=assignment).select_related("by").order_by("-at", "-pk"))


def hand_in_file(assignment: Assignment, hand_in_id: str) -> HandIn:
    """Gives the hand-in whose file is asked for, or the newest with a file. Raises Http404."""
    rows = HandIn.objects.filter(assignment=assignment).exclude(file="").order_by("-at", "-pk")
    held = (rows.filter(public_id=hand_in_id) if hand_in_id else rows).first()
    if held is None:
        raise Http404
    return held


def detail_of(found: Record, row: Assignment) -> dict[str, Any]:
    """Gives what the page of one assignment shows; answers and feedback only to those who read them. One query."""
    answers = sees_answers(found)
    return {
        "assignment": row,
        "shown": shown(row, found.participant.public_id, found.today, lop=_lop(found)),
        "hand_ins": hand_ins_of(row) if answers else [],
        "feedback": row.feedback if answers else "",
        "sees_answers": answers,
        "is_teacher": bool(found.roles_here & TEACHERS) and found.writes(SECTION),
        "may_answer": DELTAKER in found.roles_here and found.writes(SECTION) and row.state in {GIVEN, HANDED_IN},
        "is_over": row.state in {DONE, WITHDRAWN},
        "lop": found.enrolment.public_id,
    }


# --- Choosing whom, and which goals ------------------------------------------------------------------------


def may_be_given(user: User, today: date) -> QuerySet[Enrolment]:
    """Gives the enrolments to whom the user may give assignments: those who are on their way, and no deltaker to oneself."""
    return (
        enrolments_for(user, SECTION, "write", today=today)
        .filter(status__in=set(OPEN) - {"referred", "interviewed", "waitlisted"})
        .exclude(participant__user=user)
    )


@dataclass
class Choices:
    """Those to choose among, by trade, and the groups they are in."""

    cohorts: list[Any]
    people: list[Enrolment]
    is_cut: bool


def choices_for(user: User, today: date) -> Choices:
    """Gives groups with how many of one's own are in each, and people by name; two queries. At most 300 people are listed."""
    mine = may_be_given(user, today)
    members = CohortMember.objects.filter(holds_on(today), enrolment__in=mine)
    counts = dict(members.order_by().values_list("cohort_id").annotate(Count("enrolment", distinct=True)))
    cohorts = list(Cohort.objects.filter(pk__in=counts).select_related("trade").order_by("trade__order", "name"))
    for cohort in cohorts:
        cohort.count = counts[cohort.pk]  # type: ignore[attr-defined]
    people = list(
        mine.select_related("participant", "trade").order_by("trade__order", "participant__sort_name", "pk")[: MOST_CHOICES + 1]
    )
    return Choices(cohorts, people[:MOST_CHOICES], len(people) > MOST_CHOICES)


def recipients_for(user: User, today: date, *, people: Sequence[str], cohorts: Sequence[str]) -> list[Enrolment]:
    """Gives the enrolments that an address names. Raises Http404 when one of them is not the user's to give to.

    A group counts as those of it who are the user's own.
    """
    if not people and not cohorts:
        return []
    mine = may_be_given(user, today)
    in_cohorts = CohortMember.objects.filter(holds_on(today), cohort__public_id__in=cohorts, enrolment__isnull=False)
    rows = mine.filter(Q(public_id__in=people) | Q(pk__in=in_cohorts.values("enrolment"))).select_related("participant", "trade")
    found = list(rows.order_by("participant__sort_name", "pk"))
    if set(people) - {row.public_id for row in found}:
        raise Http404
    return found


def common_goals(enrolments: Iterable[Enrolment]) -> tuple[list[CompetenceGoal], dict[str, dict[int, int]]]:
    """Gives the goals that everybody's curriculum has, by code, as the first one words them; and by code the goal's id by curriculum.

    One query. Nobody without a curriculum has goals in common with others.
    """
    wanted = {row.curriculum_id for row in enrolments}
    if None in wanted or not wanted:
        return [], {}
    by_code: dict[str, dict[int, int]] = {}
    first: dict[str, CompetenceGoal] = {}
    goals = CompetenceGoal.objects.filter(goal_set__curriculum__in=wanted).select_related("goal_set")
    for goal in goals.order_by("goal_set__order", "order", "pk"):
        by_code.setdefault(goal.code, {})[goal.goal_set.curriculum_id] = goal.pk
        first.setdefault(goal.code, goal)
    shared = [goal for code, goal in first.items() if set(by_code[code]) == wanted]
    return shared, {goal.code: by_code[goal.code] for goal in shared}


def goals_by_curriculum(codes: Sequence[str], known: dict[str, dict[int, int]]) -> dict[int, list[int]]:
    """Gives the chosen goals' ids by curriculum."""
    found: dict[int, list[int]] = {}
    for code in codes:
        for curriculum, goal in known[code].items():
            found.setdefault(curriculum, []).append(goal)
    return found


# --- The teachers' list ------------------------------------------------------------------------------------


@dataclass
class ListPage:
    """One page of /oppgaver/: the tabs with numbers, and the rows."""

    tabs: list[dict[str, Any]]
    page: Page[Any]
    view: str


def list_page(user: User, today: date, *, view: str, number: str | None) -> ListPage:
    """Gives a page of the assignments in scope: what waits for feedback first, longest waiting on top. Four queries, and a look each."""
    mine = enrolments_for(user, SECTION, today=today)
    rows = Assignment.objects.filter(enrolment__in=mine)
    counts = rows.aggregate(**{key: Count("pk", filter=condition) for key, (_label, condition) in VIEWS.items()})
    if view not in VIEWS:
        view = "venter" if counts["venter"] else "apne"
    order = Case(When(state=HANDED_IN, then=Value(0)), When(state=GIVEN, then=Value(1)), default=Value(2),
                 output_field=IntegerField())  # fmt: skip
    listed = (
        rows.filter(VIEWS[view][1])
        .annotate(handed_in_at=Max("hand_ins__at"), order=order)
        .select_related("enrolment__participant", "enrolment__trade")
        .order_by(
            "order", F("handed_in_at").asc(nulls_last=True) if view == "venter" else F("due_on").asc(nulls_last=True), "-pk"
        )
    )
    page = Paginator(listed, PER_PAGE).get_page(number)
    waiting: list[Any] = list(page.object_list)
    page.object_list = waiting
    for row in waiting:
        row.shown = shown(row, row.enrolment.participant.public_id, today, lop=row.enrolment.public_id)
        row.waited = _waited(row.handed_in_at, today) if row.state == HANDED_IN else ""
    pairs = {(row.enrolment.participant_id, row.enrolment_id) for row in page.object_list}
    note_looks(user=user, roles=roles_of(user, today), pairs=sorted(pairs), page="oppgaver", sections=[SECTION], act="list")
    tabs = [
        {"label": label, "url": f"?vis={key}", "current": key == view, "count": counts[key]} for key, (label, _q) in VIEWS.items()
    ]
    return ListPage(tabs, page, view)


def _waited(handed_in_at: Any, today: date) -> str:
    if handed_in_at is None:
        return ""
    days = (today - timezone.localdate(handed_in_at)).days
    return "Levert i dag" if days <= 0 else "Levert i går" if days == 1 else f"Levert for {days} dager siden"


# --- The fadder's part ---------------------------------------------------------------------------------------


def assignments_for_fadder(user: User, today: date) -> list[dict[str, Any]]:
    """Gives what those the user is fadder for are to do at work, by day, and what was done in the last 14 days; one query.

    Each row: name, title, at_work, minutes (a number or None), due (words), is_late, is_done, when (words), url. Nothing of
    answers or feedback.
    """
    if FADDER not in roles_of(user, today):
        return []
    own = fadder_placements(user, today).values("enrolment")
    rows = (
        Assignment.objects.filter(
            Q(state__in=[GIVEN, HANDED_IN]) | Q(state=DONE, done_on__gte=today - RECENTLY),
            enrolment__in=enrolments_for(user, SECTION, today=today).filter(pk__in=own),
        )
        .select_related("enrolment__participant")
        .order_by(
            Case(When(state=GIVEN, then=0), When(state=HANDED_IN, then=1), default=2), F("due_on").asc(nulls_last=True), "pk"
        )
    )
    found = []
    for row in rows:
        person = row.enrolment.participant
        words = shown(row, person.public_id, today, lop=row.enrolment.public_id)
        found.append(
            {
                "name": person.first_name, "title": row.title, "at_work": row.at_work, "minutes": row.minutes_with_fadder,
                "due": words.due, "is_late": words.is_late, "is_done": row.state == DONE, "state": row.state,
                "when": words.when, "url": words.url,
            }
        )  # fmt: skip
    return found
