"""Who gets what from the addresses of reports. No row of a record is there: a report never holds anything about one person.

The addresses point at a published report; a draft is there for the koordinator alone (tests/meetings/test_report_pages.py).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from fagbrev.dates import semester_of
from meetings.models import FrozenReport, ProgressReport, ReportNumbers
from meetings.models.reports import DRAFT, PUBLISHED
from meetings.report_content import edition_of
from tests.access.filled import Marks
from tests.access.rows import Row, page
from tests.cast import Cast

RECORD_ROWS: list[Row] = []
PAGE_ROWS: list[Row] = [
    page("report_list", "KS"),
    page("report_detail", "KS"),
    page("report_pdf", "KS"),
    page("report_sheet", "KS"),
    page("report_figure", "KS"),
    page("report_closed", "KS", GET_S=403),  # it was not given the steering group
    page("report_people", "K"),
    page("report_missing", "K"),
    page("report_new", "K", "K"),
    page("report_edit", "K", "K"),
    page("report_publish", "K", "K"),
    page("report_discard", "K", "K"),
    Row("report_count", "K", "K", of_record=False, no_get=True),
    Row("report_correct", "K", "K", of_record=False, no_get=True),
]
OF_DRAFTS = {"report_edit", "report_publish", "report_discard", "report_count"}
EMPTY = '{"about":"","as_of":"2026-01-01","author":"Kari","corrected_from":null,"edition":1,"figures":[{"adds_up":true,"cells":\
[{"key":"waiting","label":"På venteliste"}],"chapter":"caseload","definition":"Hvor mange.","has_people":true,"is_at_moment":true,\
"key":"waiting","kind":"count","name":"På venteliste","nested":false,"source":"","splits":false,"unit":"people","whole_cell":""}],\
"format":1,"is_open":true,"meeting_on":"","municipality":"X","periods":[{"first":"2026-01-01","last":"2026-06-30","values":\
{"waiting":{}},"words":"våren 2026","words_of":{}}],"published_on":"2026-05-01","revealed":0,"rows":[],"semester":"våren 2026",\
"since":"2026-01-01","smallest":5,"texts":{"asks":"","challenges":"","plans":"","resources":"","short":"","status":""},\
"title":"Framdriftsrapport våren 2026"}'


def report_for(cast: Cast, *, published: bool) -> ProgressReport:
    """A report on this semester, published with nothing in it, or a draft."""
    semester = semester_of(cast.today)
    made = {"state": PUBLISHED, "frozen__open_content": EMPTY} if published else {"state": DRAFT, "trade": "", "funder": ""}
    found = ProgressReport.objects.filter(**made).first()
    if found is not None:
        return found
    now = timezone.now()
    report = ProgressReport(
        first_on=semester.first,
        last_on=semester.counted_to,
        as_of=max(semester.first, min(semester.last, cast.today)),
        state=DRAFT,
    )
    report.edition = edition_of(report)
    report.save()
    if not published:
        period = {
            "first": semester.first.isoformat(), "last": semester.last.isoformat(), "words": str(semester), "values": {}, "words_of": {},
        }  # fmt: skip
        content = {"rows": [], "figures": [], "since": semester.first.isoformat(), "periods": [period]}
        ReportNumbers.objects.create(report=report, content=content, counted_at=now - timedelta(hours=1))
        return report
    ProgressReport.objects.filter(pk=report.pk).update(state=PUBLISHED, published_at=now, published_by=cast.users["koordinator"])
    frozen = FrozenReport(report=report, closed_content=EMPTY, open_content=EMPTY, frozen_at=now)
    frozen.pdf.save("prove", ContentFile(b"%PDF-1.7"), save=False)
    frozen.sheet.save("prove", ContentFile(b"PK"), save=False)
    frozen.save()
    report.refresh_from_db()
    return report


def _thing(name: str) -> Any:
    def arguments(cast: Cast) -> dict[str, Any]:
        return {"report_id": report_for(cast, published=name not in OF_DRAFTS).public_id, "figure": "waiting"}

    return arguments


THINGS: dict[str, Any] = {row.name: _thing(row.name) for row in PAGE_ROWS}


def fill(cast: Cast, marks: Marks, key: str, placement_key: str) -> None:
    """Nothing hangs on an enrolment or a placement."""
