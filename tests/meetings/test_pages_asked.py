"""How many queries the pages of meetings ask, with little on them and with much; and that nobody reads more than is theirs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from fagbrev.access.models import RecordRestriction
from meetings.actions.agenda import pick_people
from meetings.actions.meeting_actions import agree, mark_done
from meetings.actions.minutes import share_minutes, start_minutes
from meetings.models import AgendaItem, Invitee, ItemOtherText, Meeting, MeetingAction
from tests.cast import Cast, make_user
from tests.meetings.group import GROUP, held, meet, pupils, signed_in


def asked(client: Client, address: str) -> int:
    """The number of queries of a page that has been looked at today."""
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def filled(cast: Cast, meeting: Meeting, count: int, named: str) -> None:
    """So many more are talked of: of each something is agreed, and somebody wrote beside, both left open and set aside."""
    people = pupils(cast, count, named=named)
    pick_people(meeting=meeting, chosen=people, among=people, by=cast.koordinator, at=timezone.now())
    invitee = Invitee.objects.filter(meeting=meeting, user=cast.norsklaerer).first()
    for item in AgendaItem.objects.filter(meeting=meeting, enrolment__in=people):
        agree(item=item, words="Ringe", invitee=invitee, name="", due_on=cast.today, by=cast.koordinator, today=cast.today)
        for settled in ("", "left"):
            ItemOtherText.objects.create(
                item=item, by=cast.norsklaerer, at=timezone.now(), discussion=f"Ved siden av {settled}", settled_as=settled,
                settled_at=timezone.now() if settled else None,
            )  # fmt: skip


@pytest.mark.parametrize("who", GROUP)
def test_the_page_where_minutes_are_written_asks_as_much_with_twelve_talked_of_as_with_two(cast: Cast, who: str) -> None:
    earlier = held(cast, days=-56)
    start_minutes(meeting=earlier, by=cast.koordinator)
    filled(cast, earlier, 2, "Eva")
    held(cast, days=-28)  # of which nothing was written
    row = held(cast, days=0)
    start_minutes(meeting=row, by=cast.koordinator)
    client, address = signed_in(cast, who), reverse("minutes_page", args=[row.public_id])
    counts = []
    for count, name in ((2, "Mona"), (10, "Nora")):
        filled(cast, row, count, name)
        counts.append(asked(client, address))
    shown = client.get(address).content.decode()
    assert "Eva0 Prøvestad" in shown and "Ved siden av left" in shown and "Referatet fra" in shown
    assert counts[0] == counts[1] <= 15


@pytest.mark.parametrize("who", GROUP)
def test_the_page_of_a_meeting_asks_as_much_with_much_on_it_as_with_little(cast: Cast, who: str) -> None:
    row = held(cast, days=0)
    start_minutes(meeting=row, by=cast.koordinator)
    client, counts = signed_in(cast, who), []
    for count, name in ((2, "Mona"), (10, "Nora")):
        filled(cast, row, count, name)
        for number in range(count):
            other = make_user(f"Lars{name} Prøve{number}", "faglaerer", today=cast.today)
            Invitee.objects.create(meeting=row, user=other, role="faglaerer", attended=True)
        counts.append(asked(client, row.get_absolute_url()))
    assert counts[0] == counts[1] <= 13


def test_ones_own_points_ask_as_much_with_thirty_as_with_two(cast: Cast) -> None:
    client, counts = signed_in(cast, "norsklaerer"), []
    for days, count, name in ((-2, 2, "Mona"), (-1, 28, "Nora")):
        row = held(cast, days=days)
        start_minutes(meeting=row, by=cast.koordinator)
        filled(cast, row, count, name)
        ItemOtherText.objects.filter(settled_at__isnull=True).update(settled_at=timezone.now(), settled_as="left")
        share_minutes(meeting=row, by=cast.koordinator, at=timezone.now())
        done = MeetingAction.objects.filter(item__meeting=row).order_by("pk")[: count // 2]
        for one in done:
            mark_done(action=one, is_done=True, by=cast.norsklaerer, today=cast.today)
        counts.append(asked(client, reverse("own_action_list")))
    assert counts[0] == counts[1] <= 9


@pytest.mark.parametrize("page", ["agenda_page", "minutes_page"])
def test_who_is_kept_away_after_a_page_was_opened_reads_no_more_of_it(cast: Cast, page: str) -> None:
    row = held(cast, days=0)
    pick_people(meeting=row, chosen=[cast.selma], among=[cast.selma], by=cast.koordinator, at=timezone.now())
    start_minutes(meeting=row, by=cast.koordinator)
    client, address = signed_in(cast, "faglaerer"), reverse(page, args=[row.public_id])
    assert all("Selma Testesen" in client.get(address).content.decode() for _turn in range(2))
    RecordRestriction.objects.create(
        participant_id=cast.selma.participant_id, kind="deny", user=cast.faglaerer, reason="slektning", starts_on=cast.today
    )
    assert "Selma Testesen" not in client.get(address).content.decode()
    assert "Selma Testesen" in signed_in(cast, "norsklaerer").get(address).content.decode()
    cast.faglaerer.grants.update(ends_on=cast.today - timedelta(days=1))
    assert client.get(address).status_code == 404


def test_who_has_been_on_one_meeting_opens_no_other_that_is_not_theirs(cast: Cast) -> None:
    mine, other = meet(cast, days=2), meet(cast, days=3, who=("koordinator", "norsklaerer"))
    client = signed_in(cast, "faglaerer")
    answers = [client.get(one.get_absolute_url()).status_code for one in (mine, other, mine)]
    assert answers == [200, 404, 200]
    Invitee.objects.create(meeting=other, user=cast.faglaerer, role="faglaerer")
    assert client.get(other.get_absolute_url()).status_code == 200
