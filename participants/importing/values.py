"""Reading the cells of a coordinator's spreadsheet: each function gives what is meant, or raises ValueError with a sentence."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext as _

from fagbrev.dates import PeriodEndsBeforeItStarts, parse_norwegian_date, parse_period
from fagbrev.identity import check_national_id, normalise_phone
from fagbrev.names import folded, name_skeleton, search_name, sort_name
from fagbrev.sheets import Formula

EARLIEST_ARRIVAL = 1940
LONGEST_NAME, LONGEST_EMAIL = 80, 254
# What people write where there is nothing to write.
NOTHING = frozenset({"-", "–", "—", "?", "n/a", "ukjent", "vet ikke"})
_EMAIL = EmailValidator()

STATUS_WORDS = {
    "referred": ("henvist", "ny", "henvisning"),
    "interviewed": ("intervjuet", "kartlagt"),
    "waitlisted": ("venteliste", "pa venteliste", "venter"),
    "admitted": ("tatt opp", "opptatt", "fatt plass"),
    "onboarding": ("oppstart", "i oppstart"),
    "placed": ("i praksis", "praksis", "utplassert"),
    "contract_applied": ("soknad sendt", "kontrakt sokt", "sokt kontrakt"),
    "training": ("under opplaering", "opplaering", "i opplaering"),
    "trade_test": ("oppmeldt fagprove", "oppmeldt til fagprove", "meldt opp til fagprove", "fagprove"),
    "on_leave": ("permisjon", "i permisjon"),
    "completed": ("fullfort", "ferdig", "bestatt"),
    "declined": ("avslatt", "avslag", "ikke tatt opp"),
    "withdrawn": ("trukket", "trukket seg", "trakk seg"),
    "terminated": ("avbrutt", "sluttet", "hevet"),
}
_STATUS_OF = {word: status for status, words in STATUS_WORDS.items() for word in words}

# Beginnings of words, folded. The programme follows where the income tells it.
INCOME_WORDS: tuple[tuple[str, str, str], ...] = (
    ("lonn", "wages", ""),
    ("jobbsjansen", "jobbsjansen", "jobbsjansen"),
    ("overgangsst", "overgangsstonad", ""),
    ("dagpenger", "dagpenger", ""),
    ("sosialst", "sosialstonad", ""),
    ("sosialhjelp", "sosialstonad", ""),
    ("tiltakspenger", "tiltakspenger", ""),
    ("intro", "introduksjonsstonad", "introduction"),
)
PART_WORDS = {"muntlig": "oral", "skriftlig": "writing", "lese": "reading", "lesing": "reading", "lytte": "listening",
              "lytting": "listening"}  # fmt: skip
_LEVEL = re.compile(r"\b(A1|A2|B1|B2|C1)\b", re.IGNORECASE)
_YEARS = re.compile(r"(\d{1,2})\s*(?:år|aar)", re.IGNORECASE)
_CLOCK = re.compile(r"[ T]+[0-9]{1,2}[:.][0-9]{2}(?:[:.][0-9]{2})?\s*$")
_PERSON = re.compile(r"\s*(?P<name>[^()<>]*?)\s*[(<]\s*(?P<email>[^()<>]*)\s*[)>]\s*")


@dataclass(frozen=True)
class TradeWords:
    """What a trade is called: its number, code, names, and its codes for the written exam."""

    pk: int
    code: str
    name: str
    short_name: str
    written_exam_code: str = ""
    curriculum_id: int | None = None


@dataclass(frozen=True)
class PersonName:
    """First and last name."""

    first: str
    last: str


@dataclass(frozen=True)
class Contact:
    """A name with an e-mail address or none."""

    name: str
    email: str = ""


@dataclass(frozen=True)
class ExamWords:
    """What a cell says of the written exam: state, grade or none, and the words it was said with."""

    state: str
    grade: int | None = None
    source: str = ""


def text_of(value: Any) -> str:
    """Gives a cell as one line of composed text without control characters; days as 31.12.2026."""
    if value is None:
        return ""
    if isinstance(value, Formula):
        value = value.text
    if isinstance(value, datetime):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    text = unicodedata.normalize("NFC", str(value))
    return re.sub(r"\s+", " ", _printable(text)).strip()


def note_of(value: Any) -> str:
    """Gives a cell's free text with its line breaks."""
    if not isinstance(value, str):
        return text_of(value)
    return _printable(unicodedata.normalize("NFC", value), kept="\n\t").strip()


