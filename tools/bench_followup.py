"""Measures the pages of follow-up for one participant with few and with many visits, and a class of twelve and of sixty.

Called by tools/bench.py; each step runs in a process of its own. Every page stands beside a bare view of the same rows.
"""

from __future__ import annotations

import statistics
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from bench_served import WARM_UP, ask, database, environment, p95, prepare, rows_of, server, step

FOLLOWED = ((10, 12), (200, 60))  # visits of one participant, members of a class
HEADINGS = [
    "Oppfølging", "Besøk", "I klassen", "Median ms", "p95 ms", "Naken median ms", "Naken p95 ms", "Forhold", "Spørringer", "Byte",
]  # fmt: skip


@dataclass(frozen=True)
class Page:
    """One page of follow-up: who asks, its address and the bare view's, and the form when one is posted."""

    name: str
    role: str
    url: str
    bare: str
    form: Callable[[], str] | None = None


@dataclass(frozen=True)
class Followed:
    """What was measured about one page with so many visits and members."""

    name: str
    visits: int
    members: int
    own: list[float]
    bare: list[float]
    queries: int
    length: int

    @property
    def cells(self) -> list[str]:
        """The row of the table."""
        ratio = statistics.median(self.own) / statistics.median(self.bare)
        return [
            self.name, f"{self.visits}", f"{self.members}", f"{statistics.median(self.own):.1f}", f"{p95(self.own):.1f}",
            f"{statistics.median(self.bare):.1f}", f"{p95(self.bare):.1f}", f"{ratio:.2f}", f"{self.queries}", f"{self.length}",
        ]  # fmt: skip


def seed(visits: int, members: int) -> None:
    """Fills the database and prints whom to measure with as JSON. Runs in a process of its own."""
    from bench_followup_seed import seed as fill

    fill(visits, members)


def pages(known: dict[str, str]) -> list[Page]:
    """Gives the pages of follow-up that are measured; what is posted comes last, since it adds visits."""
    who, month, cohort = known["person"], known["month"], known["cohort"]
    person, bare = f"/deltakere/{who}/", f"/bare/oppfolging/{who}/"

    def visit() -> str:
        """A visit as a browser sends it, with a key of its own."""
        sent = {
            "visited_on": date.today().isoformat(), "present": ["deltaker", "fadder"], "goals": known["goal"],
            "seen": "Leste høyt for en gruppe barn.", "agreed": "Prøver alene neste uke.", "device_key": str(uuid.uuid4()),
        }  # fmt: skip
        return urlencode(sent, doseq=True)

    return [
        Page("Logg besøk", "faglaerer", f"/besok/nytt/?deltaker={who}", f"{bare}logg/"),
        Page("Besøk, lista", "faglaerer", "/besok/", "/bare/besok/"),
        Page("Én deltaker, to år", "koordinator", person, f"/bare/deltaker/{who}/"),
        Page("Deltakerens besøk", "koordinator", f"{person}besok/", f"{bare}besok/"),
        Page("Deltakerens mål", "faglaerer", f"{person}mal/", f"{bare}mal/"),
        Page("Deltakerens fravær", "koordinator", f"{person}fravar/", f"{bare}fravar/"),
        Page("Temaer, skoleåret", "faglaerer", "/temaer/", "/bare/temaer/"),
        Page("Månedens tema", "faglaerer", f"/temaer/{month}/?fag=BUA", f"/bare/temaer/{month}/"),
        Page("Klassen", "norsklaerer", f"/klassen/{cohort}/", f"/bare/klassen/{cohort}/"),
        Page("Lagre besøket", "faglaerer", f"/besok/nytt/?deltaker={who}", f"{bare}logg/", visit),
    ]


def measure_followup(size: int, count: int, url: str, var: str) -> list[Followed]:
    """Measures the pages with few and with many visits of one participant, among `size` others."""
    env = environment(url, var)
    found = []
    for visits, members in FOLLOWED:
        with database(url):
            prepare(env)
            step(env, "--seed", str(size), "--without-duties")
            known = step(env, "--seed-followup", str(visits), str(members))
            if int(known["members"]) < members:
                print(f"Bare {known['members']} i klassen: velg flere deltakere.", flush=True)
            with server(env):
                found += [measure(page, known[page.role], visits, int(known["members"]), count) for page in pages(known)]
    return found


def measure(page: Page, session: str, visits: int, members: int, count: int) -> Followed:
    """Asks for the page, or posts its form, and the bare view by turns; queries are counted after the warm-up."""

    def asked(url: str, **headers: str) -> tuple[float, bytes, str]:
        form = page.form() if page.form else None
        spent, status, body, queries = ask(url, session, sent=form, **headers)
        if status != (302 if page.form else 200):
            raise SystemExit(f"{url} svarte {status}")
        return spent, body, queries

    for address in (page.url, page.bare):
        asked(address)
    for _turn in range(WARM_UP):
        asked(page.url)
        asked(page.bare)
    _spent, body, queries = asked(page.url, **{"X-Count": "1"})
    own, bare = [], []
    for _turn in range(count):
        bare.append(asked(page.bare)[0])
        own.append(asked(page.url)[0])
    found = Followed(page.name, visits, members, own, bare, int(queries), len(body))
    told = f"{statistics.median(own):.1f} ms, naken {statistics.median(bare):.1f} ms, {queries} spørringer"
    print(f"{page.name} ({visits} besøk, {members} i klassen): {told}", flush=True)
    return found


def table(found: list[Followed]) -> list[str]:
    """Gives the figures as a Markdown table."""
    return rows_of(HEADINGS, *[one.cells for one in found])


def problems(found: list[Followed]) -> list[str]:
    """Gives what is beyond the goals, in words: as many queries for few visits and members as for many."""
    return [
        f"{one.name}: {one.queries} spørringer med {one.visits} besøk, {other.queries} med {other.visits}"
        for one in found for other in found
        if one.name == other.name and one.visits < other.visits and one.queries != other.queries
    ]  # fmt: skip
