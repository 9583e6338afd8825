"""Which documents a user may open in a record, and how an uploaded one is stored."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from fagbrev.access.table import sections_of, seen_by_words
from fagbrev.files import Accepted, clean_name, random_file_name
from fagbrev.people.roles import LEDER
from participants.access import Record
from participants.models import Document, Signature
from participants.models.documents import DOCUMENT_SECTIONS

SECTION_KEYS = tuple(key for key, _label in DOCUMENT_SECTIONS)
ENDINGS = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}


def documents_of(found: Record) -> QuerySet[Document]:
    """Gives the documents the user may open: sections readable here, this enrolment's; the person's own of all enrolments.

    A document without an enrolment is the koordinator's, unless its section hangs on the person. A leder sees of the
    agreements only what belongs to own placements, or was uploaded by the leder.
    """
    readable = [key for key in SECTION_KEYS if found.reads(key)]
    on_person = [key for key in readable if key in sections_of("person")]
    on_enrolment = [key for key in readable if key not in on_person]
    here = Q(section__in=on_enrolment, enrolment=found.enrolment)
    if found.is_coordinator:
        here |= Q(section__in=on_enrolment, enrolment__isnull=True)
    rows = Document.objects.filter(participant=found.participant).filter(Q(section__in=on_person) | here)
    if _only_leder(found):
        own = Signature.objects.filter(agreement__placement__in=found.placements("agreements"), scan__isnull=False)
        rows = rows.filter(~Q(section="agreements") | Q(pk__in=own.values("scan")) | Q(created_by=found.user))
    return rows.select_related("created_by").order_by("-created_at", "-pk")


def _only_leder(found: Record) -> bool:
    return LEDER in found.roles_here and not (found.is_coordinator or found.is_own)


def document_of(found: Record, document_id: str) -> Document | None:
    """Gives one document the user may open, or None."""
    return documents_of(found).filter(public_id=document_id).first()


def grouped(found: Record) -> list[dict[str, Any]]:
    """Gives the documents by section, in the order of the choices; sections without documents are left out."""
    by_section: dict[str, list[Document]] = {}
    for document in documents_of(found):
        # Others than the koordinator change only what they uploaded themselves.
        document.may_edit = found.is_coordinator or document.created_by_id == found.user.pk  # type: ignore[attr-defined]
        by_section.setdefault(document.section, []).append(document)
    return [
        {"label": label.partition(" (")[0], "seen_by": seen_by_words(key), "rows": by_section[key], "may_edit": found.writes(key)}
        for key, label in DOCUMENT_SECTIONS if key in by_section
    ]  # fmt: skip


def store(document: Document, accepted: Accepted) -> None:
    """Puts the cleaned file in the private storage under a random name; the row itself is saved by the caller."""
    document.content_type, document.size = accepted.content_type, accepted.size
    document.file.save(random_file_name(), accepted.file, save=False)


def download_name(document: Document, *, is_protected: bool) -> str:
    """Gives the name a browser saves the file under; with a protected address it says nothing."""
    ending = ENDINGS.get(document.content_type, ".docx")
    return clean_name("dokument-" + document.public_id if is_protected else document.title + ending, ending)
