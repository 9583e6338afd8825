"""The performer: the only code that changes an enrolment's status (V8). Refusals are sentences for the user."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.db.models import Q, QuerySet

from fagbrev.audit.acting import acting, touch
from fagbrev.audit.log import note_change
from fagbrev.audit.models import ChangeLog
from fagbrev.dates import date_words
from fagbrev.people.models import User
from participants.access import enrolments_for
from participants.facts import facts_of
from participants.models import (
    Agreement,
    CohortMember,
    Enrolment,
    Leave,
    Placement,
    PlacementFadder,
    PoliceCertificate,
    StatusChange,
)
from participants.workflow import END_CODES, ENDED, MAIN_LINE, STATUS_NAMES, STEPS, Facts, Step, target_of, why_not

ENDED_WITH_ENROLMENT = "løpet sluttet"
PLACE_FELL_THROUGH = "praksisplassen falt bort"


class StepRefused(Exception):
    """The step cannot be taken; the text is a sentence for the user."""


def why_not_step(
    user: User, enrolment: Enrolment, step: Step, *, today: date, waived: Mapping[str, str] | None = None,
    facts: Facts | None = None,
) -> str:  # fmt: skip
    """Gives a sentence that says why this user cannot take the step on the day, or "".

    Only a koordinator makes transitions: the section status_reasons is the koordinator's alone to write.
    """
    mine = enrolments_for(user, "status_reasons", "write", today=today, listed=False)
    if not mine.filter(pk=enrolment.pk).exists():
        return "Bare koordinator kan flytte en deltaker videre."
    return why_not(step, facts or facts_of(enrolment, today=today), waived=waived)


@acting()
def take_step(
    *, enrolment: Enrolment, step: str, by: User, today: date, happened_on: date | None = None, reason_code: str = "",
    reason: str = "", waived: Mapping[str, str] | None = None,
) -> StatusChange:  # fmt: skip
    """Takes one step of the workflow and gives the change. Raises StepRefused with the reason when it cannot be taken.

    `happened_on` is the day it happened (today when not said); `waived` holds a written reason per condition key.
    """
    arrow = STEPS[step]
    row = Enrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk)
    day = happened_on or today
    facts = facts_of(row, today=today)
    refused = why_not_step(by, row, arrow, today=today, waived=waived, facts=facts) or _bad_day(row, day, today)
    if not refused and arrow.needs_reason:
        refused = _bad_reason(arrow, reason_code, reason)
    if refused:
        raise StepRefused(refused)
    used = {key: words.strip() for key, words in (waived or {}).items() if words.strip()}
    held = {condition.key: condition for condition in arrow.conditions}
    used = {key: words for key, words in used.items() if key in held and held[key].missing(facts)}
    change = StatusChange.objects.create(
        enrolment=row,
        step=step,
        from_status=row.status,
        to_status=target_of(arrow, facts),
        happened_on=day,
        by=by,
        reason_code=reason_code if arrow.reason_codes else "",
        reason=reason.strip(),
        waived=used,
    )
    _write(row, change.to_status, day, end_code=change.reason_code)
    _follow(row, arrow, day)
    _note(row, by, "step:" + step)
    enrolment.refresh_from_db()
    return change


def _bad_day(row: Enrolment, day: date, today: date) -> str:
    if day > today:
        return "Datoen er fram i tid. Registrer steget når det har skjedd."
    # What was corrected does not count, nor the correction: it carries the wrong step's day.
    standing = row.changes.filter(happened_on__isnull=False, corrected_by__isnull=True, corrects__isnull=True)
    last = standing.order_by("-at", "-pk").first()
    if last and last.happened_on and day < last.happened_on:
        return f"Forrige steg skjedde {date_words(last.happened_on)}. Datoen kan ikke være før det."
    return ""


def _bad_reason(arrow: Step, code: str, words: str) -> str:
    if arrow.reason_codes and code not in dict(arrow.reason_codes):
        return "Velg en grunn."
    if not words.strip():
        return "Skriv kort hvorfor."
    return ""


def _write(row: Enrolment, status: str, day: date | None, *, end_code: str = "") -> None:
    """Writes the status column and its dates; nothing else in the product does."""
    row.status_before_leave = row.status if status == "on_leave" else ""
    row.status = status
    row.status_since = day
    row.ended_on = day if status in ENDED else None
    row.end_code = end_code if status in ENDED else ""
    row.version += 1
    row.save(update_fields=["status", "status_since", "status_before_leave", "ended_on", "end_code", "version"])


def _follow(row: Enrolment, arrow: Step, day: date) -> None:
    """What a step brings with it: ended placements and leaves, forgotten details of the police certificate."""
    if arrow.key == "return":
        for leave in Leave.objects.filter(enrolment=row, ended_on__isnull=True):
            leave.ended_on = max(day, leave.starts_on) if leave.starts_on else day
            if leave.starts_on and row.contract_ends_on and leave.proposed_contract_end is None:
                # A proposal only: the new end stands when the county's decision is recorded as a contract version.
                leave.proposed_contract_end = row.contract_ends_on + (leave.ended_on - leave.starts_on)
            leave.version += 1
            leave.save(update_fields=["ended_on", "proposed_contract_end", "version"])
    if arrow.key == "placement_fails":
        end_placements(row, day, reason=PLACE_FELL_THROUGH)
        # The next place needs an agreement of its own.
        _participation_agreements(row).filter(replaced_on__isnull=True).update(replaced_on=day)
    if arrow.is_ending:
        end_placements(row, day, reason=ENDED_WITH_ENROLMENT)
        CohortMember.objects.filter(enrolment=row, ends_on__isnull=True).filter(
            Q(starts_on__isnull=True) | Q(starts_on__lte=day)
        ).update(ends_on=day)
        Leave.objects.filter(enrolment=row, ended_on__isnull=True).filter(
            Q(starts_on__isnull=True) | Q(starts_on__lte=day)
        ).update(ended_on=day)
        # The details go when the person leaves (facts: politiregisterforskriften § 37-2).
        PoliceCertificate.objects.filter(enrolment=row).update(
            purpose_form_sent_on=None, basis="", shown_on=None, seen_by="", required_because=""
        )


def end_placements(row: Enrolment, day: date, *, reason: str, only_main: bool = False) -> None:
    """Ends the enrolment's open placements and their faddere on the day; one that has not begun loses its first day."""
    rows = Placement.objects.filter(enrolment=row).filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day))
    if only_main:
        rows = rows.filter(is_main=True)
    for placement in rows:
        faddere = PlacementFadder.objects.filter(placement=placement).filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day))
        faddere.filter(starts_on__gt=day).update(starts_on=None, ends_on=day)
        faddere.update(ends_on=day)
        if placement.starts_on and placement.starts_on > day:
            placement.starts_on = None
        placement.ends_on = day
        placement.end_reason = reason
        placement.version += 1
        placement.save(update_fields=["starts_on", "ends_on", "end_reason", "version"])


