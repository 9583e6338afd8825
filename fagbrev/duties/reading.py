"""Reading duties: whose they are, how they are grouped, and what a row says. Nothing out of scope leaves here."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Min, Q, QuerySet, Value

from fagbrev.access.restrictions import blocked_participants
from fagbrev.compiled import kept
from fagbrev.dates import date_words, days_words
from fagbrev.duties.models import Duty, Notice
from fagbrev.duties.registry import followed_by, owned_by, rules, sources
from fagbrev.people.models import User
from fagbrev.people.roles import roles_of

SOON = timedelta(days=30)
GROUPS = ("overdue", "week", "month", "later")
WEEKDAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")


def duties_for(user: User, today: date) -> QuerySet[Duty]:
    """Gives the duties that are the user's on the day: begun, and not put off."""
    return _standing(today).filter(owned_by(user, today))


def followed_duties(user: User, today: date) -> QuerySet[Duty]:
    """Gives what others are to do in the user's scope (for the koordinator)."""
    return _standing(today).filter(followed_by(user, today))


def snoozed_duties(user: User, today: date) -> QuerySet[Duty]:
    """Gives the user's duties that are put off to a later day."""
    return Duty.objects.filter(owned_by(user, today), begins_on__lte=today, snoozed_until__gt=today)


def any_duty_of(user: User, today: date) -> QuerySet[Duty]:
    """Gives every duty the user may act on or follow, put off or not."""
    return Duty.objects.filter(owned_by(user, today) | followed_by(user, today), begins_on__lte=today)


def duties_ahead(user: User, today: date) -> QuerySet[Duty]:
    """Gives the user's duties, those that have not begun yet too, for calendars."""
    return Duty.objects.filter(owned_by(user, today))


def _standing(today: date) -> QuerySet[Duty]:
    return Duty.objects.filter(Q(snoozed_until__isnull=True) | Q(snoozed_until__lte=today), begins_on__lte=today)


def week_end(today: date) -> date:
    """Gives the Sunday of the week; on a Saturday or Sunday, that of the next."""
    return today + timedelta(days=6 - today.weekday() + (7 if today.weekday() >= 5 else 0))


def in_group(group: str, today: date) -> Q:
    """Gives the condition of one group: overdue, week (to Sunday), month (the next 30 days, after this week), later."""
    sunday, horizon = week_end(today), today + SOON
    return {
        "overdue": Q(due_on__lt=today),
        "week": Q(due_on__gte=today, due_on__lte=sunday),
        "month": Q(due_on__gt=sunday, due_on__lte=horizon),
        "later": Q(due_on__gt=max(sunday, horizon)),
    }[group]


@dataclass(frozen=True)
class Counted:
    """How many duties each group holds, and the oldest day that is overdue."""

    overdue: int
    week: int
    month: int
    later: int
    oldest: date | None

    @property
    def total(self) -> int:
        """All of them."""
        return self.overdue + self.week + self.month + self.later


def counted(rows: QuerySet[Duty], today: date) -> Counted:
    """Counts each group; one query."""
    found: dict[str, Any] = rows.aggregate(
        **{group: Count("pk", filter=in_group(group, today)) for group in GROUPS},
        oldest=Min("due_on", filter=in_group("overdue", today)),
    )
    return Counted(**found)


def counted_by_rule(rows: QuerySet[Duty]) -> dict[str, int]:
    """Counts duties by rule; one query."""
    return dict(rows.order_by().values_list("rule").annotate(count=Count("pk")))


@dataclass
class Row:
    """One duty as a list shows it."""

    id: str
    rule: str
    title: str
    act: str
    url: str
    name: str
    name_url: str
    note: str
    when: str
    distance: str
    is_late: bool
    day: date
    owner: str
    begins: str = ""
    snoozed_until: str = ""
    snoozed_why: str = ""
    snooze_url: str = ""
    owner_words: str = ""
    sign: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Described:
    """What an app says of a duty's participant: name, page, sign of the trade, and a note that the reader may see."""

    name: str = ""
    participant_id: str = ""
    enrolment_id: str = ""
    url: str = ""
    sign: dict[str, str] = field(default_factory=dict)
    note: str = ""


def shown(
    rows: Collection[Duty], today: date, *, own: bool = False, follows: bool = False, back: str = ""
) -> list[Row]:  # fmt: skip
    """Gives duties as rows; a few queries however many rows. `own` words them for the participant; `follows` are others' duties,
    which the reader cannot do for them: their button leads to the person. `back` is where one comes back to when it is done."""
    described: dict[int, Described] = {}
    for key, source in sources().items():
        mine = [row for row in rows if row.source == key]
        if mine:
            described.update(source.described(mine))
    found = [_row(row, described.get(row.pk, Described()), today, own=own, back=back) for row in rows]
    for row in found if follows else []:
        row.act, row.url = "Se deltakeren", row.name_url
    return found


def shown_on_record(
    rows: Collection[Duty], today: date, *, participant: str, enrolment: str, own: bool = False, back: str = ""
) -> list[Row]:  # fmt: skip
    """Gives duties as rows on the page of the record they are about, which knows whose it is; no query."""
    about = Described(participant_id=participant, enrolment_id=enrolment)
    return [_row(row, about, today, own=own, back=back) for row in rows]


def _row(duty: Duty, about: Described, today: date, *, own: bool, back: str) -> Row:
    rule = rules()[duty.rule]
    when, distance = _when(duty.due_on, today)
    url = rule.url(duty, about.participant_id, about.enrolment_id)
    if back and url:
        url += ("&" if "?" in url else "?") + f"neste={back}"
    since = f"{rule.since} {date_words(duty.since_on)}" if rule.since and duty.since_on else ""
    return Row(
        id=duty.public_id,
        rule=duty.rule,
        title=(rule.own_words if own else "") or rule.title,
        act=rule.act,
        url=url,
        name="" if own else about.name,
        name_url=about.url,
        note=" · ".join(word for word in (about.note, since) if word),
        when=when,
        distance=distance,
        is_late=duty.due_on < today,
        day=duty.due_on,
        owner=duty.owner_role,
        begins=date_words(duty.opens_on) if duty.opens_on and duty.opens_on > today else "",
        snoozed_until=date_words(duty.snoozed_until) if duty.snoozed_until and duty.snoozed_until > today else "",
        sign=about.sign,
    )


def _when(day: date, today: date) -> tuple[str, str]:
    """The day as a list says it, in two lines: «I dag, tirsdag», «Onsdag, 25. november», «14. november, 9 dager over»."""
    words = date_words(day)
    short = words.rsplit(" ", 1)[0] if day.year == today.year else words
    weekday = WEEKDAYS[day.weekday()]
    if day == today:
        return "I dag", weekday
    if today < day <= week_end(today) and (day - today).days < 7:
        return weekday.capitalize(), short
    return short, days_words((day - today).days)


def waiting_count(user: User, today: date) -> int:
    """Gives how many duties the user has been told of and that still wait: what the bell shows. One query, on every page; so its
    text is kept between requests."""
    if not user.is_authenticated:
        return 0
    key = ("bell", user.pk, today, roles_of(user, today), tuple(blocked_participants(user, today)))
    found = kept(
        key, lambda: waiting(user, today).order_by().annotate(all=Value(1)).values("all").annotate(n=Count("pk")).values("n")
    )
    return int(found[0][0]) if found else 0


def waiting(user: User, today: date) -> QuerySet[Duty]:
    """Gives the duties behind the bell's number, the most urgent first."""
    told = Notice.objects.filter(recipient=user).values("duty_key")
    return duties_for(user, today).filter(key__in=told).order_by("due_on", "pk")
