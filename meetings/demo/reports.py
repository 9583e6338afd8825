"""The demo's reports: last semester's and one to IMDi, both published, and a draft for this semester."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from fagbrev.dates import semester_of
from meetings.actions.reports import made_report, publish_report
from meetings.models import Meeting, ProgressReport, ReportNumbers
from meetings.models.meetings import CANCELLED, STEERING_GROUP
from meetings.report_content import keep_words, semesters_published
from meetings.report_numbers import counted, semesters_before
from participants.demo_scene import Staff

BEFORE = {
    "short": "Flere er kommet ut på arbeidssted enn i høst.\nVi mangler fortsatt faddere på noen steder.\n"
    "De som øver på fagord hver uke, gjør det best til eksamen.",
    "asks": "å hjelpe oss med flere faddere\nå si ja til en ny gruppe i helse",
    "status": "Gruppene er i gang i alle tre fag. Samarbeidet med arbeidsstedene er godt.",
    "resources": "To koordinatorer og fire lærere. Pengene fra IMDi varer ut året.",
    "challenges": "Det er få plasser på sykehjem. Noen venter lenge på kontrakt.",
    "plans": "Vi tar opp nye deltakere i august. Faddersamling i september.",
}
NOW = {
    "short": "Gruppene som øver på fagord hver uke, gjør det best til eksamen.\n"
    "Vi mangler faddere på noen arbeidssteder. Det rammer mest i renhold.\n"
    "De som står på venteliste, kan starte i januar hvis vi får plass på et sykehjem til.",
    "asks": "å avklare penger til helse etter nyttår\nå hjelpe oss med flere plasser på sykehjem",
    "status": "Alle grupper følger planen. Vi har besøkt alle arbeidsstedene denne høsten.",
    "resources": "Helse mangler penger etter nyttår. Vi har ledig plass i renhold.",
    "challenges": "",
    "plans": "Ny gruppe i barne- og ungdomsarbeid i januar.",
}
IMDI = {**BEFORE, "short": "Deltakerne i Jobbsjansen følger samme løp som de andre.", "asks": ""}


def seed(*, today: date, staff: Staff) -> None:
    """Adds them, dated relative to the day; the numbers are counted of the demo's own participants."""
    this = semester_of(today)
    before = semester_of(this.first - timedelta(days=32))
    meeting = _meeting(before.first, before.last)
    meets_on = timezone.localdate(meeting.starts_at) if meeting else before.last - timedelta(days=10)
    published = _moment(meets_on - timedelta(days=14))
    for funder, texts in (("", BEFORE), ("imdi", IMDI)):
        report = ProgressReport.objects.create(
            first_on=before.first, last_on=before.counted_to, as_of=meets_on - timedelta(days=24), funder=funder,
            created_by=staff.coordinator, meeting=meeting if not funder else None, **texts,
        )  # fmt: skip
        numbers = _numbers(report, published)
        with made_report(report=report, stamp=numbers.stamp, by=staff.coordinator, now=published) as made:
            publish_report(report=report, made=made, shows_closed=False, by=staff.coordinator)
        published += timedelta(minutes=30)
    draft = ProgressReport.objects.create(
        first_on=this.first, last_on=this.counted_to, as_of=max(this.first, min(today, this.last) - timedelta(days=3)),
        created_by=staff.coordinator, meeting=_meeting(today, this.last), **NOW,
    )  # fmt: skip
    _numbers(draft, _moment(draft.as_of))
    keep_words(draft, today)


def _numbers(report: ProgressReport, at: datetime) -> ReportNumbers:
    earlier = [one.first.isoformat() for one in semesters_before(report.first_on, report.first_on.replace(year=2000))]
    # A funder's report is the first of its kind: it shows its own semester alone, and the demo is ready sooner.
    content = counted(report, published=earlier if report.funder else semesters_published(report))
    return ReportNumbers.objects.create(report=report, content=content, counted_at=at)


def _moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(9)))


def _meeting(first: date, last: date) -> Meeting | None:
    rows = Meeting.objects.filter(kind=STEERING_GROUP, starts_at__date__range=(first, last)).exclude(state=CANCELLED)
    return rows.order_by("starts_at").first()