def _printable(text: str, kept: str = "") -> str:
    # Controls and halves of characters cannot be stored; breaks become spaces unless they are kept.
    return "".join(
        letter if letter in kept or unicodedata.category(letter) not in {"Cc", "Cs"} else " " if letter.isspace() else ""
        for letter in text
    )


def is_nothing(value: Any) -> bool:
    """Tells whether a cell is empty, or says that nothing is known."""
    return value is None or (isinstance(value, str) and (not (text := text_of(value)) or text.lower() in NOTHING))


def parse_date(value: Any) -> date:
    """Gives the day of a date or its text, also where a text has the clock behind it: "13.02.2026 00:00"."""
    return parse_norwegian_date(_CLOCK.sub("", value) if isinstance(value, str) else value)


# --- The person ------------------------------------------------------------------------------------


def parse_name(value: Any) -> PersonName:
    """Gives the names of "Etternavn, fornavn", or of "Fornavn Etternavn" where there is no comma."""
    text = text_of(value)
    last, comma, first = text.partition(",")
    if not comma:
        first, _space, last = text.rpartition(" ")
    return checked_name(first, last)


def checked_name(first: str, last: str) -> PersonName:
    """Gives first and last name, trimmed; a single name is kept as last name. Raises ValueError."""
    first, last = first.strip(" ,"), last.strip(" ,")
    if not last:
        first, last = "", first
    whole = f"{first} {last}".strip()
    if not folded(whole):
        raise ValueError(_("Navnet mangler."))
    if any(letter.isdigit() for letter in whole):
        raise ValueError(_("Navnet «%(name)s» kan ikke ha sifre.") % {"name": whole[:40]})
    keys = (sort_name(whole), 330), (search_name(whole), 190), (name_skeleton(whole), 190)
    if max(len(first), len(last)) > LONGEST_NAME or any(len(key) > most for key, most in keys):
        raise ValueError(_("Navnet er for langt. Fornavn og etternavn kan ha høyst 80 tegn hver."))
    return PersonName(first, last)


def parse_national_id(value: Any, *, allow_synthetic: bool) -> str:
    """Gives the 11 digits. A number that lost its leading zero, or was shortened by the spreadsheet, is told apart."""
    if isinstance(value, (bool, float)):
        raise ValueError(_("Fødselsnummeret er ikke et helt tall."))
    if isinstance(value, int):
        return check_national_id(value, allow_synthetic=allow_synthetic)
    text = text_of(value)
    if re.fullmatch(r"[0-9][,.]?[0-9]*[eE]\+[0-9]+", text, re.ASCII):
        raise ValueError(_("Regnearket har forkortet fødselsnummeret til «%(text)s». Skriv alle sifrene.") % {"text": text[:20]})
    if re.fullmatch(r"[0-9]{10}", text, re.ASCII):
        text = f"0{text}"
    return check_national_id(text, allow_synthetic=allow_synthetic)


def parse_phone(value: Any) -> str:
    """Gives the telephone number as + and digits."""
    try:
        return normalise_phone(text_of(value))[:20]
    except ValueError as wrong:
        raise ValueError(
            _("Telefonnummeret «%(text)s» kan ikke brukes. %(why)s") % {"text": text_of(value)[:30], "why": wrong}
        ) from None


def parse_email(value: Any) -> str:
    """Gives the e-mail address in small letters."""
    text = text_of(value).lower()
    try:
        _EMAIL(text)
    except ValidationError:
        raise ValueError(_("E-postadressen «%(text)s» er ikke gyldig.") % {"text": text[:60]}) from None
    if len(text) > LONGEST_EMAIL:
        raise ValueError(_("E-postadressen er for lang."))
    return text


