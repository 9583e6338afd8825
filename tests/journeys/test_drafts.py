"""Nothing typed is lost: a closed tab, a phone without network and a closed browser, and who may read what lies on a device."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test.utils import override_settings
from playwright.sync_api import Browser, expect

from fagbrev.drafts.models import Draft
from tests.cast import Cast
from tests.journeys import device_form
from tests.journeys.browsing import Visitor
from tests.journeys.phone import Phone, phones

pytestmark = pytest.mark.journey
FORM = "/prove/besok/nytt/?deltaker="
SEEN, MORE, NOTE = "Hun leste høyt for barna", "Vi øver på rim til torsdag", "Samtalen etterpå er bare for lærerne"

# The first text takes long to seal; data-seals tells that it has begun, and that it is done.
IS_SLOW_ONCE = """() => {
  const seal = crypto.subtle.encrypt.bind(crypto.subtle);
  const shown = document.documentElement.dataset;
  crypto.subtle.encrypt = async (...told) => {
    if (shown.seals) return seal(...told);
    shown.seals = "1";
    await new Promise((done) => setTimeout(done, 1500));
    const sealed = await seal(...told);
    setTimeout(() => { shown.seals = "2"; }, 500);
    return sealed;
  };
}"""


@pytest.fixture
def phone(browser: Browser, served: str, world: Cast, tmp_path: Path) -> Iterator[Callable[..., Phone]]:
    """Gives a function that opens the same phone's browser; nobody is signed in after it was closed."""
    device_form.SENT.clear()
    with override_settings(ROOT_URLCONF="tests.journeys.device_form"), phones(browser, served, tmp_path) as opens:
        yield opens


def _is_kept(world: Cast, text: str) -> bool:
    """Whether the server has a draft of the koordinator's that has the text, to its last letter."""
    bodies: list[Any] = [draft.body for draft in Draft.objects.filter(user=world.koordinator)]
    return any(json.dumps(text)[1:-1] in body.open() for body in bodies)


def test_a_visit_written_without_network_survives_a_closed_browser_and_is_its_writers_alone(
    world: Cast, phone: Callable[[], Phone]
) -> None:
    """The network goes in the middle; the browser is closed; another signs in on the same phone; the writer comes back."""
    ola = phone()
    ola.is_signed_in_as(world.faglaerer)
    ola.opens(f"{FORM}a2b3c4d5e6f7")
    ola.can_work_without_network()
    ola.box("Hva jeg så").press_sequentially(SEEN[:10])
    ola.is_told("Ikke sendt ennå.")
    ola.loses_network()
    ola.box("Hva jeg så").press_sequentially(SEEN[10:])
    ola.box("Internt notat").press_sequentially(NOTE)
    ola.is_told("Ikke nett. Lagret på")
    ola.is_told("Det interne notatet lagres ikke der.")
    ola.has_kept(SEEN)
    here = ola.lies_here()
    assert "drafts(1)" in here
    assert "key secret false" in here
    for text in (SEEN, SEEN[:10], NOTE, "Ola", "a2b3c4d5e6f7", world.faglaerer.public_id):
        assert text not in here, text
    for text in (SEEN[:10], NOTE):  # where the tab itself remembers, such as the address it was on
        assert text not in ola.page.evaluate("JSON.stringify({ ...sessionStorage })")
    ola.leaves()

    somebody = phone()
    somebody.loses_network()
    somebody.page.goto(f"{FORM}a2b3c4d5e6f7")
    somebody.sees("Ikke nett", "Låst til du logger inn")
    somebody.does_not_see(SEEN, SEEN[:10], NOTE)
    somebody.page.get_by_role("button", name="Skriv mer").click()
    somebody.page.get_by_label("Avtalt").fill(MORE)
    somebody.page.get_by_role("button", name="Lagre på enheten").click()
    somebody.sees("Logg inn når du har nett")
    assert MORE not in somebody.lies_here()
    somebody.finds_network()

    somebody.is_signed_in_as(world.annen_faglaerer)
    somebody.opens("/utboks/")
    somebody.sees("Ingenting venter på denne enheten.")
    somebody.opens(f"{FORM}a2b3c4d5e6f7")
    somebody.has_looked()
    expect(somebody.box("Hva jeg så")).to_have_value("")
    somebody.does_not_see(SEEN, MORE)
    somebody.leaves()

    ola = phone()
    ola.is_signed_in_as(world.faglaerer)
    ola.opens("/utboks/")
    ola.sees("Du skrev mer uten nett. Se over og send.")
    assert device_form.SENT == []
    ola.page.get_by_role("link", name="Se over").click()
    expect(ola.box("Hva jeg så")).to_have_value(SEEN)
    expect(ola.box("Avtalt")).to_have_value(MORE)
    ola.page.get_by_role("button", name="Lagre besøket").click()
    ola.page.wait_for_url("**/tilgjengelighet/")
    assert [(sent["seen"], sent["agreed"]) for sent in device_form.SENT] == [(SEEN, MORE)]
    assert "drafts(0)" in ola.lies_here()


