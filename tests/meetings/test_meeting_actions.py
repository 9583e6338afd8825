"""What is agreed in a meeting comes back until it is done: on the next agenda, with the one named, and where the person is."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from fagbrev.duties.engine import refresh
from fagbrev.duties.mails import mail_lines
from fagbrev.duties.models import Duty
from fagbrev.duties.reading import duties_for
from fagbrev.duties.registry import sources
from followup.models import Action
from meetings.actions.agenda import pick_people
from meetings.actions.meeting_actions import agree, mark_done, withdraw
from meetings.actions.minutes import share_minutes, start_minutes
from meetings.models import AgendaItem, Invitee, Meeting, MeetingAction
from programmes.models import TeachingAssignment
from tests.cast import Cast, make_user
from tests.meetings.group import held, meet, signed_in, steering


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    """A meeting four weeks ago, with minutes that are begun, and Selma to talk of."""
    row = held(cast, days=-28)
    pick_people(meeting=row, chosen=[cast.selma], among=[cast.selma], by=cast.koordinator, at=timezone.now())
    start_minutes(meeting=row, by=cast.koordinator)
    return row


def point(meeting: Meeting, *, person: bool = False) -> AgendaItem:
    rows = AgendaItem.objects.filter(meeting=meeting)
    return rows.get(kind="participant") if person else rows.get(standing__code="ressurser")


def agreed(
    cast: Cast,
    meeting: Meeting,
    who: str = "norsklaerer",
    *,
    person: bool = False,
    due: date | None = None,
    name: str = "",
    words: str = "Bestille rom",
) -> MeetingAction:
    invitee = Invitee.objects.get(meeting=meeting, user=cast.users[who]) if who else None
    return agree(
        item=point(meeting, person=person),
        words=words,
        invitee=invitee,
        name=name,
        due_on=due,
        by=cast.koordinator,
        today=cast.today,
    )


def share(cast: Cast, meeting: Meeting) -> None:
    share_minutes(meeting=meeting, by=cast.koordinator, at=timezone.now())


def minutes(cast: Cast, meeting: Meeting, who: str = "koordinator") -> str:
    return signed_in(cast, who).get(reverse("minutes_page", args=[meeting.public_id])).content.decode()


def agenda(cast: Cast, meeting: Meeting, who: str = "koordinator") -> str:
    return signed_in(cast, who).get(reverse("agenda_page", args=[meeting.public_id])).content.decode()


class TestAgreeing:
    def test_about_a_participant_it_follows_the_person_and_says_which_meeting(self, cast: Cast, meeting: Meeting) -> None:
        row = agreed(cast, meeting, person=True, due=cast.today, words="Finne norskkurs")
        followed = Action.objects.get()
        assert row.follows == followed
        assert (followed.enrolment, followed.owner, followed.owner_role) == (cast.selma, cast.norsklaerer, "norsklaerer")
        shown = signed_in(cast, "koordinator").get(reverse("participant_avtalt", args=[cast.selma.participant.public_id]))
        assert "Finne norskkurs" in shown.content.decode() and "fra møtet" in shown.content.decode()

    def test_about_nobody_or_by_somebody_outside_it_stands_alone(self, cast: Cast, meeting: Meeting) -> None:
        assert agreed(cast, meeting).follows is None
        outside = agreed(cast, meeting, "", person=True, name="Nils Utenfor")
        assert (outside.follows, outside.owner, outside.owner_name) == (None, None, "Nils Utenfor")
        assert not Action.objects.exists()

    def test_a_fadders_action_hangs_on_the_own_placement_so_that_the_fadder_sees_it(self, cast: Cast) -> None:
        row = held(cast, kind="cooperation", who=("koordinator", "fadder"), enrolment=cast.selma)
        start_minutes(meeting=row, by=cast.koordinator)
        item = AgendaItem.objects.filter(meeting=row).first()
        made = agree(
            item=item, words="Vise rutinene", invitee=Invitee.objects.get(meeting=row, role="fadder"), name="", due_on=None,
            by=cast.koordinator, today=cast.today,
        )  # fmt: skip
        assert made.follows.placement == cast.placements["selma"]
        shown = signed_in(cast, "fadder").get(reverse("participant_avtalt", args=[cast.selma.participant.public_id]))
        assert "Vise rutinene" in shown.content.decode()

    def test_the_form_takes_one_invited_or_a_name_and_no_day_that_is_past(self, cast: Cast, meeting: Meeting) -> None:
        client = signed_in(cast, "faglaerer")
        address = reverse("minutes_action_new", args=[meeting.public_id, point(meeting).public_id])
        sent = {"words": "Ringe", "who": "andre", "name": "", "due_on": (cast.today - timedelta(days=1)).isoformat()}
        answer = client.post(address, sent)
        assert answer.status_code == 422
        assert "Skriv navnet" in answer.content.decode() and "Dagen er over" in answer.content.decode()
        stranger = Invitee.objects.create(meeting=steering(cast), user=cast.leder, role="leder")
        assert client.post(address, sent | {"who": stranger.public_id}).status_code == 422
        client.post(address, sent | {"name": "Nils Utenfor", "due_on": cast.today.isoformat()})
        assert MeetingAction.objects.get().owner_name == "Nils Utenfor"


class TestUntilDone:
    def test_what_is_not_done_is_on_the_groups_next_agenda_with_how_late_it_is(self, cast: Cast, meeting: Meeting) -> None:
        agreed(cast, meeting, due=cast.today - timedelta(days=9))
        agreed(cast, meeting, words="Ferdig alt")
        mark_done(action=MeetingAction.objects.get(words="Ferdig alt"), is_done=True, by=cast.norsklaerer, today=cast.today)
        share(cast, meeting)
        shown = agenda(cast, meet(cast, days=1), "faglaerer")
        assert "Bestille rom" in shown and "9 dager over" in shown and "fra møtet" in shown
        assert "Ferdig alt" not in shown
        assert "Bestille rom" not in agenda(cast, meet(cast, days=2, trade="HEA"))

    def test_while_the_next_minutes_are_written_it_stands_there_with_the_last_minutes_to_approve(
        self, cast: Cast, meeting: Meeting
    ) -> None:
        agreed(cast, meeting, due=cast.today - timedelta(days=9))
        agreed(cast, meeting, person=True, words="Finne norskkurs")
        share(cast, meeting)
        later = held(cast, days=0)
        start_minutes(meeting=later, by=cast.koordinator)
        page = minutes(cast, later)
        assert "Bestille rom" in page and "9 dager over" in page and "Finne norskkurs" in page
        assert (
            reverse("minutes_action_done", args=[later.public_id, MeetingAction.objects.get(words="Bestille rom").public_id])
            in page
        )
        assert reverse("minutes_approve", args=[meeting.public_id]) in page
        share(cast, later)
        assert "Bestille rom" not in minutes(cast, later, "norsklaerer")

    def test_a_version_keeps_what_was_agreed_and_by_whom(self, cast: Cast, meeting: Meeting) -> None:
        agreed(cast, meeting, due=cast.today + timedelta(days=9))
        share(cast, meeting)
        kept = signed_in(cast, "faglaerer").get(reverse("minutes_version", args=[meeting.public_id, 1])).content.decode()
        assert "Avtalt" in kept and "Bestille rom" in kept and f"Gjøres av {cast.norsklaerer.name}" in kept

    def test_those_who_only_read_see_what_was_agreed_when_the_minutes_are_shared(self, cast: Cast) -> None:
        before, after = steering(cast, days=-90), steering(cast, days=2)
        before.state, before.held_on = "held", timezone.localtime(before.starts_at).date()
        before.save()
        start_minutes(meeting=before, by=cast.koordinator)
        agreed(cast, before, "koordinator", words="Legge fram regnskap")
        assert "Legge fram regnskap" in agenda(cast, after)
        assert "Legge fram regnskap" not in agenda(cast, after, "styringsgruppe")
        share(cast, before)
        assert "Legge fram regnskap" in agenda(cast, after, "styringsgruppe")

    def test_one_that_follows_a_person_is_done_when_it_is_done_there(self, cast: Cast, meeting: Meeting) -> None:
        row = agreed(cast, meeting, person=True, words="Finne norskkurs")
        share(cast, meeting)
        later = meet(cast, days=1)
        assert "Finne norskkurs" in agenda(cast, later)
        person = cast.selma.participant.public_id
        signed_in(cast, "norsklaerer").post(reverse("handling_done", args=[person, row.follows.public_id]))
        row.refresh_from_db()
        assert row.done_on is None
        assert "Finne norskkurs" not in agenda(cast, later)

    def test_ticking_it_on_the_next_agenda_ticks_the_persons_own(self, cast: Cast, meeting: Meeting) -> None:
        row = agreed(cast, meeting, person=True)
        share(cast, meeting)
        later = meet(cast, days=1)
        address = reverse("minutes_action_done", args=[later.public_id, row.public_id])
        signed_in(cast, "koordinator").post(address)
        followed = Action.objects.get()
        assert (followed.done_on, followed.done_by) == (cast.today, cast.koordinator)
        signed_in(cast, "koordinator").post(address, {"angre": "1"})
        followed.refresh_from_db()
        assert followed.done_on is None

    def test_an_action_of_another_group_is_not_there(self, cast: Cast, meeting: Meeting) -> None:
        row = agreed(cast, meeting)
        share(cast, meeting)
        other = meet(cast, days=1, trade="HEA")
        address = reverse("minutes_action_done", args=[other.public_id, row.public_id])
        assert signed_in(cast, "koordinator").post(address).status_code == 404

    def test_one_taken_back_by_mistake_is_gone_and_one_that_follows_a_person_stays(self, cast: Cast, meeting: Meeting) -> None:
        assert withdraw(action=agreed(cast, meeting), by=cast.koordinator, at=timezone.now())
        assert not withdraw(action=agreed(cast, meeting, person=True), by=cast.koordinator, at=timezone.now())

    def test_changing_it_changes_the_persons_own(self, cast: Cast, meeting: Meeting) -> None:
        row = agreed(cast, meeting, person=True)
        address = reverse("minutes_action_edit", args=[meeting.public_id, row.public_id])
        signed_in(cast, "koordinator").post(address, {"words": "Bestille to rom", "due_on": "", "version": row.version})
        assert Action.objects.get().words == MeetingAction.objects.get().words == "Bestille to rom"

    @pytest.mark.parametrize("person", [False, True])
    def test_another_may_take_it_over_and_the_duty_goes_with_it(self, cast: Cast, meeting: Meeting, person: bool) -> None:
        row = agreed(cast, meeting, person=person, due=cast.today + timedelta(days=2))
        share(cast, meeting)
        address = reverse("minutes_action_edit", args=[meeting.public_id, row.public_id])
        browser, taker = signed_in(cast, "koordinator"), Invitee.objects.get(meeting=meeting, role="faglaerer")
        form = browser.get(address).context["form"]
        assert form["who"].value() == Invitee.objects.get(meeting=meeting, role="norsklaerer").public_id
        sent = {"words": "Bestille rom", "due_on": cast.today + timedelta(days=2), "version": form["version"].value()}
        assert browser.post(address, sent | {"who": taker.public_id}).status_code == 302
        row.refresh_from_db()
        assert (row.owner, row.owner_role) == (cast.faglaerer, "faglaerer")
        if person:
            assert (row.follows.owner, row.follows.owner_role) == (cast.faglaerer, "faglaerer")
        rule = f"{'' if person else 'meeting_'}action_faglaerer"
        assert list(Duty.objects.filter(rule__contains="action").values_list("rule", flat=True)) == [rule]
        held = [set(duties_for(one, cast.today).values_list("rule", flat=True)) for one in (cast.faglaerer, cast.norsklaerer)]
        assert [rule in one for one in held] == [True, False]
        assert "Gjøres av deg" in minutes(cast, meeting, "faglaerer")

    def test_what_follows_a_person_is_given_to_those_around_them_alone(self, cast: Cast) -> None:
        row = held(cast, kind="cooperation", who=("koordinator", "fadder", "styringsgruppe"), enrolment=cast.selma)
        outside = Invitee.objects.create(meeting=row, name="Per Uteni")
        start_minutes(meeting=row, by=cast.koordinator)
        item = AgendaItem.objects.filter(meeting=row).first()
        by_role = {one.role: one for one in Invitee.objects.filter(meeting=row, user__isnull=False)}
        made = agree(
            item=item, words="Ringe", invitee=by_role["coordinator"], name="", due_on=None, by=cast.koordinator, today=cast.today
        )
        address = reverse("minutes_action_edit", args=[row.public_id, made.public_id])
        browser, sent = signed_in(cast, "koordinator"), {"words": "Ringe", "due_on": "", "version": made.follows.version}
        for one in (by_role["styringsgruppe"], outside):
            assert browser.post(address, sent | {"who": one.public_id}).status_code == 422
        assert browser.post(address, sent | {"who": by_role["fadder"].public_id}).status_code == 302
        followed = Action.objects.get()
        assert (followed.owner, followed.owner_role, followed.placement) == (
            cast.users["fadder"],
            "fadder",
            cast.placements["selma"],
        )

    def test_one_that_somebody_outside_was_to_do_follows_the_person_when_one_around_them_takes_it(
        self, cast: Cast, meeting: Meeting
    ) -> None:
        row = agreed(cast, meeting, "", person=True, name="Nils Utenfor")
        address = reverse("minutes_action_edit", args=[meeting.public_id, row.public_id])
        browser, taker = signed_in(cast, "koordinator"), Invitee.objects.get(meeting=meeting, role="faglaerer")
        form = browser.get(address).context["form"]
        assert (form["who"].value(), form["name"].value()) == ("andre", "Nils Utenfor")
        sent = {"words": "Bestille rom", "due_on": "", "version": row.version}
        assert browser.post(address, sent | {"who": "andre", "name": ""}).status_code == 422
        assert browser.post(address, sent | {"who": taker.public_id}).status_code == 302
        row.refresh_from_db()
        assert (row.owner, row.owner_name, row.follows.owner_role) == (cast.faglaerer, "", "faglaerer")

    def test_who_sees_it_is_said_alike_when_it_is_made_and_when_it_is_changed(self, cast: Cast, meeting: Meeting) -> None:
        browser, at = signed_in(cast, "koordinator"), meeting.public_id
        for person in (False, True):
            row = agreed(cast, meeting, person=person)
            made = browser.get(reverse("minutes_action_new", args=[at, row.item.public_id])).context["seen_by"]
            assert browser.get(reverse("minutes_action_edit", args=[at, row.public_id])).context["seen_by"] == made
            assert ("lærerne til deltakeren" in made) is person

    def test_changing_it_begins_with_what_stands_with_the_person_and_two_at_once_see_both_texts(
        self, cast: Cast, meeting: Meeting
    ) -> None:
        row = agreed(cast, meeting, person=True, words="Ringe NAV")
        address = reverse("minutes_action_edit", args=[meeting.public_id, row.public_id])
        browser = signed_in(cast, "koordinator")
        opened = browser.get(address).context["form"]
        Action.objects.update(words="Ringe NAV om norskkurs", due_on=cast.today, version=2)
        form = browser.get(address).context["form"]
        assert (form["words"].value(), form["due_on"].value()) == ("Ringe NAV om norskkurs", cast.today)
        stale = {"words": "Ringe NAV i dag", "due_on": "", "version": opened["version"].value()}
        assert browser.post(address, stale).status_code == 409
        assert Action.objects.get().words == "Ringe NAV om norskkurs"
        data = {"words": "Ringe NAV i dag", "due_on": cast.today, "version": form["version"].value()}
        assert browser.post(address, data).status_code == 302
        assert Action.objects.get().words == MeetingAction.objects.get().words == "Ringe NAV i dag"


class TestOwnPoints:
    def test_one_sees_and_ticks_ones_own_alone(self, cast: Cast, meeting: Meeting) -> None:
        row = agreed(cast, meeting)
        client, address = signed_in(cast, "norsklaerer"), reverse("own_action_list")
        assert "Bestille rom" not in client.get(address).content.decode()
        share(cast, meeting)
        assert "Bestille rom" in client.get(address).content.decode()
        assert "Bestille rom" not in signed_in(cast, "faglaerer").get(address).content.decode()
        tick = reverse("own_action_done", args=[row.public_id])
        assert signed_in(cast, "faglaerer").post(tick).status_code == 404
        client.post(tick)
        row.refresh_from_db()
        assert row.done_on == cast.today
        assert "Gjort" in client.get(address).content.decode()

    def test_one_about_a_participant_out_of_scope_is_not_there_any_more(self, cast: Cast, meeting: Meeting) -> None:
        agreed(cast, meeting, person=True, words="Finne norskkurs")
        share(cast, meeting)
        client = signed_in(cast, "norsklaerer")
        assert "Finne norskkurs" in client.get(reverse("own_action_list")).content.decode()
        TeachingAssignment.objects.filter(user=cast.norsklaerer).update(ends_on=cast.today - timedelta(days=1))
        assert "Finne norskkurs" not in client.get(reverse("own_action_list")).content.decode()


class TestDuties:
    def mine(self, cast: Cast, who: str) -> set[str]:
        return set(duties_for(cast.users[who], cast.today).values_list("rule", flat=True))

    def told(self, rule: str, today: date) -> dict[int, set[int]]:
        return sources()["meetings"].recipients(list(Duty.objects.filter(rule=rule)), today)

    def test_what_stands_alone_is_the_owners_alone_until_it_is_done(self, cast: Cast, meeting: Meeting) -> None:
        row = agreed(cast, meeting, due=cast.today + timedelta(days=2))
        assert not Duty.objects.filter(rule="meeting_action_norsklaerer").exists()
        share(cast, meeting)
        other = make_user("Nina Norsk", "norsklaerer", today=cast.today)
        cast.users["andre"] = other
        assert "meeting_action_norsklaerer" in self.mine(cast, "norsklaerer")
        assert "meeting_action_norsklaerer" not in self.mine(cast, "andre") | self.mine(cast, "koordinator")
        duty = Duty.objects.get(rule="meeting_action_norsklaerer")
        assert duty.due_on == cast.today + timedelta(days=2)
        assert self.told(duty.rule, cast.today) == {duty.pk: {cast.norsklaerer.pk}}
        mark_done(action=row, is_done=True, by=cast.norsklaerer, today=cast.today)
        assert not Duty.objects.filter(rule="meeting_action_norsklaerer").exists()

    def test_one_that_follows_a_person_has_the_persons_duty_and_no_second(self, cast: Cast, meeting: Meeting) -> None:
        agreed(cast, meeting, person=True, due=cast.today)
        share(cast, meeting)
        rules = Duty.objects.filter(rule__contains="action").values_list("rule", flat=True)
        assert list(rules) == ["action_norsklaerer"]

    def test_a_row_says_what_was_agreed_and_a_mail_does_not(self, cast: Cast, meeting: Meeting) -> None:
        said = "Ringe Karriere Aust om et kurs i lesing og skriving på kvelden, som begynner etter jul"
        agreed(cast, meeting, person=True, due=cast.today, words=said)
        share(cast, meeting)
        for page in ("home", "duty_list"):
            shown = signed_in(cast, "norsklaerer").get(reverse(page)).content.decode()
            assert "Ringe Karriere Aust om et kurs i lesing og skriving på kvelden, som …" in shown, page
        others = signed_in(cast, "koordinator").get(reverse("duty_list"), {"vis": "andre"}).content.decode()
        assert "Ringe Karriere Aust" in others
        assert "Ringe Karriere Aust" not in signed_in(cast, "annen_norsklaerer").get(reverse("duty_list")).content.decode()
        duty = Duty.objects.get(rule="action_norsklaerer")
        assert "Karriere" not in str(mail_lines(cast.norsklaerer, {duty.key}, cast.today))

    def test_rows_with_what_was_agreed_ask_as_many_queries_for_six_as_for_one(self, cast: Cast, meeting: Meeting) -> None:
        agreed(cast, meeting, person=True, due=cast.today, words="Først")
        client = signed_in(cast, "norsklaerer")

        def counted() -> int:
            client.get(reverse("duty_list"))
            with CaptureQueriesContext(connection) as queries:
                client.get(reverse("duty_list"))
            return len(queries)

        few = counted()
        for number in range(5):
            agreed(cast, meeting, person=True, due=cast.today, words=f"Nummer {number}")
        assert counted() == few

    def test_an_owner_who_has_lost_the_role_is_told_nothing(self, cast: Cast, meeting: Meeting) -> None:
        agreed(cast, meeting, due=cast.today)
        share(cast, meeting)
        cast.norsklaerer.grants.update(ends_on=cast.today - timedelta(days=1))
        duty = Duty.objects.get(rule="meeting_action_norsklaerer")
        assert self.told(duty.rule, cast.today) == {duty.pk: set()}

    def test_minutes_are_to_be_shared_within_a_week_by_the_koordinator(self, cast: Cast, meeting: Meeting) -> None:
        refresh(today=cast.today)
        duty = Duty.objects.get(rule="minutes_share")
        assert duty.due_on >= meeting.held_on + timedelta(days=7)
        assert "minutes_share" in self.mine(cast, "koordinator") and "minutes_share" not in self.mine(cast, "faglaerer")
        assert cast.koordinator.pk in self.told("minutes_share", cast.today)[duty.pk]
        share(cast, meeting)
        assert not Duty.objects.filter(rule="minutes_share").exists()

    def test_the_list_of_duties_leads_to_the_minutes(self, cast: Cast, meeting: Meeting) -> None:
        shown = signed_in(cast, "koordinator").get(reverse("duty_list")).content.decode()
        assert "Del referatet" in shown and reverse("minutes_page", args=[meeting.public_id]) in shown

    def test_a_gathering_needs_no_minutes(self, cast: Cast) -> None:
        held(cast, kind="mentor_gathering")
        assert not Duty.objects.filter(rule="minutes_share").exists()
