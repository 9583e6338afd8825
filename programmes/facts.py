"""The frame's facts as the pages show them: label and value, decided here so that templates only print."""

from itertools import groupby
from typing import Any

from fagbrev.dates import date_words
from programmes.models import CompetenceGoal, Setting, Trade, Workplace, WorkplaceApproval
from programmes.settings_in_force import KNOWN, number_words

SHORT_LANGUAGES = {"nob": "nb", "nno": "nn", "eng": "en", "sme": "se", "sma": "sma", "smj": "smj"}
LANGUAGE_NAMES = {"nno": "nynorsk", "eng": "engelsk", "sme": "nordsamisk", "sma": "sørsamisk", "smj": "lulesamisk"}


def fact(label: str, value: Any, note: str = "") -> dict[str, Any]:
    """Gives one row of a fact list; an empty value shows as not registered."""
    return {"label": label, "value": value, "note": note, "missing": value in ("", None)}


def period_words(first: Any, last: Any) -> str:
    """Gives a period in words: "fra 3. mars 2027", "3. mars 2027–4. april 2028", or ""."""
    if first and last:
        return f"{date_words(first)}–{date_words(last)}"
    return f"fra {date_words(first)}" if first else f"til {date_words(last)}" if last else ""


def interval_words(days: int) -> str:
    """Gives a number of days in words: "hver 14. dag"."""
    return "hver dag" if days == 1 else f"hver {days}. dag"


def trade_facts(trade: Trade) -> list[dict[str, Any]]:
    """Gives everything there is to know of a trade."""
    same_goal = trade.goal_oral == trade.goal_written
    goal = trade.get_goal_oral_display()
    goals = f"{goal} muntlig og skriftlig" if same_goal else f"{goal} muntlig, {trade.get_goal_written_display()} skriftlig"
    pending = "Ja, med begrunnelse" if trade.exam_pending_allowed else "Nei"
    return [
        fact("I drift", period_words(trade.runs_from, trade.runs_to)),
        fact("Målgruppe", trade.target_group),
        fact("Undervisning", trade.teaching),
        fact("Faglærer på arbeidsstedet", f"Minst {interval_words(trade.visit_interval_days)}"),
        fact("Særlig for faget", trade.extra),
        fact("Norskmål", goals),
        fact("Politiattest", "Kreves" if trade.police_certificate_required else "Kreves ikke"),
        fact("Arbeidssteder", trade.workplaces_text),
        fact("Faglig ansvarlig", trade.subject_responsible),
        fact("Ansvarlig for norsk", trade.norwegian_responsible),
        fact("Prosjektgruppemøte", f"Minst {interval_words(trade.project_meeting_interval_days)}"),
        fact("Skriftlig eksamen", trade.written_exam_code),
        fact("Fagprøve", trade.trade_test_code, trade.trade_test_days),
        fact("Til fagprøve mens eksamensresultatet ventes", pending),
        fact("Finansiering", trade.funding_text),
    ]


def goal_groups(goals: list[CompetenceGoal]) -> list[dict[str, Any]]:
    """Gives goals by set, each set with its opening words and the language when it is not bokmål."""
    groups = []
    for goal_set, members in groupby(goals, key=lambda goal: goal.goal_set):
        rows = list(members)
        language = rows[0].language
        groups.append(
            {
                "title": goal_set.title,
                "intro": goal_set.intro,
                "lang": SHORT_LANGUAGES.get(language, ""),
                "language_name": LANGUAGE_NAMES.get(language, ""),
                "goals": rows,
                "id": goal_set.code,
            }
        )
    return groups


def approval_days(approval: WorkplaceApproval) -> list[dict[str, Any]]:
    """Gives the days of an approval that are known."""
    ended = "Avslått" if approval.state == WorkplaceApproval.REFUSED else "Falt bort"
    days = [("Søkt", approval.applied_on), ("Godkjent", approval.approved_on), (ended, approval.lapsed_on)]
    return [fact(label, date_words(day)) for label, day in days if day]


def workplace_facts(workplace: Workplace) -> list[dict[str, Any]]:
    """Gives the facts of a workplace."""
    demands = "Krever av alle som er i praksis" if workplace.police_certificate_required else "Bare når faget krever det"
    return [
        fact("Type", workplace.get_kind_display().capitalize()),
        fact("Eier", workplace.get_ownership_display().capitalize()),
        fact("Organisasjonsnummer", workplace.organisation_number),
        fact("Adresse", workplace.address),
        fact("Telefon", workplace.phone),
        fact("Politiattest", demands),
    ]


def value_words(row: Setting) -> str:
    """Gives a setting's value with its unit: "130 160 kroner"."""
    unit = KNOWN[row.key].unit if row.key in KNOWN else ""
    return f"{number_words(row.value)} {unit}".strip()
