"""Concerns and guidance notes: who sees them, the answer, the koordinator's list, and that no log holds a word of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fagbrev.audit.models import ChangeLog, LookLog, Revision
from fagbrev.duties.models import Duty
from followup.models import Concern, GuidanceNote
from tests.cast import Cast, make_user

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
AROUND = ("koordinator", "faglaerer", "norsklaerer", "fadder", "leder", "deltaker")
WORDS = "Hun virker sliten og kommer for seint"


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def signed_in(cast: Cast, who: str) -> Client:
    return client_of(cast.users[who])


def url(cast: Cast, name: str, *more: str) -> str:
    return reverse(name, args=[cast.selma.participant.public_id, *more])


def tell(cast: Cast, who: str, words: str = WORDS, **more: Any) -> Concern:
    answer = signed_in(cast, who).post(url(cast, "melding_new"), {"words": words} | more)
    assert answer.status_code == 302
    return Concern.objects.order_by("-pk")[0]


@pytest.mark.parametrize("who", AROUND)
def test_anyone_around_the_participant_tells_and_sees_only_ones_own(cast: Cast, who: str) -> None:
    for other in AROUND:
        tell(cast, other, f"melding fra {other}")
    content = signed_in(cast, who).get(url(cast, "participant_meldinger")).content.decode()
    assert {other for other in AROUND if f"melding fra {other}" in content} == (set(AROUND) if who == "koordinator" else {who})


def test_the_form_says_beforehand_who_may_read_it(cast: Cast) -> None:
    content = signed_in(cast, "leder").get(url(cast, "melding_new")).content.decode()
    assert "Deltakeren kan be om å få se det du skriver" in content
    assert "data-draft" in content
    assert "Dette er din egen sak" in signed_in(cast, "deltaker").get(url(cast, "melding_new")).content.decode()


def test_a_message_without_words_is_refused_by_the_field(cast: Cast) -> None:
    answer = signed_in(cast, "leder").post(url(cast, "melding_new"), {"words": ""})
    assert answer.status_code == 422
    assert answer.context["form"].errors["words"]


def test_a_message_sent_twice_is_one(cast: Cast) -> None:
    for _time in range(2):
        tell(cast, "leder", submission="same")
    row = Concern.objects.get()
    assert (row.raised_by, row.raised_as, row.state) == (cast.leder, "leder", "new")


def test_the_koordinator_answers_and_the_one_who_told_sees_it(cast: Cast) -> None:
    row = tell(cast, "leder")
    assert Duty.objects.get(rule="concern_answer").due_on >= cast.today + timedelta(days=7)
    url_of_answer = url(cast, "melding_svar", row.public_id)
    client = signed_in(cast, "koordinator")
    posted = {"answer": "", "state": "answered", "for_meeting": "", "version": row.version}
    answer = client.post(url_of_answer, posted)
    assert answer.status_code == 422 and "Skriv et svar" in answer.content.decode()
    assert client.post(url_of_answer, posted | {"state": "seen"}).status_code == 302
    assert Duty.objects.filter(rule="concern_answer").exists()
    row.refresh_from_db()
    posted |= {"answer": "Takk, jeg ringer i morgen.", "for_meeting": "Oppmøte om morgenen", "version": row.version}
    assert client.post(url_of_answer, posted).status_code == 302
    assert not Duty.objects.filter(rule="concern_answer").exists()
    seen = signed_in(cast, "leder").get(url(cast, "participant_meldinger")).content.decode()
    assert "Takk, jeg ringer i morgen." in seen and "besvart" in seen
    assert "Oppmøte om morgenen" not in seen  # the words for a meeting are the koordinator's
    again = client.post(url_of_answer, posted | {"answer": "En annen tekst"})
    assert again.status_code == 409


@pytest.mark.parametrize("who", ["faglaerer", "leder", "deltaker"])
def test_nobody_else_answers(cast: Cast, who: str) -> None:
    row = tell(cast, who)
    assert signed_in(cast, who).get(url(cast, "melding_svar", row.public_id)).status_code == 403


def test_the_list_is_the_koordinators_with_what_waits_first(cast: Cast) -> None:
    first, second = tell(cast, "leder", "den første"), tell(cast, "fadder", "den andre")
    Concern.objects.filter(pk=second.pk).update(state="answered", answer="ja")
    client = signed_in(cast, "koordinator")
    answer = client.get(reverse("concern_list"))
    assert [row.pk for row in answer.context["rows"]] == [first.pk, second.pk]
    assert LookLog.objects.filter(page="bekymringer", act="list", participant_id=cast.selma.participant_id).count() == 1
    assert "Meldinger uten svar" in client.get("/").content.decode()
    assert signed_in(cast, "leder").get(reverse("concern_list")).status_code == 403


def test_the_queries_of_the_list_do_not_grow_with_the_rows(cast: Cast) -> None:
    def queries() -> int:
        client = signed_in(cast, "koordinator")
        client.get(reverse("concern_list"))
        with CaptureQueriesContext(connection) as caught:
            assert client.get(reverse("concern_list")).status_code == 200
        return len(caught)

    tell(cast, "leder")
    few = queries()
    for number in range(12):
        tell(cast, AROUND[number % 6])
    assert queries() == few


def test_no_log_holds_a_word_of_what_was_told(cast: Cast) -> None:
    row = tell(cast, "leder")
    signed_in(cast, "koordinator").get(reverse("concern_list"))
    logged = " ".join(str(one.__dict__) for model in (ChangeLog, LookLog, Revision) for one in model.objects.all())
    assert WORDS not in logged
    assert ChangeLog.objects.get(subject_id=row.public_id).fields == ["words"]
    assert not Revision.objects.filter(subject_id=row.public_id).exists()


# --- Guidance notes ------------------------------------------------------------------------------------


def write_note(cast: Cast, user: Any, words: str = "Snakket om økonomi") -> GuidanceNote:
    answer = client_of(user).post(url(cast, "veiledning_new"), {"words": words, "happened_on": cast.today.isoformat()})
    assert answer.status_code == 302
    return GuidanceNote.objects.order_by("-pk")[0]


def test_a_note_is_its_authors_alone_and_another_koordinator_sees_not_even_the_count(cast: Cast) -> None:
    other = make_user("Tone Kollega", "coordinator", today=cast.today)
    empty = client_of(other).get(url(cast, "participant_notater")).content
    row = write_note(cast, cast.koordinator)
    assert "Snakket om økonomi" in client_of(cast.koordinator).get(url(cast, "participant_notater")).content.decode()
    theirs = client_of(other)
    answer = theirs.get(url(cast, "participant_notater"))
    assert answer.context["notes"] == []
    assert len(answer.content) == len(empty)
    assert theirs.get(url(cast, "veiledning_edit", row.public_id)).status_code == 404
    assert theirs.post(url(cast, "veiledning_edit", row.public_id), {"words": "x"}).status_code == 404
    assert "Snakket" not in theirs.get(url(cast, "participant_detail")).content.decode()


@pytest.mark.parametrize("who", ["faglaerer", "norsklaerer", "fadder", "leder", "deltaker"])
def test_nobody_else_has_a_part_in_the_notes(cast: Cast, who: str) -> None:
    assert signed_in(cast, who).get(url(cast, "participant_notater")).status_code == 403


def test_a_note_is_sealed_in_the_database_and_in_no_log(cast: Cast) -> None:
    row = write_note(cast, cast.koordinator)
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM followup_guidancenote WHERE public_id = %s", [row.public_id])
        held = cursor.fetchone()[0]
    assert "økonomi" not in held and held.startswith("s1.")
    logged = " ".join(str(one.__dict__) for model in (ChangeLog, LookLog, Revision) for one in model.objects.all())
    assert "økonomi" not in logged
    client = client_of(cast.koordinator)
    posted = {"words": "Ny tekst", "happened_on": cast.today.isoformat(), "version": row.version}
    assert client.post(url(cast, "veiledning_edit", row.public_id), posted).status_code == 302
    row.refresh_from_db()
    assert row.words.open() == "Ny tekst"
    answer = client.post(url(cast, "veiledning_edit", row.public_id), posted | {"words": "Annen tekst"})
    assert answer.status_code == 409 and "Ny tekst" in answer.content.decode()
