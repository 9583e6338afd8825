"""The agenda writes itself from the cases: who is on it, in which order, and nothing the reader may not read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from fagbrev.audit.models import LookLog
from followup.models import Absence, Action, Concern, GoalView, LanguageLevel, WorkplaceVisit
from meetings.access import meeting_of
from meetings.actions.agenda import pick_people
from meetings.actions.meeting_actions import agree
from meetings.actions.minutes import start_minutes
from meetings.agenda_queries import Case, cases_of, since_of
from meetings.agenda_shown import agenda_page, meeting_day_words
from meetings.minutes_queries import before_of
from meetings.models import AgendaItem, Invitee, Meeting
from participants.models import Enrolment, Participant
from programmes.models import CompetenceGoal
from programmes.settings_in_force import settings_in_force
from tests.cast import Cast
from tests.meetings.agendas import page
from tests.meetings.group import GROUP, held, meet, pupils, signed_in, steering


def cases(cast: Cast, meeting: Meeting, who: str = "koordinator") -> dict[str, Case]:
    """The cases as a reader gets them, by the participant's first name."""
    since = since_of(meeting, before_of(meeting_of(cast.users[who], meeting.public_id, today=cast.today)).last)
    found = cases_of(meeting, cast.users[who], cast.today, since=since, terms=settings_in_force(cast.today))
    return {case.enrolment.participant.first_name: case for case in found}


class TestWhoIsOnIt:
    def test_the_trades_participants_from_admission_on_are_there_and_no_others(self, cast: Cast) -> None:
        found = cases(cast, meet(cast, days=3))
        assert "Selma" in found and "Admitted" in found and "Trade" not in found
        assert not {"Nadia", "Referred", "Interviewed", "Waitlisted", "Declined", "Completed", "Terminated"} & set(found)

    def test_a_teacher_of_another_trade_who_is_invited_meets_nobody(self, cast: Cast) -> None:
        row = meet(cast, days=3, who=(*GROUP, "annen_faglaerer"))
        assert cases(cast, row, "annen_faglaerer") == {}
        assert "Selma" not in page(cast, row, "annen_faglaerer")

    def test_a_strictly_protected_participant_stands_on_no_agenda(self, cast: Cast) -> None:
        Participant.objects.filter(pk=cast.selma.participant_id).update(address_protection="strengt_fortrolig")
        assert "Selma" not in cases(cast, meet(cast, days=3))

    def test_a_protected_address_hides_the_workplace_and_days(self, cast: Cast) -> None:
        held(cast)
        WorkplaceVisit.objects.create(
            placement=cast.placements["selma"], state="held", visited_on=cast.today - timedelta(days=2), only_log=True,
            visitor=cast.faglaerer, present=["deltaker"], logged_at=timezone.now(),
        )  # fmt: skip
        row = meet(cast, days=3)
        assert "Eksempelvika barnehage" in page(cast, row)
        Participant.objects.filter(pk=cast.selma.participant_id).update(address_protection="fortrolig")
        hidden = page(cast, row)
        assert "Selma" in hidden and "Eksempelvika barnehage" not in hidden
        assert "1 besøk, sist" not in hidden and "1 besøk" in hidden

    def test_no_participant_is_ever_in_a_steering_groups_agenda(self, cast: Cast) -> None:
        row = steering(cast)
        assert cases(cast, row) == {}
        for who in ("koordinator", "styringsgruppe"):
            shown = page(cast, row, who)
            assert "Selma" not in shown and "Deltakerne i faget" not in shown
            assert "Framgang og resultater" in shown


