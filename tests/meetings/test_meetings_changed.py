"""A meeting from called to held or called off: what is changed, by two at once too, and who came."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from fagbrev.audit.models import ChangeLog
from fagbrev.mail.models import OutgoingMail
from meetings.models import Invitee, Meeting
from tests.cast import Cast, make_user
from tests.meetings.arranged import about, ahead, call, plan, signed_in


class TestCallChangeAndHold:
    """Called once, changed with a version, called off, and held."""

    def test_called_twice_is_called_once(self, cast: Cast) -> None:
        meeting = plan(cast, "project_group", "&fag=BUA")
        version = meeting.version
        url, browser = reverse("meeting_call", args=[meeting.public_id]), signed_in(cast, "koordinator")
        for _time in range(2):
            assert browser.post(url, {"version": version}).status_code == 302
        assert ChangeLog.objects.filter(verb="called").count() == 1

    @pytest.mark.parametrize(("place", "is_told"), [("", True), ("Rådhuset", False)])
    def test_a_call_that_does_not_say_where_is_told_of(self, cast: Cast, place: str, is_told: bool) -> None:
        meeting = plan(cast, "project_group", "&fag=BUA")
        Meeting.objects.filter(pk=meeting.pk).update(place=place)
        url = reverse("meeting_call", args=[meeting.public_id])
        answer = signed_in(cast, "koordinator").post(url, {"version": meeting.version}, follow=True)
        assert ("sier ikke hvor møtet er" in answer.content.decode()) is is_told

    def test_whoever_calls_or_moves_it_comes(self, cast: Cast) -> None:
        meeting = plan(cast, "project_group", "&fag=BUA")
        call(cast, meeting)
        meeting.refresh_from_db()
        url = reverse("meeting_edit", args=[meeting.public_id])
        data = {"day": ahead(20).isoformat(), "at": "10:00", "minutes_long": "60", "version": meeting.version}
        assert signed_in(cast, "koordinator").post(url, data).status_code == 302
        answers = dict(Invitee.objects.filter(meeting=meeting).values_list("user__name", "answer"))
        assert answers == {"Kari Koordinator": "accepted", "Ola Faglaerer": "", "Anna Norsklaerer": ""}

    def test_two_who_change_at_once_see_both_texts(self, cast: Cast) -> None:
        meeting = plan(cast, "project_group", "&fag=BUA")
        url, browser = reverse("meeting_edit", args=[meeting.public_id]), signed_in(cast, "koordinator")
        data = {"day": ahead(20).isoformat(), "at": "10:00", "minutes_long": "60", "place": "Først", "version": meeting.version}
        assert browser.post(url, data).status_code == 302
        answer = browser.post(url, data | {"place": "Så"})
        assert answer.status_code == 409
        assert "Først" in answer.content.decode()
        assert "Så" in answer.content.decode()

    def test_who_came_is_one_save_and_the_meeting_is_held(self, cast: Cast) -> None:
        meeting = plan(cast, "project_group", "&fag=BUA")
        call(cast, meeting)
        begun = timezone.now() - timedelta(minutes=10)
        url = reverse("meeting_attendance", args=[meeting.public_id])
        browser = signed_in(cast, "norsklaerer")
        assert browser.get(url).status_code == 302  # not before it has begun
        Meeting.objects.filter(pk=meeting.pk).update(starts_at=begun, ends_at=begun + timedelta(hours=1))
        meeting.refresh_from_db()
        came = Invitee.objects.get(meeting=meeting, user=cast.faglaerer)
        assert browser.post(url, {"version": meeting.version, "kom": [came.public_id]}).status_code == 302
        meeting.refresh_from_db()
        assert (meeting.state, meeting.held_on) == ("held", timezone.localdate(begun))
        assert dict(Invitee.objects.filter(meeting=meeting).values_list("user__name", "attended")) == {
            "Kari Koordinator": False, "Ola Faglaerer": True, "Anna Norsklaerer": False
        }  # fmt: skip
        assert browser.post(url, {"version": meeting.version - 1, "kom": []}).headers["Location"] == url

    def test_one_that_was_never_called_here_can_be_held_when_it_has_begun(self, cast: Cast) -> None:
        meeting = plan(cast, "project_group", "&fag=BUA")
        begun = timezone.now() - timedelta(days=1)
        Meeting.objects.filter(pk=meeting.pk).update(starts_at=begun, ends_at=begun + timedelta(hours=1))
        meeting.refresh_from_db()
        url, browser = reverse("meeting_attendance", args=[meeting.public_id]), signed_in(cast, "koordinator")
        assert url in browser.get(meeting.get_absolute_url()).content.decode()
        assert browser.post(url, {"version": meeting.version, "kom": []}).status_code == 302
        meeting.refresh_from_db()
        assert meeting.state == "held"

    def test_one_who_came_without_being_invited_is_put_among_those_who_came_and_sent_nothing(self, cast: Cast) -> None:
        meeting = plan(cast, "project_group", "&fag=BUA")
        call(cast, meeting)
        begun = timezone.now() - timedelta(minutes=10)
        Meeting.objects.filter(pk=meeting.pk).update(starts_at=begun, ends_at=begun + timedelta(hours=1))
        substitute, mails = make_user("Vera Vikar", "faglaerer", today=cast.today), OutgoingMail.objects.count()
        url, browser = reverse("meeting_attendance", args=[meeting.public_id]), signed_in(cast, "norsklaerer")
        assert "Bente Fadder" not in browser.get(url).content.decode()
        typed: list[dict[str, str]] = [{"who": f"faglaerer:{substitute.public_id}"}, {"name": "Nina Gjest", "role": "leder"}]
        for more in typed:
            meeting.refresh_from_db()
            shown = Invitee.objects.filter(meeting=meeting).exclude(user=cast.faglaerer)
            came = list(shown.values_list("public_id", flat=True))
            assert browser.post(url, {"version": meeting.version, "kom": came, **more}).status_code == 302
        assert set(Invitee.objects.filter(meeting=meeting, attended=True).values_list("user__name", "name", "role")) == {
            ("Kari Koordinator", "", "coordinator"), ("Anna Norsklaerer", "", "norsklaerer"),
            ("Vera Vikar", "", "faglaerer"), (None, "Nina Gjest", "leder"),
        }  # fmt: skip
        assert OutgoingMail.objects.count() == mails
        content = signed_in(cast, "koordinator").get(meeting.get_absolute_url()).content.decode()
        assert ("4 av 5 møtte." in content, "har ikke e-post" in content) == (True, False)

    def test_of_one_outside_who_said_no_nothing_stands_before_it(self, cast: Cast) -> None:
        meeting = plan(cast, "project_group", "&fag=BUA")
        begun = timezone.now() - timedelta(minutes=10)
        Meeting.objects.filter(pk=meeting.pk).update(starts_at=begun, ends_at=begun + timedelta(hours=1))
        Invitee.objects.create(meeting=meeting, name="Nina Nav", email="nina@nav.example", answer="declined")
        Invitee.objects.filter(meeting=meeting, user=cast.faglaerer).update(answer="declined")
        content = signed_in(cast, "koordinator").get(reverse("meeting_attendance", args=[meeting.public_id])).content.decode()
        assert "<small>svarte nei</small>" in content
        assert "<small>faglærer · svarte nei</small>" in content

    def test_a_guest_typed_wrong_keeps_the_ticks(self, cast: Cast) -> None:
        meeting = plan(cast, "project_group", "&fag=BUA")
        begun = timezone.now() - timedelta(minutes=10)
        Meeting.objects.filter(pk=meeting.pk).update(starts_at=begun, ends_at=begun + timedelta(hours=1))
        one = Invitee.objects.get(meeting=meeting, user=cast.faglaerer)
        url = reverse("meeting_attendance", args=[meeting.public_id])
        sent = {"version": meeting.version, "kom": [one.public_id], "role": "leder"}
        answer = signed_in(cast, "koordinator").post(url, sent)
        assert (answer.status_code, answer.context["form"].errors["name"]) == (422, ["Skriv navnet på den som kom."])
        assert [row.user.name for row in answer.context["rows"] if row.ticked] == ["Ola Faglaerer"]
        meeting.refresh_from_db()
        assert meeting.state == "planned"

    def test_nobody_without_the_record_in_scope_is_put_among_those_who_came_to_a_meeting_about_it(self, cast: Cast) -> None:
        meeting = plan(cast, "cooperation", about(cast))
        begun = timezone.now() - timedelta(minutes=10)
        Meeting.objects.filter(pk=meeting.pk).update(starts_at=begun, ends_at=begun + timedelta(hours=1))
        meeting.refresh_from_db()
        url = reverse("meeting_attendance", args=[meeting.public_id])
        sent = {"version": meeting.version, "who": f"faglaerer:{cast.annen_faglaerer.public_id}"}
        assert signed_in(cast, "koordinator").post(url, sent).status_code == 422

    def test_what_is_said_of_mails_is_true_about_a_strictly_protected_one(self, cast: Cast) -> None:
        meeting = plan(cast, "cooperation", about(cast))
        call(cast, meeting)
        type(cast.selma.participant).objects.filter(pk=cast.selma.participant_id).update(
            address_protection="strengt_fortrolig", address=""
        )
        meeting.refresh_from_db()
        browser = signed_in(cast, "koordinator")
        edit, add, cancel = (
            reverse(name, args=[meeting.public_id]) for name in ("meeting_edit", "invitee_add", "meeting_cancel")
        )
        assert "får beskjed" not in browser.get(edit).content.decode()
        moved = {"day": ahead(20).isoformat(), "at": "10:00", "minutes_long": "60", "version": meeting.version}
        said = browser.post(edit, moved, follow=True).content.decode()
        assert "ingen e-post er sendt" in said and "får beskjed" not in said
        said = browser.post(add, {"name": "Nils Navn", "email": "nils@example.no"}, follow=True).content.decode()
        assert "ingen e-post er sendt" in said and "Innkallingen er sendt" not in said
        assert "får beskjed" not in browser.get(cancel).content.decode()
        meeting.refresh_from_db()
        said = browser.post(cancel, {"cancel_words": "", "version": meeting.version}, follow=True).content.decode()
        assert "ingen e-post er sendt" in said and "får beskjed" not in said

    def test_calling_off_one_that_is_over_promises_no_mail(self, cast: Cast) -> None:
        meeting = plan(cast, "project_group", "&fag=BUA")
        call(cast, meeting)
        begun = timezone.now() - timedelta(days=1)
        Meeting.objects.filter(pk=meeting.pk).update(starts_at=begun, ends_at=begun + timedelta(hours=1))
        meeting.refresh_from_db()
        browser, url = signed_in(cast, "koordinator"), reverse("meeting_cancel", args=[meeting.public_id])
        assert "får beskjed" not in browser.get(url).content.decode()
        said = browser.post(url, {"cancel_words": "", "version": meeting.version}, follow=True).content.decode()
        assert "Møtet er avlyst" in said and "får beskjed" not in said

    def test_called_off_is_shown_with_its_reason(self, cast: Cast) -> None:
        meeting = plan(cast, "project_group", "&fag=BUA")
        call(cast, meeting)
        meeting.refresh_from_db()
        url = reverse("meeting_cancel", args=[meeting.public_id])
        data = {"cancel_words": "Sykdom i gruppa", "version": meeting.version}
        assert signed_in(cast, "koordinator").post(url, data).status_code == 302
        content = signed_in(cast, "faglaerer").get(meeting.get_absolute_url()).content.decode()
        assert "Avlyst" in content
        assert "Sykdom i gruppa" in content
        shown = signed_in(cast, "koordinator").get(meeting.get_absolute_url()).content.decode()
        assert reverse("minutes_page", args=[meeting.public_id]) not in shown  # there is nothing to write of it
