"""What the cells of a messy spreadsheet mean, without a database."""

from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fagbrev.sheets import Formula, Row, Sheet, SheetError
from participants.importing import values
from participants.importing.columns import columns_missing, find_heading, guess_columns
from participants.importing.people import People, Person
from participants.importing.plan import RowPlan, RowValues, Terms, judge, read_rows, sheet_day
from participants.importing.values import Contact, ExamWords, PersonName, TradeWords

TODAY = date(2026, 11, 23)
TRADES = (
    TradeWords(1, "BUA", "Barne- og ungdomsarbeider", "Barn og ungdom", "BUA3103"),
    TradeWords(2, "HEA", "Helsefagarbeider", "Helse", "HEA3103"),
    TradeWords(3, "ROF", "Renholdsoperatør", "Renhold", "ROF3103"),
)
HEADINGS = ["Nr", "Etternavn, fornavn", "Fødselsnr.", "Mob.", "E-post", "Fag", "Status", "Arbeidssted", "Oppstart", "Merknad"]
GOOD = [1, "Testesen, Åse", None, "91234567", None, "BUA", "Henvist", None, None, None]


def sheet(*rows: list, above: list | None = None) -> Sheet:
    lines = [*(above or []), HEADINGS, *rows]
    return Sheet("Ark", [Row(number, list(cells)) for number, cells in enumerate(lines, 1) if any(c is not None for c in cells)])


def plan(*rows: list, above: list | None = None, today: date = TODAY) -> list[RowPlan]:
    made = sheet(*rows, above=above)
    heading = find_heading(made)
    return read_rows(made, heading_row=heading.row_number, chosen=heading.guess, terms=Terms(TRADES, today, True))


def changed(**cells: object) -> list:
    row = list(GOOD)
    places = {"name": 1, "id": 2, "phone": 3, "email": 4, "trade": 5, "status": 6, "workplace": 7, "start": 8, "note": 9}
    for key, value in cells.items():
        row[places[key]] = value
    return row


# --- Cells -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("Helse", "HEA"), ("helsefagarbeider", "HEA"), ("Helsefag.", "HEA"), ("HEA", "HEA"), ("BUA", "BUA"), ("bua ", "BUA"),
        ("barne og ungdomsarb.", "BUA"), ("Barne- og ungdomsarbeider", "BUA"), ("ROF", "ROF"), ("Renholdsop", "ROF"),
        ("renholdsoperatør", "ROF"), ("Renhold", "ROF"), ("RENHOLDSOPERATØR", "ROF"),
    ],
)  # fmt: skip
def test_every_writing_of_a_trade_is_known(cell: str, code: str) -> None:
    assert values.parse_trade(cell, TRADES).code == code


@pytest.mark.parametrize("cell", ["Kokk", "hel", "Helsefagarbeiderne", 5])
def test_an_unknown_trade_is_named(cell: object) -> None:
    with pytest.raises(ValueError, match=f"Faget «{cell}» finnes ikke"):
        values.parse_trade(cell, TRADES)


def test_a_beginning_that_fits_two_trades_is_asked_about() -> None:
    with pytest.raises(ValueError, match="kan bety flere fag"):
        values.parse_trade("Helse", (TradeWords(1, "A", "Helsefagarbeider", "H"), TradeWords(2, "B", "Helsesekretær", "S")))


@pytest.mark.parametrize(
    ("cell", "status"),
    [
        ("Fullført", "completed"), ("Permisjon", "on_leave"), ("Venteliste", "waitlisted"), ("Søknad sendt", "contract_applied"),
        ("Oppmeldt fagprøve", "trade_test"), ("I praksis", "placed"), ("Tatt opp", "admitted"), ("Henvist", "referred"),
        ("under opplæring ", "training"), ("Under opplæring", "training"), ("Intervjuet", "interviewed"), ("Avbrutt", "terminated"),
        ("Oppstart", "onboarding"), ("Utplassert", "placed"), ("Kontrakt søkt", "contract_applied"), ("Avslått", "declined"),
    ],
)  # fmt: skip
def test_every_writing_of_a_phase_is_known(cell: str, status: str) -> None:
    assert values.parse_status(cell) == status


@pytest.mark.parametrize(
    ("cell", "year"),
    [(2011, 2011), ("2011", 2011), ("16 år", 2010), ("01.06.05", 2005), ("2002-06-01", 2002), ("1. juni 2009", 2009),
     ("1.6.2003", 2003), (datetime(2012, 6, 1), 2012), ("juni 2009", 2009)],
)  # fmt: skip
def test_the_year_of_arrival_is_read_in_every_form(cell: object, year: int) -> None:
    assert values.parse_arrival_year(cell, today=TODAY) == year


