"""What is told of minutes elsewhere: on the participant's own page, and in the list of meetings."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from meetings.access import meeting_of
from meetings.actions.agenda import pick_people
from meetings.actions.minutes import approve_minutes, share_minutes, start_minutes
from meetings.models import AgendaItem, Invitee, Meeting
from tests.cast import Cast
from tests.meetings.group import held, meet, signed_in
from tests.meetings.minuted import about, say, shared


class TestTheRecord:
    def test_the_page_shows_what_shared_minutes_say_and_the_front_page_has_a_line(self, cast: Cast, meeting: Meeting) -> None:
        say(cast, about(meeting, cast.selma), discussion="Trenger mer norsk")
        address = reverse("participant_moter", args=[cast.selma.participant.public_id])
        client = signed_in(cast, "norsklaerer")
        assert "Trenger mer norsk" not in client.get(address).content.decode()
        shared(cast, meeting)
        assert "Trenger mer norsk" in client.get(address).content.decode()
        assert (
            "1 møte, sist" in client.get(reverse("participant_detail", args=[cast.selma.participant.public_id])).content.decode()
        )

    def test_fadder_and_leder_read_meetings_they_were_invited_to_alone_and_the_participant_none(
        self, cast: Cast, meeting: Meeting
    ) -> None:
        say(cast, about(meeting, cast.selma), discussion="Fra prosjektgruppa")
        shared(cast, meeting)
        own = held(cast, days=-3, kind="cooperation", who=("koordinator", "fadder"), enrolment=cast.selma)
        start_minutes(meeting=own, by=cast.koordinator)
        say(cast, AgendaItem.objects.filter(meeting=own).first(), discussion="Fra samarbeidsmøtet")
        shared(cast, own)
        address = reverse("participant_moter", args=[cast.selma.participant.public_id])
        fadder, leder = (signed_in(cast, key).get(address).content.decode() for key in ("fadder", "leder"))
        assert "Fra samarbeidsmøtet" in fadder and "Fra prosjektgruppa" not in fadder
        assert "Fra samarbeidsmøtet" not in leder and "Fra prosjektgruppa" not in leder
        assert signed_in(cast, "deltaker").get(address).status_code == 403

    def test_it_asks_as_many_queries_for_nine_meetings_as_for_one(self, cast: Cast) -> None:
        client = signed_in(cast, "koordinator")
        address = reverse("participant_moter", args=[cast.selma.participant.public_id])

        def one(days: int) -> None:
            row = held(cast, days=days)
            pick_people(meeting=row, chosen=[cast.selma], among=[cast.selma], by=cast.koordinator, at=timezone.now())
            start_minutes(meeting=row, by=cast.koordinator)
            share_minutes(meeting=row, by=cast.koordinator, at=timezone.now())

        def counted() -> int:
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            return len(queries)

        one(-1)
        few = counted()
        for days in range(2, 10):
            one(-days)
        assert counted() == few


class TestTheListOfMeetings:
    def said(self, cast: Cast, who: str) -> list[str]:
        """What the list of earlier meetings says of minutes, the newest meeting first."""
        content = signed_in(cast, who).get("/moter/?vis=tidligere").content.decode()
        return re.findall(r'<span class="tag[^"]*">(Uten referat|Referat: \w+)</span>', content)

    def test_it_says_how_the_minutes_of_each_stand(self, cast: Cast) -> None:
        rows = [held(cast, days=-days) for days in (1, 2, 3, 4)]
        for row in rows[1:]:
            start_minutes(meeting=row, by=cast.koordinator)
        for row in rows[2:]:
            shared(cast, row)
        approve_minutes(meeting=rows[3], by=cast.koordinator, at=timezone.now(), approved_in=None)
        for who in ("koordinator", "norsklaerer"):
            assert self.said(cast, who) == ["Uten referat", "Referat: kladd", "Referat: delt", "Referat: godkjent"]

    @pytest.mark.parametrize("leads", [False, True])
    def test_that_there_is_a_draft_or_none_is_for_those_who_write_alone(self, cast: Cast, leads: bool) -> None:
        everyone = ("koordinator", "faglaerer", "fadder", "leder")
        row = held(cast, days=-1, kind="cooperation", who=everyone, enrolment=cast.selma)
        Invitee.objects.filter(meeting=row, role="fadder").update(is_chair=leads)
        for begun in (False, True):
            if begun:
                start_minutes(meeting=row, by=cast.koordinator)
            for who in everyone:
                seen = meeting_of(cast.users[who], row.public_id, today=cast.today)
                told = "Referat: kladd" if begun else "Uten referat"
                assert self.said(cast, who) == ([told] if seen.may_write else []), who
        assert self.said(cast, "fadder") == []
        shared(cast, row)
        assert {tuple(self.said(cast, who)) for who in everyone} == {("Referat: delt",)}

    def test_gatherings_and_meetings_that_were_called_off_need_none(self, cast: Cast) -> None:
        held(cast, days=-1, kind="mentor_gathering")
        meet(cast, days=-2, state="cancelled")
        assert self.said(cast, "koordinator") == []
