"""What a report shows, one page first and details after: drawn from its content alone, on screen and on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from fagbrev.dates import date_words
from fagbrev.figures import CHAPTERS, TOTAL, UNDECIDED, Share
from meetings.report_charts import NARROW, WIDE, Drawing, Part, Stack, Step, funnel, stacked, toned
from meetings.report_content import heading_words
from meetings.report_reading import NO_NUMBERS, Change, Reading, Shown

FUNNEL = "funnel"
TILES = (
    ("now", "all", _("Deltakere nå"), ""),
    ("came", "admitted", _("Nye"), ""),
    ("completed", "completed", _("Nye fagbrev"), ""),
    ("written_exam", "passed", _("Består skriftlig eksamen"), "%"),
    ("months_to_fagbrev", "months", _("Fra start til fagbrev"), _("måneder")),
)
COLUMNS = (
    ("now", "all", _("Deltakere nå")),
    ("came", "admitted", _("Nye")),
    ("written_exam", "passed", _("Skriftlig eksamen bestått")),
    ("completed", "completed", _("Nye fagbrev")),
    ("left", "all", _("Sluttet før tiden")),
    ("visits_due", "held", _("Besøk holdt")),
)
PERCENT_ALONE = frozenset({"visits_due"})
LEVELS = (
    ("norwegian_start", _("Ved start")), ("norwegian_oral", _("Nå, muntlig")), ("norwegian_writing", _("Nå, skriftlig")),
)  # fmt: skip
WORK = (("work_3", _("3 måneder")), ("work_6", _("6 måneder")), ("work_12", _("12 måneder")))
UNKNOWN = "unknown"  # the cell of those whose level nobody knows
PERMANENT, NO_ANSWER = "permanent", frozenset({"unknown", "not_asked"})
OF_ALL_NOW = frozenset(key for key, _label in LEVELS)  # each participant is in one cell
EARLIER_SHOWN = 3  # semesters beside the total in the details; the figure's own page has them all
TEXT_HEADINGS = (
    ("status", _("Status")), ("resources", _("Ressurser")), ("challenges", _("Utfordringer")), ("plans", _("Planer")),
)  # fmt: skip

ALL_TEXTS = (("short", _("Kort fortalt")), ("asks", _("Vi ber styringsgruppen om")), *TEXT_HEADINGS)


@dataclass(frozen=True)
class Tile:
    """One of the five figures: what it is, the number with its unit, and the change in words."""

    label: str
    shown: Shown
    number: str
    unit: str
    change: Change | None
    figure: str


@dataclass(frozen=True)
class TableCell:
    """A cell of a table: its words, whether it is hidden, and the width of its bar in percent (None: no bar)."""

    text: str
    is_hidden: bool = False
    bar: int | None = None
    label: str = ""


@dataclass(frozen=True)
class TableRow:
    """A row of a table: its heading with the trade's sign, and its cells."""

    name: str
    cells: tuple[TableCell, ...]
    sign: Mapping[str, str] = field(default_factory=dict)
    figure: str = ""


