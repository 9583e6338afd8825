"""The steering group's way: from home to the newest report and its PDF, one click each; and to no participant by any address."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from meetings.models import ProgressReport
from meetings.models.reports import DRAFT
from participants.models import Participant
from tests.access.matrix import RECORD_ROWS
from tests.cast import Cast
from tests.journeys.addresses import patterns
from tests.journeys.browsing import Visitor, today
from tests.meetings.reported import draft, numbers, published

pytestmark = pytest.mark.journey


@pytest.fixture(autouse=True)
def no_draft_is_begun(world: Cast) -> None:
    """A semester has one draft: those that other journeys began are thrown away."""
    ProgressReport.objects.filter(state=DRAFT).delete()


def test_the_steering_group_opens_the_newest_report_and_its_pdf_in_one_click(
    world: Cast, visit: Callable[..., Visitor], tmp_path: Path
) -> None:
    """Home, one click: the report. Home, one click: its PDF. What is hidden is hidden in both."""
    published(world, content=numbers(today()), semesters_ago=1)
    newest = published(world, content=numbers(today())).report
    stian = visit("styringsgruppe")
    stian.opens("/")
    stian.follows("Les rapporten", stian.main)
    assert stian.path == newest.get_absolute_url()
    stian.sees(f"Framdriftsrapport {newest.semester_words}", "Deltakere nå", "færre enn 5", "skjult", "Vi ber styringsgruppen om")
    stian.main.get_by_text("Vis tallene som tabell").first.click()
    stian.sees("Går videre")

    stian.opens("/")
    with stian.page.expect_download() as waiting:
        stian.main.get_by_role("link", name="Last ned PDF").click()
    path = tmp_path / "rapport.pdf"
    waiting.value.save_as(path)
    assert path.read_bytes() == newest.frozen.pdf.read()
    assert waiting.value.suggested_filename.startswith("framdriftsrapport-")


def test_the_steering_group_reaches_no_participant_by_any_address(world: Cast, visit: Callable[..., Visitor]) -> None:
    """Every address of a record, and every link on the pages that are the steering group's, asked for from the browser."""
    report = published(world, content=numbers(today())).report
    waiting = draft(world, content=numbers(today()), funder="imdi")
    stian, selma = visit("styringsgruppe"), world.enrolments["selma"]
    names = {row.full_name for row in Participant.objects.all()}
    record = {row.name for row in RECORD_ROWS}
    asked = 0
    for pattern, name in patterns():
        if name in record:
            url = "/" + pattern.replace("<slug:participant_id>", selma.participant.public_id)
            url = url.replace("<slug:row_id>", "2222222222zz").replace("<slug:key>", "admit")
            if "<" not in url:
                assert stian.page.request.get(url, max_redirects=0).status in {404, 405}, url
                asked += 1
    assert asked > 60
    for url in (
        "/deltakere/",
        "/deltakere/sok/?q=Selma",
        "/rapporter/mangler/",
        f"{report.get_absolute_url()}tall/now/personer/?celle=all",
    ):
        assert stian.page.request.get(url).status == 403, url
    assert stian.page.request.get(waiting.get_absolute_url()).status == 404
    seen, queue = set[str](), ["/", "/rapporter/", report.get_absolute_url(), f"{report.get_absolute_url()}tall/now/"]
    while queue and len(seen) < 60:
        url = queue.pop(0)
        if url in seen:
            continue
        seen.add(url)
        answer = stian.page.request.get(url)
        text = answer.text() if "html" in answer.headers.get("content-type", "") else ""
        assert not [name for name in names if name in text], url
        if url.startswith(("/rapporter/", "/")) and text and len(seen) < 12:
            stian.page.set_content(text)
            queue += [
                link
                for link in stian.page.eval_on_selector_all(
                    "main a[href^='/']", "rows => rows.map(row => row.getAttribute('href'))"
                )
                if "/logg-ut" not in link
            ]
