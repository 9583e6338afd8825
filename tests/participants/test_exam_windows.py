"""Exam windows: who may register, who is shown to whom, what is pressed, and what the participant is told."""

from __future__ import annotations

from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fagbrev.audit.models import ChangeLog, LookLog, Revision
from participants.actions.exams import (
    confirm_registered,
    note_fee_paid,
    say_registered,
    say_registered_norwegian,
    unsay_registered,
)
from participants.exam_window_pages import fitting_words, period_words
from participants.exam_window_steps import blocks_for, window_steps
from participants.exam_windows import eligible_for_exam, eligible_for_norwegian, level_rank, parts_below_goal
from participants.models import Enrolment, NorwegianTest, Participant, Readiness, StatusChange, WrittenExam
from programmes.models import ExamWindow, NorwegianTestWindow, Trade
from tests.cast import Cast, enrol

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
DAY = timedelta(days=1)
PARTS = ("reading", "listening", "writing", "oral")


@pytest.fixture
def window(cast: Cast) -> ExamWindow:
    """The only exam window: open, with two days gone and nine to go."""
    ExamWindow.objects.all().delete()
    return ExamWindow.objects.create(
        name="Prøvevindu", opens_on=cast.today - 2 * DAY, closes_on=cast.today + 9 * DAY, exam_from=cast.today + 70 * DAY,
        exam_to=cast.today + 80 * DAY, results_on=cast.today + 120 * DAY, source="prøve",
    )  # fmt: skip


@pytest.fixture
def norwegian(cast: Cast) -> NorwegianTestWindow:
    """The only window of a Norwegian test: open."""
    NorwegianTestWindow.objects.all().delete()
    return NorwegianTestWindow.objects.create(
        name="Norskvindu", opens_on=cast.today, closes_on=cast.today + 9 * DAY, reading_on=cast.today + 40 * DAY
    )


def signed_in(cast: Cast, who: str) -> Client:
    client = Client()
    client.force_login(cast.users[who], backend=BACKEND)
    return client


def shown(cast: Cast, who: str, window: Any, query: str = "") -> Any:
    answer = signed_in(cast, who).get(f"/eksamen/{window.public_id}/{query}")
    assert answer.status_code == 200
    return answer


def names(cast: Cast, who: str, window: Any, query: str = "") -> list[str]:
    return [row.name for row in shown(cast, who, window, query).context["rows"]]


def press(cast: Cast, who: str, name: str, enrolment: Enrolment, window: Any = None, **more: str) -> Any:
    """Presses one button of a record."""
    posted = {"vindu": window.public_id} if window else {}
    url = reverse(name, args=[enrolment.participant.public_id])
    return signed_in(cast, who).post(f"{url}?lop={enrolment.public_id}", posted | more)


def said_to(answer: Any) -> str:
    """The messages that were put on the next page."""
    return " ".join(str(message) for message in answer.wsgi_request._messages)


def exam(enrolment: Enrolment, window: ExamWindow | None = None, **facts: Any) -> WrittenExam:
    code = facts.pop("exam_code", enrolment.trade.written_exam_code if enrolment.trade else "")
    return WrittenExam.objects.create(participant=enrolment.participant, exam_code=code, window=window, **facts)


def levels(enrolment: Enrolment, **by_part: str) -> None:
    for part, level in by_part.items():
        NorwegianTest.objects.create(participant=enrolment.participant, part=part, state="taken", level=level)


# --- Who may register for the written exam ---------------------------------------------------------------


def test_those_placed_or_later_may_register_and_nobody_before_or_after(cast: Cast, window: ExamWindow) -> None:
    on_leave = enrol(cast, "Onleave Prøvestad", "BUA", "on_leave")
    found = set(eligible_for_exam(window, cast.today).values_list("pk", flat=True))
    wanted = {cast.enrolments[key].pk for key in ("selma", "nadia", "placed", "contract_applied", "trade_test")}
    assert found == wanted | {on_leave.pk}


