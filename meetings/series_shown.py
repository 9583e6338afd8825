"""Series as their pages say them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Min, Q
from django.shortcuts import get_object_or_404
from django.utils import timezone

from fagbrev.dates import date_words
from fagbrev.people.roles import ROLE_NAMES
from meetings.invitees import everyone_words, roles_held
from meetings.meetings_shown import WEEKDAYS, when_words
from meetings.models import Meeting, MeetingSeries, SeriesInvitee
from meetings.models.meetings import CALLED, PLANNED


@dataclass(frozen=True)
class SeriesRow:
    """One series in the list."""

    name: str
    public_id: str
    kind: str
    trade: Any
    every: str
    next: str
    is_over: bool


def series_of(public_id: str) -> MeetingSeries:
    """Finds a series. Raises Http404."""
    return get_object_or_404(MeetingSeries.objects.select_related("trade"), public_id=public_id)


def fixed_of(series_id: str, row_id: str) -> SeriesInvitee:
    """Finds one who is always invited. Raises Http404."""
    return get_object_or_404(SeriesInvitee.objects.select_related("series"), series__public_id=series_id, public_id=row_id)


def series_title(series: MeetingSeries) -> str:
    """Gives the name of a series."""
    return series.name


def every_words(series: MeetingSeries) -> str:
    """Gives the rhythm in words: "hver 4. uke, tirsdag klokka 9.00"."""
    at = f"{WEEKDAYS[series.first_on.weekday()]} klokka {series.starts_at.hour}.{series.starts_at.minute:02d}"
    if series.interval_days % 7:
        return f"hver {series.interval_days}. dag klokka {series.starts_at.hour}.{series.starts_at.minute:02d}"
    weeks = series.interval_days // 7
    return f"hver uke, {at}" if weeks == 1 else f"hver {weeks}. uke, {at}"


def series_rows(today: date) -> list[SeriesRow]:
    """Gives every series with its next meeting, those that go on first; one query."""
    ahead = Q(meetings__state__in=[PLANNED, CALLED], meetings__starts_at__gte=timezone.now())
    rows = MeetingSeries.objects.select_related("trade").annotate(next_at=Min("meetings__starts_at", filter=ahead))
    found = [
        SeriesRow(
            row.name, row.public_id, str(row.get_kind_display()).capitalize(), row.trade, every_words(row),
            date_words(timezone.localdate(row.next_at)) if row.next_at else "", row.ends_on is not None and row.ends_on <= today,
        )
        for row in rows.order_by("name", "pk")
    ]  # fmt: skip
    return sorted(found, key=lambda row: row.is_over)


def planned_shown(series: MeetingSeries) -> list[dict[str, str]]:
    """Gives the meetings of a series that are ahead, with the day each was moved from, if any: the series had put it on a day off, or
    somebody moved it; one query."""
    rows = Meeting.objects.filter(series=series, state__in=[PLANNED, CALLED], starts_at__gte=timezone.now())
    found = []
    for row in rows.order_by("starts_at", "pk"):
        day = timezone.localdate(row.starts_at)
        moved = f"flyttet fra {date_words(row.series_on)}" if row.series_on and row.series_on != day else ""
        state = "innkalt" if row.state == CALLED else ""
        when = when_words(row.starts_at, row.ends_at).capitalize()
        found.append({"url": row.get_absolute_url(), "when": when, "note": ", ".join(filter(None, (moved, state)))})
    return found


def fixed_shown(series: MeetingSeries, today: date) -> list[dict[str, str]]:
    """Gives those always invited, in words; one whose role has ended says so."""
    rows = list(SeriesInvitee.objects.filter(series=series).select_related("user", "substitute").order_by("-is_chair", "pk"))
    held = roles_held([row.user_id for row in rows if row.user_id], today)
    found = []
    for row in rows:
        role = str(ROLE_NAMES[row.role])
        notes = [role] if row.user else []
        if row.is_chair:
            notes.append("leder møtet")
        if row.substitute:
            notes.append(f"vara: {row.substitute.name}")
        if row.user and (row.user_id, row.role) not in held:
            notes.append("har ikke rollen nå, og blir ikke kalt inn")
        name = row.user.name if row.user else everyone_words(row.role, series.trade)
        found.append({"id": row.public_id, "name": name, "note": ", ".join(notes)})
    return found
