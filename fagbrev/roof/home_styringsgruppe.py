"""styringsgruppe's part of home: the newest report and its PDF, each one click away, and those before it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse

from fagbrev.people.models import User
from meetings.report_content import frozen_content, heading_words
from meetings.report_queries import newest_published


def steering_home(user: User, today: date) -> dict[str, Any]:
    """Gives the newest published report on everyone, with what it says in short; a fixed number of queries."""
    report = newest_published(user, today)
    if report is None:
        return {"report": None, "list_url": reverse("report_list")}
    content = frozen_content(report)
    return {
        "report": report, "title": content["title"], "lead": heading_words(content), "list_url": reverse("report_list"),
        "short": [line.strip() for line in content["texts"]["short"].splitlines() if line.strip()],
        "url": report.get_absolute_url(), "pdf_url": reverse("report_pdf", args=[report.public_id]),
    }  # fmt: skip
