"""The list of an information meeting: who came, who was referred, and what is wiped."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from fagbrev.access.models import RecordRestriction
from fagbrev.audit.models import ChangeLog
from meetings.actions.signups import refer as refer_sign_up
from meetings.actions.signups import wipe_sign_ups
from meetings.forms.signups import SignUpForm
from meetings.models import Meeting, SignUp
from participants.forms.referrals import NewReferralForm
from participants.models import Enrolment, Participant
from programmes.models import Partner, Setting
from tests.cast import Cast, make_user
from tests.meetings.arranged import client_of, plan, signed_in


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    """An information meeting with two on its list."""
    made = plan(cast, "information")
    partner = Partner.objects.order_by("pk")[0]
    for name, phone in (("Ali Anders Påmeldt", "91111111"), ("Bo Påmeldt", "92222222")):
        data = {"name": name, "phone": phone, "partner": partner.pk if name.startswith("Ali") else ""}
        assert signed_in(cast, "koordinator").post(url(made, "sign_up_new"), data).status_code == 302
    return made


def url(meeting: Meeting, name: str, row: SignUp | None = None) -> str:
    return reverse(name, args=[meeting.public_id, *([row.public_id] if row else [])])


def refer(cast: Cast, meeting: Meeting, row: SignUp, **typed: Any) -> Any:
    browser = signed_in(cast, "koordinator")
    form = browser.get(url(meeting, "sign_up_refer", row)).context["form"]
    data = {name: form[name].value() or "" for name in form.fields} | {"knows_of_referral": "yes"} | typed
    data = {name: value for name, value in data.items() if value is not False and value != ""}
    return browser.post(url(meeting, "sign_up_refer", row), data)


def test_on_the_meetings_page_the_list_comes_before_all_else(cast: Cast, meeting: Meeting) -> None:
    page = signed_in(cast, "koordinator").get(meeting.get_absolute_url()).content.decode()
    titles = re.findall(r'<h2 id="([a-z]+)"', page)
    assert titles[0] == "signups" and {"facts", "agenda", "invited"} <= set(titles)
    assert "2 påmeldte, ingen henvist ennå." in page.split("</section>")[0]


def test_it_says_how_many_became_referrals(cast: Cast, meeting: Meeting) -> None:
    browser = signed_in(cast, "koordinator")
    assert "2 påmeldte, ingen henvist ennå." in browser.get(url(meeting, "sign_up_list")).content.decode()
    row = SignUp.objects.get(name="Ali Anders Påmeldt")
    answer = refer(cast, meeting, row)
    assert answer.status_code == 302, answer.context["form"].errors
    row.refresh_from_db()
    assert row.referral is not None
    person = row.referral.enrolment.participant
    assert (person.first_name, person.last_name, person.phone[-8:], row.referral.partner) == (
        "Ali Anders", "Påmeldt", "91111111", Partner.objects.order_by("pk")[0]
    )  # fmt: skip
    assert "2 påmeldte, 1 er henvist." in browser.get(url(meeting, "sign_up_list")).content.decode()
    assert "2 påmeldte, 1 er henvist" in browser.get("/moter/").content.decode()
    assert "2 påmeldte, 1 er henvist" in browser.get(meeting.get_absolute_url()).content.decode()


def test_one_is_referred_once(cast: Cast, meeting: Meeting) -> None:
    row, before = SignUp.objects.get(name="Bo Påmeldt"), Enrolment.objects.count()
    for _time in range(2):
        signed_in(cast, "koordinator").post(
            url(meeting, "sign_up_refer", row),
            {"first_name": "Bo", "last_name": "Påmeldt", "phone": "92222222", "referred_by": "self", "referred_on": cast.today},
        )
    assert Enrolment.objects.count() == before + 1


def test_who_came_is_ticked_in_one_save(cast: Cast, meeting: Meeting) -> None:
    ali, bo = SignUp.objects.order_by("name")
    browser = signed_in(cast, "koordinator")
    address, both = url(meeting, "sign_up_list"), {"vist": [ali.public_id, bo.public_id]}
    browser.post(address, both | {"kom": [ali.public_id]})
    assert list(SignUp.objects.order_by("name").values_list("attended", flat=True)) == [True, False]
    # Two pages opened before: the one who only ticks Bo leaves Ali, ticked by another, as he is.
    browser.post(address, both | {"kom": [ali.public_id, bo.public_id], "var": [ali.public_id]})
    browser.post(address, both | {"kom": [bo.public_id], "var": [bo.public_id]})
    assert list(SignUp.objects.order_by("name").values_list("attended", flat=True)) == [True, True]


@pytest.mark.parametrize("who", ["faglaerer", "styringsgruppe", "leder"])
def test_the_list_is_the_koordinators_alone(cast: Cast, meeting: Meeting, who: str) -> None:
    assert signed_in(cast, who).get(url(meeting, "sign_up_list")).status_code == 404


def test_only_an_information_meeting_has_a_list(cast: Cast) -> None:
    other = plan(cast, "mentor_gathering")
    assert signed_in(cast, "koordinator").get(url(other, "sign_up_list")).status_code == 404


def test_a_koordinator_kept_out_of_a_record_does_not_see_its_sign_up(cast: Cast, meeting: Meeting) -> None:
    row = SignUp.objects.get(name="Ali Anders Påmeldt")
    refer(cast, meeting, row)
    row.refresh_from_db()
    assert row.referral is not None
    other = make_user("Mona Demo", "coordinator", today=cast.today)
    RecordRestriction.objects.create(
        participant_id=row.referral.enrolment.participant_id, kind="deny", user=other, reason="slektning", starts_on=cast.today
    )
    content = client_of(other).get(url(meeting, "sign_up_list")).content.decode()
    assert "Ali" not in content
    assert "1 påmeldt, ingen henvist ennå." in content
    assert client_of(other).get(url(meeting, "sign_up_edit", row)).status_code == 404


def test_a_sign_up_that_led_nowhere_is_wiped_when_the_setting_says(cast: Cast, meeting: Meeting) -> None:
    refer(cast, meeting, SignUp.objects.get(name="Ali Anders Påmeldt"))
    held = timezone.now() - timedelta(days=100)
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=held, ends_at=held + timedelta(hours=1))
    content = signed_in(cast, "koordinator").get(url(meeting, "sign_up_list")).content.decode()
    assert "slettes 365 dager etter møtet" in content
    assert wipe_sign_ups(today=cast.today) == 0
    Setting.objects.create(key="sign_up_keep_days", value=Decimal(99), valid_from=cast.today, source="prøve")
    assert wipe_sign_ups(today=cast.today) == 1
    (left,) = SignUp.objects.all()
    assert left.referral is not None
    change = ChangeLog.objects.get(verb="sign_ups_wiped")
    assert (change.subject_id, change.user, change.fields) == (meeting.public_id, None, [])
    assert wipe_sign_ups(today=cast.today) == 0


def test_the_second_of_two_who_refer_one_at_once_gets_the_first_ones_referral(cast: Cast, meeting: Meeting) -> None:
    stale = SignUp.objects.get(name="Ali Anders Påmeldt")
    refer(cast, meeting, SignUp.objects.get(pk=stale.pk))
    count = Participant.objects.count()
    given = {"first_name": "Ali", "last_name": "Påmeldt", "phone": "90000000"}
    found = refer_sign_up(row=stale, given=given, by=cast.koordinator, today=cast.today)
    stale.refresh_from_db()
    assert stale.referral is not None and found == stale.referral.enrolment
    assert Participant.objects.count() == count


def test_a_referred_one_cannot_be_deleted_from_the_list(cast: Cast, meeting: Meeting) -> None:
    ali, bo = SignUp.objects.order_by("name")
    refer(cast, meeting, ali)
    browser = signed_in(cast, "koordinator")
    for row in (ali, bo):
        browser.post(url(meeting, "sign_up_remove", row))
    assert list(SignUp.objects.all()) == [ali]


def test_deleting_one_asks_first(cast: Cast, meeting: Meeting) -> None:
    content = signed_in(cast, "koordinator").get(url(meeting, "sign_up_list")).content.decode()
    for row in SignUp.objects.all():
        asked = re.search(rf'<details class="ask">(?:(?!</details>).)*{url(meeting, "sign_up_remove", row)}', content)
        assert asked, row.name
    assert content.count("Påmeldingen blir borte for godt.") == content.count("Ja, slett") == 2


def test_two_who_change_one_at_once_see_both_texts(cast: Cast, meeting: Meeting) -> None:
    row, browser = SignUp.objects.get(name="Bo Påmeldt"), signed_in(cast, "koordinator")
    data = {"name": "Bo P.", "phone": row.phone, "version": row.version}
    assert browser.post(url(meeting, "sign_up_edit", row), data).status_code == 302
    assert browser.post(url(meeting, "sign_up_edit", row), data | {"name": "Bo Annen"}).status_code == 409


def test_a_list_with_a_sign_that_no_id_has_is_answered(cast: Cast, meeting: Meeting) -> None:
    answer = signed_in(cast, "koordinator").post(url(meeting, "sign_up_list"), {"vist": ["a\x00b"], "kom": ["a\x00b"]})
    assert answer.status_code == 302
    assert not SignUp.objects.exclude(attended=None).exists()


def test_one_deleted_while_the_referral_is_written_is_not_referred(
    cast: Cast, meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, before = SignUp.objects.get(name="Bo Påmeldt"), Enrolment.objects.count()
    found = NewReferralForm.is_valid

    def deleted_first(form: NewReferralForm) -> bool:
        SignUp.objects.filter(pk=row.pk).delete()
        return found(form)

    monkeypatch.setattr(NewReferralForm, "is_valid", deleted_first)
    answer = refer(cast, meeting, row)
    assert (answer.status_code, Enrolment.objects.count()) == (302, before)


def test_one_deleted_while_it_is_changed_is_gone(cast: Cast, meeting: Meeting, monkeypatch: pytest.MonkeyPatch) -> None:
    row, found = SignUp.objects.get(name="Bo Påmeldt"), SignUpForm.is_valid

    def deleted_first(form: SignUpForm) -> bool:
        SignUp.objects.filter(pk=row.pk).delete()
        return found(form)

    monkeypatch.setattr(SignUpForm, "is_valid", deleted_first)
    answer = signed_in(cast, "koordinator").post(url(meeting, "sign_up_edit", row), {"name": "Bo", "version": row.version})
    assert (answer.status_code, SignUp.objects.filter(name="Bo").count()) == (404, 0)
