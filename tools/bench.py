"""Measures the pages that must be fast, beside bare views of the same rows, on PostgreSQL with few and with many participants.

Usage: tools/bench.py [--sizes 500 20000] [--scan-sizes 500 100000] [--requests 200] [--write docs/bench.md].
BENCH_DATABASE_URL names a database that is made anew for each size and dropped after; it must be on a server where the user may
create databases.
"""

from __future__ import annotations

import argparse
import base64
import http.client
import json
import os
import platform
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_URL = "postgres://postgres@127.0.0.1:5432/fagbrev_bench"
PORT = 8199
WARM_UP = 20
FILTERED = "fase=training&fase=trade_test&sorter=kontrakt"
MOST_QUERIES, MOST_QUERIES_RECORD, MOST_QUERIES_HOME, MOST_BYTES = 12, 15, 24, 60_000
HEADINGS = ["Side", "Deltakere", "Median ms", "p95 ms", "Naken median ms", "Naken p95 ms", "Forhold", "Spørringer", "Byte", "Mål"]
FOLLOWED = ((10, 12), (200, 60))  # visits of one participant, members of a class
FOLLOWUP_HEADINGS = ["Oppfølging", "Besøk", "I klassen", "Median ms", "p95 ms", "Spørringer", "Byte"]
SCAN_HEADINGS = [
    "Frister", "Deltakere", "Tid", "Spørringer", "Av dem lesning", "Høyeste minne, MB", "Frister i tabellen", "Varsler",
]  # fmt: skip


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


def p95(times: list[float]) -> float:
    """Gives the 95th percentile."""
    return sorted(times)[int(len(times) * 0.95) - 1]


def environment(url: str, var: str) -> dict[str, str]:
    """Gives the environment of a production installation with secrets of this run."""
    kept = {key: value for key, value in os.environ.items() if key in {"PATH", "HOME", "LANG", "TZ"}}
    return kept | {
        "DEBUG": "0", "DEMO": "0", "ALLOW_SYNTHETIC_IDS": "1", "SECRET_KEY": secrets.token_hex(40),
        "FIELD_KEYS": f"k1:{base64.b64encode(secrets.token_bytes(32)).decode()}",
        "HMAC_KEY": base64.b64encode(secrets.token_bytes(32)).decode(), "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "BASE_URL": f"https://127.0.0.1:{PORT}", "VIRUS_SCAN": "none", "VAR_DIR": var, "DATABASE_URL": url, "LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "tools.bench_settings", "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore",
    }  # fmt: skip


@contextmanager
def database(url: str) -> Iterator[None]:
    """Makes the database empty, and drops it after."""
    import psycopg
    from psycopg import sql

    parts = urlsplit(url)
    name = parts.path.lstrip("/")
    if "bench" not in name:
        raise SystemExit("BENCH_DATABASE_URL må navngi en base med «bench» i navnet: den slettes etterpå.")
    server = parts._replace(scheme="postgresql", path="/postgres").geturl()

    def drop() -> None:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    drop()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield
    finally:
        drop()


def seed(size: int, *, with_duties: bool = True) -> None:
    """Fills the database and prints, as JSON, the session and the participant to measure with. Runs in a process of its own."""
    import django

    django.setup()
    from django.contrib.sessions.backends.db import SessionStore
    from django.db import connection

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
    session = SessionStore()
    now = int(time.time())
    session.update(
        {
            "_auth_user_id": str(user.pk), "_auth_user_backend": "allauth.account.auth_backends.AuthenticationBackend",
            "_auth_user_hash": user.get_session_auth_hash(), "has_second_factor": True, "signed_in_at": now, "seen_at": now,
        }
    )  # fmt: skip
    session.save()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    person = Enrolment.objects.filter(status="training", trade__isnull=False).order_by("pk")[3].participant.public_id
    print(json.dumps({"session": session.session_key, "person": person, "seconds": round(seconds, 1)}))


def scan_once(step: str) -> None:
    """Measures one step of the duties' work and prints it as JSON. Runs in a process of its own, so that memory is its own."""
    import resource

    import django

    django.setup()
    from django.db import connection

    from fagbrev.duties.engine import refresh
    from fagbrev.duties.models import Duty, Notice
    from fagbrev.duties.scan import scan
    from participants.models import Enrolment

    asked: list[str] = []

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append(sql)
        return execute(sql, params, many, context)

    connection.ensure_connection()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    today = date.today()
    turns: list[float] = []
    with connection.execute_wrapper(count):
        begun = time.perf_counter()
        if step == "first":
            scan(today=today)
        elif step == "next":
            scan(today=today + timedelta(days=1))
        else:
            people = list(
                Enrolment.objects.filter(status="training").order_by("pk").values_list("participant_id", flat=True)[:50]
            )
            asked.clear()
            for person in people:
                one = time.perf_counter()
                refresh(today=today, people={person})
                turns.append((time.perf_counter() - one) * 1000)
        seconds = time.perf_counter() - begun
    told = {
        "seconds": round(seconds, 2), "queries": len(asked) // (len(turns) or 1),
        "reads": sum(one.lstrip(" (").startswith("SELECT") for one in asked) // (len(turns) or 1),
        "memory": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024), "before": round(before),
        "duties": Duty.objects.count(), "notices": Notice.objects.count(), "median_ms": round(statistics.median(turns), 1) if turns else 0,
    }  # fmt: skip
    print(json.dumps(told))


