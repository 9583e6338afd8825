"""What is done inside a scenario's installation, in processes of its own: python -m tests.faults.filling WHAT

- people: the tables, everyone of the cast, and forty coordinators more, all with something to be told
- mails 1000: so many mails in the outbox, those of the day's scan among them
- asked 1000: so many mails in the outbox, and eight messages that ask the workers for the scan
- race: says "ready", waits for a line, scans in two threads at once, and prints what each did
"""

import os
import sys
from concurrent.futures import ThreadPoolExecutor

import django
from django.db import connection, transaction
from django.utils import timezone

COORDINATORS = 40
ASKED = 8


def people() -> None:
    """Makes the tables, the cast and the coordinators; nobody signs in, so passwords need no slow hashing."""
    from django.core.management import call_command
    from django.test import override_settings

    from tests.cast import make_cast, make_user

    call_command("migrate", verbosity=0)
    today = timezone.localdate()
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]), transaction.atomic():
        make_cast(today)
        for number in range(COORDINATORS):
            make_user(f"Koordinator Nummer{number}", "coordinator", today=today)


def mails(count: int, *, by_workers: bool) -> None:
    """Puts mails in the outbox, and says how many are to come."""
    from fagbrev.duties.scan import scan
    from fagbrev.mail.actions import put_in_outbox
    from fagbrev.tasks import scan_if_due_task

    scanned = 0
    if by_workers:
        for _time in range(ASKED):
            scan_if_due_task.apply_async(expires=290, ignore_result=True)
    else:
        scanned = scan(today=timezone.localdate()).mails
    with transaction.atomic():
        for number in range(count - scanned):
            put_in_outbox(
                recipient=f"mottaker{number}@example.no", subject=f"Melding {number}", text=f"Hei.\n\nDette er melding {number}.\n",
                html=f"<p>Dette er melding {number}.</p>",
            )  # fmt: skip


def race() -> None:
    """Scans at the same moment as others do."""
    from fagbrev.duties.scan import scan_if_due

    def one(_number: int) -> str:
        try:
            told = scan_if_due(now=timezone.now())
        finally:
            connection.close()
        return "late" if told is None else "busy" if told.was_busy else f"scanned {told.notices} {told.mails}"

    connection.ensure_connection()
    with ThreadPoolExecutor(2) as pool:
        print("ready", flush=True)
        sys.stdin.readline()
        for said in pool.map(one, range(2)):
            print(said, flush=True)


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "fagbrev.settings"
    django.setup()
    what, *rest = sys.argv[1:]
    if what == "people":
        people()
    elif what == "race":
        race()
    else:
        mails(int(rest[0]), by_workers=what == "asked")
