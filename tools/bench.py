"""Measures the pages that must be fast, beside bare views of the same rows, on PostgreSQL with few and with many participants.

Usage: tools/bench.py [--sizes 500 20000] [--scan-sizes 500 100000] [--requests 200] [--write docs/bench.md].
BENCH_DATABASE_URL names a database that is made anew for each size and dropped after; it must be on a server where the user may
create databases. BENCH_PORT names the port that is served on.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import bench_followup
import bench_meetings
import bench_reports
import bench_scan
from bench_served import WARM_UP, ask, database, environment, p95, prepare, rows_of, server, session_of, step, vacuum

DEFAULT_URL = "postgres://postgres@127.0.0.1:5432/fagbrev_bench"
FILTERED = "fase=training&fase=trade_test&sorter=kontrakt"
MOST_QUERIES, MOST_QUERIES_RECORD, MOST_QUERIES_HOME, MOST_BYTES = 12, 15, 24, 60_000
HEADINGS = ["Side", "Deltakere", "Median ms", "p95 ms", "Naken median ms", "Naken p95 ms", "Forhold", "Spørringer", "Byte", "Mål"]


@dataclass(frozen=True)
class Page:
    """One page measured: its address, the bare view's, and the highest ratio to it that is allowed at 500 (None: none set)."""

    name: str
    url: str
    bare: str
    most: float | None
    most_queries: int = MOST_QUERIES


@dataclass(frozen=True)
class Figures:
    """What was measured about one page at one size."""

    page: Page
    size: int
    own: list[float]
    bare: list[float]
    queries: int
    length: int

    @property
    def ratio(self) -> float:
        return statistics.median(self.own) / statistics.median(self.bare)

    def problems(self, smallest: int) -> list[str]:
        """What is beyond the goals, in words."""
        found = []
        if self.queries > self.page.most_queries:
            found.append(f"{self.queries} spørringer")
        if self.length > MOST_BYTES:
            found.append(f"{self.length} byte")
        if self.size == smallest and self.page.most and self.ratio > self.page.most:
            found.append(f"{self.ratio:.2f} > {self.page.most}")
        return found

    def cells(self, smallest: int) -> list[str]:
        """The row of the table."""
        return [
            self.page.name, f"{self.size}", f"{statistics.median(self.own):.1f}", f"{p95(self.own):.1f}",
            f"{statistics.median(self.bare):.1f}", f"{p95(self.bare):.1f}", f"{self.ratio:.2f}", f"{self.queries}", f"{self.length}",
            ", ".join(self.problems(smallest)) or "nådd",
        ]  # fmt: skip


def seed(size: int, *, with_duties: bool = True) -> None:
    """Fills the database and prints, as JSON, the session and the participant to measure with. Runs in a process of its own."""
    import django

    django.setup()
    from fagbrev.duties.engine import refresh
    from participants.demo_bulk import add_participants, coordinator
    from participants.models import Enrolment
    from programmes.defaults import load

    today = date.today()
    load(today=today)
    begun = time.perf_counter()
    add_participants(size, today=today)
    seconds = time.perf_counter() - begun
    user = coordinator(email="koordinator@demo.example", name="Ingrid Demo", today=today)
    if with_duties:
        refresh(today=today)
    vacuum()
    person = Enrolment.objects.filter(status="training", trade__isnull=False).order_by("pk")[3].participant.public_id
    print(json.dumps({"session": session_of(user), "person": person, "seconds": round(seconds, 1)}))


def measure(page: Page, size: int, session: str, count: int) -> Figures:
    """Asks for the page and its bare view by turns."""
    extra = {"HX-Request": "true"} if "/sok/" in page.url else {}
    for url in (page.url, page.bare):
        status = ask(url, session, **extra)[1]
        if status != 200:
            raise SystemExit(f"{url} svarte {status}")
    for _turn in range(WARM_UP):
        ask(page.url, session, **extra)
        ask(page.bare, session)
    own, bare = [], []
    for _turn in range(count):
        bare.append(ask(page.bare, session)[0])
        own.append(ask(page.url, session, **extra)[0])
    _spent, _status, body, queries = ask(page.url, session, **extra, **{"X-Count": "1"})
    found = Figures(page, size, own, bare, int(queries or 0), len(body))
    print(f"{page.name}: {statistics.median(own):.1f} ms, naken {statistics.median(bare):.1f} ms", flush=True)
    return found


def run(size: int, count: int, url: str, var: str) -> list[Figures]:
    """Measures every page with `size` participants."""
    env = environment(url, var)
    with database(url):
        prepare(env)
        known = step(env, "--seed", str(size))
        print(f"{size} deltakere lagt inn på {known['seconds']} s", flush=True)
        pages = [
            Page("Deltakere", "/deltakere/", "/bare/liste/", 2.5),
            Page("Deltakere, filtrert", f"/deltakere/?{FILTERED}", f"/bare/liste/?{FILTERED}", 2.5),
            Page("Søk mens du skriver", "/deltakere/sok/?q=muhamad", "/bare/sok/?q=muhamad", None),
            Page("Én deltaker", f"/deltakere/{known['person']}/", f"/bare/deltaker/{known['person']}/", 4, MOST_QUERIES_RECORD),
            Page("I dag", "/", "/bare/idag/", None, MOST_QUERIES_HOME),
        ]
        with server(env):
            return [measure(page, size, known["session"], count) for page in pages]


