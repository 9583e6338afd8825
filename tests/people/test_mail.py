"""The outbox: a mail is a row that is sent once, tried again when that fails, and emptied afterwards."""

import socket
import threading
import time
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
        self.sent, self.is_down, self.while_sending, self.on_goodbye = [], False, None, None

    def open(self):
        return True

    def send_messages(self, messages):
        if self.while_sending:
            self.while_sending()
        if self.is_down:
            raise SMTPServerDisconnected("noen@example.no er borte")
        self.sent += messages
        return len(messages)

    def close(self):
        if self.on_goodbye:
            self.on_goodbye()


class Killed(BaseException):
    """The process is gone: nothing that comes after it is done."""


def end_process():
    raise Killed


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
    OutgoingMail.objects.filter(pk=mail.pk).update(lease_until=later(minutes=4))
    assert not actions.send_one(pk=mail.pk, now=later(seconds=1))
    assert actions.send_waiting(now=later(seconds=1)) == 0
    assert server.sent == []


def test_of_two_who_see_a_mail_at_once_one_gets_it(server, mail, monkeypatch):
    now, lease = later(seconds=1), actions.lease

    def another_is_quicker():
        monkeypatch.setattr(actions, "lease", lease)
        assert actions.send_one(pk=mail.pk, now=now)
        return lease()

    monkeypatch.setattr(actions, "lease", another_is_quicker)
    assert not actions.send_one(pk=mail.pk, now=now)
    assert len(server.sent) == 1


def test_a_mail_whose_worker_died_is_sent_when_the_lease_is_over(server, mail):
    OutgoingMail.objects.filter(pk=mail.pk).update(lease_until=later(minutes=4))
    assert actions.send_waiting(now=later(minutes=6)) == 1


def die_over(server, mail, now):
    """The process that sends the mail ends in the middle of it."""
    server.while_sending = end_process
    with pytest.raises(Killed):
        actions.send_one(pk=mail.pk, now=now)
    server.while_sending = None
    mail.refresh_from_db()


def test_no_mail_is_given_up_because_processes_end_but_it_waits_longer_each_time(server, mail):
    now, waits = later(seconds=1), []
    for _time in range(12):
        die_over(server, mail, now)
        waits.append((mail.lease_until - now).total_seconds() / 300)
        assert not actions.send_one(pk=mail.pk, now=mail.lease_until)
        now = mail.lease_until + timedelta(microseconds=1)
    assert waits == pytest.approx([1, 2, 4, 8, 16, 32, 64, 72, 72, 72, 72, 72])  # 72 leases of five minutes are six hours
    assert (mail.attempts, mail.error) == (0, "Interrupted")
    assert list(actions.failed_mails()) == [mail]
    assert actions.send_one(pk=mail.pk, now=now)
    mail.refresh_from_db()
    assert (mail.attempts, mail.error) == (0, "")


def test_a_mail_that_ended_a_process_goes_after_those_that_wait(server, mail):
    die_over(server, mail, later(seconds=1))
    actions.put_in_outbox(recipient="b@example.no", subject="x", text="y")
    actions.send_waiting(now=later(minutes=6))
    assert [message.to for message in server.sent] == [["b@example.no"], ["nora@example.no"]]


def test_it_is_said_that_a_mail_may_come_twice(server, mail, caplog):
    die_over(server, mail, later(seconds=1))
    assert actions.send_one(pk=mail.pk, now=later(minutes=6))
    assert f"mail {mail.public_id}: the process that had it ended; it is sent now, perhaps for the second time" in caplog.text


