"""The coordinator's spreadsheet becomes people, exactly as expected and only once."""

import csv
import io
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError

from fagbrev.audit.models import ChangeLog
from fagbrev.people.models import RoleGrant, User
from fagbrev.sheets import read_sheet, write_csv
from participants.importing import perform
from participants.importing.columns import find_heading
from participants.importing.lookups import terms_on
from participants.importing.perform import ImportCollided, import_rows
from participants.importing.plan import RowPlan, counts, read_rows
from participants.models import (
    ContactNote,
    Enrolment,
    IncomePeriod,
    Leave,
    Loan,
    NorwegianTest,
    Participant,
    Placement,
    StatusChange,
    TradeTest,
    WrittenExam,
)
from programmes.defaults import load
from programmes.models import Trade, Workplace, WorkplaceApproval, WorkplacePerson

FIXTURES = Path(__file__).parent.parent / "fixtures"
FILE = FIXTURES / "deltakerliste.xlsx"
TODAY = date(2026, 11, 23)
# What the expected file says in English, as our sentences begin.
WORDS = {
    "": "",
    "e-mail address": "E-postadressen «mangler@» er ikke gyldig.",
    "national identity number: check digits": "Kontrollsifrene i fødselsnummeret stemmer ikke.",
    "unknown trade": "Faget «Kokk» finnes ikke.",
    "name missing": "Navnet mangler.",
    "contract ends before it starts": "Kontrakten slutter før den begynner.",
}
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _frame(settings) -> None:
    settings.ALLOW_SYNTHETIC_IDS = True
    load(today=TODAY)


@pytest.fixture
def coordinator() -> User:
    user = User.objects.create_user("kari@demo.example", "Kari Koordinator")
    RoleGrant.objects.create(user=user, role="coordinator", starts_on=date(2020, 1, 1))
    return user


