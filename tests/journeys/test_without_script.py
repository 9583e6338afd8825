"""Without JavaScript everything still works: sign-in, filters, a referral, a form with an error, a step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.cast import PASSWORD, Cast
from tests.journeys import koordinator as k
from tests.journeys.browsing import Visitor, today

pytestmark = pytest.mark.journey


def test_a_koordinator_without_javascript_signs_in_filters_registers_and_takes_a_step(
    world: Cast, visit: Callable[..., Visitor]
) -> None:
    """One day's work with scripts switched off."""
    kari = visit(java_script_enabled=False)
    kari.opens("/konto/login/")
    kari.unfolds("Logg inn med passord")
    kari.writes({"E-postadresse": world.users["koordinator"].email, "Passord": PASSWORD})
    kari.presses("Logg inn", kari.main.locator("details"))
    kari.sees("Hvem er hvor")

    kari.opens("/deltakere/")
    kari.unfolds("Alle fag")
    kari.main.get_by_label("Helse", exact=True).check()
    kari.presses("Vis")
    kari.sees("Nadia Utenfor")
    kari.does_not_see("Selma Testesen")
    assert "fag=HEA" in kari.page.url
    kari.opens("/deltakere/?q=sellma+testessen")
    kari.sees("Selma Testesen")

    person = k.registers(kari, "Uten", "Skriptesen", "Barne- og ungdomsarbeider", **{"Henvist dato": today() - timedelta(days=9)})
    kari.opens(f"{person}inntak/intervju/")
    kari.writes({"Holdt": today() + timedelta(days=9), "Motivasjon": "Vil gjerne lære.", "I Norge siden (år)": 2019})
    kari.presses("Lagre")
    kari.sees("Datoen er fram i tid.")
    assert kari.box("Motivasjon").input_value() == "Vil gjerne lære."
    kari.sends({"Holdt": (today() - timedelta(days=5)).isoformat()})
    k.can_now(kari, person, "interview", "Merk som intervjuet", today() - timedelta(days=5), "Intervjuet")
