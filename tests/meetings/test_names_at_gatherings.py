"""Gatherings bring participants together who are not everybody's to know of: what one says or takes on there tells no other of them."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from fagbrev.access.models import RecordRestriction
from meetings.actions.meeting_actions import agree
from meetings.actions.minutes import share_minutes, start_minutes
from meetings.models import AgendaItem, Invitee, Meeting, MeetingAction, MinutesVersion
from tests.cast import Cast
from tests.meetings.group import held, meet, signed_in
from tests.meetings.minuted import url

WHO = ("koordinator", "faglaerer", "deltaker")


def pages(cast: Cast, who: str, meeting: Meeting, *names: str) -> str:
    client = signed_in(cast, who)
    return "".join(client.get(url(name, meeting)).content.decode() for name in names)


@pytest.fixture
def proposed(cast: Cast) -> Meeting:
    """A gathering that is called, for which Nadia has put a point on the agenda."""
    row = meet(cast, days=3, kind="network_gathering", who=WHO)
    Invitee.objects.create(meeting=row, user=cast.annen_deltaker, role="deltaker")
    address = reverse("agenda_item_new", args=[row.public_id])
    assert signed_in(cast, "annen_deltaker").post(address, {"title": "Turnus", "words": ""}).status_code == 302
    return row


class TestWhoPutAPointOn:
    AGENDA = ("meeting_detail", "agenda_page")

    @pytest.mark.parametrize("who", ["deltaker", "faglaerer"])
    def test_is_not_told_to_others_who_are_invited(self, cast: Cast, proposed: Meeting, who: str) -> None:
        shown = pages(cast, who, proposed, *self.AGENDA)
        assert ("Turnus" in shown, "Nadia" in shown) == (True, False)

    def test_is_told_to_the_koordinator_and_to_oneself(self, cast: Cast, proposed: Meeting) -> None:
        for who in ("koordinator", "annen_deltaker"):
            assert "Meldt inn av Nadia Utenfor" in pages(cast, who, proposed, "agenda_page"), who

    def test_nor_to_a_koordinator_kept_away_from_the_record(self, cast: Cast, proposed: Meeting) -> None:
        person = cast.enrolments["nadia"].participant_id
        RecordRestriction.objects.create(
            participant_id=person, kind="deny", user=cast.koordinator, reason="slektning", starts_on=cast.today
        )
        assert "Nadia" not in pages(cast, "koordinator", proposed, *self.AGENDA)

    def test_colleagues_in_a_project_group_read_it(self, cast: Cast) -> None:
        row = meet(cast, days=3)
        address = reverse("agenda_item_new", args=[row.public_id])
        assert signed_in(cast, "norsklaerer").post(address, {"title": "Turnus", "words": ""}).status_code == 302
        assert "Meldt inn av Anna Norsklaerer" in pages(cast, "faglaerer", row, "agenda_page")


@pytest.fixture
def agreed(cast: Cast) -> Meeting:
    """A gathering that was held, where Nadia has said what she will do, with minutes that are shared."""
    row = held(cast, days=0, kind="network_gathering", who=WHO)
    nadia = Invitee.objects.create(meeting=row, user=cast.annen_deltaker, role="deltaker", attended=True)
    start_minutes(meeting=row, by=cast.koordinator)
    item = AgendaItem.objects.create(meeting=row, title="Annet", created_by=cast.koordinator)
    given: dict[str, Any] = {"name": "", "due_on": None, "by": cast.koordinator, "today": cast.today}
    agree(item=item, words="Ta med kake", invitee=nadia, **given)
    share_minutes(meeting=row, by=cast.koordinator, at=timezone.now())
    return row


class TestWhoWillDoSomething:
    MINUTES = ("meeting_detail", "minutes_page")

    @pytest.mark.parametrize("who", ["deltaker", "faglaerer"])
    def test_is_told_by_role_to_those_who_have_not_the_record(self, cast: Cast, agreed: Meeting, who: str) -> None:
        shown = pages(cast, who, agreed, *self.MINUTES)
        assert ("Gjøres av deltaker" in shown, "Nadia" in shown) == (True, False)

    def test_is_told_by_name_to_the_koordinator_and_to_oneself(self, cast: Cast, agreed: Meeting) -> None:
        assert "Gjøres av Nadia Utenfor" in pages(cast, "koordinator", agreed, *self.MINUTES)
        assert "Gjøres av deg" in pages(cast, "annen_deltaker", agreed, *self.MINUTES)

    def test_nor_is_who_did_it(self, cast: Cast, agreed: Meeting) -> None:
        action = MeetingAction.objects.get()
        address = reverse("own_action_done", args=[action.public_id])
        assert signed_in(cast, "annen_deltaker").post(address).status_code == 302
        shown = pages(cast, "deltaker", agreed, *self.MINUTES)
        assert ("Gjort" in shown, "Nadia" in shown) == (True, False)
        assert "av Nadia Utenfor" in pages(cast, "koordinator", agreed, "minutes_page")

    def test_a_version_keeps_no_name_of_a_participant(self, cast: Cast, agreed: Meeting) -> None:
        content = MinutesVersion.objects.get(minutes__meeting=agreed).content
        assert ("deltaker" in str(content), "Nadia" in str(content)) == (True, False)


def test_who_has_no_sign_in_is_not_told_to_a_teacher_who_shares_the_minutes(cast: Cast) -> None:
    row = held(cast, days=0, kind="mentor_gathering", who=("koordinator", "faglaerer"))
    Invitee.objects.create(meeting=row, name="Guri Gjest", role="fadder", attended=True)
    start_minutes(meeting=row, by=cast.koordinator)
    answer = signed_in(cast, "faglaerer").post(url("minutes_share", row), follow=True)
    assert "Referatet er delt" in answer.content.decode() and "Guri" not in answer.content.decode()
