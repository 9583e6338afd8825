"""What a report holds, as one piece of content: the page, the PDF and the sheet are drawn from it alone."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from fagbrev.dates import date_words
from fagbrev.people.models import User
from meetings.models import FrozenReport, ProgressReport, ReportNumbers
from meetings.models.reports import PUBLISHED, TEXTS, canonical, digest
from meetings.report_hiding import with_words
from meetings.report_links import Published
from meetings.report_numbers import cut_words
from programmes.settings_in_force import setting

FORMAT = 1  # counted up when content gets another shape; what is frozen keeps its own


def content_of(report: ProgressReport, *, published_on: date | None, author: str, municipality: str) -> dict[str, Any]:
    """Gives the closed content of a draft with counted numbers; `published_on` is None while it is one."""
    around = around_of(report, published_on=published_on, author=author, municipality=municipality)
    numbers, revealed, unreached = _worded(report, around["smallest"])
    return numbers | around | {"revealed": revealed, "unreached": unreached}


def around_of(report: ProgressReport, *, published_on: date | None, author: str, municipality: str) -> dict[str, Any]:
    """Gives what stands around the numbers of a draft: its title, days and texts, and the limit of small groups."""
    smallest = int(setting("report_smallest_group", published_on or timezone.localdate()))
    return {
        "format": FORMAT,
        "title": _("Framdriftsrapport %(semester)s") % {"semester": report.semester_words},
        "semester": report.semester_words,
        "about": cut_words(report),
        "as_of": report.as_of.isoformat(),
        "meeting_on": timezone.localtime(report.meeting.starts_at).date().isoformat() if report.meeting else "",
        "published_on": published_on.isoformat() if published_on else "",
        "edition": report.edition,
        "author": author,
        "municipality": municipality,
        "texts": {name: getattr(report, name) for name in TEXTS},
        "smallest": smallest,
        "is_open": False,
        "corrected_from": _corrected_from(report),
    }


def rests_on(report: ProgressReport, **given: Any) -> str:
    """Gives a mark of all that a draft's content is made of: the numbers, what they are held against, and what stands around them.

    `given` is as for `content_of`. Two marks are alike only while the content is.
    """
    around = around_of(report, **given)
    return digest(canonical(around | {"numbers": mark_of(report, report.numbers, around["smallest"])}))


def _worded(report: ProgressReport, smallest: int) -> tuple[dict[str, Any], int, int]:
    """The numbers with the words of what is hidden: as they were kept, while neither they, the limit nor what is published has changed."""
    numbers = report.numbers
    if numbers.held_against == mark_of(report, numbers, smallest):
        return numbers.worded, numbers.revealed, numbers.unreached
    return held_against_others(report, numbers, smallest)


def held_against_others(report: ProgressReport, numbers: ReportNumbers, smallest: int) -> tuple[dict[str, Any], int, int]:
    """Solves for what must be hidden; gives the numbers with words, how many small ones others have revealed already, and of how many it
    was not found out."""
    found, revealed, unreached = with_words(
        numbers.content, trade=report.trade, funder=report.funder, smallest=smallest, others=published_before(report)
    )
    return found, len(revealed), len(unreached)


def find_words(report: ProgressReport, numbers: ReportNumbers, day: date) -> None:
    """Puts the words of what is hidden beside a draft's numbers, so that its page need not solve for them each time. Saves nothing."""
    smallest = int(setting("report_smallest_group", day))
    numbers.held_against = mark_of(report, numbers, smallest)
    numbers.worded, numbers.revealed, numbers.unreached = held_against_others(report, numbers, smallest)


def keep_words(report: ProgressReport, day: date) -> None:
    """Keeps the words of a draft's hidden numbers, unless it is counted anew meanwhile."""
    numbers = report.numbers
    find_words(report, numbers, day)
    ReportNumbers.objects.filter(report=report, counted_at=numbers.counted_at).update(
        worded=numbers.worded, revealed=numbers.revealed, unreached=numbers.unreached, held_against=numbers.held_against
    )


def mark_of(report: ProgressReport, numbers: ReportNumbers, smallest: int) -> str:
    """Gives a mark of what the words of a draft's hidden numbers rest on: the numbers, the limit, and every published report."""
    others = _others(report).order_by("pk").values_list("closed_hash", flat=True)
    return digest(f"{numbers.stamp} {smallest} {' '.join(others)}")


def _others(report: ProgressReport) -> QuerySet[FrozenReport]:
    return FrozenReport.objects.exclude(report=report.pk)  # the draft may not be saved yet


def semesters_published(report: ProgressReport) -> set[str]:
    """Gives the first days of the semesters that reports of the same cut have shown."""
    return {
        period["first"]
        for other in published_before(report)
        if (other.trade, other.funder) == (report.trade, report.funder)
        for period in other.content["periods"]
    }


def _corrected_from(report: ProgressReport) -> dict[str, Any] | None:
    """The numbers and texts of the edition this one stands in place of, with the day it was published."""
    if report.corrects is None:
        return None
    before = report.corrects.frozen.content(closed=True)
    return {**before["periods"][0], "published_on": before["published_on"], "texts": before["texts"]}


def published_before(report: ProgressReport) -> list[Published]:
    """Gives what has been published already, oldest first: what a new report is held against. One query."""
    rows = _others(report).select_related("report").order_by("frozen_at", "pk")
    return [Published(row.report.public_id, row.report.trade, row.report.funder, row.content(closed=True)) for row in rows]


def last_edition(report: ProgressReport) -> ProgressReport | None:
    """Gives the newest published edition on the semester and the group of a report that is begun; None while there is none."""
    same = ProgressReport.objects.filter(first_on=report.first_on, trade=report.trade, funder=report.funder)
    return same.filter(state=PUBLISHED).order_by("-edition").first()


def edition_of(report: ProgressReport) -> int:
    """Gives which edition a new report on the semester will be: 1, or one more than the last published."""
    last = last_edition(report)
    return last.edition + 1 if last else 1


def frozen_content(report: ProgressReport, *, closed: bool = False) -> dict[str, Any]:
    """Gives what was published."""
    return report.frozen.content(closed=closed)


def draft_content(report: ProgressReport, user: User, municipality: str) -> dict[str, Any]:
    """Gives a draft as it would be published by the user today."""
    return content_of(report, published_on=None, author=user.name, municipality=municipality)


def heading_words(content: dict[str, Any]) -> str:
    """Gives the line under the title: "Til styringsgruppa 10. desember · tall per 31. oktober 2026 · publisert 16. november"."""
    words = [content["about"]] if content["about"] else []
    if content["edition"] > 1:
        words.append(_("Rettet utgave %(number)d") % {"number": content["edition"]})
    if content["meeting_on"]:
        words.append(_("Til styringsgruppen %(day)s") % {"day": date_words(date.fromisoformat(content["meeting_on"]))})
    words.append(_("tall per %(day)s") % {"day": date_words(date.fromisoformat(content["as_of"]))})
    if content["published_on"]:
        words.append(_("publisert %(day)s") % {"day": date_words(date.fromisoformat(content["published_on"]))})
    else:
        words.append(_("utkast"))
    text = " · ".join(words)
    return text[:1].upper() + text[1:]
