"""The month's topics on a phone: a fadder comes in by a code from the mail and reads them with one tap; the sheet is one page."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import expect

from fagbrev.mail.models import OutgoingMail
from followup.demo.topic_drawings import drawing_of
from followup.forms.topics import LONGEST_EXPLANATION, LONGEST_NORWEGIAN, LONGEST_WORD, LONGEST_WORDS, MOST_GOALS, MOST_WORDS
from followup.models import TopicRead
from programmes.models import CompetenceGoal, MonthlyTopic, TopicGoal, TopicPicture, TopicWord, Trade
from tests.cast import Cast
from tests.journeys.browsing import Visitor, today
from tests.journeys.people import PHONE, people

pytestmark = pytest.mark.journey


def topic_in(trade: Trade, month: date, **more: object) -> MonthlyTopic:
    """A published topic."""
    held: dict[str, object] = {
        "theme": "Måltider og sunn mat", "words": "Vi lærer om mat.", "published_on": today(),
        "try_first": "å lede et måltid. Deltakeren dekker bordet med barna.", "try_second": "å lage en ukemeny. Snakk om den.",
    } | more  # fmt: skip
    return MonthlyTopic.objects.create(trade=trade, month=month, **held)  # type: ignore[misc]


def test_a_fadder_signs_in_by_code_and_reads_the_topics_with_one_tap(world: Cast, visit: Callable[..., Visitor]) -> None:
    """From the mail to done: the code, then one tap."""
    trade = people(world, "Tiril Testmo", "TMA").trade
    topic = topic_in(trade, today().replace(day=1))
    phone, address = visit(**PHONE), world.users["tiril_fadder"].email
    phone.opens("/konto/login/")
    phone.writes({"E-postadressen din": address})
    phone.presses("Send meg en kode")
    mail = OutgoingMail.objects.filter(recipient=address).latest("pk")
    code = re.search(r"logge inn i Fagbrev er:\s+(\S+)", mail.text)
    assert code, mail.text
    phone.writes({"Kode": code.group(1)})
    phone.presses("Gå videre")
    phone.sees(
        "Du er fadder for Tiril", "Denne måneden", "Måltider og sunn mat", "La Tiril prøve", "Tiril dekker bordet med barna."
    )
    button = phone.main.get_by_role("button", name="Jeg har lest temaet")
    box = button.bounding_box()
    assert box is not None and box["y"] + box["height"] <= 844, "the button is not on the first screen"
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390

    phone.presses("Jeg har lest temaet")

    assert phone.path == "/"
    phone.sees("Du leste temaet")
    expect(phone.main.get_by_role("button", name="Jeg har lest temaet")).to_have_count(0)
    assert TopicRead.objects.get(topic=topic).user == world.users["tiril_fadder"]


def test_a_faglaerer_writes_and_publishes_and_the_fullest_topic_is_one_sheet(
    world: Cast, visit: Callable[..., Visitor], tmp_path: Path
) -> None:
    """Written on the page, published in one more step; then everything filled to the brim still goes on one A4."""
    trade = people(world, "Amina Testvik", "AMA").trade
    month = today().replace(day=1)
    ola = visit("amina_faglaerer")
    ola.opens(f"/temaer/{month:%Y-%m}/AMA/endre/")
    ola.sends(
        {"Tema": "Lek ute", "Hva klassen lærer": "Vi lærer om lek.", "La deltakeren prøve": "å leke. Vis hvordan.",
         "La også deltakeren prøve": "å se på.", "Fagord 1": "frilek", "Forklaring 1": "lek som barna bestemmer"}
    )  # fmt: skip
    ola.sees("Dette er et utkast")
    ola.follows("Publiser", ola.main)
    ola.presses("Publiser")
    ola.sees("Temaet er publisert.", "Lek ute")

    topic = MonthlyTopic.objects.get(trade=trade)
    sentence = "Vi lærer mye om mat og lek og om hva barna trenger. "
    topic.theme = (
        "Måltider, lek og alt det andre som barna trenger i løpet av en lang og fin dag i barnehagen eller på skolen i år"[:120]
    )
    topic.words, topic.norwegian = (sentence * 30)[:LONGEST_WORDS], (sentence * 30)[:LONGEST_NORWEGIAN]
    topic.try_first = topic.try_second = (sentence * 30)[:300]
    topic.save()
    topic.trade_words.all().delete()
    for number in range(MOST_WORDS):
        TopicWord.objects.create(
            topic=topic,
            word=f"{number}{'fagordet' * 7}"[:LONGEST_WORD],
            explanation=(sentence * 9)[:LONGEST_EXPLANATION],
            place=number,
        )
        TopicPicture.objects.create(
            topic=topic, word=f"{number}{'fagordet' * 7}"[:LONGEST_WORD], content=drawing_of("kjøleskap") or b""
        )
    for goal in CompetenceGoal.objects.filter(goal_set__curriculum=trade.curriculum)[:MOST_GOALS]:
        TopicGoal.objects.create(topic=topic, goal=goal)
    bente = visit("amina_fadder")
    bente.opens(f"/temaer/{month:%Y-%m}/?fag=AMA")
    expect(bente.main.locator(".word-picture img")).to_have_count(MOST_WORDS)
    bente.page.wait_for_load_state("load")  # the pictures too
    sheet = tmp_path / "tema.pdf"
    bente.page.pdf(path=str(sheet), prefer_css_page_size=True)
    facts = subprocess.run(["pdfinfo", str(sheet)], capture_output=True, text=True, check=True).stdout
    assert re.search(r"^Pages:\s+1$", facts, re.M), facts
    assert "A4" in facts
