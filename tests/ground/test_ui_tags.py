"""Tags and filters of the look: words for days, rings, signs, bars, pages."""

import pytest
from django.core.paginator import Paginator

from fagbrev.templatetags import fagbrev_ui as ui


@pytest.mark.parametrize(
    ("days", "words"),
    [(97, "97 dager"), (2, "2 dager"), (1, "i morgen"), (0, "i dag"), (-1, "1 dag over"), (-9, "9 dager over"), (None, "")],
)
def test_days_are_said_in_words(days, words):
    assert ui.days_words(days) == words


@pytest.mark.parametrize(("share", "drawn"), [(0, "0 8"), (5, "5 8"), (8, "8 8"), (11, "8 8"), (-2, "0 8")])
def test_the_ring_is_filled_by_eighths_and_never_beyond(share, drawn):
    assert f'stroke-dasharray="{drawn}"' in ui.phase_tag("opplaring", "Opplæring", share)


def test_what_was_typed_is_escaped_in_tags():
    for html in (ui.phase_tag("x", "<i>", 1), ui.trade_sign("x", "<i>", "dot", "accent"), ui.icon("bell", "<i>")):
        assert "<i>" not in html


def test_an_unknown_colour_or_shape_falls_back_to_the_open_ring():
    html = ui.trade_sign("NY", "Nytt fag", "star", "pink")
    assert "tone-neutral" in html
    assert "stroke-dasharray" in html


def test_a_sign_without_its_word_is_named_for_screen_readers():
    assert 'aria-label="Helse"' in ui.trade_sign("HEA", "Helse", "square", "extra2", False)


def test_a_bar_stays_within_its_track_and_writes_decimals_with_a_point():
    assert 'width="100%"' in ui.progress_bar(140)
    assert 'width="33.5%"' in ui.progress_bar(33.5)


def test_initials_are_the_first_and_the_last_name():
    assert ui.initials("Ingrid Anne Demo") == "ID"
    assert ui.initials("") == ""


def test_tint_grows_with_the_number():
    levels = [ui.tint_level(number, 13) for number in (0, 1, 2, 7, 13)]
    assert levels == [0, 1, 2, 3, 4]


def test_page_links_keep_the_filters():
    context = ui.pagination(Paginator(range(45), 10).page(2), query="?fag=BUA&side=2")
    assert context["next_url"] == "?fag=BUA&side=3"
    assert context["previous_url"] == "?fag=BUA"
    assert [link["number"] for link in context["links"]] == [1, 2, 3, 4, 5]
