"""Lighthouse on a phone finds nothing against accessibility on the main pages of those who are out at work, and follows good practice."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.utils import timezone

from followup.actions.assignments import Task, give
from followup.models import LanguageLevel, WorkplaceVisit
from programmes.models import MonthlyTopic, TopicWord
from tests.cast import Cast
from tests.journeys.browsing import session_for, today
from tests.journeys.own_people import Circle, make_circle

pytestmark = pytest.mark.journey
MEASURE = settings.BASE_DIR / "tools/lighthouse/measure.mjs"
LEAST = {"accessibility": 100, "best-practices": 95}
PATIENCE = 300  # seconds for the pages of one person


@pytest.fixture(scope="package")
def circle(world: Cast) -> Circle:
    """A participant with something on every page: a topic with words, a visit ahead and one behind, an assignment, a level."""
    made, day = make_circle(world, "FYR", "Fredrik", "Fyrlykt"), today()
    teacher = world.users[made.who("faglaerer")]
    topic = MonthlyTopic.objects.create(
        trade=made.trade, month=day.replace(day=1), theme="Lek ute", words="Vi lærer om lek.", published_on=day,
        try_first="å lede en lek. Vis hvordan.", try_second="å rydde ute. Gjør det sammen.", norwegian="Vi øver på beskjeder.",
    )  # fmt: skip
    TopicWord.objects.create(topic=topic, word="frilek", explanation="lek som barna bestemmer", place=1)
    behind, ahead = timezone.now() - timedelta(days=20), timezone.now() + timedelta(days=5)
    WorkplaceVisit.objects.create(
        placement=made.placement, state="held", visited_on=behind.date(), visitor=teacher, seen="Leste for barna.",
        logged_at=behind, only_log=True,
    )  # fmt: skip
    WorkplaceVisit.objects.create(placement=made.placement, state="agreed", planned_at=ahead, proposed_by=teacher)
    task = Task("practice", "Lag en ukemeny", "Skriv en meny.", at_work="Spis sammen.", due_on=day + timedelta(days=7))
    give(enrolments=[made.enrolment], task=task, by=teacher, today=day)
    LanguageLevel.objects.create(
        participant=made.enrolment.participant, part="oral", level="a2", observed_on=day, by=world.users[made.who("norsklaerer")]
    )
    return made


def pages_of(circle: Circle, role: str) -> list[str]:
    """The main pages of a role."""
    return {
        "fadder": ["/", f"/temaer/{today():%Y-%m}/?fag={circle.code}", f"{circle.person}ukeplan/"],
        "faglaerer": ["/", f"/besok/nytt/?deltaker={circle.enrolment.participant.public_id}", "/besok/"],
        "deltaker": ["/", f"{circle.person}oppgaver/{circle.enrolment.assignments.get().public_id}/", f"{circle.person}mal/"],
    }[role]


@pytest.fixture(scope="package")
def measured(served: str, world: Cast, circle: Circle) -> Callable[[str], dict[str, Any]]:
    """Gives a function that measures the pages of a role, signed in: what Lighthouse found, by page."""
    node, chromium = shutil.which("node"), shutil.which(os.environ.get("CHROMIUM") or "chromium")
    ready = node and chromium and (MEASURE.parent / "node_modules/lighthouse").is_dir()
    assert ready, "Node.js, Lighthouse and Chromium must be there: tools/setup.sh development installs them."

    def measure(role: str) -> dict[str, Any]:
        cookie = f"{settings.SESSION_COOKIE_NAME}={session_for(world.users[circle.who(role)])}"
        pages = [served + page for page in pages_of(circle, role)]
        answer = subprocess.run(
            [node, str(MEASURE), *pages], env=os.environ | {"CHROMIUM": chromium, "COOKIE": cookie}, capture_output=True,
            text=True, check=False, timeout=PATIENCE,
        )  # fmt: skip
        assert answer.returncode == 0, answer.stderr
        return json.loads(answer.stdout)

    return measure


@pytest.mark.parametrize("role", ["fadder", "faglaerer", "deltaker"])
def test_lighthouse_is_content_with_the_main_pages(role: str, measured: Callable[[str], dict[str, Any]]) -> None:
    """Three pages each; a page that led elsewhere, such as to sign-in, counts as a fault."""
    found = measured(role)
    assert len(found) == 3
    for address, one in found.items():
        assert one["shown"] == urlsplit(address).path, f"{address} led to {one['shown']}"
        for category, least in LEAST.items():
            assert one["categories"][category] >= least, f"{address}: {one}"
