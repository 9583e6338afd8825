"""An uploaded spreadsheet on its way in: kept for its uploader alone, for 24 hours, and carried out once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from fagbrev.audit.acting import acting
from fagbrev.people.models import User
from fagbrev.rows import new_public_id
from fagbrev.sheets import Formula, Sheet, read_sheet, write_xlsx
from participants.importing.columns import find_heading, list_rows
from participants.importing.lookups import terms_on
from participants.importing.perform import import_rows, judged
from participants.importing.plan import ERROR, RowPlan, counts, read_rows
from participants.importing.values import text_of
from participants.models import ImportBatch

LIFETIME = timedelta(hours=24)
WHY = "Hvorfor"
_IDENTITY = re.compile(r"\b([0-9]{6})[ .-]?[0-9]{5}\b")


def open_batch(*, upload: UploadedFile, by: User) -> ImportBatch:
    """Keeps an uploaded file with its columns guessed. Raises SheetError when it is no list of people."""
    name = PureWindowsPath(PurePosixPath(upload.name or "").name).name
    sheet = read_sheet(upload, name)  # type: ignore[arg-type]
    heading = find_heading(sheet)
    upload.seek(0)
    batch = ImportBatch(
        user=by, file_name=text_of(name)[:200],
        columns={"heading_row": heading.row_number, "texts": heading.texts, "chosen": heading.guess},
    )  # fmt: skip
    ending = ".csv" if name.lower().endswith((".csv", ".txt", ".tsv")) else ".xlsx"
    batch.file.save(f"{new_public_id()}{ending}", ContentFile(upload.read()), save=True)
    return batch


def batch_of(user: User, public_id: str, *, now: datetime) -> ImportBatch | None:
    """Gives the user's own batch while it lives, or None."""
    return ImportBatch.objects.filter(user=user, public_id=public_id, uploaded_at__gt=now - LIFETIME).first()


def batches_of(user: User, *, now: datetime) -> list[ImportBatch]:
    """Gives the user's batches that live, newest first."""
    return list(ImportBatch.objects.filter(user=user, uploaded_at__gt=now - LIFETIME).order_by("-uploaded_at")[:10])


def sheet_of(batch: ImportBatch) -> Sheet:
    """Gives the batch's spreadsheet. Raises SheetError."""
    with batch.file.open("rb") as file:
        return read_sheet(file, batch.file.name or "")  # type: ignore[arg-type]


def choose_columns(batch: ImportBatch, chosen: Sequence[str]) -> None:
    """Keeps what each column holds, unless the batch is done."""
    columns = {**batch.columns, "chosen": list(chosen)}
    ImportBatch.objects.filter(pk=batch.pk, done_at__isnull=True).update(columns=columns)


def samples(sheet: Sheet, heading_row: int, column: int, most: int = 2) -> list[str]:
    """Gives the first texts of a column, to recognise it by; of an identity number only the first six digits."""
    found: list[str] = []
    for row in list_rows(sheet, heading_row):
        cell = row.cells[column] if column < len(row.cells) else None
        text = "" if isinstance(cell, Formula) else _IDENTITY.sub(r"\1 •••••", text_of(cell))[:40]
        if text and text not in found:
            found.append(text)
        if len(found) == most:
            break
    return found


def rows_of(batch: ImportBatch, *, today: date) -> list[RowPlan]:
    """Gives the rows as the sheet alone tells them. Raises SheetError."""
    columns = batch.columns
    return read_rows(sheet_of(batch), heading_row=columns["heading_row"], chosen=columns["chosen"], terms=terms_on(today))


def judged_rows(batch: ImportBatch, *, by: User, today: date) -> list[RowPlan]:
    """Gives the rows as an import now would judge them. Raises SheetError."""
    return judged(rows_of(batch, today=today), by=by, today=today)


@acting()
def carry_out(*, batch: ImportBatch, by: User, today: date, now: datetime) -> bool:
    """Imports the batch's good rows and keeps the bad ones as a spreadsheet; gives False when that is done already.

    The uploaded file is deleted afterwards. Raises SheetError or ImportCollided, and has then changed nothing.
    """
    held = ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if held.done_at:
        return False
    final = import_rows(rows=rows_of(held, today=today), by=by, today=today)
    bad = [row for row in final if row.verdict == ERROR]
    if bad:
        held.error_file.save(f"{new_public_id()}.xlsx", ContentFile(error_sheet(held.columns["texts"], bad)), save=False)
    held.done_at, held.summary = now, counts(final)
    held.save()
    # The row keeps the name, so that sweep deletes the file should this moment be lost.
    transaction.on_commit(lambda: held.file.storage.delete(held.file.name or ""))
    return True


def error_sheet(headings: Sequence[str], rows: Sequence[RowPlan]) -> bytes:
    """Gives the rows as they came, as an .xlsx file, with a column that says why each was not imported."""
    width = max([len(headings), *(len(row.cells) for row in rows)])
    titles = [*(list(headings) + [""] * width)[:width], WHY]
    filled = ([*_padded(row.cells, width), row.reason] for row in rows)
    return write_xlsx(titles, filled, sheet_name=_("Ikke importert"))


def _padded(cells: Sequence[Any], width: int) -> list[Any]:
    return [*cells, *[None] * (width - len(cells))]


def discard(batch: ImportBatch) -> None:
    """Deletes a batch and its files."""
    _delete([batch])


def sweep(*, now: datetime) -> int:
    """Deletes batches older than 24 hours with their files; gives how many."""
    return _delete(list(ImportBatch.objects.filter(uploaded_at__lte=now - LIFETIME)))


def _delete(batches: Sequence[ImportBatch]) -> int:
    for batch in batches:
        for file in (batch.file, batch.error_file):
            if file:
                file.storage.delete(file.name or "")
        batch.delete()
    return len(batches)
