"""The demo's visits: two years of them for those in practice, planned ones, one overdue, and one with two texts."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from fagbrev.audit.models import Revision
from fagbrev.people.models import User
from followup.actions.visits import keep_beside, propose_visit
from followup.models import VisitGoal, WorkplaceVisit
from followup.models.visits import AGREED, HELD
from followup.visit_rules import moment
from participants.demo_scene import Staff, working_day
from participants.models import Placement
from participants.workflow import WITH_PLACEMENT
from programmes.models import CompetenceGoal

LONGEST = timedelta(days=730)
# What was seen, what was agreed until next time; plainly made up, by trade.
SEEN = {
    "BUA": [
        ("dekket bordet sammen med barna og snakket om grønnsakene.", "Be barna sette ord på hva de smaker."),
        ("ledet samlingsstunda om dyr på gården. Alle barna fikk si noe.", "Lage en samling om høsten."),
        ("var med i frileken ute og hjalp to barn å bli enige.", "Skrive tre setninger om lek til neste gang."),
        ("viste barna hvordan vi vasker hendene før maten.", "Lage en plakat om håndvask."),
        ("leste bok med fire barn og stilte gode spørsmål.", "Velge ei ny bok og øve på ordene."),
    ],
    "HEA": [
        ("hjalp en beboer med morgenstell og fortalte rolig hva hun gjorde.", "Øve på å rapportere til vaktbytte."),
        ("målte blodtrykk og skrev det ned riktig.", "Lese om væske og mat hos eldre."),
        ("delte ut middagen og la merke til at en beboer spiste lite.", "Skrive et kort avvik som øvelse."),
        ("forflyttet en beboer sammen med fadder, trygt og riktig.", "Se filmen om forflytning."),
    ],
    "ROF": [
        ("vasket to klasserom og valgte riktig middel til gulvet.", "Lese to datablad om vaskemidler."),
        ("viste hvordan hun doserer og merker flaskene.", "Øve på å forklare dosering på norsk."),
        ("planla uka med renhold på skolen sammen med fadder.", "Lage en plan for hovedrengjøring."),
    ],
}
INTERNAL = ["Trenger litt ekstra hjelp med fagordene.", "Fadder har lite tid denne måneden. Følge med på det.", ""]
LATE = "Halima"  # one whose visit is overdue
HERO = "Selma"


def seed(*, today: date, staff: Staff) -> None:
    """Adds them, dated relative to the day."""
    goals: dict[int, list[CompetenceGoal]] = defaultdict(list)
    for goal in CompetenceGoal.objects.select_related("goal_set").order_by("goal_set__order", "order", "code"):
        goals[goal.goal_set.curriculum_id].append(goal)
    places = list(
        Placement.objects.filter(
            is_main=True, starts_on__lte=today, enrolment__trade__isnull=False,
            enrolment__status__in=[*WITH_PLACEMENT, "on_leave", "completed"],
        ).select_related("enrolment__participant", "enrolment__trade", "workplace").order_by("pk")
    )  # fmt: skip
    made: list[WorkplaceVisit] = []
    chosen: list[list[CompetenceGoal]] = []
    for number, place in enumerate(places):
        for visit, seen_goals in _through_the_time(place, number, goals[place.enrolment.curriculum_id or 0], today, staff):
            made.append(visit)
            chosen.append(seen_goals)
    WorkplaceVisit.objects.bulk_create(made, 500)
    VisitGoal.objects.bulk_create(
        [
            VisitGoal(visit=visit, goal=goal, place=at)
            for visit, some in zip(made, chosen, strict=True)
            for at, goal in enumerate(some, 1)
        ],
        500,
    )
    Revision.objects.bulk_create(
        [_first_version(visit, some) for visit, some in zip(made, chosen, strict=True)], 500
    )  # fmt: skip
    _ahead(places, today, staff)
    _two_texts(made, staff)


def _through_the_time(
    place: Placement, number: int, goals: list[CompetenceGoal], today: date, staff: Staff
) -> list[tuple[WorkplaceVisit, list[CompetenceGoal]]]:
    """The visits of one placement, the newest a few days before the day; every ninth is «bare logg»."""
    enrolment, trade = place.enrolment, place.enrolment.trade
    by = staff.faglaerere.get(trade.code) if trade else None
    if by is None or trade is None or place.starts_on is None:
        return []
    first, last = max(place.starts_on, today - LONGEST), min(place.ends_on or today, today)
    interval = trade.visit_interval_days
    ago = interval + 9 if enrolment.participant.first_name == LATE else 2 + number * 3 % max(interval - 3, 1)
    if enrolment.status == "on_leave":
        ago += 60
    texts, found, count = SEEN.get(trade.code, SEEN["BUA"]), [], 0
    day = working_day(last - timedelta(days=ago + 2)) if last == today else last - timedelta(days=ago)
    while day >= first and day <= last:
        some = [] if (count + number) % 9 == 8 or not goals else _goals_of(goals, number + count)
        found.append((_visit(place, day, by, texts[(count + number) % len(texts)], some, count), some))
        count += 1
        day = working_day(day - timedelta(days=interval + 2))
    return found


def _goals_of(goals: list[CompetenceGoal], turn: int) -> list[CompetenceGoal]:
    """One to three goals in turn; the last few of the curriculum are seldom seen, so that some stand first on the log page."""
    usual = goals[: max(3, len(goals) - 6)]
    return (
        list({usual[turn * 3 % len(usual)]: 0, usual[(turn * 5 + 1) % len(usual)]: 0}) if turn % 2 else [usual[turn % len(usual)]]
    )


def _visit(place: Placement, day: date, by: User, words: tuple[str, str], goals: list[Any], count: int) -> WorkplaceVisit:
    name = place.enrolment.participant.first_name
    at = timezone.make_aware(datetime.combine(day, time(12, 10)))
    return WorkplaceVisit(
        placement=place, state=HELD, planned_at=moment(day), proposed_by=by, visited_on=day, visitor=by, logged_at=at,
        present=["deltaker", "fadder", "faglaerer"] if count % 3 else ["deltaker", "faglaerer"], only_log=not goals,
        goal_count=len(goals), seen=f"{name} {words[0]}", agreed=words[1], internal_note=INTERNAL[count % 3], created_by=by,
    )  # fmt: skip


def _first_version(visit: WorkplaceVisit, goals: list[CompetenceGoal]) -> Revision:
    shared = {
        "visited_on": f"{visit.visited_on:%Y-%m-%d}", "present": visit.present, "only_log": visit.only_log,
        "goals": [str(goal) for goal in goals], "seen": visit.seen, "agreed": visit.agreed,
    }  # fmt: skip
    return Revision(
        by=visit.visitor, participant_id=visit.placement.enrolment.participant_id, section="visits", subject_type="followup.workplacevisit",
        subject_id=visit.public_id, version=1, content={"visits": shared},
    )  # fmt: skip


def _ahead(places: list[Placement], today: date, staff: Staff) -> None:
    """Planned ones: Selma's agreed, her fadder's proposal for later, and one for every third of the others."""
    for number, place in enumerate(places):
        trade = place.enrolment.trade
        by = staff.faglaerere.get(trade.code) if trade else None
        is_hero = place.enrolment.participant.first_name == HERO
        goes_on = place.ends_on is None and place.enrolment.status in WITH_PLACEMENT
        if by is None or not goes_on or not (is_hero or number % 3 == 0):
            continue
        day = working_day(today + timedelta(days=5 + number % 9))
        visit = propose_visit(
            placement=place, planned_at=moment(day), words="Vi ser på målene fra sist." if is_hero else "", by=by
        )
        if is_hero or number % 2:
            WorkplaceVisit.objects.filter(pk=visit.pk).update(
                state=AGREED, answered_by=staff.fadder if is_hero else staff.coordinator, answered_at=moment(today), version=2
            )
        if is_hero:
            later = working_day(day + timedelta(days=14))
            propose_visit(
                placement=place, planned_at=moment(later, time(9, 30)), words="Da er vi på tur i skogen.", by=staff.fadder
            )


def _two_texts(made: list[WorkplaceVisit], staff: Staff) -> None:
    """The koordinator wrote of Selma's newest visit as well: both texts stand side by side."""
    hers = [visit for visit in made if visit.placement.enrolment.participant.first_name == HERO]
    if hers:
        newest = max(hers, key=lambda visit: visit.visited_on or date.min)
        keep_beside(
            visit=newest, seen="Selma fortalte meg om samlingsstunda. Hun var stolt.", agreed="Ta med bilder neste gang.",
            internal_note="", by=staff.coordinator,
        )  # fmt: skip