@pytest.mark.parametrize(
    ("state", "may"),
    [
        ("passed", False), ("credited", False), ("taken", False),
        ("failed", True), ("absent", True), ("planned", True), ("registered", True),
    ],
)  # fmt: skip
def test_an_exam_that_counts_or_waits_for_its_result_ends_it(cast: Cast, window: ExamWindow, state: str, may: bool) -> None:
    exam(cast.selma, state=state)
    assert eligible_for_exam(window, cast.today).filter(pk=cast.selma.pk).exists() is may


def test_an_exam_in_another_trade_does_not_count(cast: Cast, window: ExamWindow) -> None:
    exam(cast.selma, state="passed", exam_code=cast.trades["HEA"].written_exam_code)
    assert eligible_for_exam(window, cast.today).filter(pk=cast.selma.pk).exists()


def test_a_trade_without_a_written_exam_has_nobody(cast: Cast, window: ExamWindow) -> None:
    Trade.objects.filter(code="BUA").update(written_exam_code="")
    assert list(eligible_for_exam(window, cast.today)) == [cast.nadia]


def test_those_placed_after_a_window_closed_never_had_it(cast: Cast, window: ExamWindow) -> None:
    late, in_time = enrol(cast, "Sein Prøvestad", "BUA", "placed"), cast.enrolments["placed"]
    StatusChange.objects.filter(enrolment=late).delete()
    StatusChange.objects.filter(enrolment=in_time).delete()
    for enrolment, day in ((late, window.closes_on + DAY), (in_time, window.closes_on)):
        StatusChange.objects.create(enrolment=enrolment, step="place", to_status="placed", happened_on=day)
    after = window.closes_on + 2 * DAY
    found = set(eligible_for_exam(window, after).values_list("pk", flat=True))
    assert in_time.pk in found and late.pk not in found
    assert eligible_for_exam(window, window.closes_on).filter(pk=late.pk).exists(), "still open on its last day"


# --- Who may register for a Norwegian test ---------------------------------------------------------------


def test_levels_stand_in_their_order_and_an_unknown_one_below_all() -> None:
    assert [level_rank(level) for level in ("", "x", "under_a1", "a1", "a2", "b1", "b2", "c1")] == [-1, -1, 0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("known", "below"),
    [
        ({}, ["reading", "listening", "writing", "oral"]),
        ({"reading": "b1", "listening": "b1", "writing": "b1", "oral": "b1"}, ["listening", "oral"]),
        ({"reading": "a2", "listening": "b2", "writing": "c1", "oral": "b2"}, ["reading"]),
        ({"reading": "under_a1", "listening": "b2", "writing": "under_a1", "oral": "c1"}, ["reading", "writing"]),
        ({"reading": "b1", "listening": "b2", "writing": "b1", "oral": "b2"}, []),
    ],
)  # fmt: skip
def test_oral_and_listening_are_held_against_the_oral_goal(known: dict[str, str], below: list[str]) -> None:
    assert parts_below_goal(known, Trade(goal_oral="b2", goal_written="b1")) == below


def test_the_database_agrees_about_every_level_against_every_goal(cast: Cast, norwegian: NorwegianTestWindow) -> None:
    order = ["under_a1", "a1", "a2", "b1", "b2", "c1"]
    trade = cast.trades["BUA"]
    levels(cast.selma, listening="c1", writing="c1", oral="c1")
    for goal in order:
        Trade.objects.filter(pk=trade.pk).update(goal_oral="under_a1", goal_written=goal)
        for place, level in enumerate(order):
            NorwegianTest.objects.filter(participant=cast.selma.participant, part="reading").delete()
            levels(cast.selma, reading=level)
            may = eligible_for_norwegian(norwegian, cast.today).filter(pk=cast.selma.pk).exists()
            assert may is (place < order.index(goal)), (level, goal)


def test_a_level_that_is_not_there_yet_does_not_count(cast: Cast, norwegian: NorwegianTestWindow) -> None:
    levels(cast.selma, reading="b2", listening="b2", writing="b2")
    NorwegianTest.objects.create(participant=cast.selma.participant, part="oral", state="registered", level="b2")
    assert eligible_for_norwegian(norwegian, cast.today).filter(pk=cast.selma.pk).exists()
    NorwegianTest.objects.create(participant=cast.selma.participant, part="oral", state="known", level="b2")
    assert not eligible_for_norwegian(norwegian, cast.today).filter(pk=cast.selma.pk).exists()


