"""Documents of a record: files that attack, who sees which section, and downloads through the gate."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from typing import Any

import pikepdf
import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from fagbrev.audit.models import ChangeLog, LookLog
from fagbrev.files import random_file_name
from participants.access import record_of
from participants.documents import documents_of
from participants.models import Agreement, Document, Enrolment, Participant, Placement, Signature
from participants.models.documents import DOCUMENT_SECTIONS
from tests.cast import Cast, enrol

SECTIONS = [key for key, _label in DOCUMENT_SECTIONS]


@pytest.fixture
def koordinator(cast: Cast, client: Client) -> Client:
    """A client signed in as koordinator."""
    client.force_login(cast.koordinator)
    return client


def pdf(change: Any = None, **saving: Any) -> bytes:
    """A small PDF, changed before it is saved."""
    made = io.BytesIO()
    with pikepdf.new() as new:
        new.add_blank_page()
        if change:
            change(new)
        new.save(made, **saving)
    return made.getvalue()


def with_script(new: pikepdf.Pdf) -> None:
    """Adds JavaScript that runs when the file is opened."""
    new.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert('hei')")


def with_launch(new: pikepdf.Pdf) -> None:
    """Adds an action that starts a program."""
    new.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd.exe")


def with_file(new: pikepdf.Pdf) -> None:
    """Adds an embedded file."""
    new.attachments["skjult.exe"] = pikepdf.AttachedFileSpec(new, b"MZ")


def docx(**extra: bytes) -> bytes:
    """A small Word file with extra members."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")
        for name, content in extra.items():
            archive.writestr(name, content)
    return made.getvalue()


def jpeg() -> bytes:
    """A photograph that tells where it was taken."""
    picture, made = Image.new("RGB", (40, 30), "#0e5a63"), io.BytesIO()
    exif = picture.getexif()
    exif[0x010F] = "Hemmelig kamera"
    picture.save(made, "JPEG", exif=exif)
    return made.getvalue()


def typed(content: bytes, name: str = "cv.pdf", content_type: str = "application/pdf", **changes: str) -> dict[str, Any]:
    """What one fills in to upload a file."""
    data: dict[str, Any] = {"section": "application_pack", "kind": "cv", "title": "CV for Selma", **changes}
    return data | {"file": SimpleUploadedFile(name, content, content_type)}


def base(enrolment: Enrolment) -> str:
    """The address of a participant's documents."""
    return f"/deltakere/{enrolment.participant.public_id}/dokumenter/"


def stored(enrolment: Enrolment, section: str, *, title: str = "", loose: bool = False, **more: Any) -> Document:
    """A document that is there already."""
    row = Document(
        participant=enrolment.participant, enrolment=None if loose else enrolment, section=section, kind="other",
        title=title or f"Om {section}", content_type="application/pdf", size=7, **more,
    )  # fmt: skip
    row.file.save(random_file_name(), ContentFile(b"%PDF-1."), save=False)
    row.save()
    return row


# --- Upload and download --------------------------------------------------------------------------------


def test_a_document_is_uploaded_listed_and_downloaded(cast: Cast, koordinator: Client) -> None:
    content = pdf()
    answer = koordinator.post(base(cast.selma) + "nytt/", typed(content), follow=True)
    assert "Dokumentet er lastet opp." in answer.content.decode()
    row = Document.objects.get()
    assert (row.participant, row.enrolment, row.created_by) == (cast.selma.participant, cast.selma, cast.koordinator)
    assert "CV for Selma" in answer.content.decode()
    assert "cv" not in row.file.name and "Selma" not in row.file.name
    got = koordinator.get(f"{base(cast.selma)}{row.public_id}/fil")
    assert b"".join(got.streaming_content) == content
    assert got["Content-Disposition"] == 'attachment; filename="CV for Selma.pdf"'
    assert (got["X-Content-Type-Options"], got["Cache-Control"]) == ("nosniff", "no-store")
    assert "sandbox" in got["Content-Security-Policy"]
    assert LookLog.objects.filter(act="file", page="dokumenter", sections=["application_pack"]).count() == 1
    assert ChangeLog.objects.filter(section="application_pack", verb="created", subject_id=row.public_id).exists()