def table(found: list[Figures]) -> list[str]:
    """Gives the figures as a Markdown table."""
    smallest = min(figures.size for figures in found)
    return rows_of(HEADINGS, *[figures.cells(smallest) for figures in found])


def main() -> int:
    """Runs the whole measurement; gives 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=[500, 20000])
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--write", type=Path)
    parser.add_argument("--scan-sizes", type=int, nargs="*", default=[500, 100000])
    parser.add_argument("--followup-among", type=int, default=500, help="participants beside the one followed up; 0 for none")
    parser.add_argument("--seed-followup", type=int, nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--meetings-among", type=int, default=500, help="participants beside the project group; 0 for none")
    parser.add_argument("--report-sizes", type=int, nargs="*", default=[500, 20000])
    parser.add_argument("--seed-meetings", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--draw-minutes", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--seed", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--without-duties", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--scan-step", choices=["first", "next", "one"], help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.seed:
        seed(chosen.seed, with_duties=not chosen.without_duties)
        return 0
    if chosen.seed_followup:
        bench_followup.seed(*chosen.seed_followup)
        return 0
    if chosen.seed_meetings:
        bench_meetings.seed(chosen.seed_meetings)
        return 0
    if chosen.draw_minutes:
        bench_meetings.draw(*chosen.draw_minutes)
        return 0
    if chosen.scan_step:
        bench_scan.scan_once(chosen.scan_step)
        return 0
    url = os.environ.get("BENCH_DATABASE_URL", DEFAULT_URL)
    found: list[Figures] = []
    followed: list[bench_followup.Followed] = []
    met: list[bench_meetings.Met] = []
    with tempfile.TemporaryDirectory() as var:
        for size in chosen.sizes:
            found += run(size, chosen.requests, url, var)
        if chosen.followup_among:
            followed = bench_followup.measure_followup(chosen.followup_among, chosen.requests, url, var)
        if chosen.meetings_among:
            met = bench_meetings.measure_meetings(chosen.meetings_among, chosen.requests, url, var)
        reports = [one for size in chosen.report_sizes for one in bench_reports.measure_reports(size, 30, url, var)]
        scans = [row for size in chosen.scan_sizes for row in bench_scan.measure_scan(size, url, var)]
    tables = [table(found)] if found else []
    tables += [bench_followup.table(followed)] if followed else []
    tables += [bench_meetings.table(met)] if met else []
    tables += [bench_reports.table(reports)] if reports else []
    tables += [rows_of(bench_scan.HEADINGS, *scans)] if scans else []
    lines = [line for one in tables for line in ("", *one)][1:]
    print("\n".join(lines))
    missed = bench_scan.problems(scans) + bench_followup.problems(followed) + bench_meetings.problems(met) + problems(found)
    missed += bench_reports.problems(reports)
    print("\n".join(missed) if missed else "Alle mål er nådd.")
    if chosen.write:
        chosen.write.write_text("\n".join(document(lines, chosen.requests)), encoding="utf-8")
    return 1 if missed else 0


def problems(found: list[Figures]) -> list[str]:
    """Gives what is beyond the goals, in words."""
    smallest = min((figures.size for figures in found), default=0)
    missed = [f"{f.page.name} ({f.size}): {problem}" for f in found for problem in f.problems(smallest)]
    for first in found:
        missed += [
            f"{first.page.name}: {first.queries} spørringer ved {first.size}, {other.queries} ved {other.size}"
            for other in found if other.page.name == first.page.name and other.size > first.size and other.queries != first.queries
        ]  # fmt: skip
    return missed


def document(lines: list[str], count: int) -> list[str]:
    """Gives the text of docs/bench.md."""
    machine = f"{os.cpu_count()} kjerner, Python {platform.python_version()}, PostgreSQL på samme maskin, to webprosesser"
    return [
        "# Fart",
        "",
        f"Målt {date.today():%Y-%m-%d} med `make bench` på {machine}.",
        f"{count} spørsmål etter {WARM_UP} til oppvarming, side og naken side annenhver gang.",
        "",
        "Den nakne siden har samme mellomvare, økt og bruker.",
        "Den viser de samme radene i samme rekkefølge i en enkel tabell uten ramme.",
        "",
        *lines,
        "",
        "Mål ved det minste antallet: lista høyst 2,5 ganger den nakne, én deltaker høyst 4 ganger.",
        "Alltid: høyst 12 spørringer (15 for én deltaker, 24 på «I dag»), like mange ved begge antall, og 60 000 byte.",
        "Oppfølging: én deltaker med to år av alt, og en klasse; like mange spørringer med få besøk som med mange.",
        "«Lagre besøket» er innsendingen, den nakne lagrer de samme radene uten logg, frister og versjoner.",
        "Møter: sakslista for en gruppe på 20 og på 60, høyst 15 spørringer, like mange ved begge; for 20 høyst 5 ganger den nakne.",
        "Referatet som PDF mot WeasyPrint på samme HTML.",
        "Framdriftsrapporten: åtte semestre; utkastet leser tall som er talt på forhånd, og siden skal svare innen ett sekund.",
        "Gjennomgangen av frister: like mange lesninger ved begge antall; skriving går i bunker på 20 000 rader.",
        "",
    ]


if __name__ == "__main__":
    sys.exit(main())
