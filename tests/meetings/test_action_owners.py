"""Whose an action is, within a role: the one named has it in «Frister» and is told, until another takes it over."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fagbrev.duties.engine import refresh
from fagbrev.duties.mails import mail_lines
from fagbrev.duties.models import Duty, HandOver, Notice
from fagbrev.duties.scan import scan
from fagbrev.people.models import RoleGrant, User
from followup.actions.action_points import agree_action
from followup.models import Action
from meetings.models import Invitee, Meeting, MeetingAction
from programmes.models import TeachingAssignment
from tests.cast import Cast, make_user
from tests.meetings.arranged import client_of
from tests.meetings.group import signed_in
from tests.meetings.test_meeting_actions import agreed, meeting, share

__all__ = ["meeting"]
WORDS = "Bestille rom"


@pytest.fixture
def colleague(cast: Cast, meeting: Meeting) -> User:
    """Another norsklærer in the trade, who is invited too."""
    user = make_user("Nora Norsk", "norsklaerer", today=cast.today)
    TeachingAssignment.objects.create(
        user=user, role="norsklaerer", trade=cast.trades["BUA"], starts_on=cast.today - timedelta(days=90)
    )
    Invitee.objects.create(meeting=meeting, user=user, role="norsklaerer", attended=True)
    return user


def has(user: User, words: str = WORDS) -> bool:
    """Whether it stands in the user's list of duties; a meeting's own action is told there by its words too."""
    return words in client_of(user).get("/frister/").content.decode()


def told(user: User, cast: Cast) -> set[str]:
    """The rules of the standing duties the user has been told of."""
    keys = set(Notice.objects.filter(recipient=user).values_list("duty_key", flat=True))
    return {line.rule for line in Duty.objects.filter(key__in=keys)}


def give(cast: Cast, meeting: Meeting, row: MeetingAction, to: User) -> None:
    address = reverse("minutes_action_edit", args=[meeting.public_id, row.public_id])
    browser = signed_in(cast, "koordinator")
    version = browser.get(address).context["form"]["version"].value()
    taker = Invitee.objects.get(meeting=meeting, user=to)
    sent = {"words": WORDS, "due_on": cast.today, "version": version, "who": taker.public_id}
    assert browser.post(address, sent).status_code == 302


@pytest.mark.parametrize("person", [True, False])
def test_given_to_another_in_the_role_it_leaves_the_one_and_comes_to_the_other(
    cast: Cast, meeting: Meeting, colleague: User, person: bool
) -> None:
    row = agreed(cast, meeting, person=person, due=cast.today)
    share(cast, meeting)
    rule = f"{'' if person else 'meeting_'}action_norsklaerer"
    scan(today=cast.today)
    assert (has(cast.norsklaerer), has(colleague)) == (True, False)
    assert (rule in told(cast.norsklaerer, cast), rule in told(colleague, cast)) == (True, False)
    give(cast, meeting, row, colleague)
    assert (has(cast.norsklaerer), has(colleague)) == (False, True)
    scan(today=cast.today)
    assert (rule in told(cast.norsklaerer, cast), rule in told(colleague, cast)) == (False, True)
    mine = {user: client_of(user).get(reverse("own_action_list")).context["rows"] for user in (cast.norsklaerer, colleague)}
    assert [len(rows) for rows in mine.values()] == [0, 1]
    keys = set(Notice.objects.values_list("duty_key", flat=True))
    assert not [line for line in mail_lines(cast.norsklaerer, keys, cast.today) if "punkt" in str(line)]


def test_the_home_counts_and_the_record_follow_too(cast: Cast, meeting: Meeting, colleague: User) -> None:
    row = agreed(cast, meeting, person=True, due=cast.today)
    give(cast, meeting, row, colleague)
    person = cast.enrolments["selma"].participant
    for address in ("/", f"/deltakere/{person.public_id}/"):
        shown = [WORDS in client_of(user).get(address).content.decode() for user in (cast.norsklaerer, colleague)]
        assert shown[0] is False, address
    followed = signed_in(cast, "koordinator").get(reverse("duty_list"), {"vis": "andre"}).content.decode()
    assert WORDS in followed
    page = reverse("participant_avtalt", args=[person.public_id])
    for user, said in ((cast.norsklaerer, "Skal gjøres av Nora Norsk, norsklærer"), (colleague, "Skal gjøres av deg")):
        assert said in client_of(user).get(page).content.decode()


def test_what_names_nobody_is_everybodys_in_the_role(cast: Cast, meeting: Meeting, colleague: User) -> None:
    agree_action(enrolment=cast.selma, words="Ringe Nav", owner_role="norsklaerer", due_on=cast.today, by=cast.koordinator)
    assert [has(user, "Ringe Nav") for user in (cast.norsklaerer, colleague)] == [True, True]


def test_it_falls_to_the_role_when_the_one_named_can_do_it_no_more(cast: Cast, meeting: Meeting, colleague: User) -> None:
    agreed(cast, meeting, person=True, due=cast.today)
    assert (has(cast.norsklaerer), has(colleague)) == (True, False)
    RoleGrant.objects.filter(user=cast.norsklaerer).update(ends_on=cast.today - timedelta(days=1))
    assert has(colleague)  # at once, also before duties are gone through
    scan(today=cast.today)
    assert "action_norsklaerer" in told(colleague, cast)
    RoleGrant.objects.filter(user=cast.norsklaerer).update(ends_on=None)
    TeachingAssignment.objects.filter(user=cast.norsklaerer).update(ends_on=cast.today - timedelta(days=1))
    refresh(today=cast.today)
    assert (has(cast.norsklaerer), has(colleague)) == (False, True)


def test_who_takes_over_a_colleagues_work_has_what_the_colleague_said(cast: Cast, meeting: Meeting, colleague: User) -> None:
    agreed(cast, meeting, person=True, due=cast.today)
    HandOver.objects.create(
        role="norsklaerer", from_user=cast.norsklaerer, to_user=colleague, starts_on=cast.today, ends_on=cast.today
    )
    scan(today=cast.today)
    assert (has(colleague), "action_norsklaerer" in told(colleague, cast)) == (True, True)


def test_given_to_another_role_on_the_record_it_is_nobodys_by_name(cast: Cast, meeting: Meeting, colleague: User) -> None:
    row = agreed(cast, meeting, person=True, due=cast.today)
    followed = Action.objects.get(pk=row.follows_id)
    address = reverse("handling_edit", args=[cast.enrolments["selma"].participant.public_id, followed.public_id])
    sent = {"words": WORDS, "owner_role": "faglaerer", "due_on": cast.today, "version": followed.version}
    assert signed_in(cast, "koordinator").post(address, sent).status_code == 302
    followed.refresh_from_db()
    assert (followed.owner, followed.owner_role) == (None, "faglaerer")
    assert [has(user) for user in (cast.faglaerer, cast.norsklaerer, colleague)] == [True, False, False]
    share(cast, meeting)
    assert not client_of(cast.norsklaerer).get(reverse("own_action_list")).context["rows"]
    minutes = client_of(cast.norsklaerer).get(reverse("minutes_page", args=[meeting.public_id])).content.decode()
    assert ("Gjøres av deg" in minutes, "Gjøres av faglærer" in minutes) == (False, True)


def test_as_many_queries_for_six_named_as_for_one(cast: Cast, meeting: Meeting) -> None:
    counts = []
    for number in range(6):
        agreed(cast, meeting, person=True, due=cast.today, words=f"Nummer {number}")
        if number in {0, 5}:
            with CaptureQueriesContext(connection) as queries:
                refresh(today=cast.today)
            counts.append(len(queries))
    assert counts[0] == counts[1]
