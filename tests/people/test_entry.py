"""Before the first page come the second factor, where the role demands it, and the confidentiality statement."""

import pytest
from allauth.mfa.models import Authenticator

from fagbrev.people.confidentiality import CONFIDENTIALITY_VERSION
from fagbrev.people.roles import COORDINATOR, DELTAKER, FADDER

pytestmark = pytest.mark.django_db


def test_whoever_has_not_accepted_the_statement_is_led_to_it(client_of, make_user):
    client = client_of(make_user("Kari Nyesen", COORDINATOR, accepted=False))
    answer = client.get("/brukere/?q=a")
    assert answer.url == "/konto/taushet/?next=%2Fbrukere%2F%3Fq%3Da"
    assert client.get("/konto/").status_code == 200


def test_accepting_leads_on_to_where_one_was_going(client_of, make_user):
    user = make_user("Kari Nyesen", COORDINATOR, accepted=False)
    client = client_of(user)
    answer = client.post("/konto/taushet/", {"accepted": "on", "next": "/brukere/"})
    assert answer.url == "/brukere/"
    user.refresh_from_db()
    assert user.confidentiality_version == CONFIDENTIALITY_VERSION
    assert user.confidentiality_accepted_at
    assert client.get("/brukere/").status_code == 200


def test_without_the_tick_nothing_is_accepted(client_of, make_user):
    client = client_of(make_user("Kari Nyesen", COORDINATOR, accepted=False))
    answer = client.post("/konto/taushet/", {"next": "/brukere/"})
    assert answer.status_code == 422
    assert "Du må krysse av her" in answer.content.decode()
    assert client.get("/brukere/").status_code == 302


def test_one_is_never_led_elsewhere(client_of, make_user):
    client = client_of(make_user("Kari Nyesen", COORDINATOR, accepted=False))
    assert client.post("/konto/taushet/", {"accepted": "on", "next": "https://ond.example/"}).url == "/"


def test_a_fadder_reads_a_text_about_the_workplace(client_of, make_user):
    text = client_of(make_user("Fia Fadderø", FADDER, accepted=False)).get("/konto/taushet/").content.decode()
    assert "arbeidsstedet" in text
    assert "forvaltningsloven" not in text


def test_a_deltaker_is_not_asked(client_of, make_user):
    client = client_of(make_user("Dina Deltaberg", DELTAKER, accepted=False))
    assert client.get("/brukere/").status_code == 403  # past the entry, stopped by the gate


def test_a_role_that_demands_a_factor_reaches_nothing_but_the_account(client_of, coordinator, settings):
    settings.SECOND_FACTOR_ROLES = {COORDINATOR}
    client = client_of(coordinator)
    answer = client.get("/brukere/")
    assert answer.url == "/konto/"
    assert "Gjør innloggingen sikker først" in client.get("/konto/").content.decode()
    assert client.get("/konto/2fa/totp/activate/").status_code == 200
    part = client.get("/brukere/", headers={"HX-Request": "true"})
    assert part.headers["HX-Redirect"] == "/konto/"


@pytest.mark.parametrize("kind", ["totp", "webauthn"])
def test_with_the_factor_one_is_in(client_of, coordinator, settings, kind):
    settings.SECOND_FACTOR_ROLES = {COORDINATOR}
    Authenticator.objects.create(user=coordinator, type=kind, data={})
    assert client_of(coordinator).get("/brukere/").status_code == 200


def test_recovery_codes_alone_are_no_factor(client_of, coordinator, settings):
    settings.SECOND_FACTOR_ROLES = {COORDINATOR}
    Authenticator.objects.create(user=coordinator, type="recovery_codes", data={})
    assert client_of(coordinator).get("/brukere/").status_code == 302


def test_a_superuser_needs_it_where_the_setting_says_so(client_of, make_user, settings):
    settings.SECOND_FACTOR_ROLES = {"superuser"}
    client = client_of(make_user("Sivert Superberg", superuser=True))
    assert client.get("/brukere/").url == "/konto/"


def test_open_pages_need_no_steps(client_of, make_user, settings):
    settings.SECOND_FACTOR_ROLES = {COORDINATOR}
    client = client_of(make_user("Kari Nyesen", COORDINATOR, accepted=False))
    assert client.get("/personvern/hvem-ser-hva/").status_code == 200
    assert client.get("/healthz").status_code == 200
