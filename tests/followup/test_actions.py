"""Actions: who sees which, who may do what, that a tick is harmless twice, and when one is reminded."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fagbrev.audit.models import ChangeLog, LookLog
from fagbrev.duties.models import Duty
from fagbrev.duties.rules import Terms
from followup.actions.action_points import agree_action
from followup.duties.reviews import About, ActionFacts, action_point
from followup.models import Action
from participants.models import Enrolment, Placement, WorkStatus
from tests.cast import Cast

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
DAY = timedelta(days=1)
OWNERS = ("coordinator", "faglaerer", "norsklaerer", "fadder", "leder", "deltaker")
WHO = dict(zip(OWNERS, ("koordinator", "faglaerer", "norsklaerer", "fadder", "leder", "deltaker"), strict=True))


def signed_in(cast: Cast, who: str) -> Client:
    client = Client()
    client.force_login(cast.users[who], backend=BACKEND)
    return client


def url(cast: Cast, name: str, *more: str) -> str:
    return reverse(name, args=[cast.selma.participant.public_id, *more])


def agree(cast: Cast, owner: str, words: str = "", **more: Any) -> Action:
    placement = cast.placements["selma"] if owner in {"fadder", "leder"} else None
    more = {"due_on": cast.today + 5 * DAY, "made_on": cast.today - 20 * DAY, "placement": placement} | more
    return agree_action(enrolment=cast.selma, words=words or f"punkt for {owner}", owner_role=owner, by=cast.koordinator, **more)


@pytest.fixture
def points(cast: Cast) -> dict[str, Action]:
    """One open action for each role."""
    return {owner: agree(cast, owner) for owner in OWNERS}


@pytest.mark.parametrize("owner", OWNERS)
def test_everybody_sees_their_own_and_koordinator_and_teachers_see_all(cast: Cast, points: dict[str, Action], owner: str) -> None:
    content = signed_in(cast, WHO[owner]).get(url(cast, "participant_avtalt")).content.decode()
    seen = {other for other in OWNERS if f"punkt for {other}" in content}
    assert seen == (set(OWNERS) if owner in {"coordinator", "faglaerer", "norsklaerer"} else {owner})


@pytest.mark.parametrize("who", ["annen_fadder", "annen_leder", "annen_deltaker", "annen_faglaerer"])
def test_outsiders_find_no_list_and_tick_nothing(cast: Cast, points: dict[str, Action], who: str) -> None:
    client = signed_in(cast, who)
    assert client.get(url(cast, "participant_avtalt")).status_code == 404
    assert client.post(url(cast, "handling_done", points["fadder"].public_id)).status_code == 404
    assert not Action.objects.filter(done_on__isnull=False).exists()


@pytest.mark.parametrize("who", ["fadder", "leder", "deltaker"])
def test_one_ticks_ones_own_and_nobody_elses(cast: Cast, points: dict[str, Action], who: str) -> None:
    client = signed_in(cast, who)
    for owner, row in points.items():
        answer = client.post(url(cast, "handling_done", row.public_id))
        assert answer.status_code == (302 if owner == who else 404)
    assert list(Action.objects.filter(done_on=cast.today).values_list("owner_role", flat=True)) == [who]
    row = Action.objects.get(owner_role=who)
    assert row.done_by == cast.users[who]
    assert ChangeLog.objects.filter(subject_id=row.public_id, verb="done", section="actions").count() == 1


def test_a_tick_sent_twice_is_one_tick_and_can_be_undone(cast: Cast, points: dict[str, Action]) -> None:
    client, row = signed_in(cast, "deltaker"), points["deltaker"]
    for _time in range(2):
        client.post(url(cast, "handling_done", row.public_id))
    assert ChangeLog.objects.filter(subject_id=row.public_id, verb="done").count() == 1
    client.post(url(cast, "handling_done", row.public_id), {"angre": "1"})
    row.refresh_from_db()
    assert (row.done_on, row.done_by) == (None, None)


def test_a_fadder_makes_one_for_oneself_alone_and_it_hangs_on_the_workplace(cast: Cast) -> None:
    client = signed_in(cast, "fadder")
    posted = {"words": "Vise stellerommet", "owner_role": "fadder", "due_on": cast.today.isoformat(), "submission": "a1"}
    for _time in range(2):
        assert client.post(url(cast, "handling_new"), posted).status_code == 302
    row = Action.objects.get()
    assert (row.placement, row.made_on, row.created_by) == (cast.placements["selma"], cast.today, cast.fadder)
    answer = client.post(url(cast, "handling_new"), posted | {"owner_role": "deltaker", "submission": "a2"})
    assert answer.status_code == 422
    assert "Vise stellerommet" in answer.content.decode()
    assert Action.objects.count() == 1


def test_without_a_workplace_nothing_is_given_to_a_fadder(cast: Cast) -> None:
    Placement.objects.filter(enrolment=cast.selma).update(ends_on=cast.today - DAY)
    posted = {"words": "Vise stellerommet", "owner_role": "fadder"}
    answer = signed_in(cast, "koordinator").post(url(cast, "handling_new"), posted)
    assert answer.status_code == 422
    assert "Deltakeren har ikke noe arbeidssted nå" in answer.content.decode()


def test_two_who_change_the_same_see_both_texts(cast: Cast, points: dict[str, Action]) -> None:
    row = points["coordinator"]
    posted = {"words": "Min tekst", "owner_role": "coordinator", "version": row.version}
    assert signed_in(cast, "koordinator").post(url(cast, "handling_edit", row.public_id), posted).status_code == 302
    answer = signed_in(cast, "faglaerer").post(url(cast, "handling_edit", row.public_id), posted | {"words": "Din tekst"})
    assert answer.status_code == 409
    assert "Min tekst" in answer.content.decode() and "Din tekst" in answer.content.decode()


def test_late_ones_come_first_and_say_how_late(cast: Cast) -> None:
    agree(cast, "coordinator", "uten dato", due_on=None)
    agree(cast, "coordinator", "senere")
    agree(cast, "coordinator", "for sent", due_on=cast.today - 9 * DAY)
    answer = signed_in(cast, "koordinator").get(url(cast, "participant_avtalt"))
    assert [row.words for row in answer.context["open_rows"]] == ["for sent", "senere", "uten dato"]
    assert "9 dager over" in answer.content.decode()
    assert LookLog.objects.filter(user=cast.koordinator, page="avtalt", sections=["actions"]).count() == 1


def test_the_number_of_queries_does_not_grow_with_the_rows(cast: Cast) -> None:
    def queries() -> int:
        client = signed_in(cast, "koordinator")
        client.get(url(cast, "participant_avtalt"))
        with CaptureQueriesContext(connection) as caught:
            assert client.get(url(cast, "participant_avtalt")).status_code == 200
        return len(caught)

    agree(cast, "coordinator")
    few = queries()
    for number in range(30):
        agree(cast, OWNERS[number % 6])
    assert queries() == few


# --- When one is reminded ------------------------------------------------------------------------------

SEVENTH = date(2027, 4, 7)


def facts(**more: Any) -> ActionFacts:
    given = {
        "about": About(1, "abc", 2, 3, "", None), "public_id": "xyz", "owner_role": "fadder", "due_on": SEVENTH,
        "made_on": SEVENTH - 30 * DAY, "placement": 4, "placement_ends_on": None,
    }  # fmt: skip
    return ActionFacts(**(given | more))


@pytest.mark.parametrize(
    ("more", "rule", "count"),
    [
        ({}, "fadder", 1),
        ({}, "leder", 0),
        ({"placement": None}, "fadder", 0),
        ({"placement_ends_on": SEVENTH - DAY}, "fadder", 0),
        ({"placement_ends_on": SEVENTH}, "fadder", 1),
        ({"owner_role": "deltaker", "placement": None}, "deltaker", 1),
    ],
)
def test_an_action_is_the_duty_of_the_one_who_is_to_do_it(more: dict[str, Any], rule: str, count: int) -> None:
    found = list(action_point(rule)(facts(**more), Terms(SEVENTH), SEVENTH))
    assert len(found) == count
    for due in found:
        assert (due.rule, due.due_on, due.owner_role, due.placement_id) == (
            f"action_{rule}",
            SEVENTH,
            rule,
            facts(**more).placement,
        )


def test_a_tick_takes_the_duty_away(cast: Cast) -> None:
    points = {owner: agree(cast, owner) for owner in OWNERS}
    assert set(Duty.objects.filter(subject_type="action").values_list("owner_role", flat=True)) == set(OWNERS)
    signed_in(cast, "leder").post(url(cast, "handling_done", points["leder"].public_id))
    assert not Duty.objects.filter(rule="action_leder").exists()


def test_an_action_stays_after_completion_until_the_status_after_twelve_months(cast: Cast) -> None:
    from followup.duties.reviews import action_facts

    row = agree(cast, "coordinator")
    for status, found in (("completed", 1), ("on_leave", 0), ("terminated", 0), ("training", 1)):
        Enrolment.objects.filter(pk=cast.selma.pk).update(status=status)
        assert len(action_facts(cast.today)) == found, status
    Enrolment.objects.filter(pk=cast.selma.pk).update(status="completed")
    WorkStatus.objects.create(enrolment=cast.selma, months=12, asked_on=cast.today, state="permanent")
    assert action_facts(cast.today) == []
    Enrolment.objects.filter(pk=cast.selma.pk).update(status="training")
    assert row.done_on is None
