"""The daily scan: due moments become notices, and notices become room for one mail a day at most. Safe to run at any time."""

from __future__ import annotations

import csv
import logging
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from fagbrev.duties.engine import AT_A_TIME, refresh
from fagbrev.duties.models import Duty, HandOver, Notice, NoticeChoice, Scan
from fagbrev.duties.registry import rules, sources, terms_on
from fagbrev.duties.rules import AGAIN, Moment, Rule, Terms, moments_to_tell
from fagbrev.mail.actions import put_in_outbox_for
from fagbrev.mail.models import OutgoingMail
from fagbrev.people.models import User

log = logging.getLogger(__name__)
MAIL_KIND = "notices"
LEASE = timedelta(minutes=15)
SAME_DAY = timedelta(days=2)
FARTHEST = timedelta(days=400)  # no moment lies farther from its day than this
# What the scan asks of each duty.
NEEDED = (
    "pk", "key", "rule", "source", "subject_type", "subject_id", "occurrence", "owner_role", "participant_id", "enrolment_id",
    "placement_id", "trade_id", "protection", "begins_on", "opens_on", "due_on", "told_from", "created_on", "noticed_through",
    "snoozed_until",
)  # fmt: skip


@dataclass
class Line:
    """One line of the report: a notice, or a moment that nobody could be told of."""

    rule: str
    recipient: str
    subject_type: str
    subject_id: str
    moment: str
    due: date
    channel: str
    status: str


@dataclass
class Told:
    """What a scan did."""

    day: date
    seconds: float = 0
    notices: int = 0
    mails: int = 0
    lines: list[Line] = field(default_factory=list)
    was_busy: bool = False


def scan(
    *, today: date, now: datetime | None = None, dry_run: bool = False, with_lines: bool = False, if_undone: bool = False
) -> Told:
    """Goes through every duty as of a day, makes the notices that are due, and room for the mails of the day. Gives what it did.

    Run twice it does nothing more; run after days without, it makes what was missed. `dry_run` writes nothing.
    Two at once: the second one finds the first at work and leaves it to it; with `if_undone` also when the first has just ended.
    """
    started = time.monotonic()
    until = _claim(now or timezone.now(), undone=today if if_undone else None)
    if until is None:
        return Told(today, was_busy=True)
    mine = Scan.objects.filter(pk=Scan.ONLY, lease_until=until)
    try:
        with transaction.atomic():
            told = _go_through(today, with_lines=with_lines or dry_run)
            told.seconds = time.monotonic() - started
            if dry_run:
                transaction.set_rollback(True)
            else:  # with the notices, so that nobody finds the scan undone and free
                done = Scan.objects.filter(pk=Scan.ONLY)
                if not if_undone:  # by hand for an earlier day: the newest day stands
                    done = done.filter(Q(last_day__isnull=True) | Q(last_day__lte=today))
                done.update(
                    last_day=today, finished_at=timezone.now(), seconds=told.seconds, notices=told.notices, mails=told.mails
                )
                mine.update(lease_until=None)
    finally:
        mine.update(lease_until=None)
    if not dry_run:
        figures = {"day": today.isoformat(), "notices": told.notices, "mails": told.mails, "seconds": round(told.seconds, 2)}
        log.info("scan of %s: %d notices, %d mails, %.2f s", today, told.notices, told.mails, told.seconds, extra=figures)
    return told


def _claim(now: datetime, *, undone: date | None) -> datetime | None:
    """Takes the scan for a lease, if nobody has it, and if the day is not done where that is asked for. Gives until when."""
    Scan.objects.get_or_create(pk=Scan.ONLY)
    free = Scan.objects.filter(Q(lease_until__isnull=True) | Q(lease_until__lt=now), pk=Scan.ONLY)
    if undone is not None:
        free = free.exclude(last_day=undone)
    until = now + LEASE
    return until if free.update(lease_until=until) else None


def scan_if_due(*, now: datetime) -> Told | None:
    """Scans when the day's scan is due and not done: after the hour of the setting, also after a time without any. None otherwise.

    Only the day itself counts as done: a scan by hand for a day ahead must not silence the days until then.
    """
    local = timezone.localtime(now)
    if local.hour * 60 + local.minute < settings.SCAN_AT_MINUTES:
        return None
    if Scan.objects.filter(pk=Scan.ONLY, last_day=local.date()).exists():
        return None
    return scan(today=local.date(), now=now, if_undone=True)


