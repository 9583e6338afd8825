"""Duties in a browser: a koordinator empties what is overdue, and a participant does what an open window asks for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from fagbrev.duties.engine import refresh
from fagbrev.duties.models import Duty, HandOver, Notice
from fagbrev.duties.reading import waiting_count
from fagbrev.duties.scan import scan
from participants.models import Enrolment, Leave, Participant, WrittenExam
from programmes.models import ExamWindow
from tests.cast import Cast, contract, enrol
from tests.journeys.browsing import Visitor, today

pytestmark = pytest.mark.journey
PHONE = {"viewport": {"width": 390, "height": 844}}
LATE = ("Rima Forfallsen", "Samira Forfallsen", "Hodan Forfallsen")


def test_a_koordinator_empties_what_is_overdue_in_two_clicks_a_person(world: Cast, visit: Callable[..., Visitor]) -> None:
    """Three forms to the county are overdue. One click opens the form with today's date in it, the next saves and leads home."""
    late = []
    for number, name in enumerate(LATE):
        enrolment = enrol(world, name, "ROF", "on_leave")
        late.append(enrolment.pk)
        contract(world, enrolment)
        Leave.objects.create(enrolment=enrolment, starts_on=today() - timedelta(days=30 + number), reason="care")
        Enrolment.objects.filter(pk=enrolment.pk).update(status_before_leave="training")
    refresh(today=today())
    # What other journeys have left to do is put off.
    Duty.objects.exclude(rule="county_form_leave", enrolment_id__in=late).update(snoozed_until=today() + timedelta(days=30))
    kari = visit("koordinator")
    kari.opens("/")
    kari.sees("Forfalt", "Skjema om permisjon til fylket", *LATE)
    clicks = 0
    for _name in LATE:
        kari.goes_by(kari.main.get_by_role("link", name="Skjemaet er sendt").first)
        kari.goes_by(kari.main.get_by_role("button", name="Lagre", exact=True))
        clicks += 2
        assert kari.path == "/"
    assert clicks == 2 * len(LATE)
    kari.does_not_see(*LATE)
    assert Leave.objects.filter(enrolment__in=late, county_form_sent_on=today()).count() == len(LATE)
    expect(kari.main.locator(".bucket", has_text="Forfalt").locator(".bucket-count")).to_have_text("0")
    Duty.objects.update(snoozed_until=None)


def test_a_deltaker_does_what_an_open_window_asks_for_and_is_reminded_no_more(world: Cast, visit: Callable[..., Visitor]) -> None:
    """Selma, on a phone, reads what to do, and says it is done; the reminders stop."""
    selma = world.enrolments["selma"]
    window = ExamWindow.objects.create(
        name="Prøvevindu, frister", opens_on=today() - timedelta(days=3), closes_on=today() + timedelta(days=5), source="prøve"
    )
    Participant.objects.filter(pk=selma.participant_id).update(has_bankid=True)
    WrittenExam.objects.filter(participant=selma.participant_id).delete()
    refresh(today=today())
    scan(today=today())
    user = world.users["deltaker"]
    told = Notice.objects.filter(recipient=user, rule="exam_registration", duty_key__contains=window.public_id)
    before = told.count()
    assert before >= 1 and waiting_count(user, today()) >= 1
    me = visit("deltaker", **PHONE)
    me.opens("/")
    me.sees("Gjør dette nå", "Meld deg på skriftlig eksamen", "Siste dag", "Betal")
    said = me.main.locator(".window-steps").first.get_by_role("button", name="Jeg har meldt meg på", exact=True)
    expect(said).to_have_count(1)
    me.goes_by(said)
    assert WrittenExam.objects.get(participant=selma.participant_id, window=window).said_registered_on == today()
    me.opens("/")
    me.sees("Du skal ta skriftlig eksamen", "Jeg tok feil")
    assert not Duty.objects.filter(rule="exam_registration", occurrence=window.public_id, enrolment_id=selma.pk).exists()
    for days in range(1, 7):
        scan(today=today() + timedelta(days=days))
    assert told.count() == before
    # The other journeys meet Selma as she was.
    WrittenExam.objects.filter(participant=selma.participant_id).delete()
    ExamWindow.objects.filter(pk=window.pk).delete()
    refresh(today=today())


def test_a_colleague_takes_over_and_a_duty_is_put_off(world: Cast, visit: Callable[..., Visitor]) -> None:
    """The koordinator hands the faglærer's duties over, and puts one of her own off with a reason."""
    HandOver.objects.all().delete()  # one that the look at every page made
    refresh(today=today())
    kari = visit("koordinator")
    kari.opens("/frister/")
    kari.follows("Overlat til en kollega", kari.main)
    kari.sends(
        {"Som": "faglærer", "Den som er borte": "Ola Faglaerer", "Den som tar over": "Per Utenfor",
         "Til og med": today() + timedelta(days=7)},
        "Overlat",
    )  # fmt: skip
    kari.sees("Per Utenfor tar over for Ola Faglaerer", "Barne- og ungdomsarbeider")
    per = visit("annen_faglaerer")
    per.opens("/frister/")
    per.sees("Du har tatt over for Ola Faglaerer", "Din stemme om opptak")
    kari.follows("Avslutt", kari.main)
    kari.presses("Avslutt nå")
    kari.sees("Varslene går til Ola Faglaerer igjen")
    per.opens("/frister/")
    per.does_not_see("Du har tatt over")
    kari.opens("/frister/?frist=interview")
    kari.goes_by(kari.main.get_by_role("link", name="Utsett").first)
    kari.sends({"Hvorfor": "Er på ferie til neste uke"}, "Utsett")
    kari.opens("/frister/?vis=utsatt")
    kari.sees("Intervju etter henvisning", "Er på ferie til neste uke")
    Duty.objects.update(snoozed_until=None)
