"""A published report is the same for ever, whatever happens to the data below it; a mistake is mended by a new edition."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import F
from django.test import Client, RequestFactory
from django.urls import reverse

from fagbrev.audit.models import ChangeLog
from fagbrev.dates import date_words
from meetings.actions.reports import NotADraft, NumbersChanged, correct_report, count_anew, save_report
from meetings.forms.reports import TextsForm
from meetings.models import FrozenReport, ProgressReport
from meetings.models.reports import NeverChanged, digest
from meetings.report_queries import newest_published
from participants.models import Enrolment, WrittenExam
from programmes.models import Trade
from programmes.models.calendar import Setting
from tests.cast import Cast, enrol
from tests.meetings.arranged import client_of
from tests.meetings.reported import draft, moment, numbers, publish, published


def page_part(client: Client, report: ProgressReport) -> bytes:
    """The page's own content, without what stands around it."""
    answer = client.get(report.get_absolute_url())
    assert answer.status_code == 200
    body: bytes = answer.content
    ends = [
        at for mark in (b'aria-labelledby="correct"', b"</main>") if (at := body.find(mark)) > 0
    ]  # a form has a token of its own
    return body[body.index(b'<dl class="report-tiles"') : min(ends)]


def files(client: Client, report: ProgressReport) -> tuple[bytes, bytes]:
    """The PDF and the sheet, as they are downloaded."""
    got = [client.get(reverse(name, args=[report.public_id])) for name in ("report_pdf", "report_sheet")]
    assert [answer.status_code for answer in got] == [200, 200]
    return tuple(b"".join(answer.streaming_content) for answer in got)  # type: ignore[return-value]


def change_everything(cast: Cast) -> None:
    """Changes the data below: people, exams, the trade's name, the limit of small groups."""
    for count in range(7):
        enrol(cast, f"Ny Nummer{count}", "HEA", "training")
    WrittenExam.objects.create(participant=cast.selma.participant, exam_code="X", state="passed", result_on=cast.today)
    Enrolment.objects.filter(pk=cast.nadia.pk).update(trade=cast.trades["BUA"])
    Trade.objects.filter(code="BUA").update(name="Et annet navn", short_name="Annet")
    Setting.objects.create(key="report_smallest_group", value=1, valid_from=cast.today - timedelta(days=9), source="prøve")


def test_page_pdf_and_sheet_are_the_same_bytes_after_the_data_changed(cast: Cast) -> None:
    report = published(cast).report
    readers = [client_of(cast.users["styringsgruppe"]), client_of(cast.koordinator)]
    before = [(page_part(client, report), files(client, report)) for client in readers]
    assert b"Barne- og ungdomsarbeider" in before[0][0]
    change_everything(cast)
    assert [(page_part(client, report), files(client, report)) for client in readers] == before
    frozen = FrozenReport.objects.get(report=report)
    assert (digest(before[0][1][0]), digest(before[0][1][1])) == (frozen.pdf_hash, frozen.sheet_hash)
    assert (digest(frozen.open_content), digest(frozen.closed_content)) == (frozen.open_hash, frozen.closed_hash)


def test_a_draft_does_follow_the_data_when_it_is_counted_anew(cast: Cast) -> None:
    report = draft(cast)
    before = page_part(client_of(cast.koordinator), report)
    change_everything(cast)
    assert page_part(client_of(cast.koordinator), report) != before  # the limit of small groups holds at once
    Setting.objects.all().delete()
    assert page_part(client_of(cast.koordinator), report) == before
    count_anew(report=report, by=cast.koordinator, now=moment(cast.today))
    assert page_part(client_of(cast.koordinator), report) != before


def test_what_is_hidden_is_nowhere_in_the_open_content(cast: Cast) -> None:
    frozen = published(cast, content=numbers(cast.today))
    closed, open_ = frozen.content(closed=True), frozen.content(closed=False)
    hidden = [
        (figure, row, cell)
        for figure, rows in open_["periods"][0]["words_of"].items() for row, cells in rows.items() for cell in cells
    ]  # fmt: skip
    assert ("left", "BUA", "all") in hidden
    for figure, row, cell in hidden:
        assert cell not in open_["periods"][0]["values"][figure].get(row, {})
    assert closed["periods"][0]["values"]["left"]["BUA"] == {"all": 1}
    assert '"count"' not in frozen.open_content.replace('"kind":"count"', "")  # how many lengths lie behind a median


def test_the_row_refuses_every_change(cast: Cast) -> None:
    frozen = published(cast, content=numbers(cast.today))
    with pytest.raises(NeverChanged):
        frozen.save()
    with pytest.raises(NeverChanged):
        frozen.delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        FrozenReport.objects.filter(pk=frozen.pk).update(open_content="{}")
    with pytest.raises(DatabaseError), transaction.atomic():
        FrozenReport.objects.filter(pk=frozen.pk).delete()


def test_a_published_report_is_neither_written_nor_counted_nor_published_again(cast: Cast) -> None:
    report = published(cast, content=numbers(cast.today)).report
    with pytest.raises(NotADraft):
        count_anew(report=report, by=cast.koordinator, now=moment(cast.today))
    with pytest.raises(NotADraft):
        publish(cast, report, stamp="1.0")
    for name in ("report_edit", "report_publish", "report_discard", "report_count"):
        answer = client_of(cast.koordinator).post(reverse(name, args=[report.public_id]), {"short": "Noe annet"}, follow=True)
        assert answer.redirect_chain == [(report.get_absolute_url(), 302)]
        assert "Rapporten er publisert, og endres ikke mer." in answer.content.decode()
    assert ProgressReport.objects.get().short == report.short


