"""Home: each role meets its own part, and several roles meet several."""

from __future__ import annotations

from html import unescape

import pytest
from django.test import Client

from fagbrev.people.models import RoleGrant
from participants.caseload.query import Caseload
from participants.models import Enrolment, Participant, ReferralInboxItem
from participants.workflow import STATUSES
from tests.cast import Cast

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def home(cast: Cast, who: str) -> str:
    client = Client()
    client.force_login(cast.users[who], backend=BACKEND)
    answer = client.get("/")
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def test_the_coordinator_meets_buckets_the_inbox_and_who_is_where(cast: Cast) -> None:
    ReferralInboxItem.objects.create(first_name="Ny", last_name="Demodal", sender_name="Siv Testmo", trade=cast.trades["HEA"])
    page = home(cast, "koordinator")
    assert "Ny henvisning" in page and "Ny Demodal" in page
    assert "/deltakere/?fag=BUA&fase=training" in page.replace("&amp;", "&")
    assert "/deltakere/?utvalg=kontrakt" in page


def test_the_numbers_of_who_is_where_add_up(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.koordinator, backend=BACKEND)
    matrix = client.get("/").context["matrix"]
    assert matrix["grand_total"] == Caseload(cast.koordinator, cast.today).counts()["open"]
    assert sum(row["total"] for row in matrix["rows"]) == sum(matrix["totals"]) == matrix["grand_total"]


def test_a_teacher_meets_own_people(cast: Cast) -> None:
    page = home(cast, "faglaerer")
    assert "Deltakerne dine" in page and "Selma Testesen" in page and "Nadia Utenfor" not in page


@pytest.mark.parametrize("who", ["fadder", "leder"])
def test_fadder_and_leder_meet_those_in_practice_with_them(cast: Cast, who: str) -> None:
    page = home(cast, who)
    assert "Selma Testesen" in page and "Nadia Utenfor" not in page and "Eksempelvika barnehage" in page


def test_fadder_meets_name_only_during_leave(cast: Cast) -> None:
    Enrolment.objects.filter(pk=cast.selma.pk).update(status="on_leave", status_before_leave="training")
    page = home(cast, "fadder")
    assert "Selma Testesen" in page and "I permisjon" in page and "Eksempelvika barnehage" not in page


@pytest.mark.parametrize("status", STATUSES)
def test_the_participant_meets_the_way_and_one_thing_to_do_in_every_phase(cast: Cast, status: str) -> None:
    Enrolment.objects.filter(pk=cast.selma.pk).update(
        status=status, status_before_leave="training" if status == "on_leave" else ""
    )
    page = home(cast, "deltaker")
    assert "Min vei" in page and "Gjør dette nå" in page
    assert page.count("Du er her") == (0 if status in {"completed", "declined", "withdrawn", "terminated"} else 1)


def test_the_participant_with_a_strictly_protected_address_meets_the_own_page(cast: Cast) -> None:
    Participant.objects.filter(pk=cast.selma.participant_id).update(address_protection="strengt_fortrolig")
    assert "Gjør dette nå" in home(cast, "deltaker")


def test_a_locked_record_is_said_plainly(cast: Cast) -> None:
    Participant.objects.filter(pk=cast.selma.participant_id).update(locked_at="2026-01-01T00:00:00Z")
    assert "ikke knyttet til et løp" in home(cast, "deltaker")


def test_the_steering_group_is_told_where_reports_will_be(cast: Cast) -> None:
    page = home(cast, "styringsgruppe")
    assert "Her kommer framdriftsrapporten når den er publisert" in page and 'href="/rapporter/"' in page


def test_one_without_a_role_is_told_whom_to_ask(cast: Cast) -> None:
    assert "En koordinator kan gi deg en rolle" in home(cast, "ingen")
    assert "Du ser ingen deltakere" in home(cast, "drift")


def test_several_roles_meet_several_parts(cast: Cast) -> None:
    RoleGrant.objects.create(user=cast.faglaerer, role="leder", starts_on=cast.today)
    page = home(cast, "faglaerer")
    assert "Deltakerne dine" in page and "Deltakere på arbeidsstedet ditt" in page
