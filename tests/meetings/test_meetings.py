"""Who sees a meeting, on its own page and in the lists."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from fagbrev.access.models import RecordRestriction
from fagbrev.audit.models import LookLog
from fagbrev.mail.models import OutgoingMail
from meetings.models import Invitee, Meeting, Minutes
from tests.cast import Cast, make_user
from tests.meetings.arranged import about, call, client_of, plan, signed_in


class TestWhoSeesIt:
    """The koordinator has every meeting; others those called that they are invited to."""

    def status(self, cast: Cast, who: str, meeting: Meeting) -> int:
        return signed_in(cast, who).get(meeting.get_absolute_url()).status_code

    def test_a_planned_meeting_is_the_koordinators_alone_until_it_is_called(self, cast: Cast) -> None:
        meeting = plan(cast, "project_group", "&fag=BUA")
        assert [self.status(cast, who, meeting) for who in ("koordinator", "faglaerer")] == [200, 404]
        call(cast, meeting)
        assert [self.status(cast, who, meeting) for who in ("faglaerer", "annen_faglaerer", "leder")] == [200, 404, 404]
        assert "Prosjektgruppemøte" in signed_in(cast, "faglaerer").get("/moter/").content.decode()
        assert "Prosjektgruppemøte" not in signed_in(cast, "annen_faglaerer").get("/moter/").context["rows"].__repr__()

    @pytest.mark.parametrize("kind", ["closing", "cooperation"])
    def test_one_that_was_called_off_before_it_was_called_is_told_to_nobody(self, cast: Cast, kind: str) -> None:
        meeting = plan(cast, kind, about(cast))
        url = reverse("meeting_cancel", args=[meeting.public_id])
        data = {"cancel_words": "Vi prøver en gang til", "version": meeting.version}
        assert signed_in(cast, "koordinator").post(url, data).status_code == 302
        assert self.status(cast, "koordinator", meeting) == 200
        for who in ("deltaker", "faglaerer", "fadder"):
            assert self.status(cast, who, meeting) == 404, who
            assert meeting.get_absolute_url() not in signed_in(cast, who).get("/moter/").content.decode(), who

    def test_the_chair_sees_and_calls_the_steering_groups_planned_meeting(self, cast: Cast) -> None:
        meeting = plan(cast, "steering_group")
        assert self.status(cast, "styringsgruppe", meeting) == 404
        Invitee.objects.filter(meeting=meeting, user=cast.styringsgruppe).update(is_chair=True)
        assert self.status(cast, "styringsgruppe", meeting) == 200
        url = reverse("meeting_call", args=[meeting.public_id])
        assert signed_in(cast, "styringsgruppe").post(url, {"version": meeting.version}).status_code == 302
        meeting.refresh_from_db()
        assert (meeting.state, meeting.called_by) == ("called", cast.styringsgruppe)

    def test_a_member_who_is_no_chair_may_not_call(self, cast: Cast) -> None:
        meeting = plan(cast, "steering_group")
        call(cast, meeting)
        assert self.status(cast, "styringsgruppe", meeting) == 200
        assert signed_in(cast, "styringsgruppe").get(reverse("meeting_cancel", args=[meeting.public_id])).status_code == 403

    def test_an_ended_role_gives_nothing(self, cast: Cast) -> None:
        meeting = plan(cast, "project_group", "&fag=BUA")
        call(cast, meeting)
        cast.faglaerer.grants.update(ends_on=cast.today - timedelta(days=1))
        assert self.status(cast, "faglaerer", meeting) == 404

    def test_a_koordinator_kept_out_of_the_record_has_no_meeting_about_it(self, cast: Cast) -> None:
        meeting = plan(cast, "cooperation", about(cast))
        other = make_user("Mona Demo", "coordinator", today=cast.today)
        browser = client_of(other)
        assert browser.get(meeting.get_absolute_url()).status_code == 200
        RecordRestriction.objects.create(
            participant_id=cast.selma.participant_id, kind="deny", user=other, reason="slektning", starts_on=cast.today
        )
        assert browser.get(meeting.get_absolute_url()).status_code == 404
        assert "Selma" not in browser.get("/moter/").content.decode()

    def test_a_koordinator_kept_out_of_a_record_does_not_read_the_name_among_those_invited(self, cast: Cast) -> None:
        meeting = plan(cast, "network_gathering")
        other = make_user("Mona Demo", "coordinator", today=cast.today)
        RecordRestriction.objects.create(
            participant_id=cast.selma.participant_id, kind="deny", user=other, reason="slektning", starts_on=cast.today
        )
        content = client_of(other).get(meeting.get_absolute_url()).content.decode()
        assert "Selma" not in content
        assert "Nadia" in content

    def test_the_participant_reads_roles_and_no_names(self, cast: Cast) -> None:
        meeting = plan(cast, "cooperation", about(cast))
        call(cast, meeting)
        content = signed_in(cast, "deltaker").get(meeting.get_absolute_url()).content.decode()
        assert "Faglærer" in content
        assert "Ola Faglaerer" not in content
        assert "Ola Faglaerer" in signed_in(cast, "norsklaerer").get(meeting.get_absolute_url()).content.decode()

    def test_participants_at_a_gathering_do_not_read_of_each_other(self, cast: Cast) -> None:
        meeting = plan(cast, "network_gathering")
        call(cast, meeting)
        for who in ("deltaker", "faglaerer"):
            assert "Nadia" not in signed_in(cast, who).get(meeting.get_absolute_url()).content.decode()

    def test_a_meeting_about_a_participant_is_a_look_at_the_record(self, cast: Cast) -> None:
        meeting = plan(cast, "cooperation", about(cast))
        call(cast, meeting)
        signed_in(cast, "faglaerer").get(meeting.get_absolute_url())
        look = LookLog.objects.get(page="moter", user=cast.faglaerer)
        assert (look.participant_id, look.enrolment_id, look.sections) == (
            cast.selma.participant_id,
            cast.selma.pk,
            ["meeting_items"],
        )

    def test_the_list_of_others_hides_time_and_place_of_whom_is_protected(self, cast: Cast) -> None:
        plan(cast, "cooperation", about(cast), place="Skjermveien 3")
        type(cast.selma.participant).objects.filter(pk=cast.selma.participant_id).update(address_protection="fortrolig")
        content = signed_in(cast, "koordinator").get("/moter/").content.decode()
        assert "Skjermveien" not in content
        assert "Åpne møtet for å se tid og sted" in content

    def test_about_a_strictly_protected_one_it_stands_in_no_list_but_the_own(self, cast: Cast) -> None:
        meeting = plan(cast, "cooperation", about(cast))
        call(cast, meeting)
        type(cast.selma.participant).objects.filter(pk=cast.selma.participant_id).update(
            address_protection="strengt_fortrolig", address=""
        )
        for who, stands in (("koordinator", False), ("faglaerer", False), ("deltaker", True)):
            assert (meeting.get_absolute_url() in signed_in(cast, who).get("/moter/").content.decode()) is stands, who
            assert (meeting.get_absolute_url() in signed_in(cast, who).get("/").content.decode()) is stands, who


@pytest.mark.parametrize("how", ["held", "shared", "draft"])
def test_one_that_is_held_today_is_among_those_that_were(cast: Cast, how: str) -> None:
    meeting, other = plan(cast, "project_group", "&fag=BUA"), plan(cast, "project_group", "&fag=HEA")
    call(cast, meeting)
    begun = timezone.now() - timedelta(minutes=10)
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=begun, ends_at=begun + timedelta(hours=1))
    if how == "held":
        Meeting.objects.filter(pk=meeting.pk).update(state="held", held_on=cast.today)
    else:
        Minutes.objects.create(meeting=meeting, state=how, shared_at=timezone.now() if how == "shared" else None)
    browser, is_past = signed_in(cast, "koordinator"), how != "draft"
    for query, wanted in (
        ("", {meeting, other} if not is_past else {other}),
        ("?vis=tidligere", {meeting} if is_past else set()),
    ):
        rows = browser.get(f"/moter/{query}").context["rows"]
        assert {row.url for row in rows} == {one.get_absolute_url() for one in wanted}


def test_a_time_of_day_is_never_broken_over_the_line(cast: Cast) -> None:
    meeting = plan(cast, "project_group", "&fag=BUA", at="11:00", minutes_long="90")
    call(cast, meeting)
    for address in ("/moter/", meeting.get_absolute_url()):
        content = signed_in(cast, "koordinator").get(address).content.decode()
        assert "klokka\u00a011.00–\u206012.30" in content, address
    assert "klokka 11.00–12.30" in OutgoingMail.objects.filter(recipient=cast.faglaerer.email)[0].text


def test_what_asks_for_the_answer_leads_to_it(cast: Cast) -> None:
    meeting = plan(cast, "project_group", "&fag=BUA")
    call(cast, meeting)
    browser, url = signed_in(cast, "faglaerer"), meeting.get_absolute_url()
    for address in ("/moter/", "/"):
        assert f'<a href="{url}#answer">Svar på innkallingen</a>' in browser.get(address).content.decode(), address
    assert 'id="answer"' in browser.get(url).content.decode()


def _row(cast: Cast, number: int) -> Meeting:
    starts = timezone.now() + timedelta(days=1 + number)
    return Meeting(
        kind="cooperation" if number % 2 else "project_group", trade=cast.trades["BUA"], state="called", called_at=timezone.now(),
        starts_at=starts, ends_at=starts + timedelta(hours=1), enrolment=cast.selma if number % 2 else None,
    )  # fmt: skip


@pytest.mark.parametrize("who", ["koordinator", "faglaerer"])
def test_a_long_list_asks_no_more_than_a_short_one(cast: Cast, who: str) -> None:
    browser, counts = signed_in(cast, who), []
    for upto in (20, 200):
        new = [_row(cast, number) for number in range(Meeting.objects.count(), upto)]
        Meeting.objects.bulk_create(new)
        role = "coordinator" if who == "koordinator" else "faglaerer"
        Invitee.objects.bulk_create([Invitee(meeting=row, user=cast.users[who], role=role) for row in new])
        browser.get("/moter/")  # what is kept between requests is there
        with CaptureQueriesContext(connection) as queries:
            assert browser.get("/moter/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 14