def parse_arrival_year(value: Any, *, today: date) -> int:
    """Gives the year of "2011", 2011, "16 år" (before today), "01.06.05", "juni 2009" or a date."""
    year: int | None = None
    text = text_of(value)
    if isinstance(value, date):
        year = value.year
    elif re.fullmatch(r"(?:[^\W\d]+\.?\s+)?[12][0-9]{3}(?:\.0)?", text):
        year = int(re.findall(r"[12][0-9]{3}", text)[0])
    elif years := _YEARS.fullmatch(text):
        year = today.year - int(years[1])
    else:
        try:
            year = parse_date(value).year
        except ValueError:
            year = None
    if year is None:
        raise ValueError(_("Vi forstår ikke «%(text)s» i «I Norge siden». Skriv året, for eksempel 2015.") % {"text": text[:30]})
    if not EARLIEST_ARRIVAL <= year <= today.year:
        raise ValueError(_("Året %(year)d i «I Norge siden» kan ikke stemme.") % {"year": year})
    return year


# --- The enrolment ---------------------------------------------------------------------------------


def parse_trade(value: Any, trades: Sequence[TradeWords]) -> TradeWords:
    """Gives the trade with this code or name, or with a name that begins so (four letters or more)."""
    text = folded(text_of(value))
    for trade in trades:
        if text and text in {folded(trade.code), folded(trade.name), folded(trade.short_name)}:
            return trade
    begins = [trade for trade in trades if len(text) >= 4 and folded(trade.name).startswith(text)]
    if len(begins) > 1:
        raise ValueError(_("«%(text)s» kan bety flere fag. Skriv hele navnet.") % {"text": text_of(value)[:40]})
    if not begins:
        raise ValueError(_("Faget «%(text)s» finnes ikke.") % {"text": text_of(value)[:40]})
    return begins[0]


def parse_status(value: Any) -> str:
    """Gives the status code of the words for a phase."""
    status = _STATUS_OF.get(folded(text_of(value)))
    if status is None:
        raise ValueError(_("Fasen «%(text)s» finnes ikke.") % {"text": text_of(value)[:40]})
    return status


def parse_day(value: Any, column: str) -> date:
    """Gives the day; `column` is the heading to name when it cannot be read."""
    try:
        return parse_date(value)
    except ValueError as wrong:
        raise ValueError(_("«%(column)s»: %(why)s") % {"column": column, "why": wrong}) from None


def parse_contract(value: Any) -> tuple[date, date]:
    """Gives first and last day of the contract."""
    try:
        return parse_period(text_of(value))
    except PeriodEndsBeforeItStarts:
        raise ValueError(_("Kontrakten slutter før den begynner.")) from None
    except ValueError as wrong:
        raise ValueError(_("Kontrakten kan ikke leses: %(why)s") % {"why": wrong}) from None


def parse_contract_days(first: Any, last: Any) -> tuple[date, date]:
    """Gives the contract's days from two cells."""
    if is_nothing(first) or is_nothing(last):
        raise ValueError(_("Kontrakten mangler første eller siste dag."))
    days = parse_day(first, _("Kontrakt fra")), parse_day(last, _("Kontrakt til"))
    if days[1] < days[0]:
        raise ValueError(_("Kontrakten slutter før den begynner."))
    return days


def parse_contact(value: Any, role: str) -> Contact:
    """Gives name and e-mail of "Kari Faddersen (kari@example.no)", or the name alone; `role` names who it is."""
    text = text_of(value)
    found = _PERSON.fullmatch(text)
    name, email = (found["name"], found["email"].strip()) if found else (text, "")
    if not found and "@" in text:
        name, email = "", text
    if not folded(name):
        raise ValueError(_("%(role)s mangler navn: «%(text)s».") % {"role": role, "text": text[:60]})
    if len(name) > 120:
        raise ValueError(_("Navnet i «%(role)s» er for langt.") % {"role": role})
    try:
        return Contact(name, parse_email(email) if email else "")
    except ValueError as wrong:
        raise ValueError(_("%(role)s: %(why)s") % {"role": role, "why": wrong}) from None


