"""What the product ships with comes once, is never written over, and holds the guide's facts."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command

from programmes.defaults import load
from programmes.defaults.year import breaks, exam_windows, semesters
from programmes.models import (
    CalendarBreak,
    CompetenceGoal,
    Criterion,
    Curriculum,
    ExamWindow,
    Partner,
    RoutineStep,
    Semester,
    Setting,
    Trade,
)
from programmes.phases import PHASE_NAMES
from programmes.settings_in_force import KNOWN, setting, settings_in_force

DAY = date(2026, 11, 23)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _loaded(db) -> None:
    load(today=DAY)


def test_a_second_load_adds_nothing() -> None:
    assert not any(load(today=DAY).values())


def test_what_a_coordinator_has_changed_stays_changed() -> None:
    Trade.objects.filter(code="BUA").update(teaching="To dager i uka", curriculum=None)
    CompetenceGoal.objects.filter(code="KM5421").update(short_name="Eget navn")
    RoutineStep.objects.filter(code="referral").update(what="Innmelding")
    CalendarBreak.objects.filter(name="Vinterferie").delete()
    load(today=DAY)
    trade = Trade.objects.get(code="BUA")
    assert (trade.teaching, trade.curriculum) == ("To dager i uka", None)
    assert CompetenceGoal.objects.get(code="KM5421").short_name == "Eget navn"
    assert RoutineStep.objects.get(code="referral").what == "Innmelding"
    assert not CalendarBreak.objects.filter(name="Vinterferie").exists()


def test_a_new_school_year_brings_its_own_days() -> None:
    added = load(today=date(2027, 8, 1))
    assert (added["semestre"], added["ferier"], added["eksamensvinduer"]) == (2, 5, 2)
    assert added["rutiner"] == added["fag"] == 0


def test_the_command_says_what_it_did(capsys) -> None:
    call_command("load_defaults")
    assert capsys.readouterr().out


@pytest.mark.parametrize(
    ("code", "curriculum", "goals", "written", "test", "police", "level", "visits", "shape", "colour"),
    [
        ("BUA", "BUA03-02", 26, "BUA3103", "BUA3004", True, "b1", 14, "dot", "accent"),
        ("HEA", "HEA03-03", 30, "HEA3103", "HEA3004", True, "b2", 28, "square", "extra2"),
        ("ROF", "ROF03-01", 21, "ROF3103", "ROF3004", False, "b1", 28, "triangle", "brand"),
    ],
)
def test_a_trade_has_the_facts_of_the_guide(code, curriculum, goals, written, test, police, level, visits, shape, colour) -> None:
    trade = Trade.objects.get(code=code)
    assert trade.curriculum.code == curriculum
    assert CompetenceGoal.objects.filter(goal_set__curriculum=trade.curriculum).count() == goals
    assert (trade.written_exam_code, trade.trade_test_code) == (written, test)
    assert trade.police_certificate_required is police
    assert trade.goal_oral == trade.goal_written == level
    assert (trade.visit_interval_days, trade.project_meeting_interval_days) == (visits, 28)
    assert (trade.shape, trade.colour) == (shape, colour)
    for text in ("teaching", "extra", "workplaces_text", "target_group", "funding_text", "subject_responsible"):
        assert getattr(trade, text)


def test_every_goal_of_the_three_trades_has_a_short_name() -> None:
    codes = ["BUA03-02", "HEA03-03", "ROF03-01"]
    assert not CompetenceGoal.objects.filter(goal_set__curriculum__code__in=codes, short_name="").exists()


def test_the_goals_of_renhold_are_in_nynorsk_as_udir_wrote_them() -> None:
    assert set(CompetenceGoal.objects.filter(goal_set__curriculum__code="ROF03-01").values_list("language", flat=True)) == {"nno"}
    assert "NLOD" in Curriculum.objects.get(code="ROF03-01").source


def test_the_handbook_has_the_27_rows_of_the_guide_in_order() -> None:
    rows = list(RoutineStep.objects.order_by("number"))
    assert [row.number for row in rows] == list(range(1, 28))
    assert all(row.what and row.who and row.when and row.how and row.phase in PHASE_NAMES for row in rows)
    assert RoutineStep.objects.get(number=8).forms.count() == 5
    assert [trade.code for trade in RoutineStep.objects.get(number=25).trades.all()] == ["HEA"]
    assert {row.number: row.due_days for row in rows if row.due_days} == {3: 14, 4: 7, 8: 14, 11: 28, 14: 7, 15: 7}


def test_the_common_criteria_are_those_of_the_guide() -> None:
    assert Criterion.objects.filter(trade=None, is_active=True).count() == 4


def test_no_partner_is_named_after_a_real_place(settings) -> None:
    names = " ".join(Partner.objects.values_list("name", flat=True))
    assert settings.COUNTY in names and settings.SERVICE_NAME in names and "NAV Eksempelvik" in names
    assert not any(place in names for place in ("Lørenskog", "Akershus", "Strømmen"))


def test_settings_hold_the_value_of_their_day() -> None:
    assert setting("G", date(2024, 4, 30)) == Decimal("118620")
    assert setting("G", date(2024, 5, 1)) == Decimal("124028")
    assert setting("G", date(2026, 6, 1)) == Decimal("130160")
    assert setting("participation_percent", DAY) == 80


def test_a_setting_without_rows_falls_back_on_the_shipped_value() -> None:
    Setting.objects.all().delete()
    assert setting("interview_days", DAY) == 14
    assert setting("G", date(2024, 12, 1)) == Decimal("124028")
    assert setting("G", date(2001, 1, 1)) == Decimal("118620")


def test_a_new_value_holds_from_its_day_and_not_before() -> None:
    Setting.objects.create(key="interview_days", value=10, valid_from=DAY, source="Vedtak")
    assert setting("interview_days", date(2026, 11, 22)) == 14
    assert setting("interview_days", DAY) == 10


def test_all_settings_come_in_one_query(django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        values = settings_in_force(DAY)
    assert values.keys() >= KNOWN.keys() and values["G"] == Decimal("130160")


def test_an_unknown_setting_is_a_mistake_in_the_code() -> None:
    with pytest.raises(KeyError):
        setting("finnes_ikke", DAY)


def test_the_exam_windows_are_those_of_udir() -> None:
    windows = {each.name: each for each in ExamWindow.objects.all()}
    autumn, spring = windows["Høsten 2026"], windows["Våren 2027"]
    assert (autumn.opens_on, autumn.closes_on, autumn.results_on) == (date(2026, 9, 1), date(2026, 9, 15), date(2027, 1, 4))
    assert (autumn.exam_from, autumn.exam_to) == (date(2026, 11, 16), date(2026, 11, 27))
    assert (spring.opens_on, spring.closes_on, spring.results_on) == (date(2027, 1, 15), date(2027, 2, 1), date(2027, 6, 18))
    assert spring.exam_from is None and "Udir" in spring.source


def test_the_school_year_is_proposed_with_its_breaks() -> None:
    assert Semester.objects.get(school_year="2026/27", season="autumn").starts_on == date(2026, 8, 17)
    assert Semester.objects.get(school_year="2026/27", season="spring").ends_on == date(2027, 6, 18)
    winter = CalendarBreak.objects.get(name="Vinterferie", starts_on__year=2027)
    assert (winter.starts_on, winter.ends_on) == (date(2027, 2, 22), date(2027, 2, 26))
    assert winter.stops_teaching and not winter.stops_practice and "Forslag" in winter.source


@pytest.mark.parametrize("year", range(2024, 2040))
def test_the_proposed_days_are_in_order_every_year(year) -> None:
    for day in (date(year, 7, 31), date(year, 8, 1)):
        for row in [*semesters(day), *(facts for _year, facts in breaks(day))]:
            assert row["starts_on"] <= row["ends_on"]
        for window in exam_windows(day):
            assert window["opens_on"] < window["closes_on"]
