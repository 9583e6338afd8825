"""Rules about days."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fagbrev import dates
from fagbrev.dates import parse_norwegian_date, parse_period

DAYS = st.dates(date(1950, 1, 1), date(2098, 12, 31))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (datetime(2025, 1, 15, 13, 0), date(2025, 1, 15)),
        (date(2025, 1, 15), date(2025, 1, 15)),
        ("2025-10-22", date(2025, 10, 22)),
        ("2025-10-22 00:00:00", date(2025, 10, 22)),
        ("13.02.26", date(2026, 2, 13)),
        ("9.5.2025", date(2025, 5, 9)),
        ("6. juni 2026", date(2026, 6, 6)),
        ("10. feb 2025", date(2025, 2, 10)),
        ("11. sept 2025", date(2025, 9, 11)),
        ("11. sept. 2025", date(2025, 9, 11)),
        ("1 MAI 2025", date(2025, 5, 1)),
        ("17. okt 25", date(2025, 10, 17)),
        ("22/3-2026", date(2026, 3, 22)),
        (" 22.3.2026 ", date(2026, 3, 22)),
        ("6.\u00a0juni 2026", date(2026, 6, 6)),
        ("29.2.2024", date(2024, 2, 29)),
    ],
)
def test_norwegian_dates_are_understood(written: object, meant: date) -> None:
    assert parse_norwegian_date(written) == meant
    assert type(parse_norwegian_date(written)) is date


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("", "mangler"),
        (None, "mangler"),
        ("  ", "mangler"),
        ("29.2.2025", "finnes ikke i kalenderen"),
        ("31.4.2025", "finnes ikke i kalenderen"),
        ("13.13.2025", "finnes ikke i kalenderen"),
        ("0.1.2025", "finnes ikke i kalenderen"),
        ("1.1.0001", "kan ikke stemme"),
        ("1.1.2100", "kan ikke stemme"),
        ("31.12.1899", "kan ikke stemme"),
        ("i vår", "forstår ikke"),
        ("16 år", "forstår ikke"),
        ("2011", "forstår ikke"),
        (45000, "forstår ikke"),
        ("1. tulle 2025", "forstår ikke"),
        ("1.2.123", "forstår ikke"),
        ("١.٢.٢٠٢٥", "forstår ikke"),
    ],
)
def test_what_is_no_date_is_refused_in_words(written: object, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parse_norwegian_date(written)


@given(DAYS)
def test_a_day_written_in_words_is_read_back(day: date) -> None:
    assert parse_norwegian_date(dates.date_words(day)) == day
    assert parse_norwegian_date(day.isoformat()) == day
    assert parse_norwegian_date(f"{day.day}.{day.month}.{day.year}") == day


@given(st.one_of(st.text(max_size=20), st.integers(), st.floats(), st.booleans(), st.none()))
def test_anything_gives_a_day_or_a_value_error(written: object) -> None:
    try:
        assert isinstance(parse_norwegian_date(written), date)
    except ValueError as fault:
        assert str(fault).endswith(".")


@pytest.mark.parametrize(
    "written",
    [
        "16.03.2026 - 15.03.2028",
        "16.3.2026–15.3.2028",
        "16.3.2026-15.3.2028",
        "2026-03-16 - 2028-03-15",
        "16. mars 2026 til 15. mars 2028",
    ],
)
def test_periods_are_understood(written: str) -> None:
    assert parse_period(written) == (date(2026, 3, 16), date(2028, 3, 15))


def test_a_period_that_ends_before_it_starts_is_refused_as_such() -> None:
    with pytest.raises(dates.PeriodEndsBeforeItStarts, match="slutter før"):
        parse_period("13.09.2028 - 15.03.2027")
    assert parse_period("13.09.2028 - 13.09.2028") == (date(2028, 9, 13), date(2028, 9, 13))


@pytest.mark.parametrize("written", ["", "16.03.2026", "16.03.2026 - ", "a - b", "1.1.2026 - 2.1.2026 - 3.1.2026"])
def test_what_is_no_period_is_refused(written: str) -> None:
    with pytest.raises(ValueError):
        parse_period(written)


def test_months_are_cut_to_the_months_last_day() -> None:
    assert dates.months_after(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert dates.months_after(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert dates.months_before(date(2026, 3, 31), 1) == date(2026, 2, 28)
    assert dates.months_before(date(2026, 1, 15), 1) == date(2025, 12, 15)
    assert dates.months_after(date(2026, 12, 1), 1) == date(2027, 1, 1)


@given(DAYS, st.integers(0, 120))
def test_months_forth_and_back_stay_within_three_days(day: date, months: int) -> None:
    there = dates.months_after(day, months)
    assert (there.year * 12 + there.month) - (day.year * 12 + day.month) == months
    assert timedelta(0) <= day - dates.months_before(there, months) <= timedelta(days=3)


def test_weekends_and_holidays_are_no_working_days() -> None:
    holidays = dates.public_holidays(2026)
    assert dates.is_working_day(date(2026, 11, 23), holidays)
    assert not dates.is_working_day(date(2026, 11, 22), holidays)
    assert not dates.is_working_day(date(2026, 11, 21), holidays)
    assert not dates.is_working_day(date(2026, 5, 14), holidays)


def test_working_days_are_added_over_easter() -> None:
    holidays = dates.public_holidays(2026)
    assert dates.add_working_days(date(2026, 4, 1), 1, holidays) == date(2026, 4, 7)
    assert dates.add_working_days(date(2026, 4, 7), -1, holidays) == date(2026, 4, 1)
    assert dates.add_working_days(date(2026, 4, 4), 0, holidays) == date(2026, 4, 4)


@given(DAYS, st.integers(-30, 30))
def test_adding_working_days_counts_working_days(day: date, count: int) -> None:
    there = dates.add_working_days(day, count, ())
    low, high = sorted((day, there))
    between = [low + timedelta(days=n) for n in range((high - low).days + 1) if low + timedelta(days=n) != day]
    assert sum(dates.is_working_day(each, ()) for each in between) == abs(count)


@pytest.mark.parametrize(
    ("rule", "falls_on"),
    [
        ("none", date(2026, 4, 4)),
        ("later", date(2026, 4, 7)),
        ("teaching", date(2026, 4, 7)),
        ("last_working_day_before", date(2026, 4, 1)),
    ],
)
def test_a_duty_on_easter_eve_falls_where_its_rule_says(rule: dates.Shift, falls_on: date) -> None:
    def non_working(day: date) -> bool:
        return not dates.is_working_day(day, dates.public_holidays(2026))

    assert dates.shift(date(2026, 4, 4), rule, non_working) == falls_on
    assert dates.shift(date(2026, 4, 8), rule, non_working) == date(2026, 4, 8)


def test_a_shift_that_finds_no_day_says_so() -> None:
    with pytest.raises(ValueError, match="No day"):
        dates.shift(date(2026, 4, 4), "later", lambda day: True)


def test_public_holidays_have_norwegian_names() -> None:
    assert dates.public_holidays(2026)[date(2026, 5, 14)] == "Kristi himmelfartsdag"
    assert dates.public_holidays(2027)[date(2027, 5, 17)] == "Andre pinsedag og Grunnlovsdag"
    assert len(dates.public_holidays(2026)) == 12


def test_changing_the_answer_does_not_change_the_next_one() -> None:
    dates.public_holidays(2026).clear()
    assert dates.public_holidays(2026)


@given(st.integers(1951, 2100))
def test_days_off_by_agreement_are_no_public_holidays(year: int) -> None:
    by_agreement = dates.days_off_by_agreement(year)
    assert len(by_agreement) == 3
    assert not set(by_agreement) & set(dates.public_holidays(year))


@pytest.mark.parametrize(
    ("day", "semester", "school_year"),
    [
        (date(2026, 1, 1), "våren 2026", "2025/26"),
        (date(2026, 6, 30), "våren 2026", "2025/26"),
        (date(2026, 7, 31), "våren 2026", "2025/26"),
        (date(2026, 8, 1), "høsten 2026", "2026/27"),
        (date(2026, 12, 31), "høsten 2026", "2026/27"),
        (date(2099, 12, 31), "høsten 2099", "2099/00"),
    ],
)
def test_a_day_has_its_semester_and_school_year(day: date, semester: str, school_year: str) -> None:
    assert str(dates.semester_of(day)) == semester
    assert dates.school_year_of(day) == school_year


@given(DAYS)
def test_only_july_lies_outside_its_semester(day: date) -> None:
    semester = dates.semester_of(day)
    assert (semester.first <= day <= semester.last) == (day.month != 7)


def test_contract_dates_follow_the_regulation() -> None:
    assert dates.earliest_trade_test(date(2027, 3, 15)) == date(2026, 12, 15)
    assert dates.last_registration(date(2027, 3, 15)) == date(2027, 1, 15)
    assert dates.earliest_trade_test(date(2027, 5, 31)) == date(2027, 2, 28)
    assert dates.last_registration(date(2027, 4, 30)) == date(2027, 2, 28)


class ExamWindow(NamedTuple):
    results_on: date


def test_the_last_window_that_fits_has_its_results_by_the_day() -> None:
    autumn, spring = ExamWindow(date(2027, 1, 4)), ExamWindow(date(2027, 6, 18))
    assert dates.last_fitting_window([spring, autumn], before=date(2027, 6, 18)) == spring
    assert dates.last_fitting_window([spring, autumn], before=date(2027, 6, 17)) == autumn
    assert dates.last_fitting_window([spring, autumn], before=date(2027, 1, 3)) is None
    assert dates.last_fitting_window([], before=date(2027, 1, 3)) is None


@pytest.mark.parametrize(
    ("days_left", "words"),
    [(-9, "9 dager over"), (-1, "1 dag over"), (0, "i dag"), (1, "i morgen"), (2, "om 2 dager"), (7, "om 7 dager")],
)
def test_distance_is_said_in_words(days_left: int, words: str) -> None:
    assert dates.days_words(days_left) == words


def test_days_are_written_in_norwegian() -> None:
    assert dates.date_words(date(2027, 3, 3)) == "3. mars 2027"
