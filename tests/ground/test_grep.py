"""Udir's curricula: the shipped files and raw answers, with their traps."""

import copy
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fagbrev.grep import GrepError, parse_curriculum, parse_raw_goal, parse_raw_goal_set, parse_raw_plan

ROOT = Path(__file__).parent.parent.parent
SHIPPED = ROOT / "programmes" / "data"


def shipped(code: str) -> dict[str, Any]:
    return json.loads((SHIPPED / "grep" / f"{code}.json").read_text(encoding="utf-8"))


def raw(name: str) -> dict[str, Any]:
    return json.loads((ROOT / "tests" / "fixtures" / "grep" / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("code", "language", "sets", "goals"),
    [
        ("BUA03-02", "nob", 1, 26),
        ("HEA03-03", "nob", 1, 30),
        ("ROF03-01", "nno", 1, 21),
        ("HEA05-01", "nob", 4, 38),
        ("ROF05-01", "nno", 4, 31),
    ],
)
def test_every_shipped_curriculum_is_read(code: str, language: str, sets: int, goals: int) -> None:
    plan = parse_curriculum(shipped(code))
    assert (plan.code, plan.language, len(plan.goal_sets), len(plan.goals)) == (code, language, sets, goals)
    assert plan.is_modular == (sets > 1)
    assert plan.goal_set_codes == tuple(goal_set.code for goal_set in plan.goal_sets)
    assert all(goal.language == language and goal.plan_code == code for goal in plan.goals)
    assert all([goal.order for goal in each.goals] == list(range(1, len(each.goals) + 1)) for each in plan.goal_sets)


def test_the_facts_of_a_shipped_curriculum_are_kept() -> None:
    plan = parse_curriculum(shipped("BUA03-02"))
    assert plan.title == "Læreplan i vg3 barne- og ungdomsarbeiderfaget"
    assert (plan.adopted_on, plan.valid_from, plan.valid_to) == (date(2021, 3, 18), date(2022, 8, 1), None)
    assert (plan.trade_test_code, plan.written_exam_code, plan.programme_area) == ("BUA3004", "BUA3103", "HSBUA3----")
    assert plan.goal_sets[0].intro == "Mål for opplæringen er at lærlingen skal kunne"
    assert plan.goals[0].code == "KM5421"
    assert parse_curriculum(shipped("ROF03-01")).programme_area == ""


def test_every_goal_of_the_three_trades_has_a_short_name() -> None:
    names = json.loads((SHIPPED / "goal_short_names.json").read_text(encoding="utf-8"))
    plans = [parse_curriculum(shipped(code)) for code in ("BUA03-02", "HEA03-03", "ROF03-01")]
    assert set(names) == {goal.code for plan in plans for goal in plan.goals}
    assert all(0 < len(name) <= 40 and name == name.strip() and name[0].isupper() and name[-1] != "." for name in names.values())
    for plan in plans:
        own = [names[goal.code] for goal in plan.goals]
        assert len(set(own)) == len(own)


def test_a_raw_goal_is_read_in_the_wanted_language_or_the_adopted_one() -> None:
    document = raw("kompetansemaal_lk20_KM10543_2")
    goal = parse_raw_goal(document, adopted="nno")
    assert (goal.code, goal.set_code, goal.plan_code, goal.order) == ("KM10543", "KV788", "SNE05-01", 1)
    assert goal.language == "nob"
    assert parse_raw_goal(document, language="nno").language == "nno"
    assert parse_raw_goal(document, language="sme", adopted="nno").language == "nno"
    assert goal.taken_from[0] == "KM9765"


def test_the_three_shapes_of_a_title_give_the_same_text() -> None:
    texts = [{"spraak": "default", "verdi": " planlegge  arbeid "}, {"spraak": "nno", "verdi": "planleggje arbeid"}]
    for titled in ({"tekst": texts, "forskrift": True}, texts, "planlegge  arbeid "):
        goal = parse_raw_goal({"kode": "KM1", "tittel": titled}, adopted="nob")
        assert (goal.text, goal.language) == ("planlegge arbeid", "nob")
    assert parse_raw_goal({"kode": "KM1", "tittel": texts}, language="nno").text == "planleggje arbeid"


def test_a_text_in_another_language_only_says_which() -> None:
    goal = parse_raw_goal({"kode": "KM1", "tittel": [{"spraak": "nno", "verdi": "planleggje"}]})
    assert (goal.text, goal.language) == ("planleggje", "nno")


def test_a_raw_goal_set_is_read_with_its_references() -> None:
    goal_set = parse_raw_goal_set(raw("kompetansemaalsett_lk20_KV370_1"), adopted="nno")
    assert (goal_set.code, goal_set.title) == ("KV370", "Kompetansemål og vurdering administrasjon")
    assert goal_set.intro == "Mål for opplæringa er at eleven skal kunne"
    assert [goal.code for goal in goal_set.goals] == ["KM3906", "KM3908", "KM3903", "KM3905", "KM3918", "KM3904"]
    assert all(goal.text and goal.language == "nno" for goal in goal_set.goals)


def test_a_raw_plan_is_read_with_its_dates_and_sets() -> None:
    plan = parse_raw_plan(raw("laereplan_lk20_BET05-01_2"))
    assert (plan.code, plan.language, plan.is_modular) == ("BET05-01", "nob", True)
    assert (plan.adopted_on, plan.valid_from, plan.valid_to) == (date(2024, 5, 30), date(2024, 8, 1), None)
    assert plan.goal_set_codes[0] == "KV794"
    assert parse_raw_plan(raw("laereplan_lk20_BET05-01_2"), language="nno").title.endswith("for vaksne")


def test_an_outdated_raw_plan_is_read_with_its_end() -> None:
    plan = parse_raw_plan(raw("laereplan_lk20_TMF03-02"))
    assert (plan.code, plan.valid_from, plan.valid_to) == ("TMF03-02", date(2020, 8, 1), date(2025, 8, 1))
    assert plan.goal_set_codes


def test_a_raw_plan_is_put_together_from_its_parts() -> None:
    document = raw("laereplan_lk20_BET05-01_2")
    goal_set = raw("kompetansemaalsett_lk20_KV370_1") | {
        "kode": document["kompetansemaal-kapittel"]["kompetansemaalsett"][0]["kode"]
    }
    goal = {"kode": "KM3908", "tittel": [{"spraak": "nob", "verdi": "sette mål"}], "rekkefoelge": 9}
    plan = parse_curriculum(document, goal_sets=[goal_set], goals=[goal])
    assert [each.code for each in plan.goal_sets] == ["KV794"]
    assert (plan.goals[1].text, plan.goals[1].language, plan.goals[1].order) == ("sette mål", "nob", 2)


@pytest.mark.parametrize(
    "name",
    ["fagkode_AMM3011_5", "karakter_karakter_hm_1", "spraak_nob_1", "status_status_publisert_1", "programomraade_DHMED2----_1"],
)
def test_other_answers_of_the_api_are_no_curricula(name: str) -> None:
    with pytest.raises(GrepError, match="ikke en læreplan"):
        parse_curriculum(raw(name))


@pytest.mark.parametrize("junk", [None, [], "x", 1, {}, {"kode": 1}, {"kode": "BUA03-02"}, {"kode": "KM1", "tittel": None}])
def test_junk_is_refused_in_words(junk: Any) -> None:
    for parse in (parse_curriculum, parse_raw_plan, parse_raw_goal_set, parse_raw_goal):
        with pytest.raises(GrepError):
            parse(junk)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"kompetansemaalsett": "x"}, "ikke kjenner"),
        ({"kompetansemaalsett": [1]}, "ikke kjenner"),
        ({"kompetansemaalsett": []}, "ingen kompetansemål"),
        ({"fastsatt": "i fjor"}, "dato"),
        ({"gyldigFra": 7}, "dato"),
        ({"tittel": " "}, "mangler tekst"),
        ({"kode": "../x"}, "ikke gyldig"),
    ],
)
def test_a_broken_file_is_refused_in_words(change: dict[str, Any], says: str) -> None:
    with pytest.raises(GrepError, match=says):
        parse_curriculum(shipped("BUA03-02") | change)


def test_a_goal_that_stands_twice_is_refused() -> None:
    document = copy.deepcopy(shipped("BUA03-02"))
    document["kompetansemaalsett"][0]["maal"].append(document["kompetansemaalsett"][0]["maal"][0])
    with pytest.raises(GrepError, match="to ganger"):
        parse_curriculum(document)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "kode",
                    "tittel",
                    "tekst",
                    "maal",
                    "spraak",
                    "verdi",
                    "kompetansemaal",
                    "kompetansemaalsett",
                    "kompetansemaal-kapittel",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_any_json_gives_a_curriculum_or_a_grep_error(document: Any) -> None:
    for parse in (parse_curriculum, parse_raw_plan, parse_raw_goal_set, parse_raw_goal):
        for given_document in (
            document,
            {"kode": "BUA03-02", "tittel": "x", "kompetansemaalsett": document},
            {"kode": "KV1", "kompetansemaal": document},
        ):
            try:
                parse(given_document)
            except GrepError as error:
                assert str(error).endswith(".")