@acting()
def correct_step(*, enrolment: Enrolment, by: User, today: date, reason: str) -> StatusChange:
    """Goes one step back («Rett feil») with a reason; the history keeps both. Raises StepRefused."""
    row = Enrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk)
    mine = enrolments_for(by, "status_reasons", "write", today=today, listed=False)
    if not mine.filter(pk=row.pk).exists():
        raise StepRefused("Bare koordinator kan rette et steg.")
    if not reason.strip():
        raise StepRefused("Skriv kort hva som var feil.")
    last = row.changes.filter(kind__in=["step", "import", "elsewhere"], corrected_by__isnull=True).order_by("-at", "-pk").first()
    if last is None or not last.from_status:
        raise StepRefused("Dette er det første steget. Det er ikke noe å gå tilbake til.")
    if STEPS.get(last.step) and STEPS[last.step].is_ending and _is_taken_up_anew(row):
        raise StepRefused("Deltakeren har et nytt, åpent løp i samme fag. Da kan ikke dette løpet åpnes igjen.")
    before = row.changes.filter(
        kind__in=["step", "import", "elsewhere"], corrected_by__isnull=True, to_status=last.from_status, at__lte=last.at
    ).exclude(pk=last.pk).order_by("-at", "-pk").first()  # fmt: skip
    change = StatusChange.objects.create(
        enrolment=row, step=last.step, kind="correction", from_status=row.status, to_status=last.from_status,
        happened_on=last.happened_on, by=by, reason=reason.strip(), corrects=last,
    )  # fmt: skip
    _undo(row, last)
    row.status = last.from_status
    row.status_before_leave = _status_before_leave(row, before) if last.from_status == "on_leave" else ""
    row.status_since = before.happened_on if before else row.started_on
    row.ended_on, row.end_code = None, ""
    row.version += 1
    row.save(update_fields=["status", "status_before_leave", "status_since", "ended_on", "end_code", "version"])
    _note(row, by, "correct")
    enrolment.refresh_from_db()
    return change


