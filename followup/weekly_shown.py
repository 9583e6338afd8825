"""What pages show of the weekly plan: which placement, which week, its days with lines, and the weeks beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import F, QuerySet
from django.http import Http404
from django.urls import reverse

from fagbrev.access.table import Right
from fagbrev.dates import date_words
from followup.models.practice import WeeklyPlan, WeeklyPlanLine
from participants.access import Record, placements_for
from participants.models import Enrolment, Placement
from programmes.models import CompetenceGoal

SECTION = "weekly_plan"
WEEK = timedelta(days=7)
DAY_NAMES = ("Mandag", "Tirsdag", "Onsdag", "Torsdag", "Fredag", "Lørdag", "Søndag")
WORKING_WEEK = (0, 1, 2, 3, 4)
MOST_LINES = 8  # on a day
BOXES = 3  # to write in on an empty day
MOST_AHEAD = timedelta(days=70)


def monday_of(day: date) -> date:
    """Gives the Monday of the day's week."""
    return day - timedelta(days=day.weekday())


def week_code(monday: date) -> str:
    """Gives a week as addresses name it: "2026-48"."""
    year, week, _day = monday.isocalendar()
    return f"{year}-{week:02d}"


def week_asked(text: str, today: date) -> date:
    """Gives the Monday of the week that "2026-48" names; this week's for an empty text. Raises Http404 for what is no week."""
    if not text:
        return monday_of(today)
    year, dash, week = text.partition("-")
    if not (dash and year.isascii() and year.isdigit() and week.isascii() and week.isdigit()):
        raise Http404
    try:
        monday = date.fromisocalendar(int(year), int(week), 1)
    except ValueError:
        raise Http404 from None
    if not 2018 <= monday.year <= 2099:
        raise Http404
    return monday


def week_words(monday: date) -> str:
    """Gives a week in words: "Uke 48"."""
    return f"Uke {monday.isocalendar()[1]}"


def span_words(monday: date) -> str:
    """Gives the days of a week in words: "23. november – 29. november 2026"."""
    return f"{date_words(monday).rsplit(' ', 1)[0]} – {date_words(monday + timedelta(days=6))}"


def placements_in_scope(found: Record, right: Right = "read") -> QuerySet[Placement]:
    """Gives the enrolment's placements whose weekly plans the user may read or write: those still on first, the main one first."""
    rows = placements_for(found.user, SECTION, right, today=found.today).filter(
        enrolment=found.enrolment, starts_on__isnull=False
    )
    return rows.select_related("workplace").order_by(F("ends_on").desc(nulls_first=True), "-is_main", "-starts_on", "pk")


def placement_asked(found: Record, placement_id: str, right: Right = "read") -> Placement | None:
    """Gives the placement an address names, else the one to open with; None when there is none. Raises Http404 out of scope."""
    rows = placements_in_scope(found, right)
    if not placement_id:
        return rows.first()
    held = rows.filter(public_id=placement_id).first()
    if held is None:
        raise Http404
    return held


def within(placement: Placement, monday: date) -> bool:
    """Tells whether any day of the week is within the placement: what is dated outside it is not of it."""
    starts, ends = placement.starts_on, placement.ends_on
    return (starts is None or monday + timedelta(days=6) >= starts) and (ends is None or monday <= ends)


def plan_of(placement: Placement, monday: date) -> WeeklyPlan | None:
    """Gives the plan of the week, or None."""
    return WeeklyPlan.objects.filter(placement=placement, week_starts_on=monday).select_related("placement__workplace").first()


def plan_by_id(found: Record, row_id: str) -> WeeklyPlan:
    """Gives a plan among those the user may read. Raises Http404."""
    row = (
        WeeklyPlan.objects.filter(placement__in=placements_in_scope(found), public_id=row_id)
        .select_related("placement__workplace")
        .first()
    )
    if row is None:
        raise Http404
    return row


def line_of(found: Record, line_id: str) -> WeeklyPlanLine:
    """Gives a line of a plan the user may write. Raises Http404."""
    mine = placements_in_scope(found, "write")
    row = WeeklyPlanLine.objects.filter(plan__placement__in=mine, public_id=line_id).select_related("plan__placement").first()
    if row is None:
        raise Http404
    return row


def plan_before(placement: Placement, monday: date) -> WeeklyPlan | None:
    """Gives the last plan before the week, to copy from."""
    return WeeklyPlan.objects.filter(placement=placement, week_starts_on__lt=monday).order_by("-week_starts_on").first()


def goals_for(enrolment: Enrolment) -> list[CompetenceGoal]:
    """Gives the goals of the enrolment's curriculum, in order."""
    rows = CompetenceGoal.objects.filter(goal_set__curriculum=enrolment.curriculum_id)
    return list(rows.order_by("goal_set__order", "order", "pk")) if enrolment.curriculum_id else []


@dataclass
class Day:
    """A day of the week: its name, its date in words, and its lines."""

    weekday: int
    name: str
    when: str
    lines: list[WeeklyPlanLine] = field(default_factory=list)
    is_today: bool = False


def days_of(placement: Placement, plan: WeeklyPlan | None, monday: date, today: date) -> tuple[list[Day], list[Day]]:
    """Gives the days of practice (by the placement, else Monday to Friday), and the others; one query.

    A day with lines is always among the first.
    """
    lines: dict[int, list[WeeklyPlanLine]] = {}
    if plan is not None:
        for line in WeeklyPlanLine.objects.filter(plan=plan).select_related("goal").order_by("weekday", "place"):
            lines.setdefault(line.weekday, []).append(line)
    practice = set(placement.weekdays or WORKING_WEEK)
    shown: list[Day] = []
    folded: list[Day] = []
    for weekday, name in enumerate(DAY_NAMES):
        day = monday + timedelta(days=weekday)
        one = Day(weekday, name, date_words(day).rsplit(" ", 1)[0], lines.get(weekday, []), day == today)
        (shown if weekday in practice or one.lines else folded).append(one)
    return shown, folded


def page_of(found: Record, placement: Placement | None, monday: date) -> dict[str, Any]:
    """Gives what the page of a week shows. Four queries at most."""
    if placement is None:
        return {"placement": None}
    plan = plan_of(placement, monday)
    shown, _folded = days_of(placement, plan, monday, found.today)
    may_write = found.writes(SECTION) and placements_in_scope(found, "write").filter(pk=placement.pk).exists()
    others = [row for row in placements_in_scope(found) if row.pk != placement.pk]
    return {
        "placement": placement, "plan": plan, "days": shown, "week": week_words(monday), "span": span_words(monday),
        "code": week_code(monday), "may_write": may_write and within(placement, monday) and monday <= found.today + MOST_AHEAD,
        "earlier": None if plan else plan_before(placement, monday) if may_write else None,
        "previous_url": week_url(found, placement, monday - WEEK), "next_url": week_url(found, placement, monday + WEEK),
        "now_url": "" if monday == monday_of(found.today) else week_url(found, placement, monday_of(found.today)),
        "query": query_of(found, placement, monday),
        "others": [{"name": row.workplace.name, "url": week_url(found, row, monday)} for row in others],
        "is_outside": not within(placement, monday),
    }  # fmt: skip


def query_of(found: Record, placement: Placement, monday: date) -> str:
    """Gives the query of a week at a placement: the same for the page, the form and the copy."""
    return f"?uke={week_code(monday)}&plass={placement.public_id}&lop={found.enrolment.public_id}"


def week_url(found: Record, placement: Placement, monday: date) -> str:
    """Gives the address of a week's page."""
    return reverse("participant_ukeplan", args=[found.participant.public_id]) + query_of(found, placement, monday)
