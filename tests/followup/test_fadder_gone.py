"""A fadder from the day after: no duty, notice, mail or calendar tells of anybody. The addresses are in tests/access."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fagbrev.duties.engine import refresh
from fagbrev.duties.models import Duty, Notice
from fagbrev.duties.reading import duties_for
from fagbrev.duties.scan import scan
from fagbrev.feeds.tokens import make_token
from fagbrev.mail.models import OutgoingMail
from fagbrev.people.models import User
from followup.actions.action_points import agree_action
from followup.actions.visits import propose_visit
from followup.models import ReviewConversation, WeeklyPlan
from programmes.models import MonthlyTopic
from tests.access.test_access_fadder_gone import ENDS, end
from tests.cast import Cast


def much_to_do(cast: Cast) -> None:
    """An action, a review to prepare, a week to plan, a topic to read, and a visit agreed, all for selma's fadder."""
    placement, now = cast.placements["selma"], timezone.now()
    agree_action(
        enrolment=cast.selma, words="Ta med på turen.", owner_role="fadder", by=cast.koordinator, due_on=cast.today,
        made_on=cast.today - timedelta(days=9), placement=placement,
    )  # fmt: skip
    ReviewConversation.objects.create(
        placement=placement, semester="nå", meets_at=now + timedelta(days=2), called_by=cast.koordinator
    )
    monday = cast.today - timedelta(days=cast.today.weekday())
    WeeklyPlan.objects.create(placement=placement, week_starts_on=monday - timedelta(days=7))
    MonthlyTopic.objects.create(trade=cast.trades["BUA"], month=cast.today.replace(day=1), theme="Lek", published_on=cast.today)
    propose_visit(placement=placement, planned_at=now + timedelta(days=3), words="", by=cast.faglaerer)
    refresh(today=cast.today)


def told(user: User) -> list[str]:
    """What somebody has been told of, and mailed."""
    rules = list(Notice.objects.filter(recipient=user).values_list("rule", flat=True))
    return rules + list(OutgoingMail.objects.filter(user=user).values_list("subject", flat=True))


def feed(user: User) -> str:
    """The calendar as the fadder's own calendar gets it, without what is called off."""
    answer = Client().get(reverse("feed", args=[make_token(user=user, at=timezone.now())]))
    assert answer.status_code == 200
    held = answer.content.decode().split("BEGIN:VEVENT")[1:]
    return "".join(event for event in held if "STATUS:CANCELLED" not in event)


RULES = {"action_fadder", "review_prepare_fadder", "topic_new_fadder", "weekly_plan_fadder"}


@pytest.mark.parametrize("what", ENDS)
def test_no_duty_notice_mail_or_calendar_tells_of_anybody(cast: Cast, today: date, what: str) -> None:
    much_to_do(cast)
    owned = set(duties_for(cast.fadder, today).values_list("rule", flat=True))
    assert len(owned & RULES) >= 3, owned
    assert feed(cast.fadder)
    end(cast, what)
    assert not duties_for(cast.fadder, today).exists()
    if ENDS[what][0]:  # where the placement goes on, the duty waits for the next fadder
        assert not Duty.objects.filter(placement_id=cast.placements["selma"].pk, owner_role="fadder").exists()
    for ahead in range(8):  # a Monday among them, when what can wait is mailed
        scan(today=today + timedelta(days=ahead))
    assert told(cast.fadder) == []
    assert feed(cast.fadder) == ""


def test_what_was_told_before_is_not_mailed_after(cast: Cast, today: date) -> None:
    much_to_do(cast)
    scan(today=today)
    assert told(cast.fadder)
    end(cast, "both")
    content = Client()
    content.force_login(cast.fadder)
    page = content.get(reverse("duty_list")).content.decode()
    assert "Selma" not in page and feed(cast.fadder) == ""
