"""What stands around a report: links and notices of its page, its file's name, and what publishing it will hide."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from fagbrev.dates import date_words
from fagbrev.figures import TOTAL
from fagbrev.people.models import User
from meetings.models import ProgressReport
from meetings.report_queries import is_coordinator, may_see_closed
from meetings.report_reading import Reading

MOST_LISTED = 200


def frame_of(report: ProgressReport, user: User, today: date) -> dict[str, Any]:
    """Gives what stands around the report's page: what can be done, and what the reader must know of it."""
    writes, args = is_coordinator(user, today), [report.public_id]
    later = getattr(report, "corrected_by", None)
    later = later if later is not None and (later.is_published or writes) else None
    counted = None if report.is_published else timezone.localtime(report.numbers.counted_at)
    return {
        "report": report, "writes": writes, "is_draft": not report.is_published, "later": later,
        "lacks_the_end": report.lacks_the_end(today),
        "as_of_words": date_words(report.as_of),
        "counted_words": _("%(day)s kl. %(time)s") % {"day": date_words(counted.date()), "time": f"{counted:%H.%M}"} if counted else "",
        "closed_url": reverse("report_closed", args=args) if may_see_closed(report, user, today) else "",
        "pdf_url": reverse("report_pdf", args=args) if report.is_published else "",
        "sheet_url": reverse("report_sheet", args=args) if report.is_published else "",
        "figure_base": report.get_absolute_url() + "tall/",
    }  # fmt: skip


def file_name(report: ProgressReport, ending: str) -> str:
    """Gives the name a report's file is saved under; nobody's name is in it."""
    words = ["framdriftsrapport", slugify(report.semester_words.replace("ø", "o").replace("å", "a"))]
    words += [slugify(word) for word in (report.funder, report.trade) if word]
    words += [f"utgave-{report.edition}"] if report.edition > 1 else []
    return f"{'-'.join(words)}.{ending}"


def hidden_rows(content: Mapping[str, Any], report: ProgressReport) -> dict[str, Any]:
    """Gives what will be hidden when the report is published: figure, cell and trade by trade, with the word that will stand there."""
    reading = Reading(content)
    names = {row["code"]: row["name"] for row in reading.rows} | {TOTAL: _("I alt")}
    found = []
    for key, rows in reading.periods[0]["words_of"].items():
        figure = reading.figures[key]
        labels = {cell["key"]: cell["label"] for cell in figure["cells"]}
        found += [
            {
                "name": figure["name"],
                "label": labels[cell],
                "row": names.get(row, row),
                "word": reading.word(word),
            }
            for row, cells in rows.items()
            for cell, word in cells.items()
        ]
    order = {figure["name"]: at for at, figure in enumerate(reading.figures.values())}
    found.sort(key=lambda row: (order[row["name"]], row["label"], row["row"]))
    texts = content["texts"]
    lacking = [label for name, label in (("short", _("Kort fortalt")), ("status", _("Status"))) if not texts[name].strip()]
    return {
        "hidden": found[:MOST_LISTED], "hidden_count": len(found), "smallest": reading.smallest, "revealed": content["revealed"],
        "unreached": content["unreached"],
        "lacking": lacking, "title": content["title"],
        "counted_words": date_words(timezone.localtime(report.numbers.counted_at).date()),
    }  # fmt: skip
