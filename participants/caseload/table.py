"""The caseload's table: columns, sorting links, and rows whose cells are cut by the right to each enrolment."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from typing import Any

from django.utils.functional import Promise
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from fagbrev.compiled import kept
from participants.access import openings_of, rank_in
from participants.caseload.asked import Asked
from participants.caseload.gaps import GAPS, INCOMPLETE, gaps_in
from participants.caseload.query import Caseload
from participants.workflow import MAIN_LINE, NEXT_STEP, STATUS_NAMES, STEPS, WITH_PLACEMENT

PER_PAGE = 50
CELL_SECTIONS = ("progress", "placement", "training_contract")
# How far along the way each phase is, in eighths: what the ring beside the word is filled by.
PHASE_SHARE = {status: place for place, status in enumerate(MAIN_LINE)} | {"waitlisted": 1, "on_leave": 6}
_SHORT_MONTHS = ("jan.", "feb.", "mars", "april", "mai", "juni", "juli", "aug.", "sep.", "okt.", "nov.", "des.")
COLUMNS: tuple[tuple[str, str | Promise, str], ...] = (  # sort key, heading, the section the column shows
    ("navn", _("Navn"), "identity"),
    ("fag", _("Fag"), "identity"),
    ("fase", _("Fase"), "progress"),
    ("arbeidssted", _("Arbeidssted"), "placement"),
    ("", _("Fadder"), "placement"),
    ("", _("Neste steg"), "progress"),
    ("siden", _("Siden"), "progress"),
    ("kontrakt", _("Kontrakt slutter"), "training_contract"),
)
_FIELDS = (
    "pk", "public_id", "participant_id", "participant__public_id", "participant__first_name", "participant__last_name",
    "trade_id", "status", "status_since", "contract_ends_on", "workplace_name", "fadder_name", "has_others",
)  # fmt: skip


@dataclass(slots=True)
class Row:
    """One line of the table, ready to print; what may not be read is empty."""

    url: str
    name: str
    trade: str
    trade_sign: SafeString
    phase: str = ""
    phase_tag: SafeString | str = ""
    share: int = 0
    workplace: str = ""
    fadder: str = ""
    lacks_fadder: bool = False
    next_step: str = ""
    waited: str = ""
    since: str = ""
    contract_end: str = ""
    days_left: str = ""
    days_class: str = ""


@dataclass(frozen=True)
class Heading:
    """A column's heading: the link that sorts by it, and how it stands now ("ascending", "descending" or "")."""

    label: str
    url: str
    state: str


def short_date(day: date | None) -> str:
    """Gives a day as tables write it: "28. feb. 2027"; "" for none."""
    return SafeString(f"{day.day}. {_SHORT_MONTHS[day.month - 1]} {day.year}") if day else ""


def headings(caseload: Caseload, asked: Asked) -> list[Heading]:
    """Gives the headings of the columns that the user may see at all."""
    key, downwards = asked.order
    found = []
    for sort, label, section in COLUMNS:
        if not caseload.reads(section):
            continue
        is_now = bool(sort) and sort == key
        url = asked.query(sort=f"-{sort}" if is_now and not downwards else sort) if sort else ""
        state = ("descending" if downwards else "ascending") if is_now else ""
        found.append(Heading(str(label), url, state))
    return found


def rows_of(caseload: Caseload, asked: Asked, *, list_url: str, first: int = 0, count: int = PER_PAGE) -> list[Row]:
    """Gives the rows from number `first` on; one query. `list_url` is the caseload's address, which participants' begin with."""
    found = _fetched(caseload, asked, first, count)
    return [_row(row, caseload, readable, list_url) for row, readable in zip(found, readable_in(found), strict=True)]


def _fetched(caseload: Caseload, asked: Asked, first: int, count: int) -> list[Any]:
    """The rows as the database gives them; the query's text is kept, unless it holds a name that someone typed."""
    flags = [f"opens_{opening.key}" for opening in openings_of(caseload.user, caseload.today)]
    gaps = [f"gap_{gap.key}" for gap in GAPS] if asked.bucket == INCOMPLETE else []
    names = (*_FIELDS, *flags, *gaps)

    def query() -> Any:
        return caseload.rows(asked).values_list(*names)[first : first + count]

    key = ("rows", *caseload.scope_key, replace(asked, page=1), first, count)
    lines = _line(names)
    return [lines._make(row) for row in (query() if asked.name else kept(key, query))]


