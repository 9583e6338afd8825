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
from fagbrev.forms.base import SentForm
from fagbrev.people.roles import COORDINATOR, DELTAKER, FADDER, FAGLAERER, LEDER, NORSKLAERER, STYRINGSGRUPPE
from fagbrev.roof.chrome import url_of
from fagbrev.roof.coming import coming_for
from fagbrev.roof.home_deltaker import home_of_participant
from fagbrev.roof.home_fadder import fadder_home
from fagbrev.roof.home_leder import leder_home
from fagbrev.roof.home_norsklaerer import norsklaerer_part
from fagbrev.roof.home_styringsgruppe import steering_home
from fagbrev.roof.meeting_entries import next_meeting
from fagbrev.roof.today import groups_for, nothing_words, tiles
from followup.concern_rows import waiting_concerns
from followup.practice_shown import assignments_for_fadder
from followup.visit_list import first_of, note_listed
from participants.caseload.asked import Asked
from participants.caseload.overview import newest_referrals, placed_with, who_is_where
from participants.caseload.page import bucket_tiles
from participants.caseload.query import Caseload
from participants.caseload.table import rows_of as people_of
from participants.workflow import OPEN, WITH_PLACEMENT

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
        "next_meeting": next_meeting(caseload.user, today) if roles else {},
    }
    if roles - {STYRINGSGRUPPE, DELTAKER, FADDER}:
        context |= _duties(caseload)
    if FADDER in roles:
        context |= {
            "fadder": fadder_home(caseload.user, today), "fadder_first": roles == {FADDER}, "form": SentForm(request=request),
            "fadder_practice": _practice(caseload, FADDER, list_url), "assignments": assignments_for_fadder(caseload.user, today),
        }  # fmt: skip
    if COORDINATOR in roles:
        context |= _coordinator(caseload, list_url, context["numbers"])
    elif NORSKLAERER in roles and FAGLAERER not in roles:
        context |= norsklaerer_part(caseload)
    elif roles & {FAGLAERER, NORSKLAERER}:
        context |= _teacher(caseload, list_url)
    if DELTAKER in roles:
        context |= home_of_participant(caseload, list_url)
    if LEDER in roles:
        context["leder"] = leder_home(caseload.user, today)
    if STYRINGSGRUPPE in roles:
        context["steering"] = steering_home(caseload.user, today)
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
        "buckets": [*found[:-1], _concerns(caseload)],
        "matrix": who_is_where(caseload, list_url=list_url),
        "inbox_count": count,
        "inbox": newest,
        "inbox_url": url_of("referral_inbox"),
        "new_url": url_of("referral_new"),
    }


def _concerns(caseload: Caseload) -> dict[str, Any]:
    """How many have told of something and wait for an answer."""
    return {
        "label": _("Meldinger uten svar"),
        "count": waiting_concerns(caseload.user, caseload.today),
        "url": url_of("concern_list"),
    }


def _teacher(caseload: Caseload, list_url: str) -> dict[str, Any]:
    """A faglærer's own people: those in practice by how long since a visit, then the rest; a norsklærer's by how long in their phase."""
    counts = caseload.counts()
    if FAGLAERER not in caseload.roles:
        rows = people_of(caseload, Asked(sort="siden"), list_url=list_url, count=SHORT_LIST)
        return {"own": rows, "own_count": counts["open"], "is_teacher": True, "own_rest": max(0, counts["open"] - len(rows))}
    visits, in_practice = first_of(caseload.user, caseload.today, SHORT_LIST)
    note_listed(caseload.user, visits, caseload.today)
    phases = tuple(OPEN) if NORSKLAERER in caseload.roles else tuple(status for status in OPEN if status not in WITH_PLACEMENT)
    rows = people_of(caseload, Asked(sort="siden", phases=phases), list_url=list_url, count=SHORT_LIST)
    return {
        "visits": visits, "visits_rest": max(0, in_practice - len(visits)), "is_visitor": True, "own": rows,
        "own_count": counts["open"], "is_teacher": True, "own_rest": 0,
    }  # fmt: skip


def _practice(caseload: Caseload, role: str, list_url: str) -> dict[str, Any]:
    return {"role": role, "people": placed_with(caseload, role, list_url=list_url)}
