"""The import's pages: upload, columns, preview, result and the bad rows back; and every attack answered with a sentence."""

import io
import re
import zipfile
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fagbrev.access.models import RecordRestriction
from participants.importing import batches
from participants.models import ContactNote, Enrolment, ImportBatch, Participant
from tests.cast import Cast, make_user

FILE = Path(__file__).parent.parent / "fixtures" / "deltakerliste.xlsx"
UPLOAD = "/deltakere/import/"


@pytest.fixture(autouse=True)
def _private(settings, tmp_path: Path) -> None:
    settings.ALLOW_SYNTHETIC_IDS = True
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}},
    }
    field = ImportBatch._meta.get_field("file")
    field.storage = storages["private"]
    ImportBatch._meta.get_field("error_file").storage = storages["private"]


@pytest.fixture
def coordinator(cast: Cast, client: Client) -> Client:
    client.force_login(cast.koordinator)
    return client


def upload(client: Client, content: bytes, name: str = "liste.xlsx"):
    return client.post(UPLOAD, {"file": SimpleUploadedFile(name, content)})


def uploaded(client: Client, content: bytes | None = None, name: str = "liste.xlsx") -> ImportBatch:
    response = upload(client, content or FILE.read_bytes(), name)
    assert response.status_code == 302, response.content.decode()
    return ImportBatch.objects.latest("pk")


def address(name: str, batch: ImportBatch) -> str:
    return reverse(f"participant_import_{name}", args=[batch.public_id])


def sheet_of(*rows: list) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def bad_rows(batch: ImportBatch) -> openpyxl.Workbook:
    with batch.error_file.open("rb") as file:
        return openpyxl.load_workbook(io.BytesIO(file.read()))


HEADINGS = ["Navn", "Tlf", "Fag", "Status", "Merknad"]


# --- The straight way ------------------------------------------------------------------------------


def test_a_coordinator_imports_the_spreadsheet_and_gets_the_bad_rows_back(
    coordinator: Client, django_capture_on_commit_callbacks
) -> None:
    before = Enrolment.objects.count()
    batch = uploaded(coordinator)
    columns = coordinator.get(address("columns", batch)).content.decode()
    assert re.search(r'<option value="national_id" selected>', columns)
    assert "For eksempel: «Tenkt, Mehret», «Modell, Leyla»" in columns
    preview = coordinator.get(address("preview", batch)).content.decode()
    assert "Importer 48 rader" in preview
    assert "nytt arbeidssted" in preview
    assert "16. mars 2026<small>til 15. mars 2028</small>" in preview
    assert "«278271 •••••»" in columns
    assert "27827104839" not in columns + preview
    bad = coordinator.get(address("preview", batch), {"vis": "feil"}).content.decode()
    assert bad.count("E-postadressen «mangler@» er ikke gyldig.") == 3
    assert Enrolment.objects.count() == before
    with django_capture_on_commit_callbacks(execute=True):
        done = coordinator.post(address("preview", batch), follow=True)
    assert "Importen er ferdig" in done.content.decode()
    assert Enrolment.objects.count() == before + 48
    batch.refresh_from_db()
    assert batch.summary == {"created": 48, "exists": 0, "error": 12}
    assert not batch.file.storage.exists(batch.file.name)
    book = openpyxl.load_workbook(io.BytesIO(b"".join(coordinator.get(address("errors", batch)).streaming_content)))
    rows = list(book.active.iter_rows(values_only=True))
    assert rows[0][-1] == "Hvorfor"
    assert len(rows) == 13
    assert rows[1][1] == "Testesen, Sofía"
    assert rows[1][-1] == "E-postadressen «mangler@» er ikke gyldig."


