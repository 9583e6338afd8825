"""Rules about days: reading and writing Norwegian dates, months, working days, semesters, school years, contract dates."""

import calendar
import re
from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple, Protocol, TypeVar

import holidays as _holidays
from dateutil.easter import easter
from django.utils.translation import gettext as _

_MONTHS = (
    "januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "desember",
)  # fmt: skip
_MONTH_NUMBERS = {name[:length]: number for number, name in enumerate(_MONTHS, 1) for length in range(3, len(name) + 1)}
_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?:[T ]\d{2}:\d{2}(?::\d{2})?)?", re.ASCII)
_NUMBERS = re.compile(r"(?P<day>\d{1,2})[./-](?P<month>\d{1,2})[./-](?P<year>\d{4}|\d{2})\.?", re.ASCII)
_WORDS = re.compile(r"(?P<day>\d{1,2})\.?\s*(?P<name>[a-zæøå]{3,})\.?\s*(?P<year>\d{4}|\d{2})", re.ASCII | re.IGNORECASE)
_EARLIEST_YEAR, _LATEST_YEAR = 1900, 2099
_LONGEST_SEARCH_DAYS = 400

Shift = Literal["none", "later", "teaching", "last_working_day_before"]


class PeriodEndsBeforeItStarts(ValueError):
    """The two days of a period are in the wrong order."""


class Semester(NamedTuple):
    """Half a school year: the year, "vår" or "høst", its first and last day (spring ends 30 June, July has no teaching)."""

    year: int
    term: Literal["vår", "høst"]
    first: date
    last: date

    @property
    def counted_to(self) -> date:
        """The last day that counts to the semester: July counts to the spring behind it."""
        return date(self.year, 7, 31) if self.term == "vår" else self.last

    def __str__(self) -> str:
        return f"{self.term}en {self.year}"


class Window(Protocol):
    """An exam window: sign-up opens and closes, exam days, the day of the results."""

    @property
    def results_on(self) -> date: ...


AnyWindow = TypeVar("AnyWindow", bound=Window)


# --- Reading ---------------------------------------------------------------------------------------


def parse_norwegian_date(value: object) -> date:
    """Gives the day that is meant by a date, "2025-10-22", "13.02.26", "9.5.2025", "6. juni 2026", "11. sept 2025".

    Two-digit years are 20xx. Raises ValueError with a sentence.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = re.sub(r"\s+", " ", value).strip() if isinstance(value, str) else ""
    if not text:
        raise ValueError(_("Datoen mangler.") if value in (None, "") or isinstance(value, str) else _unreadable(value))
    found = _ISO.fullmatch(text) or _NUMBERS.fullmatch(text) or _WORDS.fullmatch(text)
    if not found:
        raise ValueError(_unreadable(text))
    parts = found.groupdict()
    month = _MONTH_NUMBERS.get(parts["name"].lower()) if "name" in parts else int(parts["month"])
    if month is None:
        raise ValueError(_unreadable(text))
    year = int(parts["year"]) + (2000 if len(parts["year"]) == 2 else 0)
    try:
        day = date(year, month, int(parts["day"]))
    except ValueError:
        raise ValueError(_("Datoen «%(text)s» finnes ikke i kalenderen.") % {"text": text}) from None
    if not _EARLIEST_YEAR <= day.year <= _LATEST_YEAR:
        raise ValueError(_("Året i datoen «%(text)s» kan ikke stemme.") % {"text": text})
    return day


def parse_period(value: str) -> tuple[date, date]:
    """Gives first and last day of "16.03.2026 - 15.03.2028" (also –, "til").

    Raises PeriodEndsBeforeItStarts, or another ValueError, each with a sentence.
    """
    text = value.strip() if isinstance(value, str) else ""
    parts = re.split(r"\s+(?:-|til)\s+|\s*[–—]\s*", text, flags=re.IGNORECASE)
    if len(parts) == 1:
        parts = re.split(r"\s*-\s*", text)
    if len(parts) != 2:
        raise ValueError(_("Skriv perioden som to datoer med bindestrek mellom, for eksempel «16.3.2026 - 15.3.2028»."))
    first, last = parse_norwegian_date(parts[0]), parse_norwegian_date(parts[1])
    if last < first:
        raise PeriodEndsBeforeItStarts(_("Perioden slutter før den begynner."))
    return first, last


def _unreadable(value: object) -> str:
    return _("Vi forstår ikke datoen «%(text)s». Skriv den slik: 31.12.2026.") % {"text": str(value)[:40]}


# --- Writing ---------------------------------------------------------------------------------------


def date_words(day: date) -> str:
    """Gives a day in words: "3. mars 2027"."""
    return f"{day.day}. {_MONTHS[day.month - 1]} {day.year}"


def days_words(days_left: int) -> str:
    """Gives the distance to a day in words: "9 dager over", "i dag", "i morgen", "om 7 dager"."""
    if days_left == 0:
        return _("i dag")
    if days_left == 1:
        return _("i morgen")
    if days_left == -1:
        return _("1 dag over")
    if days_left < 0:
        return _("%(count)d dager over") % {"count": -days_left}
    return _("om %(count)d dager") % {"count": days_left}


# --- Months and working days -----------------------------------------------------------------------


def months_after(day: date, months: int) -> date:
    """Gives the same day of the month so many months later; the month's last day where it has no such day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def months_before(day: date, months: int) -> date:
    """Gives the same day of the month so many months earlier; the month's last day where it has no such day."""
    return months_after(day, -months)


