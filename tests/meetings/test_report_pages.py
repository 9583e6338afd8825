"""The pages of reports: who sees what, what is typed and kept, and what the numbers lead to."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from fagbrev.audit.models import LookLog
from fagbrev.dates import semester_of
from meetings.models import Meeting, ProgressReport, ReportNumbers
from meetings.report_content import keep_words
from meetings.report_hiding import opened, with_words
from meetings.report_links import Published
from meetings.report_page import page_of
from meetings.report_queries import semester_choices
from meetings.views import reports
from participants.models import Enrolment, Participant
from programmes.models.calendar import Setting
from tests.cast import Cast
from tests.meetings.arranged import client_of
from tests.meetings.reported import TEXTS, draft, numbers, published

EVERYBODY_ELSE = ["faglaerer", "norsklaerer", "fadder", "leder", "deltaker", "ingen", "drift"]


def text_of(answer: Any) -> str:
    """The words of a page, without its markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


class TestWhoSeesWhat:
    def test_the_steering_group_reads_what_is_published_and_no_draft(self, cast: Cast) -> None:
        report, waiting = (
            published(cast, content=numbers(cast.today), semesters_ago=1).report,
            draft(cast, content=numbers(cast.today)),
        )
        reader = client_of(cast.users["styringsgruppe"])
        assert reader.get(report.get_absolute_url()).status_code == 200
        listed = text_of(reader.get(reverse("report_list")))
        assert report.semester_words in listed and waiting.semester_words not in listed
        for name in ("report_detail", "report_closed", "report_pdf", "report_sheet"):
            assert reader.get(reverse(name, args=[waiting.public_id])).status_code == 404
        assert reader.get(reverse("report_figure", args=[waiting.public_id, "now"])).status_code == 404

    @pytest.mark.parametrize("who", EVERYBODY_ELSE)
    def test_nobody_else_comes_in(self, cast: Cast, who: str) -> None:
        report = published(cast, content=numbers(cast.today)).report
        client = client_of(cast.users[who])
        for url in (reverse("report_list"), report.get_absolute_url(), reverse("report_pdf", args=[report.public_id])):
            assert client.get(url).status_code == 403

    def test_the_closed_version_is_the_koordinators_until_it_is_given_and_as_long_as_the_setting_allows(self, cast: Cast) -> None:
        Setting.objects.create(key="report_closed_allowed", value=1, valid_from=cast.today - timedelta(days=9), source="vedtak")
        kept = published(cast, content=numbers(cast.today), semesters_ago=1).report
        given = published(cast, content=numbers(cast.today), shows_closed=True).report
        reader, writer = client_of(cast.users["styringsgruppe"]), client_of(cast.koordinator)
        closed = [reverse("report_closed", args=[report.public_id]) for report in (kept, given)]
        assert [writer.get(url).status_code for url in closed] == [200, 200]
        assert [reader.get(url).status_code for url in closed] == [403, 200]
        assert "færre enn 5" not in text_of(reader.get(closed[1])).split("Alle tallene")[0]
        assert "færre enn 5" in text_of(reader.get(given.get_absolute_url()))
        Setting.objects.filter(key="report_closed_allowed").update(value=0)
        assert reader.get(closed[1]).status_code == 403

    def test_a_number_leads_the_koordinator_to_people_and_nobody_else(self, cast: Cast) -> None:
        report = published(cast).report
        figure = reverse("report_figure", args=[report.public_id, "now"])
        people = reverse("report_people", args=[report.public_id, "now"]) + "?celle=all&fag=BUA"
        assert "personer/" in client_of(cast.koordinator).get(figure).content.decode()
        assert "personer/" not in client_of(cast.users["styringsgruppe"]).get(figure).content.decode()
        assert client_of(cast.users["styringsgruppe"]).get(people).status_code == 403
        before = LookLog.objects.count()
        answer = client_of(cast.koordinator).get(people)
        assert cast.selma.participant.full_name in answer.content.decode()
        assert cast.nadia.participant.full_name not in answer.content.decode()
        assert LookLog.objects.count() - before == len(answer.context["people"])
        assert (
            client_of(cast.koordinator).get(reverse("report_people", args=[report.public_id, "now"]) + "?celle=x").status_code
            == 404
        )

    def test_strictly_protected_people_are_behind_no_number(self, cast: Cast) -> None:
        report = published(cast).report
        Participant.objects.filter(pk=cast.selma.participant_id).update(address_protection="strengt_fortrolig")
        people = reverse("report_people", args=[report.public_id, "now"]) + "?celle=all"
        assert cast.selma.participant.full_name not in client_of(cast.koordinator).get(people).content.decode()

    def test_a_report_holds_nobodys_name(self, cast: Cast) -> None:
        frozen = published(cast)
        names = [part for row in Participant.objects.all() for part in (row.first_name, row.last_name, row.public_id)]
        for content in (frozen.closed_content, frozen.open_content):
            assert [name for name in names if name in content] == []
        page = client_of(cast.users["styringsgruppe"]).get(frozen.report.get_absolute_url()).content.decode()
        assert [name for name in names if name in page] == []
        assert "/deltakere/" not in page


