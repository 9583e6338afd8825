"""What stands first on a meeting's page, and what one's own list of points says of where they come from."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from fagbrev.people.models import RoleGrant
from meetings.actions.meeting_actions import agree
from meetings.actions.minutes import share_minutes, start_minutes
from meetings.models import AgendaItem, Invitee, Meeting
from meetings.models.meetings import COOPERATION, PLANNED
from tests.cast import Cast, make_user
from tests.meetings.group import held, meet, signed_in


def page(cast: Cast, meeting: Meeting) -> str:
    return signed_in(cast, "norsklaerer").get(meeting.get_absolute_url()).content.decode()


def agreed_and_shared(cast: Cast) -> Meeting:
    row = held(cast)
    start_minutes(meeting=row, by=cast.koordinator)
    agree(
        item=AgendaItem.objects.get(meeting=row, standing__code="ressurser"), words="Bestille rom", name="", due_on=None,
        invitee=Invitee.objects.get(meeting=row, user=cast.norsklaerer), by=cast.koordinator, today=cast.today,
    )  # fmt: skip
    share_minutes(meeting=row, by=cast.koordinator, at=timezone.now())
    return row


def test_what_came_of_a_meeting_stands_before_what_was_planned(cast: Cast) -> None:
    ahead, over = page(cast, meet(cast, days=7)), page(cast, agreed_and_shared(cast))
    assert "Bestille rom" in over
    assert over.index('id="minutes"') < over.index('id="agreed"') < over.index('id="agenda"')
    assert 'id="agenda"' in ahead and ahead.find('id="minutes"') not in range(ahead.index('id="agenda"'))


def test_an_answer_that_is_given_folds(cast: Cast) -> None:
    row = meet(cast, days=7)
    assert "<summary>Endre svaret</summary>" not in page(cast, row)
    signed_in(cast, "norsklaerer").post(row.get_absolute_url(), {"svar": "kommer-ikke", "words": ""})
    assert "<summary>Endre svaret</summary>" in page(cast, row)


def test_ones_own_list_says_which_meeting_a_point_comes_from(cast: Cast) -> None:
    row = agreed_and_shared(cast)
    shown = signed_in(cast, "norsklaerer").get(reverse("own_action_list")).content.decode()
    assert f'<a href="{reverse("minutes_page", args=[row.public_id])}#avtalt-' in shown
    assert f"Prosjektgruppemøte, {row.trade.short_name}, " in shown and "Uten frist" in shown  # type: ignore[union-attr]
    assert "Gjøres av" not in shown


def test_one_who_may_read_nothing_of_the_minutes_is_told_so_and_led_to_no_empty_page(cast: Cast) -> None:
    row = held(cast, kind=COOPERATION, who=("koordinator", "faglaerer", "deltaker"), enrolment=cast.selma)
    start_minutes(meeting=row, by=cast.koordinator)
    share_minutes(meeting=row, by=cast.koordinator, at=timezone.now())
    told, address = "er for dem som jobber med opplæringen", reverse("minutes_page", args=[row.public_id])
    for who, is_told in (("deltaker", True), ("faglaerer", False)):
        browser = signed_in(cast, who)
        shown, minutes = browser.get(row.get_absolute_url()).content.decode(), browser.get(address).content.decode()
        assert (told in shown, told in minutes, f'href="{address}"' in shown) == (is_told, is_told, not is_told)
        assert ('id="versions"' in minutes) is not is_told


def test_who_came_is_said_only_to_those_who_are_told(cast: Cast) -> None:
    row = held(cast, kind=COOPERATION, who=("koordinator", "faglaerer", "fadder", "deltaker"), enrolment=cast.selma)
    Invitee.objects.filter(meeting=row, user=cast.users["fadder"]).update(attended=False)
    for who, is_told in (("koordinator", True), ("faglaerer", True), ("fadder", False), ("deltaker", False)):
        shown = signed_in(cast, who).get(row.get_absolute_url()).content.decode()
        assert (">Oppmøte<" in shown, ">Innkalt<" in shown, "Møtte ikke" in shown) == (is_told, not is_told, is_told), who


def test_one_who_has_nobody_to_send_is_shown_no_way_that_ends(cast: Cast) -> None:
    row, way, asks = meet(cast, days=7), "Send en vara i stedet", "Spør koordinator hvis en annen skal komme i stedet for deg."
    make_user("Nina Norskvik", "norsklaerer", today=cast.today)
    assert way in page(cast, row) and asks not in page(cast, row)
    for grant in RoleGrant.objects.filter(role="norsklaerer").exclude(user=cast.norsklaerer):
        Invitee.objects.create(meeting=row, user=grant.user, role="norsklaerer")  # who comes anyway is nobody to send
    assert way not in page(cast, row) and asks in page(cast, row)
    row.state = PLANNED
    row.save()
    assert asks not in signed_in(cast, "koordinator").get(row.get_absolute_url()).content.decode()


def test_what_one_wrote_with_the_answer_stands_when_the_answer_is_changed(cast: Cast) -> None:
    row, browser = meet(cast, days=7), signed_in(cast, "norsklaerer")
    browser.post(row.get_absolute_url(), {"svar": "kommer", "words": "Kommer ti over"})
    assert browser.get(row.get_absolute_url()).context["answer"]["form"]["words"].value() == "Kommer ti over"
