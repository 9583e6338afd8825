"""Where everything stands on årshjulet, the drawing of a school year as a wheel: pure geometry, no models.

August begins at the top and the year goes clockwise. Each ring holds one sort of marks. Nothing in a ring ever touches anything
else in it: periods that overlap share the width of the ring, marks close in time stand beside each other across the ring, and when
there is no more room they become one circle with their number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from math import asin, atan2, cos, degrees, hypot, radians, sin
from typing import Any

LONG_MONTHS = (
    "august", "september", "oktober", "november", "desember", "januar", "februar", "mars", "april", "mai", "juni", "juli",
)  # fmt: skip
SHORT_MONTHS = ("aug.", "sep.", "okt.", "nov.", "des.", "jan.", "feb.", "mars", "april", "mai", "juni", "juli")
PERIODS = frozenset({"arc", "outline"})
MERGES_WITHIN = 45  # degrees: marks farther apart are never made into one
THINNEST = 4  # a period drawn thinner than this cannot be seen
NEAR_ENOUGH = 20  # degrees that a month's circle may be moved
LARGEST_NUMBER = 99
# Signs around (0, 0), about 16 wide, for the wheel, its key and the lists.
SHAPES = {
    "star": "M0-8 2.1-2.7 7.8-2.4 3.3 1.2 4.8 6.7 0 3.6-4.8 6.7-3.3 1.2-7.8-2.4-2.1-2.7Z",
    "dot": "M-5.5 0A5.5 5.5 0 1 1 5.5 0A5.5 5.5 0 1 1-5.5 0Z",
    "square": "M-5-5H5V5H-5Z",
    "triangle": "M0-6.2 6.4 5H-6.4Z",
    "diamond": "M0-7.2 6.4 0 0 7.2-6.4 0Z",
    "ring": "M-5.2 0A5.2 5.2 0 1 1 5.2 0A5.2 5.2 0 1 1-5.2 0Z",
    "count": "M-7 0A7 7 0 1 1 7 0A7 7 0 1 1-7 0Z",
    "arc": "M-8-4.5H8V4.5H-8Z",
    "outline": "M-7-4H7V4H-7Z",
    "hatch": "M-7.5-4.5H7.5V4.5H-7.5ZM-7.5 1.5-1.5-4.5M-6 4.5 3-4.5M-1 4.5 7.5-4M4 4.5 7.5 1",
}


@dataclass(frozen=True)
class Ring:
    """One ring of the wheel, by the key that its marks name."""

    key: str
    label: Any


@dataclass(frozen=True)
class Mark:
    """Something in a ring: a period (`shape` arc or outline) or a point (any other shape) in the middle of its days.

    `count` is what stands in a circle: in the shape count, and in a dot that stands for several. `tone` is a colour of the theme,
    and `label` is shown under the pointer.
    """

    ring: str
    kind: str
    shape: str
    starts_on: date
    ends_on: date
    label: str
    tone: str = "accent"
    count: int = 1
    is_past: bool = False

    @property
    def is_circle(self) -> bool:
        """True for a circle with a number in it."""
        return self.shape == "count" or (self.shape == "dot" and self.count > 1)


@dataclass(frozen=True)
class Free:
    """Days off, hatched across all rings."""

    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class Measures:
    """The sizes of one drawing, in its own units."""

    outer: float
    month_ring: float
    gap: float
    hole: float
    widest_ring: float
    thickest: float
    text: float
    small: float
    star: float
    sign: float
    circle: float
    months: tuple[str, ...]
    today_outside: bool
    centre: tuple[float, float, float]  # sizes of the three lines in the middle


WIDE = Measures(
    outer=324, month_ring=30, gap=7, hole=106, widest_ring=62, thickest=32, text=14, small=13, star=11.5,
    sign=6.5, circle=12.5, months=LONG_MONTHS, today_outside=True, centre=(14.5, 24, 14.5),
)  # fmt: skip
NARROW = Measures(
    outer=168, month_ring=22, gap=3, hole=40, widest_ring=34, thickest=16, text=11, small=10.5, star=8,
    sign=4.8, circle=8, months=SHORT_MONTHS, today_outside=False, centre=(10.5, 14, 10.5),
)  # fmt: skip


@dataclass(frozen=True)
class Box:
    """The part of a ring that something takes up: from `low` to `high` from the centre, from `start` to `end` in degrees."""

    low: float
    high: float
    start: float
    end: float

    def touches(self, other: Box, gap: float = 1.0) -> bool:
        """Tells whether two boxes come closer than the gap."""
        if self.low - gap >= other.high or other.low - gap >= self.high:
            return False
        turn = degrees(gap / max(1.0, min(self.low, other.low)))
        return any(
            self.start + shift < other.end + turn - 1e-6 and other.start - turn + 1e-6 < self.end + shift
            for shift in (-360, 0, 360)
        )


@dataclass(frozen=True)
class Text:
    """A text with its middle at (x, y), turned by `turn` degrees."""

    text: str
    x: float
    y: float
    turn: float = 0.0
    size: float = 13.0
    state: str = ""


@dataclass(frozen=True)
class Month:
    """One segment of the outermost ring; `state` is past, now or ahead."""

    path: str
    state: str
    name: Text


@dataclass(frozen=True)
class Arc:
    """A period as drawn."""

    path: str
    mark: Mark
    box: Box

    @property
    def is_outline(self) -> bool:
        """True when only the edge is drawn."""
        return self.mark.shape == "outline"


@dataclass(frozen=True)
class Point:
    """A point as drawn: `path` around (x, y), scaled by `scale`; `number` is "" for all but circles."""

    x: float
    y: float
    path: str
    scale: float
    radius: float
    number: str
    mark: Mark
    box: Box

    @property
    def drawn_radius(self) -> float:
        """The circle's radius inside its line."""
        return _r(self.radius - 1)

    @property
    def number_size(self) -> float:
        """The size of the number, which must fit in the circle."""
        return _r(self.radius * (1.15 if len(self.number) < 3 else 0.85))


