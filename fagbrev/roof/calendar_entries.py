"""What stands in a user's calendar: the frame of the year, and contracts, exams and tests within the user's scope.

Nobody is named. What is counted is cut in the database to the enrolments that the user may read the section of, without people
whose address is protected.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Protocol

from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fagbrev.dates import public_holidays
from fagbrev.people.models import User
from fagbrev.people.roles import COORDINATOR, DELTAKER, FAGLAERER, roles_of
from fagbrev.roof.calendar_entry import Entry
from fagbrev.roof.duty_entries import duties
from fagbrev.roof.meeting_entries import meetings
from participants.access import enrolments_for
from participants.caseload.buckets import UNDER_CONTRACT
from participants.models import Enrolment, NorwegianTest, TradeTest, WrittenExam
from programmes.models import CalendarBreak, ExamWindow, NorwegianTestWindow, Semester, Trade
from programmes.settings_in_force import setting

WARNING_DAYS = "contract_warning_days"  # how long before its end a contract is in the list of those that end soon
HIDDEN = ["fortrolig", "strengt_fortrolig"]  # whoever has one of these protections is in no count


class Source(Protocol):
    """Gives the user's entries of one sort from `first` to `last`, in a fixed number of queries."""

    def __call__(self, user: User, *, first: date, last: date, today: date) -> Iterable[Entry]: ...


def entries_for(user: User, *, first: date, last: date, today: date) -> list[Entry]:
    """Gives everything in the user's calendar that touches the days from `first` to `last`, by day."""
    found = [entry for source in SOURCES for entry in source(user, first=first, last=last, today=today)]
    within = [entry for entry in found if entry.day <= last and entry.last_day >= first]
    return sorted(within, key=lambda entry: (entry.day, entry.last_day, entry.title))


# --- The frame: the same for everyone -------------------------------------------------------------------


def exam_windows(user: User, *, first: date, last: date, today: date) -> Iterable[Entry]:
    """Gives sign-up, its last day, the deadline for accommodations, the exam days and the results."""
    # A window's days spread over more than half a year, and each may be outside the span asked for.
    year = timedelta(days=366)
    rows = ExamWindow.objects.filter(opens_on__lte=last + year, opens_on__gte=first - year)
    url = _own_url(user, "eksamen", today)
    for row in rows:
        yield Entry(row.opens_on, row.closes_on, "registration", _("Påmelding til eksamen"), row.name, url)
        yield _day(row.closes_on, "last_day", _("Siste dag å melde seg på eksamen"), row.name, url)
        if row.accommodations_due_on:
            yield _day(row.accommodations_due_on, "last_day", _("Siste dag å søke tilrettelagt eksamen"), row.name, url)
        if row.exam_from:
            title = _("Skriftlig eksamen") if row.exam_to in (None, row.exam_from) else _("Eksamensperiode")
            yield Entry(row.exam_from, row.exam_to or row.exam_from, "exam", title, row.name, url)
        if row.results_on:
            yield _day(row.results_on, "results", _("Resultater fra eksamen"), row.name, url)


def norwegian_windows(user: User, *, first: date, last: date, today: date) -> Iterable[Entry]:
    """Gives sign-up and test days of the Norwegian tests."""
    rows = NorwegianTestWindow.objects.filter(
        Q(opens_on__lte=last, closes_on__gte=first)
        | Q(test_from__lte=last, test_to__gte=first)
        | Q(test_from__range=(first, last))
        | Q(reading_on__range=(first, last))
        | Q(listening_on__range=(first, last))
        | Q(writing_on__range=(first, last))
        | Q(oral_on__range=(first, last))
    )
    for row in rows:
        yield Entry(row.opens_on, row.closes_on, "norwegian_registration", _("Påmelding til norskprøve"), row.name)
        parts = row.part_days()
        for day, names in parts.items():
            yield _day(day, "norwegian_test", _("Norskprøve: %(parts)s") % {"parts": ", ".join(names)}, row.name)
        if row.test_from and not parts:
            yield Entry(row.test_from, row.test_to or row.test_from, "norwegian_test", _("Norskprøve"), row.name)


def semesters(user: User, *, first: date, last: date, today: date) -> Iterable[Entry]:
    """Gives the first and last day of each semester."""
    for row in Semester.objects.filter(starts_on__lte=last, ends_on__gte=first):
        autumn = row.season == "autumn"
        yield _day(
            row.starts_on, "semester", _("Første skoledag i høstsemesteret") if autumn else _("Første skoledag i vårsemesteret")
        )
        yield _day(
            row.ends_on, "semester", _("Siste skoledag i høstsemesteret") if autumn else _("Siste skoledag i vårsemesteret")
        )


