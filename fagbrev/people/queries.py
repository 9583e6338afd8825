"""Questions about the people who sign in."""

from datetime import date
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import Q, QuerySet

from fagbrev.people.models import PeopleEvent, RoleGrant, User

EVENT_WORDS = {
    "invited": "Invitert",
    "invited_again": "Invitasjonen sendt på nytt",
    "role_given": "Fikk rollen",
    "role_lengthened": "Rollen forlenget:",
    "role_ended": "Rollen avsluttet:",
    "deactivated": "Deaktivert",
    "reactivated": "Aktivert igjen",
    "scope_given": "Fikk tilgang til",
    "scope_ended": "Mistet tilgang til",
    "name_changed": "Navnet rettet",
    "address_changed": "E-postadressen byttet",
    "factors_removed": "Passnøkler, kodeapp og passord fjernet",
    "accepted_confidentiality": "Godtok taushetserklæringen",
}


def active_user_with_address(address: str) -> User | None:
    """Gives the active user with the address, or None."""
    return User.objects.filter(email=address.lower(), is_active=True).first()


def users_found(*, search: str, role: str, state: str, today: date) -> QuerySet[User]:
    """Gives users by name or address, role held today, and state (active, inactive, all), sorted by name."""
    users = User.objects.all()
    if state in {"active", "inactive"}:
        users = users.filter(is_active=state == "active")
    if search:
        users = users.filter(Q(name__icontains=search) | Q(email__icontains=search))
    if role == "none":
        users = users.exclude(pk__in=RoleGrant.objects.active(today).values("user"))
    elif role:
        users = users.filter(pk__in=RoleGrant.objects.active(today).filter(role=role).values("user"))
    return users.order_by("name", "email")


def grants_of(users: list[User], today: date) -> dict[int, list[RoleGrant]]:
    """Gives the grants that hold or are to come, by user."""
    found: dict[int, list[RoleGrant]] = {user.pk: [] for user in users}
    for grant in RoleGrant.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today), user__in=found).order_by("role"):
        found[grant.user_id].append(grant)
    return found


def history_of(user: User) -> QuerySet[PeopleEvent]:
    """Gives what was done with a user's access, newest first."""
    return PeopleEvent.objects.filter(user=user).select_related("by").order_by("-at", "-pk")


def sign_in_means(user: User) -> dict[str, Any]:
    """Gives how the user can sign in: passkeys, authenticator, password, and how many sessions are open."""
    kinds = list(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    return {
        "passkeys": kinds.count(Authenticator.Type.WEBAUTHN),
        "has_authenticator": Authenticator.Type.TOTP in kinds,
        "has_password": user.has_usable_password(),
        "sessions": UserSession.objects.filter(user=user).count(),
    }
