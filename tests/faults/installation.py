"""An installation of a scenario's own: database, broker, folder, mail server, and the product's worker and beat as processes."""

import base64
import ctypes
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import redis

BASE_DIR = Path(__file__).resolve().parents[2]
KEY = base64.b64encode(b"k" * 32).decode()
# A mail server has two thirds of the lease; one on loopback needs milliseconds, but two cores may have much else to do.
LEASE_SECONDS = 9
SWEEP_SECONDS = 2
# From the server's acceptance to its answer: wide enough that some of the killed die in it.
ANSWER_SECONDS = 0.02
CONCURRENCY = 2
HOST = "fagbrev.example.no"
RESERVED = "fagbrev-fault-test"
TAKEN_OVER = ": the process that had it ended"


def wait_for(what: Callable[[], Any], *, seconds: float, saying: Callable[[], str], every: float = 0.05) -> Any:
    """Gives what the function gives once that is true. Raises AssertionError with what is said after so many seconds."""
    deadline = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < deadline, saying()
        time.sleep(every)
    return found


class SQLite:
    """A file; the broker is a folder."""

    name = "embedded"

    def __init__(self, folder: Path) -> None:
        self.file = folder / "template.sqlite3"
        self.template = f"sqlite:///{self.file}"

    @contextmanager
    def copy(self, folder: Path) -> Iterator[tuple[str, str]]:
        """Gives the addresses of a database like the template and of an empty broker, for as long as it lasts."""
        target = folder / "fagbrev.sqlite3"
        with closing(sqlite3.connect(self.file)) as source, closing(sqlite3.connect(target)) as copied:
            source.backup(copied)
        yield f"sqlite:///{target}", ""

    def query(self, url: str, sql: str) -> list[tuple[Any, ...]]:
        """Gives the rows."""
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), timeout=20)) as connection:
            return connection.execute(sql).fetchall()

    def end(self) -> None:
        """The folder goes by itself."""


