"""Spreadsheets in and out, with the attacks that come as spreadsheets."""

import io
import struct
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fagbrev.sheets import Formula, SheetError, read_sheet, write_csv, write_xlsx
from fagbrev.zips import ZipRefused, checked_zip

FIXTURES = Path(__file__).parent.parent / "fixtures"


def read(content: bytes, name: str = "liste.xlsx"):
    return read_sheet(io.BytesIO(content), name)


def xlsx(*rows, **more_parts: bytes) -> bytes:
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    made = io.BytesIO()
    workbook.save(made)
    return with_parts(made.getvalue(), more_parts)


def with_parts(content: bytes, parts: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, parts.pop(name, None) or old.read(name))
        for name, part in parts.items():
            new.writestr(name, part)
    return made.getvalue()


def test_the_messy_spreadsheet_is_read_as_it_stands() -> None:
    sheet = read((FIXTURES / "deltakerliste.xlsx").read_bytes())
    assert sheet.name == "Deltakere"
    assert sheet.other_sheets == ["Notater"]
    rows = {row.number: row.cells for row in sheet.rows}
    assert rows[4][:3] == ["Nr", "Etternavn, fornavn", "Fødselsnr."]
    assert rows[5][2] == "27827104839"
    assert rows[7][2] == 16838921500
    assert rows[6][10] == datetime(2025, 1, 15)
    assert 15 not in rows
    assert rows[68][8] == Formula("=COUNTA(B5:B67)")
    assert {len(cells) for cells in rows.values()} == {22}
    assert [row.number for row in sheet.rows if row.has_formula] == [68]


def test_text_that_looks_like_a_formula_is_text_and_a_formula_is_a_formula() -> None:
    workbook = openpyxl.Workbook()
    workbook.active["A1"].value = "=1+1"
    workbook.active["B1"].value = "=1+1"
    workbook.active["B1"].data_type = "s"
    made = io.BytesIO()
    workbook.save(made)
    assert read(made.getvalue()).rows[0].cells == [Formula("=1+1"), "=1+1"]


def test_the_first_visible_sheet_with_content_is_read() -> None:
    workbook = openpyxl.Workbook()
    workbook.active.title = "Tom"
    hidden = workbook.create_sheet("Skjult")
    hidden["A1"] = "hemmelig"
    hidden.sheet_state = "hidden"
    workbook.create_sheet("Liste")["B3"] = 2.0
    made = io.BytesIO()
    workbook.save(made)
    sheet = read(made.getvalue())
    assert (sheet.name, sheet.rows[0].number, sheet.rows[0].cells) == ("Liste", 3, [None, 2])


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("Navn;Født\r\nÅse Prøvestad;1.2.2000\r\n".encode(), "a.csv"),
        ("Navn;Født\r\nÅse Prøvestad;1.2.2000\r\n".encode("utf-8-sig"), "a.csv"),
        ("Navn;Født\r\nÅse Prøvestad;1.2.2000\r\n".encode("cp1252"), "A.CSV"),
        ("Navn;Født\nÅse Prøvestad;1.2.2000".encode("utf-16"), "a.csv"),
        ("Navn,Født\nÅse Prøvestad,1.2.2000\n".encode(), "a.csv"),
        ("Navn\tFødt\nÅse Prøvestad\t1.2.2000\n".encode(), "a.tsv"),
        ('"Navn";"Født"\n"Åse Prøvestad";"1.2.2000"\n'.encode(), "a.csv"),
    ],
)
def test_csv_files_are_read_in_the_forms_people_have(content: bytes, name: str) -> None:
    assert [row.cells for row in read(content, name).rows] == [["Navn", "Født"], ["Åse Prøvestad", "1.2.2000"]]


def test_a_comma_within_cells_does_not_win_over_semicolons() -> None:
    rows = read(b"Navn;Sted\nTestesen, Ola;A, B\nTestesen, Kari;C, D\n", "a.csv").rows
    assert rows[1].cells == ["Testesen, Ola", "A, B"]


def test_csv_rows_keep_their_numbers_and_formulas_show() -> None:
    rows = read(b"a;b\n;\n\n=1+1;+47 970 15 764\n", "a.csv").rows
    assert [(row.number, row.cells) for row in rows] == [(1, ["a", "b"]), (4, [Formula("=1+1"), "+47 970 15 764"])]


