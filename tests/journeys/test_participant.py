"""What fadder and participant do on their phones: next week's plan, an assignment handed in with a photo, and getting ready to talk."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from fagbrev.people.models import User
from followup.models import HandIn, ReviewConversation, ReviewPart, WeeklyPlan, WeeklyPlanLine
from participants.models import Participant
from tests.cast import Cast, make_user
from tests.journeys.browsing import Visitor, today
from tests.journeys.people import PHONE, Practice, people
from tests.journeys.phone import Phone, phones

pytestmark = pytest.mark.journey
CAMERA, PLACE = "Testkamera 9", (59.0, 54.0, 49.5)


@pytest.fixture
def phone(browser: Browser, served: str, world: Cast, tmp_path: Path) -> Iterator[Callable[..., Phone]]:
    """Gives a function that opens the same phone's browser; nobody is signed in after it was closed."""
    with phones(browser, served, tmp_path) as opens:
        yield opens


def own_user(world: Cast, key: str, practice: Practice) -> User:
    """Lets the participant sign in."""
    user = world.users[key] = make_user(practice.enrolment.participant.full_name, "deltaker", today=world.today)
    Participant.objects.filter(pk=practice.enrolment.participant_id).update(user=user)
    return user


def photo() -> bytes:
    """A photo as a phone takes it: lying on its side, and telling of the camera and the place."""
    picture = Image.effect_noise((400, 300), 60).convert("RGB")
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = CAMERA, 6
    exif.get_ifd(0x8825).update({1: "N", 2: PLACE, 3: "E", 4: (10.0, 44.0, 12.0)})
    made = io.BytesIO()
    picture.save(made, "JPEG", exif=exif)
    return made.getvalue()


def knows_of(picture: bytes) -> dict[int, object]:
    """What a picture tells of the place."""
    return dict(Image.open(io.BytesIO(picture)).getexif().get_ifd(0x8825))


def fits(visitor: Visitor) -> None:
    """The page is no wider than the phone."""
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= 390, visitor.page.url


def test_a_fadder_makes_next_weeks_plan_from_the_last_one(world: Cast, phone: Callable[[], Phone]) -> None:
    """Copied, saved and ready for the wall; then changed without network, and sent to the right week from home."""
    vilde = people(world, "Vilde Ukestad", "VUA")
    monday = today() - timedelta(days=today().weekday())
    plan = WeeklyPlan.objects.create(placement=vilde.placement, week_starts_on=monday, focus="Nye ord i garderoben")
    for weekday, words in enumerate(("Ta imot barna", "Lage lunsj med tre barn")):
        WeeklyPlanLine.objects.create(plan=plan, weekday=weekday, place=1, words=words)
    bente = phone()
    bente.is_signed_in_as(world.users["vilde_fadder"])
    bente.opens("/")
    bente.follows("Ukeplan", bente.main)
    bente.sees("Ta imot barna")
    bente.follows("Neste uke", bente.main)
    bente.sees("Uka er ikke planlagt ennå")
    bente.presses("Kopier forrige uke")
    bente.sees("Planen er kopiert.")
    fits(bente)
    expect(bente.box("Tirsdag, 1")).to_have_value("Lage lunsj med tre barn")
    bente.sends({"Onsdag, 1": "Tur til skogen", "Det viktigste denne uka": "Si navnet på alt vi ser"}, "Lagre ukeplanen")
    bente.sees("Ukeplanen er lagret.", "Si navnet på alt vi ser", "Ta imot barna", "Tur til skogen")
    fits(bente)
    coming = WeeklyPlan.objects.get(placement=vilde.placement, week_starts_on=monday + timedelta(days=7))
    words = ["Ta imot barna", "Lage lunsj med tre barn", "Tur til skogen"]
    assert list(coming.lines.order_by("weekday").values_list("words", flat=True)) == words
    bente.follows("Skriv ut til veggen", bente.main)
    bente.sees("Vilde", *words)

    bente.follows("Ukeplan", bente.main)
    bente.follows("Endre planen", bente.main)
    bente.can_work_without_network()
    bente.loses_network()
    bente.box("Torsdag, 1").press_sequentially("Lese for de minste")
    bente.main.get_by_role("button", name="Lagre ukeplanen").tap()
    bente.is_told("Sendes når du får nett.")
    bente.leaves()
    bente = phone()
    bente.is_signed_in_as(world.users["vilde_fadder"])
    assert bente.sends_by_itself_from("/") == 201
    assert list(coming.lines.order_by("weekday").values_list("words", flat=True)) == [*words, "Lese for de minste"]
    assert list(plan.lines.order_by("weekday").values_list("words", flat=True)) == words[:2]


