"""Series of meetings: made, changed, ended, and planned ahead (V8 rows 11 and 17: every fourth week, once a semester)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from django.db.models import F, QuerySet
from django.utils import timezone

from fagbrev.audit.acting import acting
from fagbrev.forms.base import VersionedForm
from fagbrev.people.models import User
from fagbrev.people.roles import COORDINATOR, DELTAKER, FADDER, FAGLAERER, NORSKLAERER, STYRINGSGRUPPE
from meetings.actions.invitations import invite
from meetings.actions.noting import note_meeting, note_series
from meetings.days import day_off_rule, days_of_series, free_day, is_left_out, moment_of, within
from meetings.invitees import still_to_ask
from meetings.models import Meeting, MeetingSeries, SeriesInvitee
from meetings.models.meetings import (
    CALLED,
    CANCELLED,
    MENTOR_GATHERING,
    NETWORK_GATHERING,
    PLANNED,
    PROJECT_GROUP,
    STEERING_GROUP,
)
from programmes.models import CalendarBreak

AHEAD = 6  # meetings of a series that stand planned
RHYTHM = frozenset({"interval_days", "first_on", "starts_at", "minutes_long"})
PLACE = frozenset({"place", "video_link"})
BELONG: dict[str, tuple[str, ...]] = {
    PROJECT_GROUP: (FAGLAERER, NORSKLAERER),
    STEERING_GROUP: (STYRINGSGRUPPE,),
    MENTOR_GATHERING: (FADDER,),
    NETWORK_GATHERING: (DELTAKER, FAGLAERER, NORSKLAERER),
}


@acting()
def create_series(*, form: VersionedForm, by: User, today: date) -> MeetingSeries:
    """Saves a new series with those who belong to it by role, and plans its first meetings."""
    series: MeetingSeries = form.instance
    series.created_by = by
    series.save()
    SeriesInvitee.objects.create(
        series=series, role=COORDINATOR, user=by, is_chair=series.kind != STEERING_GROUP, created_by=by
    )  # fmt: skip
    SeriesInvitee.objects.bulk_create(
        SeriesInvitee(series=series, role=role, created_by=by) for role in BELONG.get(series.kind, ())
    )
    note_series(by=by, series=series, verb="created", fields=form.changed_columns)
    plan_ahead(series=series, today=today, by=by)
    return series


@acting()
def change_series(*, form: VersionedForm, by: User, today: date) -> MeetingSeries:
    """Saves a changed series; its meetings after today that are planned and not called follow. Raises Conflict.

    Only another rhythm lays them anew. Another place or last day leaves each on its day, also one that was moved by hand.
    """
    series: MeetingSeries = form.instance
    changed = set(form.changed_columns)
    form.claim_version()
    series.save()
    note_series(by=by, series=series, verb="changed", fields=form.changed_columns)
    if changed & RHYTHM:
        _lay_anew(series, today, by)
    else:
        if changed & PLACE:
            _move_place(series, {name: form.initial[name] for name in PLACE}, by)
        if series.ends_on is not None and "ends_on" in changed:
            _call_off(_planned(series).filter(starts_at__gte=_midnight_after(max(series.ends_on, today))), by)
    plan_ahead(series=series, today=today, by=by)
    return series


@acting()
def end_series(*, series: MeetingSeries, version: int, by: User, today: date) -> bool:
    """Ends a series today, if it has not ended before; meetings that are called stand. False when another changed it first.

    One that has not begun begins and ends today, so that it never gives a meeting.
    """
    days = {"first_on": min(today, series.first_on), "ends_on": min(today, series.ends_on or today)}
    if not MeetingSeries.objects.filter(pk=series.pk, version=version).update(version=version + 1, **days):
        return False
    series.refresh_from_db()
    note_series(by=by, series=series, verb="ended", fields=["ends_on"])
    _call_off(_planned(series).filter(starts_at__gt=timezone.now()), by)
    return True


@acting()
def plan_ahead(*, series: MeetingSeries, today: date, by: User | None) -> int:
    """Plans the next six meetings of a series, each moved past days off; gives how many are new.

    One that was called off is not planned again, and one moved by hand stays. Two at once plan once: the second waits for the first.
    """
    held = MeetingSeries.objects.select_for_update(of=("self",)).get(pk=series.pk)
    known = set(Meeting.objects.filter(series=held).values_list("series_on", flat=True))
    days = days_of_series(held, after=_first_free(held, today), is_off=day_off_rule(held.kind))
    new = [(given, day) for given, day in islice(days, AHEAD) if given not in known]
    for given, day in new:
        meeting = Meeting.objects.create(
            series=held, series_on=given, kind=held.kind, trade=held.trade, place=held.place, video_link=held.video_link,
            created_by=by, **_times(held, day),
        )  # fmt: skip
        note_meeting(by=by, meeting=meeting, verb="planned")
    return len(new)


def plan_all_ahead(*, today: date) -> int:
    """Plans the next meetings of every series that has not ended; gives how many are new."""
    rows = MeetingSeries.objects.filter(ends_on__isnull=True) | MeetingSeries.objects.filter(ends_on__gte=today)
    return sum(plan_ahead(series=series, today=today, by=None) for series in rows.order_by("pk"))


def _times(series: MeetingSeries, day: date) -> dict[str, Any]:
    starts = moment_of(day, series.starts_at)
    return {"starts_at": starts, "ends_at": starts + timedelta(minutes=series.minutes_long)}


def _first_free(series: MeetingSeries, today: date) -> date:
    """The day after the last meeting that is called, or after today: what is called stands, and nothing is put before it."""
    called = (
        Meeting.objects.filter(series=series, state=CALLED).order_by("-starts_at").values_list("starts_at", flat=True).first()
    )
    return max(today, timezone.localdate(called) if called else today) + timedelta(days=1)


def _planned(series: MeetingSeries) -> QuerySet[Meeting]:
    """The series' meetings that are planned and not called, held for this transaction: one that is called meanwhile is not among them."""
    return Meeting.objects.select_for_update(of=("self",)).filter(series=series, state=PLANNED).order_by("starts_at", "pk")


