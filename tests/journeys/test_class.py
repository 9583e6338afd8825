"""A class of twelve on a phone: levels of all in one save, the register of a day in another, and nothing lost when one is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import Locator, expect

from followup.models import Absence, LanguageLevel
from participants.models import Enrolment
from participants.models.exams import PARTS
from tests.cast import Cast
from tests.journeys.browsing import Visitor, today
from tests.journeys.own_people import PHONE, make_class

pytestmark = pytest.mark.journey
FIRST = ("Abel", "Bahar", "Camilo", "Dunya", "Elias", "Farida", "Goran", "Hanna", "Idris", "Jamila", "Kebede", "Leyla")
LEVELS = ("A1", "A2", "B1", "B2")


def level_of(number: int, part: int) -> str:
    """The level the teacher hears in one part of one of the twelve: not the same for two neighbours."""
    return LEVELS[(number + part) % len(LEVELS)]


def cell(anna: Visitor, person: Enrolment, part: str) -> str:
    """What is chosen in one cell."""
    return str(anna.box(f"{person.participant.full_name}, {part}").evaluate("box => box.selectedOptions[0].innerText")).strip()


def there(anna: Visitor, name: str) -> Locator:
    """The tick of one person in the register."""
    return anna.main.get_by_role("checkbox", name=f"{name} var til stede", exact=True)


def away(anna: Visitor, name: str) -> Locator:
    """The hours one person was away."""
    return anna.main.get_by_role("textbox", name=f"Timer borte, {name}", exact=True)


def test_a_norsklaerer_sets_the_levels_of_twelve_on_one_page_in_one_save(world: Cast, visit: Callable[..., Visitor]) -> None:
    """A day ahead of time is refused by its field and every choice stands; then all twelve are stored at once."""
    cohort, people = make_class(world, "KLN", [f"{name} Klasseprøve" for name in FIRST], teacher="Norunn Klassesen")
    anna = visit("KLN_norsklaerer", **PHONE)
    anna.opens("/klassen/")
    anna.follows("Norsknivå", anna.main)
    for number, person in enumerate(people):
        for place, (_key, part) in enumerate(PARTS):
            anna.writes({f"{person.participant.full_name}, {part}": level_of(number, place)})
    anna.sends_in_vain({"Dato for vurderingen": today() + timedelta(days=1)})
    anna.sees("Datoen er fram i tid.")
    expect(anna.box("Dato for vurderingen")).to_have_attribute("aria-invalid", "true")
    assert not LanguageLevel.objects.filter(participant__in=[person.participant_id for person in people]).exists()
    for number, person in enumerate(people):
        assert [cell(anna, person, part) for _key, part in PARTS] == [level_of(number, place) for place in range(len(PARTS))]

    anna.sends({"Dato for vurderingen": today()})

    anna.sees("Lagret 48 nivåer for 12 deltakere.")
    assert anna.page.evaluate("document.documentElement.scrollWidth") <= 390
    for number, person in enumerate(people):
        stored = LanguageLevel.objects.filter(
            participant=person.participant_id, observed_on=today(), by=world.users["KLN_norsklaerer"]
        )
        assert dict(stored.values_list("part", "level")) == {
            key: level_of(number, place).lower() for place, (key, _part) in enumerate(PARTS)
        }
    anna.opens("/klassen/")
    anna.sees(cohort.name, "12 deltakere")


def test_a_norsklaerer_keeps_the_register_of_twelve_in_one_save(world: Cast, visit: Callable[..., Visitor]) -> None:
    """One who was away longer than the lesson lasted is refused by that row, and all that was written in the others stands."""
    _cohort, people = make_class(world, "KLO", [f"{name} Oppmøtesen" for name in FIRST], teacher="Oda Oppmotesen")
    names = [person.participant.full_name for person in people]
    anna = visit("KLO_norsklaerer", **PHONE)
    anna.opens("/klassen/")
    anna.follows("Oppmøte", anna.main)
    anna.writes({"Timer undervisning": "3"})
    there(anna, names[0]).uncheck()
    away(anna, names[4]).fill("1,5")
    away(anna, names[7]).fill("4")
    anna.sends_in_vain({}, "Lagre oppmøte")
    refused = f"{names[7]} kan ikke være borte lenger enn timen varte."
    expect(anna.main.locator("li.register-row", has_text=names[7]).locator("[data-field=validation]")).to_have_text(refused)
    expect(away(anna, names[7])).to_have_accessible_description(refused)
    expect(anna.main.locator(".register-row [data-field=validation]")).to_have_count(1)
    assert not Absence.objects.filter(enrolment__in=people).exists()
    expect(anna.box("Timer undervisning")).to_have_value("3")
    expect(away(anna, names[4])).to_have_value("1,5")
    assert [there(anna, name).is_checked() for name in names] == [False] + 11 * [True]

    away(anna, names[7]).fill("0,5")
    anna.sends({}, "Lagre oppmøte")

    anna.sees("er lagret.", "Ført av Oda Oppmotesen")
    held = Absence.objects.filter(enrolment__in=people, away_from="teaching")
    assert dict(held.values_list("enrolment", "hours")) == {
        people[0].pk: Decimal(3), people[4].pk: Decimal("1.5"), people[7].pk: Decimal("0.5"),
    }  # fmt: skip