class TestWhatIsNew:
    @pytest.fixture
    def meeting(self, cast: Cast) -> Meeting:
        """The next meeting, a week ahead; the last one was four weeks ago."""
        held(cast, days=-28)
        return meet(cast, days=7)

    def test_each_kind_of_news_is_counted_since_the_last_meeting_alone(self, cast: Cast, meeting: Meeting) -> None:
        goals = list(CompetenceGoal.objects.filter(goal_set__curriculum=cast.selma.curriculum).order_by("pk")[:3])
        for days, goal in ((40, goals[0]), (10, goals[1]), (9, goals[2])):
            day = cast.today - timedelta(days=days)
            GoalView.objects.create(enrolment=cast.selma, goal=goal, role="faglaerer", level=3, given_on=day, by=cast.faglaerer)
            WorkplaceVisit.objects.create(
                placement=cast.placements["selma"], state="held", visited_on=day, only_log=False, goal_count=1, visitor=cast.faglaerer,
                present=["deltaker"], logged_at=timezone.now(),
            ).goals.create(goal=goal, place=1)  # fmt: skip
        for days, level in ((50, "a2"), (3, "b1")):
            LanguageLevel.objects.create(
                participant=cast.selma.participant, part="oral", level=level, observed_on=cast.today - timedelta(days=days),
                by=cast.norsklaerer,
            )  # fmt: skip
        found = cases(cast, meeting)["Selma"]
        assert (found.visits, found.approved, found.documented) == (2, 2, 2)
        assert found.levels == [("oral", "b1")]
        assert found.is_new
        shown = page(cast, meeting)
        assert "2 besøk, sist" in shown and "2 mål vist, 2 mål godkjent" in shown and "Norsk: muntlig B1" in shown

    def test_open_actions_are_counted_and_late_ones_named(self, cast: Cast, meeting: Meeting) -> None:
        for days in (-3, 5):
            Action.objects.create(
                enrolment=cast.selma,
                words="Ringe",
                owner_role="faglaerer",
                made_on=cast.today,
                due_on=cast.today + timedelta(days=days),
            )
        assert "2 avtalte ting gjenstår, 1 over fristen" in page(cast, meeting)

    def test_a_concern_is_told_of_in_the_koordinators_words_alone(self, cast: Cast, meeting: Meeting) -> None:
        row = Concern.objects.create(
            enrolment=cast.selma, raised_by=cast.leder, raised_as="leder", words="Hun kommer for sent hver dag"
        )
        assert cases(cast, meeting)["Selma"].concerns == []
        row.for_meeting = "Oppmøtet om morgenen"
        row.save()
        for who in ("koordinator", "norsklaerer"):
            shown = page(cast, meeting, who)
            assert "Oppmøtet om morgenen" in shown
            assert "for sent" not in shown and "Lise Leder" not in shown

    def test_a_concern_that_is_closed_is_not_told_of(self, cast: Cast, meeting: Meeting) -> None:
        Concern.objects.create(
            enrolment=cast.selma, raised_by=cast.leder, raised_as="leder", words="x", for_meeting="Ferdig snakket", state="closed"
        )
        assert "Ferdig snakket" not in page(cast, meeting)

    def test_participation_below_the_demand_is_marked_and_no_reason_is_shown(self, cast: Cast, meeting: Meeting) -> None:
        place = cast.placements["selma"]
        for back in range(1, 100):
            day = cast.today - timedelta(days=back)
            Absence.objects.create(
                enrolment=cast.selma,
                away_from="practice",
                placement=place,
                away_on=day,
                hours=7,
                reason="sick",
                recorded_by=cast.fadder,
            )
        found = cases(cast, meeting)
        assert found["Selma"].is_absent and not found["Admitted"].is_absent
        shown = page(cast, meeting)
        assert "fact--danger" in shown and "til stede dette semesteret" in shown and "syk" not in shown.lower()

    def test_a_teacher_reads_absence_from_teaching_alone(self, cast: Cast, meeting: Meeting) -> None:
        assert cases(cast, meeting)["Selma"].is_whole
        found = cases(cast, meeting, "norsklaerer")["Selma"]
        assert not found.is_whole and "absence_reasons" not in found.reads and "income_funding" not in found.reads

    def test_the_figures_agree_with_those_of_the_absence_page(self, cast: Cast, meeting: Meeting) -> None:
        from followup.participation import Presence
        from participants.access import record_of

        Absence.objects.create(
            enrolment=cast.selma, away_from="practice", placement=cast.placements["selma"],
            away_on=cast.today - timedelta(days=(cast.today.weekday() - 1) % 7 + 7), hours=7, recorded_by=cast.fadder,
        )  # fmt: skip
        for who in ("koordinator", "norsklaerer"):
            record = record_of(cast.users[who], cast.selma.participant.public_id, today=cast.today)
            assert cases(cast, meeting, who)["Selma"].participation == Presence(record).semester().total