def _midnight_after(day: date) -> datetime:
    return moment_of(day + timedelta(days=1), time.min)


def _move_place(series: MeetingSeries, before: dict[str, Any], by: User) -> None:
    """Gives the planned meetings ahead the series' new place and link, where they have the old ones."""
    for row in _planned(series).filter(starts_at__gt=timezone.now(), **before):
        row.place, row.video_link = series.place, series.video_link
        row.version += 1
        row.save(update_fields=[*PLACE, "version"])
        note_meeting(by=by, meeting=row, verb="changed", fields=sorted(PLACE))


def _call_off(rows: QuerySet[Meeting], by: User) -> None:
    """Calls planned meetings off, of which nobody was told. Their days are free, should the series go on after all."""
    for row in rows:
        row.state, row.cancelled_at, row.series_on = CANCELLED, timezone.now(), None
        row.version += 1
        row.save(update_fields=["state", "cancelled_at", "series_on", "version"])
        note_meeting(by=by, meeting=row, verb="cancelled", fields=["state"])


def _lay_anew(series: MeetingSeries, today: date, by: User) -> None:
    """Moves the planned meetings after today to the days the series gives now; those it has no day for are called off."""
    ahead = list(_planned(series).filter(starts_at__gte=_midnight_after(today)))
    rest = Meeting.objects.filter(series=series).exclude(pk__in=[row.pk for row in ahead])
    taken = set(rest.values_list("series_on", flat=True))
    days = days_of_series(series, after=_first_free(series, today), is_off=day_off_rule(series.kind))
    free = list(islice((pair for pair in days if pair[0] not in taken), len(ahead)))
    Meeting.objects.filter(pk__in=[row.pk for row in ahead]).update(series_on=None, version=F("version") + 1)
    for row, (given, day) in zip(ahead, free, strict=False):
        columns = {"series_on": given, "place": series.place, "video_link": series.video_link, **_times(series, day)}
        Meeting.objects.filter(pk=row.pk).update(**columns)
        note_meeting(by=by, meeting=row, verb="moved", fields=sorted(columns))
    _call_off(_planned(series).filter(pk__in=[row.pk for row in ahead[len(free) :]]), by)


@acting()
def move_past_break(*, row: CalendarBreak, by: User, today: date) -> tuple[int, int]:
    """Moves the series' planned meetings that a break takes to the first free day after it; gives how many moved and how many fell away.

    As when they are planned, one that would come on the next one's day or past it falls away. What is called stays where it is.
    """
    taken = Meeting.objects.filter(within(row), series__isnull=False, state=PLANNED, starts_at__gte=_midnight_after(today))
    moved = gone = 0
    for series in MeetingSeries.objects.select_for_update(of=("self",)).filter(pk__in=taken.values("series")).order_by("pk"):
        is_off, late = day_off_rule(series.kind), []
        for meeting in _planned(series).filter(pk__in=taken):
            day = free_day(timezone.localdate(meeting.starts_at), is_off)
            if is_left_out(series, meeting.series_on or day, day, is_off) or (series.ends_on and day > series.ends_on):
                late.append(meeting.pk)
                continue
            length, at = meeting.ends_at - meeting.starts_at, timezone.localtime(meeting.starts_at).time()
            meeting.starts_at = moment_of(day, at)
            meeting.ends_at = meeting.starts_at + length
            meeting.version += 1
            meeting.save(update_fields=["starts_at", "ends_at", "version"])
            note_meeting(by=by, meeting=meeting, verb="moved", fields=["ends_at", "starts_at"])
            moved += 1
        _call_off(_planned(series).filter(pk__in=late), by)
        gone += len(late)
        plan_ahead(series=series, today=today, by=by)
    return moved, gone


# --- Who belongs to it ----------------------------------------------------------------------------------


@acting()
def add_fixed(*, form: VersionedForm, by: User) -> SeriesInvitee:
    """Adds one who is always invited: everyone of a role, or a named user with a substitute."""
    row: SeriesInvitee = form.instance
    row.created_by = by
    if row.is_chair:
        SeriesInvitee.objects.filter(series=row.series, is_chair=True).update(is_chair=False, version=F("version") + 1)
    row.save()
    note_series(by=by, series=row.series, row=row, verb="invitee_added", fields=["role", "user", "substitute", "is_chair"])
    return row


@acting()
def remove_fixed(*, row: SeriesInvitee, by: User) -> None:
    """Takes one off the list of a series; meetings that are called stay as they are."""
    note_series(by=by, series=row.series, row=row, verb="invitee_removed", fields=["role", "user"])
    row.delete()


def resolve_invitees(*, meeting: Meeting, by: User, today: date) -> None:
    """Puts those who belong to a meeting of a series on its list; those taken off it before stay off."""
    led = meeting.invitees.filter(removed_at__isnull=True, is_chair=True).exists()
    for one in still_to_ask(meeting, by=by, today=today):
        invite(meeting=meeting, proposed=replace(one, is_chair=one.is_chair and not led), by=by)
