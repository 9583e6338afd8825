"""What home and /frister/ show of duties: tiles, groups and rows, for whoever is signed in."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fagbrev.audit.log import looks_today, note_looks
from fagbrev.dates import date_words, days_words
from fagbrev.duties.models import Duty, Snooze
from fagbrev.duties.reading import SOON, Counted, Row, counted, duties_for, followed_duties, in_group, shown, week_end
from fagbrev.duties.registry import rules
from fagbrev.people.models import User
from fagbrev.people.roles import COORDINATOR, DELTAKER, ROLE_NAMES, roles_of

LIST_PAGE = "frister"
ON_HOME = {"overdue": 8, "week": 6, "month": 3}
GROUP_NAMES = {
    "overdue": _("Forfalt"), "week": _("Denne uka"), "month": _("Neste 30 dager"), "later": _("Senere"),
}  # fmt: skip
EMPTY = {
    "overdue": _("Ingenting er forfalt."), "week": _("Ingenting resten av uka."), "month": _("Ingenting de neste 30 dagene."),
    "later": _("Ingenting senere."),
}  # fmt: skip


@dataclass
class Group:
    """One group of home's list: its anchor, its number, the first rows, and where the rest are."""

    key: str
    title: str
    count: int
    rows: list[Row] = field(default_factory=list)
    empty: str = ""
    more_url: str = ""


def title_of(group: str, today: date) -> str:
    """Gives the group's title; on a Saturday or Sunday the week is the next one."""
    return _("Neste uke") if group == "week" and today.weekday() >= 5 else GROUP_NAMES[group]


def groups_for(user: User, today: date, *, back: str, own: bool = False) -> tuple[Counted, list[Group]]:
    """Gives the numbers, and overdue, this week and the next 30 days with their first rows; seven queries at most."""
    rows = duties_for(user, today)
    numbers = counted(rows, today)
    found, held = [], {}
    for key in ("overdue", "week", "month"):
        count = getattr(numbers, key)
        held[key] = list(rows.filter(in_group(key, today)).order_by("due_on", "pk")[: ON_HOME[key]]) if count else []
        found.append(Group(key, title_of(key, today), count, empty=EMPTY[key]))
    every = [duty for some in held.values() for duty in some]
    words = {row.id: row for row in rows_of(every, today, back=back, own=own)}
    note_shown(user, every, today)
    for group in found:
        group.rows = [words[duty.public_id] for duty in held[group.key]]
        if group.count > len(group.rows):
            group.more_url = f"{reverse('duty_list')}?gruppe={group.key}"
    return numbers, found


def rows_of(
    duties: Collection[Duty], today: date, *, back: str = "", own: bool = False, follows: bool = False, why: bool = False
) -> list[Row]:  # fmt: skip
    """Gives duties as rows with whose they are in words, and where they are put off; `why` tells why some have been."""
    rows = shown(duties, today, own=own, follows=follows, back=back)
    reasons: dict[str, str] = {}
    if why:
        keys = [duty.key for duty in duties]
        reasons = dict(Snooze.objects.filter(duty_key__in=keys).order_by("pk").values_list("duty_key", "reason"))
    for row, duty in zip(rows, duties, strict=True):
        row.owner_words = str(ROLE_NAMES[row.owner])
        row.snooze_url = reverse("duty_snooze", args=[row.id]) + (f"?neste={back}" if back else "")
        row.snoozed_why = reasons.get(duty.key, "")
    return rows


def note_shown(user: User, duties: Collection[Duty], today: date) -> None:
    """Logs that the user was shown whose duties these are: a look row per participant and day, since a duty tells more than a name.

    Home is opened many times a day; the participant is told once a day who has seen what, and of each section. Two queries at most.
    """
    about: dict[tuple[int, int | None], set[str]] = {}
    for duty in duties:
        if duty.participant_id:
            about.setdefault((duty.participant_id, duty.enrolment_id), set()).add(rules()[duty.rule].section)
    if not about:
        return
    told: dict[tuple[int, int | None], set[str]] = {}
    people = [participant for participant, _enrolment in about]
    for participant, enrolment, listed in looks_today(user=user, page=LIST_PAGE, participants=people, today=today):
        told.setdefault((participant, enrolment), set()).update(listed)
    new: dict[tuple[str, ...], list[Any]] = {}
    for pair, sections in about.items():
        if sections - told.get(pair, set()):
            new.setdefault(tuple(sorted(sections)), []).append(pair)
    for shown_of_each, pairs in new.items():
        note_looks(user=user, roles=roles_of(user, today), pairs=pairs, page=LIST_PAGE, sections=shown_of_each, act="list")


def tiles(user: User, numbers: Counted, today: date, *, gaps: dict[str, Any] | None) -> list[dict[str, Any]]:
    """Gives the koordinator's counted tiles: each leads to the list below it, or the page behind the number."""
    sunday, horizon = week_end(today), today + SOON
    oldest = _("eldste: %(days)s") % {"days": days_words((numbers.oldest - today).days)} if numbers.oldest else _("alt i rute")
    found: list[dict[str, Any]] = [
        {"label": _("Forfalt"), "count": numbers.overdue, "note": oldest, "url": "#overdue", "danger": numbers.overdue > 0,
         "icon": "exclamationmark-triangle"},
        {"label": title_of("week", today), "count": numbers.week, "note": _("til %(day)s") % {"day": _short(sunday)},
         "url": "#week", "icon": "calendar"},
        {"label": _("Neste 30 dager"), "count": numbers.month, "note": _("til %(day)s") % {"day": _short(horizon)},
         "url": "#month", "icon": "clock"},
    ]  # fmt: skip
    if COORDINATOR in roles_of(user, today):
        others = dict(count_by_owner(followed_duties(user, today)))
        note = ", ".join(f"{ROLE_NAMES[role]} {count}" for role, count in others.items()) or _("ingen andre har noe ugjort")
        found.append({"label": _("Venter på andre"), "count": sum(others.values()), "note": note,
                      "url": f"{reverse('duty_list')}?vis=andre", "icon": "hourglass"})  # fmt: skip
    if gaps:
        found.append(gaps)
    return found


def count_by_owner(rows: QuerySet[Duty]) -> list[tuple[str, int]]:
    """Counts duties by the role they wait for, the largest number first; one query."""
    from django.db.models import Count

    return list(rows.order_by().values_list("owner_role").annotate(count=Count("pk")).order_by("-count", "owner_role"))


def _short(day: date) -> str:
    return date_words(day).rsplit(" ", 1)[0]


def nothing_words(numbers: Counted) -> str:
    """Gives what is said when nothing waits."""
    later = numbers.later
    if not later:
        return _("Ingenting venter på deg nå. Når noe skal gjøres, står det her.")
    return ngettext("Ingenting venter nå. %(n)d ting kommer senere.", "Ingenting venter nå. %(n)d ting kommer senere.", later) % {
        "n": later
    }


def is_participant_only(user: User, today: date) -> bool:
    """True for one who is a participant and nothing else: words are then plainer."""
    return roles_of(user, today) == {DELTAKER}
