"""Numbers that identify: national identity numbers, telephone numbers, organisation numbers."""

import re
from itertools import pairwise

from django.utils.translation import gettext as _

_K1_WEIGHTS = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)
_K2_WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
_ORGANISATION_WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2, 1)
# The old rule wants remainder 0 in the first control; numbers given out from 2032 may leave 0 to 3.
_K1_REMAINDERS = frozenset({0, 1, 2, 3})
_DAYS_IN_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_DIGITS = re.compile(r"[0-9]+", re.ASCII)
_MASK = "•••••• •••••"


def check_national_id(text: str | int, *, allow_synthetic: bool) -> str:
    """Gives the 11 digits of a fødselsnummer or D-number, without spaces.

    A number that a spreadsheet keeps as a whole number gets its lost leading zero back. Synthetic test numbers
    (month + 80 or + 65) pass only where allowed. Nothing is derived from the number: it tells neither age nor sex.
    Raises ValueError with a sentence that says which fault it has.
    """
    digits = str(text).zfill(11) if isinstance(text, int) else re.sub(r"[\s.\-]", "", text)
    if not digits:
        raise ValueError(_("Fødselsnummeret mangler."))
    if not _DIGITS.fullmatch(digits):
        raise ValueError(_("Fødselsnummeret kan bare ha sifre."))
    if len(digits) != 11:
        raise ValueError(_("Fødselsnummeret skal ha 11 sifre, men har %(count)d.") % {"count": len(digits)})
    month, is_synthetic = _month(int(digits[2:4]))
    if not _is_day(int(digits[0:2]), month, int(digits[4:6])):
        raise ValueError(_("Fødselsnummeret begynner ikke med en gyldig dato."))
    if _remainder(digits[:10], _K1_WEIGHTS) not in _K1_REMAINDERS or _remainder(digits, _K2_WEIGHTS) != 0:
        raise ValueError(_("Kontrollsifrene i fødselsnummeret stemmer ikke. Se etter tastefeil."))
    if is_synthetic and not allow_synthetic:
        raise ValueError(_("Dette er et syntetisk testnummer. Det kan ikke brukes her."))
    return digits


def mask_national_id(text: str) -> str:
    """Gives what to show in place of a number: dots in the number's own shape, none of its digits; "" for none."""
    return _MASK if text else ""


def normalise_phone(text: str | int) -> str:
    """Gives a telephone number as + and digits: Norwegian ones become +47 and eight digits, foreign ones with + are kept.

    Raises ValueError with a sentence when it cannot be a telephone number.
    """
    typed = str(text).strip()
    compact = re.sub(r"[\s().\-/\u00a0]", "", typed.replace("(0)", ""))
    if compact.startswith("00"):
        compact = "+" + compact[2:]
    if not re.fullmatch(r"\+?[0-9]+", compact, re.ASCII):
        raise ValueError(_("Telefonnummeret kan bare ha sifre, mellomrom og + foran."))
    if not compact.startswith("+"):
        if len(compact) == 10 and compact.startswith("47"):
            compact = compact[2:]
        if len(compact) != 8:
            raise ValueError(_("Et norsk telefonnummer har 8 sifre. Begynn utenlandske numre med + og landkode."))
        compact = "+47" + compact
    if compact.startswith("+47"):
        if not re.fullmatch(r"\+47[2-9][0-9]{7}", compact):
            raise ValueError(_("Et norsk telefonnummer har 8 sifre og begynner ikke med 0 eller 1."))
    elif not re.fullmatch(r"\+[1-9][0-9]{6,14}", compact):
        raise ValueError(_("Et utenlandsk telefonnummer har mellom 7 og 15 sifre etter +."))
    return compact


def phone_words(number: str) -> str:
    """Gives a normalised telephone number grouped for reading: "970 15 764", "22 33 44 55", foreign ones as they are."""
    if not re.fullmatch(r"\+47[0-9]{8}", number):
        return number
    local = number[3:]
    cuts = (0, 3, 5, 8) if local[0] in "49" else (0, 2, 4, 6, 8)
    return " ".join(local[start:end] for start, end in pairwise(cuts))


def check_organisation_number(text: str | int) -> str:
    """Gives the nine digits of an organisation number, without spaces. Raises ValueError with a sentence."""
    digits = re.sub(r"\s", "", str(text))
    if not re.fullmatch(r"[0-9]{9}", digits, re.ASCII):
        raise ValueError(_("Et organisasjonsnummer har 9 sifre."))
    if _remainder(digits, _ORGANISATION_WEIGHTS) != 0:
        raise ValueError(_("Kontrollsifferet i organisasjonsnummeret stemmer ikke. Se etter tastefeil."))
    return digits


def _month(written: int) -> tuple[int, bool]:
    for added in (80, 65):
        if 1 <= written - added <= 12:
            return written - added, True
    return written, False


def _is_day(written_day: int, month: int, year: int) -> bool:
    day = written_day - 40 if written_day > 40 else written_day
    if not (1 <= month <= 12 and 1 <= day <= _DAYS_IN_MONTH[month - 1]):
        return False
    return not (month == 2 and day == 29 and year % 4)  # 00 was a leap year in 2000; the century is not told


def _remainder(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True)) % 11
