"""How often one client may ask for feeds and other secret addresses: generously, since a municipality shares one address."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

PER_MINUTE = 300
MINUTE = 60


def asks_too_often(request: HttpRequest, *, now: float, what: str = "feeds", per_minute: int | None = None) -> bool:
    """Counts one request, and tells whether the client's address has reached the limit; `now` is in seconds since 1970.

    `what` names that which is counted, each for itself.
    """
    try:
        address = get_adapter().get_client_ip(request)
    except PermissionDenied:  # a socket without an address
        address = "unknown"
    # The minute is part of the key: counting up may lengthen the life of what is counted, but never into the next minute.
    key = f"{what}:{int(now // MINUTE)}:{salted_hmac('fagbrev.feeds.rates', address).hexdigest()[:32]}"
    if cache.add(key, 1, 2 * MINUTE):
        return False
    try:
        return cache.incr(key) > (PER_MINUTE if per_minute is None else per_minute)
    except ValueError:  # gone in between
        return False
