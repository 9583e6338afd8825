"""The caseload page: what is shown to whom, how it is filtered and sorted, and how many queries that takes."""

from __future__ import annotations

import io
from datetime import date, timedelta
from html import unescape

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from fagbrev.access.models import RecordRestriction
from fagbrev.audit.models import LookLog
from participants.caseload.asked import Asked
from participants.caseload.buckets import BUCKETS
from participants.caseload.gaps import GAPS, gaps_of
from participants.caseload.query import Caseload
from participants.demo_bulk import add_participants, coordinator
from participants.models import Enrolment, Participant, Placement, SavedFilter
from programmes.defaults import load
from programmes.models import ExamWindow
from tests.cast import Cast, enrol, place

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
LIST = "/deltakere/"


def signed_in(cast: Cast, who: str) -> Client:
    client = Client()
    client.force_login(cast.users[who], backend=BACKEND)
    return client


def shown(cast: Cast, who: str, query: str = "") -> str:
    answer = signed_in(cast, who).get(LIST + query)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def names(cast: Cast, who: str, query: str = "") -> list[str]:
    answer = signed_in(cast, who).get(LIST + query)
    assert answer.status_code == 200
    return [row.name for row in answer.context["rows"]]


def ask(cast: Cast, who: str, query: str) -> tuple[Caseload, Asked]:
    caseload = Caseload(cast.users[who], cast.today)
    return caseload, caseload.asked(QueryDict(query))


# --- What is listed ------------------------------------------------------------------------------------


def test_the_coordinator_sees_every_open_enrolment_and_the_ended_ones_when_asked(cast: Cast) -> None:
    open_ones = names(cast, "koordinator")
    assert "Selma Testesen" in open_ones and "Referred Prøvestad" in open_ones
    assert "Completed Eksempelsen" not in open_ones
    assert "Completed Eksempelsen" in names(cast, "koordinator", "?avsluttet=1")
    assert names(cast, "koordinator", "?fase=declined") == ["Declined Eksempelsen"]


def test_each_role_lists_only_its_own_people(cast: Cast) -> None:
    assert "Nadia Utenfor" not in names(cast, "faglaerer", "?avsluttet=1")
    assert "Referred Prøvestad" in names(cast, "faglaerer")
    assert "Referred Prøvestad" not in names(cast, "norsklaerer")
    assert names(cast, "fadder") == names(cast, "leder") == ["Selma Testesen"]
    assert names(cast, "annen_fadder") == ["Nadia Utenfor"]


@pytest.mark.parametrize("who", ["styringsgruppe", "deltaker", "ingen", "drift", "avsluttet_koordinator"])
@pytest.mark.parametrize("address", [LIST, f"{LIST}sok/?q=selma", f"{LIST}eksport.xlsx"])
def test_those_without_a_part_in_it_are_refused(cast: Cast, who: str, address: str) -> None:
    assert signed_in(cast, who).get(address).status_code == 403


def test_a_teacher_does_not_see_the_phase_before_admission(cast: Cast) -> None:
    answer = signed_in(cast, "faglaerer").get(LIST)
    rows = {row.name: row for row in answer.context["rows"]}
    assert rows["Referred Prøvestad"].phase == "" and rows["Referred Prøvestad"].next_step == ""
    assert rows["Selma Testesen"].phase == "Opplæring"
    assert "Referred Prøvestad" not in names(cast, "faglaerer", "?fase=referred")


def test_someone_strictly_protected_stands_in_no_list_count_search_or_export(cast: Cast) -> None:
    before = Caseload(cast.koordinator, cast.today).counts()["open"]
    Participant.objects.filter(pk=cast.selma.participant_id).update(address_protection="strengt_fortrolig")
    assert "Selma" not in shown(cast, "koordinator")
    assert Caseload(cast.koordinator, cast.today).counts()["open"] == before - 1
    client = signed_in(cast, "koordinator")
    assert b"Selma" not in client.get(f"{LIST}sok/?q=selma").content
    assert "Selma" not in str(exported(client))


def test_a_protected_address_hides_workplace_and_fadder_and_cannot_be_found_by_them(cast: Cast) -> None:
    Participant.objects.filter(pk=cast.selma.participant_id).update(address_protection="fortrolig")
    place_id = cast.barnehage.public_id
    rows = {row.name: row for row in signed_in(cast, "koordinator").get(LIST).context["rows"]}
    assert (rows["Selma Testesen"].workplace, rows["Selma Testesen"].fadder) == ("", "")
    assert names(cast, "koordinator", f"?arbeidssted={place_id}") == []
    line = next(row for row in exported(signed_in(cast, "koordinator")) if "Testesen" in row)
    assert "Eksempelvika barnehage" not in line and "Bente Fadder" not in line


