"""Who gets which state of the minutes and what each reader gets of them; from draft to approved and corrected."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from fagbrev.audit.models import LookLog
from fagbrev.mail.models import OutgoingMail
from meetings.access import meeting_of
from meetings.actions.agenda import pick_people
from meetings.actions.meeting_actions import agree
from meetings.actions.minutes import MinutesRefused, approve_minutes, start_minutes
from meetings.agenda_shown import meeting_day_words
from meetings.documents import minutes_context
from meetings.models import AgendaItem, Invitee, Meeting
from participants.models import Participant
from programmes.models import TeachingAssignment
from tests.cast import Cast
from tests.meetings.group import GROUP, as_held, held, meet, signed_in, steering
from tests.meetings.minuted import about, say, shared, url


class TestWhoReads:
    def test_a_draft_is_for_those_who_write_alone(self, cast: Cast) -> None:
        row = steering(cast, days=0)
        start_minutes(meeting=as_held(row), by=cast.koordinator)
        assert signed_in(cast, "koordinator").get(url("minutes_page", row)).status_code == 200
        assert signed_in(cast, "styringsgruppe").get(url("minutes_page", row)).status_code == 404
        assert signed_in(cast, "styringsgruppe").get(url("minutes_pdf", row)).status_code == 404
        shared(cast, row)
        assert signed_in(cast, "styringsgruppe").get(url("minutes_page", row)).status_code == 200
        assert signed_in(cast, "faglaerer").get(url("minutes_page", row)).status_code == 404

    def test_a_point_about_a_participant_out_of_scope_is_not_there_nor_counted_in_any_version(self, cast: Cast) -> None:
        row = held(cast, days=0, who=(*GROUP, "annen_faglaerer"))
        pick_people(meeting=row, chosen=[cast.selma], among=[cast.selma], by=cast.koordinator, at=timezone.now())
        start_minutes(meeting=row, by=cast.koordinator)
        say(cast, about(row, cast.selma), discussion="Trenger mer norsk")
        agree(
            item=about(row, cast.selma), words="Ringe lederen", invitee=Invitee.objects.get(meeting=row, role="norsklaerer"), name="",
            due_on=None, by=cast.koordinator, today=cast.today,
        )  # fmt: skip
        shared(cast, row)
        pages = (url("minutes_page", row), url("minutes_version", row, 1), url("agenda_page", row), url("meeting_detail", row))
        inside, outside = signed_in(cast, "norsklaerer"), signed_in(cast, "annen_faglaerer")
        for address in pages:
            assert "Selma Testesen" in inside.get(address).content.decode(), address
            hidden = outside.get(address).content.decode()
            for word in ("Selma", "Trenger mer norsk", "Ringe lederen", "3.1"):
                assert word not in hidden, (address, word)
        titles = re.findall(r'agenda-number">([\d.]+)<', outside.get(pages[0]).content.decode())
        assert titles == [str(number) for number in range(1, len(titles) + 1)]

    def test_one_who_loses_the_participant_loses_what_was_said_the_next_time(self, cast: Cast, meeting: Meeting) -> None:
        say(cast, about(meeting, cast.selma), discussion="Trenger mer norsk")
        shared(cast, meeting)
        client = signed_in(cast, "norsklaerer")
        assert "Trenger mer norsk" in client.get(url("minutes_page", meeting)).content.decode()
        TeachingAssignment.objects.filter(user=cast.norsklaerer).update(ends_on=cast.today - timedelta(days=1))
        for name, more in (("minutes_page", ()), ("minutes_version", (1,))):
            assert "Trenger mer norsk" not in client.get(url(name, meeting, *more)).content.decode()

    def test_a_cooperation_meeting_is_all_about_one_and_the_participant_reads_none_of_it(self, cast: Cast) -> None:
        who = ("koordinator", "faglaerer", "fadder", "leder", "deltaker")
        row = held(cast, days=0, kind="cooperation", who=who, enrolment=cast.selma)
        start_minutes(meeting=row, by=cast.koordinator)
        item = AgendaItem.objects.filter(meeting=row).first()
        assert item.enrolment == cast.selma
        say(cast, item, discussion="Kommer presis")
        shared(cast, row)
        for key in ("fadder", "leder", "faglaerer"):
            assert "Kommer presis" in signed_in(cast, key).get(url("minutes_page", row)).content.decode(), key
        assert "Kommer presis" not in signed_in(cast, "deltaker").get(url("minutes_page", row)).content.decode()

    def test_each_participant_read_of_is_logged_once_a_day_and_each_pdf_by_itself(
        self, cast: Cast, meeting: Meeting, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("meetings.documents.render_pdf", lambda *args, **kwargs: b"%PDF-1.7")
        shared(cast, meeting)
        client = signed_in(cast, "norsklaerer")
        for _turn in range(2):
            client.get(url("minutes_page", meeting))
            client.get(url("minutes_pdf", meeting))
            client.head(url("minutes_pdf", meeting))
        looks = LookLog.objects.filter(page="referat", user=cast.norsklaerer, participant_id=cast.selma.participant_id)
        assert sorted(looks.values_list("act", flat=True)) == ["look", "pdf", "pdf"]
        assert looks[0].sections == ["identity", "meeting_items"]


class TestFromDraftToApproved:
    def test_the_whole_way_on_the_pages(self, cast: Cast, meeting: Meeting) -> None:
        say(cast, about(meeting, cast.selma), discussion="Går fint")
        client = signed_in(cast, "koordinator")
        client.post(url("minutes_share", meeting))
        shown = client.get(url("minutes_page", meeting)).content.decode()
        assert f"Delt av {cast.koordinator.name} kl." in shown
        assert "data-autosave" not in shown and "Rett<" in shown
        Meeting.objects.filter(pk=meeting.pk).update(starts_at=timezone.now() - timedelta(days=28))
        later = meet(cast, days=0)
        address = f"{url('minutes_approve', meeting)}?i={later.public_id}"
        agenda = client.get(url("agenda_page", later)).content.decode()
        assert "Godkjenn referatet" in agenda and f"{address}&amp;neste={url('agenda_page', later)}" in agenda
        assert "Godkjenne referatet fra" in client.get(address).content.decode()
        answer = client.post(address, follow=True)
        meeting.minutes.refresh_from_db()
        assert (meeting.minutes.state, meeting.minutes.approved_in) == ("approved", later)
        assert answer.redirect_chain[0][0] == url("agenda_page", later)
        assert f"Referatet fra {meeting_day_words(meeting)} er godkjent og låst." in answer.content.decode()
        assert "Godkjent i møtet" in client.get(url("minutes_page", meeting)).content.decode()

    def test_they_are_approved_from_the_day_of_the_next_meeting_on(self, cast: Cast, meeting: Meeting) -> None:
        shared(cast, meeting)
        later = meet(cast, days=28)
        client, address = signed_in(cast, "koordinator"), f"{url('minutes_approve', meeting)}?i={later.public_id}"
        when = f"Godkjennes i møtet {meeting_day_words(later)}."
        for page in (url("agenda_page", later), url("minutes_page", meeting)):
            shown = client.get(page).content.decode()
            assert when in shown and address not in shown and "Godkjenn referatet" not in shown, page
        further = client.get(url("agenda_page", meet(cast, days=56))).content.decode()
        assert "Godkjennes i et møte før dette." in further and "Godkjenn referatet" not in further
        assert client.get(address).status_code == 302
        said = client.post(address, follow=True).content.decode()
        assert f"Referatet godkjennes i møtet {meeting_day_words(later)}." in said
        meeting.minutes.refresh_from_db()
        assert meeting.minutes.state == "shared"
        with pytest.raises(MinutesRefused):
            approve_minutes(meeting=meeting, by=cast.koordinator, at=timezone.now(), approved_in=later)

    def test_the_koordinator_alone_approves_without_a_meeting_and_is_asked_first(self, cast: Cast, meeting: Meeting) -> None:
        shared(cast, meeting)
        address = url("minutes_approve", meeting)
        teacher, client = signed_in(cast, "faglaerer"), signed_in(cast, "koordinator")
        assert address not in teacher.get(url("minutes_page", meeting)).content.decode()
        assert "Referatet godkjennes i neste møte." in teacher.post(address, follow=True).content.decode()
        meeting.minutes.refresh_from_db()
        assert meeting.minutes.state == "shared"
        assert "Godkjenn uten møte" in client.get(url("minutes_page", meeting)).content.decode()
        assert "uten møte?" in client.get(address).content.decode()
        assert "er godkjent og låst." in client.post(address, follow=True).content.decode()
        meeting.minutes.refresh_from_db()
        assert (meeting.minutes.state, meeting.minutes.approved_in) == ("approved", None)

    def test_no_minutes_are_approved_in_a_meeting_before_them_or_that_was_called_off(self, cast: Cast, meeting: Meeting) -> None:
        shared(cast, meeting)
        before, off = held(cast, days=-3), meet(cast, days=0, state="cancelled")
        Meeting.objects.filter(pk=off.pk).update(starts_at=meeting.starts_at + timedelta(minutes=1))
        client = signed_in(cast, "koordinator")
        assert client.post(f"{url('minutes_approve', meeting)}?i={before.public_id}").status_code == 404
        client.post(f"{url('minutes_approve', meeting)}?i={off.public_id}")
        meeting.minutes.refresh_from_db()
        assert meeting.minutes.state == "shared"

    def test_a_correction_needs_a_reason(self, cast: Cast, meeting: Meeting) -> None:
        item = about(meeting, cast.selma)
        say(cast, item, discussion="Går fint")
        shared(cast, meeting)
        item.refresh_from_db()
        client, address = signed_in(cast, "faglaerer"), url("minutes_correct", meeting, item.public_id)
        sent = {"discussion": "Går bra", "decision": "", "version": item.version}
        assert client.post(address, sent).status_code == 422
        client.post(address, sent | {"reason": "Feil ord"})
        shown = client.get(url("minutes_page", meeting)).content.decode()
        assert "Rettet: Feil ord" in shown and "Går bra" in shown
        assert "Går fint" in client.get(url("minutes_version", meeting, 1)).content.decode()

    def test_two_who_correct_at_once_see_both_texts(self, cast: Cast, meeting: Meeting) -> None:
        item = about(meeting, cast.selma)
        shared(cast, meeting)
        item.refresh_from_db()
        client, address = signed_in(cast, "faglaerer"), url("minutes_correct", meeting, item.public_id)
        sent = {"decision": "", "version": item.version, "reason": "Feil"}
        client.post(address, sent | {"discussion": "Den ene"})
        answer = client.post(address, sent | {"discussion": "Den andre"})
        assert answer.status_code == 409 and "Den ene" in answer.content.decode() and "Den andre" in answer.content.decode()

    def test_those_with_a_sign_in_are_told_and_one_without_is_named_to_the_one_who_shares(
        self, cast: Cast, meeting: Meeting
    ) -> None:
        Invitee.objects.create(meeting=meeting, name="Per Uteni", email="per@uteni.example")
        said = signed_in(cast, "koordinator").post(url("minutes_share", meeting), follow=True).content.decode()
        words = (
            "Referatet er delt med dem som er kalt inn og har innlogging. 2 får beskjed på e-post. Per Uteni har ikke innlogging"
        )
        assert words in said
        mails = OutgoingMail.objects.all()
        assert {mail.recipient for mail in mails} == {cast.faglaerer.email, cast.norsklaerer.email}
        for mail in mails:
            told = f"{mail.subject} {mail.text}"
            assert url("minutes_page", meeting) in told
            assert not [
                word for word in ("Selma", "Testesen", "prosjektgruppe", "Barne", meeting_day_words(meeting)) if word in told
            ]
        signed_in(cast, "koordinator").post(url("minutes_share", meeting))
        assert OutgoingMail.objects.count() == 2

    def test_nobody_is_told_who_may_read_nothing_of_what_was_said(self, cast: Cast) -> None:
        row = held(
            cast, days=0, kind="cooperation", who=("koordinator", "fadder", "deltaker", "annen_faglaerer"), enrolment=cast.selma
        )
        start_minutes(meeting=row, by=cast.koordinator)
        said = signed_in(cast, "koordinator").post(url("minutes_share", row), follow=True).content.decode()
        assert "1 får beskjed på e-post." in said
        assert [mail.recipient for mail in OutgoingMail.objects.all()] == [cast.users["fadder"].email]

    def test_about_a_strictly_protected_one_no_mail_leaves(self, cast: Cast) -> None:
        row = held(cast, days=0, kind="cooperation", who=("koordinator", "fadder"), enrolment=cast.selma)
        start_minutes(meeting=row, by=cast.koordinator)
        Participant.objects.filter(pk=cast.selma.participant_id).update(address_protection="strengt_fortrolig")
        signed_in(cast, "koordinator").post(url("minutes_share", row))
        assert not OutgoingMail.objects.exists()

    def test_a_point_with_points_below_it_is_not_said_to_be_empty(self, cast: Cast, meeting: Meeting) -> None:
        say(cast, about(meeting, cast.selma), discussion="Går fint")
        shared(cast, meeting)
        above = about(meeting, cast.selma).parent
        page = signed_in(cast, "koordinator").get(url("minutes_page", meeting)).content.decode()
        own = page.split(f'id="punkt-{above.public_id}"')[1].split("</article>")[0]
        assert "Ingenting er skrevet" not in own and "Ingenting er skrevet" in page
        printed = minutes_context(meeting_of(cast.koordinator, meeting.public_id, today=cast.today), meeting.minutes, note=False)
        assert [row.has_below for row in printed["rows"]].count(True) == 1

    def test_what_is_said_of_approved_minutes_is_true(self, cast: Cast, meeting: Meeting) -> None:
        shared(cast, meeting)
        address, client = url("minutes_correct", meeting, about(meeting, cast.selma).public_id), signed_in(cast, "koordinator")
        assert "Referatet er delt." in client.get(address).content.decode()
        approve_minutes(meeting=meeting, by=cast.koordinator, at=timezone.now())
        shown = client.get(address).content.decode()
        assert "Referatet er godkjent. En rettelse blir en ny versjon" in shown and "Referatet er delt." not in shown
        locked = "Referatet er låst. En rettelse blir en ny versjon."
        assert locked in client.get(url("minutes_page", meeting)).content.decode()
        teachers = signed_in(cast, "faglaerer").get(url("minutes_page", meeting)).content.decode()
        assert locked not in teachers and "Referatet er låst." in teachers

    def test_once_approved_the_koordinator_alone_corrects(self, cast: Cast, meeting: Meeting) -> None:
        shared(cast, meeting)
        approve_minutes(meeting=meeting, by=cast.koordinator, at=timezone.now())
        address = url("minutes_correct", meeting, about(meeting, cast.selma).public_id)
        assert signed_in(cast, "faglaerer").get(address).status_code == 403
        assert signed_in(cast, "koordinator").get(address).status_code == 200


class TestBeforeTheyAreShared:
    @pytest.mark.parametrize(
        ("days", "is_held", "offered"), [(7, False, ""), (-1, False, "meeting_attendance"), (-1, True, "minutes_share")]
    )
    def test_the_page_offers_what_can_be_done_now(self, cast: Cast, days: int, is_held: bool, offered: str) -> None:
        meeting = held(cast, days=days) if is_held else meet(cast, days=days)
        start_minutes(meeting=meeting, by=cast.koordinator)
        content = signed_in(cast, "koordinator").get(url("minutes_page", meeting)).content.decode()
        addresses = {name: reverse(name, args=[meeting.public_id]) for name in ("meeting_attendance", "minutes_share")}
        assert [name for name, address in addresses.items() if f'"{address}"' in content] == ([offered] if offered else [])