def test_pictures_lose_their_hidden_details_and_word_files_are_kept(cast: Cast, koordinator: Client) -> None:
    address = base(cast.selma) + "nytt/"
    assert koordinator.post(address, typed(jpeg(), "bilde.pdf", title="")).status_code == 302
    picture = Document.objects.get()
    assert (picture.content_type, picture.title) == ("image/jpeg", "CV")
    with picture.file.open("rb") as held:
        assert b"Hemmelig" not in held.read()
    assert koordinator.post(address, typed(docx(), "attest.docx", title="Attest")).status_code == 302
    row = Document.objects.get(title="Attest")
    assert koordinator.get(f"{base(cast.selma)}{row.public_id}/fil")["Content-Disposition"].endswith('"Attest.docx"')


def too_many_pixels() -> bytes:
    """A small file that unpacks to a huge picture."""
    made = io.BytesIO()
    Image.new("1", (12_000, 12_000)).save(made, "PNG")
    return made.getvalue()


def zip_bomb() -> bytes:
    """A Word file that unpacks to more than anyone needs."""
    return docx(**{"word/media/fyll.bin": b"\0" * (60 * 2**20)})


ATTACKS = {
    "exe named pdf": (lambda: b"MZ\x90\x00" + b"\0" * 200, "Filtypen kan ikke brukes."),
    "html named pdf": (lambda: b"<script>alert(1)</script>", "Filtypen kan ikke brukes."),
    "svg": (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "Filtypen kan ikke brukes."),
    "old Word file": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "Filtypen kan ikke brukes."),
    "empty": (lambda: b"", "Filen er tom."),
    "PDF with JavaScript": (lambda: pdf(with_script), "inneholder skript eller handlinger"),
    "PDF with hidden JavaScript": (
        lambda: pdf(with_script, object_stream_mode=pikepdf.ObjectStreamMode.generate),
        "inneholder skript eller handlinger",
    ),
    "PDF that starts a program": (lambda: pdf(with_launch), "inneholder skript eller handlinger"),
    "PDF with a file inside": (lambda: pdf(with_file), "andre filer lagt inni seg"),
    "PDF with a password": (lambda: pdf(encryption=pikepdf.Encryption(owner="a", user="b")), "beskyttet med passord"),
    "broken PDF": (lambda: b"%PDF-1.7\n" + b"x" * 400, "ødelagt"),
    "exe behind a PDF head": (lambda: b"%PDF-MZ\x90\x00", "ødelagt"),
    "docx with macros": (lambda: docx(**{"word/vbaProject.bin": b"makro"}), "makroer"),
    "docx with a file inside": (lambda: docx(**{"word/embeddings/a.bin": b"MZ"}), "andre filer lagt inni seg"),
    "spreadsheet": (lambda: docx().replace(b"word/document", b"xl/aadocument"), "Filtypen kan ikke brukes."),
    "zip bomb": (zip_bomb, "for stor når den pakkes ut"),
    "broken zip": (lambda: b"PK\x03\x04" + b"\0" * 100, "ødelagt"),
    "huge picture": (too_many_pixels, "for mange piksler"),
    "broken picture": (lambda: b"\xff\xd8\xff" + b"\0" * 50, "Bildet er ødelagt"),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_file_that_cannot_be_trusted_is_refused_with_a_sentence(cast: Cast, koordinator: Client, attack: str) -> None:
    make, sentence = ATTACKS[attack]
    answer = koordinator.post(base(cast.selma) + "nytt/", typed(make()))
    assert answer.status_code == 422
    assert any(sentence in text for text in answer.context["form"].errors["file"]), answer.context["form"].errors
    assert "CV for Selma" in answer.content.decode()
    assert not Document.objects.exists()


def test_forty_megabytes_are_refused_with_a_sentence(cast: Cast, koordinator: Client, settings: Any) -> None:
    settings.UPLOAD_MAX_MB = 15
    answer = koordinator.post(base(cast.selma) + "nytt/", typed(b"%PDF-1.7\n" + b"\0" * (40 * 2**20)))
    assert answer.status_code == 422
    assert "Filen er for stor. Den kan være høyst 15 MB." in answer.content.decode()


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"kind": "politiattest"}, "kind"), ({"section": "guidance_notes"}, "section"), ({"section": ""}, "section"),
     ({"title": "x" * 161}, "title")],
)  # fmt: skip
def test_wrong_choices_are_said_by_the_field(cast: Cast, koordinator: Client, changes: dict[str, str], field: str) -> None:
    answer = koordinator.post(base(cast.selma) + "nytt/", typed(pdf(), **changes))
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert "Velg den en gang til" in str(answer.context["form"].errors["file"])
    assert not Document.objects.exists()