def test_a_restricted_record_is_gone_for_the_one_it_is_closed_for(cast: Cast) -> None:
    RecordRestriction.objects.create(
        participant_id=cast.selma.participant_id, kind="deny", user=cast.koordinator, reason="slekt", starts_on=cast.today
    )
    assert "Selma Testesen" not in names(cast, "koordinator")
    assert b"Selma" not in signed_in(cast, "koordinator").get(f"{LIST}sok/?q=selma").content


def test_on_leave_the_fadder_sees_name_and_phase_only(cast: Cast) -> None:
    Enrolment.objects.filter(pk=cast.selma.pk).update(status="on_leave", status_before_leave="training")
    row = signed_in(cast, "fadder").get(LIST).context["rows"][0]
    assert (row.name, row.phase, row.workplace, row.fadder, row.contract_end) == ("Selma Testesen", "Permisjon", "", "", "")


def test_a_fadder_sees_only_the_own_of_two_workplaces(cast: Cast) -> None:
    second = place(cast, enrol(cast, "Mona Demoberg", "HEA", "training"), "sykehjem", leder="annen_leder_person",
                   fadder="annen_fadder_person")  # fmt: skip
    Placement.objects.create(
        enrolment=second.enrolment, workplace=cast.barnehage, is_main=False, starts_on=cast.today - timedelta(days=9)
    ).faddere.create(person=cast.fadder_person, starts_on=cast.today - timedelta(days=9))
    rows = {row.name: row for row in signed_in(cast, "fadder").get(LIST).context["rows"]}
    assert rows["Mona Demoberg"].workplace == "Eksempelvika barnehage"
    assert "Prøveli sykehjem" not in shown(cast, "fadder")


# --- Filters, sort and pages ----------------------------------------------------------------------------


def test_filters_combine(cast: Cast) -> None:
    assert names(cast, "koordinator", "?fag=HEA") == ["Nadia Utenfor"]
    assert names(cast, "koordinator", "?fag=BUA&fase=training&fase=placed") == ["Placed Prøvestad", "Selma Testesen"]
    assert names(cast, "koordinator", f"?arbeidssted={cast.sykehjem.public_id}&fase=training") == ["Nadia Utenfor"]
    assert names(cast, "koordinator", "?fag=BUA&q=nadia") == []
    enrol(cast, "Uten Fagvalg", "", "referred")
    assert names(cast, "koordinator", "?fag=uavklart") == ["Uten Fagvalg"]


@pytest.mark.parametrize("typed", ["selma", "Testesen Selma", "sellma", "SELMA TEST", "testessen"])
def test_a_misspelt_name_is_found(cast: Cast, typed: str) -> None:
    found = names(cast, "koordinator", f"?q={typed}")
    assert found == ["Selma Testesen"]


def test_every_sort_key_goes_both_ways(cast: Cast) -> None:
    by_name = names(cast, "koordinator", "?sorter=navn")
    assert by_name == list(reversed(names(cast, "koordinator", "?sorter=-navn")))
    for key in ("fag", "fase", "arbeidssted", "siden", "kontrakt"):
        assert sorted(names(cast, "koordinator", f"?sorter={key}")) == sorted(by_name)
        assert sorted(names(cast, "koordinator", f"?sorter=-{key}")) == sorted(by_name)
    assert names(cast, "koordinator", "?sorter=fase")[0] == "Referred Prøvestad"


def test_a_sort_or_filter_on_an_unreadable_section_is_ignored(cast: Cast) -> None:
    assert names(cast, "fadder", "?sorter=kontrakt") == ["Selma Testesen"]
    caseload, asked = ask(cast, "norsklaerer", "sorter=kontrakt")
    assert "contract_ends_on" not in str(caseload.rows(asked).query).split("ORDER BY")[1]


@pytest.mark.parametrize(
    "query",
    [
        "?fag=XXX&fase=tull&arbeidssted=tull&utvalg=tull&sorter=tull&side=tull",
        "?side=99999", "?side=-1", "?side=0", "?side=%D9%A3", "?side=999999999999999999999",
        "?q=" + "a" * 3000, "?sorter=-", "?sorter=--navn", "?avsluttet=kanskje", "?q=%25_%5C'%22%3B--",
    ],
)  # fmt: skip
def test_nonsense_in_the_address_is_ignored(cast: Cast, query: str) -> None:
    for address in (LIST, f"{LIST}sok/", f"{LIST}eksport.xlsx"):
        assert signed_in(cast, "koordinator").get(address + query).status_code == 200