def test_norwegian_begins_with_admission_and_ends_with_the_enrolment(cast: Cast, norwegian: NorwegianTestWindow) -> None:
    found = {row.status for row in eligible_for_norwegian(norwegian, cast.today)}
    assert found == {"admitted", "onboarding", "placed", "contract_applied", "training", "trade_test"}


# --- Who sees whom ---------------------------------------------------------------------------------------


def test_each_teacher_sees_only_the_own_trade(cast: Cast, window: ExamWindow) -> None:
    assert "Selma Testesen" in names(cast, "koordinator", window) and "Nadia Utenfor" in names(cast, "koordinator", window)
    for own, other in (("faglaerer", "annen_faglaerer"), ("norsklaerer", "annen_norsklaerer")):
        assert "Selma Testesen" in names(cast, own, window) and "Nadia Utenfor" not in names(cast, own, window)
        assert names(cast, other, window) == ["Nadia Utenfor"]
        assert shown(cast, other, window).context["tabs"][0]["count"] == 1


@pytest.mark.parametrize("who", ["leder", "fadder", "styringsgruppe", "deltaker", "ingen", "drift"])
def test_those_without_a_part_in_it_are_refused(cast: Cast, window: ExamWindow, who: str) -> None:
    for url in ("/eksamen/", f"/eksamen/{window.public_id}/", "/eksamen/finnesikke/"):
        assert signed_in(cast, who).get(url).status_code == 403


def test_strictly_protected_people_stand_in_no_list_and_no_count(cast: Cast, window: ExamWindow) -> None:
    before = shown(cast, "koordinator", window).context["tabs"][3]["count"]
    Participant.objects.filter(pk=cast.selma.participant_id).update(address_protection="strengt_fortrolig")
    answer = shown(cast, "koordinator", window, "?vis=alle")
    assert "Selma" not in answer.content.decode()
    assert answer.context["tabs"][3]["count"] == before - 1


def test_norsklaerer_reads_no_contract(cast: Cast, window: ExamWindow) -> None:
    assert "Siste vindu som rekker" in shown(cast, "faglaerer", window).content.decode()
    assert "Siste vindu som rekker" not in shown(cast, "norsklaerer", window).content.decode()


def test_a_look_is_logged_for_each_participant_shown(cast: Cast, window: ExamWindow) -> None:
    LookLog.objects.all().delete()
    found = shown(cast, "faglaerer", window, "?vis=alle").context["rows"]
    looks = LookLog.objects.filter(act="list", page="eksamensvindu", user=cast.faglaerer)
    assert looks.count() == len(found) > 3
    assert looks.get(participant_id=cast.selma.participant_id).sections == ["exams", "readiness", "training_contract"]
    signed_in(cast, "faglaerer").head(f"/eksamen/{window.public_id}/")
    assert looks.count() == len(found)


# --- What the pages say ----------------------------------------------------------------------------------


def test_the_list_counts_each_step(cast: Cast, window: ExamWindow) -> None:
    by, today = cast.koordinator, cast.today
    Readiness.objects.create(enrolment=cast.selma, kind="written_exam", given_on=today, by=cast.faglaerer, by_role="faglaerer")
    say_registered(enrolment=cast.enrolments["placed"], window=window, by=by, today=today)
    confirm_registered(enrolment=cast.enrolments["trade_test"], window=window, by=by, today=today)
    kinds = signed_in(cast, "faglaerer").get("/eksamen/").context["kinds"]
    assert kinds[0]["rows"][0]["counts"] == {"kan": 4, "klare": 1, "mangler": 2, "sagt": 1, "bekreftet": 1, "alle": 4}


