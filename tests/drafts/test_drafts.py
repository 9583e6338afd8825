"""What is typed is kept for its writer alone, sealed, until it is saved or seven days old."""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from django import forms
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from fagbrev.drafts import actions, views
from fagbrev.drafts.models import Draft
from fagbrev.forms.base import SentForm
from fagbrev.forms.models import Submission
from fagbrev.forms.owner import sign_owner
from fagbrev.tasks import wipe_drafts_task
from participants.models import ContactNote
from tests.cast import Cast, make_user

TEXT = "Hun strever med morgenene, og vi prøver en ny plan."


class Form(HTMLParser):
    """The hidden values of a page's forms, and the address its draft is kept at."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.hidden: dict[str, str] = {}
        self.address = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        if tag == "input" and held.get("type") == "hidden":
            self.hidden[held.get("name") or ""] = held.get("value") or ""
            self.address = held.get("data-draft-address") or self.address


def signed_in(cast: Cast, who: str) -> Client:
    client = Client()
    client.force_login(cast.users[who])
    return client


def note_url(cast: Cast) -> str:
    return reverse("notat_new", args=[cast.selma.participant.public_id])


def types(client: Client, url: str, **fields: Any) -> Any:
    """Opens a form and types in it, as static/drafts.js sends it."""
    form = Form(client.get(url).content.decode())
    assert form.address
    sent = {name: [value] for name, value in fields.items()}
    return client.post(reverse("draft_save"), {"draft": form.address, "fields": json.dumps(sent), **submission(form)})


def submission(form: Form) -> dict[str, str]:
    return {"submission": form.hidden["submission"]}


def test_it_comes_back_when_its_writer_opens_the_form_again_on_any_device(cast: Cast) -> None:
    answer = types(signed_in(cast, "koordinator"), note_url(cast), what=TEXT)
    assert answer.status_code == 200
    assert answer.json()["kept"] == timezone.localtime().strftime("%H.%M")
    page = signed_in(cast, "koordinator").get(note_url(cast)).content.decode()
    assert TEXT in page
    assert "Her er det du skrev kl. " in page
    assert "Det er ikke lagret ennå." in page
    assert "Kast kladden" in page


def test_nobody_else_gets_it(cast: Cast) -> None:
    cast.users["annen_koordinator"] = make_user("Annen Koordinator", "coordinator", today=cast.today)
    types(signed_in(cast, "koordinator"), note_url(cast), what=TEXT)
    page = signed_in(cast, "annen_koordinator").get(note_url(cast)).content.decode()
    assert TEXT not in page
    assert "Kast kladden" not in page


def test_it_comes_back_in_its_own_form_alone(cast: Cast) -> None:
    client = signed_in(cast, "koordinator")
    types(client, note_url(cast), what=TEXT)
    for person, name in ((cast.nadia, "notat_new"), (cast.selma, "kontakt_new"), (cast.selma, "henvisning_new")):
        assert TEXT not in client.get(reverse(name, args=[person.participant.public_id])).content.decode()


def test_the_database_holds_neither_text_nor_address(cast: Cast) -> None:
    types(signed_in(cast, "koordinator"), note_url(cast), what=TEXT)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {Draft._meta.db_table}")
        held = repr(cursor.fetchall())
    assert "s1." in held
    assert "strever" not in held
    assert cast.selma.participant.public_id not in held


def test_it_is_gone_when_the_form_is_saved(cast: Cast) -> None:
    client = signed_in(cast, "koordinator")
    types(client, note_url(cast), what=TEXT)
    form = Form(client.get(note_url(cast)).content.decode())
    answer = client.post(
        note_url(cast), {"what": TEXT, "contact_with": "nav", "happened_on": cast.today.isoformat(), **form.hidden}
    )
    assert answer.status_code == 302, answer.content.decode()
    assert ContactNote.objects.count() == 1
    assert not Draft.objects.exists()
    # A saving that was under way when the form was sent comes after it, and keeps nothing.
    late = client.post(reverse("draft_save"), {"draft": form.address, "fields": json.dumps({"what": [TEXT]}), **submission(form)})
    assert late.json() == {"kept": ""}
    assert not Draft.objects.exists()


def test_a_draft_that_comes_in_while_its_form_is_being_saved_is_not_kept(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The form is saved after the draft was found to be of an unsaved one."""
    client = signed_in(cast, "koordinator")
    held = views.keep_draft

    def while_saved(**values: Any) -> None:
        Submission.objects.create(token=values["submission"], user=cast.users["koordinator"])
        held(**values)

    monkeypatch.setattr(views, "keep_draft", while_saved)
    assert types(client, note_url(cast), what=TEXT).json() == {"kept": ""}
    assert not Draft.objects.exists()


