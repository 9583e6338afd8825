"""Files from outside: what is accepted and cleaned, and the attacks that are refused."""

import io
import socket
import struct
import threading
import zipfile
import zlib
from collections.abc import Iterator

import pikepdf
import pillow_heif
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from fagbrev import files
from fagbrev.files import UploadRefused, accept_upload, attachment_response, clean_name, random_file_name


@pytest.fixture(autouse=True)
def _no_scan(settings) -> None:
    settings.VIRUS_SCAN = "none"


def upload(content: bytes, name: str = "fil", max_mb: int = 15) -> files.Accepted:
    return accept_upload(SimpleUploadedFile(name, content), max_mb=max_mb)


def pdf(change=lambda made: None, **save) -> bytes:
    with pikepdf.new() as made:
        made.add_blank_page()
        change(made)
        out = io.BytesIO()
        made.save(out, **save)
        return out.getvalue()


def image(kind: str, size: tuple[int, int] = (30, 20), mode: str = "RGB", **save) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, kind, **save)
    return out.getvalue()


def docx(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in ({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"} | parts).items():
            archive.writestr(name, part)
    return out.getvalue()


def exif() -> Image.Exif:
    details = Image.Exif()
    details[0x010F] = "Hemmelig kamera"
    details[0x0112] = 6
    details.get_ifd(0x8825)[2] = (59.0, 55.0, 0.0)
    return details


def test_a_plain_pdf_is_kept_as_it_is() -> None:
    content = pdf()
    accepted = upload(content, "C:\\Brukere\\ola\\CV Åse.PDF")
    assert (accepted.name, accepted.content_type, accepted.content, accepted.size) == (
        "CV Åse.pdf",
        "application/pdf",
        content,
        len(content),
    )
    assert accepted.file.read() == content


def action(**entries):
    def change(made: pikepdf.Pdf) -> None:
        made.Root.OpenAction = pikepdf.Dictionary(**entries)

    return change


def page_action(made: pikepdf.Pdf) -> None:
    made.pages[0].AA = pikepdf.Dictionary(O=pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)"))


def link_action(made: pikepdf.Pdf) -> None:
    launch = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd.exe")
    made.pages[0].Annots = made.make_indirect([pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, A=launch)])


def next_action(made: pikepdf.Pdf) -> None:
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=made.make_stream(b"app.alert(1)"))
    made.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.GoTo, D=[0], Next=[script])


def name_tree(made: pikepdf.Pdf) -> None:
    made.Root.Names = pikepdf.Dictionary(
        JavaScript=pikepdf.Dictionary(Names=["x", pikepdf.Dictionary(S=pikepdf.Name.JavaScript)])
    )


def attachment(made: pikepdf.Pdf) -> None:
    made.attachments["x.exe"] = b"MZ"


def xfa(made: pikepdf.Pdf) -> None:
    made.Root.AcroForm = pikepdf.Dictionary(Fields=[], XFA=made.make_stream(b"<xdp/>"))


def rich_media(made: pikepdf.Pdf) -> None:
    made.pages[0].Annots = [pikepdf.Dictionary(Subtype=pikepdf.Name.RichMedia)]


@pytest.mark.parametrize("packed", [pikepdf.ObjectStreamMode.generate, pikepdf.ObjectStreamMode.disable])
@pytest.mark.parametrize(
    ("change", "says"),
    [
        (action(S=pikepdf.Name.JavaScript, JS="app.alert(1)"), "skript"),
        (action(S=pikepdf.Name.Launch, F="cmd.exe"), "skript"),
        (action(S=pikepdf.Name.SubmitForm, F="http://x.example"), "skript"),
        (page_action, "skript"),
        (link_action, "skript"),
        (next_action, "skript"),
        (name_tree, "skript"),
        (rich_media, "skript"),
        (attachment, "andre filer"),
        (xfa, "XFA"),
    ],
)
def test_a_pdf_that_acts_or_carries_is_refused(change, says: str, packed) -> None:
    with pytest.raises(UploadRefused, match=says):
        upload(pdf(change, object_stream_mode=packed), "cv.pdf")


def test_a_script_whose_name_is_disguised_is_refused() -> None:
    content = pdf(action(S=pikepdf.Name.JavaScript, JS="app.alert(1)"), object_stream_mode=pikepdf.ObjectStreamMode.disable)
    disguised = content.replace(b"/JavaScript", b"/Java#53cript").replace(b"/JS ", b"/J#53 ")
    assert disguised != content
    with pytest.raises(UploadRefused, match="skript"):
        upload(disguised)


