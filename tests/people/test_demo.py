"""What only the demo has is not there anywhere else."""

import pytest
from allauth.account.models import EmailAddress

from fagbrev.mail.actions import put_in_outbox
from fagbrev.people.models import User
from fagbrev.roof.demo_accounts import DEMO_PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo_user():
    user = User.objects.create_user("koordinator@demo.example", "Kari Demoberg", DEMO_PASSWORD)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def test_outside_the_demo_its_pages_are_not_there(client, demo_user):
    mail = put_in_outbox(recipient="a@example.no", subject="x", text="y")
    assert client.post("/konto/login/demo/", {"email": demo_user.email}).status_code == 404
    assert client.get("/konto/login/demo/").status_code == 404
    assert client.get("/demo/post/").status_code == 404
    assert client.get(f"/demo/post/{mail.public_id}/").status_code == 404
    assert client.get("/konto/").status_code == 302


def test_outside_the_demo_sign_in_shows_no_buttons_and_wants_a_whole_address(client, demo_user):
    page = client.get("/konto/login/").content.decode()
    assert "Prøv demoen" not in page
    answer = client.post("/konto/login/", {"login": "koordinator", "password": DEMO_PASSWORD})
    assert answer.status_code == 200
    assert client.get("/konto/").status_code == 302


def test_in_the_demo_a_button_lets_one_in(client, demo_user, settings):
    settings.DEMO = True
    assert "Prøv demoen som" in client.get("/konto/login/").content.decode()
    assert client.post("/konto/login/demo/", {"email": demo_user.email, "next": "/konto/"}).url == "/konto/"
    assert client.get("/konto/").status_code == 200


def test_in_the_demo_only_its_own_accounts_have_a_button(client, settings):
    settings.DEMO = True
    User.objects.create_user("annen@demo.example", "Anna Demoberg")
    assert client.post("/konto/login/demo/", {"email": "annen@demo.example"}).status_code == 404


@pytest.mark.parametrize("login", ["koordinator", "koordinator@demo.example", " KOORDINATOR "])
def test_in_the_demo_the_name_is_enough(client, demo_user, settings, login):
    settings.DEMO = True
    assert client.post("/konto/login/", {"login": login, "password": DEMO_PASSWORD}).status_code == 302
    assert client.get("/konto/").status_code == 200


def test_in_the_demo_anyone_reads_the_mails(client, demo_user, settings):
    settings.DEMO = True
    client.post("/konto/login/code/", {"email": "koordinator"})
    page = client.get("/demo/post/").content.decode()
    assert "Koden din til Fagbrev" in page
    from fagbrev.mail.models import OutgoingMail

    assert "varer i fem minutter" in client.get(f"/demo/post/{OutgoingMail.objects.get().public_id}/").content.decode()
    as_sent = client.get(f"/demo/post/{OutgoingMail.objects.get().public_id}/html/")
    assert "varer i fem minutter" in as_sent.content.decode() and "sandbox" in as_sent.headers["Content-Security-Policy"]
