"""Assignments: given to one and to several, handed in with a photo, answered, and seen only by those who may."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from fagbrev.audit.models import ChangeLog, LookLog
from fagbrev.duties.models import Duty
from followup.actions.assignments import Task, give
from followup.models.practice import Assignment, AssignmentGoal, HandIn
from followup.practice_shown import assignments_for_fadder
from participants.models import CohortMember, Enrolment
from programmes.models import Cohort, CompetenceGoal
from tests.cast import Cast, enrol

WORDS = {"title": "Lag en ukemeny", "words": "Skriv en meny.", "kind": "practice"}


def given(cast: Cast, key: str = "selma", **more: Any) -> Assignment:
    """An assignment of the faglærer's."""
    task = Task(**({"kind": "practice", "title": "Lag en ukemeny", "words": "Skriv en meny."} | more))
    return give(enrolments=[cast.enrolments[key]], task=task, by=cast.faglaerer, today=cast.today)[0]


def signed_in(cast: Cast, who: str) -> Client:
    """A browser of someone of the cast."""
    client = Client()
    client.force_login(cast.users[who])
    return client


def url(name: str, row: Assignment) -> str:
    """The address of an assignment's page."""
    return reverse(name, args=[row.enrolment.participant.public_id, row.public_id])


def photo() -> bytes:
    """A photograph that tells where it was taken."""
    picture, made = Image.new("RGB", (60, 40), "#0e5a63"), io.BytesIO()
    exif = picture.getexif()
    exif[0x010F] = "Hemmelig kamera"
    exif.get_ifd(0x8825).update({1: "N", 2: (59.0, 55.0, 40.0), 3: "E", 4: (10.0, 57.0, 20.0)})
    picture.save(made, "JPEG", exif=exif)
    return made.getvalue()


def goals_of(cast: Cast) -> list[CompetenceGoal]:
    """The goals of selma's curriculum."""
    return list(CompetenceGoal.objects.filter(goal_set__curriculum=cast.selma.curriculum).order_by("order"))


