"""/healthz for machines: can the database and the broker be reached, and when were duties last gone through? No data."""

import logging
import os
import time
from datetime import UTC, timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from fagbrev.access.gate import open_page
from fagbrev.celery import app
from fagbrev.duties.scan import last_scan

log = logging.getLogger(__name__)
SLOW_SECONDS = 1.0


@open_page
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers, else 503; the broker's and the scan's state are told, but mail and notices wait without."""
    database = database_state()
    told = {"database": database, "broker": broker_state(), **scan_state(database)}
    answer = JsonResponse(told, status=503 if database == "down" else 200)
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


def scan_state(database: str) -> dict[str, str | None]:
    """Gives when duties were last gone through (`last_scan`, UTC), and "ok", "late" (not today, after its hour) or "never"."""
    if database == "down":
        return {"scan": "unknown", "last_scan": None}
    try:
        scanned = last_scan()
    except DatabaseError:  # the tables are not there yet
        return {"scan": "unknown", "last_scan": None}
    if scanned is None or scanned.last_day is None or scanned.finished_at is None:
        return {"scan": "never", "last_scan": None}
    now = timezone.localtime()
    grace = 30  # minutes: the clock asks every five
    is_due = now.hour * 60 + now.minute >= settings.SCAN_AT_MINUTES + grace
    newest = now.date() if is_due else now.date() - timedelta(days=1)
    return {
        "scan": "ok" if scanned.last_day >= newest else "late",
        "last_scan": scanned.finished_at.astimezone(UTC).isoformat(timespec="seconds"),
    }


def _speed(started: float) -> str:
    return "slow" if time.monotonic() - started > SLOW_SECONDS else "ok"