def school_breaks(user: User, *, first: date, last: date, today: date) -> Iterable[Entry]:
    """Gives breaks and days off, and whether practice goes on in them."""
    for row in CalendarBreak.objects.filter(starts_on__lte=last, ends_on__gte=first):
        if row.stops_teaching and row.stops_practice:
            note = _("Ikke undervisning og ikke praksis")
        elif row.stops_practice:
            note = _("Ikke praksis")
        else:
            note = _("Ikke undervisning") if row.stops_teaching else ""
        yield Entry(row.starts_on, row.ends_on, "break" if row.stops_teaching else "practice_break", row.name, note)


def holidays(user: User, *, first: date, last: date, today: date) -> Iterable[Entry]:
    """Gives the public holidays."""
    for year in range(first.year, last.year + 1):
        for day, name in public_holidays(year).items():
            yield _day(day, "holiday", name)


# --- Within the user's scope ----------------------------------------------------------------------------


def contract_ends(user: User, *, first: date, last: date, today: date) -> Iterable[Entry]:
    """Gives, for each day, how many contracts end, by trade; and the participant's own."""
    roles = roles_of(user, today)
    if DELTAKER in roles:
        # A strictly protected address hides one from others, never from oneself.
        own = enrolments_for(user, "training_contract", today=today, listed=False).filter(participant__user=user)
        for row in _running_out(own, first, last).select_related("participant"):
            url = reverse("participant_kontrakt", args=[row.participant.public_id])
            yield _day(row.contract_ends_on, "contract", _("Kontrakten din slutter"), url=url)
    counted = (
        _running_out(_others(user, "training_contract", today), first, last)
        .values_list("contract_ends_on", "trade")
        .annotate(Count("pk"))
        .order_by()
    )
    by_day: dict[date, dict[int | None, int]] = defaultdict(dict)
    for day, trade, count in counted:
        by_day[day][trade] = count
    if not by_day:
        return
    trades, soon = _trades(), today + timedelta(days=int(setting(WARNING_DAYS, today)))
    for day, numbers in by_day.items():
        count = sum(numbers.values())
        title = ngettext("%(count)d kontrakt slutter", "%(count)d kontrakter slutter", count) % {"count": count}
        yield _counted(day, day, "contract", title, numbers, trades, url=_contract_url(day, roles, today, soon))


def exam_days(user: User, *, first: date, last: date, today: date) -> Iterable[Entry]:
    """Gives the days ahead on which people have written exam, trade test and Norwegian test, so that time off is given."""
    first = max(first, today)
    if last < first:
        return
    if DELTAKER in roles_of(user, today):
        mine = enrolments_for(user, "exam_dates", today=today, listed=False).filter(participant__user=user)
        yield from _own_exam_days(user, mine, first, last, today)
    people = _others(user, "exam_dates", today)
    written = WrittenExam.objects.filter(participant__in=people.values("participant"), exam_on__range=(first, last))
    for day, count in _per_day(written.exclude(state="credited"), "exam_on"):
        title = ngettext("%(count)d har skriftlig eksamen", "%(count)d har skriftlig eksamen", count) % {"count": count}
        yield _day(day, "exam", title, count=count)
    norwegian = NorwegianTest.objects.filter(participant__in=people.values("participant"), taken_on__range=(first, last))
    for day, count in _per_day(norwegian.exclude(state="known"), "taken_on"):
        title = ngettext("%(count)d har norskprøve", "%(count)d har norskprøve", count) % {"count": count}
        yield _day(day, "norwegian_test", title, count=count)
    tests = _between(TradeTest.objects.filter(enrolment__in=people), first, last)
    periods: dict[tuple[date, date], dict[int | None, int]] = defaultdict(dict)
    for starts_on, ends_on, trade, count in (
        tests.values_list("starts_on", "ends_on", "enrolment__trade").annotate(Count("pk")).order_by()
    ):
        numbers = periods[starts_on, ends_on or starts_on]
        numbers[trade] = numbers.get(trade, 0) + count
    if not periods:
        return
    trades = _trades()
    for (starts_on, ends_on), numbers in periods.items():
        count = sum(numbers.values())
        title = ngettext("%(count)d har fagprøve", "%(count)d har fagprøve", count) % {"count": count}
        yield _counted(starts_on, ends_on, "trade_test", title, numbers, trades)