def test_what_was_saved_without_network_is_sent_once_when_its_writer_is_back(world: Cast, phone: Callable[[], Phone]) -> None:
    """Saved on the phone in the corridor, sent from any page after signing in, and never twice."""
    ola = phone()
    ola.is_signed_in_as(world.faglaerer)
    ola.opens(f"{FORM}b2b3c4d5e6f7")
    ola.can_work_without_network()
    ola.loses_network()
    ola.box("Hva jeg så").press_sequentially(SEEN)
    ola.page.get_by_role("button", name="Lagre besøket").click()
    ola.is_told("Sendes når du får nett.")
    ola.leaves()

    ola = phone()
    ola.opens("/konto/login/")
    assert device_form.SENT == []
    ola.is_signed_in_as(world.faglaerer)
    assert ola.sends_by_itself_from("/tilgjengelighet/") == 201
    ola.opens("/utboks/")
    ola.sees("Ingenting venter på denne enheten.")
    ola.opens(f"{FORM}b2b3c4d5e6f7")
    ola.has_looked()
    expect(ola.box("Hva jeg så")).to_have_value("")
    assert [sent["seen"] for sent in device_form.SENT] == [SEEN]
    kept = [line for line in ola.lies_here().splitlines() if line.startswith("cached ")]
    assert kept
    assert {line for line in kept if not line.startswith("cached /static/")} == {"cached /uten-nett/"}


def test_with_the_page_open_it_is_sent_as_soon_as_there_is_network(world: Cast, phone: Callable[[], Phone]) -> None:
    """The internal note, which no device keeps, goes along from the open page."""
    ola = phone()
    ola.is_signed_in_as(world.faglaerer)
    ola.opens(f"{FORM}c2b3c4d5e6f7")
    ola.can_work_without_network()
    ola.loses_network()
    ola.box("Hva jeg så").press_sequentially(SEEN)
    ola.box("Internt notat").press_sequentially(NOTE)
    ola.page.get_by_role("button", name="Lagre besøket").click()
    ola.is_told("Hold siden åpen til den er sendt.")
    ola.finds_network()
    ola.page.wait_for_url("**/tilgjengelighet/")
    assert [(sent["seen"], sent["internal_note"]) for sent in device_form.SENT] == [(SEEN, NOTE)]


def test_a_slow_phone_does_not_put_an_older_text_over_the_one_that_was_sent(world: Cast, phone: Callable[[], Phone]) -> None:
    """Sealing what was typed takes long; the button is pressed meanwhile. What waits is what was sent, and it goes by itself."""
    ola = phone()
    ola.is_signed_in_as(world.faglaerer)
    ola.opens(f"{FORM}e2b3c4d5e6f7")
    ola.can_work_without_network()
    ola.loses_network()
    ola.page.evaluate(IS_SLOW_ONCE)
    ola.box("Hva jeg så").press_sequentially(SEEN)
    ola.page.locator("html[data-seals='1']").wait_for(state="attached")
    ola.page.get_by_role("button", name="Lagre besøket").click()
    ola.is_told("Sendes når du får nett.")
    ola.page.locator("html[data-seals='2']").wait_for(state="attached")
    ola.leaves()
    ola = phone()
    ola.is_signed_in_as(world.faglaerer)
    assert ola.sends_by_itself_from("/tilgjengelighet/") == 201
    assert device_form.SENT[-1]["seen"] == SEEN


def test_when_another_wrote_too_both_texts_are_said_to_be_kept(world: Cast, phone: Callable[[], Phone]) -> None:
    """And a form that lacks something is shown again with its message, its text untouched."""
    ola = phone()
    ola.is_signed_in_as(world.faglaerer)
    ola.opens(f"{FORM}d2b3c4d5e6f7")
    ola.box("Avtalt").press_sequentially(MORE)
    ola.presses("Lagre besøket")
    expect(ola.main.locator("[data-field=validation]").first).to_be_visible()
    expect(ola.box("Avtalt")).to_have_value(MORE)
    ola.box("Hva jeg så").press_sequentially("Vi skrev samtidig")
    ola.page.get_by_role("button", name="Lagre besøket").click()
    ola.page.wait_for_url("**/tilgjengelighet/")
    ola.page.get_by_role("link", name="Utboks").click()
    ola.sees("Noen andre skrev også. Begge tekstene er tatt vare på.")
    ola.page.get_by_role("button", name="Fjern fra lista").click()
    ola.sees("Ingenting venter på denne enheten.")


def test_what_is_typed_in_any_form_comes_back_on_another_device_until_it_is_saved(
    world: Cast, visit: Callable[..., Visitor]
) -> None:
    """The tab is closed in the middle of a sentence; the session times out; the same koordinator opens the form elsewhere."""
    url = f"/deltakere/{world.selma.participant.public_id}/kontaktlogg/notat/ny/"
    kari: Any = visit("koordinator")
    kari.opens(url)
    kari.box("Hva").press_sequentially("NAV ringer igjen på fredag")
    expect(kari.page.get_by_text("Kladden er lagret kl.")).to_be_visible()
    kari.box("Hva").press_sequentially(", og så")
    kari.page.close()
    kari = visit("koordinator", viewport={"width": 390, "height": 844})
    kari.waits_until(lambda: _is_kept(world, ", og så"), "the keeping of what was typed last")
    kari.opens(url)
    kari.sees("Det er ikke lagret ennå.")
    expect(kari.box("Hva")).to_have_value("NAV ringer igjen på fredag, og så")
    kari.sends({"Med": "NAV"})
    kari.opens(url)
    expect(kari.box("Hva")).to_have_value("")

    kari.box("Hva").press_sequentially("Noe annet")
    expect(kari.page.get_by_text("Kladden er lagret kl.")).to_be_visible()
    kari.waits_until(lambda: _is_kept(world, "Noe annet"), "the keeping of the last letter")
    kari.opens(url)
    kari.presses("Kast kladden")
    expect(kari.box("Hva")).to_have_value("")
    kari.does_not_see("Kast kladden")
