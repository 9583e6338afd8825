"""Child process: says what a PDF from outside holds that we refuse. Answers "ok", or one word for the fault."""

import io
import resource
import sys

import pikepdf

MOST_OBJECTS = 300_000
DEEPEST = 60
ACTIVE_KEYS = frozenset({"/JS", "/JavaScript"})
ACTIVE_ACTIONS = frozenset(
    {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/Rendition", "/Movie", "/Sound", "/RichMediaExecute"}
)
ATTACHMENT_KEYS = frozenset({"/EmbeddedFiles", "/EF", "/AF"})
ACTIVE_ANNOTATIONS = frozenset({"/RichMedia", "/Movie", "/Screen", "/3D", "/Sound"})


class Refused(Exception):
    """Something in the file is not accepted."""


def inspect(content: bytes) -> str:
    """Gives "ok", "encrypted", "broken", "active", "attachment", "form" or "too_large"."""
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            if pdf.is_encrypted:
                return "encrypted"
            if len(pdf.objects) > MOST_OBJECTS:
                return "too_large"
            if len(pdf.pages) < 1:
                return "broken"
            for found in (pdf.trailer, *pdf.objects):
                look(found, 0)
    except pikepdf.PasswordError:
        return "encrypted"
    except Refused as refused:
        return str(refused)
    except MemoryError:
        return "too_large"
    except Exception:  # a damaged PDF makes the library raise many things
        return "broken"
    return "ok"


def look(found: object, depth: int) -> None:
    """Raises Refused for what a dictionary or what lies directly inside it holds; references are looked at by themselves."""
    if depth > DEEPEST:
        raise Refused("broken")
    if isinstance(found, pikepdf.Array):
        for each in found:
            if not is_reference(each):
                look(each, depth + 1)
        return
    if not isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
        return
    keys = set(found.keys())
    if keys & ACTIVE_KEYS or str(found.get("/S")) in ACTIVE_ACTIONS:
        raise Refused("active")
    if str(found.get("/Subtype")) in ACTIVE_ANNOTATIONS:
        raise Refused("active")
    if keys & ATTACHMENT_KEYS or str(found.get("/Type")) == "/EmbeddedFile" or str(found.get("/Subtype")) == "/FileAttachment":
        raise Refused("attachment")
    if "/XFA" in keys:
        raise Refused("form")
    for key in keys:
        value = found.get(key)
        if not is_reference(value):
            look(value, depth + 1)


def is_reference(found: object) -> bool:
    """Tells whether an object lies elsewhere in the file, where the list of all objects has it."""
    return isinstance(found, pikepdf.Object) and found.is_indirect


def main() -> None:
    """Reads the PDF from standard input, writes the answer to standard output."""
    megabytes, seconds = int(sys.argv[1]), int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * 2**20, megabytes * 2**20))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    sys.stdout.write(inspect(sys.stdin.buffer.read()))


if __name__ == "__main__":
    main()
