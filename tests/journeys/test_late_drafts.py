"""A draft of the device that comes a moment after its form has opened: what was typed meanwhile stands, and the draft is not lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test.utils import override_settings
from playwright.sync_api import Browser, Locator, expect

from fagbrev.people.models import User
from tests.cast import Cast
from tests.journeys import device_form
from tests.journeys.phone import Phone, phones

pytestmark = pytest.mark.journey
FORM = "/prove/besok/nytt/?kladd=nei&deltaker="  # the device's draft alone
BEFORE, AGREED, NOW = "Hun leste høyt for barna.", "Vi øver på rim.", "Hun sang"

# The drafts of the device cannot be opened before letDraftsCome() is called.
HOLDS_DRAFTS = """() => {
  if (!crypto.subtle) return;
  const opens = crypto.subtle.decrypt.bind(crypto.subtle);
  const held = new Promise((done) => { window.letDraftsCome = done; });
  crypto.subtle.decrypt = async (...told) => { await held; return opens(...told); };
}"""
# What one types while the page is still loading is heard by no script.
TYPES_BEFORE_ANY_SCRIPT = """(text) => {
  new MutationObserver((_seen, watch) => {
    const box = document.querySelector("textarea[name=seen]");
    if (!box) return;
    watch.disconnect();
    box.value = text;
  }).observe(document, { childList: true, subtree: true });
}"""
# How many times the page has decided to write a draft in a moment.
COUNTS_PAUSES = """() => {
  const later = window.setTimeout.bind(window);
  window.pauses = 0;
  window.setTimeout = (act, delay, ...told) => {
    if (delay === 400) window.pauses += 1;
    return later(act, delay, ...told);
  };
}"""


@pytest.fixture
def phone(browser: Browser, served: str, world: Cast, tmp_path: Path) -> Iterator[Callable[..., Phone]]:
    """Gives a function that opens the same phone's browser; nobody is signed in after it was closed."""
    device_form.SENT.clear()
    with override_settings(ROOT_URLCONF="tests.journeys.device_form"), phones(browser, served, tmp_path) as opens:
        yield opens


def tick(of: Phone, label: str) -> Locator:
    """One choice to tick."""
    return of.main.get_by_label(label, exact=True)


def offer(of: Phone) -> Locator:
    """Where a draft that does not stand in the form is offered."""
    return of.main.locator(".device-offer")


def writes_a_draft(phone: Callable[[], Phone], user: User, page: str) -> None:
    """Writes something of everything, and closes the browser before it is sent."""
    before = phone()
    before.is_signed_in_as(user)
    before.opens(page)
    before.box("Sted").select_option("trip")
    tick(before, "Morsmål").check()
    tick(before, "Leder").check()
    before.box("Avtalt").press_sequentially(AGREED)
    before.box("Hva jeg så").press_sequentially(BEFORE)
    before.has_kept(BEFORE, AGREED)
    before.leaves()


def opens_slowly(phone: Callable[[], Phone], user: User, page: str) -> Phone:
    """Opens the form again, on a phone that takes its time to open what lies on it."""
    slow = phone()
    slow.is_signed_in_as(user)
    slow.page.add_init_script(f"({HOLDS_DRAFTS})()")
    slow.opens(page)
    return slow


def lets_drafts_come(slow: Phone) -> None:
    slow.page.evaluate("window.letDraftsCome()")


def test_a_draft_that_comes_late_is_laid_over_nothing_and_offered(world: Cast, phone: Callable[[], Phone]) -> None:
    """The first letters stand; the boxes nobody has touched are filled; the rest is offered, and is joined with what was typed."""
    page = f"{FORM}g2b3c4d5e6f7"
    writes_a_draft(phone, world.faglaerer, page)
    ola = opens_slowly(phone, world.faglaerer, page)
    ola.box("Hva jeg så").press_sequentially(NOW)
    lets_drafts_come(ola)
    expect(offer(ola)).to_contain_text(BEFORE)
    expect(ola.box("Hva jeg så")).to_have_value(NOW)
    expect(ola.box("Avtalt")).to_have_value(AGREED)
    expect(ola.box("Sted")).to_have_value("trip")
    ola.box("Hva jeg så").press_sequentially(" for oss.")
    ola.has_kept(f"{NOW} for oss.", BEFORE)
    expect(offer(ola)).to_contain_text(BEFORE)
    ola.page.get_by_role("button", name="Bruk teksten her").click()
    expect(ola.box("Hva jeg så")).to_have_value(f"{NOW} for oss.\n{BEFORE}")
    expect(offer(ola)).to_have_count(0)
    ola.goes_by(ola.page.get_by_role("button", name="Lagre besøket"))
    ola.page.wait_for_url("**/tilgjengelighet/")
    assert [(sent["seen"].replace("\r", ""), sent["agreed"]) for sent in device_form.SENT] == [
        (f"{NOW} for oss.\n{BEFORE}", AGREED)
    ]
    assert "drafts(0)" in ola.lies_here()


