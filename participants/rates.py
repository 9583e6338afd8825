"""How often the open form may be sent: 5 times an hour from one address, 200 times a day in all."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

PER_ADDRESS, HOUR = 5, 3600
IN_ALL, DAY = 200, 24 * 3600
ALL_KEY = "referral-sendings:all"


def too_many(request: HttpRequest, *, now: float) -> bool:
    """Tells whether the limit is reached; `now` is in seconds since 1970."""
    return len(_times(_address_key(request), now - HOUR)) >= PER_ADDRESS or len(_times(ALL_KEY, now - DAY)) >= IN_ALL


def note_sending(request: HttpRequest, *, now: float) -> None:
    """Counts one sending. The times are kept as a list: a cache's own counter would lose its hour at each step."""
    for key, seconds in ((_address_key(request), HOUR), (ALL_KEY, DAY)):
        cache.set(key, [*_times(key, now - seconds), now], seconds)


def _times(key: str, after: float) -> list[float]:
    return [time for time in cache.get(key) or [] if time > after]


def _address_key(request: HttpRequest) -> str:
    """The key of the sender's address, which itself is not stored."""
    try:
        address = get_adapter().get_client_ip(request)
    except PermissionDenied:  # a socket without an address
        address = "unknown"
    return "referral-sendings:" + salted_hmac("participants.rates", address).hexdigest()[:32]