def measure_scan(size: int, url: str, var: str) -> list[list[str]]:
    """Measures the daily scan, the first and the next day's, and what one act costs, with `size` participants."""
    env = environment(url, var)
    rows = []
    with database(url):
        manage = [sys.executable, "manage.py"]
        for arguments in (["migrate", "-v", "0"], ["createcachetable"]):
            subprocess.run([*manage, *arguments], cwd=ROOT, env=env, check=True)  # noqa: S603
        command = [sys.executable, __file__, "--seed", str(size), "--without-duties"]
        subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True)  # noqa: S603
        steps = (("first", "Første gjennomgang"), ("next", "Neste dags gjennomgang"), ("one", "Etter én handling"))
        for step, name in steps:
            command = [sys.executable, __file__, "--scan-step", step]
            told = subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True, text=True).stdout  # noqa: S603
            known = json.loads(told.strip().splitlines()[-1])
            spent = f"{known['median_ms']} ms" if step == "one" else f"{known['seconds']} s"
            rows.append(
                [name, f"{size}", spent, f"{known['queries']}", f"{known['reads']}",
                 f"{known['memory']} ({known['before']} før)", f"{known['duties']}", f"{known['notices']}"]
            )  # fmt: skip
            print(
                f"{name} ({size}): {spent}, {known['queries']} spørringer ({known['reads']} lesninger), {known['memory']} MB",
                flush=True,
            )
    return rows


def measure_followup(count: int, url: str, var: str) -> list[list[str]]:
    """Measures the pages of follow-up with few and with many visits of one participant, among 500."""
    env = environment(url, var)
    rows = []
    with database(url):
        manage = [sys.executable, "manage.py"]
        for arguments in (["migrate", "-v", "0"], ["createcachetable"]):
            subprocess.run([*manage, *arguments], cwd=ROOT, env=env, check=True)  # noqa: S603
        command = [sys.executable, __file__, "--seed", "500", "--without-duties"]
        subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True)  # noqa: S603
        for visits, members in FOLLOWED:
            command = [sys.executable, __file__, "--seed-followup", str(visits), str(members)]
            told = subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True, text=True).stdout  # noqa: S603
            known = json.loads(told.strip().splitlines()[-1])
            with server(env):
                for name, role, address in followup_pages(known):
                    for _turn in range(WARM_UP):
                        status = ask(address, known[role])[1]
                        if status != 200:
                            raise SystemExit(f"{address} svarte {status}")
                    times = [ask(address, known[role])[0] for _turn in range(count)]
                    _spent, _status, body, queries = ask(address, known[role], **{"X-Count": "1"})
                    middle = f"{statistics.median(times):.1f}"
                    rows.append([name, f"{visits}", f"{members}", middle, f"{p95(times):.1f}", queries, f"{len(body)}"])
                    print(f"{name} ({visits} besøk, {members} i klassen): {middle} ms, {queries} spørringer", flush=True)
    return rows


def followup_pages(known: dict[str, str]) -> list[tuple[str, str, str]]:
    """Gives name, who asks, and address of each page of follow-up that is measured."""
    person = f"/deltakere/{known['person']}/"
    return [
        ("Logg besøk", "faglaerer", f"/besok/nytt/?deltaker={known['person']}"),
        ("Besøk, lista", "faglaerer", "/besok/"),
        ("Én deltaker, to år", "koordinator", person),
        ("Deltakerens besøk", "koordinator", f"{person}besok/"),
        ("Deltakerens mål", "faglaerer", f"{person}mal/"),
        ("Deltakerens fravær", "koordinator", f"{person}fravar/"),
        ("Månedens tema", "faglaerer", f"/temaer/{known['month']}/?fag=BUA"),
        ("Klassen", "norsklaerer", f"/klassen/{known['cohort']}/"),
    ]


