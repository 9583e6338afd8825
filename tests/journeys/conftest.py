"""One served database and one browser for all journeys; each journey brings its own people, so nothing is emptied between them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test.testcases import LiveServerThread
from django.test.utils import override_settings, setup_databases, teardown_databases
from django.utils import timezone
from playwright.sync_api import Browser, sync_playwright

from fagbrev.people.models import User
from tests.cast import Cast, make_cast
from tests.journeys.browsing import Visitor

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run",
]  # fmt: skip

# WhiteNoise serves the static files, as in production, and browsers keep them. Passkeys work without TLS on localhost.
SERVED = {
    "WHITENOISE_USE_FINDERS": True, "WHITENOISE_AUTOREFRESH": False, "WHITENOISE_MAX_AGE": 3600,
    "STATIC_ROOT": str(settings.BASE_DIR / "static"), "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": True,
    "EMAIL_BACKEND": "fagbrev.mail.backend.QueuedEmailBackend",
}  # fmt: skip


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The Chromium of this machine; CHROMIUM names another."""
    path = shutil.which(os.environ.get("CHROMIUM") or "chromium")
    assert path, "The journeys need Chromium. CHROMIUM names it."
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield chromium
        chromium.close()
        connection.close()  # while the driver's event loop runs, `connection` is one of its own; it would stand in the way of dropping


@pytest.fixture(scope="package")
def database(django_db_setup: None, django_db_blocker: Any, django_db_keepdb: bool) -> Iterator[None]:
    """The test database. When only journeys run, pytest-django has made none: no test carries its mark."""
    assert connection.vendor == "postgresql", "The journeys run on PostgreSQL: the server is another thread."
    with django_db_blocker.unblock():
        made = None
        if not connection.settings_dict["NAME"].startswith("test_"):
            made = setup_databases(verbosity=0, interactive=False, keepdb=django_db_keepdb)
        yield
        if made:
            teardown_databases(made, verbosity=0, keepdb=django_db_keepdb)


@pytest.fixture(scope="package")
def served(database: None) -> Iterator[str]:
    """The product, served on localhost (a passkey needs a name); the database is emptied before and afterwards."""
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the browser's driver keeps an event loop in this thread
    assert connection.settings_dict["NAME"].startswith("test_")
    empty = partial(call_command, "flush", verbosity=0, interactive=False, reset_sequences=False)
    if User.objects.exists():  # left by a run that was stopped
        empty()
    server = LiveServerThread("localhost", static_handler=lambda application: application)
    server.daemon = True
    with override_settings(**SERVED):
        server.start()
        server.is_ready.wait()
        assert server.error is None, server.error
        yield f"http://localhost:{server.port}"
        server.terminate()
    empty()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")
    if before is not None:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


@pytest.fixture(scope="package")
def world(served: str) -> Cast:
    """The cast, made once."""
    return make_cast(timezone.localdate())


@pytest.fixture
def visit(browser: Browser, served: str, world: Cast) -> Iterator[Callable[..., Visitor]]:
    """Gives a function that opens a browser of one's own: for someone of the cast, already signed in, or for a stranger."""
    opened: list[Visitor] = []

    def come(who: str = "", **context: Any) -> Visitor:
        visitor = Visitor(browser, served, **context)
        opened.append(visitor)
        if who:
            visitor.is_signed_in_as(world.users[who])
        return visitor

    yield come
    faults = [fault for visitor in opened for fault in visitor.faults]
    for visitor in opened:
        visitor.leaves()
    assert not faults, faults
