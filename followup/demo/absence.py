"""The demo's absence: registers of eight weeks, days away from practice, one who is near the limit, and a report that waits."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal

from fagbrev.dates import semester_of
from fagbrev.people.models import User
from followup.models import Absence, GuestAbsence, Lesson, SickLeave
from followup.models.language import PRACTICE, TEACHING
from participants.demo_scene import Staff
from participants.models import CohortMember, Placement
from participants.workflow import WITH_PLACEMENT
from programmes.models import Cohort, TeachingSession
from programmes.queries import practice_day_off, teaching_day_off

WEEKS = 8
LOW = 4  # the place among those at work of the one near the limit
SICK = 7


def seed(*, today: date, staff: Staff) -> None:
    """Adds them, dated relative to the day."""
    _registers(today, staff)
    _practice(today, staff)


def _teacher(cohort: Cohort, staff: Staff) -> User:
    return staff.faglaerere.get(cohort.trade.code, staff.norsklaerer) if cohort.trade.code == "BUA" else staff.norsklaerer


def _registers(today: date, staff: Staff) -> None:
    """A lesson for every day of teaching of every cohort, and who was away from it; the guest was away once."""
    is_off = teaching_day_off()
    hours: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
    for session in TeachingSession.objects.all():
        hours[session.cohort_id, session.weekday] += session.hours
    days = [day for day in (today - timedelta(days=back) for back in range(1, WEEKS * 7 + 1)) if not is_off(day)]
    lessons = [
        Lesson(cohort=cohort, held_on=day, hours=hours[cohort.pk, day.weekday()], kept_by=_teacher(cohort, staff))
        for cohort in Cohort.objects.select_related("trade").order_by("pk")
        for day in days
        if hours[cohort.pk, day.weekday()]
    ]
    Lesson.objects.bulk_create(lessons)
    members: dict[int, list[CohortMember]] = defaultdict(list)
    for row in CohortMember.objects.select_related("enrolment").order_by("pk"):
        members[row.cohort_id].append(row)
    away, guests = [], []
    for number, lesson in enumerate(lessons):
        for place, member in enumerate(members[lesson.cohort_id]):
            if not _is_there(member, lesson.held_on) or (number * 5 + place * 3) % 14:
                continue
            if member.enrolment is None:
                guests.append(GuestAbsence(lesson=lesson, member=member, hours=lesson.hours))
                continue
            part = lesson.hours if (number + place) % 3 else lesson.hours / 2
            away.append(
                Absence(enrolment=member.enrolment, away_from=TEACHING, lesson=lesson, away_on=lesson.held_on, hours=part,
                        is_valid=(number + place) % 5 != 0, recorded_by=lesson.kept_by, confirmed_by=lesson.kept_by)
            )  # fmt: skip
    Absence.objects.bulk_create(away)
    guest = CohortMember.objects.filter(enrolment__isnull=True).first()
    if guest and not guests:
        last = next((lesson for lesson in lessons if lesson.cohort_id == guest.cohort_id), None)
        guests = [GuestAbsence(lesson=last, member=guest, hours=last.hours)] if last else []
    GuestAbsence.objects.bulk_create(guests)


def _is_there(member: CohortMember, day: date) -> bool:
    """Tells whether the member was to be in class on the day."""
    if (member.starts_on and member.starts_on > day) or (member.ends_on and member.ends_on < day):
        return False
    return member.enrolment is None or member.enrolment.status in WITH_PLACEMENT


def _practice(today: date, staff: Staff) -> None:
    """A day or two away for many, one day in most weeks for one, a sick leave, and Selma's own report of today."""
    is_off = practice_day_off()
    places = Placement.objects.filter(
        is_main=True, ends_on__isnull=True, starts_on__lte=today, enrolment__status__in=WITH_PLACEMENT
    ).select_related("enrolment__participant")
    rows, first_day = [], semester_of(today).first
    for number, place in enumerate(places.order_by("pk")):
        own = place.enrolment.participant.user_id == staff.deltaker.pk
        if own:
            rows.append(_away(place, _workday(today, is_off), staff.deltaker, state="reported"))
        for turn, day in enumerate(_days_of(place, today, is_off)):
            if place.starts_on is None or day < max(place.starts_on, first_day):
                break
            if number == LOW and not own:
                if turn % 7 == 0:
                    rows.append(_away(place, day, staff.coordinator, reason="sick_child" if turn % 2 else "other"))
            elif turn and (turn + number * 5) % 37 == 0:
                by = staff.fadder if own else staff.coordinator
                rows.append(_away(place, day, by, reason="" if own else "sick"))
        if number == SICK and not own:
            SickLeave.objects.create(
                enrolment=place.enrolment, starts_on=today - timedelta(days=40), ends_on=today - timedelta(days=27), percent=50,
                created_by=staff.coordinator,
            )  # fmt: skip
    Absence.objects.bulk_create(rows)


def _days_of(place: Placement, today: date, is_off: Callable[[date], bool]) -> Iterable[date]:
    """The placement's working days, newest first."""
    for back in range(1, 200):
        day = today - timedelta(days=back)
        if not is_off(day) and (not place.weekdays or day.weekday() in place.weekdays):
            yield day


def _workday(today: date, is_off: Callable[[date], bool]) -> date:
    return next(day for day in (today - timedelta(days=back) for back in range(30)) if not is_off(day))


def _away(place: Placement, day: date, by: User, *, state: str = "confirmed", reason: str = "") -> Absence:
    return Absence(
        enrolment=place.enrolment, away_from=PRACTICE, placement=place, away_on=day, hours=Decimal("7.5"), reason=reason,
        is_valid=None if state == "reported" else True, state=state, recorded_by=by,
        confirmed_by=None if state == "reported" else by,
    )  # fmt: skip
