"""Visits: what may be kept, by whom, how two texts stand side by side, and what the pages ask of the database."""

from __future__ import annotations

import re
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fagbrev.audit.models import ChangeLog, LookLog, Revision
from fagbrev.duties.models import Duty
from fagbrev.people.models import User
from followup.actions.visits import log_visit, propose_visit
from followup.models import VisitGoal, VisitOtherText, WorkplaceVisit
from followup.models.visits import AGREED, CANCELLED, HELD, PROPOSED
from followup.visit_queries import goals_for, goals_last_seen
from followup.visit_rules import VisitRefused, moment, why_not_goals
from participants.models import Participant, PlacementFadder
from programmes.models import CompetenceGoal, TeachingAssignment
from tests.cast import Cast, make_user

LOG = "/besok/nytt/"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def log_address(cast: Cast) -> str:
    return f"{LOG}?deltaker={cast.selma.participant.public_id}"


def page_address(cast: Cast) -> str:
    return reverse("participant_besok", args=[cast.selma.participant.public_id])


def draft(cast: Cast, **more: Any) -> dict[str, Any]:
    """What a browser sends: one goal, one short text."""
    return {
        "visited_on": cast.today.isoformat(), "present": ["deltaker", "fadder"], "goals": [goals_for(cast.selma)[0].public_id],
        "seen": "Selma dekket bordet.", "agreed": "Øve på hygiene.", "device_key": str(uuid.uuid4()),
    } | more  # fmt: skip


def log(
    cast: Cast, *, by: str = "faglaerer", days_ago: int = 0, goals: list[CompetenceGoal] | None = None, only_log: bool = False,
    seen: str = "Så henne lese.", internal_note: str = "",
) -> WorkplaceVisit:  # fmt: skip
    """A visit as the action keeps it: one goal unless others are named."""
    chosen = goals_for(cast.selma)[:1] if goals is None else goals
    return log_visit(
        placement=cast.placements["selma"], visited_on=cast.today - timedelta(days=days_ago), present=["deltaker"], goals=chosen,
        only_log=only_log, seen=seen, agreed="", internal_note=internal_note, by=cast.users[by], at=timezone.now(),
    )[0]  # fmt: skip


@pytest.fixture
def second_teacher(cast: Cast) -> User:
    """Another faglærer of the same trade."""
    user = make_user("Turid Faglaerer", "faglaerer", today=cast.today)
    TeachingAssignment.objects.create(
        user=user, role="faglaerer", trade=cast.trades["BUA"], starts_on=cast.today - timedelta(days=90)
    )
    cast.users["andre_faglaerer"] = user
    return user


# --- One to three goals, or «bare logg» -----------------------------------------------------------------


@given(count=st.integers(0, 26), only_log=st.booleans())
def test_only_one_to_three_goals_or_a_bare_log_are_kept(count: int, only_log: bool) -> None:
    assert (why_not_goals(count, only_log) == "") == ((1 <= count <= 3 and not only_log) or (count == 0 and only_log))


FEW = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@FEW
@given(count=st.integers(0, 5), only_log=st.booleans())
def test_form_action_and_database_all_refuse_no_goal_without_a_bare_log_and_four_goals(
    cast: Cast, count: int, only_log: bool
) -> None:
    allowed = (1 <= count <= 3 and not only_log) or (count == 0 and only_log)
    goals = goals_for(cast.selma)[:count]
    with transaction.atomic():
        sent = draft(cast, goals=[goal.public_id for goal in goals]) | ({"only_log": "on"} if only_log else {})
        answer = signed_in(cast.faglaerer).post(log_address(cast), sent)
        assert (answer.status_code == 302) == allowed
        assert WorkplaceVisit.objects.filter(state=HELD).exists() == allowed
        if not allowed:
            assert answer.status_code == 422 and "Selma dekket bordet." in answer.content.decode()
        transaction.set_rollback(True)
    with transaction.atomic():
        try:
            log(cast, goals=goals, only_log=only_log)
            kept = True
        except VisitRefused:
            kept = False
        assert kept == allowed
        transaction.set_rollback(True)
    with transaction.atomic():
        row = WorkplaceVisit(
            placement=cast.placements["selma"], state=HELD, visited_on=cast.today, only_log=only_log, goal_count=count
        )
        try:
            with transaction.atomic():
                row.save()
            kept = True
        except IntegrityError:
            kept = False
        assert kept == allowed
        transaction.set_rollback(True)


