"""Takes in a curriculum from a file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from fagbrev.grep import GrepError
from programmes.curricula import import_curriculum, read_curriculum
from programmes.models import Trade


class Command(BaseCommand):
    help = "Henter inn en læreplan fra en eller flere filer fra Udir (Grep). Mål som finnes, blir aldri skrevet over."

    def add_arguments(self, parser: CommandParser) -> None:
        """FILE … and the trade it belongs to."""
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--trade", default="", help="fagkode, for eksempel BUA")

    def handle(self, *args: Any, **options: Any) -> None:
        """Imports the one curriculum the files hold. Raises CommandError with a sentence."""
        code = options["trade"].upper()
        trade = Trade.objects.filter(code=code).first()
        if code and trade is None:
            raise CommandError(f"Det finnes ikke noe fag med koden {code}.")
        try:
            parsed = read_curriculum([path.read_bytes() for path in options["files"]])
        except (GrepError, OSError) as error:
            raise CommandError(str(error)) from None
        imported = import_curriculum(parsed=parsed, trade=trade)
        if imported.is_new:
            self.stdout.write(f"{imported.curriculum} er hentet inn, med {len(parsed.goals)} kompetansemål.")
        else:
            self.stdout.write(f"{imported.curriculum.code} finnes fra før. Ingenting er endret.")
