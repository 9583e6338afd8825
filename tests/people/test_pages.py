"""The pages about the product itself, and navigation by role."""

import pytest
from django.db import DatabaseError
from django.test import RequestFactory

from fagbrev.access.table import sections
from fagbrev.access.words import SECTION_WORDS, table_in_words
from fagbrev.people.roles import COORDINATOR, DELTAKER, FADDER, STYRINGSGRUPPE
from fagbrev.roof import health
from fagbrev.roof.chrome import chrome, url_of

pytestmark = pytest.mark.django_db


def test_every_section_of_the_table_has_words_and_no_other():
    assert list(SECTION_WORDS) == list(sections())


def test_anyone_reads_who_sees_what(client):
    page = client.get("/personvern/hvem-ser-hva/").content.decode()
    for section in table_in_words():
        assert str(section["label"]) in page
    assert page.count("ser og skriver</td>") == sum(list(s.cells.values()).count("write") for s in sections().values())


def test_anyone_reads_about_accessibility(client, settings):
    assert settings.CONTACT_EMAIL in client.get("/tilgjengelighet/").content.decode()


def test_machines_are_told_how_it_is_without_being_signed_in(client, django_assert_num_queries):
    with django_assert_num_queries(2):
        answer = client.get("/healthz")
    told = {"database": "ok", "broker": "ok", "scan": "never", "last_scan": None}
    assert (answer.status_code, answer.json()) == (200, told)


def test_a_database_that_does_not_answer_is_told_as_503(client, monkeypatch):
    class Broken:
        def cursor(self):
            raise DatabaseError

    monkeypatch.setattr(health, "connection", Broken())
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["database"]) == (503, "down")


def test_each_role_is_shown_its_own_places(client_of, make_user):
    def labels(user):
        request = RequestFactory().get("/konto/")
        request.user = user
        around = chrome(request)["chrome"]
        return {str(entry["label"]) for entry in around["nav"] + around["more"]}

    assert url_of("user_list") == "/brukere/"
    assert "Brukere" in labels(make_user("Kari Koordsen", COORDINATOR))
    for role in (FADDER, DELTAKER, STYRINGSGRUPPE):
        assert "Brukere" not in labels(make_user(f"{role} Andresen", role))
    assert "Brukere" in labels(make_user("Sivert Superberg", superuser=True))


def test_a_deltaker_reads_larger_text(client_of, make_user):
    assert 'data-size="lg"' in client_of(make_user("Dina Deltaberg", DELTAKER)).get("/konto/").content.decode()
    assert 'data-size="sm"' in client_of(make_user("Kari Koordsen", COORDINATOR)).get("/konto/").content.decode()


def test_log_lines_lose_query_strings_and_tokens():
    import logging

    from fagbrev.web.logs import WithoutQueryStrings

    record = logging.LogRecord(
        "x", logging.INFO, "", 0, '"%s" %s', ("GET /deltakere/?q=Nora HTTP/1.1", "/kalender/hemmelig.ics"), None
    )
    WithoutQueryStrings().filter(record)
    assert record.getMessage() == '"GET /deltakere/ HTTP/1.1" /kalender/…'
