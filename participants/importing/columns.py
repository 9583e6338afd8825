"""Which column of a spreadsheet holds what: the heading row found, each heading guessed, the guess checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fagbrev.names import folded
from fagbrev.sheets import Formula, Row, Sheet, SheetError

SEARCHED_ROWS = 40
FEWEST_KNOWN_HEADINGS = 3


@dataclass(frozen=True)
class Target:
    """Something a column can hold: its key, what people read, and headings that mean it (folded: a to z, one space)."""

    key: str
    label: Any
    headings: tuple[str, ...]
    group: str = "person"


TARGETS: dict[str, Target] = {
    target.key: target
    for target in (
        Target("name", gettext_lazy("Navn (etternavn, fornavn)"), ("etternavn fornavn", "navn", "deltaker", "deltakers navn")),
        Target("first_name", gettext_lazy("Fornavn"), ("fornavn", "fornavn og mellomnavn")),
        Target("last_name", gettext_lazy("Etternavn"), ("etternavn",)),
        Target(
            "national_id",
            gettext_lazy("Fødselsnummer"),
            ("fodselsnr", "fodselsnummer", "fnr", "personnr", "personnummer", "fodsels og personnummer", "fnr dnr", "d nummer"),
        ),
        Target("phone", gettext_lazy("Telefon"), ("mob", "mobil", "mobilnr", "mobilnummer", "telefon", "tlf", "telefonnummer")),
        Target("email", gettext_lazy("E-post"), ("e post", "epost", "mail", "e mail", "email", "epostadresse", "e postadresse")),
        Target("mother_tongue", gettext_lazy("Morsmål"), ("morsmal", "sprak", "forstesprak")),
        Target(
            "in_norway", gettext_lazy("I Norge siden"), ("i norge siden", "botid", "ar i norge", "tid i norge", "kom til norge")
        ),
        Target("trade", gettext_lazy("Fag"), ("fag", "fagbrev", "laerefag", "utdanning")),
        Target("status", gettext_lazy("Fase"), ("status", "fase", "steg")),
        Target("referred_by", gettext_lazy("Henvist av"), ("henvist av", "henviser", "henvist fra")),
        Target("referred_on", gettext_lazy("Henvist dato"), ("henvist dato", "dato henvist", "henvist", "henvisningsdato")),
        Target(
            "workplace",
            gettext_lazy("Arbeidssted"),
            ("arbeidssted", "praksisplass", "praksissted", "laerebedrift", "laerested", "bedrift"),
        ),
        Target("fadder", gettext_lazy("Fadder"), ("fadder e post", "fadder", "veileder", "fadder mail", "fadder epost")),
        Target("leder", gettext_lazy("Leder"), ("leder", "naermeste leder", "leder pa arbeidsstedet")),
        Target("starts_on", gettext_lazy("Oppstart i praksis"), ("oppstart", "startdato", "praksisstart", "forste dag", "start")),
        Target(
            "contract",
            gettext_lazy("Kontrakt fra og til"),
            ("kontrakt fra til", "kontrakt", "kontraktsperiode", "kontraktperiode", "laerekontrakt"),
        ),
        Target("contract_from", gettext_lazy("Kontrakt fra"), ("kontrakt fra", "kontraktstart")),
        Target("contract_to", gettext_lazy("Kontrakt til"), ("kontrakt til", "kontraktslutt")),
        Target("income", gettext_lazy("Inntekt"), ("inntekt", "inntektsgrunnlag", "ytelse", "stonad")),
        Target("norwegian", gettext_lazy("Norsknivå"), ("norsk na", "norsk", "norskniva", "norskprove", "niva norsk")),
        Target(
            "written_exam",
            gettext_lazy("Skriftlig eksamen"),
            ("tverrfaglig eksamen", "skriftlig eksamen", "eksamen", "tverrfaglig skriftlig eksamen"),
        ),
        Target("trade_test", gettext_lazy("Fagprøve"), ("fagprove", "fagproven", "svenneprove")),
        Target("ipad", gettext_lazy("iPad"), ("ipad nr", "ipad", "ipad nummer", "nettbrett", "ipad merke")),
        Target("note", gettext_lazy("Merknad (bare koordinator leser den)"), ("merknad", "merknader", "kommentar", "notat")),
    )
}
# A heading that only counts the rows: it is known, and holds nothing about anybody.
ROW_COUNTERS = ("nr", "lopenr", "lopenummer", "rad")


@dataclass(frozen=True)
class Heading:
    """The heading row of a sheet: its row number, its texts, and the guess (target key or "") per column."""

    row_number: int
    texts: tuple[str, ...]
    guess: tuple[str, ...]


def find_heading(sheet: Sheet) -> Heading:
    """Gives the row among the first 40 that knows most headings. Raises SheetError when none knows three of them."""
    best: Heading | None = None
    most = 0
    for row in sheet.rows[:SEARCHED_ROWS]:
        guess = guess_columns(row.cells)
        known = sum(1 for key in guess if key)
        if known > most:
            best, most = Heading(row.number, tuple(_heading_text(cell) for cell in row.cells), guess), known
    if best is None or most < FEWEST_KNOWN_HEADINGS:
        raise SheetError(
            _("Vi fant ingen rad med overskrifter. Regnearket må ha en rad med for eksempel «Navn», «Fødselsnr.» og «Fag».")
        )
    return best


def guess_columns(cells: Sequence[Any]) -> tuple[str, ...]:
    """Gives the target each heading means, or ""; whole headings go before beginnings, and no target comes twice."""
    texts = [folded(cell) if isinstance(cell, str) and len(cell) <= 80 else "" for cell in cells]
    guess = [""] * len(texts)
    taken: set[str] = set()
    for fits in (_is_heading, _begins_like_heading):
        for position, text in enumerate(texts):
            if not text or guess[position] or text in ROW_COUNTERS:
                continue
            for target in TARGETS.values():
                if target.key not in taken and fits(text, target):
                    guess[position] = target.key
                    taken.add(target.key)
                    break
    return tuple(guess)


def _is_heading(text: str, target: Target) -> bool:
    return text in target.headings


def _begins_like_heading(text: str, target: Target) -> bool:
    # Short headings such as «fag» begin too many other words.
    return any(len(heading) >= 5 and text.startswith(f"{heading} ") for heading in target.headings)


def _heading_text(cell: Any) -> str:
    if cell is None:
        return ""
    return (cell.text if isinstance(cell, Formula) else str(cell)).strip()[:80]


def columns_missing(chosen: Mapping[int, str]) -> list[str]:
    """Gives sentences for what the choice of columns lacks or has twice; empty when it can be used."""
    keys = [key for key in chosen.values() if key]
    wrong = [
        _("«%(label)s» er valgt for flere kolonner. Velg bare én.") % {"label": TARGETS[key].label}
        for key in dict.fromkeys(keys)
        if keys.count(key) > 1
    ]
    if "name" not in keys and not {"first_name", "last_name"} <= set(keys):
        wrong.append(_("Velg hvilken kolonne som har navnet."))
    for key, words in (("trade", _("Velg hvilken kolonne som har faget.")), ("status", _("Velg hvilken kolonne som har fasen."))):
        if key not in keys:
            wrong.append(words)
    if not {"national_id", "phone", "email"} & set(keys):
        wrong.append(_("Velg en kolonne med fødselsnummer, telefon eller e-post. Ellers kan vi ikke kjenne igjen personen."))
    return wrong


def list_rows(sheet: Sheet, heading_row: int) -> list[Row]:
    """Gives the rows below the heading."""
    return [row for row in sheet.rows if row.number > heading_row]
