"""What those invited are sent, and who is sent nothing; updates and cancellations."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from fagbrev.mail.models import OutgoingMail
from fagbrev.people.models import User
from meetings.actions.invitations import save_answer
from meetings.actions.meetings import call_meeting
from meetings.invitation_ics import invitation_text
from meetings.models import InvitationSent, Invitee, Meeting
from programmes.models import Partner, PartnerContact
from tests.cast import Cast
from tests.meetings.arranged import about, ahead, call, plan, signed_in
from tests.meetings.mailed import OSLO, SUMMARY, call_off, event_of, link_in, mails_to, move

WORDS_OF_PEOPLE = ("Selma", "Testesen", "Barne", "BUA", "samarbeid", "avslutning", "Eksempelvika", "deltaker")


class TestTheInvitation:
    """One mail to each, with neutral words."""

    def test_each_gets_one_with_nobody_else_in_it(self, cast: Cast, called: Meeting) -> None:
        people = [cast.koordinator, cast.faglaerer, cast.norsklaerer]
        assert InvitationSent.objects.filter(invitee__meeting=called).count() == 3
        for user in people:
            (mail,) = mails_to(user)
            event = event_of(mail)
            assert event["ATTENDEE"] == f"mailto:{user.email}"
            others = [one.email for one in people if one != user] + [one.name for one in people]
            assert [word for word in others if word in mail.calendar + mail.text + mail.subject] == []

    def test_the_calendar_is_told_when_where_and_by_whom(self, cast: Cast, called: Meeting) -> None:
        (mail,) = mails_to(cast.faglaerer)
        event, calendar = event_of(mail), Calendar.from_ical(mail.calendar)
        assert (str(calendar["METHOD"]), mail.calendar_method) == ("REQUEST", "REQUEST")
        assert (str(event["SUMMARY"]), str(event["CLASS"]), str(event["STATUS"])) == (SUMMARY, "PRIVATE", "CONFIRMED")
        assert event["DTSTART"].params["TZID"] == "Europe/Oslo"
        assert event.decoded("DTSTART").astimezone(OSLO) == called.starts_at
        assert event.decoded("DTEND").astimezone(OSLO) == called.ends_at
        assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["Europe/Oslo"]
        assert str(event["LOCATION"]) == "Rådhuset, møterom 2"
        assert str(event["ORGANIZER"]) == "mailto:ikke-svar@fagbrev.example"
        assert event["SEQUENCE"] == 0
        assert str(event["URL"]).endswith(f"/moter/{called.public_id}/")
        assert event["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"
        assert len(event.walk("VALARM")) == 1

    @pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
    def test_the_stamp_is_the_second_it_was_written_in_utc(self, called: Meeting, method: Any) -> None:
        at = datetime(2026, 10, 25, 2, 30, 7, 900_000, tzinfo=OSLO, fold=1)
        text = invitation_text(meeting=called, method=method, sequence=3, address="a@b.example", answer="", at=at)
        assert "DTSTAMP:20261025T013007Z" in text.splitlines()

    @pytest.mark.parametrize("kind", ["cooperation", "closing"])
    def test_no_word_of_the_participant_or_the_kind_stands_in_a_mail(self, cast: Cast, kind: str) -> None:
        meeting = plan(cast, kind, about(cast), place="Møterom 3")
        call(cast, meeting)
        move(cast, meeting, place="Møterom 4")
        call_off(cast, meeting)
        mails = list(OutgoingMail.objects.exclude(text=""))
        assert len(mails) >= 12
        for mail in mails:
            held = "\n".join((mail.subject, mail.text, mail.html, mail.calendar.replace("\r\n ", "")))
            assert [word for word in WORDS_OF_PEOPLE if word in held] == [], mail.text
            assert cast.selma.participant.public_id not in held
            assert cast.selma.public_id not in held

    def test_called_by_two_at_once_it_is_sent_once(self, cast: Cast) -> None:
        meeting = plan(cast, "project_group", "&fag=BUA")
        stale = Meeting.objects.get(pk=meeting.pk)
        now = timezone.now()
        assert call_meeting(meeting=meeting, version=meeting.version, by=cast.koordinator, at=now) is True
        assert call_meeting(meeting=stale, version=stale.version, by=cast.koordinator, at=now) is False
        assert len(mails_to(cast.faglaerer)) == 1

    def test_one_outside_gets_a_link_and_no_address_to_sign_in_at(self, cast: Cast, called: Meeting) -> None:
        contact = PartnerContact.objects.create(partner=Partner.objects.all()[0], name="Nina Nav", email="nina@nav.example")
        url = reverse("invitee_add", args=[called.public_id])
        assert signed_in(cast, "koordinator").post(url, {"contact": contact.pk}).status_code == 302
        (mail,) = mails_to("nina@nav.example")
        assert link_in(mail)
        assert "/moter/" not in mail.text + mail.calendar
        assert "URL" not in event_of(mail)

    def test_one_whose_role_has_ended_is_sent_nothing(self, cast: Cast) -> None:
        meeting = plan(cast, "project_group", "&fag=BUA")
        cast.faglaerer.grants.update(ends_on=cast.today - timedelta(days=1))
        User.objects.filter(pk=cast.norsklaerer.pk).update(is_active=False)
        call(cast, meeting)
        assert mails_to(cast.faglaerer) == mails_to(cast.norsklaerer) == []
        assert len(mails_to(cast.koordinator)) == 1

    def test_about_one_with_a_protected_address_neither_time_nor_place_leaves(self, cast: Cast) -> None:
        type(cast.selma.participant).objects.filter(pk=cast.selma.participant_id).update(address_protection="fortrolig")
        meeting = plan(cast, "cooperation", about(cast), place="Skjermveien 3")
        call(cast, meeting)
        mails = list(OutgoingMail.objects.exclude(text=""))
        assert len(mails) >= 5
        year = str(timezone.localtime(meeting.starts_at).year)
        for mail in mails:
            assert mail.calendar == ""
            assert "Skjermveien" not in mail.text + mail.html
            assert f"{year}, klokka" not in mail.text
        (mail,) = mails_to(cast.leder)
        assert "Logg inn for å se når og hvor." in mail.text
        assert "Skjermveien" not in Client().get(link_in(mail)).content.decode()

    def test_about_a_strictly_protected_one_nothing_leaves(self, cast: Cast) -> None:
        meeting = plan(cast, "cooperation", about(cast))
        type(cast.selma.participant).objects.filter(pk=cast.selma.participant_id).update(
            address_protection="strengt_fortrolig", address=""
        )
        call(cast, meeting)
        assert OutgoingMail.objects.exclude(text="").count() == 0


class TestUpdates:
    """The same UID, a higher SEQUENCE."""

    def test_a_new_time_is_an_update_and_asks_for_the_answer_again(self, cast: Cast, called: Meeting) -> None:
        own = Invitee.objects.get(meeting=called, user=cast.faglaerer)
        save_answer(invitee=own, answer="accepted", words="", by=cast.faglaerer, at=timezone.now())
        move(cast, called, at="13:00")
        first, second = (event_of(mail) for mail in mails_to(cast.faglaerer))
        assert first["UID"] == second["UID"]
        assert (first["SEQUENCE"], second["SEQUENCE"]) == (0, 1)
        assert second.decoded("DTSTART").astimezone(OSLO).hour == 13
        own.refresh_from_db()
        assert own.answer == ""

    def test_an_update_says_what_is_new(self, cast: Cast, called: Meeting) -> None:
        later, link = (ahead(14) + timedelta(days=7)).isoformat(), "https://video.example.no/rom"
        for typed, words in (
            ({"at": "13:00"}, "tid"), ({"place": "Biblioteket"}, "sted"), ({"minutes_long": "90"}, "tid"),
            ({"day": later, "minutes_long": "90"}, "dag"), ({"video_link": link, "minutes_long": "90"}, "lenke til videomøtet"),
            ({"day": ahead(14).isoformat(), "at": "09:00", "place": "Rådhuset", "video_link": link}, "dag, tid og sted"),
        ):  # fmt: skip
            move(cast, called, **typed)
            newest = mails_to(cast.faglaerer)[-1]
            assert f"er endret. Nytt er: {words}. Dette gjelder nå:" in newest.text, newest.text

    def test_of_one_whose_address_is_protected_an_update_does_not_say_what_is_new(self, cast: Cast) -> None:
        meeting = plan(cast, "cooperation", about(cast))
        call(cast, meeting)
        type(cast.selma.participant).objects.filter(pk=cast.selma.participant_id).update(address_protection="fortrolig")
        move(cast, meeting, at="14:00")
        newest = mails_to(cast.faglaerer)[-1]
        assert ("er endret." in newest.text, "Nytt er" in newest.text) == (True, False)

    def test_a_new_place_keeps_the_answers(self, cast: Cast, called: Meeting) -> None:
        own = Invitee.objects.get(meeting=called, user=cast.faglaerer)
        save_answer(invitee=own, answer="accepted", words="", by=cast.faglaerer, at=timezone.now())
        move(cast, called, place="Biblioteket")
        event = event_of(mails_to(cast.faglaerer)[1])
        assert (str(event["LOCATION"]), event["ATTENDEE"].params["PARTSTAT"]) == ("Biblioteket", "ACCEPTED")
        own.refresh_from_db()
        assert own.answer == "accepted"

    def test_one_who_has_the_participant_in_scope_no_longer_is_not_told_where_they_meet_now(self, cast: Cast) -> None:
        meeting = plan(cast, "cooperation", about(cast))
        call(cast, meeting)
        assert len(mails_to(cast.fadder)) == 1
        cast.placements["selma"].faddere.update(ends_on=cast.today - timedelta(days=1))
        move(cast, meeting, place="Nyveien 7", at="14:00")
        assert [len(mails_to(user)) for user in (cast.fadder, cast.leder)] == [1, 2]
        call_off(cast, meeting)
        assert [len(mails_to(user)) for user in (cast.fadder, cast.leder)] == [1, 3]

    def test_what_calendars_do_not_show_sends_nothing(self, cast: Cast, called: Meeting) -> None:
        move(cast, called, title="Om vikarer")
        called.refresh_from_db()
        assert (called.title, called.sequence, len(mails_to(cast.faglaerer))) == ("Om vikarer", 0, 1)

    def test_called_off_is_a_cancellation_without_its_reason(self, cast: Cast, called: Meeting) -> None:
        move(cast, called, at="13:00")
        call_off(cast, called)
        request, _update, cancel = mails_to(cast.faglaerer)
        event = event_of(cancel)
        assert (cancel.calendar_method, str(event["STATUS"])) == ("CANCEL", "CANCELLED")
        assert event["UID"] == event_of(request)["UID"]
        assert event["SEQUENCE"] == 2
        assert "syk" not in cancel.text + cancel.calendar
        assert cancel.subject == "Avlyst: Møte i fagbrevordningen"

    def test_a_planned_meeting_called_off_tells_nobody(self, cast: Cast) -> None:
        meeting = plan(cast, "project_group", "&fag=BUA")
        call_off(cast, meeting)
        assert OutgoingMail.objects.exclude(text="").count() == 0

    def test_one_taken_away_gets_a_cancellation_of_their_own_and_may_come_back(self, cast: Cast, called: Meeting) -> None:
        own = Invitee.objects.get(meeting=called, user=cast.faglaerer)
        browser = signed_in(cast, "koordinator")
        assert browser.post(reverse("invitee_remove", args=[called.public_id, own.public_id])).status_code == 302
        assert [len(mails_to(user)) for user in (cast.faglaerer, cast.norsklaerer)] == [2, 1]
        cancel = event_of(mails_to(cast.faglaerer)[1])
        assert (str(cancel["STATUS"]), cancel["SEQUENCE"]) == ("CANCELLED", 1)
        assert f"/moter/{called.public_id}" not in mails_to(cast.faglaerer)[1].text
        assert signed_in(cast, "faglaerer").get(called.get_absolute_url()).status_code == 404
        url = reverse("invitee_add", args=[called.public_id])
        assert browser.post(url, {"who": f"faglaerer:{cast.faglaerer.public_id}"}).status_code == 302
        back, mail = event_of(mails_to(cast.faglaerer)[2]), mails_to(cast.faglaerer)[2]
        assert (mail.subject, "er endret" in mail.text) == ("Innkalling: Møte i fagbrevordningen", False)
        assert (str(back["STATUS"]), back["SEQUENCE"]) == ("CONFIRMED", 2)
        move(cast, called, at="14:00")
        assert [event_of(mails_to(user)[-1])["SEQUENCE"] for user in (cast.faglaerer, cast.norsklaerer)] == [3, 3]

    def test_taking_one_away_asks_first_and_says_who_is_told(self, cast: Cast, called: Meeting) -> None:
        own = Invitee.objects.get(meeting=called, user=cast.faglaerer)
        content = signed_in(cast, "koordinator").get(called.get_absolute_url()).content.decode()
        url = reverse("invitee_remove", args=[called.public_id, own.public_id])
        assert re.search(rf'<details class="ask">(?:(?!</details>).)*{url}', content)
        assert "Ola Faglaerer får straks e-post om å ikke være kalt inn lenger." in content
        planned = plan(cast, "project_group", "&fag=HEA")
        content = signed_in(cast, "koordinator").get(planned.get_absolute_url()).content.decode()
        assert ("Ja, ta bort" in content, "får straks e-post" in content) == (True, False)
