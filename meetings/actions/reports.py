"""Writing progress reports: begun, counted, written, published once and for all, and mended by a new edition."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.db import transaction
from django.utils import timezone

from fagbrev.audit.acting import acting
from fagbrev.audit.log import keep_revision, note_change
from fagbrev.files import random_file_name
from fagbrev.one_moment import one_moment
from fagbrev.people.models import User
from meetings.models import FrozenReport, ProgressReport, ReportNumbers
from meetings.models.reports import DRAFT, PUBLISHED, TEXTS, canonical, digest
from meetings.report_content import content_of, edition_of, find_words, keep_words, last_edition, rests_on, semesters_published
from meetings.report_files import pdf_of, sheet_of
from meetings.report_hiding import opened
from meetings.report_numbers import counted

SECTION = "reports"  # the log's word: nothing here is about a participant
FOLDER = "reports"  # where published files lie, as the model has it


class NotADraft(Exception):
    """The report is published: it is not changed any more."""


class NumbersChanged(Exception):
    """The numbers were counted anew after the page that asked was opened."""


class ReportChanged(Exception):
    """Something that the report is made of was changed while its files were made."""


# --- Counting -------------------------------------------------------------------------------------------


def count_numbers(*, report: ProgressReport, now: datetime) -> ReportNumbers:
    """Counts a report's numbers, saved or not, and solves for what is hidden in them; saves nothing.

    It takes seconds, so it is done before the act that saves what it gives, as of one moment and with nobody waiting for it. What
    is registered after that moment is not in: the numbers say when they were counted.
    """
    with one_moment():
        content = counted(report, published=semesters_published(report))
        numbers = ReportNumbers(content=content, counted_at=now)
        find_words(report, numbers, timezone.localdate(now))
    return numbers


@acting()
def begin_report(*, form: Any, numbers: ReportNumbers, by: User) -> ProgressReport:
    """Begins a draft with the numbers that were counted for it; on a semester that has a report, as a new edition of that."""
    report: ProgressReport = form.instance
    last = last_edition(report)
    if last is not None:  # one who corrects it takes the same lock, and finds this draft
        ProgressReport.objects.select_for_update().get(pk=last.pk)
    report.created_by, report.corrects, report.edition = by, last, edition_of(report)
    report.save()
    _keep_numbers(report, numbers)
    note_change(by=by, row=report, section=SECTION, verb="created", participant_id=None, fields=form.changed_columns)
    return report


def count_anew(*, report: ProgressReport, by: User, now: datetime, as_of: date | None = None) -> None:
    """Counts a draft's numbers again, as of another day when one is given. Raises NotADraft."""
    report.as_of = as_of or report.as_of
    numbers = count_numbers(report=report, now=now)
    with acting():
        if _draft(report).as_of != report.as_of:
            ProgressReport.objects.filter(pk=report.pk).update(as_of=report.as_of)
            note_change(by=by, row=report, section=SECTION, verb="changed", participant_id=None, fields=["as_of"])
        _keep_numbers(report, numbers)


def _keep_numbers(report: ProgressReport, numbers: ReportNumbers) -> None:
    kept = {name: getattr(numbers, name) for name in ("content", "counted_at", "worded", "revealed", "unreached", "held_against")}
    report.numbers, _is_new = ReportNumbers.objects.update_or_create(report=report, defaults=kept)


def _draft(report: ProgressReport) -> ProgressReport:
    """Locks the report's row, and gives it as it is. Raises NotADraft when it is published or thrown away."""
    row = ProgressReport.objects.select_for_update().filter(pk=report.pk, state=DRAFT).first()
    if row is None:
        raise NotADraft
    return row


# --- Writing --------------------------------------------------------------------------------------------


@acting()
def save_report(*, form: Any, by: User) -> ProgressReport:
    """Saves the texts of a draft. Raises Conflict when another saved first, NotADraft when it is published."""
    report: ProgressReport = form.instance
    form.claim_version()
    _draft(report)
    report.save(update_fields=[*TEXTS, "meeting"])
    note_change(by=by, row=report, section=SECTION, verb="changed", participant_id=None, fields=form.changed_columns)
    content = {name: getattr(report, name) for name in TEXTS}
    keep_revision(by=by, row=report, section=SECTION, participant_id=None, content=content)
    return report


@acting()
def discard_report(*, report: ProgressReport, by: User) -> None:
    """Throws a draft away. Raises NotADraft."""
    _draft(report)
    note_change(by=by, row=report, section=SECTION, verb="removed", participant_id=None)
    ReportNumbers.objects.filter(report=report).delete()
    report.delete()


# --- Publishing -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Made:
    """A draft as it will be published: its content, the names its PDF and sheet are stored under, and what it was made of."""

    closed: dict[str, Any]
    open_: dict[str, Any]
    pdf_name: str
    pdf_hash: str
    sheet_name: str
    sheet_hash: str
    rested_on: str
    at: datetime


