"""Spreadsheets in and out: reading what people upload without trusting it, writing what opens safely."""

import csv
import io
import re
import unicodedata
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, BinaryIO
from xml.sax.handler import ContentHandler
from zipfile import ZipFile

from defusedxml import DefusedXmlException
from defusedxml.sax import parseString
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from fagbrev.zips import ZipRefused, checked_zip

MAX_FILE_BYTES = 15 * 1024 * 1024
MAX_ROWS = 5000
MAX_COLUMNS = 60
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE = "text/csv; charset=utf-8"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_LONGEST_CELL = 32767
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class SheetError(Exception):
    """A spreadsheet that cannot be read; its text is a sentence for the one who uploaded it."""


@dataclass(frozen=True)
class Formula:
    """A cell that holds a formula instead of a value: an error of its row."""

    text: str


@dataclass(frozen=True)
class Row:
    """One row with content: its number in the sheet, counted from 1, and its cells (text, number, date, Formula or None)."""

    number: int
    cells: list[Any]

    @property
    def has_formula(self) -> bool:
        """Tells whether any cell is a formula."""
        return any(isinstance(cell, Formula) for cell in self.cells)


@dataclass(frozen=True)
class Sheet:
    """What was read: the rows that have content, all equally wide, and where they come from."""

    name: str
    rows: list[Row]
    other_sheets: list[str] = field(default_factory=list)


# --- In --------------------------------------------------------------------------------------------


