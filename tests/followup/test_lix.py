"""Every page that deltaker and fadder may open is easy to read: LIX at most 35. Run with -s to see each page's number."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from participants.pages import PAGES
from tests.cast import Cast
from tests.followup.lix import lix, text_of

MOST = 35.0
# Pages of the record that participants and faddere also have, from before follow-up: measured, but not promised here.
NOT_PROMISED = {key for key, page in PAGES.items() if not page.is_contributed}
FORMS = ("mal_syn", "dokumentasjon_new", "planer_individuell", "planer_intern")
# Pages that are not about one participant: named here as they come, left out where they do not exist.
OTHERS = ("home", "topic_list", "topic_month", "visit_list")


def pages(cast: Cast) -> dict[str, str]:
    """Gives the addresses of every page there is, by name: home, others without arguments, and the pages of the record."""
    found = {}
    for name in OTHERS:
        try:
            found[name] = reverse(name)
        except NoReverseMatch:
            continue
    for name in [*(f"participant_{key}" for key in PAGES if key not in NOT_PROMISED), *FORMS]:
        try:
            found[name] = reverse(name, args=[cast.selma.participant.public_id])
        except NoReverseMatch:
            continue
    return found


@pytest.mark.parametrize("who", ["deltaker", "fadder"])
def test_every_page_is_easy_to_read(cast: Cast, who: str, capsys: pytest.CaptureFixture[str]) -> None:
    client = Client()
    client.force_login(cast.users[who], backend="allauth.account.auth_backends.AuthenticationBackend")
    measured = {}
    for name, url in pages(cast).items():
        answer = client.get(url)
        if answer.status_code in {403, 404}:
            continue
        assert answer.status_code == 200, name
        measured[name] = lix(text_of(answer.content.decode()))
    with capsys.disabled():
        print(f"\nLIX, {who}: " + ", ".join(f"{name} {value:.0f}" for name, value in sorted(measured.items())))
    assert "home" in measured and "participant_mal" in measured
    assert {name: round(value, 1) for name, value in measured.items() if value > MOST} == {}


def test_lix_counts_words_sentences_and_long_words() -> None:
    assert lix("Du er her. Nå kan du dra.") == pytest.approx(7 / 2)
    assert lix("Opplæringskontrakten sendes fylkeskommunen") == pytest.approx(3 + 100 * 2 / 3)
    assert lix("") == 0


def test_what_others_have_written_is_not_counted() -> None:
    html = '<main><p>Du er her.</p><p class="quoted">Opplæringskontrakten</p><div data-quoted><p>fylkeskommunen</p></div></main><p>foot</p>'
    assert text_of(html) == "Du er her."