def test_a_pdf_with_a_bookmark_and_a_link_is_accepted() -> None:
    def change(made: pikepdf.Pdf) -> None:
        made.Root.OpenAction = pikepdf.Array([made.pages[0].obj, pikepdf.Name.Fit])
        link = pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://www.udir.no/")
        made.pages[0].Annots = [pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, A=link, Rect=[0, 0, 9, 9])]

    assert upload(pdf(change)).content_type == "application/pdf"


@pytest.mark.parametrize("password", ["", "hemmelig"])
def test_an_encrypted_pdf_is_refused(password: str) -> None:
    with pytest.raises(UploadRefused, match="passord"):
        upload(pdf(encryption=pikepdf.Encryption(owner="eier", user=password)))


@pytest.mark.parametrize("content", [b"%PDF-1.7\n", b"%PDF-1.7\n" + b"junk" * 100, pdf()[:200]])
def test_a_broken_pdf_is_refused(content: bytes) -> None:
    with pytest.raises(UploadRefused, match="ødelagt"):
        upload(content)


@pytest.mark.parametrize(("kind", "name", "content_type"), [("JPEG", "a.jpg", "image/jpeg"), ("PNG", "a.png", "image/png")])
def test_images_lose_their_details_and_stand_upright(kind: str, name: str, content_type: str) -> None:
    accepted = upload(image(kind, exif=exif()), "a.exe")
    assert (accepted.name, accepted.content_type) == (name, content_type)
    assert b"Hemmelig" not in accepted.content
    with Image.open(io.BytesIO(accepted.content)) as kept:
        assert kept.size == (20, 30)
        assert not kept.getexif()


def test_comments_and_what_hangs_behind_an_image_are_gone() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "hemmelig")
    assert b"hemmelig" not in upload(image("PNG", pnginfo=notes) + b"hemmelig").content
    assert b"hemmelig" not in upload(image("JPEG", comment=b"hemmelig") + b"hemmelig").content


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_all_kinds_of_png_are_accepted(mode: str) -> None:
    assert upload(image("PNG", mode=mode)).content.startswith(b"\x89PNG")


def test_a_phones_heic_becomes_a_jpeg() -> None:
    out = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (64, 48), "teal")).save(out, exif=exif().tobytes())
    accepted = upload(out.getvalue(), "IMG_0001.HEIC")
    assert (accepted.name, accepted.content_type) == ("IMG_0001.jpg", "image/jpeg")
    assert b"Hemmelig" not in accepted.content
    with Image.open(io.BytesIO(accepted.content)) as kept:
        assert kept.format == "JPEG"


def test_an_image_with_too_many_pixels_is_refused_before_it_is_unpacked() -> None:
    def claiming(width: int, height: int) -> bytes:
        content = bytearray(image("PNG"))
        content[16:24] = struct.pack("!II", width, height)
        content[29:33] = struct.pack("!I", zlib.crc32(bytes(content[12:29])))
        return bytes(content)

    for size in ((10_000, 5_001), (60_000, 60_000)):
        with pytest.raises(UploadRefused, match="piksler"):
            upload(claiming(*size))


@pytest.mark.parametrize(
    "content", [image("JPEG")[:60], image("PNG")[:40], b"\xff\xd8\xff" + b"x" * 50, b"\0\0\0\x18ftypheic" + b"x" * 90]
)
def test_a_broken_image_is_refused(content: bytes) -> None:
    with pytest.raises(UploadRefused, match="ødelagt"):
        upload(content)


def test_a_word_file_is_accepted() -> None:
    accepted = upload(docx(), "søknad.docx")
    assert (accepted.name, accepted.content_type) == ("søknad.docx", files.DOCX_TYPE)


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ({"word/vbaProject.bin": b"x"}, "makroer"),
        ({"word/activeX/activeX1.xml": b"x"}, "makroer"),
        ({"word/embeddings/oleObject1.bin": b"x"}, "andre filer"),
        ({"word/media/x.bin": b"\0" * (51 * 2**20)}, "pakkes ut"),
    ],
)
def test_a_word_file_that_acts_or_swells_is_refused(parts: dict[str, bytes], says: str) -> None:
    with pytest.raises(UploadRefused, match=says):
        upload(docx(**parts))


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"", "a.pdf", "tom"),
        (b"MZ\x90\0" * 20, "cv.pdf", "Filtypen"),
        (b"<html><script>", "a.png", "Filtypen"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg", "Filtypen"),
        (b"GIF89a" + b"x" * 20, "a.gif", "Filtypen"),
        (b"  %PDF-1.7", "a.pdf", "Filtypen"),
        (b"PK\x03\x04" + b"x" * 20, "a.docx", "ødelagt"),
        (b"x" * (2**20 + 1), "a.pdf", "høyst 1 MB"),
    ],
)
def test_other_files_are_refused_by_content(content: bytes, name: str, says: str) -> None:
    with pytest.raises(UploadRefused, match=says):
        upload(content, name, max_mb=1)


