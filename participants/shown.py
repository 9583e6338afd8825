"""How rows of a record are shown: label and value per column, cut to the sections the user may read."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import models
from django.urls import reverse

from fagbrev.dates import date_words
from fagbrev.identity import mask_national_id, phone_words
from fagbrev.people.roles import DELTAKER
from fagbrev.sealed import Sealed
from participants.access import Record
from participants.actions.rows import section_of_column
from participants.kinds import Kind, kinds_on
from participants.models import Participant
from participants.models.placement import DAYS

HIDDEN_WHEN_PROTECTED = {"phone", "address", "postal_code", "postal_place"}


@dataclass(frozen=True)
class Fact:
    """One label with its value, as the component fact_list draws it."""

    label: str
    value: str
    note: str = ""
    url: str = ""
    missing: bool = False


@dataclass
class ShownRow:
    """One row: its facts, and where it is changed."""

    title: str
    facts: list[Fact]
    edit_url: str = ""
    links: list[tuple[str, str]] = field(default_factory=list)
    tag: str = ""
    row: Any = None


@dataclass
class Block:
    """All rows of one kind on a page."""

    kind: Kind
    rows: list[ShownRow]
    add_url: str = ""
    add_label: str = ""

    @property
    def title(self) -> str:
        """The heading."""
        return self.kind.title

    @property
    def empty(self) -> str:
        """What an empty block says."""
        return self.kind.empty or "Ikke registrert ennå."


def words_of(row: Any, name: str) -> str:
    """Gives a column's value as people read it; "" for nothing."""
    column = row._meta.get_field(name)
    value = getattr(row, name)
    if value is None or value == "":
        return ""
    if isinstance(value, Sealed):
        return value.open()
    if name == "phone":
        return phone_words(value)
    if name == "weekdays":
        return ", ".join(dict(DAYS)[day] for day in value)
    if column.choices:
        return str(getattr(row, f"get_{name}_display")())
    if isinstance(value, bool):
        return "ja" if value else "nei"
    if isinstance(value, datetime):
        return f"{date_words(value.date())} kl. {value:%H.%M}"
    if isinstance(value, date):
        return date_words(value)
    if isinstance(column, models.PositiveSmallIntegerField) and name in {"percent", "teaching_share"}:
        return f"{value} %"
    return str(value)


def facts_of_row(row: Any, names: list[str], found: Record, *, keep_empty: bool = False) -> list[Fact]:
    """Gives the row's facts, only those whose section the user may read."""
    facts = []
    for name in names:
        section = section_of_column(row, name)
        if not found.reads(section) or (section == "admission" and found.roles_reading("admission") == {DELTAKER}):
            continue  # of the admission the participant reads the decision, its reason and how to complain
        if isinstance(row, Participant) and _is_protected(row, name):
            facts.append(Fact(_label(row, name), "Skjermet"))
            continue
        words = words_of(row, name)
        if words or keep_empty:
            facts.append(Fact(_label(row, name), words, missing=not words))
    return facts


def _label(row: Any, name: str) -> str:
    """The column's name with a capital letter."""
    label = str(row._meta.get_field(name).verbose_name)
    return label[:1].upper() + label[1:]


def _is_protected(person: Participant, name: str) -> bool:
    return person.address_protection == "strengt_fortrolig" and name in HIDDEN_WHEN_PROTECTED - {"phone"}


def blocks_of(page: str, found: Record) -> list[Block]:
    """Gives the blocks of a page, only those whose section the user may read."""
    return [
        _block(kind, found)
        for kind in kinds_on(page)
        if found.reads(kind.section) and not found.roles_reading(kind.section) <= kind.hidden_from
    ]


def _block(kind: Kind, found: Record) -> Block:
    may_write = found.writes(kind.section) and bool(found.roles_here & kind.writers)
    pid = found.participant.public_id
    suffix = _suffix(found)
    rows = []
    for row in kind.rows(found):
        names = _columns(kind)
        edit = reverse(f"{kind.slug}_new", args=[pid]) if kind.single else reverse(f"{kind.slug}_edit", args=[pid, row.public_id])
        title = _title(kind, row)
        names = [name for name in names if not title or name != TITLES.get(kind.slug)]
        rows.append(
            ShownRow(title[:1].upper() + title[1:], _facts(kind, row, names, found), edit + suffix if may_write else "", row=row)
        )
    add = ""
    if may_write and kind.may_add and not (kind.single and rows):
        add = reverse(f"{kind.slug}_new", args=[pid]) + suffix
    return Block(kind, rows, add, kind.new_title)


def _suffix(found: Record) -> str:
    newest = next((row for row in found.enrolments if row.is_open), found.enrolments[0])
    return "" if newest.pk == found.enrolment.pk else f"?lop={found.enrolment.public_id}"


def _columns(kind: Kind) -> list[str]:
    named = [*(kind.form._meta.fields or []), *kind.form.sealed]
    return ["national_id"] if kind.slug == "fodselsnummer" else list(named)


def _facts(kind: Kind, row: Any, names: list[str], found: Record) -> list[Fact]:
    if kind.slug == "fodselsnummer":
        held = row.national_id
        return [Fact("Nummer", mask_national_id(held.open()) if held else "", missing=not held)]
    facts = facts_of_row(row, names, found, keep_empty=kind.single)
    return facts


def _title(kind: Kind, row: Any) -> str:
    """What a row is called; the columns named in TITLES are then not repeated as facts."""
    if kind.single or kind.slug not in TITLES:
        return ""
    name = TITLES[kind.slug]
    value = getattr(row, name)
    return words_of(row, name) if isinstance(value, (str, int)) else str(value)


TITLES = {
    "plass": "workplace", "fadder": "person", "gruppe": "cohort", "forslag": "name", "avtale": "kind", "vedlegg": "kind",
    "skriftlig": "state", "norskprove": "part", "inntekt": "kind", "betaling": "source", "tiltak": "measure", "lan": "kind",
    "klar": "kind", "kontrakt": "number", "jobb": "months",
}  # fmt: skip
