"""The duties about topics, day by day: to publish in time, and to read at once; whose they are, and when they go away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fagbrev.dates import months_after
from fagbrev.duties.engine import refresh
from fagbrev.duties.models import Duty, Notice
from fagbrev.duties.reading import duties_for, followed_duties
from fagbrev.duties.rules import Terms, moments_of
from fagbrev.duties.scan import scan
from fagbrev.people.roles import DELTAKER, FADDER, FAGLAERER
from followup.actions.topics import publish_topic, read_topic, take_back_topic
from followup.duties.topics import RULES, Reader, TradeMonth, derive, has_teaching, new_topic, publish
from participants.models import Enrolment, Placement
from programmes.models import MonthlyTopic, TeachingAssignment
from tests.cast import Cast, enrol, place

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
RULE = {rule.key: rule for rule in RULES}
EASTER_2027 = {date(2027, 3, 25), date(2027, 3, 26), date(2027, 3, 29)}


def off(day: date) -> bool:
    return day.weekday() >= 5 or day in EASTER_2027 or day.month == 7


def terms(today: date) -> Terms:
    return Terms(today, practice_off=lambda day: day.weekday() >= 5 or day in EASTER_2027, teaching_off=off)


class TestPublish:
    """The last working day of the month before."""

    @pytest.mark.parametrize(
        ("month", "due"),
        [
            (date(2026, 12, 1), date(2026, 11, 30)),  # a Monday
            (date(2026, 11, 1), date(2026, 10, 30)),  # 31 October is a Saturday
            (date(2027, 4, 1), date(2027, 3, 31)),
            (date(2027, 2, 1), date(2027, 1, 29)),  # a Sunday at the end
            (date(2027, 6, 1), date(2027, 5, 31)),
        ],
    )
    def test_the_day_is_moved_back_past_days_off(self, month: date, due: date) -> None:
        facts = TradeMonth(1, "aaaa", "BUA", month, False)
        (found,) = publish(FAGLAERER)(facts, terms(month - timedelta(days=20)), month - timedelta(days=20))
        assert (found.due_on, found.participant_id, found.trade_id, found.owner_role) == (due, None, 1, "faglaerer")

    def test_a_holiday_at_the_end_of_the_month_moves_it_too(self) -> None:
        held = Terms(
            date(2027, 3, 1), practice_off=lambda day: day.weekday() >= 5 or (day >= date(2027, 3, 25) and day.month == 3)
        )
        (found,) = publish(FAGLAERER)(TradeMonth(1, "aaaa", "BUA", date(2027, 4, 1), False), held, held.today)
        assert found.due_on == date(2027, 3, 24)

    def test_it_is_told_five_days_and_one_day_before(self) -> None:
        today = date(2026, 11, 2)
        (found,) = publish(FAGLAERER)(TradeMonth(1, "aaaa", "BUA", date(2026, 12, 1), False), terms(today), today)
        row = Duty(due_on=found.due_on, begins_on=found.begins_on)
        days = [(one.code, one.day) for one in moments_of(row, RULE["topic_publish_faglaerer"], terms(today))]
        # Told on working days: the 29th is a Sunday.
        assert days == [("-5", date(2026, 11, 25)), ("-1", date(2026, 11, 27))]

    @pytest.mark.parametrize(
        ("today", "is_published", "stands"),
        [
            (date(2026, 11, 24), False, True), (date(2026, 12, 31), False, True), (date(2027, 1, 1), False, False),
            (date(2026, 11, 24), True, False),
        ],
    )  # fmt: skip
    def test_it_stands_until_it_is_published_or_the_month_is_over(self, today: date, is_published: bool, stands: bool) -> None:
        facts = TradeMonth(1, "aaaa", "BUA", date(2026, 12, 1), is_published)
        assert bool(list(publish(FAGLAERER)(facts, terms(today), today))) is stands

    def test_july_and_a_month_without_teaching_have_none(self) -> None:
        assert not has_teaching(date(2027, 7, 1), terms(date(2027, 6, 1))) and has_teaching(
            date(2027, 8, 1), terms(date(2027, 6, 1))
        )
        closed = Terms(date(2027, 1, 1), teaching_off=lambda day: True)
        assert not has_teaching(date(2027, 2, 1), closed)


class TestNew:
    """At once, once, until it is read."""

    @staticmethod
    def reader(**more: object) -> Reader:
        held = Reader(
            date(2026, 11, 1),
            "BUA",
            date(2026, 10, 30),
            False,
            FADDER,
            "placement",
            "bbbb",
            date(2026, 8, 1),
            1,
            2,
            3,
            4,
            "",
            None,
        )
        return held._replace(**more)  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        ("more", "today", "due"),
        [
            ({}, date(2026, 11, 2), date(2026, 10, 30)),
            ({"starts_on": date(2026, 11, 9)}, date(2026, 11, 10), date(2026, 11, 9)),  # nobody is told before the start
            ({"is_read": True}, date(2026, 11, 2), None),
            ({}, date(2026, 11, 30), date(2026, 10, 30)),
            ({}, date(2026, 12, 1), None),  # the month is over
        ],
    )
    def test_it_begins_when_published_and_ends_when_read(self, more: dict[str, object], today: date, due: date | None) -> None:
        found = list(new_topic(FADDER)(self.reader(**more), terms(today), today))
        assert [(one.due_on, one.begins_on, one.placement_id) for one in found] == ([(due, due, 3)] if due else [])

    def test_each_rule_takes_its_own_readers(self) -> None:
        assert not list(new_topic(DELTAKER)(self.reader(), terms(date(2026, 11, 2)), date(2026, 11, 2)))


def rules_of(cast: Cast, who: str) -> set[str]:
    cast.users[who].__dict__.pop("_roles_by_day", None)
    rows = duties_for(cast.users[who], cast.today).filter(rule__startswith="topic_")
    return set(rows.values_list("rule", flat=True))


@pytest.fixture
def topic(cast: Cast) -> MonthlyTopic:
    """This month's draft in Selma's trade."""
    return MonthlyTopic.objects.create(trade=cast.trades["BUA"], month=cast.today.replace(day=1), theme="Lek")


class TestWhose:
    """Each in the own trade, and told once."""

    def test_the_teachers_of_the_trade_publish(self, cast: Cast) -> None:
        refresh(today=cast.today)
        assert rules_of(cast, "faglaerer") == {"topic_publish_faglaerer"}
        assert rules_of(cast, "norsklaerer") == {"topic_publish_norsklaerer"}
        trades = set(duties_for(cast.faglaerer, cast.today).filter(rule__startswith="topic_").values_list("trade_id", flat=True))
        assert trades == {cast.trades["BUA"].pk}
        for who in ("fadder", "leder", "deltaker", "styringsgruppe", "koordinator"):
            assert not rules_of(cast, who)

    def test_not_where_nobody_is_in_practice_nor_after_the_assignment(self, cast: Cast) -> None:
        TeachingAssignment.objects.create(
            user=cast.faglaerer, role="faglaerer", trade=cast.trades["ROF"], starts_on=cast.today - timedelta(days=9)
        )
        refresh(today=cast.today)
        assert not duties_for(cast.faglaerer, cast.today).filter(trade_id=cast.trades["ROF"].pk).exists()
        TeachingAssignment.objects.filter(user=cast.faglaerer).update(ends_on=cast.today - timedelta(days=1))
        assert not rules_of(cast, "faglaerer")

    def test_publishing_tells_fadder_and_deltaker_once(self, cast: Cast, topic: MonthlyTopic) -> None:
        refresh(today=cast.today)
        publish_topic(topic=topic, from_day=cast.today, by=cast.faglaerer)
        assert rules_of(cast, "fadder") == {"topic_new_fadder"} and rules_of(cast, "deltaker") == {"topic_new_deltaker"}
        assert not rules_of(cast, "annen_fadder") and not rules_of(cast, "leder") and not rules_of(cast, "annen_deltaker")
        for _time in range(2):
            scan(today=cast.today)
        scan(today=cast.today + timedelta(days=1))
        told = Notice.objects.filter(rule__startswith="topic_new").values_list("recipient__name", "moment")
        assert sorted(told) == sorted([(cast.fadder.name, "0"), (cast.deltaker.name, "0")])
        assert set(Notice.objects.filter(rule__startswith="topic_new").values_list("mail_on", flat=True)) == {cast.today}

    def test_it_goes_away_for_the_one_who_has_read(self, cast: Cast, topic: MonthlyTopic) -> None:
        publish_topic(topic=topic, from_day=cast.today, by=cast.faglaerer)
        read_topic(topic=topic, by=cast.fadder, today=cast.today)
        assert not rules_of(cast, "fadder") and rules_of(cast, "deltaker") == {"topic_new_deltaker"}

    def test_taken_back_it_is_nobodys(self, cast: Cast, topic: MonthlyTopic) -> None:
        publish_topic(topic=topic, from_day=cast.today, by=cast.faglaerer)
        take_back_topic(topic=topic, by=cast.faglaerer)
        assert not rules_of(cast, "fadder") and not rules_of(cast, "deltaker")

    def test_a_day_ahead_is_not_told_before_it(self, cast: Cast, topic: MonthlyTopic) -> None:
        publish_topic(topic=topic, from_day=cast.today + timedelta(days=1), by=cast.faglaerer)
        assert not rules_of(cast, "fadder")

    def test_not_on_leave_and_not_after_the_placement(self, cast: Cast, topic: MonthlyTopic) -> None:
        publish_topic(topic=topic, from_day=cast.today, by=cast.faglaerer)
        Enrolment.objects.filter(pk=cast.selma.pk).update(status="on_leave", status_before_leave="training")
        refresh(today=cast.today)
        assert not Duty.objects.filter(rule__startswith="topic_new", enrolment_id=cast.selma.pk).exists()
        Enrolment.objects.filter(pk=cast.selma.pk).update(status="training")
        Placement.objects.filter(pk=cast.placements["selma"].pk).update(ends_on=cast.today - timedelta(days=1))
        assert not rules_of(cast, "fadder")
        refresh(today=cast.today)
        assert not Duty.objects.filter(rule="topic_new_fadder").exists()

    def test_the_koordinator_does_not_wait_for_others_reading(self, cast: Cast, topic: MonthlyTopic) -> None:
        publish_topic(topic=topic, from_day=cast.today, by=cast.faglaerer)
        assert not followed_duties(cast.koordinator, cast.today).filter(rule__startswith="topic_").exists()

    def test_the_queries_are_the_same_for_few_and_for_many(self, cast: Cast, topic: MonthlyTopic) -> None:
        publish_topic(topic=topic, from_day=cast.today, by=cast.faglaerer)
        held = terms(cast.today)
        with CaptureQueriesContext(connection) as few:
            list(derive(held))
        for number in range(4):
            place(cast, enrol(cast, f"Amir{number} Prøvestad", "BUA", "training"), "barnehage", leder="leder_person",
                  fadder="fadder_person")  # fmt: skip
        with CaptureQueriesContext(connection) as many:
            found = [due for due in derive(held) if due.rule == "topic_new_fadder"]
        assert len(found) == 5 and len(many) == len(few)


@pytest.fixture
def see(cast: Cast) -> Callable[[str, str], str]:
    """Gives a page's text for one of the cast."""

    def seen(who: str, path: str) -> str:
        client = Client()
        client.force_login(cast.users[who], backend=BACKEND)
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return unescape(answer.content.decode())

    return seen


def test_lists_calendar_and_button_take_a_duty_without_a_participant(cast: Cast, see: Callable[[str, str], str]) -> None:
    refresh(today=cast.today)
    assert "Publiser månedstemaet" in see("faglaerer", "/frister/") and "Barne- og ungdomsarbeider" in see(
        "faglaerer", "/frister/"
    )
    next_month = months_after(cast.today.replace(day=1), 1)
    address = reverse("topic_edit", args=[next_month, "BUA"])
    if has_teaching(next_month, terms(cast.today)):
        assert address in see("faglaerer", "/frister/")
        see("faglaerer", address)
    see("faglaerer", "/kalender/")
    see("faglaerer", "/")
