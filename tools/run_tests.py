"""Runs the whole suite on SQLite and, where its services answer, once more on PostgreSQL with the browser journeys.

The fault tests, which start and kill processes of their own, run once, after the rest and one at a time.

REQUIRE_SERVICES=1 makes a missing PostgreSQL, Redis or Chromium a failure instead of a note.
TEST_DATABASE_URL, TEST_REDIS_URL and CHROMIUM say where they are. Arguments go on to pytest.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

BASE_DIR = Path(__file__).resolve().parent.parent
DATABASE_URL = os.environ.get("TEST_DATABASE_URL") or "postgres://postgres@127.0.0.1:5432/test"
REDIS_URL = os.environ.get("TEST_REDIS_URL") or "redis://127.0.0.1:6379/0"
NOTHING_CHOSEN = 5  # pytest's code when none of a suite's tests are among those the arguments name
# Settings of the installation on this machine must not reach the tests.
FOREIGN = (
    *("DEMO", "SECRET_KEY", "ALLOWED_HOSTS", "BASE_URL", "DATABASE_URL", "REDIS_URL", "BROKER_URL", "VAR_DIR", "STATIC_ROOT"),
    *("FIELD_KEYS", "HMAC_KEY", "VIRUS_SCAN", "ADMIN_ENABLED", "SECOND_FACTOR_ROLES", "EMAIL_HOST"),
    *("MAIL_LEASE_SECONDS", "MAIL_SWEEP_SECONDS"),
)


def why_no_postgresql(url: str) -> str:
    """Gives what is wrong with the PostgreSQL at the address, or "" when tests can make databases there."""
    import psycopg

    parts = urlsplit(url)
    server = parts._replace(scheme="postgresql", path="/postgres").geturl()
    try:
        with psycopg.connect(server, connect_timeout=3) as connection:
            row = connection.execute(
                "select rolcreatedb or rolsuper from pg_roles where rolname = current_user",
            ).fetchone()
    except psycopg.Error as error:
        return str(error).strip().splitlines()[0]
    return "" if row and row[0] else "the role may not create databases"


def why_no_redis(url: str) -> str:
    """Gives what is wrong with the Redis at the address, or ""."""
    import redis

    try:
        redis.Redis.from_url(url, socket_connect_timeout=3, socket_timeout=3).ping()
    except redis.RedisError as error:
        return str(error)
    return ""


def find_chromium() -> str:
    """Gives the path of a Chromium, or ""."""
    names = [os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome"]
    return next((path for name in names if name and (path := shutil.which(name))), "")


def run_suite(title: str, arguments: list[str], environment: dict[str, str], processes: int) -> int:
    """Runs pytest in so many processes beside its own and gives its exit code.

    Each process begins on a half of its own, so that what a module's tests share is made once; who is done first takes from the other.
    """
    print(f"\n== {title}", flush=True)
    command = [sys.executable, "-m", "pytest", "-n", str(processes), "--dist", "worksteal", *arguments]
    return subprocess.run(command, cwd=BASE_DIR, env=environment, check=False).returncode  # noqa: S603


def main(arguments: list[str]) -> int:
    """Runs what can be run and gives the first exit code of a failure, or else 0 when any test was run."""
    chromium = find_chromium()
    lacks = {
        "PostgreSQL": why_no_postgresql(DATABASE_URL),
        "Redis": why_no_redis(REDIS_URL),
        "Chromium": "" if chromium else "no chromium on the path; CHROMIUM names another",
    }
    missing = {name: reason for name, reason in lacks.items() if reason}
    for name, reason in missing.items():
        print(f"{name} is not there: {reason}", flush=True)
    if missing and os.environ.get("REQUIRE_SERVICES") == "1":
        print(f"REQUIRE_SERVICES=1: {', '.join(missing)} must be there.", flush=True)
        return 1

    on_postgresql = not ("PostgreSQL" in missing or "Redis" in missing)
    if not on_postgresql:
        print("LEFT OUT: the half on PostgreSQL, with the browser journeys. Only SQLite is tested.", flush=True)
    elif not chromium:
        print("LEFT OUT: the browser journeys.", flush=True)

    with tempfile.TemporaryDirectory(prefix="fagbrev-tests-") as var_dir:
        environment = {name: value for name, value in os.environ.items() if name not in FOREIGN}
        environment |= {"DEBUG": "1", "VAR_DIR": var_dir, "TEST_REDIS_URL": "" if "Redis" in missing else REDIS_URL}
        suites = [("SQLite", "not journey and not fault", environment, 2)]
        if on_postgresql:
            there = environment | {"DATABASE_URL": DATABASE_URL, "CHROMIUM": chromium}
            suites.append(("PostgreSQL", "not fault" if chromium else "not journey and not fault", there, 2))
        suites.append(("Faults", "fault", environment, 0))
        code = NOTHING_CHOSEN
        for title, selection, settings, processes in suites:
            answer = run_suite(title, ["-m", selection, *arguments], settings, processes)
            if answer not in {0, NOTHING_CHOSEN}:
                return answer
            code = min(code, answer)
        return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
