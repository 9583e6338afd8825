"""No fault of accessibility on any page, for anybody who sees it: wide and narrow, light and dark, and nothing sticks out at 320 px."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from django.conf import settings
from django.test import Client

from tests.cast import Cast
from tests.journeys.addresses import examples, fill
from tests.journeys.browsing import Visitor

pytestmark = pytest.mark.journey

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# What hangs on colours is asked again in the dark; the rest is the same in both.
IN_THE_DARK = ["color-contrast", "link-in-text-block"]
LOOKING = (Path(__file__).parent / "looking.js").read_text(encoding="utf-8")
NARROW, WIDE = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
SHARDS = 4
PAGES = [*(("koordinator", shard) for shard in range(SHARDS)), *((who, 0) for who in (
    "faglaerer", "norsklaerer", "fadder", "leder", "deltaker", "styringsgruppe", "ingen", "drift", "",
))]  # fmt: skip
SIGNED_OUT = [
    "/konto/login/", "/konto/login/code/", "/konto/password/reset/", "/konto/password/reset/done/", "/henvis/", "/henvis/takk/",
    "/personvern/hvem-ser-hva/", "/tilgjengelighet/", "/finnes-ikke/",
]  # fmt: skip


@pytest.fixture(scope="package")
def addresses(world: Cast) -> list[str]:
    """An address of every page, with a record that has one row of everything."""
    found, lacking = examples(world, fill(world))
    assert not lacking, f"No example for {lacking}"
    return found


def page_for(client: Client, address: str) -> str:
    """Gives the page at an address, "" when there is none for this person."""
    answer = client.get(address)
    assert answer.status_code < 500, f"{answer.status_code} {address}"
    is_page = answer.status_code == 200 and answer["Content-Type"].startswith("text/html")
    return answer.content.decode() if is_page else ""


def shapes(page: str) -> set[str]:
    """Gives what a page is built of: every tag with its classes and states, and without its own texts, names and addresses."""
    names = "id|href|for|name|value|action|content|src|title|data-label|datetime|maxlength|hx-headers|aria-(?:label|labelledby|describedby)"
    own = re.compile(rf"""\s(?:{names}|d|[xy][12]?|c[xy]|points|transform|viewBox|width|height)=(?:"[^"]*"|'[^']*')""")
    return {own.sub("", tag) for tag in re.findall(r"<[a-z][^>]*>", page)}


@pytest.fixture(scope="package")
def koordinators(addresses: list[str], world: Cast) -> dict[str, set[str]]:
    """What the koordinator's page at each address is built of: asked once, for all the others to be held against."""
    kari = Client()
    kari.force_login(world.users["koordinator"], backend=settings.AUTHENTICATION_BACKENDS[0])
    return {address: shapes(page) for address in addresses if (page := page_for(kari, address))}


def shown_to(who: str, addresses: list[str], world: Cast, koordinators: dict[str, set[str]]) -> list[str]:
    """Gives the addresses that answer this person with a page, less those built of nothing but what the koordinator's page has."""
    if who == "koordinator":
        return list(koordinators)
    client = Client()
    client.force_login(world.users[who], backend=settings.AUTHENTICATION_BACKENDS[0])
    return [
        address
        for address in addresses
        if (page := page_for(client, address)) and shapes(page) - koordinators.get(address, set())
    ]


def faults_of(visitor: Visitor, address: str) -> list[str]:
    """Looks at a page in each light and width; gives what is wrong."""
    page, faults = visitor.page, []
    page.set_viewport_size(WIDE)
    page.goto(address, wait_until="load")
    page.evaluate("openFolds()")

    def look(scheme: str, kind: str, values: list[str]) -> None:
        page.evaluate("turnTo", scheme)
        found = page.evaluate("([kind, values]) => lookForFaults(kind, values)", [kind, values])
        faults.extend(f"{address} {page.viewport_size['width']} {scheme} {fault}" for fault in found)  # type: ignore[index]

    look("light", "tag", RULES)
    look("dark", "rule", IN_THE_DARK)
    page.set_viewport_size(NARROW)
    look("dark", "rule", IN_THE_DARK)
    look("light", "tag", RULES)
    page.set_viewport_size({"width": 320, "height": 640})
    faults += [f"{address} 320 px: {box}" for box in page.evaluate("whatSticksOut()")]
    return faults


@pytest.mark.parametrize(("who", "shard"), PAGES)
def test_every_page_is_free_of_faults(
    who: str, shard: int, addresses: list[str], koordinators: dict[str, set[str]], world: Cast, visit: Callable[..., Visitor]
) -> None:
    """Each role's own pages, in the browser."""
    visitor: Any = visit(who, reduced_motion="reduce")
    visitor.context.add_init_script(AXE + LOOKING)
    shown = shown_to(who, addresses, world, koordinators) if who else SIGNED_OUT
    if who == "koordinator":
        shown = shown[shard::SHARDS]
    assert shown or who not in {"koordinator", "deltaker", ""}
    faults = [fault for address in shown for fault in faults_of(visitor, address)]
    assert not faults, "\n".join(faults)


def test_open_menus_and_refused_forms_are_free_of_faults(
    addresses: list[str], world: Cast, visit: Callable[..., Visitor]
) -> None:
    """What only shows after a press."""
    kari: Any = visit("koordinator", reduced_motion="reduce")
    kari.context.add_init_script(AXE + LOOKING)
    record = world.enrolments["onboarding"].participant.get_absolute_url()
    faults = []
    for address, menu, verb in (
        ("/", "Mer", ""),
        (record, "Flere valg", ""),
        ("/deltakere/", "Alle fag", ""),
        (f"{record}kontaktlogg/notat/ny/", "", "Lagre"),
        ("/deltakere/ny/", "", "Registrer henvisningen"),
    ):
        kari.opens(address)
        if menu:
            kari.unfolds(menu)
        else:
            kari.presses(verb)
        for scheme in ("light", "dark"):
            kari.page.evaluate("turnTo", scheme)
            found = kari.page.evaluate("values => lookForFaults('tag', values)", RULES)
            faults += [f"{address} {menu}{verb} {scheme} {fault}" for fault in found]
    assert not faults, "\n".join(faults)
