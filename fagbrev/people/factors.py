"""Second factors: which roles demand one, and who has one."""

from collections.abc import Collection
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings


def must_have_second_factor(user: Any, roles: Collection[str]) -> bool:
    """Tells whether a role of the user, or being superuser, demands a passkey or an authenticator."""
    demanded = settings.SECOND_FACTOR_ROLES
    return bool(set(roles) & demanded) or ("superuser" in demanded and user.is_superuser)


def has_second_factor(user: Any) -> bool:
    """Tells whether the user has a passkey or an authenticator; recovery codes alone do not count."""
    return Authenticator.objects.filter(user=user, type__in=[Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]).exists()


def reseal_authenticators() -> int:
    """Seals every authenticator secret anew with the first key of FIELD_KEYS. Gives how many were changed."""
    from fagbrev.people.adapters import MFA_PLACE
    from fagbrev.sealed import reseal

    changed = 0
    for row in Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).iterator():
        fresh = dict(row.data)
        for name in ("secret", "seed"):
            token = reseal(fresh[name], **MFA_PLACE) if fresh.get(name) else None
            if token:
                fresh[name] = token
        if fresh != row.data:
            changed += Authenticator.objects.filter(pk=row.pk, data=row.data).update(data=fresh)
    return changed
