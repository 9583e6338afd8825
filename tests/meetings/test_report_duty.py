"""The duty to write the report: when it is due, whose it is, and when it goes away."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from fagbrev.duties.rules import Terms
from meetings.duties.reports import RULES, Semesters, described, facts_of, owned_by, recipients, write_report
from meetings.models import ProgressReport
from tests.cast import Cast
from tests.meetings.reported import numbers, published

AUTUMN = date(2026, 8, 1), date(2026, 12, 31)


def due(*, is_published: bool = False, meeting_on: date | None = None) -> list[tuple[date, date]]:
    facts = Semesters(*AUTUMN, is_published, meeting_on)
    return [(one.due_on, one.begins_on) for one in write_report(facts, Terms(date(2026, 9, 1)), date(2026, 9, 1))]


def test_it_is_due_two_weeks_before_the_called_meeting_and_stands_four_weeks_before_that() -> None:
    assert due(meeting_on=date(2026, 12, 10)) == [(date(2026, 11, 26), date(2026, 10, 29))]


def test_without_a_called_meeting_it_is_due_two_months_before_the_semester_ends() -> None:
    assert due() == [(date(2026, 10, 31), date(2026, 10, 3))]


def test_it_never_begins_before_the_semester() -> None:
    assert due(meeting_on=date(2026, 8, 20)) == [(date(2026, 8, 6), date(2026, 8, 1))]


def test_a_published_report_ends_it() -> None:
    assert due(is_published=True, meeting_on=date(2026, 12, 10)) == []


def test_only_the_report_on_everyone_counts(cast: Cast) -> None:
    assert not facts_of(cast.today).is_published
    published(cast, content=numbers(cast.today), funder="imdi")
    assert not facts_of(cast.today).is_published
    published(cast, content=numbers(cast.today))
    assert facts_of(cast.today).is_published
    assert ProgressReport.objects.count() == 2


@pytest.mark.made_up_duties
def test_it_is_the_koordinators_alone(cast: Cast) -> None:
    from fagbrev.duties.engine import refresh
    from fagbrev.duties.models import Duty

    refresh(today=cast.today + timedelta(days=300))
    rows = Duty.objects.filter(rule=RULES[0].key)
    assert rows.count() == 1
    for who, expected in (("koordinator", 1), ("faglaerer", 0), ("styringsgruppe", 0), ("avsluttet_koordinator", 0)):
        assert rows.filter(owned_by(cast.users[who], cast.today)).count() == expected
    assert recipients(list(rows), cast.today) == {rows.get().pk: {cast.koordinator.pk}}
    assert described(list(rows))[rows.get().pk].note in {str(year) for year in (f"våren {n}" for n in range(2020, 2040))} | {
        f"høsten {n}" for n in range(2020, 2040)
    }
