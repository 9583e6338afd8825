"""The keyboard alone, without a mouse or a finger: a fadder's month and week, and a koordinator's call to a review."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from followup.models import ReviewConversation, TopicRead, WeeklyPlan, WeeklyPlanLine
from programmes.models import MonthlyTopic
from tests.cast import Cast
from tests.journeys.browsing import Visitor, today
from tests.journeys.keyboard import Keyboard
from tests.journeys.own_people import make_circle

pytestmark = pytest.mark.journey


def test_a_fadder_reads_the_topics_and_makes_a_plan_with_the_keyboard(world: Cast, visit: Callable[..., Visitor]) -> None:
    """From home to the topics, one press to have read them, and then next week's plan, written and ticked."""
    circle = make_circle(world, "TST", "Tomas", "Tastesen")
    topic = MonthlyTopic.objects.create(
        trade=circle.trade, month=today().replace(day=1), theme="Trygg hverdag", words="Vi lærer om trygghet.",
        published_on=today(), try_first="å lede et måltid. Vis hvordan.", try_second="å lage en plan. Snakk om den.",
    )  # fmt: skip
    fatima = visit(circle.who("fadder"), viewport={"width": 390, "height": 844})
    keys = Keyboard(fatima)
    fatima.opens("/")
    keys.skips_to_the_content()
    keys.follows("Les mer om temaet")
    fatima.sees("Dette lærer klassen", "Vi lærer om trygghet.")
    keys.skips_to_the_content()
    keys.follows("Jeg har lest temaet", "Space")
    fatima.sees("Du leste temaet")
    assert TopicRead.objects.get(topic=topic).user == world.users[circle.who("fadder")]

    keys.follows("Fagbrev")
    keys.skips_to_the_content()
    keys.follows("Ukeplan")
    keys.follows("Neste uke")
    keys.follows("Lag ukeplan")
    keys.skips_to_the_content()
    keys.types("Det viktigste denne uka", "Snakke med alle på skiftet")
    keys.types("Mandag, 1", "Dekke bordet")
    keys.types("Tirsdag, 1", "Lese rapporten")
    keys.types("Mandag, 2", "Rydde etter lunsj", back=True)
    keys.follows("Lagre ukeplanen")
    fatima.sees("Snakke med alle på skiftet", "Dekke bordet", "Rydde etter lunsj", "Lese rapporten")
    monday = today() + timedelta(days=7 - today().weekday())
    plan = WeeklyPlan.objects.get(placement=circle.placement, week_starts_on=monday)
    lines = WeeklyPlanLine.objects.filter(plan=plan).order_by("weekday", "place")
    assert list(lines.values_list("weekday", "words")) == [(0, "Dekke bordet"), (0, "Rydde etter lunsj"), (1, "Lese rapporten")]

    keys.skips_to_the_content()
    keys.follows("Dekke bordet", "Space")
    expect(fatima.main.get_by_role("button", name="Dekke bordet")).to_have_attribute("aria-pressed", "true")
    assert lines.get(words="Dekke bordet").is_done


def test_a_koordinator_finds_a_participant_and_calls_to_a_review_with_the_keyboard(
    world: Cast, visit: Callable[..., Visitor]
) -> None:
    """From home by the search to the participant's follow-up; the day and the time are typed, the call is sent with Enter."""
    circle = make_circle(world, "TSK", "Thea", "Tastekall")
    kari = visit("koordinator")
    keys = Keyboard(kari)
    kari.opens("/")
    keys.skips_to_the_content()
    keys.goes_to("Mer", back=True)
    kari.page.keyboard.press("Enter")
    keys.goes_to("Oppgaver")
    keys.goes_to("Mer", back=True)
    kari.page.keyboard.press("Space")
    keys.follows("Søk")
    keys.skips_to_the_content()
    with kari.page.expect_response(
        lambda answer: "Tastekall" in answer.url
    ):  # the last letter's: a later one takes the hits away
        keys.types("Navn", "Tastekall")
    expect(kari.main.get_by_role("link", name="Thea Tastekall")).to_be_visible()
    keys.follows("Thea Tastekall")
    assert kari.path == circle.person
    keys.skips_to_the_content()
    keys.follows("Samtaler")
    keys.skips_to_the_content()
    keys.follows("Kall inn")
    keys.skips_to_the_content()
    day = today() + timedelta(days=1)
    keys.types_day("Dag", day)
    keys.types_time("Klokkeslett", "12:30")
    keys.types("Sted (valgfritt)", "Møterommet")
    keys.follows("Kall inn")
    kari.sees("De fire er kalt inn, og får beskjed om å forberede seg.", "Møterommet")
    review = ReviewConversation.objects.get(placement=circle.placement)
    assert f"{timezone.localtime(review.meets_at):%Y-%m-%d %H.%M}" == f"{day:%Y-%m-%d} 12.30"
    keys.goes_to("Endre tid")
    keys.goes_to("Samtaler", back=True)
    assert review.called_by == world.users["koordinator"]
