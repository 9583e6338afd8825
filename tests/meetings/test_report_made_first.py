"""What takes seconds is done before the transaction that saves it: nobody waits, and what changed meanwhile is not published unseen."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import Storage
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from fagbrev.audit.acting import is_acting
from fagbrev.dates import semester_of
from fagbrev.one_moment import one_moment
from meetings import report_queries
from meetings.actions import reports as actions
from meetings.actions.reports import NotADraft, ReportChanged, made_report, publish_report
from meetings.models import FrozenReport, ProgressReport, ReportNumbers
from meetings.report_content import draft_content, keep_words
from programmes.models import Trade
from programmes.models.calendar import Setting
from tests.cast import Cast
from tests.meetings.arranged import client_of
from tests.meetings.reported import draft, numbers, publish, published


def kept_in() -> Storage:
    """Where the model's files lie: settings that were overridden when it was loaded, as journeys do, are not those of now."""
    field: Any = FrozenReport._meta.get_field("pdf")
    storage: Storage = field.storage
    return storage


def stored(folder: str = "reports") -> set[str]:
    """The files of reports that lie in the storage."""
    storage = kept_in()
    if not storage.exists(folder):
        return set()
    folders, files = storage.listdir(folder)
    return {f"{folder}/{name}" for name in files}.union(*(stored(f"{folder}/{name}") for name in folders))


@pytest.fixture
def noted(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bool]]:
    """What of that which takes seconds was done, and whether an act was under way."""
    found: list[tuple[str, bool]] = []

    def noting(name: str) -> Callable[..., Any]:
        does = getattr(actions, name)

        def run(*args: Any, **more: Any) -> Any:
            found.append((name, is_acting()))
            return does(*args, **more)

        return run

    for name in ("pdf_of", "sheet_of", "counted"):
        monkeypatch.setattr(actions, name, noting(name))
    return found


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], Any]], None]:
    """Lets something happen while the PDF is made."""

    def arrange(happens: Callable[[], Any]) -> None:
        does = actions.pdf_of

        def made(content: Any) -> bytes:
            monkeypatch.setattr(actions, "pdf_of", does)
            happens()
            return does(content)

        monkeypatch.setattr(actions, "pdf_of", made)

    return arrange


def test_nobody_waits_for_the_counting_the_pdf_or_the_sheet(cast: Cast, noted: list[tuple[str, bool]]) -> None:
    client, semester = client_of(cast.koordinator), semester_of(cast.today)
    sent = {"semester": semester.first.isoformat(), "as_of": min(cast.today, semester.last).isoformat(), "cut": ""}
    client.post(reverse("report_new"), sent)
    report = ProgressReport.objects.get()
    client.post(reverse("report_count", args=[report.public_id]), {"tall-as_of": sent["as_of"]})
    report.numbers.refresh_from_db()
    client.post(reverse("report_publish", args=[report.public_id]), {"stamp": report.numbers.stamp})
    client.post(reverse("report_correct", args=[report.public_id]))
    assert ProgressReport.objects.get(corrects=report).numbers.content["periods"]
    assert noted == [(name, False) for name in ("counted", "counted", "pdf_of", "sheet_of", "counted")]


def _text(report: ProgressReport, cast: Cast) -> None:
    ProgressReport.objects.filter(pk=report.pk).update(plans="Nye planer")


def _limit(report: ProgressReport, cast: Cast) -> None:
    Setting.objects.create(key="report_smallest_group", value=8, valid_from=cast.today - timedelta(days=9), source="prøve")


def _numbers(report: ProgressReport, cast: Cast) -> None:
    ReportNumbers.objects.filter(report=report).update(counted_at=timezone.now())


def _another(report: ProgressReport, cast: Cast) -> None:
    published(cast, content=numbers(cast.today), funder="imdi")


@pytest.mark.parametrize("changes", [_text, _limit, _numbers, _another])
def test_what_was_changed_while_the_files_were_made_is_not_published_unseen(
    cast: Cast, meanwhile: Any, changes: Callable[[ProgressReport, Cast], None]
) -> None:
    report, before = draft(cast, content=numbers(cast.today)), stored()
    meanwhile(lambda: changes(report, cast))
    answer = client_of(cast.koordinator).post(
        reverse("report_publish", args=[report.public_id]), {"stamp": report.numbers.stamp}, follow=True
    )
    assert "Se over, og publiser en gang til" in answer.content.decode()
    report.refresh_from_db()
    assert not report.is_published
    held = [name for row in FrozenReport.objects.all() for name in (row.pdf.name, row.sheet.name)]
    assert stored() - before == set(held)


def test_a_trade_that_gets_another_name_meanwhile_is_seen(cast: Cast) -> None:
    report = draft(cast, content=numbers(cast.today), trade="BUA")
    with made_report(report=report, stamp=report.numbers.stamp, by=cast.koordinator, now=timezone.now()) as made:
        Trade.objects.filter(code="BUA").update(name="Et annet navn")
        with pytest.raises(ReportChanged):
            publish_report(report=report, made=made, shows_closed=False, by=cast.koordinator)


def test_of_two_who_publish_at_once_the_second_is_told_and_leaves_no_files(cast: Cast, meanwhile: Any) -> None:
    report, before = draft(cast, content=numbers(cast.today)), stored()
    first: list[FrozenReport] = []
    meanwhile(lambda: first.append(publish(cast, ProgressReport.objects.get(pk=report.pk))))
    answer = client_of(cast.koordinator).post(
        reverse("report_publish", args=[report.public_id]), {"stamp": report.numbers.stamp}, follow=True
    )
    assert "Rapporten er alt publisert" in answer.content.decode()
    assert stored() - before == {first[0].pdf.name, first[0].sheet.name}


