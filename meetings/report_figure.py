"""The page of one figure in a report: how it is counted, every cell by trade, and every semester."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from fagbrev.figures import CHAPTERS, TOTAL
from meetings.report_content import heading_words
from meetings.report_page import ShownTable, TableCell, TableRow, has_row
from meetings.report_reading import Reading


def figure_page(content: Mapping[str, Any], key: str) -> dict[str, Any] | None:
    """Gives the page of one figure: the definition, all cells by trade, and every semester; None when the report has no such figure."""
    reading = Reading(content)
    if not reading.has(key):
        return None
    figure = reading.figures[key]
    semesters = []
    for at, period in enumerate(reading.periods):
        if reading.is_known(key, at):
            found = [(reading.cell(key, cell["key"], period=at), cell["label"]) for cell in figure["cells"]]
            semesters.append(
                TableRow(period["words"], tuple(TableCell(one.with_percent, one.is_hidden, label=label) for one, label in found))
            )
    columns = (_("Semester"), *(cell["label"] for cell in figure["cells"]))
    return {
        "figure": figure, "name": figure["name"], "definition": figure["definition"], "source": figure["source"],
        "report_title": content["title"], "lead": heading_words(dict(content)), "smallest": reading.smallest,
        "cells": _linked(reading, figure), "rows": [row for row in reading.rows if has_row(reading, key, row["code"])],
        "semesters": ShownTable(_("I alt, semester for semester"), columns, tuple(semesters)),
        "chapter": CHAPTERS[figure["chapter"]],
    }  # fmt: skip


def _linked(reading: Reading, figure: dict[str, Any]) -> list[dict[str, Any]]:
    """Each cell with its value in every row, and the row's code, so that a number can lead to the list behind it."""
    rows = [row["code"] for row in reading.rows if has_row(reading, figure["key"], row["code"])]
    names = {row["code"]: row["short"] for row in reading.rows}
    return [
        {
            "key": cell["key"], "label": cell["label"],
            "values": [
                {"row": row, "row_name": names.get(row, _("i alt")), "shown": reading.cell(figure["key"], cell["key"], row)}
                for row in (*rows, TOTAL)
            ],
        }
        for cell in figure["cells"]
    ]  # fmt: skip
