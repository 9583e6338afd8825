"""Home, by role: what each of a user's roles opens with, one part below the other."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from fagbrev.access.gate import page
from fagbrev.dates import date_words
from fagbrev.duties.reading import Row, duties_for
from fagbrev.people.roles import COORDINATOR, DELTAKER, FADDER, FAGLAERER, LEDER, NORSKLAERER, STYRINGSGRUPPE
from fagbrev.roof.chrome import url_of
from fagbrev.roof.coming import coming_for
from fagbrev.roof.today import groups_for, nothing_words, rows_of, tiles
from fagbrev.roof.way import way_of
from participants.caseload.asked import Asked
from participants.caseload.overview import newest_referrals, own_enrolment, placed_with, who_is_where
from participants.caseload.page import bucket_tiles
from participants.caseload.query import Caseload
from participants.caseload.table import rows_of as people_of
from participants.exam_window_steps import blocks_for

SHORT_LIST = 12
WEEKDAYS = ["Mandag", "Tirsdag", "Onsdag", "Torsdag", "Fredag", "Lørdag", "Søndag"]


@page(roles=None, superuser=True, methods=("GET", "HEAD"))
def home(request: HttpRequest) -> HttpResponse:
    """The first page after sign-in."""
    caseload = Caseload(request.user, timezone.localdate())  # type: ignore[arg-type]
    list_url, roles, today = reverse("participant_list"), caseload.roles, caseload.today
    context: dict[str, Any] = {
        "day_words": _("%(weekday)s %(day)s, uke %(week)d")
        % {"weekday": WEEKDAYS[today.weekday()], "day": date_words(today), "week": today.isocalendar().week},
        "list_url": list_url,
        "is_coordinator": COORDINATOR in roles,
        "is_steering": STYRINGSGRUPPE in roles,
        "is_operator": not roles and caseload.user.is_superuser,
        "has_no_role": not roles and not caseload.user.is_superuser,
        "contact_email": settings.CONTACT_EMAIL,
    }
    if roles - {STYRINGSGRUPPE, DELTAKER}:
        context |= _duties(caseload)
    if COORDINATOR in roles:
        context |= _coordinator(caseload, list_url, context["numbers"])
    elif roles & {FAGLAERER, NORSKLAERER}:
        context |= _teacher(caseload, list_url)
    context["practice"] = [_practice(caseload, role, list_url) for role in (FADDER, LEDER) if role in roles]
    if DELTAKER in roles:
        context |= _participant(caseload, list_url)
    return render(request, "roof/home.html", context)


def _duties(caseload: Caseload) -> dict[str, Any]:
    """What needs doing: overdue, this week, the next 30 days."""
    numbers, groups = groups_for(caseload.user, caseload.today, back="/")
    is_empty = not any(group.count for group in groups)
    return {
        "numbers": numbers, "groups": groups, "has_duties": True, "is_empty": is_empty, "nothing": nothing_words(numbers),
        "coming": coming_for(caseload.user, caseload.today), "calendar_url": url_of("calendar_month"),
    }  # fmt: skip


def _coordinator(caseload: Caseload, list_url: str, numbers: Any) -> dict[str, Any]:
    found = bucket_tiles(caseload, Asked(with_ended=True), caseload.counts(), list_url=list_url)[1:]
    count, newest = newest_referrals()
    return {
        "tiles": tiles(caseload.user, numbers, caseload.today, gaps=found[-1] if found else None),
        "buckets": found[:-1],
        "matrix": who_is_where(caseload, list_url=list_url),
        "inbox_count": count,
        "inbox": newest,
        "inbox_url": url_of("referral_inbox"),
        "new_url": url_of("referral_new"),
    }


def _teacher(caseload: Caseload, list_url: str) -> dict[str, Any]:
    """Own people, those longest in their phase first."""
    counts = caseload.counts()
    rows = people_of(caseload, Asked(sort="siden"), list_url=list_url, count=SHORT_LIST)
    return {"own": rows, "own_count": counts["open"], "is_teacher": True, "own_rest": max(0, counts["open"] - len(rows))}


def _practice(caseload: Caseload, role: str, list_url: str) -> dict[str, Any]:
    title = _("Deltakere du er fadder for") if role == FADDER else _("Deltakere på arbeidsstedet ditt")
    return {"role": role, "title": title, "people": placed_with(caseload, role, list_url=list_url)}


def _participant(caseload: Caseload, list_url: str) -> dict[str, Any]:
    enrolment = own_enrolment(caseload.user, caseload)
    if enrolment is None:
        return {"is_participant": True}
    own_url = f"{list_url}{enrolment.participant.public_id}/"
    way = way_of(enrolment, today=caseload.today)
    task_url = f"{own_url}{way['task'].page}/" if way["task"].page else ""
    blocks = blocks_for(enrolment, caseload.today)
    return {
        "is_participant": True, "way": way, "own_url": own_url, "looked_url": f"{own_url}innsyn/", "task_url": task_url,
        # An open window comes before anything else: one filled button on the page, and it stands there.
        "blocks": blocks, "own_duties": _own_duties(caseload, bool(blocks)),
        "feed_url": url_of("feed_settings"), "calendar_url": url_of("calendar_month"),
    }  # fmt: skip


def _own_duties(caseload: Caseload, has_blocks: bool) -> list[Row]:
    """What else the participant is to do: duties that no block on the page tells of already."""
    rows = duties_for(caseload.user, caseload.today).filter(owner_role=DELTAKER)
    if has_blocks:
        rows = rows.exclude(rule__in=["exam_registration", "norwegian_registration"])
    return rows_of(list(rows.order_by("due_on", "pk")[:SHORT_LIST]), caseload.today, own=True)
