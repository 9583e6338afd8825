"""Every duty of the demo leads to a page its owner may open and do it on; others' duties to a page the koordinator may open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from fagbrev.duties.models import Duty
from fagbrev.duties.reading import any_duty_of, followed_duties
from fagbrev.people.models import User
from fagbrev.roof import demo
from fagbrev.roof.demo_accounts import DEMO_ACCOUNTS
from fagbrev.roof.today import rows_of
from participants.models import Document
from tests.standing import STAGE

ACCOUNTS = [named["email"] for named in DEMO_ACCOUNTS]


@pytest.fixture(scope="module")
def seeded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The demo of today, taken away again after the module."""
    with django_db_blocker.unblock(), STAGE.empty(), transaction.atomic():
        connection.close = lambda: None  # type: ignore[method-assign]  # Django closes it after each test, and the demo with it
        try:
            demo.seed(today=timezone.localdate())
            yield
            for row in Document.objects.all():
                row.file.delete(save=False)
        finally:
            del connection.close
            transaction.set_rollback(True)


# The demo has this week planned; the next is asked for from Friday.
OF_SOME_WEEKDAYS = {"weekly_plan_fadder", "weekly_plan_deltaker"}


def one_of_each(rows: Any) -> list[Duty]:
    found: dict[str, Duty] = {}
    for duty in rows.order_by("due_on", "pk"):
        found.setdefault(duty.rule, duty)
    return list(found.values())


@pytest.mark.parametrize("email", ACCOUNTS)
def test_the_button_leads_where_it_is_done(seeded: None, db: None, email: str) -> None:
    user, today = User.objects.get(email=email), timezone.localdate()
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    followed = set(followed_duties(user, today).values_list("pk", flat=True))
    own = one_of_each(any_duty_of(user, today).exclude(pk__in=followed))
    for duties, follows in ((own, False), (one_of_each(followed_duties(user, today)), True)):
        for row in rows_of(duties, today, back="/", follows=follows):
            answer = client.get(row.url)
            assert answer.status_code == 200, (row.rule, row.url, answer.status_code)
    if email.startswith("koordinator"):
        assert len(own) > 10 and followed


def test_every_rule_of_the_house_has_somebody_in_the_demo_or_is_named_here(seeded: None, db: None) -> None:
    from fagbrev.duties.registry import rules

    shown = set(Duty.objects.values_list("rule", flat=True))
    # One rule, once for each role that may have said it: the demo shows it for some of them.
    agreed = {key for key in rules() if key.startswith("meeting_action_")}
    assert agreed & shown
    missing = set(rules()) - shown - agreed
    # Someone with one of these would be somebody the demo shows as neglected; the rules' own tests have them.
    assert missing <= {"without_workplace", "agreement_missing", "approval_lapsed", "county_form_ending", "income_ends",
                       "funding_ends", "lead_untold", "steering_group_call", "information_yearly", *OF_SOME_WEEKDAYS}, missing  # fmt: skip
