"""What fills the standing points: what is short, what is open, and the figures of the report."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from meetings.actions.meeting_actions import agree, mark_done
from meetings.actions.minutes import share_minutes, start_minutes
from meetings.models import AgendaItem, Invitee, ProgressReport, StandingItem
from meetings.report_content import frozen_content
from meetings.report_page import tiles_of
from participants.models import FundingPeriod, PlacementFadder
from tests.cast import Cast
from tests.meetings.agendas import page
from tests.meetings.group import held, meet, signed_in, steering
from tests.meetings.reported import draft, numbers, published


class TestResources:
    def test_a_placement_without_fadder_and_funding_that_ends_are_told_of(self, cast: Cast) -> None:
        PlacementFadder.objects.filter(placement=cast.placements["selma"]).update(ends_on=cast.today - timedelta(days=1))
        FundingPeriod.objects.create(enrolment=cast.selma, source="municipality", ends_on=cast.today + timedelta(days=20))
        row = meet(cast, days=3)
        whole, part = page(cast, row), page(cast, row, "faglaerer")
        assert "Selma Testesen har ingen fadder" in whole and "Finansieringen for Selma Testesen slutter" in whole
        assert "Admitted Prøvestad venter på plass" in whole
        assert "har ingen fadder" in part and "Finansieringen" not in part


class TestWhatIsSaidWhereNothingIsOpen:
    def agreed(self, cast: Cast, *, is_done: bool = False) -> None:
        before = held(cast, days=-7, kind="cooperation", who=("koordinator", "faglaerer", "deltaker"), enrolment=cast.selma)
        start_minutes(meeting=before, by=cast.koordinator)
        item = AgendaItem.objects.filter(meeting=before).first()
        invitee = Invitee.objects.get(meeting=before, role="faglaerer")
        row = agree(item=item, words="Ringe", invitee=invitee, name="", due_on=None, by=cast.koordinator, today=cast.today)
        share_minutes(meeting=before, by=cast.koordinator, at=timezone.now())
        if is_done:
            mark_done(action=row, is_done=True, by=cast.faglaerer, today=cast.today)

    def said(self, cast: Cast, who: str) -> str:
        row = meet(cast, days=2, kind="cooperation", who=("koordinator", "faglaerer", "deltaker"), enrolment=cast.selma)
        start_minutes(meeting=row, by=cast.koordinator)
        StandingItem.objects.filter(kind="cooperation").update(fills="open_actions")
        return signed_in(cast, who).get(reverse("agenda_page", args=[row.public_id])).content.decode()

    def test_one_who_may_not_see_what_is_open_is_never_told_that_all_is_done(self, cast: Cast) -> None:
        self.agreed(cast)
        shown = self.said(cast, "deltaker")
        assert "Alt som var avtalt" not in shown and "Det er ingenting å vise deg her." in shown and "Ringe" not in shown
        assert "Ringe" in self.said(cast, "koordinator")

    def test_what_the_reader_is_told_does_not_tell_of_what_they_may_not_see(self, cast: Cast) -> None:
        self.agreed(cast, is_done=True)
        assert "Det er ingenting å vise deg her." in self.said(cast, "deltaker")
        assert "Alt som var avtalt, er gjort." in self.said(cast, "koordinator")

    def test_where_nothing_was_agreed_nothing_is_said_to_be_done(self, cast: Cast) -> None:
        for who in ("koordinator", "deltaker"):
            shown = self.said(cast, who)
            assert "Alt som var avtalt" not in shown
        assert "Ingenting er avtalt ennå." in self.said(cast, "koordinator")

    def test_a_group_without_participants_is_not_told_that_all_have_a_place(self, cast: Cast) -> None:
        row = meet(cast, who=("annen_faglaerer",))
        shown = signed_in(cast, "annen_faglaerer").get(reverse("agenda_page", args=[row.public_id])).content.decode()
        assert "Alle har plass og fadder" not in shown and "Ingen deltakere å vise." in shown

    @pytest.mark.parametrize(("who", "is_told"), [("koordinator", True), ("faglaerer", False)])
    def test_of_funding_one_is_told_who_may_read_it(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch, who: str, is_told: bool
    ) -> None:
        row = meet(cast, who=("koordinator", "faglaerer"))
        monkeypatch.setattr("meetings.agenda_shown.resource_lines", lambda _found: [])
        shown = signed_in(cast, who).get(reverse("agenda_page", args=[row.public_id])).content.decode()
        assert "Alle har plass og fadder" in shown
        assert ("ingen finansiering slutter snart" in shown) is is_told


class TestTheReport:
    def test_the_steering_group_reads_the_figures_of_the_report_made_for_the_meeting_and_else_the_newest(
        self, cast: Cast
    ) -> None:
        row = steering(cast, days=3)
        made = published(cast, content=numbers(cast.today), semesters_ago=1).report
        newest = published(cast, content=numbers(cast.today)).report
        for who in ("koordinator", "styringsgruppe"):
            shown = page(cast, row, who)
            assert f'href="{newest.get_absolute_url()}"' in shown and made.get_absolute_url() not in shown
        tiles = tiles_of(frozen_content(newest))
        assert len(tiles) == 5 and all(f"{tile.label}: {tile.number}" in shown for tile in tiles)
        ProgressReport.objects.filter(pk=made.pk).update(meeting=row)
        for who in ("koordinator", "styringsgruppe"):
            shown = page(cast, row, who)
            assert f'href="{made.get_absolute_url()}"' in shown and newest.get_absolute_url() not in shown

    def test_nothing_of_a_draft_is_there(self, cast: Cast) -> None:
        row = steering(cast, days=3)
        waiting = draft(cast, content=numbers(cast.today))
        ProgressReport.objects.filter(pk=waiting.pk).update(meeting=row)
        assert waiting.get_absolute_url() not in page(cast, row) and "Deltakere nå" not in page(cast, row)

    def test_one_who_may_open_no_report_gets_no_figures(self, cast: Cast) -> None:
        row = meet(cast, days=3, kind="steering_group", who=("koordinator", "styringsgruppe", "faglaerer"))
        published(cast, content=numbers(cast.today))
        assert "Deltakere nå" in page(cast, row, "styringsgruppe") and "Deltakere nå" not in page(cast, row, "faglaerer")
