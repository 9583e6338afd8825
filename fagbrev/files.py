"""Files from outside: what is accepted, how it is cleaned and checked for viruses, and how it is handed out again."""

import io
import re
import secrets
import socket
import struct
import unicodedata
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

import pillow_heif
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.http import FileResponse
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from fagbrev.children import ChildFailed, run_child
from fagbrev.zips import ZipRefused, checked_zip

MAX_PIXELS = 50_000_000
DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_JPEG_QUALITY = 88
_PDF_SECONDS, _PDF_MEMORY_MB = 20.0, 1024
_SCAN_SECONDS, _SCAN_CHUNK_BYTES = 30.0, 64 * 1024
_LONGEST_NAME = 100


class UploadRefused(Exception):
    """A file that is not accepted; its text is a sentence for the one who uploaded it."""


@dataclass(frozen=True)
class Accepted:
    """A checked file: a clean name with the right ending, its type by content, and the bytes to store."""

    name: str
    content_type: str
    content: bytes

    @property
    def size(self) -> int:
        """Gives the number of bytes to store."""
        return len(self.content)

    @property
    def file(self) -> "ContentFile[bytes]":
        """Gives the content as Django's storages take it."""
        return ContentFile(self.content, name=self.name)


def private_storage() -> Storage:
    """Gives the storage of people's files, outside the web root: `FileField(storage=private_storage)`."""
    return storages["private"]


def random_file_name() -> str:
    """Gives a name to store a file under, which tells nothing: 32 hex digits in one of 256 folders."""
    name = secrets.token_hex(16)
    return f"{name[:2]}/{name}"


# --- In --------------------------------------------------------------------------------------------


def accept_upload(uploaded: Any, *, max_mb: int) -> Accepted:
    """Gives the cleaned content of an uploaded PDF, JPEG, PNG, HEIC or docx file, decided by content.

    Images are made anew without hidden details (place, camera); HEIC becomes JPEG. Raises UploadRefused.
    """
    content = uploaded.read(max_mb * 2**20 + 1)
    if len(content) > max_mb * 2**20:
        raise UploadRefused(_("Filen er for stor. Den kan være høyst %(size)d MB.") % {"size": max_mb})
    if not content:
        raise UploadRefused(_("Filen er tom."))
    scan(content)
    name = str(getattr(uploaded, "name", "") or "")
    if content.startswith(b"%PDF-"):
        _check_pdf(content)
        return Accepted(clean_name(name, ".pdf"), "application/pdf", content)
    if content.startswith(b"\xff\xd8\xff"):
        return Accepted(clean_name(name, ".jpg"), "image/jpeg", _image(content, "JPEG"))
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return Accepted(clean_name(name, ".png"), "image/png", _image(content, "PNG"))
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        return Accepted(clean_name(name, ".jpg"), "image/jpeg", _image(content, "HEIF"))
    if content.startswith(b"PK\x03\x04"):
        _check_docx(content)
        return Accepted(clean_name(name, ".docx"), DOCX_TYPE, content)
    raise UploadRefused(_("Filtypen kan ikke brukes. Last opp PDF, bilde (JPEG, PNG, HEIC) eller Word-fil (.docx)."))


def accept_picture(uploaded: Any, *, max_mb: int, longest: int) -> bytes:
    """Gives an uploaded picture as a JPEG at most so many pixels wide and high, without hidden details. Raises UploadRefused."""
    accepted = accept_upload(uploaded, max_mb=max_mb)
    if not accepted.content_type.startswith("image/"):
        raise UploadRefused(_("Velg et bilde (JPEG, PNG eller HEIC)."))
    with Image.open(io.BytesIO(accepted.content)) as opened:
        small = opened.convert("RGBA")
    small.thumbnail((longest, longest))
    plain = Image.new("RGB", small.size, "white")
    plain.paste(small, mask=small)
    kept = io.BytesIO()
    plain.save(kept, "JPEG", quality=_JPEG_QUALITY)
    return kept.getvalue()


