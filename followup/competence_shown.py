"""The goals as their page draws them: three views side by side, what shows them, and how they have grown."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from fagbrev.dates import date_words
from fagbrev.people.roles import DELTAKER, FADDER, FAGLAERER
from followup.competence_queries import (
    ASSIGNMENT,
    OWN,
    VISIT,
    GoalState,
    count_goals,
    evidence_of,
    is_within,
    numbers_of,
    own_days,
    started_on,
    states_of,
)
from followup.goal_rules import TALKED_OF, GoalNumbers, due_for_a_look, may_be_recommended, needed_goals
from followup.models import GoalView
from followup.models.competence import LEVELS
from followup.summaries.competence import LIMIT, progress_of
from participants.access import Record
from participants.extras import url_for
from participants.models import Readiness
from programmes.settings_in_force import setting

SOURCE = "Kilde: Udir, NLOD 2.0"
WRITERS = frozenset({DELTAKER, FADDER, FAGLAERER})
EVIDENCE_WRITERS = WRITERS
WORDS = dict(LEVELS)
KIND_WORDS = {VISIT: ("besøk", "besøk"), ASSIGNMENT: ("oppgave", "oppgaver"), OWN: ("notat", "notater")}
MOST_TO_LOOK_AT = 5
EVIDENCE_SHOWN = 8
WIDTH, HEIGHT = 240, 72


@dataclass
class ShownView:
    """How one of the three sees a goal: the word, the level (-1 for none yet), the day and why."""

    who: str
    role: str
    level: int = -1
    word: str = "ikke sagt ennå"
    day: date | None = None
    words: str = ""


@dataclass
class ShownGoal:
    """A goal as its row is drawn."""

    id: str
    title: str
    text: str
    language: str
    views: list[ShownView]
    count: int
    count_words: str
    last_on: date | None
    is_seen: bool
    is_approved: bool
    is_waiting: bool
    history: list[ShownView] = field(default_factory=list)
    lines: list[dict[str, Any]] = field(default_factory=list)
    urls: dict[str, str] = field(default_factory=dict)


def role_names(found: Record) -> dict[str, str]:
    """Gives what the three are called on the page, in the order they stand."""
    return {DELTAKER: "Du" if found.is_own else found.participant.first_name, FADDER: "Fadder", FAGLAERER: "Faglærer"}


def writing_role(found: Record) -> str:
    """Gives as whom the user gives a view here: faglærer before fadder before deltaker; "" for nobody."""
    return next((role for role in (FAGLAERER, FADDER, DELTAKER) if role in found.roles_here and found.writes("competence")), "")


def page_of(found: Record) -> dict[str, Any]:
    """Gives everything the page of the goals shows; as many queries for two years of evidence as for a week."""
    states = states_of(found.enrolment)
    days = int(setting("goal_evidence_days", found.today))
    since = started_on(found.enrolment)
    goals = [_shown(found, state, since, days) for state in states]
    numbers = numbers_of(states)
    sets: dict[str, list[ShownGoal]] = {}
    for state, goal in zip(states, goals, strict=True):
        sets.setdefault(state.goal.goal_set.title, []).append(goal)
    evidence = evidence_of(found)
    role = writing_role(found)
    return {
        "sets": list(sets.items()),
        "has_goals": bool(goals),
        "look_at": to_look_at(goals) if found.enrolment.status in TALKED_OF else [],
        "look_days": days,
        "progress": progress_of(found, numbers, setting(LIMIT, found.today))
        if goals and found.enrolment.status in TALKED_OF
        else None,
        "evidence": evidence[:EVIDENCE_SHOWN],
        "more_evidence": evidence[EVIDENCE_SHOWN:],
        "views_url": url_for("mal_syn", found) if role and goals else "",
        "evidence_url": url_for("dokumentasjon_new", found) if role else "",
        "recommending": recommending(found, numbers),
        "source": SOURCE,
        "own_id": found.user.pk,
        "is_own": found.is_own,
    }


def to_look_at(goals: list[ShownGoal]) -> list[ShownGoal]:
    """Gives the goals that have waited longest for evidence and are not approved, those never shown first."""
    waiting = [goal for goal in goals if goal.is_waiting and not goal.is_approved]
    return sorted(waiting, key=lambda goal: goal.last_on or date.min)[:MOST_TO_LOOK_AT]


def waiting_order(states: list[GoalState]) -> list[int]:
    """Gives the ids of goals, the one without evidence for longest first; approved ones last."""
    return [one.goal.pk for one in sorted(states, key=lambda one: (one.is_approved, one.last_on or date.min))]


def _shown(found: Record, state: GoalState, since: date | None, days: int) -> ShownGoal:
    names, periods = role_names(found), own_days(found)
    goal = state.goal
    return ShownGoal(
        id=goal.public_id,
        title=str(goal),
        text=goal.text,
        language="nn" if goal.language in {"nno", "nn"} else "nb",
        views=[_view(who, role, state.newest.get(role), periods) for role, who in names.items()],
        count=state.count,
        count_words=count_words(state.counts),
        last_on=state.last_on,
        is_seen=bool(state.newest),
        is_approved=state.is_approved,
        is_waiting=due_for_a_look(state.last_on, since, today=found.today, days=days),
        history=[_view(names[view.role], view.role, view, periods) for view in reversed(state.history)],
        lines=lines_of(state.history),
        urls=_urls(found, goal.public_id),
    )


def _view(who: str, role: str, view: GoalView | None, periods: Any) -> ShownView:
    if view is None:
        return ShownView(who, role)
    words = view.words if is_within(view.given_on, periods) else ""
    return ShownView(who, role, view.level, WORDS[view.level], view.given_on, words)


def _urls(found: Record, goal_id: str) -> dict[str, str]:
    if not writing_role(found):
        return {}
    urls = {"view": url_for("mal_syn", found), "evidence": url_for("dokumentasjon_new", found)}
    return {name: f"{url}{'&' if '?' in url else '?'}mal={goal_id}" for name, url in urls.items()}


def count_words(counts: dict[str, int]) -> str:
    """Gives how many of each kind show a goal, in words: "2 besøk, 1 oppgave"."""
    found = [(counts.get(kind, 0), one, many) for kind, (one, many) in KIND_WORDS.items()]
    return ", ".join(f"{count} {one if count == 1 else many}" for count, one, many in found if count)


def lines_of(history: list[GoalView]) -> list[dict[str, Any]]:
    """Gives a line per role for the small drawing, as SVG points; none where there is only one view."""
    if len(history) < 2:
        return []
    first, last = history[0].given_on, history[-1].given_on
    span = max(1, (last - first).days)
    found = []
    for role in (DELTAKER, FADDER, FAGLAERER):
        dots = [
            {"x": str(8 + (WIDTH - 16) * (view.given_on - first).days // span), "y": str(HEIGHT - 10 - 17 * view.level)}
            for view in history
            if view.role == role
        ]
        if dots:
            found.append({"role": role, "dots": dots, "points": " ".join(f"{dot['x']},{dot['y']}" for dot in dots)})
    return found


# --- The trade test grows out of it ---------------------------------------------------------------------


def recommending(found: Record, numbers: GoalNumbers) -> dict[str, Any] | None:
    """Gives what faglærer is told about recommending the trade test (V6); None for everybody else, and before training."""
    if (
        FAGLAERER not in found.roles_here
        or not found.writes("readiness")
        or found.enrolment.status not in {"training", "trade_test"}
    ):
        return None
    if not numbers.total:
        return None
    needed = int(setting("recommend_goals_percent", found.today))
    given = Readiness.objects.filter(enrolment=found.enrolment, kind="trade_test", withdrawn_on__isnull=True)
    row = given.order_by("-given_on").first()
    url = url_for("klar_new", found)
    may = may_be_recommended(numbers, needed_percent=needed)
    return {
        "figures": f"{numbers.approved} av {numbers.total} mål er godkjent. {numbers.documented} er dokumentert.",
        "rule": f"Vi foreslår å anbefale fagprøven når du har godkjent minst {needed_goals(numbers.total, needed)} av "
        f"{numbers.total} mål ({needed} prosent). Det er du som avgjør.",
        "given": f"Du eller en annen faglærer anbefalte fagprøven {date_words(row.given_on)}." if row else "",
        "url": f"{url}{'&' if '?' in url else '?'}sett=kind:trade_test" if may and not row else "",
        "goals_url": url_for("participant_mal", found),
    }


def readiness_extra(found: Record) -> dict[str, Any]:
    """Gives what the page «Klar for prøve» shows faglærer of the goals."""
    if FAGLAERER not in found.roles_here:
        return {}
    told = recommending(found, count_goals(found.enrolment))
    return {"extra": "followup/_recommending.html", "recommending": told} if told else {}
