"""When one is told: moments as pure functions of a duty, the rule's terms and the day."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fagbrev.dates import public_holidays
from fagbrev.duties.rules import Due, Rule, Terms, Told, is_moment, moment_words, moments_of, moments_to_tell, settle

DUE = date(2026, 11, 25)  # a Wednesday


def rule(*moments: str, weekly: bool = False, shift: Any = "later", when_imported: str = "grace") -> Rule:
    return Rule(
        "try", "enrolment", ("coordinator",), "progress", "Prøv", "Prøv", lambda *_: (), lambda *_: "", ("prøve", "prøver"),
        moments, weekly=weekly, shift=shift, when_imported=when_imported,
    )  # fmt: skip


def row(**more: Any) -> Any:
    held = {
        "due_on": DUE, "begins_on": date(2026, 1, 1), "opens_on": None, "told_from": None, "created_on": date(2026, 1, 1),
        "noticed_through": None,
    }  # fmt: skip
    return SimpleNamespace(**{**held, **more})


def terms(today: date = DUE, off: Any = None) -> Terms:
    def day_off(day: date) -> bool:
        return day.weekday() >= 5 or day in public_holidays(day.year) or day in (off or ())

    return Terms(today, practice_off=day_off, teaching_off=day_off)


def codes(found: Any) -> list[str]:
    return [moment.code for moment in found]


class TestDays:
    def test_weekly_repeats_stop_after_four(self) -> None:
        found = moments_of(row(), rule("-5", "0", weekly=True), terms())
        assert [(moment.code, (moment.day - DUE).days) for moment in found] == [
            ("-5", -5), ("0", 0), ("+7", 7), ("+14", 14), ("+21", 21), ("+28", 28),
        ]  # fmt: skip

    def test_a_date_that_stands_fast_is_told_on_the_last_working_day_before(self) -> None:
        found = moments_of(row(due_on=date(2026, 12, 25)), rule("-5", "0", shift="none"), terms())
        # 20 December is a Sunday; 25 December is a holiday and Christmas Eve a working day here.
        assert [moment.day for moment in found] == [date(2026, 12, 18), date(2026, 12, 24)]

    def test_own_routines_are_told_on_the_very_day(self) -> None:
        found = moments_of(row(due_on=date(2026, 11, 27)), rule("-5"), terms())
        assert [moment.day for moment in found] == [date(2026, 11, 22)]  # a Sunday

    def test_the_opening_counts_from_the_day_it_opens(self) -> None:
        found = moments_of(row(opens_on=date(2026, 11, 16)), rule("open-14", "open", "-1"), terms())
        assert [(moment.code, moment.day) for moment in found] == [
            ("open-14", date(2026, 11, 2)), ("open", date(2026, 11, 16)), ("-1", date(2026, 11, 24)),
        ]  # fmt: skip

    def test_what_has_no_opening_is_not_told_of_it(self) -> None:
        assert codes(moments_of(row(), rule("open", "0"), terms())) == ["0"]

    def test_moments_before_the_duty_began_are_not_asked_for(self) -> None:
        found = moments_of(row(begins_on=DUE - timedelta(days=3)), rule("-5", "-3", "0"), terms())
        assert codes(found) == ["-3", "0"]

    def test_nothing_is_told_for_days_before_an_import(self) -> None:
        found = moments_of(row(told_from=DUE + timedelta(days=1)), rule("-5", "0", weekly=True), terms())
        assert codes(found) == ["+7", "+14", "+21", "+28"]


class TestWhatIsToldNow:
    def test_each_moment_on_its_day(self) -> None:
        told = [
            (day, codes(moments_to_tell(row(noticed_through=day - timedelta(days=1)), rule("-5", "0"), terms(), today=day)))
            for day in (DUE + timedelta(days=n) for n in range(-7, 3))
        ]
        assert [(day, found) for day, found in told if found] == [(DUE - timedelta(days=5), ["-5"]), (DUE, ["0"])]

    def test_ten_days_without_a_scan_lose_nothing(self) -> None:
        last = DUE - timedelta(days=6)
        found = moments_to_tell(row(noticed_through=last), rule("-5", "0"), terms(), today=last + timedelta(days=10))
        assert codes(found) == ["-5", "0"]

    def test_a_duty_first_known_late_is_told_of_once(self) -> None:
        late = row(created_on=DUE + timedelta(days=16))
        assert codes(moments_to_tell(late, rule("-5", "0", weekly=True), terms(), today=DUE + timedelta(days=16))) == ["+14"]

    def test_one_told_before_is_not_told_again_when_its_day_moves(self) -> None:
        moved = row(due_on=DUE + timedelta(days=1))
        found = moments_to_tell(moved, rule("-5", "0"), terms(), today=DUE + timedelta(days=1), told_before={"-5"})
        assert codes(found) == ["0"]

    def test_a_moment_that_moves_back_behind_the_last_scan_is_still_told(self) -> None:
        # The 25th becomes a day off after the scan of the 24th: the moment falls on the 24th now, and is asked for anew.
        held = terms(off={DUE})
        fast = rule("-5", "0", shift="none")
        assert codes(moments_to_tell(row(), fast, held, today=DUE, told_before={"-5"})) == ["0"]

    @given(
        st.lists(st.integers(min_value=-40, max_value=60), min_size=1, max_size=30, unique=True),
        st.sampled_from(["none", "later"]),
    )
    def test_whatever_days_are_scanned_each_moment_is_told_once(self, days: list[int], shift: Any) -> None:
        held, fast, told, seen = terms(), rule("-14", "-5", "0", weekly=True, shift=shift), [], None
        for day in sorted(DUE + timedelta(days=n) for n in days):
            now = row(noticed_through=seen, created_on=date(2026, 1, 1))
            told += codes(moments_to_tell(now, fast, held, today=day))
            seen = day
        passed = [moment.code for moment in moments_of(row(), fast, held) if seen and moment.day <= seen]
        assert told == passed


class TestDates:
    def due(self, day: date, **more: Any) -> Due:
        return Due("try", "enrolment", "a", "", "coordinator", day, day, **more)

    def test_an_own_routine_moves_past_days_off(self) -> None:
        settled = settle(self.due(date(2026, 5, 1)), rule("0"), terms())  # 1 May is a Friday and a holiday
        assert settled and settled.due_on == date(2026, 5, 4)

    def test_a_fast_date_stays(self) -> None:
        settled = settle(self.due(date(2026, 5, 1)), rule("0", shift="none"), terms())
        assert settled and settled.due_on == date(2026, 5, 1)

    @pytest.mark.parametrize(
        ("when", "day", "expected"),
        [
            ("grace", date(2026, 1, 5), date(2026, 3, 16)), ("grace", date(2026, 3, 20), date(2026, 3, 20)),
            ("keep", date(2026, 1, 5), date(2026, 1, 5)), ("skip", date(2026, 1, 5), None),
            ("skip", date(2026, 3, 2), date(2026, 3, 2)),
        ],
    )  # fmt: skip
    def test_imported_people_bring_no_flood(self, when: str, day: date, expected: date | None) -> None:
        settled = settle(self.due(day, imported_on=date(2026, 3, 2)), rule("0", when_imported=when), terms())
        assert (settled.due_on if settled else None) == expected


class TestWords:
    @pytest.mark.parametrize(
        ("code", "words"),
        [("0", "på dagen"), ("-1", "1 dag før"), ("+7", "7 dager etter"), ("open", "når den åpner"),
         ("open-14", "14 dager før den åpner")],
    )  # fmt: skip
    def test_a_moment_is_said_in_words(self, code: str, words: str) -> None:
        assert moment_words(code) == words

    @pytest.mark.parametrize("code", ["", "7", "--3", "open+3", "-1000", "mandag"])
    def test_nonsense_is_no_moment(self, code: str) -> None:
        assert not is_moment(code)

    def test_the_weekly_ones_come_last(self) -> None:
        assert Told(("-5", "0"), True, "later").codes == ("-5", "0", "+7", "+14", "+21", "+28")
