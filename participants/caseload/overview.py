"""What home shows of the caseload: who is where, the short lists of each role, and a participant's own way."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F
from django.utils.translation import gettext as _

from fagbrev.dates import date_words
from fagbrev.people.models import User
from participants.access import enrolments_for, fadder_placements, leder_placements
from participants.caseload.asked import UNDECIDED, Asked
from participants.caseload.query import HIDDEN_PLACE, Caseload
from participants.models import Enrolment, Placement, ReferralInboxItem
from participants.workflow import OPEN, STATUS_NAMES

NEWEST_REFERRALS = 5


@dataclass(frozen=True)
class Here:
    """One participant at a workplace now, as fadder and leder see it."""

    url: str
    name: str
    place: str
    period: str
    note: str = ""


def who_is_where(caseload: Caseload, *, list_url: str) -> dict[str, Any]:
    """Gives open enrolments by trade and phase, as components/matrix.html draws them; one query beside the trades."""
    counted = (
        caseload.base().filter(caseload.cut("progress"), status__in=OPEN).values_list("trade", "status").annotate(Count("pk"))
    )
    numbers: dict[int | None, dict[str, int]] = defaultdict(dict)
    for trade, status, count in counted.order_by():
        numbers[trade][status] = count
    largest = max((count for row in numbers.values() for count in row.values()), default=0)
    kinds: list[tuple[int | None, str, str, str, str]] = [
        (trade.pk, trade.code, trade.name, trade.shape, trade.colour) for trade in caseload.trades.values()
    ]
    if None in numbers:
        kinds.append((None, UNDECIDED, _("Ikke avklart"), "ring", "neutral"))
    rows = [_matrix_row(kind, numbers[kind[0]], largest, list_url) for kind in kinds]
    totals = [sum(row.get(status, 0) for row in numbers.values()) for status in OPEN]
    return {
        "columns": [STATUS_NAMES[status] for status in OPEN],
        "rows": rows,
        "totals": totals,
        "grand_total": sum(totals),
        "caption": _("Hvor mange som er i hver fase, etter fag"),
    }


def _matrix_row(kind: tuple[Any, str, str, str, str], numbers: dict[str, int], largest: int, list_url: str) -> dict[str, Any]:
    _pk, code, label, symbol, colour = kind
    return {
        "code": code,
        "label": label,
        "symbol": symbol,
        "colour": colour,
        "total": sum(numbers.values()),
        "total_url": list_url + Asked(trades=(code,)).query(),
        "cells": [
            {
                "count": numbers.get(status, 0),
                "url": list_url + Asked(trades=(code,), phases=(status,)).query(),
                "level": _tint(numbers.get(status, 0), largest),
                "title": f"{label}, {STATUS_NAMES[status].lower()}: {numbers.get(status, 0)}",
            }
            for status in OPEN
        ],
    }


def _tint(number: int, largest: int) -> int:
    """How strongly a number is tinted beside the largest: 0 (nothing) to 4."""
    share = number / largest if largest else 0
    return 0 if not number else 4 if share > 0.75 else 3 if share > 0.4 else 2 if share > 0.12 else 1


def newest_referrals() -> tuple[int, list[ReferralInboxItem]]:
    """Gives how many referrals wait in the inbox, and the newest of them; for coordinators alone."""
    waiting = ReferralInboxItem.objects.filter(state="new")
    found = list(waiting.order_by("-received_at").select_related("trade")[: NEWEST_REFERRALS + 1])
    count = len(found) if len(found) <= NEWEST_REFERRALS else waiting.count()
    return count, found[:NEWEST_REFERRALS]


def placed_with(caseload: Caseload, role: str, *, list_url: str) -> list[Here]:
    """Gives those who are, or soon will be, in practice with this fadder or at this leder's workplace."""
    mine = (fadder_placements if role == "fadder" else leder_placements)(caseload.user, caseload.today)
    seen = enrolments_for(caseload.user, "identity", today=caseload.today).values("pk")
    placement_open = set(enrolments_for(caseload.user, "placement", today=caseload.today).values_list("pk", flat=True))
    rows = (
        mine.filter(enrolment__in=seen, enrolment__status__in=OPEN)
        .select_related("enrolment__participant", "workplace")
        .order_by(F("starts_on").asc(nulls_last=True), "enrolment__participant__sort_name", "pk")
    )
    return [_here(row, caseload, row.enrolment_id in placement_open, list_url) for row in rows]


def _here(row: Placement, caseload: Caseload, is_open: bool, list_url: str) -> Here:
    person = row.enrolment.participant
    on_leave = row.enrolment.status == "on_leave"
    hidden = person.address_protection == HIDDEN_PLACE or on_leave or not is_open
    return Here(
        url=f"{list_url}{person.public_id}/?lop={row.enrolment.public_id}",
        name=person.full_name,
        place="" if hidden else row.workplace.name,
        period="" if hidden else _period(row, caseload),
        note=_("I permisjon") if on_leave else "",
    )


def _period(row: Placement, caseload: Caseload) -> str:
    if row.starts_on is None:
        return _("første dag er ikke avtalt")
    word = _("fra") if row.starts_on <= caseload.today else _("begynner")
    until = f" {_('til')} {date_words(row.ends_on)}" if row.ends_on else ""
    return f"{word} {date_words(row.starts_on)}{until}"


def own_enrolment(user: User, caseload: Caseload) -> Enrolment | None:
    """Gives the participant's own enrolment: the newest open one, else the newest; None before there is any."""
    own = enrolments_for(user, "progress", today=caseload.today, listed=False).filter(participant__user=user)
    rows = own.select_related("participant", "trade").order_by(F("started_on").desc(nulls_last=True), "-pk")
    found = list(rows)
    return next((row for row in found if row.status in OPEN), found[0] if found else None)


__all__ = ["Here", "newest_referrals", "own_enrolment", "placed_with", "who_is_where"]
