"""What meetings tell by the way: names of who came, reasons of corrections, points of a draft, times and places of protected people."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fagbrev.access.models import RecordRestriction
from fagbrev.audit.models import LookLog
from fagbrev.people.models import RoleGrant
from followup.models import Action
from meetings.access import meeting_of
from meetings.actions.agenda import pick_people
from meetings.actions.meeting_actions import agree
from meetings.actions.minutes import approve_minutes, correct_item, share_minutes, start_minutes
from meetings.documents import file_name, minutes_context
from meetings.duties import minutes
from meetings.models import AgendaItem, Invitee, Meeting, MinutesVersion
from participants.models import Enrolment, Participant
from programmes.models import Partner, PartnerContact
from tests.cast import Cast
from tests.meetings.arranged import about as about_query
from tests.meetings.arranged import call, plan
from tests.meetings.group import GROUP, held, meet, signed_in
from tests.meetings.mailed import link_in, mails_to


def url(name: str, meeting: Meeting, *more: Any) -> str:
    return reverse(name, args=[meeting.public_id, *more])


def text_of(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def about(meeting: Meeting, enrolment: Any) -> AgendaItem:
    return AgendaItem.objects.get(meeting=meeting, kind="participant", enrolment=enrolment)


def shared(cast: Cast, meeting: Meeting) -> Meeting:
    start_minutes(meeting=meeting, by=cast.koordinator)
    share_minutes(meeting=meeting, by=cast.koordinator, at=timezone.now())
    return meeting


def printed(cast: Cast, meeting: Meeting, who: str) -> dict[str, Any]:
    user = type(cast.users[who]).objects.get(pk=cast.users[who].pk)
    seen = meeting_of(user, meeting.public_id, today=cast.today)
    return minutes_context(seen, meeting.minutes, note=False)


@pytest.fixture
def gathering(cast: Cast) -> Meeting:
    """A gathering of participants and teachers that was held, with minutes that are shared."""
    who = ("koordinator", "faglaerer", "annen_faglaerer", "deltaker")
    row = held(cast, days=0, kind="network_gathering", who=who)
    Invitee.objects.create(meeting=row, user=cast.annen_deltaker, role="deltaker", attended=True)
    return shared(cast, row)


class TestWhoCame:
    """Names of those who came are for those who may read them on the meeting's page."""

    def test_a_participant_reads_no_other_participants_name_in_the_minutes(self, cast: Cast, gathering: Meeting) -> None:
        client = signed_in(cast, "deltaker")
        for name, more in (("minutes_page", ()), ("minutes_version", (1,))):
            assert "Nadia" not in text_of(client, url(name, gathering, *more)), name
        assert "Nadia" not in str(printed(cast, gathering, "deltaker"))

    def test_a_teacher_reads_no_participant_out_of_scope(self, cast: Cast, gathering: Meeting) -> None:
        client = signed_in(cast, "faglaerer")
        for name, more in (("minutes_page", ()), ("minutes_version", (1,))):
            assert "Nadia" not in text_of(client, url(name, gathering, *more)), name
        assert "Nadia" not in str(printed(cast, gathering, "faglaerer"))

    def test_nor_does_a_koordinator_kept_away_from_one(self, cast: Cast, gathering: Meeting) -> None:
        RecordRestriction.objects.create(
            participant_id=cast.nadia.participant_id, kind="deny", user=cast.koordinator, reason="slekt",
            starts_on=cast.today - timedelta(days=1),
        )  # fmt: skip
        client = signed_in(cast, "koordinator")
        for name, more in (("minutes_page", ()), ("minutes_version", (1,))):
            shown = text_of(client, url(name, gathering, *more))
            assert "Nadia" not in shown and "Ola Fagl" in shown, name
        assert "Nadia" not in str(printed(cast, gathering, "koordinator"))

    def test_a_version_keeps_no_participants_name(self, cast: Cast, gathering: Meeting) -> None:
        kept = str(MinutesVersion.objects.get(minutes__meeting=gathering).content)
        assert "Nadia" not in kept and "Selma" not in kept

    def test_no_participant_out_of_scope_may_be_chosen_for_an_action(self, cast: Cast) -> None:
        row = held(cast, days=0, kind="network_gathering", who=("koordinator", "faglaerer"))
        Invitee.objects.create(meeting=row, user=cast.annen_deltaker, role="deltaker", attended=True)
        start_minutes(meeting=row, by=cast.koordinator)
        AgendaItem.objects.create(meeting=row, title="Annet", created_by=cast.koordinator)
        item = AgendaItem.objects.filter(meeting=row).first()
        assert "Nadia" not in text_of(signed_in(cast, "faglaerer"), url("minutes_action_new", row, item.public_id))

    def test_the_participant_reads_roles_where_the_meetings_page_says_roles(self, cast: Cast) -> None:
        row = held(cast, days=0, kind="cooperation", who=("koordinator", "faglaerer", "deltaker"), enrolment=cast.selma)
        shared(cast, row)
        assert "Ola Fagl" not in str(printed(cast, row, "deltaker"))
        assert "Ola Fagl" in str(printed(cast, row, "faglaerer"))


