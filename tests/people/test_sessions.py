"""Sessions end after half an hour without use, and after ten hours whatever happens."""

import time

import pytest

from fagbrev.people.actions import deactivate
from fagbrev.web.sessions import BY_ITSELF, SEEN_AT, SIGNED_IN_AT

pytestmark = pytest.mark.django_db


def move(client, *, seen=0, signed_in=0):
    """Moves the session's moments that many seconds back."""
    client.get("/konto/")
    session = client.session
    session[SEEN_AT] = int(time.time()) - seen
    session[SIGNED_IN_AT] = int(time.time()) - max(signed_in, seen)
    session.save()


def test_a_session_in_use_goes_on(client_of, coordinator):
    client = client_of(coordinator)
    move(client, seen=29 * 60)
    assert client.get("/konto/").status_code == 200


def test_after_half_an_hour_one_is_led_to_sign_in_and_back_with_a_plain_message(client_of, coordinator):
    client = client_of(coordinator)
    move(client, seen=31 * 60)
    answer = client.get("/brukere/?q=test", follow=True)
    assert answer.redirect_chain == [("/konto/login/?next=/brukere/%3Fq%3Dtest", 302)]
    assert "Du har vært borte en stund" in answer.content.decode()


def test_after_ten_hours_it_ends_even_in_use(client_of, coordinator):
    client = client_of(coordinator)
    move(client, seen=10, signed_in=10 * 3600 + 1)
    assert client.get("/konto/").status_code == 302


def test_the_session_is_written_at_most_every_five_minutes(client_of, coordinator):
    client = client_of(coordinator)
    move(client, seen=200)
    before = client.session[SEEN_AT]
    client.get("/konto/")
    assert client.session[SEEN_AT] == before
    move(client, seen=301)
    client.get("/konto/")
    assert client.session[SEEN_AT] >= int(time.time()) - 2


def test_a_page_that_asks_by_itself_keeps_no_session_alive(client_of, coordinator):
    client = client_of(coordinator)
    move(client, seen=301)
    before = client.session[SEEN_AT]
    assert client.get("/konto/", headers={BY_ITSELF: "1"}).status_code == 200
    assert client.session[SEEN_AT] == before
    move(client, seen=31 * 60)
    assert client.get("/konto/", headers={BY_ITSELF: "1"}).status_code == 302


def test_a_part_of_a_page_asked_for_after_the_time_out_leads_the_whole_page_to_sign_in(client_of, coordinator):
    client = client_of(coordinator)
    move(client, seen=31 * 60)
    answer = client.get("/brukere/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/brukere/?side=2"})
    assert answer.status_code == 200
    assert answer.headers["HX-Redirect"] == "/konto/login/?next=%2Fbrukere%2F%3Fside%3D2"


def test_an_address_elsewhere_is_never_a_place_to_come_back_to(client):
    answer = client.get("/brukere/", headers={"HX-Request": "true", "HX-Current-URL": "https://ond.example/"})
    assert answer.headers["HX-Redirect"] == "/konto/login/?next=%2F"


def test_one_who_is_deactivated_is_out_at_the_next_request(client_of, coordinator, teacher, today):
    from django.utils import timezone

    client = client_of(teacher)
    assert client.get("/konto/").status_code == 200
    deactivate(user=teacher, by=coordinator, today=today, at=timezone.now())
    assert client.get("/konto/").status_code == 302


def test_an_inactive_user_is_out_even_if_the_session_is_left(client_of, teacher):
    client = client_of(teacher)
    type(teacher).objects.filter(pk=teacher.pk).update(is_active=False)
    assert client.get("/konto/").status_code == 302


def test_open_pages_stay_open_after_the_time_out(client_of, coordinator):
    client = client_of(coordinator)
    move(client, seen=31 * 60)
    assert client.get("/personvern/hvem-ser-hva/").status_code == 200
