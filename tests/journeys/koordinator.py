"""What a koordinator does with one participant, said as at work: each thing that is missing is found by its own link."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from zlib import crc32

from tests.journeys.browsing import Visitor

REFERRED_BY_NAV = {"Hvem henviser?": "en samarbeidspartner", "Står ikke partneren i lista? Skriv hvem": "NAV Eksempelvik"}


def registers(kari: Visitor, first_name: str, last_name: str, trade: str = "ikke avklart", **more: Any) -> str:
    """Registers a referral, and gives the address of the new participant."""
    kari.opens("/deltakere/ny/")
    answers = {
        "Fornavn": first_name, "Etternavn": last_name, "Fag": trade,
        "Vet personen om henvisningen?": "ja", **REFERRED_BY_NAV, **more,
    }  # fmt: skip
    answers["Telefon"] = f"9{crc32(f'{first_name} {last_name}'.encode()) % 10_000_000:07d}"  # a number of their own
    kari.sends(answers, "Registrer henvisningen")
    assert re.fullmatch(r"/deltakere/\w{12}/", kari.path), kari.path
    return kari.path


def comes_in_the_middle(kari: Visitor, first_name: str, last_name: str, trade: str, phase: str, on: date) -> str:
    """Registers someone who comes from another municipality, in a phase of the way."""
    middle = {
        "Kommer midt i løpet, fra en annen kommune": True,
        "Er i fasen": phase,
        "Hvor ble stegene før gjort?": "Prøvli kommune",
    }
    return registers(kari, first_name, last_name, trade, **{"Henvist dato": on}, **middle)


def cannot_yet(kari: Visitor, person: str, step: str, verb: str, *sentences: str) -> None:
    """Is refused a step, and told why in words."""
    kari.opens(f"{person}steg/{step}/")
    kari.sees(*sentences)
    button = kari.main.get_by_role("button", name=verb, exact=True)
    if button.count():  # all that is missing may be waived with a reason: without one the step is refused
        kari.presses(verb)
        kari.sees(*sentences)
        kari.does_not_see("er nå i fasen")


def can_now(kari: Visitor, person: str, step: str, verb: str, on: date, phase: str, **more: Any) -> None:
    """Takes a step on a day."""
    kari.opens(f"{person}steg/{step}/")
    kari.sends({"Når skjedde det?": on, **more}, verb)
    kari.sees(f"er nå i fasen «{phase}».")


def puts_right(kari: Visitor, person: str, act: str, then: str, answers: dict[str, Any], verb: str = "Lagre") -> None:
    """Follows the link of a missing condition from «Neste steg», opens the form there, and fills it in."""
    kari.opens(person)
    kari.follows(act, kari.main)
    if then:
        kari.follows(then, kari.main)
    kari.sends(answers, verb)


def signs(kari: Visitor, person: str, kind: str, on: date, *signers: tuple[str, str]) -> None:
    """Records an agreement, and each signature on it."""
    kari.opens(f"{person}avtaler/")
    kari.follows("Lag ny avtale")
    kari.sends({"Type": kind, "Laget": on})
    for party, name in signers:
        puts_right(
            kari, person, "Registrer underskrift", "Registrer underskrift", {"Part": party, "Underskrevet av": name, "Dato": on}
        )


def answers_consent(kari: Visitor, person: str, on: date) -> None:
    """Asks about sharing with each party, and records a yes to all."""
    kari.opens(person)
    kari.follows("Registrer svar", kari.main)
    kari.follows("Svar eller endre svar", kari.main)
    for party in ("arbeidsstedet", "NAV", "den videregående skolen", "voksenopplæringen", "fylkeskommunen"):
        kari.writes({f"Kan vi dele opplysninger om opplæringen med {party}?": "ja"})
    kari.sends({"Dato for svarene": on}, "Lagre svarene")


def judges_criteria(kari: Visitor, person: str) -> None:
    """Finds every criterion met."""
    kari.opens(f"{person}opptak/krav/")
    for question in kari.main.get_by_role("group").all():
        if question.get_by_label("oppfylt", exact=True).count():
            question.get_by_label("oppfylt", exact=True).check()
    kari.sends({})


def gives_voice(visitor: Visitor, person: str, advice: str, on: date) -> None:
    """Gives one's own voice on admission."""
    visitor.opens(f"{person}opptak/stemme/")
    visitor.sends({"Råd": advice, "Gitt": on})
