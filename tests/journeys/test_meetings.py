"""A project group meeting from invitation to shared minutes, with two who write the same point, and an action that comes back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, expect

from fagbrev.mail.models import OutgoingMail
from meetings.defaults import load
from meetings.models import AgendaItem, ItemOtherText, Meeting
from meetings.models.meetings import PROJECT_GROUP
from programmes.models import TeachingAssignment
from tests.cast import Cast, make_user
from tests.journeys.browsing import PATIENCE, Visitor, today
from tests.journeys.people import PHONE, people

pytestmark = pytest.mark.journey
DISCUSSED = "Dette snakket vi om"
KARIS, TURIDS = "Marit forstår fagordene bedre enn før.", "Marit trenger mer tid til å lese."
AGREED = "Finne et kurs i lesing"


def _moved_to(meeting: Meeting, hours: int) -> None:
    """Time goes by: the meeting began so many hours ago."""
    begun = timezone.now() - timedelta(hours=hours)
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=begun, ends_at=begun + timedelta(hours=1))


def _point(visitor: Visitor, title: str) -> Locator:
    return visitor.main.locator("article").filter(has=visitor.page.get_by_role("heading", name=title))


def _said(item: AgendaItem) -> str:
    item.refresh_from_db()
    return item.discussion


def _types(visitor: Visitor, title: str, text: str) -> None:
    """Types in the box for what was said, key by key, without pressing any button."""
    box = _point(visitor, title).get_by_label(DISCUSSED)
    box.focus()
    box.press("Control+End")  # where a click would put the cursor hangs on the width of the letters
    box.press_sequentially(text)


def test_a_project_group_meets_and_what_was_agreed_comes_back(world: Cast, visit: Callable[..., Visitor]) -> None:
    """Called, prepared from the cases, held, written by two at once, shared, read on a phone, and on the next agenda."""
    load(today=today())
    practice = people(world, "Marit Møtesen", "MGR")
    name = practice.enrolment.participant.full_name
    norsk = world.users["marit_norsklaerer"] = make_user("Nora Norsklaerer", "norsklaerer", today=today())
    TeachingAssignment.objects.create(
        user=norsk, role="norsklaerer", trade=practice.trade, starts_on=today() - timedelta(days=30)
    )  # fmt: skip

    kari = visit("koordinator")
    kari.opens("/moter/nytt/?type=project_group&fag=MGR")
    kari.sends({"Dag": today() + timedelta(days=12), "Klokka": "10:00", "Sted": "Rådhuset"}, "Lagre møtet")
    kari.presses("Kall inn")
    meeting = Meeting.objects.get(trade=practice.trade)
    page = meeting.get_absolute_url()

    nora = visit("marit_norsklaerer", **PHONE)
    mail = OutgoingMail.objects.filter(recipient=norsk.email).exclude(calendar="").get()
    nora.opens(re.findall(r"/svar/[\w-]+/", mail.text)[0])
    nora.presses("Jeg kommer")  # in a browser, which says where a form comes from
    nora.sees("Du har svart at du kommer.")
    nora.opens(page)
    nora.follows("Meld inn en sak", nora.main)
    nora.sends({"Hva heter saken?": "Rom til norsktimene"})
    nora.sees("Saken står på sakslista.", "Rom til norsktimene")

    kari.opens(f"{page}saksliste/")
    kari.unfolds("Uten noe nytt")
    kari.sees("Oppfølging av det som er avtalt", "Rom til norsktimene", name)
    kari.main.get_by_label(f"Ta opp {name}").check()
    kari.presses("Sett de valgte på sakslista")
    kari.sees("De du har valgt, står på sakslista.")

    _moved_to(meeting, 1)
    kari.opens(page)
    kari.follows("Før oppmøtet", kari.main)
    kari.presses("Lagre oppmøtet")
    kari.opens(f"{page}referat/")
    kari.presses("Begynn på referatet")

    turid = visit("marit_faglaerer")
    turid.opens(f"{page}referat/")
    _types(kari, name, KARIS)
    expect(_point(kari, name).get_by_text("Lagret kl.")).to_be_visible(timeout=PATIENCE)
    item = AgendaItem.objects.get(meeting=meeting, enrolment=practice.enrolment)
    kari.waits_until(lambda: _said(item) == KARIS, "the saving of the last letter")
    _types(turid, name, TURIDS)
    expect(_point(turid, name).get_by_text("En annen skrev her samtidig.")).to_be_visible(timeout=PATIENCE)
    expect(_point(turid, name).get_by_text("Du skrev samtidig som en annen")).to_be_visible(timeout=PATIENCE)
    expect(_point(turid, name).locator("blockquote")).to_have_text([KARIS, TURIDS], timeout=PATIENCE)
    kari.page.evaluate("window.dispatchEvent(new Event('focus'))")  # she looks at her page again, and is told at once
    expect(_point(kari, name).locator("blockquote")).to_have_text([KARIS, TURIDS], timeout=PATIENCE)
    _types(kari, name, " Hun øver hjemme.")
    beside = _point(kari, name).get_by_text("skrev samtidig")
    expect(beside).to_be_visible(timeout=PATIENCE)
    expect(_point(kari, name).locator("blockquote")).to_have_text([f"{KARIS} Hun øver hjemme.", TURIDS], timeout=PATIENCE)
    kari.presses("Behold begge", _point(kari, name))
    item.refresh_from_db()
    assert KARIS in item.discussion and "Hun øver hjemme." in item.discussion and TURIDS in item.discussion
    assert not ItemOtherText.objects.filter(item=item, settled_at__isnull=True).exists()

    kari.follows("Avtal noe", _point(kari, name))
    kari.sends(
        {"Hva skal gjøres?": AGREED, "Hvem gjør det?": norsk.name, "Når skal det være gjort?": today() + timedelta(days=10)}
    )
    kari.sees("Punktet kommer på neste saksliste til det er gjort.", AGREED)
    kari.presses("Del referatet")
    kari.sees("Referatet er delt med dem som er kalt inn.")

    nora.opens(f"{page}referat/")
    nora.sees(KARIS, AGREED, "Delt av")
    assert nora.page.evaluate("document.documentElement.scrollWidth") <= 390
    for outsider in ("annen_norsklaerer", "styringsgruppe", "deltaker"):
        visit(outsider).opens(f"{page}referat/", status=404)

    starts = timezone.now() + timedelta(days=28)
    later = Meeting.objects.create(
        kind=PROJECT_GROUP,
        trade=practice.trade,
        starts_at=starts,
        ends_at=starts + timedelta(hours=1),
        created_by=world.koordinator,
    )
    kari.opens(f"{later.get_absolute_url()}saksliste/")
    kari.sees(AGREED, f"gjelder {name}", "Godkjennes i møtet")
    _moved_to(later, 0)
    kari.opens(f"{later.get_absolute_url()}saksliste/")
    kari.follows("Godkjenn referatet", kari.main)
    kari.presses("Godkjenn referatet")
    kari.sees("er godkjent og låst.")
    kari.opens(f"{page}referat/")
    kari.sees("Referatet er låst.", "Versjon 2")