@pytest.mark.parametrize("cell", [2040, 12, "for lenge siden", "150 år", "1. juni 2031"])
def test_a_year_of_arrival_that_cannot_be_is_refused(cell: object) -> None:
    with pytest.raises(ValueError, match="I Norge siden"):
        values.parse_arrival_year(cell, today=TODAY)


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Øvrebø-Test, Åsa-Marie", PersonName("Åsa-Marie", "Øvrebø-Test")), ("  Tenkt ,  Thi   Lan", PersonName("Thi Lan", "Tenkt")),
        ("Thi Lan Tenkt", PersonName("Thi Lan", "Tenkt")), ("Tenkt", PersonName("", "Tenkt")), ("Tenkt,", PersonName("", "Tenkt")),
        ("O'Prøvestad, Li", PersonName("Li", "O'Prøvestad")),
    ],
)  # fmt: skip
def test_names_are_parted(cell: str, names: PersonName) -> None:
    assert values.parse_name(cell) == names


def test_a_name_is_neither_digits_nor_signs_nor_endless() -> None:
    for cell, words in [("12345", "sifre"), (", ,", "mangler"), ("😀", "mangler"), ("щ" * 79 + ", Li", "langt")]:
        with pytest.raises(ValueError, match=words):
            values.parse_name(cell)


@pytest.mark.parametrize("cell", [27827104839, "27827104839", "278271 04839"])
def test_an_identity_number_is_read_as_number_and_text(cell: object) -> None:
    assert values.parse_national_id(cell, allow_synthetic=True) == "27827104839"


@pytest.mark.parametrize("cell", [1827804042, "1827804042"])
def test_a_lost_leading_zero_does_not_make_another_person(cell: object) -> None:
    with pytest.raises(ValueError, match="Kontrollsifrene"):
        values.parse_national_id(cell, allow_synthetic=True)
    assert values.parse_national_id(8869525201, allow_synthetic=True) == "08869525201"
    assert values.parse_national_id("8869525201", allow_synthetic=True) == "08869525201"


def test_a_shortened_identity_number_says_so() -> None:
    with pytest.raises(ValueError, match="forkortet"):
        values.parse_national_id("2,78271E+10", allow_synthetic=True)


def test_a_fadder_has_name_and_mail() -> None:
    assert values.parse_contact("Kari Faddersen (kari.faddersen@example.no)", "Fadder") == Contact(
        "Kari Faddersen", "kari.faddersen@example.no"
    )
    assert values.parse_contact("Kari Faddersen", "Fadder") == Contact("Kari Faddersen")
    assert values.parse_contacts("Kari F (k@example.no), Ola V (o@example.no); Per Ø", "Fadder") == (
        Contact("Kari F", "k@example.no"), Contact("Ola V", "o@example.no"), Contact("Per Ø"),
    )  # fmt: skip
    with pytest.raises(ValueError, match="Fadder mangler navn"):
        values.parse_contact("kari@example.no", "Fadder")
    with pytest.raises(ValueError, match="Fadder: E-postadressen «kari@» er ikke gyldig"):
        values.parse_contact("Kari (kari@)", "Fadder")


def test_an_income_may_be_two() -> None:
    assert values.parse_incomes("Lønn + overgangsst.") == (("wages", ""), ("overgangsstonad", ""))
    assert values.parse_incomes("lønn") == (("wages", ""),)
    assert values.parse_incomes("Jobbsjansen") == (("jobbsjansen", "jobbsjansen"),)
    assert values.parse_incomes("introstønad") == (("introduksjonsstonad", "introduction"),)
    assert values.parse_incomes("arv og dagpenger") == (("other", ""), ("dagpenger", ""))


def test_norwegian_is_told_per_part_or_as_a_whole() -> None:
    assert values.parse_norwegian_parts("B1 muntlig, A2 skriftlig") == {"oral": "b1", "writing": "a2"}
    assert values.parse_norwegian_parts("A2/B1") == {}
    assert values.parse_norwegian_parts("A2/B1 muntlig") == {}
    assert values.norwegian_text("a2") == "A2"


