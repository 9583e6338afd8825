"""Somebody in another's place: who may be asked, what they are told, and who is waited for."""

from __future__ import annotations

import pytest
from django.urls import reverse

from fagbrev.people.models import User
from meetings.models import Invitee, Meeting, MeetingSeries, SeriesInvitee
from tests.cast import Cast, make_user
from tests.meetings.arranged import about, ahead, call, client_of, plan, signed_in
from tests.meetings.mailed import mails_to


class TestSubstitutes:
    """Somebody in another's place."""

    @pytest.fixture
    def other(self, cast: Cast) -> User:
        return make_user("Vera Vikar", "faglaerer", today=cast.today)

    def test_one_names_a_substitute_who_is_invited(self, cast: Cast, called: Meeting, other: User) -> None:
        own = Invitee.objects.get(meeting=called, user=cast.faglaerer)
        url = reverse("invitee_substitute", args=[called.public_id, own.public_id])
        choices = dict(signed_in(cast, "faglaerer").get(url).context["form"].fields["who"].choices)
        assert f"faglaerer:{other.public_id}" in choices
        assert not [key for key in choices if key and not key.startswith("faglaerer:")]
        assert signed_in(cast, "faglaerer").post(url, {"who": f"faglaerer:{other.public_id}"}).status_code == 302
        made = Invitee.objects.get(meeting=called, user=other)
        assert (made.substitutes, len(mails_to(other))) == (own, 1)
        assert client_of(other).get(called.get_absolute_url()).status_code == 200

    def test_one_who_sends_a_substitute_is_not_waited_for_and_sends_no_other(
        self, cast: Cast, called: Meeting, other: User
    ) -> None:
        own = Invitee.objects.get(meeting=called, user=cast.faglaerer)
        url = reverse("invitee_substitute", args=[called.public_id, own.public_id])
        kari, ola = signed_in(cast, "koordinator"), signed_in(cast, "faglaerer")
        ola.post(url, {"who": f"faglaerer:{other.public_id}"})
        page = kari.get(called.get_absolute_url())
        assert page.context["invited"].summary == "1 kommer, 0 kommer ikke, 2 har ikke svart, 1 sender vara."
        (row,) = [one for one in page.context["invited"].rows if one.name == "Ola Faglaerer"]
        assert (row.note, row.answer, row.may_substitute) == ("sender vara: Vera Vikar", "", False)
        content = ola.get(called.get_absolute_url()).content.decode()
        assert ("Du sender en vara: Vera Vikar." in content, "Send en vara i stedet" in content) == (True, False)
        for address in ("/moter/", "/"):
            assert "Svar på innkallingen" not in ola.get(address).content.decode(), address
        assert "Du sender en vara" in ola.get("/moter/").content.decode()
        third = make_user("Tove Tredje", "faglaerer", today=cast.today)
        for browser in (kari, ola):
            assert browser.post(url, {"who": f"faglaerer:{third.public_id}"}).status_code == 302
        assert not Invitee.objects.filter(meeting=called, user=third).exists()
        # A substitute who cannot come leaves the place open again.
        client_of(other).post(called.get_absolute_url(), {"svar": "kommer-ikke"})
        assert "Send en vara i stedet" in ola.get(called.get_absolute_url()).content.decode()

    def test_one_who_said_yes_and_then_sends_a_substitute_does_not_come_until_they_say_so_again(
        self, cast: Cast, called: Meeting, other: User
    ) -> None:  # fmt: skip
        ola, page = signed_in(cast, "faglaerer"), called.get_absolute_url()
        ola.post(page, {"svar": "kommer"})
        own = Invitee.objects.get(meeting=called, user=cast.faglaerer)
        ola.post(reverse("invitee_substitute", args=[called.public_id, own.public_id]), {"who": f"faglaerer:{other.public_id}"})
        for summary, said in (
            ("1 kommer, 0 kommer ikke, 2 har ikke svart, 1 sender vara.", "Du sender en vara: Vera Vikar."),
            ("2 kommer, 0 kommer ikke, 2 har ikke svart.", "Du har svart at du kommer."),
        ):
            assert signed_in(cast, "koordinator").get(page).context["invited"].summary == summary
            assert said in ola.get(page).content.decode()
            ola.post(page, {"svar": "kommer"})

    @pytest.mark.parametrize(("who", "is_named"), [("faglaerer", True), ("fadder", False)])
    def test_the_substitute_reads_whom_they_stand_in_for_if_it_is_a_colleague(
        self, cast: Cast, who: str, is_named: bool
    ) -> None:  # fmt: skip
        meeting = plan(cast, "cooperation", about(cast))
        call(cast, meeting)
        own = Invitee.objects.get(meeting=meeting, user=cast.users[who])
        url = reverse("invitee_substitute", args=[meeting.public_id, own.public_id])
        answer = signed_in(cast, "koordinator").post(url, {"name": "Nina Vara", "email": "nina@example.no"})
        assert answer.status_code == 302
        (mail,) = mails_to("nina@example.no")
        assert (f"Du er spurt som vara for {cast.users[who].name}." in mail.text) is is_named
        assert (cast.users[who].name in mail.text) is is_named

    def test_one_may_not_name_a_substitute_for_another(self, cast: Cast, called: Meeting) -> None:
        other = Invitee.objects.get(meeting=called, user=cast.norsklaerer)
        url = reverse("invitee_substitute", args=[called.public_id, other.public_id])
        assert signed_in(cast, "faglaerer").get(url).status_code == 403

    def test_a_participant_has_no_substitute(self, cast: Cast) -> None:
        meeting = plan(cast, "cooperation", about(cast))
        row = Invitee.objects.get(meeting=meeting, role="deltaker")
        url = reverse("invitee_substitute", args=[meeting.public_id, row.public_id])
        assert signed_in(cast, "koordinator").post(url, {"name": "Nils", "email": "nils@example.no"}).status_code == 403

    def test_a_fixed_substitute_is_invited_by_itself_when_one_declines(self, cast: Cast, other: User) -> None:
        series = MeetingSeries.objects.create(
            kind="project_group", trade=cast.trades["BUA"], name="P", first_on=cast.today, starts_at="09:00"
        )
        SeriesInvitee.objects.create(series=series, role="faglaerer", user=cast.faglaerer, substitute=other)
        meeting = plan(cast, "project_group", "&fag=BUA")
        Meeting.objects.filter(pk=meeting.pk).update(series=series, series_on=ahead(14))
        call(cast, meeting)
        url = meeting.get_absolute_url()
        for _time in range(2):
            signed_in(cast, "faglaerer").post(url, {"svar": "kommer-ikke"})
        made = Invitee.objects.get(meeting=meeting, user=other)
        assert made.substitutes == Invitee.objects.get(meeting=meeting, user=cast.faglaerer)
        assert len(mails_to(other)) == 1

    def test_nobody_without_the_record_in_scope_is_asked_to_a_meeting_about_it(self, cast: Cast) -> None:
        meeting = plan(cast, "cooperation", about(cast))
        url = reverse("invitee_add", args=[meeting.public_id])
        browser = signed_in(cast, "koordinator")
        choices = dict(browser.get(url).context["form"].fields["who"].choices)
        assert f"faglaerer:{cast.annen_faglaerer.public_id}" not in choices
        answer = browser.post(url, {"who": f"faglaerer:{cast.annen_faglaerer.public_id}"})
        assert answer.status_code == 422