class TestReasons:
    def test_why_a_point_about_a_participant_was_corrected_is_for_those_who_may_read_the_point(self, cast: Cast) -> None:
        row = held(cast, days=0, who=(*GROUP, "annen_faglaerer"))
        pick_people(meeting=row, chosen=[cast.selma], among=[cast.selma], by=cast.koordinator, at=timezone.now())
        shared(cast, row)
        reason = "Selma var ikke syk likevel"
        correct_item(
            item=about(row, cast.selma),
            texts={"discussion": "Var til stede"},
            reason=reason,
            by=cast.koordinator,
            at=timezone.now(),
        )
        for name, more in (("minutes_page", ()), ("minutes_version", (2,))):
            assert reason in text_of(signed_in(cast, "faglaerer"), url(name, row, *more)), name
            shown = text_of(signed_in(cast, "annen_faglaerer"), url(name, row, *more))
            assert reason not in shown and "Rettet" in shown, name

    def test_nor_does_the_participant_read_it(self, cast: Cast) -> None:
        row = held(cast, days=0, kind="cooperation", who=("koordinator", "faglaerer", "deltaker"), enrolment=cast.selma)
        shared(cast, row)
        item = AgendaItem.objects.filter(meeting=row).first()
        correct_item(
            item=item, texts={"decision": "Ny avtale"}, reason="Feil om fraværet", by=cast.koordinator, at=timezone.now()
        )
        assert "Feil om fraværet" not in text_of(signed_in(cast, "deltaker"), url("minutes_page", row))


class TestADraft:
    def test_a_point_that_came_up_is_read_by_others_when_the_minutes_are_shared(self, cast: Cast) -> None:
        row = meet(cast, days=0, kind="steering_group", who=("koordinator", "styringsgruppe"))
        Meeting.objects.filter(pk=row.pk).update(starts_at=timezone.now() - timedelta(hours=1), ends_at=timezone.now())
        start_minutes(meeting=row, by=cast.koordinator)
        sent = {"title": "Sak fra møtet", "words": "Bare utkast"}
        assert signed_in(cast, "koordinator").post(url("minutes_item_new", row), sent).status_code == 302
        for name in ("agenda_page", "meeting_detail"):
            assert "Sak fra møtet" in text_of(signed_in(cast, "koordinator"), url(name, row))
            assert "Sak fra møtet" not in text_of(signed_in(cast, "styringsgruppe"), url(name, row)), name
        Meeting.objects.filter(pk=row.pk).update(state="held", held_on=cast.today)
        share_minutes(meeting=row, by=cast.koordinator, at=timezone.now())
        assert "Sak fra møtet" in text_of(signed_in(cast, "styringsgruppe"), url("minutes_page", row))