@pytest.mark.parametrize(
    ("cell", "exam"),
    [
        ("bestått", ExamWords("passed")), ("Bestått v25", ExamWords("passed", None, "Bestått v25")),
        ("ikke bestått", ExamWords("failed")), ("meldt opp", ExamWords("registered")),
        ("4", ExamWords("passed", 4)), (1, ExamWords("failed", 1)),
        ("Bestått, karakter 3", ExamWords("passed", 3, "Bestått, karakter 3")), ("møtte ikke", ExamWords("absent")),
        ("Godskrevet 2019", ExamWords("credited", None, "Godskrevet 2019")),
    ],
)  # fmt: skip
def test_the_written_exam_is_read_without_inventing(cell: object, exam: ExamWords) -> None:
    assert values.parse_written_exam(cell) == exam


def test_the_trade_test_is_read() -> None:
    found = [values.parse_trade_test(cell) for cell in ("bestått", "Bestått meget godt", "ikke bestått", "meldt opp")]
    assert found == ["passed", "passed_merit", "failed", ""]
    with pytest.raises(ValueError, match="fagprøven"):
        values.parse_trade_test("kanskje")


def test_a_contract_never_ends_before_it_starts() -> None:
    assert values.parse_contract("16.03.2026 - 15.03.2028") == (date(2026, 3, 16), date(2028, 3, 15))
    with pytest.raises(ValueError, match="Kontrakten slutter før den begynner"):
        values.parse_contract("13.09.2028 - 15.03.2027")
    with pytest.raises(ValueError, match="Kontrakten slutter før den begynner"):
        values.parse_contract_days("13.09.2028", date(2027, 3, 15))


CELLS = st.one_of(
    st.none(), st.text(max_size=60), st.integers(), st.floats(), st.booleans(), st.dates(), st.datetimes(), st.times(),
    st.builds(Formula, st.text(max_size=10)), st.sampled_from(["bestått 4", "16 år", "B1 muntlig", "1.1.2020 - 1.1.2019", "a, b (c@d)"]),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(CELLS, min_size=10, max_size=10), st.lists(CELLS, max_size=12))
def test_no_row_makes_the_reader_fall(cells: list, above: list) -> None:
    for row in plan(cells, above=[above] if above else []):
        assert row.verdict in {"created", "error"}
        assert bool(row.reasons) == (row.verdict == "error")


@settings(max_examples=150, deadline=None)
@given(CELLS)
def test_each_reader_gives_a_value_or_a_sentence(cell: object) -> None:
    for reader in (
        values.parse_name, values.parse_phone, values.parse_email, values.parse_status, values.parse_contract,
        values.parse_incomes, values.parse_norwegian_parts, values.parse_written_exam, values.parse_trade_test, values.norwegian_text,
        lambda value: values.parse_national_id(value, allow_synthetic=True), lambda value: values.parse_trade(value, TRADES),
        lambda value: values.parse_arrival_year(value, today=TODAY), lambda value: values.parse_contacts(value, "Fadder"),
        lambda value: values.parse_day(value, "Oppstart"), values.note_of, values.text_of,
    ):  # fmt: skip
        try:
            reader(cell)
        except ValueError as wrong:
            assert str(wrong)


# --- Columns ---------------------------------------------------------------------------------------


def test_headings_are_guessed_each_once() -> None:
    assert guess_columns(HEADINGS) == (
        "", "name", "national_id", "phone", "email", "trade", "status", "workplace", "starts_on", "note",
    )  # fmt: skip
    assert guess_columns(["Fornavn", "Etternavn", "Navn", "Fag", "Fag", "Kontrakt fra", "Kontrakt til"]) == (
        "first_name", "last_name", "name", "trade", "", "contract_from", "contract_to",
    )  # fmt: skip


def test_the_heading_is_found_below_titles() -> None:
    made = sheet(GOOD, above=[["Oversikt over deltakere"], ["Sist oppdatert", datetime(2026, 11, 20)], [None]])
    assert find_heading(made).row_number == 4
    assert sheet_day(made, 4) == date(2026, 11, 20)


def test_a_sheet_without_headings_is_refused() -> None:
    with pytest.raises(SheetError, match="overskrifter"):
        find_heading(Sheet("Ark", [Row(1, ["Ring NAV om møte", "fredag"])]))


def test_the_choice_of_columns_must_tell_who_what_and_where() -> None:
    assert columns_missing({0: "name", 1: "trade", 2: "status", 3: "phone"}) == []
    assert len(columns_missing({0: "", 1: "trade", 2: "trade"})) == 4


# --- Rows ------------------------------------------------------------------------------------------


