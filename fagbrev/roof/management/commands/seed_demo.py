"""Fills an empty installation with the demo: a made-up municipality with made-up people."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from fagbrev.roof.demo import is_seeded, seed

MOST = 100_000


class Command(BaseCommand):
    help = "Fyller en tom installasjon med oppdiktede personer. Bare med DEMO=1 eller DEBUG=1."

    def add_arguments(self, parser: CommandParser) -> None:
        """Says what can be asked for."""
        parser.add_argument("--participants", type=int, default=0, help=f"så mange deltakere i alt, høyst {MOST}, for måling")
        parser.add_argument("--if-empty", action="store_true", help="gjør ingenting, og si ingenting, når det er data fra før")

    def handle(self, *args: Any, **options: Any) -> None:
        """Seeds all or nothing, and never beside data that is there."""
        if not (settings.DEMO or settings.DEBUG):
            raise CommandError("Demodata kan bare legges inn med DEMO=1 eller DEBUG=1.")
        if not 0 <= options["participants"] <= MOST:
            raise CommandError(f"--participants kan være 0 til {MOST}.")
        if is_seeded():
            if not options["if_empty"]:
                self.stdout.write("Det er data her fra før. Ingenting er endret.")
            return
        count = seed(today=timezone.localdate(), participants=options["participants"])
        self.stdout.write(f"Lagt inn: {count} deltakere.")
