"""A visit on a phone: logged with few taps, written where there is no network, and written by two at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Locator, expect

from followup.models import VisitOtherText, WorkplaceVisit
from followup.models.visits import AGREED, HELD, PROPOSED
from programmes.models import CompetenceGoal
from tests.cast import Cast, make_user
from tests.journeys.browsing import Visitor, today
from tests.journeys.people import PHONE, Practice, in_practice, people, teaches
from tests.journeys.phone import Phone, phones

pytestmark = pytest.mark.journey
MOST_TAPS = 6


@pytest.fixture
def phone(browser: Browser, served: str, world: Cast, tmp_path: Path) -> Iterator[Callable[..., Phone]]:
    """Gives a function that opens a phone's browser, by the phone's name; nobody is signed in after it was closed."""
    with phones(browser, served, tmp_path) as opens:
        yield opens


@dataclass
class Finger:
    """A finger that counts its taps."""

    visitor: Visitor
    taps: int = 0

    def __call__(self, there: Locator) -> None:
        there.tap()
        self.taps += 1

    def opens(self, link: Locator) -> None:
        """A tap that leads to another page."""
        with self.visitor.page.expect_navigation(wait_until="domcontentloaded"):
            self(link)

    def writes(self, text: str) -> None:
        """Types in the box that the last tap put the cursor in."""
        self.visitor.page.keyboard.type(text)

    def saves(self) -> None:
        """The button at the bottom, until the participant's visits are shown."""
        self(self.visitor.main.get_by_role("button", name="Lagre besøket"))
        self.visitor.page.wait_for_url("**/deltakere/*/besok/")


def goals_of(practice: Practice) -> list[CompetenceGoal]:
    """The goals of the trade, in the order of the curriculum."""
    rows = CompetenceGoal.objects.filter(goal_set__curriculum=practice.trade.curriculum)
    return list(rows.order_by("goal_set__order", "order", "pk"))


def ticks(visitor: Visitor, goal: CompetenceGoal) -> Locator:
    """What one touches to tick a goal: its words."""
    return visitor.main.locator(".goal-row > label").filter(has_text=str(goal)).filter(visible=True).first


def log_link(visitor: Visitor, name: str) -> Locator:
    """The way from home to the visit form."""
    return visitor.main.get_by_role("link", name=f"Logg besøk hos {name}", exact=True)


def opens_form(visitor: Visitor, name: str) -> None:
    """From home to the form of the visit."""
    visitor.opens("/")
    with visitor.page.expect_navigation(wait_until="domcontentloaded"):
        log_link(visitor, name).tap()


def test_a_faglaerer_logs_a_visit_with_at_most_six_taps(world: Cast, visit: Callable[..., Visitor]) -> None:
    """The one longest without a visit from home; then one far down the list, with a goal that is folded away."""
    tuva = people(world, "Tuva Tappestad", "TVA")
    others = [
        in_practice(world, f"{name} Radevik", tuva.trade, "tuva_person", days_ago=90 - number)
        for number, name in enumerate(("Ada", "Bo", "Cleo", "Dina", "Eli", "Fia", "Geir", "Hedda", "Iben", "Jon", "Kim", "Leo"))
    ]
    goals = goals_of(tuva)
    ola = visit("tuva_faglaerer", **PHONE)
    ola.opens("/")
    finger = Finger(ola)
    finger.opens(log_link(ola, "Tuva Tappestad"))
    finger(ticks(ola, goals[1]))
    finger(ola.box("Hva gjorde dere?"))
    finger.writes("Tuva ledet samlingsstunden.")
    finger.saves()
    ola.sees("Besøket hos Tuva er lagret.", "Tuva ledet samlingsstunden.", str(goals[1]), "Foreslått av deg. Venter på svar.")
    assert finger.taps <= MOST_TAPS, f"{finger.taps} taps"
    assert ola.page.evaluate("document.documentElement.scrollWidth") <= 390

    held = WorkplaceVisit.objects.get(placement=tuva.placement, state=HELD)
    assert (held.visited_on, held.seen, held.visitor) == (today(), "Tuva ledet samlingsstunden.", world.users["tuva_faglaerer"])
    assert [row.goal for row in held.goals.all()] == [goals[1]]
    coming = WorkplaceVisit.objects.get(placement=tuva.placement, state=PROPOSED)
    assert timezone.localtime(coming.planned_at).date() >= today() + timedelta(days=tuva.trade.visit_interval_days)

    ola.opens("/")
    last = others[-1]
    finger = Finger(ola)
    finger.opens(ola.main.get_by_role("link", name="Alle besøk"))
    finger.opens(log_link(ola, "Leo Radevik"))
    finger(ola.main.locator("summary").filter(has_text=f"Vis alle {len(goals)} mål"))
    finger(ticks(ola, goals[-1]))
    finger(ola.box("Hva gjorde dere?"))
    finger.writes("Leo viste fram ukemenyen.")
    finger.saves()
    assert finger.taps <= MOST_TAPS, f"{finger.taps} taps"
    held = WorkplaceVisit.objects.get(placement=last.placement, state=HELD)
    assert [row.goal for row in held.goals.all()] == [goals[-1]]