def expected() -> list[dict[str, str]]:
    with (FIXTURES / "deltakerliste-expected.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def rows_in(content: bytes, name: str = "liste.xlsx", today: date = TODAY) -> list[RowPlan]:
    sheet = read_sheet(io.BytesIO(content), name)
    heading = find_heading(sheet)
    return read_rows(sheet, heading_row=heading.row_number, chosen=heading.guess, terms=terms_on(today))


def run(content: bytes | None = None, name: str = "liste.xlsx", by: User | None = None) -> list[RowPlan]:
    return import_rows(rows=rows_in(content or FILE.read_bytes(), name), by=by, today=TODAY)


def one_row(**cells: object) -> bytes:
    row = {"Navn": "Testesen, Åse", "Tlf": "91234567", "Fag": "BUA", "Status": "Henvist", **cells}
    return sheet_of([row])


def sheet_of(rows: list[dict[str, object]]) -> bytes:
    book = openpyxl.Workbook()
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    book.active.append(headings)
    for row in rows:
        book.active.append([row.get(heading) for heading in headings])
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def enrolment_in_row(number: int, rows: list[RowPlan]) -> Enrolment:
    values = next(row.values for row in rows if row.sheet_row == number)
    key = perform.national_id_key(values.national_id)
    return Enrolment.objects.get(participant__national_id_key=key, trade__code=values.trade.code)


def as_csv() -> bytes:
    book = openpyxl.load_workbook(FILE)
    rows = [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
    rows[67][8] = None  # the formula of the totals row
    return write_csv(rows[0], rows[1:])


# --- The shared spreadsheet ------------------------------------------------------------------------


def test_the_verdicts_are_exactly_the_expected_ones() -> None:
    assert [(row.sheet_row, row.verdict) for row in run()] == [(int(row["sheet_row"]), row["verdict"]) for row in expected()]


def test_reasons_trades_phases_and_numbers_are_the_expected_ones() -> None:
    for row, wanted in zip(rows_in(FILE.read_bytes()), expected(), strict=True):
        values = row.values
        assert row.reason.startswith(WORDS[wanted["why"]])
        assert bool(row.reason) == bool(wanted["why"])
        assert len(row.reasons) <= 1
        assert (values.trade.code if values.trade else "") == wanted["trade"]
        assert values.status == wanted["state"]
        if "check digits" not in wanted["why"]:
            assert values.national_id[:6] == wanted["birth_digits"]
        else:
            assert perform_digits(row)[:6] == wanted["birth_digits"]
        assert row.cells[0] == int(wanted["nr"])


def perform_digits(row: RowPlan) -> str:
    return str(row.cells[2]).replace(" ", "").zfill(11)


def test_what_is_stored_has_the_expected_trade_phase_and_number() -> None:
    rows = run()
    for wanted in expected():
        if wanted["verdict"] == "created":
            enrolment = enrolment_in_row(int(wanted["sheet_row"]), rows)
            assert (enrolment.trade.code, enrolment.status) == (wanted["trade"], wanted["state"])
            assert enrolment.participant.national_id.open()[:6] == wanted["birth_digits"]
            assert enrolment.participant.birth_date is None
            assert enrolment.imported_on == TODAY
            assert enrolment.curriculum == enrolment.trade.curriculum
    assert Enrolment.objects.count() == 48


def test_a_second_import_creates_nothing_also_as_csv() -> None:
    run()
    tables = (
        Participant,
        Enrolment,
        StatusChange,
        Workplace,
        WorkplacePerson,
        Placement,
        WrittenExam,
        Loan,
        ContactNote,
        ChangeLog,
    )
    before = [table.objects.count() for table in tables]
    again = run()
    assert counts(again) == {"created": 0, "exists": 48, "error": 12}
    assert counts(run(as_csv(), "liste.csv")) == {"created": 0, "exists": 48, "error": 12}
    assert [table.objects.count() for table in tables] == before


def test_the_csv_variant_gives_the_same_verdicts_and_values() -> None:
    from_xlsx, from_csv = rows_in(FILE.read_bytes()), rows_in(as_csv(), "liste.csv")
    assert [(row.sheet_row, row.verdict, row.reasons, row.values) for row in from_csv] == [
        (row.sheet_row, row.verdict, row.reasons, row.values) for row in from_xlsx
    ]


def test_one_row_becomes_a_whole_record() -> None:
    rows = run()
    first = enrolment_in_row(5, rows)
    person = first.participant
    assert (person.first_name, person.last_name) == ("Mehret", "Tenkt")
    assert (person.phone, person.email, person.mother_tongue) == ("+4797015764", "mehret.tenkt1@example.no", "engelsk")
    assert first.interview.in_norway_since == 2011
    assert first.interview.held_on is None
    assert (first.norwegian_at_start, first.interview.norwegian_level) == ("A2", "A2")
    assert (first.referral.partner.code, first.referral.referred_on) == ("adult_education", date(2025, 10, 22))
    assert first.started_on == date(2025, 10, 22)
    placement = first.placements.get()
    assert (placement.workplace.name, placement.is_main) == ("Fjellhagen sykehjem", True)
    assert (placement.starts_on, placement.ends_on) == (date(2026, 2, 13), TODAY)
    assert (placement.leder.name, placement.leder.is_leder) == ("Lise Lederstad", True)
    fadder = placement.faddere.get().person
    assert (fadder.name, fadder.email, fadder.user) == ("Kari Faddersen", "kari.faddersen@example.no", None)
    contract = first.contracts.get()
    assert (contract.order, contract.number, contract.starts_on, contract.ends_on) == (
        1,
        "",
        date(2026, 3, 16),
        date(2028, 3, 15),
    )
    assert (first.contract_starts_on, first.contract_ends_on) == (contract.starts_on, contract.ends_on)
    assert [row.kind for row in first.incomes.all()] == ["wages"]
    exam = WrittenExam.objects.get(participant=person)
    assert (exam.exam_code, exam.state, exam.grade, exam.result_on) == ("HEA3103", "passed", None, None)
    assert TradeTest.objects.get(enrolment=first).result == "passed"


def test_the_messy_forms_land_where_they_belong() -> None:
    rows = run()
    on_leave = enrolment_in_row(6, rows)
    assert Leave.objects.get(enrolment=on_leave).starts_on is None
    assert on_leave.status_before_leave == "training"
    tests = NorwegianTest.objects.filter(participant=on_leave.participant)
    assert {(test.part, test.level, test.state) for test in tests} == {("oral", "b1", "known"), ("writing", "a2", "known")}
    assert WrittenExam.objects.get(participant=on_leave.participant).state == "registered"
    assert Loan.objects.get(participant=on_leave.participant).label == "LK-002"
    assert (on_leave.referral.partner, on_leave.referral.partner_text) == (None, "Arbeidsgiver")
    two_incomes = enrolment_in_row(10, rows)
    assert {row.kind for row in IncomePeriod.objects.filter(enrolment=two_incomes)} == {"wages", "overgangsstonad"}
    waiting = enrolment_in_row(7, rows)
    assert waiting.interview.in_norway_since == 2010
    assert not waiting.placements.exists()
    with_source = WrittenExam.objects.get(participant=enrolment_in_row(20, rows).participant)
    assert (with_source.state, with_source.source) == ("passed", "Bestått v25")
    assert WrittenExam.objects.get(participant=enrolment_in_row(14, rows).participant).state == "failed"
    assert TradeTest.objects.get(enrolment=enrolment_in_row(64, rows)).result == "passed_merit"
    registered = TradeTest.objects.get(enrolment=enrolment_in_row(9, rows))
    assert (registered.attempt, registered.result, registered.registered_on) == (1, "", None)


def test_notes_are_the_coordinators_and_stay_text() -> None:
    rows = run()
    note = ContactNote.objects.get(enrolment=enrolment_in_row(37, rows))
    assert (note.what, note.contact_with, note.happened_on) == ("O'Hara; DROP TABLE deltakere;--", "import", date(2026, 11, 20))
    assert ContactNote.objects.get(enrolment=enrolment_in_row(10, rows)).what == '😀 ring etter kl. 14 – jobber "kveld"'


def test_no_practice_of_an_ended_enrolment_is_open_and_unknown_dates_stay_unknown() -> None:
    run()
    ended = Placement.objects.filter(enrolment__status__in=["completed", "terminated"])
    assert ended
    assert all(placement.ends_on and placement.end_reason for placement in ended)
    assert not ended.filter(faddere__ends_on__isnull=True, faddere__isnull=False).exists()
    stopped = Enrolment.objects.filter(status="terminated").first()
    assert (stopped.end_code, stopped.ended_on, stopped.status_since) == ("", None, None)
    assert set(StatusChange.objects.values_list("kind", flat=True)) == {"import"}


def test_workplaces_are_made_once_without_approval_and_people_without_users() -> None:
    Workplace.objects.create(name="fjellhagen SYKEHJEM", kind="nursing_home")
    run()
    assert Workplace.objects.filter(name__iexact="Fjellhagen sykehjem").count() == 1
    assert Workplace.objects.get(name="Trollskogen barnehage AS").kind == "kindergarten"
    assert not WorkplaceApproval.objects.exists()
    assert not User.objects.exists()
    assert not WorkplacePerson.objects.filter(user__isnull=False).exists()


def test_an_import_gives_a_known_person_at_a_workplace_no_new_rights() -> None:
    workplace = Workplace.objects.create(name="Solhaug barnehage")
    WorkplacePerson.objects.create(workplace=workplace, name="Trond Avdeling", is_leder=False)
    run()
    assert not WorkplacePerson.objects.get(workplace=workplace, name="Trond Avdeling").is_leder


def test_each_import_is_in_the_change_log_without_values(coordinator: User) -> None:
    rows = run(by=coordinator)
    noted = ChangeLog.objects.filter(enrolment_id=enrolment_in_row(5, rows).pk, verb="imported")
    sections = {"identity", "contact", "national_id", "referral", "placement", "training_contract", "exams", "income_funding"}
    assert sections <= set(noted.values_list("section", flat=True))
    assert {row.user for row in noted} == {coordinator}


# --- Who is who ------------------------------------------------------------------------------------


def test_the_same_person_in_another_trade_gets_a_second_enrolment() -> None:
    number = {"Fnr": "27827104839", "iPad": "LK-1", "Norsk": "B1 muntlig"}
    run(one_row(**number))
    assert [row.verdict for row in run(one_row(**number, Fag="HEA"))] == ["created"]
    person = Participant.objects.get()
    assert set(person.enrolments.values_list("trade__code", flat=True)) == {"BUA", "HEA"}
    assert (person.loans.count(), person.norwegian_tests.count()) == (1, 1)


def test_someone_registered_without_a_number_is_known_again_and_gets_it() -> None:
    run(one_row())
    assert [row.verdict for row in run(one_row(Fnr="27827104839"))] == ["exists"]
    assert [row.verdict for row in run(one_row(Fnr="27827104839", Fag="ROF"))] == ["created"]
    assert Participant.objects.get().national_id.open() == "27827104839"


def test_two_trades_of_a_new_person_in_one_file_are_one_person() -> None:
    base = {"Navn": "Testesen, Åse", "Tlf": "91234567", "Status": "Henvist"}
    assert [row.verdict for row in run(sheet_of([{**base, "Fag": "BUA"}, {**base, "Fag": "HEA", "Fnr": "27827104839"}]))] == [
        "created"
    ] * 2
    assert Participant.objects.get().national_id.open() == "27827104839"


def test_a_fourth_trade_needs_no_code() -> None:
    Trade.objects.create(code="KOK", name="Kokkefaget", short_name="Kokk", written_exam_code="RMF3103")
    assert "Kokk" not in " ".join(row.reason for row in run())


def test_synthetic_numbers_are_refused_where_they_are_not_allowed(settings) -> None:
    settings.ALLOW_SYNTHETIC_IDS = False
    assert {row.verdict for row in run()} == {"error"}
    assert not Participant.objects.exists()


# --- All or nothing --------------------------------------------------------------------------------


def test_when_one_row_cannot_be_written_none_is(monkeypatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise IntegrityError

    monkeypatch.setattr(perform, "begin_many", fail)
    with pytest.raises(ImportCollided, match="Prøv igjen"):
        run()
    assert not Participant.objects.exists()
    assert not Workplace.objects.exists()


def test_a_collision_with_another_registration_is_judged_anew(monkeypatch) -> None:
    calls = []
    begin = perform.begin_many

    def collide_first(**kwargs: object) -> None:
        calls.append(1)
        if len(calls) == 1:
            raise IntegrityError
        begin(**kwargs)

    monkeypatch.setattr(perform, "begin_many", collide_first)
    assert [row.verdict for row in run(one_row())] == ["created"]
    assert Participant.objects.count() == 1


def test_queries_do_not_grow_with_rows(django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(100):  # 48 people come in: the import itself, and the facts of every rule once for all
        run()


# --- The command -----------------------------------------------------------------------------------


def test_the_command_reports_what_the_expected_file_says(tmp_path: Path, capsys) -> None:
    report = tmp_path / "report.csv"
    for verdict in ("created", "created", "exists"):
        dry = not Participant.objects.exists() and not report.exists()
        call_command("import_caseload", str(FILE), report=str(report), dry_run=dry)
        with report.open(encoding="utf-8", newline="") as file:
            found = list(csv.DictReader(file))
        assert list(found[0]) == ["sheet_row", "verdict", "reason"]
        for row, wanted in zip(found, expected(), strict=True):
            assert row["sheet_row"] == wanted["sheet_row"]
            assert row["verdict"] == (verdict if wanted["verdict"] == "created" else "error")
            assert row["reason"].startswith(WORDS[wanted["why"]])
    assert "0 registrert, 48 finnes fra før, 12 med feil." in capsys.readouterr().out


def test_a_dry_run_writes_nothing(coordinator: User) -> None:
    call_command("import_caseload", str(FILE), dry_run=True, by="kari@demo.example")
    assert not Participant.objects.exists()


@pytest.mark.parametrize(
    ("name", "content"), [("liste.xlsx", b"MZ\x90\x00program"), ("liste.csv", b"a;b\n1;2\n"), ("tom.csv", b"")]
)
def test_the_command_refuses_a_file_in_a_sentence(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(CommandError, match=r"\w+\."):
        call_command("import_caseload", str(path))


def test_the_command_registers_only_for_a_coordinator(coordinator: User) -> None:
    with pytest.raises(CommandError, match="ikke koordinator"):
        call_command("import_caseload", str(FILE), by="nobody@demo.example")
    call_command("import_caseload", str(FILE), by="kari@demo.example")
    assert Enrolment.objects.filter(created_by=coordinator).count() == 48