BOMB = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><l>&b;</l>'
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE l SYSTEM "http://outside.example/x.dtd"><l/>'


@pytest.mark.parametrize("part", [BOMB, OUTSIDE, BOMB.decode().replace('"1.0"', '"1.0" encoding="utf-16"').encode("utf-16")])
@pytest.mark.parametrize(
    "name", ["xl/sharedStrings.xml", "xl/worksheets/sheet1.xml", "xl/workbook.xml", "_rels/.rels", "docProps/extra.xml"]
)
def test_a_document_type_in_any_part_is_refused(name: str, part: bytes) -> None:
    with pytest.raises(SheetError, match="ikke skal ha"):
        read(xlsx(["a"], **{name: part}))


def test_a_zip_bomb_is_refused_by_what_it_really_unpacks_to() -> None:
    content = bytearray(xlsx(["a"], **{"xl/media/bomb.bin": b"\0" * (51 * 1024 * 1024)}))
    with pytest.raises(SheetError, match="for stor når den pakkes ut"):
        read(bytes(content))
    # The same bomb whose directory says that the entry is small.
    at = content.rfind(b"PK\x01\x02", 0, content.rfind(b"xl/media/bomb.bin"))
    struct.pack_into("<I", content, at + 24, 10)
    with pytest.raises(SheetError):
        read(bytes(content))


def test_too_many_entries_are_refused() -> None:
    with pytest.raises(SheetError, match="for stor når den pakkes ut"):
        read(xlsx(["a"], **{f"x/{n}": b"" for n in range(1001)}))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_zip_with_two_entries_of_one_name_is_refused() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("a", "1")
        archive.writestr("a", "2")
    with pytest.raises(ZipRefused):
        checked_zip(made.getvalue())


def test_an_encrypted_entry_is_refused() -> None:
    content = bytearray(xlsx(["a"]))
    at = content.find(b"PK\x01\x02")
    content[at + 8] |= 1
    with pytest.raises(SheetError, match="passord"):
        read(bytes(content))


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"", "a.xlsx", "tom"),
        (b"  \n ", "a.csv", "tom"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xls", "gamle Excel-formatet"),
        (b"PK\x03\x04" + b"junk" * 50, "a.xlsx", "klarte ikke å lese"),
        (b"MZ\x90\0", "a.xlsx", "ikke et regneark"),
        (b"MZ\x90\0\0\1", "a.csv", "ikke en tekstfil"),
        (b"%PDF-1.7", "a.pdf", "ikke et regneark"),
        (b";;;\n;;", "a.csv", "ingen rader"),
        (b'a;"' + b"x" * 200_000, "a.csv", "klarte ikke å lese"),
        (b"\x81\x8d", "a.csv", "ikke en tekstfil"),
    ],
)
def test_what_is_no_spreadsheet_is_refused_in_words(content: bytes, name: str, says: str) -> None:
    with pytest.raises(SheetError, match=says):
        read(content, name)


def test_a_zip_that_is_no_workbook_and_a_workbook_with_macros_are_refused() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    with pytest.raises(SheetError, match="ikke et regneark"):
        read(made.getvalue())
    with pytest.raises(SheetError, match="makroer"):
        read(xlsx(["a"], **{"xl/vbaProject.bin": b"x"}))


def test_an_empty_workbook_and_broken_xml_are_refused() -> None:
    with pytest.raises(SheetError, match="ingen rader"):
        read(xlsx())
    with pytest.raises(SheetError, match="klarte ikke å lese"):
        read(xlsx(["a"], **{"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row"}))


def test_a_file_that_is_too_large_is_refused_before_it_is_read() -> None:
    with pytest.raises(SheetError, match="høyst 15 MB"):
        read(b"a" * (16 * 1024 * 1024), "a.csv")


