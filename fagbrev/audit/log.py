"""Writing to the logs: every look and every change goes through here."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, time
from typing import Any

from django.db import models
from django.utils import timezone

from fagbrev.audit.acting import touch
from fagbrev.audit.models import ChangeLog, LookLog, Revision
from fagbrev.people.models import User

# Before and after of these are never kept as values in a revision: they are logged as "endret" only.
SILENT_SECTIONS = {"national_id", "guidance_notes", "life_situation", "concerns", "police_certificate", "status_reasons"}


def note_look(
    *,
    user: User,
    roles: Collection[str],
    participant_id: int,
    enrolment_id: int | None,
    page: str,
    sections: Collection[str],
    act: str = "look",
) -> None:
    """Writes one look row."""
    LookLog.objects.create(
        user=user,
        roles=",".join(sorted(roles)),
        participant_id=participant_id,
        enrolment_id=enrolment_id,
        page=page,
        sections=sorted(sections),
        act=act,
    )


def note_looks(*, user: User, roles: Collection[str], pairs: Iterable[tuple[int, int | None]], page: str, sections: Collection[str],
               act: str) -> None:  # fmt: skip
    """Writes a look row per (participant, enrolment), for exports and class pages; a guest of a class has no enrolment."""
    row = {"user": user, "roles": ",".join(sorted(roles)), "page": page, "sections": sorted(sections), "act": act}
    LookLog.objects.bulk_create(
        [LookLog(participant_id=participant, enrolment_id=enrolment, **row) for participant, enrolment in pairs], 1000
    )


def looks_today(
    *, user: User, page: str, participants: Collection[int], today: date
) -> Iterable[tuple[int, int | None, list[str]]]:
    """Gives (participant, enrolment, sections) of what a user has been shown on a page since midnight, for lists that log once a day."""
    midnight = timezone.make_aware(datetime.combine(today, time.min))
    rows = LookLog.objects.filter(user=user, page=page, at__gte=midnight, participant_id__in=set(participants))
    return rows.values_list("participant_id", "enrolment_id", "sections")


def was_shown(*, user: User, page: str, today: date, participant: str, enrolment: str) -> models.Exists:
    """Tells of a row that names a participant and an enrolment whether the user has been shown them on a page since midnight: asked with
    the rows of a list that logs once a day."""
    midnight = timezone.make_aware(datetime.combine(today, time.min))
    pair = {"participant_id": models.OuterRef(participant), "enrolment_id": models.OuterRef(enrolment)}
    return models.Exists(LookLog.objects.filter(user=user, page=page, at__gte=midnight, **pair))


def note_change(
    *,
    by: User | None,
    row: models.Model,
    section: str,
    verb: str,
    participant_id: int | None,
    enrolment_id: int | None = None,
    fields: Collection[str] = (),
) -> None:
    """Writes one change row: names of fields, never their values; and tells those who keep something derived from the row."""
    ChangeLog.objects.create(
        user=by,
        participant_id=participant_id,
        enrolment_id=enrolment_id,
        section=section,
        verb=verb,
        subject_type=row._meta.label_lower,
        subject_id=getattr(row, "public_id", "") or "",
        fields=sorted(fields),
    )
    touch(participant_id=participant_id, kind=row._meta.label_lower)


def keep_revision(*, by: User | None, row: Any, section: str, participant_id: int | None, content: dict[str, Any]) -> None:
    """Keeps what a row holds at its version, section by section, so that an older text can be shown.

    Silent sections are not kept. `content` of the revision is {section: {column: value}}; `section` names the first of them.
    """
    if section in SILENT_SECTIONS:
        return
    kept, is_new = Revision.objects.get_or_create(
        subject_type=row._meta.label_lower,
        subject_id=row.public_id,
        version=row.version,
        defaults={"by": by, "participant_id": participant_id, "section": section, "content": {section: content}},
    )
    if not is_new:
        kept.content[section] = content
        kept.save(update_fields=["content"])