def test_a_form_that_names_its_draft_throws_that_one_away_wherever_it_is_sent(cast: Cast) -> None:
    client = signed_in(cast, "koordinator")
    types(client, f"{note_url(cast)}?lop={cast.selma.public_id}", what=TEXT)
    form = Form(client.get(f"{note_url(cast)}?lop={cast.selma.public_id}").content.decode())
    sent = {"what": TEXT, "contact_with": "nav", "happened_on": cast.today.isoformat(), **form.hidden, "draft": form.address}
    assert client.post(note_url(cast), sent).status_code == 302
    assert not Draft.objects.exists()


def test_what_is_sent_from_the_outbox_takes_its_draft_along_unless_a_note_is_in_it_alone(cast: Cast) -> None:
    client, elsewhere = signed_in(cast, "koordinator"), f"{note_url(cast)}?lop={cast.selma.public_id}"
    for stays in ("1", ""):
        page = Form(client.get(elsewhere).content.decode())
        client.post(reverse("draft_save"), {"draft": page.address, "fields": json.dumps({"what": [TEXT]}), **submission(page)})
        sent = {"what": TEXT, "contact_with": "nav", "happened_on": cast.today.isoformat(), **submission(page)}
        assert client.post(note_url(cast), {**sent, "draft_stays": stays}).status_code == 302
        assert Draft.objects.exists() == bool(stays)


def test_a_refused_form_keeps_its_draft(cast: Cast) -> None:
    client = signed_in(cast, "koordinator")
    types(client, note_url(cast), what=TEXT)
    assert client.post(note_url(cast), {"what": TEXT, "contact_with": "nav", "happened_on": "i går en gang"}).status_code == 422
    assert Draft.objects.count() == 1


def test_it_can_be_thrown_away_by_its_writer_and_by_nobody_else(cast: Cast) -> None:
    client = signed_in(cast, "koordinator")
    types(client, note_url(cast), what=TEXT)
    token = Form(client.get(note_url(cast)).content.decode()).address
    assert signed_in(cast, "faglaerer").post(reverse("draft_discard"), {"draft": token}).status_code == 403
    assert Draft.objects.count() == 1
    answer = client.post(reverse("draft_discard"), {"draft": token})
    assert answer.url == note_url(cast)
    assert TEXT not in client.get(answer.url).content.decode()
    assert not Draft.objects.exists()


def test_a_form_of_anothers_or_of_nobodys_is_refused(cast: Cast) -> None:
    client = signed_in(cast, "faglaerer")
    fields = json.dumps({"body": [TEXT]})
    others = sign_owner(cast.koordinator, f"{note_url(cast)}#x")
    assert client.post(reverse("draft_save"), {"draft": others, "fields": fields}).status_code == 403
    assert client.post(reverse("draft_save"), {"draft": "oppdiktet", "fields": fields}).status_code == 422
    assert Client().post(reverse("draft_save"), {"draft": others, "fields": fields}).status_code == 302
    assert not Draft.objects.exists()


def test_saving_needs_the_token_against_forgery(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.koordinator)
    token = sign_owner(cast.koordinator, "/x/#y")
    assert client.post(reverse("draft_save"), {"draft": token, "fields": '{"body": ["x"]}'}).status_code == 403
    told = client.get(reverse("draft_token")).json()
    sent = {"draft": token, "fields": '{"body": ["x"]}'}
    assert client.post(reverse("draft_save"), sent, headers={"X-CSRFToken": told["csrf"]}).status_code == 200


@pytest.mark.parametrize("fields", ["", "[]", "nei", '{"body": "x"}', '{"body": [1]}', "[" * 5000])
def test_what_is_no_forms_fields_is_refused(cast: Cast, fields: str) -> None:
    token = sign_owner(cast.koordinator, "/x/#y")
    answer = signed_in(cast, "koordinator").post(reverse("draft_save"), {"draft": token, "fields": fields})
    assert answer.status_code == 422
    assert not Draft.objects.exists()