def test_rows_and_columns_are_limited_at_the_boundary() -> None:
    lines = [b"x"] * 5000
    assert len(read(b"\n".join(lines), "a.csv").rows) == 5000
    with pytest.raises(SheetError, match="for mange rader"):
        read(b"\n".join([*lines, b"x"]), "a.csv")
    assert len(read(xlsx(["x"] * 60)).rows[0].cells) == 60
    with pytest.raises(SheetError, match="for mange kolonner"):
        read(xlsx(["x"] * 61))
    with pytest.raises(SheetError, match="for mange kolonner"):
        read(b";" * 60 + b"x", "a.csv")


def test_a_cell_far_down_is_found_though_the_dimension_lies() -> None:
    content = xlsx(["a"])
    part = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")
    far = part.replace(b"</sheetData>", b'<row r="9000"><c r="A9000" t="n"><v>7</v></c></row></sheetData>')
    assert [row.number for row in read(with_parts(content, {"xl/worksheets/sheet1.xml": far})).rows] == [1, 9000]


@given(st.binary(max_size=400), st.sampled_from(["a.xlsx", "a.csv"]), st.sampled_from([b"", b"PK\x03\x04", "æ;".encode()]))
@settings(max_examples=200)
def test_any_bytes_give_a_sheet_or_a_sentence(content: bytes, name: str, start: bytes) -> None:
    try:
        assert read(start + content, name).rows
    except SheetError as error:
        assert str(error).endswith(".")


TEXTS = ["=1+1", "+47 970 15 764", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x.example")', "Åse", "00123", "'=1", " =1"]


def test_every_text_cell_is_written_as_text() -> None:
    content = write_xlsx(TEXTS, [TEXTS, [f"{text}\x00" for text in TEXTS]], sheet_name="A/B:*?[]" + "x" * 40)
    worksheet = openpyxl.load_workbook(io.BytesIO(content)).active
    for row in worksheet.iter_rows():
        assert [cell.value for cell in row] == TEXTS
        assert {cell.data_type for cell in row} == {"s"}
        assert {cell.number_format for cell in row} == {"@"}
    assert worksheet["A1"].quotePrefix
    assert not worksheet["G1"].quotePrefix
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")


def test_a_written_workbook_has_dates_numbers_frozen_headings_and_a_filter() -> None:
    at = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    rows = [[date(2027, 3, 3), at, 7, 1.5, None, True, "", 12345678901234567]]
    content = write_xlsx(["a", "b", "c", "d", "e", "f", "g", "h"], rows, sheet_name="Deltakere", widths=[20])
    worksheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert worksheet.title == "Deltakere"
    assert worksheet.freeze_panes == "A2"
    assert worksheet.auto_filter.ref == "A1:H2"
    assert worksheet.column_dimensions["A"].width == 20
    assert worksheet["A1"].font.bold
    assert (worksheet["A2"].value, worksheet["A2"].number_format) == (datetime(2027, 3, 3), "dd.mm.yyyy")
    assert worksheet["B2"].value == datetime(2026, 11, 23, 10, 30)
    assert [worksheet.cell(2, column).value for column in range(3, 9)] == [7, 1.5, None, "ja", None, "12345678901234567"]


def test_csv_cells_that_a_spreadsheet_would_calculate_get_an_apostrophe() -> None:
    text = write_csv(["=a", "b"], [["=1", "+1"], ["-1", "@x"], ["\tx", "Åse; «x»"], [date(2027, 3, 3), 1.5], [-3, None]]).decode(
        "utf-8-sig"
    )
    assert text.split("\r\n") == ["'=a;b", "'=1;'+1", "'-1;'@x", '\'\tx;"Åse; «x»"', "03.03.2027;1,5", "-3;", ""]
    assert write_csv(["å"], []).startswith(b"\xef\xbb\xbf")


@given(
    st.lists(
        st.lists(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs"]), max_size=20), min_size=2, max_size=4),
        min_size=1,
        max_size=5,
    )
)
def test_what_was_written_is_read_back(rows: list[list[str]]) -> None:
    headings = ["Heading", "Other"]
    kept = [[cell if cell.strip() else None for cell in row] for row in rows]
    read_back = read(write_xlsx(headings, rows, sheet_name="Ark")).rows
    width = max(2, *(len(row) for row in kept))
    for row in read_back[1:]:
        wanted = kept[row.number - 2]
        assert row.cells[: len(wanted)] == wanted[: len(row.cells)]
        assert len(row.cells) <= width
