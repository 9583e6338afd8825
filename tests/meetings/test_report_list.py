"""The list of reports, and the people behind a number: what they cost, and what they answer to an address that was never given."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.cast import Cast
from tests.meetings.arranged import client_of
from tests.meetings.reported import draft, numbers


def test_the_list_asks_as_many_queries_for_three_reports_on_trades_as_for_one(cast: Cast) -> None:
    client, address = client_of(cast.koordinator), reverse("report_list")

    def counted() -> int:
        client.get(address)  # what is kept between requests is there
        with CaptureQueriesContext(connection) as queries:
            assert cast.trades["BUA"].name in client.get(address).content.decode()
        return len(queries)

    draft(cast, content=numbers(cast.today), trade="BUA")
    few = counted()
    for code in ("HEA", "ROF"):
        draft(cast, content=numbers(cast.today), trade=code)
    assert counted() == few


@pytest.mark.parametrize(("trade", "row"), [("", "FINNES-IKKE"), ("BUA", "HEA"), ("BUA", "none")])
def test_a_row_that_the_report_does_not_have_leads_to_no_people(cast: Cast, trade: str, row: str) -> None:
    content = numbers(cast.today)
    report = draft(cast, content=content | {"rows": []} if trade else content, trade=trade)
    client, people = client_of(cast.koordinator), reverse("report_people", args=[report.public_id, "now"])
    assert client.get(f"{people}?celle=all&fag={row}").status_code == 404
    assert client.get(f"{people}?celle=all&fag=all").status_code == 200
