"""The school year as a proposal: semesters, breaks and exam windows, for a municipality to correct."""

from datetime import date, timedelta
from typing import Any

from dateutil.easter import easter

PROPOSAL = "Forslag. Sjekk skoleruta til kommunen eller fylkeskommunen."
SIGN_UP_SOURCE = "Udir: påmelding som privatist, 15. januar–1. februar og 1.–15. september"
# Days known so far, by the day the sign-up opens: exam from, exam to, results.
_KNOWN_EXAMS: dict[date, tuple[date | None, date | None, date]] = {
    date(2026, 9, 1): (date(2026, 11, 16), date(2026, 11, 27), date(2027, 1, 4)),
    date(2027, 1, 15): (None, None, date(2027, 6, 18)),
}


def first_years(today: date) -> tuple[int, int]:
    """Gives the calendar years in which the day's and the next school year begin."""
    first = today.year if today.month >= 8 else today.year - 1
    return first, first + 1


def semesters(today: date) -> list[dict[str, Any]]:
    """Gives autumn and spring of the two school years: from Monday of week 34, and to the third Friday of June."""
    rows = []
    for year in first_years(today):
        name = _name(year)
        rows.append({"school_year": name, "season": "autumn", "starts_on": _autumn_start(year), "ends_on": date(year, 12, 20)})
        rows.append(
            {"school_year": name, "season": "spring", "starts_on": date(year + 1, 1, 4), "ends_on": _spring_end(year + 1)}
        )
    return rows


def breaks(today: date) -> list[tuple[str, dict[str, Any]]]:
    """Gives (school year, break) for week 40, Christmas, week 8, Easter and summer of two years; practice goes on in them."""
    rows: list[tuple[str, dict[str, Any]]] = []
    for year in first_years(today):
        easter_day = easter(year + 1)
        of_year = [
            _break("Høstferie", date.fromisocalendar(year, 40, 1), date.fromisocalendar(year, 40, 5)),
            _break("Juleferie", date(year, 12, 21), date(year + 1, 1, 3)),
            _break("Vinterferie", date.fromisocalendar(year + 1, 8, 1), date.fromisocalendar(year + 1, 8, 5)),
            _break("Påskeferie", easter_day - timedelta(days=6), easter_day + timedelta(days=1)),
            _break("Sommerferie", _spring_end(year + 1) + timedelta(days=1), _autumn_start(year + 1) - timedelta(days=1)),
        ]
        rows += [(_name(year), facts) for facts in of_year]
    return rows


def exam_windows(today: date) -> list[dict[str, Any]]:
    """Gives the two windows of each of the two school years (V8 row 12), with the days that are known."""
    rows = []
    for year in first_years(today):
        rows.append(_window(f"Høsten {year}", date(year, 9, 1), date(year, 9, 15)))
        rows.append(_window(f"Våren {year + 1}", date(year + 1, 1, 15), date(year + 1, 2, 1)))
    return rows


def _name(year: int) -> str:
    return f"{year}/{(year + 1) % 100:02d}"


def _autumn_start(year: int) -> date:
    return date.fromisocalendar(year, 34, 1)


def _spring_end(year: int) -> date:
    """The third Friday of June."""
    first = date(year, 6, 1)
    return first + timedelta(days=(4 - first.weekday()) % 7 + 14)


def _break(name: str, starts_on: date, ends_on: date) -> dict[str, Any]:
    return {"name": name, "starts_on": starts_on, "ends_on": ends_on, "source": PROPOSAL}


def _window(name: str, opens_on: date, closes_on: date) -> dict[str, Any]:
    exam_from, exam_to, results_on = _KNOWN_EXAMS.get(opens_on, (None, None, None))
    return {
        "name": name,
        "opens_on": opens_on,
        "closes_on": closes_on,
        "exam_from": exam_from,
        "exam_to": exam_to,
        "results_on": results_on,
        "source": SIGN_UP_SOURCE,
    }