@lru_cache(100)
def _line(names: tuple[str, ...]) -> Any:
    return namedtuple("Line", names, rename=False)


def _day(value: Any) -> date | None:
    """A day as SQLite (text) and PostgreSQL (a day) give it."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def readable_in(rows: Sequence[Any], sections: Sequence[str] = CELL_SECTIONS) -> list[frozenset[str]]:
    """Gives per row which of the sections may be read, from the openings' booleans; worked out once per combination."""
    if not rows:
        return []
    flags = [name for name in rows[0]._fields if name.startswith("opens_")]
    known: dict[tuple[bool, ...], frozenset[str]] = {}
    found = []
    for row in rows:
        combination = tuple(getattr(row, flag) for flag in flags)
        if combination not in known:
            known[combination] = frozenset(section for section in sections if rank_in(row, section))
        found.append(known[combination])
    return found


def _row(row: Any, caseload: Caseload, readable: frozenset[str], list_url: str) -> Row:
    trade = caseload.trades_by_pk.get(row.trade_id)
    address = f"{list_url}{row.participant__public_id}/"
    short_name = (trade.short_name or trade.name) if trade else _now("Ikke avklart")
    made = Row(
        url=SafeString(f"{address}?lop={row.public_id}" if row.has_others else address),
        name=f"{row.participant__first_name} {row.participant__last_name}".strip(),
        trade=short_name,
        trade_sign=_trade_sign(trade.shape if trade else "ring", trade.colour if trade else "neutral", short_name),
    )
    today, since, contract_end = caseload.today, _day(row.status_since), _day(row.contract_ends_on)
    if "progress" in readable:
        made.phase = STATUS_NAMES[row.status]
        made.phase_tag = _phase_tag(row.status)
        made.share = PHASE_SHARE.get(row.status, 0)
        made.since = short_date(since)
        step = NEXT_STEP.get(row.status)
        if step:
            made.next_step = _own_words(STEPS[step].title)
            made.waited = _waited(since, today)
        if hasattr(row, "gap_trade"):
            made.next_step = _now("Mangler")
            made.waited = ", ".join(str(gap.words) for gap in gaps_in(row))
    if "placement" in readable:
        made.workplace = row.workplace_name or ""
        made.fadder = row.fadder_name or ""
        made.lacks_fadder = "progress" in readable and row.status in WITH_PLACEMENT and not made.fadder and bool(made.workplace)
    if "training_contract" in readable and contract_end:
        made.contract_end = short_date(contract_end)
        if step_is_open(row.status):
            days = (contract_end - today).days
            made.days_left = _days_left(days)
            made.days_class = "late" if days < 0 else ""
    return made


@cache
def _own_words(text: str) -> SafeString:
    """Escapes our own words once, so that fifty rows need not."""
    return escape(text)


@cache
def _phase_tag(status: str) -> SafeString:
    """The phase as a word and a ring; the rings themselves are drawn once, in the page."""
    return format_html(
        '<span class="phase"><svg class="ring" aria-hidden="true"><use href="#f{}"/></svg>{}</span>',
        PHASE_SHARE.get(status, 0),
        STATUS_NAMES[status],
    )


@lru_cache(200)
def _trade_sign(shape: str, tone: str, name: str) -> SafeString:
    """The trade's sign and short name; the signs themselves are drawn once, in the page."""
    return format_html(
        '<span class="trade"><svg class="sign tone-{}" aria-hidden="true"><use href="#s-{}"/></svg>{}</span>', tone, shape, name
    )


def step_is_open(status: str) -> bool:
    """Tells whether an enrolment in this status goes on."""
    return status in NEXT_STEP


def _waited(since: date | None, today: date) -> SafeString:
    return _waited_words((today - since).days if since else None)


@lru_cache(2000)
def _waited_words(days: int | None) -> SafeString:
    if days is None:
        return escape(_now("ukjent dato"))
    if days <= 0:
        return escape(_now("fra i dag"))
    return escape(ngettext("ventet %(days)d dag", "ventet %(days)d dager", days) % {"days": days})


@lru_cache(2000)
def _days_left(days: int) -> SafeString:
    if days == 0:
        return escape(_now("i dag"))
    if days < 0:
        return escape(ngettext("%(days)d dag over", "%(days)d dager over", -days) % {"days": -days})
    return escape(ngettext("%(days)d dag", "%(days)d dager", days) % {"days": days})