def test_a_zip_that_is_no_word_file_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.exe", b"MZ")
    with pytest.raises(UploadRefused, match="Filtypen"):
        upload(out.getvalue(), "a.docx")


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "a__Set-Cookie_ x.pdf"),
        ('"><script>.pdf', "___script_.pdf"),
        ("", "fil.pdf"),
        ("...", "fil.pdf"),
        (".pdf", "pdf.pdf"),
        ("cv.pdf.exe", "cv.pdf.pdf"),
        ("x" * 300, "x" * 100 + ".pdf"),
    ],
)
def test_names_are_cleaned(name: str, clean: str) -> None:
    assert clean_name(name, ".pdf") == clean


@given(st.text(max_size=150))
def test_no_name_has_folders_or_control_signs(name: str) -> None:
    clean = clean_name(name, ".pdf")
    assert clean.endswith(".pdf") and not clean.startswith(".") and len(clean) <= 110
    assert not set(clean) & set('/\\\r\n\0"<>:*?|')


def test_stored_names_tell_nothing_and_differ() -> None:
    assert random_file_name() != random_file_name()
    assert len(random_file_name()) == 35


def test_a_download_is_saved_never_shown_and_never_cached() -> None:
    response = attachment_response(b"x", "Søknad «ny».pdf", "application/pdf")
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''S%C3%B8knad")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"].startswith("sandbox")
    assert response["Cache-Control"] == "no-store"
    assert b"".join(response.streaming_content) == b"x"
    assert attachment_response(io.BytesIO(b"x"), "a.pdf", "application/pdf")["Content-Type"] == "application/pdf"


class Clamd(threading.Thread):
    """Stands in for clamd: reads one stream and gives one answer."""

    def __init__(self, answer: bytes) -> None:
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.answer, self.received = answer, b""
        self.start()

    def run(self) -> None:
        connection, _address = self.listener.accept()
        with connection, connection.makefile("rb") as stream:
            assert stream.read(10) == b"zINSTREAM\0"
            while length := struct.unpack("!I", stream.read(4))[0]:
                self.received += stream.read(length)
            connection.sendall(self.answer)


@pytest.fixture
def clamd(settings) -> Iterator:
    started = []

    def start(answer: bytes) -> Clamd:
        server = Clamd(answer)
        started.append(server)
        settings.VIRUS_SCAN = "clamd"
        settings.CLAMD_SOCKET = f"127.0.0.1:{server.listener.getsockname()[1]}"
        return server

    yield start
    for server in started:
        server.join(5)
        server.listener.close()


def test_a_clean_file_passes_the_virus_scan_whole(clamd) -> None:
    server = clamd(b"stream: OK\0")
    content = pdf(lambda made: made.Root.__setattr__("Pad", made.make_stream(b"x" * 1)))
    upload(content)
    server.join(5)
    assert server.received == content


def test_an_infected_file_is_refused(clamd) -> None:
    clamd(b"stream: Eicar-Test-Signature FOUND\0")
    with pytest.raises(UploadRefused, match="virus"):
        upload(image("PNG"))


@pytest.mark.parametrize("answer", [b"", b"INSTREAM size limit exceeded. ERROR\0", b"stream: OK but not really\0"])
def test_an_answer_that_is_not_ok_refuses_the_file(clamd, answer: bytes) -> None:
    clamd(answer)
    with pytest.raises(UploadRefused, match="akkurat nå"):
        upload(image("PNG"))


@pytest.mark.parametrize("address", ["/nowhere/clamd.ctl", "127.0.0.1:1"])
def test_a_scanner_that_is_away_refuses_the_file(settings, address: str) -> None:
    settings.VIRUS_SCAN, settings.CLAMD_SOCKET = "clamd", address
    with pytest.raises(UploadRefused, match="akkurat nå"):
        upload(image("PNG"))


def test_a_scanner_on_a_socket_file_is_asked(settings, tmp_path) -> None:
    path = str(tmp_path / "clamd.ctl")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(path)
        listener.listen()
        settings.VIRUS_SCAN, settings.CLAMD_SOCKET = "clamd", path

        def answer() -> None:
            connection, _address = listener.accept()
            with connection, connection.makefile("rb") as stream:
                stream.read(10)
                while length := struct.unpack("!I", stream.read(4))[0]:
                    stream.read(length)
                connection.sendall(b"stream: OK\0")

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        assert upload(image("PNG")).content_type == "image/png"
        thread.join(5)
