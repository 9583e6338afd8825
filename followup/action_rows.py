"""Which actions a user sees of a record, and how they are said: open ones first, late in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from fagbrev.dates import date_words, days_words
from fagbrev.people.models import RoleGrant
from fagbrev.people.roles import COORDINATOR, DELTAKER, FADDER, FAGLAERER, LEDER, NORSKLAERER
from followup.models import Action
from participants.access import Record, fadder_placements, leder_placements
from participants.extras import url_for
from participants.models import Placement

SEE_ALL = frozenset({COORDINATOR, FAGLAERER, NORSKLAERER})
OWN_PLACES = {FADDER: fadder_placements, LEDER: leder_placements}
MOST_DONE = 20


@dataclass(frozen=True)
class ActionRow:
    """One action as a page draws it."""

    public_id: str
    words: str
    who: str
    is_mine: bool
    due: str
    late: str  # "9 dager over", "" when it is not late
    origin: str
    done: str
    edit_url: str
    done_url: str


def visible_actions(found: Record) -> QuerySet[Action]:
    """Gives the enrolment's actions in the user's scope: koordinator and teachers all, everybody else their own (docs/access.md)."""
    rows = Action.objects.filter(enrolment=found.enrolment)
    roles = found.roles_reading("actions")
    if roles & SEE_ALL:
        return rows
    own = Q(pk__in=[])
    if DELTAKER in roles:
        own |= Q(owner_role=DELTAKER)
    for role, placements in OWN_PLACES.items():
        if role in roles:
            mine = found.placements("actions").filter(pk__in=placements(found.user, found.today).values("pk"))
            holders = RoleGrant.objects.active(found.today).filter(role=role).exclude(user=found.user).values("user")
            own |= Q(owner_role=role, placement__in=mine) & (Q(owner__isnull=True) | ~Q(owner__in=holders))
    return rows.filter(own)


def place_of_action(found: Record) -> Placement | None:
    """Gives the placement that an action of a fadder or leder hangs on: the main one that is not over, in the user's scope."""
    rows = found.placements("actions").filter(Q(ends_on__isnull=True) | Q(ends_on__gte=found.today))
    return rows.order_by("-is_main", F("starts_on").desc(nulls_last=True), "pk").first()


def late_words(due_on: date | None, today: date) -> str:
    """Gives how late something is in words, "" when it is not."""
    return days_words((due_on - today).days) if due_on and due_on < today else ""


def _origin(row: Action) -> str:
    if row.visit_id:
        day = row.visit.visited_on if row.visit else None
        return f"fra besøket {date_words(day)}" if day else "fra et besøk"
    if row.review_id:
        held = row.review.held_on if row.review else None
        return f"fra samtalen {date_words(held)}" if held else "fra vurderingssamtalen"
    return f"fra møtet {date_words(row.met_on)}" if row.met_on else ""


def action_row(row: Action, found: Record) -> ActionRow:
    """Gives an action as the page draws it."""
    roles = found.roles_reading("actions")
    may_write, may_edit = found.writes("actions"), found.writes("actions") and bool(roles & SEE_ALL)
    done = ""
    if row.done_on:
        who = f" av {row.done_by.name}" if row.done_by else ""
        done = f"Gjort {date_words(row.done_on)}{who}"
    is_mine = row.owner_role in roles and row.owner_id in {None, found.user.pk}
    named = f"{row.owner.name}, {row.get_owner_role_display()}" if row.owner and roles & SEE_ALL else row.get_owner_role_display()
    return ActionRow(
        public_id=row.public_id,
        words=row.words,
        who="deg" if is_mine else named,
        is_mine=is_mine,
        due=date_words(row.due_on) if row.due_on else "",
        late="" if row.done_on else late_words(row.due_on, found.today),
        origin=_origin(row),
        done=done,
        edit_url=url_for("handling_edit", found, row.public_id) if may_edit and not row.done_on else "",
        done_url=url_for("handling_done", found, row.public_id) if may_write else "",
    )


def actions_shown(found: Record) -> dict[str, Any]:
    """Gives the page's open and done actions; two queries however many there are."""
    rows = visible_actions(found).select_related("done_by", "owner", "visit", "review")
    is_open = rows.filter(done_on__isnull=True).order_by(F("due_on").asc(nulls_last=True), "pk")
    is_done = rows.filter(done_on__isnull=False).order_by("-done_on", "-pk")[:MOST_DONE]
    return {"open_rows": [action_row(row, found) for row in is_open], "done_rows": [action_row(row, found) for row in is_done]}


def local_day(moment: Any) -> date:
    """Gives the day of a moment where the municipality is."""
    return timezone.localtime(moment).date()
