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
from fagbrev.people.roles import COORDINATOR, DELTAKER, FADDER, FAGLAERER, LEDER, NORSKLAERER, STYRINGSGRUPPE
from fagbrev.roof.chrome import url_of
from fagbrev.roof.way import way_of
from participants.caseload.asked import Asked
from participants.caseload.overview import newest_referrals, own_enrolment, placed_with, who_is_where
from participants.caseload.page import bucket_tiles
from participants.caseload.query import Caseload
from participants.caseload.table import rows_of

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
    if COORDINATOR in roles:
        context |= _coordinator(caseload, list_url)
    elif roles & {FAGLAERER, NORSKLAERER}:
        context |= _teacher(caseload, list_url)
    context["practice"] = [_practice(caseload, role, list_url) for role in (FADDER, LEDER) if role in roles]
    if DELTAKER in roles:
        context |= _participant(caseload, list_url)
    return render(request, "roof/home.html", context)


def _coordinator(caseload: Caseload, list_url: str) -> dict[str, Any]:
    tiles = bucket_tiles(caseload, Asked(with_ended=True), caseload.counts(), list_url=list_url)[1:]
    count, newest = newest_referrals()
    return {
        "buckets": tiles,
        "matrix": who_is_where(caseload, list_url=list_url),
        "inbox_count": count,
        "inbox": newest,
        "inbox_url": url_of("referral_inbox"),
        "new_url": url_of("referral_new"),
    }


def _teacher(caseload: Caseload, list_url: str) -> dict[str, Any]:
    """Own people, those longest in their phase first."""
    counts = caseload.counts()
    rows = rows_of(caseload, Asked(sort="siden"), list_url=list_url, count=SHORT_LIST)
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
    return {"is_participant": True, "way": way, "own_url": own_url, "looked_url": f"{own_url}innsyn/", "task_url": task_url}
