"""The demo's competence: how the three see the goals, what has shown them over two years, and plans; plainly made up."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from fagbrev.people.models import User
from fagbrev.people.roles import DELTAKER, FADDER, FAGLAERER
from followup.models import Evidence, EvidenceGoal, GoalView, TrainingPlan
from participants.actions.rows import keep_new_row
from participants.demo_scene import Staff
from participants.models import Enrolment, PlacementFadder, Readiness
from programmes.models import CompetenceGoal

STATUSES = ["placed", "contract_applied", "training", "trade_test", "on_leave", "completed"]
BEHIND = "Halima Eksempelmoen"
ON_TRACK = "Selma Testesen"
WORDS = {
    "BUA": [
        "Ledet samlingsstund for de minste. Brukte bilder og sang.", "Kledde på og gikk tur med fire barn.",
        "Dekket bord og spiste sammen med barna.", "Leste bok og snakket om nye ord.", "Trøstet et barn som savnet mamma.",
        "Laget plan for en formingsaktivitet.", "Ryddet og vasket etter maling sammen med barna.",
    ],
    "HEA": [
        "Hjalp en beboer med morgenstell, trinn for trinn.", "Målte puls og skrev i journalen sammen med fadder.",
        "Dekket til frokost og satt sammen med en som spiser lite.", "Brukte personløfter sammen med en kollega.",
        "Snakket med pårørende i gangen. Fadder var med.", "Håndhygiene før og etter stell.",
    ],
    "ROF": [
        "Vasket garderoben etter planen. Riktig rekkefølge.", "Blandet middel etter oppskrift og brukte hansker.",
        "Kjørte gulvvaskemaskin i gangen alene.", "Fylte ut sjekklista for rommene.", "Sorterte avfall og tømte alle rom.",
    ],
}  # fmt: skip
WHY = ["Trygg i dette nå.", "Trenger litt hjelp med ordene.", "Gjorde det alene i dag.", ""]


@dataclass
class Made:
    """Rows to be saved at once."""

    views: list[GoalView] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    goals: list[EvidenceGoal] = field(default_factory=list)


def seed(*, today: date, staff: Staff) -> None:
    """Adds them, dated relative to the day: most on track, one behind, those recommended with nearly all goals approved."""
    made = Made()
    goals: dict[int, list[CompetenceGoal]] = {}
    for goal in CompetenceGoal.objects.order_by("goal_set__order", "order", "pk").select_related("goal_set"):
        goals.setdefault(goal.goal_set.curriculum_id, []).append(goal)
    faddere = _fadder_users()
    recommended = set(Readiness.objects.filter(kind="trade_test", withdrawn_on=None).values_list("enrolment", flat=True))
    rows = Enrolment.objects.filter(status__in=STATUSES, curriculum__isnull=False).select_related("participant", "trade")
    for number, enrolment in enumerate(rows.order_by("pk")):
        first = (
            enrolment.contract_starts_on or enrolment.placements.order_by("starts_on").values_list("starts_on", flat=True).first()
        )
        if first is None or (today - first).days < 20 or enrolment.trade is None:
            continue
        who = {FAGLAERER: staff.faglaerere[enrolment.trade.code], FADDER: faddere.get(enrolment.pk)}
        who[DELTAKER] = enrolment.participant.user
        share, approved = _shares(enrolment, number, first, today, is_recommended=enrolment.pk in recommended)
        _add(made, enrolment, goals[enrolment.curriculum_id or 0], who, first, today, share, approved)
    GoalView.objects.bulk_create(made.views, 1000)
    Evidence.objects.bulk_create(made.evidence, 1000)
    EvidenceGoal.objects.bulk_create(made.goals, 1000)
    _plans(today, staff)
    _said(today, staff)


def _fadder_users() -> dict[int, User]:
    """The account of each enrolment's fadder, where there is one."""
    rows = PlacementFadder.objects.filter(ends_on=None, person__user__isnull=False).select_related("person__user", "placement")
    return {row.placement.enrolment_id: row.person.user for row in rows if row.person.user}


def _shares(enrolment: Enrolment, number: int, first: date, today: date, *, is_recommended: bool) -> tuple[float, float]:
    """How much of the goals is documented and approved: near the time that has gone."""
    last = enrolment.contract_ends_on or first + timedelta(days=730)
    gone = max(0.0, min(1.0, (today - first).days / max(1, (last - first).days)))
    if is_recommended or enrolment.status in {"trade_test", "completed"}:
        return 1.0, 0.9
    if enrolment.participant.full_name == BEHIND:
        return max(0.0, gone - 0.4), max(0.0, gone - 0.5)
    if enrolment.participant.full_name == ON_TRACK:
        return max(0.1, gone - 0.03), max(0.05, gone - 0.22)
    share = max(0.04, min(1.0, gone + (number % 5 - 3) * 0.05))
    return share, max(0.0, share - 0.15 - (number % 3) * 0.05)


