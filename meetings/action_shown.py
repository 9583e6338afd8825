"""Action items from minutes as pages draw them: what, who, by when, and how late in words."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone

from fagbrev.dates import date_words
from fagbrev.people.models import User
from fagbrev.people.roles import DELTAKER
from followup.action_rows import late_words
from meetings.minutes_queries import may_tick, writes_action
from meetings.minutes_versions import owner_words
from meetings.models import MeetingAction


@dataclass(frozen=True)
class ShownAction:
    """One action item as a page draws it."""

    id: str
    words: str
    who: str
    is_mine: bool
    about: str  # the participant it is about, "" for none
    about_url: str
    due: str
    late: str
    origin: str
    done: str
    done_url: str
    edit_url: str
    origin_url: str = ""  # to the minutes it stands in, where the page says so
    stands_in_for: str = ""  # the name of the one away, in the list of who has taken over
    owner: str = ""  # the name, for what others than the reader will read


def actions_shown(
    rows: Collection[Any],
    user: User,
    today: date,
    *,
    may_write: bool = False,
    done_name: str = "",
    at: str = "",
    with_origin: bool = False,
) -> list[ShownAction]:
    """Gives action items as a page draws them; no query. `done_name` is the address that ticks, `at` its meeting's public id.

    `rows` come from minutes_queries, with the user's rights. The state of one that follows a person is that action's own.
    """
    return [_shown(row, user, today, may_write, done_name, at, with_origin) for row in rows]


def _shown(
    row: Any, user: User, today: date, may_write: bool, done_name: str, at: str, with_origin: bool
) -> ShownAction:  # fmt: skip
    now = row.follows or row
    person = row.item.enrolment.participant if row.item.enrolment else None
    # On the record it may have been given to another role: then it is nobody's by name.
    is_given_on = row.follows is not None and row.follows.owner_id != row.owner_id
    is_known = row.knows_owner or row.owner_id == user.pk
    name = row.follows.get_owner_role_display() if is_given_on else owner_words(row, is_known=is_known)
    is_mine = row.owner_id == user.pk and not is_given_on
    arguments = [at, row.public_id] if at else [row.public_id]
    done = ""
    if now.done_on:
        is_told = now.done_by and (is_known or row.owner_role != DELTAKER or now.done_by_id != row.owner_id)
        done = f"Gjort {date_words(now.done_on)}" + (f" av {now.done_by.name}" if is_told else "")
    about_url = ""
    if person and row.item.enrolment:
        about_url = f"{reverse('participant_moter', args=[person.public_id])}?lop={row.item.enrolment.public_id}"
    return ShownAction(
        id=row.public_id,
        words=now.words,
        who="deg" if is_mine else name,
        owner=name,
        is_mine=is_mine,
        about=person.full_name if person else "",
        about_url=about_url,
        due=date_words(now.due_on) if now.due_on else "",
        late="" if now.done_on else late_words(now.due_on, today),
        origin=f"fra møtet {date_words(meeting_day(row))}" if with_origin else "",
        done=done,
        done_url=reverse(done_name, args=arguments)
        if done_name and (is_mine or row.is_taken_over or may_write) and may_tick(user, row, may_write=may_write)
        else "",
        edit_url=reverse("minutes_action_edit", args=[at, row.public_id])
        if at and may_write and writes_action(row) and not now.done_on
        else "",
    )


def meeting_day(row: MeetingAction) -> date:
    """Gives the day of the meeting an action item comes from."""
    meeting = row.item.meeting
    return meeting.held_on or timezone.localtime(meeting.starts_at).date()
