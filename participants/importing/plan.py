"""What an import would do, row by row, before anything is written: values, verdict and reasons, without a database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from fagbrev.dates import date_words
from fagbrev.names import folded, sort_name
from fagbrev.sheets import Formula, Row, Sheet
from participants.importing import values as read
from participants.importing.columns import TARGETS, list_rows
from participants.importing.people import People, Person
from participants.workflow import ENDED, STATUS_NAMES

CREATED, EXISTS, ERROR = "created", "exists", "error"
VERDICT_NAMES = {CREATED: "Blir registrert", EXISTS: "Finnes fra før", ERROR: "Feil"}
_TOTALS = ("sum", "totalt", "total", "antall", "i alt", "til sammen")
_NOT_ENROLLED_WITHOUT_TRADE = frozenset({"referred", "declined", "withdrawn"})
_HAS_PLACEMENT = frozenset({"placed", "contract_applied", "training", "trade_test", "on_leave"})
Read = TypeVar("Read")


@dataclass(frozen=True)
class Terms:
    """What the rows are read against: the trades, the day, and whether synthetic identity numbers pass."""

    trades: tuple[read.TradeWords, ...]
    today: date
    allow_synthetic: bool = False


@dataclass(frozen=True)
class RowValues:
    """What one row says, as far as it could be read."""

    name: read.PersonName | None = None
    national_id: str = ""
    phone: str = ""
    email: str = ""
    mother_tongue: str = ""
    arrived: int | None = None
    trade: read.TradeWords | None = None
    status: str = ""
    referred_by: str = ""
    referred_on: date | None = None
    workplace: str = ""
    faddere: tuple[read.Contact, ...] = ()
    leder: read.Contact | None = None
    starts_on: date | None = None
    contract: tuple[date, date] | None = None
    incomes: tuple[tuple[str, str], ...] = ()
    norwegian: str = ""
    norwegian_parts: Mapping[str, str] = field(default_factory=dict)
    written_exam: read.ExamWords | None = None
    trade_test: str | None = None  # "": registered, no result
    ipad: str = ""
    note: str = ""
    sheet_day: date | None = None

    @property
    def is_ended(self) -> bool:
        """True for those whose enrolment is over."""
        return self.status in ENDED

    def practice_days(self, today: date) -> tuple[date | None, date | None]:
        """Gives first and last day of the practice. Of an enrolment that is over the sheet does not tell the last day:
        the day of the import, or the contract's end before it, is the latest it can have been. A first day after that
        cannot be kept."""
        if not self.is_ended:
            return self.starts_on, None
        last = min(today, self.contract[1]) if self.contract else today
        return (self.starts_on if self.starts_on and self.starts_on <= last else None), last


@dataclass(frozen=True)
class RowPlan:
    """One row judged: its number in the sheet, what becomes of it, why, what to look at, and who it is about."""

    sheet_row: int
    verdict: str
    values: RowValues
    reasons: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    cells: tuple[Any, ...] = ()
    person: Person | None = None

    @property
    def reason(self) -> str:
        """All reasons as one text."""
        return " ".join(self.reasons)


# --- Reading ---------------------------------------------------------------------------------------


def read_rows(sheet: Sheet, *, heading_row: int, chosen: Sequence[str], terms: Terms) -> list[RowPlan]:
    """Gives every row of people below the heading as «created» or «error»; empty rows, totals and repeated headings are
    left out. `chosen` holds the target key or "" per column."""
    heading = next((row.cells for row in sheet.rows if row.number == heading_row), [])
    columns = {key: position for position, key in enumerate(chosen) if key in TARGETS}
    day = sheet_day(sheet, heading_row) or terms.today
    plans = []
    for row in list_rows(sheet, heading_row):
        if _is_empty(row, columns) or _is_totals(row, columns) or row.cells == heading:
            continue
        plans.append(_RowReader(row, columns, heading, terms, min(day, terms.today)).plan())
    return plans


def sheet_day(sheet: Sheet, heading_row: int) -> date | None:
    """Gives the day the sheet says it is from: the first date above the heading."""
    for row in sheet.rows:
        if row.number >= heading_row:
            break
        for cell in row.cells:
            if isinstance(cell, datetime):
                return cell.date()
            if isinstance(cell, date):
                return cell
            if isinstance(cell, str):
                try:
                    return read.parse_date(cell)
                except ValueError:
                    continue
    return None


def _is_empty(row: Row, columns: Mapping[str, int]) -> bool:
    return not any(
        isinstance(row.cells[position], Formula) or not read.is_nothing(row.cells[position])
        for position in columns.values()
        if position < len(row.cells)
    )


def _is_totals(row: Row, columns: Mapping[str, int]) -> bool:
    """A row that sums up: it begins with such a word and tells neither who, which trade nor which phase."""
    held = [cell for cell in row.cells if cell is not None]
    first = folded(read.text_of(held[0])) if held and not isinstance(held[0], Formula) else ""
    if not any(first == word or first.startswith(f"{word} ") for word in _TOTALS):
        return False
    telling = (row.cells[columns[key]] for key in ("national_id", "trade", "status") if key in columns)
    return all(isinstance(cell, Formula) or read.is_nothing(cell) for cell in telling)


class _RowReader:
    """Reads one row and collects every fault on the way."""

    def __init__(self, row: Row, columns: Mapping[str, int], heading: Sequence[Any], terms: Terms, day: date) -> None:
        self.row, self.columns, self.heading, self.terms, self.day = row, columns, heading, terms, day
        self.reasons: list[str] = []
        self.remarks: list[str] = []
        self.carried: list[str] = []  # what has no place of its own and goes into the note

    def plan(self) -> RowPlan:
        """Gives the row as «created» or «error»."""
        self._formulas()
        values = self._values()
        self._weigh(values)
        if self.carried:
            values = replace(values, note="\n".join([*([values.note] if values.note else []), *self.carried]))
        return RowPlan(
            self.row.number, ERROR if self.reasons else CREATED, values, tuple(dict.fromkeys(self.reasons)), tuple(self.remarks),
            tuple(self.row.cells),
        )  # fmt: skip

    def _formulas(self) -> None:
        for position, cell in enumerate(self.row.cells):
            if isinstance(cell, Formula):
                title = read.text_of(self.heading[position]) if position < len(self.heading) else ""
                self.reasons.append(_("«%(column)s» har en formel. Skriv verdien i stedet.") % {"column": title or position + 1})

    def _cell(self, key: str) -> Any:
        position = self.columns.get(key, -1)
        return self.row.cells[position] if 0 <= position < len(self.row.cells) else None

    def _is_blank(self, key: str) -> bool:
        return isinstance(self._cell(key), Formula) or read.is_nothing(self._cell(key))

    def _read(self, key: str, parse: Callable[[Any], Read], missing: Read, required: str = "") -> Read:
        """Gives what the cell says, or `missing`; what is wrong is remembered."""
        if self._is_blank(key):
            if required and not isinstance(self._cell(key), Formula):
                self.reasons.append(required)
            return missing
        try:
            return parse(self._cell(key))
        except ValueError as wrong:
            self.reasons.append(str(wrong))
            return missing

    def _text(self, key: str, longest: int) -> str:
        def parse(value: Any) -> str:
            text = read.text_of(value)
            if len(text) > longest:
                raise ValueError(
                    _("«%(column)s» er for langt. Det kan ha høyst %(count)d tegn.")
                    % {"column": TARGETS[key].label, "count": longest}
                )
            return text

        return self._read(key, parse, "")

    def _day(self, key: str) -> date | None:
        return self._read(key, lambda value: read.parse_day(value, str(TARGETS[key].label)), None)

    def _name(self) -> read.PersonName | None:
        if "name" in self.columns:
            return self._read("name", read.parse_name, None, _("Navnet mangler."))
        if any(isinstance(self._cell(key), Formula) for key in ("first_name", "last_name")):
            return None
        parts = [read.text_of(self._cell(key)) if not self._is_blank(key) else "" for key in ("first_name", "last_name")]
        try:
            return read.checked_name(*parts)
        except ValueError as wrong:
            self.reasons.append(str(wrong))
            return None

    def _contract(self) -> tuple[date, date] | None:
        if not self._is_blank("contract"):
            return self._read("contract", read.parse_contract, None)
        cells = self._cell("contract_from"), self._cell("contract_to")
        if any(isinstance(cell, Formula) for cell in cells) or all(read.is_nothing(cell) for cell in cells):
            return None
        try:
            return read.parse_contract_days(*cells)
        except ValueError as wrong:
            self.reasons.append(str(wrong))
            return None

    def _values(self) -> RowValues:
        terms = self.terms
        return RowValues(
            name=self._name(),
            national_id=self._read(
                "national_id", lambda value: read.parse_national_id(value, allow_synthetic=terms.allow_synthetic), ""
            ),
            phone=self._read("phone", read.parse_phone, ""),
            email=self._read("email", read.parse_email, ""),
            mother_tongue=self._text("mother_tongue", 60),
            arrived=self._read("in_norway", lambda value: read.parse_arrival_year(value, today=self.day), None),
            trade=self._read("trade", lambda value: read.parse_trade(value, terms.trades), None),
            status=self._read("status", read.parse_status, "", _("Fasen mangler.")),
            referred_by=self._text("referred_by", 120),
            referred_on=self._day("referred_on"),
            workplace=self._text("workplace", 120),
            faddere=self._read("fadder", lambda value: read.parse_contacts(value, _("Fadder")), ()),
            leder=self._read("leder", lambda value: read.parse_contact(value, _("Leder")), None),
            starts_on=self._day("starts_on"),
            contract=self._contract(),
            incomes=self._read("income", self._incomes, ()),
            norwegian=self._read("norwegian", self._norwegian, ""),
            norwegian_parts=self._read("norwegian", read.parse_norwegian_parts, {}),
            written_exam=self._read("written_exam", read.parse_written_exam, None),
            trade_test=self._read("trade_test", read.parse_trade_test, None),
            ipad=self._text("ipad", 80),
            note="" if isinstance(self._cell("note"), Formula) else read.note_of(self._cell("note")),
            sheet_day=self.day,
        )

    def _incomes(self, value: Any) -> tuple[tuple[str, str], ...]:
        found = read.parse_incomes(value)
        if ("other", "") in found:
            self._carry(_("Inntekt i regnearket: %(text)s") % {"text": read.text_of(value)})
        return found

    def _norwegian(self, value: Any) -> str:
        text = read.norwegian_text(value)
        if len(text) > 40:
            self._carry(_("Norsknivå i regnearket: %(text)s") % {"text": text})
            return ""
        return text

    def _carry(self, sentence: str) -> None:
        self.carried.append(sentence)
        self.remarks.append(_("%(sentence)s. Det legges i merknaden.") % {"sentence": sentence.rstrip(".")})

    def _weigh(self, values: RowValues) -> None:
        """Looks at the values together."""
        reach_is_wrong = any(
            not self._is_blank(key) and not getattr(values, key) for key in ("national_id", "phone", "email")
        ) or any(isinstance(self._cell(key), Formula) for key in ("national_id", "phone", "email"))
        if not (values.national_id or values.phone or values.email) and not reach_is_wrong:
            self.reasons.append(_("Fødselsnummer, telefon og e-post mangler. Vi trenger minst ett av dem."))
        if values.trade is None and self._is_blank("trade") and not isinstance(self._cell("trade"), Formula):
            if values.status and values.status not in _NOT_ENROLLED_WITHOUT_TRADE:
                self.reasons.append(_("Faget mangler."))
            elif values.status:
                self.remarks.append(_("Faget er ikke avklart."))
        if values.name and not values.name.first:
            self.remarks.append(_("Bare ett navn: «%(name)s». Det blir lagret som etternavn.") % {"name": values.name.last})
        self._weigh_practice(values)
        if values.written_exam and not (values.trade and values.trade.written_exam_code):
            self._carry(_("Skriftlig eksamen i regnearket: %(text)s") % {"text": read.text_of(self._cell("written_exam"))})

    def _weigh_practice(self, values: RowValues) -> None:
        if not values.workplace:
            if values.status in _HAS_PLACEMENT:
                self.remarks.append(_("Arbeidsstedet mangler. Du kan registrere det etterpå."))
            told = [
                (_("Fadder"), ", ".join(f"{person.name} {person.email}".strip() for person in values.faddere)),
                (_("Leder"), f"{values.leder.name} {values.leder.email}".strip() if values.leder else ""),
                (_("Oppstart"), date_words(values.starts_on) if values.starts_on else ""),
            ]
            for label, text in told:
                if text:
                    self._carry(_("%(label)s i regnearket, uten arbeidssted: %(text)s") % {"label": label, "text": text})
            return
        if values.is_ended:
            first, last = values.practice_days(self.terms.today)
            assert last is not None
            self.remarks.append(
                _("Regnearket sier ikke når praksisen sluttet. Den blir avsluttet %(day)s.") % {"day": date_words(last)}
            )
            if values.starts_on and first is None:
                self._carry(_("Oppstart i regnearket: %(day)s") % {"day": date_words(values.starts_on)})


# --- Judging against those who are known -----------------------------------------------------------


def person_of(values: RowValues, index: Callable[[str], str]) -> Person:
    """Gives who the row is about, as the known are looked up; `index` turns an identity number into its key."""
    assert values.name is not None
    name = f"{values.name.first} {values.name.last}".strip()
    return Person(
        key=index(values.national_id) if values.national_id else "", sort_key=sort_name(name), phone=values.phone,
        email=values.email,
    )  # fmt: skip


def judge(rows: Sequence[RowPlan], *, people: People, index: Callable[[str], str]) -> list[RowPlan]:
    """Gives the rows with «exists» for those whose person and trade are known, in the system or earlier in the file."""
    judged = []
    for row in rows:
        if row.verdict == ERROR or row.values.name is None:
            judged.append(row)
            continue
        asked = person_of(row.values, index)
        person = people.find(asked)
        if person is None:
            person = asked
            people.add(person)
        judged.append(_judged(row, person))
    return judged


def _judged(row: RowPlan, person: Person) -> RowPlan:
    if not person.may_be_written:
        sentence = _("Du kan ikke registrere denne personen. Be en annen koordinator om å gjøre det.")
        return replace(row, verdict=ERROR, reasons=(sentence,))
    trade = row.values.trade.pk if row.values.trade else None
    if trade in person.trades:
        earlier = person.trades[trade]
        sentence = (
            _("Samme person og fag står i rad %(row)d.") % {"row": earlier}
            if earlier
            else _("Personen er registrert i dette faget fra før.")
        )
        return replace(row, verdict=EXISTS, reasons=(sentence,), person=person)
    person.trades[trade] = row.sheet_row
    remark = (_("Personen er registrert fra før og får et nytt løp."),) if person.pk else ()
    return replace(row, person=person, remarks=(*row.remarks, *remark))


def counts(rows: Iterable[RowPlan]) -> dict[str, int]:
    """Gives how many rows have each verdict."""
    found = dict.fromkeys((CREATED, EXISTS, ERROR), 0)
    for row in rows:
        found[row.verdict] += 1
    return found


def status_words(values: RowValues) -> str:
    """Gives the phase as people read it, or ""."""
    return STATUS_NAMES.get(values.status, "")
