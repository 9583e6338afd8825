"""Who may own an action item that follows a participant: one rule of the models, for the act and for the form that offers them."""

from __future__ import annotations

import pytest

from fagbrev.people.roles import ROLES
from followup.models import Action
from meetings.actions.meeting_actions import agree
from meetings.actions.minutes import start_minutes
from meetings.forms.meeting_actions import FollowedChangeForm
from meetings.models import AgendaItem, Invitee, MeetingAction
from tests.cast import Cast, make_user
from tests.meetings.group import held


@pytest.mark.parametrize("role", sorted(ROLES))
def test_those_with_a_role_around_the_participant_alone(cast: Cast, role: str) -> None:
    row = held(cast, kind="cooperation", who=("koordinator",), enrolment=cast.selma)
    start_minutes(meeting=row, by=cast.koordinator)
    item = AgendaItem.objects.filter(meeting=row, enrolment=cast.selma).first()
    assert item is not None
    user = make_user(f"Noen {role}", role, today=cast.today)
    invitee = Invitee.objects.create(meeting=row, user=user, role=role)
    made = agree(item=item, words="Ringe", invitee=invitee, name="", due_on=None, by=cast.koordinator, today=cast.today)
    follows = role != "styringsgruppe"
    assert (made.may_follow, made.follows is not None, FollowedChangeForm.may_own(invitee)) == (follows, follows, follows)
    assert Action.objects.filter(owner=user).exists() is follows


def test_neither_a_point_about_nobody_nor_a_name_without_a_sign_in(cast: Cast) -> None:
    row = held(cast)
    start_minutes(meeting=row, by=cast.koordinator)
    item = AgendaItem.objects.filter(meeting=row, enrolment__isnull=True)[0]
    assert not MeetingAction(item=item, words="x", owner=cast.faglaerer, owner_role="faglaerer").may_follow
    about = AgendaItem.objects.create(meeting=row, kind="participant", title="Selma", enrolment=cast.selma, order=999)
    assert not MeetingAction(item=about, words="x", owner_name="Per Uteni").may_follow
    assert MeetingAction(item=about, words="x", owner=cast.faglaerer, owner_role="faglaerer").may_follow
