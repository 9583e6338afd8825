"""What goes wrong in a day: each fault gets a clear message by its field, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from participants.models import ContactNote, Participant
from tests.cast import PASSWORD, Cast, enrol
from tests.journeys.browsing import Visitor, today

pytestmark = pytest.mark.journey

PROGRAM = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff" + b"\x00" * 300


def someone(world: Cast, name: str) -> str:
    """Someone in training; gives the address."""
    return str(enrol(world, name, "BUA", "training").participant.get_absolute_url())


def test_each_fault_is_said_by_its_field_and_what_was_typed_is_kept(world: Cast, visit: Callable[..., Visitor]) -> None:
    """Wrong dates, an impossible period, a bad number, a program that calls itself a PDF."""
    kari, person = visit("koordinator"), someone(world, "Feil Skrivesen")

    kari.opens(f"{person}permisjon/permisjon/ny/")
    kari.writes({"Fra og med": today(), "Ventet til og med": today() - timedelta(days=3), "Merknad": "Blir borte litt."})
    kari.presses("Lagre")
    kari.sees("Noe må rettes før du kan gå videre", "slutter før den begynner")
    assert kari.box("Merknad").input_value() == "Blir borte litt."

    kari.opens(f"{person}kontaktlogg/notat/ny/")
    kari.writes({"Dato": today() + timedelta(days=400), "Med": "NAV", "Hva": "Snakket om plan."})
    kari.presses("Lagre")
    kari.sees("Datoen er fram i tid.")
    assert kari.box("Hva").input_value() == "Snakket om plan."

    kari.opens(f"{person}person/fodselsnummer/")
    kari.sends_in_vain({"Fødselsnummer eller D-nummer": "12345678901"})
    kari.opens(f"{person}person/kontakt/")
    kari.sends_in_vain({"Telefon": "ring meg"})

    kari.opens(f"{person}dokumenter/nytt/")
    kari.writes({"Fil": {"name": "attest.pdf", "mimeType": "application/pdf", "buffer": PROGRAM}})
    kari.main.get_by_label("Hva slags dokument er det?").select_option(index=1)
    kari.main.get_by_role("radio").first.check()
    kari.sends_in_vain({"Tittel": "Attest fra barnehagen"}, "Last opp")
    assert kari.box("Tittel").input_value() == "Attest fra barnehagen"

    kari.opens("/deltakere/?q=%00", status=400)
    kari.opens("/deltakere/?q=%27%3B&fag=TULL&fase=rart&side=-4&sorter=fag;drop")
    kari.opens("/deltakere/finnesikke123/", status=404)
    kari.sees("Vi fant ikke siden")


def test_two_koordinators_who_change_the_same_choose_between_both_texts(world: Cast, visit: Callable[..., Visitor]) -> None:
    """Both texts are shown, and the choice is kept."""
    first, second, person = visit("koordinator"), visit("koordinator"), someone(world, "Samtidig Redigersen")
    form = f"{person}person/detaljer/"
    first.opens(form)
    second.opens(form)
    first.sends({"Morsmål": "tigrinja", "Land": "Eritrea"})
    second.writes({"Morsmål": "arabisk", "Land": "Sudan"})
    second.presses("Lagre")
    second.sees("Noen andre lagret før deg", "tigrinja", "arabisk", "Eritrea", "Sudan")
    second.main.get_by_role("group", name="Morsmål").get_by_label("Din tekst").check()
    second.main.get_by_role("group", name="Land").get_by_label("sin tekst").check()
    second.presses("Lagre det jeg har valgt")
    held = Participant.objects.get(last_name="Redigersen")
    assert (held.mother_tongue, held.country) == ("arabisk", "Eritrea")


def test_a_double_click_makes_one_row(world: Cast, visit: Callable[..., Visitor]) -> None:
    """Also when the form is sent from two tabs."""
    kari, person = visit("koordinator"), someone(world, "Dobbel Klikkesen")
    kari.opens(f"{person}kontaktlogg/notat/ny/")
    kari.writes({"Dato": today(), "Med": "NAV", "Hva": "Ringte om plass."})
    kari.main.get_by_role("button", name="Lagre").dblclick()
    kari.sees("Ringte om plass.")
    expect(kari.main.get_by_text("Ringte om plass.")).to_have_count(1)
    assert ContactNote.objects.filter(enrolment__participant__last_name="Klikkesen").count() == 1


def test_what_was_typed_when_the_session_ended_is_there_after_signing_in(world: Cast, visit: Callable[..., Visitor]) -> None:
    """Away over lunch in the middle of a note."""
    kari, person = visit("koordinator"), someone(world, "Borte Lunsjesen")
    kari.opens(f"{person}kontaktlogg/notat/ny/")
    kari.writes({"Dato": today(), "Med": "NAV", "Hva": "Et langt notat om en viktig samtale."})
    kari.is_away_too_long()
    kari.presses("Lagre")
    assert kari.path == "/konto/login/"
    kari.sees("Du har vært borte en stund")
    kari.unfolds("Logg inn med passord")
    kari.writes({"E-postadresse": world.users["koordinator"].email, "Passord": PASSWORD})
    kari.presses("Logg inn", kari.main.locator("details"))
    kari.sees("Her er det du skrev. Det er ikke lagret ennå.")
    assert kari.box("Hva").input_value() == "Et langt notat om en viktig samtale."
    kari.sends({})
    kari.sees("Et langt notat om en viktig samtale.")
