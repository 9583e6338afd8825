"""A visitor with a browser: what people do on a page, named as they would say it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone
from playwright.sync_api import Browser, ConsoleMessage, Locator, Response, expect

from fagbrev.people.models import User
from fagbrev.web.sessions import SEEN_AT, SIGNED_IN_AT

PATIENCE = 8_000  # milliseconds
EXPECTED_REFUSALS = ("400", "422", "409", "403", "404", "405", "413")


def session_for(user: User) -> str:
    """Gives the key of a new session in which the user is signed in."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session[SIGNED_IN_AT] = session[SEEN_AT] = int(time.time())
    session.create()
    return str(session.session_key)


class Visitor:
    """Someone with a browser of their own. `faults` gathers errors of the console and answers of 500."""

    def __init__(self, browser: Browser, base: str, **context: Any) -> None:
        self.base = base
        self.context = browser.new_context(
            base_url=base, locale="nb-NO", **({"viewport": {"width": 1280, "height": 900}} | context)
        )
        self.context.set_default_timeout(PATIENCE)
        self.page = self.context.new_page()
        self.faults: list[str] = []
        self.context.on("console", self._heard)
        self.context.on("response", self._answered)
        self.page.on("pageerror", lambda error: self.faults.append(f"{self.page.url}: {error}"))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not any(code in message.text for code in EXPECTED_REFUSALS):
            self.faults.append(f"{self.page.url}: {message.text}")

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self.faults.append(f"{response.status} {response.url}")

    # --- Coming and going -------------------------------------------------------------------------

    def is_signed_in_as(self, user: User) -> None:
        """Puts a session in the browser, for journeys that are not about signing in."""
        self.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session_for(user), "url": self.base}])

    def is_away_too_long(self) -> None:
        """Lets the session pass its idle limit."""
        keys = [cookie["value"] for cookie in self.context.cookies() if cookie["name"] == settings.SESSION_COOKIE_NAME]
        session = SessionStore(keys[0])
        session[SEEN_AT] = int(time.time()) - settings.SESSION_IDLE_MINUTES * 60 - 60
        session.save()

    def leaves(self) -> None:
        """Closes the browser."""
        self.context.close()

    # --- Moving -----------------------------------------------------------------------------------

    def opens(self, path: str, status: int = 200) -> None:
        """Opens an address, and checks how it answers."""
        answer = self.page.goto(path, wait_until="domcontentloaded")
        assert answer is not None
        assert answer.status == status, f"{path}: {answer.status}, not {status}"

    @property
    def main(self) -> Locator:
        """The page's content."""
        return self.page.locator("main")

    @property
    def path(self) -> str:
        """The path of the page."""
        return urlsplit(self.page.url).path

    def follows(self, name: str, inside: Locator | None = None) -> None:
        """Follows a link by its words."""
        self.goes_by(self._named("link", name, inside or self.page))

    def presses(self, name: str, inside: Locator | None = None) -> None:
        """Presses a button that sends a form."""
        self.goes_by(self._named("button", name, inside or self.main))

    def goes_by(self, there: Locator) -> None:
        """Clicks what leads to another page, and is there when the call returns. A bare click returns on the page before."""
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            there.click()

    @staticmethod
    def _named(role: Any, name: str, inside: Any) -> Locator:
        """The one that is called so; when none is, the first that begins so with more words behind. Waits until one is there."""
        inside.get_by_role(role, name=re.compile(rf"^\s*{re.escape(name)}(\s|$)")).first.wait_for(state="attached")
        exact: Locator = inside.get_by_role(role, name=name, exact=True)
        return exact.first if exact.count() else inside.get_by_role(role, name=re.compile(rf"^{re.escape(name)}\s")).first

    def unfolds(self, name: str) -> None:
        """Opens what is folded under a heading."""
        self.page.locator("summary").filter(has_text=name).filter(visible=True).first.click()

    # --- Writing ----------------------------------------------------------------------------------

    def writes(self, answers: dict[str, Any]) -> None:
        """Fills in a form: label and answer. A day, a text, a choice, True or False, or a list of ticks."""
        for label, answer in answers.items():
            self._write(label, answer)

    def _write(self, label: str, answer: Any) -> None:
        group = self.main.get_by_role("group", name=words(label), exact=False)
        if not isinstance(answer, bool) and group.count():
            for choice in answer if isinstance(answer, list) else [answer]:
                group.first.get_by_label(words(choice)).check()
            return
        box = self.main.get_by_label(words(label)).first
        if isinstance(answer, bool):
            box.set_checked(answer)
        elif isinstance(answer, Path):
            box.set_input_files(str(answer))
        elif isinstance(answer, dict):
            box.set_input_files(answer)  # type: ignore[arg-type]
        elif box.evaluate("box => box.tagName") == "SELECT":
            options = box.locator("option").all_inner_texts()
            box.select_option(label=next((text for text in options if text.strip() == answer), None) or _alike(options, answer))
        else:
            text = answer.isoformat() if isinstance(answer, date) else str(answer)
            box.fill(text)
            assert box.input_value() == text, f"{label} does not take «{text}»"

    def sends(self, answers: dict[str, Any], verb: str = "Lagre") -> None:
        """Fills in a form and sends it; it must be taken."""
        self.writes(answers)
        self.presses(verb)
        refused = self.main.locator("[data-field=validation], .ds-error-summary, .ds-alert[data-color=danger]").all_inner_texts()
        assert not refused, refused

    def sends_in_vain(self, answers: dict[str, Any], verb: str = "Lagre") -> None:
        """Fills in a form that is refused, with a message by the field and in the summary."""
        self.writes(answers)
        self.presses(verb)
        expect(self.main.locator("[data-field=validation]").first).to_be_visible()
        expect(self.main.locator(".ds-error-summary")).to_be_visible()

    def box(self, label: str) -> Locator:
        """The box with a label."""
        return self.main.get_by_label(words(label)).first

    # --- Seeing -----------------------------------------------------------------------------------

    def sees(self, *texts: str) -> None:
        """Checks that the page says each of the texts."""
        for text in texts:
            expect(self.main.get_by_text(text).filter(visible=True).first, f"«{text}» on {self.page.url}").to_be_visible(
                timeout=PATIENCE
            )

    def waits_until(self, holds: Callable[[], bool], what: str) -> None:
        """Waits for something that happens by itself and shows on no page, such as a row that a page saves while one types."""
        for _turn in range(PATIENCE // 50):
            if holds():
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"{what} has not happened, on {self.page.url}")

    def does_not_see(self, *texts: str) -> None:
        """Checks that the whole page says none of the texts."""
        content = self.page.content()
        for text in texts:
            assert text not in content, f"«{text}» stands on {self.page.url}"


def words(name: str) -> re.Pattern[str]:
    """A label, with or without the remark «(valgfritt)»."""
    return re.compile(rf"^\s*{re.escape(name)}(\s*\(valgfritt\))?\s*$")


def _alike(options: list[str], answer: str) -> str:
    """The one option that holds the words; options may carry more, such as the place."""
    fitting = [text for text in options if answer in text]
    assert fitting, f"«{answer}» is not among {options}"
    return fitting[0].strip()


def today() -> date:
    """The day the server sees."""
    return timezone.localdate()