@dataclass(frozen=True)
class Name:
    """A ring's name in July, on a plate of its own."""

    text: Text
    width: float
    height: float
    box: Box
    is_short: bool

    @property
    def left(self) -> float:
        return _r(-self.width / 2)

    @property
    def top(self) -> float:
        return _r(-self.height / 2)


@dataclass(frozen=True)
class Today:
    """The line of the day, and its plate around (x, y), turned by `turn` degrees."""

    x1: float
    y1: float
    x2: float
    y2: float
    plate: Text
    width: float
    height: float

    rounding: float

    @property
    def left(self) -> float:
        return _r(-self.width / 2)

    @property
    def top(self) -> float:
        return _r(-self.height / 2)


@dataclass(frozen=True)
class Wheel:
    """The finished drawing: what templates/roof/_wheel.html needs. Everything but the plate of today is around (0, 0)."""

    key: str
    left: float
    top: float
    width: float
    height: float
    bands: tuple[tuple[float, float], ...]  # radius of the middle, and width
    hatches: tuple[str, ...]
    spokes: tuple[tuple[float, float, float, float], ...]
    months: tuple[Month, ...]
    arcs: tuple[Arc, ...]
    points: tuple[Point, ...]
    names: tuple[Name, ...]
    today: Today | None
    centre: tuple[Text, ...]
    rings: tuple[Ring, ...] = field(default=())


def layout(
    rings: Sequence[Ring],
    marks: Iterable[Mark],
    *,
    first: date,
    free: Iterable[Free] = (),
    today: date | None = None,
    centre: tuple[str, str, str] = ("", "", ""),
    today_label: str = "I dag",
    key: str = "wheel",
    measures: Measures = WIDE,
) -> Wheel:
    """Takes rings (outermost first) and marks of the school year that begins on `first`, and gives the drawing.

    What lies outside the year is left out, or cut at its ends; `today` outside it draws no line. `key` keeps the parts of two
    drawings on a page apart.
    """
    year = _Year(first)
    today = today if today is not None and first <= today <= year.last else None
    inner_edge = measures.outer - measures.month_ring - measures.gap
    width = min(measures.widest_ring, (inner_edge - measures.hole) / max(1, len(rings)))
    hole = inner_edge - width * len(rings)
    arcs: list[Arc] = []
    points: list[Point] = []
    names: list[Name] = []
    within = [cut for mark in marks if (cut := year.cut(mark))]
    for place, ring in enumerate(rings):
        band = _Band(year, measures, inner_edge - width * (place + 1), inner_edge - width * place)
        own = [mark for mark in within if mark.ring == ring.key]
        single = [mark for mark in own if mark.shape not in PERIODS]
        lasting = [mark for mark in own if mark.shape in PERIODS]
        short = _needs_short(rings, measures, inner_edge, width, year)
        names.append(band.named(str(ring.label), single, lasting, short=short))
        arcs += band.periods(lasting)
        points += band.points(single)
    line = _today(year, today, hole, measures, today_label) if today else None
    half_width = half_height = measures.outer + 2
    if line is not None and measures.today_outside:
        half_width = max(half_width, abs(line.plate.x) + line.width / 2 + 2)
        half_height = max(half_height, abs(line.plate.y) + line.height / 2 + 2)
    return Wheel(
        key=key,
        left=_r(-half_width),
        top=_r(-half_height),
        width=_r(2 * half_width),
        height=_r(2 * half_height),
        bands=tuple((_r(inner_edge - width * (place + 0.5)), _r(width - 2)) for place in range(len(rings))),
        hatches=tuple(_sector(hole, inner_edge, start, end) for start, end in year.hatched(free)),
        spokes=tuple(
            (*_at(hole, year.month_start(n)), *_at(measures.outer + 1, year.month_start(n))) for n in range(12)
        ),
        months=tuple(_month(year, n, measures, today) for n in range(12)),
        arcs=tuple(arcs),
        points=tuple(points),
        names=tuple(names),
        today=line,
        centre=_centre(centre, measures),
        rings=tuple(rings),
    )  # fmt: skip