def test_the_sentence_and_the_chips_say_what_is_shown(cast: Cast) -> None:
    page = shown(cast, "koordinator", "?fag=BUA&fase=training&utvalg=kontrakt")
    assert "Barn og ungdom" in page and "de som har kontrakten som slutter først" in page
    answer = signed_in(cast, "koordinator").get(f"{LIST}?fag=BUA&fase=training")
    assert [chip["url"] for chip in answer.context["chips"]] == ["/deltakere/?fase=training", "/deltakere/?fag=BUA"]


def test_the_list_is_remembered_for_the_way_back(cast: Cast) -> None:
    client = signed_in(cast, "koordinator")
    client.get(f"{LIST}?fase=training&tull=1")
    assert client.session["caseload_query"] == "?fase=training"


# --- Buckets and gaps -----------------------------------------------------------------------------------


def test_each_bucket_counts_what_its_list_shows(cast: Cast) -> None:
    caseload = Caseload(cast.koordinator, cast.today)
    counts = caseload.counts()
    for key in BUCKETS:
        assert counts[f"in_{key}"] == caseload.rows(Asked(bucket=key)).count(), key
    assert (counts["in_intervju"], counts["in_opptak"], counts["in_fylket"]) == (1, 1, 1)
    assert counts["in_papirer"] == 2


@pytest.mark.parametrize(("days", "counted"), [(179, 1), (180, 1), (181, 0), (-3, 1)])
def test_a_contract_ends_soon_up_to_and_with_the_last_day(cast: Cast, days: int, counted: int) -> None:
    Enrolment.objects.exclude(pk=cast.selma.pk).update(contract_ends_on=None, contract_starts_on=None)
    Enrolment.objects.filter(pk=cast.selma.pk).update(contract_ends_on=cast.today + timedelta(days=days))
    assert Caseload(cast.koordinator, cast.today).counts()["in_kontrakt"] == counted


def test_the_exam_is_asked_about_while_its_window_is_near(cast: Cast) -> None:
    ExamWindow.objects.all().delete()
    assert Caseload(cast.koordinator, cast.today).counts()["in_eksamen"] == 0
    opens = cast.today + timedelta(days=30)
    ExamWindow.objects.create(name="Høst", opens_on=opens, closes_on=opens + timedelta(days=14))
    assert "Selma Testesen" in names(cast, "koordinator", "?utvalg=eksamen")
    cast.selma.participant.written_exams.create(exam_code=cast.trades["BUA"].written_exam_code, state="registered")
    assert "Selma Testesen" not in names(cast, "koordinator", "?utvalg=eksamen")


def test_buckets_on_sections_a_role_may_not_read_are_not_shown(cast: Cast) -> None:
    keys = {
        who: set(Caseload(cast.users[who], cast.today).buckets) for who in ("koordinator", "faglaerer", "norsklaerer", "fadder")
    }
    assert keys["koordinator"] == set(BUCKETS)
    assert not keys["faglaerer"] & {"papirer", "mangler", "intervju", "opptak"} and "kontrakt" in keys["faglaerer"]
    assert "kontrakt" not in keys["norsklaerer"] and "fagprove" not in keys["norsklaerer"]
    assert keys["fadder"] == set()
    assert names(cast, "faglaerer", "?utvalg=papirer") == names(cast, "faglaerer")


def test_every_gap_has_words_a_page_and_is_found(cast: Cast) -> None:
    Participant.objects.filter(pk=cast.selma.participant_id).update(phone="", email="")
    found = {gap.key for gap in gaps_of(cast.selma)}
    assert {"birth_date", "reach", "interview"} <= found and "contract" not in found
    assert all(str(gap.words) and gap.page and gap.sections for gap in GAPS)
    assert "telefon og e-post" in shown(cast, "koordinator", "?utvalg=mangler&q=selma")


# --- Search as you type ---------------------------------------------------------------------------------


def test_search_gives_at_most_eight_and_is_a_page_of_its_own_without_htmx(cast: Cast) -> None:
    for _turn in range(12):
        enrol(cast, "Mohammed Mønsterhaug", "BUA", "referred")
    client = signed_in(cast, "koordinator")
    part = client.get(f"{LIST}sok/?q=muhamad", headers={"HX-Request": "true"})
    assert len(part.context["hits"]) == 8 and b"<html" not in part.content
    whole = client.get(f"{LIST}sok/?q=muhamad")
    assert b"<html" in whole.content and len(whole.context["hits"]) == 8
    assert client.get(f"{LIST}sok/?q=m").context["hits"] == []


def test_search_finds_nobody_outside_the_scope(cast: Cast) -> None:
    for who in ("faglaerer", "fadder", "leder"):
        assert signed_in(cast, who).get(f"{LIST}sok/?q=nadia").context["hits"] == []