def test_numbers_that_were_counted_after_the_preview_are_not_published_unseen(cast: Cast) -> None:
    report = draft(cast)
    stamp = report.numbers.stamp
    count_anew(report=report, by=cast.koordinator, now=moment(cast.today) + timedelta(seconds=1))
    with pytest.raises(NumbersChanged):
        publish(cast, report, stamp=stamp)
    report.refresh_from_db()
    assert not report.is_published


def test_publishing_is_logged_with_names_of_fields_alone(cast: Cast) -> None:
    report = published(cast, content=numbers(cast.today)).report
    row = ChangeLog.objects.filter(subject_type="meetings.progressreport", verb="published").get()
    assert (row.subject_id, row.participant_id, row.fields) == (report.public_id, None, ["state"])


def test_a_new_edition_keeps_the_old_and_says_what_is_mended(cast: Cast) -> None:
    first = published(cast, content=numbers(cast.today)).report
    before = page_part(client_of(cast.users["styringsgruppe"]), first)
    second = correct_report(report=first, by=cast.koordinator, now=moment(cast.today))
    assert correct_report(report=first, by=cast.koordinator, now=moment(cast.today)) == second
    assert (second.edition, second.short) == (2, first.short)
    mended = numbers(cast.today)
    mended["periods"][0]["values"]["came"]["BUA"]["admitted"] = 16
    mended["periods"][0]["values"]["came"]["all"]["admitted"] = 24
    second.numbers.content, second.numbers.held_against = mended, ""
    second.numbers.save()
    publish(cast, second)
    assert page_part(client_of(cast.users["styringsgruppe"]), first) == before
    text = client_of(cast.users["styringsgruppe"]).get(second.get_absolute_url()).content.decode()
    assert "Dette er rettet" in text and "14 er rettet til 24" in text
    assert "Les den nye utgaven" in client_of(cast.users["styringsgruppe"]).get(first.get_absolute_url()).content.decode()


def test_a_semester_has_one_report_of_each_edition_so_that_one_is_the_newest(cast: Cast) -> None:
    first = published(cast, content=numbers(cast.today)).report
    second = published(cast, content=numbers(cast.today)).report
    assert (first.edition, second.edition) == (1, 2)
    assert newest_published(cast.users["styringsgruppe"], cast.today) == second
    with pytest.raises(IntegrityError), transaction.atomic():
        ProgressReport.objects.filter(pk=second.pk).update(edition=1)


def test_one_begun_anew_on_a_semester_that_has_a_report_is_an_edition_of_it(cast: Cast) -> None:
    first = published(cast, content=numbers(cast.today)).report
    sent = {"semester": first.first_on.isoformat(), "as_of": first.as_of.isoformat(), "cut": ""}
    client_of(cast.koordinator).post(reverse("report_new"), sent)
    second = ProgressReport.objects.get(state="draft")
    assert (second.edition, second.corrects) == (2, first)
    assert correct_report(report=first, by=cast.koordinator, now=moment(cast.today)) == second
    publish(cast, second)
    reader = client_of(cast.users["styringsgruppe"])
    assert "Les den nye utgaven" in reader.get(first.get_absolute_url()).content.decode()
    assert "Dette er rettet" in reader.get(second.get_absolute_url()).content.decode()


def test_a_new_edition_counts_the_whole_semester_once_it_is_over(cast: Cast) -> None:
    """A report is written before the semester ends. What came after its last day would be in no report."""
    first = published(cast, content=numbers(cast.today)).report
    koordinator, reader = client_of(cast.koordinator), client_of(cast.users["styringsgruppe"])
    assert "Semesteret er over" not in koordinator.get(first.get_absolute_url()).content.decode()
    ProgressReport.objects.filter(pk=first.pk).update(
        first_on=F("first_on") - timedelta(days=365), last_on=first.first_on - timedelta(days=1), as_of=first.first_on - timedelta(days=40)
    )  # fmt: skip
    first.refresh_from_db()
    page = koordinator.get(first.get_absolute_url()).content.decode()
    assert "Semesteret er over" in page and f"Tallene her stopper {date_words(first.as_of)}." in page
    assert "Semesteret er over" not in reader.get(first.get_absolute_url()).content.decode()
    second = correct_report(report=first, by=cast.koordinator, now=moment(cast.today))
    assert (second.as_of, second.numbers.content["periods"][0]["last"]) == (first.last_on, first.last_on.isoformat())
    ProgressReport.objects.filter(pk=second.pk).update(short="Alle resultatene er kommet.")
    second = ProgressReport.objects.get(pk=second.pk)
    publish(cast, second)
    page = reader.get(second.get_absolute_url()).content.decode()
    assert f"Den teller til og med {date_words(first.last_on)}." in page
    assert "Teksten er endret under «Kort fortalt»." in page


def test_the_next_report_shows_the_earlier_semester_as_it_was_published(cast: Cast) -> None:
    earlier = published(cast, semesters_ago=1)
    later = published(cast, content=numbers(cast.today))
    shown = later.content(closed=True)["periods"][1]
    was = earlier.content(closed=True)["periods"][0]
    assert (shown["values"], shown["words_of"]) == (was["values"], was["words_of"])


def test_texts_are_saved_with_version_and_revision(cast: Cast, rf: RequestFactory) -> None:
    report = draft(cast, content=numbers(cast.today))
    request = rf.post("/", {})
    request.user = cast.koordinator
    data = {**dict.fromkeys(("short", "asks", "status", "resources", "challenges", "plans"), "Ny tekst"), "version": 1}
    form = TextsForm(data, instance=report, request=request)
    assert form.is_valid(), form.errors
    save_report(form=form, by=cast.koordinator)
    report.refresh_from_db()
    assert (report.short, report.version) == ("Ny tekst", 2)
