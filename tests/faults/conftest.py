"""The databases scenarios are copied from, and the counts at the end of the output."""

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.installation import BASE_DIR, PostgreSQL, SQLite, environment, finish, run

COUNTS = pytest.StashKey[list[str]]()


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """Gives by name what scenarios are made from: migrated, with people who have duties. Redis and PostgreSQL only where they are."""
    sys.path.insert(0, str(BASE_DIR / "tools"))
    try:
        import run_tests
    finally:
        sys.path.remove(str(BASE_DIR / "tools"))
    folder = tmp_path_factory.mktemp("templates")
    found: dict[str, Any] = {"embedded": SQLite(folder)}
    lacks = run_tests.why_no_postgresql(run_tests.DATABASE_URL) or run_tests.why_no_redis(run_tests.REDIS_URL)
    if not lacks:
        found["redis"] = PostgreSQL(run_tests.DATABASE_URL, run_tests.REDIS_URL)
    try:
        envs = [environment(folder / name, database.template, "") for name, database in found.items()]
        finish(*[run(["-m", "tests.faults.filling", "people"], env) for env in envs])
        yield found | ({"lacks": lacks} if lacks else {})
    finally:
        for database in found.values():
            database.end()


@pytest.fixture(params=["embedded", "redis"])
def database(request: pytest.FixtureRequest, databases: dict[str, Any]) -> Any:
    """Gives each in turn; what is not there is left out, or a failure when services are demanded."""
    if request.param not in databases:
        assert os.environ.get("REQUIRE_SERVICES") != "1", databases["lacks"]
        pytest.skip(databases["lacks"])
    return databases[request.param]


@pytest.fixture
def tell(request: pytest.FixtureRequest, record_property: Any) -> Any:
    """Gives a function that keeps counts for the end of the output."""
    started = time.monotonic()

    def keep(title: str, **counts: Any) -> None:
        counts["seconds"] = round(time.monotonic() - started)
        for name, count in counts.items():
            record_property(name, count)
        words = ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in counts.items())
        request.config.stash.setdefault(COUNTS, []).append(f"{title}: {words}")

    return keep


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Prints what was counted."""
    counts = config.stash.get(COUNTS, [])
    if counts:
        terminalreporter.section("faults")
        for line in counts:
            terminalreporter.line(line)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Gives the scenario's own folder."""
    return tmp_path