def _is_taken_up_anew(row: Enrolment) -> bool:
    rows = Enrolment.objects.filter(participant=row.participant_id, trade__isnull=False, trade=row.trade_id)
    return rows.exclude(pk=row.pk).exclude(status__in=ENDED).exists()


def _status_before_leave(row: Enrolment, began_leave: StatusChange | None) -> str:
    return began_leave.from_status if began_leave and began_leave.from_status else "training"


@acting()
def fill_in(*, enrolment: Enrolment, by: User, today: date, happened_on: date, end_code: str = "") -> StatusChange:
    """Registers the unknown day of an imported phase, and why it ended where it did; the status stays. Raises StepRefused."""
    row = Enrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk)
    mine = enrolments_for(by, "status_reasons", "write", today=today, listed=False)
    if not mine.filter(pk=row.pk).exists():
        raise StepRefused("Bare koordinator kan registrere dette.")
    if not lacks(row):
        raise StepRefused("Dato og grunn er allerede registrert. Bruk «Rett feil» hvis de er gale.")
    if happened_on > today:
        raise StepRefused("Datoen er fram i tid.")
    if row.started_on and happened_on < row.started_on:
        raise StepRefused(f"Deltakeren ble henvist {date_words(row.started_on)}. Datoen kan ikke være før det.")
    if row.status in END_CODES and not row.end_code and end_code not in dict(END_CODES[row.status]):
        raise StepRefused("Velg en grunn.")
    change = StatusChange.objects.create(
        enrolment=row, step="fill_in", kind="correction", from_status=row.status, to_status=row.status, happened_on=happened_on,
        by=by, reason_code=end_code, reason="Registrert det som manglet.",
    )  # fmt: skip
    row.status_since = row.status_since or happened_on
    if row.status in ENDED:
        row.ended_on = row.ended_on or happened_on
        row.end_code = row.end_code or end_code
    row.version += 1
    row.save(update_fields=["status_since", "ended_on", "end_code", "version"])
    _note(row, by, "fill_in")
    enrolment.refresh_from_db()
    return change


def lacks(row: Enrolment) -> bool:
    """Tells whether the day of the present phase, or the reason of an ending, is not known."""
    if row.status in ENDED:
        return row.ended_on is None or (row.status in END_CODES and not row.end_code)
    return row.status_since is None


def _participation_agreements(row: Enrolment) -> QuerySet[Agreement]:
    return Agreement.objects.filter(enrolment=row, kind="participation")


def _undo(row: Enrolment, last: StatusChange) -> None:
    """Opens again what the wrong step ended; what has come instead since then stands."""
    day = last.happened_on
    step = STEPS.get(last.step)
    is_ending = bool(step and step.is_ending)
    came_from_leave = last.step == "return" or (is_ending and last.from_status == "on_leave")
    if came_from_leave and not row.leaves.filter(ended_on__isnull=True).exists():
        Leave.objects.filter(pk__in=row.leaves.filter(ended_on=day).order_by("-pk").values("pk")[:1]).update(ended_on=None)
    if not is_ending and last.step != "placement_fails":
        return
    if not is_ending:
        newest = _participation_agreements(row).order_by("-number").first()
        if newest and newest.replaced_on == day:
            Agreement.objects.filter(pk=newest.pk).update(replaced_on=None)
    reason = ENDED_WITH_ENROLMENT if is_ending else PLACE_FELL_THROUGH
    ended = Placement.objects.filter(enrolment=row, ends_on=day, end_reason=reason)
    if Placement.objects.filter(enrolment=row, is_main=True, ends_on__isnull=True).exists():
        ended = ended.filter(is_main=False)
    PlacementFadder.objects.filter(placement__in=ended, ends_on=day).update(ends_on=None)
    ended.update(ends_on=None, end_reason="")
    if is_ending:
        CohortMember.objects.filter(enrolment=row, ends_on=day).update(ends_on=None)


