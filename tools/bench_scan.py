"""Measures the daily scan of duties, the first and the next day's, and what one act costs.

Called by tools/bench.py; each step runs in a process of its own, so that memory is its own.
"""

from __future__ import annotations

import json
import statistics
import time
from datetime import date, timedelta
from typing import Any

from bench_served import database, environment, prepare, step

HEADINGS = [
    "Frister", "Deltakere", "Tid", "Spørringer", "Av dem lesning", "Høyeste minne, MB", "Frister i tabellen", "Varsler",
]  # fmt: skip
STEPS = (("first", "Første gjennomgang"), ("next", "Neste dags gjennomgang"), ("one", "Etter én handling"))


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
    """Measures every step with `size` participants."""
    env = environment(url, var)
    rows = []
    with database(url):
        prepare(env)
        step(env, "--seed", str(size), "--without-duties")
        for key, name in STEPS:
            known = step(env, "--scan-step", key)
            spent = f"{known['median_ms']} ms" if key == "one" else f"{known['seconds']} s"
            rows.append(
                [name, f"{size}", spent, f"{known['queries']}", f"{known['reads']}",
                 f"{known['memory']} ({known['before']} før)", f"{known['duties']}", f"{known['notices']}"]
            )  # fmt: skip
            print(
                f"{name} ({size}): {spent}, {known['queries']} spørringer ({known['reads']} lesninger), {known['memory']} MB",
                flush=True,
            )
    return rows


def problems(rows: list[list[str]]) -> list[str]:
    """Gives what is beyond the goals, in words: as many reads for few as for many."""
    return [
        f"{one[0]}: {one[4]} lesninger ved {one[1]}, {other[4]} ved {other[1]}"
        for one in rows for other in rows if one[0] == other[0] and int(one[1]) < int(other[1]) and one[4] != other[4]
    ]  # fmt: skip
