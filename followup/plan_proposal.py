"""What a new plan proposes: made from what is known already, in words that everyone around the participant may read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from fagbrev.dates import date_words
from followup.competence_queries import period_of, states_of
from followup.models import WorkplaceVisit
from followup.models.visits import AGREED
from participants.access import Record

MOST_GOALS = 8
LONG_DAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")


def proposal_for(found: Record, kind: str) -> dict[str, str]:
    """Gives the text of each part of a new plan: «individual» looks at the next months, «internal» at the whole period (V8 rows 8, 9).

    Only what every reader of a plan may read, also a fadder at another workplace: no names of places or of people there.
    """
    left = [state for state in states_of(found.enrolment) if not state.is_approved]
    chosen = left if kind == "internal" else left[:MOST_GOALS]
    return {
        "aims": _aims(found, [str(state.goal) for state in chosen], len(left)),
        "steps": _steps(found, kind),
        "support": _support(found),
        "evaluation": _evaluation(found, kind),
    }


def _aims(found: Record, goals: list[str], left: int) -> str:
    lines = _list(goals)
    if len(goals) < left:
        lines += f"\n(Det er {left - len(goals)} mål til.)"
    trade = found.enrolment.trade
    norwegian = f"Norsk: {trade.goal_oral.upper()} muntlig og {trade.goal_written.upper()} skriftlig." if trade else ""
    return "\n\n".join(part for part in ("Mål vi jobber mot nå:\n" + lines if goals else "", norwegian) if part)


def _steps(found: Record, kind: str) -> str:
    lines = []
    placement = found.placements("placement").filter(is_main=True, ends_on__isnull=True).first()
    if placement and placement.weekdays:
        days = ", ".join(f"{LONG_DAYS[day]}" for day in sorted(placement.weekdays))
        percent = f" ({placement.percent} prosent)" if placement.percent else ""
        lines.append(f"Dager på arbeidsstedet: {days}{percent}.")
    visit = next_visit(found)
    if visit:
        lines.append(f"Neste besøk på arbeidsstedet: {date_words(visit)}.")
    period = period_of(found)
    if period and period.kind == "placement":
        lines.append(f"Praksisen er planlagt til {date_words(period.ends_on)}.")
    if kind == "internal":
        lines.append("Vi begynner med det deltakeren møter hver dag på jobb.")
    return _list(lines)


def next_visit(found: Record) -> date | None:
    """Gives the day of the next agreed visit that the reader may see, or None."""
    visits = WorkplaceVisit.objects.filter(
        placement__in=found.placements("visit_plan"), state=AGREED, planned_at__date__gte=found.today
    )
    first = visits.order_by("planned_at").first()
    return first.planned_at.date() if first and first.planned_at else None


def _support(found: Record) -> str:
    return _list(
        [
            f"{found.participant.first_name}: øver på målene og sier fra når noe er vanskelig.",
            "Fadder: gir oppgaver som passer til målene, og forklarer ord og rutiner.",
            "Faglærer: besøker arbeidsstedet og godkjenner mål.",
            "Norsklærer: øver på språket i faget.",
            "Koordinator: holder i avtaler og møter.",
        ]
    )


def _evaluation(found: Record, kind: str) -> str:
    day = found.today + timedelta(days=180 if kind == "internal" else 90)
    return f"Vi ser på planen sammen i neste samtale på arbeidsstedet, og senest {date_words(day)}."


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