@dataclass(frozen=True)
class ShownTable:
    """A table as the templates draw it."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[TableRow, ...]
    total: TableRow | None = None

    @property
    def is_short(self) -> bool:
        """True with one row: on paper it has no row heading, for then there would be more headings than data."""
        return len(self.rows) == 1 and self.total is None


@dataclass(frozen=True)
class Chart:
    """A drawing in its layouts, with the same numbers as a table."""

    key: str
    name: str
    note: str
    drawings: tuple[Drawing, ...]
    table: ShownTable
    legend: tuple[tuple[str, str], ...] = ()

    @property
    def wide(self) -> Drawing:
        """The wide layout, with real colours, for paper."""
        return self.drawings[0].on_paper()


def page_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """Gives everything the templates draw of a report."""
    reading = Reading(content)
    texts = content["texts"]
    return {
        "title": content["title"],
        "lead": heading_words(dict(content)),
        "is_open": content["is_open"],
        "tiles": _tiles(reading),
        "funnel": _funnel(reading),
        "short": _paragraphs(texts["short"]),
        "asks": [line.strip(" -–•*\t") for line in texts["asks"].splitlines() if line.strip(" -–•*\t")],
        "author": content["author"],
        "by_trade": _by_trade(reading),
        "charts": [chart for chart in (_levels(reading), _work(reading)) if chart],
        "texts": [
            {"heading": str(heading), "paragraphs": _paragraphs(texts[key])}
            for key, heading in TEXT_HEADINGS
            if texts[key].strip()
        ],
        "chapters": _chapters(reading),
        "hidden_count": reading.hidden_count(),
        "smallest": reading.smallest,
        "corrected": _corrected(reading),
        "news": _news(reading),
        "earlier_words": ", ".join(period["words"] for period in reading.periods[1 : EARLIER_SHOWN + 1]),
    }


def tiles_of(content: Mapping[str, Any]) -> list[Tile]:
    """Gives the five figures alone, for a page that shows no more of a report."""
    return _tiles(Reading(content))


def _tiles(reading: Reading) -> list[Tile]:
    return [_tile(reading, *each) for each in TILES if reading.has(each[0])]


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


# --- The one page ---------------------------------------------------------------------------------------


def _tile(reading: Reading, figure: str, cell: str, label: str, unit: str) -> Tile:
    found = reading.cell(figure, cell)
    number = found.text
    if found.percent is not None:
        number = str(found.percent)
    has_number = not found.is_hidden and number not in {"–", NO_NUMBERS}
    if not has_number and not found.is_hidden:
        found = replace(found, is_hidden=True)  # drawn as a word
    name = str(label)
    if (figure, cell) == ("came", "admitted"):
        name = _("Nye denne %(term)s") % {"term": _("våren") if reading.content["semester"].startswith("vår") else _("høsten")}
    return Tile(name, found, number, str(unit) if has_number else "", reading.change(figure, cell), figure)


def _funnel(reading: Reading) -> Chart | None:
    if not reading.has(FUNNEL):
        return None
    cells = reading.figures[FUNNEL]["cells"]
    steps: list[Step] = []
    before: Shown | None = None
    for number, cell in enumerate(cells):
        found = reading.cell(FUNNEL, cell["key"])
        beside = _("går videre") if not number else ""
        if before is not None and before.number and found.number is not None:
            beside = f"{Share(found.number, before.number).percent} %"
        steps.append(Step(cell["label"], found.number, found.text, beside, number in {0, len(cells) - 1}))
        before = found
    name = reading.figures[FUNNEL]["name"]
    since = date.fromisoformat(reading.content["since"])
    note = _("Alle som er henvist siden %(month)s. Mange er fortsatt på vei.") % {"month": date_words(since).split(" ", 1)[1]}
    rows = tuple(
        TableRow(step.label, (TableCell(step.shown, step.value is None), TableCell(step.beside if at else "")))
        for at, step in enumerate(steps)
    )
    table = ShownTable(_("%(name)s, steg for steg") % {"name": name}, (_("Steg"), _("Antall"), _("Går videre")), rows)
    return Chart(FUNNEL, name, note, tuple(funnel(FUNNEL, name, steps, layout) for layout in (WIDE, NARROW)), table)


def _by_trade(reading: Reading) -> ShownTable | None:
    columns = [column for column in COLUMNS if reading.has(column[0])]
    if not reading.rows or not columns:
        return None
    most = max((reading.cell("now", "all", row["code"]).number or 0 for row in reading.rows), default=0)

    def cells(row: str) -> tuple[TableCell, ...]:
        return tuple(_front_cell(reading, row, figure, cell, str(label), most) for figure, cell, label in columns)

    rows = tuple(
        TableRow(row["name"], cells(row["code"]), row if row["code"] != UNDECIDED else {})
        for row in reading.rows
        if row["code"] != UNDECIDED or _says_something(cells(UNDECIDED))
    )
    names = (_("Fag"), *(str(label) for _figure, _cell, label in columns))
    return ShownTable(_("Fag for fag"), names, rows, TableRow(_("I alt"), cells(TOTAL)))


def _says_something(cells: Sequence[TableCell]) -> bool:
    return any(cell.is_hidden or cell.text not in {"0", "–", NO_NUMBERS} for cell in cells)


def _has_any(reading: Reading, row: str) -> bool:
    """Tells whether the row has anything in the semester that is not zero, hidden or not."""
    period = reading.periods[0]
    return any(row in rows for found in (period["values"], period["words_of"]) for rows in found.values())


def _front_cell(reading: Reading, row: str, figure: str, cell: str, label: str, most: int) -> TableCell:
    found = reading.cell(figure, cell, row)
    text = f"{found.percent} %" if figure in PERCENT_ALONE and found.percent is not None else found.text
    bar = None
    if figure == "now" and row != TOTAL and found.number is not None and most:
        bar = round(100 * found.number / most)
    return TableCell(text, found.is_hidden, bar, label)


def _levels(reading: Reading) -> Chart | None:
    known = [(key, label) for key, label in LEVELS if reading.has(key)]
    if not known:
        return None
    stacks = [_stack(reading, key, str(label)) for key, label in known]
    used = {part.label for stack in stacks for part in stack.parts if part.value != 0}
    unknown = {cell["label"] for key, _label in known for cell in reading.figures[key]["cells"] if cell["key"] == UNKNOWN}
    order = list(dict.fromkeys(part.label for stack in stacks for part in stack.parts if part.label in used - unknown))
    tones = dict.fromkeys(unknown, "none") | dict(zip(order, toned(order), strict=True))
    stacks = [
        replace(one, parts=tuple(replace(part, tone=tones[part.label]) for part in one.parts if part.label in used))
        for one in stacks
    ]
    now = reading.cell("now", "all")
    goals = reading.content.get("norwegian_goals", "")
    note = f"{_('%(count)s deltakere.') % {'count': now.text}} {goals}".strip() if now.number else ""
    return _chart(reading, "levels", _("Norsknivå"), note, known, stacks)


def _work(reading: Reading) -> Chart | None:
    known = [(key, label) for key, label in WORK if reading.has(key)]
    if not known:
        return None
    stacks = []
    for key, label in known:
        answers = [cell["key"] for cell in reading.figures[key]["cells"] if cell["key"] not in NO_ANSWER]
        fast = reading.cell(key, PERMANENT).number
        others = [reading.cell(key, cell).number for cell in answers if cell != PERMANENT]
        rest = None if None in others else sum(other or 0 for other in others)
        whole = None if fast is None or rest is None else fast + rest
        beside = _("%(count)d svar") % {"count": whole} if whole is not None else ""
        parts = (Part(_("fast jobb"), fast, "full"), Part(_("vikar, deltid eller annet"), rest, "middle"))
        stacks.append(Stack(str(label), parts, whole, beside, shows_percent=True))
    rows = tuple(
        TableRow(stack.label, tuple(_part_cell(part.value) for part in stack.parts), figure=key)
        for (key, _label), stack in zip(known, stacks, strict=True)
    )
    labels = [(part.label, part.tone) for part in stacks[0].parts]
    table = ShownTable(_("I arbeid etter fagbrev"), (_("Etter"), *(label for label, _tone in labels)), rows)
    drawings = tuple(stacked("work", table.caption, stacks, layout) for layout in (WIDE, NARROW))
    return Chart("work", table.caption, "", drawings, table, _legend(stacks, labels))


def _part_cell(value: int | None) -> TableCell:
    return TableCell(_("skjult") if value is None else str(value), value is None)


def _whole(reading: Reading, figure: str) -> int | None:
    """The whole of a row's parts: the cell that holds it, or their sum when none is hidden."""
    described = reading.figures[figure]
    if described["whole_cell"]:
        return reading.cell(figure, described["whole_cell"]).number
    parts = [reading.cell(figure, cell["key"]).number for cell in described["cells"]]
    if None not in parts:
        return sum(part or 0 for part in parts)
    return reading.cell("now", "all").number if figure in OF_ALL_NOW else None