def test_a_photo_handed_in_tells_nothing_of_the_place_and_the_teacher_says_it_is_done(
    world: Cast, visit: Callable[..., Visitor], phone: Callable[[], Phone]
) -> None:
    """Given; the network goes and the browser is closed before it is sent; handed in, praised, and seen by the participant."""
    mina = people(world, "Mina Leverud", "MLA")
    own_user(world, "mina", mina)
    ola, sent = visit("mina_faglaerer"), photo()
    picture = {"name": "meny.jpg", "mimeType": "image/jpeg", "buffer": sent}
    assert knows_of(sent) and CAMERA.encode() in sent
    ola.opens(f"{mina.url}oppgaver/")
    ola.follows("Gi oppgave", ola.main)
    ola.sends({"Oppgave": "Lag en ukemeny", "Hva deltakeren skal gjøre": "Lag en meny. Ta et bilde."}, "Gi oppgaven")

    own = phone()
    own.is_signed_in_as(world.users["mina"])
    own.opens("/")
    own.follows("Oppgaver", own.main)
    own.sees("Lag en ukemeny", "Lag en meny. Ta et bilde.")
    own.follows("Lever oppgaven", own.main)
    fits(own)
    own.can_work_without_network()
    own.loses_network()
    own.writes({"Bilde eller fil": picture})
    own.box("Skriv svaret ditt").press_sequentially("Her er menyen.")
    own.main.get_by_role("button", name="Lever").tap()
    own.is_told("Bildet eller fila lagres ikke der. Hold siden åpen til den er sendt.")
    own.leaves()

    own = phone()
    own.is_signed_in_as(world.users["mina"])
    own.opens("/utboks/")
    own.sees("Bildet eller fila er ikke med. Velg den på nytt, og lever.")
    own.follows("Se over", own.main)
    own.is_told("Velg bildet eller fila på nytt.")
    expect(own.box("Skriv svaret ditt")).to_have_value("Her er menyen.")
    assert not HandIn.objects.filter(assignment__enrolment=mina.enrolment).exists()
    own.sends({"Bilde eller fil": picture}, "Lever")
    own.sees("Oppgaven er levert. Bra jobbet!", "Dette har du levert", "Her er menyen.", "meny.jpg")
    fits(own)
    assert "drafts(0)" in own.lies_here()
    with HandIn.objects.get(assignment__enrolment=mina.enrolment).file.open("rb") as stored:
        kept = stored.read()
    link = own.main.get_by_role("link", name="meny.jpg").get_attribute("href")
    assert own.context.request.get(link).body() == kept
    assert not dict(Image.open(io.BytesIO(kept)).getexif()) and not knows_of(kept)
    assert CAMERA.encode() not in kept and b"Exif" not in kept
    assert Image.open(io.BytesIO(kept)).size == (300, 400), "the picture is not turned the right way up"

    ola.opens("/oppgaver/")
    ola.follows("Gi tilbakemelding", ola.main)
    ola.sees("Her er menyen.", "meny.jpg")
    ola.sends({"Tilbakemelding": "Fin meny. Du har tenkt på grønnsaker.", "Hva nå?": "Ferdig"}, "Lagre tilbakemeldingen")
    ola.sees("Oppgaven er ferdig.")

    own.opens("/")
    own.follows("Oppgaver", own.main)
    own.sees("Ferdig")
    own.follows("Lag en ukemeny", own.main)
    own.sees("Læreren din sier", "Fin meny. Du har tenkt på grønnsaker.")


def test_a_participant_gets_ready_for_the_talk_alone_and_shares_when_ready(world: Cast, visit: Callable[..., Visitor]) -> None:
    """Called by the koordinator; told on «Min vei»; written for oneself first, then for the other three."""
    oda = people(world, "Oda Samtalvik", "OSA")
    own_user(world, "oda", oda)
    kari, phone, ola = visit("koordinator"), visit("oda", **PHONE), visit("oda_faglaerer")
    kari.opens(f"{oda.url}vurderinger/")
    kari.follows("Kall inn", kari.main)
    kari.sends({"Dag": today() + timedelta(days=3), "Klokkeslett": "10:30", "Sted": "Møterommet"}, "Kall inn")
    kari.sees("De fire er kalt inn")
    review = ReviewConversation.objects.get(placement=oda.placement)

    phone.opens("/")
    phone.sees("Gjør deg klar til samtalen")
    phone.follows("Skriv din del", phone.main)
    fits(phone)
    phone.sends(
        {"Dette går bra": "Jeg liker samlingsstunden.", "Dette er vanskelig": "Å ringe hjem til foreldre."}, "Lagre, bare for meg"
    )
    phone.sees("Lagret. Bare du ser det.")
    ola.opens(f"{oda.url}vurderinger/{review.public_id}/")
    ola.does_not_see("Jeg liker samlingsstunden.")
    phone.follows("Endre din del", phone.main)
    phone.sends({"Dette vil jeg jobbe med": "Ord for telefonen."}, "Del med de andre")
    phone.sees("Fint. De andre kan lese det nå.", "Ord for telefonen.")
    fits(phone)
    ola.opens(f"{oda.url}vurderinger/{review.public_id}/")
    ola.sees("Jeg liker samlingsstunden.", "Å ringe hjem til foreldre.", "Ord for telefonen.")
    assert ReviewPart.objects.get(review=review, role="deltaker").shared_at is not None
    phone.opens("/")
    phone.does_not_see("Gjør deg klar til samtalen")
