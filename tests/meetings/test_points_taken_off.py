"""A point or an action item that is taken off while another writes on it: nothing typed is lost, and nothing comes back by itself."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from meetings.actions import minutes as acts
from meetings.actions.agenda import pick_people, withdraw_item
from meetings.actions.meeting_actions import agree, withdraw
from meetings.actions.minutes import start_minutes, write_item
from meetings.forms.agenda import AgendaItemForm
from meetings.forms.meeting_actions import ActionChangeForm
from meetings.minutes_text import fingerprint
from meetings.models import AgendaItem, ItemOtherText, Meeting, MeetingAction
from tests.cast import Cast, make_cast
from tests.meetings.at_once import meanwhile
from tests.meetings.group import held, signed_in
from tests.meetings.minuted import about, url

EMPTY = {"base_discussion": fingerprint(""), "base_decision": fingerprint("")}
BASE = {"discussion": fingerprint(""), "decision": fingerprint("")}


def take_off(cast: Cast, item: AgendaItem) -> bool:
    return withdraw_item(item=item, by=cast.koordinator, at=timezone.now())


def typed(cast: Cast, meeting: Meeting, item: AgendaItem, **sent: str) -> Any:
    return signed_in(cast, "faglaerer").post(url("minutes_item", meeting, item.public_id), EMPTY | sent)


def standing(meeting: Meeting, cast: Cast) -> list[str]:
    rows = AgendaItem.objects.filter(meeting=meeting, enrolment=cast.selma, withdrawn_at__isnull=True)
    return list(rows.values_list("discussion", flat=True))


def test_what_was_being_typed_on_a_point_that_was_taken_off_puts_it_back(cast: Cast, meeting: Meeting) -> None:
    item = about(meeting, cast.selma)
    assert take_off(cast, item)
    assert typed(cast, meeting, item, discussion="Trenger norsk på kvelden").status_code == 302
    assert standing(meeting, cast) == ["Trenger norsk på kvelden"]
    assert "Trenger norsk" in signed_in(cast, "koordinator").get(url("minutes_page", meeting)).content.decode()


def test_it_goes_to_the_point_that_was_put_on_in_its_place(cast: Cast, meeting: Meeting) -> None:
    item = about(meeting, cast.selma)
    assert take_off(cast, item)
    pick_people(meeting=meeting, chosen=[cast.selma], among=[cast.selma], by=cast.koordinator, at=timezone.now())
    assert typed(cast, meeting, item, discussion="Trenger norsk på kvelden").status_code == 302
    assert standing(meeting, cast) == ["Trenger norsk på kvelden"]


def test_a_form_without_a_word_brings_nothing_back(cast: Cast, meeting: Meeting) -> None:
    item = about(meeting, cast.selma)
    assert take_off(cast, item)
    assert typed(cast, meeting, item, discussion=" \n").status_code == 302
    assert standing(meeting, cast) == []


def test_a_point_taken_off_is_still_only_for_those_who_write_of_the_participant(cast: Cast, meeting: Meeting) -> None:
    item = about(meeting, cast.selma)
    assert take_off(cast, item)
    cast.faglaerer.teaching.all().delete()
    assert typed(cast, meeting, item, discussion="Trenger norsk").status_code == 404
    assert signed_in(cast, "koordinator").get(url("minutes_item", meeting, item.public_id)).status_code == 404


def test_a_point_with_a_text_beside_it_is_not_taken_off(cast: Cast, meeting: Meeting) -> None:
    item = about(meeting, cast.selma)
    beside = ItemOtherText.objects.create(item=item, by=cast.faglaerer, at=timezone.now(), discussion="Min tekst")
    assert not take_off(cast, item)
    ItemOtherText.objects.filter(pk=beside.pk).update(settled_at=timezone.now(), settled_as="left")
    assert take_off(cast, item)


def test_a_point_is_not_brought_back_by_one_who_had_it_open(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    row = held(cast, days=0)
    start_minutes(meeting=row, by=cast.koordinator)
    item = AgendaItem.objects.filter(meeting=row)[0]
    address = reverse("agenda_item_edit", args=[row.public_id, item.public_id])
    claim = AgendaItemForm.claim_version

    def taken_off_first(form: AgendaItemForm) -> None:
        take_off(cast, item)
        claim(form)

    monkeypatch.setattr(AgendaItemForm, "claim_version", taken_off_first)
    answer = signed_in(cast, "koordinator").post(address, {"title": "Nytt navn", "words": "", "version": item.version})
    assert answer.status_code == 409
    item.refresh_from_db()
    assert item.title != "Nytt navn"


def test_nor_is_an_action_item(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    row = held(cast, days=0)
    start_minutes(meeting=row, by=cast.koordinator)
    action = agree(
        item=AgendaItem.objects.filter(meeting=row)[0], words="Bestille rom", invitee=None, name="Nina Gjest", due_on=None,
        by=cast.koordinator, today=cast.today,
    )  # fmt: skip
    claim = ActionChangeForm.claim_version

    def withdrawn_first(form: ActionChangeForm) -> None:
        withdraw(action=action, by=cast.koordinator, at=timezone.now())
        claim(form)

    monkeypatch.setattr(ActionChangeForm, "claim_version", withdrawn_first)
    address = reverse("minutes_action_edit", args=[row.public_id, action.public_id])
    sent = {"words": "Bestille to rom", "who": "andre", "name": "Nina Gjest", "version": action.version}
    assert signed_in(cast, "koordinator").post(address, sent).status_code == 409
    assert MeetingAction.objects.get().words == "Bestille rom"


@pytest.fixture
def saved_cast(_flush_may_empty_logs: None, transactional_db: None, today: date) -> Cast:
    """The cast, committed."""
    return make_cast(today)


def test_one_that_is_being_written_on_is_not_taken_off(saved_cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    cast = saved_cast
    row = held(cast, days=0)
    start_minutes(meeting=row, by=cast.koordinator)
    item = AgendaItem.objects.filter(meeting=row)[0]
    other, taken = meanwhile(lambda: take_off(cast, item), monkeypatch, acts, "_note_writing")
    write_item(item=item, sent={"discussion": "Sist skrevet"}, based_on=BASE, by=cast.faglaerer, at=timezone.now())
    other.join(timeout=30)
    assert taken == [False]
    item.refresh_from_db()
    assert (item.discussion, item.withdrawn_at) == ("Sist skrevet", None)