def clean_name(name: str, ending: str) -> str:
    """Gives a file name without folders and odd signs, with the ending that fits the content."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    stem = last.rpartition(".")[0] or last
    kept = "".join(letter if letter.isalnum() or letter in " ._-()," else "_" for letter in stem)
    kept = re.sub(r"\s+", " ", kept).strip(" .")[:_LONGEST_NAME].strip(" .")
    return (kept or _("fil")) + ending


def _check_pdf(content: bytes) -> None:
    try:
        verdict = run_child("inspect_pdf", content, seconds=_PDF_SECONDS, megabytes=_PDF_MEMORY_MB).decode()
    except ChildFailed:
        verdict = "broken"
    sentences = {
        "encrypted": _("PDF-en er beskyttet med passord. Lagre den uten passord og prøv igjen."),
        "active": _("PDF-en inneholder skript eller handlinger, og kan ikke brukes. Skriv den ut til en ny PDF og prøv igjen."),
        "attachment": _("PDF-en har andre filer lagt inni seg, og kan ikke brukes. Skriv den ut til en ny PDF og prøv igjen."),
        "form": _("PDF-en er et aktivt skjema (XFA), og kan ikke brukes. Skriv den ut til en ny PDF og prøv igjen."),
    }
    if verdict != "ok":
        raise UploadRefused(sentences.get(verdict) or _("PDF-en er ødelagt eller kan ikke leses. Lag den på nytt og prøv igjen."))


def _check_docx(content: bytes) -> None:
    try:
        names = checked_zip(content).namelist()
    except ZipRefused as refused:
        if refused.reason == "too_large":
            raise UploadRefused(_("Filen er for stor når den pakkes ut.")) from None
        raise UploadRefused(_("Filen er ødelagt eller beskyttet med passord.")) from None
    if not {"[Content_Types].xml", "word/document.xml"} <= set(names):
        raise UploadRefused(_("Filtypen kan ikke brukes. Last opp PDF, bilde (JPEG, PNG, HEIC) eller Word-fil (.docx)."))
    lowered = [name.lower() for name in names]
    if any("vbaproject" in name or "/activex/" in name for name in lowered):
        raise UploadRefused(_("Word-filen inneholder makroer. Lagre den som en vanlig .docx-fil uten makroer."))
    if any("/embeddings/" in name for name in lowered):
        raise UploadRefused(_("Word-filen har andre filer lagt inni seg. Lagre den som PDF og prøv igjen."))


def _image(content: bytes, kind: str) -> bytes:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with _opened(content, kind) as opened:
                if opened.width * opened.height > MAX_PIXELS:
                    raise UploadRefused(_("Bildet har for mange piksler. Gjør det mindre og prøv igjen."))
                opened.load()
                upright = ImageOps.exif_transpose(opened)
                made = io.BytesIO()
                if kind == "PNG":
                    mode = upright.mode if upright.mode in {"1", "L", "RGB", "RGBA"} else "RGBA"
                    _bare(upright.convert(mode)).save(made, "PNG")
                else:
                    _bare(upright.convert("RGB")).save(made, "JPEG", quality=_JPEG_QUALITY)
                return made.getvalue()
    except UploadRefused:
        raise
    except Image.DecompressionBombError:
        raise UploadRefused(_("Bildet har for mange piksler. Gjør det mindre og prøv igjen.")) from None
    except Exception:  # image libraries raise almost anything on damaged files
        raise UploadRefused(_("Bildet er ødelagt eller kan ikke leses. Ta det på nytt og prøv igjen.")) from None


def _opened(content: bytes, kind: str) -> Image.Image:
    if kind != "HEIF":
        return Image.open(io.BytesIO(content), formats=[kind])
    heif = pillow_heif.open_heif(io.BytesIO(content), convert_hdr_to_8bit=True)
    width, height = heif.size
    if width * height > MAX_PIXELS:
        raise UploadRefused(_("Bildet har for mange piksler. Gjør det mindre og prøv igjen."))
    return heif.to_pillow()


def _bare(image: Image.Image) -> Image.Image:
    """Gives the picture alone: a new image has no comments, profiles, thumbnails or EXIF."""
    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    return bare


# --- Viruses ---------------------------------------------------------------------------------------


def scan(content: bytes) -> None:
    """Asks clamd about a content where VIRUS_SCAN is "clamd". Raises UploadRefused when it is infected or cannot be checked."""
    if settings.VIRUS_SCAN != "clamd":
        return
    try:
        answer = _clamd_answer(content)
    except OSError:
        answer = ""
    if answer.endswith("FOUND"):
        raise UploadRefused(_("Filen inneholder et virus og ble ikke tatt imot."))
    if not answer.endswith(" OK"):
        raise UploadRefused(_("Vi får ikke sjekket filen for virus akkurat nå. Prøv igjen om litt."))


def _clamd_answer(content: bytes) -> str:
    """Sends a content as clamd's INSTREAM to CLAMD_SOCKET, a path or "host:port"."""
    address = settings.CLAMD_SOCKET
    host, _colon, port = address.rpartition(":")
    is_path = address.startswith("/") or not port.isdigit()
    with (
        socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        if is_path
        else socket.create_connection((host, int(port)), timeout=_SCAN_SECONDS) as connection
    ):
        connection.settimeout(_SCAN_SECONDS)
        if is_path:
            connection.connect(address)
        connection.sendall(b"zINSTREAM\0")
        for chunk in _chunks(content):
            connection.sendall(struct.pack("!I", len(chunk)) + chunk)
        connection.sendall(struct.pack("!I", 0))
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < 4096:
            received = connection.recv(1024)
            if not received:
                break
            answer += received
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")


def _chunks(content: bytes) -> Iterator[bytes]:
    for start in range(0, len(content), _SCAN_CHUNK_BYTES):
        yield content[start : start + _SCAN_CHUNK_BYTES]


# --- Out -------------------------------------------------------------------------------------------


def attachment_response(file: BinaryIO | bytes, name: str, content_type: str) -> FileResponse:
    """Gives a download that a browser saves and never shows or runs, and that no cache keeps."""
    stream = io.BytesIO(file) if isinstance(file, bytes) else file
    response = FileResponse(stream, as_attachment=True, filename=name, content_type=content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "no-store"
    return response
