"""Keeping the class register of a day: the lesson, and who was away from it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from fagbrev.audit.acting import acting
from fagbrev.people.models import User
from followup.actions.absence import note_absence, remove_absence
from followup.forms.register import Kept
from followup.models import Absence, GuestAbsence, Lesson
from followup.models.language import TEACHING
from participants.actions.rows import keep_new_row
from programmes.models import Cohort


class KeptMeanwhile(Exception):
    """Another kept the same day's register after the page was opened. Holds the lesson as it is now."""

    def __init__(self, lesson: Lesson) -> None:
        super().__init__()
        self.lesson = lesson


@acting()
def keep_register(*, cohort: Cohort, day: date, hours: Decimal, version: int, kept: Sequence[Kept], by: User) -> Lesson:
    """Keeps the register of the day as the teacher saw it; absences in it are confirmed.

    `hours` is the lesson's length in clock hours, `version` that of the lesson when the page was opened (0 for none).
    Raises KeptMeanwhile when another kept the same day's register meanwhile.
    """
    lesson = _claimed(cohort, day, hours, version, by)
    there = {
        row.enrolment_id: row
        for row in Absence.objects.filter(
            enrolment__in=[one.member.enrolment_id for one in kept if one.member.enrolment_id], away_from=TEACHING, away_on=day
        ).select_related("enrolment")
    }
    for one in kept:
        if one.member.enrolment_id is None:
            _keep_guest(lesson, one)
        else:
            _keep(lesson, one, there.get(one.member.enrolment_id), by)
    return lesson


def _claimed(cohort: Cohort, day: date, hours: Decimal, version: int, by: User) -> Lesson:
    made = {"hours": hours, "kept_by": by, "created_by": by}
    lesson, is_new = Lesson.objects.get_or_create(cohort=cohort, held_on=day, defaults=made)
    if is_new:
        if version:
            raise KeptMeanwhile(lesson)
        return lesson
    held = Lesson.objects.filter(pk=lesson.pk, version=version)
    if not held.update(version=version + 1, hours=hours, kept_by=by):
        raise KeptMeanwhile(lesson)
    lesson.refresh_from_db()
    return lesson


def _keep(lesson: Lesson, one: Kept, held: Absence | None, by: User) -> None:
    """Makes, changes or takes away one absence, so that the day is as the teacher says."""
    if not one.hours:
        if held is not None:
            remove_absence(absence=held, by=by)
        return
    if held is None:
        member: Any = one.member
        row = Absence.objects.create(
            enrolment=member.enrolment, away_from=TEACHING, lesson=lesson, away_on=lesson.held_on, hours=one.hours,
            is_valid=one.is_valid, recorded_by=by, confirmed_by=by, created_by=by,
        )  # fmt: skip
        note_absence(row, verb="created", by=by, fields=["away_on", "hours", "is_valid"])
        keep_new_row(row, by=by)
        return
    wanted = {"hours": one.hours, "is_valid": one.is_valid, "state": "confirmed"}
    changed = [name for name, value in wanted.items() if getattr(held, name) != value]
    if not changed and held.lesson_id == lesson.pk:
        return
    for name, value in wanted.items():
        setattr(held, name, value)
    held.lesson, held.version = lesson, held.version + 1
    if "state" in changed:
        held.confirmed_by = by
    held.save()
    note_absence(held, verb="changed", by=by, fields=changed or ["hours"])
    keep_new_row(held, by=by)


def _keep_guest(lesson: Lesson, one: Kept) -> None:
    """A guest's hours stand in the register alone: never in figures, never in a record."""
    if one.hours:
        GuestAbsence.objects.update_or_create(lesson=lesson, member=one.member, defaults={"hours": one.hours})
    else:
        GuestAbsence.objects.filter(lesson=lesson, member=one.member).delete()
