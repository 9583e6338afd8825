"""The demo's pictures of trade words: simple drawings made here, so that nobody's photo is in the demo."""

from __future__ import annotations

import io
from collections.abc import Callable

from PIL import Image, ImageDraw

SIDE = 240
INK, WHITE, TEAL, SUN, BROWN, RED = "#302b20", "#ffffff", "#0e5a63", "#f2b134", "#a8703d", "#b8320a"
Pen = ImageDraw.ImageDraw


def _fridge(pen: Pen) -> None:
    pen.rounded_rectangle((70, 20, 170, 220), 12, fill="#e8eef0", outline=INK, width=5)
    pen.line((70, 90, 170, 90), fill=INK, width=5)
    pen.line((88, 50, 88, 76), fill=INK, width=7)
    pen.line((88, 106, 88, 150), fill=INK, width=7)


def _bread(pen: Pen) -> None:
    pen.rounded_rectangle((25, 85, 215, 175), 42, fill=BROWN, outline=INK, width=5)
    for left in (70, 115, 160):
        pen.line((left, 100, left - 18, 135), fill="#f4dfc0", width=8)


def _hooks(pen: Pen) -> None:
    pen.rectangle((20, 50, 220, 72), fill=BROWN, outline=INK, width=4)
    for left, colour in ((50, TEAL), (120, RED), (190, SUN)):
        pen.line((left, 72, left, 92), fill=INK, width=5)
        pen.polygon(((left, 90), (left - 28, 190), (left + 28, 190)), fill=colour, outline=INK)


def _ball(pen: Pen) -> None:
    pen.ellipse((55, 55, 185, 185), fill=RED, outline=INK, width=5)
    pen.pieslice((55, 55, 185, 185), 30, 90, fill=WHITE, outline=INK, width=4)
    pen.pieslice((55, 55, 185, 185), 210, 270, fill=SUN, outline=INK, width=4)


def _candles(pen: Pen) -> None:
    pen.rectangle((25, 190, 215, 212), fill=BROWN, outline=INK, width=4)
    for left in (40, 88, 136, 184):
        pen.rectangle((left, 110, left + 20, 190), fill="#7b4ea3", outline=INK, width=3)
    pen.ellipse((40, 72, 60, 108), fill=SUN, outline=RED, width=3)


def _fever(pen: Pen) -> None:
    pen.rounded_rectangle((105, 20, 135, 180), 15, fill=WHITE, outline=INK, width=5)
    pen.rectangle((114, 70, 126, 185), fill=RED)
    pen.ellipse((92, 165, 148, 220), fill=RED, outline=INK, width=5)


def _first_aid(pen: Pen) -> None:
    pen.rounded_rectangle((30, 50, 210, 200), 16, fill="#2f7d4f", outline=INK, width=5)
    pen.rectangle((105, 80, 135, 170), fill=WHITE)
    pen.rectangle((75, 110, 165, 140), fill=WHITE)


def _balance(pen: Pen) -> None:
    pen.line((20, 185, 220, 185), fill=BROWN, width=14)
    pen.ellipse((100, 40, 140, 80), fill=SUN, outline=INK, width=4)
    pen.line((120, 80, 120, 140), fill=INK, width=8)
    pen.line((65, 100, 175, 100), fill=INK, width=8)
    pen.line((120, 140, 100, 180), fill=INK, width=8)
    pen.line((120, 140, 140, 180), fill=INK, width=8)


def _sun(pen: Pen) -> None:
    for left, top, right, bottom in ((120, 15, 120, 225), (15, 120, 225, 120), (46, 46, 194, 194), (46, 194, 194, 46)):
        pen.line((left, top, right, bottom), fill=SUN, width=9)
    pen.ellipse((70, 70, 170, 170), fill=SUN, outline=INK, width=4)


DRAWN: dict[str, Callable[[Pen], None]] = {
    "kjøleskap": _fridge, "grovbrød": _bread, "garderobe": _hooks, "frilek": _ball, "advent": _candles, "feber": _fever,
    "førstehjelp": _first_aid, "balanse": _balance, "solkrem": _sun,
}  # fmt: skip


def drawing_of(word: str) -> bytes | None:
    """Gives a word's picture as JPEG, or None for a word that nobody has drawn."""
    draw = DRAWN.get(word)
    if draw is None:
        return None
    picture = Image.new("RGB", (SIDE, SIDE), WHITE)
    draw(ImageDraw.Draw(picture))
    made = io.BytesIO()
    picture.save(made, "JPEG", quality=88)
    return made.getvalue()