def test_the_database_takes_no_fourth_goal(cast: Cast) -> None:
    visit = log(cast, goals=goals_for(cast.selma)[:3])
    with pytest.raises(IntegrityError), transaction.atomic():
        VisitGoal.objects.create(visit=visit, goal=goals_for(cast.selma)[3], place=4)
    with pytest.raises(IntegrityError), transaction.atomic():
        VisitGoal.objects.create(visit=visit, goal=goals_for(cast.selma)[3], place=1)


def test_what_is_wrong_is_said_by_the_field_and_the_text_is_kept(cast: Cast) -> None:
    client = signed_in(cast.faglaerer)
    answer = client.post(log_address(cast), draft(cast, goals=[]))
    content = answer.content.decode()
    assert answer.status_code == 422 and "Velg 1 til 3 mål, eller «Bare logg»." in content and "Selma dekket bordet." in content
    four = [goal.public_id for goal in goals_for(cast.selma)[:4]]
    content = client.post(log_address(cast), draft(cast, goals=four)).content.decode()
    assert "Velg høyst 3 mål." in content and content.count(" checked") >= 4
    for field, value, words in (
        ("visited_on", (cast.today + timedelta(days=1)).isoformat(), "kan ikke logges før det har vært"),
        ("visited_on", (cast.today - timedelta(days=101)).isoformat(), "Deltakeren begynte her"),
        ("seen", "", "Skriv kort hva dere gjorde."),
        ("next_on", cast.today.isoformat(), "Velg en dag fram i tid"),
    ):
        answer = client.post(log_address(cast), draft(cast, **{field: value}))
        assert answer.status_code == 422 and words in answer.content.decode(), (field, value)
    assert not WorkplaceVisit.objects.exists()


# --- Logging --------------------------------------------------------------------------------------------


def test_a_visit_is_logged_with_goals_next_visit_logs_and_a_first_version(cast: Cast) -> None:
    client = signed_in(cast.faglaerer)
    page = client.get(log_address(cast))
    assert "Neste besøk, forslag" in page.content.decode()
    answer = client.post(
        log_address(cast), draft(cast, internal_note="Virket sliten.", next_on=page.context["form"]["next_on"].value().isoformat(),
                                 next_at="10:00"),
    )  # fmt: skip
    assert answer.status_code == 302 and answer["Location"] == page_address(cast)
    visit = WorkplaceVisit.objects.get(state=HELD)
    assert (visit.visitor, visit.present, visit.goal_count) == (cast.faglaerer, ["deltaker", "fadder"], 1)
    assert visit.goals.get().goal == goals_for(cast.selma)[0]
    coming = WorkplaceVisit.objects.get(state=PROPOSED)
    assert coming.planned_at and timezone.localtime(coming.planned_at).hour == 10
    assert timezone.localtime(coming.planned_at).date() >= cast.today + timedelta(days=14)
    sections = set(ChangeLog.objects.filter(subject_type="followup.workplacevisit").values_list("section", "verb"))
    assert sections == {("visits", "logged"), ("visit_internal_note", "logged"), ("visit_plan", "proposed")}
    assert "Virket sliten." not in str(list(ChangeLog.objects.values()))
    assert LookLog.objects.filter(user=cast.faglaerer, page="besok").exists()
    assert Revision.objects.get(subject_id=visit.public_id, version=1).content["visits"]["seen"] == "Selma dekket bordet."


def test_the_same_draft_sent_twice_is_one_visit(cast: Cast) -> None:
    client, sent = signed_in(cast.faglaerer), draft(cast)
    first, second = (client.post(log_address(cast), sent) for _ in range(2))
    assert first["Location"] == second["Location"]
    third = client.post(log_address(cast), sent, headers={"Accept": "application/json"})
    assert third.status_code == 201 and third.json() == {"url": first["Location"]}
    assert WorkplaceVisit.objects.filter(state=HELD).count() == 1 and not VisitOtherText.objects.exists()


def test_a_device_is_answered_in_its_own_words(cast: Cast, second_teacher: User) -> None:
    asked = {"Accept": "application/json"}
    client = signed_in(cast.faglaerer)
    wrong = client.post(log_address(cast), draft(cast, goals=[]), headers=asked)
    assert wrong.status_code == 422 and wrong.json()["errors"]["goals"] == ["Velg 1 til 3 mål, eller «Bare logg»."]
    made = client.post(log_address(cast), draft(cast), headers=asked)
    assert made.status_code == 201 and made.json()["url"] == page_address(cast)
    beside = signed_in(second_teacher).post(log_address(cast), draft(cast), headers=asked)
    assert beside.status_code == 409 and beside.json()["url"] == page_address(cast)