def last_scan() -> Scan | None:
    """Gives when duties were last gone through, None when never."""
    return Scan.objects.filter(pk=Scan.ONLY, finished_at__isnull=False).first()


# --- Notices -----------------------------------------------------------------------------------------


def _go_through(today: date, *, with_lines: bool) -> Told:
    terms = terms_on(today)
    refresh(today=today, terms=terms)
    due, passed = _due_moments(today, terms)
    people = _recipients([duty for duty, _moments in due], today)
    rhythms = _Rhythms(today, terms)
    told, made = Told(today), []
    for duty, moments in due:
        rule = rules()[duty.rule]
        for moment in moments:
            users = people.get(duty.pk, ())
            for user in users:
                mail_on = rhythms.mail_on(user, rule, duty, moment)
                made.append(_notice(duty, moment, user, today, mail_on))
                if with_lines:
                    told.lines += _lines(duty, moment, user, mail_on, today)
            if with_lines and not users:
                told.lines.append(_line(duty, moment, "", "none", "no_recipient"))
    before = Notice.objects.count() if made else 0
    for start in range(0, len(made), AT_A_TIME):
        Notice.objects.bulk_create(made[start : start + AT_A_TIME], ignore_conflicts=True)
    told.notices = Notice.objects.count() - before if made else 0
    # A duty without a moment until today needs no mark: the next scan finds none in these days either.
    for some in ([*passed[start : start + AT_A_TIME]] for start in range(0, len(passed), AT_A_TIME)):
        Duty.objects.filter(pk__in=some).update(noticed_through=today)
    told.mails = _make_mails(today)
    return told


def _due_moments(today: date, terms: Terms) -> tuple[list[tuple[Any, list[Moment]]], list[int]]:
    """Gives the duties with moments to tell now, and the ids of those to be marked as told until today.

    One that is put off is told of again on the day it ends, and what passed meanwhile is not told.
    """
    rows = Duty.objects.filter(Q(noticed_through__isnull=True) | Q(noticed_through__lt=today), due_on__lte=today + FARTHEST)
    anew = Duty.objects.filter(noticed_through__isnull=True).values("key")
    told: dict[str, set[str]] = defaultdict(set)
    pairs = Notice.objects.filter(duty_key__in=anew).values_list("duty_key", "moment").distinct()
    for key, code in pairs.iterator(chunk_size=AT_A_TIME):
        told[key].add(code)
    known, due, passed = rules(), [], []
    for duty in rows.values_list(*NEEDED, named=True).iterator(chunk_size=AT_A_TIME):
        until, before = duty.snoozed_until, told.get(duty.key, ())
        moments = [] if until and until > today else moments_to_tell(
            duty, known[duty.rule], terms, today=today, told_before=before
        )  # fmt: skip
        if until and until <= today and (duty.noticed_through is None or duty.noticed_through < until):
            again = Moment(f"{AGAIN}{until:%y%m%d}", until)
            moments = [moment for moment in moments if moment.day > until] + ([again] if again.code not in before else [])
        if moments:
            due.append((duty, moments))
        if moments or until or duty.noticed_through is None:
            passed.append(duty.pk)
    return due, passed


def _recipients(duties: list[Any], today: date) -> dict[int, list[Any]]:
    """Active users to be told, by the duty's id: those who are away are left out, those who have taken over are in already."""
    found: dict[int, set[int]] = {}
    for key, source in sources().items():
        mine = [duty for duty in duties if duty.source == key]
        if mine:
            found.update(source.recipients(mine, today))
    away: dict[str, set[int]] = defaultdict(set)
    for role, user in HandOver.objects.active(today).values_list("role", "from_user_id"):
        away[role].add(user)
    everyone = {user for users in found.values() for user in users}
    active = {user.pk: user for user in User.objects.filter(is_active=True, pk__in=everyone)} if len(everyone) < 500 else {
        user.pk: user for user in User.objects.filter(is_active=True)
    }  # fmt: skip
    roles = {duty.pk: duty.owner_role for duty in duties}
    return {
        duty: [active[user] for user in sorted(users) if user in active and user not in away[roles[duty]]]
        for duty, users in found.items()
    }


def _notice(duty: Any, moment: Moment, user: Any, today: date, mail_on: date | None) -> Notice:
    return Notice(
        duty_key=duty.key, rule=duty.rule, moment=moment.code, recipient=user, moment_on=moment.day, due_on=duty.due_on,
        made_on=today, mail_on=mail_on,
    )  # fmt: skip