def test_a_draft_that_was_offered_and_not_chosen_is_there_the_next_time(world: Cast, phone: Callable[[], Phone]) -> None:
    """What was typed is sent, and the draft still lies on the device. Thrown away, it is gone."""
    page = f"{FORM}h2b3c4d5e6f7"
    writes_a_draft(phone, world.faglaerer, page)
    ola = opens_slowly(phone, world.faglaerer, page)
    ola.box("Hva jeg så").press_sequentially(NOW)
    lets_drafts_come(ola)
    expect(offer(ola)).to_contain_text(BEFORE)
    ola.goes_by(ola.page.get_by_role("button", name="Lagre besøket"))
    ola.page.wait_for_url("**/tilgjengelighet/")
    assert [sent["seen"] for sent in device_form.SENT] == [NOW]
    ola.leaves()
    ola = opens_slowly(phone, world.faglaerer, page)
    ola.box("Hva jeg så").press_sequentially(NOW)
    lets_drafts_come(ola)
    expect(offer(ola)).to_contain_text(BEFORE)
    offer(ola).get_by_role("button", name="Kast utkastet").click()
    offer(ola).get_by_role("button", name="Ja, kast utkastet").click()
    expect(offer(ola)).to_have_count(0)
    expect(ola.box("Hva jeg så")).to_have_value(NOW)
    ola.has_kept(NOW)
    assert "drafts(1)" in ola.lies_here()


def test_what_was_chosen_meanwhile_stands_and_what_the_draft_had_chosen_is_offered(
    world: Cast, phone: Callable[[], Phone]
) -> None:
    """A list, a choice of one and ticks: what was ticked in the draft besides is ticked too."""
    page = f"{FORM}k2b3c4d5e6f7"
    writes_a_draft(phone, world.faglaerer, page)
    ola = opens_slowly(phone, world.faglaerer, page)
    ola.box("Sted").select_option("out")
    tick(ola, "Norsk").check()
    tick(ola, "Fadder").check()
    lets_drafts_come(ola)
    expect(offer(ola)).to_contain_text("På tur")
    expect(offer(ola)).to_contain_text("Morsmål")
    expect(ola.box("Sted")).to_have_value("out")
    for label in ("Norsk", "Fadder", "Leder"):
        expect(tick(ola, label)).to_be_checked()
    expect(ola.box("Hva jeg så")).to_have_value(BEFORE)
    offer(ola).get_by_role("button", name="Bruk teksten her").click()
    expect(ola.box("Sted")).to_have_value("trip")
    expect(tick(ola, "Morsmål")).to_be_checked()
    for label in ("Fadder", "Leder"):
        expect(tick(ola, label)).to_be_checked()