def test_a_window_shows_the_last_two_that_are_over(cast: Cast, window: ExamWindow) -> None:
    for number in (1, 2, 3):
        opens_on = cast.today - 100 * number * DAY
        ExamWindow.objects.create(name=f"Før {number}", opens_on=opens_on, closes_on=opens_on + 5 * DAY)
    kinds = signed_in(cast, "koordinator").get("/eksamen/").context["kinds"]
    assert [row["window"].name for row in kinds[0]["rows"]] == ["Prøvevindu", "Før 1", "Før 2"]


def test_those_the_teachers_call_ready_come_first(cast: Cast, window: ExamWindow) -> None:
    for key, roles in (("trade_test", ["faglaerer", "norsklaerer"]), ("selma", ["norsklaerer"])):
        for role in roles:
            Readiness.objects.create(
                enrolment=cast.enrolments[key], kind="written_exam", given_on=cast.today, by=cast.users[role], by_role=role
            )
    Readiness.objects.create(
        enrolment=cast.enrolments["placed"],
        kind="written_exam",
        given_on=cast.today,
        by_role="faglaerer",
        withdrawn_on=cast.today,
    )
    rows = shown(cast, "faglaerer", window).context["rows"]
    assert [(row.name, row.ready) for row in rows[:3]] == [
        ("Tradetest Prøvestad", "ja, begge"), ("Selma Testesen", "bare norsklærer"), ("Contractapplied Prøvestad", "ikke ennå"),
    ]  # fmt: skip


def test_tabs_and_trade_filter(cast: Cast, window: ExamWindow) -> None:
    say_registered(enrolment=cast.selma, window=window, by=cast.koordinator, today=cast.today)
    confirm_registered(enrolment=cast.nadia, window=window, by=cast.koordinator, today=cast.today)
    assert names(cast, "koordinator", window, "?vis=sagt") == ["Selma Testesen"]
    assert names(cast, "koordinator", window, "?vis=bekreftet") == ["Nadia Utenfor"]
    assert names(cast, "koordinator", window, "?vis=alle&fag=HEA") == ["Nadia Utenfor"]
    assert names(cast, "koordinator", window, "?fag=HEA") == []
    assert "Selma Testesen" not in names(cast, "koordinator", window)


@pytest.mark.parametrize(
    "query",
    [
        "?side=0",
        "?side=-1",
        "?side=x",
        "?side=9999999999999999999",
        "?side=²",
        "?vis=ukjent",
        "?fag=XXX",
        "?fag=%FF&vis=%FF&side=%FF",
    ],
)
def test_what_is_not_there_to_choose_is_ignored(cast: Cast, window: ExamWindow, query: str) -> None:
    assert names(cast, "koordinator", window, query) == names(cast, "koordinator", window)


def test_an_unknown_window_is_not_there(cast: Cast) -> None:
    for url in ("/eksamen/finnesikke/", "/eksamen/a-b_c/", f"/eksamen/{'a' * 40}/"):
        assert signed_in(cast, "koordinator").get(url).status_code == 404


def test_the_last_window_that_fits_is_said_in_words(cast: Cast, window: ExamWindow) -> None:
    results = cast.today + 120 * DAY
    later = ExamWindow(
        pk=99, name="Senere", opens_on=window.closes_on + 150 * DAY, closes_on=window.closes_on + 160 * DAY,
        results_on=results + 180 * DAY,
    )  # fmt: skip
    known = [window, later]
    assert fitting_words(None, window, known) == ("ingen kontrakt ennå", "", False)
    assert fitting_words(results, window, known)[::2] == ("dette vinduet er det siste som rekker", True)
    assert fitting_words(results - DAY, window, known)[::2] == ("ingen, dette er for sent", True)
    assert fitting_words(results + 180 * DAY, window, known)[::2] == ("Senere", False)
    assert fitting_words(results + 179 * DAY, window, known)[::2] == ("dette vinduet er det siste som rekker", True)
    assert fitting_words(results + 180 * DAY, later, known)[::2] == ("dette vinduet er det siste som rekker", True)
    assert fitting_words(results + 600 * DAY, window, known)[::2] == ("senere vinduer rekker også", False)