def test_two_faglaerere_who_write_to_the_same_visit_offline_keep_both_texts(cast: Cast, second_teacher: User) -> None:
    first, second = signed_in(cast.faglaerer), signed_in(second_teacher)
    first.post(log_address(cast), draft(cast, seen="Den første teksten."))
    again = draft(cast, seen="Den andre teksten.", internal_note="Den andres notat.")
    answer = second.post(log_address(cast), again, follow=True)
    content = answer.content.decode()
    assert "Begge tekstene er lagret" in content and "Den første teksten." in content and "Den andre teksten." in content
    assert "Den andres notat." in content
    assert "Den andres notat." not in signed_in(cast.norsklaerer).get(page_address(cast)).content.decode()
    other = VisitOtherText.objects.get()
    assert WorkplaceVisit.objects.filter(state=HELD).count() == 1 and other.by == second_teacher
    assert str(goals_for(cast.selma)[0]) in other.seen  # the goals ticked are not lost either


def test_two_who_edit_the_same_visit_keep_both_texts(cast: Cast, second_teacher: User) -> None:
    visit = log(cast)
    address = reverse("besok_edit", args=[cast.selma.participant.public_id, visit.public_id])
    first, second = signed_in(cast.faglaerer), signed_in(second_teacher)
    assert first.post(address, draft(cast, seen="Endret av den første.", version=1)).status_code == 302
    sent = draft(cast, seen="Endret av den andre.", version=1)
    asked = {"Accept": "application/json"}
    assert second.post(address, sent, headers=asked).status_code == 409
    assert second.post(address, sent, headers=asked).status_code == 201  # sent again by the device: nothing more
    visit.refresh_from_db()
    assert visit.seen == "Endret av den første." and "Endret av den andre." in VisitOtherText.objects.get().seen


def test_a_time_that_was_planned_for_the_day_becomes_the_visit(cast: Cast) -> None:
    planned = propose_visit(placement=cast.placements["selma"], planned_at=moment(cast.today), words="", by=cast.fadder)
    visit = log(cast)
    assert visit.pk == planned.pk and visit.state == HELD


def test_goals_unseen_for_long_stand_first_with_words(cast: Cast) -> None:
    goals = goals_for(cast.selma)
    log(cast, days_ago=74, goals=[goals[5]])
    log(cast, days_ago=3, goals=[goals[0]])
    assert goals_last_seen(cast.selma)[goals[5].pk] == cast.today - timedelta(days=74)
    form = signed_in(cast.faglaerer).get(log_address(cast)).context["form"]
    rows = {row.value: row for row in form.goal_rows}
    assert rows[goals[5].public_id].note == "Ikke sett på 74 dager" and rows[goals[0].public_id].note == ""
    assert form.goal_rows[-1].value == goals[0].public_id and len(form.first_goals) == 4


def test_a_koordinator_writes_the_shared_part_only(cast: Cast) -> None:
    client = signed_in(cast.koordinator)
    assert "internal_note" not in client.get(log_address(cast)).context["form"].fields
    client.post(log_address(cast), draft(cast, internal_note="Skal ikke lagres."))
    assert WorkplaceVisit.objects.get(state=HELD).internal_note == ""


# --- Who gets in ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "status"),
    [("koordinator", 200), ("faglaerer", 200), ("annen_faglaerer", 404), ("norsklaerer", 403), ("fadder", 403), ("leder", 403),
     ("deltaker", 403), ("styringsgruppe", 403)],
)  # fmt: skip
def test_only_koordinator_and_faglaerer_in_scope_open_the_log_page(cast: Cast, who: str, status: int) -> None:
    client = signed_in(cast.users[who])
    assert client.get(log_address(cast)).status_code == status
    assert client.post(log_address(cast), draft(cast)).status_code == (302 if status == 200 else status)


def test_what_is_not_there_answers_as_what_is_not_theirs(cast: Cast) -> None:
    client = signed_in(cast.annen_faglaerer)
    theirs, nobody = client.get(log_address(cast)), client.get(f"{LOG}?deltaker=2222222222zz")
    ours = cast.selma.participant.public_id
    told = [re.sub(r'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": "\w+"', "", page.content.decode().replace(who, ""))
            for page, who in ((theirs, ours), (nobody, "2222222222zz"))]  # fmt: skip
    assert theirs.status_code == nobody.status_code == 404 and told[0] == told[1]