# --- The year ------------------------------------------------------------------------------------------


class _Year:
    """Days as degrees: the first of August at the top, a whole turn to the last of July."""

    def __init__(self, first: date) -> None:
        self.first = first
        self.last = date(first.year + 1, first.month, first.day) - timedelta(days=1)
        self.days = (self.last - first).days + 1
        self.month_firsts = [date(first.year + (first.month - 1 + n) // 12, (first.month - 1 + n) % 12 + 1, 1) for n in range(12)]

    def begin(self, day: date) -> float:
        """The degrees at which a day begins."""
        return (day - self.first).days * 360 / self.days

    def end(self, day: date) -> float:
        """The degrees at which a day ends."""
        return self.begin(day + timedelta(days=1))

    def month_start(self, place: int) -> float:
        """The degrees at which the month begins, the twelfth being followed by the year's end."""
        return self.begin(self.month_firsts[place]) if place < 12 else 360.0

    def half_of_month(self, place: int, *, with_day: date | None = None, without_day: date | None = None) -> float:
        """The middle of that half of a month that a day is in, or is not in."""
        start, end = self.month_start(place), self.month_start(place + 1)
        day = with_day or without_day or self.month_firsts[place]
        in_first = self.begin(day) + self.end(day) < start + end
        return start + (end - start) * (0.26 if in_first == (with_day is not None) else 0.74)

    @property
    def middle_of_july(self) -> float:
        """Where the names of the rings stand."""
        return (self.month_start(11) + 360) / 2

    def cut(self, mark: Mark) -> Mark | None:
        """The mark as far as it lies in the year."""
        if mark.ends_on < self.first or mark.starts_on > self.last:
            return None
        return replace(mark, starts_on=max(mark.starts_on, self.first), ends_on=min(mark.ends_on, self.last))

    def hatched(self, free: Iterable[Free]) -> list[tuple[float, float]]:
        """The days off and all of July, joined where they meet, in degrees."""
        spans = sorted(
            (max(part.starts_on, self.first), min(part.ends_on, self.last))
            for part in [*free, Free(self.month_firsts[11], self.last)]
            if part.ends_on >= self.first and part.starts_on <= self.last
        )
        joined: list[tuple[date, date]] = []
        for starts_on, ends_on in spans:
            if joined and starts_on <= joined[-1][1] + timedelta(days=1):
                joined[-1] = (joined[-1][0], max(joined[-1][1], ends_on))
            else:
                joined.append((starts_on, ends_on))
        return [(self.begin(starts_on), self.end(ends_on)) for starts_on, ends_on in joined]


# --- One ring ------------------------------------------------------------------------------------------


class _Band:
    """One ring while it is filled: what has been placed, and where there is still room."""

    def __init__(self, year: _Year, measures: Measures, low: float, high: float) -> None:
        self.year, self.measures = year, measures
        self.low, self.high = low + 2.0, high - 2.0
        self.middle = (low + high) / 2
        self.taken: list[Box] = []

    def named(self, label: str, points: Iterable[Mark], periods: Iterable[Mark], *, short: bool) -> Name:
        """Places the ring's name in July, before all else; near the outer edge where it must leave room for something."""
        text = label[:1] if short else label
        size = self.measures.small
        height = size * (1.22 if short else 1.55)
        width = height if short else len(text) * size * 0.6 + size
        middle = self.year.middle_of_july
        outward = self.middle
        box = _plate_box(outward, middle, width, height)
        near = [mark for mark in points if abs(self._angle(mark) - middle) < 25]
        crossed = any(self.year.begin(mark.starts_on) < box.end and self.year.end(mark.ends_on) > box.start for mark in periods)
        if crossed or any(self._free_point(mark, given=[box]) is None for mark in near):
            outward = max(outward, (self.high**2 - (width / 2) ** 2) ** 0.5 - height / 2)
            box = _plate_box(outward, middle, width, height)
        self.taken.append(box)
        x, y = _at(outward, middle)
        return Name(Text(text, x, y, _r(middle - 360), size), _r(width), _r(height), box, short)

    def periods(self, marks: Sequence[Mark]) -> Iterator[Arc]:
        """Places the periods; those that overlap share the width."""
        name = self.taken[0]
        for group in _lanes(list(marks), self.year):
            count = 1 + max(lane for _mark, _span, lane in group)
            crosses = any(start < name.end and name.start < end for _mark, (start, end), _lane in group)
            ceiling = name.low - 1 if crosses else self.high
            if (ceiling - self.low) / count < THINNEST:  # no room below the ring's name: what it covers is not drawn
                ceiling, group = self.high, [
                    (mark, span, lane) for mark, whole, lane in group if (span := _beside(whole, (name.start, name.end)))
                ]  # fmt: skip
            room = ceiling - self.low
            thick = min(self.measures.thickest, (room - 2.0 * (count - 1)) / count)
            middle = min(self.middle, ceiling - room / 2)
            top = middle + (count * thick + 2.0 * (count - 1)) / 2
            for mark, (start, end), lane in group:
                high = top - lane * (thick + 2.0)
                box = Box(high - thick, high, start, end)
                self.taken.append(box)
                inset = 1.0 if mark.shape == "outline" else 0.0  # the line lies inside the box
                turn = degrees((inset + 1.0) / self.middle)  # and the next period may begin the day after
                yield Arc(_sector(box.low + inset, box.high - inset, start + turn, end - turn), mark, box)

    def points(self, marks: Sequence[Mark]) -> list[Point]:
        """Places the points in the order of their days; what finds no room is joined with its neighbour of the same kind.

        Where it has none, it is moved along the ring; what even then finds no room is not drawn, and stands in the list alone.
        """
        placed: list[Point] = []
        for mark in sorted(marks, key=lambda m: (m.starts_on, m.ends_on)):
            wanted: Mark | None = mark
            while wanted is not None:
                point = self._free_point(wanted)
                if point is not None:
                    self.taken.append(point.box)
                    placed.append(point)
                    break
                # A circle has its number already, so it is rather moved a little than joined with another.
                point = self._moved_along(wanted, NEAR_ENOUGH) if wanted.shape == "count" else None
                near = self._nearest(wanted, placed) if point is None else None
                if near is None:
                    point = point or self._moved_along(wanted, MERGES_WITHIN)
                    if point is not None:
                        self.taken.append(point.box)
                        placed.append(point)
                    break
                placed.remove(near)
                self.taken.remove(near.box)
                wanted = _joined(near.mark, wanted)
        return placed

    def _free_point(self, mark: Mark, angle: float | None = None, given: Sequence[Box] | None = None) -> Point | None:
        at = self._angle(mark) if angle is None else angle
        taken, radius = self.taken if given is None else given, self._radius(mark)
        for distance in self._rows(radius):
            box = _round_box(distance, at, radius)
            if not any(box.touches(other) for other in taken):
                return self._point(mark, distance, at, radius, box)
        return None

    def _moved_along(self, mark: Mark, farthest: int) -> Point | None:
        """The nearest free place before or after the mark's own, within so many degrees."""
        own = self._angle(mark)
        for step in range(1, 2 * farthest + 1):
            for angle in (own - step / 2, own + step / 2):
                point = self._free_point(mark, angle)
                if point is not None:
                    return point
        return None

    def _nearest(self, mark: Mark, placed: Sequence[Point]) -> Point | None:
        """The closest mark of the same kind and colour, which it may be joined with."""
        alike = [
            point for point in placed
            if (point.mark.kind, point.mark.is_past, point.mark.tone) == (mark.kind, mark.is_past, mark.tone)
            and abs(self._angle(point.mark) - self._angle(mark)) <= MERGES_WITHIN
        ]  # fmt: skip
        return min(alike, key=lambda point: abs(self._angle(point.mark) - self._angle(mark)), default=None)

    def _angle(self, mark: Mark) -> float:
        return (self.year.begin(mark.starts_on) + self.year.end(mark.ends_on)) / 2

    def _radius(self, mark: Mark) -> float:
        if mark.is_circle:
            return min(self.measures.circle, (self.high - self.low) / 2)
        return self.measures.star if mark.shape == "star" else self.measures.sign

    def _rows(self, radius: float) -> Iterator[float]:
        """Distances from the centre where a point may stand: the middle first, then outward, then inward."""
        yield self.middle
        step = 2 * radius + 1.5
        for n in range(1, 9):
            for distance in (self.middle + n * step, self.middle - n * step):
                if self.low + radius <= distance <= self.high - radius:
                    yield distance
        for distance in (self.high - radius, self.low + radius):  # half a row beside something broad
            if distance >= self.low + radius:
                yield distance

    def _point(self, mark: Mark, distance: float, angle: float, radius: float, box: Box) -> Point:
        x, y = _at(distance, angle)
        number = ("99+" if mark.count > LARGEST_NUMBER else str(mark.count)) if mark.is_circle else ""
        path = "" if mark.is_circle else SHAPES[mark.shape]
        return Point(x, y, path, round(radius / (8 if mark.shape == "star" else 7), 3), radius, number, mark, box)


def _joined(one: Mark, other: Mark) -> Mark:
    labels = list(dict.fromkeys([*one.label.split("; "), other.label]))
    return replace(
        one,
        starts_on=min(one.starts_on, other.starts_on),
        ends_on=max(one.ends_on, other.ends_on),
        count=one.count + other.count,
        label="; ".join(labels[:3]) + (" …" if len(labels) > 3 else ""),
    )


_Lane = tuple[Mark, tuple[float, float], int]


def _lanes(marks: list[Mark], year: _Year) -> list[list[_Lane]]:
    """Groups periods that hang together, each with its span in degrees and its lane; 0 is outermost.

    Where more than three would lie beside each other, those of one kind are joined.
    """
    order = sorted(marks, key=lambda m: (m.starts_on, m.ends_on))
    while True:
        groups = _grouped(order, year)
        crowded = next((group for group in groups if max(lane for *_, lane in group) >= 3), None)
        pair = _pair_of_a_kind([mark for mark, *_ in crowded]) if crowded else None
        if pair is None:
            return groups
        one, other = pair
        order = [mark for mark in order if mark is not one and mark is not other]
        joined = replace(
            one,
            starts_on=min(one.starts_on, other.starts_on),
            ends_on=max(one.ends_on, other.ends_on),
            label=_joined(one, other).label,
            is_past=one.is_past and other.is_past,
        )
        order = sorted([*order, joined], key=lambda m: (m.starts_on, m.ends_on))


def _grouped(order: Sequence[Mark], year: _Year) -> list[list[_Lane]]:
    groups: list[list[_Lane]] = []
    reach = -1.0
    for mark in order:
        start, end = year.begin(mark.starts_on), year.end(mark.ends_on)
        if end - start < 4:  # a few days must be seen too
            middle = min(max((start + end) / 2, 2.0), 358.0)
            start, end = middle - 2, middle + 2
        if not groups or start >= reach - 1e-6:
            groups.append([])
        lane = 0
        while any(taken == lane and start < span[1] - 1e-6 and span[0] < end - 1e-6 for _mark, span, taken in groups[-1]):
            lane += 1
        groups[-1].append((mark, (start, end), lane))
        reach = max(reach, end)
    return groups


def _beside(span: tuple[float, float], name: tuple[float, float]) -> tuple[float, float] | None:
    """The longer part of a span that is not under the name, None when all of it is."""
    parts = [(span[0], min(span[1], name[0])), (max(span[0], name[1]), span[1])]
    start, end = max(parts, key=lambda part: part[1] - part[0])
    return (start, end) if end - start >= 2 else None


def _pair_of_a_kind(marks: Sequence[Mark]) -> tuple[Mark, Mark] | None:
    seen: dict[tuple[str, str], Mark] = {}
    for mark in marks:
        if (mark.kind, mark.shape) in seen:
            return seen[mark.kind, mark.shape], mark
        seen[mark.kind, mark.shape] = mark
    return None


# --- Around the rings ----------------------------------------------------------------------------------


def _needs_short(rings: Sequence[Ring], measures: Measures, edge: float, width: float, year: _Year) -> bool:
    """True when a name reaches far out of July: then all rings are named by their first letter."""
    size = measures.small
    half_july = (360 - year.month_start(11)) / 2
    if width < size * 1.55 + 4:
        return True
    for place, ring in enumerate(rings):
        distance = edge - width * (place + 0.5)
        half = (len(str(ring.label)) * size * 0.6 + size) / 2
        if degrees(atan2(half, distance - size * 0.8)) > half_july + 4:
            return True
    return False


def _month(year: _Year, place: int, measures: Measures, today: date | None) -> Month:
    start, end = year.month_start(place), year.month_start(place + 1)
    inner = measures.outer - measures.month_ring
    state = "ahead"
    if today is not None:
        next_first = year.month_firsts[place + 1] if place < 11 else year.last + timedelta(days=1)
        state = "past" if next_first <= today else "now" if year.month_firsts[place] <= today else "ahead"
    middle = (start + end) / 2
    if state == "now" and today is not None and not measures.today_outside:
        # The plate of today takes the half of the month that the day is in; the name takes the other half.
        middle = year.half_of_month(place, without_day=today)
    distance = measures.outer - measures.month_ring / 2
    x, y = _at(distance, middle)
    return Month(
        _sector(inner, measures.outer, start, end),
        state,
        Text(measures.months[place], x, y, _upright(middle), measures.text, state),
    )


def _today(year: _Year, today: date, hole: float, measures: Measures, label: str) -> Today:
    angle = (year.begin(today) + year.end(today)) / 2
    size = measures.small
    width, height = len(label) * size * 0.6 + size * 0.5, size * 1.45
    if measures.today_outside:
        width, height = width + size * 0.9, size * 1.85
        reach = abs(sin(radians(angle))) * width / 2 + abs(cos(radians(angle))) * height / 2
        x, y = _at(measures.outer + 5 + reach, angle)
        line_end, plate = measures.outer + 6, Text(label, x, y, 0.0, size)
    else:
        place = max(n for n in range(12) if year.month_firsts[n] <= today)
        middle = year.half_of_month(place, with_day=today)
        x, y = _at(measures.outer - measures.month_ring / 2, middle)
        line_end, plate = measures.outer, Text(label, x, y, _upright(middle), size)
    return Today(
        *_at(hole - 8, angle),
        *_at(line_end, angle),
        plate,
        _r(width),
        _r(height),
        _r(height / (2 if measures.today_outside else 5)),
    )


def _centre(lines: tuple[str, str, str], measures: Measures) -> tuple[Text, ...]:
    small, large, last = measures.centre
    shown = [(text, size, state) for text, size, state in zip(lines, (small, large, last), ("", "main", ""), strict=True) if text]
    whole = sum(size * 1.35 for _text, size, _state in shown)
    y = -whole / 2
    texts = []
    for text, size, state in shown:
        texts.append(Text(text, 0.0, _r(y + size * 0.675), 0.0, size, state))
        y += size * 1.35
    return tuple(texts)


# --- Geometry ------------------------------------------------------------------------------------------


def _at(distance: float, angle: float) -> tuple[float, float]:
    """A place by distance from the centre and degrees clockwise from the top."""
    return _r(distance * sin(radians(angle))), _r(-distance * cos(radians(angle)))


def _sector(low: float, high: float, start: float, end: float) -> str:
    """An SVG path around a part of a ring."""
    large = 1 if end - start > 180 else 0
    (x1, y1), (x2, y2), (x3, y3), (x4, y4) = _at(high, start), _at(high, end), _at(low, end), _at(low, start)
    return f"M{x1} {y1}A{high:.1f} {high:.1f} 0 {large} 1 {x2} {y2}L{x3} {y3}A{low:.1f} {low:.1f} 0 {large} 0 {x4} {y4}Z"


def _round_box(distance: float, angle: float, radius: float) -> Box:
    half = degrees(asin(min(1.0, radius / distance)))
    return Box(distance - radius, distance + radius, angle - half, angle + half)


def _plate_box(distance: float, angle: float, width: float, height: float) -> Box:
    low = distance - height / 2
    half = degrees(atan2(width / 2, low))
    return Box(low, hypot(distance + height / 2, width / 2), angle - half, angle + half)


def _upright(angle: float) -> float:
    """How much a text along the ring is turned, so that it never stands on its head."""
    turn = angle % 360
    return _r(turn if turn <= 90 or turn >= 270 else turn - 180)


def _r(number: float) -> float:
    return round(number, 1)


__all__ = ["NARROW", "PERIODS", "SHAPES", "WIDE", "Free", "Mark", "Measures", "Ring", "Wheel", "layout"]