def test_a_visit_written_without_network_is_sent_once_after_the_browser_was_closed_twice(
    world: Cast, phone: Callable[..., Phone]
) -> None:
    """Written without network and closed; there again and saved without network and closed; sent by itself when back."""
    runa = people(world, "Runa Rimstad", "RNA")
    goal, seen, agreed = goals_of(runa)[0], "Runa leste eventyret for fire barn.", "Runa øver på rim til neste gang."
    ola = phone()
    ola.is_signed_in_as(world.users["runa_faglaerer"])
    opens_form(ola, "Runa Rimstad")
    ola.can_work_without_network()
    ola.loses_network()
    ticks(ola, goal).tap()
    ola.box("Hva gjorde dere?").press_sequentially(seen)
    ola.is_told("Ikke nett. Lagret på telefonen kl.")
    ola.has_kept(seen, goal.public_id)
    assert not WorkplaceVisit.objects.filter(placement=runa.placement, state=HELD).exists()
    here = ola.lies_here()
    assert "drafts(1)" in here
    for text in (seen, "Runa", runa.enrolment.participant.public_id, str(goal)):
        assert text not in here, text
    ola.leaves()

    ola = phone()
    ola.is_signed_in_as(world.users["runa_faglaerer"])
    opens_form(ola, "Runa Rimstad")
    ola.is_told("Det er ikke sendt ennå.")
    expect(ola.box("Hva gjorde dere?")).to_have_value(seen)
    expect(ola.main.get_by_role("checkbox", name=str(goal))).to_be_checked()
    ola.loses_network()
    ola.box("Avtalt til neste gang").press_sequentially(agreed)
    ola.main.get_by_role("button", name="Lagre besøket").tap()
    ola.is_told("Sendes når du får nett.")
    ola.leaves()

    ola = phone()
    ola.loses_network()
    ola.page.goto("/utboks/")
    ola.sees("Besøk,", "Låst til du logger inn")
    ola.does_not_see(seen, agreed, "Runa")
    assert not WorkplaceVisit.objects.filter(placement=runa.placement, state=HELD).exists()
    ola.finds_network()
    ola.is_signed_in_as(world.users["runa_faglaerer"])
    assert ola.sends_by_itself_from("/") == 201
    ola.opens(f"{runa.url}besok/")
    ola.sees("Besøket hos Runa er lagret.", seen, agreed)
    held = WorkplaceVisit.objects.get(placement=runa.placement, state=HELD)
    assert (held.seen, held.agreed, [row.goal for row in held.goals.all()]) == (seen, agreed, [goal])
    assert not VisitOtherText.objects.filter(visit=held).exists()
    ola.opens("/utboks/")
    ola.sees("Ingenting venter på denne enheten.")
    assert "drafts(0)" in ola.lies_here()


def test_two_who_write_of_the_same_visit_without_network_lose_nothing(world: Cast, phone: Callable[..., Phone]) -> None:
    """Both log what was planned for today; then both change the same log. All four texts are there."""
    siri = people(world, "Siri Samtidsen", "SRA")
    world.users["siri_other"] = make_user("Nora Samskriver", "faglaerer", today=world.today)
    teaches(world, world.users["siri_other"], siri.trade)
    planned = WorkplaceVisit.objects.create(
        placement=siri.placement, state=AGREED, planned_at=timezone.now(), proposed_by=world.users["siri_faglaerer"]
    )
    first, second = goals_of(siri)[:2]
    ola, nora = phone("ola"), phone("nora")
    for who, user, goal, text in (
        (ola, "siri_faglaerer", first, "Siri dekket bordet med barna."), (nora, "siri_other", second, "Siri sang fem sanger."),
    ):  # fmt: skip
        who.is_signed_in_as(world.users[user])
        opens_form(who, "Siri Samtidsen")
        who.loses_network()
        ticks(who, goal).tap()
        who.box("Hva gjorde dere?").press_sequentially(text)
        who.main.get_by_role("button", name="Lagre besøket").tap()
        who.is_told("Sendes når du får nett.")
    for who in (ola, nora):
        who.finds_network()
        who.page.wait_for_url("**/deltakere/*/besok/")
    nora.sees("Siri dekket bordet med barna.", "Nora Samskriver skrev også", "Siri sang fem sanger.", f"Mål: {second}.")
    held = WorkplaceVisit.objects.get(placement=siri.placement, state=HELD)
    assert (held.pk, held.seen, [row.goal for row in held.goals.all()]) == (planned.pk, "Siri dekket bordet med barna.", [first])
    nora.opens("/utboks/")
    nora.sees("Noen andre skrev også. Begge tekstene er tatt vare på.")
    nora.main.get_by_role("button", name="Fjern fra lista").tap()
    nora.sees("Ingenting venter på denne enheten.")

    for who, text in ((ola, "Siri dekket bordet og ba til bords."), (nora, "Siri dekket bordet med fire barn.")):
        who.opens(f"{siri.url}besok/")
        who.follows("Endre av besøket", who.main)
        who.loses_network()
        who.box("Hva gjorde dere?").fill(text)
        who.main.get_by_role("button", name="Lagre endringen").tap()
        who.is_told("Sendes når du får nett.")
    for who in (nora, ola):
        who.finds_network()
        who.page.wait_for_url("**/deltakere/*/besok/")
    texts = ("Siri dekket bordet med fire barn.", "Siri sang fem sanger.", "Siri dekket bordet og ba til bords.")
    for who in (ola, nora):
        who.opens(f"{siri.url}besok/")
        who.sees(*texts)
        who.unfolds("Tidligere versjoner")
        who.sees("Siri dekket bordet med barna.")
        assert who.page.evaluate("document.documentElement.scrollWidth") <= 390
    held.refresh_from_db()
    others = [row.seen for row in VisitOtherText.objects.filter(visit=held).order_by("pk")]
    assert held.seen == texts[0]
    assert [text.partition("\n")[0] for text in others] == list(texts[1:])
    assert "drafts(0)" in nora.lies_here()