def test_corrected_rows_can_be_uploaded_again(coordinator: Client) -> None:
    batch = uploaded(coordinator, sheet_of(HEADINGS, ["Testesen, Åse", "912", "BUA", "Henvist", "=1+1"]))
    coordinator.post(address("preview", batch))
    batch.refresh_from_db()
    book = bad_rows(batch)
    book.active["B2"] = "91234567"
    made = io.BytesIO()
    book.save(made)
    again = uploaded(coordinator, made.getvalue())
    coordinator.post(address("preview", again))
    again.refresh_from_db()
    assert again.summary["created"] == 1


def test_a_formula_comes_back_as_text_in_the_bad_rows(coordinator: Client) -> None:
    batch = uploaded(coordinator, sheet_of(HEADINGS, ["Testesen, Åse", "91234567", "BUA", "Henvist", '=HYPERLINK("x")']))
    assert "«Merknad» har en formel." in coordinator.get(address("preview", batch)).content.decode()
    coordinator.post(address("preview", batch))
    batch.refresh_from_db()
    cell = bad_rows(batch).active["E2"]
    assert (cell.data_type, cell.value) == ("s", '=HYPERLINK("x")')


def test_a_column_can_be_chosen_otherwise(coordinator: Client) -> None:
    headings = ["Navn", "Tlf", "Fag", "Hvor langt", "Status i brev"]
    batch = uploaded(coordinator, sheet_of(headings, ["Testesen, Li", "91234567", "BUA", "Henvist", "x"]))
    page = coordinator.get(address("columns", batch)).content.decode()
    assert '<option value="status" selected>' in page
    form = {"column_0": "name", "column_1": "phone", "column_2": "trade", "column_3": "status", "column_4": "note"}
    assert coordinator.post(address("columns", batch), form).url == address("preview", batch)
    coordinator.post(address("preview", batch))
    assert ContactNote.objects.get(enrolment__participant__last_name="Testesen", enrolment__origin="import").what == "x"


def test_a_wrong_choice_of_columns_is_said_and_kept(coordinator: Client) -> None:
    batch = uploaded(coordinator)
    response = coordinator.post(address("columns", batch), {"column_1": "name", "column_2": "name", "column_3": "borte"})
    assert response.status_code == 422
    text = response.content.decode()
    assert "er valgt for flere kolonner" in text
    assert "Velg hvilken kolonne som har faget." in text


def test_a_preview_without_the_needed_columns_leads_to_the_columns(coordinator: Client) -> None:
    batch = uploaded(coordinator, sheet_of(["Navn", "Tlf", "E-post"], ["Testesen, Li", "91234567", None]))
    assert coordinator.get(address("preview", batch)).url == address("columns", batch)


# --- Once ------------------------------------------------------------------------------------------


def test_a_double_post_creates_nobody_twice(coordinator: Client) -> None:
    batch = uploaded(coordinator, sheet_of(HEADINGS, ["Testesen, Åse", "91234567", "BUA", "Henvist", None]))
    form = {"submission": "a" * 20}
    before = Participant.objects.count()
    for sent in (form, form, {"submission": "b" * 20}, {}):
        assert coordinator.post(address("preview", batch), sent).url == address("preview", batch)
    assert Participant.objects.count() == before + 1


def test_two_batches_of_the_same_file_create_nobody_twice(coordinator: Client) -> None:
    first, second = uploaded(coordinator), uploaded(coordinator)
    for batch in (first, second):
        coordinator.get(address("preview", batch))
    for batch in (first, second):
        coordinator.post(address("preview", batch))
    second.refresh_from_db()
    assert second.summary == {"created": 0, "exists": 48, "error": 12}


def test_the_same_upload_sent_twice_is_one_batch(coordinator: Client) -> None:
    for _time in range(2):
        file = SimpleUploadedFile("liste.xlsx", FILE.read_bytes())
        response = coordinator.post(UPLOAD, {"file": file, "submission": "c" * 20})
    assert response.url == address("columns", ImportBatch.objects.get())


