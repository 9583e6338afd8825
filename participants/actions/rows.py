"""Saving one row of a record: version, revision and the change log, and the copies that follow from it."""

from __future__ import annotations

from typing import Any

from django.db import models

from fagbrev.audit.log import keep_revision, note_change
from fagbrev.forms.base import VersionedForm
from fagbrev.people.models import User
from participants.models import Enrolment, TrainingContract


def section_of_column(row: models.Model, name: str) -> str:
    """Gives the section a column of a row belongs to. Raises KeyError for one without: each field must have a section."""
    by_column: dict[str, str] = getattr(row, "SECTIONS", {})
    if name in by_column:
        return by_column[name]
    whole = getattr(row, "SECTION", None)
    if whole == "by_row":
        return str(getattr(row, "section"))  # noqa: B009
    if whole is None:
        raise KeyError(f"{row._meta.label}.{name} has no section")
    return str(whole)


def belongs_to(row: Any) -> tuple[int | None, int | None]:
    """Gives the ids of the participant and the enrolment a row hangs on."""
    if isinstance(row, Enrolment):
        return row.participant_id, row.pk
    for link in ("enrolment", "agreement", "placement"):
        if hasattr(row, f"{link}_id") and getattr(row, f"{link}_id", None):
            return belongs_to(getattr(row, link))
    if hasattr(row, "participant_id"):
        return row.participant_id, None
    return row.pk, None


def save_row(*, form: VersionedForm, by: User, verb: str = "") -> Any:
    """Saves the form's row in the caller's transaction and gives it. Raises Conflict when another saved first."""
    row = form.instance
    is_new = row._state.adding
    form.claim_version()
    if is_new and hasattr(row, "created_by_id") and row.created_by_id is None:
        row.created_by = by
    row.save()
    form._save_m2m()  # type: ignore[attr-defined]
    columns = sorted({*form.changed_columns, *_filled(form)}) if is_new else form.changed_columns
    participant_id, enrolment_id = belongs_to(row)
    for section in sorted({section_of_column(row, name) for name in columns if hasattr(row, name)}) or [""]:
        own = [name for name in columns if hasattr(row, name) and section_of_column(row, name) == section]
        if not section:
            continue
        note_change(
            by=by, row=row, section=section, verb=verb or ("created" if is_new else "changed"),
            participant_id=participant_id, enrolment_id=enrolment_id, fields=own,
        )  # fmt: skip
        keep_revision(by=by, row=row, section=section, participant_id=participant_id, content=_plain(row, section))
    if isinstance(row, TrainingContract):
        copy_contract(row.enrolment)
    return row


def _filled(form: VersionedForm) -> list[str]:
    """The columns of a new row that hold something: what the form proposed counts as written too."""
    skipped = {"version", "submission", "owner"}
    return [name for name, value in form.cleaned_data.items() if name not in skipped and value not in (None, "", [])]


def keep_new_row(row: Any, *, by: User) -> None:
    """Keeps what a row made without a form holds, in each of its sections."""
    participant_id, _enrolment_id = belongs_to(row)
    keep_revision(by=by, row=row, section=str(row.SECTION), participant_id=participant_id, content=_plain(row, row.SECTION))


def _plain(row: models.Model, section: str) -> dict[str, Any]:
    """The row's columns of one section as JSON holds them; sealed columns are left out."""
    from fagbrev.sealed import SealedField

    content: dict[str, Any] = {}
    for column in row._meta.concrete_fields:
        if isinstance(column, SealedField) or column.name in {"id", "public_id", "version", "created_at", "created_by"}:
            continue
        try:
            if section_of_column(row, column.name) != section:
                continue
        except KeyError:
            continue
        value = column.value_from_object(row)
        content[column.attname] = value if isinstance(value, (str, int, bool, type(None), list, dict)) else str(value)
    return content


def copy_contract(enrolment: Enrolment) -> None:
    """Copies the newest contract version's period to the enrolment, where lists sort on it."""
    newest = TrainingContract.objects.filter(enrolment=enrolment).order_by("-order").first()
    Enrolment.objects.filter(pk=enrolment.pk).update(
        contract_starts_on=newest.starts_on if newest else None, contract_ends_on=newest.ends_on if newest else None
    )
    enrolment.contract_starts_on = newest.starts_on if newest else None
    enrolment.contract_ends_on = newest.ends_on if newest else None
