"""The goals: each gives the own view only, evidence shows one to three goals or is «bare logg», and nothing grows with rows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fagbrev.audit.models import ChangeLog, LookLog, Revision
from followup.actions.competence import EvidenceRefused, ViewRefused, give_views, is_whole, save_evidence
from followup.competence_queries import count_goals, states_of
from followup.forms.competence import EvidenceForm
from followup.models import Assignment, AssignmentGoal, Evidence, EvidenceGoal, GoalView, TrainingPlan, VisitGoal, WorkplaceVisit
from participants.models import Readiness
from programmes.models import CompetenceGoal
from tests.cast import Cast

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def signed_in(cast: Cast, who: str) -> Client:
    client = Client()
    client.force_login(cast.users[who], backend=BACKEND)
    return client


def url(cast: Cast, name: str, *more: str) -> str:
    return reverse(name, args=[cast.selma.participant.public_id, *more])


def goals(cast: Cast) -> list[CompetenceGoal]:
    rows = CompetenceGoal.objects.filter(goal_set__curriculum=cast.selma.curriculum_id).select_related("goal_set")
    return list(rows.order_by("goal_set__order", "order", "pk"))


def wrote(cast: Cast, goal: CompetenceGoal, days_ago: int = 0, who: str = "faglaerer") -> Evidence:
    row = Evidence.objects.create(
        enrolment=cast.selma,
        happened_on=cast.today - timedelta(days=days_ago),
        words="Gjorde det",
        by=cast.users[who],
        by_role=who,
        goal_count=1,
    )
    EvidenceGoal.objects.create(evidence=row, goal=goal, place=1)
    return row


# --- Views ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["deltaker", "fadder", "faglaerer"])
def test_each_of_the_three_gives_the_own_view_only(cast: Cast, who: str) -> None:
    first = goals(cast)[0]
    other = {"deltaker": "faglaerer", "fadder": "deltaker", "faglaerer": "fadder"}[who]
    sent = {f"goal_{first.public_id}": "2", "role": other, "by": cast.users[other].pk}
    answer = signed_in(cast, who).post(url(cast, "mal_syn"), sent)
    assert answer.status_code == 302
    view = GoalView.objects.get()
    assert (view.role, view.by, view.level, view.given_on) == (who, cast.users[who], 2, cast.today)
    assert (
        ChangeLog.objects.filter(subject_type="followup.goalview", subject_id=view.public_id, section="competence").count() == 1
    )


@pytest.mark.parametrize("who", ["koordinator", "norsklaerer", "leder", "styringsgruppe"])
def test_nobody_else_gives_a_view(cast: Cast, who: str) -> None:
    answer = signed_in(cast, who).post(url(cast, "mal_syn"), {f"goal_{goals(cast)[0].public_id}": "3"})
    assert answer.status_code == (404 if who == "styringsgruppe" else 403)
    assert not GoalView.objects.exists()


def test_the_newest_view_holds_and_the_earlier_ones_are_kept(cast: Cast) -> None:
    first = goals(cast)[0]
    for days_ago, level in ((60, 1), (30, 2), (0, 3)):
        give_views(enrolment=cast.selma, role="faglaerer", views={first: (level, "")}, by=cast.faglaerer,
                   today=cast.today - timedelta(days=days_ago))  # fmt: skip
    state = states_of(cast.selma)[0]
    assert [view.level for view in state.history] == [1, 2, 3] and state.newest["faglaerer"].level == 3 and state.is_approved
    page = signed_in(cast, "koordinator").get(url(cast, "participant_mal")).content.decode()
    assert "kan alene" in page and "<polyline" in page and "har prøvd" in page


def test_a_second_view_on_the_same_day_replaces_the_first_and_an_unchanged_one_is_no_new_row(cast: Cast) -> None:
    first = goals(cast)[0]
    for level in (1, 2, 2):
        give_views(enrolment=cast.selma, role="fadder", views={first: (level, "")}, by=cast.fadder, today=cast.today)
    assert [view.level for view in GoalView.objects.all()] == [2]
    saved = give_views(
        enrolment=cast.selma, role="fadder", views={first: (2, "")}, by=cast.fadder, today=cast.today + timedelta(days=1)
    )
    assert saved == []


def test_a_view_on_a_goal_of_another_curriculum_is_refused(cast: Cast) -> None:
    other = CompetenceGoal.objects.exclude(goal_set__curriculum=cast.selma.curriculum_id).select_related("goal_set").first()
    assert other is not None
    with pytest.raises(ViewRefused):
        give_views(enrolment=cast.selma, role="fadder", views={other: (2, "")}, by=cast.fadder, today=cast.today)
    assert signed_in(cast, "fadder").get(f"{url(cast, 'mal_syn')}?mal={other.public_id}").status_code == 404


def test_one_goal_is_answered_with_why_and_the_answer_is_required(cast: Cast) -> None:
    first = goals(cast)[0]
    client, address = signed_in(cast, "deltaker"), f"{url(cast, 'mal_syn')}?mal={first.public_id}"
    answer = client.post(address, {"words": "Jeg gjorde det på tur"})
    assert answer.status_code == 422
    assert "Velg det som passer best nå." in answer.content.decode() and "Jeg gjorde det på tur" in answer.content.decode()
    assert client.post(address, {f"goal_{first.public_id}": "1", "words": "Jeg gjorde det på tur"}).status_code == 302
    assert GoalView.objects.get().words == "Jeg gjorde det på tur"


# --- Evidence -------------------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(count=st.integers(0, 6), only_log=st.booleans())
def test_evidence_is_never_saved_without_a_goal_and_without_bare_logg_nor_with_four(
    cast: Cast, count: int, only_log: bool
) -> None:
    chosen = goals(cast)[:count]
    with transaction.atomic():
        data = {"happened_on": cast.today.isoformat(), "words": "Vasket bord", "shows": [one.public_id for one in chosen]}
        answer = signed_in(cast, "fadder").post(url(cast, "dokumentasjon_new"), data | ({"only_log": "on"} if only_log else {}))
        kept = Evidence.objects.first()
        assert (answer.status_code == 302) == (kept is not None) == is_whole(count, only_log=only_log)
        if kept is not None:
            assert kept.only_log == (kept.goals.count() == 0) and kept.goals.count() <= 3
            assert (kept.by, kept.by_role) == (cast.fadder, "fadder")
        else:
            assert answer.status_code == 422 and "Vasket bord" in answer.content.decode()
        transaction.set_rollback(True)


@pytest.mark.parametrize(("count", "only_log"), [(0, False), (4, False), (1, True)])
def test_the_action_refuses_what_a_form_would_never_send(cast: Cast, count: int, only_log: bool, rf: Any) -> None:
    from participants.access import record_of

    request = rf.post("/")
    request.user = cast.faglaerer
    found = record_of(cast.faglaerer, cast.selma.participant.public_id, today=cast.today)
    data = {"happened_on": cast.today.isoformat(), "words": "x", "shows": [goals(cast)[0].public_id]}
    form = EvidenceForm(
        data, instance=Evidence(enrolment=cast.selma), record=found, request=request, goals=CompetenceGoal.objects.order_by("pk")
    )
    assert form.is_valid(), form.errors
    form.instance.only_log = only_log
    with pytest.raises(EvidenceRefused):
        save_evidence(form=form, goals=goals(cast)[:count], by=cast.faglaerer, role="faglaerer", today=cast.today)
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(("count", "only_log"), [(0, False), (4, False), (1, True), (3, True)])
def test_the_database_refuses_what_no_act_would_save(cast: Cast, count: int, only_log: bool) -> None:
    row = wrote(cast, goals(cast)[0])
    with pytest.raises(IntegrityError), transaction.atomic():
        Evidence.objects.filter(pk=row.pk).update(goal_count=count, only_log=only_log)


def test_the_database_refuses_a_fourth_goal(cast: Cast) -> None:
    row = wrote(cast, goals(cast)[0])
    with pytest.raises(IntegrityError), transaction.atomic():
        EvidenceGoal.objects.create(evidence=row, goal=goals(cast)[3], place=4)


def test_evidence_ahead_in_time_is_refused_in_words_by_the_field(cast: Cast) -> None:
    data = {"happened_on": (cast.today + timedelta(days=1)).isoformat(), "words": "Tur", "only_log": "on"}
    answer = signed_in(cast, "fadder").post(url(cast, "dokumentasjon_new"), data)
    assert answer.status_code == 422 and "Datoen kan ikke være fram i tid." in answer.content.decode()


def test_what_is_sent_twice_is_saved_once(cast: Cast) -> None:
    data = {"happened_on": cast.today.isoformat(), "words": "Tur", "only_log": "on", "submission": "samme"}
    client = signed_in(cast, "deltaker")
    assert [client.post(url(cast, "dokumentasjon_new"), data).status_code for _ in range(2)] == [302, 302]
    assert Evidence.objects.count() == 1


def test_anothers_evidence_is_not_there_to_change_and_two_who_save_meet_both_texts(cast: Cast) -> None:
    row = wrote(cast, goals(cast)[0])
    assert signed_in(cast, "fadder").get(url(cast, "dokumentasjon_edit", row.public_id)).status_code == 404
    client, address = signed_in(cast, "faglaerer"), url(cast, "dokumentasjon_edit", row.public_id)
    data = {"happened_on": cast.today.isoformat(), "words": "Min tekst", "shows": [goals(cast)[1].public_id], "version": "1"}
    assert client.post(address, data).status_code == 302
    assert list(row.goals.values_list("goal", flat=True)) == [goals(cast)[1].pk]
    late = client.post(address, data | {"words": "En annen tekst"})
    assert late.status_code == 409 and "Min tekst" in late.content.decode() and "En annen tekst" in late.content.decode()


def test_visits_held_finished_assignments_and_what_is_written_all_show_a_goal(cast: Cast) -> None:
    first, second, third, fourth = goals(cast)[:4]
    day = cast.today - timedelta(days=4)
    for state, goal in (("held", first), ("agreed", second)):
        visit = WorkplaceVisit.objects.create(
            placement=cast.placements["selma"], state=state, visited_on=day if state == "held" else None, goal_count=1
        )
        VisitGoal.objects.create(visit=visit, goal=goal, place=1)
    for state, goal, done in (("done", third, day), ("given", second, None)):
        task = Assignment.objects.create(
            enrolment=cast.selma, title="Plan", words="Lag en plan", given_on=day, state=state, done_on=done
        )
        AssignmentGoal.objects.create(assignment=task, goal=goal, place=1)
    wrote(cast, fourth, 10)
    numbers = count_goals(cast.selma)
    assert (numbers.documented, numbers.approved, numbers.total) == (3, 0, len(goals(cast)))
    page = signed_in(cast, "faglaerer").get(url(cast, "participant_mal")).content.decode()
    assert "1 besøk, sist" in page and "1 oppgave, sist" in page and "1 notat, sist" in page


def test_goals_nothing_has_shown_for_sixty_days_stand_first(cast: Cast) -> None:
    for goal in goals(cast):
        wrote(cast, goal, 59)
    client = signed_in(cast, "faglaerer")
    assert "Dette bør vi se på" not in client.get(url(cast, "participant_mal")).content.decode()
    Evidence.objects.filter(goals__goal=goals(cast)[4]).update(happened_on=cast.today - timedelta(days=60))
    answer = client.get(url(cast, "participant_mal"))
    assert [one.id for one in answer.context["look_at"]] == [goals(cast)[4].public_id]
    Evidence.objects.filter(goals__goal=goals(cast)[4]).update(happened_on=cast.today - timedelta(days=59))
    assert not client.get(url(cast, "participant_mal")).context["look_at"]


# --- The page -------------------------------------------------------------------------------------------


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_the_page_asks_as_little_for_two_hundred_pieces_of_evidence_as_for_ten(cast: Cast) -> None:
    client, every = signed_in(cast, "faglaerer"), goals(cast)
    client.get(url(cast, "participant_mal"))  # what is asked once for a process is not counted
    counts = []
    for first, last in ((0, 10), (10, 200)):
        for number in range(first, last):
            wrote(cast, every[number % len(every)], number)
            GoalView.objects.create(enrolment=cast.selma, goal=every[number % len(every)], role="faglaerer", level=number % 4,
                                    given_on=cast.today - timedelta(days=number), by=cast.faglaerer)  # fmt: skip
        counts.append((queries_of(client, url(cast, "participant_mal")), queries_of(client, url(cast, "participant_detail"))))
    assert counts[0] == counts[1]


def test_a_look_at_the_goals_is_logged(cast: Cast) -> None:
    signed_in(cast, "leder").get(url(cast, "participant_mal"))
    row = LookLog.objects.get(page="mal")
    assert row.sections == ["competence"] and row.user == cast.leder


def test_the_source_is_named_and_the_full_text_is_there(cast: Cast) -> None:
    page = signed_in(cast, "deltaker").get(url(cast, "participant_mal")).content.decode()
    assert "Kilde: Udir, NLOD 2.0" in page and goals(cast)[0].text[:40] in page


def test_a_fadder_reads_what_was_written_in_own_time_only(cast: Cast) -> None:
    wrote(cast, goals(cast)[0], 20)
    Evidence.objects.create(enrolment=cast.selma, happened_on=cast.today - timedelta(days=150), words="Fra et annet sted",
                            only_log=True, by=cast.faglaerer, by_role="faglaerer")  # fmt: skip
    page = signed_in(cast, "fadder").get(url(cast, "participant_mal")).content.decode()
    assert "Gjorde det" in page and "Fra et annet sted" not in page
    assert "Fra et annet sted" in signed_in(cast, "deltaker").get(url(cast, "participant_mal")).content.decode()


# --- The trade test grows out of it -----------------------------------------------------------------------


def approve(cast: Cast, count: int) -> None:
    for goal in goals(cast)[:count]:
        GoalView.objects.create(
            enrolment=cast.selma, goal=goal, role="faglaerer", level=3, given_on=cast.today, by=cast.faglaerer
        )


def test_the_trade_test_is_proposed_when_four_in_five_goals_are_approved(cast: Cast) -> None:
    needed = -(-len(goals(cast)) * 80 // 100)
    approve(cast, needed - 1)
    client = signed_in(cast, "faglaerer")
    page = client.get(url(cast, "participant_mal")).content.decode()
    assert f"minst {needed} av" in page and "Anbefal fagprøve" not in page
    GoalView.objects.create(enrolment=cast.selma, goal=goals(cast)[needed - 1], role="faglaerer", level=3, given_on=cast.today,
                            by=cast.faglaerer)  # fmt: skip
    for name in ("participant_mal", "participant_klar"):
        page = client.get(url(cast, name)).content.decode()
        assert "sett=kind:trade_test" in page and "Anbefal fagprøve" in page
    assert "Anbefal fagprøve" not in signed_in(cast, "norsklaerer").get(url(cast, "participant_klar")).content.decode()


def test_what_the_teachers_have_said_stands_on_min_vei(cast: Cast) -> None:
    Readiness.objects.create(enrolment=cast.selma, kind="trade_test", given_on=cast.today, by=cast.faglaerer, by_role="faglaerer",
                             words="Nå er du klar, Selma.")  # fmt: skip
    approve(cast, 2)
    wrote(cast, goals(cast)[0])
    page = signed_in(cast, "deltaker").get("/").content.decode()
    assert "Nå er du klar, Selma." in page and "Du har vist 1 av" in page and "kan 2 av dem alene" in page
    assert page.count('class="tile"') <= 4 and "data-read-aloud hidden" in page
    Readiness.objects.update(withdrawn_on=cast.today)
    assert "Nå er du klar, Selma." not in signed_in(cast, "deltaker").get("/").content.decode()


def test_min_vei_asks_as_little_when_much_is_known(cast: Cast) -> None:
    client = signed_in(cast, "deltaker")
    wrote(cast, goals(cast)[0])
    client.get("/")  # what is asked once for a process is not counted
    before = queries_of(client, "/")
    for number in range(1, 40):
        wrote(cast, goals(cast)[number % 10], number)
    assert queries_of(client, "/") == before


# --- Plans ----------------------------------------------------------------------------------------------


def test_a_new_plan_comes_as_a_proposal_and_nothing_is_saved_before_it_is_sent(cast: Cast) -> None:
    approve(cast, 1)
    page = signed_in(cast, "koordinator").get(url(cast, "planer_individuell")).content.decode()
    every = goals(cast)
    assert str(every[1]) in page and f"- {every[0]}\n" not in page and "Norsk: B1" in page and "mandag, tirsdag" in page
    assert "Eksempelvika" not in page.split("<form")[-1] and "data-draft" in page
    assert not TrainingPlan.objects.exists()


def test_each_version_of_a_plan_is_kept_and_shown(cast: Cast) -> None:
    client = signed_in(cast, "fadder")
    assert client.post(url(cast, "planer_intern"), {"aims": "Første utgave"}).status_code == 302
    assert client.post(url(cast, "planer_intern"), {"aims": "Andre utgave", "version": "1"}).status_code == 302
    assert Revision.objects.filter(subject_type="followup.trainingplan").count() == 2
    page = client.get(url(cast, "participant_planer")).content.decode()
    assert "Andre utgave" in page and "Første utgave" in page and "Versjon 1" in page
    late = client.post(url(cast, "planer_intern"), {"aims": "Tredje utgave", "version": "1"})
    assert late.status_code == 409 and "Andre utgave" in late.content.decode()


def test_an_empty_plan_is_refused_and_leder_and_deltaker_only_read(cast: Cast) -> None:
    assert signed_in(cast, "faglaerer").post(url(cast, "planer_intern"), {"aims": " "}).status_code == 422
    for who in ("leder", "deltaker"):
        client = signed_in(cast, who)
        assert client.get(url(cast, "participant_planer")).status_code == 200
        assert client.post(url(cast, "planer_intern"), {"aims": "x"}).status_code == 403
    assert not TrainingPlan.objects.exists()