def _stack(reading: Reading, figure: str, label: str, beside: str = "") -> Stack:
    described = reading.figures[figure]
    cells = [cell for cell in described["cells"] if cell["key"] != described["whole_cell"]]
    parts = tuple(
        Part(cell["label"], reading.cell(figure, cell["key"]).number, tone)
        for cell, tone in zip(cells, toned([cell["key"] for cell in cells]), strict=True)
    )
    return Stack(label, parts, _whole(reading, figure), beside)


def _chart(
    reading: Reading, key: str, name: str, note: str, known: Sequence[tuple[str, Any]], stacks: Sequence[Stack]
) -> Chart:  # fmt: skip
    labels = list(dict.fromkeys(part.label for stack in stacks for part in stack.parts))
    tones = {part.label: part.tone for stack in stacks for part in stack.parts}
    rows = []
    for (figure, _label), stack in zip(known, stacks, strict=True):
        by_label = {cell["label"]: cell["key"] for cell in reading.figures[figure]["cells"]}
        found = [reading.cell(figure, by_label[label]) if label in by_label else Shown("–") for label in labels]
        rows.append(TableRow(stack.label, tuple(TableCell(one.text, one.is_hidden) for one in found), figure=figure))
    table = ShownTable(name, ("", *labels), tuple(rows))
    drawings = tuple(stacked(key, name, stacks, layout) for layout in (WIDE, NARROW))
    return Chart(key, name, note, drawings, table, _legend(stacks, [(label, tones[label]) for label in labels]))


