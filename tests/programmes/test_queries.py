"""What higher floors ask of the frame: the right window, the right day, the right people."""

from datetime import date, timedelta

import pytest

from programmes.demo import seed
from programmes.models import CalendarBreak, Cohort, ExamWindow, Trade, Workplace, WorkplaceApproval, WorkplacePerson
from programmes.queries import (
    approval_of,
    days_off,
    fadder_choices,
    last_fitting_window,
    leder_choices,
    next_window,
    practice_day_off,
    results_by,
    teaching_day_off,
    trades_open,
    window_now_or_near,
    workplace_choices,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 23)


def window(opens_on: date, closes_on: date, results_on: date | None = None) -> ExamWindow:
    return ExamWindow.objects.create(name=str(opens_on), opens_on=opens_on, closes_on=closes_on, results_on=results_on)


def test_a_trade_is_open_while_it_runs() -> None:
    Trade.objects.create(code="A", name="a", short_name="a", runs_from=DAY, runs_to=DAY, order=2)
    Trade.objects.create(code="B", name="b", short_name="b", order=1)
    assert [trade.code for trade in trades_open(DAY)] == ["B", "A"]
    assert [trade.code for trade in trades_open(DAY - timedelta(days=1))] == ["B"]
    assert [trade.code for trade in trades_open(DAY + timedelta(days=1))] == ["B"]


def test_the_last_window_that_fits_has_its_results_by_the_contracts_end() -> None:
    autumn = window(date(2026, 9, 1), date(2026, 9, 15), date(2027, 1, 4))
    spring = window(date(2027, 1, 15), date(2027, 2, 1), date(2027, 6, 18))
    assert last_fitting_window(date(2027, 6, 18)) == spring
    assert last_fitting_window(date(2027, 6, 17)) == autumn
    assert last_fitting_window(date(2027, 1, 3)) is None


def test_a_window_without_a_day_for_results_counts_150_days() -> None:
    unknown = window(date(2027, 9, 1), date(2027, 9, 15))
    assert results_by(unknown) == date(2028, 2, 12)
    assert last_fitting_window(date(2028, 2, 12)) == unknown
    assert last_fitting_window(date(2028, 2, 11)) is None


def test_windows_already_fetched_cost_no_query(django_assert_num_queries) -> None:
    held = [window(date(2026, 9, 1), date(2026, 9, 15), date(2027, 1, 4))]
    with django_assert_num_queries(0):
        assert last_fitting_window(date(2027, 6, 1), held) == held[0]


@pytest.mark.parametrize(
    ("day", "found"),
    [
        (date(2026, 12, 15), False),
        (date(2026, 12, 16), True),
        (date(2027, 1, 15), True),
        (date(2027, 2, 1), True),
        (date(2027, 2, 2), False),
    ],
)
def test_a_window_is_near_from_30_days_before_until_it_closes(day, found) -> None:
    spring = window(date(2027, 1, 15), date(2027, 2, 1))
    assert (window_now_or_near(day, 30) == spring) is found


def test_the_next_window_is_the_open_one_or_the_first_to_open() -> None:
    spring, autumn = window(date(2027, 1, 15), date(2027, 2, 1)), window(date(2027, 9, 1), date(2027, 9, 15))
    assert next_window(date(2027, 2, 1)) == spring
    assert next_window(date(2027, 2, 2)) == autumn


def test_days_without_practice_and_teaching_are_not_the_same(django_assert_num_queries) -> None:
    CalendarBreak.objects.create(name="Vinterferie", starts_on=date(2027, 2, 22), ends_on=date(2027, 2, 26))
    CalendarBreak.objects.create(
        name="Fellesferie", starts_on=date(2027, 7, 12), ends_on=date(2027, 7, 16), stops_teaching=False, stops_practice=True
    )
    practice, teaching = practice_day_off(), teaching_day_off()
    with django_assert_num_queries(1):
        teaching_too, practice_too = days_off()
    for day, no_practice, no_teaching in (
        (date(2027, 2, 19), False, False),
        (date(2027, 2, 22), False, True),
        (date(2027, 2, 26), False, True),
        (date(2027, 2, 27), True, True),
        (date(2027, 3, 25), True, True),
        (date(2027, 5, 17), True, True),
        (date(2027, 7, 12), True, False),
    ):
        assert (practice(day), teaching(day)) == (no_practice, no_teaching), day
        assert (practice_too(day), teaching_too(day)) == (no_practice, no_teaching), day


def test_choices_of_workplaces_and_people() -> None:
    bua = Trade.objects.create(code="BUA", name="b", short_name="b")
    open_, closed, applied = (
        Workplace.objects.create(name=name, is_active=name != "Stengt") for name in ("Åpen", "Stengt", "Søkt")
    )
    for place, state in ((open_, "approved"), (closed, "approved"), (applied, "applied")):
        WorkplaceApproval.objects.create(workplace=place, trade=bua, state=state)
    assert set(workplace_choices()) == {open_, applied}
    assert list(workplace_choices(trade=bua, states=["approved"])) == [open_]
    assert approval_of(open_, bua).state == "approved"
    fadder = WorkplacePerson.objects.create(workplace=open_, name="F", ends_on=DAY)
    leder = WorkplacePerson.objects.create(workplace=open_, name="L", is_leder=True, may_be_fadder=False, starts_on=DAY)
    assert list(fadder_choices(open_, DAY)) == [fadder]
    assert not fadder_choices(open_, DAY + timedelta(days=1)).exists()
    assert list(leder_choices(open_, DAY)) == [leder]
    assert not leder_choices(open_, DAY - timedelta(days=1)).exists()


def test_the_demo_comes_once_and_has_every_kind_of_approval() -> None:
    seed(today=DAY)
    counted = [model.objects.count() for model in (Workplace, WorkplacePerson, WorkplaceApproval, Cohort)]
    seed(today=DAY)
    assert counted == [model.objects.count() for model in (Workplace, WorkplacePerson, WorkplaceApproval, Cohort)]
    assert set(WorkplaceApproval.objects.values_list("state", flat=True)) == {"applied", "approved", "refused", "lapsed"}
    assert Workplace.objects.count() == 14 and Cohort.objects.count() == 6
    emails = WorkplacePerson.objects.exclude(email="").values_list("email", flat=True)
    assert all(email.endswith("@demo.example") for email in emails)
    for place in Workplace.objects.all():
        assert leder_choices(place, DAY).count() == 1 and fadder_choices(place, DAY).count() in (2, 3)
