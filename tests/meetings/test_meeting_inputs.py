"""What is typed or sent to the pages of meetings that is not as the page gave it: nothing is lost, recorded of others, or a fault."""

from __future__ import annotations

import pytest
from django.urls import reverse

from meetings.models import AgendaItem, Meeting, MinutesVersion, SignUp
from tests.cast import Cast
from tests.meetings.arranged import plan, signed_in
from tests.meetings.group import meet
from tests.meetings.minuted import about, say, shared, url


def test_an_address_longer_than_is_kept_is_refused_by_the_field(cast: Cast) -> None:
    meeting = plan(cast, "project_group", "&fag=BUA")
    long = f"{'n' * 60}@{'.'.join(['a' * 60] * 4)}.example.no"
    assert len(long) > 254
    answer = signed_in(cast, "koordinator").post(
        reverse("invitee_add", args=[meeting.public_id]), {"name": "Nina Nav", "email": long}
    )
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["email"])


@pytest.mark.parametrize("shown", [["placed"], ["selma", "placed"]])
def test_one_who_is_on_the_agenda_already_is_not_put_on_it_twice(cast: Cast, shown: list[str]) -> None:
    row = meet(cast, days=3)
    client, address = signed_in(cast, "koordinator"), reverse("agenda_pick", args=[row.public_id])
    client.post(address, {"people": [cast.selma.public_id], "shown": [cast.selma.public_id]})
    sent = {"people": [cast.selma.public_id], "shown": [cast.enrolments[key].public_id for key in shown]}
    assert client.post(address, sent).status_code == 302
    assert [item.enrolment for item in AgendaItem.objects.filter(kind="participant")] == [cast.selma]


def test_a_correction_that_changes_nothing_is_not_said_to_be_saved(cast: Cast, meeting: Meeting) -> None:
    item = about(meeting, cast.selma)
    say(cast, item, discussion="Går fint")
    shared(cast, meeting)
    item.refresh_from_db()
    sent = {"discussion": "Går fint", "decision": "", "version": item.version, "reason": "Feil ord"}
    said = (
        signed_in(cast, "koordinator").post(url("minutes_correct", meeting, item.public_id), sent, follow=True).content.decode()
    )
    assert MinutesVersion.objects.count() == 1
    assert "Ingenting er endret" in said and "ny versjon." not in said


def test_one_who_signed_up_after_the_list_was_opened_is_not_said_to_have_stayed_away(cast: Cast) -> None:
    meeting = plan(cast, "information")
    browser, address = signed_in(cast, "koordinator"), reverse("sign_up_list", args=[meeting.public_id])
    ali = SignUp.objects.create(meeting=meeting, name="Ali")
    Meeting.objects.filter(pk=meeting.pk).update(starts_at="2020-01-01T10:00Z", ends_at="2020-01-01T11:00Z")
    page = browser.get(address).content.decode()
    assert f'name="vist" value="{ali.public_id}"' in page
    late = SignUp.objects.create(meeting=meeting, name="Aaron")
    browser.post(address, {"vist": [ali.public_id], "kom": [ali.public_id]})
    ali.refresh_from_db()
    late.refresh_from_db()
    assert (ali.attended, late.attended) == (True, None)
