"""LIX: how hard a text is to read, counted from words per sentence and the share of long words."""

from __future__ import annotations

import re
from html.parser import HTMLParser

SENTENCE_ENDS = re.compile(r"[.!?:;]+(?=\s|$)|\n")
WORD = re.compile(r"[A-Za-zÆØÅæøåÉéÄäÖö]+(?:-[A-Za-zÆØÅæøå]+)*")
DAY = re.compile(r"\b\d{1,2}\. (?:januar|februar|mars|april|mai|juni|juli|august|september|oktober|november|desember)(?: \d{4})?")
LONG = 6  # a long word has more letters than this
BLOCKS = {
    "p", "li", "h1", "h2", "h3", "h4", "dt", "dd", "td", "th", "label", "legend", "summary", "button", "option", "div", "section",
    "caption", "blockquote", "a", "br", "fieldset", "ul", "ol", "dl", "span",
}  # fmt: skip
INLINE_IN_TEXT = {"a", "span"}
VOID = {"br", "img", "input", "meta", "link", "hr", "use", "line", "rect", "circle", "polyline", "path"}
SILENT = {
    "script",
    "style",
    "svg",
    "template",
    "select",
    "textarea",
    "nav",
    "dd",
}  # drawings, what is typed, menus, values of facts
NAMES = {"quoted", "seen-by", "page-meta", "meta", "tag", "count"}  # what others wrote; lists of roles, places, trades and days


def lix(text: str) -> float:
    """Gives the LIX of a text: words per sentence and percent of words longer than six letters; 0 for no words.

    At most 35 is easy to read (Björnsson 1968).
    """
    words = WORD.findall(text.replace("\u00ad", ""))
    if not words:
        return 0.0
    sentences = [part for part in SENTENCE_ENDS.split(text) if WORD.search(part)]
    long = sum(1 for word in words if len(word) > LONG)
    return len(words) / max(1, len(sentences)) + 100 * long / len(words)


class _Reader(HTMLParser):
    """Reads what a person reads in <main>: every block is a sentence of its own; what others have written is left out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.open: list[tuple[str, bool]] = []
        self.in_main = 0

    def _is_silent(self) -> bool:
        return any(silent for _tag, silent in self.open)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        if tag in BLOCKS - INLINE_IN_TEXT:
            self.parts.append("\n")
        if tag in VOID:
            return
        classes = (held.get("class") or "").split()
        silent = tag in SILENT or "data-quoted" in held or not NAMES.isdisjoint(classes)
        self.open.append((tag, silent))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS - INLINE_IN_TEXT:
            self.parts.append("\n")
        for place in range(len(self.open) - 1, -1, -1):
            if self.open[place][0] == tag:
                del self.open[place:]
                return

    def handle_data(self, data: str) -> None:
        if any(tag == "main" for tag, _silent in self.open) and not self._is_silent():
            self.parts.append(re.sub(r"\s+", " ", data))


def text_of(html: str) -> str:
    """Gives the text of a page's <main>, a line per block.

    Left out is what is no text of ours: menus, drawings, days, values of facts, lists of roles and places, and what others have
    written (class "quoted" or data-quoted).
    """
    reader = _Reader()
    reader.feed(html)
    lines = (re.sub(r"\s+", " ", DAY.sub("", line)).strip() for line in "".join(reader.parts).split("\n"))
    return "\n".join(line for line in lines if WORD.search(line))