def test_a_fadder_whose_placement_ended_yesterday_gets_404_everywhere(cast: Cast) -> None:
    visit = log(cast)
    planned = propose_visit(
        placement=cast.placements["selma"], planned_at=timezone.now() + timedelta(days=5), words="", by=cast.faglaerer
    )
    client, person = signed_in(cast.fadder), cast.selma.participant.public_id
    assert client.get(page_address(cast)).status_code == 200
    yesterday = cast.today - timedelta(days=1)
    PlacementFadder.objects.filter(placement=cast.placements["selma"]).update(ends_on=yesterday)
    type(cast.placements["selma"]).objects.filter(pk=cast.placements["selma"].pk).update(ends_on=yesterday)
    assert client.get(page_address(cast)).status_code == 404
    assert client.get(reverse("besok_plan", args=[person])).status_code == 404
    assert client.get(reverse("besokstid_move", args=[person, planned.public_id])).status_code == 404
    assert client.post(reverse("besokstid_accept", args=[person, planned.public_id]), {"version": 1}).status_code == 404
    assert client.get(reverse("besok_edit", args=[person, visit.public_id])).status_code == 404
    assert client.get(log_address(cast)).status_code == 403  # a page that a fadder has no part in


def test_the_internal_note_is_shown_to_faglaerer_and_koordinator_alone(cast: Cast) -> None:
    log(cast, seen="Delt tekst.", internal_note="Bare for oss.")
    for who in ("koordinator", "faglaerer", "norsklaerer", "fadder", "deltaker", "leder"):
        content = signed_in(cast.users[who]).get(page_address(cast)).content.decode()
        assert ("Bare for oss." in content) == (who in {"koordinator", "faglaerer"}), who
        assert ("Delt tekst." in content) == (who != "leder"), who


# --- Editing, locking, correcting -----------------------------------------------------------------------


def test_a_visit_is_edited_within_the_time_and_corrected_beside_the_original_afterwards(cast: Cast) -> None:
    visit = log(cast, seen="Første tekst.")
    address = reverse("besok_edit", args=[cast.selma.participant.public_id, visit.public_id])
    client = signed_in(cast.faglaerer)
    assert "Endre besøk" in client.get(address).content.decode()
    client.post(address, draft(cast, seen="Endret tekst.", version=1))
    WorkplaceVisit.objects.filter(pk=visit.pk).update(logged_at=timezone.now() - timedelta(days=8))
    assert "Besøket er låst." in client.get(address).content.decode()
    client.post(address, draft(cast, seen="Rettet tekst.", version=2, goals=[], only_log="on"))
    content = client.get(page_address(cast)).content.decode()
    assert all(words in content for words in ("Første tekst.", "Endret tekst.", "Rettet tekst.", "Tidligere versjoner (2)"))
    visit.refresh_from_db()
    assert (visit.only_log, visit.goal_count, visit.goals.count(), visit.version) == (True, 0, 0, 3)
    verbs = ChangeLog.objects.filter(subject_id=visit.public_id, section="visits").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["logged", "changed", "corrected"]


# --- Planning -------------------------------------------------------------------------------------------


def test_a_time_is_proposed_by_one_accepted_by_another_moved_and_called_off(cast: Cast) -> None:
    person, day = cast.selma.participant.public_id, cast.today + timedelta(days=6)
    fadder, teacher = signed_in(cast.fadder), signed_in(cast.faglaerer)
    fadder.post(reverse("besok_plan", args=[person]), {"plass": cast.placements["selma"].public_id, "day": day.isoformat(),
                                                       "at": "09:30", "words": "Vi baker."})  # fmt: skip
    visit = WorkplaceVisit.objects.get()
    accept, cancel = (reverse(f"besokstid_{act}", args=[person, visit.public_id]) for act in ("accept", "cancel"))
    fadder.post(accept, {"version": 1})
    visit.refresh_from_db()
    assert visit.state == PROPOSED  # not by the one who proposed it
    teacher.post(accept, {"version": 1})
    visit.refresh_from_db()
    assert (visit.state, visit.answered_by, visit.version) == (AGREED, cast.faglaerer, 2)
    move = reverse("besokstid_move", args=[person, visit.public_id])
    stale = {"plass": cast.placements["selma"].public_id, "day": day.isoformat(), "at": "11:00", "version": 1}
    assert "Noen andre svarte først" in signed_in(cast.deltaker).post(move, stale, follow=True).content.decode()
    signed_in(cast.deltaker).post(move, stale | {"version": 2})
    visit.refresh_from_db()
    assert (visit.state, visit.proposed_by, visit.answered_by) == (PROPOSED, cast.deltaker, None)
    for _ in range(2):
        answer = teacher.post(cancel, {"version": 3, "submission": f"{visit.public_id}c"})
        assert answer.status_code == 302
    visit.refresh_from_db()
    assert visit.state == CANCELLED and "Avlyst av" in teacher.get(page_address(cast)).content.decode()