def parse_contacts(value: Any, role: str) -> tuple[Contact, ...]:
    """Gives the people of "Kari (kari@example.no); Ola (ola@example.no)"; most cells hold one."""
    pieces = [piece for piece in re.split(r"(?<=[)>])\s*,\s*|\s*;\s*", text_of(value)) if piece.strip()]
    return tuple(parse_contact(piece, role) for piece in pieces)


def parse_incomes(value: Any) -> tuple[tuple[str, str], ...]:
    """Gives kind and programme of each income in "Lønn + overgangsst."; what we do not know is «annet»."""
    found: dict[tuple[str, str], None] = {}
    for part in re.split(r"[+/,;&]|\bog\b", text_of(value), flags=re.IGNORECASE):
        word = folded(part)
        if word:
            known = next(((kind, programme) for start, kind, programme in INCOME_WORDS if word.startswith(start)), ("other", ""))
            found[known] = None
    return tuple(found)


def parse_norwegian_parts(value: Any) -> dict[str, str]:
    """Gives level per part of "B1 muntlig, A2 skriftlig"; empty where the text tells no parts."""
    parts: dict[str, str] = {}
    for piece in re.split(r"[,;+]|\bog\b", text_of(value), flags=re.IGNORECASE):
        levels = _LEVEL.findall(piece)
        words = [PART_WORDS[word] for word in folded(piece).split() if word in PART_WORDS]
        if len(levels) == 1 and words:
            parts.update(dict.fromkeys(words, levels[0].lower()))
    return parts


def norwegian_text(value: Any) -> str:
    """Gives the level as text with large letters: "a2" becomes "A2"."""
    return _LEVEL.sub(lambda level: level[0].upper(), text_of(value))


def parse_written_exam(value: Any) -> ExamWords:
    """Gives the state of the written exam from "bestått", "Bestått v25", "ikke bestått", "meldt opp", "4"; no date is made up."""
    text = text_of(value)
    word = folded(text)
    grade = _grade(text)
    if word.startswith(("ikke mott", "motte ikke", "ikke mote")):
        return ExamWords("absent")
    if word.startswith(("ikke bestatt", "stryk", "strok", "ikke godkjent")):
        return ExamWords("failed", 1 if grade == 1 else None, _told(text, word, "ikke bestatt"))
    if word.startswith(("bestatt", "godkjent")):
        return ExamWords("passed", grade if grade and grade >= 2 else None, _told(text, word, "bestatt"))
    if word.startswith(("godskrevet", "fritatt", "fritak")):
        return ExamWords("credited", None, text[:120])
    if word.startswith(("meldt", "pameldt", "oppmeldt")):
        return ExamWords("registered")
    if word.startswith(("tatt", "venter")):
        return ExamWords("taken")
    if word.startswith("planlagt"):
        return ExamWords("planned")
    if grade is not None and re.fullmatch(r"(karakter )?[1-6]", word):
        return ExamWords("passed" if grade >= 2 else "failed", grade)
    raise ValueError(_("Vi forstår ikke «%(text)s» om skriftlig eksamen. Skriv for eksempel «bestått».") % {"text": text[:40]})


def parse_trade_test(value: Any) -> str:
    """Gives the result of the trade test; "" when the person is registered and has no result."""
    word = folded(text_of(value))
    if word.startswith(("ikke bestatt", "stryk", "strok")):
        return "failed"
    if word.startswith("bestatt") and "meget" in word:
        return "passed_merit"
    if word.startswith("bestatt"):
        return "passed"
    if word.startswith(("meldt", "pameldt", "oppmeldt", "planlagt")):
        return ""
    raise ValueError(_("Vi forstår ikke «%(text)s» om fagprøven. Skriv for eksempel «bestått».") % {"text": text_of(value)[:40]})


def _grade(text: str) -> int | None:
    found = re.search(r"(?<![\w.,])([1-6])(?![\w.,])", text)
    return int(found[1]) if found else None


def _told(text: str, word: str, plain: str) -> str:
    """The words themselves where they say more than the state: «Bestått v25»."""
    return "" if word == plain else text[:120]
