"""The demo's weekly plans: Selma's this week and last, and those of some others."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from followup.models.practice import WeeklyPlan, WeeklyPlanLine
from followup.weekly_shown import WEEK, WORKING_WEEK, goals_for, monday_of
from participants.demo_scene import Staff
from participants.models import Placement
from participants.workflow import WITH_PLACEMENT

FOCUS = {
    "BUA": "Måltider: la barna gjøre mer selv",
    "HEA": "Snakk rolig, og forklar hva du gjør",
    "ROF": "Riktig middel til riktig flate",
}
LINES = {
    "BUA": (("Dekke bordet sammen med barna", "Lese ei bok i samlingsstund"), ("Lede måltidet", "Øve på ordene grovbrød og pålegg"),
            ("Lage ukemeny sammen med fadder, 30 minutter",), ("Tur til skogen", "Passe på at alle har klær som passer"),
            ("Snakke om uka med fadder",)),
    "HEA": (("Morgenstell sammen med fadder",), ("Måle blodtrykk", "Skrive i rapporten"), ("Måltid i stua",),
            ("Spørre om medisiner vi ikke gir",), ("Snakke om uka med fadder",)),
    "ROF": (("Garderoben: daglig renhold",), ("Vaske gulv med maskin", "Lese databladet"), ("Kontroll sammen med fadder",),
            ("Vinduer i gangen",), ("Snakke om uka med fadder",)),
}  # fmt: skip
LAST_FOCUS = "Bli trygg på rutinene"
LOOK_BACK = "Det gikk bra å lede måltidet. Det var vanskelig å huske alle ordene."


def seed(*, today: date, staff: Staff) -> None:
    """Adds them, dated relative to the day."""
    this_week = monday_of(today)
    placements = (
        Placement.objects.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gt=today), is_main=True, starts_on__lte=this_week - WEEK,
            enrolment__status__in=WITH_PLACEMENT, enrolment__trade__code__in=LINES,
        )
        .select_related("enrolment__participant", "enrolment__trade")
        .order_by("pk")
    )  # fmt: skip
    plans: list[WeeklyPlan] = []
    lines: list[WeeklyPlanLine] = []
    for number, placement in enumerate(placements):
        is_selma = placement.enrolment.participant.full_name == "Selma Testesen"
        if not is_selma and number % 3:
            continue
        trade = placement.enrolment.trade
        if trade is None:
            continue
        goals = goals_for(placement.enrolment) if is_selma else []
        for monday in (this_week - WEEK, this_week):
            is_over = monday < this_week
            plan = WeeklyPlan(
                placement=placement, week_starts_on=monday, focus=LAST_FOCUS if is_over else FOCUS[trade.code],
                look_back=LOOK_BACK if is_over else "", created_by=staff.fadder if is_selma else None,
            )  # fmt: skip
            plans.append(plan)
            days = sorted(placement.weekdays or WORKING_WEEK)
            for weekday, said in zip(days, LINES[trade.code], strict=False):
                for place, words in enumerate(said):
                    is_done = is_over or weekday < today.weekday()
                    goal = goals[weekday % len(goals)] if goals and place == 0 and weekday % 2 else None
                    lines.append(
                        WeeklyPlanLine(plan=plan, weekday=weekday, place=place, words=words, is_done=is_done, goal=goal)
                    )  # fmt: skip
    WeeklyPlan.objects.bulk_create(plans)
    WeeklyPlanLine.objects.bulk_create(lines)
