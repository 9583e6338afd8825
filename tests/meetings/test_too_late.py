"""What one wrote on a page that was opened in time, sent after the meeting began or was called off: it stands, with why it is not saved."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from meetings.actions.minutes import share_minutes, start_minutes
from meetings.models import AgendaItem, Meeting, Minutes
from meetings.models.meetings import CANCELLED, COOPERATION
from tests.cast import Cast
from tests.meetings.group import held, meet, signed_in

TYPED = {"title": "Vikar i desember", "words": "Vi trenger en som kan ta fredagene."}


def is_called_off(row: Meeting) -> None:
    Meeting.objects.filter(pk=row.pk).update(state=CANCELLED, cancelled_at=timezone.now())


def has_begun(row: Meeting) -> None:
    began = timezone.now() - timedelta(minutes=5)
    Meeting.objects.filter(pk=row.pk).update(starts_at=began, ends_at=began + timedelta(hours=1))


LATE: Any = pytest.mark.parametrize(
    ("becomes", "why"), [(is_called_off, "Møtet er avlyst."), (has_begun, "Møtet har begynt.")], ids=["called-off", "begun"]
)


def stands(answer: Any, why: str) -> bool:
    """Tells whether the form is shown again with what was typed and why."""
    shown = answer.content.decode()
    return answer.status_code == 422 and all(words in shown for words in (*TYPED.values(), why))


@LATE
def test_a_new_point_stands_with_why_it_is_not_saved(cast: Cast, becomes: Any, why: str) -> None:
    row, browser = meet(cast, days=3), signed_in(cast, "norsklaerer")
    url = reverse("agenda_item_new", args=[row.public_id])
    becomes(row)
    assert stands(browser.post(url, TYPED), why)
    assert not AgendaItem.objects.filter(title=TYPED["title"]).exists()
    assert why in browser.get(url, follow=True).content.decode()


@LATE
def test_a_change_of_ones_own_point_stands_too(cast: Cast, becomes: Any, why: str) -> None:
    row, browser = meet(cast, days=3), signed_in(cast, "norsklaerer")
    browser.post(reverse("agenda_item_new", args=[row.public_id]), {"title": "Vikar", "words": ""})
    url = reverse("agenda_item_edit", args=[row.public_id, AgendaItem.objects.get(title="Vikar").public_id])
    becomes(row)
    assert stands(browser.post(url, TYPED), why)
    assert AgendaItem.objects.filter(title="Vikar").exists()
    assert why in browser.get(url, follow=True).content.decode()
    assert signed_in(cast, "faglaerer").get(url).status_code == 403  # another's is none of theirs, whenever


def test_a_point_that_was_saved_in_time_is_not_said_to_be_late_when_it_is_sent_again(cast: Cast) -> None:
    row, browser = meet(cast, days=3), signed_in(cast, "norsklaerer")
    url = reverse("agenda_item_new", args=[row.public_id])
    sent = TYPED | {"submission": browser.get(url).context["form"]["submission"].value()}
    browser.post(url, sent)
    has_begun(row)
    assert browser.post(url, sent).status_code == 302
    assert AgendaItem.objects.filter(title=TYPED["title"]).count() == 1


@LATE
def test_an_answer_that_comes_too_late_is_told_why(cast: Cast, becomes: Any, why: str) -> None:
    row, browser = meet(cast, days=3), signed_in(cast, "norsklaerer")
    becomes(row)
    shown = browser.post(row.get_absolute_url(), {"svar": "kommer", "words": "Tar med kake"}, follow=True).content.decode()
    assert why in shown and "Møtet har begynt, eller er avlyst" not in shown


def test_a_meeting_that_was_called_off_has_no_minutes_to_begin(cast: Cast) -> None:
    row = meet(cast, days=3)
    is_called_off(row)
    address = reverse("minutes_page", args=[row.public_id])
    for who in ("koordinator", "norsklaerer"):
        browser = signed_in(cast, who)
        assert f'href="{address}"' not in agenda_of(browser, row)
        assert "Begynn på referatet" not in browser.get(address, follow=True).content.decode()
        told = browser.post(reverse("minutes_start", args=[row.public_id]), follow=True).content.decode()
        assert "Møtet er avlyst, så det har ikke noe referat." in told
    assert not Minutes.objects.filter(meeting=row).exists()


def test_what_was_begun_before_it_was_called_off_can_still_be_read_and_written(cast: Cast) -> None:
    row = meet(cast, days=0)
    start_minutes(meeting=row, by=cast.koordinator)
    is_called_off(row)
    address = reverse("minutes_page", args=[row.public_id])
    assert f'href="{address}"' in agenda_of(signed_in(cast, "koordinator"), row)
    assert signed_in(cast, "koordinator").get(address).status_code == 200


def test_the_agenda_leads_nobody_to_minutes_that_tell_them_nothing(cast: Cast) -> None:
    row = held(cast, kind=COOPERATION, who=("koordinator", "faglaerer", "deltaker"), enrolment=cast.selma)
    start_minutes(meeting=row, by=cast.koordinator)
    share_minutes(meeting=row, by=cast.koordinator, at=timezone.now())
    address = f'href="{reverse("minutes_page", args=[row.public_id])}"'
    assert address not in agenda_of(signed_in(cast, "deltaker"), row)
    assert address in agenda_of(signed_in(cast, "faglaerer"), row)


def agenda_of(browser: Client, row: Meeting) -> str:
    return browser.get(reverse("agenda_page", args=[row.public_id])).content.decode()
