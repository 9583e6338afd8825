"""Reviews: privacy of what is not shared, calling, holding, signing a version, clearing, locking, and when one is reminded."""

from __future__ import annotations

import logging
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fagbrev.audit.models import ChangeLog, LookLog, Revision
from fagbrev.duties.models import Duty
from fagbrev.duties.rules import Terms
from followup.duties.reviews import (
    CALL,
    HOLD,
    PREPARE,
    About,
    PlaceFacts,
    ReviewFacts,
    call_review,
    hold_review,
    prepare_review,
)
from followup.models import Action, ReviewConversation, ReviewPart, ReviewSignature
from tests.cast import Cast, make_user

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
DAY = timedelta(days=1)
FOUR = {"deltaker": "deltaker", "fadder": "fadder", "faglaerer": "faglaerer", "koordinator": "coordinator"}
SECRET = "Zqhemmeligq"


def signed_in(cast: Cast, who: str) -> Client:
    client = Client()
    client.force_login(cast.users[who], backend=BACKEND)
    return client


def url(cast: Cast, name: str, *more: str) -> str:
    return reverse(name, args=[cast.selma.participant.public_id, *more])


def call(cast: Cast, days: int = 9, **more: str) -> Any:
    posted = {"day": (cast.today + days * DAY).isoformat(), "at": "10:30", "meeting_place": "Møterommet"} | more
    return signed_in(cast, "koordinator").post(url(cast, "vurdering_new", cast.placements["selma"].public_id), posted)


@pytest.fixture
def review(cast: Cast) -> ReviewConversation:
    """A review called to in nine days."""
    assert call(cast).status_code == 302
    return ReviewConversation.objects.get()


def write_part(cast: Cast, who: str, review: ReviewConversation, text: str, **more: str) -> Any:
    return signed_in(cast, who).post(url(cast, "vurdering_part", review.public_id), {"goes_well": text} | more)


def hold(cast: Cast, review: ReviewConversation, summary: str = "Det går bra. Mer norsk på vakt.") -> ReviewConversation:
    review.refresh_from_db()
    posted = {"held_on": cast.today.isoformat(), "summary": summary, "version": review.version}
    answer = signed_in(cast, "koordinator").post(url(cast, "vurdering_held", review.public_id), posted)
    assert answer.status_code == 302
    review.refresh_from_db()
    return review


def agree(cast: Cast, who: str, review: ReviewConversation, version: int | None = None) -> None:
    posted = {"rolle": FOUR[who], "versjon": version or ReviewConversation.objects.get(pk=review.pk).version}
    assert signed_in(cast, who).post(url(cast, "vurdering_signer", review.public_id), posted).status_code == 302


# --- The call ------------------------------------------------------------------------------------------


def test_the_four_are_told_when_the_koordinator_calls(cast: Cast) -> None:
    assert call(cast).status_code == 302
    review = ReviewConversation.objects.get()
    assert (review.state, review.called_by, review.placement) == ("called", cast.koordinator, cast.placements["selma"])
    told = Duty.objects.filter(subject_id=review.public_id, rule__startswith="review_prepare_")
    assert set(told.values_list("owner_role", flat=True)) == set(FOUR.values())
    assert not Duty.objects.filter(rule="review_call", enrolment_id=cast.selma.pk).exists()


def test_there_is_one_review_in_a_semester_until_it_is_called_off(cast: Cast, review: ReviewConversation) -> None:
    answer = call(cast, 10)
    assert answer.status_code == 422
    assert "Det er en samtale i dette semesteret fra før" in answer.content.decode()
    assert "Møterommet" in answer.content.decode()
    client = signed_in(cast, "koordinator")
    for _time in range(2):
        assert client.post(url(cast, "vurdering_avlys", review.public_id)).status_code == 302
    assert ReviewConversation.objects.get().state == "cancelled"
    assert not Duty.objects.filter(subject_id=review.public_id).exists()
    assert call(cast, 10).status_code == 302


