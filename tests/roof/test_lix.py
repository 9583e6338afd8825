"""What deltaker and fadder read is easy: LIX at most 35, measured on the demo's pages. Run with -s to see each page's number."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import resolve

from fagbrev.people.models import User
from tests.roof.lix import WORD, lix, text_of

pytestmark = pytest.mark.django_db
MOST = 35.0
FEWEST_WORDS = 60  # LIX says nothing of a heading and five words: shorter pages are read together
OURS = (
    "followup.",
    "fagbrev.roof.home",
    "fagbrev.drafts",
)  # the pages of the months in training; the rest is printed, not promised
LINK = re.compile(r'href="(/[^"#]*)"')
ELSEWHERE = ("/static/", "/konto/", "/demo/")


def walk(user: User) -> dict[str, tuple[str, bool]]:
    """Gives the text of one page of every kind that the user can reach by links, by its kind of address, and whether it is ours."""
    client, found, seen, ahead = Client(), {}, set(), ["/"]
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    while ahead:
        url = ahead.pop(0)
        match = resolve(url.partition("?")[0])
        if match.view_name in seen:
            continue
        answer = client.get(url)
        if answer.status_code != 200 or not answer.headers["Content-Type"].startswith("text/html"):
            continue
        seen.add(match.view_name)
        html = answer.content.decode()
        found[str(match.view_name)] = text_of(html), match.func.__module__.startswith(OURS)
        ahead += [link.replace("&amp;", "&") for link in LINK.findall(html) if not link.startswith(ELSEWHERE)]
    return found


@pytest.mark.parametrize("who", ["deltaker", "fadder"])
def test_every_page_is_easy_to_read(seeded: object, who: str, capsys: pytest.CaptureFixture[str]) -> None:
    pages = walk(User.objects.get(email=f"{who}@demo.example"))
    ours = {name: text for name, (text, is_ours) in pages.items() if is_ours}
    measured = {name: lix(text) for name, text in ours.items() if len(WORD.findall(text)) >= FEWEST_WORDS}
    measured["alle sidene"] = lix("\n".join(ours.values()))
    measured["de korte sidene"] = lix("\n".join(text for name, text in ours.items() if name not in measured))
    others = {name: lix(text) for name, (text, is_ours) in pages.items() if not is_ours}
    with capsys.disabled():
        print(f"\nLIX, {who}: " + ", ".join(f"{name} {value:.0f}" for name, value in sorted(measured.items())))
        print("  Other pages: " + ", ".join(f"{name} {value:.0f}" for name, value in sorted(others.items())))
    assert {"home", "topic_month", "participant_mal", "participant_oppgaver", "participant_ukeplan"} <= set(ours)
    assert {name: round(value, 1) for name, value in measured.items() if value > MOST} == {}


def test_lix_counts_words_sentences_and_long_words() -> None:
    assert lix("Du er her. Nå kan du dra.") == pytest.approx(7 / 2)
    assert lix("Opplæringskontrakten sendes fylkeskommunen") == pytest.approx(3 + 100 * 2 / 3)
    assert lix("") == 0


def test_names_days_and_what_others_have_written_are_not_counted() -> None:
    html = (
        '<main><nav>Arbeidssted</nav><p>Du er her 3. desember 2026.</p><p class="quoted">Opplæringskontrakten</p>'
        '<div data-quoted><p>fylkeskommunen</p></div><p class="seen-by">Ses av: koordinator</p></main><p>foot</p>'
    )
    assert text_of(html) == "Du er her ."
