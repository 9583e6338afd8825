"""The one mail a day: kinds and counts of what the user has been told of and that still waits; no word about anybody."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from fagbrev.duties.models import Notice
from fagbrev.duties.queries import rhythm_of
from fagbrev.duties.reading import duties_for
from fagbrev.duties.registry import rules
from fagbrev.duties.scan import MAIL_KIND
from fagbrev.mail.actions import WRITERS, Written, written_mail
from fagbrev.mail.models import OutgoingMail
from fagbrev.people.models import User
from fagbrev.people.roles import DELTAKER, roles_of

RHYTHM_WORDS = {"weekly": "én gang i uka, og når noe haster", "daily": "de dagene det er noe nytt"}


@dataclass(frozen=True)
class MailLine:
    """One kind of duty in a mail: its words with the count, how many there are, and how many of them are past their day."""

    words: str
    count: int
    late: int


def mail_lines(user: User, keys: set[str], today: date) -> list[MailLine]:
    """Gives the kinds and counts of those duties among `keys` that still are the user's; rights are asked for here, when it is sent.

    Most urgent first. Empty when everything is done, put off, or no longer the user's.
    """
    rows = duties_for(user, today).filter(key__in=keys).order_by("due_on").values_list("rule", "due_on")
    counts: Counter[tuple[str, str]] = Counter()
    late: Counter[tuple[str, str]] = Counter()
    for rule, due_on in rows:
        kind = rules()[rule].mail_kind
        counts[kind] += 1
        late[kind] += due_on < today
    return [
        MailLine(f"{count} {kind[0] if count == 1 else kind[1]}", count, late[kind]) for kind, count in counts.items()
    ]  # fmt: skip


def write_notices(mail: OutgoingMail, now: datetime) -> Written | None:
    """Writes the mail of a day as things stand when it is sent; None for a deactivated user, or when nothing is left."""
    user = mail.user
    if user is None or not user.is_active:
        return None
    today = timezone.localdate(now)
    lines = mail_lines(user, set(Notice.objects.filter(mail=mail).values_list("duty_key", flat=True)), today)
    if not lines:
        return None
    is_participant = roles_of(user, today) == {DELTAKER}
    context = {
        "lines": lines,
        "count": sum(line.count for line in lines),
        "is_participant": is_participant,
        "rhythm_words": RHYTHM_WORDS.get(rhythm_of(user), RHYTHM_WORDS["weekly"]),
    }
    return written_mail("notices", context)


def register() -> None:
    """Lets the outbox know who writes this kind of mail; called once, when the apps are ready."""
    WRITERS[MAIL_KIND] = write_notices
