"""Two browsers that write the same point at the same moment, in threads with connections of their own: nothing is lost."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from meetings.actions.minutes import start_minutes
from meetings.minutes_text import fingerprint
from meetings.models import AgendaItem, ItemOtherText, MinutesVersion
from tests.cast import Cast, make_cast
from tests.duties_held import differences
from tests.meetings.group import held, signed_in


@pytest.fixture
def cast(_flush_may_empty_logs: None, transactional_db: None, today: date) -> Cast:
    """The cast, committed."""
    return make_cast(today)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Lets all act at the same moment, each in a thread; gives what they were answered."""
    gate, faults, answers = threading.Barrier(len(acts)), [], []

    def run(act: Callable[[], Any]) -> None:
        try:
            gate.wait(timeout=20)
            answers.append(act())
        except BaseException as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not faults, faults
    return answers


def remembered(answer: Any, name: str) -> str:
    """What the page's form remembers until it saves itself again."""
    found = re.search(rf'name="{name}" value="([^"]*)"', answer.content.decode())
    assert found
    return found[1]


def writer(cast: Cast, who: str, address: str, tokens: list[str]) -> Callable[[], Any]:
    """A browser that types one token after the other and saves after each, as the page does."""
    client: Client = signed_in(cast, who)
    client.get("/")  # what is written at the first page of a session is written

    def type_and_save() -> list[int]:
        text, base, beside, found = "", fingerprint(""), "", []
        for token in tokens:
            text += f" {token}"
            sent = {"discussion": text, "decision": "", "version": "1", "base_discussion": base, "base_decision": fingerprint(""),
                    "beside": beside}  # fmt: skip
            answer = client.post(address, sent, headers={"HX-Request": "true"})
            found.append(answer.status_code)
            # Read from the answer itself: what the test client knows of templates is told to every thread.
            base, beside = remembered(answer, "base_discussion"), remembered(answer, "beside")
        return found

    return type_and_save


def test_two_browsers_that_type_on_the_same_point_lose_nothing(cast: Cast) -> None:
    row = held(cast, days=0)
    start_minutes(meeting=row, by=cast.koordinator)
    item = AgendaItem.objects.filter(meeting=row).first()
    address = reverse("minutes_item", args=[row.public_id, item.public_id])
    typed = {who: [f"<{who}{number}>" for number in range(5)] for who in ("faglaerer", "norsklaerer")}
    answers = at_once(*(writer(cast, who, address, tokens) for who, tokens in typed.items()))
    assert answers == [[200] * 5, [200] * 5]
    item.refresh_from_db()
    kept = " ".join([item.discussion, *ItemOtherText.objects.values_list("discussion", flat=True)])
    assert [token for tokens in typed.values() for token in tokens if token not in kept] == []
    assert differences() == []


def test_minutes_shared_by_two_at_once_make_one_version(cast: Cast) -> None:
    row = held(cast, days=0)
    start_minutes(meeting=row, by=cast.koordinator)
    address = reverse("minutes_share", args=[row.public_id])
    clients = [signed_in(cast, who) for who in ("koordinator", "faglaerer")]
    for client in clients:
        client.get("/")
    answers = at_once(*(lambda client=client: client.post(address).status_code for client in clients))
    assert answers == [302, 302]
    assert MinutesVersion.objects.count() == 1


def test_the_agenda_is_laid_once_by_two_who_begin_at_once(cast: Cast) -> None:
    row = held(cast, days=0)
    address = reverse("minutes_start", args=[row.public_id])
    clients = [signed_in(cast, who) for who in ("koordinator", "faglaerer")]
    for client in clients:
        client.get("/")
    at_once(*(lambda client=client: client.post(address).status_code for client in clients))
    assert AgendaItem.objects.filter(meeting=row).count() == 7