class TestLooks:
    def looks(self, cast: Cast, who: str) -> int:
        rows = LookLog.objects.filter(user=cast.users[who], participant_id=cast.selma.participant_id)
        return sum("meeting_items" in row.sections for row in rows)

    def test_the_agenda_of_a_meeting_about_one_is_logged(self, cast: Cast) -> None:
        row = meet(cast, days=7, kind="cooperation", who=("koordinator", "fadder"), enrolment=cast.selma)
        item = AgendaItem.objects.create(
            meeting=row, title="Språk", words="Trenger mer norsk", enrolment=cast.selma, created_by=cast.koordinator
        )
        assert item.words in text_of(signed_in(cast, "fadder"), url("agenda_page", row))
        assert self.looks(cast, "fadder") == 1

    def test_actions_on_the_meetings_page_are_logged(self, cast: Cast) -> None:
        row = held(cast, days=0)
        pick_people(meeting=row, chosen=[cast.selma], among=[cast.selma], by=cast.koordinator, at=timezone.now())
        start_minutes(meeting=row, by=cast.koordinator)
        invitee = Invitee.objects.get(meeting=row, user=cast.faglaerer)
        agree(item=about(row, cast.selma), words="Ringe NAV om Selma", invitee=invitee, name="", due_on=None, by=cast.koordinator,
              today=cast.today)  # fmt: skip
        shared(cast, row)
        assert "Ringe NAV om Selma" in text_of(signed_in(cast, "norsklaerer"), url("meeting_detail", row))
        assert self.looks(cast, "norsklaerer") == 1

    def test_a_point_opened_alone_is_logged(self, cast: Cast) -> None:
        row = held(cast, days=0)
        pick_people(meeting=row, chosen=[cast.selma], among=[cast.selma], by=cast.koordinator, at=timezone.now())
        start_minutes(meeting=row, by=cast.koordinator)
        signed_in(cast, "faglaerer").get(url("minutes_item", row, about(row, cast.selma).public_id))
        assert self.looks(cast, "faglaerer") == 1


class TestWhoWrites:
    def test_a_teacher_who_only_reads_changes_no_action_that_follows_the_participant(self, cast: Cast) -> None:
        row = held(cast, days=-40)
        pick_people(meeting=row, chosen=[cast.selma], among=[cast.selma], by=cast.koordinator, at=timezone.now())
        start_minutes(meeting=row, by=cast.koordinator)
        invitee = Invitee.objects.get(meeting=row, user=cast.faglaerer)
        made = agree(item=about(row, cast.selma), words="Ringe NAV", invitee=invitee, name="", due_on=None, by=cast.koordinator,
                     today=cast.today)  # fmt: skip
        shared(cast, row)
        Enrolment.objects.filter(pk=cast.selma.pk).update(status="terminated", ended_on=cast.today - timedelta(days=3))
        client = signed_in(cast, "faglaerer")
        assert "Ringe NAV" in text_of(client, url("minutes_page", row))
        answer = client.post(url("minutes_action_edit", row, made.public_id), {"words": "Endret", "version": made.version})
        assert answer.status_code == 404
        assert Action.objects.get(pk=made.follows_id).words == "Ringe NAV"

    def test_to_lead_a_meeting_about_one_gives_no_right_to_write_of_that_one(self, cast: Cast) -> None:
        row = meet(cast, days=7, kind="cooperation", who=("fadder", "koordinator"), enrolment=cast.selma)
        start_minutes(meeting=row, by=cast.koordinator)
        item = AgendaItem.objects.filter(meeting=row).first()
        client = signed_in(cast, "fadder")
        assert client.get(url("agenda_item_edit", row, item.public_id)).status_code == 403
        assert client.get(url("minutes_item_new", row)).status_code == 403
        assert client.get(url("minutes_page", row)).status_code == 404

    def test_a_point_of_minutes_that_are_shared_is_not_changed_past_their_versions(self, cast: Cast) -> None:
        row = shared(cast, held(cast, days=0))
        approve_minutes(meeting=row, by=cast.koordinator, at=timezone.now())
        item = AgendaItem.objects.filter(meeting=row, enrolment=None).first()
        client = signed_in(cast, "koordinator")
        client.post(url("agenda_item_edit", row, item.public_id), {"title": "Noe annet", "words": "", "version": item.version})
        client.post(url("agenda_item_withdraw", row, item.public_id))
        now = AgendaItem.objects.get(pk=item.pk)
        assert now.title == item.title and now.withdrawn_at is None

    def test_minutes_are_approved_in_a_meeting_of_the_same_group_alone(self, cast: Cast) -> None:
        row, other = shared(cast, held(cast, days=-7)), meet(cast, days=3, kind="cooperation", enrolment=cast.selma)
        answer = signed_in(cast, "koordinator").post(f"{url('minutes_approve', row)}?i={other.public_id}")
        row.minutes.refresh_from_db()
        assert answer.status_code == 404 and row.minutes.state == "shared"


