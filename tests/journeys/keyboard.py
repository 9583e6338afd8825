"""Someone who uses the keyboard alone: every stop on the way must be seen, on the screen, and possible to leave."""

from __future__ import annotations

from datetime import date

from playwright.sync_api import expect

from tests.journeys.browsing import Visitor

MOST_STOPS = 150
SAME_STOP = 6  # a box for a day has a stop for each of its parts

# Where the focus is: what the thing is called, and what is wrong with how it is shown.
STOP = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return { name: "", fault: "" };
  const text = (node) => node.innerText.replace(/\\s+/g, " ").trim();
  const label = one.labels?.length ? text(one.labels[0]) : "";
  const name = one.getAttribute("aria-label") || label || text(one) || one.id || one.tagName;
  if (one.matches("main")) return { name: "main", fault: "" };
  const outlined = (node) => {
    const style = getComputedStyle(node);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 && !/, 0\\)$|transparent/.test(style.outlineColor);
  };
  if (![one, one.parentElement, one.closest("label")].some((node) => node && outlined(node))) return { name, fault: "no outline" };
  const box = one.getClientRects()[0];
  if (!box || box.width < 2 || box.height < 2) return { name, fault: "no size" };
  if (box.bottom < 1 || box.top > innerHeight - 1 || box.right < 1 || box.left > innerWidth - 1) return { name, fault: "off the screen" };
  const points = [[0.5, 0.5], [0.1, 0.15], [0.9, 0.15], [0.1, 0.85], [0.9, 0.85]];
  const uncovered = points.some(([across, down]) => {
    const hit = document.elementFromPoint(box.left + box.width * across, box.top + box.height * down);
    return hit && (one.contains(hit) || hit.contains(one) || one.closest("label")?.contains(hit) || label && one.labels[0].contains(hit));
  });
  return { name, fault: uncovered ? "" : "covered" };
}"""


class Keyboard:
    """The keys of a visitor. Nothing here points or clicks."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor, self.page = visitor, visitor.page

    def _stop(self) -> str:
        """Gives the name of what has the focus, after a look at how it is shown."""
        stop = self.page.evaluate(STOP)
        assert not stop["fault"], f"«{stop['name']}» on {self.page.url}: {stop['fault']}"
        return str(stop["name"])

    def skips_to_the_content(self) -> None:
        """The first stop of the page leads past the menu."""
        self.page.keyboard.press("Tab")
        assert self._stop() == "Hopp til innholdet"
        self.page.keyboard.press("Enter")
        expect(self.visitor.main).to_be_focused()
        assert self._stop() == "main"
        self.page.keyboard.press("Tab")
        assert self.page.evaluate("document.querySelector('main').contains(document.activeElement)"), self._stop()
        self._stop()

    def goes_to(self, name: str, *, back: bool = False) -> None:
        """Goes from stop to stop until the one that is called so, or begins so with more words behind."""
        before, same = "", 0
        for _number in range(MOST_STOPS):
            stop = self._stop()
            if stop == name or stop.startswith((f"{name} ", f"{name}, ")):
                return
            same = same + 1 if stop == before and stop else 0
            assert same < SAME_STOP, f"cannot leave «{stop}» on {self.page.url}"
            before = stop
            self.page.keyboard.press("Shift+Tab" if back else "Tab")
        raise AssertionError(f"no stop is called «{name}» on {self.page.url}")

    def follows(self, name: str, key: str = "Enter") -> None:
        """Goes to a link or a button that leads on, and presses it."""
        self.goes_to(name)
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            self.page.keyboard.press(key)

    def types(self, name: str, text: str, *, back: bool = False) -> None:
        """Goes to a box and writes in it."""
        self.goes_to(name, back=back)
        self.page.keyboard.type(text)

    def types_day(self, name: str, day: date) -> None:
        """Goes to the box for a day and writes it in the order the browser asks for: day or month first."""
        for order in ("%d%m%Y", "%m%d%Y"):
            self.types(name, f"{day:{order}}")
            if self._value() == day.isoformat():
                return
            while self._stop() == name:
                self.page.keyboard.press("Shift+Tab")
        raise AssertionError(f"«{name}» does not take {day}")

    def types_time(self, name: str, time: str) -> None:
        """Goes to the box for a time after noon and writes it, whether the browser counts to 12 or to 24."""
        self.types(name, f"{time.replace(':', '')}p")
        assert self._value() == time, self._value()

    def _value(self) -> str:
        return str(self.page.evaluate("document.activeElement.value"))
