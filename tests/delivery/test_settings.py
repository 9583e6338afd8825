"""The settings as a whole: development needs nothing, production refuses what is missing, the demo stays at home."""

import base64
import subprocess
import sys
from pathlib import Path

import pytest

BASE_DIR = Path(__file__).resolve().parents[2]
KEY = base64.b64encode(b"k" * 32).decode()
PRODUCTION = {
    "SECRET_KEY": "made-up-for-this-test-" + "s" * 40,
    "FIELD_KEYS": f"k1:{KEY}",
    "HMAC_KEY": KEY,
    "VIRUS_SCAN": "none",
    "ALLOWED_HOSTS": "fagbrev.example.no",
}


@pytest.fixture
def read_settings(tmp_path):
    """Gives a function that reads the settings in a process of its own, and what it said."""

    def read(environment, names=()):
        shown = "; ".join(f"print(repr(settings.{name}))" for name in names) or "print('read')"
        return subprocess.run(
            [sys.executable, "-c", f"from fagbrev import settings; {shown}"],
            cwd=BASE_DIR,
            env={"VAR_DIR": str(tmp_path), **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    return read


def test_development_needs_nothing_but_debug(read_settings):
    answer = read_settings({"DEBUG": "1"}, ["DEBUG", "DEMO", "ALLOW_SYNTHETIC_IDS"])
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.split() == ["True", "False", "True"]


def test_production_is_the_default_and_guards_its_cookies(read_settings):
    names = ["DEBUG", "DEMO", "SESSION_COOKIE_NAME", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "ALLOW_SYNTHETIC_IDS"]
    answer = read_settings(PRODUCTION, names)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.split() == ["False", "False", "'__Host-sessionid'", "True", "True", "False"]


@pytest.mark.parametrize("name", ["SECRET_KEY", "FIELD_KEYS", "HMAC_KEY", "VIRUS_SCAN"])
def test_production_refuses_to_start_without(read_settings, name):
    answer = read_settings({**PRODUCTION, name: ""})
    assert answer.returncode != 0
    assert f"{name} must be set" in answer.stderr


@pytest.mark.parametrize("host", ["fagbrev.example.no", "0.0.0.0", "*", ".local", "192.168.1.4"])
def test_the_demo_refuses_a_host_that_is_not_this_machine(read_settings, host):
    answer = read_settings({"DEBUG": "1", "DEMO": "1", "ALLOWED_HOSTS": f"localhost,{host}"})
    assert answer.returncode != 0
    assert "DEMO=1 runs on this machine only" in answer.stderr


def test_the_demo_starts_on_this_machine(read_settings):
    answer = read_settings({"DEBUG": "1", "DEMO": "1", "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]"})
    assert answer.returncode == 0, answer.stderr


@pytest.mark.parametrize(("url", "engine"), [("", "sqlite3"), ("postgres://u:p@db:5432/f", "postgresql")])
def test_the_database_is_chosen_by_its_address(read_settings, url, engine):
    answer = read_settings({"DEBUG": "1", "DATABASE_URL": url}, ["DATABASES['default']['ENGINE']"])
    assert engine in answer.stdout, answer.stderr


@pytest.mark.parametrize(("broker", "kept"), [("", "filesystem://"), ("redis://r:6379/0", "redis://r:6379/0")])
def test_the_queue_is_a_folder_unless_a_broker_is_named(read_settings, tmp_path, broker, kept):
    answer = read_settings({"DEBUG": "1", "BROKER_URL": broker}, ["CELERY_BROKER_URL"])
    assert kept in answer.stdout, answer.stderr
    assert (tmp_path / "queue").is_dir() is (broker == "")
