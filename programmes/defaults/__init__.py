"""What the product ships with: inserted by stable code where it is missing, never written over."""

from datetime import date

from django.db import transaction

from programmes.curricula import add_shipped_curricula
from programmes.defaults.partners import partners
from programmes.defaults.routines import ROUTINES
from programmes.defaults.trades import CRITERIA, CURRENT_CURRICULA, TRADES
from programmes.defaults.year import breaks, exam_windows, semesters
from programmes.models import (
    CalendarBreak,
    Criterion,
    ExamWindow,
    Partner,
    RoutineForm,
    RoutineStep,
    Semester,
    Setting,
    Trade,
)
from programmes.settings_in_force import KNOWN


@transaction.atomic
def load(*, today: date) -> dict[str, int]:
    """Inserts what is missing for the day's and the next school year; gives how many rows of each kind were added."""
    added_semesters, added_breaks = _school_years(today)
    return {
        "fag": _trades(),
        "læreplaner": add_shipped_curricula(CURRENT_CURRICULA),
        "opptakskrav": _criteria(),
        "samarbeidspartnere": _partners(),
        "rutiner": _routines(),
        "innstillinger": _settings(),
        "semestre": added_semesters,
        "ferier": added_breaks,
        "eksamensvinduer": _exam_windows(today),
    }


def _trades() -> int:
    held = set(Trade.objects.values_list("code", flat=True))
    return len(Trade.objects.bulk_create([Trade(**facts) for facts in TRADES if facts["code"] not in held]))


def _criteria() -> int:
    held = set(Criterion.objects.values_list("code", flat=True))
    return len(Criterion.objects.bulk_create([Criterion(**facts) for facts in CRITERIA if facts["code"] not in held]))


def _partners() -> int:
    codes, names = set(), set()
    for code, name in Partner.objects.values_list("code", "name"):
        codes.add(code)
        names.add(name)
    missing = [Partner(**facts) for facts in partners() if facts["code"] not in codes and facts["name"] not in names]
    return len(Partner.objects.bulk_create(missing))


def _routines() -> int:
    held = set(RoutineStep.objects.values_list("code", flat=True))
    missing = [routine for routine in ROUTINES if routine.code not in held]
    if not missing:
        return 0
    trades = {trade.code: trade for trade in Trade.objects.all()}
    steps = RoutineStep.objects.bulk_create([RoutineStep(**routine.columns()) for routine in missing])
    forms, links = [], []
    for step, routine in zip(steps, missing, strict=True):
        forms += [RoutineForm(step=step, name=name, url=url, order=order) for order, (name, url) in enumerate(routine.forms)]
        links += [
            RoutineStep.trades.through(routinestep_id=step.pk, trade_id=trades[code].pk)
            for code in routine.trades
            if code in trades
        ]
    RoutineForm.objects.bulk_create(forms)
    RoutineStep.trades.through.objects.bulk_create(links)
    return len(steps)


def _settings() -> int:
    held = set(Setting.objects.values_list("key", "valid_from"))
    missing = [
        Setting(key=known.key, value=value, valid_from=valid_from, source=source)
        for known in KNOWN.values()
        for valid_from, value, source in known.shipped
        if (known.key, valid_from) not in held
    ]
    return len(Setting.objects.bulk_create(missing))


def _school_years(today: date) -> tuple[int, int]:
    """Adds semesters and breaks of a school year the installation knows nothing of yet; gives how many of each.

    Where a year has a semester, its breaks are the municipality's own: one that was taken away stays away.
    """
    held = set(Semester.objects.values_list("school_year", "season"))
    known_years = {year for year, _season in held}
    new = Semester.objects.bulk_create(
        [Semester(**facts) for facts in semesters(today) if (facts["school_year"], facts["season"]) not in held]
    )
    new_breaks = [CalendarBreak(**facts) for year, facts in breaks(today) if year not in known_years]
    return len(new), len(CalendarBreak.objects.bulk_create(new_breaks))


def _exam_windows(today: date) -> int:
    """A window that opens within 60 days counts as the same."""
    held = list(ExamWindow.objects.values_list("opens_on", flat=True))
    missing = [
        facts for facts in exam_windows(today) if not any(abs((opens_on - facts["opens_on"]).days) <= 60 for opens_on in held)
    ]
    return len(ExamWindow.objects.bulk_create([ExamWindow(**facts) for facts in missing]))
