"""Identity numbers, telephone numbers and organisation numbers."""

import csv
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fagbrev.identity import check_national_id, check_organisation_number, mask_national_id, normalise_phone, phone_words

FIXTURES = Path(__file__).parent.parent / "fixtures"
K1 = (3, 7, 6, 1, 8, 9, 4, 5, 2)
K2 = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


def number_with_checks(first_nine: str, remainder: int = 0) -> str | None:
    """The number with check digits whose first control leaves the remainder; none when a check digit would be 10."""
    k1 = (remainder - sum(int(d) * w for d, w in zip(first_nine, K1, strict=True))) % 11
    if k1 == 10:
        return None
    k2 = -sum(int(d) * w for d, w in zip(f"{first_nine}{k1}", K2, strict=True)) % 11
    return None if k2 == 10 else f"{first_nine}{k1}{k2}"


def first_number(date_digits: str, remainder: int = 0) -> str:
    numbers = (number_with_checks(f"{date_digits}{n:03d}", remainder) for n in range(900))
    return next(number for number in numbers if number)


@pytest.mark.parametrize("number", ["12812199631", "10884399853", "13922947702", "27827104839", "198279 29290", "198279-29290"])
def test_a_synthetic_number_passes_where_it_is_allowed(number: str) -> None:
    assert len(check_national_id(number, allow_synthetic=True)) == 11


@pytest.mark.parametrize("month", ["81", "92", "66", "77"])
def test_a_synthetic_number_is_refused_where_it_is_not_allowed(month: str) -> None:
    number = first_number(f"12{month}80")
    assert check_national_id(number, allow_synthetic=True) == number
    with pytest.raises(ValueError, match="syntetisk testnummer"):
        check_national_id(number, allow_synthetic=False)


@pytest.mark.parametrize("remainder", [0, 1, 2, 3])
def test_the_rule_of_2032_accepts_remainders_up_to_three(remainder: int) -> None:
    check_national_id(first_number("128180", remainder), allow_synthetic=True)


@pytest.mark.parametrize("remainder", [4, 5, 10])
def test_no_rule_accepts_remainders_above_three(remainder: int) -> None:
    with pytest.raises(ValueError, match="Kontrollsifrene"):
        check_national_id(first_number("128180", remainder), allow_synthetic=True)


def test_a_d_number_passes() -> None:
    check_national_id(first_number("528180"), allow_synthetic=True)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "mangler"),
        ("   ", "mangler"),
        ("1281219963", "skal ha 11 sifre, men har 10"),
        ("128121996310", "skal ha 11 sifre, men har 12"),
        ("1281219963x", "bare ha sifre"),
        ("１２812199631", "bare ha sifre"),
        ("32812199631", "gyldig dato"),
        ("00812199631", "gyldig dato"),
        ("72812199631", "gyldig dato"),
        ("12002199631", "gyldig dato"),
        ("12932199631", "gyldig dato"),
        ("12522199631", "gyldig dato"),
        ("30822199631", "gyldig dato"),
        ("29822199631", "gyldig dato"),
        ("12812199632", "Kontrollsifrene"),
    ],
)
def test_each_fault_is_named(typed: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        check_national_id(typed, allow_synthetic=True)


def test_the_leap_day_passes_in_leap_years_and_in_year_00() -> None:
    for year in ("96", "00", "04"):
        check_national_id(first_number(f"2982{year}"), allow_synthetic=True)


def test_a_spreadsheets_whole_number_gets_its_leading_zero_back() -> None:
    assert check_national_id(4907803061, allow_synthetic=True) == "04907803061"


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.integers(0, 999), st.sampled_from([0, 1, 2, 3]))
def test_every_well_made_number_passes(born: date, individual: int, remainder: int) -> None:
    if (born.month, born.day, born.year % 100) == (2, 29, 0):
        born -= timedelta(days=1)
    number = number_with_checks(f"{born.day:02d}{born.month + 80:02d}{born.year % 100:02d}{individual:03d}", remainder)
    if number:
        assert check_national_id(number, allow_synthetic=True) == number


@given(st.text(max_size=20))
def test_any_text_gives_digits_or_a_sentence(typed: str) -> None:
    try:
        assert check_national_id(typed, allow_synthetic=True).isdigit()
    except ValueError as fault:
        assert str(fault).endswith(".")


def test_the_spreadsheets_numbers_get_the_expected_verdicts() -> None:
    with (FIXTURES / "deltakerliste-expected.csv").open(encoding="utf-8") as file:
        wrong = {int(row["sheet_row"]) for row in csv.DictReader(file) if row["why"].startswith("national identity")}
    sheet = openpyxl.load_workbook(FIXTURES / "deltakerliste.xlsx").worksheets[0]
    refused = set()
    for row in sheet.iter_rows(min_row=5, max_row=67):
        if row[2].value:
            try:
                check_national_id(row[2].value, allow_synthetic=True)
            except ValueError:
                refused.add(row[0].row)
            normalise_phone(row[3].value)
    assert refused == wrong


def test_the_mask_shows_no_digit() -> None:
    assert mask_national_id("12812199631") == "•••••• •••••"
    assert mask_national_id("") == ""


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("+47 970 15 764", "+4797015764"),
        ("004743455413", "+4743455413"),
        ("95706306", "+4795706306"),
        (95706306, "+4795706306"),
        ("4795706306", "+4795706306"),
        ("957 06 306", "+4795706306"),
        ("22 33 44 55", "+4722334455"),
        ("+46 (0)70-123 45 67", "+46701234567"),
        ("0046701234567", "+46701234567"),
    ],
)
def test_a_telephone_number_is_kept_in_one_form(typed: str | int, kept: str) -> None:
    assert normalise_phone(typed) == kept


@pytest.mark.parametrize(
    "typed", ["", "9570630", "957063066", "+4795706", "12345678", "ring meg", "+47 1570 6306", "+123", "+0123456789"]
)
def test_what_is_no_telephone_number_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="elefonnummer"):
        normalise_phone(typed)


def test_telephone_numbers_are_grouped_for_reading() -> None:
    assert phone_words("+4797015764") == "970 15 764"
    assert phone_words("+4722334455") == "22 33 44 55"
    assert phone_words("+46701234567") == "+46701234567"
    assert phone_words("") == ""


@given(st.integers(20_000_000, 99_999_999))
def test_a_grouped_number_typed_again_is_the_same_number(local: int) -> None:
    number = normalise_phone(local)
    assert normalise_phone(phone_words(number)) == number


def test_an_organisation_number_is_checked() -> None:
    assert check_organisation_number("974 760 673") == "974760673"
    for wrong in ("974760674", "97476067", "ABC760673", ""):
        with pytest.raises(ValueError, match="rganisasjonsnummer"):
            check_organisation_number(wrong)
