"""What every measurement shares: a production installation on a database of its own, and questions to it, timed.

Called by tools/bench.py and its parts; each step that needs Django runs in a process of its own.
"""

from __future__ import annotations

import base64
import http.client
import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
BENCH = ROOT / "tools" / "bench.py"
PORT = int(os.environ.get("BENCH_PORT", "8199"))
WARM_UP = 20


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


def prepare(env: dict[str, str]) -> None:
    """Makes the tables of an empty database, and the static files once for all measurements."""
    steps = [["migrate", "-v", "0"], ["createcachetable"]]
    if not (Path(env["VAR_DIR"]) / "staticfiles").exists():
        steps.append(["collectstatic", "--noinput", "-v", "0"])
    for arguments in steps:
        subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=env, check=True)  # noqa: S603


def step(env: dict[str, str], *arguments: str) -> Any:
    """Runs one step of tools/bench.py in a process of its own, and gives what it told as JSON."""
    command = [sys.executable, str(BENCH), *arguments]
    told = subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603
    return json.loads(told.strip().splitlines()[-1])


def session_of(user: Any) -> str:
    """Gives the key of a new session in which the user is signed in."""
    from django.contrib.sessions.backends.db import SessionStore

    session, now = SessionStore(), int(time.time())
    session.update(
        {
            "_auth_user_id": str(user.pk), "_auth_user_backend": "allauth.account.auth_backends.AuthenticationBackend",
            "_auth_user_hash": user.get_session_auth_hash(), "has_second_factor": True, "signed_in_at": now, "seen_at": now,
        }
    )  # fmt: skip
    session.save()
    return str(session.session_key)


def vacuum() -> None:
    """Lets PostgreSQL know its new rows."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


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


def ask(url: str, session: str, *, sent: str | None = None, **headers: str) -> tuple[float, int, bytes, str]:
    """Asks once, or posts the form that is sent; gives milliseconds, status, body and, when asked for, the number of queries."""
    told = {"X-Forwarded-Proto": "https", "Cookie": f"__Host-sessionid={session}"}
    if sent is not None:
        token = secrets.token_hex(16)  # 32 characters, as Django's own
        told["Cookie"] += f"; __Host-csrftoken={token}"
        told |= {"X-CSRFToken": token, "Origin": f"https://127.0.0.1:{PORT}"}
        told["Content-Type"] = "application/x-www-form-urlencoded"
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    begun = time.perf_counter()
    connection.request("GET" if sent is None else "POST", url, body=sent, headers=told | headers)
    response = connection.getresponse()
    body = response.read()
    spent = (time.perf_counter() - begun) * 1000
    connection.close()
    return spent, response.status, body, response.headers.get("X-Queries", "")


def rows_of(*rows: list[str]) -> list[str]:
    """Gives a Markdown table: the first row is the headings."""
    return ["| " + " | ".join(row) + " |" for row in (rows[0], ["---"] * len(rows[0]), *rows[1:])]
