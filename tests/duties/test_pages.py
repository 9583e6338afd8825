"""The pages of duties: lists, put off, handed over, rules with preview, what has gone out; and the reminders by hand."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from fagbrev.audit.models import ChangeLog, LookLog
from fagbrev.duties.mails import write_notices
from fagbrev.duties.models import Duty, HandOver, Notice, NoticeChoice, RuleTerms, Scan, Snooze
from fagbrev.duties.plan import plan
from fagbrev.duties.reading import duties_for
from fagbrev.duties.scan import scan, scan_if_due
from fagbrev.mail.models import OutgoingMail
from participants.models import EndingTask, Enrolment, Leave, Placement
from programmes.models import CalendarBreak, Setting, TeachingAssignment
from tests.cast import Cast, enrol, make_user
from tests.duties.conftest import text

Follow = Callable[[], None]
Browser = Callable[[str], Client]


def duty(cast: Cast, rule: str, enrolment: Enrolment | None = None) -> Duty:
    rows = Duty.objects.filter(rule=rule)
    return (rows.filter(enrolment_id=enrolment.pk) if enrolment else rows).get()


class TestLists:
    def test_the_koordinator_sees_what_is_overdue_with_its_act(self, cast: Cast, duties: Follow, browser: Browser) -> None:
        duties()
        page = text(browser("koordinator").get("/"))
        assert "Forfalt" in page and "Venter på andre" in page and "Intervju etter henvisning" in page
        assert f"/deltakere/{cast.referred.participant.public_id}/inntak/intervju/" in page

    def test_groups_kinds_and_pages_narrow_the_list(self, cast: Cast, duties: Follow, browser: Browser) -> None:
        duties()
        client = browser("koordinator")
        narrowed = client.get("/frister/?frist=interview&gruppe=overdue")
        assert {row.rule for part in narrowed.context["parts"] for row in part["rows"]} == {"interview"}
        for nonsense in ("?frist=tull", "?gruppe=tull", "?side=tull", "?side=99", "?vis=tull", "?vis=andre&gruppe=week&frist=x"):
            assert client.get(f"/frister/{nonsense}").status_code == 200

    def test_the_number_of_queries_does_not_grow_with_the_rows(self, cast: Cast, duties: Follow, browser: Browser) -> None:
        client = browser("koordinator")

        def asked(address: str) -> int:
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            return len(queries)

        duties()
        before = {address: asked(address) for address in ("/", "/frister/", "/frister/?vis=andre")}
        for number in range(45):
            enrol(cast, f"Ny{number} Prøvestad", "BUA", "referred" if number % 2 else "interviewed", days_ago=40)
        duties()
        assert {address: asked(address) for address in before} == before
        assert before["/"] <= 28 and before["/frister/"] <= 16

    def test_nothing_to_do_is_said_kindly(self, cast: Cast, browser: Browser) -> None:
        assert "Ingenting" in text(browser("fadder").get("/frister/"))


class TestTwoClicks:
    """From home: one press leads to the form with what is likely filled in, the next saves it and leads home."""

    def done(self, cast: Cast, browser: Browser, rule: str) -> Any:
        Duty.objects.exclude(rule=rule).update(snoozed_until=cast.today + timedelta(days=9))  # so that the rule stands on home
        client = browser("koordinator")
        page = client.get("/")
        row = next(row for group in page.context["groups"] for row in group.rows if row.rule == rule)
        form = client.get(row.url).context["form"]
        posted = {
            field.html_name: value.isoformat() if hasattr(value, "isoformat") else value
            for field in form
            if (value := field.value()) not in (None, "", [])
        }
        answer = client.post(row.url, posted)
        assert answer.status_code == 302 and answer["Location"] == "/", text(answer)[-2000:]
        return posted

    def test_a_form_to_the_county_on_leave(self, cast: Cast, duties: Follow, browser: Browser) -> None:
        Enrolment.objects.filter(pk=cast.selma.pk).update(status="on_leave", status_before_leave="training")
        Leave.objects.create(enrolment=cast.selma, starts_on=cast.today - timedelta(days=20), reason="care")
        duties()
        self.done(cast, browser, "county_form_leave")
        assert Leave.objects.get().county_form_sent_on == cast.today
        assert not Duty.objects.filter(rule="county_form_leave").exists()

    def test_a_form_to_the_county_on_an_ending(self, cast: Cast, duties: Follow, browser: Browser) -> None:
        Enrolment.objects.filter(pk=cast.terminated.pk).update(
            contract_starts_on=cast.today - timedelta(days=500), contract_ends_on=cast.today + timedelta(days=100),
            ended_on=cast.today - timedelta(days=20),
        )  # fmt: skip
        duties()
        self.done(cast, browser, "county_form_ending")
        assert EndingTask.objects.get(kind="county_form").done_on == cast.today
        assert not Duty.objects.filter(rule="county_form_ending").exists()

    def test_an_interview(self, cast: Cast, duties: Follow, browser: Browser) -> None:
        duties()
        self.done(cast, browser, "interview")
        assert not Duty.objects.filter(rule="interview", enrolment_id=cast.referred.pk).exists()

    def test_the_leder_confirms_that_the_participant_is_an_extra_person(
        self, cast: Cast, duties: Follow, browser: Browser
    ) -> None:
        duties()
        client = browser("leder")
        row = next(row for group in client.get("/").context["groups"] for row in group.rows if row.rule == "extra_person")
        assert "erstatter ingen" in text(client.get(row.url))
        assert client.post(row.url, {"submission": "en-gang"})["Location"] == "/"
        assert Placement.objects.get(pk=cast.placements["selma"].pk).extra_person_confirmed_on == cast.today
        assert not duties_for(cast.leder, cast.today).filter(rule="extra_person").exists()

    def test_nobody_elses_place_can_be_confirmed(self, cast: Cast, browser: Browser) -> None:
        url = f"/deltakere/{cast.selma.participant.public_id}/arbeidssted/ekstra-person/{cast.placements['nadia'].public_id}/"
        assert browser("leder").post(url).status_code == 404
        assert browser("annen_leder").post(url).status_code == 404

    def test_where_one_comes_back_to_is_an_address_here(self, cast: Cast, browser: Browser) -> None:
        url = f"/deltakere/{cast.referred.participant.public_id}/inntak/intervju/?neste=https://ondt.example/"
        answer = browser("koordinator").post(url, {"held_on": cast.today.isoformat(), "submission": "x"})
        assert answer["Location"].startswith("/deltakere/")

    def test_a_link_fills_in_nothing_that_cannot_be_chosen(self, cast: Cast, browser: Browser) -> None:
        url = f"/deltakere/{cast.selma.participant.public_id}/permisjon/permisjon/ny/?sett=reason:tull&sett=tull&i-dag=reason&i-dag=x"
        answer = browser("koordinator").get(url)
        assert answer.status_code == 200
        assert answer.context["form"]["reason"].value() in ("", None)


class TestSnooze:
    def test_a_duty_put_off_is_gone_until_its_day_and_says_why(self, cast: Cast, duties: Follow, browser: Browser) -> None:
        duties()
        row = duty(cast, "interview")
        until = cast.today + timedelta(days=9)
        client = browser("koordinator")
        url = f"/frister/{row.public_id}/utsett/"
        assert "Ses av: koordinator" in text(client.get(url))
        answer = client.post(url, {"until": until.isoformat(), "reason": "Er på ferie", "submission": "s1"})
        assert answer.status_code == 302
        assert not duties_for(cast.koordinator, cast.today).filter(pk=row.pk).exists()
        assert duties_for(cast.koordinator, until).filter(pk=row.pk).exists()
        assert "Er på ferie" in text(client.get("/frister/?vis=utsatt"))
        kept = Snooze.objects.get()
        assert (kept.until, kept.by, kept.participant_id) == (until, cast.koordinator, cast.referred.participant_id)
        log = ChangeLog.objects.get(verb="snoozed")
        assert log.section == "intake_background" and "ferie" not in str(log.__dict__)

    def test_it_is_told_of_again_on_the_day_and_what_passed_meanwhile_is_not(self, cast: Cast, duties: Follow) -> None:
        duties()
        scan(today=cast.today)
        row = duty(cast, "interview")
        Notice.objects.all().delete()
        until = cast.today + timedelta(days=9)
        Duty.objects.filter(pk=row.pk).update(snoozed_until=until)
        for number in range(1, 12):
            scan(today=cast.today + timedelta(days=number))
        told = list(Notice.objects.filter(duty_key=row.key).values_list("moment", "made_on"))
        assert told == [(f"again{until:%y%m%d}", until)]

    @pytest.mark.parametrize(("days", "reason"), [(0, "nå"), (-3, "før"), (400, "aldri"), (7, "")])
    def test_a_day_that_cannot_be_and_a_missing_reason_are_said(
        self, cast: Cast, duties: Follow, browser: Browser, days: int, reason: str
    ) -> None:
        duties()
        row = duty(cast, "interview")
        day = (cast.today + timedelta(days=days)).isoformat()
        answer = browser("koordinator").post(f"/frister/{row.public_id}/utsett/", {"until": day, "reason": reason})
        assert answer.status_code == 422 and not Snooze.objects.exists()

    def test_it_can_be_taken_up_again(self, cast: Cast, duties: Follow, browser: Browser) -> None:
        duties()
        row = duty(cast, "interview")
        Duty.objects.filter(pk=row.pk).update(snoozed_until=cast.today + timedelta(days=5))
        browser("koordinator").post(f"/frister/{row.public_id}/utsett/", {"act": "wake"})
        assert duties_for(cast.koordinator, cast.today).filter(pk=row.pk).exists()

    @pytest.mark.parametrize("who", ["faglaerer", "annen_leder", "deltaker", "styringsgruppe", "drift"])
    def test_others_do_not_find_it(self, cast: Cast, duties: Follow, browser: Browser, who: str) -> None:
        duties()
        row = duty(cast, "interview")
        assert browser(who).get(f"/frister/{row.public_id}/utsett/").status_code == 404
        assert browser(who).post(f"/frister/{row.public_id}/utsett/", {"reason": "x"}).status_code == 404

    def test_it_stays_put_off_when_the_table_is_made_anew(self, cast: Cast, duties: Follow) -> None:
        duties()
        row = duty(cast, "interview")
        Duty.objects.filter(pk=row.pk).update(snoozed_until=cast.today + timedelta(days=5))
        Enrolment.objects.filter(pk=cast.referred.pk).update(started_on=cast.today - timedelta(days=3))
        duties()
        assert Duty.objects.get(key=row.key).snoozed_until == cast.today + timedelta(days=5)


class TestHandOver:
    def form(self, cast: Cast, away: str, over: str, role: str, **more: Any) -> dict[str, str]:
        return {
            "role": role, "from_user": cast.users[away].public_id, "to_user": cast.users[over].public_id,
            "starts_on": cast.today.isoformat(), "ends_on": (cast.today + timedelta(days=14)).isoformat(), "submission": "h1", **more,
        }  # fmt: skip

    def test_a_colleague_without_the_trade_gets_it_for_the_time(self, cast: Cast, duties: Follow, browser: Browser) -> None:
        duties()
        assert not duties_for(cast.annen_faglaerer, cast.today).filter(rule="voice_faglaerer").exists()
        answer = browser("koordinator").post("/frister/overlat/", self.form(cast, "faglaerer", "annen_faglaerer", "faglaerer"))
        assert answer.status_code == 302, text(answer)
        duties()
        given = TeachingAssignment.objects.get(user=cast.annen_faglaerer, trade=cast.trades["BUA"])
        assert given.ends_on == cast.today + timedelta(days=14)
        assert duties_for(cast.annen_faglaerer, cast.today).filter(rule="voice_faglaerer").exists()
        scan(today=cast.today)
        told = Notice.objects.filter(rule="voice_faglaerer").values_list("recipient", flat=True)
        assert set(told) == {cast.annen_faglaerer.pk}
        assert "Per Utenfor har tatt over for deg" in text(browser("faglaerer").get("/frister/"))

    def test_when_it_ends_notices_and_scope_go_back(self, cast: Cast, duties: Follow, browser: Browser) -> None:
        client = browser("koordinator")
        client.post("/frister/overlat/", self.form(cast, "faglaerer", "annen_faglaerer", "faglaerer"))
        row = HandOver.objects.get()
        assert client.get(f"/frister/overlat/{row.public_id}/slutt/").status_code == 200
        client.post(f"/frister/overlat/{row.public_id}/slutt/")
        assert not HandOver.objects.exists()
        assert not TeachingAssignment.objects.filter(user=cast.annen_faglaerer, trade=cast.trades["BUA"]).exists()

    def test_a_koordinator_is_replaced_by_a_koordinator(self, cast: Cast, duties: Follow, browser: Browser) -> None:
        cast.users["vikar"] = make_user("Vera Vikar", "coordinator", today=cast.today)
        duties()
        browser("vikar").post("/frister/overlat/", self.form(cast, "koordinator", "vikar", "coordinator"))
        scan(today=cast.today)
        told = set(Notice.objects.filter(rule="interview").values_list("recipient", flat=True))
        assert told == {cast.vikar.pk}

    @pytest.mark.parametrize(
        ("away", "over", "role", "more"),
        [
            ("faglaerer", "faglaerer", "faglaerer", {}), ("faglaerer", "norsklaerer", "norsklaerer", {}),
            ("faglaerer", "annen_faglaerer", "faglaerer", {"ends_on": "2020-01-01"}),
            ("faglaerer", "annen_faglaerer", "", {}), ("fadder", "faglaerer", "faglaerer", {}),
            ("faglaerer", "koordinator", "faglaerer", {}),  # nobody gives themselves a role
        ],
    )  # fmt: skip
    def test_what_cannot_be_is_said(
        self, cast: Cast, browser: Browser, away: str, over: str, role: str, more: dict[str, str]
    ) -> None:
        answer = browser("koordinator").post("/frister/overlat/", self.form(cast, away, over, role, **more))
        assert answer.status_code == 422 and not HandOver.objects.exists()

    def test_the_same_work_is_not_handed_over_twice(self, cast: Cast, browser: Browser) -> None:
        client = browser("koordinator")
        client.post("/frister/overlat/", self.form(cast, "faglaerer", "annen_faglaerer", "faglaerer"))
        again = client.post("/frister/overlat/", self.form(cast, "faglaerer", "annen_faglaerer", "faglaerer", submission="h2"))
        assert again.status_code == 422 and HandOver.objects.count() == 1


class TestRules:
    def posted(self, cast: Cast, **more: Any) -> dict[str, Any]:
        return {
            "moments": "-10, -1", "weekly": "", "shift": "later", "valid_from": cast.today.isoformat(), "source": "vedtak",
            "submission": "r1", **more,
        }  # fmt: skip

    def test_the_preview_counts_and_saves_nothing(self, cast: Cast, duties: Follow, browser: Browser) -> None:
        enrol(cast, "Ny Prøvestad", "BUA", "referred", days_ago=2)
        duties()
        answer = browser("koordinator").post("/frister/regler/interview/", self.posted(cast, preview="1"))
        shown = answer.context["preview"]
        assert answer.status_code == 200 and shown["then"] == 2 and not RuleTerms.objects.exists()
        assert f"<b>{shown['then']}</b> påminnelser gå ut de neste 30 dagene" in text(answer)

    def test_a_change_holds_from_its_day(self, cast: Cast, duties: Follow, browser: Browser) -> None:
        enrol(cast, "Ny Prøvestad", "BUA", "referred", days_ago=2)
        duties()
        assert browser("koordinator").post("/frister/regler/interview/", self.posted(cast)).status_code == 302
        told = {}
        for number in range(20):
            scan(today=cast.today + timedelta(days=number))
        for notice in Notice.objects.filter(rule="interview", made_on__gt=cast.today):
            told[notice.moment] = notice.made_on
        assert set(told) == {"-10", "-1"}
        duties()  # back from the days ahead

    @pytest.mark.parametrize("moments", ["i morgen", "-1000", "3x", "+"])
    def test_what_cannot_be_read_is_said(self, cast: Cast, browser: Browser, moments: str) -> None:
        answer = browser("koordinator").post("/frister/regler/interview/", self.posted(cast, moments=moments))
        assert answer.status_code == 422 and "kan ikke leses" in text(answer) and moments in text(answer)

    def test_an_unknown_rule_is_not_there(self, cast: Cast, browser: Browser) -> None:
        assert browser("koordinator").get("/frister/regler/tull/").status_code == 404

    def test_every_rule_is_listed_with_its_days(self, cast: Cast, browser: Browser) -> None:
        page = text(browser("koordinator").get("/frister/regler/"))
        assert "Påmelding til skriftlig eksamen" in page and "14 dager før den åpner" in page and "høyst fire ganger" in page


class TestDispatch:
    def test_failures_are_shown_and_tried_again(self, cast: Cast, browser: Browser) -> None:
        failed = OutgoingMail.objects.create(
            recipient="borte@example.no", subject="Prøve", error="SMTPRecipientsRefused 550", attempts=8
        )
        client = browser("koordinator")
        page = text(client.get("/frister/utsending/"))
        assert "borte@example.no" in page and "Adressen ble avvist" in page and "gitt opp" in page
        client.post(f"/frister/utsending/{failed.public_id}/igjen/")
        failed.refresh_from_db()
        assert failed.attempts == 0 and failed.next_try_at is not None

    def test_it_says_when_duties_were_last_gone_through(self, cast: Cast, duties: Follow, browser: Browser) -> None:
        client = browser("koordinator")
        assert "ikke gått gjennom ennå" in text(client.get("/frister/utsending/"))
        scan(today=cast.today)
        assert client.get("/frister/utsending/").context["is_late"] is False

    def test_the_plan_is_what_then_goes_out(self, cast: Cast, duties: Follow) -> None:
        enrol(cast, "Ny Prøvestad", "BUA", "referred", days_ago=2)
        duties()
        scan(today=cast.today)
        ahead, before = plan(cast.today), Notice.objects.count()
        for number in range(1, 31):
            scan(today=cast.today + timedelta(days=number))
        assert ahead.total == Notice.objects.count() - before > 0
        duties()  # back to the day it is


class TestScan:
    def test_the_days_scan_runs_once_after_its_hour_and_is_caught_up(self, cast: Cast, duties: Follow) -> None:
        early = timezone.localtime().replace(hour=5, minute=30)
        assert scan_if_due(now=early) is None
        late = early.replace(hour=14)
        assert scan_if_due(now=late) is not None
        assert scan_if_due(now=late) is None

    def test_two_at_once_leave_it_to_the_first(self, cast: Cast) -> None:
        Scan.objects.create(pk=1, lease_until=timezone.now() + timedelta(minutes=5))
        assert scan(today=cast.today).was_busy
        Scan.objects.update(lease_until=timezone.now() - timedelta(minutes=1))
        assert not scan(today=cast.today).was_busy

    def test_a_dry_run_writes_nothing_and_reports_all(self, cast: Cast, duties: Follow, tmp_path: Path) -> None:
        duties()
        report, out = tmp_path / "ut.csv", StringIO()
        call_command("send_reminders", "--today", cast.today.isoformat(), "--dry-run", "--report", str(report), stdout=out)
        assert not Notice.objects.exists() and not OutgoingMail.objects.exclude(kind="").exists()
        rows = list(csv.DictReader(StringIO(report.read_text(encoding="utf-8"))))
        assert list(rows[0]) == ["rule", "recipient", "subject_type", "subject_id", "moment", "due", "channel", "status"]
        assert {row["recipient"] for row in rows if row["channel"] == "app"} <= {u.public_id for u in cast.users.values()}
        assert any(row["channel"] == "mail" for row in rows) and "ville blitt laget" in out.getvalue()
        assert "Selma" not in report.read_text() and "@" not in report.read_text()

    def test_the_command_tells_once(self, cast: Cast, duties: Follow) -> None:
        duties()
        for _time in range(2):
            call_command("send_reminders", stdout=StringIO())
        keys = list(Notice.objects.values_list("duty_key", "moment", "recipient"))
        assert keys and len(keys) == len(set(keys))

    def test_a_report_that_cannot_be_written_is_said(self, cast: Cast) -> None:
        with pytest.raises(CommandError, match="kan ikke skrives"):
            call_command("send_reminders", "--report", "/finnes/ikke/ut.csv", stdout=StringIO())

    def test_health_tells_when_it_last_ran(self, cast: Cast, browser: Browser) -> None:
        assert json.loads(Client().get("/healthz").content)["scan"] == "never"
        scan(today=cast.today)
        told = json.loads(Client().get("/healthz").content)
        assert told["scan"] == "ok" and told["last_scan"].endswith("+00:00")
        Scan.objects.update(last_day=cast.today - timedelta(days=3))
        assert json.loads(Client().get("/healthz").content)["scan"] == "late"


def test_a_break_saved_on_the_years_page_moves_duties_at_once(cast: Cast, duties: Follow, browser: Browser) -> None:
    """The product itself brings the table up to date: nothing in the test does."""
    duties()
    row = duty(cast, "interview")
    browser("koordinator").post(
        reverse("year_row_new", args=["ferie"]),
        {"name": "Stengt", "starts_on": row.due_on.isoformat(), "ends_on": row.due_on.isoformat(), "stops_practice": "on",
         "source": "vedtak", "submission": "b1"},
    )  # fmt: skip
    assert CalendarBreak.objects.filter(name="Stengt").exists()
    assert Duty.objects.get(key=row.key).due_on > row.due_on


def test_everyone_chooses_how_often_to_be_mailed(cast: Cast, browser: Browser) -> None:
    client = browser("fadder")
    assert client.post("/frister/varsler/", {"rhythm": "daily", "submission": "v1"}).status_code == 302
    assert NoticeChoice.objects.get(user=cast.fadder).rhythm == "daily"
    assert client.post("/frister/varsler/", {"rhythm": "tull"}).status_code == 422


class TestLooks:
    def test_a_list_of_duties_is_a_look_once_a_day(self, cast: Cast, duties: Follow, browser: Browser) -> None:
        duties()
        client = browser("koordinator")
        for _time in range(3):
            client.get("/frister/?frist=interview")
        looks = LookLog.objects.filter(participant_id=cast.referred.participant_id, page="frister")
        assert [(look.user, look.act, look.sections) for look in looks] == [(cast.koordinator, "list", ["intake_background"])]

    def test_what_else_is_shown_of_the_same_person_is_another(self, cast: Cast, duties: Follow, browser: Browser) -> None:
        duties()
        client = browser("koordinator")
        client.get("/frister/?frist=without_workplace")
        client.get("/frister/?frist=work_status")
        shown = LookLog.objects.filter(page="frister").values_list("sections", flat=True)
        assert {section for sections in shown for section in sections} == {"placement", "work_status"}

    def test_nobody_is_logged_for_what_they_see_of_themselves(self, cast: Cast, duties: Follow, browser: Browser) -> None:
        duties()
        browser("deltaker").get("/frister/")
        assert not LookLog.objects.filter(page="frister").exists()


def test_the_koordinator_is_led_to_the_person_by_what_others_are_to_do(cast: Cast, duties: Follow, browser: Browser) -> None:
    duties()
    client = browser("koordinator")
    parts = client.get("/frister/?vis=andre").context["parts"]
    rows = [row for part in parts for row in part["rows"]]
    assert rows and {row.act for row in rows} == {"Se deltakeren"}
    assert all(client.get(row.url).status_code == 200 for row in rows)


def test_a_scan_by_hand_for_a_day_ahead_does_not_silence_the_days_until_then(cast: Cast, duties: Follow) -> None:
    duties()
    scan(today=cast.today + timedelta(days=100))
    due = timezone.localtime().replace(hour=23, minute=0)
    told = scan_if_due(now=due)
    assert told is not None and told.day == cast.today
    assert scan_if_due(now=due) is None
    duties()


def test_one_who_may_not_turn_mail_off_reads_how_often_it_comes(cast: Cast, duties: Follow) -> None:
    NoticeChoice.objects.create(user=cast.koordinator, rhythm="off")
    Setting.objects.create(key="mail_may_be_off", value=0, valid_from=cast.today, source="vedtak")
    duties()
    scan(today=cast.today + timedelta(days=7))
    mail = OutgoingMail.objects.filter(user=cast.koordinator).first()
    assert mail
    written = write_notices(mail, timezone.now())
    assert written and "Du får e-post én gang i uka" in written.text
    duties()
