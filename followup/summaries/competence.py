"""What the front page of a record says of competence: a line, and the bars of «Framdrift»."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from followup.competence_queries import count_goals, number_facts, numbers_in, period_of
from followup.goal_rules import TALKED_OF, GoalNumbers, Period, is_behind, percent
from participants.access import Record
from participants.contributed import Bar, Progress, Said, Summary
from participants.extras import url_for
from programmes.settings_in_force import setting

TIME_WORDS = {"contract": "Tid gått av kontrakten", "placement": "Tid gått av praksisen"}


def _facts(found: Record) -> Mapping[str, Any]:
    return number_facts()


def _said(facts: Mapping[str, Any], found: Record) -> Said | None:
    numbers = numbers_in(facts)
    if not numbers.total or found.enrolment.status not in TALKED_OF:
        return None
    return Said(f"{numbers.documented} av {numbers.total} mål er dokumentert, {numbers.approved} er godkjent")


SUMMARIES: tuple[Summary, ...] = (Summary("mal", "competence", "Mål", _facts, _said),)


def bars_of(found: Record) -> Progress | None:
    """Gives the bars of the front page for one who reads the goals; None before practice, or without goals."""
    if not found.reads("competence") or found.enrolment.status not in TALKED_OF:
        return None
    numbers = count_goals(found.enrolment)
    return progress_of(found, numbers) if numbers.total else None


def progress_of(found: Record, numbers: GoalNumbers) -> Progress:
    """Gives the three bars with the tick for time, the verdict, and the rule in words."""
    period, today = period_of(found), found.today
    limit = int(setting("behind_percent_points", today))
    gone = period.percent(today) if period else None
    behind = is_behind(numbers, period, today=today, limit=limit)
    return Progress(
        bars=[
            *([Bar(TIME_WORDS[period.kind], f"{gone} %", gone or 0, tone="neutral", note=_months(period, found))] if period else []),
            Bar("Mål dokumentert", f"{numbers.documented} av {numbers.total}", percent(numbers.documented, numbers.total), gone,
                "accent-soft"),
            Bar("Mål godkjent", f"{numbers.approved} av {numbers.total}", percent(numbers.approved, numbers.total), gone),
        ],
        note="Streken viser tida som har gått." if period else "",
        verdict="" if period is None else "Målene ligger bak tida." if behind else "I rute.",
        is_behind=behind,
        rule=f"Vi sier «bak tida» når det er mer enn {limit} prosentpoeng færre mål med dokumentasjon enn tid som har gått. "
        "Et mål er dokumentert når et besøk, en ferdig oppgave eller noe dere har skrevet, viser det. "
        "Det er godkjent når faglærer sier «kan alene». Fravær teller ikke med.",
        url=url_for("participant_mal", found),
    )  # fmt: skip


def _months(period: Period, found: Record) -> str:
    months = max(1, round(period.days / 30.4))
    return f"{round(months * period.gone(found.today) / max(1, period.days))} av {months} måneder"
