"""What is kept of those who signed up for an information meeting: of one who is referred the link alone, of the others nothing in the
end (docs/privacy.md)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from fagbrev.dates import date_words
from meetings.actions.signups import wipe_sign_ups
from meetings.models import Meeting, SignUp
from participants.models import Participant
from programmes.models import Partner
from tests.cast import Cast
from tests.meetings.arranged import signed_in
from tests.meetings.test_signups import meeting, refer, url

__all__ = ["meeting"]


@pytest.fixture
def referred(cast: Cast, meeting: Meeting) -> SignUp:
    row = SignUp.objects.get(name="Ali Anders Påmeldt")
    SignUp.objects.filter(pk=row.pk).update(email="ali@example.no", attended=True)
    assert refer(cast, meeting, SignUp.objects.get(pk=row.pk)).status_code == 302
    row.refresh_from_db()
    return row


def test_of_one_who_is_referred_the_link_alone_is_kept(cast: Cast, referred: SignUp) -> None:
    assert (referred.name, referred.phone, referred.email, referred.partner) == ("", "", "", None)
    assert (referred.referral is not None, referred.attended) == (True, True)
    with pytest.raises(IntegrityError), transaction.atomic():
        SignUp.objects.filter(pk=referred.pk).update(phone="91111111")


def test_the_list_names_them_as_their_own_record_does(cast: Cast, meeting: Meeting, referred: SignUp) -> None:
    assert referred.referral is not None
    person = referred.referral.enrolment.participant
    Participant.objects.filter(pk=person.pk).update(first_name="Aleksander")
    content = signed_in(cast, "koordinator").get(url(meeting, "sign_up_list")).content.decode()
    row = next(row for row in re.findall(r"<tr>.*?</tr>", content, re.DOTALL) if "Aleksander" in row)
    assert f'<a href="/deltakere/{person.public_id}/">Aleksander Påmeldt</a>' in row
    assert Partner.objects.order_by("pk")[0].name in row
    assert ("91111111" in row, "Står i mappa" in row, "Registrer henvisning" in row) == (False, True, False)


def test_there_is_nothing_left_to_change_here(cast: Cast, meeting: Meeting, referred: SignUp) -> None:
    browser, address = signed_in(cast, "koordinator"), url(meeting, "sign_up_edit", referred)
    assert "Personen er allerede henvist." in browser.get(address, follow=True).content.decode()
    assert browser.post(address, {"name": "Ali", "version": referred.version}).status_code == 302
    referred.refresh_from_db()
    assert referred.name == ""


def test_the_list_says_what_happens_with_them_and_when(cast: Cast, meeting: Meeting) -> None:
    content = signed_in(cast, "koordinator").get(url(meeting, "sign_up_list")).content.decode()
    last_kept = timezone.localdate(meeting.starts_at) + timedelta(days=365)
    assert "Blir noen henvist, slettes navn og kontakt fra lista med en gang" in content
    day = last_kept + timedelta(days=1)
    assert f"slettes 365 dager etter møtet, {date_words(day)}." in content
    for today, count in ((last_kept, 0), (day, 2)):
        assert wipe_sign_ups(today=today) == count


def test_how_many_were_referred_stays_right_when_the_others_are_wiped(cast: Cast, meeting: Meeting, referred: SignUp) -> None:
    browser = signed_in(cast, "koordinator")
    held = timezone.now() - timedelta(days=500)
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=held, ends_at=held + timedelta(hours=1))
    assert "2 påmeldte, 1 er henvist." in browser.get(url(meeting, "sign_up_list")).content.decode()
    assert wipe_sign_ups(today=cast.today) == 1
    for address in (url(meeting, "sign_up_list"), meeting.get_absolute_url(), "/moter/?vis=tidligere"):
        assert "1 er henvist, andre påmeldinger er slettet" in browser.get(address).content.decode(), address
    SignUp.objects.all().delete()
    assert "Ingen er henvist, andre påmeldinger er slettet." in browser.get(meeting.get_absolute_url()).content.decode()
