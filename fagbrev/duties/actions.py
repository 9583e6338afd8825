"""What people do with duties: put one off, choose how often to be mailed, change when a rule reminds."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from fagbrev.audit.acting import acting
from fagbrev.audit.log import note_change
from fagbrev.duties.models import Duty, NoticeChoice, RuleTerms, Snooze
from fagbrev.duties.registry import rules
from fagbrev.people.models import User

LONGEST_SNOOZE = timedelta(days=180)


class Refused(Exception):
    """It cannot be done; the text is a sentence for the user."""


@acting()
def snooze(*, duty: Duty, until: date, reason: str, by: User, today: date) -> Snooze:
    """Puts a duty off to a day, with a reason; it is told of again on that day. Raises Refused for a day that cannot be used."""
    if until <= today:
        raise Refused("Velg en dag som ikke har vært.")
    if until > today + LONGEST_SNOOZE:
        raise Refused("Du kan utsette i høyst et halvt år om gangen.")
    row = Snooze.objects.create(duty_key=duty.key, participant_id=duty.participant_id, until=until, reason=reason.strip(), by=by)
    Duty.objects.filter(pk=duty.pk).update(snoozed_until=until)
    note_change(
        by=by, row=row, section=rules()[duty.rule].section, verb="snoozed", participant_id=duty.participant_id,
        enrolment_id=duty.enrolment_id, fields=["until", "reason"],
    )  # fmt: skip
    return row


@acting()
def wake(*, duty: Duty, by: User) -> None:
    """Takes a duty up again before the day it was put off to."""
    Duty.objects.filter(pk=duty.pk).update(snoozed_until=None)
    note_change(
        by=by, row=duty, section=rules()[duty.rule].section, verb="woken", participant_id=duty.participant_id,
        enrolment_id=duty.enrolment_id, fields=["until"],
    )  # fmt: skip


def choose_rhythm(*, user: User, rhythm: str) -> NoticeChoice:
    """Saves how often a user wants mail."""
    choice, _made = NoticeChoice.objects.update_or_create(user=user, defaults={"rhythm": rhythm})
    return choice


@acting()
def change_rule(*, form: Any, by: User) -> RuleTerms:
    """Saves when a rule reminds from a day; every duty is derived anew. Raises Conflict when another was first."""
    form.claim_version()
    row: RuleTerms = form.save()
    note_change(by=by, row=row, section="programmes", verb="changed", participant_id=None, fields=form.changed_columns)
    return row
