"""The minutes as PDF."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import outloud
import pdfua
import pikepdf
import pymupdf
import pytest

from meetings.actions.meeting_actions import agree
from meetings.models import Invitee, Meeting
from participants.models import Participant
from tests.cast import Cast
from tests.meetings.group import signed_in
from tests.meetings.minuted import about, say, shared, url


class TestThePdf:
    def made(self, cast: Cast, meeting: Meeting, who: str, path: Path) -> Path:
        answer = signed_in(cast, who).get(url("minutes_pdf", meeting))
        assert answer.headers["Content-Type"] == "application/pdf"
        path.write_bytes(b"".join(answer.streaming_content))
        return path

    @pytest.fixture
    def written(self, cast: Cast, meeting: Meeting) -> Meeting:
        """Minutes with something on each kind of point, shared."""
        item = about(meeting, cast.selma)
        say(cast, item, discussion="Trenger mer norsk.\n\nVil ha flere kvelder.", decision="Ett kurs til")
        for key, name in (("norsklaerer", ""), ("", "Nils Utenfor")):
            invitee = Invitee.objects.get(meeting=meeting, role=key) if key else None
            agree(
                item=item, words=f"Finne kurs {key}", invitee=invitee, name=name, due_on=cast.today, by=cast.koordinator,
                today=cast.today,
            )  # fmt: skip
        shared(cast, meeting)
        return meeting

    def test_it_can_be_read_aloud_and_says_who_was_there_and_what_was_agreed(
        self, cast: Cast, written: Meeting, tmp_path: Path
    ) -> None:
        path = self.made(cast, written, "koordinator", tmp_path / "referat.pdf")
        found = outloud.check(str(path)).findings
        assert [f"{one.rule}: {one.message}" for one in found if one.severity != "info"] == []
        assert [str(one) for one in pdfua.validate(str(path)).findings] == []
        with pymupdf.open(path) as pdf:
            text = " ".join(" ".join(page.get_text() for page in pdf).split())
        for word in (
            "Selma Testesen",
            "Trenger mer norsk",
            "Ett kurs til",
            "Finne kurs norsklaerer",
            "Nils Utenfor",
            "koordinator",
        ):
            assert word in text, word
        with pikepdf.open(path) as pdf:
            assert str(pdf.docinfo["/Title"]).startswith("Referat:")

    def test_it_is_cut_to_the_one_who_downloads_it_and_named_without_names(
        self, cast: Cast, written: Meeting, tmp_path: Path
    ) -> None:
        Participant.objects.filter(pk=cast.selma.participant_id).update(address_protection="strengt_fortrolig")
        path = self.made(cast, written, "norsklaerer", tmp_path / "referat.pdf")
        with pymupdf.open(path) as pdf:
            text = " ".join(page.get_text() for page in pdf)
        assert "Selma" not in text and "Trenger mer norsk" not in text and "Placed" in text
        answer = signed_in(cast, "norsklaerer").get(url("minutes_pdf", written))
        assert re.search(r"referat-prosjektgruppemote-bua-\d{4}-\d\d-\d\d\.pdf", answer.headers["Content-Disposition"])
        answer.close()

    def test_when_it_cannot_be_made_one_is_told(self, cast: Cast, written: Meeting, monkeypatch: pytest.MonkeyPatch) -> None:
        from fagbrev.pdf import PdfError

        def fail(*args: Any, **kwargs: Any) -> bytes:
            raise PdfError("too slow")

        monkeypatch.setattr("meetings.documents.render_pdf", fail)
        answer = signed_in(cast, "koordinator").get(url("minutes_pdf", written), follow=True)
        assert "Vi fikk ikke laget PDF-en" in answer.content.decode()