def read_sheet(file: BinaryIO, filename: str) -> Sheet:
    """Gives the first visible sheet with content of an .xlsx or .csv file, decided by content. Raises SheetError."""
    content = file.read(MAX_FILE_BYTES + 1)
    if len(content) > MAX_FILE_BYTES:
        raise SheetError(_("Filen er for stor. Et regneark kan være høyst %(size)d MB.") % {"size": MAX_FILE_BYTES // 2**20})
    if not content.strip():
        raise SheetError(_("Filen er tom."))
    if content.startswith(_OLD_OFFICE):
        raise SheetError(
            _("Filen er lagret i det gamle Excel-formatet (.xls) eller har passord. Lagre den som .xlsx uten passord.")
        )
    if content.startswith(b"PK"):
        return _read_xlsx(content)
    if not filename.lower().endswith((".csv", ".txt", ".tsv")):
        raise SheetError(_("Filen er ikke et regneark. Last opp en .xlsx- eller .csv-fil."))
    return _read_csv(content)


def _read_xlsx(content: bytes) -> Sheet:
    try:
        archive = checked_zip(content)
    except ZipRefused as refused:
        raise SheetError(
            {
                "too_large": _("Filen er for stor når den pakkes ut. Kopier listen over i et nytt, tomt regneark og prøv igjen."),
                "encrypted": _("Filen er beskyttet med passord. Lagre den uten passord."),
            }.get(refused.reason, _unreadable())
        ) from None
    names = set(archive.namelist())
    if not {"[Content_Types].xml", "xl/workbook.xml"} <= names:
        raise SheetError(_("Filen er ikke et regneark. Last opp en .xlsx- eller .csv-fil."))
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise SheetError(_("Regnearket inneholder makroer. Lagre det som en vanlig .xlsx-fil uten makroer."))
    _refuse_declarations(archive)
    workbook = None
    try:
        # openpyxl warns about parts it leaves out; that is not ours to show, and a bad date is kept as its text.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
            found: list[tuple[str, list[Row]]] = []
            for worksheet in workbook.worksheets:
                if worksheet.sheet_state == "visible":
                    rows = [] if found else _even(_rows(_xlsx_cells(worksheet)))
                    if rows or found:
                        found.append((worksheet.title, rows))
    except SheetError:
        raise
    except Exception:  # openpyxl raises almost anything on a damaged file
        raise SheetError(_unreadable()) from None
    finally:
        if workbook is not None:
            workbook.close()
    if not found:
        raise SheetError(_("Vi fant ingen rader i regnearket."))
    return Sheet(name=found[0][0], rows=found[0][1], other_sheets=[name for name, _rows_ in found[1:]])


class _RootReached(Exception):
    pass


class _UntilRoot(ContentHandler):
    def startElement(self, name: str, attrs: Any) -> None:
        raise _RootReached


def _refuse_declarations(archive: ZipFile) -> None:
    """Refuses every part with a document type, which is where entity bombs and outside references live."""
    for name in archive.namelist():
        if name.lower().endswith((".xml", ".rels", ".vml")):
            try:
                parseString(archive.read(name), _UntilRoot(), forbid_dtd=True)
            except _RootReached:
                continue
            except DefusedXmlException:
                raise SheetError(_("Filen inneholder noe et regneark ikke skal ha, og ble ikke åpnet.")) from None
            except Exception:
                raise SheetError(_unreadable()) from None


def _xlsx_cells(worksheet: Any) -> Iterator[tuple[int, list[Any]]]:
    # The dimension a file states may be untrue; one column more than allowed is read to see whether it is used.
    worksheet.reset_dimensions()
    for number, cells in enumerate(worksheet.iter_rows(max_col=MAX_COLUMNS + 1), 1):
        yield number, [_xlsx_value(cell) for cell in cells]


def _xlsx_value(cell: Any) -> Any:
    value = cell.value
    if cell.data_type == "f":
        return Formula(str(getattr(value, "text", None) or value))
    return _value(value)


def _value(value: Any) -> Any:
    if isinstance(value, str):
        return value if value.strip() else None
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**15:
        return int(value)
    return value


def _rows(numbered: Iterable[tuple[int, list[Any]]]) -> list[Row]:
    rows: list[Row] = []
    for number, cells in numbered:
        while cells and cells[-1] is None:
            cells.pop()
        if not cells:
            continue
        if len(cells) > MAX_COLUMNS:
            raise SheetError(_("Regnearket har for mange kolonner. Det kan ha høyst %(count)d.") % {"count": MAX_COLUMNS})
        rows.append(Row(number, cells))
        if len(rows) > MAX_ROWS:
            raise SheetError(_("Regnearket har for mange rader. Det kan ha høyst 5000. Del det i flere filer."))
    return rows


def _even(rows: list[Row]) -> list[Row]:
    width = max((len(row.cells) for row in rows), default=0)
    for row in rows:
        row.cells.extend([None] * (width - len(row.cells)))
    return rows


def _read_csv(content: bytes) -> Sheet:
    text = _decoded(content)
    delimiter = _delimiter(text)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        rows = _even(_rows((number, [_csv_value(cell) for cell in cells]) for number, cells in enumerate(reader, 1)))
    except csv.Error:
        raise SheetError(_unreadable()) from None
    if not rows:
        raise SheetError(_("Vi fant ingen rader i filen."))
    return Sheet(name="", rows=rows)


def _decoded(content: bytes) -> str:
    encodings = ["utf-16"] if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not any(unicodedata.category(letter) == "Cc" and letter not in "\t\r\n" for letter in set(text)):
            return unicodedata.normalize("NFC", text)
    raise SheetError(_("Filen er ikke en tekstfil. Last opp en .xlsx- eller .csv-fil."))


def _delimiter(text: str) -> str:
    """Gives the delimiter that parts the most of the first rows into equally many cells."""
    beginning = text.splitlines(keepends=True)[:30]

    def score(delimiter: str) -> tuple[int, int]:
        try:
            widths = Counter(len(row) for row in csv.reader(beginning, delimiter=delimiter) if len(row) > 1)
        except csv.Error:
            return 0, 0
        return max(((count, width) for width, count in widths.items()), default=(0, 0))

    return max(";\t,", key=score)


def _csv_value(cell: str) -> Any:
    if cell.startswith("="):
        return Formula(cell)
    if cell.startswith("'") and cell[1:].startswith(_FORMULA_STARTS):
        cell = cell[1:]  # the guard that write_csv puts there
    return cell if cell.strip() else None


def _unreadable() -> str:
    return _("Vi klarte ikke å lese filen. Åpne den i Excel, lagre den på nytt som .xlsx, og prøv igjen.")


# --- Out -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SheetToWrite:
    """One sheet to write: its name, the heading row, the rows, and widths in characters (without them, chosen from the headings)."""

    name: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Any]]
    widths: Sequence[int] | None = None