def is_working_day(day: date, holidays: Collection[date]) -> bool:
    """Tells whether a day is Monday to Friday and none of the holidays."""
    return day.weekday() < 5 and day not in holidays


def add_working_days(day: date, count: int, holidays: Collection[date]) -> date:
    """Gives the working day that is so many working days after (or, when negative, before) a day; 0 gives the day itself."""
    step = timedelta(days=1 if count > 0 else -1)
    left = abs(count)
    while left:
        day += step
        if is_working_day(day, holidays):
            left -= 1
    return day


def shift(day: date, rule: Shift, non_working: Callable[[date], bool]) -> date:
    """Gives the day a duty falls on, when `non_working` tells which days cannot be used.

    "none" keeps the day; "later" and "teaching" move it to the next day that can be used (the caller's `non_working`
    knows working days or teaching days); "last_working_day_before" moves it back. Raises ValueError when
    no day within 400 can be used.
    """
    if rule == "none":
        return day
    step = timedelta(days=-1 if rule == "last_working_day_before" else 1)
    for distance in range(_LONGEST_SEARCH_DAYS):
        if not non_working(day + distance * step):
            return day + distance * step
    raise ValueError(f"No day that can be used within {_LONGEST_SEARCH_DAYS} days of {day}.")


# --- Holidays --------------------------------------------------------------------------------------


@lru_cache(maxsize=32)
def _holidays_of(year: int) -> dict[date, str]:
    found = _holidays.country_holidays("NO", years=year, language="no", observed=False)
    return {day: " og ".join(name.split("; ")) for day, name in sorted(found.items())}


def public_holidays(year: int) -> dict[date, str]:
    """Gives the year's public holidays (røde dager) with their names, up to 2100; Sundays are not among them."""
    return dict(_holidays_of(year))


def days_off_by_agreement(year: int) -> dict[date, str]:
    """Gives the days that are often free by agreement though no public holidays: påskeaften, julaften, nyttårsaften."""
    return {
        easter(year) - timedelta(days=1): _("Påskeaften"),
        date(year, 12, 24): _("Julaften"),
        date(year, 12, 31): _("Nyttårsaften"),
    }


# --- The school year -------------------------------------------------------------------------------


def semester_of(day: date) -> Semester:
    """Gives the semester of a day: vår January to June, høst August to December; July counts to the spring behind it."""
    if day.month >= 8:
        return Semester(day.year, "høst", date(day.year, 8, 1), date(day.year, 12, 31))
    return Semester(day.year, "vår", date(day.year, 1, 1), date(day.year, 6, 30))


def school_year_of(day: date) -> str:
    """Gives the school year of a day, which begins on 1 August: "2026/27"."""
    first = day.year if day.month >= 8 else day.year - 1
    return f"{first}/{(first + 1) % 100:02d}"


# --- Contract dates --------------------------------------------------------------------------------


def earliest_trade_test(contract_end: date) -> date:
    """Gives the first day the trade test may be held: 3 months before the contract ends (opplæringsforskrifta § 9-55)."""
    return months_before(contract_end, 3)


def last_registration(contract_end: date) -> date:
    """Gives the last day to register for the trade test: 2 months before the contract ends (opplæringsforskrifta § 9-56)."""
    return months_before(contract_end, 2)


def last_fitting_window(windows: Iterable[AnyWindow], *, before: date) -> AnyWindow | None:
    """Gives the last exam window whose results come on or before a day, or none."""
    fitting = [window for window in windows if window.results_on <= before]
    return max(fitting, key=lambda window: window.results_on, default=None)
