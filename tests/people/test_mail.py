"""The outbox: a mail is a row that is sent once, tried again when that fails, and emptied afterwards."""

from datetime import timedelta
from smtplib import SMTPServerDisconnected

import pytest
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from fagbrev.mail import actions
from fagbrev.mail.models import OutgoingMail
from fagbrev.tasks import send_waiting_mail_task

pytestmark = pytest.mark.django_db


class Server:
    """A mail server of the test."""

    def __init__(self):
        self.sent, self.is_down = [], False

    def send_messages(self, messages):
        if self.is_down:
            raise SMTPServerDisconnected("noen@example.no er borte")
        self.sent += messages
        return len(messages)


@pytest.fixture
def server(monkeypatch, settings):
    settings.DEBUG = settings.DEMO = False
    settings.EMAIL_URL_HOST = "mail.example.no"
    server = Server()
    monkeypatch.setattr(actions, "smtp_connection", lambda: server)
    return server


@pytest.fixture
def mail():
    return actions.put_in_outbox(recipient="Nora <nora@example.no>", subject="Hei\ndu", text="Tekst", html="<p>Tekst</p>")


def later(**time):
    return timezone.now() + timedelta(**time)


def test_a_mail_becomes_a_row_per_recipient_with_both_versions():
    message = EmailMultiAlternatives("Emne", "Tekst", to=["a@example.no"], cc=["b@example.no"])
    message.attach_alternative("<p>Tekst</p>", "text/html")
    message.send()
    rows = OutgoingMail.objects.order_by("recipient")
    assert [(row.recipient, row.subject, row.text, row.html) for row in rows] == [
        ("a@example.no", "Emne", "Tekst", "<p>Tekst</p>"),
        ("b@example.no", "Emne", "Tekst", "<p>Tekst</p>"),
    ]


def test_it_is_sent_once_with_an_id_of_its_own_and_emptied(server, mail):
    assert send_waiting_mail_task() == 1
    assert send_waiting_mail_task() == 0
    assert len(server.sent) == 1
    message = server.sent[0]
    assert message.to == ["nora@example.no"]
    assert message.subject == "Hei du"
    assert message.extra_headers["Message-ID"].startswith(f"<{mail.public_id}@")
    assert message.alternatives[0][0] == "<p>Tekst</p>"
    mail.refresh_from_db()
    assert mail.sent_at
    assert (mail.text, mail.html) == ("", "")


def test_while_one_worker_has_it_another_leaves_it_alone(server, mail):
    OutgoingMail.objects.filter(pk=mail.pk).update(lease_until=later(minutes=4), attempts=1)
    assert not actions.send_one(pk=mail.pk, now=later(seconds=1))
    assert actions.send_waiting(now=later(seconds=1)) == 0
    assert server.sent == []


def test_a_mail_whose_worker_died_is_sent_when_the_lease_is_over(server, mail):
    OutgoingMail.objects.filter(pk=mail.pk).update(lease_until=later(minutes=4), attempts=1)
    assert actions.send_waiting(now=later(minutes=6)) == 1


def test_after_a_failure_it_waits_longer_each_time_and_is_sent_in_the_end(server, mail):
    server.is_down = True
    now, waits = later(seconds=1), []
    for _time in range(3):
        actions.send_waiting(now=now)
        mail.refresh_from_db()
        waits.append(round((mail.next_try_at - now).total_seconds() / 60))
        assert actions.send_waiting(now=now) == 0
        now = mail.next_try_at
    assert waits == [1, 2, 4]
    assert mail.error == "SMTPServerDisconnected"
    server.is_down = False
    assert actions.send_waiting(now=now) == 1
    mail.refresh_from_db()
    assert mail.error == ""


def test_after_eight_failures_it_stays_with_its_error(server, mail):
    server.is_down = True
    now = later(seconds=1)
    for _time in range(8):
        actions.send_waiting(now=now)
        now += timedelta(hours=7)
    server.is_down = False
    assert actions.send_waiting(now=now) == 0
    mail.refresh_from_db()
    assert (mail.attempts, mail.sent_at, mail.error) == (8, None, "SMTPServerDisconnected")


def test_the_log_names_nobody(server, mail, caplog):
    server.is_down = True
    actions.send_waiting(now=later(seconds=1))
    assert mail.public_id in caplog.text
    assert "nora" not in caplog.text
    assert "noen@" not in caplog.text


def test_in_the_demo_nothing_leaves_the_machine_and_the_text_stays(server, mail, settings):
    settings.DEMO, settings.EMAIL_URL_HOST = True, ""
    assert send_waiting_mail_task() == 1
    assert server.sent == []
    mail.refresh_from_db()
    assert mail.sent_at
    assert mail.text == "Tekst"


def test_a_mail_goes_with_its_transaction():
    from django.db import transaction

    class Undo(Exception):
        pass

    with pytest.raises(Undo), transaction.atomic():
        actions.put_in_outbox(recipient="a@example.no", subject="x", text="y")
        raise Undo
    assert not OutgoingMail.objects.exists()


def test_the_html_version_escapes_what_people_typed():
    html = actions.html_of("Hei <script>alert(1)</script>\n\nhttps://fagbrev.example/konto/login/", subject="x")
    assert "<script>" not in html
    assert '<a href="https://fagbrev.example/konto/login/"' in html


def test_waiting_mails_wake_the_worker_when_the_transaction_holds(django_capture_on_commit_callbacks, monkeypatch):
    asked = []
    monkeypatch.setattr(send_waiting_mail_task, "apply_async", lambda **options: asked.append(options))
    with django_capture_on_commit_callbacks(execute=True):
        actions.put_in_outbox(recipient="a@example.no", subject="x", text="y")
        assert asked == []
    assert len(asked) == 1
