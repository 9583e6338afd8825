"""The participant's own sign-in, and restrictions on who sees a record."""

from __future__ import annotations

from datetime import date, timedelta

from fagbrev.access.models import RecordRestriction
from fagbrev.audit.acting import acting
from fagbrev.audit.log import note_change
from fagbrev.people.actions import NotAllowed, invite_user
from fagbrev.people.models import RoleGrant, User
from fagbrev.people.roles import COORDINATOR, DELTAKER
from participants.models import Participant
from programmes.models import WorkplacePerson


class AccessRefused(Exception):
    """It cannot be done; the text is a sentence for the user."""


@acting()
def give_sign_in(*, participant: Participant, email: str, by: User, today: date) -> User:
    """Gives the participant a sign-in with the role deltaker. Raises AccessRefused."""
    if Participant.objects.select_for_update(of=("self",)).get(pk=participant.pk).user_id:
        raise AccessRefused("Deltakeren har allerede tilgang.")
    held = User.objects.filter(email__iexact=email).first()
    if held is not None and _is_someone_else(held):
        raise AccessRefused("Denne adressen er i bruk av en annen.")
    try:
        user = invite_user(email=email, name=participant.full_name, role=DELTAKER, by=by, today=today)
    except NotAllowed as refused:
        raise AccessRefused(str(refused)) from None
    participant.user = user
    participant.version += 1
    participant.save(update_fields=["user", "version"])
    note_change(by=by, row=participant, section="contact", verb="gave_sign_in", participant_id=participant.pk, fields=["user"])
    return user


def _is_someone_else(user: User) -> bool:
    """True for an account that is more than an invited participant's: staff, people at workplaces, other participants."""
    return (
        user.is_superuser
        or user.is_staff
        or RoleGrant.objects.filter(user=user).exclude(role=DELTAKER).exists()
        or WorkplacePerson.objects.filter(user=user).exists()
        or Participant.objects.filter(user=user).exists()
    )


@acting()
def restrict(
    *, participant: Participant, kind: str, user: User, reason: str, starts_on: date, by: User, today: date
) -> RecordRestriction:
    """Registers a restriction. Raises AccessRefused when no koordinator would be left who sees the record."""
    row = RecordRestriction.objects.create(
        participant_id=participant.pk, kind=kind, user=user, reason=reason, starts_on=starts_on, made_by=by
    )
    _demand_a_coordinator(participant, today)
    note_change(by=by, row=row, section="identity", verb="restricted", participant_id=participant.pk, fields=["kind", "user"])
    return row


def _demand_a_coordinator(participant: Participant, today: date) -> None:
    """Raises AccessRefused when on some day from now on no koordinator would see the record."""
    rows = RecordRestriction.objects.filter(participant_id=participant.pk, starts_on__gt=today)
    if not all(_coordinators_left(participant, day) for day in {today, *rows.values_list("starts_on", flat=True)}):
        raise AccessRefused("Da er det ingen koordinator igjen som ser deltakeren. Velg en koordinator først.")


def _coordinators_left(participant: Participant, day: date) -> bool:
    rows = RecordRestriction.objects.active(day).filter(participant_id=participant.pk)
    grants = RoleGrant.objects.active(day).filter(role=COORDINATOR)
    coordinators = set(grants.values_list("user_id", flat=True))
    denied = {row.user_id for row in rows if row.kind == "deny"}
    named = {row.user_id for row in rows if row.kind == "only"}
    return bool((coordinators & named if named else coordinators) - denied)


@acting()
def end_restriction(*, restriction: RecordRestriction, participant: Participant, by: User, today: date) -> None:
    """Ends a restriction, so that it does not hold from today. Raises AccessRefused when the record would lie open, or shut."""
    day = max(today - timedelta(days=1), restriction.starts_on)
    if day >= today:
        restriction.delete()
    else:
        RecordRestriction.objects.filter(pk=restriction.pk).update(ends_on=day)
    named = RecordRestriction.objects.active(today).filter(participant_id=participant.pk, kind=RecordRestriction.ONLY)
    if participant.address_protection == "strengt_fortrolig" and not named.exists():
        raise AccessRefused("Adressen er strengt fortrolig. Da må minst én være navngitt. Navngi en annen først.")
    _demand_a_coordinator(participant, today)
    note_change(by=by, row=restriction, section="identity", verb="unrestricted", participant_id=participant.pk)