def test_there_is_a_limit_to_its_length_its_rate_and_how_many_there_are(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in(cast, "koordinator")

    def keeps(number: int, text: str = "x") -> int:
        token = sign_owner(cast.koordinator, f"/x/{number}/#y")
        answer = client.post(reverse("draft_save"), {"draft": token, "fields": json.dumps({"body": [text]})})
        return int(answer.status_code)

    assert keeps(0, "x" * actions.LARGEST_TEXT) == 422
    monkeypatch.setattr(actions, "MOST_DRAFTS", 3)
    assert [keeps(number) for number in range(5)] == [200] * 5
    assert Draft.objects.filter(user=cast.koordinator).count() == 3
    monkeypatch.setattr(actions, "PER_MINUTE", 6)
    assert [keeps(9), keeps(9)].count(429) >= 1


def test_secrets_and_tokens_are_not_kept() -> None:
    kept = actions.read_fields(json.dumps({"password1": ["x"], "csrfmiddlewaretoken": ["y"], "owner": ["z"], "body": [TEXT]}))
    assert kept == {"body": [TEXT]}


def test_emptied_boxes_throw_the_draft_away(cast: Cast) -> None:
    client = signed_in(cast, "koordinator")
    types(client, note_url(cast), what=TEXT)
    types(client, note_url(cast), what="", version="1")
    assert not Draft.objects.exists()


def test_it_is_wiped_after_seven_days_and_not_before(cast: Cast) -> None:
    client = signed_in(cast, "koordinator")
    types(client, note_url(cast), what=TEXT)
    Draft.objects.update(saved_at=timezone.now() - timedelta(days=6, hours=23))
    assert wipe_drafts_task() == 0
    assert TEXT in client.get(note_url(cast)).content.decode()
    Draft.objects.update(saved_at=timezone.now() - timedelta(days=7, minutes=1))
    assert TEXT not in client.get(note_url(cast)).content.decode()
    assert wipe_drafts_task() == 1
    assert not Draft.objects.exists()


def test_it_carries_the_version_it_was_typed_on_so_that_a_later_text_is_not_laid_over(cast: Cast) -> None:
    note = ContactNote.objects.create(
        enrolment=cast.selma, happened_on=cast.today, contact_with="nav", what="Før", created_by=cast.koordinator
    )
    url = reverse("notat_edit", args=[cast.selma.participant.public_id, note.public_id])
    client = signed_in(cast, "koordinator")
    types(client, url, what=TEXT, version="1", happened_on=cast.today.isoformat(), contact_with="nav")
    ContactNote.objects.filter(pk=note.pk).update(version=2)
    form = Form(client.get(url).content.decode())
    assert form.hidden["version"] == "1"
    assert (
        client.post(url, {"what": TEXT, "contact_with": "nav", "happened_on": cast.today.isoformat(), **form.hidden}).status_code
        == 409
    )
    assert Draft.objects.count() == 1


def test_ticks_come_back_as_they_were(cast: Cast) -> None:
    page = signed_in(cast, "koordinator").get(note_url(cast)).wsgi_request

    class Ticks(SentForm):
        yes = forms.BooleanField(required=False, initial=False)
        no = forms.BooleanField(required=False, initial=True)
        many = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple)
        body = forms.CharField(widget=forms.Textarea)

    address = Ticks(request=page).draft_address
    actions.keep_draft(
        user=cast.koordinator, address=address, fields={"yes": ["on"], "many": ["a", "b"], "body": [TEXT]}, now=timezone.now()
    )
    form = Ticks(request=page)
    assert [form[name].value() for name in ("yes", "no", "many", "body")] == [True, False, ["a", "b"], TEXT]


def test_it_is_never_logged(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger="django.request"):
        types(signed_in(cast, "koordinator"), note_url(cast), what=TEXT)
    assert "strever" not in caplog.text


def test_a_form_costs_one_query_for_its_draft_however_many_there_are(cast: Cast) -> None:
    client = signed_in(cast, "koordinator")

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(note_url(cast))
        return sum(Draft._meta.db_table in query["sql"] for query in queries.captured_queries)

    assert asked() == 1
    for number in range(20):
        actions.keep_draft(user=cast.koordinator, address=f"/{number}/#x", fields={"body": ["x"]}, now=timezone.now())
    assert asked() == 1
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("participant_list"))
    assert not [query for query in queries.captured_queries if Draft._meta.db_table in query["sql"]]
