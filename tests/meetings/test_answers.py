"""Those invited answer in Fagbrev, or by the link in the mail."""

from __future__ import annotations

import base64
import re
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fagbrev.audit.models import ChangeLog
from fagbrev.forms.models import Submission
from fagbrev.people.models import User
from meetings.models import Invitee, Meeting
from tests.cast import Cast, make_user
from tests.meetings.arranged import about, ahead, call, client_of, plan, signed_in
from tests.meetings.mailed import OSLO, call_off, link_in, mails_to, move


def without_token(answer: Any) -> str:
    """The page, without what is another one each time it is asked for."""
    return re.sub(r'(X-CSRFToken": |value=)"[^"]+"', "", answer.content.decode())


class TestAnswers:
    """In Fagbrev, and by the link in the mail."""

    def test_one_answers_in_fagbrev_and_may_change_it(self, cast: Cast, called: Meeting) -> None:
        url, browser = called.get_absolute_url(), signed_in(cast, "faglaerer")
        assert browser.post(url, {"svar": "kommer-ikke", "words": "Er på kurs"}).status_code == 302
        own = Invitee.objects.get(meeting=called, user=cast.faglaerer)
        assert (own.answer, own.answer_words, own.answered_by_link) == ("declined", "Er på kurs", False)
        assert "Er på kurs" in signed_in(cast, "koordinator").get(called.get_absolute_url()).content.decode()
        assert "Er på kurs" not in signed_in(cast, "norsklaerer").get(called.get_absolute_url()).content.decode()
        browser.post(url, {"svar": "kommer"})
        own.refresh_from_db()
        assert (own.answer, own.answer_words) == ("accepted", "")

    def test_a_yes_from_a_page_opened_before_it_was_moved_is_none_to_the_new_time(self, cast: Cast, called: Meeting) -> None:
        browser, url = signed_in(cast, "faglaerer"), called.get_absolute_url()
        opened = browser.get(url).context["answer"]["form"]
        sent = {"svar": "kommer", "words": "Tar med kake", "when": opened["when"].value()}
        move(cast, called, at="14:00")
        answer = browser.post(url, sent)
        form = answer.context["answer"]["form"]
        assert (answer.status_code, form["words"].value()) == (422, "Tar med kake")
        assert "Møtet er flyttet" in answer.content.decode()
        own = Invitee.objects.get(meeting=called, user=cast.faglaerer)
        assert own.answer == ""
        assert browser.post(url, sent | {"when": form["when"].value()}).status_code == 302
        own.refresh_from_db()
        assert own.answer == "accepted"

    def test_words_that_are_too_long_are_said_by_the_field_and_not_lost(self, cast: Cast, called: Meeting) -> None:
        words = "Jeg kommer litt seinere. " * 20
        answer = signed_in(cast, "faglaerer").post(called.get_absolute_url(), {"svar": "kommer", "words": words})
        assert answer.status_code == 422
        form = answer.context["answer"]["form"]
        assert ("words" in form.errors, form["words"].value()) == (True, words)
        assert Invitee.objects.get(meeting=called, user=cast.faglaerer).answer == ""

    def test_one_who_is_not_invited_has_nothing_to_answer(self, cast: Cast, called: Meeting) -> None:
        other = make_user("Mona Demo", "coordinator", today=cast.today)
        assert client_of(other).post(called.get_absolute_url(), {"svar": "kommer"}).status_code == 403

    def test_words_typed_when_the_session_ran_out_come_back(self, cast: Cast, called: Meeting) -> None:
        browser, url = signed_in(cast, "faglaerer"), called.get_absolute_url()
        owner = browser.get(url).context["answer"]["form"]["owner"].value()
        browser.logout()
        answer = browser.post(url, {"svar": "kommer", "words": "Tar med kake", "owner": owner})
        browser.force_login(cast.faglaerer, backend="allauth.account.auth_backends.AuthenticationBackend")
        back = parse_qs(urlsplit(answer.headers["Location"]).query)["next"][0]
        assert "Tar med kake" in browser.get(back).content.decode()

    def test_the_link_only_shows_until_it_is_posted(self, cast: Cast, called: Meeting) -> None:
        link, browser = link_in(mails_to(cast.faglaerer)[0]), Client()
        content = browser.get(link).content.decode()
        assert "Rådhuset, møterom 2" in content
        assert "Prosjektgruppemøte" in content
        assert [user.name for user in cast.users.values() if user.name in content] == []
        own = Invitee.objects.get(meeting=called, user=cast.faglaerer)
        assert own.answer == ""
        answer = browser.post(link, {"svar": "kommer", "words": ""})
        assert (answer.status_code, answer.headers["Location"]) == (302, link)
        own.refresh_from_db()
        assert (own.answer, own.answered_by_link) == ("accepted", True)
        assert "Du har svart at du kommer." in browser.get(link).content.decode()

    def test_the_link_is_kept_nowhere_by_answering_it(self, cast: Cast, called: Meeting) -> None:
        link, browser = link_in(mails_to(cast.faglaerer)[0]), Client()
        sent = {"svar": "kommer", "submission": browser.get(link).context["form"]["submission"].value()}
        for _time in range(2):
            answer = browser.post(link, sent)
            assert (answer.status_code, answer.headers["Location"]) == (302, link)
        assert list(Submission.objects.filter(token=sent["submission"]).values_list("url", flat=True)) == [""]
        own = Invitee.objects.get(meeting=called, user=cast.faglaerer)
        assert ChangeLog.objects.filter(subject_id=own.public_id, verb="answered").count() == 1

    def test_only_the_hash_of_a_long_random_token_is_stored(self, cast: Cast, called: Meeting) -> None:
        tokens = [link_in(mails_to(user)[0]).split("/")[2] for user in (cast.koordinator, cast.faglaerer, cast.norsklaerer)]
        assert len(set(tokens)) == 3
        assert all(len(base64.urlsafe_b64decode(token + "==")) >= 16 for token in tokens)
        held = str(list(Invitee.objects.values()))
        assert [token for token in tokens if token in held] == []

    def test_the_page_of_the_link_is_kept_nowhere(self, cast: Cast, called: Meeting) -> None:
        answer = Client().get(link_in(mails_to(cast.faglaerer)[0]))
        assert "no-store" in answer.headers["Cache-Control"]
        assert answer.headers["Referrer-Policy"] == "same-origin"  # no other site is told; the form still says where it is from

    @pytest.mark.parametrize("why", ["expired", "begun", "called off", "removed", "role", "deactivated", "newer", "scope"])
    def test_a_link_that_holds_no_longer_answers_as_one_that_never_was(self, cast: Cast, why: str) -> None:
        kind = ("cooperation", about(cast)) if why == "scope" else ("project_group", "&fag=BUA")
        meeting = plan(cast, *kind)
        call(cast, meeting)
        link, browser = link_in(mails_to(cast.faglaerer)[0]), Client()
        assert browser.get(link).status_code == 200
        own = Invitee.objects.filter(meeting=meeting, user=cast.faglaerer)
        now = timezone.now()
        if why == "expired":
            own.update(token_expires_at=now)
        elif why == "begun":
            Meeting.objects.filter(pk=meeting.pk).update(starts_at=now - timedelta(minutes=1))
        elif why == "called off":
            call_off(cast, meeting)
        elif why == "removed":
            signed_in(cast, "koordinator").post(reverse("invitee_remove", args=[meeting.public_id, own.get().public_id]))
        elif why == "role":
            cast.faglaerer.grants.update(ends_on=cast.today - timedelta(days=1))
        elif why == "deactivated":
            User.objects.filter(pk=cast.faglaerer.pk).update(is_active=False)
        elif why == "newer":
            move(cast, meeting, at="13:00")
        elif why == "scope":
            cast.faglaerer.teaching.update(ends_on=cast.today - timedelta(days=1))
        for verb in (browser.get, browser.post):
            gone, never = verb(link), verb("/svar/aldri-vaert/")
            assert gone.status_code == never.status_code == 404
            assert without_token(gone) == without_token(never)
        assert own.get().answer == ""

    def test_the_link_lasts_fourteen_days_or_until_the_meeting(self, cast: Cast) -> None:
        for days, wanted in ((9, None), (40, timedelta(days=14))):
            meeting = plan(cast, "project_group", "&fag=BUA", day=ahead(days).isoformat())
            before = timezone.now()
            call(cast, meeting)
            expires = Invitee.objects.get(meeting=meeting, user=cast.faglaerer).token_expires_at
            assert expires is not None
            if wanted is None:
                assert expires == Meeting.objects.get(pk=meeting.pk).starts_at
            else:
                assert before + wanted <= expires <= timezone.now() + wanted

    def test_the_link_shows_what_one_wrote_when_the_answer_is_changed(self, cast: Cast, called: Meeting) -> None:
        url, browser = link_in(mails_to(cast.faglaerer)[0]), Client()
        browser.post(url, {"svar": "kommer", "words": "Kommer ti over"})
        assert browser.get(url).context["form"]["words"].value() == "Kommer ti over"

    def test_one_outside_answers_by_the_link(self, cast: Cast, called: Meeting) -> None:
        url = reverse("invitee_add", args=[called.public_id])
        signed_in(cast, "koordinator").post(url, {"name": "Nina Nav", "email": "nina@nav.example"})
        (mail,) = mails_to("nina@nav.example")
        assert Client().post(link_in(mail), {"svar": "kommer-ikke", "words": "Har ferie"}).status_code == 302
        own = Invitee.objects.get(meeting=called, name="Nina Nav")
        assert (own.answer, own.answer_words) == ("declined", "Har ferie")

    def test_without_a_button_pressed_nothing_is_answered(self, cast: Cast, called: Meeting) -> None:
        link = link_in(mails_to(cast.faglaerer)[0])
        assert Client().post(link, {"words": "Hei"}).status_code == 422

    def test_guessing_is_slowed_down(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("meetings.views.invitations.ANSWERS_A_MINUTE", 5)
        monkeypatch.setattr("meetings.views.invitations.timezone.now", lambda: datetime(2030, 1, 1, 12, tzinfo=OSLO))
        answers = [Client().get(f"/svar/proeve-{number}/").status_code for number in range(7)]
        assert answers == [404] * 5 + [429] * 2

    def test_the_logs_hold_no_token(self) -> None:
        from fagbrev.web.logs import without_secrets

        assert without_secrets("GET /svar/hemmelig-123_x/ 200") == "GET /svar/…/ 200"