def test_periods_in_words() -> None:
    assert period_words(None, None) == "ikke kjent"
    assert period_words(date(2026, 11, 16), date(2026, 11, 27)) == "16. til 27. november 2026"
    assert period_words(date(2027, 1, 15), date(2027, 2, 1)) == "15. januar til 1. februar 2027"
    assert period_words(date(2026, 12, 15), date(2027, 1, 5)) == "15. desember 2026 til 5. januar 2027"
    assert period_words(date(2026, 12, 15), date(2026, 12, 15)) == period_words(date(2026, 12, 15), None) == "15. desember 2026"


def test_a_norwegian_window_shows_each_part_against_the_goal(cast: Cast, norwegian: NorwegianTestWindow) -> None:
    levels(cast.selma, reading="b2", oral="a2")
    row = next(row for row in shown(cast, "norsklaerer", norwegian).context["rows"] if row.name == "Selma Testesen")
    assert [(part.level, part.is_below) for part in row.parts] == [
        ("B2", False),
        ("ukjent", True),
        ("ukjent", True),
        ("A2", True),
    ]


@pytest.mark.parametrize("kind", ["written", "norwegian"])
def test_fifty_people_cost_as_many_queries_as_five(
    cast: Cast, window: ExamWindow, norwegian: NorwegianTestWindow, kind: str
) -> None:
    chosen = window if kind == "written" else norwegian

    def queries(who: str) -> int:
        client = signed_in(cast, who)
        client.get(f"/eksamen/{chosen.public_id}/?vis=alle")
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get(f"/eksamen/{chosen.public_id}/?vis=alle").status_code == 200
        return len(seen)

    few = {who: queries(who) for who in ("koordinator", "faglaerer", "norsklaerer")}
    for number in range(45):
        more = enrol(cast, f"Flere Prøve{number}", "BUA", "training")
        exam(more, window, said_registered_on=cast.today)
        levels(more, reading="a2")
        Readiness.objects.create(enrolment=more, kind="written_exam", given_on=cast.today, by=cast.faglaerer, by_role="faglaerer")
    assert {who: queries(who) for who in few} == few
    assert len(names(cast, "koordinator", chosen, "?vis=alle")) == 50
    assert max(few.values()) < 30


# --- What staff press ------------------------------------------------------------------------------------


def test_confirming_and_the_fee_are_one_press_each_and_twice_changes_nothing(cast: Cast, window: ExamWindow) -> None:
    back = f"/eksamen/{window.public_id}/?fag=BUA"
    url = reverse("exam_confirm", args=[cast.selma.participant.public_id])
    client = signed_in(cast, "koordinator")
    for _again in range(2):
        answer = client.post(f"{url}?neste=/eksamen/{window.public_id}/%3Ffag%3DBUA", {"vindu": window.public_id})
        assert answer.status_code == 302 and answer.headers["Location"] == back
    row = WrittenExam.objects.get(participant=cast.selma.participant)
    assert (row.state, row.registered_on, row.window, row.version) == ("registered", cast.today, window, 1)
    for _again in range(2):
        assert press(cast, "koordinator", "exam_fee_paid", cast.selma, window).status_code == 302
    row.refresh_from_db()
    assert (row.fee_paid_on, row.version) == (cast.today, 2)
    logged = ChangeLog.objects.filter(subject_id=row.public_id).order_by("pk")
    assert [(line.verb, line.section) for line in logged] == [("registered", "exams"), ("fee_paid", "exams")]
    assert Revision.objects.filter(subject_id=row.public_id).count() == 2


def test_the_button_stands_on_the_row_and_leads_back_to_the_filter(cast: Cast, window: ExamWindow) -> None:
    text = unescape(shown(cast, "koordinator", window, "?fag=HEA").content.decode())
    assert (
        f"/deltakere/{cast.nadia.participant.public_id}/eksamen/bekreft/?neste=%2Feksamen%2F{window.public_id}%2F%3Ffag%3DHEA"
        in text
    )
    assert "Bekreft påmelding" not in shown(cast, "faglaerer", window).content.decode()
    assert "Bekreft påmelding" not in shown(cast, "norsklaerer", window).content.decode()