def test_no_file_is_said_by_the_field(cast: Cast, koordinator: Client) -> None:
    answer = koordinator.post(base(cast.selma) + "nytt/", {"section": "exams", "kind": "cv", "title": "CV"})
    assert answer.status_code == 422
    assert "Du må velge en fil." in answer.content.decode()


def test_odd_file_names_and_titles_do_no_harm(cast: Cast, koordinator: Client) -> None:
    data = typed(pdf(), "../../etc/passwd\r\nX-Ond: ja.pdf", title='../"\r\nSet-Cookie: a=b')
    assert koordinator.post(base(cast.selma) + "nytt/", data).status_code == 302
    row = Document.objects.get()
    got = koordinator.get(f"{base(cast.selma)}{row.public_id}/fil")
    assert got.status_code == 200
    assert "Set-Cookie" not in got.headers and "/" not in got["Content-Disposition"].split("filename")[1].replace("*=utf-8''", "")


def test_sent_twice_is_one_document(cast: Cast, koordinator: Client) -> None:
    address = base(cast.selma) + "nytt/"
    token = koordinator.get(address).context["form"]["submission"].value()
    koordinator.post(address, typed(pdf(), submission=token))
    assert koordinator.post(address, typed(pdf(), submission=token)).status_code == 302
    assert Document.objects.count() == 1


def test_title_and_kind_can_be_changed_but_never_the_section(cast: Cast, koordinator: Client) -> None:
    row = stored(cast.selma, "application_pack")
    address = f"{base(cast.selma)}{row.public_id}/"
    data = {"title": "Bedre tittel", "kind": "reference", "section": "exams", "version": "1"}
    assert koordinator.post(address, data).status_code == 302
    row.refresh_from_db()
    assert (row.title, row.kind, row.section, row.version) == ("Bedre tittel", "reference", "application_pack", 2)
    assert koordinator.post(address, data | {"title": "Andre"}).status_code == 409


def test_a_file_gone_from_the_disk_is_not_there(cast: Cast, koordinator: Client) -> None:
    row = stored(cast.selma, "exams")
    row.file.storage.delete(row.file.name)
    assert koordinator.get(f"{base(cast.selma)}{row.public_id}/fil").status_code == 404


def test_protected_address_gives_a_file_name_that_says_nothing(cast: Cast, koordinator: Client) -> None:
    Participant.objects.filter(pk=cast.selma.participant_id).update(address_protection="fortrolig")
    row = stored(cast.selma, "exams", title="Attest fra Eksempelvika barnehage")
    got = koordinator.get(f"{base(cast.selma)}{row.public_id}/fil")
    assert got["Content-Disposition"] == f'attachment; filename="dokument-{row.public_id}.pdf"'


# --- Who sees what ----------------------------------------------------------------------------------------

READS = {
    "koordinator": set(SECTIONS),
    "faglaerer": {"application_pack", "training_contract", "exams"},
    "norsklaerer": {"exams"},
    "leder": {"training_contract"},
    "deltaker": {"application_pack", "agreements", "training_contract", "exams", "income_funding"},
}
WRITES = {
    "koordinator": set(SECTIONS), "leder": {"agreements"}, "deltaker": {"agreements", "exams"}, "norsklaerer": {"exams"},
    "faglaerer": set(),
}  # fmt: skip


def test_each_role_lists_and_opens_its_sections_and_no_others(cast: Cast, client: Client) -> None:
    rows = {section: stored(cast.selma, section, title=f"Tittel-{section}") for section in SECTIONS}
    for who, readable in READS.items():
        client.force_login(cast.users[who])
        page = client.get(base(cast.selma))
        assert page.status_code == 200, who
        for section, row in rows.items():
            shown = f"Tittel-{section}" in page.content.decode()
            got = client.get(f"{base(cast.selma)}{row.public_id}/fil").status_code
            assert (shown, got) == ((True, 200) if section in readable else (False, 404)), (who, section)


def test_each_role_may_upload_where_the_table_says(cast: Cast, client: Client) -> None:
    for who, writable in WRITES.items():
        client.force_login(cast.users[who])
        answer = client.get(base(cast.selma) + "nytt/")
        assert answer.status_code == (200 if writable else 403), who
        for section in SECTIONS:
            got = client.post(base(cast.selma) + "nytt/", typed(pdf(), section=section)).status_code
            assert got == (302 if section in writable else 422 if writable else 403), (who, section)