def test_a_visit_is_not_proposed_in_the_past(cast: Cast) -> None:
    sent = {"plass": cast.placements["selma"].public_id, "day": (cast.today - timedelta(days=1)).isoformat(), "at": "09:30"}
    answer = signed_in(cast.fadder).post(reverse("besok_plan", args=[cast.selma.participant.public_id]), sent)
    assert answer.status_code == 422 and "Velg i dag eller en dag fram i tid." in answer.content.decode()


# --- The list, home, and the number of queries ------------------------------------------------------------


def queries(client: Client, url: str) -> int:
    client.get(url)  # what is kept between requests, and the look row of the day
    with CaptureQueriesContext(connection) as found:
        assert client.get(url).status_code == 200
    return len(found)


def test_the_pages_ask_as_often_for_10_visits_as_for_200(cast: Cast) -> None:
    client = signed_in(cast.faglaerer)
    urls = (page_address(cast), log_address(cast), "/besok/", "/", LOG, reverse("participant_detail",
            args=[cast.selma.participant.public_id]))  # fmt: skip
    goal = goals_for(cast.selma)[0]

    def add(count: int) -> None:
        made = WorkplaceVisit.objects.bulk_create(
            [
                WorkplaceVisit(placement=cast.placements["selma"], state=HELD, visited_on=cast.today - timedelta(days=n % 90 + 1),
                      visitor=cast.faglaerer, goal_count=1, seen=f"Nummer {n}", logged_at=timezone.now())
                for n in range(count)
            ]
        )  # fmt: skip
        VisitGoal.objects.bulk_create([VisitGoal(visit=visit, goal=goal, place=1) for visit in made])
        VisitOtherText.objects.bulk_create([VisitOtherText(visit=visit, by=cast.koordinator, seen="Også") for visit in made])

    add(10)
    few = [queries(client, url) for url in urls]
    add(190)
    assert [queries(client, url) for url in urls] == few
    assert client.get(page_address(cast)).content.decode().count('<article class="card visit"') == 20
    from fagbrev.duties.engine import refresh

    refresh(today=cast.today)


def test_the_list_has_the_one_longest_without_a_visit_first_and_only_own_people(cast: Cast) -> None:
    from tests.cast import place

    other = cast.enrolments["trade_test"]
    cast.placements["other"] = place(cast, other, "barnehage", leder="leder_person", fadder="fadder_person", days_ago=20)
    log(cast, days_ago=1)
    content = signed_in(cast.faglaerer).get("/besok/").content.decode()
    assert content.index(other.participant.last_name) < content.index("Testesen") and "Utenfor" not in content
    assert "Ikke besøkt siden start" in content and "6 dager over" in content
    all_of_them = signed_in(cast.koordinator).get("/besok/").content.decode()
    assert "Utenfor" in all_of_them and "Utenfor" not in signed_in(cast.koordinator).get("/besok/?fag=BUA").content.decode()
    assert LookLog.objects.filter(user=cast.faglaerer, page="besok_liste").count() == 2
    home = signed_in(cast.faglaerer).get("/").content.decode()
    assert "Lengst siden besøk" in home and home.index(other.participant.last_name) < home.index("Testesen")


def test_a_confidential_address_hides_place_and_time_in_the_list(cast: Cast) -> None:
    propose_visit(placement=cast.placements["selma"], planned_at=timezone.now() + timedelta(days=2), words="", by=cast.faglaerer)
    assert "Eksempelvika barnehage" in signed_in(cast.faglaerer).get("/besok/").content.decode()
    Participant.objects.filter(pk=cast.selma.participant_id).update(address_protection="fortrolig")
    content = signed_in(cast.faglaerer).get("/besok/").content.decode()
    assert "Testesen" in content and "Eksempelvika barnehage" not in content and "Foreslått" not in content
    from fagbrev.duties.engine import refresh

    refresh(today=cast.today)


def test_a_visit_logged_moves_the_duty_to_the_next_one(cast: Cast) -> None:
    from fagbrev.duties.engine import refresh

    refresh(today=cast.today)
    before = Duty.objects.get(rule="visit", enrolment_id=cast.selma.pk)
    assert before.due_on < cast.today and before.placement_id == cast.placements["selma"].pk
    log(cast)
    after = Duty.objects.get(rule="visit", enrolment_id=cast.selma.pk)
    assert after.due_on >= cast.today + timedelta(days=14)
    assert isinstance(after.due_on, date)