@contextmanager
def server(env: dict[str, str]) -> Iterator[None]:
    """Serves with two processes until the block ends."""
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "fagbrev.wsgi:application",
        "-w",
        "2",
        "-b",
        f"127.0.0.1:{PORT}",
        "--log-level",
        "error",
    ]
    running = subprocess.Popen(command, cwd=ROOT, env=env)  # noqa: S603
    try:
        for _attempt in range(200):
            try:
                ask("/healthz", "")
                break
            except OSError:
                time.sleep(0.1)
        yield
    finally:
        running.terminate()
        running.wait(20)


def ask(url: str, session: str, **headers: str) -> tuple[float, int, bytes, str]:
    """Asks once; gives milliseconds, status, body and the number of queries when that was asked for."""
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    begun = time.perf_counter()
    sent = {"X-Forwarded-Proto": "https", "Cookie": f"__Host-sessionid={session}"} | headers
    connection.request("GET", url, headers=sent)
    response = connection.getresponse()
    body = response.read()
    spent = (time.perf_counter() - begun) * 1000
    connection.close()
    return spent, response.status, body, response.headers.get("X-Queries", "")


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
        manage = [sys.executable, "manage.py"]
        subprocess.run([*manage, "migrate", "-v", "0"], cwd=ROOT, env=env, check=True)  # noqa: S603
        subprocess.run([*manage, "createcachetable"], cwd=ROOT, env=env, check=True)  # noqa: S603
        if not (Path(var) / "staticfiles").exists():
            subprocess.run([*manage, "collectstatic", "--noinput", "-v", "0"], cwd=ROOT, env=env, check=True)  # noqa: S603
        command = [sys.executable, __file__, "--seed", str(size)]
        told = subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True, text=True).stdout  # noqa: S603
        known = json.loads(told.strip().splitlines()[-1])
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
    rows = [HEADINGS, ["---"] * len(HEADINGS), *[figures.cells(smallest) for figures in found]]
    return ["| " + " | ".join(row) + " |" for row in rows]


def main() -> int:
    """Runs the whole measurement; gives 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[500, 20000])
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--write", type=Path)
    parser.add_argument("--scan-sizes", type=int, nargs="*", default=[500, 100000])
    parser.add_argument("--without-followup", action="store_true")
    parser.add_argument("--seed-followup", type=int, nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--seed", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--without-duties", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--scan-step", choices=["first", "next", "one"], help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.seed:
        seed(chosen.seed, with_duties=not chosen.without_duties)
        return 0
    if chosen.seed_followup:
        from bench_followup import seed as seed_followup

        seed_followup(*chosen.seed_followup)
        return 0
    if chosen.scan_step:
        scan_once(chosen.scan_step)
        return 0
    url = os.environ.get("BENCH_DATABASE_URL", DEFAULT_URL)
    found: list[Figures] = []
    with tempfile.TemporaryDirectory() as var:
        for size in chosen.sizes:
            found += run(size, chosen.requests, url, var)
        followed = [] if chosen.without_followup else measure_followup(chosen.requests, url, var)
        scans = [row for size in chosen.scan_sizes for row in measure_scan(size, url, var)]
    lines = table(found)
    if followed:
        lines += [
            "",
            *("| " + " | ".join(row) + " |" for row in [FOLLOWUP_HEADINGS, ["---"] * len(FOLLOWUP_HEADINGS), *followed]),
        ]
    if scans:
        lines += ["", *("| " + " | ".join(row) + " |" for row in [SCAN_HEADINGS, ["---"] * len(SCAN_HEADINGS), *scans])]
    print("\n".join(lines))
    smallest = min(chosen.sizes)
    problems = [
        f"{one[0]}: {one[4]} lesninger ved {one[1]}, {other[4]} ved {other[1]}"
        for one in scans for other in scans if one[0] == other[0] and int(one[1]) < int(other[1]) and one[4] != other[4]
    ]  # fmt: skip
    problems += [
        f"{one[0]}: {one[5]} spørringer med {one[1]} besøk, {other[5]} med {other[1]}"
        for one in followed for other in followed if one[0] == other[0] and int(one[1]) < int(other[1]) and one[5] != other[5]
    ]  # fmt: skip
    problems += [f"{f.page.name} ({f.size}): {problem}" for f in found for problem in f.problems(smallest)]
    for first in found:
        problems += [
            f"{first.page.name}: {first.queries} spørringer ved {first.size}, {other.queries} ved {other.size}"
            for other in found if other.page.name == first.page.name and other.size > first.size and other.queries != first.queries
        ]  # fmt: skip
    print("\n".join(problems) if problems else "Alle mål er nådd.")
    if chosen.write:
        chosen.write.write_text("\n".join(document(lines, chosen.requests)), encoding="utf-8")
    return 1 if problems else 0


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
        "Gjennomgangen av frister: like mange lesninger ved begge antall; skriving går i bunker på 20 000 rader.",
        "",
    ]


if __name__ == "__main__":
    sys.exit(main())
