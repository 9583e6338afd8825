"""Homes of leder, fadder, norsklærer and participant: what stands there, of whom, and that twenty cost as many questions as two."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fagbrev.audit.models import LookLog
from fagbrev.duties.engine import refresh
from followup.models import Action, Assignment, LanguageLevel, ReviewConversation, WorkplaceVisit
from participants.models import Enrolment, NorwegianTest, Participant, Placement, PlacementFadder, TradeTest, WrittenExam
from programmes.models import WorkplacePerson
from tests.cast import Cast, enrol, place

DAY = timedelta(days=1)
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def signed_in(cast: Cast, who: str) -> Client:
    client = Client()
    client.force_login(cast.users[who], backend=BACKEND)
    return client


def home(cast: Cast, who: str) -> str:
    return unescape(signed_in(cast, who).get("/").content.decode())


def leder(cast: Cast) -> dict[str, Any]:
    """What the leder's part of home shows."""
    found: dict[str, Any] = signed_in(cast, "leder").get("/").context["leder"]
    return found


def much_ahead(cast: Cast, placement: Placement, *, number: int = 0) -> None:
    """A visit agreed, a review called, both exams, an assignment, an action and levels of one participant."""
    row, now = placement.enrolment, timezone.now()
    WorkplaceVisit.objects.create(placement=placement, state="agreed", planned_at=now + 3 * DAY, proposed_by=cast.faglaerer)
    ReviewConversation.objects.create(placement=placement, semester="nå", meets_at=now + 5 * DAY, called_by=cast.koordinator)
    WrittenExam.objects.create(participant=row.participant, exam_code=f"BUA3{number:02d}", exam_on=cast.today + 8 * DAY)
    NorwegianTest.objects.create(participant=row.participant, part="oral", taken_on=cast.today + 9 * DAY)
    TradeTest.objects.create(enrolment=row, starts_on=cast.today + 10 * DAY)
    Assignment.objects.create(enrolment=row, title="Les høyt", words="For to barn.", given_on=cast.today, due_on=cast.today + DAY)
    Action.objects.create(enrolment=row, words="Øve", owner_role="deltaker", made_on=cast.today, due_on=cast.today + DAY)
    for part in ("reading", "oral"):
        LanguageLevel.objects.create(
            participant=row.participant, part=part, level="a2", observed_on=cast.today, by=cast.norsklaerer
        )


def more_people(cast: Cast, first: int, count: int) -> None:
    """So many more in training at the same workplace with the same fadder, all with much ahead."""
    for number in range(first, first + count):
        row = enrol(cast, f"Prøve Hjem{chr(65 + number)}", "BUA", "training")
        much_ahead(cast, place(cast, row, "barnehage", leder="leder_person", fadder="fadder_person"), number=number)
    refresh(today=cast.today)


