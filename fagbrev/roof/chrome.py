"""What stands around every page: navigation by role, the user, the footer and the look."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fagbrev.duties.reading import waiting_count
from fagbrev.people.roles import (
    COORDINATOR,
    DELTAKER,
    FADDER,
    FAGLAERER,
    LEDER,
    NORSKLAERER,
    ROLES,
    STYRINGSGRUPPE,
    roles_of,
)
from fagbrev.roof.demo_accounts import DEMO_ACCOUNTS

SUPERUSER = "superuser"
ALL = frozenset(ROLES) | {SUPERUSER}
FOLLOWERS = frozenset({COORDINATOR, FAGLAERER, NORSKLAERER, FADDER, LEDER})
COORDINATORS = frozenset({COORDINATOR})
STEERING = frozenset({STYRINGSGRUPPE})
IN_NAV = 5
SCHEME_COOKIE = "scheme"
SCHEMES = ("auto", "light", "dark")


@dataclass(frozen=True)
class Place:
    """One entry of the navigation."""

    url_name: str
    label: Any
    roles: frozenset[str]


NAVIGATION = [
    Place("home", _("I dag"), ALL),
    Place("meeting_list", _("Møter"), STEERING),  # what the steering group comes for stands first
    Place("report_list", _("Rapporter"), STEERING),
    Place("participant_list", _("Deltakere"), FOLLOWERS),
    Place("besok_list", _("Besøk"), frozenset({COORDINATOR, FAGLAERER})),
    Place("referral_inbox", _("Henvisninger"), COORDINATORS),
    Place("concern_list", _("Meldinger"), COORDINATORS),
    Place("duty_list", _("Frister"), ALL - {SUPERUSER}),
    Place("topic_list", _("Temaer"), COORDINATORS | {FAGLAERER, NORSKLAERER, FADDER, DELTAKER}),
    Place("meeting_list", _("Møter"), FOLLOWERS),
    Place("report_list", _("Rapporter"), COORDINATORS),
    Place("calendar_month", _("Kalender"), ALL),
    Place("oppgave_list", _("Oppgaver"), FOLLOWERS - {FADDER, LEDER}),
    Place("class_list", _("Klassen"), COORDINATORS | {FAGLAERER, NORSKLAERER}),
    Place("exam_window_list", _("Eksamen"), FOLLOWERS - {FADDER, LEDER}),
    Place("trade_list", _("Fag"), COORDINATORS | {FAGLAERER, NORSKLAERER}),
    Place("workplace_list", _("Arbeidssteder"), COORDINATORS | {FAGLAERER, NORSKLAERER}),
    Place("partner_list", _("Partnere"), COORDINATORS),
    Place("routine_list", _("Rutiner"), ALL),
    Place("year_list", _("Kalenderår"), COORDINATORS),
    Place("setting_list", _("Innstillinger"), COORDINATORS | {SUPERUSER}),
    Place("dispatch", _("Utsending"), COORDINATORS | {SUPERUSER}),
    Place("participant_import", _("Import"), COORDINATORS),
    Place("user_list", _("Brukere"), COORDINATORS | {SUPERUSER}),
]
FOOTER = [
    Place("who_sees_what", _("Hvem ser hva"), ALL),
    Place("routine_list", _("Rutiner"), ALL),
    Place("accessibility", _("Tilgjengelighet"), ALL),
]
OPEN_FOOTER = {"who_sees_what", "accessibility"}


@cache
def url_of(name: str) -> str:
    """Gives the address of a page, "" when there is no such page (yet)."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def chrome(request: HttpRequest) -> dict[str, Any]:
    """The context processor: gives `chrome` as base.html describes it, and the demo's accounts for the sign-in page."""
    user = getattr(request, "user", None)
    signed_in = bool(user and user.is_authenticated)
    roles = _roles(user) if signed_in else frozenset()
    entries = [_entry(place, request.path) for place in _places(roles)]
    scheme = request.COOKIES.get(SCHEME_COOKIE, "auto")
    around: dict[str, Any] = {
        "municipality": settings.MUNICIPALITY,
        "logo_url": url_of("logo") if settings.LOGO_FILE else "",
        "nav": entries[:IN_NAV],
        "more": entries[IN_NAV:],
        "signed_in": signed_in,
        "user_name": user.name if signed_in else "",  # type: ignore[union-attr]
        "user_initials": user.initials if signed_in else "",  # type: ignore[union-attr]
        "bell_count": waiting_count(user, timezone.localdate()) if signed_in and roles - {SUPERUSER} else None,  # type: ignore[arg-type]
        "bell_url": f"{url_of('duty_list')}?vis=varslet",
        "search_url": url_of("participant_search") if roles & FOLLOWERS else "",
        "demo": settings.DEMO,
        "scheme": scheme if scheme in SCHEMES else "auto",
        "size": "lg" if roles == {DELTAKER} else "sm",
        "footer": [
            _entry(place, request.path)
            for place in FOOTER
            if url_of(place.url_name) and (signed_in or place.url_name in OPEN_FOOTER)
        ],
        "account_url": url_of("account_home"),
        "logout_url": url_of("account_logout"),
        "home_url": url_of("home") or "/",
        "theme_url": url_of("theme_switch"),
    }
    return {"chrome": around, "demo_accounts": DEMO_ACCOUNTS if settings.DEMO and not signed_in else []}


def _roles(user: Any) -> frozenset[str]:
    held = roles_of(user, timezone.localdate())
    return held | {SUPERUSER} if user.is_superuser else held


def _places(roles: frozenset[str]) -> Iterable[Place]:
    """One that stands twice, for those it matters most to and for the rest, is shown where it stands first to one who is both."""
    found: dict[str, Place] = {}
    for place in NAVIGATION:
        if place.roles & roles and url_of(place.url_name):
            found.setdefault(place.url_name, place)
    return found.values()


def _entry(place: Place, path: str) -> dict[str, Any]:
    url = url_of(place.url_name)
    is_current = path == url if url == "/" else path.startswith(url)
    return {"label": place.label, "url": url, "current": is_current}