def _own_exam_days(user: User, mine: QuerySet[Enrolment], first: date, last: date, today: date) -> Iterable[Entry]:
    person = mine.values("participant")
    url = _own_url(user, "eksamen", today)
    for exam in WrittenExam.objects.filter(participant__in=person, exam_on__range=(first, last)).exclude(state="credited"):
        yield _day(exam.exam_on, "exam", _("Du har skriftlig eksamen"), url=url)
    for test in _between(TradeTest.objects.filter(enrolment__in=mine), first, last):
        yield Entry(test.starts_on, test.ends_on or test.starts_on, "trade_test", _("Du har fagprøve"), url=url)
    for part in NorwegianTest.objects.filter(participant__in=person, taken_on__range=(first, last)).exclude(state="known"):
        yield _day(part.taken_on, "norwegian_test", _("Du har norskprøve"), part.get_part_display(), url)


# --- What is in the calendar: another source is one more function here -----------------------------------

SOURCES: list[Source] = [
    duties,
    meetings,
    exam_windows,
    norwegian_windows,
    semesters,
    school_breaks,
    holidays,
    contract_ends,
    exam_days,
]


# --- The parts of it -------------------------------------------------------------------------------------


def _day(day: date, kind: str, title: str, note: str = "", url: str = "", count: int = 1) -> Entry:
    return Entry(day, day, kind, title, note, url, count=count)


def _others(user: User, section: str, today: date) -> QuerySet[Enrolment]:
    """Those in the user's scope for the section, apart from oneself and from people whose address is protected."""
    return (
        enrolments_for(user, section, today=today)
        .exclude(participant__address_protection__in=HIDDEN)
        .exclude(participant__user=user)
    )


def _running_out(rows: QuerySet[Enrolment], first: date, last: date) -> QuerySet[Enrolment]:
    """Contracts that run, or ran, to their end: those of people who left before it end no more."""
    return rows.filter(
        Q(status__in=UNDER_CONTRACT) | Q(ended_on__gte=F("contract_ends_on")), contract_ends_on__range=(first, last)
    )


def _between(tests: QuerySet[TradeTest], first: date, last: date) -> QuerySet[TradeTest]:
    return tests.filter(Q(ends_on__gte=first) | Q(ends_on__isnull=True, starts_on__gte=first), starts_on__lte=last)


def _per_day(rows: QuerySet[Any], column: str) -> Iterable[tuple[date, int]]:
    """How many people have something on each day."""
    return rows.values_list(column).annotate(Count("participant", distinct=True)).order_by()


def _trades() -> dict[int, Trade]:
    return {trade.pk: trade for trade in Trade.objects.order_by("order", "name")}


def _counted(
    first: date, last: date, kind: str, title: str, numbers: dict[int | None, int], trades: dict[int, Trade], url: str = ""
) -> Entry:
    """An entry for a count by trade: the trade's sign when there is only one, else how many in each."""
    known = [trades[pk] for pk in trades if pk in numbers]
    parts = [f"{trade.short_name} {numbers[trade.pk]}" for trade in known]
    if None in numbers:
        parts.append(_("fag ikke avklart %(count)d") % {"count": numbers[None]})
    entry = Entry(first, last, kind, title, ", ".join(parts), url, count=sum(numbers.values()))
    if len(parts) != 1 or not known:
        return entry
    trade = known[0]
    return Entry(
        first, last, kind, title, "", url, count=entry.count,
        trade_code=trade.code, trade_name=trade.short_name, trade_shape=trade.shape, trade_colour=trade.colour,
    )  # fmt: skip


def _contract_url(day: date, roles: frozenset[str], today: date, soon: date) -> str:
    """The list behind the count: those that end soon, or everyone by the day the contract ends; nothing for the past."""
    if day < today or not roles & {COORDINATOR, FAGLAERER}:
        return ""
    return reverse("participant_list") + ("?utvalg=kontrakt" if day <= soon else "?sorter=kontrakt")


def _own_url(user: User, page: str, today: date) -> str:
    """The participant's own page, "" for everybody else."""
    if DELTAKER not in roles_of(user, today):
        return ""
    own = enrolments_for(user, "identity", today=today, listed=False).filter(participant__user=user)
    public_id = own.values_list("participant__public_id", flat=True).first()
    return reverse(f"participant_{page}", args=[public_id]) if public_id else ""


__all__ = ["SOURCES", "Entry", "Source", "entries_for"]
