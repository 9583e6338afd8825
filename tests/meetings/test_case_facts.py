"""What the agenda tells of participants, also beside the boxes while minutes are written: the same facts, for those who may read them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from fagbrev.audit.models import LookLog
from followup.models import Concern, Evidence, LanguageLevel, WorkplaceVisit
from meetings.access import meeting_of
from meetings.actions.agenda import pick_people
from meetings.actions.minutes import share_minutes, start_minutes
from meetings.agenda_queries import Case, cases_of
from meetings.models import AgendaItem, Meeting, MinutesVersion
from participants.models import NorwegianTest, Participant
from programmes.models import CompetenceGoal
from programmes.settings_in_force import settings_in_force
from tests.cast import Cast
from tests.meetings.group import held, meet, signed_in


def visited(cast: Cast, *, days: int, goal: CompetenceGoal) -> None:
    """A visit so many days ago that showed the goal."""
    row = WorkplaceVisit.objects.create(
        placement=cast.placements["selma"], state="held", visited_on=cast.today - timedelta(days=days), only_log=False, goal_count=1,
        visitor=cast.faglaerer, present=["deltaker"], logged_at=timezone.now(),
    )  # fmt: skip
    row.goals.create(goal=goal, place=1)


def marked(cast: Cast, words: str) -> None:
    """What the koordinator has cleared for the meeting, of a concern that says something else."""
    Concern.objects.create(enrolment=cast.selma, raised_by=cast.leder, raised_as="leder", words="Hemmelig", for_meeting=words)


class TestWhatHasARowEach:
    def case(self, cast: Cast) -> Case:
        row = meet(cast)
        since = cast.today - timedelta(days=28)
        terms = settings_in_force(cast.today)
        found = cases_of(row, cast.koordinator, cast.today, since=since, terms=terms, among=[cast.selma.pk])
        assert [one.enrolment.pk for one in found] == [cast.selma.pk]
        return found[0]

    def test_a_goal_that_was_shown_in_several_ways_counts_once(self, cast: Cast) -> None:
        goals = list(CompetenceGoal.objects.filter(goal_set__curriculum=cast.selma.curriculum).order_by("pk")[:2])
        for days in (3, 4):
            visited(cast, days=days, goal=goals[0])
        own = Evidence.objects.create(
            enrolment=cast.selma, happened_on=cast.today, by=cast.faglaerer, words="Laget mat", goal_count=2
        )
        for place, goal in enumerate(goals, 1):
            own.goals.create(goal=goal, place=place)
        assert self.case(cast).documented == 2

    def test_concerns_stand_in_the_order_they_were_raised_and_levels_by_their_day(self, cast: Cast) -> None:
        for words in ("Åpning", "Avslutning", "Åpning"):
            marked(cast, words)
        for days, level in ((2, "b1"), (9, "a2")):
            LanguageLevel.objects.create(
                participant=cast.selma.participant, part="oral", level=level, observed_on=cast.today - timedelta(days=days),
                by=cast.norsklaerer,
            )  # fmt: skip
        for part, level in (("oral", "b1"), ("reading", "")):
            NorwegianTest.objects.create(
                participant=cast.selma.participant, part=part, level=level, state="taken", taken_on=cast.today - timedelta(days=1)
            )
        found = self.case(cast)
        assert found.concerns == ["Åpning", "Avslutning", "Åpning"]
        assert found.levels == [("oral", "a2"), ("oral", "b1")]
        assert found.tests == [("oral", "b1"), ("reading", "")]


class TestBesideTheMinutes:
    @pytest.fixture
    def meeting(self, cast: Cast) -> Meeting:
        """Minutes that are being written, of a meeting where two are talked of; the last one was four weeks ago."""
        held(cast, days=-28)
        row = meet(cast, who=("koordinator", "faglaerer", "norsklaerer", "annen_faglaerer"))
        people = [cast.selma, cast.placed]
        pick_people(meeting=row, chosen=people, among=people, by=cast.koordinator, at=timezone.now())
        start_minutes(meeting=row, by=cast.koordinator)
        visited(cast, days=3, goal=CompetenceGoal.objects.filter(goal_set__curriculum=cast.selma.curriculum)[0])
        marked(cast, "Oppmøtet")
        return row

    def facts(self, cast: Cast, meeting: Meeting, who: str = "koordinator", about: Any = None) -> str:
        """What stands in «Siden sist» on the participant's point, "" where it is not."""
        item = AgendaItem.objects.get(meeting=meeting, kind="participant", enrolment=about or cast.selma)
        page = signed_in(cast, who).get(reverse("minutes_page", args=[meeting.public_id])).content.decode()
        point = page.partition(f'id="punkt-{item.public_id}"')[2].partition("</article>")[0]
        return point.partition('<details class="minutes-since')[2].partition("</details>")[0]

    def test_the_same_facts_stand_there_as_on_the_agenda(self, cast: Cast, meeting: Meeting) -> None:
        agenda = signed_in(cast, "koordinator").get(reverse("agenda_page", args=[meeting.public_id])).content.decode()
        people = agenda.partition('id="deltakerne"')[2]
        row = people.partition(f'id="ta-opp-{cast.selma.public_id}"')[2].partition("</div></li>")[0]
        facts = re.findall(r"<li[^>]*>[^<]+</li>", row)
        assert any("Til møtet fra koordinator: Oppmøtet" in one for one in facts) and len(facts) > 2
        shown = self.facts(cast, meeting)
        assert re.findall(r"<li[^>]*>[^<]+</li>", shown) == facts
        assert "Eksempelvika barnehage" in shown and "Hemmelig" not in shown

    def test_each_writer_is_told_what_they_may_read_of_the_participant(self, cast: Cast, meeting: Meeting) -> None:
        assert "Oppmøtet" in self.facts(cast, meeting) and "1 besøk" in self.facts(cast, meeting)
        norsk = self.facts(cast, meeting, "norsklaerer")
        agenda = signed_in(cast, "norsklaerer").get(reverse("agenda_page", args=[meeting.public_id])).content.decode()
        for words in ("Oppmøtet", "1 besøk", "1 mål vist"):
            assert (words in norsk) is (words in agenda), words
        assert "Siden sist" not in signed_in(cast, "annen_faglaerer").get(
            reverse("minutes_page", args=[meeting.public_id])
        ).content.decode()  # fmt: skip

    def test_of_one_with_nothing_new_that_is_said(self, cast: Cast, meeting: Meeting) -> None:
        assert "Ingenting nytt." in self.facts(cast, meeting, about=cast.placed)
        assert "Ingenting nytt." not in self.facts(cast, meeting)

    def test_a_protected_address_hides_the_workplace(self, cast: Cast, meeting: Meeting) -> None:
        Participant.objects.filter(pk=cast.selma.participant_id).update(address_protection="fortrolig")
        shown = self.facts(cast, meeting)
        assert "1 besøk" in shown and "Eksempelvika barnehage" not in shown

    def test_they_are_logged_with_what_was_read_once_a_day(self, cast: Cast, meeting: Meeting) -> None:
        for _turn in range(2):
            self.facts(cast, meeting, "norsklaerer")
        looks = LookLog.objects.filter(user=cast.norsklaerer, page="saksliste")
        assert sorted(looks.values_list("enrolment_id", flat=True)) == sorted([cast.selma.pk, cast.placed.pk])
        assert "absence" in looks[0].sections and "absence_reasons" not in looks[0].sections

    def test_they_are_no_part_of_the_minutes(self, cast: Cast, meeting: Meeting) -> None:
        self.facts(cast, meeting)
        Meeting.objects.filter(pk=meeting.pk).update(state="held", held_on=cast.today)
        meeting.refresh_from_db()
        share_minutes(meeting=meeting, by=cast.koordinator, at=timezone.now())
        kept = str(MinutesVersion.objects.get(minutes__meeting=meeting).content)
        assert "Oppmøtet" not in kept and "besøk" not in kept
        assert self.facts(cast, meeting) == ""
        seen = meeting_of(cast.koordinator, meeting.public_id, today=cast.today)
        from meetings.documents import minutes_context

        assert all(row.case is None for row in minutes_context(seen, seen.meeting.minutes, note=False)["rows"])
