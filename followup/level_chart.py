"""The drawing of one part's Norwegian level over time against the trade's goal: coordinates and words, nothing of HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from fagbrev.dates import date_words
from participants.exam_windows import LEVEL_ORDER, level_rank
from programmes.models.trades import LEVELS

WIDTH, TOP, BOTTOM, LEFT, RIGHT = 320, 14, 126, 62, 308
LEVEL_NAMES = dict(LEVELS)


@dataclass(frozen=True)
class Grid:
    """A level's line across the drawing."""

    name: str
    y: int
    is_goal: bool


@dataclass(frozen=True)
class Dot:
    """One assessment: where it stands."""

    x: int
    y: int


@dataclass(frozen=True)
class Chart:
    """What the template draws; `words` says the same to those who do not see it."""

    lines: tuple[Grid, ...]
    dots: tuple[Dot, ...]
    path: str
    first_label: str
    last_label: str
    words: str


def chart_of(name: str, levels: Sequence[tuple[date, str]], goal: str) -> Chart | None:
    """Gives the drawing of (day, level) pairs, oldest first; None without any.

    A level holds until the next assessment, so the line goes in steps. Levels shown: from the lowest there is up to the goal or
    the highest reached, with one below for room.
    """
    if not levels:
        return None
    ranks = [level_rank(level) for _day, level in levels]
    low, high = max(0, min(*ranks, level_rank(goal)) - 1), max(*ranks, level_rank(goal))
    step = (BOTTOM - TOP) / max(1, high - low)
    height = {rank: round(BOTTOM - (rank - low) * step) for rank in range(low, high + 1)}
    first, last = levels[0][0], levels[-1][0]
    span = max(1, (last - first).days)
    across = [LEFT + 8 + round((RIGHT - LEFT - 16) * (day - first).days / span) for day, _level in levels]
    dots = tuple(Dot(x, height[rank]) for x, rank in zip(across, ranks, strict=True))
    path = f"M{dots[0].x} {dots[0].y}" + "".join(f"H{dot.x}V{dot.y}" for dot in dots[1:])
    told = ", ".join(f"{LEVEL_NAMES[level]} {date_words(day)}" for day, level in levels)
    words = _("%(name)s: %(levels)s. Målet er %(goal)s.") % {"name": name, "levels": told, "goal": LEVEL_NAMES[goal]}
    lines = tuple(Grid(LEVEL_NAMES[LEVEL_ORDER[rank]], height[rank], LEVEL_ORDER[rank] == goal) for rank in height)
    return Chart(lines, dots, path, _short(first), _short(last) if last != first else "", words)


def _short(day: date) -> str:
    return f"{day.day}.{day.month}.{day.year}"
