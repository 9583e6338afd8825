"""What was typed when the session timed out comes back to its owner, and to nobody else."""

import time
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from fagbrev.forms.owner import read_owner, sign_owner
from fagbrev.people.models import User
from fagbrev.people.roles import COORDINATOR
from fagbrev.web.sessions import SEEN_AT

pytestmark = pytest.mark.django_db
PATH = "/brukere/ny/"


@pytest.fixture
def typed(coordinator):
    return {"name": "Nora Nyesen", "email": "nora@example.no", "role": "styringsgruppe", "owner": sign_owner(coordinator, PATH)}


def time_out(client):
    client.get("/konto/")
    session = client.session
    session[SEEN_AT] = int(time.time()) - 3600
    session.save()


def place_after_sign_in(answer):
    assert answer.status_code == 302
    assert answer.url.startswith("/konto/login/?")
    return parse_qs(urlsplit(answer.url).query)["next"][0]


def test_the_owner_finds_the_text_in_the_form_after_signing_in_again(client_of, coordinator, typed):
    client = client_of(coordinator)
    time_out(client)
    place = place_after_sign_in(client.post(PATH, typed))
    assert place.startswith(f"{PATH}?typed=")
    client.force_login(coordinator)
    page = client.get(place).content.decode()
    assert 'value="Nora Nyesen"' in page
    assert 'value="nora@example.no"' in page
    assert "Det er ikke lagret ennå" in page


def test_it_is_never_sent_by_itself(client_of, coordinator, typed):
    client = client_of(coordinator)
    time_out(client)
    place = place_after_sign_in(client.post(PATH, typed))
    client.force_login(coordinator)
    client.get(place)
    assert not User.objects.filter(email="nora@example.no").exists()


def test_another_user_gets_nothing(client_of, coordinator, make_user, typed):
    client = client_of(coordinator)
    time_out(client)
    place = place_after_sign_in(client.post(PATH, typed))
    client.force_login(make_user("Ola Annesen", COORDINATOR))
    answer = client.get(place)
    assert answer.status_code == 200
    assert "Nora Nyesen" not in answer.content.decode()


def test_it_comes_back_on_its_own_page_only(client_of, coordinator, typed):
    client = client_of(coordinator)
    time_out(client)
    token = parse_qs(urlsplit(place_after_sign_in(client.post(PATH, typed))).query)["typed"][0]
    client.force_login(coordinator)
    other = f"/brukere/{coordinator.public_id}/rolle/?typed={token}"
    assert "Nora Nyesen" not in client.get(other).content.decode()


def test_it_is_kept_sealed(client_of, coordinator, typed, monkeypatch):
    kept = []

    class Watched:
        def set(self, key, value, seconds):
            kept.append((value, seconds))

    monkeypatch.setattr("fagbrev.web.typed_text.cache", Watched())
    Client().post(PATH, typed)
    assert len(kept) == 1
    assert "Nora" not in kept[0][0]
    assert kept[0][1] == 30 * 60


def test_passwords_and_tokens_are_not_kept(coordinator, rf):
    from fagbrev.web.typed_text import keep_typed_text, typed_text

    request = rf.post(PATH, {"password1": "hemmelig", "oldpassword": "x", "csrfmiddlewaretoken": "y", "name": "Nora"})
    request.user = coordinator
    assert dict(typed_text(request, keep_typed_text(request, coordinator.pk)).lists()) == {"name": ["Nora"]}


def test_a_form_signed_for_another_page_or_by_nobody_keeps_nothing(coordinator, typed):
    typed["owner"] = sign_owner(coordinator, "/brukere/")
    assert place_after_sign_in(Client().post(PATH, typed)) == "/"
    typed["owner"] = "oppdiktet"
    assert place_after_sign_in(Client().post(PATH, typed)) == "/"


def test_a_form_opened_by_another_is_not_saved_in_ones_own_name(client_of, make_user, typed):
    client = client_of(make_user("Ola Annesen", COORDINATOR))
    assert client.post(PATH, typed).status_code == 403
    assert not User.objects.filter(email="nora@example.no").exists()


def test_a_form_from_before_a_new_sign_in_in_another_tab_comes_back_with_its_text(coordinator, typed):
    client = Client(enforce_csrf_checks=True)
    client.force_login(coordinator)
    answer = client.post(PATH, {**typed, "csrfmiddlewaretoken": "x" * 64})
    assert answer.status_code == 302
    assert "Nora Nyesen" in client.get(answer.url).content.decode()


def test_once_sent_it_is_forgotten(client_of, coordinator, typed):
    client = client_of(coordinator)
    time_out(client)
    place = place_after_sign_in(client.post(PATH, typed))
    client.force_login(coordinator)
    assert client.post(place, {**typed, "submission": "abc"}).status_code == 302
    assert 'value="Nora Nyesen"' not in client.get(place).content.decode()


def test_only_what_was_signed_here_is_read():
    assert read_owner("") is None
    assert read_owner("a:b:c") is None
