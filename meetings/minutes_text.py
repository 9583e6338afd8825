"""Whose text stands when two write the same point at once: pure rules of texts. Nothing that was typed is ever lost.

A writer sends what their boxes hold, and a fingerprint of what each held when it was last saved or loaded. So the two boxes of a
point are told apart: one who writes what was said does not meet one who writes what was decided.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b

BOXES = ("discussion", "decision")
BETWEEN = "\n\n"
ENDED, SPACE = re.compile(r"(?<=[.!?])\s+"), re.compile(r"\n{3,}")


def plain(text: str) -> str:
    """Gives a text as it is compared and kept: with one kind of line break, and without space after it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").rstrip()


def fingerprint(text: str) -> str:
    """Gives a short mark of a text, by which a later one sees whether it is still the same."""
    return blake2b(plain(text).encode(), digest_size=8).hexdigest()


@dataclass(frozen=True)
class Settled:
    """What is to stand in each box, and what of the sender's must be kept beside since another's stands there."""

    stands: dict[str, str]
    beside: dict[str, str]

    @property
    def is_met(self) -> bool:
        """True when the sender has met another's text."""
        return any(self.beside.values())


def settle(*, held: Mapping[str, str], sent: Mapping[str, str], based_on: Mapping[str, str]) -> Settled:
    """Tells what stands of what the row holds and what was sent; `based_on` are fingerprints of what the sender began with.

    A box the sender has not changed keeps what is held. One that nobody else has changed takes what is sent. One that both have
    changed keeps what is held, and what was sent is kept beside, unless one of the texts has all of the other already.
    """
    stands, beside = {}, {}
    for box in BOXES:
        mine, theirs, base = plain(sent.get(box, "")), plain(held.get(box, "")), based_on.get(box, "")
        is_untouched = fingerprint(mine) == base
        is_alone = fingerprint(theirs) == base or theirs in mine
        stands[box] = mine if is_alone and not is_untouched else theirs
        if not is_untouched and mine not in stands[box]:
            beside[box] = mine
    return Settled(stands, beside)


def joined(first: str, second: str) -> str:
    """Gives two texts as one, the first above: lines and sentences that the first has already are not said twice.

    A sentence of a word or two is kept, since it may answer something else there.
    """
    one, two = plain(first), plain(second)
    if two in one:
        return one
    if one in two:
        return two
    lines = {line.strip() for line in one.split("\n")}
    said = {sentence for line in lines for sentence in _sentences(line)}
    new = [_unsaid(line, said) for line in two.split("\n") if not line.strip() or line.strip() not in lines]
    rest = SPACE.sub(BETWEEN, "\n".join(line for line in new if line is not None)).strip("\n")
    return f"{one}{BETWEEN}{rest}" if rest else one


def _sentences(line: str) -> list[str]:
    return ENDED.split(line.strip())


def _unsaid(line: str, said: set[str]) -> str | None:
    """A line without what is said already; None when nothing is left of it."""
    found = _sentences(line)
    new = [one for one in found if one not in said or len(one.split()) < 3]
    if len(new) == len(found):
        return line
    return " ".join(new) if new else None
