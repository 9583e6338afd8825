"""Absence on the record: own reports confirmed by those they concern, hours against the 80 % line, sick leave apart, and refusals."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from fagbrev.audit.models import ChangeLog, LookLog
from followup.models import Absence, Lesson, SickLeave
from participants.models import CohortMember, Placement
from programmes.models import Cohort, TeachingSession
from tests.cast import Cast
from tests.followup.absent import WEDNESDAY, at_work, away, signed_in, stand_still, url

MONDAY = date(2026, 11, 2)


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> date:
    """A Wednesday in November, after the autumn break."""
    return stand_still(monkeypatch)


@pytest.fixture
def four_weeks(cast: Cast) -> Cast:
    """Four Wednesdays of five hours of teaching and four Mondays of practice since 12 October: 20 and 30 hours."""
    cohort = Cohort.objects.create(trade=cast.trades["BUA"], name="Prøveklassen")
    TeachingSession.objects.create(cohort=cohort, weekday=2, starts_at="09:00", hours=5)
    first = date(2026, 10, 12)
    CohortMember.objects.create(participant=cast.selma.participant, enrolment=cast.selma, cohort=cohort, starts_on=first)
    Placement.objects.filter(pk=cast.placements["selma"].pk).update(starts_on=first, weekdays=[0], percent=20)
    cast.placements["selma"].refresh_from_db()
    return cast


def report(cast: Cast, place: str, *, hours: str = "", token: str = "") -> Any:
    """What the participant sends: where from, and hours when it is not the whole day."""
    return signed_in(cast, "deltaker").post(
        url(cast, "fravar_report"), {"place": place, "hours": hours, "submission": token}, follow=True
    )


def figures(cast: Cast, who: str = "koordinator") -> dict[str, int | None]:
    """The percentages on the page, by name."""
    found = signed_in(cast, who).get(url(cast, "participant_fravar")).context["figures"]
    return {one.name: one.percent for one in found}


def warning(cast: Cast, who: str = "koordinator") -> tuple[str, str]:
    """Tone and words of the warning on the page."""
    context = signed_in(cast, who).get(url(cast, "participant_fravar")).context
    return context["tone"], context["warning"]


class TestOwnReports:
    """«Jeg er borte i dag»."""

    def test_a_whole_day_of_school_is_reported_once_and_waits_for_a_teacher(self, four_weeks: Cast) -> None:
        first, second = (report(four_weeks, "teaching", token="a" * 20) for _ in range(2))
        assert "Nå har du sagt fra" in first.content.decode()
        assert first.redirect_chain == second.redirect_chain
        row = Absence.objects.get()
        assert (row.away_from, row.away_on, row.hours, row.state) == ("teaching", WEDNESDAY, Decimal(5), "reported")
        assert ChangeLog.objects.filter(section="absence", verb="created").count() == 1
        assert figures(four_weeks)["Undervisning"] == 100  # counts only when somebody has confirmed it

    def test_the_same_day_is_not_reported_twice_and_what_was_typed_stays(self, four_weeks: Cast) -> None:
        report(four_weeks, "teaching")
        answer = report(four_weeks, "teaching", hours="1,75")
        assert answer.status_code == 422
        assert "allerede sagt fra" in answer.content.decode() and 'value="1,75"' in answer.content.decode()
        assert Absence.objects.count() == 1

    @pytest.mark.parametrize("hours", ["mye", "0", "25", "-2", "1,234"])
    def test_hours_that_are_no_hours_are_refused_and_stay_in_the_box(self, four_weeks: Cast, hours: str) -> None:
        answer = report(four_weeks, "teaching", hours=hours)
        assert answer.status_code == 422 and f'value="{hours}"' in answer.content.decode()
        assert not Absence.objects.exists()

    @pytest.mark.parametrize("who", ["faglaerer", "norsklaerer", "koordinator"])
    def test_absence_from_school_is_confirmed_by_a_teacher_once(self, four_weeks: Cast, who: str) -> None:
        report(four_weeks, "teaching", hours="2,5")
        row = Absence.objects.get()
        client, address = signed_in(four_weeks, who), url(four_weeks, "fravar_confirm", row)
        assert [client.post(address).status_code for _ in range(2)] == [302, 302]
        row.refresh_from_db()
        assert (row.state, row.confirmed_by) == ("confirmed", four_weeks.users[who])
        assert ChangeLog.objects.filter(verb="confirmed").count() == 1
        assert figures(four_weeks)["Undervisning"] == 87  # 17.5 of 20 hours, rounded down

    @pytest.mark.parametrize("who", ["fadder", "leder"])
    def test_absence_from_work_is_confirmed_at_work_and_that_from_school_is_not(self, four_weeks: Cast, who: str) -> None:
        report(four_weeks, "teaching")
        report(four_weeks, at_work(four_weeks))
        school, work = Absence.objects.order_by("pk")
        client = signed_in(four_weeks, who)
        assert client.post(url(four_weeks, "fravar_confirm", school)).status_code == 404
        assert client.post(url(four_weeks, "fravar_confirm", work)).status_code == 302
        assert set(Absence.objects.values_list("away_from", "state")) == {("teaching", "reported"), ("practice", "confirmed")}

    @pytest.mark.parametrize("who", ["faglaerer", "norsklaerer"])
    def test_a_teacher_does_not_confirm_absence_from_work(self, four_weeks: Cast, who: str) -> None:
        report(four_weeks, at_work(four_weeks))
        assert signed_in(four_weeks, who).post(url(four_weeks, "fravar_confirm", Absence.objects.get())).status_code == 404
        assert Absence.objects.get().state == "reported"

    def test_the_participant_takes_back_what_nobody_has_confirmed_and_nothing_else(self, four_weeks: Cast) -> None:
        client = signed_in(four_weeks, "deltaker")
        report(four_weeks, "teaching")
        assert client.post(url(four_weeks, "fravar_remove", Absence.objects.get())).status_code == 302
        assert not Absence.objects.exists()
        confirmed = away(four_weeks, WEDNESDAY, "5")
        assert client.post(url(four_weeks, "fravar_remove", confirmed)).status_code == 404
        assert Absence.objects.exists()

    def test_one_says_so_only_where_one_belongs_today(self, four_weeks: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        stand_still(monkeypatch, WEDNESDAY + timedelta(days=1))  # a Thursday has no teaching
        Placement.objects.filter(pk=four_weeks.placements["selma"].pk).update(ends_on=WEDNESDAY)
        form = signed_in(four_weeks, "deltaker").get(url(four_weeks, "fravar_report")).context["form"]
        assert form.fields["place"].choices == []
        assert report(four_weeks, at_work(four_weeks)).status_code == 422
        assert not Absence.objects.exists()


class TestTheLine:
    """80 % is the requirement, 85 % the warning; just at a limit is enough."""

    @pytest.mark.parametrize(
        ("hours", "percent", "tone", "words"),
        [
            ("7.5", 85, "", ""),
            ("7.75", 84, "warning", "under 85 prosent. Det er 2,25 timer igjen til grensa på 80 prosent."),
            ("10", 80, "warning", "Det er 0 timer igjen til grensa på 80 prosent."),
            ("10.25", 79, "danger", "under kravet på 80 prosent"),
        ],
    )
    def test_what_is_said_of_fifty_hours(self, four_weeks: Cast, hours: str, percent: int, tone: str, words: str) -> None:
        away(four_weeks, date(2026, 10, 14), "5")
        for place, day in enumerate((date(2026, 10, 19), date(2026, 10, 26))):
            part = min(Decimal(hours) - 5, Decimal(4)) if place == 0 else Decimal(hours) - 9
            if part > 0:
                away(four_weeks, day, str(part), at=four_weeks.placements["selma"])
        assert figures(four_weeks)["Til sammen"] == percent
        found = warning(four_weeks)
        assert found[0] == tone and words in found[1]
        own = warning(four_weeks, "deltaker")
        assert own[0] == tone and ("Snakk med" in own[1]) == bool(tone)

    def test_each_sees_the_hours_of_their_own_part(self, four_weeks: Cast) -> None:
        away(four_weeks, WEDNESDAY, "5")
        away(four_weeks, MONDAY, "7.5", at=four_weeks.placements["selma"])
        assert figures(four_weeks) == {"Til sammen": 75, "Undervisning": 75, "Praksis": 75}
        for who in ("faglaerer", "norsklaerer"):
            assert figures(four_weeks, who) == {"Undervisning": 75}
        for who in ("fadder", "leder"):
            assert figures(four_weeks, who) == {"Praksis": 75}
        assert figures(four_weeks, "deltaker") == figures(four_weeks)

    def test_hours_away_count_no_further_than_what_was_expected_of_the_day(self, four_weeks: Cast) -> None:
        away(four_weeks, WEDNESDAY, "9")
        away(four_weeks, WEDNESDAY - timedelta(days=1), "5")  # a Tuesday: nothing was expected
        assert figures(four_weeks)["Undervisning"] == 75

    def test_the_front_page_of_the_record_says_it_too(self, four_weeks: Cast) -> None:
        away(four_weeks, date(2026, 10, 14), "5")
        away(four_weeks, MONDAY, "7.5", at=four_weeks.placements["selma"])
        kari = signed_in(four_weeks, "koordinator")
        content, line = kari.get(url(four_weeks, "participant_detail")).content.decode(), url(four_weeks, "fravar_line")
        assert "Borte 12,5 timer dette semesteret" in content and f'hx-get="{line}' in content
        assert kari.get(line).content.decode() == '<p class="more late">75 % til stede, under kravet på 80 %</p>'
        assert [row.page for row in LookLog.objects.all()] == ["oversikt"]
        assert {"absence", "visit_plan", "competence"} <= set(LookLog.objects.get().sections)
        signed_in(four_weeks, "faglaerer").get(line)  # the line alone, without the page
        assert LookLog.objects.latest("pk").page == "fravar"


class TestSickLeave:
    """Kept apart from absence, taken out of what is expected, and read by koordinator and the participant alone."""

    def test_a_full_sick_leave_takes_the_days_out(self, four_weeks: Cast) -> None:
        sent = {"starts_on": "2026-10-26", "ends_on": "2026-10-28", "percent": "100"}
        away(four_weeks, WEDNESDAY, "5")
        assert figures(four_weeks)["Til sammen"] == 90  # 45 of 50
        client = signed_in(four_weeks, "koordinator")
        assert client.post(url(four_weeks, "sykmelding_new"), sent).status_code == 302
        assert figures(four_weeks) == {"Til sammen": 86, "Undervisning": 66, "Praksis": 100}  # 32.5 of 37.5, 10 of 15
        assert Absence.objects.count() == 1

    def test_half_a_sick_leave_takes_half_the_day_out(self, four_weeks: Cast) -> None:
        SickLeave.objects.create(enrolment=four_weeks.selma, starts_on=WEDNESDAY, ends_on=WEDNESDAY, percent=50)
        away(four_weeks, WEDNESDAY, "5")
        assert figures(four_weeks)["Undervisning"] == 85  # 15 of 17.5

    @pytest.mark.parametrize("who", ["faglaerer", "norsklaerer", "fadder", "leder", "koordinator", "deltaker"])
    def test_nobody_else_reads_of_it(self, four_weeks: Cast, who: str) -> None:
        SickLeave.objects.create(enrolment=four_weeks.selma, starts_on=MONDAY, ends_on=WEDNESDAY, percent=43)
        content = signed_in(four_weeks, who).get(url(four_weeks, "participant_fravar")).content.decode()
        reads = who in {"koordinator", "deltaker"}
        assert ("43 prosent" in content) == reads and (">Sykmelding<" in content) == reads
        assert signed_in(four_weeks, who).get(url(four_weeks, "sykmelding_new")).status_code == (
            200 if who == "koordinator" else 403
        )

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [({"percent": "0"}, "fra 1 til 100"), ({"percent": "101"}, "fra 1 til 100"), ({"ends_on": "2026-10-20"}, "")],
    )
    def test_what_cannot_be_is_refused_and_loses_nothing(self, four_weeks: Cast, wrong: dict[str, str], words: str) -> None:
        sent = {"starts_on": "2026-10-26", "ends_on": "2026-10-28", "percent": "60"} | wrong
        answer = signed_in(four_weeks, "koordinator").post(url(four_weeks, "sykmelding_new"), sent)
        content = answer.content.decode()
        assert answer.status_code == 422 and words in content and not SickLeave.objects.exists()
        assert all(f'value="{value}"' in content for value in sent.values())


class TestRecording:
    """A day away, as staff know it."""

    def post(self, cast: Cast, who: str, **sent: str) -> Any:
        typed = {"away_on": WEDNESDAY.isoformat(), "hours": "2,5"} | sent
        return signed_in(cast, who).post(url(cast, "fravar_new"), typed)

    def test_a_day_is_recorded_once_however_often_it_is_sent(self, four_weeks: Cast) -> None:
        answers = [self.post(four_weeks, "faglaerer", is_valid_day="False", submission="c" * 20) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [302, 302]
        row = Absence.objects.get()
        assert (row.away_from, row.hours, row.is_valid, row.state) == ("teaching", Decimal("2.5"), False, "confirmed")
        assert row.recorded_by == row.confirmed_by == four_weeks.faglaerer

    def test_the_reason_is_chosen_and_read_by_koordinator_and_participant(self, four_weeks: Cast) -> None:
        self.post(four_weeks, "faglaerer", reason="sick")
        assert Absence.objects.get().reason == ""
        Absence.objects.all().delete()
        self.post(four_weeks, "koordinator", place="teaching", reason="sick_child")
        assert (Absence.objects.get().reason, Absence.objects.get().is_valid) == ("sick_child", True)
        for who in ("koordinator", "deltaker", "faglaerer", "norsklaerer"):
            content = signed_in(four_weeks, who).get(url(four_weeks, "participant_fravar")).content.decode()
            assert ("sykt barn" in content) == (who in {"koordinator", "deltaker"}), who

    @pytest.mark.parametrize(
        ("who", "wrong", "words"),
        [
            ("faglaerer", {"away_on": "2026-11-05"}, "fram i tid"),
            ("faglaerer", {"away_on": "2026-10-14"}, "allerede fravær her denne dagen"),
            ("faglaerer", {"hours": "25"}, ""),
            ("faglaerer", {"hours": "halve dagen"}, ""),
            ("faglaerer", {"hours": ""}, ""),
            ("fadder", {"away_on": "2026-10-05"}, "utenfor perioden"),
            ("koordinator", {"place": "et annet sted"}, ""),
        ],
    )
    def test_what_cannot_be_is_refused_and_loses_nothing(
        self, four_weeks: Cast, who: str, wrong: dict[str, str], words: str
    ) -> None:
        away(four_weeks, date(2026, 10, 14), "5")
        answer = self.post(four_weeks, who, is_valid_day="True", **wrong)
        content = answer.content.decode()
        assert answer.status_code == 422 and words in content and Absence.objects.count() == 1
        typed = {"away_on": WEDNESDAY.isoformat(), "hours": "2,5"} | wrong
        assert all(f'value="{typed[name]}"' in content for name in ("away_on", "hours") if typed[name])
        assert re.search(r'<option value="True" selected', content)

    def test_two_who_change_the_same_day_see_both_texts(self, four_weeks: Cast) -> None:
        row = away(four_weeks, WEDNESDAY, "5")
        sent = {"away_on": WEDNESDAY.isoformat(), "is_valid_day": "", "version": "1"}
        address = url(four_weeks, "fravar_edit", row)
        assert signed_in(four_weeks, "norsklaerer").post(address, sent | {"hours": "3"}).status_code == 302
        answer = signed_in(four_weeks, "faglaerer").post(address, sent | {"hours": "1,5"})
        content = answer.content.decode()
        assert answer.status_code == 409 and "Noen andre lagret før deg" in content and "1,5" in content and ">3" in content
        row.refresh_from_db()
        assert (row.hours, row.version) == (Decimal(3), 2)

    def test_a_fadder_records_within_the_own_period_and_reads_no_other(self, four_weeks: Cast) -> None:
        four_weeks.placements["selma"].faddere.update(starts_on=date(2026, 10, 20))
        before = away(four_weeks, date(2026, 10, 19), "3.25", at=four_weeks.placements["selma"])
        assert self.post(four_weeks, "fadder", away_on="2026-10-26").status_code == 302
        assert self.post(four_weeks, "fadder", away_on="2026-10-12").status_code == 422
        content = signed_in(four_weeks, "fadder").get(url(four_weeks, "participant_fravar")).content.decode()
        assert "3,25 timer" not in content
        assert signed_in(four_weeks, "fadder").post(url(four_weeks, "fravar_remove", before)).status_code == 404


@pytest.mark.parametrize("who", ["annen_faglaerer", "annen_norsklaerer", "annen_fadder", "annen_leder", "annen_deltaker"])
def test_for_outsiders_there_is_no_such_record(four_weeks: Cast, who: str) -> None:
    row = away(four_weeks, WEDNESDAY, "5")
    sick = SickLeave.objects.create(enrolment=four_weeks.selma, starts_on=MONDAY)
    client = signed_in(four_weeks, who)
    for name in ("participant_fravar", "fravar_new", "fravar_report", "sykmelding_new"):
        assert client.get(url(four_weeks, name)).status_code == 404, name
    for name in ("fravar_edit", "fravar_confirm", "fravar_remove"):
        assert client.post(url(four_weeks, name, row), {"hours": "1"}).status_code == 404, name
    assert client.post(url(four_weeks, "sykmelding_edit", sick)).status_code == 404
    # Nor is selma's row there under the outsider's own record.
    theirs = reverse("fravar_edit", args=[four_weeks.nadia.participant.public_id, row.public_id])
    assert client.get(theirs).status_code == (403 if who == "annen_deltaker" else 404)
    assert Absence.objects.get().hours == Decimal(5) and not Lesson.objects.exists()
