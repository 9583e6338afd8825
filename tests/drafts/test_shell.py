"""The installable app keeps nothing about anybody: the manifest, the service worker, the page «Ikke nett», the device's key."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from PIL import Image

from fagbrev.drafts.device import device_lock, device_owner
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_the_manifest_names_pictures_that_are_there_in_the_size_it_says() -> None:
    answer = Client().get("/manifest.webmanifest")
    assert answer.headers["Content-Type"] == "application/manifest+json"
    told = answer.json()
    assert told["start_url"] == told["scope"] == "/"
    assert {icon["purpose"] for icon in told["icons"]} == {"any", "maskable"}
    for icon in told["icons"]:
        path = finders.find(icon["src"].removeprefix("/static/"))
        with Image.open(str(path)) as picture:
            assert "x".join(map(str, picture.size)) == icon["sizes"]
        assert Path(str(path)).stat().st_size < 10_000


def test_the_worker_is_told_of_static_files_and_one_page_alone() -> None:
    answer = Client().get("/sw.js")
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.headers["Service-Worker-Allowed"] == "/"
    assert "connect-src 'self'" in answer.headers["Content-Security-Policy"]
    told = json.loads(re.match(r"self\.TOLD = (\{.*\});\n", answer.content.decode()).group(1))  # type: ignore[union-attr]
    assert all(url.startswith("/static/") for url in told["files"])
    assert told["offline"] == reverse("offline")
    page = Client().get(told["offline"]).content.decode()
    asked = set(re.findall(r"""(?:src|href)="(/static/[^"#]+)""", page))
    assert asked <= set(told["files"]), "the page «Ikke nett» needs files that are not kept"


def test_the_page_without_network_may_be_kept_and_is_the_same_for_everybody(cast: Cast) -> None:
    answer = Client().get(reverse("offline"))
    assert "no-store" not in answer.headers.get("Cache-Control", "")
    assert not answer.cookies
    client = Client()
    client.force_login(cast.deltaker)
    assert client.get(reverse("offline")).content == answer.content
    assert b"device-key" not in answer.content


def test_pages_of_the_signed_in_say_who_the_device_may_open_drafts_for_and_are_stored_nowhere(cast: Cast) -> None:
    client = Client()
    assert "device-key" not in client.get("/konto/login/").content.decode()
    client.force_login(cast.faglaerer)
    answer = client.get("/")
    assert f'content="{device_owner(cast.faglaerer)}.{device_lock(cast.faglaerer)}"' in answer.content.decode()
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_devices_key_is_each_users_own_and_says_nothing(cast: Cast) -> None:
    users = list(cast.users.values())
    assert len({device_owner(user) for user in users}) == len({device_lock(user) for user in users}) == len(users)
    for user in users:
        assert user.public_id not in device_owner(user) + device_lock(user)
        assert device_owner(user) not in device_lock(user)


def test_the_worker_may_run_under_the_policy() -> None:
    policy = Client().get("/konto/login/").headers["Content-Security-Policy"]
    assert "worker-src 'self'" in policy
    assert "manifest-src 'self'" in policy


def test_the_scripts_take_nothing_from_elsewhere() -> None:
    for name in ("put_back.js", "device.js", "drafts.js", "outbox.js", "sw.js"):
        text = Path(settings.BASE_DIR / "static" / name).read_text()
        assert "http://" not in text
        assert "https://" not in text
        assert "innerHTML" not in text
