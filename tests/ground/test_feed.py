"""The calendar feed: what stands in it, what it says when something changes, and that a real client reads it."""

from __future__ import annotations

import logging
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone
from icalendar import Calendar, Event

from fagbrev.dates import months_after
from fagbrev.duties.engine import refresh
from fagbrev.duties.models import Duty, RuleTerms
from fagbrev.feeds.book import events_to_give, uid_of
from fagbrev.feeds.ics import CONTENT_TYPE, calendar_bytes
from fagbrev.feeds.items import FeedItem
from fagbrev.feeds.models import FeedEvent, FeedToken
from fagbrev.feeds.tokens import find_token, hash_of, make_token, revoke_tokens, token_of
from fagbrev.people.actions import deactivate, reactivate
from fagbrev.people.models import RoleGrant, User
from fagbrev.web.logs import WithoutQueryStrings
from participants.models import IntakeInterview, Participant, Referral
from programmes.models import ExamWindow, NorwegianTestWindow, WorkplacePerson
from tests.cast import Cast, enrol, make_user

OSLO = ZoneInfo("Europe/Oslo")
DAY = timedelta(days=1)
INTERVIEW = "Frist: Intervju etter henvisning"
pytestmark = pytest.mark.django_db


@pytest.fixture
def stage(cast: Cast, today: date) -> Iterator[Cast]:
    """The cast, with only the exam windows a test makes itself, and an interview that is due in five days, whatever day that is."""
    ExamWindow.objects.all().delete()
    NorwegianTestWindow.objects.all().delete()
    RuleTerms.objects.create(rule="interview", valid_from=today - 900 * DAY, moments=["0"], shift="none", source="prøve")
    move(cast, today + 5 * DAY)
    Client().get("/healthz")
    yield cast
    refresh(today=today)


def move(cast: Cast, day: date, key: str = "referred") -> None:
    """Lets the interview be due on the day: 14 days after the referral."""
    Referral.objects.filter(enrolment=cast.enrolments[key]).update(referred_on=day - 14 * DAY)
    refresh(today=cast.today)


def hold_interview(cast: Cast) -> None:
    """Does the duty."""
    IntakeInterview.objects.create(enrolment=cast.referred, held_on=cast.today)
    refresh(today=cast.today)


def token_for(user: User) -> str:
    return make_token(user=user, at=timezone.now())


def fetch(token: str, **more: Any) -> Any:
    return Client().get(f"/kalender/{token}.ics", **more)


def events(answer: Any) -> dict[str, Event]:
    """Events by UID."""
    assert answer.status_code == 200
    found = Calendar.from_ical(answer.content).walk("VEVENT")
    by_uid = {str(event["UID"]): event for event in found}
    assert len(by_uid) == len(found)
    return by_uid


def titled(answer: Any, title: str) -> Event:
    (event,) = [event for event in events(answer).values() if str(event["SUMMARY"]) == title]
    return event


def titles(answer: Any) -> list[str]:
    return [str(event["SUMMARY"]) for event in events(answer).values()]


# --- The text --------------------------------------------------------------------------------------------


