"""Scope of the frame: which workplaces a user may see, and who may see people's names there."""

from datetime import date

from django.db.models import QuerySet

from fagbrev.access.restrictions import blocked_participants
from fagbrev.people.models import User
from fagbrev.people.roles import COORDINATOR, FAGLAERER, LEDER, NORSKLAERER, roles_of
from programmes.models import Workplace, WorkplacePerson

STAFF = frozenset({COORDINATOR, FAGLAERER, NORSKLAERER})
WORKPLACE_READERS = STAFF | {LEDER}


def workplaces_for(user: User, today: date) -> QuerySet[Workplace]:
    """Gives the workplaces a user may open: all for coordinator and teachers, those led on the day for leder."""
    if roles_of(user, today) & STAFF:
        return Workplace.objects.all()
    if LEDER in roles_of(user, today):
        led = WorkplacePerson.objects.leaders(today).filter(user=user)
        return Workplace.objects.filter(pk__in=led.values("workplace"))
    return Workplace.objects.none()


def users_visible_to(user: User, today: date) -> QuerySet[User]:
    """Gives the users whose account page one may open: participants' accounts only for those who may see the participant."""
    rows = User.objects.all()
    if COORDINATOR not in roles_of(user, today):
        return rows.filter(participant__isnull=True)
    blocked = blocked_participants(user, today)
    return rows.exclude(participant__in=blocked) if blocked else rows


def may_edit(user: User, today: date) -> bool:
    """Tells whether a user may change the frame: only a coordinator."""
    return COORDINATOR in roles_of(user, today)
