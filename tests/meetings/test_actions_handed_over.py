"""What somebody said in a meeting that they would do goes with their work when it is handed over for a time, and comes back after it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fagbrev.duties.engine import refresh
from fagbrev.duties.models import Duty, HandOver
from fagbrev.duties.reading import duties_for
from fagbrev.duties.registry import sources
from meetings.actions.meeting_actions import agree, mark_done
from meetings.actions.minutes import start_minutes
from meetings.models import Meeting, MeetingAction
from programmes.actions_handover import end_hand_over, hand_over
from tests.cast import Cast
from tests.meetings.group import held, signed_in
from tests.meetings.test_meeting_actions import agreed, share

RULE = "meeting_action_norsklaerer"


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    """A meeting of norsklærer with koordinator; the faglærer is not invited, and stands in for the norsklærer."""
    row = held(cast, days=-28, who=("koordinator", "norsklaerer"))
    start_minutes(meeting=row, by=cast.koordinator)
    return row


@pytest.fixture
def action(cast: Cast, meeting: Meeting) -> MeetingAction:
    """An action that follows nobody, in minutes that are shared."""
    made = agreed(cast, meeting, due=cast.today)
    share(cast, meeting)
    return made


def hand(cast: Cast, *, starts: int = 0, role: str = "norsklaerer", to: str = "faglaerer") -> HandOver:
    return hand_over(
        from_user=cast.norsklaerer, to_user=cast.users[to], role=role, starts_on=cast.today + timedelta(days=starts),
        ends_on=cast.today + timedelta(days=starts + 7), by=cast.koordinator, today=cast.today,
    )  # fmt: skip


def has_duty(cast: Cast, who: str, day: date | None = None) -> bool:
    return duties_for(cast.users[who], day or cast.today).filter(rule=RULE).exists()


def own(cast: Cast, who: str) -> str:
    return signed_in(cast, who).get(reverse("own_action_list")).content.decode()


def tick(cast: Cast, who: str, action: MeetingAction) -> int:
    return signed_in(cast, who).post(reverse("own_action_done", args=[action.public_id])).status_code


def test_who_takes_over_has_the_duty_reads_it_and_ticks_it(cast: Cast, meeting: Meeting, action: MeetingAction) -> None:
    assert not has_duty(cast, "faglaerer") and tick(cast, "faglaerer", action) == 404
    hand(cast)
    assert has_duty(cast, "faglaerer")
    page = own(cast, "faglaerer")
    assert action.words in page and f"Gjøres for {cast.norsklaerer.name}" in page
    assert tick(cast, "faglaerer", action) == 302
    action.refresh_from_db()
    assert action.done_by == cast.faglaerer


def test_those_told_are_the_owner_and_who_takes_over(cast: Cast, action: MeetingAction) -> None:
    refresh(today=cast.today)
    duty = Duty.objects.get(rule=RULE)
    told = sources()["meetings"].recipients
    assert told([duty], cast.today) == {duty.pk: {cast.norsklaerer.pk}}
    hand(cast)
    assert told([duty], cast.today) == {duty.pk: {cast.norsklaerer.pk, cast.faglaerer.pk}}


def test_the_meeting_itself_stays_out_of_scope_and_no_link_leads_to_it(
    cast: Cast, meeting: Meeting, action: MeetingAction
) -> None:
    hand(cast)
    client = signed_in(cast, "faglaerer")
    for name in ("meeting_detail", "minutes_page", "minutes_pdf"):
        address = reverse(name, args=[meeting.public_id])
        assert client.get(address).status_code == 404
        for page in (reverse("own_action_list"), reverse("duty_list"), "/"):
            assert f'href="{reverse("meeting_detail", args=[meeting.public_id])}' not in client.get(page).content.decode()
    assert client.post(reverse("minutes_action_done", args=[meeting.public_id, action.public_id])).status_code == 404
    assert f'href="{reverse("minutes_page", args=[meeting.public_id])}' in own(cast, "norsklaerer")


def test_it_is_back_with_its_owner_alone_when_the_time_is_over(cast: Cast, action: MeetingAction) -> None:
    row = hand(cast)
    assert not has_duty(cast, "faglaerer", cast.today + timedelta(days=8))
    end_hand_over(row=row, by=cast.koordinator, today=cast.today)
    assert not has_duty(cast, "faglaerer") and has_duty(cast, "norsklaerer")
    assert action.words not in own(cast, "faglaerer") and tick(cast, "faglaerer", action) == 404
    assert tick(cast, "norsklaerer", action) == 302


def test_before_its_time_it_carries_nothing(cast: Cast, action: MeetingAction) -> None:
    hand(cast, starts=3)
    assert not has_duty(cast, "faglaerer") and tick(cast, "faglaerer", action) == 404


def test_an_action_agreed_about_a_participant_goes_by_the_record_and_not_by_the_hand_over(cast: Cast) -> None:
    row = held(cast, days=-28, kind="cooperation", who=("koordinator", "norsklaerer"), enrolment=cast.selma)
    start_minutes(meeting=row, by=cast.koordinator)
    made = agree(
        item=row.items.first(), words="Ringe Selma", invitee=None, name="Nils Utenfor", due_on=cast.today, by=cast.koordinator,
        today=cast.today,
    )  # fmt: skip
    share(cast, row)
    MeetingAction.objects.filter(pk=made.pk).update(owner=cast.norsklaerer, owner_role="norsklaerer", owner_name="")
    hand(cast, to="annen_faglaerer")
    assert "Ringe Selma" not in own(cast, "annen_faglaerer") and tick(cast, "annen_faglaerer", made) == 404


def test_what_is_done_comes_to_rest_and_the_list_asks_as_many_queries_for_many(cast: Cast, meeting: Meeting) -> None:
    made = [agreed(cast, meeting, due=cast.today, words=f"Punkt {number}") for number in range(8)]
    share(cast, meeting)
    hand(cast)
    client = signed_in(cast, "faglaerer")

    def counted() -> int:
        client.get(reverse("own_action_list"))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("own_action_list")).status_code == 200
        return len(queries)

    many = counted()
    for one in made[:6]:
        mark_done(action=one, is_done=True, by=cast.faglaerer, today=cast.today)
    assert duties_for(cast.faglaerer, cast.today).filter(rule=RULE).count() == 2
    assert counted() == many