def test_a_fee_without_a_registration_is_refused_in_words(cast: Cast, window: ExamWindow) -> None:
    assert "Bekreft påmeldingen først." in said_to(press(cast, "koordinator", "exam_fee_paid", cast.selma, window))
    assert not WrittenExam.objects.exists()
    assert note_fee_paid(enrolment=cast.selma, window=window, by=cast.koordinator, today=cast.today) is None


def test_only_the_right_hands_may_press(cast: Cast, window: ExamWindow, norwegian: NorwegianTestWindow) -> None:
    assert press(cast, "faglaerer", "exam_confirm", cast.selma, window).status_code == 403
    assert press(cast, "norsklaerer", "exam_confirm", cast.selma, window).status_code == 403
    assert press(cast, "faglaerer", "norwegian_confirm", cast.selma, norwegian).status_code == 403
    assert press(cast, "annen_norsklaerer", "norwegian_confirm", cast.selma, norwegian).status_code == 404
    assert press(cast, "deltaker", "exam_confirm", cast.selma, window).status_code == 403
    assert press(cast, "annen_deltaker", "exam_said", cast.selma, window).status_code == 404
    assert press(cast, "koordinator", "exam_said", cast.selma, window).status_code == 403
    assert not WrittenExam.objects.exists() and not NorwegianTest.objects.exists()


@pytest.mark.parametrize("posted", ["", "finnesikke", "\x00", "a b", "é", "a" * 5000])
def test_a_window_that_is_not_one_is_refused_in_words(cast: Cast, window: ExamWindow, posted: str) -> None:
    for who, name in (
        ("koordinator", "exam_confirm"), ("koordinator", "exam_fee_paid"), ("koordinator", "norwegian_confirm"),
        ("deltaker", "exam_unsaid"),
    ):  # fmt: skip
        answer = press(cast, who, name, cast.selma, vindu=posted)
        assert answer.status_code == 302 and "Velg et vindu" in said_to(answer), name
    assert press(cast, "koordinator", "norwegian_confirm", cast.selma, window).status_code == 302, "an exam's window"
    assert not NorwegianTest.objects.exists()


def test_nobody_is_confirmed_in_a_window_that_is_not_theirs_or_not_open_yet(cast: Cast, window: ExamWindow) -> None:
    exam(cast.selma, state="passed")
    assert "kan ikke meldes på" in said_to(press(cast, "koordinator", "exam_confirm", cast.selma, window))
    ExamWindow.objects.filter(pk=window.pk).update(opens_on=cast.today + DAY)
    assert "ikke åpen ennå" in said_to(press(cast, "koordinator", "exam_confirm", cast.nadia, window))
    assert WrittenExam.objects.count() == 1


def test_norsklaerer_confirms_the_parts_the_participant_named(cast: Cast, norwegian: NorwegianTestWindow) -> None:
    levels(cast.selma, reading="b2")
    NorwegianTest.objects.create(
        participant=cast.selma.participant, part="oral", state="planned", window=norwegian, said_registered_on=cast.today
    )
    for _again in range(2):
        assert press(cast, "norsklaerer", "norwegian_confirm", cast.selma, norwegian).status_code == 302
    rows = NorwegianTest.objects.filter(window=norwegian)
    assert [(row.part, row.state, row.registered_on) for row in rows] == [("oral", "registered", cast.today)]


def test_without_a_word_from_the_participant_every_part_below_the_goal_is_confirmed(
    cast: Cast, norwegian: NorwegianTestWindow
) -> None:
    levels(cast.selma, reading="b2", writing="b2")
    press(cast, "koordinator", "norwegian_confirm", cast.selma, norwegian)
    rows = NorwegianTest.objects.filter(window=norwegian, state="registered").values_list("part", flat=True)
    assert sorted(rows) == ["listening", "oral"]


def test_a_plan_without_window_becomes_the_registration(cast: Cast, window: ExamWindow) -> None:
    plan = exam(cast.selma, state="planned")
    confirm_registered(enrolment=cast.selma, window=window, by=cast.koordinator, today=cast.today)
    plan.refresh_from_db()
    assert (plan.window, plan.state, WrittenExam.objects.count()) == (window, "registered", 1)


# --- What the participant says ---------------------------------------------------------------------------