def test_every_fault_of_a_row_is_named() -> None:
    (row,) = plan(changed(name=None, id="12345678901", email="mangler@", trade="Kokk", status="Borte", phone="12"))
    assert row.verdict == "error"
    assert len(row.reasons) == 6


def test_a_formula_is_an_error_of_its_row_alone_and_named_by_its_column() -> None:
    first, second = plan(changed(note=Formula("=1+1")), changed(phone="92345678"))
    assert first.reasons == ("«Merknad» har en formel. Skriv verdien i stedet.",)
    assert second.verdict == "created"


def test_a_formula_for_a_name_is_one_fault_and_not_two() -> None:
    (row,) = plan(changed(name=Formula("=A1")))
    assert len(row.reasons) == 1


def test_totals_empty_rows_and_repeated_headings_are_skipped() -> None:
    total = [None, "Sum deltakere", None, None, None, None, Formula("=COUNTA(B5:B67)"), None, None, None]
    counted_only = [7, *[None] * 9]
    assert [row.sheet_row for row in plan(GOOD, [None] * 10, HEADINGS, counted_only, total)] == [2]


def test_one_whose_name_is_sum_is_no_total() -> None:
    assert [row.verdict for row in plan(changed(name="Sum Testesen, Li"))] == ["created"]


def test_text_that_begins_like_a_formula_stays_text() -> None:
    for text in ("=ring", "+47 er koden", "-ikke ring", "@jobb", "O'Hara; DROP TABLE deltakere;--"):
        (row,) = plan(changed(note=text))
        assert (row.verdict, row.values.note) == ("created", text)


def test_a_person_needs_one_way_to_be_known_again() -> None:
    assert plan(changed(phone=None))[0].reasons == ("Fødselsnummer, telefon og e-post mangler. Vi trenger minst ett av dem.",)
    assert len(plan(changed(phone="12"))[0].reasons) == 1


def test_the_trade_may_be_open_only_before_admission() -> None:
    assert plan(changed(trade=None))[0].verdict == "created"
    assert plan(changed(trade=None, status="I praksis"))[0].reasons == ("Faget mangler.",)


def test_what_has_no_place_goes_into_the_note() -> None:
    (row,) = plan(changed(start="1.2.2026"))
    assert row.values.note == "Oppstart i regnearket, uten arbeidssted: 1. februar 2026"
    (row,) = plan(changed(status="Fullført", workplace="Prøvestad skole", start="5.2.2027", note="Hei"))
    assert row.values.note == "Hei\nOppstart i regnearket: 5. februar 2027"
    assert row.values.practice_days(TODAY) == (None, TODAY)


def test_the_practice_of_one_who_is_done_ended_with_the_contract_or_before_the_import() -> None:
    done = RowValues(status="completed", starts_on=date(2025, 1, 1), contract=(date(2025, 2, 1), date(2026, 2, 1)))
    assert done.practice_days(TODAY) == (date(2025, 1, 1), date(2026, 2, 1))
    assert RowValues(status="training", starts_on=date(2025, 1, 1)).practice_days(TODAY) == (date(2025, 1, 1), None)


# --- Who is known ----------------------------------------------------------------------------------


def verdicts(rows: list[RowPlan], *known: Person) -> list[str]:
    return [row.verdict for row in judge(rows, people=People(known), index=lambda digits: f"key {digits}")]


def test_the_same_person_and_trade_twice_in_a_file_is_one() -> None:
    rows = plan(GOOD, GOOD, changed(trade="HEA"), changed(phone="+47 912 34 567", name="Testesen, ÅSE"))
    assert verdicts(rows) == ["created", "exists", "created", "exists"]


def test_two_people_of_the_same_name_stay_two() -> None:
    assert verdicts(plan(GOOD, changed(phone="92345678"))) == ["created", "created"]


def test_one_known_by_name_and_phone_typed_otherwise_is_found() -> None:
    known = Person(pk=1, sort_key="zzse0testesen", phone="912 34 567")
    known.trades[1] = 0
    assert verdicts(plan(GOOD), known) == ["exists"]


def test_different_identity_numbers_are_different_people_even_with_one_phone() -> None:
    first, second = changed(id="27827104839"), changed(id="08869525201")
    assert verdicts(plan(first, second)) == ["created", "created"]


def test_one_out_of_reach_is_left_to_another_coordinator() -> None:
    known = Person(pk=1, sort_key="zzse0testesen", phone="91234567", may_be_written=False)
    assert verdicts(plan(GOOD), known) == ["error"]