def test_a_call_sent_twice_is_one(cast: Cast) -> None:
    for _time in range(2):
        assert call(cast, submission="same").status_code == 302
    assert ReviewConversation.objects.count() == 1


@pytest.mark.parametrize(
    ("who", "status"), [("norsklaerer", 403), ("leder", 403), ("annen_fadder", 404), ("annen_deltaker", 404)]
)
def test_those_outside_the_four_have_no_part_in_it(cast: Cast, review: ReviewConversation, who: str, status: int) -> None:
    client = signed_in(cast, who)
    assert client.get(url(cast, "participant_vurderinger")).status_code == status
    assert client.get(url(cast, "vurdering_detail", review.public_id)).status_code == status


# --- The own part --------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", list(FOUR))
def test_a_part_that_is_not_shared_is_its_authors_alone_on_every_page_and_in_every_log(
    cast: Cast, review: ReviewConversation, who: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        assert write_part(cast, who, review, SECRET).status_code == 302
    hold(cast, review)
    names = ("participant_vurderinger", "participant_detail", "participant_avtalt")
    for reader in FOUR:
        client = signed_in(cast, reader)
        pages = [url(cast, name) for name in names] + [
            url(cast, name, review.public_id) for name in ("vurdering_detail", "vurdering_part")
        ]
        seen = [page for page in [*pages, "/", "/frister/"] if SECRET in client.get(page, follow=True).content.decode()]
        assert bool(seen) is (reader == who), (reader, seen)
    client = signed_in(cast, "koordinator")
    client.post(url(cast, "vurdering_rom", review.public_id), {"start": "1"})
    assert SECRET not in client.get(url(cast, "vurdering_rom", review.public_id)).content.decode()
    logged = " ".join(str(row.__dict__) for model in (ChangeLog, LookLog, Revision) for row in model.objects.all())
    assert SECRET not in logged + caplog.text


def test_a_shared_part_is_the_fours_and_the_reminder_goes(cast: Cast, review: ReviewConversation) -> None:
    write_part(cast, "deltaker", review, "Jeg liker barna", **{"del": "1"})
    for reader in FOUR:
        assert "Jeg liker barna" in signed_in(cast, reader).get(url(cast, "vurdering_detail", review.public_id)).content.decode()
    left = Duty.objects.filter(subject_id=review.public_id).values_list("owner_role", flat=True)
    assert set(left) == {"fadder", "faglaerer", "coordinator"}


def test_nothing_is_not_shared(cast: Cast, review: ReviewConversation) -> None:
    answer = write_part(cast, "fadder", review, "", **{"del": "1"})
    assert answer.status_code == 422
    assert "Skriv noe før du deler" in answer.content.decode()


def test_another_of_the_same_role_neither_reads_nor_overwrites_what_one_has_begun(cast: Cast, review: ReviewConversation) -> None:
    cast.users["kollega"] = make_user("Tone Kollega", "coordinator", today=cast.today)
    write_part(cast, "koordinator", review, SECRET)
    assert SECRET not in signed_in(cast, "kollega").get(url(cast, "vurdering_part", review.public_id)).content.decode()
    answer = write_part(cast, "kollega", review, "min tekst")
    assert answer.status_code == 302
    assert ReviewPart.objects.get().goes_well == SECRET


def test_own_text_saved_on_two_devices_is_shown_side_by_side(cast: Cast, review: ReviewConversation) -> None:
    write_part(cast, "fadder", review, "først")
    version = str(ReviewPart.objects.get().version)
    assert write_part(cast, "fadder", review, "på mobilen", version=version).status_code == 302
    answer = write_part(cast, "fadder", review, "på pc-en", version=version)
    assert answer.status_code == 409
    assert "på mobilen" in answer.content.decode() and "på pc-en" in answer.content.decode()


# --- Held, signed, locked ------------------------------------------------------------------------------


def test_a_review_is_not_held_ahead_of_time(cast: Cast, review: ReviewConversation) -> None:
    posted = {"held_on": (cast.today + DAY).isoformat(), "summary": "Bra", "version": review.version}
    answer = signed_in(cast, "faglaerer").post(url(cast, "vurdering_held", review.public_id), posted)
    assert answer.status_code == 422
    assert "fram i tid" in answer.content.decode()


def test_agreed_focus_areas_become_actions(cast: Cast, review: ReviewConversation) -> None:
    hold(cast, review)
    posted = {"words": "Lese høyt hver uke", "owner_role": "fadder", "due_on": (cast.today + 30 * DAY).isoformat()}
    assert signed_in(cast, "faglaerer").post(url(cast, "vurdering_punkt", review.public_id), posted).status_code == 302
    row = Action.objects.get()
    assert (row.review, row.placement, row.enrolment) == (review, cast.placements["selma"], cast.selma)
    assert "Lese høyt" in signed_in(cast, "deltaker").get(url(cast, "vurdering_detail", review.public_id)).content.decode()
    assert "Lese høyt" not in signed_in(cast, "deltaker").get(url(cast, "participant_avtalt")).content.decode()


def test_when_all_four_have_signed_it_is_locked_with_the_text_they_signed(cast: Cast, review: ReviewConversation) -> None:
    write_part(cast, "deltaker", review, "Jeg liker barna", **{"del": "1"})
    hold(cast, review)
    for who in FOUR:
        assert ReviewConversation.objects.get().state == "held"
        agree(cast, who, review)
        agree(cast, who, review)  # twice is once
    review.refresh_from_db()
    assert review.state == "locked" and review.locked_at is not None
    kept = Revision.objects.get(subject_id=review.public_id, version=review.version).content["reviews"]
    assert kept["summary"] == review.summary
    assert kept["parts"]["deltaker"] == [["Dette går bra", "Jeg liker barna"]]
    assert {one["role"] for one in kept["signed"]} == set(FOUR.values())
    assert ChangeLog.objects.filter(subject_id=review.public_id, verb="locked").count() == 1
    client = signed_in(cast, "koordinator")
    posted = {"held_on": cast.today.isoformat(), "summary": "Noe annet", "version": review.version}
    for name in ("vurdering_held", "vurdering_punkt", "vurdering_edit", "vurdering_part"):
        assert (
            client.post(url(cast, name, review.public_id), posted | {"words": "x", "owner_role": "deltaker"}).status_code == 302
        )
    review.refresh_from_db()
    assert review.summary != "Noe annet" and not Action.objects.exists()
    assert ReviewSignature.objects.count() == 4


def test_a_change_after_the_first_signature_clears_the_signatures_and_says_so(cast: Cast, review: ReviewConversation) -> None:
    hold(cast, review)
    agree(cast, "deltaker", review)
    agree(cast, "fadder", review)
    client = signed_in(cast, "koordinator")
    review.refresh_from_db()
    posted = {"held_on": cast.today.isoformat(), "summary": "En ny tekst", "version": review.version}
    answer = client.post(url(cast, "vurdering_held", review.public_id), posted, follow=True)
    assert "2 underskrifter er derfor slettet" in answer.content.decode()
    assert not ReviewSignature.objects.exists()
    assert ChangeLog.objects.filter(subject_id=review.public_id, verb="signatures_cleared").count() == 1
    agree(cast, "deltaker", review)
    write_part(cast, "fadder", review, "Sent ute", **{"del": "1"})
    assert not ReviewSignature.objects.exists()
    write_part(cast, "koordinator", review, "Bare for meg")  # a private text changes nothing for the others
    agree(cast, "deltaker", review)
    assert ReviewSignature.objects.count() == 1


def test_a_text_that_has_changed_since_the_page_was_opened_is_not_signed(cast: Cast, review: ReviewConversation) -> None:
    hold(cast, review)
    old = review.version
    hold(cast, review, "En ny tekst")
    agree(cast, "deltaker", review, old)
    assert not ReviewSignature.objects.exists()


def test_one_signs_for_oneself_alone(cast: Cast, review: ReviewConversation) -> None:
    hold(cast, review)
    posted = {"rolle": "deltaker", "versjon": review.version}
    signed_in(cast, "fadder").post(url(cast, "vurdering_signer", review.public_id), posted)
    assert not ReviewSignature.objects.exists()


# --- In the room ---------------------------------------------------------------------------------------


def test_the_device_in_the_room_opens_that_one_page_and_the_starter_is_signed_out_at_the_end(
    cast: Cast, review: ReviewConversation
) -> None:
    hold(cast, review)
    client, here = signed_in(cast, "faglaerer"), url(cast, "vurdering_rom", review.public_id)
    assert client.get(here).headers["Location"] == url(cast, "vurdering_detail", review.public_id)  # not locked: no such page
    assert client.post(here, {"start": "1"}).headers["Location"] == here
    for page in ("/", "/deltakere/", "/frister/", "/konto/", "/eksamen/", url(cast, "participant_detail"), "/finnes-ikke/"):
        assert client.get(page).headers["Location"] == here, page
    assert client.post(url(cast, "melding_new"), {"words": "x"}).headers["Location"] == here
    assert client.get("/deltakere/", headers={"HX-Request": "true"}).headers["HX-Redirect"] == here
    content = client.get(here).content.decode()
    assert "Jeg er enig" in content and 'class="nav"' not in content and cast.faglaerer.name not in content.split("<main")[0]
    review.refresh_from_db()
    for role in FOUR.values():
        assert client.post(here, {"rolle": role, "versjon": review.version}).headers["Location"] == here
    review.refresh_from_db()
    assert review.state == "locked"
    assert set(ReviewSignature.objects.values_list("in_room", flat=True)) == {True}
    assert ReviewSignature.objects.get(role="deltaker").signer_name == "Selma Testesen"
    assert client.post(here, {"ferdig": "1"}).headers["Location"].startswith("/konto/login/")
    assert client.get("/").headers["Location"].startswith("/konto/login/")


@pytest.mark.parametrize("who", ["deltaker", "fadder"])
def test_only_koordinator_or_faglaerer_starts_in_the_room(cast: Cast, review: ReviewConversation, who: str) -> None:
    hold(cast, review)
    assert signed_in(cast, who).post(url(cast, "vurdering_rom", review.public_id), {"start": "1"}).status_code == 403


# --- What is known already -----------------------------------------------------------------------------


def test_absence_is_shown_only_to_those_who_may_read_it(cast: Cast, review: ReviewConversation) -> None:
    seen = {}
    for who in FOUR:
        content = signed_in(cast, who).get(url(cast, "vurdering_detail", review.public_id)).content.decode()
        seen[who] = ("Borte fra undervisningen" in content, "Borte fra praksis" in content)
    assert seen == {"deltaker": (True, True), "koordinator": (True, True), "faglaerer": (True, False), "fadder": (False, True)}


def test_the_queries_of_a_review_do_not_grow_with_what_has_been_written(cast: Cast, review: ReviewConversation) -> None:
    from followup.models import LanguageLevel, WorkplaceVisit

    def queries() -> int:
        client = signed_in(cast, "koordinator")
        page = url(cast, "vurdering_detail", review.public_id)
        client.get(page)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(page).status_code == 200
        return len(caught)

    few = queries()
    WorkplaceVisit.objects.bulk_create(
        WorkplaceVisit(placement=cast.placements["selma"], state="held", only_log=True, visited_on=cast.today - number * DAY)
        for number in range(40)
    )
    LanguageLevel.objects.bulk_create(
        LanguageLevel(participant=cast.selma.participant, part="oral", level="a2", observed_on=cast.today - number * DAY,
                      by=cast.norsklaerer)
        for number in range(20)
    )  # fmt: skip
    assert queries() == few


# --- When one is reminded ------------------------------------------------------------------------------

ABOUT = About(1, "enr", 2, 3, "", None)
AUTUMN = ("2026/27-autumn", date(2026, 8, 17), date(2026, 12, 18))
SPRING = ("2026/27-spring", date(2027, 1, 4), date(2027, 6, 18))


def called(today: date, starts_on: date, semesters: list[Any], called: frozenset[str] = frozenset()) -> list[Any]:
    facts = PlaceFacts(ABOUT, 5, "plc", starts_on, called)
    return list(call_review(facts, Terms(today, frame={"semesters": semesters}), today))


@pytest.mark.parametrize(
    ("today", "starts_on", "semester", "due"),
    [
        (date(2026, 9, 1), date(2026, 2, 1), AUTUMN, date(2026, 10, 1)),
        (date(2027, 1, 10), date(2026, 2, 1), SPRING, date(2027, 3, 1)),
        (date(2026, 11, 24), date(2026, 2, 1), AUTUMN, date(2026, 10, 1)),  # late, and still to be called
        (date(2026, 11, 4), date(2026, 11, 2), AUTUMN, date(2026, 11, 30)),  # one who began late has four weeks
        (date(2026, 12, 2), date(2026, 12, 1), AUTUMN, None),  # no room in this semester
        (date(2026, 9, 1), date(2026, 9, 20), AUTUMN, None),  # not begun
        (date(2026, 7, 20), date(2026, 2, 1), AUTUMN, None),  # the summer: the semester has not begun
    ],
)
def test_a_review_is_to_be_called_by_1_october_and_1_march(today: date, starts_on: date, semester: Any, due: date | None) -> None:
    found = called(today, starts_on, [semester])
    assert [one.due_on for one in found] == ([due] if due else [])
    if due:
        assert (found[0].occurrence, found[0].opens_on) == (semester[0], max(semester[1], starts_on))
        assert called(today, starts_on, [semester], frozenset({semester[0]})) == []


def facts(**more: Any) -> ReviewFacts:
    given = {
        "about": ABOUT, "public_id": "rev", "placement": 5, "semester": AUTUMN[0], "called_on": date(2026, 9, 1),
        "meets_on": date(2026, 9, 21), "shared": frozenset(),
    }  # fmt: skip
    return ReviewFacts(**(given | more))


@pytest.mark.parametrize(
    ("more", "today", "due"),
    [
        ({}, date(2026, 9, 2), date(2026, 9, 19)),
        ({"shared": frozenset({"fadder"})}, date(2026, 9, 2), None),
        ({"shared": frozenset({"deltaker"})}, date(2026, 9, 2), date(2026, 9, 19)),
        ({"called_on": date(2026, 9, 20)}, date(2026, 9, 20), date(2026, 9, 20)),
        ({}, date(2026, 9, 22), None),
    ],
)
def test_each_prepares_two_days_before_the_meeting(more: dict[str, Any], today: date, due: date | None) -> None:
    found = list(prepare_review("fadder")(facts(**more), Terms(today), today))
    assert [one.due_on for one in found] == ([due] if due else [])


def test_a_review_that_was_called_is_to_be_held_by_the_end_of_the_semester() -> None:
    terms = Terms(date(2026, 11, 1), frame={"semesters": [AUTUMN, SPRING]})
    due = next(iter(hold_review(facts(), terms, terms.today)))
    assert (due.begins_on, due.due_on) == (date(2026, 9, 22), date(2026, 12, 18))
    later = Terms(date(2027, 2, 1), frame={"semesters": [SPRING]})
    assert next(iter(hold_review(facts(), later, later.today))).due_on == date(2026, 9, 22)


def test_the_moments_are_those_of_the_domain() -> None:
    assert CALL.moments == ("open", "-14", "0") and HOLD.moments == ("open", "-14", "0")
    assert {rule.owners[0] for rule in PREPARE} == set(FOUR.values())
