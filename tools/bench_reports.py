"""Measures the progress report: counting it, hiding in it, its pages, and its PDF beside WeasyPrint alone on the same HTML.

Called by tools/bench.py (`measure_reports`); alone: tools/bench_reports.py [--sizes 500 20000] [--requests 30]. Each step runs in a
process of its own. A report goes over eight semesters. BENCH_DATABASE_URL as in tools/bench.py.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bench_served import ROOT, WARM_UP, ask, database, environment, p95, prepare, rows_of, server, session_of, step, vacuum

HEADINGS = ["Framdriftsrapport", "Deltakere", "Median ms", "p95 ms", "Spørringer", "Byte"]
EARLIER = timedelta(days=540)
LONGEST_PAGE_MS = 1000.0  # the page of a draft at 500


@dataclass(frozen=True)
class Measured:
    """One thing measured about the report at one size."""

    name: str
    size: int
    times: list[float]  # milliseconds
    queries: int
    length: int

    @property
    def cells(self) -> list[str]:
        """The row of the table."""
        queries, length = (str(number) if number else "" for number in (self.queries, self.length))
        return [self.name, str(self.size), f"{statistics.median(self.times):.1f}", f"{p95(self.times):.1f}", queries, length]


def make() -> None:
    """Counts and publishes reports among the participants there are, and prints what it took as JSON. Runs in a process of its own."""
    import django

    django.setup()
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from fagbrev.dates import semester_of
    from fagbrev.people.models import User
    from meetings.actions.reports import made_report, publish_report
    from meetings.models import ProgressReport, ReportNumbers
    from meetings.report_content import content_of, held_against_others, keep_words
    from meetings.report_hiding import opened
    from meetings.report_numbers import counted

    today, by, told = date.today(), User.objects.order_by("pk")[0], dict[str, Any]()
    _spread()
    vacuum()
    semester = semester_of(today)
    made = []
    for funder in ("", "imdi"):
        report = ProgressReport.objects.create(
            first_on=semester.first, last_on=semester.last, as_of=min(today, semester.last), funder=funder,
            short="Kort fortalt.", asks="å hjelpe", status="Status.", resources="", challenges="", plans="",
        )  # fmt: skip
        begun = time.perf_counter()
        with CaptureQueriesContext(connection) as asked:
            content = counted(report)
        told.setdefault("count", (1000 * (time.perf_counter() - begun), len(asked)))
        told["semesters"] = len(content["periods"])
        report.numbers = ReportNumbers.objects.create(report=report, content=content, counted_at=timezone.now())
        begun = time.perf_counter()
        held_against_others(report, report.numbers, 5)
        told.setdefault("hide", 1000 * (time.perf_counter() - begun))
        keep_words(report, today)
        made.append(report)
    whole = made[0]
    content = opened(content_of(whole, published_on=today, author="Ingrid Demo", municipality="Eksempelvik"))
    told["pdf"], told["weasyprint"] = _pdf(content)
    begun = time.perf_counter()
    with made_report(report=whole, stamp=whole.numbers.stamp, by=by, now=timezone.now()) as ready:
        publish_report(report=whole, made=ready, shows_closed=False, by=by)
    told["publish"] = 1000 * (time.perf_counter() - begun)
    told["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    vacuum()
    told |= {"published": whole.public_id, "draft": made[1].public_id, "session": session_of(by)}
    print(json.dumps(told))


def _spread() -> None:
    """Puts those who have ended so much earlier that eight semesters have something in them."""
    from django.db.models import F

    from participants.models import Enrolment, Referral, StatusChange
    from participants.workflow import ENDED

    ended = Enrolment.objects.filter(status__in=ENDED)
    Referral.objects.filter(enrolment__in=ended).update(referred_on=F("referred_on") - EARLIER)
    StatusChange.objects.filter(enrolment__in=ended).update(happened_on=F("happened_on") - EARLIER)
    ended.update(started_on=F("started_on") - EARLIER, ended_on=F("ended_on") - EARLIER)


def _pdf(content: dict[str, Any]) -> tuple[list[float], list[float]]:
    """The time of the product's PDF, and of WeasyPrint alone in a process of its own on the same HTML with the same files."""
    from django.conf import settings
    from django.template.loader import render_to_string

    from meetings.report_files import pdf_of
    from meetings.report_page import page_of

    own, bare = [], []
    html = render_to_string(
        "meetings/pdf/report.html",
        {"report": page_of(content), "pdf_title": "x", "municipality": "x", "service_name": "x", "logo_url": ""},
    ).replace(settings.STATIC_URL, f"file://{ROOT}/static/")
    alone = "import sys, weasyprint; weasyprint.HTML(string=sys.stdin.read()).write_pdf(pdf_variant='pdf/ua-1', pdf_tags=True)"
    for _turn in range(5):
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", alone], input=html.encode(), check=True, capture_output=True)  # noqa: S603
        bare.append(1000 * (time.perf_counter() - begun))
        begun = time.perf_counter()
        pdf_of(content)
        own.append(1000 * (time.perf_counter() - begun))
    return own, bare


