"""The seven roles of the scheme, and which of them a user holds today (V6)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from fagbrev.people.models import User

COORDINATOR = "coordinator"
FAGLAERER = "faglaerer"
NORSKLAERER = "norsklaerer"
FADDER = "fadder"
LEDER = "leder"
STYRINGSGRUPPE = "styringsgruppe"
DELTAKER = "deltaker"

ROLE_CHOICES = [
    (COORDINATOR, _("koordinator")),
    (FAGLAERER, _("faglærer")),
    (NORSKLAERER, _("norsklærer")),
    (FADDER, _("fadder")),
    (LEDER, _("leder")),
    (STYRINGSGRUPPE, _("styringsgruppe")),
    (DELTAKER, _("deltaker")),
]
ROLES = tuple(code for code, _label in ROLE_CHOICES)
ROLE_NAMES = dict(ROLE_CHOICES)


def roles_of(user: User, today: date) -> frozenset[str]:
    """Gives the roles the user holds on the day; asks the database once per request and day."""
    if not user.is_authenticated:
        return frozenset()
    known = getattr(user, "_roles_by_day", None)
    if known is None:
        known = user._roles_by_day = {}  # type: ignore[attr-defined]
    if today not in known:
        from fagbrev.people.models import RoleGrant

        known[today] = frozenset(RoleGrant.objects.active(today).filter(user=user).values_list("role", flat=True))
    return known[today]
