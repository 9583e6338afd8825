"""Keeping a draft, giving it back to its writer alone, and throwing it away."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.formats import date_format

from fagbrev.drafts.models import Draft
from fagbrev.sealed import SealBroken, Sealed, blind_index

KEPT_DAYS = 7
LARGEST_TEXT = 200_000  # characters of one draft
MOST_DRAFTS = 60  # of one user; the oldest gives way
PER_MINUTE = 90
NEVER_KEPT = {"csrfmiddlewaretoken", "owner", "submission", "draft", "device_key", "code", "login"}
NOT_OF_THE_FORM = ("typed", "neste")  # parts of an address that say where one came from


class NotAForm(ValueError):
    """What was sent as a draft is no form's fields, or far too long."""


@dataclass(frozen=True)
class Kept:
    """A draft given back: its fields as they were posted, when it was saved, and the token that throws it away."""

    fields: QueryDict
    saved_at: datetime
    token: str

    @property
    def when(self) -> str:
        """Tells in words when it was saved: «kl. 10.42», or «3. mars kl. 10.42» on another day."""
        at = timezone.localtime(self.saved_at)
        clock = f"kl. {date_format(at, 'H.i')}"
        return clock if at.date() == timezone.localdate() else f"{date_format(at, 'j. F')} {clock}"


def address_of(request: HttpRequest, form_name: str) -> str:
    """Gives the address that a form's draft belongs to: the page with its query, and which of its forms."""
    query = request.GET.copy()
    for name in NOT_OF_THE_FORM:
        query.pop(name, None)
    asked = query.urlencode()
    return f"{request.path}{'?' + asked if asked else ''}#{form_name}"


def read_fields(text: str) -> dict[str, list[str]]:
    """Gives the fields that a page sent as JSON, {name: [values]}, less those that are never kept. Raises NotAForm."""
    if len(text) > LARGEST_TEXT:
        raise NotAForm
    try:
        sent = json.loads(text)
    except (ValueError, RecursionError):
        raise NotAForm from None
    if not isinstance(sent, dict):
        raise NotAForm
    fields = {}
    for name, values in sent.items():
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise NotAForm
        if name not in NEVER_KEPT and "password" not in name.lower():
            fields[name] = values
    return fields


def keep_draft(*, user: Any, address: str, fields: dict[str, list[str]], now: datetime, submission: str = "") -> None:
    """Keeps the fields as the user's one draft of this form; empty fields throw it away."""
    if not any(any(values) for name, values in fields.items() if name != "version"):
        drop_draft(user=user, address=address)
        return
    body: Any = Sealed.of(json.dumps(fields))
    with transaction.atomic():
        Draft.objects.update_or_create(
            user=user,
            address=_index(address),
            defaults={"body": body, "saved_at": now, "submission": submission[:32]},
        )
        kept = Draft.objects.filter(user=user).order_by("-saved_at", "-pk")
        Draft.objects.filter(pk__in=[draft.pk for draft in kept[MOST_DRAFTS : MOST_DRAFTS + 20]]).delete()


def draft_of(user: Any, address: str, token: str, *, now: datetime) -> Kept | None:
    """Gives the user's own draft of a form, or None; one that can no longer be opened is none."""
    return drafts_of(user, {address: token}, now=now).get(address)


def drafts_of(user: Any, tokens: Mapping[str, str], *, now: datetime) -> dict[str, Kept]:
    """Gives the user's own drafts of several forms by their addresses; one query. `tokens` are the addresses, signed."""
    addresses = {_index(address): address for address in tokens}
    found = {}
    for draft in Draft.objects.filter(user=user, address__in=list(addresses), saved_at__gt=now - timedelta(days=KEPT_DAYS)):
        address = addresses[draft.address]
        try:
            body: Any = draft.body
            held = json.loads(body.open())
        except (SealBroken, ValueError):
            continue
        fields = QueryDict(mutable=True)
        for name, values in held.items():
            fields.setlist(name, values)
        found[address] = Kept(fields, draft.saved_at, tokens[address])
    return found


def drop_draft(*, user: Any, address: str) -> None:
    """Throws away the user's draft of a form."""
    Draft.objects.filter(user=user, address=_index(address)).delete()


def drop_draft_of(*, user: Any, submission: str) -> None:
    """Throws away the user's draft that was typed in the form with this submission."""
    if submission:
        Draft.objects.filter(user=user, submission=submission[:32]).delete()


def wipe_old(*, now: datetime) -> int:
    """Throws away drafts that nobody has touched for seven days. Gives how many."""
    return Draft.objects.filter(saved_at__lte=now - timedelta(days=KEPT_DAYS)).delete()[0]


def saves_too_often(user: Any, *, now: float) -> bool:
    """Counts one saving, and tells whether the user has reached the limit of the minute; `now` is in seconds since 1970."""
    key = f"drafts:{int(now // 60)}:{user.pk}"
    if cache.add(key, 1, 120):
        return False
    try:
        return cache.incr(key) > PER_MINUTE
    except ValueError:  # gone in between
        return False


def _index(address: str) -> str:
    return blind_index(address, "draft")
