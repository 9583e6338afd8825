"""The drawings of a report: bars with their numbers and words, as coordinates; nothing of HTML. One code for the page and for paper.

A shape has a tone. On screen the tone is a class, and the theme colours it, light and dark; on paper it is a real colour, since the
PDF's drawings know no variables. A number that is hidden is never drawn to scale.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from fagbrev.figures import Share

PAPER = {
    "full": "#0e5a63", "strong": "#4a8289", "middle": "#b7cbcf", "pale": "#e1eaeb", "deep": "#06292e", "track": "#f3f2f1",
    "veiled": "#ffffff", "none": "#f3f2f1", "on-none": "#302b20", "on-full": "#ffffff", "on-strong": "#ffffff",
    "on-middle": "#302b20", "on-pale": "#302b20", "on-deep": "#ffffff", "ink": "#302b20", "soft": "#625d52",
    "edge": "#857f73", "on-veiled": "#302b20",
}  # fmt: skip
EDGED = frozenset({"veiled", "none"})
SCALE = ("pale", "middle", "strong", "full", "deep")
LETTER = 7.1  # the mean width of a letter at 13 px
ROW, BAR = 33, 21


@dataclass(frozen=True)
class Step:
    """One step of a funnel: its name, how many, or the word in its place, and what stands beside it."""

    label: str
    value: int | None
    shown: str
    beside: str = ""
    is_end: bool = False


@dataclass(frozen=True)
class Part:
    """One part of a stacked bar; `value` is None when it is hidden."""

    label: str
    value: int | None
    tone: str


@dataclass(frozen=True)
class Stack:
    """One stacked bar: the parts, the whole where it is known, and what stands beside it."""

    label: str
    parts: tuple[Part, ...]
    whole: int | None
    beside: str = ""
    shows_percent: bool = False


@dataclass(frozen=True)
class Box:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float
    tone: str
    fill: str = ""
    edge: str = ""
    title: str = ""


@dataclass(frozen=True)
class Words:
    """A text at a point."""

    x: float
    y: float
    text: str
    anchor: str = "start"
    tone: str = "ink"
    is_strong: bool = False
    fill: str = ""


@dataclass(frozen=True)
class Drawing:
    """What the template draws; `told` says the same to those who do not see it."""

    key: str
    name: str
    told: str
    width: int
    height: int
    boxes: tuple[Box, ...] = ()
    words: tuple[Words, ...] = ()
    layout: str = "wide"

    def on_paper(self) -> Drawing:
        """Gives the drawing with real colours."""
        boxes = tuple(replace(box, fill=PAPER[box.tone], edge=PAPER["edge"] if box.tone in EDGED else "") for box in self.boxes)
        return replace(self, boxes=boxes, words=tuple(replace(one, fill=PAPER[one.tone]) for one in self.words))


@dataclass(frozen=True)
class Layout:
    """Where things stand: the drawing's width, where bars begin and end, and whether names stand above their bars."""

    name: str
    width: int
    left: int
    right: int
    names_above: bool = False

    @property
    def row(self) -> int:
        """The height of a row."""
        return 50 if self.names_above else ROW


WIDE = Layout("wide", 520, 172, 432)
NARROW = Layout("narrow", 320, 0, 240, names_above=True)


@dataclass
class _Sheet:
    boxes: list[Box] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)

    def name(self, layout: Layout, top: float, text: str, *, is_strong: bool = False) -> float:
        """Writes a row's name; gives where its bar begins from above."""
        if layout.names_above:
            self.words.append(Words(0, top + 13, text, is_strong=is_strong))
            return top + 20
        self.words.append(Words(layout.left - 10, top + 15, text, "end", is_strong=is_strong))
        return top