# --- Whose -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["faglaerer", "norsklaerer", "fadder", "leder", "styringsgruppe", "deltaker", "ingen", "drift"])
def test_nobody_but_a_coordinator_comes_in(cast: Cast, client: Client, who: str) -> None:
    client.force_login(cast.koordinator)
    batch = uploaded(client)
    client.force_login(cast.users[who])
    for url in (UPLOAD, address("preview", batch), address("columns", batch), address("errors", batch)):
        assert client.get(url).status_code == 403
    assert upload(client, FILE.read_bytes()).status_code == 403
    assert client.post(address("preview", batch)).status_code == 403
    assert client.post(address("discard", batch)).status_code == 403


def test_another_coordinators_batch_is_not_there(coordinator: Client, cast: Cast) -> None:
    batch = uploaded(coordinator)
    other = Client()
    other.force_login(make_user("Kai Koordinator", "coordinator", today=cast.today))
    for name in ("preview", "columns", "errors"):
        assert other.get(address(name, batch)).status_code == 404
    for name in ("preview", "columns", "discard"):
        assert other.post(address(name, batch)).status_code == 404
    assert "liste.xlsx" not in other.get(UPLOAD).content.decode()
    assert "liste.xlsx" in coordinator.get(UPLOAD).content.decode()


def test_after_a_day_everything_is_gone(coordinator: Client, tmp_path: Path) -> None:
    batch = uploaded(coordinator)
    coordinator.post(address("preview", batch))
    ImportBatch.objects.update(uploaded_at=timezone.now() - timedelta(hours=24, minutes=1))
    assert coordinator.get(address("preview", batch)).status_code == 404
    assert coordinator.get(address("errors", batch)).status_code == 404
    assert batches.sweep(now=timezone.now()) == 1
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and path.name.endswith(("xlsx", "csv"))]


def test_a_file_can_be_thrown_away(coordinator: Client, tmp_path: Path) -> None:
    batch = uploaded(coordinator)
    assert coordinator.get(address("discard", batch)).status_code == 405
    assert coordinator.post(address("discard", batch)).url == UPLOAD
    assert not ImportBatch.objects.exists()
    assert not list(tmp_path.rglob("*.xlsx"))


def test_a_file_that_vanished_is_said(coordinator: Client, tmp_path: Path) -> None:
    batch = uploaded(coordinator)
    for path in tmp_path.rglob("*.xlsx"):
        path.unlink()
    for name in ("preview", "columns"):
        assert "Filen er borte" in coordinator.get(address(name, batch), follow=True).content.decode()


def test_one_the_coordinator_is_kept_away_from_is_left_to_another(coordinator: Client, cast: Cast) -> None:
    row = ["Prøvestad, Restriktia", "91234567", "BUA", "Henvist", None]
    coordinator.post(address("preview", uploaded(coordinator, sheet_of(HEADINGS, row))))
    person = Participant.objects.get(last_name="Prøvestad", first_name="Restriktia")
    RecordRestriction.objects.create(
        participant_id=person.pk, kind="deny", user=cast.koordinator, reason="slektning", starts_on=cast.today
    )
    row[2] = "HEA"
    batch = uploaded(coordinator, sheet_of(HEADINGS, row))
    coordinator.post(address("preview", batch))
    batch.refresh_from_db()
    assert batch.summary == {"created": 0, "exists": 0, "error": 1}


# --- Files that are none ---------------------------------------------------------------------------


