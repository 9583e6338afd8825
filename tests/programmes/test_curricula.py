"""A curriculum comes in from files, once, and never writes over what is there."""

import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from fagbrev.grep import GrepError
from programmes.curricula import FOLDER, import_curriculum, read_curriculum
from programmes.models import CompetenceGoal, Curriculum, Trade

SIMPLE = {
    "kode": "BUA04-01",
    "tittel": "Læreplan i vg3 barne- og ungdomsarbeiderfaget",
    "spraak": "nob",
    "fastsatt": "2027-03-01",
    "gyldigFra": "2027-08-01",
    "kompetansemaalsett": [
        {"kode": "KV9", "tittel": "Mål", "maal": [{"kode": "KM5421", "tekst": "nytt mål"}, {"kode": "KM9", "tekst": "<b>æ</b>"}]}
    ],
}
RAW = [
    {
        "kode": "SNE05-01",
        "tittel": {"tekst": [{"spraak": "default", "verdi": "Læreplan i snekkerfaget"}]},
        "fastsettelsesinformasjon": {"fastsatt-dato": "2025-09-11", "fastsatt-spraak": {"kode": "nno"}},
        "gyldighetsperiode": {"gyldig-fra": {"dato": "2026-08-01"}, "gyldig-til": None},
        "kompetansemaal-kapittel": {"kompetansemaalsett": [{"kode": "KV788", "tittel": "Planlegging"}]},
    },
    {"kode": "KV788", "tittel": "Planlegging", "kompetansemaal": [{"kode": "KM10543", "tittel": "bruke verktøy"}]},
    {"kode": "KM10543", "tittel": {"tekst": [{"spraak": "default", "verdi": "bruke verktøy  trygt "}]}},
]


def content(document: object) -> bytes:
    return json.dumps(document).encode()


def test_a_simplified_file_is_read() -> None:
    assert [goal.text for goal in read_curriculum([content(SIMPLE)]).goals] == ["nytt mål", "<b>æ</b>"]


def test_a_simplified_file_may_begin_with_a_byte_order_mark() -> None:
    assert read_curriculum([b"\xef\xbb\xbf" + content(SIMPLE)]).code == "BUA04-01"


@pytest.mark.parametrize("files", [[content(RAW)], [content(each) for each in RAW], [content({"alt": RAW})]])
def test_raw_answers_are_read_in_one_file_or_many(files) -> None:
    parsed = read_curriculum(files)
    assert (parsed.code, parsed.language) == ("SNE05-01", "nno")
    assert [goal.text for goal in parsed.goals] == ["bruke verktøy trygt"]


@pytest.mark.parametrize(
    "file",
    [
        b"",
        b"\xff\xfe\x00",
        b"not json",
        b"[" * 100_000,
        b"null",
        b"3",
        b"{}",
        b"[]",
        b'{"kode": 4}',
        b'{"kode": "BUA03-02", "kompetansemaalsett": "x"}',
        content(RAW[0]),
        content([RAW[0], RAW[0]]),
        content(SIMPLE | {"fastsatt": "i fjor"}),
        content(
            SIMPLE | {"kompetansemaalsett": [{"kode": "KV9", "tittel": "a", "maal": [{"kode": "KM1", "tekst": "a" * 9000}]}]}
        ),
    ],
)
def test_what_is_no_curriculum_is_refused_with_a_sentence(file) -> None:
    with pytest.raises(GrepError, match=r"\.$"):
        read_curriculum([file])


@pytest.mark.django_db
def test_a_newer_version_is_a_curriculum_of_its_own_and_the_old_goals_stay(frame) -> None:
    old = CompetenceGoal.objects.get(code="KM5421")
    trade = Trade.objects.get(code="BUA")
    assert import_curriculum(parsed=read_curriculum([content(SIMPLE)]), trade=trade).is_new
    new = CompetenceGoal.objects.get(code="KM5421", goal_set__curriculum__code="BUA04-01")
    assert new.pk != old.pk and new.short_name == old.short_name
    old.refresh_from_db()
    trade.refresh_from_db()
    assert old.text != "nytt mål" and trade.curriculum.code == "BUA03-02"


@pytest.mark.django_db
def test_the_same_code_again_changes_nothing(frame) -> None:
    first = import_curriculum(parsed=read_curriculum([content(SIMPLE)]), trade=None)
    changed = SIMPLE | {"tittel": "Noe annet"}
    again = import_curriculum(parsed=read_curriculum([content(changed)]), trade=None)
    assert (again.curriculum, again.is_new) == (first.curriculum, False)
    assert Curriculum.objects.get(code="BUA04-01").title == SIMPLE["tittel"]
    assert CompetenceGoal.objects.filter(goal_set__curriculum__code="BUA04-01").count() == 2


@pytest.mark.django_db
def test_the_command_takes_a_file_and_says_when_it_is_there_already(frame, tmp_path: Path, capsys) -> None:
    file = tmp_path / "bua.json"
    file.write_bytes(content(SIMPLE))
    call_command("import_curriculum", str(file), trade="bua")
    assert Curriculum.objects.get(code="BUA04-01").trade.code == "BUA"
    call_command("import_curriculum", str(FOLDER / "grep" / "BUA03-02.json"))
    assert "finnes fra før" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("import_curriculum", str(file), trade="XYZ")
    with pytest.raises(CommandError):
        call_command("import_curriculum", str(tmp_path / "mangler.json"))


def test_the_page_takes_in_a_file_once(frame, koordinator) -> None:
    trade = Trade.objects.get(code="BUA")
    for said in ("er hentet inn", "finnes fra før"):
        file = SimpleUploadedFile("bua.json", content(SIMPLE))
        response = koordinator.post("/fag/lareplan/hent/", {"file": file, "trade": trade.pk}, follow=True)
        assert said in response.content.decode()
    assert Curriculum.objects.filter(code="BUA04-01").count() == 1


def test_text_of_a_file_is_never_markup(frame, koordinator) -> None:
    import_curriculum(parsed=read_curriculum([content(SIMPLE)]), trade=None)
    for address in ("/fag/lareplan/BUA04-01/", "/fag/lareplan/BUA04-01/navn/"):
        assert "<b>æ</b>" not in koordinator.get(address).content.decode()


@pytest.mark.parametrize("file", [b"MZ\x90\x00", b"{}", b""])
def test_the_page_says_what_is_wrong_with_a_file(file, frame, koordinator) -> None:
    response = koordinator.post("/fag/lareplan/hent/", {"file": SimpleUploadedFile("a.json", file)})
    assert response.status_code == 422


def test_the_page_refuses_a_file_that_is_too_large(frame, koordinator) -> None:
    response = koordinator.post("/fag/lareplan/hent/", {"file": SimpleUploadedFile("a.json", b" " * (4 * 1024 * 1024 + 1))})
    assert response.status_code == 422 and "4 MB" in response.content.decode()


def test_short_names_are_changed_and_the_goal_itself_is_not(frame, koordinator) -> None:
    before = CompetenceGoal.objects.get(code="KM5421")
    response = koordinator.post("/fag/lareplan/BUA03-02/navn/", {"goal_KM5421": "Se og lære"})
    assert response.status_code == 302
    after = CompetenceGoal.objects.get(code="KM5421")
    assert (after.short_name, after.text) == ("Se og lære", before.text)
    assert CompetenceGoal.objects.get(code="KM5422").short_name
