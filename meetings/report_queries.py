"""Reports to open and to write: lists, choices, and the people behind a number, cut to the user's scope."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from fagbrev.audit.log import note_looks
from fagbrev.dates import Semester, date_words, semester_of
from fagbrev.figures import TOTAL, Cut, Figure, figures
from fagbrev.people.models import User
from fagbrev.people.roles import COORDINATOR, roles_of
from meetings.models import Meeting, ProgressReport
from meetings.models.meetings import CANCELLED, STEERING_GROUP
from meetings.models.reports import DRAFT, PUBLISHED
from meetings.report_numbers import FROM_THE_BEGINNING, FUNDERS, cut_words, funded_by, semesters_before, trade_names
from participants.access import enrolments_for
from participants.workflow import STATUS_NAMES
from programmes.models import Trade
from programmes.models.trades import trades_running
from programmes.settings_in_force import setting

PER_PAGE = 25
LOOK_PAGE = "rapport_liste"


def report_of(user: User, public_id: str, today: date) -> ProgressReport | None:
    """Gives the report in the user's scope, or None alike for what is not there and what is not theirs."""
    rows = ProgressReport.objects.visible_to(user, today)
    # A draft's numbers come with it: were they asked for afterwards, it could have been published in between.
    rows = rows.select_related("meeting", "published_by", "corrects", "corrected_by", "numbers")
    return rows.filter(public_id=public_id).first()


def is_coordinator(user: User, today: date) -> bool:
    """Tells whether the user writes reports."""
    return COORDINATOR in roles_of(user, today)


def closed_allowed(today: date) -> bool:
    """Tells whether the municipality lets the steering group see what is hidden (a setting)."""
    return bool(setting("report_closed_allowed", today))


def may_see_closed(report: ProgressReport, user: User, today: date) -> bool:
    """Tells whether the user may open the closed version: a koordinator, and the steering group where it was given them and still is."""
    return is_coordinator(user, today) or (report.is_published and report.shows_closed and closed_allowed(today))


def newest_published(user: User, today: date) -> ProgressReport | None:
    """Gives the newest published report on everyone that the user may open."""
    rows = ProgressReport.objects.visible_to(user, today).filter(state=PUBLISHED, trade="", funder="")
    return rows.order_by("-first_on", "-edition").first()


def report_for(meeting: Meeting, user: User, today: date) -> ProgressReport | None:
    """Gives the published report made for a meeting, its newest edition; else the newest on everyone. None for one who opens none."""
    mine = ProgressReport.objects.visible_to(user, today).filter(state=PUBLISHED, meeting=meeting)
    return mine.order_by("trade", "funder", "-first_on", "-edition").first() or newest_published(user, today)


def report_rows(user: User, today: date, number: Any) -> Page[Any]:
    """Gives a page of the reports the user may open, the newest semester first; as many queries however many they are."""
    rows = ProgressReport.objects.visible_to(user, today).select_related("meeting", "corrected_by").newest_first()
    page = Paginator(rows, PER_PAGE).get_page(number)
    names = trade_names(page.object_list)
    for row in page.object_list:
        row.about = cut_words(row, names)  # type: ignore[attr-defined]
        row.state_words = _state_words(row)  # type: ignore[attr-defined]
    return page


def _state_words(row: ProgressReport) -> str:
    if row.state == DRAFT:
        return _("Tall per %(day)s") % {"day": date_words(row.as_of)}
    day = timezone.localdate(row.published_at)
    words = _("Publisert %(day)s") % {"day": date_words(day)}
    later = getattr(row, "corrected_by", None)
    return f"{words}. {_('Det finnes en rettet utgave.')}" if later is not None and later.is_published else words


def semester_choices(today: date) -> list[Semester]:
    """Gives the semesters a report can be on: this one and the three before."""
    this = semester_of(today)
    return [this, *semesters_before(this.first, date(today.year - 3, 1, 1))][:4]


def cut_choices(today: date) -> list[tuple[str, str]]:
    """Gives whom a report can be about: all, a trade, or those whom somebody pays for."""
    trades = Trade.objects.filter(trades_running(today)).order_by("order", "name")
    return [
        ("", _("Alle deltakere")),
        *((f"funder:{code}", _capital(funded_by(code))) for code in FUNDERS),
        *((f"trade:{trade.code}", trade.name) for trade in trades),
    ]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def steering_meetings(first: date) -> QuerySet[Meeting]:
    """Gives the steering group's meetings from the semester's first day on."""
    rows = Meeting.objects.filter(kind=STEERING_GROUP, starts_at__date__gte=first).exclude(state=CANCELLED)
    return rows.order_by("starts_at")


# --- The people behind a number -------------------------------------------------------------------------


def people_page(
    report: ProgressReport, user: User, *, figure: str, cell: str, row: str, number: Any, today: date
) -> dict[str, Any] | None:
    """Gives a page of the people behind a cell, in the user's scope, and logs the looks; None when the report has no such cell."""
    found = figures().get(figure)
    if found is None or found.people is None:
        return None
    content = report.frozen.content(closed=False) if report.is_published else report.numbers.content
    labels = {one.key: one.label for one in found.cells}
    names = {TOTAL: cut_words(report) or _("alle fag"), **{one["code"]: one["name"] for one in content["rows"]}}
    cell = cell or found.cells[0].key
    if cell not in labels or row not in names:
        return None
    rows = found.people(_cut_behind(found, report, row, content["since"]), cell)
    mine = enrolments_for(user, "progress", today=today).filter(pk__in=rows.order_by().values("pk"))
    page = Paginator(mine.select_related("participant", "trade").order_by("participant__sort_name", "pk"), PER_PAGE).get_page(
        number
    )
    shown = list(page.object_list)
    note_looks(
        user=user, roles=roles_of(user, today), pairs=[(one.participant_id, one.pk) for one in shown], page=LOOK_PAGE,
        sections=("identity", "progress"), act="list",
    )  # fmt: skip
    return {
        "figure": found,
        "label": labels[cell],
        "trade": names[row],
        "page": page,
        "people": [(one, STATUS_NAMES[one.status]) for one in shown],
    }


def _cut_behind(figure: Figure, report: ProgressReport, row: str, since: str) -> Cut:
    """What was counted in a row of the report."""
    first = date.fromisoformat(since) if figure.key in FROM_THE_BEGINNING else report.first_on
    return Cut(first, report.as_of, report.trade or ("" if row == TOTAL else row), report.funder)