class TestTheText:
    """What calendars need: RFC 5545 to the letter."""

    def test_it_round_trips_through_the_parser(self, stage: Cast) -> None:
        answer = fetch(token_for(stage.koordinator))
        assert answer.headers["Content-Type"] == CONTENT_TYPE
        calendar = Calendar.from_ical(answer.content)
        assert calendar.errors == []
        assert all(part.errors == [] for part in calendar.walk())
        assert calendar.to_ical() == answer.content

    def test_lines_are_folded_and_end_as_the_standard_says(self, stage: Cast) -> None:
        content = fetch(token_for(stage.koordinator)).content
        assert content.endswith(b"END:VCALENDAR\r\n")
        assert b"\n" not in content.replace(b"\r\n", b"")
        assert max(len(line) for line in content.split(b"\r\n")) <= 75
        content.decode("utf-8")

    def test_the_calendar_says_who_made_it_and_how_often_to_ask(self, stage: Cast) -> None:
        content = fetch(token_for(stage.koordinator)).content.decode()
        for line in (
            "METHOD:PUBLISH", "VERSION:2.0", "CALSCALE:GREGORIAN", "PRODID:-//Fagbrev//Fagbrev 1//NB", "X-WR-TIMEZONE:Europe/Oslo",
            "X-WR-CALNAME:Fagbrev – Eksempelvik kommune", "REFRESH-INTERVAL;VALUE=DURATION:PT4H", "X-PUBLISHED-TTL:PT4H",
        ):  # fmt: skip
            assert content.count(f"{line}\r\n") == 1, line

    def test_a_duty_is_half_an_hour_at_eight_that_takes_no_time(self, stage: Cast, today: date) -> None:
        event = titled(fetch(token_for(stage.koordinator)), INTERVIEW)
        starts = datetime.combine(today + 5 * DAY, datetime.min.time()).replace(hour=8, tzinfo=OSLO)
        assert event.decoded("DTSTART") == starts
        assert event.decoded("DTEND") == starts + timedelta(minutes=30)
        assert event["DTSTART"].params["TZID"] == "Europe/Oslo"
        assert (event["TRANSP"], event["STATUS"], event["SEQUENCE"]) == ("TRANSPARENT", "CONFIRMED", 0)
        assert str(event["DESCRIPTION"]).endswith("\nhttp://localhost:8000/frister/")
        (alarm,) = event.walk("VALARM")
        assert (alarm["ACTION"], alarm.decoded("TRIGGER"), alarm["DESCRIPTION"]) == ("DISPLAY", -DAY, INTERVIEW)

    @pytest.mark.parametrize(("day", "offset"), [(date(2027, 1, 15), 1), (date(2027, 7, 15), 2)])
    def test_it_is_eight_in_january_and_in_july_by_the_calendars_own_time_zone(self, stage: Cast, day: date, offset: int) -> None:
        move(stage, day)
        at = datetime(2026, 12, 1, 12, tzinfo=OSLO)
        text = calendar_bytes(events_to_give(user=stage.koordinator, at=at, frame=lambda user, day: []))
        calendar = Calendar.from_ical(text)
        (zone,) = calendar.walk("VTIMEZONE")
        assert zone["TZID"] == "Europe/Oslo"
        (event,) = [event for event in calendar.walk("VEVENT") if event["SUMMARY"] == INTERVIEW]
        assert event["DTSTART"].to_ical() == f"{day:%Y%m%d}T080000".encode()
        local = event.decoded("DTSTART").replace(tzinfo=zone.to_tz(lookup_tzid=False))
        assert local.utcoffset() == timedelta(hours=offset)

    def test_an_exam_window_is_whole_days_with_the_last_one_in_it(self, stage: Cast, today: date) -> None:
        ExamWindow.objects.create(
            name="Privatist vår", opens_on=today + 10 * DAY, closes_on=today + 24 * DAY, exam_from=today + 60 * DAY,
            exam_to=today + 62 * DAY,
        )  # fmt: skip
        answer = fetch(token_for(stage.deltaker))
        event = titled(answer, "Påmelding til eksamen")
        assert event.decoded("DTSTART") == today + 10 * DAY
        assert event.decoded("DTEND") == today + 25 * DAY
        assert event["DTSTART"].params["VALUE"] == "DATE"
        assert titled(answer, "Skriftlig eksamen").decoded("DTEND") == today + 63 * DAY

    def test_windows_stand_where_the_role_has_a_part_in_them(self, stage: Cast, today: date) -> None:
        ExamWindow.objects.create(name="Høst", opens_on=today + 10 * DAY, closes_on=today + 24 * DAY)
        NorwegianTestWindow.objects.create(name="Mars", opens_on=today + 10 * DAY, closes_on=today + 24 * DAY)
        exam, norwegian = "Påmelding til eksamen", "Påmelding til norskprøve"
        for who, wanted in (
            ("koordinator", {exam, norwegian}), ("norsklaerer", {exam, norwegian}), ("deltaker", {exam, norwegian}),
            ("faglaerer", {exam}), ("styringsgruppe", set()), ("fadder", set()), ("ingen", set()), ("drift", set()),
        ):  # fmt: skip
            found = set(titles(fetch(token_for(stage.users[who]))))
            assert found & {exam, norwegian} == wanted, who


# --- What changes ----------------------------------------------------------------------------------------