def test_each_mail_of_a_slow_run_has_a_whole_lease_of_its_own(server, settings, monkeypatch):
    mails = [actions.put_in_outbox(recipient=f"{number}@example.no", subject="x", text="y") for number in range(3)]
    now, passed, leases = later(seconds=1), [0.0], []

    def take_four_minutes():
        held = OutgoingMail.objects.get(lease_until__isnull=False)
        leases.append((held.lease_until - now).total_seconds() - passed[0])
        passed[0] += 240

    monkeypatch.setattr(actions.time, "monotonic", lambda: passed[0])
    server.while_sending = take_four_minutes
    assert actions.send_waiting(now=now) == len(mails)
    assert leases == pytest.approx([300, 300, 300])
    sent = list(OutgoingMail.objects.order_by("pk").values_list("sent_at", flat=True))
    assert [(at - now).total_seconds() for at in sent] == pytest.approx([240, 480, 720])


def test_a_process_whose_lease_is_over_takes_the_mail_from_nobody(server, mail):
    """The slow one fails after another has taken it up: a third must not get it."""
    now = later(seconds=1)

    def another_takes_it_up():
        server.while_sending = None
        OutgoingMail.objects.filter(pk=mail.pk).update(lease_until=now + timedelta(minutes=11))

    server.while_sending, server.is_down = another_takes_it_up, True
    assert not actions.send_one(pk=mail.pk, now=now)
    mail.refresh_from_db()
    assert mail.lease_until == now + timedelta(minutes=11)
    assert mail.attempts == 0


def test_when_writing_it_took_too_long_it_is_not_sent_any_more(server, settings, monkeypatch):
    from fagbrev.people.models import User

    passed = [0.0]
    monkeypatch.setattr(actions.time, "monotonic", lambda: passed[0])

    def write_slowly(mail, now):
        passed[0] += 101
        return actions.Written("x", "y", "")

    monkeypatch.setitem(actions.WRITERS, "slow", write_slowly)
    user = User.objects.create_user("nora@example.no", "Nora")
    assert actions.put_in_outbox_for(users=[user], kind="slow", period="1") == 1
    mail = OutgoingMail.objects.get(kind="slow")
    assert not actions.send_one(pk=mail.pk, now=later(seconds=1))
    assert server.sent == []
    mail.refresh_from_db()
    assert mail.error == "TimeoutError"


def test_the_row_says_sent_before_the_goodbye_to_the_server(server, mail, caplog):
    said = []

    def goodbye():
        said.append(OutgoingMail.objects.filter(pk=mail.pk, sent_at__isnull=False).exists())
        raise TimeoutError

    server.on_goodbye = goodbye
    assert actions.send_one(pk=mail.pk, now=later(seconds=1))
    assert said == [True]


def test_fifty_go_at_a_time_and_the_next_fifty_are_asked_for(server, django_capture_on_commit_callbacks, monkeypatch):
    asked = []
    for number in range(60):
        actions.put_in_outbox(recipient=f"{number}@example.no", subject="x", text="y")
    monkeypatch.setattr("fagbrev.mail.actions.ask_worker", lambda job, **options: asked.append({"job": job, **options}))
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.send_waiting(now=later(seconds=1)) == 50
    assert len(asked) == 1
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.send_waiting(now=later(seconds=1)) == 10
    assert len(asked) == 1


def test_a_mail_given_up_may_be_tried_from_the_beginning(server, mail):
    OutgoingMail.objects.filter(pk=mail.pk).update(attempts=8, next_try_at=None, error="SMTPServerDisconnected")
    assert actions.try_again(mail=mail)
    assert actions.send_waiting(now=later(seconds=1)) == 1
    assert not actions.try_again(mail=mail)


def test_trying_again_takes_no_mail_from_the_one_who_sends_it(server, mail):
    def ask():
        server.while_sending, server.is_down = None, False
        assert actions.try_again(mail=mail)
        assert not actions.send_one(pk=mail.pk, now=later(seconds=2))
        server.is_down = True

    OutgoingMail.objects.filter(pk=mail.pk).update(attempts=7)
    server.while_sending = ask
    actions.send_waiting(now=timezone.now())
    mail.refresh_from_db()
    assert (mail.attempts, mail.error) == (1, "SMTPServerDisconnected")
    assert mail.next_try_at > timezone.now()


