"""Minutes are shared in the moment somebody writes: what stands on a point is what was locked as the version."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from meetings.actions import meeting_actions
from meetings.actions import minutes as acts
from meetings.actions.minutes import share_minutes, start_minutes, write_item
from meetings.minutes_text import fingerprint
from meetings.models import AgendaItem, Invitee, Meeting, MeetingAction, MinutesVersion
from tests.cast import Cast, make_cast
from tests.meetings.at_once import meanwhile
from tests.meetings.group import held, signed_in


@pytest.fixture
def cast(_flush_may_empty_logs: None, transactional_db: None, today: date) -> Cast:
    """The cast, committed."""
    return make_cast(today)


def test_what_is_written_while_they_are_shared_is_in_what_is_locked(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    row = held(cast, days=0)
    start_minutes(meeting=row, by=cast.koordinator)
    item = AgendaItem.objects.filter(meeting=row)[0]
    sharer, answers = meanwhile(
        lambda: share_minutes(meeting=row, by=cast.koordinator, at=timezone.now()), monkeypatch, acts, "_note_writing"
    )
    base = {"discussion": fingerprint(""), "decision": fingerprint("")}
    write_item(item=item, sent={"discussion": "Sist skrevet"}, based_on=base, by=cast.faglaerer, at=timezone.now())
    sharer.join(timeout=30)
    assert isinstance(answers[0], MinutesVersion)
    item.refresh_from_db()
    locked = {one["item"]: one["discussion"] for one in MinutesVersion.objects.get().content["items"]}
    assert locked[item.public_id] == item.discussion == "Sist skrevet"


def agreed_words() -> list[str]:
    """What stands as agreed in the one version that is locked."""
    return [one["words"] for item in MinutesVersion.objects.get().content["items"] for one in item["actions"]]


@pytest.fixture
def begun(cast: Cast) -> Meeting:
    """A meeting whose minutes are begun."""
    row = held(cast, days=0)
    start_minutes(meeting=row, by=cast.koordinator)
    return row


def test_what_is_agreed_before_they_are_shared_is_in_what_is_locked(
    cast: Cast, begun: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, answers = meanwhile(
        lambda: share_minutes(meeting=begun, by=cast.koordinator, at=timezone.now()), monkeypatch, meeting_actions, "_note"
    )
    meeting_actions.agree(
        item=AgendaItem.objects.filter(meeting=begun)[0], words="Bestille rom", invitee=Invitee.objects.filter(meeting=begun)[0], name="",
        due_on=None, by=cast.faglaerer, today=cast.today,
    )  # fmt: skip
    other.join(timeout=30)
    assert isinstance(answers[0], MinutesVersion)
    assert agreed_words() == ["Bestille rom"]


def test_what_is_agreed_while_they_are_shared_is_refused_with_the_words_still_there(
    cast: Cast, begun: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, item = signed_in(cast, "faglaerer"), AgendaItem.objects.filter(meeting=begun)[0]
    client.get("/")  # what is written at the first page of a session is written
    address = reverse("minutes_action_new", args=[begun.public_id, item.public_id])
    sent = {"words": "Bestille rom", "who": "andre", "name": "Nils Utenfor", "due_on": ""}
    other, answers = meanwhile(lambda: client.post(address, sent), monkeypatch, acts, "content_of")
    share_minutes(meeting=begun, by=cast.koordinator, at=timezone.now())
    other.join(timeout=30)
    page = answers[0].content.decode()
    assert (answers[0].status_code, "Referatet er delt. Dette er ikke lagret." in page) == (422, True)
    assert 'value="Bestille rom"' in page and 'value="Nils Utenfor"' in page
    assert agreed_words() == list(MeetingAction.objects.values_list("words", flat=True)) == []


def test_a_point_added_while_they_are_shared_is_refused_with_the_words_still_there(
    cast: Cast, begun: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, before = signed_in(cast, "faglaerer"), AgendaItem.objects.count()
    client.get("/")
    address = reverse("minutes_item_new", args=[begun.public_id])
    other, answers = meanwhile(lambda: client.post(address, {"title": "Ny buss", "words": ""}), monkeypatch, acts, "content_of")
    share_minutes(meeting=begun, by=cast.koordinator, at=timezone.now())
    other.join(timeout=30)
    page = answers[0].content.decode()
    assert answers[0].status_code == 422 and "Referatet er delt allerede." in page and 'value="Ny buss"' in page
    assert AgendaItem.objects.count() == before == len(MinutesVersion.objects.get().content["items"])


def test_what_is_agreed_on_a_page_from_before_they_were_shared_still_stands_there(cast: Cast, begun: Meeting) -> None:
    share_minutes(meeting=begun, by=cast.koordinator, at=timezone.now())
    client, item = signed_in(cast, "faglaerer"), AgendaItem.objects.filter(meeting=begun)[0]
    address = reverse("minutes_action_new", args=[begun.public_id, item.public_id])
    answer = client.post(address, {"words": "Bestille rom", "who": "andre", "name": "Nils Utenfor"})
    assert answer.status_code == 422 and 'value="Bestille rom"' in answer.content.decode()
    assert client.get(address).status_code == 302 and not MeetingAction.objects.exists()