class TestTheOrder:
    def test_those_behind_stand_first_by_the_rule_of_the_record(self, cast: Cast) -> None:
        from participants.access import record_of
        from participants.contributed import front_of

        row = meet(cast, days=3)
        cast.selma.contracts.update(starts_on=cast.today - timedelta(days=300), ends_on=cast.today + timedelta(days=60))
        Enrolment.objects.filter(pk=cast.selma.pk).update(
            contract_starts_on=cast.today - timedelta(days=300), contract_ends_on=cast.today + timedelta(days=60)
        )
        found = cases(cast, row)
        assert next(iter(found)) == "Selma" and found["Selma"].is_behind
        for who in ("koordinator", "norsklaerer"):
            record = record_of(cast.users[who], cast.selma.participant.public_id, today=cast.today)
            progress = front_of(record)[1]
            assert cases(cast, row, who)["Selma"].is_behind is bool(progress and progress.is_behind), who

    def test_then_those_with_something_new_and_the_rest_is_folded(self, cast: Cast) -> None:
        held(cast)
        row = meet(cast, days=3)
        Concern.objects.create(enrolment=cast.placed, raised_by=cast.leder, raised_as="leder", words="x", for_meeting="Noe")
        context = agenda_page(meeting_of(cast.koordinator, row.public_id, today=cast.today), timezone.now())
        assert [case.name for case in context["new"]] == ["Placed Prøvestad"]
        assert "Selma Testesen" in {case.name for case in context["rest"]}


class TestItsCost:
    @pytest.mark.parametrize("who", ["koordinator", "faglaerer"])
    @pytest.mark.parametrize("is_laid", [True, False])
    def test_it_asks_as_many_queries_for_sixty_participants_as_for_twenty(self, cast: Cast, who: str, is_laid: bool) -> None:
        before = held(cast)
        start_minutes(meeting=before, by=cast.koordinator)
        row = meet(cast, days=3)
        people = pupils(cast, 20)
        if is_laid:
            self.agreed(cast, before, people[:5])
            pick_people(meeting=row, chosen=people[:10], among=people[:10], by=cast.koordinator, at=timezone.now())

        def counted() -> int:
            client = signed_in(cast, who)
            client.get(reverse("home"))
            client.get(reverse("agenda_page", args=[row.public_id]))
            with CaptureQueriesContext(connection) as queries:
                assert client.get(reverse("agenda_page", args=[row.public_id])).status_code == 200
            return len(queries)

        few = counted()
        more = pupils(cast, 40, named="Mona")
        if is_laid:
            self.agreed(cast, before, more[:20])
            pick_people(meeting=row, chosen=more[:30], among=more[:30], by=cast.koordinator, at=timezone.now())
        assert counted() == few <= 13

    def agreed(self, cast: Cast, meeting: Meeting, people: list[Enrolment]) -> None:
        """What was agreed about each, in minutes that are not shared yet."""
        pick_people(meeting=meeting, chosen=people, among=people, by=cast.koordinator, at=timezone.now())
        for item in AgendaItem.objects.filter(meeting=meeting, enrolment__in=people):
            invitee = Invitee.objects.get(meeting=meeting, role="faglaerer")
            agree(item=item, words="Ringe", invitee=invitee, name="", due_on=None, by=cast.koordinator, today=cast.today)

    def test_minutes_of_a_meeting_before_the_last_are_found_where_nothing_was_written_in_the_last(self, cast: Cast) -> None:
        first = held(cast, days=-56)
        start_minutes(meeting=first, by=cast.koordinator)
        held(cast, days=-28)
        row = meet(cast, days=3)
        shown = agenda_page(meeting_of(cast.koordinator, row.public_id, today=cast.today), timezone.now())
        assert shown["previous"]["url"] == reverse("minutes_page", args=[first.public_id])
        assert shown["since"] == meeting_day_words(Meeting.objects.get(starts_at__gt=first.starts_at, state="held"))

    def test_sixty_stand_on_a_page(self, cast: Cast) -> None:
        pupils(cast, 62)
        shown = page(cast, meet(cast, days=3))
        assert "side=2" in shown

    def test_each_participant_shown_is_logged_once_a_day_with_what_was_read(self, cast: Cast) -> None:
        row = meet(cast, days=3)
        for _turn in range(2):
            page(cast, row, "norsklaerer")
        looks = LookLog.objects.filter(page="saksliste", participant_id=cast.selma.participant_id)
        assert [(one.user, one.act) for one in looks] == [(cast.norsklaerer, "list")]
        assert {"identity", "absence", "language"} <= set(looks[0].sections)
        assert not {"absence_reasons", "income_funding", "training_contract"} & set(looks[0].sections)
