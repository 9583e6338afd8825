"""Signing in: by code, by password, and without telling anybody who has an account."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.urls import NoReverseMatch, reverse

from fagbrev.mail.models import OutgoingMail

pytestmark = pytest.mark.django_db
PASSWORD = "et langt nok passord"


@pytest.fixture
def with_password(coordinator):
    coordinator.set_password(PASSWORD)
    coordinator.save()
    return coordinator


def ask_for_code(client, email, **more):
    return client.post("/konto/login/code/", {"email": email, **more})


def test_a_code_by_mail_lets_one_in(client, coordinator):
    assert ask_for_code(client, coordinator.email, next="/brukere/").url == "/konto/login/code/confirm/?next=%2Fbrukere%2F"
    mail = OutgoingMail.objects.get()
    assert mail.recipient == coordinator.email
    assert mail.subject == "Koden din til Fagbrev"
    code = re.search(r"\n\n([A-Z0-9-]{4,})\n\n", mail.text)[1]
    assert code in mail.html
    answer = client.post("/konto/login/code/confirm/", {"code": code, "next": "/brukere/"})
    assert answer.url == "/brukere/"
    assert client.get("/brukere/").status_code == 200


def test_a_wrong_code_does_not(client, coordinator):
    ask_for_code(client, coordinator.email)
    answer = client.post("/konto/login/code/confirm/", {"code": "FEILKO"})
    assert "Koden stemmer ikke" in answer.content.decode()
    assert client.get("/konto/").status_code == 302


def test_an_unknown_address_gets_the_same_answer_and_no_mail(client, coordinator):
    known, unknown = ask_for_code(client, coordinator.email), ask_for_code(client.__class__(), "ukjent@example.no")
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert OutgoingMail.objects.count() == 1


def test_an_inactive_user_gets_no_code(client, coordinator):
    coordinator.is_active = False
    coordinator.save()
    assert ask_for_code(client, coordinator.email).url == "/konto/login/code/confirm/"
    assert not OutgoingMail.objects.exists()


def test_a_password_lets_one_in(client, with_password):
    answer = client.post("/konto/login/", {"login": with_password.email.upper(), "password": PASSWORD})
    assert answer.url == "/"
    assert client.get("/konto/").status_code == 200


def test_wrong_password_and_unknown_address_answer_alike(client, with_password):
    answers = [
        client.post("/konto/login/", {"login": login, "password": "noe helt annet"})
        for login in (with_password.email, "ukjent@example.no")
    ]
    texts = [re.sub(r'value="[^"]*"|X-CSRFToken": "[^"]*"', "", answer.content.decode()) for answer in answers]
    assert texts[0] == texts[1]
    assert "E-postadressen eller passordet stemmer ikke" in texts[0]


def test_after_sign_in_one_is_never_led_elsewhere(client, with_password):
    data = {"login": with_password.email, "password": PASSWORD, "next": "https://ond.example/"}
    assert client.post("/konto/login/", data).url == "/"


def test_the_fifth_wrong_try_on_one_account_closes_it_for_a_while(client, with_password):
    for _time in range(5):
        client.post("/konto/login/", {"login": with_password.email, "password": "feil"})
    answer = client.post("/konto/login/", {"login": with_password.email, "password": PASSWORD})
    assert "prøvd for mange ganger" in answer.content.decode()


def test_many_at_one_school_can_ask_for_codes(client, coordinator):
    for number in range(25):
        assert ask_for_code(client.__class__(), f"elev{number}@example.no").status_code == 302
    for _time in range(3):
        ask_for_code(client.__class__(), coordinator.email)
    assert "for mange ganger" in ask_for_code(client.__class__(), coordinator.email).content.decode()


def test_with_an_authenticator_the_password_alone_is_not_enough(client, with_password):
    TOTP.activate(with_password, generate_totp_secret())
    answer = client.post("/konto/login/", {"login": with_password.email, "password": PASSWORD})
    assert answer.url == "/konto/2fa/authenticate/"
    assert client.get("/konto/").status_code == 302


def test_the_authenticators_secret_is_sealed_and_still_works(client, with_password):
    secret = generate_totp_secret()
    TOTP.activate(with_password, secret)
    row = Authenticator.objects.get(type="totp")
    assert secret not in str(row.data)
    assert row.data["secret"].startswith("s1.")
    client.post("/konto/login/", {"login": with_password.email, "password": PASSWORD})
    import time

    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    assert client.post("/konto/2fa/authenticate/", {"code": code}).status_code == 302
    assert client.get("/konto/").status_code == 200


@pytest.mark.parametrize(
    "path", ["/konto/signup/", "/konto/signup/passkey/", "/konto/email/", "/konto/confirm-email/", "/konto/3rdparty/"]
)
def test_nobody_registers_or_changes_the_address_here(client, client_of, coordinator, path):
    assert client.get(path).status_code == 404
    assert client_of(coordinator).post(path, {"email": "ny@example.no"}).status_code == 404


def test_no_page_for_signing_up_exists():
    for name in ("account_signup", "account_email", "mfa_signup_webauthn"):
        with pytest.raises(NoReverseMatch):
            reverse(name)


def test_the_passkey_page_hands_out_a_challenge(client):
    answer = client.get(
        "/konto/2fa/webauthn/login/", headers={"Accept": "application/json", "X-Requested-With": "XMLHttpRequest"}
    )
    assert answer.status_code == 200
    assert "challenge" in answer.content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/konto/", "/konto/taushet/", "/konto/password/set/", "/konto/2fa/", "/konto/2fa/webauthn/", "/konto/2fa/webauthn/add/",
        "/konto/2fa/totp/activate/", "/konto/sessions/",
    ],
)  # fmt: skip
def test_the_accounts_own_pages_open(client, client_of, coordinator, path):
    assert client.get(path).status_code == 302
    assert client_of(coordinator).get(path).status_code == 200


@pytest.mark.parametrize("path", ["/konto/login/", "/konto/login/code/", "/konto/password/reset/", "/konto/inactive/"])
def test_the_pages_of_sign_in_open(client, path):
    assert client.get(path).status_code == 200


def test_a_reset_of_the_password_says_nothing_about_who_is_known(client, coordinator):
    answers = [client.post("/konto/password/reset/", {"email": email}) for email in (coordinator.email, "ukjent@example.no")]
    assert [(answer.status_code, answer.url) for answer in answers] == [(302, "/konto/password/reset/done/")] * 2
    mail = OutgoingMail.objects.get()
    link = re.search(r"https?://testserver(\S+)", mail.text)[1]
    assert client.get(link).status_code in {200, 302}


def test_the_mails_of_a_code_name_nobody(client, coordinator):
    ask_for_code(client, coordinator.email)
    assert coordinator.name not in OutgoingMail.objects.get().text


def test_my_account_shows_name_and_roles(client_of, coordinator):
    page = client_of(coordinator).get("/konto/").content.decode()
    assert "Kari Testesen" in page
    assert "koordinator" in page


def test_the_look_is_remembered_and_leads_back(client):
    answer = client.post("/konto/utseende/", {"scheme": "dark", "next": "/tilgjengelighet/"})
    assert answer.url == "/tilgjengelighet/"
    assert client.cookies["scheme"].value == "dark"
    assert 'data-color-scheme="dark"' in client.get("/tilgjengelighet/").content.decode()
    assert client.post("/konto/utseende/", {"scheme": "x", "next": "//ond.example"}).url == "/"
