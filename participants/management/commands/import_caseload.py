"""manage.py import_caseload FILE: registers the people of a spreadsheet, or says what would be registered."""

import csv
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from fagbrev.people.models import User
from fagbrev.people.roles import COORDINATOR, roles_of
from fagbrev.sheets import SheetError, read_sheet
from participants.importing.columns import columns_missing, find_heading
from participants.importing.lookups import terms_on
from participants.importing.perform import ImportCollided, import_rows, judged
from participants.importing.plan import CREATED, ERROR, EXISTS, RowPlan, counts, read_rows


class Command(BaseCommand):
    help = "Registers the people of a spreadsheet (.xlsx or .csv); a person and trade that are known are left alone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and write nothing")
        parser.add_argument("--report", metavar="OUT.csv", help="write sheet_row,verdict,reason per row")
        parser.add_argument("--by", metavar="EMAIL", help="the coordinator who registers")

    def handle(self, *args: Any, **options: Any) -> None:
        today = timezone.localdate()
        by = _coordinator(options["by"]) if options["by"] else None
        rows = _read(Path(options["file"]))
        try:
            final = judged(rows, by=by, today=today) if options["dry_run"] else import_rows(rows=rows, by=by, today=today)
        except ImportCollided as collided:
            raise CommandError(str(collided)) from None
        if options["report"]:
            _write_report(Path(options["report"]), final)
        found = counts(final)
        words = _("%(created)d blir registrert") if options["dry_run"] else _("%(created)d registrert")
        words = words % {"created": found[CREATED]}
        self.stdout.write(
            _("%(words)s, %(exists)d finnes fra før, %(error)d med feil.")
            % {"words": words, "exists": found[EXISTS], "error": found[ERROR]}
        )
        if not options["report"]:
            for row in final:
                if row.verdict == ERROR:
                    self.stdout.write(_("Rad %(row)d: %(reason)s") % {"row": row.sheet_row, "reason": row.reason})


def _coordinator(email: str) -> User:
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if user is None or COORDINATOR not in roles_of(user, timezone.localdate()):
        raise CommandError(_("%(email)s er ikke koordinator her.") % {"email": email})
    return user


def _read(path: Path) -> list[RowPlan]:
    try:
        with path.open("rb") as file:
            sheet = read_sheet(file, path.name)
        heading = find_heading(sheet)
    except OSError as problem:
        raise CommandError(_("Filen kan ikke åpnes: %(why)s") % {"why": problem.strerror}) from None
    except SheetError as refused:
        raise CommandError(str(refused)) from None
    wrong = columns_missing(dict(enumerate(heading.guess)))
    if wrong:
        raise CommandError(" ".join(wrong))
    return read_rows(sheet, heading_row=heading.row_number, chosen=heading.guess, terms=terms_on(timezone.localdate()))


def _write_report(path: Path, rows: list[RowPlan]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("sheet_row", "verdict", "reason"))
        writer.writerows((row.sheet_row, row.verdict, row.reason) for row in rows)