class PostgreSQL:
    """An own database on the server of the tests; the broker is an own, empty database of Redis."""

    name = "redis"

    def __init__(self, server: str, redis_url: str) -> None:
        self.server, self.redis_url = urlsplit(server)._replace(scheme="postgresql"), redis_url
        self.template_name = f"fagbrev_fault_{os.getpid()}"
        self.template = self._url(self.template_name)
        self._admin(f"DROP DATABASE IF EXISTS {self.template_name} WITH (FORCE)", f"CREATE DATABASE {self.template_name}")

    def _url(self, name: str) -> str:
        return self.server._replace(path=f"/{name}").geturl()

    def _admin(self, *statements: str) -> None:
        with psycopg.connect(self._url("postgres"), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    @contextmanager
    def copy(self, folder: Path) -> Iterator[tuple[str, str]]:
        """Gives the addresses of a database like the template and of an empty broker, for as long as it lasts."""
        name = f"{self.template_name}_copy"
        drop = f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"
        self._admin(drop, f"CREATE DATABASE {name} TEMPLATE {self.template_name}")
        try:
            with self._broker() as broker:
                yield self._url(name), broker
        finally:
            self._admin(drop)

    @contextmanager
    def _broker(self) -> Iterator[str]:
        """Keeps one of Redis' databases for this process: an empty one, or one whose keeper is gone."""
        for number in range(15, 0, -1):
            url = urlsplit(self.redis_url)._replace(path=f"/{number}").geturl()
            with closing(redis.Redis.from_url(url)) as client:
                keeper = client.get(RESERVED)
                if keeper and not Path("/proc", keeper.decode()).exists():
                    client.flushdb()
                if client.dbsize() == 0 and client.set(RESERVED, os.getpid(), nx=True):
                    try:
                        yield url
                    finally:
                        client.flushdb()
                    return
        raise AssertionError("none of Redis' databases 1 to 15 is empty")

    def query(self, url: str, sql: str) -> list[tuple[Any, ...]]:
        """Gives the rows."""
        with psycopg.connect(url) as connection:
            return connection.execute(sql).fetchall()

    def end(self) -> None:
        """Drops the template."""
        self._admin(f"DROP DATABASE IF EXISTS {self.template_name} WITH (FORCE)")


def environment(var_dir: Path, database: str, broker: str, port: int = 25) -> dict[str, str]:
    """Gives the environment of a production installation; nothing of this machine's own reaches it."""
    temporary = var_dir / "tmp"
    temporary.mkdir(parents=True, exist_ok=True)
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH") if name in os.environ}
    return kept | {
        "PYTHONUNBUFFERED": "1",
        "TMPDIR": str(temporary),
        "VAR_DIR": str(var_dir),
        "SECRET_KEY": "made-up-for-this-test-" + "s" * 40,
        "FIELD_KEYS": f"k1:{KEY}",
        "HMAC_KEY": KEY,
        "VIRUS_SCAN": "none",
        "ALLOWED_HOSTS": HOST,
        "BASE_URL": f"https://{HOST}",
        "DATABASE_URL": database,
        "BROKER_URL": broker,
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(port),
        "MAIL_LEASE_SECONDS": str(LEASE_SECONDS),
        "MAIL_SWEEP_SECONDS": str(SWEEP_SECONDS),
        "SCAN_AT": "00:00",
    }


def run(arguments: list[str], env: dict[str, str]) -> subprocess.Popen[str]:
    """Starts a Python process of the installation that is talked with."""
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", *arguments], cwd=BASE_DIR, env=env, text=True, preexec_fn=end_with_parent,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def finish(*processes: subprocess.Popen[str], seconds: float = 120) -> list[str]:
    """Gives what each process said. Raises AssertionError when one failed or did not end."""
    said = []
    try:
        for process in processes:
            out, complaint = process.communicate(timeout=seconds)
            assert process.returncode == 0, complaint
            said.append(out)
    finally:
        for process in processes:
            process.kill()
            process.communicate()
    return said


def end_with_parent() -> None:
    """Asks the kernel to kill this process when the one that started it is gone (Linux)."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


@dataclass
class Part:
    """A worker or a beat: a process with a group of its own, and what it says in a file."""

    command: list[str]
    log: Path
    process: subprocess.Popen[bytes]

    def is_ready(self) -> bool:
        """Tells whether it has begun to take work."""
        return self.process.poll() is None and " ready." in self.log.read_text(errors="replace")

    def kill(self) -> None:
        """Kills the whole group at once, with no time to tidy up."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@dataclass
class Installation:
    """A running installation; what it holds is asked of its database and of the mail server's notes."""

    folder: Path
    env: dict[str, str]
    database: SQLite | PostgreSQL
    parts: list[Part] = field(default_factory=list)
    started: int = 0

    @property
    def notes(self) -> Path:
        """Where the mail server writes what it has taken."""
        return self.folder / "taken.jsonl"

    def start(self, kind: str, *options: str) -> Part:
        """Starts a part as the product starts it."""
        self.started += 1
        log = self.folder / f"{kind}-{self.started}.log"
        command = [sys.executable, "-W", "ignore", "-m", "celery", "-A", "fagbrev", kind, "--loglevel", "INFO", *options]
        with log.open("wb") as file:
            process = subprocess.Popen(
                command, cwd=BASE_DIR, env=self.env, stdin=subprocess.DEVNULL, stdout=file, stderr=file, start_new_session=True,
                preexec_fn=end_with_parent,
            )  # fmt: skip
        part = Part(command, log, process)
        self.parts.append(part)
        return part

    def start_worker(self) -> Part:
        """Starts a worker: on Redis as the container does, on the folder as the demo does."""
        threads = ["-P", "threads", "--without-gossip", "--without-mingle"] if self.database.name == "embedded" else []
        return self.start("worker", "-c", str(CONCURRENCY), "-n", f"worker{self.started}@fault", *threads)

    def start_beat(self) -> Part:
        """Starts a beat, with its own file of when it did what."""
        return self.start("beat", "--pidfile=", "--schedule", str(self.folder / f"beat-{self.started}"))

    def fill(self, what: str, count: int) -> None:
        """Puts mails in the outbox."""
        finish(run(["-m", "tests.faults.filling", what, str(count)], self.env))

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Gives rows of the database."""
        return self.database.query(self.env["DATABASE_URL"], sql)

    def unsent(self) -> int:
        """Gives how many mails wait."""
        return self.query("select count(*) from fagbrev_outgoingmail where sent_at is null and dropped_at is null")[0][0]

    def taken(self) -> list[dict[str, Any]]:
        """Gives what the mail server has taken, in its order."""
        lines = self.notes.read_text().split("\n")[:-1]  # what stands after the last newline is half a note
        return [json.loads(line) for line in lines]

    def count_taken(self) -> int:
        """Gives how many mails the mail server has taken, quickly."""
        return self.notes.read_bytes().count(b"\n")

    def taken_over(self) -> set[str]:
        """Gives the ids of the mails that were sent anew because their process had ended, by what the workers say."""
        lines = [line for log in self.folder.glob("worker-*.log") for line in log.read_text(errors="replace").splitlines()]
        return {line.partition(TAKEN_OVER)[0].rpartition("mail ")[2] for line in lines if TAKEN_OVER in line}

    def all_live(self) -> bool:
        """Tells whether every part that was not killed still runs."""
        return all(part.process.poll() is None for part in self.parts)

    def said(self) -> str:
        """Gives the last words of every part."""
        words = [f"{self.unsent()} wait, {self.count_taken()} were taken"]
        for part in self.parts:
            words += [
                f"--- {part.log.name} (code {part.process.poll()})",
                *part.log.read_text(errors="replace").splitlines()[-25:],
            ]
        words += [str(row) for row in self.query("select * from fagbrev_outgoingmail where sent_at is null limit 5")]
        return "\n".join(words)


@contextmanager
def installed(database: SQLite | PostgreSQL, folder: Path) -> Iterator[Installation]:
    """Gives an installation like the template with a mail server; every process of it is killed at the end."""
    with database.copy(folder) as (url, broker):
        notes = folder / "taken.jsonl"
        notes.touch()
        server = run(["-m", "tests.faults.mail_server", str(notes), str(ANSWER_SECONDS)], environment(folder, url, broker))
        installation = Installation(folder, {}, database)
        try:
            assert server.stdout
            port = server.stdout.readline().strip()
            assert port.isdigit(), server.communicate(timeout=5)[1]
            installation.env = environment(folder, url, broker, int(port))
            yield installation
        finally:
            for part in installation.parts:
                if part.process.poll() is None:
                    part.kill()
            server.kill()
            server.communicate()
