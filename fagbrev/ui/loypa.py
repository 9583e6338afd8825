"""Where everything stands on løypa, the drawing of one person's way: pure geometry, no dates and no domain.

What is done is packed tightly on the left; from the present step to the end the line is drawn to scale. Labels
never overlap: a label that would touch another is moved sideways, and when that is not enough, to another row with
a thin line to its place.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

State = Literal["done", "current", "future"]
Kind = Literal["exam", "contract_end", "test"]

WIDTH = 1120.0
EDGE = 12.0
PACKED = 95.0
LETTER = 7.2
SMALL_LETTER = 6.5
LINE = 16.0
CLEAR = 8.0
FAR = 70.0


@dataclass(frozen=True)
class Step:
    """One phase. `position` (0 to 1, from the present step to the end) is for future steps whose day is known."""

    label: str
    date_text: str = ""
    state: State = "future"
    position: float | None = None


@dataclass(frozen=True)
class Mark:
    """An event on the stretch that is drawn to scale: `position` 0 (the present step's start) to 1 (the end)."""

    label: str
    date_text: str
    position: float
    kind: Kind = "test"


@dataclass(frozen=True)
class Label:
    """A text block: `x` is its middle, `y` its first baseline; `lines` as drawn, the first `bold` ones strong."""

    x: float
    y: float
    lines: tuple[str, ...]
    bold: int
    width: float

    @property
    def left(self) -> float:
        return self.x - self.width / 2

    @property
    def right(self) -> float:
        return self.x + self.width / 2

    @property
    def top(self) -> float:
        return self.y - LINE * 0.8

    @property
    def bottom(self) -> float:
        return self.y + (len(self.lines) - 1) * LINE + LINE * 0.25

    @property
    def texts(self) -> list[dict[str, object]]:
        """The lines with their baselines, ready to print."""
        return [{"text": t, "y": round(self.y + i * LINE, 1), "is_bold": i < self.bold} for i, t in enumerate(self.lines)]


@dataclass(frozen=True)
class Stop:
    """A step or a mark on the line, its label, and the thin line between them where the label was moved."""

    x: float
    state: str
    label: Label
    leader: str = ""

    @property
    def is_done(self) -> bool:
        return self.state == "done"

    @property
    def is_current(self) -> bool:
        return self.state == "current"


@dataclass(frozen=True)
class Item:
    """One line of the tall list. `number` counts what lies ahead; marks have none."""

    label: str
    date_text: str
    state: str  # current | today | ahead
    number: int | None = None


@dataclass(frozen=True)
class Track:
    """The finished drawing: what components/loypa.html needs."""

    width: float
    height: float
    line_y: float
    start_x: float
    reached_x: float
    end_x: float
    stops: tuple[Stop, ...]
    marks: tuple[Stop, ...]
    today: Label | None
    today_x: float
    done: tuple[Step, ...]
    items: tuple[Item, ...]
    steps: tuple[Step, ...] = field(default=())
    events: tuple[Mark, ...] = field(default=())

    @property
    def today_half(self) -> float:
        return _r(self.today.width / 2) if self.today else 0.0

    @property
    def done_count_words(self) -> str:
        """How many phases are finished, in words: "Seks faser er ferdige"."""
        count = len(self.done)
        words = ("Ingen", "Én", "To", "Tre", "Fire", "Fem", "Seks", "Sju", "Åtte", "Ni", "Ti")
        number = words[count] if count < len(words) else str(count)
        return f"{number} fase er ferdig" if count == 1 else f"{number} faser er ferdige"

    @property
    def done_summary(self) -> str:
        """First to last finished phase, in words."""
        if not self.done:
            return ""
        first, last = self.done[0], self.done[-1]
        names = first.label if first is last else f"{first.label} til {last.label[:1].lower()}{last.label[1:]}"
        dates = [s.date_text for s in (first, last) if s.date_text]
        return ", ".join([names, *(["–".join(dict.fromkeys(dates))] if dates else [])])


def layout(
    steps: Sequence[Step],
    *,
    marks: Sequence[Mark] = (),
    today: float | None = None,
    today_label: str = "I dag",
    today_note: str = "",
) -> Track:
    """Takes the steps in order, the marks and today's position (0 to 1 on the scaled stretch, None when there is no
    present step), and gives the drawing. Positions outside 0 to 1 are moved to the nearest end."""
    known = [s for s in steps if s.state != "future"]
    ahead = [s for s in steps if s.state == "future"]
    start, end = _ends(steps)
    spacing = min(PACKED, (end - start) * 0.62 / max(1, len(known) - 1)) if ahead else (end - start) / max(1, len(known) - 1)
    packed = [start + i * spacing for i in range(len(known))]
    origin = packed[-1] if packed else start
    scale = end - origin

    future = [origin + scale * share for share in _shares(ahead)]
    today_x = origin + scale * _inside(today) if today is not None else origin

    pill = None
    if today is not None:
        width = len(today_label) * LETTER + 24
        pill = Label(_clamped(today_x, width), 0.0, (today_label,), 1, width)
    above, rows_above = _placed([*zip(packed + future, [*known, *ahead], strict=True)], fixed=pill)
    below, rows_below = _placed([(origin + scale * _inside(m.position), m) for m in marks])

    tallest = max((len(lines) for _, lines, _, _ in above), default=2)
    row_above = tallest * LINE + 8
    line_y = 22 + rows_above * row_above + 8
    row_below = max((len(lines) for _, lines, _, _ in below), default=2) * LINE + 10
    lowest = line_y + 36 + (rows_below - 1) * row_below + row_below - 10 - LINE * 0.5 if marks else line_y + 14

    stops = []
    for step, (at, lines, middle, row), x in zip([*known, *ahead], above, packed + future, strict=True):
        bottom = line_y - 24 - row * row_above
        label = Label(middle, bottom - (len(lines) - 1) * LINE, lines, _bold(step, lines), _width(lines))
        stops.append(Stop(_r(at), step.state, label, _leader(x, line_y - 10, middle, bottom + 6, row)))
    drawn_marks = []
    for mark, (at, lines, middle, row) in zip(marks, below, strict=True):
        top = line_y + 36 + row * row_below
        label = Label(middle, top, lines, _bold(mark, lines), _width(lines))
        drawn_marks.append(Stop(_r(at), mark.kind, label, _leader(at, line_y + 9, middle, top - LINE * 0.9, 1)))

    if pill is not None:
        pill = Label(_r(pill.x), line_y - 29, pill.lines, 1, pill.width)
    return Track(
        width=WIDTH,
        height=round(lowest),
        line_y=round(line_y, 1),
        start_x=_r(start),
        reached_x=_r(max(today_x, origin)),
        end_x=_r(end),
        stops=tuple(stops),
        marks=tuple(drawn_marks),
        today=pill,
        today_x=_r(today_x),
        done=tuple(s for s in steps if s.state == "done"),
        items=_items(steps, marks, today, today_label, today_note),
        steps=tuple(steps),
        events=tuple(marks),
    )


def _items(
    steps: Sequence[Step], marks: Sequence[Mark], today: float | None, today_label: str, today_note: str
) -> tuple[Item, ...]:
    """The tall list: the present step, today, and all that is ahead in order; marks that have passed are left out."""
    items = [Item(s.label, s.date_text, "current") for s in steps if s.state == "current"]
    if today is not None:
        items.append(Item(today_label, today_note, "today"))
    ahead = [s for s in steps if s.state == "future"]
    coming = [(share, 1, s.label, s.date_text) for share, s in zip(_shares(ahead), ahead, strict=True)]
    coming += [(m.position, 0, m.label, m.date_text) for m in marks if today is None or m.position >= today]
    number = 0
    for _position, is_step, label, date_text in sorted(coming, key=lambda c: (c[0], c[1])):
        number += is_step
        items.append(Item(label, date_text, "ahead", number if is_step else None))
    return tuple(items)


def _ends(steps: Sequence[Step]) -> tuple[float, float]:
    first = _width(_lines(steps[0])) if steps else 0.0
    last = _width(_lines(steps[-1])) if steps else 0.0
    return EDGE + max(first / 2, 14), WIDTH - EDGE - max(last / 2, 14)


def _shares(ahead: Sequence[Step]) -> list[float]:
    """Positions of the future steps: known ones kept, the others spread over the last part; always rising, last is 1."""
    count = len(ahead)
    shares = [_inside(s.position) if s.position is not None else 0.45 + 0.55 * (i + 1) / count for i, s in enumerate(ahead)]
    for i in range(1, count):
        shares[i] = max(shares[i], shares[i - 1])
    if shares:
        shares[-1] = 1.0
    return shares


Placed = tuple[float, tuple[str, ...], float, int]


def _placed(things: Sequence[tuple[float, Step | Mark]], fixed: Label | None = None) -> tuple[list[Placed], int]:
    """Gives each thing its label's middle and row (0 is nearest the line), in the order given, and the number of rows."""
    taken: dict[int, list[tuple[float, float]]] = {0: [(fixed.left, fixed.right)] if fixed else []}
    found: dict[int, Placed] = {}
    for index in sorted(range(len(things)), key=lambda i: things[i][0]):
        at, thing = things[index]
        lines = _lines(thing)
        width = _width(lines)
        best: tuple[float, float, int] | None = None
        for row in range(len(taken) + 1):
            middle = _free(at, width, taken.get(row, []))
            if middle is None or abs(middle - at) > FAR + (row > len(taken)) * FAR:
                continue
            cost = abs(middle - at) + row * 45
            if best is None or cost < best[0]:
                best = (cost, middle, row)
        if best is None:
            best = (0.0, _clamped(at, width), len(taken))
        _, middle, row = best
        taken.setdefault(row, []).append((middle - width / 2, middle + width / 2))
        found[index] = (at, lines, _r(middle), row)
    rows = 1 + max((row for *_, row in found.values()), default=0)
    return [found[i] for i in range(len(things))], rows


def _free(at: float, width: float, taken: Sequence[tuple[float, float]]) -> float | None:
    """The middle nearest to `at` where a text of this width touches nothing in the row, or None."""
    candidates = [at]
    for left, right in taken:
        candidates += [right + CLEAR + width / 2, left - CLEAR - width / 2]
    fits = [
        middle
        for middle in (_clamped(candidate, width) for candidate in candidates)
        if all(middle + width / 2 + CLEAR <= left + 0.01 or middle - width / 2 - CLEAR >= right - 0.01 for left, right in taken)
    ]
    return min(fits, key=lambda middle: abs(middle - at)) if fits else None


def _lines(thing: Step | Mark) -> tuple[str, ...]:
    """The label in one or two lines, then its date."""
    return (*_wrapped(thing.label), *((thing.date_text,) if thing.date_text else ()))


def _wrapped(text: str, longest: int = 18) -> tuple[str, ...]:
    words, lines = text.split(), [""]
    for word in words:
        if lines[-1] and len(lines[-1]) + 1 + len(word) > longest:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return tuple(lines)


def _bold(thing: Step | Mark, lines: tuple[str, ...]) -> int:
    return len(lines) - (1 if thing.date_text else 0)


def _width(lines: Sequence[str]) -> float:
    """A careful estimate: a line that begins with a digit is a date, in smaller type."""
    return max((len(line) * (SMALL_LETTER if line[:1].isdigit() else LETTER) for line in lines), default=0.0)


def _leader(x: float, y: float, label_x: float, label_y: float, row: int) -> str:
    """An SVG path from the stop to its label, "" where the label stands right above it."""
    if row == 0 and abs(label_x - x) < 14:
        return ""
    reach = max(label_x - 40, min(label_x + 40, x))
    return f"M{x:.1f} {y:.1f}L{reach:.1f} {label_y:.1f}"


def _clamped(x: float, width: float) -> float:
    return min(max(x, EDGE / 2 + width / 2), WIDTH - EDGE / 2 - width / 2)


def _inside(position: float) -> float:
    return min(max(position, 0.0), 1.0)


def _r(number: float) -> float:
    return round(number, 1)
