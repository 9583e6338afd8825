"""Sets up the demo on this machine and serves it in the foreground: web, worker and beat, which live and die together.

With --development the web server reloads when code changes, on data of its own.
"""

import argparse
import ctypes
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from typing import IO

BASE_DIR = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
STOP_SECONDS = 10
ACCOUNTS = (
    ("koordinator", "koordinator"),
    ("faglaerer.bua", "faglærer i barne- og ungdomsarbeiderfaget"),
    ("faglaerer.helse", "faglærer i helsearbeiderfaget"),
    ("faglaerer.renhold", "faglærer i renholdsoperatørfaget"),
    ("norsklaerer", "norsklærer"),
    ("fadder", "fadder"),
    ("leder", "leder på et arbeidssted"),
    ("styringsgruppe", "medlem av styringsgruppen"),
    ("deltaker", "deltaker"),
)


def demo_environment(var_dir: Path, port: int) -> dict[str, str]:
    """Gives the environment of the demo; nothing set for another installation on this machine reaches it."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "fagbrev.settings",
        "PYTHONUNBUFFERED": "1",
        "DEBUG": "1",
        "DEMO": "1",
        "VAR_DIR": str(var_dir),
        "STATIC_ROOT": str(var_dir / "staticfiles"),
        "BASE_URL": f"http://localhost:{port}",
        "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
        "DATABASE_URL": "",
        "REDIS_URL": "",
        "BROKER_URL": "",
        "SECRET_KEY": "",
        "FIELD_KEYS": "",
        "HMAC_KEY": "",
        "EMAIL_HOST": "",
        "CSRF_TRUSTED_ORIGINS": "",
        "ADMIN_ENABLED": "0",
        "ALLOW_SYNTHETIC_IDS": "1",
        "VIRUS_SCAN": "none",
        "SECOND_FACTOR_ROLES": "",
        "LOG_LEVEL": os.environ.get("LOG_LEVEL", "WARNING"),
    }


def is_free(port: int) -> bool:
    """Tells whether nobody listens on the port of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def prepare(environment: dict[str, str]) -> None:
    """Brings database and made-up people in place; leaves what is there. Raises CalledProcessError."""
    for arguments in (
        ["migrate", "--verbosity", "0"],
        ["createcachetable", "--verbosity", "0"],
        ["load_defaults"],
        ["seed_demo", "--if-empty"],
    ):
        subprocess.run([PYTHON, "manage.py", *arguments], cwd=BASE_DIR, env=environment, check=True)  # noqa: S603


def web_command(port: int, *, development: bool) -> list[str]:
    """Gives the command that serves pages on this machine only."""
    if development:
        return [PYTHON, "manage.py", "runserver", f"127.0.0.1:{port}"]
    options = ["--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "4", "--log-level", "warning"]
    return [PYTHON, "-m", "gunicorn", "fagbrev.wsgi:application", *options]


def celery_command(part: str, *options: str) -> list[str]:
    """Gives the command of Celery's worker or beat, which say nothing but what is wrong."""
    celery = [PYTHON, "-W", "ignore", "-m", "celery", "-A", "fagbrev", "--quiet"]
    return [*celery, part, "--loglevel", "ERROR", *options]


def answers(port: int) -> bool:
    """Tells whether the web server takes connections."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def tell(port: int) -> None:
    """Prints the address and the accounts."""
    print(f"\nFagbrev er klar på http://localhost:{port}/   (Ctrl-C stopper)\n")
    print("Logg inn med passordet fagbrev-demo som:")
    for name, role in ACCOUNTS:
        print(f"  {name:<18} {role}")
    print(f"\nE-post som demoen sender, leser du på http://localhost:{port}/demo/post/", flush=True)


def take_worker_lock(var_dir: Path) -> IO[str] | None:
    """Gives an open lock, or None when another demo on the same data already runs worker and beat."""
    lock = (var_dir / "worker.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        return None
    return lock


def end_with_parent() -> None:
    """Asks the kernel to stop this process when the one that started it is gone (Linux)."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def supervise(commands: dict[str, list[str]], environment: dict[str, str], port: int) -> int:
    """Runs the commands until one ends or the user stops them; gives the exit code."""
    wanted_stop = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal wanted_stop
        wanted_stop = True

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    processes = {
        name: subprocess.Popen(command, cwd=BASE_DIR, env=environment, preexec_fn=end_with_parent)  # noqa: S603
        for name, command in commands.items()
    }
    told, code, parent = False, 0, os.getppid()
    while not wanted_stop:
        if "MAKELEVEL" in os.environ and os.getppid() != parent:
            break  # make was killed and could not tell
        ended = {name: process.returncode for name, process in processes.items() if process.poll() is not None}
        if ended:
            name, returned = next(iter(ended.items()))
            print(f"{name} stoppet med kode {returned}; alt stopper.", file=sys.stderr, flush=True)
            code = returned if returned > 0 else 1
            break
        if not told and answers(port):
            tell(port)
            told = True
        time.sleep(0.3)
    for process in processes.values():
        if process.poll() is None:
            process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for process in processes.values():
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    return code


def main() -> int:
    """Sets up and serves; gives the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--development", action="store_true")
    options = parser.parse_args()
    var_dir = BASE_DIR / "var" / ("development" if options.development else "demo")
    (var_dir / "staticfiles").mkdir(parents=True, exist_ok=True)
    if not is_free(options.port):
        print(
            f"Porten {options.port} er opptatt. Velg en annen, for eksempel: make demo PORT={options.port + 123}", file=sys.stderr
        )
        return 1
    environment = demo_environment(var_dir, options.port)
    try:
        prepare(environment)
    except subprocess.CalledProcessError as error:
        print(f"Oppsettet stoppet: {' '.join(error.cmd[1:])}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 1
    commands = {"web": web_command(options.port, development=options.development)}
    lock = take_worker_lock(var_dir)
    if lock:
        commands["worker"] = celery_command("worker", "-P", "threads", "-c", "2", "--without-gossip", "--without-mingle")
        commands["beat"] = celery_command("beat", "--pidfile=")
    else:
        print("En demo på de samme dataene kjører allerede jobbene; denne viser bare sidene.", flush=True)
    return supervise(commands, environment, options.port)


if __name__ == "__main__":
    sys.exit(main())
