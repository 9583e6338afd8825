"""Which trades' monthly topics a user writes, and whose a user reads."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from fagbrev.people.models import User
from fagbrev.people.roles import COORDINATOR, DELTAKER, FADDER, FAGLAERER, LEDER, NORSKLAERER, roles_of
from participants.access import enrolments_for
from participants.models import Enrolment
from participants.workflow import OPEN
from programmes.models import TeachingAssignment, Trade
from programmes.queries import all_trades

TEACHERS = (FAGLAERER, NORSKLAERER)
WRITERS = frozenset({COORDINATOR, *TEACHERS})
LEARNERS = frozenset({FADDER, DELTAKER})  # those who are told, and say that they have read
READERS = WRITERS | LEARNERS | {LEDER}
# The section that opens a trade's topics: whoever may know that a participant is in practice may know what the class learns.
SECTION = "placement"


def taught_trades(user: User, role: str, today: date) -> QuerySet[TeachingAssignment, int]:
    """Gives the ids of the trades in the user's assignments in a role on the day, also of one cohort alone."""
    rows = TeachingAssignment.objects.active(today).filter(user=user, role=role)
    return rows.values_list("trade_id", flat=True)


def trades_written(user: User, today: date) -> QuerySet[Trade]:
    """Gives the trades whose topics the user writes: the assigned ones of a teacher, all of them for a koordinator."""
    held = roles_of(user, today)
    if COORDINATOR in held:
        return all_trades()
    found = Q(pk__in=[])
    for role in TEACHERS:
        if role in held:
            found |= Q(pk__in=taught_trades(user, role, today))
    return all_trades().filter(found)


def trades_read(user: User, today: date) -> QuerySet[Trade]:
    """Gives the trades whose published topics the user reads: those written, and those of the people in the user's scope."""
    held = roles_of(user, today)
    written = trades_written(user, today)
    if COORDINATOR in held or not held & {*LEARNERS, LEDER}:
        return written
    return all_trades().filter(Q(pk__in=written.values("pk")) | Q(pk__in=own_enrolments(user, today).values("trade")))


def own_enrolments(user: User, today: date) -> QuerySet[Enrolment]:
    """Gives the open enrolments in the user's scope whose trade's topics the user reads; none once a placement has ended."""
    return enrolments_for(user, SECTION, today=today, listed=False).filter(status__in=OPEN, trade__isnull=False)
