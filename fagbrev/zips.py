"""Zip files from outside: counted while they are unpacked, since what their headers say may be untrue."""

import zipfile
from io import BytesIO

MAX_ENTRIES = 1000
MAX_UNPACKED_BYTES = 50 * 1024 * 1024
_CHUNK_BYTES = 256 * 1024
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})


class ZipRefused(Exception):
    """A zip file that is broken, encrypted, or larger than allowed; `reason` is "broken", "encrypted" or "too_large"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def checked_zip(content: bytes) -> zipfile.ZipFile:
    """Gives the opened zip after unpacking every entry once, at most 1,000 entries and 50 MB. Raises ZipRefused."""
    try:
        archive = zipfile.ZipFile(BytesIO(content))
    except (zipfile.BadZipFile, zipfile.LargeZipFile, ValueError, OSError, NotImplementedError):
        raise ZipRefused("broken") from None
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        raise ZipRefused("too_large")
    if len({entry.filename for entry in entries}) != len(entries):
        raise ZipRefused("broken")
    left = MAX_UNPACKED_BYTES
    for entry in entries:
        if entry.flag_bits & 0x1:
            raise ZipRefused("encrypted")
        if entry.compress_type not in _METHODS:
            raise ZipRefused("broken")
        try:
            with archive.open(entry) as stream:
                while chunk := stream.read(_CHUNK_BYTES):
                    left -= len(chunk)
                    if left < 0:
                        raise ZipRefused("too_large")
        except ZipRefused:
            raise
        except Exception:  # whatever a damaged entry makes zlib and zipfile raise
            raise ZipRefused("broken") from None
    return archive
