"""One person's whole way: referred, interviewed, taken in, placed, trained, tested. At each missing thing the koordinator is told no."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from tests.cast import Cast
from tests.journeys import koordinator as k
from tests.journeys.browsing import Visitor, today

pytestmark = pytest.mark.journey


def test_a_referral_in_a_trade_with_police_certificate_goes_all_the_way_to_completed(
    world: Cast, visit: Callable[..., Visitor]
) -> None:
    """The referral, then phase by phase."""
    kari, ola = visit("koordinator"), visit("faglaerer")

    def ago(days: int) -> date:
        return today() - timedelta(days=days)

    amal = k.registers(kari, "Amal", "Veivisersen", **{"Henvist dato": ago(700)})

    # Referred: the trade and the interview are missing.
    k.cannot_yet(
        kari, amal, "interview", "Merk som intervjuet", "Faget er ikke avklart.", "Intervjuskjemaet er ikke fylt ut med dato."
    )
    k.puts_right(kari, amal, "Velg fag", "Endre fag", {"Fag": "Barne- og ungdomsarbeider"})
    k.cannot_yet(kari, amal, "interview", "Merk som intervjuet", "Intervjuskjemaet er ikke fylt ut med dato.")
    k.puts_right(
        kari, amal, "Fyll ut intervjuet", "Fyll ut intervjuet", {"Holdt": ago(690), "Motivasjon": "Liker å være med barn."}
    )
    k.can_now(kari, amal, "interview", "Merk som intervjuet", ago(690), "Intervjuet")

    # Interviewed: two voices and every criterion are missing.
    k.cannot_yet(
        kari, amal, "admit", "Ta opp", "Koordinators stemme mangler.", "Faglærers stemme mangler.", "Ikke vurdert: ",
    )  # fmt: skip
    k.puts_right(kari, amal, "Gi din stemme", "Gi din stemme", {"Råd": "bør tas opp", "Gitt": ago(680)})
    k.cannot_yet(kari, amal, "admit", "Ta opp", "Faglærers stemme mangler.")
    k.gives_voice(ola, amal, "bør tas opp", ago(679))
    kari.opens(amal)
    kari.follows("Vurder kravene", kari.main)
    k.judges_criteria(kari, amal)
    k.can_now(kari, amal, "admit", "Ta opp", ago(670), "Tatt opp")

    # Admitted: the conversation, the contract and the consents are missing.
    k.cannot_yet(
        kari, amal, "onboard", "Start oppstarten", "Inntakssamtalen er ikke registrert.",
        "Underskrift mangler fra deltaker og koordinator.",
        "Ja eller nei mangler for deling med arbeidsstedet, NAV, den videregående skolen, voksenopplæringen og fylkeskommunen.",
    )  # fmt: skip
    k.puts_right(kari, amal, "Registrer samtalen", "Registrer inntakssamtalen", {"Holdt": ago(660)})
    k.cannot_yet(kari, amal, "onboard", "Start oppstarten", "Fraværsreglene er ikke gjennomgått i inntakssamtalen.")
    k.puts_right(kari, amal, "Registrer samtalen", "Endre inntakssamtale", {"Fraværsreglene er gjennomgått": True})
    k.signs(
        kari, amal, "kontrakt med fraværsregler", ago(660), ("deltaker", "Amal Veivisersen"), ("koordinator", "Kari Koordinator")
    )
    k.answers_consent(kari, amal, ago(660))
    k.can_now(kari, amal, "onboard", "Start oppstarten", ago(655), "Oppstart")

    # Start: workplace, leder, fadder, conversation, first day, agreement and police certificate are missing.
    k.cannot_yet(
        kari, amal, "place", "Merk som utplassert", "Det er ikke registrert noe arbeidssted.",
        "Samtalen på arbeidsstedet er ikke registrert.", "Lederen på arbeidsstedet er ikke registrert.",
        "Det er ikke valgt noen fadder.", "Datoen for første dag mangler.",
        "Underskrift mangler fra deltaker, leder og koordinator.", "Politiattesten er ikke registrert som i orden.",
    )  # fmt: skip
    k.puts_right(kari, amal, "Velg arbeidssted", "Registrer praksisplass", {"Arbeidssted": "Eksempelvika barnehage"})
    place = "Endre praksisplasser: Eksempelvika barnehage"
    k.puts_right(kari, amal, "Velg leder", place, {"Leder": "Lise Leder"})
    k.cannot_yet(kari, amal, "place", "Merk som utplassert", "Samtalen på arbeidsstedet er ikke registrert.")
    kari.opens(amal)
    kari.sees("Lise Leder")
    k.puts_right(kari, amal, "Registrer samtalen", place, {"Samtale på arbeidsstedet holdt": ago(650)})
    k.puts_right(
        kari, amal, "Sett dato", place, {"Første dag": ago(640), "Stillingsprosent": 80, "Dager": ["man", "tir", "ons", "tor"]}
    )
    k.puts_right(
        kari, amal, "Velg fadder", "Velg fadder på Eksempelvika barnehage", {"Fadder": "Bente Fadder", "Fra og med": ago(640)}
    )
    signers = ("deltaker", "Amal Veivisersen"), ("leder på arbeidsstedet", "Lise Leder"), ("koordinator", "Kari Koordinator")
    k.signs(kari, amal, "avtale om deltakelse", ago(645), *signers)
    k.cannot_yet(kari, amal, "place", "Merk som utplassert", "Politiattesten er ikke registrert som i orden.")
    seen = {"Kreves": "ja", "Grunnlag": "vist til oss", "Vist": ago(650), "Sett av": "Kari Koordinator", "I orden": True}
    k.puts_right(kari, amal, "Registrer politiattest", "Registrer politiattest", seen)
    k.can_now(kari, amal, "place", "Merk som utplassert", ago(640), "Utplassert")

    # Placed: five enclosures and the sending are missing.
    k.cannot_yet(kari, amal, "apply", "Merk søknaden som sendt", "Mangler: ", "Datoen søknaden ble sendt, mangler.")
    for _enclosure in range(5):
        kari.opens(amal)
        kari.follows("Se vedleggene", kari.main)
        kari.follows("Registrer", kari.main.locator(".condition--missing").first)
        kari.sends({"Status": "er her"})
    k.puts_right(kari, amal, "Registrer sending", "Registrer at søknaden er sendt", {"Sendt": ago(630)})
    k.can_now(kari, amal, "apply", "Merk søknaden som sendt", ago(630), "Kontrakt søkt")

    # Applied: the county's contract is missing.
    k.cannot_yet(kari, amal, "train", "Start opplæringen", "Kontraktens nummer, første dag eller siste dag mangler.")
    contract = {"Kontraktnummer": "2025-77", "Fra og med": ago(600), "Til og med": today() + timedelta(days=90)}
    k.puts_right(kari, amal, "Registrer kontrakten", "Registrer kontrakt", contract)
    k.can_now(kari, amal, "train", "Start opplæringen", ago(600), "Opplæring")

    # In training: the faglærer's recommendation and the written exam are missing.
    k.cannot_yet(
        kari, amal, "to-test", "Meld opp til fagprøven", "Faglærer har ikke anbefalt fagprøven.",
        "Skriftlig eksamen er ikke bestått eller godskrevet.",
    )  # fmt: skip
    ola.opens(f"{amal}klar/")
    ola.follows("Si at deltakeren er klar")
    ola.sends({"Hva": "anbefalt for fagprøven", "Dato": ago(60)})
    k.cannot_yet(kari, amal, "to-test", "Meld opp til fagprøven", "Skriftlig eksamen er ikke bestått eller godskrevet.")
    passed = {"Status": "bestått", "Eksamensdag": ago(200), "Resultat": ago(170), "Karakter": 4}
    k.puts_right(kari, amal, "Se eksamen", "Registrer skriftlig eksamen", passed)
    k.can_now(kari, amal, "to-test", "Meld opp til fagprøven", ago(40), "Fagprøve")

    # Registered for the trade test: the result and the certificate are missing.
    k.cannot_yet(
        kari, amal, "complete", "Fullfør", "Resultatet av fagprøven er ikke «bestått».", "Deltakerbeviset er ikke utstedt."
    )
    test = {"Første prøvedag": ago(12), "Siste prøvedag": ago(8), "Resultat": "bestått", "Resultatdato": ago(8)}
    k.puts_right(kari, amal, "Registrer resultat", "Registrer fagprøve", test)
    k.cannot_yet(kari, amal, "complete", "Fullfør", "Deltakerbeviset er ikke utstedt.")
    k.puts_right(kari, amal, "Utsted deltakerbevis", "Utsted deltakerbevis", {"Utstedt": ago(5)})
    k.can_now(kari, amal, "complete", "Fullfør", today(), "Fullført")

    kari.opens(f"{amal}historikk/")
    kari.sees("Henvist", "Intervjuet", "Tatt opp", "Oppstart", "Utplassert", "Kontrakt søkt", "Opplæring", "Fagprøve", "Fullført")
    kari.opens("/deltakere/?q=Veivisersen")
    kari.does_not_see("Amal Veivisersen")
    kari.opens("/deltakere/?q=Veivisersen&avsluttet=1")
    kari.sees("Amal Veivisersen")
