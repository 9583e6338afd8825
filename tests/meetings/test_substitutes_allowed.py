"""Who may be sent in another's place: to a meeting about one participant nobody who is not around them already, but by the koordinator."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from fagbrev.people.models import User
from meetings.models import Invitee, Meeting
from participants.actions.life import name_fadder
from programmes.models import TeachingAssignment, WorkplacePerson
from tests.cast import Cast, make_user
from tests.meetings.arranged import about, call, plan, signed_in

pytestmark = pytest.mark.django_db
OUTSIDER = {"name": "Nina Navdal", "email": "nina@nav.example"}
NOBODY = "Ingen andre i Fagbrev kan være vara for deg. Spør koordinator, som kan velge en."


@pytest.fixture
def about_selma(cast: Cast) -> Meeting:
    meeting = plan(cast, "cooperation", about(cast))
    call(cast, meeting)
    return meeting


@pytest.fixture
def colleague(cast: Cast) -> User:
    """Another faglærer in Selma's trade."""
    user = make_user("Vera Vikar", "faglaerer", today=cast.today)
    TeachingAssignment.objects.create(user=user, role="faglaerer", trade=cast.trades["BUA"], starts_on=cast.today)
    return user


def address(cast: Cast, meeting: Meeting, who: str) -> str:
    return reverse(
        "invitee_substitute", args=[meeting.public_id, Invitee.objects.get(meeting=meeting, user=cast.users[who]).public_id]
    )


def choices(form: Any) -> set[str]:
    return {words for key, words in form.fields["who"].choices if key}


def names(meeting: Meeting) -> set[str]:
    return {row.user.name if row.user else row.name for row in Invitee.objects.filter(meeting=meeting)}


def test_to_a_meeting_about_a_participant_one_sends_nobody_but_who_is_around_them_in_the_same_role(
    cast: Cast, about_selma: Meeting, colleague: User
) -> None:  # fmt: skip
    make_user("Fredrik Fremmed", "faglaerer", today=cast.today)
    url, browser = address(cast, about_selma, "faglaerer"), signed_in(cast, "faglaerer")
    form = browser.get(url).context["form"]
    assert choices(form) == {"Vera Vikar, faglærer"}
    assert not {"name", "email", "contact"} & set(form.fields)
    assert (
        form.fields["who"].help_text
        == "Bare de som følger opp deltakeren, kan velges her. Skal det være en annen, må koordinator velge."
    )
    assert browser.post(url, {"who": f"faglaerer:{colleague.public_id}"}).status_code == 302
    assert "Vera Vikar" in names(about_selma)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (OUTSIDER, "Velg hvem som skal være vara."),
        ({"who": "faglaerer:{other}"}, "Denne personen kan ikke være vara her. Velg en annen, eller spør koordinator."),
        ({"who": "norsklaerer:{norsk}"}, "Denne personen kan ikke være vara her. Velg en annen, eller spør koordinator."),
    ],
)
def test_whoever_else_is_sent_is_refused_by_the_field(
    cast: Cast, about_selma: Meeting, colleague: User, typed: dict[str, str], said: str
) -> None:  # fmt: skip
    before = names(about_selma)
    ids = {"other": cast.annen_faglaerer.public_id, "norsk": cast.norsklaerer.public_id}
    answer = signed_in(cast, "faglaerer").post(
        address(cast, about_selma, "faglaerer"), {key: text.format(**ids) for key, text in typed.items()}
    )
    assert (answer.status_code, answer.context["form"].errors) == (422, {"who": [said]})
    assert names(about_selma) == before


def test_one_who_has_nobody_to_send_is_told_to_ask_the_koordinator(cast: Cast, about_selma: Meeting) -> None:
    before = names(about_selma)
    for who in ("faglaerer", "fadder", "leder"):
        browser, url = signed_in(cast, who), address(cast, about_selma, who)
        assert NOBODY in browser.get(url, follow=True).content.decode()
        assert browser.post(url, OUTSIDER).status_code == 302
    assert names(about_selma) == before


def test_a_fadder_sends_who_is_fadder_in_their_place(cast: Cast, about_selma: Meeting) -> None:
    for name, substitutes in (("Siri Vikar", True), ("Ulf Annensteds", False)):
        user = make_user(name, "fadder", today=cast.today)
        person = WorkplacePerson.objects.create(
            workplace=cast.barnehage, name=name, user=user, may_be_fadder=True, has_fagbrev=True
        )
        if substitutes:
            name_fadder(
                placement=cast.placements["selma"], person=person, starts_on=cast.today, is_substitute=True, by=cast.koordinator
            )
    form = signed_in(cast, "fadder").get(address(cast, about_selma, "fadder")).context["form"]
    assert choices(form) == {"Siri Vikar, fadder"}


def test_the_koordinator_may_name_anybody(cast: Cast, about_selma: Meeting) -> None:
    url = address(cast, about_selma, "faglaerer")
    assert signed_in(cast, "koordinator").post(url, OUTSIDER).status_code == 302
    row = Invitee.objects.get(meeting=about_selma, name="Nina Navdal")
    assert (row.role, row.substitutes) == ("faglaerer", Invitee.objects.get(meeting=about_selma, user=cast.faglaerer))


def test_to_other_meetings_too_somebody_outside_is_sent_by_the_koordinator_alone(cast: Cast) -> None:
    make_user("Vera Vikar", "faglaerer", today=cast.today)
    meeting = plan(cast, "project_group", "&fag=BUA")
    call(cast, meeting)
    url = address(cast, meeting, "faglaerer")
    page = signed_in(cast, "faglaerer").get(url)
    assert page.context["form"].fields["who"].help_text.startswith("Bare brukere i Fagbrev kan velges her.")
    assert signed_in(cast, "faglaerer").post(url, OUTSIDER).status_code == 422
    assert "Nina Navdal" not in names(meeting)
    assert signed_in(cast, "koordinator").post(url, OUTSIDER).status_code == 302
    assert "Nina Navdal" in names(meeting)


def test_the_chair_of_the_steering_group_names_no_substitute_outside_either(cast: Cast) -> None:
    meeting = plan(cast, "steering_group")
    call(cast, meeting)
    Invitee.objects.filter(meeting=meeting).update(is_chair=False)
    Invitee.objects.filter(meeting=meeting, user=cast.styringsgruppe).update(is_chair=True)
    browser, url = signed_in(cast, "styringsgruppe"), address(cast, meeting, "styringsgruppe")
    assert NOBODY in browser.get(url, follow=True).content.decode()
    make_user("Mona Medlem", "styringsgruppe", today=cast.today)
    assert choices(browser.get(url).context["form"]) == {"Mona Medlem, styringsgruppe"}
    assert browser.post(url, OUTSIDER).status_code == 422
