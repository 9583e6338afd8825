"""Who gets what from the addresses of minutes and of action items, and what minutes say of a participant.

The minutes the addresses point at are a draft of the project group's next meeting, and, where they must be shared, of one before it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from meetings.actions.minutes import share_minutes, start_minutes
from meetings.models import AgendaItem, Invitee, ItemOtherText, Meeting, MeetingAction, Minutes
from tests.access.filled import Marks
from tests.access.meetings.meetings import EVERYONE, meeting_of, of_meeting
from tests.access.rows import Row, look, page
from tests.cast import Cast

WRITERS = (("coordinator", "koordinator"), ("faglaerer", "faglaerer"), ("norsklaerer", "norsklaerer"))
OWN_FADDER = {"second": "annen_fadder", "nadia": "annen_fadder"}
OWN_LEDER = {"second": "annen_leder", "nadia": "annen_leder"}

RECORD_ROWS: list[Row] = [look("participant_moter", "KFNAL")]
PAGE_ROWS: list[Row] = [
    of_meeting("minutes_page", "KFN"),
    of_meeting("minutes_pdf", "KFN"),
    of_meeting("minutes_version", "KFN"),
    of_meeting("minutes_start", "KFN", "KFN", no_get=True),
    of_meeting("minutes_item", "KFN", "KFN"),
    of_meeting("minutes_others", "KFN"),
    of_meeting("minutes_settle", "KFN", "KFN", no_get=True),
    of_meeting("minutes_item_new", "KFN", "KFN"),
    of_meeting("minutes_share", "KFN", "KFN", no_get=True),
    of_meeting("minutes_approve", "KFN", "KFN"),
    of_meeting("minutes_correct", "KFN", "KFN"),
    of_meeting("minutes_action_new", "KFN", "KFN"),
    of_meeting("minutes_action_edit", "KFN", "KFN"),
    of_meeting("minutes_action_done", "KFN", "KFN", no_get=True),
    of_meeting("minutes_action_withdraw", "KFN", "KFN", no_get=True),
    page("own_action_list", EVERYONE),
    Row(
        "own_action_done", EVERYONE, EVERYONE, of_record=False, no_get=True,
        differs={f"POST {letter}": 404 for letter in EVERYONE if letter != "N"},  # the norsklærer's own
    ),
]  # fmt: skip


def _draft(cast: Cast) -> dict[str, Any]:
    meeting = meeting_of(cast)
    start_minutes(meeting=meeting, by=cast.users["koordinator"])
    return _things(cast, meeting)


def _shared(cast: Cast) -> dict[str, Any]:
    """Minutes that are shared, of a meeting before the next one."""
    trade, now = cast.trades["BUA"], timezone.now()
    meeting, is_new = Meeting.objects.get_or_create(
        kind="project_group", trade=trade, title="Forrige møte",
        defaults={"state": "held", "held_on": cast.today, "called_at": now, "starts_at": now - timedelta(hours=2),
                  "ends_at": now - timedelta(hours=1)},
    )  # fmt: skip
    if is_new:
        for role, who in WRITERS:
            Invitee.objects.create(meeting=meeting, user=cast.users[who], role=role, attended=True)
        start_minutes(meeting=meeting, by=cast.users["koordinator"])
        AgendaItem.objects.get_or_create(meeting=meeting, kind="own", title="Punkt")
        share_minutes(meeting=meeting, by=cast.users["koordinator"], at=now)
    return _things(cast, meeting) | {"number": 1}


def _things(cast: Cast, meeting: Meeting) -> dict[str, Any]:
    item, _is_new = AgendaItem.objects.get_or_create(meeting=meeting, kind="own", title="Punkt")
    text, _is_new = ItemOtherText.objects.get_or_create(
        item=item, by=cast.users["koordinator"], defaults={"at": timezone.now(), "discussion": "Ved siden av"}
    )
    action, _is_new = MeetingAction.objects.get_or_create(
        item=item, words="Bestille rom", owner=cast.users["norsklaerer"], owner_role="norsklaerer"
    )
    return {"meeting_id": meeting.public_id, "item_id": item.public_id, "text_id": text.public_id, "action_id": action.public_id}


# The arguments of addresses that are not of a record, by the address' name; a function of the cast.
THINGS: dict[str, Any] = {
    **dict.fromkeys(
        ("minutes_page", "minutes_start", "minutes_item", "minutes_others", "minutes_settle", "minutes_item_new", "minutes_share",
         "minutes_action_new", "minutes_action_edit", "minutes_action_done", "minutes_action_withdraw"), _draft,
    ),
    **dict.fromkeys(
        ("minutes_pdf", "minutes_version", "minutes_correct", "minutes_approve", "own_action_list", "own_action_done"), _shared
    ),
}  # fmt: skip


def fill(cast: Cast, marks: Marks, key: str, placement_key: str) -> None:
    """What shared minutes say of the participant: in a group of teachers, and in a meeting to which fadder and leder were invited."""
    if placement_key:
        return
    fadder, leder = OWN_FADDER.get(key, "fadder"), OWN_LEDER.get(key, "leder")
    _said(cast, marks, key, "project_group", [who for _role, who in WRITERS], only="KFN")
    _said(cast, marks, key, "cooperation", ["koordinator", "faglaerer", "norsklaerer", fadder, leder], only="")


def _said(cast: Cast, marks: Marks, key: str, kind: str, who: list[str], *, only: str) -> None:
    enrolment, starts = cast.enrolments[key], timezone.now() - timedelta(days=6)
    is_group = kind == "project_group"
    meeting = Meeting.objects.create(
        kind=kind, trade=enrolment.trade if is_group else None, enrolment=None if is_group else enrolment, state="held",
        held_on=starts.date(), called_at=starts, starts_at=starts, ends_at=starts + timedelta(hours=1), title="Møte som er holdt",
    )  # fmt: skip
    teachers = {"faglaerer": "annen_faglaerer", "norsklaerer": "annen_norsklaerer"} if key in OWN_FADDER else {}
    for one in who:
        user = cast.users[teachers.get(one, one)]
        role = {"koordinator": "coordinator"}.get(one, one.removeprefix("annen_"))
        Invitee.objects.create(meeting=meeting, user=user, role=role, attended=True)
    Minutes.objects.create(meeting=meeting, state="shared", shared_at=timezone.now(), shared_by=cast.users["koordinator"])
    item = AgendaItem(meeting=meeting, kind="participant" if is_group else "own", enrolment=enrolment)
    marks.write(item, enrolment=key, only=only)
    marks.write(MeetingAction(item=item), enrolment=key, only=only)
