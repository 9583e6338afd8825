"""Life is wider than the straight way: change of workplace or trade, a longer contract, a fadder who comes or goes."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import F, Max, Q
from django.utils import timezone

from fagbrev.audit.acting import acting
from fagbrev.audit.log import note_change
from fagbrev.people.models import User
from participants.actions.rows import copy_contract, keep_new_row
from participants.actions.steps import begin, end_placements, take_step
from participants.models import (
    Agreement,
    Consent,
    Document,
    EligibilityCheck,
    Enrolment,
    FadderProposal,
    IntakeConversation,
    IntakeInterview,
    Placement,
    PlacementFadder,
    TrainingContract,
)
from programmes.models import Trade, Workplace, WorkplacePerson


@acting()
def change_workplace(
    *, enrolment: Enrolment, workplace: Workplace, last_day: date, first_day: date | None, reason: str, by: User, today: date
) -> Placement:
    """Ends the main placement on its last day and opens a new one, with agreement and conditions anew («Bytt arbeidssted»)."""
    end_placements(enrolment, last_day, reason=reason or "byttet arbeidssted", only_main=True)
    Agreement.objects.filter(enrolment=enrolment, kind="participation", replaced_on__isnull=True).update(replaced_on=last_day)
    placement = Placement.objects.create(
        enrolment=enrolment, workplace=workplace, is_main=True, requested_on=today, starts_on=first_day, created_by=by
    )
    _note(enrolment, by, "placement", "changed_workplace", placement)
    return placement


@acting()
def change_trade(*, enrolment: Enrolment, trade: Trade, by: User, today: date, reason: str) -> Enrolment:
    """Ends the enrolment with the code «byttet fag» and opens a linked one that takes intake and documents along.

    Raises StepRefused when the old one cannot be ended now.
    """
    begun = enrolment.placements.filter(starts_on__lte=today).exists()
    take_step(
        enrolment=enrolment, step="terminate" if begun else "withdraw", by=by, today=today, reason_code="changed_trade",
        reason=reason,
    )  # fmt: skip
    new = Enrolment.objects.create(
        participant=enrolment.participant, trade=trade, curriculum=trade.curriculum, continues=enrolment, created_by=by,
        started_on=enrolment.started_on, norwegian_at_start=enrolment.norwegian_at_start,
    )  # fmt: skip
    _copy_one(IntakeInterview, enrolment, new)
    _copy_one(IntakeConversation, enrolment, new)
    old_referral = getattr(enrolment, "referral", None)
    if old_referral:
        _copy_row(old_referral, new)
    for check in EligibilityCheck.objects.filter(enrolment=enrolment, criterion__trade__isnull=True):
        _copy_row(check, new)
    Document.objects.filter(enrolment=enrolment, section="application_pack").update(enrolment=new)
    begin(enrolment=new, status="interviewed" if hasattr(enrolment, "interview") else "referred", by=by, today=today,
          kind="elsewhere", happened_on=today, source="løp i et annet fag")  # fmt: skip
    _note(new, by, "identity", "changed_trade", new)
    return new


def _copy_one(model: type, old: Enrolment, new: Enrolment) -> None:
    row = model.objects.filter(enrolment=old).first()  # type: ignore[attr-defined]
    if row:
        _copy_row(row, new)


def _copy_row(row: object, new: Enrolment) -> None:
    from fagbrev.rows import new_public_id

    row.pk, row.public_id, row.enrolment, row.version = None, new_public_id(), new, 1  # type: ignore[attr-defined]
    row._state.adding = True  # type: ignore[attr-defined]
    row.save()  # type: ignore[attr-defined]


@acting()
def extend_contract(
    *, enrolment: Enrolment, starts_on: date, ends_on: date, decided_on: date | None, number: str, words: str, by: User
) -> TrainingContract:
    """Adds a contract version; duties and dates follow the newest."""
    order = (TrainingContract.objects.filter(enrolment=enrolment).aggregate(m=Max("order"))["m"] or 0) + 1
    contract = TrainingContract.objects.create(
        enrolment=enrolment, order=order, number=number, starts_on=starts_on, ends_on=ends_on, decided_on=decided_on, words=words,
        created_by=by,
    )  # fmt: skip
    copy_contract(enrolment)
    keep_new_row(contract, by=by)
    _note(enrolment, by, "training_contract", "contract_version", contract)
    return contract


@acting()
def name_fadder(
    *, placement: Placement, person: WorkplacePerson, starts_on: date | None, is_substitute: bool, by: User
) -> PlacementFadder:
    """Gives the placement a fadder from a day; the one before ends the day before, unless the new one is a substitute."""
    if not is_substitute and starts_on:
        before = placement.faddere.filter(is_substitute=False, ends_on__isnull=True)
        before.filter(Q(starts_on__isnull=True) | Q(starts_on__lt=starts_on)).update(ends_on=starts_on - timedelta(days=1))
    fadder = PlacementFadder.objects.create(
        placement=placement, person=person, starts_on=starts_on, is_substitute=is_substitute, created_by=by
    )
    keep_new_row(fadder, by=by)
    _note(placement.enrolment, by, "placement", "named_fadder", fadder)
    return fadder


@acting()
def accept_proposal(*, proposal: FadderProposal, by: User, today: date) -> PlacementFadder | None:
    """Makes the proposed person a possible fadder at the workplace, and fadder of the placement from today.

    Gives None when someone has answered the proposal already.
    """
    waiting = FadderProposal.objects.filter(pk=proposal.pk, answered_at__isnull=True)
    if not waiting.update(answered_at=timezone.now(), accepted=True):
        return None
    person, _made = WorkplacePerson.objects.get_or_create(
        workplace=proposal.placement.workplace, name=proposal.name,
        defaults={"email": proposal.email, "has_fagbrev": proposal.has_fagbrev, "created_by": by},
    )  # fmt: skip
    return name_fadder(placement=proposal.placement, person=person, starts_on=today, is_substitute=False, by=by)


@acting()
def confirm_extra_person(*, placement: Placement, confirmed_on: date, by: User) -> None:
    """Records that the participant is an extra person at the workplace and replaces no employee (V6, leder: each semester)."""
    Placement.objects.filter(pk=placement.pk).update(extra_person_confirmed_on=confirmed_on, version=F("version") + 1)
    _note(placement.enrolment, by, "placement", "confirmed_extra_person", placement)


@acting()
def answer_consent(
    *, enrolment: Enrolment, party: str, workplace: Workplace | None, answer: bool, answered_on: date, by: User
) -> Consent:
    """Records a yes or no to sharing with one party; a no after a yes withdraws it, and earlier answers stay in the history."""
    person = enrolment.participant
    held = Consent.objects.filter(participant=person, party=party, workplace=workplace, is_current=True).first()
    if held and held.answer and held.withdrawn_on is None and not answer:
        withdraw_consent(consent=held, enrolment=enrolment, withdrawn_on=max(answered_on, held.answered_on), by=by)
        return held
    Consent.objects.filter(participant=person, party=party, workplace=workplace, is_current=True).update(is_current=False)
    consent = Consent.objects.create(
        participant=person,
        party=party,
        workplace=workplace,
        answer=answer,
        answered_on=answered_on,
        recorded_by=by,
        created_by=by,
    )
    _note(enrolment, by, "consents", "answered_consent", consent)
    return consent


@acting()
def withdraw_consent(*, consent: Consent, enrolment: Enrolment, withdrawn_on: date, by: User) -> None:
    """Withdraws a consent; what it opened is closed from the next request."""
    Consent.objects.filter(pk=consent.pk, withdrawn_on__isnull=True).update(withdrawn_on=withdrawn_on)
    _note(enrolment, by, "consents", "withdrew_consent", consent)


def _note(enrolment: Enrolment, by: User, section: str, verb: str, row: object) -> None:
    note_change(
        by=by, row=row, section=section, verb=verb, participant_id=enrolment.participant_id, enrolment_id=enrolment.pk,  # type: ignore[arg-type]
    )  # fmt: skip