def test_a_draft_thrown_away_meanwhile_is_not_published(cast: Cast, meanwhile: Any) -> None:
    report, before = draft(cast, content=numbers(cast.today)), stored()
    meanwhile(lambda: ProgressReport.objects.filter(pk=report.pk).delete())
    with pytest.raises(NotADraft):
        publish(cast, report)
    assert stored() == before


def test_what_fails_after_the_files_were_stored_leaves_none_of_them(cast: Cast) -> None:
    report, before = draft(cast, content=numbers(cast.today)), stored()
    with (
        pytest.raises(RuntimeError),
        made_report(report=report, stamp=report.numbers.stamp, by=cast.koordinator, now=timezone.now()) as made,
    ):
        assert len(stored() - before) == 2 and kept_in().exists(made.pdf_name)
        raise RuntimeError
    assert stored() == before


def test_a_disk_that_is_full_when_the_second_file_is_stored_leaves_not_the_first(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    report, before, store = draft(cast, content=numbers(cast.today)), stored(), actions._stored
    kept: list[str] = []

    def full(content: bytes) -> str:
        if kept:
            raise OSError("No space left on device")
        kept.append(store(content))
        return kept[0]

    monkeypatch.setattr(actions, "_stored", full)
    with pytest.raises(OSError, match="No space left"):
        publish(cast, report)
    assert kept and stored() == before


def test_the_form_sent_twice_leads_to_the_report_both_times(cast: Cast) -> None:
    report = draft(cast, content=numbers(cast.today))
    client, url = client_of(cast.koordinator), reverse("report_publish", args=[report.public_id])
    page = client.get(url).content.decode()
    sent = {"stamp": report.numbers.stamp, "submission": re.findall(r'name="submission" value="([^"]*)"', page)[0]}
    assert [client.post(url, sent).headers.get("Location") for _turn in range(2)] == [report.get_absolute_url()] * 2


def test_words_found_for_numbers_that_were_counted_anew_meanwhile_are_not_kept_beside_the_new_ones(cast: Cast) -> None:
    report = draft(cast, content=numbers(cast.today))
    mended = numbers(cast.today)
    mended["periods"][0]["values"]["completed"]["all"]["completed"] = 99
    stale = ProgressReport.objects.select_related("numbers").get(pk=report.pk)
    ReportNumbers.objects.filter(report=report).update(content=mended, counted_at=timezone.now())
    keep_words(stale, cast.today)
    shown = draft_content(ProgressReport.objects.get(pk=report.pk), cast.koordinator, "M")
    assert shown["periods"][0]["values"]["completed"]["all"] == {"completed": 99}


@pytest.mark.parametrize(
    ("name", "words", "is_published"),
    [("report_new", "Teller …", False), ("report_edit", "Teller …", False), ("report_publish", "Lager rapporten …", False),
     ("report_detail", "Teller …", True)],
)  # fmt: skip
def test_what_takes_seconds_says_so_when_the_form_is_sent(cast: Cast, name: str, words: str, is_published: bool) -> None:
    content = numbers(cast.today)
    report = published(cast, content=content).report if is_published else draft(cast, content=content)
    page = (
        client_of(cast.koordinator).get(reverse(name, args=[] if name == "report_new" else [report.public_id])).content.decode()
    )
    assert f'role="status" data-working="{words}"></p></form>' in page  # empty until the script fills it


# --- One moment -----------------------------------------------------------------------------------------


def in_a_thread(act: Callable[[], Any]) -> list[BaseException]:
    """Runs something with a connection of its own, and gives what went wrong."""
    faults: list[BaseException] = []

    def run() -> None:
        try:
            act()
        except BaseException as fault:
            faults.append(fault)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(timeout=30)
    return faults


@pytest.mark.usefixtures("_flush_may_empty_logs", "transactional_db")
def test_what_is_read_in_one_moment_agrees_and_those_who_write_meanwhile_do_not_wait() -> None:
    def save() -> None:
        Setting.objects.create(key="report_smallest_group", value=8, valid_from="2020-01-01", source="prøve")

    before = Setting.objects.count()
    with one_moment():
        assert Setting.objects.count() == before
        assert in_a_thread(save) == []
        assert Setting.objects.count() == before
    assert Setting.objects.count() == before + 1


@pytest.mark.usefixtures("_flush_may_empty_logs", "transactional_db")
def test_a_moment_that_fails_leaves_the_connection_ready() -> None:
    with pytest.raises(RuntimeError), one_moment():
        Setting.objects.count()
        raise RuntimeError
    Setting.objects.create(key="report_smallest_group", value=8, valid_from="2020-01-01", source="prøve")
    assert Setting.objects.filter(value=8).exists()


@pytest.mark.parametrize("name", ["report_detail", "report_edit", "report_publish"])
def test_a_draft_that_is_published_while_its_page_is_drawn_is_shown_as_it_was(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    report = draft(cast, content=numbers(cast.today))
    finds = report_queries.report_of

    def finds_and_another_publishes(*args: Any) -> ProgressReport | None:
        found = finds(*args)
        publish(cast, ProgressReport.objects.get(pk=report.pk))
        return found

    monkeypatch.setattr(report_queries, "report_of", finds_and_another_publishes)
    assert client_of(cast.koordinator).get(reverse(name, args=[report.public_id])).status_code == 200