def test_a_mail_that_waits_long_after_an_ending_may_be_tried_at_once(server, mail):
    long_ago = timezone.now() - timedelta(hours=1)
    OutgoingMail.objects.filter(pk=mail.pk).update(next_try_at=long_ago, lease_until=later(hours=5), error="Interrupted")
    assert actions.send_waiting(now=later(seconds=1)) == 0
    assert actions.try_again(mail=mail)
    assert actions.send_waiting(now=later(seconds=1)) == 1


@pytest.fixture
def slow_server(settings):
    """Gives a function that serves one sender, slowly, and falls silent at one of its lines; what it heard is in the list."""
    settings.DEBUG = settings.DEMO = False
    settings.MAIL_LEASE_SECONDS = 3
    settings.EMAIL_HOST = settings.EMAIL_URL_HOST = "127.0.0.1"
    threads, heard = [], []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        settings.EMAIL_PORT = listening.getsockname()[1]

        def serve(silent_at, wait):
            threads.append(threading.Thread(target=speak_until, args=(listening, silent_at, wait, heard)))
            threads[0].start()
            return heard

        yield serve
        threads[0].join(10)
        assert not threads[0].is_alive()


def speak_until(listening, silent_at, wait, heard):
    """Is a mail server that answers every line after a while, until the one it never answers."""
    answers = {"EHLO": b"502 no", "HELO": b"250 hello", "DATA": b"354 go on"}
    connection = listening.accept()[0]
    with connection, connection.makefile("rb") as lines:
        connection.sendall(b"220 mail.example\r\n")
        is_text = False
        for line in lines:
            word = (line.split() or [b""])[0].decode().upper()
            if is_text and word != ".":
                continue
            heard.append(word)
            if word == silent_at:
                for _more in lines:
                    pass
                return
            is_text = word == "DATA"
            threading.Event().wait(wait)
            try:
                connection.sendall(answers.get(word, b"250 ok") + b"\r\n")
            except OSError:
                return  # the sender has had enough


@pytest.mark.parametrize("silent_at", ["HELO", "MAIL", "."])
def test_a_mail_server_that_falls_silent_is_left_within_the_lease(mail, slow_server, silent_at):
    heard = slow_server(silent_at, 0)
    started = time.monotonic()
    assert not actions.send_one(pk=mail.pk, now=later(seconds=1))
    assert time.monotonic() - started < 3
    assert heard[-1] == silent_at
    mail.refresh_from_db()
    assert (mail.attempts, mail.lease_until, mail.sent_at, mail.error) == (1, None, None, "SMTPServerDisconnected")


def test_a_mail_server_that_answers_slowly_each_time_is_left_before_it_has_the_mail(mail, slow_server):
    heard = slow_server("never", 0.45)
    assert not actions.send_one(pk=mail.pk, now=later(seconds=1))
    assert "DATA" not in heard
    assert len(heard) > 1


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


def test_the_html_version_shows_a_long_address_short_enough_for_a_phone():
    address = "https://fagbrev.example/svar/rZb0snP3IVSpjiIzrl7N3rEv1SP4sM0HeoCCZqm8EFY/"
    html = actions.html_of(f"Svar her:\n{address}", subject="x")
    assert f'href="{address}"' in html and f">{address[:33]}…</a>" in html


def test_the_html_version_escapes_what_people_typed():
    html = actions.html_of("Hei <script>alert(1)</script>\n\nhttps://fagbrev.example/konto/login/", subject="x")
    assert "<script>" not in html
    assert '<a href="https://fagbrev.example/konto/login/"' in html


def test_waiting_mails_wake_the_worker_when_the_transaction_holds(django_capture_on_commit_callbacks, monkeypatch):
    asked = []
    monkeypatch.setattr("fagbrev.mail.actions.ask_worker", lambda job, **options: asked.append({"job": job, **options}))
    with django_capture_on_commit_callbacks(execute=True):
        actions.put_in_outbox(recipient="a@example.no", subject="x", text="y")
        assert asked == []
    assert len(asked) == 1
