"""Does the day's scan by hand or from cron: makes the notices that are due, and sends the mails that wait."""

import sys
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from fagbrev.duties.scan import scan, write_report
from fagbrev.mail.actions import send_waiting


class Command(BaseCommand):
    """manage.py send_reminders [--today YYYY-MM-DD] [--dry-run] [--report OUT.csv]"""

    help = "Går gjennom fristene for en dag, lager varslene og sender e-posten som venter."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The day, whether to write, and where the report goes."""
        parser.add_argument("--today", type=date.fromisoformat, default=None, help="dagen, som 2027-01-15; ellers i dag")
        parser.add_argument("--dry-run", action="store_true", help="vis hva som ville blitt gjort; skriv og send ingenting")
        parser.add_argument("--report", type=Path, default=None, help="fil for rapporten (CSV)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Runs the scan. Raises CommandError when another scan is at work, or the report cannot be written."""
        today = options["today"] or timezone.localdate()
        told = scan(today=today, dry_run=options["dry_run"], with_lines=options["report"] is not None)
        if told.was_busy:
            raise CommandError("En annen gjennomgang er i gang. Prøv igjen om litt.")
        if options["report"]:
            try:
                with options["report"].open("w", newline="", encoding="utf-8") as file:
                    write_report(told.lines, file)
            except OSError as error:
                raise CommandError(f"Rapporten kan ikke skrives: {error.strerror}.") from error
        if not options["dry_run"]:
            while send_waiting(now=timezone.now()):
                pass
        would = "ville blitt laget" if options["dry_run"] else "laget"
        print(f"{today}: {told.notices} varsler og {told.mails} e-poster {would}.", file=self.stdout or sys.stdout)