class TestWhatChanges:
    """Stable UIDs, SEQUENCE and CANCELLED."""

    @pytest.fixture
    def token(self, stage: Cast) -> str:
        return token_for(stage.koordinator)

    def test_nothing_new_gives_the_same_bytes_and_writes_nothing(self, token: str, monkeypatch: pytest.MonkeyPatch) -> None:
        first = fetch(token)
        later = timezone.now() + timedelta(minutes=90)
        monkeypatch.setattr("fagbrev.roof.feed_views.timezone.now", lambda: later)
        monkeypatch.setattr("fagbrev.feeds.book._book", lambda *args: pytest.fail("booked"))
        assert fetch(token).content == first.content

    def test_one_who_has_the_newest_is_told_so(self, token: str, stage: Cast, today: date) -> None:
        tag = fetch(token).headers["ETag"]
        again = fetch(token, headers={"If-None-Match": tag})
        assert (again.status_code, again.content, again.headers["Cache-Control"]) == (304, b"", "private, no-store")
        move(stage, today + 9 * DAY)
        assert fetch(token, headers={"If-None-Match": tag}).status_code == 200

    def test_uids_stay_and_tell_nothing(self, token: str, stage: Cast) -> None:
        first = set(events(fetch(token)))
        assert first
        assert first == set(events(fetch(token)))
        assert first == set(events(fetch(token_for(stage.koordinator))))  # a new address, the same events
        for uid in first:
            assert re.fullmatch(r"[0-9a-f]{40}@localhost", uid)

    def test_two_who_have_the_same_duty_have_each_their_uid(self, stage: Cast) -> None:
        other = make_user("Mona Prøvestad", "coordinator", today=stage.today)
        mine, theirs = fetch(token_for(stage.koordinator)), fetch(token_for(other))
        assert sorted(titles(mine)) == sorted(titles(theirs))
        assert set(events(mine)) & set(events(theirs)) == set()

    def test_a_moved_day_counts_up(self, token: str, stage: Cast, today: date) -> None:
        before = titled(fetch(token), INTERVIEW)
        move(stage, today + 12 * DAY)
        after = titled(fetch(token), INTERVIEW)
        assert after["UID"] == before["UID"]
        assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)
        assert after.decoded("DTSTART").date() == today + 12 * DAY
        assert titled(fetch(token), INTERVIEW)["SEQUENCE"] == 1

    def test_what_is_done_is_called_off_without_a_word_of_what_it_was(self, token: str, stage: Cast) -> None:
        uid = str(titled(fetch(token), INTERVIEW)["UID"])
        hold_interview(stage)
        answer = fetch(token)
        event = events(answer)[uid]
        assert (event["STATUS"], event["SEQUENCE"], event["SUMMARY"]) == ("CANCELLED", 1, "Gjelder ikke lenger")
        assert event.walk("VALARM") == []
        assert INTERVIEW not in titles(answer)
        assert fetch(token).content == answer.content

    def test_what_is_put_off_is_called_off_and_comes_back(self, token: str, today: date) -> None:
        uid = str(titled(fetch(token), INTERVIEW)["UID"])
        Duty.objects.filter(rule="interview").update(snoozed_until=today + 3 * DAY)
        assert events(fetch(token))[uid]["STATUS"] == "CANCELLED"
        Duty.objects.filter(rule="interview").update(snoozed_until=today)
        back = events(fetch(token))[uid]
        assert (back["STATUS"], back["SEQUENCE"], back["SUMMARY"]) == ("CONFIRMED", 2, INTERVIEW)

    def test_when_the_role_ends_everything_is_called_off(self, token: str, stage: Cast, today: date) -> None:
        assert events(fetch(token))
        RoleGrant.objects.filter(user=stage.koordinator).update(ends_on=today - DAY)
        assert {str(event["STATUS"]) for event in events(fetch(token)).values()} == {"CANCELLED"}

    def test_what_was_called_off_stands_for_60_days(self, token: str, stage: Cast) -> None:
        user, frame = stage.koordinator, lambda user, day: []
        uid = str(titled(fetch(token), INTERVIEW)["UID"]).partition("@")[0]
        Duty.objects.all().delete()
        start = timezone.now()
        events_to_give(user=user, at=start, frame=frame)
        for days, stands in ((59, True), (61, False)):
            given = events_to_give(user=user, at=start + timedelta(days=days), frame=frame)
            assert (uid in {one.event.uid for one in given}) is stands
            assert FeedEvent.objects.filter(user=user, uid=uid).exists() is stands

    def test_what_only_passes_out_of_the_back_is_not_called_off(self, stage: Cast) -> None:
        Duty.objects.all().delete()
        user, start = stage.koordinator, timezone.now()
        day = timezone.localdate(start)
        item = FeedItem("x", "Påmelding", day, day, True, "", "/kalender/")

        def given(days: int) -> list[str]:
            at = start + timedelta(days=days)
            frame = lambda user, today: [item] if item.last >= today - 30 * DAY else []  # noqa: E731
            return ["off" if one.item is None else "on" for one in events_to_give(user=user, at=at, frame=frame)]

        assert [given(days) for days in (0, 30, 31, 80)] == [["on"], ["on"], [], []]
        assert FeedEvent.objects.filter(user=user).count() == 1
        assert given(92) == []
        assert FeedEvent.objects.filter(user=user).count() == 0

    def test_two_who_ask_at_once_book_once(self, token: str, stage: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        """While the first waits for the lock, another books the same; the first then finds nothing to do."""
        from fagbrev.feeds import book

        lock, user, at = book.lock_feed_of, stage.koordinator, timezone.now()

        def another_is_first(who: User) -> None:
            monkeypatch.setattr(book, "lock_feed_of", lock)
            events_to_give(user=user, at=at - timedelta(seconds=1), frame=lambda user, day: [])
            lock(who)

        monkeypatch.setattr(book, "lock_feed_of", another_is_first)
        given = events_to_give(user=user, at=at, frame=lambda user, day: [])
        assert given
        assert {one.event.sequence for one in given} == {0}
        assert {one.event.changed_at for one in given} == {at - timedelta(seconds=1)}

    @pytest.mark.made_up_duties
    def test_a_long_list_is_cut_to_the_nearest_and_costs_the_same_queries(
        self, stage: Cast, today: date, django_assert_max_num_queries: Any
    ) -> None:
        Duty.objects.bulk_create(
            Duty(
                key=f"interview:x{number}::coordinator", rule="interview", source="participants", subject_type="enrolment",
                subject_id=f"x{number}", owner_role="coordinator", participant_id=stage.selma.participant_id, created_on=today,
                enrolment_id=stage.selma.pk, begins_on=today, due_on=today + (number % 90) * DAY,
            )
            for number in range(600)
        )  # fmt: skip
        token = token_for(stage.koordinator)
        assert len(events(fetch(token))) == 500
        with django_assert_max_num_queries(12):
            fetch(token)


@pytest.mark.django_db(transaction=True)
def test_six_clients_at_once_are_given_the_same(today: date) -> None:
    user = User.objects.create_user("to@example.no", "To Testesen")
    for number in range(3):
        items = [FeedItem(f"k{place}", f"T{number}", today, today, True, "", "/kalender/") for place in range(50)]
        gate, found = threading.Barrier(6), []

        def ask(gate: Any = gate, found: list[Any] = found, items: list[FeedItem] = items) -> None:
            try:
                gate.wait(20)
                given = events_to_give(user=User.objects.get(pk=user.pk), at=timezone.now(), frame=lambda user, day: items)
                found.append({(one.event.uid, one.event.sequence, one.event.changed_at) for one in given})
            except Exception as error:
                found.append(error)
            finally:
                connection.close()

        threads = [threading.Thread(target=ask) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert len(found) == 6
        assert all(one == found[0] for one in found), [one for one in found if isinstance(one, Exception)]
        assert {event.sequence for event in FeedEvent.objects.all()} == {number}


# --- What is not there -----------------------------------------------------------------------------------


class TestWhatIsNotThere:
    """Nobody reads of anybody they have no part in, and of nobody by name."""

    def test_no_name_number_workplace_or_id_stands_in_any_feed(self, stage: Cast) -> None:
        words = {str(word) for person in Participant.objects.all() for word in (
            person.first_name, person.last_name, person.public_id, person.phone, person.email
        ) if word}  # fmt: skip
        words |= {enrolment.public_id for enrolment in stage.enrolments.values()}
        words |= {place.name for place in stage.workplaces.values()} | {user.name for user in stage.users.values()}
        words |= {person.name for person in WorkplacePerson.objects.all()} | set(Duty.objects.values_list("key", flat=True))
        words |= set(Duty.objects.values_list("public_id", flat=True))
        seen = 0
        for user in stage.users.values():
            content = fetch(token_for(user)).content.replace(b"\r\n ", b"").decode()
            seen += content.count("BEGIN:VEVENT")
            assert [word for word in words if word in content] == [], user
        assert seen >= 5

    def test_another_trades_teacher_has_nothing_of_it(self, stage: Cast) -> None:
        duty = Duty.objects.get(enrolment_id=stage.selma.pk, rule="contract_ends_faglaerer")
        for who, stands in (("faglaerer", True), ("annen_faglaerer", False), ("norsklaerer", False), ("annen_deltaker", False)):
            user = stage.users[who]
            assert (f"{uid_of(user, duty.key)}@localhost" in events(fetch(token_for(user)))) is stands, who

    @pytest.mark.parametrize("protection", ["fortrolig", "strengt_fortrolig"])
    def test_nothing_about_people_whose_address_is_protected(self, stage: Cast, protection: str) -> None:
        token = token_for(stage.koordinator)
        assert INTERVIEW in titles(fetch(token))
        Participant.objects.filter(pk=stage.referred.participant_id).update(address_protection=protection, address="")
        assert INTERVIEW not in titles(fetch(token))

    def test_nothing_farther_than_the_horizon_and_nothing_older_than_a_month(self, stage: Cast, today: date) -> None:
        token = token_for(stage.koordinator)
        for days, stands in ((-31, False), (-30, True), (400, True), (401, False)):
            move(stage, today + days * DAY)
            assert (INTERVIEW in titles(fetch(token))) is stands, days

    def test_a_leder_whose_time_at_the_workplace_is_over_sees_none_of_it(self, stage: Cast, today: date) -> None:
        duty = Duty.objects.filter(owner_role="leder", enrolment_id=stage.selma.pk, due_on__gte=today).order_by("due_on").first()
        assert duty
        token, uid = token_for(stage.leder), f"{uid_of(stage.leder, duty.key)}@localhost"
        assert events(fetch(token))[uid]["STATUS"] == "CONFIRMED"
        WorkplacePerson.objects.filter(user=stage.leder).update(starts_on=today - 90 * DAY, ends_on=today - DAY)
        assert events(fetch(token))[uid]["STATUS"] == "CANCELLED"


# --- The address -----------------------------------------------------------------------------------------


class TestTheAddress:
    """Secret, one at a time, and dead when it must be."""

    def test_it_is_long_random_and_only_its_hash_is_stored(self, stage: Cast) -> None:
        token = token_for(stage.koordinator)
        assert re.fullmatch(r"[A-Za-z0-9_-]{43}", token)  # 256 bits
        row = FeedToken.objects.get(user=stage.koordinator)
        assert row.token_hash == hash_of(token)
        assert token not in "".join(str(value) for value in FeedToken.objects.values_list())
        assert row.expires_on == months_after(stage.today, 12)

    def test_it_opens_without_signing_in_and_keeps_nothing_on_the_way(self, stage: Cast) -> None:
        answer = fetch(token_for(stage.koordinator))
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert not answer.cookies
        assert FeedToken.objects.get(user=stage.koordinator).last_used_on == stage.today

    @pytest.mark.parametrize("verb", ["post", "put", "patch", "delete"])
    def test_it_only_shows(self, stage: Cast, verb: str) -> None:
        token = token_for(stage.koordinator)
        assert getattr(Client(), verb)(f"/kalender/{token}.ics").status_code == 405
        head = Client().head(f"/kalender/{token}.ics")
        assert (head.status_code, head.content) == (200, b"")

    def test_every_dead_address_answers_the_same(self, stage: Cast, today: date) -> None:
        answers = {"unknown": fetch("x" * 43)}
        revoked = token_for(stage.leder)
        revoke_tokens(user=stage.leder, at=timezone.now())
        answers["revoked"] = fetch(revoked)
        expired = token_for(stage.fadder)
        FeedToken.objects.filter(user=stage.fadder).update(expires_on=today)
        assert fetch(expired).status_code == 200  # the last day
        FeedToken.objects.filter(user=stage.fadder).update(expires_on=today - DAY)
        answers["expired"] = fetch(expired)
        left = token_for(stage.faglaerer)
        deactivate(user=stage.faglaerer, by=None, today=today, at=timezone.now())
        answers["deactivated"] = fetch(left)
        replaced = token_for(stage.norsklaerer)
        token_for(stage.norsklaerer)
        answers["replaced"] = fetch(replaced)
        assert {answer.status_code for answer in answers.values()} == {404}
        assert len({(answer.content, *sorted(answer.headers.items())) for answer in answers.values()}) == 1
        assert not any(answer.cookies for answer in answers.values())

    def test_one_who_comes_back_must_make_a_new_one(self, stage: Cast, today: date) -> None:
        token, user = token_for(stage.faglaerer), stage.faglaerer
        deactivate(user=user, by=None, today=today, at=timezone.now())
        reactivate(user=user, by=None, today=today)
        assert fetch(token).status_code == 404
        assert token_of(user, at=timezone.now()) is None
        assert fetch(token_for(user)).status_code == 200

    def test_a_user_has_one_at_a_time_in_the_database_too(self, stage: Cast) -> None:
        token_for(stage.leder)
        row = {"user": stage.leder, "created_at": timezone.now(), "expires_on": stage.today}
        with pytest.raises(IntegrityError), transaction.atomic():
            FeedToken.objects.create(token_hash="x", **row)

    def test_it_stands_in_no_log(self, stage: Cast, caplog: pytest.LogCaptureFixture) -> None:
        cut = WithoutQueryStrings()  # as on the product's handler
        caplog.handler.addFilter(cut)
        try:
            live, dead = token_for(stage.leder), "d" * 43
            with caplog.at_level(logging.DEBUG):
                fetch(live)
                fetch(dead)
                Client().post(f"/kalender/{live}.ics")
                logging.getLogger("django.server").info('"GET %s HTTP/1.1" 200', f"/kalender/{live}.ics")
        finally:
            caplog.handler.removeFilter(cut)
        assert "/kalender/…" in caplog.text
        assert live not in caplog.text
        assert dead not in caplog.text

    def test_one_client_cannot_ask_without_end(self, stage: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("fagbrev.feeds.rates.PER_MINUTE", 3)
        now = timezone.now()
        monkeypatch.setattr("fagbrev.roof.feed_views.timezone.now", lambda: now)
        token = token_for(stage.leder)
        assert [fetch(token).status_code for _ in range(4)] == [200, 200, 200, 429]
        assert fetch(token, REMOTE_ADDR="10.1.1.1").status_code == 200
        monkeypatch.setattr("fagbrev.roof.feed_views.timezone.now", lambda: now + timedelta(minutes=1))
        assert fetch(token).status_code == 200

    def test_an_odd_address_is_not_found(self, stage: Cast) -> None:
        for odd in ("x", "é", "%00", "a" * 3000, "..%2f"):
            assert fetch(odd).status_code in {400, 404}, odd
        assert find_token("", at=timezone.now()) is None


class TestThePage:
    """/kalender/abonnement/: made, shown once, made anew, turned off."""

    URL = "/kalender/abonnement/"

    @pytest.fixture
    def client(self, stage: Cast) -> Client:
        client = Client()
        client.force_login(stage.leder)
        return client

    def shown(self, answer: Any) -> str:
        found = re.search(r'value="http://localhost:8000/kalender/([\w-]{43})\.ics" readonly', answer.content.decode())
        return found[1] if found else ""

    def test_the_address_is_shown_in_the_answer_that_makes_it_and_never_again(self, client: Client) -> None:
        assert "Lag abonnement" in client.get(self.URL).content.decode()
        made = client.post(self.URL, {"act": "make", "submission": "one"})
        token = self.shown(made)
        assert fetch(token).status_code == 200
        assert f"webcal://localhost:8000/kalender/{token}.ics" in made.content.decode()
        again = client.get(self.URL).content.decode()
        assert token not in again
        assert "Lag ny adresse" in again

    def test_sent_twice_the_first_address_lives(self, client: Client) -> None:
        token = self.shown(client.post(self.URL, {"act": "make", "submission": "one"}))
        second = client.post(self.URL, {"act": "make", "submission": "one"})
        assert (second.status_code, second.headers["Location"]) == (302, self.URL)
        assert fetch(token).status_code == 200

    def test_a_new_address_kills_the_old_one(self, client: Client) -> None:
        first = self.shown(client.post(self.URL, {"act": "make"}))
        second = self.shown(client.post(self.URL, {"act": "make"}))
        assert (fetch(first).status_code, fetch(second).status_code) == (404, 200)

    def test_turned_off_it_is_gone(self, client: Client) -> None:
        token = self.shown(client.post(self.URL, {"act": "make"}))
        answer = client.post(self.URL, {"act": "off"}, follow=True)
        assert "Abonnementet er slått av" in answer.content.decode()
        assert fetch(token).status_code == 404

    def test_what_is_not_understood_changes_nothing(self, client: Client) -> None:
        token = self.shown(client.post(self.URL, {"act": "make"}))
        assert client.post(self.URL, {"act": "x"}).status_code == 422
        assert fetch(token).status_code == 200


# --- A real client ---------------------------------------------------------------------------------------


class TestKhal:
    """Debian's khal reads the feed: a parser that is not the one that wrote it."""

    @pytest.fixture
    def khal(self, tmp_path: Path) -> Iterator[Any]:
        path = shutil.which("khal")
        if path is None:
            assert os.environ.get("REQUIRE_SERVICES") != "1", "khal must be there: tools/setup.sh development installs it."
            pytest.skip("khal is not there")
        config = tmp_path / "khal.conf"
        (tmp_path / "vdir").mkdir()
        config.write_text(
            f"[calendars]\n[[fagbrev]]\npath = {tmp_path}/vdir\n[sqlite]\npath = {tmp_path}/khal.db\n"
            "[locale]\nlocal_timezone = Europe/Oslo\ndefault_timezone = Europe/Oslo\ntimeformat = %H:%M\ndateformat = %Y-%m-%d\n"
            "longdateformat = %Y-%m-%d\ndatetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
            "[default]\ndefault_calendar = fagbrev\n"
        )
        environment = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "Europe/Oslo"}

        def run(*arguments: str) -> str:
            done = subprocess.run(
                [path, "-c", str(config), *arguments], env=environment, capture_output=True, text=True, timeout=60, check=False
            )
            assert done.returncode == 0, done.stderr
            assert "rror" not in done.stderr, done.stderr
            return done.stdout

        yield run

    def listed(self, khal: Any, first: date, days: int) -> set[tuple[str, str]]:
        """What khal shows: day and time with title."""
        style = "{start-date-once}{start-date} {start-time}|{title}"
        out = khal("list", "--day-format", "", "--format", style.replace("{start-date-once}", ""), first.isoformat(), f"{days}d")
        return {tuple(line.split("|", 1)) for line in out.splitlines() if "|" in line}  # type: ignore[misc]

    def test_it_shows_the_events_on_the_right_days_at_eight(self, stage: Cast, today: date, tmp_path: Path, khal: Any) -> None:
        january, july = (
            (today + days * DAY for days in (50, 230)) if today.month > 7 else (today + 20 * DAY, date(today.year, 7, 15))
        )
        enrol(stage, "Rita Prøvestad", "BUA", "referred")
        stage.enrolments["rita"] = stage.referred.__class__.objects.get(participant__first_name="Rita")
        move(stage, january)
        move(stage, july, "rita")
        ExamWindow.objects.create(name="Vindu", opens_on=today + 10 * DAY, closes_on=today + 12 * DAY)
        feed = tmp_path / "feed.ics"
        answer = fetch(token_for(stage.koordinator))
        feed.write_bytes(answer.content)
        khal("import", "--batch", str(feed))
        assert len(list((tmp_path / "vdir").glob("*.ics"))) == len(events(answer)) > 3
        for day in (january, july):
            assert (f"{day} 08:00", INTERVIEW) in self.listed(khal, day, 1)
        for days, stands in ((9, False), (10, True), (12, True), (13, False)):
            found = {title for _day, title in self.listed(khal, today + days * DAY, 1)}
            assert ("Påmelding til eksamen" in found) is stands, days

    def test_it_takes_a_moved_and_a_called_off_event(self, stage: Cast, today: date, tmp_path: Path, khal: Any) -> None:
        token, feed = token_for(stage.koordinator), tmp_path / "feed.ics"

        def take() -> set[str]:
            """The days khal has the interview on, when it has taken the newest."""
            feed.write_bytes(fetch(token).content)
            khal("import", "--batch", str(feed))
            return {when for when, title in self.listed(khal, today, 30) if title == INTERVIEW}

        assert take() == {f"{today + 5 * DAY} 08:00"}
        move(stage, today + 12 * DAY)
        assert take() == {f"{today + 12 * DAY} 08:00"}
        hold_interview(stage)
        assert take() == set()