def funnel(key: str, name: str, steps: Sequence[Step], layout: Layout) -> Drawing:
    """Gives the bars from the first step to the last, each against the first; a hidden one has its word and no bar."""
    sheet = _Sheet()
    most = max((step.value for step in steps if step.value is not None), default=0) or 1
    span = layout.right - layout.left
    for number, step in enumerate(steps):
        top = sheet.name(layout, number * layout.row, step.label, is_strong=step.is_end)
        sheet.boxes.append(Box(layout.left, top, span, BAR, "track"))
        if step.value is None:
            sheet.words.append(Words(layout.left + 8, top + 15, step.shown, tone="soft"))
        else:
            width = span * step.value / most
            sheet.boxes.append(Box(layout.left, top, max(width, 2), BAR, "full"))
            if width > 14 + len(step.shown) * LETTER:
                sheet.words.append(Words(layout.left + width - 8, top + 15, step.shown, "end", "on-full", True))
            else:
                sheet.words.append(Words(layout.left + width + 7, top + 15, step.shown, is_strong=True))
        if step.beside:
            sheet.words.append(Words(layout.right + 10, top + 15, step.beside, tone="soft"))
    told = ", ".join(f"{step.label} {step.shown}" for step in steps)
    return _drawn(key, name, told, layout, len(steps), sheet)


def stacked(key: str, name: str, stacks: Sequence[Stack], layout: Layout) -> Drawing:
    """Gives bars that are split in parts, each as wide as the others; what is hidden shares what is left, and is not told apart."""
    sheet = _Sheet()
    if not any(stack.beside for stack in stacks):  # the room for it is the bars'
        layout = replace(layout, right=layout.width)
    span = layout.right - layout.left
    for number, stack in enumerate(stacks):
        top = sheet.name(layout, number * layout.row, stack.label)
        hidden = any(part.value is None for part in stack.parts)
        whole = stack.whole if stack.whole is not None or hidden else sum(part.value or 0 for part in stack.parts)
        if not whole:
            sheet.boxes.append(Box(layout.left, top, span, BAR, "track"))
            sheet.words.append(Words(layout.left + 8, top + 15, _("skjult") if hidden else _("ingen"), tone="soft"))
        else:
            _parts(sheet, stack, layout, top, whole)
        if stack.beside:
            sheet.words.append(Words(layout.right + 10, top + 15, stack.beside, tone="soft"))
    told = ". ".join(f"{stack.label}: " + ", ".join(_told(part) for part in stack.parts) for stack in stacks)
    return _drawn(key, name, told, layout, len(stacks), sheet)


def _parts(sheet: _Sheet, stack: Stack, layout: Layout, top: float, whole: int) -> None:
    span, at = layout.right - layout.left, float(layout.left)
    left = whole - sum(part.value or 0 for part in stack.parts)
    shown = [(part.label, part.value, part.tone) for part in stack.parts if part.value]
    if any(part.value is None for part in stack.parts) and left > 0:
        shown.append((_("skjult"), left, "veiled"))
    for label, value, tone in shown:
        width = span * value / whole
        text = _("skjult") if tone == "veiled" else _fitting(label, value, width, whole if stack.shows_percent else 0)
        sheet.boxes.append(Box(at, top, max(width - 2, 1), BAR, tone, title=label if tone == "veiled" else f"{label}: {value}"))
        if width > 10 + len(text) * LETTER:
            sheet.words.append(Words(at + width / 2 - 1, top + 15, text, "middle", f"on-{tone}", tone != "veiled"))
        at += width


def _fitting(label: str, value: int, width: float, whole: int) -> str:
    """The part's name and number, or number and percent of a whole; the number alone where there is no room."""
    text = f"{value} ({Share(value, whole).percent} %)" if whole else f"{label}: {value}"
    return text if width > 10 + len(text) * LETTER else str(value)


def _told(part: Part) -> str:
    return f"{part.label} {_('skjult') if part.value is None else part.value}"


def _drawn(key: str, name: str, told: str, layout: Layout, rows: int, sheet: _Sheet) -> Drawing:
    # Whole numbers: a decimal comma is none in a drawing.
    boxes = tuple(replace(box, x=round(box.x), y=round(box.y), width=max(1, round(box.width))) for box in sheet.boxes)
    words = tuple(replace(one, x=round(one.x), y=round(one.y)) for one in sheet.words)
    height = max(1, rows) * layout.row - (layout.row - BAR if not layout.names_above else 8)
    return Drawing(f"{key}-{layout.name}", name, told, layout.width, height, boxes, words, layout.name)


def toned(labels: Sequence[str]) -> list[str]:
    """Gives a tone of the scale to each label, from pale to deep."""
    if len(labels) > len(SCALE):
        return [SCALE[number * (len(SCALE) - 1) // (len(labels) - 1)] for number in range(len(labels))]
    return list(SCALE[: len(labels)])
