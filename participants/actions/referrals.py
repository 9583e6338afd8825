"""New people: a referral registered by the koordinator, one from the open form, one from another municipality (V8 row 2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from fagbrev.audit.acting import acting
from fagbrev.audit.log import note_change
from fagbrev.people.models import User
from participants.actions.steps import begin
from participants.models import Enrolment, Participant, Referral, ReferralInboxItem
from programmes.models import Partner, Trade


@acting()
def register(
    *, first_name: str, last_name: str, trade: Trade | None, by: User | None, today: date, phone: str = "", email: str = "",
    participant: Participant | None = None, started_on: date | None = None, status: str = "referred", kind: str = "step",
    source: str = "", origin: str = "here", referral: dict[str, Any] | None = None,
) -> Enrolment:  # fmt: skip
    """Registers a referral and gives its enrolment. `participant` is one already known; `status` other than referred is for
    those who come in the middle (kind elsewhere or import)."""
    person = participant or Participant.objects.create(
        first_name=first_name, last_name=last_name, phone=phone, email=email, created_by=by
    )
    enrolment = Enrolment.objects.create(
        participant=person, trade=trade, curriculum=trade.curriculum if trade else None, created_by=by,
        started_on=started_on or (today if kind == "step" else None), origin=origin, came_from=source if kind == "elsewhere" else "",
        imported_on=today if kind == "import" else None,
    )  # fmt: skip
    details: dict[str, Any] = {"referred_on": enrolment.started_on, **(referral or {})}
    Referral.objects.create(enrolment=enrolment, created_by=by, **details)
    note_change(
        by=by, row=enrolment, section="referral", verb="registered", participant_id=person.pk, enrolment_id=enrolment.pk,
    )  # fmt: skip
    begin(enrolment=enrolment, status=status, by=by, today=today, kind=kind, source=source,
          happened_on=enrolment.started_on if status == "referred" else (today if kind == "elsewhere" else None))  # fmt: skip
    return enrolment


@acting()
def register_given(*, given: Mapping[str, Any], by: User, today: date) -> Enrolment:
    """Registers a referral as the koordinator's form gives it (participants.forms.referrals.NewReferralForm), and gives its enrolment.

    Raises IntegrityError when another was quicker with the same person in the same trade.
    """
    person = given["known"].participant if given["known"] else None
    middle: dict[str, Any] = {}
    if given["from_elsewhere"]:
        middle = {"kind": "elsewhere", "origin": "elsewhere", "status": given["start_status"], "source": given["source"]}
    who = given["referred_by"]
    return register(
        first_name=given["first_name"], last_name=given["last_name"], phone=given["phone"], email=given["email"],
        trade=given["trade"], participant=person, started_on=given["referred_on"], by=by, today=today, referral={
            "referred_by": who,
            "partner": given["partner"] if who == "partner" else None,
            "partner_text": given["partner_text"] if who == "partner" and not given["partner"] else "",
            "knows_of_referral": who == "self" or given["knows_of_referral"] == "yes",
            "words": _words(given),
        }, **middle,
    )  # fmt: skip


def _words(given: Mapping[str, Any]) -> str:
    """The text of the referral, with what has no column of its own added as sentences."""
    lines = [given["words"]]
    if given["already_employed"]:
        lines.append(_("Er allerede ansatt på et arbeidssted."))
    if given["known"]:
        person = given["known"].participant
        new = [
            value for value, held in ((given["phone"], person.phone), (given["email"], person.email)) if value and value != held
        ]
        if new:
            lines.append(_("Oppgitt i henvisningen: %(ways)s.") % {"ways": ", ".join(new)})
    return "\n".join(line for line in lines if line)


@acting()
def accept_inbox_item(
    *, item: ReferralInboxItem, by: User, today: date, participant: Participant | None = None
) -> Enrolment | None:
    """Turns a referral from the open form into a participant; gives None when someone has answered it already."""
    held = ReferralInboxItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if held.state != "new":
        return None
    partner = Partner.objects.filter(name__iexact=held.sender_organisation).first() if held.sender_organisation else None
    enrolment = register(
        first_name=held.first_name, last_name=held.last_name, phone=held.phone, email=held.email, trade=held.trade, by=by,
        today=today, participant=participant, started_on=timezone.localdate(held.received_at),
        referral={
            "referred_by": "self" if held.is_self else "partner",
            "partner": partner,
            "partner_text": "" if partner else held.sender_organisation,
            "contact_person": "" if held.is_self else held.sender_name,
            "knows_of_referral": True if held.is_self else held.knows_of_referral,
            "words": held.words,
        },
    )  # fmt: skip
    _answer(held, by, "accepted")
    held.enrolment_id_made = enrolment.pk
    held.save()
    return enrolment


@acting()
def decline_inbox_item(*, item: ReferralInboxItem, by: User, reason: str) -> bool:
    """Declines a referral from the open form; gives False when someone has answered it already."""
    held = ReferralInboxItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if held.state != "new":
        return False
    _answer(held, by, "declined")
    held.decline_reason = reason
    held.save()
    return True


def _answer(item: ReferralInboxItem, by: User, state: str) -> None:
    item.state = state
    item.answered_at = timezone.now()
    item.answered_by = by
    item.version += 1
