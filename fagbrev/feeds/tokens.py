"""Making, finding and turning off the secret address of a feed."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from fagbrev.dates import months_after
from fagbrev.feeds.models import FeedToken
from fagbrev.people.models import User

TOKEN_BYTES = 32  # 256 random bits: a plain hash is enough, there is nothing to guess
HOLDS_MONTHS = 12


def hash_of(token: str) -> str:
    """Gives what is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def make_token(*, user: User, at: datetime) -> str:
    """Gives a new token for the user, who is shown it this once; the one there was stops answering."""
    lock_feed_of(user)
    revoke_tokens(user=user, at=at)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    expires = months_after(timezone.localdate(at), HOLDS_MONTHS)
    FeedToken.objects.create(user=user, token_hash=hash_of(token), created_at=at, expires_on=expires)
    return token


def revoke_tokens(*, user: User, at: datetime) -> bool:
    """Turns off every address the user has; tells whether there was one."""
    return bool(FeedToken.objects.filter(user=user, revoked_at__isnull=True).update(revoked_at=at))


def find_token(token: str, *, at: datetime) -> FeedToken | None:
    """Gives the live address with its user; None alike for one that never was, is turned off or expired, or whose user has left."""
    live = FeedToken.objects.live(timezone.localdate(at))
    return live.select_related("user").filter(token_hash=hash_of(token)).first()


def token_of(user: User, *, at: datetime) -> FeedToken | None:
    """Gives the user's live address, if any."""
    return FeedToken.objects.live(timezone.localdate(at)).filter(user=user).first()


def note_use(held: FeedToken, *, at: datetime) -> None:
    """Remembers the last day the address was asked; one write a day at most."""
    today = timezone.localdate(at)
    if held.last_used_on != today:
        FeedToken.objects.filter(pk=held.pk).update(last_used_on=today)


def lock_feed_of(user: User) -> None:
    """Lets one at a time write to the user's feed, until the transaction ends (SQLite lets one at a time write at all)."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
