"""Minutes that save themselves: what is told is of the letters that are saved, and what cannot be saved stays in its box and is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from zlib import crc32

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Route, expect

from meetings.actions.minutes import start_minutes
from meetings.defaults import load
from meetings.models import AgendaItem, Meeting
from meetings.models.meetings import PROJECT_GROUP
from tests.cast import Cast
from tests.journeys.browsing import Visitor, today
from tests.journeys.people import people

pytestmark = pytest.mark.journey
FIRST, LATER = "Vi snakket om praksis", " og om eksamen."
REFUSED = '<div data-field="validation"><p>Teksten er for lang.</p></div>'


@pytest.fixture
def minutes(request: pytest.FixtureRequest, world: Cast) -> Meeting:
    """A meeting in a trade of the journey's own, that has begun, with a draft of its minutes."""
    load(today=today())
    code = f"R{crc32(request.node.name.encode()) % 10**7}"
    trade = people(world, f"{code} Referatsen", code).trade
    begun = timezone.now() - timedelta(hours=1)
    made = Meeting.objects.create(
        kind=PROJECT_GROUP, trade=trade, starts_at=begun, ends_at=begun + timedelta(hours=1), created_by=world.koordinator
    )
    start_minutes(meeting=made, by=world.koordinator)
    return made


def first_point(kari: Visitor, meeting: Meeting) -> tuple[Locator, AgendaItem]:
    """Opens the minutes, and gives the first point that is written: its form, and its row."""
    kari.opens(f"{meeting.get_absolute_url()}referat/")
    form = kari.main.locator("form[data-autosave]").first
    address = form.get_attribute("action") or ""
    return form, AgendaItem.objects.get(public_id=address.strip("/").rpartition("/")[2])


def text_of(form: Locator) -> Locator:
    """The box for what was said."""
    return form.get_by_label("Dette snakket vi om")


def told(form: Locator) -> Locator:
    """The line that tells whether it is saved."""
    return form.locator("[data-saved]")


class Gate:
    """Lets no saving of a point through before it is opened for it."""

    def __init__(self, kari: Visitor, item: AgendaItem) -> None:
        self.kari, self.waiting, self.sent, self.is_open = kari, list[Route](), 0, False
        kari.page.route(f"**/referat/{item.public_id}/", self._comes)

    def _comes(self, route: Route) -> None:
        self.sent += 1
        if self.is_open:
            route.continue_()
        else:
            self.waiting.append(route)

    def waits_for(self, number: int) -> None:
        """Until so many savings have been sent."""
        self.kari.waits_until(lambda: self.sent >= number, f"saving number {number}")

    def lets_one_through(self) -> None:
        self.waiting.pop(0).continue_()

    def opens(self) -> None:
        self.is_open = True
        while self.waiting:
            self.lets_one_through()


def test_saved_is_not_told_while_later_letters_are_not_saved(
    world: Cast, visit: Callable[..., Visitor], minutes: Meeting
) -> None:
    """The answer to the first letters comes when more have been typed: they are sent next, and only then is it told."""
    kari = visit("koordinator")
    form, item = first_point(kari, minutes)
    gate = Gate(kari, item)
    text_of(form).press_sequentially(FIRST)
    gate.waits_for(1)
    text_of(form).press_sequentially(LATER)
    gate.lets_one_through()
    gate.waits_for(2)
    expect(told(form)).to_have_text("Lagrer …")
    expect(text_of(form)).to_have_value(FIRST + LATER)
    gate.opens()
    expect(told(form)).to_contain_text("Lagret kl.")
    expect(text_of(form)).to_have_value(FIRST + LATER)
    kari.opens(f"{minutes.get_absolute_url()}referat/")
    expect(text_of(kari.main.locator("form[data-autosave]").first)).to_have_value(FIRST + LATER)
    kari.does_not_see("Det er ikke lagret ennå.")


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (422, "Ikke lagret. Teksten er for lang."),
        (409, "Ikke lagret. Du kan ikke skrive her lenger."),
        (404, "Ikke lagret. Du kan ikke skrive her lenger."),
        (502, "Ikke lagret ennå. Vi prøver igjen."),
        (0, "Ikke lagret ennå. Vi prøver igjen."),
    ],
)
def test_what_is_not_taken_stays_in_its_box_and_is_told(
    world: Cast, visit: Callable[..., Visitor], minutes: Meeting, status: int, words: str
) -> None:
    """Refused, a server that does not answer, and no network (0). The next letter is sent anew, and is saved when it can be."""
    kari = visit("koordinator")
    form, item = first_point(kari, minutes)
    address = f"**/referat/{item.public_id}/"
    page = f"<!doctype html><html><body><main>{REFUSED}</main></body></html>"
    kari.page.route(
        address,
        lambda route: route.fulfill(status=status, content_type="text/html", body=page) if status else route.abort("failed"),
    )
    text_of(form).press_sequentially(FIRST)
    expect(told(form)).to_contain_text(words)
    expect(text_of(form)).to_have_value(FIRST)
    expect(form.locator("[data-field=validation]")).to_have_count(0)
    expect(form.get_by_text("Kladden er lagret kl.")).to_be_visible()
    kari.page.unroute(address)
    text_of(form).press_sequentially(LATER)
    expect(told(form)).to_contain_text("Lagret kl.")
    expect(text_of(form)).to_have_value(FIRST + LATER)
    item.refresh_from_db()
    assert item.discussion == FIRST + LATER
    kari.faults[:] = [fault for fault in kari.faults if not any(words in fault for words in ("502", "ERR_FAILED", "htmx:"))]


def test_a_lost_session_leads_nobody_away_from_what_is_written(
    world: Cast, visit: Callable[..., Visitor], minutes: Meeting
) -> None:
    """It is told; the text stays; signed in again in another tab, it saves itself."""
    kari = visit("koordinator")
    form, item = first_point(kari, minutes)
    here = kari.page.url
    kari.is_away_too_long()
    text_of(form).press_sequentially(FIRST)
    expect(told(form)).to_contain_text("Du er logget ut.")
    expect(told(form).get_by_role("link", name="Logg inn i en ny fane")).to_have_attribute("target", "_blank")
    kari.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # and the page asks what others have written
    text_of(form).press_sequentially(LATER)
    expect(text_of(form)).to_have_value(FIRST + LATER)
    assert kari.page.url == here
    kari.is_signed_in_as(world.koordinator)
    kari.page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(told(form)).to_contain_text("Lagret kl.", timeout=20_000)
    expect(text_of(form)).to_have_value(FIRST + LATER)
    item.refresh_from_db()
    assert item.discussion == FIRST + LATER