# --- Export ---------------------------------------------------------------------------------------------


def exported(client: Client, query: str = "") -> list[tuple[object, ...]]:
    answer = client.get(f"{LIST}eksport.xlsx{query}")
    assert answer.status_code == 200
    sheet = load_workbook(io.BytesIO(answer.content)).active
    return list(sheet.iter_rows(values_only=True))


def test_the_export_holds_what_is_filtered_and_is_logged_per_participant(cast: Cast) -> None:
    rows = exported(signed_in(cast, "koordinator"), "?fase=training")
    assert {row[1] for row in rows[1:]} == {"Testesen", "Utenfor"}
    looks = LookLog.objects.filter(act="export")
    assert {look.participant_id for look in looks} == {cast.selma.participant_id, cast.nadia.participant_id}
    assert all("national_id" not in look.sections and "home_address" not in look.sections for look in looks)


def test_the_export_leaves_out_what_the_role_may_not_read(cast: Cast) -> None:
    headings = exported(signed_in(cast, "norsklaerer"))[0]
    assert "Kontrakt til" not in headings and "Fase" in headings
    lines = {row[1]: row for row in exported(signed_in(cast, "faglaerer"), "?q=referred")[1:]}
    assert "Henvist" not in lines["Prøvestad"] and "+4799900000" not in lines["Prøvestad"]


def test_a_name_like_a_formula_is_exported_as_text(cast: Cast) -> None:
    Participant.objects.filter(pk=cast.selma.participant_id).update(first_name="=1+1")
    answer = signed_in(cast, "koordinator").get(f"{LIST}eksport.xlsx?fase=training")
    cells = [cell for row in load_workbook(io.BytesIO(answer.content)).active.iter_rows() for cell in row if cell.value == "=1+1"]
    assert [cell.data_type for cell in cells] == ["s"]


def test_too_large_an_export_is_refused_in_words(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("participants.views.caseload.MOST_ROWS", 3)
    answer = signed_in(cast, "koordinator").get(f"{LIST}eksport.xlsx", follow=True)
    assert answer.redirect_chain and "Velg færre" in answer.content.decode()
    assert not LookLog.objects.exists()


# --- Saved filters --------------------------------------------------------------------------------------


def test_a_filter_is_saved_listed_and_deleted_by_its_owner_alone(cast: Cast) -> None:
    client = signed_in(cast, "koordinator")
    client.post(f"{LIST}utvalg/", {"name": "Mine", "query": "?fase=training&tull=1"})
    saved = SavedFilter.objects.get()
    assert saved.query == "?fase=training"
    assert "Mine" in shown(cast, "koordinator") and "Mine" not in shown(cast, "faglaerer")
    other = signed_in(cast, "faglaerer").post(f"{LIST}utvalg/{saved.public_id}/slett/")
    assert other.status_code == 404 and SavedFilter.objects.exists()
    client.post(f"{LIST}utvalg/{saved.public_id}/slett/")
    assert not SavedFilter.objects.exists()


@pytest.mark.parametrize("name", ["", "x" * 61, "a\x00b", "   "])
def test_a_bad_name_comes_back_with_words(cast: Cast, name: str) -> None:
    answer = signed_in(cast, "koordinator").post(f"{LIST}utvalg/", {"name": name, "query": "?fase=training"})
    assert answer.status_code == 422 and not SavedFilter.objects.exists()
    assert answer.context["saved_errors"]
    assert [chip["label"] for chip in answer.context["chips"]] == ["Opplæring"]


# --- Speed ----------------------------------------------------------------------------------------------


def _asked_of_the_database(client: Client, address: str) -> tuple[int, int]:
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    assert answer.status_code == 200
    return len(queries), len(answer.content)


@pytest.mark.parametrize("query", ["", "?fase=training&fag=BUA&sorter=kontrakt", "?utvalg=mangler"])
def test_the_list_takes_the_same_few_queries_for_five_and_for_fifty_rows(db: None, today: date, query: str) -> None:
    load(today=today)
    client = Client()
    client.force_login(coordinator(email="koordinator@example.no", name="Kari Koordinator", today=today), backend=BACKEND)
    add_participants(40, today=today)
    few, _length = _asked_of_the_database(client, LIST + query)
    add_participants(200, today=today)
    many, length = _asked_of_the_database(client, LIST + query)
    assert few == many <= 12
    assert length <= 60_000


@pytest.mark.parametrize("who", ["faglaerer", "norsklaerer", "fadder", "leder"])
def test_the_list_takes_few_queries_for_every_role(cast: Cast, who: str) -> None:
    count, _length = _asked_of_the_database(signed_in(cast, who), LIST)
    assert count <= 12