def _add(
    made: Made, enrolment: Enrolment, goals: list[CompetenceGoal], who: dict[str, Any], first: date, today: date, share: float,
    approved: float,
) -> None:  # fmt: skip
    shown, passed = goals[: round(share * len(goals))], round(approved * len(goals))
    if not shown:
        return
    span = (today - first).days
    words = WORDS[enrolment.trade.code if enrolment.trade else "BUA"]
    writers = [role for role in (FAGLAERER, FADDER, DELTAKER) if who[role]]
    count = 2 * len(shown)
    for turn in range(count):
        day = first + timedelta(days=max(5, span * (turn + 1) // (count + 1)))
        role = writers[turn % len(writers)]
        row = Evidence(
            enrolment=enrolment, happened_on=day, words=words[turn % len(words)], by=who[role], by_role=role, created_by=who[role],
            only_log=turn % 11 == 10,
        )  # fmt: skip
        made.evidence.append(row)
        if not row.only_log:
            picked = [shown[turn % len(shown)], *([shown[(turn + 1) % len(shown)]] if turn % 3 == 0 and len(shown) > 1 else [])]
            row.goal_count = len(picked)
            made.goals += [EvidenceGoal(evidence=row, goal=goal, place=n) for n, goal in enumerate(picked, 1)]
    for place, goal in enumerate(shown):
        begun = first + timedelta(days=max(6, span * (place + 1) // (len(shown) + 2)))
        top = 3 if place < passed else 1 + place % 2
        for role in writers:
            ahead = {FAGLAERER: 0, FADDER: -3, DELTAKER: -6}[role]
            for level in range(1, top + 1):
                day = begun + timedelta(days=(span - (begun - first).days) * (level - 1) // 4 + ahead)
                if first <= day <= today:
                    made.views.append(
                        GoalView(enrolment=enrolment, goal=goal, role=role, level=level, given_on=day, by=who[role],
                                 words=WHY[(place + level) % len(WHY)] if level == top else "")
                    )  # fmt: skip


def _plans(today: date, staff: Staff) -> None:
    """Selma's two plans; the individual one has been changed once."""
    selma = Enrolment.objects.filter(participant__user=staff.deltaker, status="training").select_related("participant").first()
    if selma is None:
        return
    teacher = staff.faglaerere["BUA"]
    plan = TrainingPlan(
        enrolment=selma, kind="individual", settled_on=today - timedelta(days=200), created_by=teacher,
        aims="- Lek og samspill\n- Kommunikasjon med barn\n\nNorsk: B1 muntlig og B1 skriftlig.",
        steps="- Leder samlingsstund hver onsdag.\n- Øver på å skrive korte beskjeder til foreldre.",
        support="- Fadder: viser først, ser på etterpå.\n- Faglærer: besøk hver fjortende dag.",
        evaluation="Vi ser på planen i neste samtale.",
    )  # fmt: skip
    plan.save()
    keep_new_row(plan, by=teacher)
    plan.version, plan.settled_on = 2, today - timedelta(days=40)
    plan.steps += "\n- Lager måltid sammen med tre barn hver fredag."
    plan.save()
    keep_new_row(plan, by=staff.fadder)
    internal = TrainingPlan(
        enrolment=selma, kind="internal", settled_on=today - timedelta(days=300), created_by=staff.coordinator,
        aims="Alle målene i læreplanen. De første seks månedene: omsorg, hygiene og lek.",
        steps="- Måneder 1 til 6: rutiner, omsorg, lek.\n- Måneder 7 til 12: måltid, tur, samspill.\n- Deretter: planlegging og "
        "samarbeid med foreldre.",
        support="Fadder følger opp hver dag. Leder setter av tid til veiledning.",
        evaluation="Vi går gjennom planen hvert halvår på arbeidsstedet.",
    )  # fmt: skip
    internal.save()
    keep_new_row(internal, by=staff.coordinator)


def _said(today: date, staff: Staff) -> None:
    """What faglærer has said to Selma, so that the words stand on «Min vei»."""
    selma = Enrolment.objects.filter(participant__user=staff.deltaker, status="training").first()
    if selma is None or Readiness.objects.filter(enrolment=selma).exists():
        return
    teacher = staff.faglaerere["BUA"]
    row = Readiness(
        enrolment=selma, kind="written_exam", given_on=today - timedelta(days=12), by=teacher, by_role=FAGLAERER, created_by=teacher,
        words="Du kan mye, Selma. Les gjennom oppgavene fra i fjor. Så er du klar til eksamen.",
    )  # fmt: skip
    row.save()
    keep_new_row(row, by=teacher)
