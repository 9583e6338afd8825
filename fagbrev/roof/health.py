"""/healthz for machines: can the database and the broker be reached? No data, no tables."""

import logging
import os
import time

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from fagbrev.access.gate import open_page
from fagbrev.celery import app

log = logging.getLogger(__name__)
SLOW_SECONDS = 1.0


@open_page
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers, else 503; the broker's state is told but mail waits without it."""
    database = database_state()
    answer = JsonResponse({"database": database, "broker": broker_state()}, status=503 if database == "down" else 200)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def database_state() -> str:
    """Gives "ok", "slow" or "down"."""
    started = time.monotonic()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseError as error:
        log.error("healthz: database: %s", type(error).__name__)
        return "down"
    return _speed(started)


def broker_state() -> str:
    """Gives "ok", "slow" or "down"; with the folder as broker, whether it can be written to."""
    started = time.monotonic()
    if settings.BROKER_URL == "filesystem://":
        return "ok" if os.access(settings.QUEUE_DIR, os.W_OK) else "down"
    try:
        with app.connection_for_write(connect_timeout=2) as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
    except Exception as error:
        log.error("healthz: broker: %s", type(error).__name__)
        return "down"
    return _speed(started)


def _speed(started: float) -> str:
    return "slow" if time.monotonic() - started > SLOW_SECONDS else "ok"
