"""What follows for meetings when a break is entered (V7, V8 rows 11 and 17: not in holidays): those a series has only planned move past
it; those that are called stay, and the koordinator is told which they are."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils import timezone

from fagbrev.people.models import User
from meetings.access import listed_meetings
from meetings.actions.series import move_past_break
from meetings.days import within
from meetings.invitees import PROTECTED
from meetings.models.meetings import CALLED, PLANNED
from programmes.following import Followed
from programmes.models import CalendarBreak


def follow(*, row: CalendarBreak, by: User, today: date) -> Followed:
    """Moves what is only planned past the break; gives in words what was moved and what lies in it, and the list of these.

    Of meetings about somebody with a protected address no list says the time: they are told of as one may look at them.
    """
    moved, called_off = move_past_break(row=row, by=by, today=today)
    words = []
    if moved:
        words.append(f"{_counted(moved)} i møteserier er flyttet forbi {row.name}. Ingen var kalt inn.")
    if called_off:
        words.append(
            f"{_counted(called_off)} i møteserier faller bort, fordi det neste kommer like etter {row.name}. Ingen var kalt inn."
        )
    left = listed_meetings(by, today).filter(within(row), state__in=[PLANNED, CALLED], starts_at__gt=timezone.now())
    hidden = left.filter(enrolment__participant__address_protection__in=PROTECTED)
    count = left.exclude(pk__in=hidden.values("pk")).count()
    if count:
        they = "Det" if count == 1 else "De"
        words.append(f"{_counted(count)} ligger i {row.name}. {they} er ikke flyttet. Se om {they.lower()} skal flyttes.")
    if hidden.exists():
        words.append("Se også over møtene om deltakere med beskyttet adresse. Tiden deres står ikke i lista.")
    return Followed(tuple(words), f"{reverse('meeting_list')}?ferie={row.public_id}" if count else "")


def _counted(count: int) -> str:
    return "1 møte" if count == 1 else f"{count} møter"