class TestWriting:
    def test_a_report_is_begun_counted_written_and_published(self, cast: Cast) -> None:
        client, semester = client_of(cast.koordinator), semester_of(cast.today)
        begun = client.post(reverse("report_new"), {
            "semester": semester.first.isoformat(), "as_of": min(cast.today, semester.last).isoformat(), "cut": ""})  # fmt: skip
        report = ProgressReport.objects.get()
        assert begun.headers["Location"] == reverse("report_edit", args=[report.public_id])
        assert report.numbers.content["periods"][0]["values"]["now"]["all"]["all"] == Enrolment.objects.filter(
            status__in=["admitted", "onboarding", "placed", "contract_applied", "training", "trade_test", "on_leave"]).count()  # fmt: skip
        client.post(reverse("report_edit", args=[report.public_id]), {**TEXTS, "version": 1})
        preview = text_of(client.get(reverse("report_publish", args=[report.public_id])))
        assert "Dette blir skjult" in preview and "færre enn 5" in preview
        stamp = report.numbers.stamp
        assert client.post(reverse("report_publish", args=[report.public_id]), {"stamp": stamp}).status_code == 302
        shown = text_of(client_of(cast.users["styringsgruppe"]).get(report.get_absolute_url()))
        assert (
            "Flere består eksamen." in shown
            and "å avklare penger" in shown
            and "Skrevet av koordinator Kari Koordinator" in shown
        )

    def test_a_report_on_a_spring_counts_july_too(self, cast: Cast) -> None:
        """What is registered in July would be in no report: the autumn begins in August."""
        spring = next(one for one in semester_choices(cast.today) if one.term == "vår" and one.counted_to < cast.today)
        sent = {"semester": spring.first.isoformat(), "as_of": spring.counted_to.isoformat(), "cut": ""}
        assert client_of(cast.koordinator).post(reverse("report_new"), sent).status_code == 302
        report = ProgressReport.objects.get()
        assert report.last_on == report.as_of == date(spring.year, 7, 31)
        assert report.numbers.content["periods"][0]["last"] == f"{spring.year}-07-31"

    def test_today_is_proposed_as_the_last_day_of_the_numbers(self, cast: Cast) -> None:
        form = client_of(cast.koordinator).get(reverse("report_new")).context["form"]
        assert form["as_of"].value() == cast.today

    def test_two_drafts_on_the_same_are_refused_in_words(self, cast: Cast) -> None:
        report = draft(cast, content=numbers(cast.today))
        answer = client_of(cast.koordinator).post(reverse("report_new"), {
            "semester": report.first_on.isoformat(), "as_of": report.as_of.isoformat(), "cut": ""})  # fmt: skip
        assert answer.status_code == 422
        assert "Det finnes et utkast fra før" in answer.content.decode()

    @pytest.mark.parametrize("days", [1, 400])
    def test_a_day_that_is_not_yet_or_of_another_semester_is_refused(self, cast: Cast, days: int) -> None:
        semester = semester_of(cast.today)
        day = cast.today + timedelta(days=1) if days == 1 else semester.first - timedelta(days=40)
        answer = client_of(cast.koordinator).post(reverse("report_new"), {
            "semester": semester.first.isoformat(), "as_of": day.isoformat(), "cut": ""})  # fmt: skip
        assert answer.status_code == 422
        assert not ProgressReport.objects.exists()

    def test_what_another_saved_meanwhile_is_shown_beside_the_own_text(self, cast: Cast) -> None:
        report = draft(cast, content=numbers(cast.today))
        url, client = reverse("report_edit", args=[report.public_id]), client_of(cast.koordinator)
        client.post(url, {**TEXTS, "short": "Først", "version": 1})
        answer = client.post(url, {**TEXTS, "short": "Sist", "version": 1})
        assert answer.status_code == 409
        assert "Først" in answer.content.decode() and "Sist" in answer.content.decode()

    def test_what_can_be_worked_out_is_told_apart_from_what_was_not_tried(self, cast: Cast) -> None:
        report = draft(cast, content=numbers(cast.today))
        keep_words(report, cast.today)
        url, client = reverse("report_publish", args=[report.public_id]), client_of(cast.koordinator)
        assert "Noe er vist før" not in text_of(client.get(url))
        ReportNumbers.objects.filter(report=report).update(revealed=3)
        preview = text_of(client.get(url))
        assert "kan 3 små tall regnes ut" in preview and "rakk vi ikke" not in preview
        ReportNumbers.objects.filter(report=report).update(revealed=0, unreached=1)
        preview = text_of(client.get(url))
        assert "1 lite tall rakk vi ikke å prøve ferdig" in preview and "tall regnes ut." not in preview

    def test_numbers_counted_anew_under_the_preview_ask_to_look_once_more(self, cast: Cast) -> None:
        report = draft(cast, content=numbers(cast.today))
        answer = client_of(cast.koordinator).post(reverse("report_publish", args=[report.public_id]), {"stamp": "1.0"})
        assert "Se over, og publiser en gang til" in answer.content.decode()
        report.refresh_from_db()
        assert not report.is_published

    def test_a_draft_is_thrown_away(self, cast: Cast) -> None:
        report = draft(cast, content=numbers(cast.today))
        client_of(cast.koordinator).post(reverse("report_discard", args=[report.public_id]))
        assert not ProgressReport.objects.exists()

    def test_one_that_another_threw_away_in_the_same_moment_is_gone(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        report, once = draft(cast, content=numbers(cast.today)), reports.save_once

        def thrown_away_first(*given: Any) -> Any:
            ProgressReport.objects.filter(pk=report.pk).delete()
            return once(*given)

        monkeypatch.setattr(reports, "save_once", thrown_away_first)
        answer = client_of(cast.koordinator).post(reverse("report_discard", args=[report.public_id]))
        assert (answer.status_code, answer.headers["Location"]) == (302, reverse("report_list"))

    def test_a_text_of_one_that_another_threw_away_is_not_answered_with_a_fault(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        report, once = draft(cast, content=numbers(cast.today)), reports.save_once

        def thrown_away_first(*given: Any) -> Any:
            ProgressReport.objects.filter(pk=report.pk).delete()
            return once(*given)

        monkeypatch.setattr(reports, "save_once", thrown_away_first)
        url = reverse("report_edit", args=[report.public_id])
        assert client_of(cast.koordinator).post(url, {**TEXTS, "version": 1}).status_code == 404

    def test_the_meeting_a_report_is_for_is_one_of_the_steering_groups(self, cast: Cast) -> None:
        starts = timezone.now() + timedelta(days=20)
        steering = Meeting.objects.create(kind="steering_group", starts_at=starts, ends_at=starts + timedelta(hours=1))
        other = Meeting.objects.create(kind="information", starts_at=starts, ends_at=starts + timedelta(hours=1))
        report = draft(cast, content=numbers(cast.today))
        url = reverse("report_edit", args=[report.public_id])
        assert client_of(cast.koordinator).post(url, {**TEXTS, "meeting": other.pk, "version": 1}).status_code == 422
        client_of(cast.koordinator).post(url, {**TEXTS, "meeting": steering.pk, "version": 1})
        assert "Til styringsgruppen" in text_of(client_of(cast.koordinator).get(report.get_absolute_url()))

    def test_semesters_to_choose_are_this_and_three_before(self, cast: Cast) -> None:
        found = semester_choices(cast.today)
        assert len(found) == 4 and found[0] == semester_of(cast.today)
        assert all(later.first > earlier.last for later, earlier in pairwise(found))


class TestWhatIsShown:
    def shown(self, cast: Cast, *, smallest: int = 5) -> dict[str, Any]:
        found, _revealed, _unreached = with_words(numbers(cast.today), trade="", funder="", smallest=smallest)
        around = {"title": "T", "semester": "høsten 2026", "about": "", "as_of": "2026-10-31", "meeting_on": "", "published_on": "",
                  "edition": 1, "author": "K", "municipality": "M", "texts": TEXTS, "smallest": smallest, "is_open": False, "revealed": 0,
                  "unreached": 0, "corrected_from": None, "format": 1}  # fmt: skip
        return page_of(opened(found | around))

    def test_the_five_figures_with_their_change_in_words(self, cast: Cast) -> None:
        tiles = {tile.label: tile for tile in self.shown(cast)["tiles"]}
        assert (tiles["Deltakere nå"].number, tiles["Deltakere nå"].change.direction) == ("60", "up")
        assert tiles["Deltakere nå"].change.words.startswith("1 flere enn i ")
        assert (tiles["Består skriftlig eksamen"].number, tiles["Består skriftlig eksamen"].unit) == ("78", "%")
        assert (tiles["Fra start til fagbrev"].number, tiles["Fra start til fagbrev"].unit) == ("27", "måneder")

    def test_the_table_hides_small_groups_and_what_would_tell_them(self, cast: Cast) -> None:
        table = self.shown(cast)["by_trade"]
        columns = list(table.columns[1:])
        rows = {
            row.name: dict(zip(columns, (cell.text for cell in row.cells), strict=True)) for row in (*table.rows, table.total)
        }
        assert rows["I alt"]["Deltakere nå"] == "60" and rows["Helsefagarbeider"]["Deltakere nå"] == "19"
        assert rows["Renholdsoperatør"]["Nye"] == "færre enn 5" and rows["I alt"]["Nye"] == "14"
        assert "skjult" in {rows["Helsefagarbeider"]["Nye"], rows["Barne- og ungdomsarbeider"]["Nye"]}
        assert rows["Renholdsoperatør"]["Skriftlig eksamen bestått"] == "færre enn 5"
        assert rows["I alt"]["Sluttet før tiden"] == "færre enn 5" and rows["Helsefagarbeider"]["Sluttet før tiden"] == "0"
        assert rows["I alt"]["Besøk holdt"] == "88 %"

    def test_each_table_is_called_something_of_its_own(self, cast: Cast) -> None:
        shown = self.shown(cast)
        tables = [shown["by_trade"], shown["funnel"].table, *(chart.table for chart in shown["charts"])]
        tables += [figure["table"] for chapter in shown["chapters"] for figure in chapter["figures"]]
        captions = [table.caption for table in tables]
        assert "Fra henvisning til fagbrev" in captions and len(captions) == len(set(captions))

    def test_a_percent_never_breaks_within_its_bracket(self, cast: Cast) -> None:
        cells = [
            cell.text
            for chapter in self.shown(cast)["chapters"]
            for figure in chapter["figures"]
            for row in figure["table"].rows
            for cell in row.cells
        ]
        assert "18 av 23 (78\N{NO-BREAK SPACE}%)" in cells
        assert not [text for text in cells if " %" in text]

    def test_the_drawing_says_in_words_what_it_shows_and_draws_nothing_hidden(self, cast: Cast) -> None:
        chart = self.shown(cast)["funnel"]
        wide, narrow = chart.drawings
        assert (wide.layout, narrow.layout) == ("wide", "narrow")
        assert wide.told == narrow.told and "Celle referred 142" in wide.told
        assert all(box.x + box.width <= drawing.width for drawing in chart.drawings for box in drawing.boxes)
        hidden = sum(row.cells[0].is_hidden for row in chart.table.rows)
        assert sum(box.tone == "full" for box in wide.boxes) == len(chart.table.rows) - hidden
        assert all(box.fill.startswith("#") for box in chart.wide.boxes) and not any(box.fill for box in wide.boxes)

    def test_the_sheet_has_the_same_numbers_and_words_and_the_definitions(self, cast: Cast) -> None:
        frozen = published(cast, content=numbers(cast.today))
        book = load_workbook(frozen.sheet.open("rb"))
        assert book.sheetnames == ["Om rapporten", "Tall", "Slik regner vi"]
        rows = [[cell.value for cell in row] for row in book["Tall"].iter_rows(min_row=2)]
        now = {
            row[3]: row[5]
            for row in rows
            if row[1] == "Deltakere nå" and row[2] == "Celle all" and row[4] == frozen.report.semester_words
        }
        assert now == {"Barne- og ungdomsarbeider": 27, "Helsefagarbeider": 19, "Renholdsoperatør": 14, "I alt": 60}
        left = {row[3]: row[5] for row in rows if row[1] == "Sluttet før tiden" and row[4] == frozen.report.semester_words}
        assert left["I alt"] == "færre enn 5" and left["Helsefagarbeider"] == 0
        told = {row[0].value: row[1].value for row in book["Slik regner vi"].iter_rows(min_row=2)}
        assert told["Deltakere nå"] == "Slik regner vi now."


class TestReportsToThoseWhoPay:
    def test_a_report_cut_to_a_funder_counts_theirs_alone_and_is_held_against_the_whole(self, cast: Cast) -> None:
        cut = numbers(cast.today)
        for rows in cut["periods"][0]["values"].values():
            rows.pop("ROF", None)
        content = cut["periods"][0]["values"]["now"]
        content["all"] = {"all": 46, "training": 41, "trade_test": 5}
        whole, *_none = with_words(numbers(cast.today), trade="", funder="", smallest=5)
        others = [Published("whole", "", "", whole)]
        alone, *_none = with_words(cut, trade="", funder="imdi", smallest=5)
        beside, revealed, unreached = with_words(cut, trade="", funder="imdi", smallest=5, others=others)
        hidden = [
            {(figure, row, cell) for figure, rows in one["periods"][0]["words_of"].items() for row, cells in rows.items() for cell in cells}
            for one in (alone, beside)
        ]  # fmt: skip
        assert revealed == unreached == () and hidden[0] <= hidden[1] and ("now", "all", "trade_test") in hidden[1] - hidden[0]


class TestTheNews:
    def test_a_whole_is_called_what_it_counts_and_not_after_one_of_its_parts(self, cast: Cast) -> None:
        content = numbers(cast.today)
        low = {
            **content["figures"][0], "key": "presence_low", "name": "Mindre til stede enn kravet", "whole_cell": "taught",
            "cells": [{"key": "taught", "label": "Hadde undervisning"}, {"key": "below", "label": "Under kravet"}],
        }  # fmt: skip
        content["figures"] = [*content["figures"], low]
        for period, taught in zip(content["periods"], (46, 20), strict=True):
            period["values"]["presence_low"] = {"all": {"taught": taught}}
        shown = client_of(cast.koordinator).get(draft(cast, content=content).get_absolute_url()).context["shown"]
        told = {row["label"]: (row["then"], row["now"]) for row in shown["news"]}
        assert told["Hadde undervisning"] == ("20", "46")
        assert "Mindre til stede enn kravet" not in told

    def test_counting_anew_stays_with_the_texts_that_are_being_written(self, cast: Cast) -> None:
        report = draft(cast, content=numbers(cast.today))
        answer = client_of(cast.koordinator).post(
            reverse("report_count", args=[report.public_id]), {"tall-as_of": report.as_of.isoformat()}
        )
        assert answer.headers["Location"] == reverse("report_edit", args=[report.public_id])
