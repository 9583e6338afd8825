"""What is said between the roles: a leder tells of a concern and gets an answer; the four prepare, hold and sign a review."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from fagbrev.audit.models import Revision
from followup.models import Action, Concern, ReviewConversation, ReviewPart, ReviewSignature
from followup.models.reviews import LOCKED
from tests.cast import Cast
from tests.journeys.browsing import Visitor, today
from tests.journeys.own_people import PHONE, Circle, make_circle

pytestmark = pytest.mark.journey
TOLD = "Pausene er blitt korte. Rosa er sliten, og vi trenger hjelp til å lage en ny vaktplan."
ANSWERED = "Takk for at du sa fra. Jeg kommer på torsdag, så lager vi planen sammen."
AGREED = "Rosa er trygg i stell. Nå skal hun lære å skrive rapport."


def test_a_leder_tells_of_a_concern_from_home_and_reads_the_answer(world: Cast, visit: Callable[..., Visitor]) -> None:
    """The koordinator sees it and answers. Others around the participant see nothing of it, and outsiders no page."""
    circle = make_circle(world, "MFA", "Rosa", "Meldesen")
    name, told = circle.enrolment.participant.full_name, f"{circle.person}meld-fra/"
    leon = visit(circle.who("leder"), **PHONE)
    leon.opens("/")
    leon.sees(name, "Deltakeren kan be om å få se det du skriver.")
    leon.follows(f"Meld fra om {name}", leon.main)
    expect(leon.main.get_by_role("link", name="Tilbake")).to_have_attribute("href", "/")
    leon.presses("Send")
    leon.sees("Du må fylle ut dette.")
    leon.sends({"Hva vil du si fra om?": TOLD}, "Send")
    leon.sees("Koordinator har fått meldingen")
    assert leon.path == "/"
    concern = Concern.objects.get(enrolment=circle.enrolment)

    kari = visit("koordinator", **PHONE)
    kari.opens("/")
    kari.follows("Meldinger uten svar", kari.main)
    kari.sees(name, TOLD, "Leon Meldesen, leder")
    kari.follows(f"Svar på meldingen om {name}", kari.main)
    kari.presses("Lagre svaret")
    kari.sees("Skriv et svar. Eller velg at svaret kommer.")
    kari.sends({"Svar til den som meldte": ANSWERED}, "Lagre svaret")
    kari.sees("Den som meldte, ser svaret.", "Endre svaret")

    leon.opens("/")
    leon.follows(name, leon.main)
    leon.unfolds("Mer")
    leon.follows("Meld fra", leon.main)
    leon.sees(TOLD, ANSWERED, "Svar fra Kari Koordinator", "besvart")
    assert leon.page.evaluate("document.documentElement.scrollWidth") <= 390

    for role in ("fadder", "faglaerer", "norsklaerer", "deltaker"):
        other = visit(circle.who(role), **PHONE)
        other.opens(told)
        other.sees("Du har ikke meldt fra om noe.")
        other.does_not_see(TOLD, ANSWERED, concern.public_id)
    for outsider in ("annen_leder", "annen_fadder", "annen_faglaerer", "annen_deltaker", "styringsgruppe"):
        other = visit(outsider, **PHONE)
        other.opens(told, status=404)
        other.opens(f"{told}{concern.public_id}/svar/", status=404)


def prepares(visitor: Visitor, circle: Circle, well: str) -> None:
    """Writes one's own part, first for oneself alone, and then shares it."""
    visitor.opens(f"{circle.person}vurderinger/")
    visitor.goes_by(visitor.main.locator(".point a").first)
    visitor.follows("Skriv din del", visitor.main)
    visitor.sends({"Dette går bra": well}, "Lagre, bare for meg")
    visitor.sees("Lagret. Bare du ser det.", "Bare du ser dette nå.")


def shares(visitor: Visitor) -> None:
    """Shares what was kept to oneself."""
    visitor.follows("Endre din del", visitor.main)
    visitor.sends({}, "Del med de andre")
    visitor.sees("De andre kan lese det nå.")


