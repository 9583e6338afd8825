"""What the front page of a record says of competence: a line, and the bars of «Framdrift»."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Subquery

from followup.competence_queries import number_facts, numbers_in, period_of
from followup.goal_rules import TALKED_OF, GoalNumbers, Period, is_behind, percent
from participants.access import Record
from participants.contributed import Bar, Bars, Progress, Said, Summary
from participants.extras import url_for
from programmes.models import Setting
from programmes.settings_in_force import shipped_value

LIMIT = "behind_percent_points"
TIME_WORDS = {"contract": "Tid gått av kontrakten", "placement": "Tid gått av praksisen"}


def _facts(found: Record) -> Mapping[str, Any]:
    return number_facts()


def _said(facts: Mapping[str, Any], found: Record) -> Said | None:
    numbers = numbers_in(facts)
    if not numbers.total or found.enrolment.status not in TALKED_OF:
        return None
    return Said(f"{numbers.documented} av {numbers.total} mål er dokumentert, {numbers.approved} er godkjent")


SUMMARIES: tuple[Summary, ...] = (Summary("mal", "competence", "Mål", _facts, _said),)


def _bar_facts(found: Record) -> Mapping[str, Any]:
    """The numbers, and the limit for «bak tiden» in the same query; nothing before practice or for one who reads no goals."""
    if not _has_bars(found):
        return {}
    limits = Setting.objects.filter(key=LIMIT, valid_from__lte=found.today).order_by("-valid_from")
    return {**number_facts(), "followup_behind_limit": Subquery(limits.values("value")[:1])}


def _drawn(facts: Mapping[str, Any], found: Record) -> Progress | None:
    if not _has_bars(found):
        return None
    numbers, limit = numbers_in(facts), facts["followup_behind_limit"]
    return progress_of(found, numbers, shipped_value(LIMIT, found.today) if limit is None else limit) if numbers.total else None


def _has_bars(found: Record) -> bool:
    return found.reads("competence") and found.enrolment.status in TALKED_OF


BARS = Bars(_bar_facts, _drawn)


def progress_of(found: Record, numbers: GoalNumbers, limit: Decimal) -> Progress:
    """Gives the three bars with the tick for time, the verdict, and the rule in words; `limit`: percentage points behind time."""
    period, today, points = period_of(found), found.today, int(limit)
    gone = period.percent(today) if period else None
    behind = is_behind(numbers, period, today=today, limit=points)
    return Progress(
        bars=[
            *([Bar(TIME_WORDS[period.kind], f"{gone} %", gone or 0, tone="neutral", note=_months(period, found))] if period else []),
            Bar("Mål dokumentert", f"{numbers.documented} av {numbers.total}", percent(numbers.documented, numbers.total), gone,
                "accent-soft"),
            Bar("Mål godkjent", f"{numbers.approved} av {numbers.total}", percent(numbers.approved, numbers.total), gone),
        ],
        note="Streken viser tiden som har gått." if period else "",
        verdict="" if period is None else "Målene ligger bak tiden." if behind else "I rute.",
        is_behind=behind,
        rule=f"Vi sier «bak tiden» når det er mer enn {points} prosentpoeng færre mål med dokumentasjon enn tid som har gått. "
        "Et mål er dokumentert når et besøk, en ferdig oppgave eller noe dere har skrevet, viser det. "
        "Det er godkjent når faglærer sier «kan alene». Fravær teller ikke med.",
        url=url_for("participant_mal", found),
    )  # fmt: skip


def _months(period: Period, found: Record) -> str:
    months = max(1, round(period.days / 30.4))
    return f"{round(months * period.gone(found.today) / max(1, period.days))} av {months} måneder"
