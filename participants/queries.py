"""Small look-ups that views need, so that views hold no queries of their own."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from fagbrev.access.models import RecordRestriction
from fagbrev.audit.models import LookLog
from fagbrev.people.models import User
from participants.access import Record
from participants.models import (
    AdmissionVoice,
    Agreement,
    Consent,
    Enrolment,
    FadderProposal,
    NorwegianTest,
    Participant,
    Placement,
    PlacementFadder,
    StatusChange,
    WrittenExam,
)
from programmes.models import ExamWindow


def agreements_of(enrolment: Enrolment) -> QuerySet[Agreement]:
    """Gives the enrolment's agreements, newest of each kind first, with signatures."""
    return Agreement.objects.filter(enrolment=enrolment).prefetch_related("signatures").order_by("kind", "-number")


def agreements_shown(found: Record) -> QuerySet[Agreement]:
    """Gives the agreements the user may read: a leder has part in the participation agreements of own placements alone."""
    rows = agreements_of(found.enrolment)
    if found.sees_own_placements_only("agreements"):
        rows = rows.filter(kind="participation", placement__in=found.placements("agreements"))
    return rows


def voice_of(enrolment: Enrolment, whose: str) -> AdmissionVoice:
    """Gives the koordinator's or the faglærer's voice on admission, a new one when it is not given yet."""
    held = AdmissionVoice.objects.filter(enrolment=enrolment, voice=whose).first()
    return held or AdmissionVoice(enrolment=enrolment, voice=whose)


def rows_of_type(model: type[Any], enrolment: Enrolment, kind: str) -> Any:
    """Gives the enrolment's one row of a kind, such as an enclosure, or None."""
    return model._default_manager.filter(enrolment=enrolment, kind=kind).first()


def changes_of(enrolment: Enrolment) -> QuerySet[StatusChange]:
    """Gives the status history, oldest first."""
    return enrolment.changes.select_related("by", "corrected_by").order_by("at", "pk")


def main_fadder(enrolment: Enrolment, today: date, *, within: QuerySet[Placement] | None = None) -> PlacementFadder | None:
    """Gives the fadder now (or next) at the main placement, with person and workplace; `within` cuts to the placements in
    scope, main or not."""
    rows = PlacementFadder.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today), placement__enrolment=enrolment)
    rows = rows.filter(placement__is_main=True) if within is None else rows.filter(placement__in=within)
    rows = rows.filter(Q(placement__ends_on__isnull=True) | Q(placement__ends_on__gte=today))
    return rows.select_related("person", "placement__workplace").order_by("is_substitute", "-starts_on").first()


def consents_of(participant: Participant) -> QuerySet[Consent]:
    """Gives the consents, current ones first, then the history."""
    return (
        Consent.objects.filter(participant=participant)
        .select_related("workplace", "recorded_by")
        .order_by("-is_current", "party", "-answered_on", "-pk")
    )


def looks_at(participant: Participant) -> QuerySet[LookLog]:
    """Gives who has looked at the record, newest first."""
    return LookLog.objects.filter(participant_id=participant.pk).select_related("user").order_by("-at")


def norwegian_levels(participant: Participant) -> dict[str, NorwegianTest]:
    """Gives the best known level per part."""
    order = ["", "under_a1", "a1", "a2", "b1", "b2", "c1"]
    best: dict[str, NorwegianTest] = {}
    for test in NorwegianTest.objects.filter(participant=participant, state__in=["taken", "known"]).exclude(level=""):
        if test.part not in best or order.index(test.level) > order.index(best[test.part].level):
            best[test.part] = test
    return best


def exam_rows(participant: Participant, exam_code: str) -> QuerySet[WrittenExam]:
    """Gives the person's rows for an exam code."""
    return WrittenExam.objects.filter(participant=participant, exam_code=exam_code).select_related("window").order_by("-pk")


def exam_windows(today: date) -> list[ExamWindow]:
    """Gives the exam windows still open or ahead, soonest first."""
    return list(ExamWindow.objects.filter(closes_on__gte=today).order_by("opens_on"))


def open_proposals(placements: QuerySet[Any]) -> QuerySet[FadderProposal]:
    """Gives proposals not yet answered at the placements."""
    return FadderProposal.objects.filter(placement__in=placements, answered_at__isnull=True).select_related(
        "placement__workplace", "proposed_by"
    )


def restrictions_of(participant: Participant) -> QuerySet[RecordRestriction]:
    """Gives the restrictions on a record, newest first."""
    return RecordRestriction.objects.filter(participant_id=participant.pk).select_related("user", "made_by").order_by("-pk")


def staff_users() -> QuerySet[User]:
    """Gives active users who are not participants, by name."""
    return User.objects.filter(is_active=True, participant__isnull=True).order_by("name")