class TestProtected:
    @pytest.fixture
    def protected(self, cast: Cast) -> Meeting:
        Participant.objects.filter(pk=cast.selma.participant_id).update(address_protection="fortrolig")
        return held(cast, days=-2, kind="cooperation", who=("koordinator", "faglaerer"), enrolment=cast.selma)

    def test_neither_time_nor_place_stands_in_the_pdf_nor_the_day_in_its_name(self, cast: Cast, protected: Meeting) -> None:
        shared(cast, protected)
        found = printed(cast, protected, "koordinator")
        assert found["place"] == "" and found["hours"] == ""
        assert str(protected.held_on) not in file_name(protected, "referat")

    def test_there_is_no_such_duty_about_a_strictly_protected_one(self, cast: Cast, protected: Meeting) -> None:
        Participant.objects.filter(pk=cast.selma.participant_id).update(address_protection="strengt_fortrolig")
        terms = type("T", (), {"today": cast.today})()
        assert protected.public_id not in {due.subject_id for due in minutes.derive(terms)}

    def test_the_mail_and_the_page_of_its_link_do_not_tell_when(self, cast: Cast) -> None:
        Participant.objects.filter(pk=cast.selma.participant_id).update(address_protection="fortrolig")
        row = plan(cast, "cooperation", about_query(cast), day=(cast.today + timedelta(days=3)).isoformat(), at="10:35")
        call(cast, row)
        (mail,) = mails_to(cast.leder)
        assert "10.35" not in mail.text + mail.html
        assert "10.35" not in Client().get(link_in(mail)).content.decode()


class TestWhoCalls:
    def test_to_lead_another_meeting_gives_a_member_of_the_steering_group_no_right_to_call_it_off(self, cast: Cast) -> None:
        RoleGrant.objects.create(user=cast.leder, role="styringsgruppe", starts_on=cast.today - timedelta(days=9))
        row = meet(cast, days=7, kind="cooperation", who=("leder", "koordinator"), enrolment=cast.selma)
        assert signed_in(cast, "leder").get(url("meeting_cancel", row)).status_code == 403

    def test_to_lead_the_group_opens_no_list_of_other_peoples_contacts(self, cast: Cast) -> None:
        partner = Partner.objects.create(name="NAV Prøvevik", kind="nav")
        PartnerContact.objects.create(partner=partner, name="Nils Navn", email="nils@example.no")
        row = meet(cast, days=7, kind="steering_group", who=("styringsgruppe", "koordinator"))
        assert "Nils Navn" not in text_of(signed_in(cast, "styringsgruppe"), url("invitee_add", row))
        assert "Nils Navn" in text_of(signed_in(cast, "koordinator"), url("invitee_add", row))