def _legend(stacks: Sequence[Stack], labels: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """The labels with their tones, and what a part that is hidden looks like where there is one."""
    has_hidden = any(part.value is None for stack in stacks for part in stack.parts)
    return (*labels, *([(_("skjult"), "veiled")] if has_hidden else []))


# --- The details ----------------------------------------------------------------------------------------


def _chapters(reading: Reading) -> list[dict[str, Any]]:
    found = []
    for key, name in CHAPTERS.items():
        figures = [_detail(reading, figure) for figure in reading.figures.values() if figure["chapter"] == key]
        if figures:
            found.append({"key": key, "name": name, "figures": figures})
    return found


def _detail(reading: Reading, figure: dict[str, Any]) -> dict[str, Any]:
    return {
        "key": figure["key"], "name": figure["name"], "definition": figure["definition"], "source": figure["source"],
        "table": detail_table(reading, figure["key"]),
        "span": _("Den siste dagen i tidsrommet.") if figure["is_at_moment"] else _("I løpet av tidsrommet."),
    }  # fmt: skip


def detail_table(reading: Reading, figure: str) -> ShownTable:
    """Gives a figure's cells by trade and in all, with the earlier semesters' totals beside."""
    described = reading.figures[figure]
    rows = [row for row in reading.rows if has_row(reading, figure, row["code"])]
    earlier = [at for at in range(1, min(len(reading.periods), EARLIER_SHOWN + 1)) if reading.is_known(figure, at)]
    columns = (
        unit_words(described), *(row["short"] for row in rows), _("I alt"), *(reading.periods[at]["words"] for at in earlier),
    )  # fmt: skip
    made = []
    for cell in described["cells"]:
        found = [reading.cell(figure, cell["key"], row["code"]) for row in rows]
        found += [reading.cell(figure, cell["key"]), *(reading.cell(figure, cell["key"], period=at) for at in earlier)]
        cells = tuple(
            TableCell(one.with_percent, one.is_hidden, label=column) for one, column in zip(found, columns[1:], strict=True)
        )
        if _says_something(cells) or len(described["cells"]) < 4:
            made.append(TableRow(cell["label"], cells, figure=figure))
    if not made:
        made = [TableRow(_("Ingen i dette tidsrommet"), tuple(TableCell("0") for _column in columns[1:]))]
    return ShownTable(described["name"], columns, tuple(made))


def has_row(reading: Reading, figure: str, row: str) -> bool:
    """Tells whether a figure shows a row: every trade in use, and the undecided where there are any."""
    if row != UNDECIDED:
        return _has_any(reading, row)
    period = reading.periods[0]
    return row in period["values"].get(figure, {}) or row in period["words_of"].get(figure, {})


def unit_words(figure: Mapping[str, Any]) -> str:
    """Gives what a figure's numbers are: "Personer", "Timer"; of a median, that it is one."""
    if figure["kind"] == "median":
        return _("Median")
    return {
        "people": _("Personer"),
        "mentors": _("Personer"),
        "events": _("Antall"),
        "places": _("Steder"),
        "hours": _("Timer"),
        "days": _("Dager"),
    }[figure["unit"]]


def _news(reading: Reading) -> list[dict[str, Any]]:
    """What has changed since the report before: the figures of one number, and the wholes of the others."""
    found = []
    for key, figure in reading.figures.items():
        cell = figure["whole_cell"] or (figure["cells"][0]["key"] if len(figure["cells"]) == 1 else "")
        change = reading.change(key, cell) if cell else None
        if change is not None and change.direction:
            now, then = reading.cell(key, cell), reading.cell(key, cell, period=1)
            found.append(
                {
                    "figure": key,
                    "label": _counted_as(figure, cell),
                    "now": now.with_percent,
                    "then": then.with_percent,
                    "change": change,
                }
            )
    return found


def _counted_as(figure: Mapping[str, Any], cell: str) -> str:
    """What a whole is a number of. The name of a figure with parts can be that of one of them: «Mindre til stede enn kravet» has
    everyone who was taught as its whole, who are not those below."""
    if len(figure["cells"]) == 1:
        return str(figure["name"])
    return next(str(one["label"]) for one in figure["cells"] if one["key"] == cell)


def _corrected(reading: Reading) -> dict[str, Any] | None:
    """What differs from the edition this one stands in place of: totals that both show, and the texts that are not the same."""
    before = reading.content.get("corrected_from")
    if not before:
        return None
    other = Reading({**reading.content, "periods": [before]})
    changed = []
    for figure in reading.figures.values():
        for cell in figure["cells"]:
            now, then = reading.cell(figure["key"], cell["key"]), other.cell(figure["key"], cell["key"])
            if now.text != then.text and not (now.is_hidden and then.is_hidden):
                name = figure["name"] if cell["label"] == figure["name"] else f"{figure['name']}, {cell['label']}"
                told = _("før %(then)s, nå %(now)s") if now.is_hidden or then.is_hidden else _("%(then)s er rettet til %(now)s")
                changed.append({"name": name, "words": told % {"then": then.text, "now": now.text}})
    then_said = before.get("texts")
    texts = [str(words) for key, words in ALL_TEXTS if then_said and then_said[key] != reading.content["texts"][key]]
    last = reading.periods[0]["last"]
    until = date_words(date.fromisoformat(last)) if last != before["last"] else ""
    return {
        "published": date_words(date.fromisoformat(before["published_on"])), "until": until, "changed": changed, "texts": texts,
    }  # fmt: skip
