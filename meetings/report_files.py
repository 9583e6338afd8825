"""A report as files: the accessible PDF and the sheet, made of the same content as the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from fagbrev.figures import CHAPTERS, TOTAL, Median, Share
from fagbrev.pdf import render_pdf
from fagbrev.sheets import SheetToWrite, write_book
from meetings.report_content import heading_words
from meetings.report_page import TEXT_HEADINGS, page_of, unit_words
from meetings.report_reading import Reading, Shown

LONGEST_SECONDS = 90.0  # a dozen pages of tables


def pdf_of(content: Mapping[str, Any]) -> bytes:
    """Gives the report as a PDF. Raises PdfError."""
    return render_pdf("meetings/pdf/report.html", {"report": page_of(content)}, title=content["title"], seconds=LONGEST_SECONDS)


def sheet_of(content: Mapping[str, Any]) -> bytes:
    """Gives the report as an .xlsx file: the numbers, the texts, and how each number is counted."""
    reading = Reading(content)
    headings = (
        _("Kapittel"), _("Tall"), _("Hva"), _("Fag"), _("Semester"), _("Antall"), _("Av"), _("Prosent"), _("Enhet"),
    )  # fmt: skip
    numbers = SheetToWrite(_("Tall"), headings, list(_lines(reading)), (24, 34, 30, 26, 16, 14, 10, 10, 12))
    definitions = SheetToWrite(
        _("Slik regner vi"), (_("Tall"), _("Slik regner vi"), _("Kilde")),
        [(figure["name"], figure["definition"], figure["source"]) for figure in reading.figures.values()] + list(_about_hiding(reading)),
        (34, 110, 30),
    )  # fmt: skip
    return write_book(
        [SheetToWrite(_("Om rapporten"), (_("Rapport"), content["title"]), _texts(content), (28, 110)), numbers, definitions]
    )


def _lines(reading: Reading) -> Iterator[tuple[Any, ...]]:
    for at, period in enumerate(reading.periods):
        for figure in reading.figures.values():
            if not reading.is_known(figure["key"], at):
                continue
            for row in [*reading.rows, {"code": TOTAL, "name": _("I alt")}]:
                for cell in figure["cells"]:
                    found = reading.cell(figure["key"], cell["key"], row["code"], at)
                    yield (
                        CHAPTERS[figure["chapter"]], figure["name"], cell["label"], row["name"], period["words"],
                        *_amounts(found), unit_words(figure),
                    )  # fmt: skip


def _amounts(found: Shown) -> tuple[Any, Any, Any]:
    """The number, what it is a part of, and the percent; the word alone where it is hidden."""
    if isinstance(found.value, Share):
        return found.value.part, found.value.whole, found.percent
    if isinstance(found.value, Median):
        return found.value.value, None, None
    return (found.text if found.is_hidden else found.value), None, None


def _about_hiding(reading: Reading) -> Iterator[tuple[str, str, str]]:
    if reading.content["is_open"]:
        yield _("Små grupper"), hiding_words(reading.smallest), ""


def hiding_words(smallest: int) -> str:
    """Gives how small groups are hidden, for those who read the report."""
    return _(
        "Grupper med færre enn %(count)d er skjult, så ingen kan kjennes igjen. Vi skjuler også et tall når det ellers kan regnes ut "
        "fra de andre. Tallet 0 vises."
    ) % {"count": smallest}


def _texts(content: Mapping[str, Any]) -> list[tuple[str, str]]:
    texts = content["texts"]
    rows = [
        ("", heading_words(dict(content))),
        (_("Kort fortalt"), texts["short"]),
        (_("Vi ber styringsgruppen om"), texts["asks"]),
    ]
    rows += [(str(heading), texts[key]) for key, heading in TEXT_HEADINGS]
    return [*rows, (_("Skrevet av"), content["author"])]