class TestEarlierMeetings:
    def test_what_was_agreed_about_one_is_for_those_who_were_invited_to_the_meeting(self, cast: Cast) -> None:
        before = held(cast, days=-20, kind="cooperation", who=("koordinator", "faglaerer"), enrolment=cast.selma)
        start_minutes(meeting=before, by=cast.koordinator)
        item = AgendaItem.objects.filter(meeting=before).first()
        made = agree(
            item=item, words="Snakke med Selma om gjeld", invitee=Invitee.objects.get(meeting=before, user=cast.faglaerer),
            name="", due_on=None, by=cast.koordinator, today=cast.today,
        )  # fmt: skip
        share_minutes(meeting=before, by=cast.koordinator, at=timezone.now())
        row = meet(cast, days=5, kind="cooperation", who=("koordinator", "faglaerer", "fadder"), enrolment=cast.selma)
        assert made.words in text_of(signed_in(cast, "faglaerer"), url("agenda_page", row))
        assert made.words not in text_of(signed_in(cast, "fadder"), url("agenda_page", row))
        answer = signed_in(cast, "fadder").post(url("minutes_action_done", row, made.public_id))
        assert answer.status_code == 404


class TestLooksAtForms:
    @pytest.mark.parametrize("name", ["meeting_edit", "invitee_add", "agenda_item_edit"])
    def test_a_form_that_tells_of_whom_a_meeting_is_about_is_a_look(self, cast: Cast, name: str) -> None:
        row = meet(cast, days=3, kind="cooperation", who=("koordinator", "faglaerer"), enrolment=cast.selma)
        item = AgendaItem.objects.create(
            meeting=row, title="Annet", words="Fravær", enrolment=cast.selma, created_by=cast.koordinator
        )
        more = (item.public_id,) if name == "agenda_item_edit" else ()
        assert signed_in(cast, "koordinator").get(url(name, row, *more)).status_code == 200
        look = LookLog.objects.get(user=cast.koordinator, participant_id=cast.selma.participant_id)
        assert "meeting_items" in look.sections


class TestGatherings:
    """Nobody but the koordinator and who leads reads who comes (docs/access.md)."""

    @pytest.fixture
    def gathering(self, cast: Cast) -> Meeting:
        """Faddere together, with one from outside who said no and two teachers, one of whom leads."""
        row = held(cast, days=0, kind="mentor_gathering", who=("annen_faglaerer", "faglaerer", "fadder"))
        Invitee.objects.create(meeting=row, name="Guri Gjest", role="fadder", answer="declined")
        return row

    def test_a_teacher_who_writes_does_not(self, cast: Cast, gathering: Meeting) -> None:
        shared(cast, gathering)
        client = signed_in(cast, "faglaerer")
        assert client.get(url("meeting_attendance", gathering)).status_code == 403
        assert client.post(url("meeting_attendance", gathering), {"version": 1}).status_code == 403
        for name, more in (("meeting_detail", ()), ("minutes_page", ()), ("minutes_version", (1,))):
            shown = text_of(client, url(name, gathering, *more))
            assert "Guri" not in shown and "Bente" not in shown and "Før oppmøtet" not in shown, name
        assert "Bente" not in str(printed(cast, gathering, "faglaerer"))

    def test_nor_is_one_to_choose_for_an_action(self, cast: Cast, gathering: Meeting) -> None:
        start_minutes(meeting=gathering, by=cast.koordinator)
        item = AgendaItem.objects.create(meeting=gathering, title="Annet", created_by=cast.koordinator)
        shown = text_of(signed_in(cast, "faglaerer"), url("minutes_action_new", gathering, item.public_id))
        assert "Guri" not in shown and "Bente" not in shown

    def test_who_leads_records_who_came(self, cast: Cast, gathering: Meeting) -> None:
        assert "Guri Gjest" in text_of(signed_in(cast, "annen_faglaerer"), url("meeting_attendance", gathering))
        assert "Guri Gjest" in text_of(signed_in(cast, "koordinator"), url("meeting_attendance", gathering))
