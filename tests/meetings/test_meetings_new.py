"""A new meeting: who is proposed, and which day, time and place."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from fagbrev.dates import date_words
from fagbrev.mail.models import OutgoingMail
from programmes.models import CalendarBreak
from tests.cast import Cast, make_user
from tests.meetings.arranged import about, ahead, call, invited, plan, signed_in


class TestWhoIsProposed:
    """Those who belong at a meeting by role (V6, V7)."""

    def test_the_project_group_is_the_koordinator_and_the_teachers_of_the_trade(self, cast: Cast) -> None:
        assert invited(plan(cast, "project_group", "&fag=BUA")) == {
            ("coordinator", "Kari Koordinator"), ("faglaerer", "Ola Faglaerer"), ("norsklaerer", "Anna Norsklaerer")
        }  # fmt: skip

    def test_the_steering_group_is_those_with_the_role(self, cast: Cast) -> None:
        make_user("Sara Styre", "styringsgruppe", today=cast.today, ends_on=cast.today - timedelta(days=1))
        assert invited(plan(cast, "steering_group")) == {
            ("coordinator", "Kari Koordinator"),
            ("styringsgruppe", "Stian Styringsgruppe"),
        }

    def test_a_cooperation_meeting_is_everyone_around_the_participant(self, cast: Cast) -> None:
        assert {role for role, _name in invited(plan(cast, "cooperation", about(cast)))} == {
            "coordinator", "faglaerer", "norsklaerer", "fadder", "leder", "deltaker"
        }  # fmt: skip

    def test_a_fadder_who_has_left_the_workplace_is_not_around_the_participant(self, cast: Cast) -> None:
        type(cast.fadder_person).objects.filter(pk=cast.fadder_person.pk).update(ends_on=cast.today - timedelta(days=1))
        assert "fadder" not in {role for role, _name in invited(plan(cast, "cooperation", about(cast)))}

    def test_a_closing_meeting_is_participant_faglaerer_fadder_and_koordinator(self, cast: Cast) -> None:
        assert {role for role, _name in invited(plan(cast, "closing", about(cast)))} == {
            "coordinator", "faglaerer", "fadder", "deltaker"
        }  # fmt: skip

    def test_a_mentor_gathering_is_the_faddere_of_running_placements_with_and_without_a_sign_in(self, cast: Cast) -> None:
        type(cast.fadder_person).objects.filter(pk=cast.annen_fadder_person.pk).update(user=None, email="finn@example.no")
        meeting = plan(cast, "mentor_gathering", programme="12.00 Lunsj")
        assert {row for row in invited(meeting) if row[0] == "fadder"} == {("fadder", "Bente Fadder"), ("fadder", "Finn Utenfor")}
        one_trade = plan(cast, "mentor_gathering", trade=str(cast.trades["HEA"].pk))
        assert {row for row in invited(one_trade) if row[0] == "fadder"} == {("fadder", "Finn Utenfor")}

    def test_a_network_gathering_is_participants_in_practice_who_sign_in_and_teachers(self, cast: Cast) -> None:
        found = invited(plan(cast, "network_gathering"))
        assert {name for role, name in found if role == "deltaker"} == {"Selma Testesen", "Nadia Utenfor"}
        assert {role for role, _name in found} == {"coordinator", "faglaerer", "norsklaerer", "deltaker"}

    @pytest.mark.parametrize("protection", ["fortrolig", "strengt_fortrolig"])
    def test_nobody_whose_address_is_protected_is_proposed_to_a_gathering(self, cast: Cast, protection: str) -> None:
        type(cast.selma.participant).objects.filter(pk=cast.selma.participant_id).update(
            address_protection=protection, address=""
        )
        assert "Selma Testesen" not in {name for _role, name in invited(plan(cast, "network_gathering"))}
        assert "Bente Fadder" not in {name for _role, name in invited(plan(cast, "mentor_gathering"))}

    def test_a_fadder_whose_time_is_over_is_not_proposed(self, cast: Cast) -> None:
        cast.placements["selma"].faddere.update(ends_on=cast.today - timedelta(days=1))
        assert "fadder" not in {role for role, _name in invited(plan(cast, "cooperation", about(cast)))}


class TestWhatIsProposed:
    """The day, the time and the place as they stand in a new form."""

    def form(self, cast: Cast, query: str) -> Any:
        return signed_in(cast, "koordinator").get(f"{reverse('meeting_new')}?{query}").context["form"]

    def test_the_usual_place_and_the_trades_interval(self, cast: Cast) -> None:
        CalendarBreak.objects.all().delete()
        near = {"day": ahead(1).isoformat(), "at": "13:15", "minutes_long": "45"}
        first = plan(cast, "project_group", "&fag=BUA", place="Bibliotekrommet", **near)
        form = self.form(cast, "type=project_group&fag=BUA")
        assert (form["place"].value(), form["minutes_long"].value(), f"{form['at'].value():%H:%M}") == (
            "Bibliotekrommet",
            45,
            "13:15",
        )
        wanted = timezone.localdate(first.starts_at) + timedelta(days=cast.trades["BUA"].project_meeting_interval_days)
        assert form["day"].value() >= wanted
        assert form["day"].value().weekday() < 5

    def test_no_day_is_proposed_so_far_ahead_that_it_is_easily_saved_by_mistake(self, cast: Cast) -> None:
        last = plan(cast, "project_group", "&fag=BUA", day=ahead(150).isoformat(), place="Bibliotekrommet")
        form = self.form(cast, "type=project_group&fag=BUA")
        assert (form["day"].value(), form["place"].value()) == (None, "Bibliotekrommet")
        words = f"Det siste møtet er planlagt {date_words(timezone.localdate(last.starts_at))}."
        assert form.fields["day"].help_text.startswith(words)

    def test_the_day_is_moved_past_a_break(self, cast: Cast) -> None:
        free = self.form(cast, "type=information")["day"].value()
        CalendarBreak.objects.create(name="Fri", starts_on=free, ends_on=free + timedelta(days=3), stops_teaching=True)
        assert self.form(cast, "type=information")["day"].value() > free + timedelta(days=3)

    def test_a_day_off_is_said_and_not_refused(self, cast: Cast) -> None:
        saturday = ahead(20) + timedelta(days=4)
        data = {"day": saturday.isoformat(), "at": "10:00", "minutes_long": "60"}
        answer = signed_in(cast, "koordinator").post(f"{reverse('meeting_new')}?type=information", data, follow=True)
        assert "er en fridag eller i en ferie" in answer.content.decode()

    def test_a_time_that_is_past_is_refused_by_the_field(self, cast: Cast) -> None:
        browser, data = signed_in(cast, "koordinator"), {"at": "10:00", "minutes_long": "60"}
        long_ago = {"day": (cast.today - timedelta(days=61)).isoformat()}
        answer = browser.post(f"{reverse('meeting_new')}?type=information", data | long_ago)
        assert answer.status_code == 422
        assert answer.context["form"].errors["day"] == ["Et møte som har vært, kan føres opptil 60 dager etterpå."]
        meeting = plan(cast, "information")
        edit, lately = reverse("meeting_edit", args=[meeting.public_id]), {"day": (cast.today - timedelta(days=1)).isoformat()}
        answer = browser.post(edit, data | lately | {"version": meeting.version})
        assert answer.status_code == 422
        assert answer.context["form"].errors["day"] == ["Tiden er allerede passert. Velg en tid framover."]

    def test_one_that_was_held_lately_is_registered_and_nobody_is_called(self, cast: Cast) -> None:
        for days in (1, 60):
            data = {"day": (cast.today - timedelta(days=days)).isoformat(), "at": "10:00", "minutes_long": "60"}
            url = f"{reverse('meeting_new')}?type=project_group&fag=BUA"
            answer = signed_in(cast, "koordinator").post(url, data, follow=True)
            meeting, content = answer.context["meeting"], answer.content.decode()
            assert "Ingen innkallinger sendes." in content
            assert reverse("meeting_call", args=[meeting.public_id]) not in content
            call(cast, meeting)
            came = reverse("meeting_attendance", args=[meeting.public_id])
            assert signed_in(cast, "koordinator").post(came, {"version": meeting.version, "kom": []}).status_code == 302
            meeting.refresh_from_db()
            assert (meeting.state, OutgoingMail.objects.exclude(text="").count()) == ("held", 0)

    def test_strictly_protected_people_are_in_no_choice(self, cast: Cast) -> None:
        browser = signed_in(cast, "koordinator")
        url = f"{reverse('meeting_new')}?type=cooperation"
        assert "Selma Testesen" in browser.get(f"{url}&q=selma").content.decode()
        type(cast.selma.participant).objects.filter(pk=cast.selma.participant_id).update(
            address_protection="strengt_fortrolig", address=""
        )
        assert "Selma Testesen" not in browser.get(f"{url}&q=selma").content.decode()
        assert browser.get(f"{url}{about(cast)}").status_code == 404

    def test_the_records_page_leads_to_a_meeting_about_the_participant(self, cast: Cast) -> None:
        url = reverse("participant_detail", args=[cast.selma.participant.public_id])
        content = signed_in(cast, "koordinator").get(url).content.decode()
        assert f"/moter/nytt/?type=cooperation&amp;deltaker={cast.selma.participant.public_id}" in content
        assert "/moter/nytt/" not in signed_in(cast, "faglaerer").get(url).content.decode()
