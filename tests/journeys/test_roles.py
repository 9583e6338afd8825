"""Each role signs in and meets its own page, and only its own people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from programmes.models import ExamWindow
from tests.cast import Cast
from tests.journeys.browsing import Visitor, today
from tests.journeys.own_people import make_circle

pytestmark = pytest.mark.journey

PHONE = {"viewport": {"width": 390, "height": 844}}


def address_of(world: Cast, key: str) -> str:
    """The address of someone of the cast."""
    return str(world.enrolments[key].participant.get_absolute_url())


def test_teachers_meet_only_those_in_their_own_trade(world: Cast, visit: Callable[..., Visitor]) -> None:
    """A faglærer on a phone, and a norsklærer: Selma is theirs, Nadia is not there."""
    for who in ("faglaerer", "norsklaerer"):
        teacher = visit(who, **PHONE)
        teacher.opens("/")
        teacher.sees("Deltakerne dine")
        teacher.does_not_see("Nadia Utenfor")
        teacher.opens("/deltakere/")
        teacher.does_not_see("Nadia Utenfor")
        teacher.follows("Selma Testesen", teacher.main)
        teacher.sees("Opplæring", "Eksempelvika barnehage")
        teacher.does_not_see("Neste steg", "Flere valg")
        teacher.opens(address_of(world, "nadia"), status=404)
        teacher.sees("Vi fant ikke siden")
        teacher.opens("/deltakere/ny/", status=403)


def test_a_fadder_meets_the_one_at_the_workplace(world: Cast, visit: Callable[..., Visitor]) -> None:
    """The workplace's own participant, without what a fadder does not need."""
    bente = visit("fadder", **PHONE)
    bente.opens("/")
    bente.sees("Deltakere du er fadder for", "Selma Testesen")
    bente.does_not_see("Nadia Utenfor")
    bente.follows("Selma Testesen", bente.main)
    bente.does_not_see("Kontaktlogg", "Inntekt og betaling")
    bente.opens(address_of(world, "nadia"), status=404)
    bente.opens(f"{address_of(world, 'selma')}inntak/", status=403)


def test_a_leder_proposes_a_fadder_and_the_koordinator_accepts_in_one_click(world: Cast, visit: Callable[..., Visitor]) -> None:
    """The proposal waits on the koordinator's page of the workplace."""
    circle = make_circle(world, "FOF", "Filip", "Forslagsen")
    leon, kari = visit(circle.who("leder")), visit("koordinator")
    leon.opens("/")
    leon.sees("Deltakere på arbeidsstedet ditt", "Filip Forslagsen")
    leon.follows("Filip Forslagsen", leon.main)
    leon.follows("Arbeidssted", leon.main)
    leon.follows("Foreslå en ny fadder", leon.main)
    leon.sends({"Navn": "Nils Nyfadder", "E-post": "nils.nyfadder@example.no", "Har fagbrev": "ja"})
    kari.opens(f"{circle.person}arbeidssted/")
    kari.sees("Forslag om ny fadder", "Nils Nyfadder")
    kari.presses("Gjør Nils Nyfadder til fadder")
    kari.sees("Nils Nyfadder er fadder fra i dag.")
    kari.does_not_see("Gjør Nils Nyfadder til fadder")


def test_a_participant_reads_the_way_and_says_that_the_exam_registration_is_done(
    world: Cast, visit: Callable[..., Visitor]
) -> None:
    """«Min vei» on a tablet; the button is there only while the window is open."""
    selma, kari = visit("deltaker", viewport={"width": 820, "height": 1180}), visit("koordinator")
    selma.opens("/")
    selma.sees("Min vei", "Du er her", "Gjør dette nå")
    selma.does_not_see("Nadia Utenfor")
    selma.follows("Min side", selma.main)
    selma.follows("Eksamen", selma.main)
    window = ExamWindow.objects.create(
        name="Prøvevindu", opens_on=today() - timedelta(days=2), closes_on=today() + timedelta(days=12)
    )
    selma.opens(f"{address_of(world, 'selma')}eksamen/")
    selma.presses("Jeg har meldt meg på")
    selma.sees("Fint. Koordinator får se at du har meldt deg på.")
    selma.does_not_see(">Jeg har meldt meg på</button>")
    kari.opens(f"{address_of(world, 'selma')}eksamen/")
    kari.sees("Prøvevindu")
    selma.opens("/")
    selma.follows("Hvem har sett siden min?", selma.main)
    selma.sees("Kari Koordinator")
    window.closes_on = today() - timedelta(days=1)
    window.save()
    selma.opens(f"{address_of(world, 'selma')}eksamen/")
    selma.does_not_see(">Jeg har meldt meg på</button>")
    selma.opens(address_of(world, "nadia"), status=404)


def test_the_steering_group_meets_reports_and_no_names(world: Cast, visit: Callable[..., Visitor]) -> None:
    """No list of people, no record."""
    stian = visit("styringsgruppe")
    stian.opens("/")
    stian.sees("Framdriftsrapport")
    stian.does_not_see("Selma Testesen", "Deltakere</a>")
    stian.opens("/deltakere/", status=403)
    stian.opens(address_of(world, "selma"), status=404)