def measure_reports(size: int, count: int, url: str, var: str) -> list[Measured]:
    """Measures everything with `size` participants."""
    env = environment(url, var)
    with database(url):
        prepare(env)
        step(env, "--seed", str(size), "--without-duties")
        command = [sys.executable, str(Path(__file__).resolve()), "--make"]
        told = subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603
        known = json.loads(told.strip().splitlines()[-1])
        found = [
            Measured(f"Telle {known['semesters']} semestre", size, [known["count"][0]], known["count"][1], 0),
            Measured("Finne hva som skjules", size, [known["hide"]], 0, 0),
            Measured("Publisere, med PDF og Excel", size, [known["publish"]], 0, 0),
            Measured("PDF", size, known["pdf"], 0, 0),
            Measured("PDF, WeasyPrint alene på samme HTML", size, known["weasyprint"], 0, 0),
        ]
        addresses = [
            ("Utkast", f"/rapporter/{known['draft']}/"), ("Publisert rapport", f"/rapporter/{known['published']}/"),
            ("Ett tall", f"/rapporter/{known['published']}/tall/now/"),
            ("Personene bak et tall", f"/rapporter/{known['published']}/tall/now/personer/?celle=all&fag=all"),
            ("Registrer før rapporten", "/rapporter/mangler/"),
        ]  # fmt: skip
        with server(env):
            found += [_page(name, size, address, known["session"], count) for name, address in addresses]
    for one in found:
        print(f"{one.name} ({size}): {statistics.median(one.times):.1f} ms, {one.queries} spørringer", flush=True)
    return found


def _page(name: str, size: int, url: str, session: str, count: int) -> Measured:
    for _turn in range(min(WARM_UP, 5)):
        status = ask(url, session)[1]
        if status != 200:
            raise SystemExit(f"{url} svarte {status}")
    times = [ask(url, session)[0] for _turn in range(count)]
    _spent, _status, body, queries = ask(url, session, **{"X-Count": "1"})
    return Measured(name, size, times, int(queries or 0), len(body))


def table(found: list[Measured]) -> list[str]:
    """Gives what was measured as a Markdown table."""
    return rows_of(HEADINGS, *[one.cells for one in found])


def problems(found: list[Measured]) -> list[str]:
    """Gives what is beyond the goals, in words: a draft within a second at the smallest size, and as many queries for few as for many."""
    smallest = min((one.size for one in found), default=0)
    missed = [
        f"Utkast ({one.size}): {statistics.median(one.times):.0f} ms" for one in found
        if one.name == "Utkast" and one.size == smallest and statistics.median(one.times) > LONGEST_PAGE_MS
    ]  # fmt: skip
    for one in found:
        missed += [
            f"{one.name}: {one.queries} spørringer ved {one.size}, {other.queries} ved {other.size}"
            for other in found
            if other.name == one.name and other.size > one.size and other.queries != one.queries
        ]
    return missed


def main() -> int:
    """Runs the measurement of reports alone; gives 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=[500, 20000])
    parser.add_argument("--requests", type=int, default=30)
    parser.add_argument("--make", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.make:
        make()
        return 0
    url = os.environ.get("BENCH_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/fagbrev_bench_reports")
    with tempfile.TemporaryDirectory() as var:
        found = [one for size in chosen.sizes for one in measure_reports(size, chosen.requests, url, var)]
    print("\n".join(table(found)))
    missed = problems(found)
    print("\n".join(missed) if missed else "Alle mål er nådd.")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
