"""What higher floors ask of the frame: trades, approvals, people at workplaces, exam windows, and days that cannot be used."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from django.db.models import QuerySet

from fagbrev.dates import public_holidays
from fagbrev.periods import holds_on
from programmes.models import (
    CalendarBreak,
    ExamWindow,
    NorwegianTestWindow,
    RoutineForm,
    Semester,
    Trade,
    Workplace,
    WorkplaceApproval,
    WorkplacePerson,
)
from programmes.models.trades import trades_running

# Until a window's results have a day, this many days after the sign-up closes is taken as late enough.
ASSUMED_RESULTS = timedelta(days=150)


def trades_open(today: date) -> QuerySet[Trade]:
    """Gives the trades that take in people on the day, in their order."""
    return Trade.objects.filter(trades_running(today)).order_by("order", "name")


def all_trades() -> QuerySet[Trade]:
    """Gives every trade, in order."""
    return Trade.objects.order_by("order", "name")


def approval_of(workplace: Workplace, trade: Trade) -> WorkplaceApproval | None:
    """Gives the workplace's approval in the trade, whatever its state, or None."""
    return WorkplaceApproval.objects.filter(workplace=workplace, trade=trade).first()


def workplace_choices(*, trade: Trade | None = None, states: Iterable[str] = ()) -> QuerySet[Workplace]:
    """Gives the workplaces in use by name; with a trade and states, only those approved (or applied …) in it."""
    rows = Workplace.objects.filter(is_active=True)
    if trade is not None:
        wanted = WorkplaceApproval.objects.filter(trade=trade)
        wanted = wanted.filter(state__in=list(states)) if states else wanted
        rows = rows.filter(pk__in=wanted.values("workplace"))
    return rows.order_by("name")


def fadder_choices(workplace: Workplace, today: date) -> QuerySet[WorkplacePerson]:
    """Gives those at the workplace who may be fadder on the day."""
    return WorkplacePerson.objects.filter(holds_on(today), workplace=workplace, may_be_fadder=True).order_by("name")


def leder_choices(workplace: Workplace, today: date) -> QuerySet[WorkplacePerson]:
    """Gives those who lead the workplace on the day."""
    return WorkplacePerson.objects.leaders(today).filter(workplace=workplace).order_by("name")


def last_fitting_window(contract_end: date, windows: Iterable[ExamWindow] | None = None) -> ExamWindow | None:
    """Gives the last exam window whose results come on or before the contract's end, or None.

    A window without a day for its results counts as having them 150 days after its sign-up closes. `windows` saves the query.
    """
    known = ExamWindow.objects.filter(opens_on__lt=contract_end) if windows is None else windows
    fitting = [window for window in known if results_by(window) <= contract_end]
    return max(fitting, key=results_by, default=None)


def results_by(window: ExamWindow) -> date:
    """Gives the day by which the window's results are there: the known one, else 150 days after the sign-up closes."""
    return window.results_on or window.closes_on + ASSUMED_RESULTS


def window_now_or_near(today: date, days: int) -> ExamWindow | None:
    """Gives the exam window that is open on the day, or the first that opens within so many days, or None."""
    return (
        ExamWindow.objects.filter(closes_on__gte=today, opens_on__lte=today + timedelta(days=days)).order_by("opens_on").first()
    )


def next_window(today: date) -> ExamWindow | None:
    """Gives the exam window that is open on the day, or the next one."""
    return ExamWindow.objects.filter(closes_on__gte=today).order_by("opens_on").first()


def next_norwegian_window(today: date) -> NorwegianTestWindow | None:
    """Gives the Norwegian test window that is open on the day, or the next one."""
    return NorwegianTestWindow.objects.filter(closes_on__gte=today).order_by("opens_on").first()


def routine_link(code: str, default: str = "") -> str:
    """Gives the first link among a routine's forms and tools, as the handbook has it now; else `default`."""
    rows = RoutineForm.objects.filter(step__code=code).exclude(url="").order_by("order", "pk")
    return rows.values_list("url", flat=True).first() or default


def all_exam_windows() -> list[ExamWindow]:
    """Gives every exam window, in order."""
    return list(ExamWindow.objects.order_by("opens_on"))


def all_norwegian_windows() -> list[NorwegianTestWindow]:
    """Gives every Norwegian test window, in order."""
    return list(NorwegianTestWindow.objects.order_by("opens_on", "pk"))


def semester_on(today: date) -> Semester | None:
    """Gives the municipality's semester on the day; between two, the one that comes."""
    return Semester.objects.filter(ends_on__gte=today).order_by("starts_on").first()


def break_by(public_id: str) -> CalendarBreak | None:
    """Gives the break of a public id, or None."""
    return CalendarBreak.objects.filter(public_id=public_id).first() if public_id else None


def practice_day_off() -> Callable[[date], bool]:
    """Gives a rule that tells whether a day has no practice: weekend, public holiday, or a break that stops practice."""
    return day_off(breaks_of_practice().values_list("starts_on", "ends_on"))


def teaching_day_off() -> Callable[[date], bool]:
    """Gives a rule that tells whether a day has no teaching: weekend, public holiday, or a break that stops teaching."""
    return day_off(breaks_of_teaching().values_list("starts_on", "ends_on"))


def days_off() -> tuple[Callable[[date], bool], Callable[[date], bool]]:
    """Gives both rules, of teaching and of practice, with one query."""
    rows = list(CalendarBreak.objects.values_list("starts_on", "ends_on", "stops_teaching", "stops_practice"))
    return day_off(row[:2] for row in rows if row[2]), day_off(row[:2] for row in rows if row[3])


def breaks_of_teaching() -> QuerySet[CalendarBreak]:
    """Gives the breaks that stop teaching."""
    return CalendarBreak.objects.filter(stops_teaching=True)


def breaks_of_practice() -> QuerySet[CalendarBreak]:
    """Gives the breaks that stop practice."""
    return CalendarBreak.objects.filter(stops_practice=True)


def day_off(breaks: Iterable[tuple[date, date]]) -> Callable[[date], bool]:
    """Gives a rule that tells whether a day is off: weekend, public holiday, or one of these breaks."""
    periods = list(breaks)

    def is_off(day: date) -> bool:
        return day.weekday() >= 5 or day in public_holidays(day.year) or any(first <= day <= last for first, last in periods)

    return is_off