def in_force(rhythm: str, *, may_be_off: bool) -> str:
    """Gives the rhythm that holds for one who has chosen `rhythm`: mail may be off only where the municipality lets it."""
    return "weekly" if rhythm == "off" and not may_be_off else rhythm


class _Rhythms:
    """When each user is mailed: the own choice within what the municipality allows."""

    def __init__(self, today: date, terms: Terms) -> None:
        self.today = today
        self.weekday = min(max(int(terms.numbers.get("digest_weekday", 1)), 1), 7)
        self.may_be_off = bool(terms.numbers.get("mail_may_be_off", 0))
        self.chosen = dict(NoticeChoice.objects.exclude(rhythm="weekly").values_list("user_id", "rhythm"))

    def of(self, user: Any) -> str:
        """weekly, daily or off."""
        return in_force(self.chosen.get(user.pk, "weekly"), may_be_off=self.may_be_off)

    def mail_on(self, user: Any, rule: Rule, duty: Any, moment: Moment) -> date | None:
        """The first day a notice may go by mail: today when it is at once, due within two days or the user wants it daily, else
        the first day of the weekly mail on or after the moment."""
        rhythm = self.of(user)
        if rhythm == "off":
            return None
        is_near = duty.due_on - SAME_DAY <= self.today <= duty.due_on and not rule.by_digest
        if rule.at_once or is_near or rhythm == "daily":
            return self.today
        return moment.day + timedelta(days=(self.weekday - moment.day.isoweekday()) % 7)


def _lines(duty: Any, moment: Moment, user: Any, mail_on: date | None, today: date) -> Iterator[Line]:
    yield _line(duty, moment, user.public_id, "app", "made")
    if mail_on is not None:
        yield _line(duty, moment, user.public_id, "mail", "queued" if mail_on <= today else "waits")


def _line(duty: Any, moment: Moment, user: str, channel: str, status: str) -> Line:
    return Line(duty.rule, user, duty.subject_type, duty.subject_id, moment.code, duty.due_on, channel, status)


# --- Mails -------------------------------------------------------------------------------------------


def _make_mails(today: date) -> int:
    """Makes room for a mail to each user who has notices to be mailed by now, if their duties still stand; one mail a day at most.

    Gives how many users there are. What is told after the day's mail was made goes with the next one.
    """
    standing = Duty.objects.filter(Q(snoozed_until__isnull=True) | Q(snoozed_until__lte=today), begins_on__lte=today).values(
        "key"
    )
    unsent = Notice.objects.filter(mail__isnull=True, mail_on__lte=today)
    wanted = list(
        User.objects.filter(is_active=True, pk__in=unsent.filter(duty_key__in=standing).values("recipient")).order_by("pk")
    )
    if not wanted:
        return 0
    period = today.isoformat()
    held = set(OutgoingMail.objects.filter(kind=MAIL_KIND, period=period).values_list("user_id", flat=True))
    new = [user for user in wanted if user.pk not in held]
    put_in_outbox_for(users=new, kind=MAIL_KIND, period=period)
    ids = dict(
        OutgoingMail.objects.filter(kind=MAIL_KIND, period=period, user__in=new).values_list("user_id", "pk")
        if len(new) < 500
        else OutgoingMail.objects.filter(kind=MAIL_KIND, period=period).exclude(user__in=held).values_list("user_id", "pk")
    )
    mail_of = OutgoingMail.objects.filter(kind=MAIL_KIND, period=period, user=OuterRef("recipient")).values("pk")[:1]
    recipients = [user for user in ids if user not in held]
    rows = unsent.filter(recipient__in=recipients) if len(recipients) < 500 else unsent.exclude(recipient__in=held)
    rows.update(mail=Subquery(mail_of))
    return len(new)


def write_report(lines: Iterable[Line], file: Any) -> None:
    """Writes the report as CSV; ids are public ones, and no line holds anybody's name."""
    writer = csv.writer(file)
    writer.writerow(["rule", "recipient", "subject_type", "subject_id", "moment", "due", "channel", "status"])
    for line in lines:
        writer.writerow(
            [line.rule, line.recipient, line.subject_type, line.subject_id, line.moment, line.due.isoformat(), line.channel,
             line.status]
        )  # fmt: skip