class TestGiving:
    """To one, to several, to a group."""

    def test_a_group_gets_one_row_each_in_one_batch_and_those_of_others_get_none(self, cast: Cast) -> None:
        cohort = Cohort.objects.create(trade=cast.trades["BUA"], name="Kull A")
        for key in ("selma", "placed", "nadia"):
            row = cast.enrolments[key]
            CohortMember.objects.create(participant=row.participant, enrolment=row, cohort=cohort)
        codes = [goal.code for goal in goals_of(cast)[:2]]
        address = f"{reverse('oppgave_give')}?gruppe={cohort.public_id}"
        answer = signed_in(cast, "faglaerer").post(address, WORDS | {"goals": codes, "due_on": cast.today + timedelta(days=5)})
        assert answer.status_code == 302
        rows = Assignment.objects.all()
        assert {row.enrolment_id for row in rows} == {cast.selma.pk, cast.enrolments["placed"].pk}
        assert len({row.batch for row in rows}) == 1
        assert [row.goals.count() for row in rows] == [2, 2]
        assert ChangeLog.objects.filter(section="assignments", verb="created").count() == 2

    def test_one_who_is_not_ones_own_is_not_there(self, cast: Cast) -> None:
        address = f"{reverse('oppgave_give')}?deltaker={cast.selma.public_id}&deltaker={cast.nadia.public_id}"
        client = signed_in(cast, "faglaerer")
        assert client.get(address).status_code == 404
        assert client.post(address, WORDS).status_code == 404
        assert not Assignment.objects.exists()

    def test_four_goals_are_refused_in_words_and_what_was_typed_is_kept(self, cast: Cast) -> None:
        codes = [goal.code for goal in goals_of(cast)[:4]]
        address = f"{reverse('oppgave_give')}?deltaker={cast.selma.public_id}"
        answer = signed_in(cast, "faglaerer").post(address, WORDS | {"goals": codes})
        assert answer.status_code == 422
        assert "Velg høyst tre mål." in answer.content.decode()
        assert "Skriv en meny." in answer.content.decode()
        assert not Assignment.objects.exists()

    def test_a_goal_of_another_curriculum_is_refused(self, cast: Cast) -> None:
        other = CompetenceGoal.objects.exclude(goal_set__curriculum=cast.selma.curriculum).first()
        assert other is not None
        address = f"{reverse('oppgave_give')}?deltaker={cast.selma.public_id}"
        answer = signed_in(cast, "faglaerer").post(address, WORDS | {"goals": [other.code]})
        assert answer.status_code == 422

    def test_those_of_different_curricula_are_asked_for_no_goals(self, cast: Cast) -> None:
        address = f"{reverse('oppgave_give')}?deltaker={cast.selma.public_id}&deltaker={cast.nadia.public_id}"
        answer = signed_in(cast, "koordinator").get(address)
        assert "goals" not in answer.context["form"].fields

    def test_sent_twice_it_is_given_once(self, cast: Cast) -> None:
        client, address = signed_in(cast, "norsklaerer"), f"{reverse('oppgave_give')}?deltaker={cast.selma.public_id}"
        answers = [client.post(address, WORDS | {"submission": "a" * 20}) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [302, 302]
        assert Assignment.objects.count() == 1


class TestHandingIn:
    """The participant's answer."""

    def test_the_stored_photo_knows_neither_place_nor_camera(self, cast: Cast) -> None:
        row, sent = given(cast), photo()
        assert Image.open(io.BytesIO(sent)).getexif().get_ifd(0x8825)
        file = SimpleUploadedFile("tur.jpg", sent, "image/jpeg")
        answer = signed_in(cast, "deltaker").post(url("oppgave_svar", row), {"words": "Her", "file": file})
        assert answer.status_code == 302
        held = HandIn.objects.get()
        stored = held.file.open("rb").read()
        held.file.delete(save=False)
        assert b"Exif" not in stored
        assert b"Hemmelig" not in stored
        assert not dict(Image.open(io.BytesIO(stored)).getexif())
        row.refresh_from_db()
        assert row.state == "handed_in"

    def test_the_file_is_an_attachment_that_runs_nothing_and_the_fetching_is_logged(self, cast: Cast) -> None:
        row = given(cast)
        file = SimpleUploadedFile("tur.jpg", photo(), "image/jpeg")
        signed_in(cast, "deltaker").post(url("oppgave_svar", row), {"file": file})
        answer = signed_in(cast, "faglaerer").get(url("oppgave_fil", row))
        assert answer.status_code == 200
        assert answer["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answer["Content-Security-Policy"]
        assert b"".join(answer.streaming_content).startswith(b"\xff\xd8\xff")
        assert LookLog.objects.filter(act="file", user=cast.faglaerer, sections=["assignments"]).count() == 1
        assert signed_in(cast, "annen_faglaerer").get(url("oppgave_fil", row)).status_code == 404
        assert signed_in(cast, "fadder").get(url("oppgave_fil", row)).status_code == 403
        other = given(cast, "nadia")
        stolen = reverse("oppgave_fil", args=[row.enrolment.participant.public_id, other.public_id])
        assert signed_in(cast, "faglaerer").get(stolen).status_code == 404
        held = HandIn.objects.get()
        assert signed_in(cast, "koordinator").get(f"{url('oppgave_fil', other)}?levert={held.public_id}").status_code == 404
        held.file.delete(save=False)

    def test_the_same_device_key_twice_is_one_hand_in_answered_as_json(self, cast: Cast) -> None:
        row, client = given(cast), signed_in(cast, "deltaker")
        sent = {"words": "Meny", "device_key": "k1"}
        answers = [client.post(url("oppgave_svar", row), sent, headers={"Accept": "application/json"}) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [201, 201]
        assert answers[0].json()["url"] == url("oppgave_detail", row)
        assert HandIn.objects.count() == 1
        refused = client.post(url("oppgave_svar", row), {"device_key": "k2"}, headers={"Accept": "application/json"})
        assert refused.status_code == 422
        assert "words" in refused.json()["errors"]

    def test_an_empty_answer_and_a_file_that_is_none_are_refused_in_words(self, cast: Cast) -> None:
        row, client = given(cast), signed_in(cast, "deltaker")
        assert "Skriv noe, eller velg et bilde" in client.post(url("oppgave_svar", row), {}).content.decode()
        answer = client.post(url("oppgave_svar", row), {"words": "Tekst", "file": SimpleUploadedFile("a.exe", b"MZ12")})
        assert answer.status_code == 422
        assert "Filtypen kan ikke brukes" in answer.content.decode()
        assert ">Tekst<" in answer.content.decode().replace("\n", "")
        assert not HandIn.objects.exists()

    def test_what_is_done_takes_no_more(self, cast: Cast) -> None:
        row = given(cast)
        Assignment.objects.filter(pk=row.pk).update(state="done", done_on=cast.today)
        answer = signed_in(cast, "deltaker").post(url("oppgave_svar", row), {"words": "Mer"})
        assert answer.status_code == 422
        assert not HandIn.objects.exists()


class TestFeedback:
    """Done, or a little more."""

    def test_a_little_more_needs_words_and_done_does_not(self, cast: Cast) -> None:
        row, client = given(cast), signed_in(cast, "faglaerer")
        assert client.post(url("oppgave_feedback", row), {"verdict": "given", "version": 1}).status_code == 422
        client.post(url("oppgave_feedback", row), {"verdict": "given", "feedback": "Ta med lunsj.", "version": 1})
        row.refresh_from_db()
        assert (row.state, row.feedback_by) == ("given", cast.faglaerer)
        assert "Ta med lunsj." in signed_in(cast, "deltaker").get(url("oppgave_detail", row)).content.decode()
        client.post(url("oppgave_feedback", row), {"verdict": "done", "feedback": "", "version": 2})
        row.refresh_from_db()
        assert (row.state, row.done_on) == ("done", cast.today)
        assert set(ChangeLog.objects.filter(subject_id=row.public_id).values_list("verb", flat=True)) == {
            "created",
            "returned",
            "done",
        }

    def test_two_who_answer_at_once_see_both_texts(self, cast: Cast) -> None:
        row = given(cast)
        signed_in(cast, "faglaerer").post(url("oppgave_feedback", row), {"verdict": "done", "feedback": "Fint", "version": 1})
        answer = signed_in(cast, "koordinator").post(
            url("oppgave_feedback", row), {"verdict": "done", "feedback": "Flott", "version": 1}
        )
        assert answer.status_code == 409
        assert "Fint" in answer.content.decode()
        assert "Flott" in answer.content.decode()

    def test_the_fadder_reads_what_to_do_and_neither_answer_nor_feedback(self, cast: Cast) -> None:
        row = given(cast, at_work="Se på menyen sammen.", minutes_with_fadder=30)
        HandIn.objects.create(assignment=row, by=cast.deltaker, words="Hemmelig svar")
        Assignment.objects.filter(pk=row.pk).update(feedback="Hemmelig råd", state="handed_in")
        page = signed_in(cast, "fadder").get(url("oppgave_detail", row)).content.decode()
        assert "30 minutter" in page
        assert "Se på menyen sammen." in page
        assert "Hemmelig" not in page
        shown = assignments_for_fadder(cast.fadder, cast.today)
        assert [(one["title"], one["minutes"]) for one in shown] == [("Lag en ukemeny", 30)]
        assert "Hemmelig" not in str(shown)
        assert assignments_for_fadder(cast.annen_fadder, cast.today) == []

    def test_what_is_taken_back_is_gone_for_the_participant(self, cast: Cast) -> None:
        row = given(cast)
        assert signed_in(cast, "faglaerer").post(url("oppgave_withdraw", row), {}).status_code == 302
        page = signed_in(cast, "deltaker").get(reverse("participant_oppgaver", args=[cast.selma.participant.public_id]))
        assert "Lag en ukemeny" not in page.content.decode()


class TestDutiesAndLists:
    """What waits."""

    def test_the_participant_is_told_until_it_is_handed_in_and_then_the_teacher_waits_seven_days(self, cast: Cast) -> None:
        row = given(cast, due_on=cast.today + timedelta(days=4))
        duty = Duty.objects.get(subject_id=row.public_id)
        assert (duty.rule, duty.owner_role, duty.due_on) == ("assignment_due", "deltaker", row.due_on)
        signed_in(cast, "deltaker").post(url("oppgave_svar", row), {"words": "Ferdig"})
        duty = Duty.objects.get(subject_id=row.public_id)
        assert (duty.rule, duty.owner_role) == ("assignment_feedback", "faglaerer")
        assert duty.due_on >= cast.today + timedelta(days=7)
        signed_in(cast, "faglaerer").post(url("oppgave_feedback", row), {"verdict": "done", "version": 1})
        assert not Duty.objects.filter(subject_id=row.public_id).exists()

    def test_the_list_has_what_waits_first_logs_whom_it_shows_and_asks_as_much_for_many(self, cast: Cast) -> None:
        row = given(cast)
        signed_in(cast, "deltaker").post(url("oppgave_svar", row), {"words": "Ferdig"})
        client, address = signed_in(cast, "faglaerer"), reverse("oppgave_list") + "?vis=alle"
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as few:
            client.get(address)
        for number in range(8):
            other: Enrolment = enrol(cast, f"Ny{number} Prøvesen", "BUA", "training")
            give(enrolments=[other], task=Task("theory", f"Les {number}", "Les."), by=cast.faglaerer, today=cast.today)
        with CaptureQueriesContext(connection) as many:
            page = client.get(address)
        assert len(many) == len(few)
        assert page.context["rows"].object_list[0].state == "handed_in"
        assert LookLog.objects.filter(page="oppgaver", act="list", participant_id=cast.selma.participant_id).exists()

    @pytest.mark.parametrize("who", ["deltaker", "fadder", "faglaerer"])
    def test_the_records_page_asks_as_much_for_many(self, cast: Cast, who: str) -> None:
        client, address = signed_in(cast, who), reverse("participant_oppgaver", args=[cast.selma.participant.public_id])
        goal = goals_of(cast)[0]
        AssignmentGoal.objects.create(assignment=given(cast), goal=goal, place=1)
        client.get(address)
        with CaptureQueriesContext(connection) as few:
            client.get(address)
        for _ in range(9):
            AssignmentGoal.objects.create(assignment=given(cast), goal=goal, place=1)
        with CaptureQueriesContext(connection) as many:
            client.get(address)
        assert len(many) == len(few)
