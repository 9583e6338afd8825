"""An address that is protected after the call: the meeting leaves the calendars it stands in, and the koordinator reads who had it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from fagbrev.audit.acting import Touched, acting
from fagbrev.audit.log import note_change
from fagbrev.mail.actions import send_waiting
from fagbrev.mail.models import OutgoingMail
from meetings.actions.sending import in_calendars
from meetings.models import InvitationSent, Meeting
from meetings.protection import follow_protection
from participants.models import Participant
from tests.cast import Cast
from tests.meetings.arranged import about, ahead, call, plan, signed_in

PLACE = "Skjermveien 3"
HAD_IT = "Deltakeren fikk beskyttet adresse etter at møtet ble kalt inn"


@pytest.fixture
def called(cast: Cast, settings: Any) -> Meeting:
    """A meeting about Selma, whose invitations have left; the demo keeps what they said."""
    settings.DEMO = True
    meeting = plan(cast, "cooperation", about(cast), place=PLACE)
    call(cast, meeting)
    while send_waiting(now=timezone.now()):
        pass
    meeting.refresh_from_db()
    return meeting


def protect(cast: Cast, how: str = "fortrolig") -> None:
    """As the koordinator does it, on the page of the address."""
    person = Participant.objects.get(pk=cast.enrolments["selma"].participant_id)
    answer = signed_in(cast, "koordinator").post(
        reverse("adresse_new", args=[person.public_id]), {"address_protection": how, "version": person.version}
    )
    assert answer.status_code == 302, answer.context["form"].errors


def newest(who: str, cast: Cast) -> OutgoingMail:
    return OutgoingMail.objects.filter(recipient=cast.users[who].email).order_by("-pk")[0]


def test_it_goes_out_of_the_calendars_and_the_mail_says_neither_when_nor_where(cast: Cast, called: Meeting) -> None:
    had = set(in_calendars(called).values_list("pk", flat=True))
    before = OutgoingMail.objects.count()
    protect(cast)
    mails = list(OutgoingMail.objects.order_by("pk")[before:])
    assert len(mails) == len(had) == 6
    first, mail = OutgoingMail.objects.filter(recipient=cast.leder.email).order_by("pk")
    (event,) = Calendar.from_ical(mail.calendar).walk("VEVENT")
    (told,) = Calendar.from_ical(first.calendar).walk("VEVENT")
    assert (mail.calendar_method, event["UID"], event["STATUS"]) == ("CANCEL", told["UID"], "CANCELLED")
    assert event["SEQUENCE"] > told["SEQUENCE"]
    assert event.decoded("DTSTART").date() == timezone.now().date()
    for one in mails:
        assert PLACE not in one.text + one.html + one.calendar
        assert f"{timezone.localtime(called.starts_at):%Y%m%d}" not in one.calendar
        assert f"{timezone.localtime(called.starts_at).year}, klokka" not in one.text
    assert "Møtet er ikke avlyst" in mail.text and called.get_absolute_url() in mail.text
    called.refresh_from_db()
    assert (called.state, in_calendars(called).count()) == ("called", 0)


def test_the_meetings_page_tells_the_koordinator_alone_who_had_it(cast: Cast, called: Meeting) -> None:
    page = called.get_absolute_url()
    assert HAD_IT not in signed_in(cast, "koordinator").get(page).content.decode()
    cast.leder.grants.update(ends_on=cast.today - timedelta(days=1))  # is sent nothing any more
    protect(cast)
    answer = signed_in(cast, "koordinator").get(page)
    said = answer.context["protection"]
    assert (HAD_IT in answer.content.decode(), said["left"]) == (True, "Lise Leder")
    assert "Ola Faglaerer" in said["taken"] and "Lise Leder" not in said["taken"]
    assert HAD_IT not in signed_in(cast, "faglaerer").get(page).content.decode()


def test_about_a_strictly_protected_one_nothing_is_sent_and_the_page_says_who_has_it(cast: Cast, called: Meeting) -> None:
    before = OutgoingMail.objects.count()
    Participant.objects.filter(pk=cast.selma.participant_id).update(address_protection="strengt_fortrolig", address="")
    with acting():
        note_change(by=cast.koordinator, row=cast.selma.participant, section="home_address", verb="changed",
                    participant_id=cast.selma.participant_id)  # fmt: skip
    assert OutgoingMail.objects.count() == before
    assert in_calendars(called).count() == 6


def test_an_invitation_still_in_the_outbox_is_thrown_away_and_goes_anew(cast: Cast) -> None:
    meeting = plan(cast, "cooperation", about(cast), place=PLACE)
    call(cast, meeting)
    assert OutgoingMail.objects.filter(text__contains=PLACE).count() == 6
    protect(cast)
    assert not OutgoingMail.objects.filter(text__contains=PLACE).exists()
    waiting = OutgoingMail.objects.filter(sent_at__isnull=True, dropped_at__isnull=True, recipient=cast.leder.email)
    (mail,) = waiting
    assert ("Du er kalt inn" in mail.text, "Logg inn for å se når og hvor." in mail.text, mail.calendar) == (True, True, "")
    assert signed_in(cast, "koordinator").get(meeting.get_absolute_url()).context["protection"] == {}


def test_one_that_is_taken_up_to_be_sent_in_that_moment_is_followed_by_a_cancellation(cast: Cast) -> None:
    meeting = plan(cast, "cooperation", about(cast), place=PLACE)
    call(cast, meeting)
    mail = newest("leder", cast)
    until, done = timezone.now() + timedelta(minutes=5), list[bool]()

    def taken_up_first(execute: Any, sql: str, *more: Any) -> Any:
        """Between what is read of the outbox and what is thrown away, the worker takes one of the mails."""
        if sql.startswith('UPDATE "fagbrev_outgoingmail"') and not done:
            done.append(True)
            OutgoingMail.objects.filter(pk=mail.pk).update(lease_until=until)
        return execute(sql, *more)

    with connection.execute_wrapper(taken_up_first):
        protect(cast)
    mail.refresh_from_db()
    assert (done, mail.lease_until, mail.dropped_at, PLACE in mail.text) == ([True], until, None, True)
    after = newest("leder", cast)
    assert (after.calendar_method, after.pk > mail.pk, in_calendars(meeting).count()) == ("CANCEL", True, 0)


def test_once_and_what_is_over_planned_or_about_another_is_left(cast: Cast, called: Meeting) -> None:
    other = plan(cast, "cooperation", about(cast, "nadia"))
    call(cast, other)
    planned = plan(cast, "closing", about(cast))
    count = InvitationSent.objects.filter(invitee__meeting=other).count()
    protect(cast)
    sent = InvitationSent.objects.filter(method="CANCEL").count()
    protect(cast, "")
    protect(cast)
    assert InvitationSent.objects.filter(method="CANCEL").count() == sent == 6
    assert InvitationSent.objects.filter(invitee__meeting=other).count() == count
    assert not InvitationSent.objects.filter(invitee__meeting=planned).exists()


def test_when_it_is_protected_no_longer_an_update_puts_it_back(cast: Cast, called: Meeting) -> None:
    protect(cast)
    protect(cast, "")
    called.refresh_from_db()
    data = {"day": ahead(21).isoformat(), "at": "12:00", "minutes_long": "60", "place": PLACE, "version": called.version}
    assert signed_in(cast, "koordinator").post(reverse("meeting_edit", args=[called.public_id]), data).status_code == 302
    mail = newest("leder", cast)
    (event,) = Calendar.from_ical(mail.calendar).walk("VEVENT")
    assert (mail.calendar_method, event["STATUS"], event["LOCATION"]) == ("REQUEST", "CONFIRMED", PLACE)
    last = InvitationSent.objects.filter(invitee__user=cast.leder, method="CANCEL").latest("sequence")
    assert event["SEQUENCE"] > last.sequence


def test_a_change_of_a_participant_without_meetings_costs_one_query(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as queries:
        follow_protection(frozenset({Touched(cast.selma.participant_id, "participants.participant")}))
    assert len(queries) == 1
