"""Whose text stands: the pure rules, and that nothing typed is lost however two writers' savings fall."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.minutes_text import BOXES, fingerprint, joined, plain, settle

EMPTY = dict.fromkeys(BOXES, "")


def based(**held: str) -> dict[str, str]:
    return {box: fingerprint(held.get(box, "")) for box in BOXES}


def test_what_one_alone_writes_stands() -> None:
    done = settle(held=EMPTY, sent={"discussion": "Vi så på plassene."}, based_on=based())
    assert done.stands == {"discussion": "Vi så på plassene.", "decision": ""}
    assert not done.is_met


def test_the_second_of_two_is_kept_beside_and_the_first_stands() -> None:
    done = settle(held={"discussion": "Først", "decision": ""}, sent={"discussion": "Sist"}, based_on=based())
    assert done.stands["discussion"] == "Først"
    assert done.beside == {"discussion": "Sist"}


def test_two_who_write_in_different_boxes_do_not_meet() -> None:
    done = settle(held={"discussion": "Først", "decision": ""}, sent={"discussion": "", "decision": "Vedtatt"}, based_on=based())
    assert done.stands == {"discussion": "Først", "decision": "Vedtatt"}
    assert not done.is_met


def test_a_text_that_has_all_of_the_other_takes_its_place() -> None:
    done = settle(held={"discussion": "Vi så", "decision": ""}, sent={"discussion": "Vi så på plassene"}, based_on=based())
    assert done.stands["discussion"] == "Vi så på plassene"
    assert not done.is_met


def test_a_box_that_was_not_touched_never_takes_anothers_text_away() -> None:
    done = settle(
        held={"discussion": "Nytt", "decision": ""}, sent={"discussion": "Gammelt"}, based_on=based(discussion="Gammelt")
    )
    assert done.stands["discussion"] == "Nytt"
    assert not done.is_met


def test_one_who_takes_a_text_away_without_another_having_written_takes_it_away() -> None:
    done = settle(held={"discussion": "Feil", "decision": ""}, sent={"discussion": ""}, based_on=based(discussion="Feil"))
    assert done.stands["discussion"] == ""


def test_line_breaks_and_space_at_the_end_tell_no_two_texts_apart() -> None:
    assert fingerprint("a\r\nb \n") == fingerprint("a\nb")
    assert plain("a\r\nb \n") == "a\nb"


def test_joined_texts_hold_both_and_say_nothing_twice() -> None:
    assert joined("Ett", "To") == "Ett\n\nTo"
    assert joined("Ett og to", "to") == "Ett og to"
    assert joined("to", "Ett og to") == "Ett og to"
    assert joined("", "To") == "To"
    assert joined("Felles\n\nOlas", "Felles\n\nAnnas") == "Felles\n\nOlas\n\nAnnas"
    assert (
        joined("Hun kom presis. Hun leser godt.", "Hun kom presis. Hun øver.") == "Hun kom presis. Hun leser godt.\n\nHun øver."
    )
    assert joined("Ja. Det går bra.", "Trenger hun mer? Ja.") == "Ja. Det går bra.\n\nTrenger hun mer? Ja."
    assert joined("A\nB", "B\nA") == "A\nB"


@given(st.lists(st.sampled_from(["Ja.", "Hun kom presis.", "Hun øver hjemme.", "\n", "\n\n", " ", "x"]), max_size=8).map("".join),
       st.lists(st.sampled_from(["Ja.", "Hun kom presis.", "Hun leser nå.", "\n", "\n\n", " ", "y"]), max_size=8).map("".join))  # fmt: skip
def test_joined_texts_keep_every_sentence_of_both(first: str, second: str) -> None:
    found = joined(first, second)
    for text in (first, second):
        for line in plain(text).split("\n"):
            assert all(sentence in found for sentence in re.split(r"(?<=[.!?])\s+", line.strip()))


@dataclass
class Page:
    """One writer's open page: what the boxes hold, and what each was based on."""

    boxes: dict[str, str] = field(default_factory=lambda: dict(EMPTY))
    base: dict[str, str] = field(default_factory=based)
    typed: list[str] = field(default_factory=list)


steps = st.lists(
    st.tuples(st.sampled_from("AB"), st.sampled_from(["type", "save", "reload"]), st.sampled_from(BOXES)), max_size=30
)


@given(steps)
@settings(max_examples=300, deadline=None)
def test_every_text_typed_and_saved_stands_or_is_kept_beside(steps: list[tuple[str, str, str]]) -> None:
    held, beside, pages, saved = dict(EMPTY), [], {"A": Page(), "B": Page()}, set()
    for number, (who, what, box) in enumerate(steps):
        page = pages[who]
        if what == "type":
            page.boxes[box] = f"{page.boxes[box]} <{who}{number}>"
            page.typed.append(f"<{who}{number}>")
        elif what == "reload":
            page.boxes, page.base, page.typed = dict(held), based(**held), []
        else:
            done = settle(held=held, sent=page.boxes, based_on=page.base)
            held = done.stands
            beside += done.beside.values()
            page.base = {
                name: fingerprint(held[name]) if plain(page.boxes[name]) == held[name] else page.base[name] for name in BOXES
            }
            saved |= set(page.typed)
    everything = " ".join([*held.values(), *beside])
    assert [token for token in saved if token not in everything] == []
