"""A phone: a browser that keeps what it kept when it is closed and opened again, and that has network at will."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, ConsoleMessage, expect

from tests.journeys.browsing import PATIENCE, Visitor
from tests.journeys.conftest import ARGUMENTS
from tests.journeys.people import PHONE

# All that a page of this origin can read of what lies on the device, as text.
ALL_THAT_LIES_HERE = """async () => {
  const db = await new Promise((done) => { const asked = indexedDB.open("fagbrev"); asked.onsuccess = () => done(asked.result); });
  const text = (value) => value instanceof ArrayBuffer || ArrayBuffer.isView(value) ? new TextDecoder("latin1").decode(value)
    : value instanceof CryptoKey ? `key ${value.type} ${value.extractable}`
    : value && typeof value === "object" ? Object.entries(value).map(([name, held]) => `${name}=${text(held)}`).join(" ") : String(value);
  let all = "";
  for (const name of db.objectStoreNames) {
    const rows = await new Promise((done) => {
      const asked = db.transaction(name).objectStore(name).getAll();
      asked.onsuccess = () => done(asked.result);
    });
    all += `${name}(${rows.length}): ${rows.map(text).join("\\n")}\\n`;
  }
  db.close();
  for (const name of await caches.keys()) {
    for (const kept of await (await caches.open(name)).keys()) all += `cached ${new URL(kept.url).pathname}\\n`;
  }
  return all + JSON.stringify({ ...localStorage });
}"""

# When the service worker is active it has kept what it keeps; the page itself may still be without one until the next.
HAS_A_WORKER = """(patience) => Promise.race([
  navigator.serviceWorker.ready.then(() => true),
  new Promise((_done, failed) => setTimeout(failed, patience, "There is no service worker.")),
])"""

# Whether each of the texts lies on the device, in a draft of the one who is signed in. No row is told of before it is written whole.
HAS_KEPT = """async ([texts, patience]) => {
  const device = window.fagbrevDevice;
  for (const end = Date.now() + patience; Date.now() < end; await new Promise((done) => setTimeout(done, 50))) {
    const held = JSON.stringify(await Promise.all((await device.rowsOf(device.owner)).map(device.contentOf)));
    if (texts.every((text) => held.includes(text))) return true;
  }
  return false;
}"""


class Phone(Visitor):
    """A visitor whose browser can be closed and opened again with what it kept; without network at will."""

    def __init__(self, browser: Browser, base: str, profile: Path) -> None:
        self.base, self.faults = base, []
        self.context = browser.browser_type.launch_persistent_context(
            str(profile), executable_path=shutil.which(os.environ.get("CHROMIUM") or "chromium"), args=ARGUMENTS, base_url=base,
            locale="nb-NO", **PHONE,
        )  # fmt: skip
        self.context.set_default_timeout(PATIENCE)
        self.page = self.context.pages[0]
        self.context.on("console", self._heard)
        self.context.on("response", self._answered)
        self.page.on("pageerror", lambda error: self.faults.append(f"{self.page.url}: {error}"))

    def _heard(self, message: ConsoleMessage) -> None:
        if "ERR_INTERNET_DISCONNECTED" not in message.text and "ERR_FAILED" not in message.text:
            super()._heard(message)

    def lies_here(self) -> str:
        """All that lies on the device."""
        return str(self.page.evaluate(ALL_THAT_LIES_HERE))

    def can_work_without_network(self) -> None:
        """Waits until the service worker has kept the page «Ikke nett»."""
        self.page.evaluate(HAS_A_WORKER, PATIENCE)

    def has_kept(self, *texts: str) -> None:
        """Waits until each of the texts lies on the device, to the last letter: what the strip tells may be of the letters before."""
        assert self.page.evaluate(HAS_KEPT, [list(texts), PATIENCE]), f"{texts} do not lie on the device"

    def has_looked(self) -> None:
        """Waits until the page has looked for what lies on the device: a form that is empty then stays so."""
        self.page.evaluate("window.fagbrevDevice.ready")

    def loses_network(self) -> None:
        self.context.set_offline(True)

    def finds_network(self) -> None:
        self.context.set_offline(False)

    def sends_by_itself_from(self, path: str) -> int:
        """Opens a page from which what waits on the device is sent, and gives how that was answered."""
        with self.page.expect_response(lambda answer: answer.request.method == "POST") as sent:
            self.opens(path)
        return sent.value.status

    def leaves(self) -> None:
        """Closes the browser. The page goes first: the driver gives the network back before the browser is gone."""
        if self.context.pages:
            self.page.goto("about:blank")
        super().leaves()

    def is_told(self, words: str) -> None:
        """Checks the strip above the button."""
        expect(self.page.locator(".device-strip")).to_contain_text(words)


@contextmanager
def phones(browser: Browser, base: str, folder: Path) -> Iterator[Callable[..., Phone]]:
    """Gives a function that opens a phone's browser: the same phone each time, or one by its name. Nobody is signed in on it."""
    opened: list[Phone] = []

    def opens(name: str = "profile") -> Phone:
        opened.append(Phone(browser, base, folder / name))
        return opened[-1]

    yield opens
    for one in opened:
        one.leaves()
    faults = [fault for one in opened for fault in one.faults]
    assert not faults, faults