def test_the_participant_says_it_once_and_takes_it_back(cast: Cast, window: ExamWindow) -> None:
    for _again in range(2):
        assert press(cast, "deltaker", "exam_said", cast.selma, window).status_code == 302
    row = WrittenExam.objects.get()
    assert (row.said_registered_on, row.state, row.version) == (cast.today, "planned", 1)
    assert "rettet" in said_to(press(cast, "deltaker", "exam_unsaid", cast.selma, window))
    row.refresh_from_db()
    assert row.said_registered_on is None
    assert "ikke noe å rette" in said_to(press(cast, "deltaker", "exam_unsaid", cast.selma, window))
    press(cast, "deltaker", "exam_said", cast.selma)
    assert WrittenExam.objects.get().said_registered_on == cast.today, "without a window: the open one, and the same row"


def test_what_is_confirmed_is_not_taken_back(cast: Cast, window: ExamWindow) -> None:
    say_registered(enrolment=cast.selma, window=window, by=cast.deltaker, today=cast.today)
    confirm_registered(enrolment=cast.selma, window=window, by=cast.koordinator, today=cast.today)
    assert not unsay_registered(enrolment=cast.selma, window=window, by=cast.deltaker)
    assert WrittenExam.objects.get().said_registered_on == cast.today


@pytest.mark.parametrize(
    ("opens", "closes", "words"),
    [(1, 9, "ikke åpen ennå"), (-9, -1, "stengte"), (-9, 0, "Fint."), (0, 9, "Fint.")],
)
def test_a_window_takes_words_from_its_first_to_its_last_day(
    cast: Cast, window: ExamWindow, opens: int, closes: int, words: str
) -> None:
    ExamWindow.objects.filter(pk=window.pk).update(
        opens_on=cast.today + opens * DAY, closes_on=cast.today + closes * DAY, exam_from=None, exam_to=None
    )
    assert words in said_to(press(cast, "deltaker", "exam_said", cast.selma, window))
    assert WrittenExam.objects.exists() is (words == "Fint.")


def test_one_who_has_passed_or_sent_another_window_is_told_so(cast: Cast, window: ExamWindow) -> None:
    assert "ingen åpen påmelding" in said_to(press(cast, "deltaker", "exam_said", cast.selma, vindu="\x00"))
    exam(cast.selma, state="passed")
    assert "ikke noe å melde deg på" in said_to(press(cast, "deltaker", "exam_said", cast.selma, window))
    assert WrittenExam.objects.count() == 1


def test_the_norwegian_word_makes_a_row_for_each_part_below_the_goal(cast: Cast, norwegian: NorwegianTestWindow) -> None:
    levels(cast.selma, reading="b2", listening="b2")
    for _again in range(2):
        assert press(cast, "deltaker", "norwegian_said", cast.selma, norwegian).status_code == 302
    rows = NorwegianTest.objects.filter(window=norwegian)
    assert sorted((row.part, row.state, row.said_registered_on) for row in rows) == [
        ("oral", "planned", cast.today), ("writing", "planned", cast.today),
    ]  # fmt: skip
    assert names(cast, "norsklaerer", norwegian, "?vis=sagt") == ["Selma Testesen"]
    press(cast, "deltaker", "exam_unsaid", cast.selma, norwegian)
    assert not rows.filter(said_registered_on__isnull=False).exists()
    say_registered_norwegian(enrolment=cast.selma, window=norwegian, by=cast.deltaker, today=cast.today)
    assert rows.count() == 2


# --- What the participant is told ------------------------------------------------------------------------


def steps(enrolment: Enrolment, window: Any, today: date) -> list[tuple[str, str, bool]]:
    enrolment.participant.refresh_from_db()
    return [(step["key"], step["state"], step["is_main"]) for step in window_steps(enrolment, window, today)]


