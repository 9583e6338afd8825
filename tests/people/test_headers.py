"""Every answer carries the security headers, and nothing personal is kept on the way."""

import pytest

pytestmark = pytest.mark.django_db


def test_the_policy_allows_neither_inline_nor_foreign_code(client):
    policy = client.get("/konto/login/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    for name in ("object-src", "base-uri", "frame-ancestors"):
        assert f"{name} 'none'" in policy
    assert "img-src 'self' data:" in policy
    assert "form-action 'self'" in policy


def test_error_pages_carry_the_headers_too(client):
    answer = client.get("/finnes-ikke/")
    assert answer.status_code == 404
    assert "Content-Security-Policy" in answer.headers
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_what_a_signed_in_user_gets_is_stored_nowhere(client_of, coordinator):
    client = client_of(coordinator)
    for path in ("/konto/", "/personvern/hvem-ser-hva/", "/finnes-ikke/", "/brukere/"):
        assert client.get(path).headers["Cache-Control"] == "no-store", path


def test_the_sign_in_pages_are_stored_nowhere(client):
    assert client.get("/konto/login/").headers["Cache-Control"] == "no-store"


def test_there_is_a_permissions_policy(client):
    assert "camera=()" in client.get("/tilgjengelighet/").headers["Permissions-Policy"]


def test_the_session_cookie_goes_with_the_browser_and_is_out_of_reach_for_scripts(client, coordinator):
    coordinator.set_password("et langt nok passord")
    coordinator.save()
    client.post("/konto/login/", {"login": coordinator.email, "password": "et langt nok passord"})
    cookie = client.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["expires"]
    assert not cookie["max-age"]


def test_a_page_that_is_not_there_looks_the_same_in_development(client, settings):
    settings.DEBUG = True
    answer = client.get("/finnes-ikke/")
    assert answer.status_code == 404
    assert "Vi fant ikke siden" in answer.content.decode()
    assert "urlconf" not in answer.content.decode().lower()


@pytest.mark.parametrize("debug", [True, False])
def test_a_form_that_is_far_too_large_gets_a_page_that_says_so(client, settings, debug):
    settings.DEBUG = debug
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    client.raise_request_exception = False
    answer = client.post("/konto/login/", {"login": "x" * 5000})
    assert answer.status_code == 413
    assert "for stor" in answer.content.decode()


def test_a_body_beyond_all_limits_is_not_even_read(client):
    answer = client.generic("POST", "/konto/login/", b"x", CONTENT_LENGTH=str(10**9))
    assert answer.status_code == 413


def test_a_form_without_a_token_gets_a_page_in_plain_words(coordinator):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(coordinator)
    answer = client.post("/brukere/ny/", {"name": "x"})
    assert answer.status_code == 403
    assert "Skjemaet ble ikke sendt" in answer.content.decode()


def test_a_nul_in_the_query_string_is_a_bad_request(client, db):
    assert client.get("/konto/login/?next=%00").status_code == 400