def test_the_four_prepare_hold_and_sign_a_review_and_it_is_locked(world: Cast, visit: Callable[..., Visitor]) -> None:
    """Called by the koordinator; each writes in a browser of their own; signed on one device; then nobody changes a word."""
    circle = make_circle(world, "VSA", "Rosa", "Vurderesen")
    kari = visit("koordinator")
    kari.opens(circle.person)
    kari.follows("Samtaler")
    kari.follows("Kall inn", kari.main)
    kari.sends({"Dag": today(), "Klokkeslett": "12:00", "Sted": "Møterommet"}, "Kall inn")
    kari.sees("De fire er kalt inn, og får beskjed om å forberede seg.", "Møterommet")
    review = ReviewConversation.objects.get(placement=circle.placement)
    url = f"{circle.person}vurderinger/{review.public_id}/"

    rosa = visit(circle.who("deltaker"), **PHONE)
    prepares(rosa, circle, "Jeg liker å lese for barna.")
    assert rosa.page.evaluate("document.documentElement.scrollWidth") <= 390
    kari.opens(url)
    kari.does_not_see("Jeg liker å lese for barna.")
    shares(rosa)
    own = {"fadder": "Rosa er rolig og tydelig.", "faglaerer": "Rosa kan fagordene."}
    for role, words in own.items():
        visitor = visit(circle.who(role), **PHONE)
        prepares(visitor, circle, words)
        visitor.sees("Jeg liker å lese for barna.")
        shares(visitor)
    prepares(kari, circle, "Rosa følger planen.")
    shares(kari)
    kari.sees("Jeg liker å lese for barna.", *own.values(), "Rosa følger planen.")
    assert ReviewPart.objects.filter(review=review, shared_at__isnull=False).count() == 4

    kari.follows("Før samtalen", kari.main)
    kari.sends({"Dette ble vi enige om": AGREED})
    kari.follows("Legg til noe vi skal jobbe med", kari.main)
    due = today() + timedelta(days=30)
    kari.sends(
        {"Hva skal gjøres?": "Skrive rapport hver fredag", "Hvem skal gjøre det?": "Fadder", "Når skal det være gjort?": due},
        "Legg til",
    )
    action = Action.objects.get(review=review)
    assert (action.enrolment, action.owner_role, action.due_on) == (circle.enrolment, "fadder", due)

    kari.presses("Skriv under sammen")
    kari.sees("Er du enig?", AGREED, "Skrive rapport hver fredag")
    expect(kari.page.locator(".locked-strip")).to_be_visible()
    for elsewhere in ("/", circle.person, "/deltakere/"):
        kari.opens(elsewhere)
        assert kari.path == f"{url}signer/", kari.path
    signers = ("Rosa Vurderesen", "Fatima Vurderesen", "Frode Vurderesen", "Kari Koordinator")
    for name in signers:
        kari.presses("Jeg er enig", kari.main.locator(".signers li", has_text=name))
        kari.sees(f"Takk, {name.split()[0]}.")
    kari.sees("Alle fire er enige", "Teksten er låst. Takk for samtalen.")
    kari.presses("Ferdig: logg ut")
    assert kari.path.startswith("/konto/login/")
    kari.opens(url)
    assert kari.path.startswith("/konto/login/")

    review.refresh_from_db()
    assert review.state == LOCKED
    signed = ReviewSignature.objects.filter(review=review)
    assert sorted(signed.values_list("signer_name", "in_room")) == sorted((name, True) for name in signers)
    kept = Revision.objects.get(subject_id=review.public_id, version=review.version)
    assert kept.content["reviews"]["summary"] == AGREED
    assert kept.content["reviews"]["points"][0]["words"] == "Skrive rapport hver fredag"
    assert len(kept.content["reviews"]["signed"]) == 4

    kari, frode = visit("koordinator"), visit(circle.who("faglaerer"), **PHONE)
    for holder in (kari, frode):
        holder.opens(url)
        holder.sees("underskrevet og låst", "Alle fire er enige. Teksten er låst.", f"versjon {review.version}.", AGREED)
        for name in ("Endre teksten", "Endre din del", "Legg til noe vi skal jobbe med", "Skriv under sammen", "Jeg er enig"):
            expect(holder.main.get_by_role("link", name=name).or_(holder.main.get_by_role("button", name=name))).to_have_count(0)
        for page in ("holdt", "punkt", "min-del"):
            holder.opens(f"{url}{page}/")
            holder.sees("Samtalen er låst og kan ikke endres.")
            assert holder.path == url
    fatima = visit(circle.who("fadder"), **PHONE)
    fatima.opens(f"{circle.person}avtalt/")
    fatima.sees("Skrive rapport hver fredag")