def with_part(name: str, part: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(FILE) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            new.writestr(entry, part if entry == name else old.read(entry))
        if name not in old.namelist():
            new.writestr(name, part)
    return made.getvalue()


def zip_bomb() -> bytes:
    return with_part("xl/media/bomb.bin", b"\0" * (51 * 2**20))


def xml_bomb() -> bytes:
    lol = '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    return with_part("xl/sharedStrings.xml", f'<?xml version="1.0"?>{lol}<sst>&b;</sst>'.encode())


def many_rows() -> bytes:
    return "\n".join(["Navn;Tlf;Fag;Status", *("Testesen, Li;91234567;BUA;Henvist" for _row in range(5001))]).encode()


def many_columns() -> bytes:
    return (";".join(f"Kolonne {number}" for number in range(61)) + "\n").encode()


ATTACKS = {
    "a program": (lambda: b"MZ\x90\x00" + b"\0" * 100, "liste.xlsx", "ikke et regneark"),
    "a pdf": (lambda: b"%PDF-1.7 hei", "liste.xlsx", "ikke et regneark"),
    "a picture called csv": (lambda: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\x01", "liste.csv", "ikke en tekstfil"),
    "a zip bomb": (zip_bomb, "liste.xlsx", "for stor når den pakkes ut"),
    "an xml bomb": (xml_bomb, "liste.xlsx", "ikke skal ha"),
    "too many rows": (many_rows, "liste.csv", "for mange rader"),
    "too many columns": (many_columns, "liste.csv", "for mange kolonner"),
    "40 MB": (lambda: b"a" * (40 * 2**20), "liste.csv", "Filen er for stor"),
    "an old or locked workbook": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "liste.xlsx", "passord"),
    "an empty file": (lambda: b"", "liste.xlsx", "Filen er tom"),
    "nothing but spaces": (lambda: b"  \n ", "liste.csv", "Filen er tom"),
    "no headings": (lambda: b"Ring NAV om m\xc3\xb8te;fredag\n1;2\n", "liste.csv", "overskrifter"),
    "half a workbook": (lambda: FILE.read_bytes()[:9000], "liste.xlsx", "."),
    "macros": (lambda: with_part("xl/vbaProject.bin", b"x"), "liste.xlsm", "makroer"),
    "an unexpected zip": (lambda: zip_of({"a.txt": b"a"}), "liste.xlsx", "ikke et regneark"),
}


def zip_of(parts: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return made.getvalue()


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_file_that_is_no_list_is_answered_with_a_sentence_by_the_field(coordinator: Client, attack: str) -> None:
    make, name, words = ATTACKS[attack]
    response = upload(coordinator, make(), name)
    assert response.status_code == 422
    messages = re.findall(r'id="id_file_error"><p>(.*?)</p>', response.content.decode())
    assert messages
    assert words in messages[0]
    assert not ImportBatch.objects.exists()


def test_the_empty_page_has_nothing_to_say(coordinator: Client) -> None:
    response = coordinator.get(UPLOAD)
    assert response.status_code == 200
    assert "error" not in response.content.decode()


def test_no_file_at_all_is_said(coordinator: Client) -> None:
    response = coordinator.post(UPLOAD, {"submission": "d" * 20})
    assert response.status_code == 422
    assert "Du må velge en fil." in response.content.decode()


def test_typed_texts_are_shown_as_text(coordinator: Client) -> None:
    evil = "<script>alert(1)</script>"
    batch = uploaded(
        coordinator, sheet_of([*HEADINGS, evil], [f"{evil}, Li", "91234567", evil, "Henvist", evil, evil]), f"{evil}.xlsx"
    )
    for name in ("columns", "preview"):
        assert evil not in coordinator.get(address(name, batch)).content.decode()
    assert evil not in coordinator.get(UPLOAD).content.decode()


def test_strange_addresses_answer_404_and_strange_pages_the_first(coordinator: Client) -> None:
    batch = uploaded(coordinator)
    assert coordinator.get("/deltakere/import/abcdefghjkmn/").status_code == 404
    for query in ({"side": "9999"}, {"side": "x"}, {"vis": "alt"}, {"vis": "feil", "side": "-1"}):
        assert coordinator.get(address("preview", batch), query).status_code == 200


def test_the_pages_ask_the_database_the_same_few_times_for_many_rows(coordinator: Client, django_assert_max_num_queries) -> None:
    batch = uploaded(coordinator)
    with django_assert_max_num_queries(20):
        coordinator.get(address("preview", batch))
