"""The report on paper: accessible by tools not written here, and with what the page says."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import outloud
import pdfua
import pikepdf
import pytest

from meetings.models import FrozenReport
from tests.cast import Cast
from tests.meetings.reported import numbers, published


@pytest.fixture
def frozen(cast: Cast) -> FrozenReport:
    """A published report with something in every part of it."""
    return published(cast, content=numbers(cast.today, semesters=4))


def test_the_pdf_passes_the_accessibility_checks(frozen: FrozenReport, tmp_path: Path) -> None:
    path = tmp_path / "rapport.pdf"
    path.write_bytes(frozen.pdf.read())
    found = outloud.check(str(path)).findings
    assert [f"{finding.rule}: {finding.message}" for finding in found if finding.severity != "info"] == []
    assert [str(finding) for finding in pdfua.validate(str(path)).findings] == []
    with pikepdf.open(path) as pdf:
        assert str(pdf.Root.Lang) == "nb"
        assert str(pdf.docinfo["/Title"]) == frozen.content(closed=False)["title"]
        alts = [str(each.Alt) for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and "/Alt" in each]
    assert any("Celle referred 142" in alt for alt in alts)


def test_the_drawings_have_their_colours_on_paper(frozen: FrozenReport) -> None:
    with pikepdf.open(io.BytesIO(frozen.pdf.read())) as pdf:
        drawn = b"".join(each.read_bytes() for each in pdf.objects if isinstance(each, pikepdf.Stream) and "/Type" not in each)
    assert b"0.0549" in drawn or b"0.05490" in drawn  # the red of #0e5a63


def test_what_is_hidden_on_the_page_is_hidden_on_paper(frozen: FrozenReport, tmp_path: Path) -> None:
    path = tmp_path / "rapport.pdf"
    path.write_bytes(frozen.pdf.read())
    text = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True, text=True).stdout
    assert "færre enn 5" in text and "skjult" in text and "Slik regner vi left." in text