def test_before_the_window_only_bankid_can_be_pressed(cast: Cast, window: ExamWindow) -> None:
    day = window.opens_on - 10 * DAY
    found = window_steps(cast.selma, window, day)
    assert [step["state"] for step in found] == ["now", "later", "later", "later"]
    assert found[0]["link"]["url"].startswith(f"/deltakere/{cast.selma.participant.public_id}/eksamen/bankid/")
    assert found[1]["text"].startswith("Knappen kommer her ") and not found[1]["send"] and not found[1]["link"]
    Participant.objects.filter(pk=cast.selma.participant_id).update(has_bankid=True)
    assert steps(cast.selma, window, day) == [
        ("bankid", "done", False), ("register", "later", False), ("pay", "later", False), ("day", "later", False),
    ]  # fmt: skip


def test_while_it_is_open_one_registers_then_pays(cast: Cast, window: ExamWindow) -> None:
    assert [step["is_main"] for step in window_steps(cast.selma, window, cast.today)] == [True, False, False, False]
    assert window_steps(cast.selma, window, cast.today)[1]["send"], "a deadline does not wait for BankID to be written down"
    Participant.objects.filter(pk=cast.selma.participant_id).update(has_bankid=True)
    assert ("register", "now", True) in steps(cast.selma, window, cast.today)
    say_registered(enrolment=cast.selma, window=window, by=cast.deltaker, today=cast.today)
    assert steps(cast.selma, window, cast.today)[1:3] == [("register", "done", False), ("pay", "now", True)]
    assert window_steps(cast.selma, window, cast.today)[1]["undo"]["label"] == "Jeg tok feil"
    confirm_registered(enrolment=cast.selma, window=window, by=cast.koordinator, today=cast.today)
    assert window_steps(cast.selma, window, cast.today)[1]["undo"] is None
    note_fee_paid(enrolment=cast.selma, window=window, by=cast.koordinator, today=cast.today)
    assert steps(cast.selma, window, cast.today)[2] == ("pay", "done", False)


def test_after_the_window_one_who_did_not_register_is_led_to_the_coordinator(cast: Cast, window: ExamWindow) -> None:
    step = window_steps(cast.selma, window, window.closes_on + DAY)[1]
    assert step["state"] == "stopped" and "stengt" in step["text"] and not step["send"]


def test_one_whom_the_company_registers_has_nothing_to_do(cast: Cast, window: ExamWindow) -> None:
    exam(cast.selma, window, state="planned", registered_by="company")
    assert [step["key"] for step in window_steps(cast.selma, window, cast.today)] == ["register", "day"]
    assert not any(step["is_main"] for step in window_steps(cast.selma, window, cast.today))


def test_blocks_come_when_the_window_is_near_and_stay_until_the_exam_is_over(cast: Cast, window: ExamWindow) -> None:
    NorwegianTestWindow.objects.all().delete()
    near = window.opens_on - 30 * DAY  # the shipped setting: 30 days
    assert len(blocks_for(cast.selma, near)) == 1 and blocks_for(cast.selma, near - DAY) == []
    assert blocks_for(cast.selma, window.closes_on + DAY) == []
    say_registered(enrolment=cast.selma, window=window, by=cast.deltaker, today=cast.today)
    last = cast.today + 80 * DAY
    assert len(blocks_for(cast.selma, last)) == 1 and blocks_for(cast.selma, last + DAY) == []
    WrittenExam.objects.update(state="taken")
    assert blocks_for(cast.selma, cast.today) == []


def test_the_own_page_has_one_filled_button_however_many_windows(
    cast: Cast, window: ExamWindow, norwegian: NorwegianTestWindow
) -> None:
    Participant.objects.filter(pk=cast.selma.participant_id).update(has_bankid=True)
    answer = signed_in(cast, "deltaker").get(f"/deltakere/{cast.selma.participant.public_id}/eksamen/")
    text = unescape(answer.content.decode())
    assert "Jeg har meldt meg på norskprøven" in text and "https://www.privatistweb.no/" in text
    assert text.count('<button class="ds-button" type="submit">') == 1
    assert [block["is_first"] for block in answer.context["window_blocks"]] == [True, False]
    staff = signed_in(cast, "koordinator").get(f"/deltakere/{cast.selma.participant.public_id}/eksamen/").content.decode()
    assert "Jeg har meldt meg på" not in staff and 'href="/eksamen/"' in staff
