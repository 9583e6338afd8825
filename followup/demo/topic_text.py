"""What a month's topic in the demo holds: own words, goals by Udir's codes, trade words with plain explanations."""

from typing import NamedTuple


class Text(NamedTuple):
    """One month of a trade."""

    theme: str
    words: str
    first: str
    second: str
    norwegian: str
    goals: tuple[str, ...]
    trade_words: tuple[tuple[str, str], ...]