def write_xlsx(
    headings: Sequence[str], rows: Iterable[Sequence[Any]], *, sheet_name: str, widths: Sequence[int] | None = None
) -> bytes:
    """Gives an .xlsx file: text typed as text and never as a formula, dates as dates, a heading row that stays and filters.

    `widths` are in characters, one per column; without them a width is chosen from the heading.
    """
    return write_book([SheetToWrite(sheet_name, headings, rows, widths)])


def write_book(sheets: Iterable[SheetToWrite]) -> bytes:
    """Gives an .xlsx file with several sheets, each as `write_xlsx` writes one."""
    workbook = Workbook(write_only=True)
    for sheet in sheets:
        _write_sheet(workbook, sheet)
    made = io.BytesIO()
    workbook.save(made)
    return made.getvalue()


def _write_sheet(workbook: Workbook, sheet: SheetToWrite) -> None:
    headings, widths = sheet.headings, sheet.widths
    worksheet = workbook.create_sheet(_sheet_title(sheet.name))
    worksheet.freeze_panes = "A2"
    last_column = get_column_letter(max(1, len(headings)))
    for index, heading in enumerate(headings):
        width = widths[index] if widths and index < len(widths) else max(12, min(40, len(heading) + 4))
        worksheet.column_dimensions[get_column_letter(index + 1)].width = width
    header = [_cell(worksheet, heading) for heading in headings]
    for cell in header:
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="0E5A63")
        cell.alignment = Alignment(vertical="center", wrap_text=True)
    worksheet.append(header)
    count = 1
    for row in sheet.rows:
        worksheet.append([_cell(worksheet, value) for value in row])
        count += 1
    worksheet.auto_filter.ref = f"A1:{last_column}{count}"


def _cell(worksheet: Any, value: Any) -> Any:
    value = _written(value)
    cell = WriteOnlyCell(worksheet, value=None if isinstance(value, str) else value)
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)[:_LONGEST_CELL]
        cell.data_type = "s"  # openpyxl takes text that begins with = for a formula
        cell.number_format = "@"
        cell.quotePrefix = value.startswith(_FORMULA_STARTS)
    elif isinstance(value, datetime):
        cell.number_format = "dd.mm.yyyy hh:mm"
    elif isinstance(value, date):
        cell.number_format = "dd.mm.yyyy"
    return cell


def _written(value: Any) -> Any:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return _("ja") if value else _("nei")
    if isinstance(value, datetime):
        return timezone.make_naive(value) if timezone.is_aware(value) else value
    if isinstance(value, int) and abs(value) >= 10**15:
        return str(value)  # Excel keeps 15 digits of a number
    if isinstance(value, int | float | date | time):
        return value
    if isinstance(value, Formula):
        return value.text
    return str(value)


def _sheet_title(name: str) -> str:
    return re.sub(r"[\[\]:*?/\\]", " ", name).strip("' ")[:31] or "Ark1"


def write_csv(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Gives a CSV file as Norwegian Excel opens it: UTF-8 with mark, semicolons, Norwegian dates, an apostrophe before
    cells that a spreadsheet would take for a formula.
    """
    made = io.StringIO(newline="")
    writer = csv.writer(made, delimiter=";", lineterminator="\r\n")
    for row in (headings, *rows):
        writer.writerow([_csv_text(value) for value in row])
    return made.getvalue().encode("utf-8-sig")


def _csv_text(value: Any) -> str:
    value = _written(value)
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%d.%m.%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, float):
        return str(value).replace(".", ",")
    if isinstance(value, str):
        text = ILLEGAL_CHARACTERS_RE.sub("", value)
        return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
    return str(value)
