"""The spreadsheet of a filtered caseload: columns cut by right per row, and a look row per participant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, OuterRef, Subquery, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from fagbrev.audit.log import note_looks
from fagbrev.sheets import write_xlsx
from participants.caseload.asked import Asked
from participants.caseload.query import HIDDEN_PLACE, Caseload
from participants.caseload.table import readable_in
from participants.facts import best_exam_state
from participants.models import Placement
from participants.models.exams import EXAM_STATES
from participants.workflow import STATUS_NAMES

MOST_ROWS = 5000
_EXAM_NAMES = dict(EXAM_STATES)


@dataclass(frozen=True)
class Column:
    """One column: its heading, the section it belongs to, and how a row's value is read."""

    heading: str | Promise
    section: str
    value: Callable[[Any, Caseload], Any]
    width: int = 16


def _trade(row: Any, caseload: Caseload) -> str:
    trade = caseload.trades_by_pk.get(row.trade_id)
    return trade.name if trade else _now("Ikke avklart")


# Never the national identity number, never the home address.
COLUMNS: tuple[Column, ...] = (
    Column(_("Fornavn"), "identity", lambda row, caseload: row.participant__first_name, 20),
    Column(_("Etternavn"), "identity", lambda row, caseload: row.participant__last_name, 20),
    Column(_("Fag"), "identity", _trade, 24),
    Column(_("Fase"), "progress", lambda row, caseload: STATUS_NAMES[row.status]),
    Column(_("I fasen siden"), "progress", lambda row, caseload: row.status_since),
    Column(_("Henvist"), "progress", lambda row, caseload: row.started_on),
    Column(_("Sluttet"), "progress", lambda row, caseload: row.ended_on),
    Column(_("Arbeidssted"), "placement", lambda row, caseload: row.workplace_name, 28),
    Column(_("Fadder"), "placement", lambda row, caseload: row.fadder_name, 24),
    Column(_("Leder"), "placement", lambda row, caseload: row.leder_name, 24),
    Column(_("Kontrakt fra"), "training_contract", lambda row, caseload: row.contract_starts_on),
    Column(_("Kontrakt til"), "training_contract", lambda row, caseload: row.contract_ends_on),
    Column(_("Skriftlig eksamen"), "exams", lambda row, caseload: _EXAM_NAMES.get(row.exam_state, ""), 22),
    Column(_("Telefon"), "contact", lambda row, caseload: "" if row.participant__address_protection else row.participant__phone),
    Column(_("E-post"), "contact", lambda row, caseload: "" if row.participant__address_protection else row.participant__email, 28),
)  # fmt: skip
_FIELDS = (
    "pk", "participant_id", "participant__first_name", "participant__last_name", "participant__phone", "participant__email",
    "participant__address_protection",
    "trade_id", "status", "status_since", "started_on", "ended_on", "contract_starts_on", "contract_ends_on",
    "workplace_name", "fadder_name", "leder_name", "exam_state",
)  # fmt: skip


def export_caseload(caseload: Caseload, asked: Asked) -> bytes:
    """Gives the .xlsx file of what is asked for, at most 5,000 rows, and logs a look per participant."""
    columns = [column for column in COLUMNS if caseload.reads(column.section)]
    sections = tuple(dict.fromkeys(column.section for column in columns))
    rows = caseload.rows(asked).annotate(leder_name=_leder(caseload), exam_state=best_exam_state())
    flags = [name for name in rows.query.annotations if name.startswith("opens_")]
    found = list(rows.values_list(*_FIELDS, *flags, named=True)[:MOST_ROWS])
    readable = readable_in(found, sections)
    cells = [
        [column.value(row, caseload) if column.section in open_ else None for column in columns]
        for row, open_ in zip(found, readable, strict=True)
    ]
    _log(caseload, found, readable)
    return write_xlsx(
        [str(column.heading) for column in columns],
        cells,
        sheet_name=_now("Deltakere"),
        widths=[column.width for column in columns],
    )


def _leder(caseload: Caseload) -> Case:
    """The leder of the main placement that is not over; hidden with the workplace."""
    rows = Placement.objects.filter(pk__in=caseload.placements().values("pk"), enrolment=OuterRef("pk"), ends_on__isnull=True)
    hidden = When(participant__address_protection=HIDDEN_PLACE, then=Value(None))
    return Case(hidden, default=Subquery(rows.order_by("-is_main", "-pk").values("leder__name")[:1]), output_field=CharField())


def _log(caseload: Caseload, rows: list[Any], readable: list[frozenset[str]]) -> None:
    by_sections: dict[frozenset[str], list[tuple[int, int]]] = defaultdict(list)
    for row, sections in zip(rows, readable, strict=True):
        by_sections[sections].append((row.participant_id, row.pk))
    for sections, pairs in by_sections.items():
        note_looks(user=caseload.user, roles=caseload.roles, pairs=pairs, page="eksport", sections=sections, act="export")