@acting()
def begin(
    *, enrolment: Enrolment, status: str, by: User | None, today: date, kind: str = "step", happened_on: date | None = None,
    source: str = "", end_code: str = "",
) -> None:  # fmt: skip
    """Puts a new enrolment in its first status: «henvist», or any phase when it comes from a spreadsheet or elsewhere.

    Earlier phases are recorded as done before the system, or in another place; their days may be unknown.
    """
    for change in _first_changes(enrolment, status, kind=kind, happened_on=happened_on, by=by, source=source, end_code=end_code):
        change.save()
    if status == "on_leave":
        enrolment.status = "training"
    _write(enrolment, status, _known_day(enrolment, status, status, happened_on), end_code=end_code)
    _note(enrolment, by, "begin")


@acting()
def begin_many(*, starts: Sequence[tuple[Enrolment, str]], by: User | None, kind: str, source: str) -> None:
    """Puts many new enrolments, each in its status, as `begin` does one, with few queries: for imports."""
    changes: list[StatusChange] = []
    noted: list[ChangeLog] = []
    for row, status in starts:
        changes += _first_changes(row, status, kind=kind, happened_on=None, by=by, source=source, end_code="")
        row.status_before_leave = "training" if status == "on_leave" else ""
        row.status = status
        row.status_since = _known_day(row, status, status, None)
        row.version += 1
        noted.append(
            ChangeLog(
                user=by,
                participant_id=row.participant_id,
                enrolment_id=row.pk,
                section="progress",
                verb="begin",
                subject_type=row._meta.label_lower,
                subject_id=row.public_id,
                fields=["status"],
            )  # fmt: skip
        )
    StatusChange.objects.bulk_create(changes, 500)
    Enrolment.objects.bulk_update(
        [row for row, _status in starts], ["status", "status_since", "status_before_leave", "version"], 200
    )
    ChangeLog.objects.bulk_create(noted, 500)
    for row, _status in starts:
        touch(participant_id=row.participant_id, kind=row._meta.label_lower)


def _first_changes(
    enrolment: Enrolment, status: str, *, kind: str, happened_on: date | None, by: User | None, source: str, end_code: str
) -> list[StatusChange]:
    """The changes, not saved, that lead a new enrolment to its status; earlier phases have no day apart from the referral."""
    earlier = MAIN_LINE[: MAIN_LINE.index(status)] if status in MAIN_LINE else []
    if status in {"on_leave", "terminated"}:
        earlier = MAIN_LINE[: MAIN_LINE.index("training") + 1]
    if status == "waitlisted":
        earlier = ["referred", "interviewed"]
    phases = [*earlier, status]
    return [
        StatusChange(
            enrolment=enrolment,
            step="earlier" if place else "begin",
            kind=kind,
            from_status=phases[place - 1] if place else "",
            to_status=phase,
            happened_on=_known_day(enrolment, phase, status, happened_on),
            by=by,
            source=source,
            reason_code=end_code if phase == status else "",
        )  # fmt: skip
        for place, phase in enumerate(phases)
    ]


def _known_day(enrolment: Enrolment, phase: str, status: str, happened_on: date | None) -> date | None:
    if phase == "referred":
        return enrolment.started_on
    return happened_on if phase == status else None


def _note(row: Enrolment, by: User | None, verb: str) -> None:
    note_change(
        by=by, row=row, section="progress", verb=verb[:30], participant_id=row.participant_id, enrolment_id=row.pk,
        fields=["status"],
    )  # fmt: skip


def status_words(status: str) -> str:
    """Gives the name of a status as people read it."""
    return STATUS_NAMES[status]
