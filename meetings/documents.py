"""The agenda and the minutes as accessible PDFs in the municipality's name, cut to the one who downloads them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from fagbrev.dates import date_words
from fagbrev.pdf import render_pdf
from meetings import minutes_shown
from meetings.access import Seen
from meetings.agenda_shown import STATE_WORDS, agenda_paper, meeting_day_words, meeting_name
from meetings.item_looks import note_items
from meetings.meetings_shown import clock, is_protected, state_said
from meetings.minutes_queries import actions_on, shown_items
from meetings.models import Meeting, Minutes

TEMPLATE, AGENDA = "meetings/pdf/minutes.html", "meetings/pdf/agenda.html"


def file_name(meeting: Meeting, what: str) -> str:
    """Gives the file's name: what it is, the kind, the trade and the day, never a person's name; no day about one whose address is
    protected."""
    day = meeting.held_on or timezone.localtime(meeting.starts_at).date()
    kind = meeting.get_kind_display().replace("ø", "o")
    trade = f"-{meeting.trade.code.lower()}" if meeting.trade else ""
    when = "" if is_protected(meeting) else f"-{day:%Y-%m-%d}"
    return f"{what}-{kind}{trade}{when}.pdf"


def minutes_document(seen: Seen, row: Minutes, *, is_read: bool = True) -> bytes:
    """Gives the PDF; logs that what is said of participants was taken out, when it is read. Raises PdfError."""
    context = minutes_context(seen, row, note=is_read)
    return render_pdf(TEMPLATE, context, title=context["title"])


def minutes_context(seen: Seen, row: Minutes, *, note: bool) -> dict[str, Any]:
    """Gives what the PDF prints."""
    items = shown_items(seen)
    if note:
        note_items(seen.user, seen.today, items, act="pdf")
    rows = minutes_shown.minutes_rows(seen, items, row, None, actions_on(items, seen.user, seen.today))
    return {
        **_about(seen, "Referat"),
        "state": STATE_WORDS[row.state],
        "rows": rows,
        "actions": [(one, action) for one in rows for action in one.actions],
        **minutes_shown.attendance(seen),
    }


def _about(seen: Seen, what: str) -> dict[str, Any]:
    """What is said of the meeting on top of a paper: no time nor place of one about somebody whose address is protected."""
    meeting = seen.meeting
    starts, ends = timezone.localtime(meeting.starts_at), timezone.localtime(meeting.ends_at)
    return {
        "title": f"{what}: {meeting_name(meeting)}, {meeting_day_words(meeting)}",
        "name": meeting_name(meeting),
        "day": meeting_day_words(meeting),
        "hours": "" if is_protected(meeting) else f"{clock(starts)}–{clock(ends)}",
        "place": "" if is_protected(meeting) else meeting.place,
        "printed": date_words(seen.today),
    }


def agenda_document(seen: Seen, now: datetime, *, is_read: bool) -> bytes:
    """Gives the PDF of the agenda; logs that what it tells of participants was taken out, when it is read. Raises PdfError."""
    context = agenda_paper(seen, now, note=is_read) | _about(seen, "Saksliste")
    context |= {"invited": minutes_shown.invited_names(seen), "state": state_said(seen.meeting, now)[0]}
    return render_pdf(AGENDA, context, title=context["title"])
