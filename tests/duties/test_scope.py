"""Whose duties are seen: nobody meets a duty, a count or an entry about someone out of scope."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from fagbrev.access.models import RecordRestriction
from fagbrev.duties.models import Duty, Notice
from fagbrev.duties.reading import counted, duties_for, followed_duties, waiting_count
from fagbrev.duties.registry import rules
from fagbrev.duties.scan import scan
from fagbrev.people.models import RoleGrant
from fagbrev.roof.calendar_entries import entries_for
from participants.models import Consent, Enrolment, Participant, Placement, PlacementFadder
from participants.models.exams import Readiness
from programmes.models import NorwegianTestWindow, TeachingAssignment
from tests.cast import Cast
from tests.duties.conftest import text

Follow = Callable[[], None]
Browser = Callable[[str], Client]


def lists(cast: Cast, who: str) -> set[str]:
    """The public ids of the enrolments whose duties the user has or follows."""
    user = cast.users[who]
    rows = duties_for(user, cast.today) | followed_duties(user, cast.today)
    ids = rows.values_list("enrolment_id", flat=True)
    return set(Enrolment.objects.filter(pk__in=ids).values_list("public_id", flat=True))


@pytest.fixture
def without_faddere(cast: Cast, duties: Follow) -> None:
    """Both Selma and Nadia have lost their faddere."""
    PlacementFadder.objects.update(ends_on=cast.today - timedelta(days=2))
    duties()


@pytest.mark.usefixtures("without_faddere")
class TestEachInTheirOwn:
    def test_leder_has_the_own_workplaces_alone(self, cast: Cast) -> None:
        assert lists(cast, "leder") == {cast.selma.public_id}
        assert lists(cast, "annen_leder") == {cast.nadia.public_id}

    def test_the_same_duty_is_not_the_faerlaerers(self, cast: Cast) -> None:
        assert not duties_for(cast.faglaerer, cast.today).filter(rule__startswith="without_fadder").exists()

    def test_a_faglaerer_has_the_own_trade_alone(self, cast: Cast) -> None:
        assert cast.interviewed.public_id in lists(cast, "faglaerer")
        assert cast.interviewed.public_id not in lists(cast, "annen_faglaerer")

    @pytest.mark.parametrize("who", ["styringsgruppe", "ingen", "drift", "avsluttet_koordinator", "annen_fadder"])
    def test_these_have_nothing(self, cast: Cast, who: str) -> None:
        assert lists(cast, who) == set()
        assert waiting_count(cast.users[who], cast.today) == 0

    def test_a_deltaker_has_only_the_own(self, cast: Cast, duties: Follow) -> None:
        rows = duties_for(cast.deltaker, cast.today)
        assert set(rows.values_list("participant_id", flat=True)) <= {cast.selma.participant_id}

    def test_numbers_pages_and_bell_agree(self, cast: Cast, browser: Browser) -> None:
        scan(today=cast.today)
        for who in ("leder", "annen_leder"):
            page = text(browser(who).get("/frister/"))
            other = "Nadia" if who == "leder" else "Selma"
            assert other not in page and other not in text(browser(who).get("/")) and other not in text(
                browser(who).get("/frister/?vis=varslet")
            )  # fmt: skip
            total = counted(duties_for(cast.users[who], cast.today), cast.today).total
            assert f'aria-label="Varsler: {waiting_count(cast.users[who], cast.today)}"' in page
            assert total == 2  # no fadder, and the extra person of the semester


class TestWhenItEnds:
    def test_a_role_that_ended_gives_nothing_from_the_next_request(
        self, cast: Cast, without_faddere: None, browser: Browser
    ) -> None:
        scan(today=cast.today)
        assert waiting_count(cast.leder, cast.today)
        RoleGrant.objects.filter(user=cast.leder).update(ends_on=cast.today - timedelta(days=1))
        cast.leder.__dict__.pop("_roles_by_day", None)
        assert waiting_count(cast.leder, cast.today) == 0
        assert "Selma" not in text(browser("leder").get("/frister/"))

    def test_a_refused_consent_closes_what_rests_on_more_than_the_placement(self, cast: Cast, duties: Follow) -> None:
        Consent.objects.filter(participant=cast.selma.participant, party="workplace").update(answer=False)
        duties()
        sections = {rules()[key].section for key in duties_for(cast.leder, cast.today).values_list("rule", flat=True)}
        assert sections <= {"placement"}

    def test_on_leave_leder_has_no_duty(self, cast: Cast, without_faddere: None, duties: Follow) -> None:
        Enrolment.objects.filter(pk=cast.selma.pk).update(status="on_leave", status_before_leave="training")
        duties()
        assert lists(cast, "leder") == set()

    def test_a_teacher_whose_trade_was_taken_away_has_nothing(self, cast: Cast, duties: Follow) -> None:
        TeachingAssignment.objects.filter(user=cast.faglaerer).update(ends_on=cast.today - timedelta(days=1))
        duties()
        assert lists(cast, "faglaerer") == set()


class TestRestrictions:
    def test_a_denied_koordinator_has_none_of_that_person(self, cast: Cast, without_faddere: None, duties: Follow) -> None:
        RecordRestriction.objects.create(
            participant_id=cast.selma.participant_id, kind="deny", user=cast.koordinator, reason="slekt", starts_on=cast.today
        )
        duties()
        assert cast.selma.public_id not in lists(cast, "koordinator") and cast.nadia.public_id in lists(cast, "koordinator")
        scan(today=cast.today)
        told = set(Notice.objects.filter(recipient=cast.koordinator).values_list("duty_key", flat=True))
        about = set(Duty.objects.filter(participant_id=cast.selma.participant_id).values_list("key", flat=True))
        assert not told & about

    def test_a_strictly_protected_person_is_in_no_list_count_notice_or_calendar(
        self, cast: Cast, without_faddere: None, duties: Follow, browser: Browser
    ) -> None:
        Participant.objects.filter(pk=cast.selma.participant_id).update(address_protection="strengt_fortrolig", address="")
        duties()
        scan(today=cast.today)
        for who in ("koordinator", "faglaerer", "leder"):
            assert cast.selma.public_id not in lists(cast, who)
            entries = entries_for(
                cast.users[who], first=cast.today - timedelta(30), last=cast.today + timedelta(400), today=cast.today
            )
            own = Duty.objects.filter(participant_id=cast.selma.participant_id)
            assert not [entry for entry in entries if entry.kind == "duty" and entry.day in set(own.values_list("due_on", flat=True))
                        and not duties_for(cast.users[who], cast.today).filter(due_on=entry.day).exists()
                        and not Duty.objects.exclude(pk__in=own).filter(due_on=entry.day).exists()]  # fmt: skip
        about = set(Duty.objects.filter(participant_id=cast.selma.participant_id).values_list("key", flat=True))
        assert about and not Notice.objects.filter(duty_key__in=about).exists()

    def test_a_protected_address_hides_the_workplace_in_lists(
        self, cast: Cast, without_faddere: None, duties: Follow, browser: Browser
    ) -> None:
        assert "Eksempelvika barnehage" in text(browser("koordinator").get("/frister/"))
        Participant.objects.filter(pk=cast.selma.participant_id).update(address_protection="fortrolig")
        duties()
        assert "Eksempelvika barnehage" not in text(browser("koordinator").get("/frister/"))


class TestFollowing:
    def test_the_koordinator_follows_what_others_are_to_do(self, cast: Cast, without_faddere: None) -> None:
        owners = set(followed_duties(cast.koordinator, cast.today).values_list("owner_role", flat=True))
        assert {"leder", "faglaerer"} <= owners and "coordinator" not in owners

    @pytest.mark.parametrize("who", ["faglaerer", "leder", "deltaker", "styringsgruppe"])
    def test_nobody_else_does(self, cast: Cast, who: str, browser: Browser) -> None:
        assert not followed_duties(cast.users[who], cast.today).exists()
        mine = browser(who).get("/frister/").context["shows"]
        assert browser(who).get("/frister/?vis=andre").context["shows"] == mine == "mine"


def test_a_notice_is_shown_only_while_the_duty_is_the_users(cast: Cast, duties: Follow) -> None:
    window = NorwegianTestWindow.objects.create(
        name="Nå", opens_on=cast.today - timedelta(days=5), closes_on=cast.today + timedelta(days=10), source="prøve"
    )
    Readiness.objects.create(enrolment=cast.selma, kind="norwegian_test", given_on=cast.today, by_role="norsklaerer")
    duties()
    scan(today=cast.today)
    assert waiting_count(cast.deltaker, cast.today) == 1
    Participant.objects.filter(pk=cast.selma.participant_id).update(locked_at="2026-01-01T00:00:00Z")
    assert waiting_count(cast.deltaker, cast.today) == 0
    assert window.pk


def test_the_placement_decides_for_leder_not_the_enrolment(cast: Cast, duties: Follow) -> None:
    """A second placement elsewhere without a fadder is that workplace's alone."""
    Placement.objects.create(
        enrolment=cast.selma, workplace=cast.sykehjem, is_main=False, leder=cast.annen_leder_person,
        starts_on=cast.today - timedelta(days=30), requested_on=cast.today - timedelta(days=40),
    )  # fmt: skip
    duties()
    mine = duties_for(cast.leder, cast.today).filter(rule="without_fadder_leder")
    theirs = duties_for(cast.annen_leder, cast.today).filter(rule="without_fadder_leder")
    assert not mine.exists() and theirs.count() == 1
