"""The agenda as PDF."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import outloud
import pdfua
import pymupdf
import pytest
from django.urls import reverse
from django.utils import timezone

from fagbrev.audit.models import LookLog
from followup.models import Concern
from meetings.access import meeting_of
from meetings.actions.agenda import pick_people
from meetings.actions.meeting_actions import agree
from meetings.actions.minutes import share_minutes, start_minutes
from meetings.agenda_shown import agenda_page
from meetings.models import AgendaItem, Meeting
from participants.models import FundingPeriod, Participant
from tests.cast import Cast
from tests.meetings.agendas import page
from tests.meetings.group import held, meet, signed_in


class TestThePdf:
    @pytest.fixture
    def meeting(self, cast: Cast) -> Meeting:
        """The next meeting, with one to talk of, something that was agreed before, a point of the norsklærer's, and all that is short."""
        last = held(cast)
        start_minutes(meeting=last, by=cast.koordinator)
        first = AgendaItem.objects.filter(meeting=last).first()
        agree(
            item=first,
            words="Bestille rom",
            invitee=None,
            name="Nils Utenfor",
            due_on=cast.today,
            by=cast.koordinator,
            today=cast.today,
        )
        share_minutes(meeting=last, by=cast.koordinator, at=timezone.now())
        row = meet(cast, days=3)
        Concern.objects.create(enrolment=cast.selma, raised_by=cast.leder, raised_as="leder", words="x", for_meeting="Oppmøtet")
        FundingPeriod.objects.create(enrolment=cast.placed, source="municipality", ends_on=cast.today + timedelta(days=20))
        pick_people(meeting=row, chosen=[cast.selma], among=[cast.selma], by=cast.koordinator, at=timezone.now())
        signed_in(cast, "norsklaerer").post(
            reverse("agenda_item_new", args=[row.public_id]), {"title": "Lokale", "words": "Trangt"}
        )
        return row

    def printed(self, cast: Cast, meeting: Meeting, who: str, path: Path) -> str:
        answer = signed_in(cast, who).get(reverse("agenda_pdf", args=[meeting.public_id]))
        assert re.search(r"saksliste-prosjektgruppemote-bua-\d{4}-\d\d-\d\d\.pdf", answer.headers["Content-Disposition"])
        path.write_bytes(b"".join(answer.streaming_content))
        with pymupdf.open(path) as pdf:
            return " ".join(" ".join(page.get_text() for page in pdf).split())

    def test_it_can_be_read_aloud_and_says_what_the_meeting_is_to_talk_of(
        self, cast: Cast, meeting: Meeting, tmp_path: Path
    ) -> None:
        path = tmp_path / "saksliste.pdf"
        said = self.printed(cast, meeting, "koordinator", path)
        for words in (
            "Selma Testesen", "Til møtet fra koordinator: Oppmøtet", "Bestille rom. Gjøres av Nils Utenfor",
            "Meldt inn av Anna Norsklaerer", "Trangt", "Finansieringen for Placed Prøvestad slutter",
            "Admitted Prøvestad venter på plass", ": delt.",
        ):  # fmt: skip
            assert words in said, words
        found = outloud.check(str(path)).findings
        assert [f"{one.rule}: {one.message}" for one in found if one.severity != "info"] == []
        assert [str(one) for one in pdfua.validate(str(path)).findings] == []

    def test_it_is_cut_to_the_one_who_downloads_it(self, cast: Cast, meeting: Meeting, tmp_path: Path) -> None:
        Participant.objects.filter(pk=cast.selma.participant_id).update(address_protection="strengt_fortrolig")
        said = self.printed(cast, meeting, "faglaerer", tmp_path / "saksliste.pdf")
        assert "Selma" not in said and "Oppmøtet" not in said and "Finansieringen" not in said and "Trangt" in said

    def test_each_download_is_logged_for_those_it_tells_of_alone(
        self, cast: Cast, meeting: Meeting, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("meetings.documents.render_pdf", lambda *args, **kwargs: b"%PDF-1.7")
        client, address = signed_in(cast, "koordinator"), reverse("agenda_pdf", args=[meeting.public_id])
        client.head(address)
        for _turn in range(2):
            client.get(address)
        looks = LookLog.objects.filter(page="saksliste", act="pdf")
        told = [cast.selma, cast.placed, cast.admitted]
        assert {(one.participant_id, one.enrolment_id) for one in looks} >= {(one.participant_id, one.pk) for one in told}
        assert looks.filter(participant_id=cast.selma.participant_id).count() == 2
        shown = agenda_page(meeting_of(cast.koordinator, meeting.public_id, today=cast.today), timezone.now())
        assert looks.values("participant_id").distinct().count() < shown["people"].paginator.count

    def test_nothing_of_where_and_when_is_printed_about_a_protected_one(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        Participant.objects.filter(pk=cast.selma.participant_id).update(address_protection="fortrolig")
        row = meet(cast, days=3, kind="cooperation", who=("koordinator", "faglaerer"), enrolment=cast.selma)
        made: list[dict[str, Any]] = []

        def keep(_template: str, context: dict[str, Any], **_more: Any) -> bytes:
            made.append(context)
            return b"%PDF-1.7"

        monkeypatch.setattr("meetings.documents.render_pdf", keep)
        answer = signed_in(cast, "koordinator").get(reverse("agenda_pdf", args=[row.public_id]))
        assert (made[0]["hours"], made[0]["place"]) == ("", "")
        assert "saksliste-samarbeidsmote.pdf" in answer.headers["Content-Disposition"]

    def test_the_page_leads_to_it(self, cast: Cast, meeting: Meeting) -> None:
        assert reverse("agenda_pdf", args=[meeting.public_id]) in page(cast, meeting)
