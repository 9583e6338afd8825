"""Signing in: with a password, with a code by e-mail, and with a passkey; then the spreadsheet and a misspelt name."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from fagbrev.mail.models import OutgoingMail
from tests.cast import PASSWORD, Cast
from tests.journeys.browsing import Visitor

pytestmark = pytest.mark.journey
FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"


def test_a_koordinator_signs_in_imports_the_spreadsheet_and_finds_a_misspelt_name(
    world: Cast, visit: Callable[..., Visitor]
) -> None:
    """The scheme's own spreadsheet, with all its faults; a second import makes nobody twice."""
    with (FIXTURES / "deltakerliste-expected.csv").open(encoding="utf-8") as file:
        expected = Counter(row["verdict"] for row in csv.DictReader(file))
    kari = visit()
    kari.opens("/deltakere/import/")
    assert kari.path == "/konto/login/"
    kari.unfolds("Logg inn med passord")
    kari.writes({"E-postadresse": world.users["koordinator"].email, "Passord": PASSWORD})
    kari.presses("Logg inn", kari.main.locator("details"))
    kari.sees("Importer deltakere")
    kari.writes({"Regneark": FIXTURES / "deltakerliste.xlsx"})
    kari.presses("Last opp")
    kari.sees("Stemmer kolonnene?")
    kari.presses("Se hva som blir registrert")
    kari.sees("Ingenting er lagret ennå.", f"{expected['created']} rader blir registrert.")
    kari.presses(f"Importer {expected['created']} rader")
    kari.sees("Importen er ferdig")
    facts = dict(zip(kari.main.locator("dt").all_inner_texts(), kari.main.locator("dd").all_inner_texts(), strict=True))
    assert facts == {
        "Registrert": str(expected["created"]), "Fantes fra før": str(expected["exists"]), "Med feil": str(expected["error"])
    }  # fmt: skip

    kari.follows("Se deltakerne", kari.main)
    kari.box("Søk etter navn").press_sequentially("merhet tenk")
    hit = kari.page.locator("#hits").get_by_role("link", name=re.compile("Mehret Tenkt"))
    expect(hit).to_be_visible()
    kari.goes_by(hit)
    kari.page.wait_for_url(re.compile(r"/deltakere/\w{12}/"))
    kari.sees("Mehret Tenkt")

    kari.opens("/deltakere/import/")
    kari.writes({"Regneark": FIXTURES / "deltakerliste.xlsx"})
    kari.presses("Last opp")
    kari.presses("Se hva som blir registrert")
    tile = kari.main.get_by_role("link", name=f"Finnes fra før {expected['created'] + expected['exists']}")
    expect(tile).to_be_visible()
    expect(kari.main.get_by_role("button", name=re.compile("^Importer"))).to_have_count(0)


def test_a_code_by_e_mail_lets_a_fadder_in(world: Cast, visit: Callable[..., Visitor]) -> None:
    """No password to remember: the code is in the mail; a wrong one is refused."""
    bente, address = visit(), world.users["fadder"].email
    bente.opens("/konto/login/")
    bente.writes({"E-postadressen din": address})
    bente.presses("Send meg en kode")
    mail = OutgoingMail.objects.filter(recipient=address).latest("pk")
    code = re.search(r"logge inn i Fagbrev er:\s+(\S+)", mail.text)
    assert code, mail.text
    bente.writes({"Kode": "FEIL-KODE"})
    bente.presses("Gå videre")
    expect(bente.main.locator("[data-field=validation]").first).to_be_visible()
    bente.writes({"Kode": code.group(1)})
    bente.presses("Gå videre")
    bente.sees("Deltakere du er fadder for")


def test_a_passkey_is_added_and_then_signs_its_owner_in(world: Cast, visit: Callable[..., Visitor]) -> None:
    """A device of one's own is enough the next time."""
    anna = visit()
    devtools = anna.context.new_cdp_session(anna.page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }})  # fmt: skip
    anna.opens("/konto/login/?next=/konto/2fa/webauthn/add/")
    anna.unfolds("Logg inn med passord")
    anna.writes({"E-postadresse": world.users["annen_norsklaerer"].email, "Passord": PASSWORD})
    anna.presses("Logg inn", anna.main.locator("details"))
    anna.sees("Bekreft at det er deg")
    anna.writes({"Passord": PASSWORD})
    anna.presses("Bekreft")
    anna.writes({"Navn på passnøkkelen": "PC-en på jobb"})
    with anna.page.expect_navigation(url=lambda url: "/add/" not in url):
        anna.main.get_by_role("button", name="Legg til").first.click()
    anna.opens("/konto/2fa/webauthn/")
    anna.sees("PC-en på jobb")

    anna.context.clear_cookies()
    anna.opens("/konto/login/")
    with anna.page.expect_navigation(url=lambda url: "/login/" not in url):
        anna.main.get_by_role("button", name="Logg inn med passnøkkel").click()
    anna.opens("/konto/")
    anna.sees("Pia Utenfor")