class TestLeder:
    """Who is at the workplace, who is fadder, what comes, and where to tell of something."""

    def test_own_people_stand_there_with_fadder_place_and_what_may_be_done(self, cast: Cast) -> None:
        (one,) = leder(cast)["people"]
        assert (one.name, one.place, one.note, one.lacks_fadder) == ("Selma Testesen", "Eksempelvika barnehage", "", False)
        assert one.faddere == [cast.fadder_person.name] and one.period.startswith("fra ")
        client = signed_in(cast, "leder")
        for address in (one.url, one.fadder_url, one.propose_url, one.tell_url):
            assert client.get(address).status_code == 200, address

    def test_people_of_other_workplaces_and_former_ones_do_not(self, cast: Cast) -> None:
        assert "Nadia" not in home(cast, "leder")
        Placement.objects.filter(enrolment=cast.selma).update(ends_on=cast.today - DAY)
        assert leder(cast)["people"] == [] and "Selma" not in home(cast, "leder")

    def test_a_former_leder_meets_nobody(self, cast: Cast) -> None:
        WorkplacePerson.objects.filter(user=cast.leder).update(ends_on=cast.today - DAY)
        assert leder(cast) == {"people": [], "coming": [], "places": []}

    def test_it_is_said_when_there_is_no_fadder_now(self, cast: Cast) -> None:
        PlacementFadder.objects.filter(placement=cast.placements["selma"]).update(ends_on=cast.today - DAY)
        (one,) = leder(cast)["people"]
        assert one.lacks_fadder and one.faddere == []

    def test_a_substitute_is_said_to_be_one(self, cast: Cast) -> None:
        PlacementFadder.objects.filter(placement=cast.placements["selma"]).update(is_substitute=True)
        assert leder(cast)["people"][0].faddere == [f"{cast.fadder_person.name} (vikar)"]

    def test_what_comes_is_agreed_visits_and_days_of_exams_in_order(self, cast: Cast) -> None:
        much_ahead(cast, cast.placements["selma"])
        WorkplaceVisit.objects.create(
            placement=cast.placements["selma"], state="proposed", planned_at=timezone.now() + DAY, proposed_by=cast.faglaerer
        )
        much_ahead(cast, cast.placements["nadia"], number=1)
        found = leder(cast)["coming"]
        assert [(one.title, (one.day - cast.today).days) for one in found] == [
            ("Besøk av faglærer", 3), ("Skriftlig eksamen", 8), ("Norskprøve", 9), ("Fagprøve", 10),
        ]  # fmt: skip
        assert all("Selma Testesen" in one.note for one in found)
        client = signed_in(cast, "leder")
        for one in found:
            assert client.get(one.url).status_code == 200, one.title
        refresh(today=cast.today)

    def test_one_on_leave_stands_there_by_name_alone(self, cast: Cast) -> None:
        much_ahead(cast, cast.placements["selma"])
        Enrolment.objects.filter(pk=cast.selma.pk).update(status="on_leave", status_before_leave="training")
        found = leder(cast)
        (one,) = found["people"]
        assert (one.name, one.note, one.faddere, one.period) == ("Selma Testesen", "I permisjon", [], "")
        assert one.fadder_url == one.propose_url == one.tell_url == "" and found["coming"] == []
        refresh(today=cast.today)

    @pytest.mark.parametrize(("protection", "is_there"), [("fortrolig", True), ("strengt_fortrolig", False)])
    def test_a_protected_address_names_no_workplace(self, cast: Cast, protection: str, is_there: bool) -> None:
        Participant.objects.filter(pk=cast.selma.participant_id).update(address_protection=protection)
        people = leder(cast)["people"]
        assert [(one.name, one.place) for one in people] == ([("Selma Testesen", "")] if is_there else [])
        refresh(today=cast.today)

    def test_what_is_shown_is_logged_once_a_day(self, cast: Cast) -> None:
        for _ in range(2):
            home(cast, "leder")
        rows = LookLog.objects.filter(user=cast.leder, page="arbeidsstedet")
        assert [row.participant_id for row in rows] == [cast.selma.participant_id]


def looked(client: Client) -> tuple[int, str]:
    """How often home asks the database when it has been opened before today, and what stands there."""
    client.get("/")
    with CaptureQueriesContext(connection) as found:
        answer = client.get("/")
    assert answer.status_code == 200
    return len(found), answer.content.decode()


@pytest.mark.parametrize("who", ["leder", "fadder", "norsklaerer"])
def test_home_asks_as_often_for_twenty_as_for_two(cast: Cast, who: str) -> None:
    client = signed_in(cast, who)
    much_ahead(cast, cast.placements["selma"], number=30)
    more_people(cast, 0, 1)
    few, page = looked(client)
    assert "HjemA" in page or who == "fadder"
    more_people(cast, 1, 18)
    assert looked(client)[0] == few


def test_a_fadders_home_knows_own_people_alone(cast: Cast) -> None:
    found = signed_in(cast, "fadder").get("/").context["fadder"]
    assert [one.name for one in found["people"]] == ["Selma"]
    PlacementFadder.objects.filter(placement=cast.placements["selma"]).update(ends_on=cast.today - DAY)
    assert signed_in(cast, "fadder").get("/").context["fadder"]["people"] == []


def test_min_vei_asks_as_often_for_much_as_for_little(cast: Cast) -> None:
    client = signed_in(cast, "deltaker")
    much_ahead(cast, cast.placements["selma"])
    refresh(today=cast.today)
    few, _page = looked(client)
    for number in range(18):
        at = timezone.make_aware(datetime.combine(cast.today + (20 + number) * DAY, time(9)))
        WorkplaceVisit.objects.create(
            placement=cast.placements["selma"], state="agreed", planned_at=at, proposed_by=cast.faglaerer
        )
        Assignment.objects.create(
            enrolment=cast.selma, title=f"Oppgave {number}", words="Gjør.", given_on=cast.today, due_on=cast.today + DAY
        )
        Action.objects.create(
            enrolment=cast.selma, words=f"Punkt {number}", owner_role="deltaker", made_on=cast.today, due_on=cast.today
        )
    refresh(today=cast.today)
    assert looked(client)[0] == few