def test_editing_follows_the_table(cast: Cast, client: Client) -> None:
    row = stored(cast.selma, "exams")
    address = f"{base(cast.selma)}{row.public_id}/"
    for who, want in {"koordinator": 200, "norsklaerer": 403, "deltaker": 403, "faglaerer": 403, "leder": 404}.items():
        client.force_login(cast.users[who])
        assert client.get(address).status_code == want, who
    type(row).objects.filter(pk=row.pk).update(created_by=cast.deltaker)
    client.force_login(cast.deltaker)
    assert client.get(address).status_code == 200  # what one uploaded oneself


def test_others_find_nothing(cast: Cast, client: Client) -> None:
    row = stored(cast.selma, "exams")
    addresses = [
        base(cast.selma),
        base(cast.selma) + "nytt/",
        *(f"{base(cast.selma)}{row.public_id}/{end}" for end in ("", "fil")),
    ]
    for who in ("annen_faglaerer", "annen_norsklaerer", "annen_fadder", "annen_leder", "annen_deltaker", "styringsgruppe", "ingen",
                "drift", "avsluttet_koordinator"):  # fmt: skip
        client.force_login(cast.users[who])
        assert [client.get(address).status_code for address in addresses] == [404] * 4, who
    client.force_login(cast.fadder)
    assert {client.get(address).status_code for address in addresses} == {403}
    client.logout()
    assert all("/konto/login/" in client.get(address).url for address in addresses)


def test_a_document_is_found_under_its_own_participant_alone(cast: Cast, koordinator: Client) -> None:
    row = stored(cast.nadia, "exams")
    assert koordinator.get(f"{base(cast.selma)}{row.public_id}/fil").status_code == 404
    assert koordinator.get(f"{base(cast.selma)}%00/fil").status_code == 404


def test_documents_of_another_enrolment_stay_there(cast: Cast, client: Client) -> None:
    second = enrol(cast, "Selma Testesen", "HEA", "training", days_ago=50, participant=cast.selma.participant)
    pack, exam = stored(second, "application_pack", title="HEA-papirer"), stored(second, "exams", title="HEA-eksamen")
    loose = stored(cast.selma, "agreements", title="Løst ark", loose=True)

    def titles(who: str, lop: Enrolment) -> set[str]:
        found = record_of(cast.users[who], cast.selma.participant.public_id, lop.public_id, today=cast.today)
        return set(documents_of(found).values_list("title", flat=True))

    assert titles("koordinator", cast.selma) == {exam.title, loose.title}
    assert titles("koordinator", second) == {pack.title, exam.title, loose.title}
    assert titles("deltaker", cast.selma) == {exam.title}
    assert titles("faglaerer", cast.selma) == {exam.title}
    client.force_login(cast.faglaerer)
    assert client.get(f"{base(cast.selma)}{pack.public_id}/fil").status_code == 404
    assert client.get(f"{base(cast.selma)}{pack.public_id}/fil?lop={second.public_id}").status_code == 404


def test_a_leder_sees_the_signed_agreement_of_own_workplace_alone(cast: Cast, client: Client) -> None:
    other = Placement.objects.create(
        enrolment=cast.selma, workplace=cast.workplaces["sykehjem"], is_main=False, starts_on=cast.today - timedelta(days=5)
    )
    titles = {"Egen avtale": cast.placements["selma"], "Andres avtale": other, "Kontrakt med samtykke": None}
    for number, (title, placement) in enumerate(titles.items(), 1):
        kind = "participation" if placement else "contract"
        agreement = Agreement.objects.create(
            enrolment=cast.selma, kind=kind, placement=placement, number=number, made_on=cast.today
        )
        scan = stored(cast.selma, "agreements", title=title)
        Signature.objects.create(agreement=agreement, party="deltaker", signer_name="Selma", signed_on=cast.today, scan=scan)
    stored(cast.selma, "agreements", title="Lastet opp selv", created_by=cast.leder)
    client.force_login(cast.leder)
    page = client.get(base(cast.selma)).content.decode()
    assert [title in page for title in ("Egen avtale", "Lastet opp selv", "Andres avtale", "Kontrakt med samtykke")] == [
        True, True, False, False,
    ]  # fmt: skip


def test_the_list_and_the_file_are_only_read(cast: Cast, koordinator: Client) -> None:
    row = stored(cast.selma, "exams")
    assert koordinator.post(base(cast.selma)).status_code == 405
    assert koordinator.post(f"{base(cast.selma)}{row.public_id}/fil").status_code == 405