def test_a_text_whose_box_is_not_on_the_page_any_more_is_shown_and_not_lost(world: Cast, phone: Callable[[], Phone]) -> None:
    """A box that a script had added is written in; the next time the form has none, and then it has one with other words in it."""
    page = f"{FORM}m2b3c4d5e6f7"
    adds = """() => {
      const label = Object.assign(document.createElement("label"), { textContent: "Mer" });
      label.append(Object.assign(document.createElement("textarea"), { name: "more" }));
      document.querySelector("#visit-form .form-actions").before(label);
    }"""
    ola = phone()
    ola.is_signed_in_as(world.faglaerer)
    ola.opens(page)
    ola.page.evaluate(adds)
    ola.box("Hva jeg så").press_sequentially(NOW)
    ola.box("Mer").press_sequentially(BEFORE)
    ola.has_kept(BEFORE)
    ola.leaves()
    ola = opens_slowly(phone, world.faglaerer, page)
    lets_drafts_come(ola)
    expect(offer(ola)).to_contain_text(BEFORE)
    ola.box("Avtalt").press_sequentially(AGREED)
    ola.has_kept(AGREED, BEFORE)
    ola.leaves()
    ola = opens_slowly(phone, world.faglaerer, page)
    ola.page.evaluate(adds)
    ola.box("Mer").press_sequentially("Og så")
    lets_drafts_come(ola)
    expect(offer(ola)).to_contain_text(BEFORE)
    expect(ola.box("Mer")).to_have_value("Og så")
    expect(ola.box("Avtalt")).to_have_value(AGREED)
    offer(ola).get_by_role("button", name="Bruk teksten her").click()
    expect(ola.box("Mer")).to_have_value(f"Og så\n{BEFORE}")


def test_letters_typed_before_any_script_was_there_stand_too(world: Cast, phone: Callable[[], Phone]) -> None:
    """A slow phone shows the form before it has read its scripts."""
    page = f"{FORM}n2b3c4d5e6f7"
    writes_a_draft(phone, world.faglaerer, page)
    ola = phone()
    ola.is_signed_in_as(world.faglaerer)
    ola.page.add_init_script(f"({TYPES_BEFORE_ANY_SCRIPT})('{NOW}')")
    ola.opens(page)
    expect(offer(ola)).to_contain_text(BEFORE)
    expect(ola.box("Hva jeg så")).to_have_value(NOW)
    ola.has_kept(NOW, BEFORE)


def test_a_form_sent_before_its_draft_came_is_sent_as_it_was_seen(world: Cast, phone: Callable[[], Phone]) -> None:
    """And the draft is in the next form, since it was never sent."""
    page = f"{FORM}p2b3c4d5e6f7"
    writes_a_draft(phone, world.faglaerer, page)
    ola = opens_slowly(phone, world.faglaerer, page)
    ola.box("Hva jeg så").press_sequentially(NOW)
    ola.page.get_by_role("button", name="Lagre besøket").click()
    lets_drafts_come(ola)
    ola.page.wait_for_url("**/tilgjengelighet/")
    assert [(sent["seen"], sent["agreed"]) for sent in device_form.SENT] == [(NOW, "")]
    ola.leaves()
    ola = phone()
    ola.is_signed_in_as(world.faglaerer)
    ola.opens(page)
    ola.has_looked()
    expect(ola.box("Hva jeg så")).to_have_value(BEFORE)
    expect(ola.box("Avtalt")).to_have_value(AGREED)
    expect(offer(ola)).to_have_count(0)


def test_what_is_being_sent_is_not_written_as_a_draft_again_when_the_look_is_over(
    world: Cast, phone: Callable[[], Phone]
) -> None:
    """Such a draft would stay when the form has arrived, and the next text would be taken for the one that was sent."""
    writes_a_draft(
        phone, world.faglaerer, f"{FORM}q2b3c4d5e6f7"
    )  # on another page: the look takes as long as it takes to open it
    ola = phone()
    ola.is_signed_in_as(world.faglaerer)
    ola.page.add_init_script(f"({HOLDS_DRAFTS})(); ({COUNTS_PAUSES})()")
    ola.opens(f"{FORM}r2b3c4d5e6f7")
    ola.box("Hva jeg så").press_sequentially(NOW)
    ola.page.get_by_role("button", name="Lagre besøket").click()
    typed = ola.page.evaluate("window.pauses")
    ola.page.route("**/prove/besok/**", lambda route: held.append(route) if route.request.method == "POST" else route.continue_())
    held: list[Any] = []
    with ola.page.expect_request(lambda asked: asked.method == "POST"):
        lets_drafts_come(ola)
    assert ola.page.evaluate("window.pauses") == typed > 0
    held[0].continue_()
    ola.page.wait_for_url("**/tilgjengelighet/")
    assert [sent["seen"] for sent in device_form.SENT] == [NOW]
    assert "drafts(1)" in ola.lies_here()
