"""The list of an information meeting: who signed up, who came, and the referral that came of it (V8 row 1)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db.models import F

from fagbrev.audit.acting import acting
from fagbrev.forms.base import VersionedForm
from fagbrev.people.models import User
from meetings.actions.noting import note_meeting
from meetings.days import sign_ups_kept_from
from meetings.models import Meeting, SignUp
from participants.actions.referrals import register_given
from participants.models import Enrolment, Referral


@acting()
def save_sign_up(*, form: VersionedForm, by: User) -> SignUp:
    """Saves one on the list. Raises Conflict when another saved first."""
    row: SignUp = form.instance
    is_new = row._state.adding
    form.claim_version()
    if is_new:
        row.created_by = by
    row.save()
    note_meeting(by=by, meeting=row.meeting, row=row, verb="signed_up" if is_new else "changed", fields=form.changed_columns)
    return row


@acting()
def tick_came(*, meeting: Meeting, rows: Collection[SignUp], came: Collection[str], before: Collection[str], by: User) -> int:
    """Records who came, among the rows shown; gives how many changed. What another ticked meanwhile, and the sender left alone, stays."""
    changed = [row for row in rows if (row.public_id in came) != (row.public_id in before) or row.attended is None]
    for row in changed:
        row.attended = row.public_id in came
        row.version += 1
    SignUp.objects.bulk_update(changed, ["attended", "version"], 500)
    if changed:
        note_meeting(by=by, meeting=meeting, verb="sign_ups_ticked", fields=["attended"])
    return len(changed)


@acting()
def remove_sign_up(*, row: SignUp, by: User) -> bool:
    """Takes one off the list; False for one that has become a referral, also while the list was read."""
    held = SignUp.objects.select_for_update(of=("self",)).filter(pk=row.pk, referral__isnull=True).first()
    if held is None:
        return False
    note_meeting(by=by, meeting=row.meeting, row=row, verb="sign_up_removed")
    held.delete()
    return True


@acting()
def refer(*, row: SignUp, given: Mapping[str, Any], by: User, today: date) -> Enrolment | None:
    """Registers the referral that came of a sign-up, and keeps of the sign-up the link alone; gives the one there is when another was
    first, and None when it was deleted while the form was written: then nobody is registered.

    Raises IntegrityError as register_given does.
    """
    held = SignUp.objects.select_for_update(of=("self",)).filter(pk=row.pk).first()
    if held is None:
        return None
    if held.referral_id is not None:
        return Enrolment.objects.get(referral=held.referral_id)
    enrolment = register_given(given=given, by=by, today=today)
    referral = Referral.objects.get(enrolment=enrolment)
    bare: dict[str, Any] = {"name": "", "phone": "", "email": "", "partner": None}
    SignUp.objects.filter(pk=row.pk).update(referral=referral, version=F("version") + 1, **bare)
    note_meeting(by=by, meeting=row.meeting, row=row, verb="referred", fields=["referral", *bare])
    return enrolment


@acting()
def wipe_sign_ups(*, today: date) -> int:
    """Wipes sign-ups that led nowhere, so many days after the meeting as the setting says; gives how many.

    That it was done is recorded for each meeting, without a word of whom.
    """
    old = SignUp.objects.filter(referral__isnull=True, meeting__starts_at__lt=sign_ups_kept_from(today))
    meetings = list(Meeting.objects.filter(pk__in=old.values("meeting")).order_by("pk"))
    count, _kinds = old.delete()
    for meeting in meetings:
        note_meeting(by=None, meeting=meeting, verb="sign_ups_wiped")
    return count
