"""The user's duties as entries of the calendar: kinds and counts by day, and nobody's name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Count
from django.urls import reverse

from fagbrev.duties.reading import duties_ahead
from fagbrev.duties.registry import rules
from fagbrev.people.models import User
from fagbrev.people.roles import DELTAKER, roles_of
from fagbrev.roof.calendar_entry import Entry


def duties(user: User, *, first: date, last: date, today: date) -> Iterable[Entry]:
    """Gives the user's duties by day and kind, put off ones too; without people whose address is protected. One query."""
    apart = [key for key, rule in rules().items() if not rule.in_calendars]
    rows = duties_ahead(user, today).filter(due_on__range=(first, last), protection="").exclude(rule__in=apart)
    counted = rows.order_by().values_list("due_on", "rule").annotate(count=Count("pk")).order_by("due_on", "rule")
    own = roles_of(user, today) == {DELTAKER}
    for day, key, count in counted:
        rule = rules()[key]
        title = rule.own_words if own and rule.own_words else rule.title
        url = "/" if own else f"{reverse('duty_list')}?frist={key}"
        yield Entry(day, day, "duty", title if count == 1 else f"{title} ({count})", url=url, count=count)
