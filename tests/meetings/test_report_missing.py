"""What the reports lack: each line leads to where it is mended, and nobody out of scope stands there."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from fagbrev.access.models import RecordRestriction
from fagbrev.audit.models import LookLog
from fagbrev.dates import date_words, months_before
from fagbrev.figures import Cut, figures
from followup.models import WorkplaceVisit
from meetings.report_missing import LACKS, missing_page
from participants.models import Enrolment, FundingPeriod, IncomePeriod, TradeTest, WorkStatus, WrittenExam
from programmes.models import WorkplacePerson
from tests.cast import Cast, enrol
from tests.meetings.arranged import client_of


def lines(cast: Cast, key: str) -> dict[str, str]:
    """Whom a kind names, and where their lines lead."""
    found = missing_page(cast.koordinator, cast.today, key=key, number=None)
    return {line.name: line.url for line in found["lines"]} if found["chosen"].key == key else {}


def test_an_exam_without_result_leads_to_its_form(cast: Cast) -> None:
    row = WrittenExam.objects.create(
        participant=cast.selma.participant, exam_code="X", state="registered", exam_on=cast.today - timedelta(days=40)
    )
    assert lines(cast, "exam_result") == {
        "Selma Testesen": reverse("skriftlig_edit", args=[cast.selma.participant.public_id, row.public_id])
    }
    WrittenExam.objects.update(state="passed")
    assert "Selma Testesen" not in lines(cast, "exam_result")


def test_a_trade_test_without_result_stands_there(cast: Cast) -> None:
    TradeTest.objects.create(enrolment=cast.selma, ends_on=cast.today - timedelta(days=20))
    assert list(lines(cast, "test_result")) == ["Selma Testesen"]


def test_whose_days_are_shown_is_logged_once_a_day(cast: Cast) -> None:
    TradeTest.objects.create(enrolment=cast.selma, ends_on=cast.today - timedelta(days=20))
    for _turn in range(2):
        client_of(cast.koordinator).get(f"{reverse('report_missing')}?hva=test_result")
    look = LookLog.objects.get(user=cast.koordinator, participant_id=cast.selma.participant_id)
    assert (look.act, look.sections, look.enrolment_id) == ("list", ["exams", "identity"], cast.selma.pk)


def test_work_that_is_not_asked_about_stands_there_until_it_is(cast: Cast) -> None:
    done = cast.enrolments["completed"]
    Enrolment.objects.filter(pk=done.pk).update(ended_on=months_before(cast.today, 7))
    assert done.participant.full_name in lines(cast, "work_3") and done.participant.full_name in lines(cast, "work_6")
    assert done.participant.full_name not in lines(cast, "work_12")
    assert "sett=months:3" in lines(cast, "work_3")[done.participant.full_name]
    WorkStatus.objects.create(enrolment=done, months=3, asked_on=cast.today, state="permanent")
    assert done.participant.full_name not in lines(cast, "work_3")


@pytest.mark.parametrize(
    "key,model,columns", [("income", IncomePeriod, {"kind": "wages"}), ("funding", FundingPeriod, {"source": "imdi"})]
)
def test_income_and_funding_that_are_not_registered(cast: Cast, key: str, model: type, columns: dict[str, str]) -> None:
    assert "Selma Testesen" in lines(cast, key)
    model.objects.create(enrolment=cast.selma, starts_on=cast.today, **columns)  # type: ignore[attr-defined]
    assert "Selma Testesen" not in lines(cast, key)


@pytest.mark.parametrize(
    "key,model,columns", [("income", IncomePeriod, {"kind": "wages"}), ("funding", FundingPeriod, {"source": "imdi"})]
)
def test_income_and_funding_that_only_begin_later_are_lacking_as_the_figure_counts_them(
    cast: Cast, key: str, model: type, columns: dict[str, str]
) -> None:
    model.objects.create(enrolment=cast.selma, starts_on=cast.today + timedelta(days=1), **columns)  # type: ignore[attr-defined]
    counted = figures()[key].people
    assert counted is not None
    assert cast.selma in counted(Cut(cast.today, cast.today), "none") and "Selma Testesen" in lines(cast, key)


def test_the_day_of_a_visit_is_the_day_where_the_municipality_is(cast: Cast) -> None:
    day = cast.today - timedelta(days=9)
    early = timezone.make_aware(datetime.combine(day, time(0, 30)))
    WorkplaceVisit.objects.create(placement=cast.placements["selma"], state="agreed", planned_at=early)
    (line,) = missing_page(cast.koordinator, cast.today, key="visit", number=None)["lines"]
    assert line.what == f"avtalt {date_words(day)}"


def test_an_agreed_visit_that_nobody_logged(cast: Cast) -> None:
    WorkplaceVisit.objects.create(
        placement=cast.placements["selma"], state="agreed", planned_at=timezone.now() - timedelta(days=9)
    )
    assert list(lines(cast, "visit")) == ["Selma Testesen"]


def test_a_fadder_of_whom_nobody_knows_whether_there_is_a_fagbrev(cast: Cast) -> None:
    person = cast.people["fadder_person"]
    WorkplacePerson.objects.filter(pk=person.pk).update(has_fagbrev=None)
    assert lines(cast, "fadder") == {person.name: reverse("person_edit", args=[person.public_id])}


def test_a_trade_that_is_not_decided_and_an_end_without_reason(cast: Cast) -> None:
    enrol(cast, "Uten Fag", "", "admitted")
    Enrolment.objects.filter(pk=cast.enrolments["withdrawn"].pk).update(end_code="")
    assert "Uten Fag" in lines(cast, "trade")
    assert cast.enrolments["withdrawn"].participant.full_name in lines(cast, "end_reason")


def test_every_line_of_every_kind_leads_to_a_page(cast: Cast) -> None:
    WrittenExam.objects.create(
        participant=cast.selma.participant, exam_code="X", state="registered", exam_on=cast.today - timedelta(days=40)
    )
    client, seen = client_of(cast.koordinator), 0
    for lack in LACKS:
        for url in list(lines(cast, lack.key).values())[:1]:
            assert client.get(url).status_code == 200, (lack.key, url)
            seen += 1
    assert seen >= 4
    assert client.get(reverse("report_missing")).status_code == 200


def test_where_nobody_is_registered_it_does_not_say_that_all_is(cast: Cast) -> None:
    everybody_out = [
        RecordRestriction(
            participant_id=row.participant_id, user=cast.koordinator, kind="deny", reason="slekt", starts_on=cast.today
        )
        for row in cast.enrolments.values()
    ]
    RecordRestriction.objects.bulk_create(everybody_out)
    text = client_of(cast.koordinator).get(reverse("report_missing")).content.decode()
    assert "Ingen deltakere ennå" in text and "Ingenting mangler" not in text


def test_those_out_of_the_koordinators_scope_stand_in_no_list_and_no_count(cast: Cast) -> None:
    before = missing_page(cast.koordinator, cast.today, key="income", number=None)
    RecordRestriction.objects.create(
        participant_id=cast.selma.participant_id, kind="deny", user=cast.koordinator, reason="slekt", starts_on=cast.today
    )
    cast.koordinator.__dict__.pop("_blocked_by_day", None)
    after = missing_page(cast.koordinator, cast.today, key="income", number=None)
    assert after["page"].paginator.count == before["page"].paginator.count - 1
    assert "Selma Testesen" not in {line.name for line in after["lines"]}


def test_the_number_of_queries_does_not_grow_with_the_rows(cast: Cast) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            missing_page(cast.koordinator, cast.today, key="income", number=None)
        return len(captured)

    queries()  # what is asked once of the user is remembered
    before = queries()
    for number in range(5):
        enrol(cast, f"Ny Nummer{number}", "HEA", "training")
    assert queries() == before
