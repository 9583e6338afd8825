"""The tools that serve the demo and run the tests: what they stop at, and what they say."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

BASE_DIR = Path(__file__).resolve().parents[2]
# One write per line: parts share a pipe, and with PYTHONUNBUFFERED a print writes the newline by itself.
WAITS = "import os, signal; os.write(1, b'up\\n'); signal.pause()"


def supervising(commands):
    """Starts serve_demo's supervisor over Python snippets, by name."""
    snippets = {name: [sys.executable, "-c", code] for name, code in commands.items()}
    script = (
        "import json, os, sys; sys.path.insert(0, 'tools'); import serve_demo; "
        "sys.exit(serve_demo.supervise(json.loads(sys.argv[1]), dict(os.environ), 1))"
    )
    return subprocess.Popen(
        [sys.executable, "-c", script, json.dumps(snippets)],
        cwd=BASE_DIR,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_when_one_part_of_the_demo_dies_all_stop_with_its_code():
    with supervising({"web": "raise SystemExit(7)", "worker": WAITS}) as demo:
        _said, complaint = demo.communicate(timeout=30)
    assert demo.returncode == 7
    assert "web stoppet med kode 7" in complaint


def test_a_part_that_ends_without_fault_is_a_fault_of_the_demo():
    with supervising({"web": WAITS, "worker": "pass"}) as demo:
        demo.communicate(timeout=30)
    assert demo.returncode == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopping_the_demo_stops_every_part(number):
    show = "import os; os.write(1, b'%d\\n' % os.getpid()); " + WAITS
    with supervising({"web": show, "worker": show}) as demo:
        lines = [demo.stdout.readline().strip() for _ in range(4)]
        demo.send_signal(number)
        demo.communicate(timeout=30)
    assert demo.returncode == 0
    for pid in (int(line) for line in lines if line != "up"):
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_the_demo_says_so_when_its_port_is_taken():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        answer = subprocess.run(
            [sys.executable, "tools/serve_demo.py", "--port", port], cwd=BASE_DIR, capture_output=True, text=True, check=False
        )
    assert answer.returncode == 1
    assert f"Porten {port} er opptatt" in answer.stderr


def test_nothing_set_for_another_installation_reaches_the_demo(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(BASE_DIR / "tools"))
    import serve_demo

    for name in ("DATABASE_URL", "REDIS_URL", "BROKER_URL", "EMAIL_HOST"):
        monkeypatch.setenv(name, "elsewhere")
    monkeypatch.setenv("ALLOWED_HOSTS", "fagbrev.example.no")
    environment = serve_demo.demo_environment(tmp_path, 8123)
    assert "elsewhere" not in environment.values()
    assert environment["ALLOWED_HOSTS"] == "localhost,127.0.0.1,[::1]"
    assert (environment["DEMO"], environment["DEBUG"], environment["BASE_URL"]) == ("1", "1", "http://localhost:8123")


def test_demanded_services_that_do_not_answer_are_a_failure_that_names_them():
    nowhere = {
        "REQUIRE_SERVICES": "1",
        "TEST_DATABASE_URL": "postgres://nobody@127.0.0.1:1/test",
        "TEST_REDIS_URL": "redis://127.0.0.1:1/0",
        "PATH": "",
    }
    answer = subprocess.run(
        [sys.executable, "tools/run_tests.py"], cwd=BASE_DIR, env=nowhere, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 1
    assert "REQUIRE_SERVICES=1: PostgreSQL, Redis, Chromium must be there." in answer.stdout