@contextmanager
def made_report(*, report: ProgressReport, stamp: str, by: User, now: datetime) -> Iterator[Made]:
    """Makes what a draft is published as, with its files, from what stands: in no transaction, for the PDF takes seconds.

    `stamp` is that of the numbers that were shown before. Files that nothing published holds at the end are taken away. Raises
    NotADraft, NumbersChanged, PdfError.
    """
    if not ProgressReport.objects.filter(pk=report.pk, state=DRAFT).exists():
        raise NotADraft
    report.refresh_from_db()
    if stamp != report.numbers.stamp:
        raise NumbersChanged
    given = _given(by, now)
    rested_on = rests_on(report, **given)
    closed = content_of(report, **given)
    open_ = opened(closed)
    pdf, sheet = pdf_of(open_), sheet_of(open_)
    names: list[str] = []
    try:
        for content in (pdf, sheet):
            names.append(_stored(content))  # one by one: should the second not be stored, the first is known
        yield Made(closed, open_, names[0], digest(pdf), names[1], digest(sheet), rested_on, now)
    finally:
        held = FrozenReport.objects.filter(pdf__in=names).exists()
        for name in [] if held else names:
            _storage().delete(name)


def _given(by: User, now: datetime) -> dict[str, Any]:
    return {"published_on": timezone.localdate(now), "author": by.name, "municipality": settings.MUNICIPALITY}


def _stored(content: bytes) -> str:
    return _storage().save(f"{FOLDER}/{random_file_name()}", ContentFile(content))


def _storage() -> Storage:
    """Where the model's files lie."""
    return FrozenReport._meta.get_field("pdf").storage


@acting()
def publish_report(*, report: ProgressReport, made: Made, shows_closed: bool, by: User) -> FrozenReport:
    """Publishes a draft as it was made: numbers, definitions, labels and texts are kept as they are, with the PDF and the sheet.

    Raises NotADraft, and ReportChanged when what it was made of is no longer so: the numbers, a text, or what it is held against.
    """
    # All rows, in one order: of two that are published at once, the second sees the first.
    states = dict(ProgressReport.objects.select_for_update().order_by("pk").values_list("pk", "state"))
    if states.get(report.pk) != DRAFT:
        raise NotADraft
    report.refresh_from_db()
    if rests_on(report, **_given(by, made.at)) != made.rested_on:
        raise ReportChanged
    report.state, report.shows_closed, report.published_at, report.published_by = PUBLISHED, shows_closed, made.at, by
    report.save(update_fields=["state", "shows_closed", "published_at", "published_by"])
    ReportNumbers.objects.filter(report=report).delete()
    closed, open_ = canonical(made.closed), canonical(made.open_)
    frozen = FrozenReport.objects.create(
        report=report, closed_content=closed, open_content=open_, closed_hash=digest(closed), open_hash=digest(open_),
        pdf=made.pdf_name, pdf_hash=made.pdf_hash, sheet=made.sheet_name, sheet_hash=made.sheet_hash, frozen_at=made.at,
    )  # fmt: skip
    fields = ["state", *(["shows_closed"] if shows_closed else [])]
    note_change(by=by, row=report, section=SECTION, verb="published", participant_id=None, fields=fields)
    transaction.on_commit(partial(_hold_drafts_against_it, timezone.localdate(made.at)), robust=True)
    return frozen


def _hold_drafts_against_it(day: date) -> None:
    """Finds the words of the drafts anew, so that their pages need not: something more is published that they are held against."""
    for draft in ProgressReport.objects.filter(state=DRAFT, numbers__isnull=False).select_related("numbers"):
        keep_words(draft, day)


# --- A new edition --------------------------------------------------------------------------------------


def correct_report(*, report: ProgressReport, by: User, now: datetime) -> ProgressReport:
    """Begins a new edition of a published report, with its texts; the old one stands. Gives the one already begun, if any.

    Once the semester is over the new edition counts all of it: a report is written before its end, and what came later is in no other.
    """
    begun = _begun(report)
    if begun is not None:
        return begun
    made = ProgressReport(
        first_on=report.first_on, trade=report.trade, funder=report.funder, last_on=report.last_on,
        as_of=report.last_on if report.lacks_the_end(timezone.localdate(now)) else report.as_of,
        meeting=report.meeting, corrects=report, created_by=by, **{name: getattr(report, name) for name in TEXTS},
    )  # fmt: skip
    numbers = count_numbers(report=made, now=now)
    with acting():
        ProgressReport.objects.select_for_update().get(pk=report.pk)
        begun = _begun(report)
        if begun is not None:
            return begun
        made.edition = edition_of(made)
        made.save()
        _keep_numbers(made, numbers)
        note_change(by=by, row=made, section=SECTION, verb="created", participant_id=None, fields=["corrects"])
    return made


def _begun(report: ProgressReport) -> ProgressReport | None:
    same = {"first_on": report.first_on, "trade": report.trade, "funder": report.funder}
    return ProgressReport.objects.filter(corrects=report).first() or ProgressReport.objects.filter(state=DRAFT, **same).first()
