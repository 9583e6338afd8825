"""The invitation as it leaves the outbox: taken by a real mail server, and by a calendar program."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.utils import timezone
from icalendar import Calendar

from fagbrev.mail.actions import send_waiting
from fagbrev.mail.models import OutgoingMail
from meetings.models import Meeting
from tests.cast import Cast
from tests.meetings.arranged import ahead
from tests.meetings.mailed import SUMMARY, call_off, move


@pytest.fixture
def posted(tmp_path: Path, settings: Any) -> Iterator[Callable[[], list[EmailMessage]]]:
    """A mail server on loopback; gives what it has taken when the outbox has been sent."""
    path = tmp_path / "taken.jsonl"
    command = [sys.executable, "-m", "tests.faults.mail_server", str(path), "0"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=django_settings.BASE_DIR)
    assert server.stdout is not None
    settings.EMAIL_PORT = int(server.stdout.readline())
    settings.EMAIL_HOST = settings.EMAIL_URL_HOST = "127.0.0.1"

    def take() -> list[EmailMessage]:
        send_waiting(now=timezone.now() + timedelta(seconds=1))
        lines = path.read_text().splitlines() if path.exists() else []
        return [message_from_bytes(base64.b64decode(json.loads(line)["raw"]), policy=policy.default) for line in lines]  # type: ignore[misc]

    yield take
    server.terminate()
    server.wait(10)
    server.stdout.close()


class TestAsItLeaves:
    """The real message, taken by a real mail server."""

    def test_the_calendar_part_is_the_last_alternative_and_a_file(
        self, cast: Cast, called: Meeting, posted: Callable[[], list[EmailMessage]]
    ) -> None:
        (message,) = [one for one in posted() if cast.faglaerer.email in one["To"]]
        assert message.get_content_type() == "multipart/mixed"
        alternative, attached = message.iter_parts()
        kinds = [part.get_content_type() for part in alternative.iter_parts()]  # type: ignore[attr-defined]
        assert kinds == ["text/plain", "text/html", "text/calendar"]
        part = list(alternative.iter_parts())[-1]  # type: ignore[attr-defined]
        assert part["Content-Type"].params["method"] == "REQUEST"
        assert part["Content-Type"].params["charset"].lower() == "utf-8"
        assert part.get_content_disposition() != "attachment"
        assert (attached.get_content_type(), attached.get_filename()) == ("application/ics", "mote.ics")
        inside = Calendar.from_ical(part.get_content())
        assert inside.to_ical() == Calendar.from_ical(attached.get_content()).to_ical()
        assert str(inside["METHOD"]) == "REQUEST"
        assert message["Subject"] == "Innkalling: Møte i fagbrevordningen"
        assert len(message["To"].addresses) == 1

    def test_what_was_sent_is_kept_nowhere_else(
        self, cast: Cast, called: Meeting, posted: Callable[[], list[EmailMessage]]
    ) -> None:
        assert len(posted()) == 3
        assert set(OutgoingMail.objects.values_list("calendar", "text", "html")) == {("", "", "")}


class TestKhal:
    """Debian's khal takes what the mail holds: a calendar program that is not written here."""

    @pytest.fixture
    def days(self, tmp_path: Path) -> Callable[[EmailMessage, date], list[str]]:
        path = shutil.which("khal")
        if path is None:
            assert os.environ.get("REQUIRE_SERVICES") != "1", "khal must be there: tools/setup.sh development installs it."
            pytest.skip("khal is not there")
        (tmp_path / "vdir").mkdir()
        config, file = tmp_path / "khal.conf", tmp_path / "mote.ics"
        config.write_text(
            f"[calendars]\n[[moter]]\npath = {tmp_path}/vdir\n[sqlite]\npath = {tmp_path}/khal.db\n"
            "[locale]\nlocal_timezone = Europe/Oslo\ndefault_timezone = Europe/Oslo\ntimeformat = %H:%M\ndateformat = %Y-%m-%d\n"
            "longdateformat = %Y-%m-%d\ndatetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
            "[default]\ndefault_calendar = moter\n"
        )
        environment = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "Europe/Oslo"}

        def khal(*arguments: str) -> str:
            done = subprocess.run(
                [path, "-c", str(config), *arguments], env=environment, capture_output=True, text=True, timeout=60, check=False
            )
            assert done.returncode == 0, done.stderr
            assert "rror" not in done.stderr, done.stderr
            return done.stdout

        def taken(message: EmailMessage, first: date) -> list[str]:
            """What khal has on the days ahead, when it has taken the file of the mail."""
            (attached,) = message.iter_attachments()
            file.write_bytes(attached.get_content())
            khal("import", "--batch", str(file))
            assert len(list((tmp_path / "vdir").glob("*.ics"))) == 1  # the same event, not one more
            shown = "{cancelled}{start-date} {start-time}-{end-time}|{title}|{location}"
            out = khal("list", "--day-format", "", "--format", shown, first.isoformat(), "60d")
            return [line for line in out.splitlines() if "|" in line]

        return taken

    def test_it_takes_the_invitation_the_update_and_the_cancellation(
        self, cast: Cast, called: Meeting, posted: Callable[[], list[EmailMessage]],
        days: Callable[[EmailMessage, date], list[str]],
    ) -> None:  # fmt: skip
        def newest() -> EmailMessage:
            return [one for one in posted() if cast.faglaerer.email in one["To"]][-1]

        day = ahead(14)
        assert days(newest(), cast.today) == [f"{day} 10:00-11:00|{SUMMARY}|Rådhuset, møterom 2"]
        later = day + timedelta(days=7)
        move(cast, called, day=later.isoformat(), at="12:30", place="Biblioteket")
        assert days(newest(), cast.today) == [f"{later} 12:30-13:30|{SUMMARY}|Biblioteket"]
        call_off(cast, called)
        assert days(newest(), cast.today) == [f"CANCELLED {later} 12:30-13:30|{SUMMARY}|"]
